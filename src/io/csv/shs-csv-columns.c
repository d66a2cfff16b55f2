/* The second pass: rows to columns of doubles and of codes, a chunk at a time. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-missing.h"
#include "core/shs-number.h"
#include "core/shs-pool.h"
#include "io/csv/shs-csv-private.h"

#include <math.h>
#include <string.h>

typedef struct
{
  ShsCsvTable *table;
  ShsCsvDictionary *dictionaries; /* [worker][text column], emptied for each chunk */
} Job;

typedef struct
{
  ShsCsvTable *table;
  ShsCsvDictionary *dictionaries;
  const char *line; /* the row being read */
} Reader;

static gboolean
fail_ragged (const Reader *reader, gsize n_cells, GError **error)
{
  gsize n_columns = reader->table->header->n_columns;
  g_autofree char *problem
      = n_cells > n_columns
            ? g_strdup_printf ("it has more than the %" G_GSIZE_FORMAT
                               " cells of the first line; a cell that holds the delimiter must "
                               "stand in quotes",
                               n_columns)
            : g_strdup_printf ("it has %" G_GSIZE_FORMAT
                               " cells and the first line %" G_GSIZE_FORMAT
                               "; complete the line or delete it",
                               n_cells, n_columns);

  return shs_csv_fail (reader->table->text, reader->line, 0, problem, error);
}

static gboolean
store_text (Reader *reader, gsize j, gsize row, const ShsCsvCell *cell, GError **error)
{
  ShsCsvColumn *column = &reader->table->columns[j];
  gint32 *code = (gint32 *)column->values + row;
  guint spelling = shs_csv_cell_find_missing (cell);
  ShsCsvEntry entry;

  *code = -1 - (gint32)spelling;
  if (spelling > 0)
    return TRUE;
  if (cell->end - cell->begin > SHS_CSV_MAX_CELL)
    return shs_csv_fail (reader->table->text, cell->begin, j + 1,
                         "the cell holds more than a mebibyte of text; a quote may be missing",
                         error);
  entry = shs_csv_entry (cell, reader->table->hash_seed);
  *code = shs_csv_dictionary_add (&reader->dictionaries[column->text_index], &entry, error);
  return *code >= 0;
}

/* Any cell of any column; returns where the next one begins. */
static const char *
read_cell (Reader *reader, const char *at, gsize j, gsize row, GError **error)
{
  ShsCsvTable *table = reader->table;
  ShsCsvColumn *column = &table->columns[j];
  gboolean is_last = j + 1 == table->header->n_columns;
  ShsCsvCell cell;
  const char *problem = shs_csv_read_cell (table->text, at, &cell);

  if (problem != NULL)
    {
      shs_csv_fail (table->text, at, j + 1, problem, error);
      return NULL;
    }
  if (cell.ends_line != is_last)
    {
      fail_ragged (reader, is_last ? j + 2 : j + 1, error);
      return NULL;
    }
  if (column->kind == SHS_CSV_TEXT && !store_text (reader, j, row, &cell, error))
    return NULL;
  if (column->kind == SHS_CSV_NUMBER)
    {
      if (!shs_csv_cell_read_number (table->text, &cell, (double *)column->values + row))
        g_atomic_int_set (&column->is_not_numeric, 1);
      else if (shs_csv_is_padded_number (cell.begin, cell.end))
        g_atomic_int_set (&column->is_padded, 1);
    }
  return cell.next;
}

/* A plain number, or nothing, with @behind right behind it; NULL when the cell is anything else, or
 * more than its number. */
static inline const char *
read_plain_number (const ShsCsvText *text, const char *at, char behind, double *value)
{
  const char *stop;

  if (at < text->end && *at == behind)
    {
      *value = shs_missing_new (SHS_MISSING_EMPTY);
      return at + 1;
    }
  if (shs_csv_is_padded_number (at, text->end))
    return NULL;
  stop = shs_number_parse_marked (at, text->end, text->decimal_mark, value);
  if (stop == NULL || stop == text->end || *stop != behind || isnan (*value))
    return NULL;
  return stop + 1;
}

