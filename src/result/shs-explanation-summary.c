/* Mean |value| and its kin: one streaming pass, fixed blocks, reduced in order. */
#include "result/shs-explanation-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <math.h>
#include <string.h>

#define BLOCK_ROWS 4096

/* Sums of one feature over one block. */
typedef struct
{
  gsize count;
  double sum;
  double sum_absolute;
  double minimum;
  double maximum;
} Sums;

typedef struct
{
  const ShsExplanation *explanation;
  gsize output;
  Sums *sums; /* n_blocks x n_features */
  double *residuals;
} Pass;

void
shs_summary_free (ShsSummary *self)
{
  if (self == NULL)
    return;
  shs_free (self->features);
  g_free (self);
}

static void
add_numbers (Sums *sums, const double *numbers, gsize n)
{
  *sums = (Sums){ .minimum = NAN, .maximum = NAN };
  for (gsize i = 0; i < n; i++)
    if (!isnan (numbers[i]))
      {
        sums->count++;
        sums->sum += numbers[i];
        sums->sum_absolute += fabs (numbers[i]);
        sums->minimum = fmin (sums->minimum, numbers[i]);
        sums->maximum = fmax (sums->maximum, numbers[i]);
      }
}

/* The largest |f(x) - base - sum| of the block; NaN without predictions. */
static double
find_residual (const ShsExplanation *self, gsize output, gsize first_row, const ShsMatrix *block)
{
  double rest[BLOCK_ROWS];
  double largest = NAN;

  for (gsize i = 0; i < block->n_rows; i++)
    rest[i] = shs_explanation_get_prediction (self, first_row + i, output)
              - shs_explanation_get_base_value (self, first_row + i, output);
  for (gsize j = 0; j < block->n_columns; j++)
    for (gsize i = 0; i < block->n_rows; i++)
      rest[i] -= shs_matrix_get (block, i, j);
  for (gsize i = 0; i < block->n_rows; i++)
    largest = fmax (largest, fabs (rest[i]));
  return largest;
}

static gboolean
sum_block (gsize block, guint worker, gpointer data, GError **error)
{
  Pass *pass = data;
  const ShsExplanation *self = pass->explanation;
  gsize first_row = block * BLOCK_ROWS;
  g_autoptr (ShsMatrix) numbers
      = shs_matrix_new (MIN (BLOCK_ROWS, self->n_rows - first_row), self->n_features, error);

  if (numbers == NULL
      || !shs_values_read (self->parts.values, pass->output, first_row, numbers, error))
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    add_numbers (&pass->sums[block * self->n_features + j], shs_matrix_column (numbers, j),
                 numbers->n_rows);
  pass->residuals[block] = find_residual (self, pass->output, first_row, numbers);
  return TRUE;
}

static ShsFeatureSummary
reduce_feature (const Pass *pass, gsize n_blocks, gsize feature)
{
  ShsFeatureSummary summary = { .minimum = NAN, .maximum = NAN, .max_absolute = NAN };
  gsize count = 0;

  for (gsize b = 0; b < n_blocks; b++)
    {
      const Sums *sums = &pass->sums[b * pass->explanation->n_features + feature];

      count += sums->count;
      summary.mean += sums->sum;
      summary.mean_absolute += sums->sum_absolute;
      summary.minimum = fmin (summary.minimum, sums->minimum);
      summary.maximum = fmax (summary.maximum, sums->maximum);
    }
  if (count == 0)
    return summary;
  summary.mean /= (double)count;
  summary.mean_absolute /= (double)count;
  summary.max_absolute = fmax (fabs (summary.minimum), fabs (summary.maximum));
  return summary;
}

static ShsSummary *
compute_summary (const ShsExplanation *self, gsize output, GError **error)
{
  gsize n_blocks = (self->n_rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
  SHS_AUTOFREE Sums *sums = shs_alloc (self->n_features, MAX (1, n_blocks) * sizeof (Sums), error);
  SHS_AUTOFREE double *residuals
      = sums != NULL ? shs_alloc (n_blocks, sizeof (double), error) : NULL;
  SHS_AUTOFREE ShsFeatureSummary *features
      = residuals != NULL ? shs_alloc (self->n_features, sizeof (ShsFeatureSummary), error) : NULL;
  Pass pass = { self, output, sums, residuals };
  double largest_residual = NAN;

  if (features == NULL || !shs_pool_run (0, n_blocks, sum_block, &pass, NULL, error))
    return NULL;
  for (gsize j = 0; j < self->n_features; j++)
    features[j] = reduce_feature (&pass, n_blocks, j);
  for (gsize b = 0; b < n_blocks; b++)
    largest_residual = fmax (largest_residual, residuals[b]);

  ShsSummary *summary = g_new (ShsSummary, 1);
  *summary = (ShsSummary){ g_steal_pointer (&features), largest_residual };
  return summary;
}

/* Two threads that ask at once both compute; the first to finish is kept. */
static const ShsSummary *
get_summary (ShsExplanation *self, gsize output, GError **error)
{
  ShsSummary *summary;

  if (output >= self->n_outputs)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There is no output %" G_GSIZE_FORMAT " among %" G_GSIZE_FORMAT
                   " (counted from 0); choose one below",
                   output, self->n_outputs);
      return NULL;
    }
  g_mutex_lock (&self->lock);
  summary = self->summaries[output];
  g_mutex_unlock (&self->lock);
  if (summary != NULL)
    return summary;

  summary = compute_summary (self, output, error);
  if (summary == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  if (self->summaries[output] == NULL)
    self->summaries[output] = g_steal_pointer (&summary);
  shs_summary_free (summary);
  summary = self->summaries[output];
  g_mutex_unlock (&self->lock);
  return summary;
}

gboolean
shs_explanation_summarise (ShsExplanation *self, gsize output, ShsFeatureSummary *summaries,
                           double *largest_residual, GError **error)
{
  const ShsSummary *summary = get_summary (self, output, error);

  if (summary == NULL)
    return FALSE;
  memcpy (summaries, summary->features, self->n_features * sizeof *summaries);
  if (largest_residual != NULL)
    *largest_residual = summary->largest_residual;
  return TRUE;
}

static int
compare_importance (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *importance = data;
  gsize i = *(const gsize *)a;
  gsize j = *(const gsize *)b;

  if (importance[i] != importance[j])
    return importance[i] > importance[j] ? -1 : 1;
  return i < j ? -1 : i > j;
}

gboolean
shs_explanation_order (ShsExplanation *self, gsize output, gsize *order, GError **error)
{
  gboolean all = output == G_MAXSIZE;
  SHS_AUTOFREE double *importance = shs_alloc0 (self->n_features, sizeof (double), error);

  if (importance == NULL)
    return FALSE;
  for (gsize k = all ? 0 : output; k < (all ? self->n_outputs : output + 1); k++)
    {
      const ShsSummary *summary = get_summary (self, k, error);

      if (summary == NULL)
        return FALSE;
      for (gsize j = 0; j < self->n_features; j++)
        importance[j] += summary->features[j].mean_absolute;
    }
  for (gsize j = 0; j < self->n_features; j++)
    order[j] = j;
  g_qsort_with_data (order, (gint)self->n_features, sizeof *order, compare_importance, importance);
  return TRUE;
}
