/* Ensembles that average their trees, or let them vote. */

#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <stdlib.h>
#include <string.h>

static ShsSklearnLeaf
leaf_of (const ShsSklearn *self, ShsSkopsRef estimator)
{
  return shs_skops_find (self->file, estimator, "classes_") != 0 ? SHS_SKLEARN_SHARE
                                                                 : SHS_SKLEARN_VALUE;
}

static gsize
count_estimators (ShsSklearn *self, ShsSkopsRef list)
{
  gsize n = shs_skops_count (self->file, list);

  if (n == 0)
    shs_skops_fail (self->file, SHS_ERROR_INVALID,
                    "the list of estimators is empty; save the model again");
  return n;
}

void
shs_sklearn_read_tree (ShsSklearn *self, ShsSkopsRef estimator)
{
  shs_sklearn_read_one_tree (self, estimator, leaf_of (self, estimator), 0, 1, NULL, 0);
}

void
shs_sklearn_read_forest (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkopsRef list = shs_skops_need (self->file, estimator, "estimators_");
  gsize n = count_estimators (self, list);

  for (ShsSkopsRef tree = shs_skops_first (self->file, list);
       tree != 0 && shs_skops_check (self->file, NULL); tree = shs_skops_next (self->file, tree))
    shs_sklearn_read_one_tree (self, tree, leaf_of (self, estimator), 0, 1 / (double)n, NULL, 0);
}

/* Trees that were each given some of the features. */
static void
read_selected (ShsSklearn *self, ShsSkopsRef estimator, ShsSklearnLeaf leaf)
{
  ShsSkopsRef list = shs_skops_need (self->file, estimator, "estimators_");
  ShsSkopsRef chosen = shs_skops_first (
      self->file, shs_skops_need (self->file, estimator, "estimators_features_"));
  gsize n = count_estimators (self, list);

  for (ShsSkopsRef tree = shs_skops_first (self->file, list);
       tree != 0 && shs_skops_check (self->file, NULL); tree = shs_skops_next (self->file, tree))
    {
      gsize n_selected = 0;
      SHS_AUTOFREE double *selected = shs_skops_read_doubles (self->file, chosen, &n_selected);

      if (shs_skops_find (self->file, tree, "tree_") == 0)
        shs_sklearn_refuse (self, "%s of %s", shs_skops_get_class (self->file, estimator),
                            shs_skops_get_class (self->file, tree));
      if (shs_skops_check (self->file, NULL))
        shs_sklearn_read_one_tree (self, tree, leaf, 0, 1 / (double)n, selected, n_selected);
      chosen = shs_skops_next (self->file, chosen);
    }
}

void
shs_sklearn_read_isolation (ShsSklearn *self, ShsSkopsRef estimator)
{
  read_selected (self, estimator, SHS_SKLEARN_PATH);
}

void
shs_sklearn_read_bagging (ShsSklearn *self, ShsSkopsRef estimator)
{
  read_selected (self, estimator, leaf_of (self, estimator));
}

/* "1.9.1" is 109; what cannot be read is 0. */
static guint64
read_version (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkopsValue version = shs_skops_read_value (
      self->file, shs_skops_find (self->file, estimator, "_sklearn_version"));
  g_autofree char *text = version.text;
  char *end = NULL;
  guint64 major = text != NULL ? g_ascii_strtoull (text, &end, 10) : 0;
  guint64 minor = end != NULL && *end == '.' ? g_ascii_strtoull (end + 1, NULL, 10) : G_MAXUINT64;

  return major < 1000 && minor < 100 ? 100 * major + minor : 0;
}

/* Before 1.6 votes may be counted in other ways, which the file does not tell. */
void
shs_sklearn_read_ada (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkopsRef list = shs_skops_need (self->file, estimator, "estimators_");
  gsize n = 0;
  SHS_AUTOFREE double *weights = shs_skops_read_doubles (
      self->file, shs_skops_need (self->file, estimator, "estimator_weights_"), &n);
  double sum = 0;
  gsize t = 0;

  if (read_version (self, estimator) < 106)
    shs_sklearn_refuse (self, "AdaBoostClassifier of scikit-learn before 1.6");
  if (weights == NULL || n < shs_skops_count (self->file, list))
    shs_skops_fail (
        self->file, SHS_ERROR_INVALID,
        "estimator_weights_ has fewer numbers than there are estimators; save the model "
        "again");
  for (gsize i = 0; i < n; i++)
    sum += weights[i];
  for (ShsSkopsRef tree = shs_skops_first (self->file, list);
       tree != 0 && shs_skops_check (self->file, NULL);
       tree = shs_skops_next (self->file, tree), t++)
    if (shs_skops_find (self->file, tree, "tree_") == 0)
      shs_sklearn_refuse (self, "AdaBoostClassifier of %s", shs_skops_get_class (self->file, tree));
    else
      shs_sklearn_read_one_tree (self, tree, SHS_SKLEARN_VOTE, 0, weights[t] / sum, NULL, 0);
}
