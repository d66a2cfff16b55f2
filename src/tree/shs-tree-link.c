#include "tree/shs-tree-transformed.h"

#include <math.h>

gsize
shs_tree_link_count_outputs (ShsTreeLink link, gsize n_outputs)
{
  return link == SHS_TREE_LINK_CROSS_ENTROPY ? 1 : n_outputs;
}

gboolean
shs_tree_link_needs_target (ShsTreeLink link)
{
  return link >= SHS_TREE_LINK_LOG_LOSS;
}

static double
apply_one (const ShsTreeLinkUse *use, double target, double margin)
{
  switch (use->link)
    {
    case SHS_TREE_LINK_LOGISTIC:
      return 1 / (1 + exp (-margin));
    case SHS_TREE_LINK_EXP:
      return exp (margin);
    case SHS_TREE_LINK_LOG_LOSS:
    case SHS_TREE_LINK_CLASS_LOG_LOSS:
      return MAX (margin, 0) + log1p (exp (-fabs (margin))) - target * margin;
    default:
      return (target - margin) * (target - margin);
    }
}

/* exp of margins less the largest, and their sum. */
static double
apply_softmax (double slope, gsize n_outputs, gsize n, const double *margins, double *results,
               double *largest)
{
  double sum = 0;

  *largest = margins[0];
  for (gsize k = 1; k < n_outputs; k++)
    *largest = MAX (*largest, margins[k * n]);
  for (gsize k = 0; k < n_outputs; k++)
    {
      double value = exp (slope * (margins[k * n] - *largest));

      sum += value;
      if (results != NULL)
        results[k * n] = value;
    }
  return sum;
}

void
shs_tree_link_apply (const ShsTreeLinkUse *use, gsize n_outputs, gsize n, const double *margins,
                     double *results)
{
  ShsTreeLink link = use->link;
  double largest;

  if (link == SHS_TREE_LINK_SOFTMAX)
    for (gsize i = 0; i < n; i++)
      {
        double sum = apply_softmax (use->slope, n_outputs, n, margins + i, results + i, &largest);

        for (gsize k = 0; k < n_outputs; k++)
          results[k * n + i] /= sum;
      }
  else if (link == SHS_TREE_LINK_CROSS_ENTROPY)
    for (gsize i = 0; i < n; i++)
      {
        double sum = apply_softmax (use->slope, n_outputs, n, margins + i, NULL, &largest);
        double own = margins[(gsize)use->target * n + i];

        results[i] = log (sum) + use->slope * (largest - own);
      }
  else
    for (gsize k = 0; k < n_outputs; k++)
      {
        double own = link == SHS_TREE_LINK_CLASS_LOG_LOSS ? (double)k == use->target : use->target;

        for (gsize i = k * n; i < (k + 1) * n; i++)
          results[i] = apply_one (use, own, use->slope * margins[i]);
      }
}
