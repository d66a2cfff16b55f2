/* phi_j = w_j (x_j - mean (x_j)): exact for independent features, the mean over the background;
 * where features are made of columns, a column's value is the sum over its features. A missing
 * value counts as 0, as the model itself takes it. */

#include "explain/shs-explain-frame.h"

#include "core/shs-memory.h"

#include <math.h>

static inline double
or_zero (double value)
{
  return isnan (value) ? 0 : value;
}

static gboolean
add_to_sums (const ShsMatrix *rows, gpointer data, GError **error)
{
  double *sums = data;

  for (gsize j = 0; j < rows->n_columns; j++)
    for (gsize i = 0; i < rows->n_rows; i++)
      sums[j] += or_zero (shs_matrix_get (rows, i, j));
  return TRUE;
}

/* @means: zeroed. */
static gboolean
find_means (ShsExplainFrame *frame, ShsBackground *background, double *means, GError **error)
{
  if (!shs_background_foreach (background, frame->block_rows, frame->options->n_threads,
                               frame->progress, add_to_sums, means, error))
    return FALSE;
  for (gsize j = 0; j < shs_model_get_parts (frame->model)->linear->n_features; j++)
    means[j] /= (double)shs_background_get_n_rows (background);
  return TRUE;
}

/* All rows of the data unless others are chosen, not only those that are explained: so shards
 * equal the whole. */
static ShsBackground *
get_background (const ShsExplainFrame *frame, GError **error)
{
  if (frame->options->background != NULL)
    return shs_background_ref (frame->options->background);
  return shs_background_new (frame->match, NULL, 0, NULL, NULL, error);
}

static void
add_values (const ShsModel *model, const double *means, const ShsMatrix *features,
            ShsMatrix *of_players)
{
  const ShsLinear *linear = shs_model_get_parts (model)->linear;
  gsize n_players = shs_model_get_n_players (model);

  for (gsize k = 0; k < linear->n_outputs; k++)
    for (gsize j = 0; j < linear->n_features; j++)
      {
        double weight = linear->weight[k * linear->n_features + j];
        const double *from = shs_matrix_column (features, j);
        double *to
            = shs_matrix_column (of_players, k * n_players + shs_model_get_player (model, j));

        for (gsize i = 0; i < features->n_rows; i++)
          to[i] += weight * (or_zero (from[i]) - means[j]);
      }
}

static gboolean
explain_block (ShsExplainFrame *frame, const ShsMatrix *rows, ShsMatrix *values, gpointer data,
               GError **error)
{
  g_autoptr (ShsMatrix) mapped = NULL;
  g_autoptr (ShsMatrix) of_players = NULL;
  const ShsMatrix *features
      = shs_model_map_rows (frame->model, rows, frame->options->n_threads, &mapped, error);

  if (features != NULL)
    of_players = shs_matrix_new0 (rows->n_rows,
                                  shs_model_get_n_players (frame->model) * frame->n_outputs, error);
  if (of_players == NULL)
    return FALSE;
  add_values (frame->model, data, features, of_players);
  shs_model_fold_players (frame->model, of_players, values);
  shs_progress_add (frame->progress, rows->n_rows);
  return TRUE;
}

gboolean
shs_explain_linear (ShsExplainFrame *frame, GError **error)
{
  const ShsLinear *linear = shs_model_get_parts (frame->model)->linear;
  g_autoptr (ShsBackground) background = get_background (frame, error);
  SHS_AUTOFREE double *means = shs_alloc0 (linear->n_features, sizeof *means, error);
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_progress_start (frame->progress, frame->n_rows);
  if (means == NULL || background == NULL || !find_means (frame, background, means, error))
    return FALSE;
  for (gsize k = 0; k < frame->n_outputs; k++)
    {
      frame->parts.base_values[k] = linear->bias[k];
      for (gsize j = 0; j < linear->n_features; j++)
        frame->parts.base_values[k] += linear->weight[k * linear->n_features + j] * means[j];
    }
  provenance->method = g_strdup ("linear");
  provenance->kernel = g_strdup ("closed form, double");
  provenance->background = g_strdup_printf ("mean of %s", shs_background_describe (background));
  return shs_explain_frame_run (frame, explain_block, means, error);
}
