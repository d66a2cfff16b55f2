#include "session/shs-row-arrangement.h"

#include <math.h>

#include "core/shs-memory.h"

ShsRowArrangement *
shs_row_arrangement_new (ShsExplanation *explanation, ShsDataset *dataset, gsize output)
{
  ShsRowArrangement *self = g_new0 (ShsRowArrangement, 1);

  self->explanation = shs_explanation_ref (explanation);
  self->dataset = dataset != NULL ? shs_dataset_ref (dataset) : NULL;
  self->output = output;
  self->filter = g_strdup ("");
  return self;
}

void
shs_row_arrangement_free (ShsRowArrangement *self)
{
  if (self == NULL)
    return;
  shs_explanation_unref (self->explanation);
  g_clear_pointer (&self->dataset, shs_dataset_unref);
  g_free (self->filter);
  for (int i = 0; i < 2; i++)
    g_free (self->target_words[i]);
  shs_free (self->order);
  g_free (self);
}

static gboolean
keep_filtered (ShsRowArrangement *self, GError **error)
{
  gsize n_rows = shs_explanation_get_n_rows (self->explanation);
  g_autoptr (ShsRowFilter) filter = shs_row_filter_new_with_data (
      self->explanation, self->dataset, self->output, self->filter, error);
  SHS_AUTOFREE guint8 *mask = NULL;

  if (filter == NULL)
    return FALSE;
  mask = shs_alloc (n_rows, 1, error);
  self->order = shs_alloc (n_rows, sizeof *self->order, error);
  if (mask == NULL || self->order == NULL || !shs_row_filter_apply (filter, mask, error))
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    if (mask[i])
      self->order[self->n++] = (guint32)i;
  return TRUE;
}

/* The column of the data in which the targets are words. */
static gssize
find_target_column (const ShsRowArrangement *self)
{
  const char *name = shs_explanation_get_parts (self->explanation)->target_name;
  const ShsInput *table = self->dataset != NULL ? shs_dataset_get_table (self->dataset) : NULL;
  gssize column
      = table != NULL && name != NULL ? shs_dataset_find_column (self->dataset, name) : -1;

  return column >= 0 && table->columns[column].n_categories > 0 ? column : -1;
}

/* Looks at the rows until both targets have been met. */
static void
find_target_words (ShsRowArrangement *self)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (self->explanation);
  gssize column = find_target_column (self);
  gsize n_rows = shs_explanation_get_n_rows (self->explanation);
  double code;
  ShsMatrix cell = { 1, 1, 1, &code };

  if (column < 0 || parts->target == NULL || shs_explanation_get_n_outputs (self->explanation) != 1)
    return;
  for (gsize i = 0; i < n_rows; i++)
    {
      gsize row = parts->row_index != NULL ? parts->row_index[i] : i;
      double target = parts->target[i];

      if ((target != 0 && target != 1) || self->target_words[(int)target] != NULL)
        continue;
      if (row >= shs_dataset_get_n_rows (self->dataset)
          || !shs_dataset_read (self->dataset, 0, row, (gsize *)&column, &cell, NULL))
        return;
      self->target_words[(int)target]
          = shs_dataset_describe_value (self->dataset, (gsize)column, code);
      if (self->target_words[0] != NULL && self->target_words[1] != NULL)
        return;
    }
}

gboolean
shs_row_arrangement_run (ShsRowArrangement *self, GError **error)
{
  gsize n_rows = shs_explanation_get_n_rows (self->explanation);
  SHS_AUTOFREE double *keys = NULL;

  g_clear_pointer (&self->order, shs_free);
  self->n = 0;
  if (!keep_filtered (self, error))
    return FALSE;
  self->style = shs_row_style_find (self->explanation, self->output);
  find_target_words (self);
  if (self->column == SHS_ROW_NUMBER && !self->descending)
    return TRUE;
  keys = shs_alloc (n_rows, sizeof *keys, error);
  if (keys == NULL
      || !shs_row_column_read (self->explanation, self->output, self->column, keys, error))
    return FALSE;
  for (gsize i = 0; self->column == SHS_ROW_ERROR && i < n_rows; i++)
    keys[i] = fabs (keys[i]);
  shs_row_sort (self->order, self->n, keys, self->descending);
  return TRUE;
}
