/* GradientBoostingRegressor and -Classifier: a constant and the sum of trees times the learning
 * rate. */

#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <float.h>
#include <math.h>

/* Raw scores of the classes' shares, as _init_raw_predictions() of scikit-learn links them. */
static void
link_shares (const double *shares, gsize n_classes, double scale, double *base)
{
  double mean = 0;

  if (n_classes == 2)
    {
      double second = CLAMP (shares[1], DBL_EPSILON, 1 - DBL_EPSILON);

      base[0] = scale * log (second / (1 - second));
      return;
    }
  for (gsize k = 0; k < n_classes; k++)
    {
      base[k] = log (CLAMP (shares[k], DBL_EPSILON, 1 - DBL_EPSILON));
      mean += base[k] / (double)n_classes;
    }
  for (gsize k = 0; k < n_classes; k++)
    base[k] -= mean;
}

static void
read_start (ShsSklearn *self, ShsSkopsRef estimator, gsize n_outputs, double *base)
{
  ShsSkops *file = self->file;
  ShsSkopsRef init = shs_skops_need (file, estimator, "init_");
  gboolean has_classes = shs_skops_is (file, init, "DummyClassifier");
  double scale = shs_skops_has_text (file, shs_skops_find (file, estimator, "loss"), "exponential")
                     ? 0.5
                     : 1;
  gsize n = 0;

  if (shs_skops_has_text (file, init, "zero"))
    return;
  if (!has_classes && !shs_skops_is (file, init, "DummyRegressor"))
    {
      shs_sklearn_refuse (self, "%s that starts from %s", shs_skops_get_class (file, estimator),
                          shs_skops_get_class (file, init));
      return;
    }
  SHS_AUTOFREE double *numbers = shs_skops_read_doubles (
      file, shs_skops_need (file, init, has_classes ? "class_prior_" : "constant_"), &n);
  if (numbers == NULL)
    return;
  if (n != (has_classes && n_outputs == 1 ? 2 : n_outputs))
    shs_skops_fail (file, SHS_ERROR_INVALID,
                    "init_ has not one number per output; save the model again");
  else if (has_classes)
    link_shares (numbers, n, scale, base);
  else
    base[0] = numbers[0];
}

static void
read_round (ShsSklearn *self, ShsSkopsRef round, double rate)
{
  gsize output = 0;

  for (ShsSkopsRef tree = shs_skops_first (self->file, round);
       tree != 0 && shs_skops_check (self->file, NULL); tree = shs_skops_next (self->file, tree))
    shs_sklearn_read_one_tree (self, tree, SHS_SKLEARN_VALUE, output++, rate, NULL, 0);
  if (output != self->parts.n_outputs)
    shs_skops_fail (self->file, SHS_ERROR_INVALID,
                    "the rounds have not all as many trees; save the model again");
}

void
shs_sklearn_read_boosting (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkops *file = self->file;
  ShsSkopsRef rounds = shs_skops_need (file, estimator, "estimators_");
  ShsSkopsRef round = shs_skops_first (file, rounds);
  double rate = shs_skops_read_number (file, shs_skops_need (file, estimator, "learning_rate"));
  gsize n_outputs = shs_skops_count (file, round);
  GError *error = NULL;
  SHS_AUTOFREE double *base = shs_alloc0 (n_outputs, sizeof *base, &error);

  shs_skops_take_error (file, error);
  if (n_outputs == 0)
    shs_skops_fail (file, SHS_ERROR_INVALID, "there are no rounds of trees; save the model again");
  if (base == NULL || !shs_skops_check (file, NULL))
    return;
  read_start (self, estimator, n_outputs, base);
  shs_sklearn_start_trees (self, n_outputs, FALSE, SHS_TREE_CAST_FLOAT, base);
  self->parts.n_rounds = shs_skops_count (file, rounds);
  self->parts.trees_per_round = n_outputs;
  for (; round != 0 && shs_skops_check (file, NULL); round = shs_skops_next (file, round))
    read_round (self, round, rate);
}
