/* RegressionModel: over fields a linear model, over the scores of a chain's earlier models a sum.
 */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>

/* Takes the trees of output @from_output over, times @factor, as output @output of @to. */
static gboolean
take_over (const ShsPmml *self, const ShsPmmlElement *element, ShsPmmlScores *to, gsize output,
           ShsPmmlScores *from, double factor, GError **error)
{
  if (from->n_outputs != 1 || from->weights != NULL || from->trees->len == 0)
    return shs_pmml_refuse (self, element, "a score that is used twice or is no sum of trees",
                            error);
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

/* The weight of the feature that was added last, or of that of a field. */
static gboolean
add_weight (const ShsPmml *self, const ShsPmmlElement *predictor, ShsPmmlScores *scores,
            gsize output, gsize feature, double coefficient, GError **error)
{
  if (feature >= scores->n_weights)
    return shs_pmml_refuse (self, predictor, "a regression of so many parts", error);
  scores->weights[output * scores->n_weights + feature] += coefficient;
  return TRUE;
}

static gboolean
add_expression (ShsPmml *self, const ShsPmmlElement *predictor, ShsPmmlExpression *expression,
                ShsPmmlScores *scores, gsize output, double coefficient, GError **error)
{
  return shs_pmml_add_feature (self, predictor, expression, error)
         && add_weight (self, predictor, scores, output,
                        shs_feature_map_get_n_features (self->map) - 1, coefficient, error);
}

/* (transfer full): @a and @b (both transfer full) by the function of that name. */
static ShsPmmlExpression *
call (const char *function, ShsPmmlExpression *a, ShsPmmlExpression *b)
{
  GPtrArray *arguments = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_expression_unref);

  g_ptr_array_add (arguments, a);
  g_ptr_array_add (arguments, b);
  return shs_pmml_call_new (shs_pmml_function_find (function, 2), arguments, FALSE);
}

static ShsPmmlField *
use_number (ShsPmml *self, const ShsPmmlElement *predictor, const char *word, GError **error)
{
  ShsPmmlField *field = shs_pmml_use_field (self, predictor, word, error);

  if (field != NULL && field->is_text)
    {
      shs_pmml_refuse (self, predictor, "a coefficient of a field of texts", error);
      return NULL;
    }
  return field;
}

static gboolean
add_numeric (ShsPmml *self, const ShsPmmlElement *predictor, ShsPmmlScores *scores, gsize output,
             ShsLink *link, GError **error)
{
  const char *name = shs_pmml_get (predictor, "name");
  ShsPmmlScores *of_chain = name != NULL ? g_hash_table_lookup (self->outputs, name) : NULL;
  g_autoptr (ShsPmmlExpression) power = NULL;
  const ShsPmmlField *field;
  double coefficient, exponent;

  if (!shs_pmml_get_number (self, predictor, "coefficient", NAN, &coefficient, error)
      || !shs_pmml_get_number (self, predictor, "exponent", 1, &exponent, error))
    return FALSE;
  if (of_chain != NULL && exponent == 1)
    {
      if (of_chain->link != SHS_LINK_IDENTITY)
        *link = of_chain->link;
      return take_over (self, predictor, scores, output, of_chain, coefficient, error);
    }
  field = use_number (self, predictor, "name", error);
  if (field == NULL)
    return FALSE;
  if (exponent == 1)
    return add_weight (self, predictor, scores, output, (gsize)field->feature, coefficient, error);
  power = call ("pow", shs_pmml_expression_ref (field->expression),
                shs_pmml_constant_new (exponent, FALSE));
  return add_expression (self, predictor, power, scores, output, coefficient, error);
}

/* A category's coefficient becomes that of an indicator. */
static gboolean
add_categorical (ShsPmml *self, const ShsPmmlElement *predictor, ShsPmmlScores *scores,
                 gsize output, GError **error)
{
  const ShsPmmlField *field = shs_pmml_use_field (self, predictor, "name", error);
  g_autoptr (ShsPmmlExpression) indicator = NULL;
  double coefficient, code;

  if (field == NULL
      || !shs_pmml_get_number (self, predictor, "coefficient", NAN, &coefficient, error))
    return FALSE;
  if (!shs_pmml_get_code (self, field, shs_pmml_get (predictor, "value"), &code) || code < 0)
    return shs_pmml_refuse (self, predictor, "a category that its field is not said to have",
                            error);
  indicator = shs_pmml_step_new (shs_pmml_expression_ref (field->expression),
                                 &(ShsMapStep){ .kind = SHS_MAP_EQUALS, .a = code });
  return add_expression (self, predictor, indicator, scores, output, coefficient, error);
}

