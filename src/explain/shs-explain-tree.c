#include "explain/shs-explain-frame.h"

static gboolean
explain_block (ShsExplainFrame *frame, const ShsMatrix *rows, ShsMatrix *values, gpointer data,
               GError **error)
{
  return shs_tree_path_dependent (shs_model_get_parts (frame->model)->ensemble, rows, data, values,
                                  error);
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
