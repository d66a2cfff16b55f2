/* Models of models: sums, means and chains of trees. */

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

static gboolean
add_segment (const ShsPmml *self, const ShsPmmlElement *segment, ShsPmmlScores *to,
             ShsPmmlScores *from, double weight, GError **error)
{
  if (from->n_outputs != to->n_outputs || from->weights != NULL || from->link != SHS_LINK_IDENTITY)
    return shs_pmml_refuse (self, segment, "a mixture of models of different kinds", error);
  for (gsize k = 0; k < to->n_outputs; k++)
    to->base[k] += weight * from->base[k];
  for (guint i = 0; i < from->trees->len; i++)
    {
      ShsPmmlTree *tree = &g_array_index (from->trees, ShsPmmlTree, i);
      ShsPmmlTree taken = *tree;

      taken.weight *= weight;
      *tree = (ShsPmmlTree){ 0 };
      g_array_append_val (to->trees, taken);
    }
  return TRUE;
}

static gboolean
is_model (const ShsPmmlElement *element)
{
  return g_str_has_suffix (element->name, "Model") || g_str_equal (element->name, "NeuralNetwork")
         || g_str_equal (element->name, "Scorecard");
}

static const ShsPmmlElement *
find_model (const ShsPmmlElement *element)
{
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    if (is_model (child))
      return child;
  return NULL;
}

static const ShsPmmlElement *
next_segment (const ShsPmmlElement *segmentation, guint *i)
{
  const ShsPmmlElement *child;

  while ((child = shs_pmml_child (segmentation, (*i)++)) != NULL)
    if (shs_pmml_is (child, "Segment"))
      return child;
  return NULL;
}

static ShsPmmlScores *
read_segment (ShsPmml *self, const ShsPmmlElement *segment, GError **error)
{
  const ShsPmmlElement *model = find_model (segment);

  if (model == NULL || shs_pmml_find (segment, "True") == NULL)
    {
      shs_pmml_refuse (self, segment, "a segment that only some rows go through", error);
      return NULL;
    }
  return shs_pmml_read_scores (self, model, error);
}

static gboolean
find_total_weight (const ShsPmml *self, const ShsPmmlElement *segmentation, gboolean weighs,
                   double *total, GError **error)
{
  const ShsPmmlElement *segment;
  guint i = 0;

  *total = 0;
  while ((segment = next_segment (segmentation, &i)) != NULL)
    {
      double weight = 1;

      if (weighs && !shs_pmml_get_number (self, segment, "weight", 1, &weight, error))
        return FALSE;
      *total += weight;
    }
  return *total > 0
         || shs_pmml_fail (self, segmentation, SHS_ERROR_INVALID, error,
                           "there are no segments, or their weights are not positive; export the "
                           "model again");
}

/* sum, average, weightedAverage */
static ShsPmmlScores *
read_sum (ShsPmml *self, const ShsPmmlElement *segmentation, gboolean averages, gboolean weighs,
          GError **error)
{
  g_autoptr (ShsPmmlScores) sum = NULL;
  const ShsPmmlElement *segment;
  double total;
  guint i = 0;

  if (!find_total_weight (self, segmentation, weighs, &total, error))
    return NULL;
  while ((segment = next_segment (segmentation, &i)) != NULL)
    {
      g_autoptr (ShsPmmlScores) part = read_segment (self, segment, error);
      double weight = 1;

      if (part == NULL
          || (weighs && !shs_pmml_get_number (self, segment, "weight", 1, &weight, error)))
        return NULL;
      if (sum == NULL)
        sum = shs_pmml_scores_new (part->n_outputs);
      if (!add_segment (self, segment, sum, part, averages ? weight / total : 1, error))
        return NULL;
    }
  return g_steal_pointer (&sum);
}

/* exp (f), or 1 / (1 + exp (-f)) as converters spell it. */
static gboolean
find_link (const ShsPmmlElement *expression, ShsLink *link)
{
  const char *function = shs_pmml_get (expression, "function");
  const ShsPmmlElement *inner = shs_pmml_child (expression, 1);

  if (function == NULL)
    return FALSE;
  if (g_str_equal (function, "exp") && shs_pmml_is (shs_pmml_child (expression, 0), "FieldRef"))
    {
      *link = SHS_LINK_EXP;
      return TRUE;
    }
  if (!g_str_equal (function, "/") || g_strcmp0 (shs_pmml_get (inner, "function"), "+") != 0)
    return FALSE;
  inner = shs_pmml_child (inner, 1);
  if (g_strcmp0 (shs_pmml_get (inner, "function"), "exp") != 0)
    return FALSE;
  inner = shs_pmml_child (inner, 0);
  *link = SHS_LINK_LOGISTIC;
  return g_strcmp0 (shs_pmml_get (inner, "function"), "*") == 0
         && g_ascii_strtod (shs_pmml_child (inner, 0)->text->str, NULL) == -1
         && shs_pmml_is (shs_pmml_child (inner, 1), "FieldRef");
}

