/* phi_j = w_j (x_j - mean (x_j)): exact for independent features, the mean over all rows of the
 * data; where features are made of columns, a column's value is the sum over its features. A
 * missing value counts as 0, as the model itself takes it. */

#include "explain/shs-explain-frame.h"

#include "core/shs-memory.h"

#include <math.h>

static inline double
or_zero (double value)
{
  return isnan (value) ? 0 : value;
}

/* Means over the whole data set, not over the rows that are explained: so shards equal the whole.
 */
static gboolean
read_means (ShsExplainFrame *frame, double *means, GError **error)
{
  const ShsLinear *linear = shs_model_get_parts (frame->model)->linear;
  gsize n_all = shs_dataset_get_n_rows (shs_column_match_get_dataset (frame->match));
  gsize n_block = MIN (frame->block_rows, n_all);
  g_autoptr (ShsMatrix) rows = shs_matrix_new (n_block, frame->n_features, error);

  if (rows == NULL)
    return FALSE;
  for (gsize j = 0; j < linear->n_features; j++)
    means[j] = 0;
  for (gsize first = 0; first < n_all; first += n_block)
    {
      ShsMatrix view = shs_matrix_rows (rows, 0, MIN (n_block, n_all - first));
      g_autoptr (ShsMatrix) mapped = NULL;
      const ShsMatrix *features;

      if (!shs_progress_check (frame->progress, error)
          || !shs_column_match_read (frame->match, first, &view, error))
        return FALSE;
      features
          = shs_model_map_rows (frame->model, &view, frame->options->n_threads, &mapped, error);
      if (features == NULL)
        return FALSE;
      for (gsize j = 0; j < linear->n_features; j++)
        for (gsize i = 0; i < view.n_rows; i++)
          means[j] += or_zero (shs_matrix_get (features, i, j));
    }
  for (gsize j = 0; j < linear->n_features; j++)
    means[j] /= n_all;
  return TRUE;
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
  ShsDataset *dataset = shs_column_match_get_dataset (frame->match);
  SHS_AUTOFREE double *means = shs_alloc (linear->n_features, sizeof *means, error);
  ShsProvenance *provenance = &frame->parts.provenance;

  shs_progress_start (frame->progress, frame->n_rows);
  if (means == NULL || !read_means (frame, means, error))
    return FALSE;
  for (gsize k = 0; k < frame->n_outputs; k++)
    {
      frame->parts.base_values[k] = linear->bias[k];
      for (gsize j = 0; j < linear->n_features; j++)
        frame->parts.base_values[k] += linear->weight[k * linear->n_features + j] * means[j];
    }
  provenance->method = g_strdup ("linear");
  provenance->kernel = g_strdup ("closed form, double");
  provenance->background
      = g_strdup_printf ("mean of all %" G_GSIZE_FORMAT " rows of %s",
                         shs_dataset_get_n_rows (dataset), shs_dataset_get_name (dataset));
  return shs_explain_frame_run (frame, explain_block, means, error);
}
