/* Mean |interaction| of every pair: one streaming pass, fixed groups of rows, reduced in order. */
#include "result/shs-interactions.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "result/shs-explanation-private.h"

#include <math.h>
#include <string.h>

#define BLOCK_NUMBERS ((gsize)1 << 16)
#define GROUP_NUMBERS ((gsize)1 << 20) /* sums of all groups together */
#define MAX_GROUPS ((gsize)64)

typedef struct
{
  double sum;
  gsize count;
} Magnitude;

typedef struct
{
  const ShsExplanation *explanation;
  gsize output;
  gsize n_pairs;
  gsize *columns; /* of each pair among the stored ones */
  gsize group_rows;
  gsize block_rows;
  Magnitude *sums; /* groups x pairs */
} Pass;

static void
add_magnitudes (const double *numbers, gsize n, Magnitude *sum)
{
  for (gsize i = 0; i < n; i++)
    if (!isnan (numbers[i]))
      {
        sum->sum += fabs (numbers[i]);
        sum->count++;
      }
}

static gboolean
sum_group (gsize group, guint worker, gpointer data, GError **error)
{
  const Pass *pass = data;
  const ShsValues *values = pass->explanation->parts.interactions;
  gsize end = MIN ((group + 1) * pass->group_rows, pass->explanation->n_rows);
  Magnitude *sums = pass->sums + group * pass->n_pairs;
  g_autoptr (ShsMatrix) block
      = shs_matrix_new (pass->block_rows, shs_values_get_n_features (values), error);

  for (gsize first = group * pass->group_rows; block != NULL && first < end;
       first += pass->block_rows)
    {
      ShsMatrix view = shs_matrix_rows (block, 0, MIN (pass->block_rows, end - first));

      if (!shs_values_read (values, pass->output, first, &view, error))
        return FALSE;
      for (gsize p = 0; p < pass->n_pairs; p++)
        add_magnitudes (shs_matrix_column (&view, pass->columns[p]), view.n_rows, &sums[p]);
    }
  return block != NULL;
}

static void
find_columns (const ShsExplanation *self, gsize n_pairs, gsize *columns)
{
  for (gsize p = 0; p < n_pairs; p++)
    {
      gsize a, b;

      shs_explanation_get_pair (self, p, &a, &b);
      columns[p] = self->parts.pairs != NULL ? p : a * self->n_features + b;
    }
}

/* The division into groups depends on the sizes alone. */
static double *
compute_means (const ShsExplanation *self, gsize output, GError **error)
{
  gsize n = self->n_rows;
  gsize n_pairs = shs_explanation_get_n_pairs (self);
  gsize per_row = MAX (1, shs_values_get_n_features (self->parts.interactions));
  gsize block_rows = CLAMP (BLOCK_NUMBERS / per_row, 1, MAX (1, n));
  gsize most = CLAMP (GROUP_NUMBERS / MAX (1, n_pairs), 1, MAX_GROUPS);
  gsize group_rows = MAX (block_rows, (n + most - 1) / most);
  gsize n_groups = (n + group_rows - 1) / group_rows;
  SHS_AUTOFREE gsize *columns = shs_alloc (MAX (1, n_pairs), sizeof *columns, error);
  SHS_AUTOFREE Magnitude *sums
      = columns != NULL ? shs_alloc0 (MAX (1, n_groups), MAX (1, n_pairs) * sizeof *sums, error)
                        : NULL;
  SHS_AUTOFREE double *means
      = sums != NULL ? shs_alloc (MAX (1, n_pairs), sizeof *means, error) : NULL;
  Pass pass = { self, output, n_pairs, columns, group_rows, block_rows, sums };

  if (means == NULL)
    return NULL;
  find_columns (self, n_pairs, columns);
  if (!shs_pool_run (0, n_groups, sum_group, &pass, NULL, error))
    return NULL;
  for (gsize p = 0; p < n_pairs; p++)
    {
      Magnitude all = { 0 };

      for (gsize g = 0; g < n_groups; g++)
        {
          all.sum += sums[g * n_pairs + p].sum;
          all.count += sums[g * n_pairs + p].count;
        }
      means[p] = all.sum / (double)MAX (1, all.count);
    }
  return g_steal_pointer (&means);
}

/* Two threads that ask at once both compute; the first to finish is kept. */
gboolean
shs_explanation_summarise_interactions (ShsExplanation *self, gsize output, double *means,
                                        GError **error)
{
  SHS_AUTOFREE double *computed = NULL;
  const double *kept;

  g_return_val_if_fail (output < self->n_outputs, FALSE);
  if (!shs_explanation_need_interactions (self, error))
    return FALSE;
  g_mutex_lock (&self->lock);
  kept = self->pair_means[output];
  g_mutex_unlock (&self->lock);
  if (kept == NULL)
    {
      computed = compute_means (self, output, error);
      if (computed == NULL)
        return FALSE;
      g_mutex_lock (&self->lock);
      if (self->pair_means[output] == NULL)
        self->pair_means[output] = g_steal_pointer (&computed);
      kept = self->pair_means[output];
      g_mutex_unlock (&self->lock);
    }
  memcpy (means, kept, shs_explanation_get_n_pairs (self) * sizeof *means);
  return TRUE;
}
