/* Probabilities and losses: the interventional game of the transformed prediction itself. */

#include "explain/shs-explain-tree.h"

#include "core/shs-memory.h"

#define N_PERMUTATIONS 32 /* pairs, where coalitions are too many */

typedef struct
{
  ShsTreeRun run;
  ShsMatrix *background;
  ShsTreeTransform transform;
  gsize n_sampled;
} Transformed;

static void
transformed_clear (Transformed *self)
{
  shs_tree_run_clear (&self->run);
  g_clear_pointer (&self->background, shs_matrix_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Transformed, transformed_clear)

typedef struct
{
  ShsMatrix *values, *bases, *errors;
} Room;

static void
room_clear (Room *self)
{
  g_clear_pointer (&self->values, shs_matrix_free);
  g_clear_pointer (&self->bases, shs_matrix_free);
  g_clear_pointer (&self->errors, shs_matrix_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Room, room_clear)

static gboolean
room_init (Room *self, const ShsExplainFrame *frame, gsize n, GError **error)
{
  gsize n_values = shs_model_get_n_players (frame->model) * frame->n_outputs;

  self->values = shs_matrix_new (n, n_values, error);
  self->errors = self->values != NULL ? shs_matrix_new (n, n_values, error) : NULL;
  self->bases = self->errors != NULL ? shs_matrix_new (n, frame->n_outputs, error) : NULL;
  return self->bases != NULL;
}

/* From players to features: as values are; errors of a split player are split with it. */
static void
fold (const ShsExplainFrame *frame, const ShsMatrix *of_players, ShsMatrix *to)
{
  const ShsFeatureMap *map = shs_model_get_parts (frame->model)->map;

  if (map != NULL)
    {
      shs_feature_map_fold (map, frame->n_outputs, of_players, to);
      return;
    }
  for (gsize c = 0; c < to->n_columns; c++)
    for (gsize i = 0; i < to->n_rows; i++)
      shs_matrix_set (to, i, c, shs_matrix_get (of_players, i, c));
}

static void
keep_bases (ShsExplainFrame *frame, const ShsMatrix *bases)
{
  for (gsize i = 0; i < bases->n_rows; i++)
    for (gsize k = 0; k < frame->n_outputs; k++)
      frame->parts
          .base_values[frame->parts.base_per_row ? (frame->block_first + i) * frame->n_outputs + k
                                                 : k]
          = shs_matrix_get (bases, i, k);
}

static gboolean
keep_errors (ShsExplainFrame *frame, const ShsMatrix *errors, GError **error)
{
  g_autoptr (ShsMatrix) of_features
      = shs_matrix_new (errors->n_rows, frame->n_features * frame->n_outputs, error);

  if (of_features == NULL)
    return FALSE;
  fold (frame, errors, of_features);
  return shs_values_write (frame->parts.std_errors, frame->block_first, of_features, error);
}

static gboolean
explain_block (ShsExplainFrame *frame, const ShsMatrix *rows, ShsMatrix *values, gpointer data,
               GError **error)
{
  Transformed *self = data;
  ShsTreeTransform transform = self->transform;
  g_autoptr (ShsMatrix) mapped = NULL;
  g_auto (Room) room = { 0 };
  ShsTreeTransformed result = { 0 };
  const ShsMatrix *features
      = shs_model_map_rows (frame->model, rows, frame->options->n_threads, &mapped, error);

  if (features == NULL || !room_init (&room, frame, rows->n_rows, error))
    return FALSE;
  result.values = room.values;
  result.bases = room.bases;
  result.errors = room.errors;
  transform.first_row = frame->first_row + frame->block_first;
  if (frame->parts.target != NULL)
    transform.targets = frame->parts.target + frame->block_first;
  if (!shs_tree_transformed (self->run.ensemble, self->background, features, &transform,
                             &self->run.options, &result, error))
    return FALSE;
  self->n_sampled += result.n_sampled;
  keep_bases (frame, room.bases);
  fold (frame, room.values, values);
  return keep_errors (frame, room.errors, error);
}

static void
describe (Transformed *self, ShsExplainFrame *frame)
{
  ShsProvenance *provenance = &frame->parts.provenance;

  provenance->method = g_strdup ("tree interventional");
  provenance->background = g_strdup (shs_background_describe (frame->options->background));
  provenance->kernel = g_strdup (self->n_sampled == 0 ? "coalitions of pairs of rows, double"
                                                      : "coalitions and permutations, double");
  shs_provenance_add_note (
      provenance, g_strdup_printf ("the %s itself is explained, compared with the background's "
                                   "rows: these numbers are no rescaled margins",
                                   frame->space.unit));
  if (self->n_sampled == 0)
    {
      g_clear_pointer (&frame->parts.std_errors, shs_values_unref);
      return;
    }
  shs_provenance_add_note (
      provenance, g_strdup_printf ("for %" G_GSIZE_FORMAT
                                   " pairs of rows that differ in too many features the values are "
                                   "estimated from permutations; their standard errors are kept",
                                   self->n_sampled));
}

gboolean
shs_explain_transformed (ShsExplainFrame *frame, GError **error)
{
  gsize n_all = shs_dataset_get_n_rows (shs_column_match_get_dataset (frame->match));
  gsize n_background = shs_background_get_n_rows (frame->options->background);
  g_auto (Transformed) self = { 0 };

  shs_tree_run_init (&self.run, frame, NULL);
  self.background = shs_tree_run_read_background (&self.run, error);
  /* Only the run tells whether they are kept, so they have no place in the result's own file. */
  if (self.background != NULL)
    frame->parts.std_errors = shs_values_new_beside (
        frame->result_bytes, frame->n_rows, frame->n_features, frame->n_outputs, FALSE, error);
  if (frame->parts.std_errors == NULL)
    return FALSE;
  self.transform = (ShsTreeTransform){
    .link = frame->space.link,
    .slope = frame->space.slope,
    .most_exact = shs_tree_transformed_choose_exact (n_all, n_background, frame->n_outputs),
    .n_permutations = N_PERMUTATIONS,
    .seed = frame->options->seed,
  };
  shs_progress_start (frame->progress,
                      (guint64)frame->n_rows * MAX (1, self.run.ensemble->n_trees));
  if (!shs_explain_frame_run (frame, explain_block, &self, error))
    return FALSE;
  describe (&self, frame);
  return TRUE;
}
