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
