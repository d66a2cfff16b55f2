#include "explain/shs-explain-frame.h"

static gboolean
explain_block (ShsExplainFrame *frame, const ShsMatrix *rows, ShsMatrix *values, gpointer data,
               GError **error)
{
  const ShsModelParts *parts = shs_model_get_parts (frame->model);
  g_autoptr (ShsMatrix) mapped = NULL;
  g_autoptr (ShsMatrix) of_players = NULL;
  const ShsMatrix *features
      = shs_model_map_rows (frame->model, rows, frame->options->n_threads, &mapped, error);

  if (features == NULL)
    return FALSE;
  if (parts->map == NULL)
    return shs_tree_path_dependent (parts->ensemble, features, data, values, error);
  of_players = shs_matrix_new (rows->n_rows,
                               shs_model_get_n_players (frame->model) * frame->n_outputs, error);
  if (of_players == NULL
      || !shs_tree_path_dependent (parts->ensemble, features, data, of_players, error))
    return FALSE;
  shs_model_fold_players (frame->model, of_players, values);
  return TRUE;
}

gboolean
shs_explain_tree (ShsExplainFrame *frame, GError **error)
{
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (frame->model)->ensemble;
  ShsTreeOptions options = { .precision = frame->options->precision,
                             .n_threads = frame->options->n_threads,
                             .progress = frame->progress };
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_progress_start (frame->progress, (guint64)frame->n_rows * MAX (1, ensemble->n_trees));
  for (gsize k = 0; k < frame->n_outputs; k++)
    frame->parts.base_values[k] = shs_tree_ensemble_expected_value (ensemble, k);
  provenance->method = g_strdup ("tree path-dependent");
  provenance->background = g_strdup ("in the model");
  provenance->kernel = shs_tree_describe_kernel (&options);
  return shs_explain_frame_run (frame, explain_block, &options, error);
}
