/* MiningModel: models of models: sums, means, votes, choices and chains. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"
#include "model/pmml/shs-pmml-predicate.h"

#include <math.h>

/* ShsPmmlMethod: how segments are put together.
 * @averages: divided by the total weight; @weighs: each times its weight; @votes: trees say their
 *   class alone; @chooses: the first whose predicate is true counts */
typedef struct
{
  const char *name;
  gboolean averages;
  gboolean weighs;
  gboolean votes;
  gboolean chooses;
} Method;

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

/* Rows that @segment does not take get nothing of it: where models are added up. */
static gboolean
add_gate (ShsPmml *self, const ShsPmmlElement *segment, const Method *method, GError **error)
{
  ShsPmmlGate gate = { shs_pmml_predicate_find (segment), TRUE };

  if (gate.predicate == NULL)
    return shs_pmml_fail (self, segment, SHS_ERROR_INVALID, error,
                          "a segment has no predicate; export the model again");
  if (shs_pmml_is (gate.predicate, "True"))
    return TRUE;
  if (method == NULL || method->averages)
    return shs_pmml_refuse (self, segment,
                            "a Segment that only some rows go through, inside a mean or a chain,",
                            error);
  g_array_append_val (self->gates, gate);
  return TRUE;
}

static gboolean
takes_votes (const ShsPmml *self, const ShsPmmlElement *model, const Method *method, GError **error)
{
  if (method == NULL || !method->votes)
    return TRUE;
  if (!shs_pmml_is (model, "TreeModel")
      || g_strcmp0 (shs_pmml_get (model, "functionName"), "classification") != 0)
    return shs_pmml_refuse (self, model, "a vote of models that are no classification trees",
                            error);
  return TRUE;
}

/* @method: (nullable): none in a chain. */
static ShsPmmlScores *
read_segment (ShsPmml *self, const ShsPmmlElement *segment, const Method *method, GError **error)
{
  const ShsPmmlElement *model = find_model (segment);
  guint n_gates = self->gates->len;
  gboolean votes = self->votes;
  ShsPmmlScores *scores = NULL;

  if (model == NULL)
    {
      shs_pmml_fail (self, segment, SHS_ERROR_INVALID, error,
                     "a segment has no model; export the model again");
      return NULL;
    }
  if (!shs_pmml_check_schema (self, shs_pmml_find (model, "MiningSchema"), error)
      || !takes_votes (self, model, method, error) || !add_gate (self, segment, method, error))
    return NULL;
  self->votes = method != NULL && method->votes;
  scores = shs_pmml_read_scores (self, model, error);
  self->votes = votes;
  g_array_set_size (self->gates, n_gates);
  return scores;
}

static gboolean
get_weight (const ShsPmml *self, const ShsPmmlElement *segment, const Method *method,
            double *weight, GError **error)
{
  *weight = 1;
  if (!method->weighs)
    return TRUE;
  if (shs_pmml_find (segment, "VariableWeight") != NULL)
    return shs_pmml_refuse (self, segment, "a VariableWeight", error);
  return shs_pmml_get_number (self, segment, "weight", 1, weight, error);
}

static gboolean
find_total_weight (const ShsPmml *self, const ShsPmmlElement *segmentation, const Method *method,
                   double *total, GError **error)
{
  const ShsPmmlElement *segment;
  guint i = 0;

  *total = 0;
  while ((segment = next_segment (segmentation, &i)) != NULL)
    {
      double weight;

      if (!get_weight (self, segment, method, &weight, error))
        return FALSE;
      *total += weight;
    }
  return *total > 0
         || shs_pmml_fail (self, segmentation, SHS_ERROR_INVALID, error,
                           "there are no segments, or their weights are not positive; export the "
                           "model again");
}

/* Of segments of which one is chosen, those behind are for rows that this one does not take.
 * Returns: FALSE where it takes all */
static gboolean
close_gate (ShsPmml *self, const ShsPmmlElement *segment, const Method *method)
{
  ShsPmmlGate gate = { shs_pmml_predicate_find (segment), FALSE };

  if (!method->chooses)
    return TRUE;
  g_array_append_val (self->gates, gate);
  return !shs_pmml_is (gate.predicate, "True");
}

static ShsPmmlScores *
read_sum (ShsPmml *self, const ShsPmmlElement *segmentation, const Method *method, GError **error)
{
  g_autoptr (ShsPmmlScores) sum = NULL;
  const ShsPmmlElement *segment;
  guint n_gates = self->gates->len;
  gboolean goes_on = TRUE;
  double total;
  guint i = 0;

  if (!find_total_weight (self, segmentation, method, &total, error))
    return NULL;
  while (goes_on && (segment = next_segment (segmentation, &i)) != NULL)
    {
      g_autoptr (ShsPmmlScores) part = read_segment (self, segment, method, error);
      double weight;

      if (part == NULL || !get_weight (self, segment, method, &weight, error))
        return NULL;
      if (sum == NULL)
        sum = shs_pmml_scores_new (part->n_outputs);
      if (!add_segment (self, segment, sum, part, method->averages ? weight / total : weight,
                        error))
        return NULL;
      goes_on = close_gate (self, segment, method);
    }
  if (method->chooses && goes_on)
    shs_pmml_note (self,
                   "The file gives rows that no segment takes no prediction; here they get 0");
  g_array_set_size (self->gates, n_gates);
  return g_steal_pointer (&sum);
}

