/* The scores of a model of any kind. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>

ShsPmmlScores *
shs_pmml_scores_new (gsize n_outputs)
{
  ShsPmmlScores *self = g_new0 (ShsPmmlScores, 1);

  self->n_outputs = n_outputs;
  self->base = g_new0 (double, n_outputs);
  self->trees = g_array_new (FALSE, FALSE, sizeof (ShsPmmlTree));
  g_array_set_clear_func (self->trees, shs_pmml_tree_clear);
  self->link = SHS_LINK_IDENTITY;
  return self;
}

void
shs_pmml_scores_free (ShsPmmlScores *self)
{
  if (self == NULL)
    return;
  g_free (self->base);
  g_array_unref (self->trees);
  shs_free (self->weights);
  g_free (self);
}

gboolean
shs_pmml_refuse (const ShsPmml *self, const ShsPmmlElement *element, const char *what,
                 GError **error)
{
  return shs_pmml_fail (self, element, SHS_ERROR_UNSUPPORTED, error,
                        "%s cannot be followed exactly; export the trees alone, or the model with "
                        "its own library's save",
                        what);
}

static gsize
count_classes (const ShsPmml *self, const ShsPmmlElement *model)
{
  if (g_strcmp0 (shs_pmml_get (model, "functionName"), "classification") != 0)
    return 1;
  return self->classes != NULL ? self->classes->len : 0;
}

static ShsPmmlScores *
read_tree_model (ShsPmml *self, const ShsPmmlElement *model, GError **error)
{
  gsize n_outputs = count_classes (self, model);
  g_autoptr (ShsPmmlScores) scores = NULL;
  ShsPmmlTree tree;

  if (n_outputs == 0 || (n_outputs == 1 && self->classes != NULL && self->classes->len == 1))
    {
      shs_pmml_fail (self, model, SHS_ERROR_INVALID, error,
                     "the DataDictionary does not list the classes of the target; export the model "
                     "again");
      return NULL;
    }
  scores = shs_pmml_scores_new (n_outputs);
  if (!shs_pmml_read_tree (self, model, n_outputs, &tree, error))
    {
      shs_pmml_tree_clear (&tree);
      return NULL;
    }
  g_array_append_val (scores->trees, tree);
  return g_steal_pointer (&scores);
}

/* Targets: the score times a factor, plus a constant. */
static gboolean
rescale (const ShsPmml *self, const ShsPmmlElement *model, ShsPmmlScores *scores, GError **error)
{
  const ShsPmmlElement *target = shs_pmml_find (shs_pmml_find (model, "Targets"), "Target");
  double factor, constant;

  if (target == NULL)
    return TRUE;
  if (!shs_pmml_get_number (self, target, "rescaleFactor", 1, &factor, error)
      || !shs_pmml_get_number (self, target, "rescaleConstant", 0, &constant, error))
    return FALSE;
  if (shs_pmml_get (target, "castInteger") != NULL || shs_pmml_get (target, "min") != NULL
      || shs_pmml_get (target, "max") != NULL)
    return shs_pmml_refuse (self, target, "a Target that is rounded or cut", error);
  if (factor == 1 && constant == 0)
    return TRUE;
  if (scores->link != SHS_LINK_IDENTITY || (constant != 0 && self->gates->len > 0))
    return shs_pmml_refuse (self, target, "a Target that rescales what is no sum", error);
  for (gsize k = 0; k < scores->n_outputs; k++)
    scores->base[k] = scores->base[k] * factor + constant;
  for (guint i = 0; i < scores->trees->len; i++)
    g_array_index (scores->trees, ShsPmmlTree, i).weight *= factor;
  for (gsize j = 0; scores->weights != NULL && j < scores->n_outputs * scores->n_weights; j++)
    scores->weights[j] *= factor;
  return TRUE;
}

ShsPmmlScores *
shs_pmml_read_scores (ShsPmml *self, const ShsPmmlElement *model, GError **error)
{
  guint n_displaced = self->displaced->len;
  g_autoptr (ShsPmmlScores) scores = NULL;
  g_autofree char *shown = shs_name_shown (model->name);

  if (!shs_progress_check (self->progress, error))
    return NULL;
  if (shs_pmml_is (model, "TreeModel"))
    scores = read_tree_model (self, model, error);
  else if (shs_pmml_is (model, "MiningModel"))
    scores = shs_pmml_read_mining_model (self, model, error);
  else if (shs_pmml_is (model, "RegressionModel"))
    scores = shs_pmml_read_regression (self, model, error);
  else
    shs_pmml_fail (self, model, SHS_ERROR_UNSUPPORTED, error,
                   "a model of the kind %s cannot be opened; trees, sums of trees and regressions "
                   "can",
                   shown);
  shs_pmml_leave_scope (self, n_displaced);
  if (scores == NULL || !rescale (self, model, scores, error))
    return NULL;
  return g_steal_pointer (&scores);
}
