/* The values of the path-dependent game: a left-out feature sends a row down both sides of a split,
 * in the shares of the training rows that went there. */

#include "explain/shs-explain-tree.h"

static gboolean
fill_values (const ShsTreeRun *run, const ShsMatrix *features, ShsMatrix *of_players,
             GError **error)
{
  return shs_tree_path_dependent (run->ensemble, features, &run->options, of_players, error);
}

gboolean
shs_explain_path_dependent (ShsExplainFrame *frame, GError **error)
{
  g_auto (ShsTreeRun) run = { 0 };
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_tree_run_init (&run, frame, fill_values);
  provenance->method = g_strdup ("tree path-dependent");
  return shs_tree_run_weigh (&run, error) && shs_tree_run_choose_kernel (&run, error)
         && shs_tree_run (&run, error);
}
