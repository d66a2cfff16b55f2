#include "model/xgboost/shs-xgboost.h"

#include "core/shs-error.h"
#include "model/xgboost/shs-xgboost-library.h"

#include <string.h>

#define MAJOR_AT 20 /* of the header's version pair, which libxgboost replaces by its own */

static guint32
read_word (const guint8 *data, gsize length, gsize at)
{
  guint32 word = 0;

  if (at + sizeof word <= length)
    memcpy (&word, data + at, sizeof word);
  return MIN (GUINT32_FROM_LE (word), 99);
}

static GBytes *
with_version (const char *text, gsize length, const guint8 *data, gsize data_length)
{
  gsize at = MAJOR_AT + (data_length >= 4 && memcmp (data, "binf", 4) == 0 ? 4 : 0);
  g_autofree char *version
      = g_strdup_printf ("\"version\":[%u,%u,0]", read_word (data, data_length, at),
                         read_word (data, data_length, at + 4));
  const char *old = g_strrstr_len (text, (gssize)length, "\"version\":[");
  const char *end = old != NULL ? memchr (old, ']', length - (gsize)(old - text)) : NULL;
  GString *json;

  if (end == NULL)
    return g_bytes_new (text, length);
  json = g_string_new_len (text, old - text);
  g_string_append (json, version);
  g_string_append_len (json, end + 1, (gssize)length - (end + 1 - text));
  return g_string_free_to_bytes (json);
}

GBytes *
shs_xgboost_convert (const char *name, GBytes *bytes, GError **error)
{
  g_auto (ShsBoosterHandle) booster = NULL;
  gsize data_length;
  const guint8 *data = g_bytes_get_data (bytes, &data_length);
  bst_ulong length;
  const char *text;

  /* libxgboost 1.7 misreads JSON and UBJSON of later versions without complaint. */
  if (data_length == 0 || data[0] == '{')
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s is not in the old binary format of XGBoost; open it as it is", name);
      return NULL;
    }
  g_autofree char *what
      = g_strdup_printf ("%s cannot be converted (save it with model.save_model(\"model.json\") in "
                         "the XGBoost that wrote it)",
                         name);
  if (!shs_xgboost_call (XGBoosterCreate (NULL, 0, &booster), what, error)
      || !shs_xgboost_call (XGBoosterLoadModelFromBuffer (booster, data, data_length), what, error)
      || !shs_xgboost_call (
          XGBoosterSaveModelToBuffer (booster, "{\"format\": \"json\"}", &length, &text), what,
          error))
    return NULL;
  return with_version (text, length, data, data_length);
}