/* The scores that later segments may ask for, under the last name that a known function has. */
static void
name_outputs (ShsPmml *self, const ShsPmmlElement *model, ShsPmmlScores *scores)
{
  const ShsPmmlElement *output = shs_pmml_find (model, "Output");
  const ShsPmmlElement *field;
  g_autofree char *name = NULL;

  for (guint i = 0; (field = shs_pmml_child (output, i)) != NULL; i++)
    {
      const char *feature = shs_pmml_get (field, "feature");
      gboolean is_plain = feature == NULL || g_str_equal (feature, "predictedValue");
      ShsLink link;

      if (shs_pmml_get (field, "name") == NULL
          || (!is_plain && !find_link (shs_pmml_child (field, 0), &link)))
        continue;
      if (!is_plain)
        scores->link = link;
      g_free (name);
      name = g_strdup (shs_pmml_get (field, "name"));
    }
  if (name != NULL)
    g_hash_table_replace (self->outputs, g_steal_pointer (&name), scores);
  else
    shs_pmml_scores_free (scores);
}

/* Each model may use the outputs of those before; the last one's scores count. */
static ShsPmmlScores *
read_chain (ShsPmml *self, const ShsPmmlElement *segmentation, GError **error)
{
  const ShsPmmlElement *segment;
  guint i = 0;

  segment = next_segment (segmentation, &i);
  while (segment != NULL)
    {
      const ShsPmmlElement *next = next_segment (segmentation, &i);
      ShsPmmlScores *scores = read_segment (self, segment, error);

      if (scores == NULL || next == NULL)
        return scores;
      name_outputs (self, find_model (segment), scores);
      segment = next;
    }
  shs_pmml_refuse (self, segmentation, "a chain without segments", error);
  return NULL;
}

static ShsPmmlScores *
read_mining_model (ShsPmml *self, const ShsPmmlElement *model, GError **error)
{
  const ShsPmmlElement *segmentation = shs_pmml_find (model, "Segmentation");
  const char *method = shs_pmml_get (segmentation, "multipleModelMethod");
  g_autofree char *shown = NULL;

  if (!shs_pmml_read_derived (self, shs_pmml_find (model, "LocalTransformations"), error))
    return NULL;
  if (g_strcmp0 (method, "sum") == 0)
    return read_sum (self, segmentation, FALSE, FALSE, error);
  if (g_strcmp0 (method, "average") == 0)
    return read_sum (self, segmentation, TRUE, FALSE, error);
  if (g_strcmp0 (method, "weightedAverage") == 0)
    return read_sum (self, segmentation, TRUE, TRUE, error);
  if (g_strcmp0 (method, "modelChain") == 0)
    return read_chain (self, segmentation, error);
  shown = shs_name_shown (method != NULL ? method : "none");
  shs_pmml_fail (
      self, model, SHS_ERROR_UNSUPPORTED, error,
      "models are put together by the method %s, which is no sum; exact values exist for "
      "sums, averages and chains",
      shown);
  return NULL;
}

/* Targets: the sum times a factor, plus a constant. */
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
      || shs_pmml_get (target, "max") != NULL || scores->weights != NULL
      || scores->link != SHS_LINK_IDENTITY)
    return shs_pmml_refuse (self, target, "a target that is rounded or cut", error);
  for (gsize k = 0; k < scores->n_outputs; k++)
    scores->base[k] = scores->base[k] * factor + constant;
  for (guint i = 0; i < scores->trees->len; i++)
    g_array_index (scores->trees, ShsPmmlTree, i).weight *= factor;
  return TRUE;
}

ShsPmmlScores *
shs_pmml_read_scores (ShsPmml *self, const ShsPmmlElement *model, GError **error)
{
  g_autoptr (ShsPmmlScores) scores = NULL;
  g_autofree char *shown = shs_name_shown (model->name);

  if (!shs_progress_check (self->progress, error))
    return NULL;
  if (shs_pmml_is (model, "TreeModel"))
    scores = read_tree_model (self, model, error);
  else if (shs_pmml_is (model, "MiningModel"))
    scores = read_mining_model (self, model, error);
  else if (shs_pmml_is (model, "RegressionModel"))
    scores = shs_pmml_read_regression (self, model, error);
  else
    shs_pmml_fail (self, model, SHS_ERROR_UNSUPPORTED, error,
                   "a model of the kind %s cannot be opened; trees, sums of trees and regressions "
                   "can",
                   shown);
  if (scores == NULL || !rescale (self, model, scores, error))
    return NULL;
  return g_steal_pointer (&scores);
}
