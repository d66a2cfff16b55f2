#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "model/xgboost/shs-cut-names.h"

#include <string.h>

static void
read_encoding (ShsDocumentReader *reader, ShsXgboostEncoding *encoding)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "offsets") && encoding->offsets == NULL)
      {
        encoding->has_offsets = TRUE;
        encoding->offsets = shs_document_reader_read_integers (reader, &encoding->n_offsets);
      }
    else if (g_str_equal (key, "values") && encoding->values == NULL)
      encoding->values = shs_document_reader_read_doubles (reader, &encoding->n_values);
    else
      shs_document_reader_skip (reader);
}

static char *
copy_bytes (const double *values, gsize n)
{
  char *bytes = g_malloc (n + 1);

  for (gsize i = 0; i < n; i++)
    bytes[i] = (char)(guint8)(gint64)values[i];
  bytes[n] = '\0';
  return bytes;
}

static char *
make_text (char *bytes)
{
  char *text = g_utf8_make_valid (bytes, -1);

  g_free (bytes);
  return text;
}

static gboolean
has_high_byte (const ShsXgboostEncoding *encoding)
{
  for (gsize i = 0; i < encoding->n_values; i++)
    if (encoding->values[i] < 0 || encoding->values[i] > 127)
      return TRUE;
  return FALSE;
}

static gsize
count_bytes_of_character (double value)
{
  guint8 first = (guint8)(gint64)value;

  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}

/* Versions 3.1 and 3.2 count characters where bytes are meant, and lose as many bytes at the end
 * as there are bytes that only continue a character. What is cut ends in the mark of that. */
static void
decode_characters (const ShsXgboostEncoding *encoding, ShsColumn *column)
{
  gsize at = 0;

  for (gsize c = 0; c < column->n_categories; c++)
    {
      gsize first = at;
      gsize n_left = (gsize)(encoding->offsets[c + 1] - encoding->offsets[c]);

      for (; at < encoding->n_values && n_left > 0; n_left--)
        {
          gsize n_bytes = count_bytes_of_character (encoding->values[at]);

          if (n_bytes > encoding->n_values - at)
            break;
          at += n_bytes;
        }
      g_autofree char *text = make_text (copy_bytes (encoding->values + first, at - first));

      if (n_left > 0)
        at = encoding->n_values;
      column->categories[c] = n_left > 0 ? g_strconcat (text, SHS_CUT_MARK, NULL) : g_strdup (text);
    }
}

static void
decode_bytes (const ShsXgboostEncoding *encoding, ShsColumn *column)
{
  for (gsize c = 0; c < column->n_categories; c++)
    {
      gsize first = (gsize)encoding->offsets[c];
      gsize length = (gsize)encoding->offsets[c + 1] - first;

      column->categories[c] = make_text (copy_bytes (encoding->values + first, length));
    }
}

static void
decode_numbers (const ShsXgboostEncoding *encoding, ShsColumn *column)
{
  for (gsize c = 0; c < column->n_categories; c++)
    {
      char text[SHS_NUMBER_LENGTH];

      column->categories[c] = g_strdup (shs_number_print (text, encoding->values[c]));
    }
}

static gboolean
offsets_are_right (const ShsXgboostEncoding *encoding)
{
  if (encoding->n_offsets == 0)
    return encoding->n_values == 0;
  if (encoding->offsets[0] != 0
      || (gsize)encoding->offsets[encoding->n_offsets - 1] != encoding->n_values)
    return FALSE;
  for (gsize i = 1; i < encoding->n_offsets; i++)
    if (encoding->offsets[i] < encoding->offsets[i - 1])
      return FALSE;
  return TRUE;
}

static gboolean
values_are_bytes (const ShsXgboostEncoding *encoding)
{
  for (gsize i = 0; i < encoding->n_values; i++)
    if (!(encoding->values[i] >= -128 && encoding->values[i] <= 255))
      return FALSE;
  return TRUE;
}

static gboolean
is_right (const ShsXgboostEncoding *encoding)
{
  return !encoding->has_offsets || (offsets_are_right (encoding) && values_are_bytes (encoding));
}

gboolean
shs_xgboost_decode_categories (const ShsXgboost *self, gsize feature, ShsColumn *column,
                               GError **error)
{
  const ShsXgboostEncoding *encoding = &self->encodings[feature];
  gboolean counts_characters = self->version[0] == 3 && self->version[1] <= 2;
  gsize n = encoding->has_offsets ? MAX (encoding->n_offsets, 1) - 1 : encoding->n_values;

  if (n == 0)
    return TRUE;
  column->categories = g_try_new0 (char *, n);
  if (column->categories == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                   "%s: no memory for %" G_GSIZE_FORMAT " category names; close other programs",
                   self->name, n);
      return FALSE;
    }
  column->n_categories = n;
  if (!encoding->has_offsets)
    decode_numbers (encoding, column);
  else if (counts_characters && has_high_byte (encoding))
    decode_characters (encoding, column);
  else
    decode_bytes (encoding, column);
  return TRUE;
}

static gboolean
append_encoding (ShsXgboost *self, gsize *n_allocated, GError **error)
{
  if (self->n_encodings == *n_allocated)
    {
      gsize n = MAX (8, *n_allocated * 2);
      ShsXgboostEncoding *grown
          = shs_realloc (self->encodings, *n_allocated, n, sizeof *grown, error);

      if (grown == NULL)
        return FALSE;
      self->encodings = grown;
      *n_allocated = n;
    }
  memset (&self->encodings[self->n_encodings++], 0, sizeof *self->encodings);
  return TRUE;
}

static void
read_encodings (ShsXgboost *self)
{
  gsize n_allocated = 0;

  if (self->encodings != NULL)
    {
      shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "this stands here a second time");
      return;
    }
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    {
      g_autoptr (GError) error = NULL;

      if (!append_encoding (self, &n_allocated, &error))
        {
          shs_document_reader_fail (self->reader, error->code, "%s", error->message);
          return;
        }
      read_encoding (self->reader, &self->encodings[self->n_encodings - 1]);
      if (shs_document_reader_check (self->reader, NULL)
          && !is_right (&self->encodings[self->n_encodings - 1]))
        shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                                  "the offsets do not cut the category names; save the model "
                                  "again with save_model()");
    }
}

void
shs_xgboost_read_categories (ShsXgboost *self)
{
  static const ShsXgboostField fields[] = { { "enc", read_encodings } };

  shs_xgboost_read_object (self, fields, G_N_ELEMENTS (fields));
}
