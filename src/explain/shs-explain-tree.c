#include "explain/shs-explain-tree.h"

#include "core/shs-i18n.h"
#include "tree/shs-tree-covers.h"

#include <string.h>

void
shs_tree_run_init (ShsTreeRun *self, ShsExplainFrame *frame, ShsTreeValuesFunc values)
{
  *self = (ShsTreeRun){
    .frame = frame,
    .ensemble = shs_tree_ensemble_ref (shs_model_get_parts (frame->model)->ensemble),
    .options = { .precision = frame->options->precision,
                 .n_threads = frame->options->n_threads,
                 .progress = frame->progress },
    .values = values,
  };
}

void
shs_tree_run_clear (ShsTreeRun *self)
{
  g_clear_pointer (&self->interactions, shs_explain_interactions_free);
  g_clear_pointer (&self->background, shs_tree_background_unref);
  g_clear_pointer (&self->ensemble, shs_tree_ensemble_unref);
}

typedef struct
{
  ShsMatrix *all;
  gsize n_filled;
} Collected;

static gboolean
collect_rows (const ShsMatrix *rows, gpointer data, GError **error)
{
  Collected *collected = data;
  ShsMatrix to = shs_matrix_rows (collected->all, collected->n_filled, rows->n_rows);

  for (gsize j = 0; j < rows->n_columns; j++)
    memcpy (shs_matrix_column (&to, j), shs_matrix_column (rows, j),
            rows->n_rows * sizeof (double));
  collected->n_filled += rows->n_rows;
  return TRUE;
}

static void
note_covers (ShsTreeRun *self, gsize n_unreached)
{
  ShsProvenance *provenance = &self->frame->parts.provenance;
  const char *words = shs_background_describe (self->frame->options->background);

  provenance->background = g_strdup_printf ("covers counted from %s", words);
  shs_provenance_add_note (
      provenance, g_strdup_printf ("the shares at the splits (covers) are counted from %s, not "
                                   "taken from the training of the model",
                                   words));
  if (n_unreached > 0)
    shs_provenance_add_note (
        provenance,
        g_strdup_printf (ngettext ("%" G_GSIZE_FORMAT " leaf is reached by none of these rows; "
                                   "where it is, both sides of a split weigh the same",
                                   "%" G_GSIZE_FORMAT " leaves are reached by none of these rows; "
                                   "where they are, both sides of a split weigh the same",
                                   n_unreached),
                         n_unreached));
}

ShsMatrix *
shs_tree_run_read_background (ShsTreeRun *self, GError **error)
{
  ShsExplainFrame *frame = self->frame;
  ShsBackground *background = frame->options->background;
  g_autoptr (ShsMatrix) rows
      = shs_matrix_new (shs_background_get_n_rows (background), self->ensemble->n_features, error);
  Collected collected = { rows, 0 };

  if (rows == NULL
      || !shs_background_foreach (background, frame->block_rows, frame->options->n_threads,
                                  frame->progress, collect_rows, &collected, error))
    return NULL;
  return g_steal_pointer (&rows);
}

static gboolean
count_covers (ShsTreeRun *self, GError **error)
{
  g_autoptr (ShsMatrix) rows = shs_tree_run_read_background (self, error);
  ShsTreeEnsemble *counted;
  gsize n_unreached = 0;

  if (rows == NULL)
    return FALSE;
  shs_progress_start (self->frame->progress,
                      (guint64)rows->n_rows * MAX (1, self->ensemble->n_trees));
  counted
      = shs_tree_ensemble_count_covers (self->ensemble, rows, &self->options, &n_unreached, error);
  if (counted == NULL)
    return FALSE;
  shs_tree_ensemble_unref (self->ensemble);
  self->ensemble = counted;
  note_covers (self, n_unreached);
  return TRUE;
}

gboolean
shs_tree_run_weigh (ShsTreeRun *self, GError **error)
{
  ShsExplainFrame *frame = self->frame;

  if (frame->options->background == NULL)
    frame->parts.provenance.background = g_strdup ("in the model");
  else if (!count_covers (self, error))
    return FALSE;
  for (gsize k = 0; k < frame->n_outputs; k++)
    frame->parts.base_values[k] = shs_tree_ensemble_expected_value (self->ensemble, k);
  return TRUE;
}

gboolean
shs_tree_run_choose_kernel (ShsTreeRun *self, GError **error)
{
  ShsExplainFrame *frame = self->frame;

  if (!shs_tree_choose_kernel (self->ensemble, &self->options, frame->n_rows, &self->options.kernel,
                               error))
    return FALSE;
  frame->parts.provenance.kernel = shs_tree_describe_kernel (&self->options);
  return TRUE;
}

static gboolean
explain_block (ShsExplainFrame *frame, const ShsMatrix *rows, ShsMatrix *values, gpointer data,
               GError **error)
{
  ShsTreeRun *self = data;
  gboolean is_mapped = shs_model_get_parts (frame->model)->map != NULL;
  g_autoptr (ShsMatrix) mapped = NULL;
  g_autoptr (ShsMatrix) of_players = NULL;
  const ShsMatrix *features
      = shs_model_map_rows (frame->model, rows, frame->options->n_threads, &mapped, error);
  ShsMatrix *filled = values;

  if (features == NULL)
    return FALSE;
  if (is_mapped)
    filled = of_players = shs_matrix_new (
        rows->n_rows, shs_model_get_n_players (frame->model) * frame->n_outputs, error);
  if (filled == NULL || !self->values (self, features, filled, error))
    return FALSE;
  if (self->interactions != NULL
      && !shs_explain_interactions_run_block (self->interactions, frame, features, filled, error))
    return FALSE;
  if (is_mapped)
    shs_model_fold_players (frame->model, filled, values);
  return TRUE;
}

/* What values, or interactions, of @n_rows add to the progress. */
static guint64
count_work (const ShsTreeRun *self, gsize n_rows)
{
  return self->background != NULL ? shs_tree_background_count_explaining (self->background, n_rows)
                                  : (guint64)n_rows * self->ensemble->n_trees;
}

gboolean
shs_tree_run (ShsTreeRun *self, GError **error)
{
  ShsExplainFrame *frame = self->frame;

  shs_progress_start (frame->progress,
                      count_work (self, frame->n_rows)
                          + shs_tree_count_preparation (self->ensemble, &self->options)
                          + count_work (self, shs_explain_interactions_count_rows (frame)));
  if (frame->options->interactions)
    {
      self->interactions = shs_explain_interactions_new (frame, self->ensemble, self->background,
                                                         &self->options, error);
      if (self->interactions == NULL)
        return FALSE;
    }
  return shs_explain_frame_run (frame, explain_block, self, error);
}
