/* Numbers, and lists of numbers, row by row. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/parquet/shs-parquet-private.h"

#include <math.h>

typedef struct
{
  const ShsParquet *file;
  const ShsParquetLeaf *leaf;
  ShsParquetNumbers *numbers;
  gsize n_values;
  gsize capacity;
  gsize row; /* rows that have begun */
  gsize end_row;
} Sink;

void
shs_parquet_numbers_clear (ShsParquetNumbers *self)
{
  shs_free (self->first);
  shs_free (self->values);
  *self = (ShsParquetNumbers){ 0 };
}

static gboolean
reserve (Sink *sink, gsize n, GError **error)
{
  gsize needed;
  double *grown;

  if (!shs_size_add (sink->n_values, n, &needed))
    return shs_parquet_fail (sink->file, sink->leaf, SHS_ERROR_INVALID, "it has too many values",
                             error);
  if (needed <= sink->capacity)
    return TRUE;
  needed = MAX (needed, 2 * sink->capacity);
  grown = shs_realloc (sink->numbers->values, sink->n_values, needed, sizeof *grown, error);
  if (grown == NULL)
    return FALSE;
  sink->numbers->values = grown;
  sink->capacity = needed;
  return TRUE;
}

/* The page's own values as doubles, whether they are in a dictionary or not. */
static double *
get_present (const Sink *sink, const ShsParquetPage *page, GError **error)
{
  const ShsParquetValues *source = page->dictionary != NULL ? page->dictionary : &page->values;
  SHS_AUTOFREE double *all = shs_alloc (source->n, sizeof *all, error);
  double *present;

  if (all == NULL)
    return NULL;
  shs_parquet_to_doubles (sink->leaf, source, all);
  if (page->dictionary == NULL)
    return g_steal_pointer (&all);
  present = shs_alloc (page->values.n, sizeof *present, error);
  for (gsize k = 0; present != NULL && k < page->values.n; k++)
    present[k] = all[page->values.indices[k]];
  return present;
}

static gboolean
take_page (const ShsParquetPage *page, gpointer data, GError **error)
{
  Sink *sink = data;
  SHS_AUTOFREE double *present = get_present (sink, page, error);
  gsize k = 0;

  if (present == NULL || !reserve (sink, page->n_entries, error))
    return FALSE;
  for (gsize i = 0; i < page->n_entries; i++)
    {
      guint definition = page->definition != NULL ? page->definition[i] : 0;
      gboolean begins_row = page->repetition == NULL || page->repetition[i] == 0;

      if (begins_row ? sink->row == sink->end_row : sink->row == 0)
        return shs_parquet_fail (sink->file, sink->leaf, SHS_ERROR_INVALID,
                                 "its values do not make the rows of its row group; the file is "
                                 "damaged",
                                 error);
      if (begins_row)
        sink->numbers->first[sink->row++] = sink->n_values;
      if (page->definition == NULL || definition == sink->leaf->max_definition)
        sink->numbers->values[sink->n_values++] = present[k++];
      else if (definition >= sink->leaf->list_definition)
        sink->numbers->values[sink->n_values++] = NAN;
    }
  return TRUE;
}

static gboolean
read_groups (Sink *sink, gsize column, GError **error)
{
  for (gsize group = 0; group < sink->file->n_groups; group++)
    {
      sink->end_row = sink->row + sink->file->group_rows[group];
      if (!shs_parquet_read_pages (sink->file, column, group, take_page, sink, error))
        return FALSE;
      if (sink->row != sink->end_row)
        return shs_parquet_fail (sink->file, sink->leaf, SHS_ERROR_INVALID,
                                 "it has fewer values than its row group has rows; the file is "
                                 "damaged",
                                 error);
    }
  sink->numbers->first[sink->row] = sink->n_values;
  return TRUE;
}

gboolean
shs_parquet_read_numbers (const ShsParquet *self, gsize column, ShsParquetNumbers *numbers,
                          GError **error)
{
  const ShsParquetLeaf *leaf = &self->leaves[column];
  Sink sink = { .file = self, .leaf = leaf, .numbers = numbers };

  *numbers = (ShsParquetNumbers){ .n_rows = self->n_rows };
  if (!shs_parquet_is_numeric (leaf) || leaf->max_repetition > 1)
    return shs_parquet_fail (self, leaf, SHS_ERROR_UNSUPPORTED,
                             "it holds neither numbers nor lists of numbers", error);
  if (!shs_parquet_check_size (self, self->n_rows, 1, error))
    return FALSE;
  numbers->first = shs_alloc (self->n_rows + 1, sizeof *numbers->first, error);
  if (numbers->first != NULL && reserve (&sink, 1, error) && read_groups (&sink, column, error))
    return TRUE;
  shs_parquet_numbers_clear (numbers);
  return FALSE;
}
