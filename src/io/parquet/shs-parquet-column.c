/* A whole column, all row groups, as a table takes it. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/parquet/shs-parquet-private.h"
#include "io/shs-text-codes.h"

#include <math.h>
#include <string.h>

#define SECONDS_PER_DAY 86400

/* @dictionary_*: what the entries of the present dictionary are; codes are found when first met */
typedef struct
{
  const ShsParquet *file;
  const ShsParquetLeaf *leaf;
  ShsParquetColumn *column;
  gsize row;
  gsize end_row;
  ShsTextCodes *texts;
  double *dictionary_numbers;
  gint32 *dictionary_codes;
} Sink;

void
shs_parquet_column_clear (ShsParquetColumn *self)
{
  shs_free (self->numbers);
  shs_free (self->codes);
  for (gsize i = 0; self->categories != NULL && i < self->n_categories; i++)
    g_free (self->categories[i]);
  g_free (self->categories);
  *self = (ShsParquetColumn){ 0 };
}

static gboolean
is_present (const Sink *sink, const ShsParquetPage *page, gsize entry)
{
  return page->definition == NULL || page->definition[entry] == sink->leaf->max_definition;
}

/* ---- numbers ---- */

static gboolean
prepare_numbers (Sink *sink, const ShsParquetPage *page, GError **error)
{
  if (!page->is_new_dictionary)
    return TRUE;
  shs_free (sink->dictionary_numbers);
  sink->dictionary_numbers = shs_alloc (page->dictionary->n, sizeof (double), error);
  if (sink->dictionary_numbers == NULL)
    return FALSE;
  shs_parquet_to_doubles (sink->leaf, page->dictionary, sink->dictionary_numbers);
  return TRUE;
}

static gboolean
take_numbers (Sink *sink, const ShsParquetPage *page, GError **error)
{
  double *out = sink->column->numbers + sink->row;
  const guint32 *indices = page->values.indices;
  SHS_AUTOFREE double *present = NULL;
  gsize k = 0;

  if (!prepare_numbers (sink, page, error))
    return FALSE;
  if (indices == NULL && page->definition == NULL)
    {
      shs_parquet_to_doubles (sink->leaf, &page->values, out);
      return TRUE;
    }
  if (indices == NULL)
    {
      present = shs_alloc (page->values.n, sizeof *present, error);
      if (present == NULL)
        return FALSE;
      shs_parquet_to_doubles (sink->leaf, &page->values, present);
    }
  for (gsize i = 0; i < page->n_entries; i++)
    if (!is_present (sink, page, i))
      out[i] = NAN;
    else
      out[i] = indices != NULL ? sink->dictionary_numbers[indices[k++]] : present[k++];
  return TRUE;
}

/* ---- texts, and what becomes text ---- */

static gint32
add_text (Sink *sink, const ShsParquetValues *values, gsize i, GError **error)
{
  if (values->bytes != NULL)
    return shs_text_codes_add (sink->texts, (const char *)values->bytes[i].begin,
                               values->bytes[i].length, error);
  return shs_text_codes_add (sink->texts, (const char *)&values->integers[i],
                             sizeof values->integers[i], error);
}

static gint32
get_code (Sink *sink, const ShsParquetPage *page, gsize k, GError **error)
{
  guint32 index;

  if (page->values.indices == NULL)
    return add_text (sink, &page->values, k, error);
  index = page->values.indices[k];
  if (sink->dictionary_codes[index] < 0)
    sink->dictionary_codes[index] = add_text (sink, page->dictionary, index, error);
  return sink->dictionary_codes[index];
}

