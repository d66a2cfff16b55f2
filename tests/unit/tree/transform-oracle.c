#include "transform-oracle.h"

#include <math.h>

/* log (1 + exp (margin)) */
static double
soften (double margin)
{
  return MAX (margin, 0) + log1p (exp (-fabs (margin)));
}

double
oracle_apply_link (const ShsTreeLinkUse *use, const ShsMatrix *margins, gsize row, gsize output)
{
  double target = use->target;
  double margin = use->slope * shs_matrix_get (margins, row, output);
  double sum = 0;

  for (gsize k = 0; k < margins->n_columns; k++)
    sum += exp (use->slope * shs_matrix_get (margins, row, k));
  switch (use->link)
    {
    case SHS_TREE_LINK_LOGISTIC:
      return 1 / (1 + exp (-margin));
    case SHS_TREE_LINK_SOFTMAX:
      return exp (margin) / sum;
    case SHS_TREE_LINK_EXP:
      return exp (margin);
    case SHS_TREE_LINK_LOG_LOSS:
      return soften (margin) - target * margin;
    case SHS_TREE_LINK_CLASS_LOG_LOSS:
      return (gsize)target == output ? soften (-margin) : soften (margin);
    case SHS_TREE_LINK_CROSS_ENTROPY:
      return -log (exp (use->slope * shs_matrix_get (margins, row, (gsize)target)) / sum);
    default:
      return (target - margin) * (target - margin);
    }
}

ShsMatrix *
oracle_mixtures (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                 const ShsMatrix *rows, gsize row)
{
  gsize n = (gsize)1 << ensemble->n_players;
  g_autoptr (ShsMatrix) mixtures
      = shs_matrix_new (background->n_rows * n, ensemble->n_features, NULL);

  for (gsize i = 0; i < mixtures->n_rows; i++)
    for (gsize j = 0; j < ensemble->n_features; j++)
      shs_matrix_set (mixtures, i, j,
                      i % n >> ensemble->player[j] & 1 ? shs_matrix_get (rows, row, j)
                                                       : shs_matrix_get (background, i / n, j));
  return oracle_predict (ensemble, mixtures);
}

void
oracle_transformed (const ShsTreeEnsemble *ensemble, const ShsMatrix *margins,
                    const ShsTreeLinkUse *use, gsize output, ShsTreeIndex index, double *values,
                    double *base)
{
  gsize k = ensemble->n_players;
  gsize n = (gsize)1 << k;
  gsize m = margins->n_rows / n;
  g_autofree long double *worth = g_new0 (long double, n);

  for (gsize i = 0; i < margins->n_rows; i++)
    worth[i % n] += oracle_apply_link (use, margins, i, output) / (long double)m;
  *base = (double)worth[0];
  for (gsize i = 0; i < k; i++)
    {
      long double sum = 0;

      for (guint32 coalition = 0; coalition < n; coalition++)
        if (!(coalition >> i & 1))
          sum += oracle_get_weight (index, __builtin_popcount (coalition), k)
                 * (worth[coalition | 1u << i] - worth[coalition]);
      values[i] = (double)sum;
    }
}
