/* Global path-dependent values: the trees merged into one over the background, so that what is
 * known of a row in one tree is not forgotten in the next. */

#include "explain/shs-explain-tree.h"

#include "tree/shs-tree-merge.h"

static gboolean
fill_values (const ShsTreeRun *run, const ShsMatrix *features, ShsMatrix *of_players,
             GError **error)
{
  return shs_tree_global_path_dependent (run->data, features, &run->options, of_players, error);
}

static ShsTreeMerged *
merge (ShsTreeRun *run, GError **error)
{
  ShsExplainFrame *frame = run->frame;
  g_autoptr (ShsMatrix) rows = shs_tree_run_read_background (run, error);
  gsize n_trees = MAX (1, run->ensemble->n_trees);

  if (rows == NULL)
    return NULL;
  shs_progress_start (frame->progress, (guint64)rows->n_rows * n_trees);
  return shs_tree_merge (run->ensemble, rows, &run->options, error);
}

gboolean
shs_explain_global_path_dependent (ShsExplainFrame *frame, GError **error)
{
  g_auto (ShsTreeRun) run = { 0 };
  g_autoptr (ShsTreeMerged) merged = NULL;
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_tree_run_init (&run, frame, fill_values);
  merged = merge (&run, error);
  if (merged == NULL)
    return FALSE;
  run.data = merged;
  provenance->method = g_strdup ("tree global path-dependent");
  provenance->background = g_strdup (shs_background_describe (frame->options->background));
  provenance->kernel = g_strdup_printf ("merged tree of %" G_GSIZE_FORMAT " leaves, double",
                                        shs_tree_merged_get_n_leaves (merged));
  for (gsize k = 0; k < frame->n_outputs; k++)
    frame->parts.base_values[k] = shs_tree_merged_get_expected_value (merged, k);
  return shs_tree_run (&run, error);
}