/* Returns where the next line begins. */
static const char *
read_row (Reader *reader, gsize row, GError **error)
{
  const ShsCsvTable *table = reader->table;
  const ShsCsvText *text = table->text;
  gsize n_columns = table->header->n_columns;
  gboolean is_plain = text->delimiter != ' '; /* a run of blanks needs the general way */
  const char *at = reader->line;

  for (gsize j = 0; j < n_columns; j++)
    {
      const ShsCsvColumn *column = &table->columns[j];
      const char *next = NULL;

      if (column->kind == SHS_CSV_NUMBER && is_plain)
        next = read_plain_number (text, at, j + 1 < n_columns ? text->delimiter : text->line_end,
                                  (double *)column->values + row);
      if (next == NULL)
        next = read_cell (reader, at, j, row, error);
      if (next == NULL)
        return NULL;
      at = next;
    }
  return at;
}

static gboolean
keep_texts (ShsCsvTable *table, gsize chunk, ShsCsvDictionary *dictionaries, GError **error)
{
  gsize n_texts = 0;
  gsize *ends;
  ShsCsvEntry *texts;

  if (table->n_text_columns == 0)
    return TRUE;
  table->text_ends[chunk] = ends = shs_alloc (table->n_text_columns, sizeof *ends, error);
  if (ends == NULL)
    return FALSE;
  for (gsize j = 0; j < table->n_text_columns; j++)
    ends[j] = n_texts += dictionaries[j].n_entries;
  table->texts[chunk] = texts = shs_alloc (n_texts, sizeof *texts, error);
  if (texts == NULL)
    return FALSE;
  for (gsize j = 0; j < table->n_text_columns; j++)
    {
      gsize n = dictionaries[j].n_entries;

      if (n > 0)
        memcpy (texts + ends[j] - n, dictionaries[j].entries, n * sizeof *texts);
      shs_csv_dictionary_reset (&dictionaries[j]);
    }
  return TRUE;
}

static gboolean
read_chunk (gsize block, guint worker, gpointer data, GError **error)
{
  Job *job = data;
  ShsCsvTable *table = job->table;
  const ShsCsvChunk *chunk = &table->chunks[block];
  Reader reader = { table, job->dictionaries + worker * table->n_text_columns, chunk->first_line };
  gsize end_row = chunk->first_row + chunk->n_rows;

  for (gsize row = chunk->first_row; row < end_row; row++)
    {
      reader.line = shs_csv_skip_blank_lines (table->text, reader.line);
      reader.line = read_row (&reader, row, error);
      if (reader.line == NULL)
        return FALSE;
    }
  shs_progress_add (table->plan.progress, (guint64)(chunk->end - chunk->begin));
  return keep_texts (table, block, reader.dictionaries, error);
}

static gboolean
make_columns (ShsCsvTable *self, GError **error)
{
  self->n_text_columns = 0;
  for (gsize j = 0; j < self->header->n_columns; j++)
    {
      ShsCsvColumn *column = &self->columns[j];
      gsize size = column->kind == SHS_CSV_TEXT ? sizeof (gint32) : sizeof (double);

      if (column->kind == SHS_CSV_SKIP)
        continue;
      if (column->kind == SHS_CSV_TEXT)
        column->text_index = self->n_text_columns++;
      column->values = shs_alloc (self->n_rows, size, error);
      if (column->values == NULL)
        {
          g_prefix_error (error, "%s: %" G_GSIZE_FORMAT " rows and %" G_GSIZE_FORMAT " columns: ",
                          self->text->name, self->n_rows, self->header->n_columns);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
shs_csv_table_read_columns (ShsCsvTable *self, GError **error)
{
  guint n_workers = shs_pool_count_workers (self->plan.n_threads, self->n_chunks);
  gsize n_dictionaries;
  gboolean ok;
  Job job = { self, NULL };

  if (!make_columns (self, error))
    return FALSE;
  n_dictionaries = n_workers * self->n_text_columns;
  if (self->n_text_columns > 0)
    {
      self->texts = shs_alloc0 (self->n_chunks, sizeof *self->texts, error);
      self->text_ends = self->texts != NULL
                            ? shs_alloc0 (self->n_chunks, sizeof *self->text_ends, error)
                            : NULL;
      if (self->text_ends == NULL)
        return FALSE;
    }
  job.dictionaries = shs_alloc0 (n_dictionaries, sizeof *job.dictionaries, error);
  if (job.dictionaries == NULL)
    return FALSE;
  ok = shs_pool_run (self->plan.n_threads, self->n_chunks, read_chunk, &job, self->plan.progress,
                     error);
  for (gsize i = 0; i < n_dictionaries; i++)
    shs_csv_dictionary_clear (&job.dictionaries[i]);
  shs_free (job.dictionaries);
  return ok;
}
