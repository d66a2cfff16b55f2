/* Saabas' values: each split on the row's way is given the change of the mean there. */

#include "explain/shs-explain-tree.h"

static gboolean
fill_values (const ShsTreeRun *run, const ShsMatrix *features, ShsMatrix *of_players,
             GError **error)
{
  return shs_tree_saabas (run->ensemble, features, &run->options, of_players, error);
}

gboolean
shs_explain_saabas (ShsExplainFrame *frame, GError **error)
{
  g_auto (ShsTreeRun) run = { 0 };
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_tree_run_init (&run, frame, fill_values);
  provenance->method = g_strdup ("tree saabas");
  provenance->kernel = g_strdup ("paths");
  shs_provenance_add_note (
      provenance, g_strdup ("Saabas' values depend on the order of splits: they are quick, "
                            "but no Shapley values"));
  return shs_tree_run_weigh (&run, error) && shs_tree_run (&run, error);
}
