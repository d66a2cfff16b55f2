/* Models of models: sums, means and chains of trees, regressions over fields or over scores. */

#include "model/shs-pmml-document.h"

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

static gboolean
refuse (const ShsPmml *self, const ShsPmmlElement *element, const char *what, GError **error)
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

/* Takes the trees of output @from_output over, times @factor, as output @output of @to. */
static gboolean
take_over (const ShsPmml *self, const ShsPmmlElement *element, ShsPmmlScores *to, gsize output,
           ShsPmmlScores *from, double factor, GError **error)
{
  if (from->n_outputs != 1 || from->weights != NULL || from->trees->len == 0)
    return refuse (self, element, "a score that is used twice or is no sum of trees", error);
  to->base[output] += factor * from->base[0];
  for (guint i = 0; i < from->trees->len; i++)
    {
      ShsPmmlTree *tree = &g_array_index (from->trees, ShsPmmlTree, i);
      ShsPmmlTree taken = *tree;

      taken.output = output;
      taken.weight *= factor;
      *tree = (ShsPmmlTree){ 0 };
      g_array_append_val (to->trees, taken);
    }
  g_array_set_size (from->trees, 0);
  return TRUE;
}

static gboolean
add_segment (const ShsPmml *self, const ShsPmmlElement *segment, ShsPmmlScores *to,
             ShsPmmlScores *from, double weight, GError **error)
{
  if (from->n_outputs != to->n_outputs || from->weights != NULL || from->link != SHS_LINK_IDENTITY)
    return refuse (self, segment, "a mixture of models of different kinds", error);
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
      refuse (self, segment, "a segment that only some rows go through", error);
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
  refuse (self, segmentation, "a chain without segments", error);
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

/* The tables of a regression that say anything; one that is empty stands for "the other class". */
static GPtrArray *
find_tables (const ShsPmmlElement *model)
{
  GPtrArray *tables = g_ptr_array_new ();
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (model, i)) != NULL; i++)
    if (shs_pmml_is (child, "RegressionTable"))
      g_ptr_array_add (tables, (gpointer)child);
  if (tables->len == 2 && shs_pmml_child (tables->pdata[1], 0) == NULL)
    g_ptr_array_set_size (tables, 1);
  return tables;
}

static gboolean
add_numeric (ShsPmml *self, const ShsPmmlElement *predictor, ShsPmmlScores *scores, gsize output,
             ShsLink *link, GError **error)
{
  const char *name = shs_pmml_get (predictor, "name");
  ShsPmmlScores *of_chain = name != NULL ? g_hash_table_lookup (self->outputs, name) : NULL;
  const ShsPmmlField *field = name != NULL ? g_hash_table_lookup (self->fields, name) : NULL;
  double coefficient, exponent;

  if (!shs_pmml_get_number (self, predictor, "coefficient", NAN, &coefficient, error)
      || !shs_pmml_get_number (self, predictor, "exponent", 1, &exponent, error))
    return FALSE;
  if (exponent != 1)
    return refuse (self, predictor, "a power of a field", error);
  if (of_chain != NULL)
    {
      *link = of_chain->link;
      return take_over (self, predictor, scores, output, of_chain, coefficient, error);
    }
  if (field == NULL || field->feature < 0)
    return refuse (self, predictor, "a field that is prepared in a way that", error);
  scores->weights[output * scores->n_weights + (gsize)field->feature] += coefficient;
  return TRUE;
}

/* A category's coefficient becomes that of an indicator. */
static gboolean
add_categorical (ShsPmml *self, const ShsPmmlElement *predictor, ShsPmmlScores *scores,
                 gsize output, GError **error)
{
  const char *name = shs_pmml_get (predictor, "name");
  const char *value = shs_pmml_get (predictor, "value");
  const ShsPmmlField *field = name != NULL ? g_hash_table_lookup (self->fields, name) : NULL;
  gssize code = field != NULL && value != NULL ? shs_pmml_get_code (self, field, value) : -1;
  gsize feature = shs_feature_map_get_n_features (self->map);
  double coefficient;

  if (!shs_pmml_get_number (self, predictor, "coefficient", NAN, &coefficient, error))
    return FALSE;
  if (code < 0 || feature >= scores->n_weights)
    return refuse (self, predictor, "a category that its field is not said to have", error);
  shs_feature_map_add_feature (self->map, self->map, (gsize)field->feature);
  shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_EQUALS, .a = (double)code });
  scores->weights[output * scores->n_weights + feature] += coefficient;
  return TRUE;
}

