/* Banzhaf values: of every coalition of the others the same weight, in the interventional game
 * where there is a background, else in the path-dependent one. */

#include "explain/shs-explain-tree.h"

static gboolean
fill_values (const ShsTreeRun *run, const ShsMatrix *features, ShsMatrix *of_players,
             GError **error)
{
  return shs_tree_path_dependent (run->ensemble, features, &run->options, of_players, error);
}

gboolean
shs_explain_banzhaf (ShsExplainFrame *frame, GError **error)
{
  gboolean compares = frame->options->background != NULL;
  ShsProvenance *provenance = &frame->parts.provenance;
  g_auto (ShsTreeRun) run = { 0 };

  shs_tree_run_init (&run, frame, fill_values);
  run.options.index = SHS_TREE_INDEX_BANZHAF;
  provenance->method
      = g_strdup (compares ? "tree banzhaf, interventional" : "tree banzhaf, path-dependent");
  shs_provenance_add_note (provenance,
                           g_strdup ("Banzhaf values do not add up to the prediction: the residual "
                                     "is what they leave over"));
  if (compares)
    return shs_tree_run_against (&run, error);
  return shs_tree_run_weigh (&run, error) && shs_tree_run_choose_kernel (&run, error)
         && shs_tree_run (&run, error);
}
