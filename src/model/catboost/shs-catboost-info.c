#include "model/catboost/shs-catboost-document.h"

#include "core/shs-error.h"
#include "core/shs-number.h"

#include <string.h>

static void
take_text (ShsDocumentReader *reader, char **text)
{
  g_free (*text);
  *text = NULL;
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_STRING)
    *text = g_strdup (shs_document_reader_read_string (reader));
  else
    shs_document_reader_skip (reader);
}

/* "catboost_version_info" is several lines of text; the release stands behind "tags/v". */
void
shs_catboost_read_version (ShsCatboost *self, const char *text)
{
  static const char *const marks[] = { "tags/v", "CatBoost release ", "release/" };

  for (gsize i = 0; i < G_N_ELEMENTS (marks) && self->version == NULL; i++)
    {
      const char *at = strstr (text, marks[i]);
      gsize length = at != NULL ? strspn (at + strlen (marks[i]), "0123456789.") : 0;

      while (length > 0 && at[strlen (marks[i]) + length - 1] == '.')
        length--;
      if (length > 0 && length < 32)
        self->version = g_strndup (at + strlen (marks[i]), length);
    }
}

/* "params": {"alpha": "0.1,0.9"} */
static void
read_loss_params (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_OBJECT)
    {
      shs_document_reader_skip (reader);
      return;
    }
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "alpha"))
      take_text (reader, &self->loss_alpha);
    else
      shs_document_reader_skip (reader);
}

static void
read_loss (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "type"))
      take_text (reader, &self->loss);
    else if (g_str_equal (key, "params"))
      read_loss_params (self, reader);
    else
      shs_document_reader_skip (reader);
}

void
shs_catboost_read_params (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_OBJECT)
    {
      shs_document_reader_skip (reader);
      return;
    }
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "loss_function")
        && shs_document_reader_peek (reader) == SHS_DOCUMENT_OBJECT)
      read_loss (self, reader);
    else
      shs_document_reader_skip (reader);
}

static char *
read_class_name (ShsDocumentReader *reader)
{
  char text[SHS_NUMBER_LENGTH];

  switch (shs_document_reader_peek (reader))
    {
    case SHS_DOCUMENT_STRING:
      return g_strdup (shs_document_reader_read_string (reader));
    case SHS_DOCUMENT_NUMBER:
      return g_strdup (shs_number_print (text, shs_document_reader_read_number (reader)));
    case SHS_DOCUMENT_BOOLEAN:
      return g_strdup (shs_document_reader_read_boolean (reader) ? "True" : "False");
    default:
      shs_document_reader_skip (reader);
      return g_strdup ("");
    }
}

static void
read_class_names (ShsCatboost *self, ShsDocumentReader *reader)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!shs_document_reader_begin_array (reader))
    return;
  while (names->len <= SHS_CATBOOST_MAX_OUTPUTS && shs_document_reader_next_element (reader))
    g_ptr_array_add (names, read_class_name (reader));
  if (names->len > SHS_CATBOOST_MAX_OUTPUTS)
    shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                              "there are too many classes; save the model again");
  g_ptr_array_add (names, NULL);
  g_strfreev (self->class_names);
  self->class_names = (char **)g_ptr_array_steal (names, NULL);
}

void
shs_catboost_read_class_params (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_OBJECT)
    {
      shs_document_reader_skip (reader);
      return;
    }
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "class_names") && shs_document_reader_peek (reader) == SHS_DOCUMENT_ARRAY)
      read_class_names (self, reader);
    else
      shs_document_reader_skip (reader);
}

gboolean
shs_catboost_read_info (ShsCatboost *self, const char *key, GBytes *value, GError **error)
{
  g_autoptr (ShsDocumentReader) reader = NULL;

  if (g_str_equal (key, "catboost_version_info"))
    {
      gsize length;
      const char *text = g_bytes_get_data (value, &length);
      g_autofree char *head = g_utf8_make_valid (text, (gssize)MIN (length, 4096));

      shs_catboost_read_version (self, head);
      return TRUE;
    }
  if (!g_str_equal (key, "params") && !g_str_equal (key, "class_params")
      && !g_str_equal (key, "multiclass_params"))
    return TRUE;
  reader = shs_document_reader_new_json (self->name, value);
  if (g_str_equal (key, "params"))
    shs_catboost_read_params (self, reader);
  else
    shs_catboost_read_class_params (self, reader);
  return shs_document_reader_finish (reader, error);
}
