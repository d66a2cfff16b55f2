#include "io/shs-libsvm.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

#define CHECK_BYTES (1u << 20) /* how often cancel is looked at */

/* Sparse columns behind one or two full ones: entries starts[j] .. starts[j + 1] - 1 of feature j,
 * rows ascending. */
typedef struct
{
  double *labels;
  double *queries; /* NULL where no row has one */
  gsize *starts;
  guint32 *rows;
  double *values;
} SparseTable;

/* What the first pass finds out. */
typedef struct
{
  gsize n_rows;
  gsize n_entries;
  gsize n_indices; /* one more than the largest */
  gsize *counts;   /* of each index */
  gsize n_counts;
  gboolean has_zero;
  gboolean has_queries;
} Survey;

typedef struct
{
  const char *name;
  const char *begin;
  const char *end;
  const char *at;
  gsize line; /* from 1 */
  const char *line_begin;
  ShsProgress *progress;
  const char *checked; /* up to here progress is told */
} Reader;

/* One "index:value"; a query is told by is_query. */
typedef struct
{
  gsize index;
  double value;
  gboolean is_query;
} Entry;

static void
sparse_table_free (gpointer data)
{
  SparseTable *self = data;

  shs_free (self->labels);
  shs_free (self->queries);
  shs_free (self->starts);
  shs_free (self->rows);
  shs_free (self->values);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SparseTable, sparse_table_free)

static void
survey_clear (Survey *self)
{
  shs_free (self->counts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Survey, survey_clear)

static gboolean
fail (const Reader *reader, const char *problem, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "%s: line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": %s", reader->name,
               reader->line, (gsize)(reader->at - reader->line_begin) + 1, problem);
  return FALSE;
}

static inline gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

static void
skip_blanks (Reader *reader)
{
  while (reader->at < reader->end && is_blank (*reader->at))
    reader->at++;
}

static gboolean
at_line_end (const Reader *reader)
{
  return reader->at == reader->end || *reader->at == '\n' || *reader->at == '#';
}

static void
next_line (Reader *reader)
{
  const char *newline = memchr (reader->at, '\n', (gsize)(reader->end - reader->at));

  reader->at = newline != NULL ? newline + 1 : reader->end;
  reader->line_begin = reader->at;
  reader->line++;
}

/* Goes to the label of the next row; FALSE at the end of the text. */
static gboolean
next_row (Reader *reader)
{
  for (;;)
    {
      skip_blanks (reader);
      if (reader->at == reader->end)
        return FALSE;
      if (!at_line_end (reader))
        return TRUE;
      next_line (reader);
    }
}

static gboolean
report (Reader *reader, GError **error)
{
  if (reader->at - reader->checked < CHECK_BYTES && reader->at < reader->end)
    return TRUE;
  shs_progress_add (reader->progress, (guint64)(reader->at - reader->checked));
  reader->checked = reader->at;
  return shs_progress_check (reader->progress, error);
}

static gboolean
ends_word (const Reader *reader, const char *at)
{
  return at == reader->end || is_blank (*at) || *at == '\n' || *at == '#';
}

static gboolean
read_number (Reader *reader, const char *problem, double *value, GError **error)
{
  const char *stop = shs_number_parse_prefix (reader->at, reader->end, value);

  if (stop == NULL || !ends_word (reader, stop))
    return fail (reader, problem, error);
  reader->at = stop;
  skip_blanks (reader);
  return TRUE;
}

static gboolean
read_index (Reader *reader, gsize *index, GError **error)
{
  const char *p = reader->at;
  guint64 number = 0;

  for (; p < reader->end && g_ascii_isdigit (*p); p++)
    number = MIN (number * 10 + (guint64)(*p - '0'), 2 * (guint64)SHS_LIBSVM_MAX_COLUMNS);
  if (p == reader->at || p == reader->end || *p != ':')
    return fail (reader, "an entry must be written index:value, the index a whole number", error);
  if (number > SHS_LIBSVM_MAX_COLUMNS)
    return fail (reader, "the index is above 1,000,000, more columns than can be explained", error);
  reader->at = p + 1;
  *index = number;
  return TRUE;
}

