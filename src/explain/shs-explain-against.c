/* The game against a background's rows: by tables of what the background does, or, where deep trees
 * meet few rows, each row against each. */

#include "explain/shs-explain-tree.h"

#include "tree/shs-tree-duels.h"

static gboolean
count_rows (const ShsMatrix *rows, gpointer data, GError **error)
{
  ShsTreeRun *self = data;

  return shs_tree_background_add (self->background, rows, &self->options, error);
}

static gboolean
compare (ShsTreeRun *self, GError **error)
{
  ShsExplainFrame *frame = self->frame;
  ShsBackground *background = frame->options->background;
  gsize n_rows = shs_background_get_n_rows (background);

  self->background = shs_tree_background_new (self->ensemble, &self->options, error);
  if (self->background == NULL)
    return FALSE;
  shs_progress_start (frame->progress, shs_tree_background_count_adding (self->background, n_rows));
  if (!shs_background_foreach (background, frame->block_rows, frame->options->n_threads,
                               frame->progress, count_rows, self, error)
      || !shs_tree_background_finish (self->background, &self->options, error))
    return FALSE;
  frame->parts.provenance.background = g_strdup (shs_background_describe (background));
  for (gsize k = 0; k < frame->n_outputs; k++)
    frame->parts.base_values[k] = shs_tree_background_get_expected_value (self->background, k);
  return TRUE;
}

static char *
describe_tables (const ShsTreeRun *self)
{
  return g_strdup_printf ("pattern tables, %s, %s%s",
                          shs_tree_instructions_get_name (self->options.instructions),
                          self->options.precision == SHS_PRECISION_DOUBLE ? "double" : "single",
                          self->ensemble->linear != NULL ? "; linear leaves, double" : "");
}

static gboolean
fill_from_tables (const ShsTreeRun *run, const ShsMatrix *features, ShsMatrix *of_players,
                  GError **error)
{
  return shs_tree_interventional (run->ensemble, run->background, features, &run->options,
                                  of_players, error);
}

static gboolean
fill_by_duels (const ShsTreeRun *run, const ShsMatrix *features, ShsMatrix *of_players,
               GError **error)
{
  return shs_tree_duels (run->ensemble, run->data, features, &run->options, of_players, error);
}

static gboolean
set_mean_base (ShsTreeRun *run, const ShsMatrix *background, GError **error)
{
  ShsExplainFrame *frame = run->frame;
  g_autoptr (ShsMatrix) margins = shs_matrix_new (background->n_rows, frame->n_outputs, error);

  shs_progress_start (frame->progress,
                      (guint64)background->n_rows * MAX (1, run->ensemble->n_trees));
  if (margins == NULL
      || !shs_tree_predict (run->ensemble, background, &run->options, margins, error))
    return FALSE;
  for (gsize k = 0; k < frame->n_outputs; k++)
    {
      double sum = 0;

      for (gsize row = 0; row < margins->n_rows; row++)
        sum += shs_matrix_get (margins, row, k);
      frame->parts.base_values[k] = sum / (double)margins->n_rows;
    }
  return TRUE;
}

static gboolean
run_duels (ShsTreeRun *run, GError **error)
{
  ShsProvenance *provenance = &run->frame->parts.provenance;
  g_autoptr (ShsMatrix) background = shs_tree_run_read_background (run, error);

  if (background == NULL || !set_mean_base (run, background, error))
    return FALSE;
  provenance->background = g_strdup (shs_background_describe (run->frame->options->background));
  provenance->kernel = g_strdup_printf ("row against row, %s, double",
                                        shs_tree_instructions_get_name (run->options.instructions));
  run->data = background;
  run->values = fill_by_duels;
  return shs_tree_run (run, error);
}

static gboolean
run_tables (ShsTreeRun *run, GError **error)
{
  run->values = fill_from_tables;
  run->frame->parts.provenance.kernel = describe_tables (run);
  return compare (run, error) && shs_tree_run (run, error);
}

gboolean
shs_tree_run_against (ShsTreeRun *self, GError **error)
{
  ShsExplainFrame *frame = self->frame;
  gsize n_background = shs_background_get_n_rows (frame->options->background);

  return !frame->options->interactions
                 && shs_tree_duels_pay (self->ensemble, frame->n_rows, n_background)
             ? run_duels (self, error)
             : run_tables (self, error);
}
