/* The values of the interventional game: a left-out feature takes its values from the background's
 * rows, whatever the others are. */

#include "explain/shs-explain-tree.h"

static gboolean
fill_values (const ShsTreeRun *run, const ShsMatrix *features, ShsMatrix *of_players,
             GError **error)
{
  return shs_tree_interventional (run->ensemble, run->background, features, &run->options,
                                  of_players, error);
}

gboolean
shs_explain_interventional (ShsExplainFrame *frame, GError **error)
{
  g_auto (ShsTreeRun) run = { 0 };
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_tree_run_init (&run, frame, fill_values);
  provenance->method = g_strdup ("tree interventional");
  provenance->kernel = shs_tree_run_describe_tables (&run);
  shs_provenance_add_note (
      provenance,
      g_strdup (run.ensemble->linear == NULL
                    ? "compared with the background's rows (interventional): these numbers differ "
                      "from those without a background (path-dependent), which average over the "
                      "training rows that the trees remember"
                    : "compared with the background's rows (interventional): the leaves are linear "
                      "functions of features, so that there are no values without a background"));
  return shs_tree_run_compare (&run, error) && shs_tree_run (&run, error);
}