static gboolean
take_texts (Sink *sink, const ShsParquetPage *page, GError **error)
{
  gint32 *out = sink->column->codes + sink->row;
  gsize k = 0;

  if (page->is_new_dictionary)
    {
      shs_free (sink->dictionary_codes);
      sink->dictionary_codes = shs_alloc (page->dictionary->n, sizeof (gint32), error);
      if (sink->dictionary_codes == NULL)
        return FALSE;
      memset (sink->dictionary_codes, 0xff, page->dictionary->n * sizeof (gint32));
    }
  for (gsize i = 0; i < page->n_entries; i++)
    {
      out[i] = -1;
      if (!is_present (sink, page, i))
        continue;
      out[i] = get_code (sink, page, k++, error);
      if (out[i] < 0)
        {
          g_prefix_error (error, "%s, column \"%s\": ", sink->file->name, sink->leaf->path);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
take_page (const ShsParquetPage *page, gpointer data, GError **error)
{
  Sink *sink = data;

  if (page->n_entries > sink->end_row - sink->row)
    return shs_parquet_fail (sink->file, sink->leaf, SHS_ERROR_INVALID,
                             "it has more values than its row group has rows; the file is damaged",
                             error);
  if (sink->texts != NULL ? !take_texts (sink, page, error) : !take_numbers (sink, page, error))
    return FALSE;
  sink->row += page->n_entries;
  return TRUE;
}

/* ---- the dictionary ---- */

static gint64
load_instant (const char *text)
{
  gint64 value;

  memcpy (&value, text, sizeof value);
  return value;
}

/* pandas and spreadsheets show such a column without the time. */
static gboolean
are_all_midnights (const Sink *sink)
{
  gsize length;

  for (gsize i = 0; i < shs_text_codes_get_n (sink->texts); i++)
    if (load_instant (shs_text_codes_get (sink->texts, i, &length))
            % (sink->leaf->unit * SECONDS_PER_DAY)
        != 0)
      return FALSE;
  return TRUE;
}

static char *
format_uuid (const char *text, gsize length)
{
  GString *uuid = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (uuid, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                            (guint8)text[i]);
  return g_string_free (uuid, FALSE);
}

typedef struct
{
  const ShsParquetLeaf *leaf;
  gboolean only_date;
} Format;

static char *
format_text (const char *text, gsize length, gpointer data)
{
  const Format *format = data;

  switch (format->leaf->meaning)
    {
    case SHS_PARQUET_DATE:
    case SHS_PARQUET_TIME:
    case SHS_PARQUET_TIMESTAMP:
      return shs_parquet_format_instant (format->leaf, load_instant (text), format->only_date);
    case SHS_PARQUET_UUID:
      return format_uuid (text, length);
    default:
      return g_utf8_validate (text, (gssize)length, NULL) ? g_strndup (text, length) : NULL;
    }
}

/* Bytes that are no text leave the column without codes: it is left out. */
static gboolean
make_categories (Sink *sink, GError **error)
{
  ShsParquetColumn *column = sink->column;
  Format format
      = { sink->leaf, sink->leaf->meaning == SHS_PARQUET_TIMESTAMP && are_all_midnights (sink) };
  g_autoptr (GError) own_error = NULL;

  column->categories
      = shs_text_codes_make_categories (sink->texts, format_text, &format, &own_error);
  if (column->categories != NULL)
    {
      column->n_categories = shs_text_codes_get_n (sink->texts);
      return TRUE;
    }
  if (sink->leaf->meaning == SHS_PARQUET_BYTES
      && g_error_matches (own_error, SHS_ERROR, SHS_ERROR_SYNTAX))
    {
      g_clear_pointer (&column->codes, shs_free);
      return TRUE;
    }
  g_propagate_prefixed_error (error, g_steal_pointer (&own_error),
                              "%s, column \"%s\": ", sink->file->name, sink->leaf->path);
  return FALSE;
}

/* ---- the column ---- */

static gboolean
start (Sink *sink, GError **error)
{
  ShsParquetColumn *column = sink->column;

  if (shs_parquet_is_numeric (sink->leaf))
    return (column->numbers = shs_alloc (sink->file->n_rows, sizeof (double), error)) != NULL;
  sink->texts = shs_text_codes_new ();
  return (column->codes = shs_alloc (sink->file->n_rows, sizeof (gint32), error)) != NULL;
}

static gboolean
read_groups (Sink *sink, gsize leaf, ShsProgress *progress, GError **error)
{
  const ShsParquet *file = sink->file;

  for (gsize group = 0; group < file->n_groups; group++)
    {
      sink->end_row = sink->row + file->group_rows[group];
      if (!shs_progress_check (progress, error)
          || !shs_parquet_read_pages (file, leaf, group, take_page, sink, error))
        return FALSE;
      if (sink->row != sink->end_row)
        return shs_parquet_fail (file, sink->leaf, SHS_ERROR_INVALID,
                                 "it has fewer values than its row group has rows; the file is "
                                 "damaged",
                                 error);
      shs_progress_add (progress, file->chunks[group * file->n_leaves + leaf].length);
    }
  return TRUE;
}

gboolean
shs_parquet_column_read (const ShsParquet *self, gsize leaf, ShsProgress *progress,
                         ShsParquetColumn *column, GError **error)
{
  Sink sink = { .file = self, .leaf = &self->leaves[leaf], .column = column };
  gboolean is_read = start (&sink, error) && read_groups (&sink, leaf, progress, error)
                     && (sink.texts == NULL || make_categories (&sink, error));

  shs_text_codes_free (sink.texts);
  shs_free (sink.dictionary_numbers);
  shs_free (sink.dictionary_codes);
  return is_read;
}
