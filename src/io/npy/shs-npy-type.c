/* NumPy's type texts: "<f8", "|b1", "<U12". */
#include "io/npy/shs-npy-private.h"

#include "core/shs-error.h"

#include <string.h>

#define MAX_ITEM_SIZE ((gsize)1 << 30)

static const char *
why_unsupported (char kind)
{
  switch (kind)
    {
    case 'O':
      return "Python objects (a pickle), which are never read because they can run programs; save "
             "numbers or text";
    case 'M':
    case 'm':
      return "dates; save them as numbers or as text";
    case 'c':
      return "complex numbers; save real numbers";
    case 'V':
      return "raw bytes; save numbers or text";
    default:
      return NULL;
    }
}

static gboolean
is_known_size (char kind, gsize size)
{
  switch (kind)
    {
    case 'f':
      return size == 2 || size == 4 || size == 8;
    case 'i':
    case 'u':
      return size == 1 || size == 2 || size == 4 || size == 8;
    case 'b':
      return size == 1;
    default:
      return (kind == 'U' || kind == 'S' || kind == 'V') && size > 0;
    }
}

gboolean
shs_npy_split_type (const char *text, gsize length, ShsNpyField *field)
{
  gsize i = 2;

  if (length < 2 || strchr ("<>|=", text[0]) == NULL || text[0] == '\0')
    return FALSE;
  field->kind = text[1];
  for (field->item_size = 0; i < length && g_ascii_isdigit (text[i]); i++)
    field->item_size = MIN (field->item_size * 10 + (gsize)(text[i] - '0'), MAX_ITEM_SIZE);
  field->swap_bytes = text[0] == (G_BYTE_ORDER == G_LITTLE_ENDIAN ? '>' : '<');
  if (field->kind == 'U')
    field->item_size *= 4;
  return i == length || strchr ("Mm", field->kind) != NULL;
}

/* Whether a type text may stand in a message. */
static gboolean
can_be_shown (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isprint (text[i]))
      return FALSE;
  return length <= 24;
}

gboolean
shs_npy_parse_type (const char *text, gsize length, ShsNpyField *field, GError **error)
{
  const char *shown = can_be_shown (text, length) ? text : "this";
  const char *reason;

  if (!shs_npy_split_type (text, length, field))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "%s is no type of NumPy", shown);
      return FALSE;
    }
  reason = why_unsupported (field->kind);
  if (reason == NULL && is_known_size (field->kind, field->item_size))
    return TRUE;
  if (reason != NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED, "the array holds %s", reason);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                 "items of type %s cannot be read; save them as float64", shown);
  return FALSE;
}