static gboolean
read_table (ShsPmml *self, const ShsPmmlElement *table, ShsPmmlScores *scores, gsize output,
            ShsLink *link, GError **error)
{
  const ShsPmmlElement *predictor;
  double intercept;

  if (!shs_pmml_get_number (self, table, "intercept", 0, &intercept, error))
    return FALSE;
  scores->base[output] += intercept;
  for (guint i = 0; (predictor = shs_pmml_child (table, i)) != NULL; i++)
    {
      gboolean ok = TRUE;

      if (shs_pmml_is (predictor, "NumericPredictor"))
        ok = add_numeric (self, predictor, scores, output, link, error);
      else if (shs_pmml_is (predictor, "CategoricalPredictor"))
        ok = add_categorical (self, predictor, scores, output, error);
      else if (shs_pmml_is (predictor, "PredictorTerm"))
        ok = refuse (self, predictor, "a product of fields", error);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

static gboolean
choose_link (const ShsPmml *self, const ShsPmmlElement *model, ShsPmmlScores *scores,
             ShsLink before, GError **error)
{
  const char *method = shs_pmml_get (model, "normalizationMethod");

  if (method == NULL || g_str_equal (method, "none"))
    scores->link = before;
  else if (g_str_equal (method, "simplemax") && before == SHS_LINK_EXP)
    scores->link = SHS_LINK_SOFTMAX;
  else if (before != SHS_LINK_IDENTITY)
    return refuse (self, model, "a function of a function of scores", error);
  else if (g_str_equal (method, "logit"))
    scores->link = SHS_LINK_LOGISTIC;
  else if (g_str_equal (method, "softmax"))
    scores->link = scores->n_outputs == 1 ? SHS_LINK_LOGISTIC : SHS_LINK_SOFTMAX;
  else if (g_str_equal (method, "exp"))
    scores->link = SHS_LINK_EXP;
  else
    return refuse (self, model, "the normalisation of this regression", error);
  return TRUE;
}

/* Outputs in the order of the tables: so are the classes from now on. */
static void
order_classes (ShsPmml *self, const GPtrArray *tables)
{
  GPtrArray *ordered = g_ptr_array_new_with_free_func (g_free);

  for (guint k = 0; k < tables->len; k++)
    {
      const char *category = shs_pmml_get (tables->pdata[k], "targetCategory");

      g_ptr_array_add (ordered, g_strdup (category != NULL ? category : ""));
    }
  if (tables->len == 1)
    for (guint i = 0; i < self->classes->len; i++)
      if (!g_str_equal (self->classes->pdata[i], ordered->pdata[0]) && ordered->len == 1)
        g_ptr_array_insert (ordered, 0, g_strdup (self->classes->pdata[i]));
  g_ptr_array_unref (self->classes);
  self->classes = ordered;
}

static ShsPmmlScores *
read_regression (ShsPmml *self, const ShsPmmlElement *model, GError **error)
{
  g_autoptr (GPtrArray) tables = NULL;
  g_autoptr (ShsPmmlScores) scores = NULL;
  gboolean is_classification
      = g_strcmp0 (shs_pmml_get (model, "functionName"), "classification") == 0;
  ShsLink link = SHS_LINK_IDENTITY;
  gsize n_weights, most = 1;

  if (!shs_pmml_read_derived (self, shs_pmml_find (model, "LocalTransformations"), error))
    return NULL;
  tables = find_tables (model);
  if (tables->len == 0 || (is_classification && self->classes == NULL))
    {
      shs_pmml_fail (self, model, SHS_ERROR_INVALID, error,
                     "a regression has no table or no classes; export the model again");
      return NULL;
    }
  for (guint k = 0; k < tables->len; k++)
    most += ((ShsPmmlElement *)tables->pdata[k])->children->len;
  n_weights = shs_feature_map_get_n_features (self->map) + most;
  scores = shs_pmml_scores_new (tables->len);
  scores->n_weights = n_weights;
  scores->weights = shs_alloc0 (n_weights * tables->len, sizeof (double), error);
  if (scores->weights == NULL)
    return NULL;
  for (guint k = 0; k < tables->len; k++)
    if (!read_table (self, tables->pdata[k], scores, k, &link, error))
      return NULL;
  if (scores->trees->len > 0)
    g_clear_pointer (&scores->weights, shs_free);
  if (!choose_link (self, model, scores, link, error))
    return NULL;
  if (is_classification)
    order_classes (self, tables);
  return g_steal_pointer (&scores);
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
    return refuse (self, target, "a target that is rounded or cut", error);
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
    scores = read_regression (self, model, error);
  else
    shs_pmml_fail (self, model, SHS_ERROR_UNSUPPORTED, error,
                   "a model of the kind %s cannot be opened; trees, sums of trees and regressions "
                   "can",
                   shown);
  if (scores == NULL || !rescale (self, model, scores, error))
    return NULL;
  return g_steal_pointer (&scores);
}