static gboolean
read_entry (Reader *reader, Entry *entry, GError **error)
{
  *entry = (Entry){ 0 };
  if (reader->end - reader->at > 4 && memcmp (reader->at, "qid:", 4) == 0)
    {
      entry->is_query = TRUE;
      reader->at += 4;
    }
  else if (!read_index (reader, &entry->index, error))
    return FALSE;
  return read_number (reader, "the value of an entry must be a number", &entry->value, error);
}

static gboolean
count_entry (Survey *survey, const Entry *entry, GError **error)
{
  if (entry->is_query)
    {
      survey->has_queries = TRUE;
      return TRUE;
    }
  if (entry->index >= survey->n_counts)
    {
      gsize n = MAX (entry->index + 1, 2 * survey->n_counts);
      gsize *grown = shs_realloc (survey->counts, survey->n_counts, n, sizeof *grown, error);

      if (grown == NULL)
        return FALSE;
      memset (grown + survey->n_counts, 0, (n - survey->n_counts) * sizeof *grown);
      survey->counts = grown;
      survey->n_counts = n;
    }
  survey->counts[entry->index]++;
  survey->n_entries++;
  survey->n_indices = MAX (survey->n_indices, entry->index + 1);
  survey->has_zero |= entry->index == 0;
  return TRUE;
}

static gboolean
survey_text (Reader *reader, Survey *survey, GError **error)
{
  Entry entry;
  double label;

  while (next_row (reader))
    {
      if (!read_number (reader, "a row must begin with its label, one number", &label, error))
        return FALSE;
      while (!at_line_end (reader))
        if (!read_entry (reader, &entry, error) || !count_entry (survey, &entry, error))
          return FALSE;
      survey->n_rows++;
      if (!report (reader, error))
        return FALSE;
    }
  if (survey->n_rows == 0 || survey->n_indices == 0)
    return fail (reader, "the file holds no entry; choose another file", error);
  if (survey->n_rows > G_MAXUINT32)
    return fail (reader, "the file has more than 4,294,967,295 rows; part it", error);
  return TRUE;
}

static SparseTable *
sparse_table_new (const Survey *survey, gsize first_index, GError **error)
{
  g_autoptr (SparseTable) self = g_new0 (SparseTable, 1);
  gsize n_features = survey->n_indices - first_index;

  self->labels = shs_alloc (survey->n_rows, sizeof (double), error);
  if (self->labels == NULL)
    return NULL;
  if (survey->has_queries)
    {
      self->queries = shs_alloc (survey->n_rows, sizeof (double), error);
      if (self->queries == NULL)
        return NULL;
    }
  self->starts = shs_alloc0 (n_features + 1, sizeof (gsize), error);
  if (self->starts == NULL)
    return NULL;
  self->rows = shs_alloc (survey->n_entries, sizeof (guint32), error);
  if (self->rows == NULL)
    return NULL;
  self->values = shs_alloc (survey->n_entries, sizeof (double), error);
  if (self->values == NULL)
    return NULL;
  for (gsize j = 0; j < n_features; j++)
    self->starts[j + 1] = self->starts[j] + survey->counts[first_index + j];
  return g_steal_pointer (&self);
}

/* @ends: where the next entry of each feature goes. */
static gboolean
store_entry (Reader *reader, SparseTable *table, gsize *ends, gsize row, gsize feature,
             double value, GError **error)
{
  gsize place = ends[feature]++;

  if (place > table->starts[feature] && table->rows[place - 1] == row)
    return fail (reader, "an index stands twice in this row; keep one of them", error);
  table->rows[place] = (guint32)row;
  table->values[place] = value;
  return TRUE;
}

