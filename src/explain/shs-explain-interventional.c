/* The values of the interventional game: a left-out feature takes its values from the background's
 * rows, whatever the others are. */

#include "explain/shs-explain-tree.h"

#include <math.h>

/* Linear leaves multiply whatever the rows hold, as their library does. */
static void
note_infinite (ShsExplainFrame *frame)
{
  const ShsMatrix *predictions = frame->parts.predictions;
  gboolean is_based = TRUE;
  gsize n = 0;

  for (gsize k = 0; k < frame->n_outputs; k++)
    is_based = is_based && isfinite (frame->parts.base_values[k]);
  for (gsize row = 0; row < predictions->n_rows; row++)
    for (gsize k = 0; k < predictions->n_columns; k++)
      if (!isfinite (shs_matrix_get (predictions, row, k)))
        {
          n++;
          break;
        }
  if (!is_based)
    shs_provenance_add_note (&frame->parts.provenance,
                             g_strdup ("the base value is no finite number, since leaves multiply "
                                       "infinite values of the background: leave such rows out"));
  if (n > 0)
    shs_provenance_add_note (
        &frame->parts.provenance,
        g_strdup_printf ("for %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                         " rows the prediction is no finite number, since "
                         "leaves multiply infinite values: what such rows' values are says nothing",
                         n, predictions->n_rows));
}

gboolean
shs_explain_interventional (ShsExplainFrame *frame, GError **error)
{
  g_auto (ShsTreeRun) run = { 0 };
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_tree_run_init (&run, frame, NULL);
  provenance->method = g_strdup ("tree interventional");
  shs_provenance_add_note (
      provenance,
      g_strdup (run.ensemble->linear == NULL
                    ? "compared with the background's rows (interventional): these numbers differ "
                      "from those without a background (path-dependent), which average over the "
                      "training rows that the trees remember"
                    : "compared with the background's rows (interventional): the leaves are linear "
                      "functions of features, so that there are no values without a background"));
  if (!shs_tree_run_against (&run, error))
    return FALSE;
  note_infinite (frame);
  return TRUE;
}
