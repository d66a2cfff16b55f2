#include "model/shs-xgboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <string.h>

/* One entry of `cats.enc`: UTF-8 bytes (as numbers) cut by offsets, or numbers. */
typedef struct
{
  gint32 *offsets;
  gsize n_offsets;
  gboolean has_offsets;
  double *values;
  gsize n_values;
} Encoding;

static void
read_encoding (ShsDocumentReader *reader, Encoding *encoding)
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
has_high_byte (const Encoding *encoding)
{
  for (gsize i = 0; i < encoding->n_values; i++)
    if (encoding->values[i] < 0 || encoding->values[i] > 127)
      return TRUE;
  return FALSE;
}

static gboolean
is_continuation (double value)
{
  return ((guint8)(gint64)value & 0xc0) == 0x80;
}

/* Versions 3.1 and 3.2 count characters where bytes are meant, and lose as many bytes at the end
 * as there are bytes that only continue a character. What is cut ends in "...". */
static void
decode_characters (const Encoding *encoding, ShsColumn *column)
{
  gsize at = 0;

  for (gsize c = 0; c < column->n_categories; c++)
    {
      gsize first = at;
      gsize n_left = (gsize)(encoding->offsets[c + 1] - encoding->offsets[c]);

      for (; at < encoding->n_values && n_left > 0; n_left--)
        for (at++; at < encoding->n_values && is_continuation (encoding->values[at]);)
          at++;
      g_autofree char *text = make_text (copy_bytes (encoding->values + first, at - first));

      column->categories[c] = n_left > 0 ? g_strconcat (text, "\u2026", NULL) : g_strdup (text);
    }
}

static void
decode_bytes (const Encoding *encoding, ShsColumn *column)
{
  for (gsize c = 0; c < column->n_categories; c++)
    {
      gsize first = (gsize)encoding->offsets[c];
      gsize length = (gsize)encoding->offsets[c + 1] - first;

      column->categories[c] = make_text (copy_bytes (encoding->values + first, length));
    }
}

static void
decode_numbers (const Encoding *encoding, ShsColumn *column)
{
  for (gsize c = 0; c < column->n_categories; c++)
    {
      char text[SHS_NUMBER_LENGTH];

      column->categories[c] = g_strdup (shs_number_print (text, encoding->values[c]));
    }
}

static gboolean
offsets_are_right (const Encoding *encoding)
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
values_are_bytes (const Encoding *encoding)
{
  for (gsize i = 0; i < encoding->n_values; i++)
    if (!(encoding->values[i] >= -128 && encoding->values[i] <= 255))
      return FALSE;
  return TRUE;
}

static gboolean
decode (ShsXgboost *self, const Encoding *encoding, ShsColumn *column)
{
  gboolean counts_characters
      = self->version[0] == 0 || (self->version[0] == 3 && self->version[1] <= 2);

  column->type = SHS_COLUMN_CATEGORY;
  if (encoding->has_offsets && (!offsets_are_right (encoding) || !values_are_bytes (encoding)))
    return FALSE;
  column->n_categories = encoding->n_values;
  if (encoding->has_offsets)
    column->n_categories = MAX (encoding->n_offsets, 1) - 1;
  column->categories = g_try_new0 (char *, column->n_categories);
  if (column->n_categories == 0 || column->categories == NULL)
    {
      gboolean is_empty = column->n_categories == 0;

      column->n_categories = 0;
      return is_empty;
    }
  if (!encoding->has_offsets)
    decode_numbers (encoding, column);
  else if (counts_characters && has_high_byte (encoding))
    decode_characters (encoding, column);
  else
    decode_bytes (encoding, column);
  return TRUE;
}

static gboolean
append_dictionary (ShsXgboost *self, gsize *n_allocated)
{
  if (self->n_dictionaries == *n_allocated)
    {
      gsize n = MAX (8, *n_allocated * 2);
      ShsColumn *grown = shs_realloc (self->dictionaries, *n_allocated, n, sizeof *grown, NULL);

      if (grown == NULL || n > 2 * SHS_XGBOOST_MAX_FEATURES)
        return FALSE;
      self->dictionaries = grown;
      *n_allocated = n;
    }
  memset (&self->dictionaries[self->n_dictionaries++], 0, sizeof *self->dictionaries);
  return TRUE;
}

static void
read_encodings (ShsXgboost *self)
{
  gsize n_allocated = 0;

  if (self->dictionaries != NULL)
    {
      shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "this stands here a second time");
      return;
    }
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    {
      Encoding encoding = { 0 };
      gboolean is_right;

      read_encoding (self->reader, &encoding);
      is_right = append_dictionary (self, &n_allocated)
                 && decode (self, &encoding, &self->dictionaries[self->n_dictionaries - 1]);
      shs_free (encoding.offsets);
      shs_free (encoding.values);
      if (!is_right && shs_document_reader_check (self->reader, NULL))
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