static gboolean
fill_table (Reader *reader, const Survey *survey, gsize first_index, SparseTable *table,
            GError **error)
{
  gsize n_features = survey->n_indices - first_index;
  SHS_AUTOFREE gsize *ends = shs_alloc (n_features, sizeof *ends, error);
  Entry entry;

  if (ends == NULL)
    return FALSE;
  memcpy (ends, table->starts, n_features * sizeof *ends);
  for (gsize row = 0; next_row (reader); row++)
    {
      if (!read_number (reader, "", &table->labels[row], error))
        return FALSE;
      if (table->queries != NULL)
        table->queries[row] = NAN;
      while (!at_line_end (reader))
        {
          if (!read_entry (reader, &entry, error))
            return FALSE;
          if (entry.is_query)
            table->queries[row] = entry.value;
          else if (!store_entry (reader, table, ends, row, entry.index - first_index, entry.value,
                                 error))
            return FALSE;
        }
      if (!report (reader, error))
        return FALSE;
    }
  return TRUE;
}

/* The first entry at or behind @row. */
static gsize
find_row (const guint32 *rows, gsize begin, gsize end, gsize row)
{
  while (begin < end)
    {
      gsize middle = begin + (end - begin) / 2;

      if (rows[middle] < row)
        begin = middle + 1;
      else
        end = middle;
    }
  return begin;
}

static void
read_feature (const SparseTable *table, gsize feature, gsize first_row, gsize n_rows, double *out)
{
  gsize end = table->starts[feature + 1];

  for (gsize i = 0; i < n_rows; i++)
    out[i] = NAN;
  for (gsize i = find_row (table->rows, table->starts[feature], end, first_row);
       i < end && table->rows[i] < first_row + n_rows; i++)
    out[table->rows[i] - first_row] = table->values[i];
}

static gboolean
read_table (gpointer source, guint input, gsize first_row, const gsize *columns, ShsMatrix *block,
            GError **error)
{
  const SparseTable *table = source;
  gsize n_dense = table->queries != NULL ? 2 : 1;

  for (gsize j = 0; j < block->n_columns; j++)
    {
      double *out = shs_matrix_column (block, j);

      if (columns[j] >= n_dense)
        read_feature (table, columns[j] - n_dense, first_row, block->n_rows, out);
      else
        memcpy (out, (columns[j] == 0 ? table->labels : table->queries) + first_row,
                block->n_rows * sizeof *out);
    }
  return TRUE;
}

static const ShsDatasetSource sparse_source = { read_table, sparse_table_free };

static ShsDataset *
build (const char *name, const Survey *survey, gsize first_index, SparseTable *table)
{
  ShsInput *input = shs_dataset_inputs_new (1);
  gsize n_dense = table->queries != NULL ? 2 : 1;
  gsize n_features = survey->n_indices - first_index;
  g_autofree char *base = g_path_get_basename (name);

  input->name = g_strdup ("");
  input->n_dimensions = 1;
  input->n_columns = n_dense + n_features;
  input->shape[0] = input->n_columns;
  input->columns = g_new0 (ShsColumn, input->n_columns);
  input->columns[0].name = g_strdup ("label");
  if (n_dense == 2)
    input->columns[1].name = g_strdup ("qid");
  for (gsize j = 0; j < n_features; j++)
    input->columns[n_dense + j].name = g_strdup_printf ("f%" G_GSIZE_FORMAT, first_index + j);
  return shs_dataset_new (base, survey->n_rows, input, 1, &sparse_source, table);
}

ShsDataset *
shs_libsvm_parse (const char *name, GBytes *bytes, ShsProgress *progress, GError **error)
{
  gsize length;
  const char *begin = g_bytes_get_data (bytes, &length);
  const char *end = begin + length;
  Reader first = { name, begin, end, begin, 1, begin, progress, begin };
  Reader second = first;
  g_auto (Survey) survey = { 0 };
  g_autoptr (SparseTable) table = NULL;
  gsize first_index;

  shs_progress_start (progress, 2 * (guint64)length);
  if (!shs_progress_check (progress, error) || !survey_text (&first, &survey, error))
    return NULL;
  first_index = survey.has_zero ? 0 : 1;
  table = sparse_table_new (&survey, first_index, error);
  if (table == NULL || !fill_table (&second, &survey, first_index, table, error))
    return NULL;
  return build (name, &survey, first_index, g_steal_pointer (&table));
}