static gboolean
calls (const ShsPmmlElement *element, const char *function, guint n_arguments)
{
  return shs_pmml_is (element, "Apply") && element->children->len == n_arguments
         && g_strcmp0 (shs_pmml_get (element, "function"), function) == 0;
}

static gboolean
is_constant (const ShsPmmlElement *element, double value)
{
  double number;

  return shs_pmml_is (element, "Constant") && shs_pmml_get (element, "missing") == NULL
         && shs_pmml_parse_number (element->text->str, &number) && number == value;
}

/* Without what it says of missing values: scores are never missing. */
static gboolean
is_score (const ShsPmmlElement *element, const char *score)
{
  return score != NULL && shs_pmml_is (element, "FieldRef")
         && g_strcmp0 (shs_pmml_get (element, "field"), score) == 0;
}

/* exp (f), or 1 / (1 + exp (-1 * f)) as converters spell it; @score: (nullable): the name of f. */
static gboolean
find_link (const ShsPmmlElement *expression, const char *score, ShsLink *link)
{
  const ShsPmmlElement *sum = shs_pmml_child (expression, 1);
  const ShsPmmlElement *power = shs_pmml_child (sum, 1);
  const ShsPmmlElement *minus = shs_pmml_child (power, 0);

  *link = calls (expression, "exp", 1) ? SHS_LINK_EXP : SHS_LINK_LOGISTIC;
  if (*link == SHS_LINK_EXP)
    return is_score (shs_pmml_child (expression, 0), score);
  return calls (expression, "/", 2) && is_constant (shs_pmml_child (expression, 0), 1)
         && calls (sum, "+", 2) && is_constant (shs_pmml_child (sum, 0), 1)
         && calls (power, "exp", 1) && calls (minus, "*", 2)
         && is_constant (shs_pmml_child (minus, 0), -1)
         && is_score (shs_pmml_child (minus, 1), score);
}

/* The name under which later models have the score itself. */
static gboolean
is_plain (const ShsPmmlElement *model, const ShsPmmlElement *field)
{
  const char *feature = shs_pmml_get (field, "feature");

  return (feature == NULL || g_str_equal (feature, "predictedValue"))
         && shs_pmml_child (field, 0) == NULL
         && g_strcmp0 (shs_pmml_get (model, "functionName"), "classification") != 0;
}

/* What later models may not ask for says why. */
static void
refuse_output (ShsPmml *self, const ShsPmmlElement *field)
{
  GError *problem = NULL;

  shs_pmml_refuse (self, field,
                   "an output that is neither its model's score f nor exp (f) nor "
                   "1 / (1 + exp (-1 * f))",
                   &problem);
  shs_pmml_add_problem (self, shs_pmml_get (field, "name"), problem);
}

/* The scores that later segments may ask for, under the last name that a known function has. */
static void
name_outputs (ShsPmml *self, const ShsPmmlElement *model, ShsPmmlScores *scores)
{
  const ShsPmmlElement *output = shs_pmml_find (model, "Output");
  const ShsLink own = scores->link;
  const ShsPmmlElement *field;
  const char *score = NULL;
  const char *name = NULL;

  for (guint i = 0; (field = shs_pmml_child (output, i)) != NULL; i++)
    {
      ShsLink link = own;

      if (shs_pmml_get (field, "name") == NULL)
        continue;
      if (is_plain (model, field))
        score = shs_pmml_get (field, "name");
      else if (own != SHS_LINK_IDENTITY || !find_link (shs_pmml_child (field, 0), score, &link))
        {
          refuse_output (self, field);
          continue;
        }
      scores->link = link;
      name = shs_pmml_get (field, "name");
    }
  if (name != NULL)
    g_hash_table_replace (self->outputs, g_strdup (name), scores);
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
      ShsPmmlScores *scores = read_segment (self, segment, NULL, error);

      if (scores == NULL || next == NULL)
        return scores;
      name_outputs (self, find_model (segment), scores);
      segment = next;
    }
  shs_pmml_refuse (self, segmentation, "a chain without segments", error);
  return NULL;
}

ShsPmmlScores *
shs_pmml_read_mining_model (ShsPmml *self, const ShsPmmlElement *model, GError **error)
{
  static const Method methods[] = {
    { .name = "sum" },
    { .name = "weightedSum", .weighs = TRUE },
    { .name = "average", .averages = TRUE },
    { .name = "weightedAverage", .averages = TRUE, .weighs = TRUE },
    { .name = "majorityVote", .averages = TRUE, .votes = TRUE },
    { .name = "weightedMajorityVote", .averages = TRUE, .weighs = TRUE, .votes = TRUE },
    { .name = "selectFirst", .chooses = TRUE },
  };
  const ShsPmmlElement *segmentation = shs_pmml_find (model, "Segmentation");
  const char *name = shs_pmml_get (segmentation, "multipleModelMethod");
  g_autofree char *shown = NULL;

  if (!shs_pmml_read_derived (self, shs_pmml_find (model, "LocalTransformations"), error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_strcmp0 (name, methods[i].name) == 0)
      return read_sum (self, segmentation, &methods[i], error);
  if (g_strcmp0 (name, "modelChain") == 0)
    return read_chain (self, segmentation, error);
  shown = shs_name_shown (name != NULL ? name : "none");
  shs_pmml_fail (self, model, SHS_ERROR_UNSUPPORTED, error,
                 "models are put together by the method %s, which is no sum of them; exact values "
                 "exist for sums, averages, votes, selectFirst and chains: explain the models one "
                 "by one",
                 shown);
  return NULL;
}