/* A product of fields takes part as one feature. */
static gboolean
add_product (ShsPmml *self, const ShsPmmlElement *term, ShsPmmlScores *scores, gsize output,
             GError **error)
{
  g_autoptr (ShsPmmlExpression) product = NULL;
  const ShsPmmlElement *child;
  double coefficient;

  if (!shs_pmml_get_number (self, term, "coefficient", NAN, &coefficient, error))
    return FALSE;
  for (guint i = 0; (child = shs_pmml_child (term, i)) != NULL; i++)
    {
      const ShsPmmlField *field;
      ShsPmmlExpression *factor;

      if (!shs_pmml_is (child, "FieldRef"))
        return shs_pmml_refuse (self, child, "a PredictorTerm of other things than fields", error);
      field = use_number (self, child, "field", error);
      if (field == NULL)
        return FALSE;
      factor = shs_pmml_expression_ref (field->expression);
      product = product == NULL ? factor : call ("*", g_steal_pointer (&product), factor);
    }
  if (product == NULL || shs_pmml_expression_is_too_large (product))
    return shs_pmml_refuse (self, term, "a PredictorTerm of no or of very many fields", error);
  return add_expression (self, term, product, scores, output, coefficient, error);
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
        ok = add_product (self, predictor, scores, output, error);
      if (!ok)
        return FALSE;
    }
  return TRUE;
}

/* A function of a score goes on as it is: the one part of its table, once, with nothing added. */
static gboolean
check_link (const ShsPmml *self, const ShsPmmlElement *table, ShsLink link, GError **error)
{
  double intercept, coefficient;

  if (link == SHS_LINK_IDENTITY)
    return TRUE;
  if (!shs_pmml_get_number (self, table, "intercept", 0, &intercept, error)
      || !shs_pmml_get_number (self, shs_pmml_child (table, 0), "coefficient", NAN, &coefficient,
                               error))
    return FALSE;
  return (table->children->len == 1 && intercept == 0 && coefficient == 1)
         || shs_pmml_refuse (self, table, "a sum of functions of scores", error);
}

/* All outputs have one link. */
static gboolean
read_tables (ShsPmml *self, const GPtrArray *tables, ShsPmmlScores *scores, ShsLink *link,
             GError **error)
{
  for (guint k = 0; k < tables->len; k++)
    {
      ShsLink found = SHS_LINK_IDENTITY;

      if (!read_table (self, tables->pdata[k], scores, k, &found, error)
          || !check_link (self, tables->pdata[k], found, error))
        return FALSE;
      if (k > 0 && found != *link)
        return shs_pmml_refuse (self, tables->pdata[k], "a function of some of the scores", error);
      *link = found;
    }
  for (gsize j = 0; scores->trees->len > 0 && j < scores->n_outputs * scores->n_weights; j++)
    if (scores->weights[j] != 0)
      return shs_pmml_refuse (self, tables->pdata[0], "a sum of scores and fields", error);
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
    return shs_pmml_refuse (self, model, "a function of a function of scores", error);
  else if (g_str_equal (method, "logit"))
    scores->link = SHS_LINK_LOGISTIC;
  else if (g_str_equal (method, "softmax"))
    scores->link = scores->n_outputs == 1 ? SHS_LINK_LOGISTIC : SHS_LINK_SOFTMAX;
  else if (g_str_equal (method, "exp"))
    scores->link = SHS_LINK_EXP;
  else
    return shs_pmml_refuse (self, model, "the normalisation of this regression", error);
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

/* Most features that a table adds: its predictors, the fields of them, and the fields of products.
 */
static gsize
count_parts (const ShsPmmlElement *table)
{
  const ShsPmmlElement *child;
  gsize n = 0;

  for (guint i = 0; (child = shs_pmml_child (table, i)) != NULL; i++)
    n += 2 + child->children->len;
  return n;
}

ShsPmmlScores *
shs_pmml_read_regression (ShsPmml *self, const ShsPmmlElement *model, GError **error)
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
    most += count_parts (tables->pdata[k]);
  n_weights = shs_feature_map_get_n_features (self->map) + most;
  scores = shs_pmml_scores_new (tables->len);
  scores->n_weights = n_weights;
  scores->weights = shs_alloc0 (n_weights * tables->len, sizeof (double), error);
  if (scores->weights == NULL)
    return NULL;
  if (!read_tables (self, tables, scores, &link, error))
    return NULL;
  if (scores->trees->len > 0)
    g_clear_pointer (&scores->weights, shs_free);
  if (!choose_link (self, model, scores, link, error))
    return NULL;
  if (is_classification)
    order_classes (self, tables);
  return g_steal_pointer (&scores);
}
