#include "model/pmml/shs-pmml-predicate.h"

#include "core/shs-error.h"

void
shs_pmml_predicate_free (ShsPmmlPredicate *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->test.listed, g_array_unref);
  shs_pmml_fact_free (self->start);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_free (self);
}

const ShsPmmlElement *
shs_pmml_predicate_find (const ShsPmmlElement *element)
{
  static const char *const predicates[]
      = { "True", "False", "SimplePredicate", "SimpleSetPredicate", "CompoundPredicate" };
  const ShsPmmlElement *child;

  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (predicates); k++)
      if (shs_pmml_is (child, predicates[k]))
        return child;
  return NULL;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  double first = *(const double *)a;
  double second = *(const double *)b;

  return (first > second) - (first < second);
}

/* @values: ascending */
static void
drop_repeated (GArray *values)
{
  double *number = (double *)(void *)values->data;
  guint n = 1;

  for (guint i = 1; i < values->len; i++)
    if (number[i] != number[n - 1])
      number[n++] = number[i];
  g_array_set_size (values, n);
}

/* What a value of text or number is in the field's own terms. */
static gboolean
read_value (ShsPmml *self, const ShsPmmlField *field, const ShsPmmlElement *element,
            const char *text, double *value, GError **error)
{
  if (shs_pmml_get_code (self, field, text, value))
    return TRUE;
  return shs_pmml_fail (self, element, SHS_ERROR_INVALID, error,
                        "a predicate's value is missing or no number; export the model again");
}

static gboolean
read_simple (ShsPmml *self, const ShsPmmlElement *element, const ShsPmmlField *field,
             ShsPmmlPredicate *predicate, GError **error)
{
  static const struct
  {
    const char *word;
    ShsPmmlTestKind kind;
    gboolean is_turned;
  } operators[] = {
    { "lessThan", SHS_PMML_LESS, FALSE },         { "lessOrEqual", SHS_PMML_LESS_EQUAL, FALSE },
    { "greaterThan", SHS_PMML_LESS_EQUAL, TRUE }, { "greaterOrEqual", SHS_PMML_LESS, TRUE },
    { "equal", SHS_PMML_AMONG, FALSE },           { "notEqual", SHS_PMML_AMONG, TRUE },
    { "isMissing", SHS_PMML_MISSING, FALSE },     { "isNotMissing", SHS_PMML_MISSING, TRUE },
  };
  const char *word = shs_pmml_get (element, "operator");
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  gsize i = 0;
  double value = 0;

  while (i < G_N_ELEMENTS (operators) && g_strcmp0 (word, operators[i].word) != 0)
    i++;
  if (i == G_N_ELEMENTS (operators))
    return shs_pmml_fail (self, element, SHS_ERROR_INVALID, error,
                          "a SimplePredicate has no operator that the standard knows; export the "
                          "model again");
  predicate->test.kind = operators[i].kind;
  predicate->is_turned = operators[i].is_turned;
  if (predicate->test.kind == SHS_PMML_MISSING)
    return TRUE;
  if (!read_value (self, field, element, shs_pmml_get (element, "value"), &value, error))
    return FALSE;
  if (predicate->test.kind == SHS_PMML_AMONG)
    {
      g_array_append_val (values, value);
      predicate->test.listed = g_steal_pointer (&values);
      return TRUE;
    }
  if (field->is_text)
    return shs_pmml_refuse (self, element, "an order among the texts of a field (SimplePredicate)",
                            error);
  predicate->test.number = value;
  return TRUE;
}

/* A number is among several where it equals one of them. */
static void
part_numbers (ShsPmmlPredicate *predicate, const GArray *values)
{
  predicate->kind = predicate->is_turned ? SHS_PMML_AND : SHS_PMML_OR;
  predicate->parts = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_predicate_free);
  for (guint i = 0; i < values->len; i++)
    {
      ShsPmmlPredicate *part = g_memdup2 (predicate, sizeof *predicate);

      part->kind = SHS_PMML_ASKS;
      part->parts = NULL;
      part->start = shs_pmml_fact_copy (predicate->start);
      part->test.listed = g_array_new (FALSE, FALSE, sizeof (double));
      g_array_append_vals (part->test.listed, &g_array_index (values, double, i), 1);
      g_ptr_array_add (predicate->parts, part);
    }
}

static gboolean
read_set (ShsPmml *self, const ShsPmmlElement *element, const ShsPmmlField *field,
          ShsPmmlPredicate *predicate, GError **error)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) words = shs_pmml_split_array (shs_pmml_find (element, "Array"));

  predicate->test.kind = SHS_PMML_AMONG;
  predicate->is_turned = g_strcmp0 (shs_pmml_get (element, "booleanOperator"), "isNotIn") == 0;
  if (words->len == 0)
    return shs_pmml_fail (self, element, SHS_ERROR_INVALID, error,
                          "a SimpleSetPredicate has no values; export the model again");
  for (guint i = 0; i < words->len; i++)
    {
      double value;

      if (!read_value (self, field, element, words->pdata[i], &value, error))
        return FALSE;
      g_array_append_val (values, value);
    }
  g_array_sort (values, compare_numbers);
  drop_repeated (values);
  if (!field->is_text && values->len > 1)
    part_numbers (predicate, values);
  else
    predicate->test.listed = g_steal_pointer (&values);
  return TRUE;
}

/* The facts of one field share their list. */
static ShsPmmlFact *
start_fact (ShsPmmlField *field)
{
  ShsPmmlFact *fact = shs_pmml_fact_new (!field->never_missing);

  if (field->n_valid == 0)
    return fact;
  if (field->valid == NULL)
    {
      field->valid = g_array_new (FALSE, FALSE, sizeof (double));
      for (gsize i = 0; i < field->n_valid; i++)
        {
          double code = (double)i;

          g_array_append_val (field->valid, code);
        }
    }
  fact->listed = g_array_ref (field->valid);
  return fact;
}

static gboolean
read_test (ShsPmml *self, const ShsPmmlElement *element, ShsPmmlPredicate *predicate,
           GError **error)
{
  ShsPmmlField *field = shs_pmml_use_field (self, element, "field", error);

  if (field == NULL)
    return FALSE;
  predicate->kind = SHS_PMML_ASKS;
  predicate->set = -1;
  predicate->test.feature = field->feature;
  predicate->start = start_fact (field);
  return shs_pmml_is (element, "SimplePredicate")
             ? read_simple (self, element, field, predicate, error)
             : read_set (self, element, field, predicate, error);
}

static gboolean
read_compound (ShsPmml *self, const ShsPmmlElement *element, ShsPmmlPredicate *predicate,
               GError **error)
{
  static const struct
  {
    const char *word;
    ShsPmmlPredicateKind kind;
  } operators[] = {
    { "and", SHS_PMML_AND },
    { "or", SHS_PMML_OR },
    { "xor", SHS_PMML_XOR },
    { "surrogate", SHS_PMML_SURROGATE },
  };
  const char *word = shs_pmml_get (element, "booleanOperator");
  const ShsPmmlElement *child;
  gsize k = 0;

  while (k < G_N_ELEMENTS (operators) && g_strcmp0 (word, operators[k].word) != 0)
    k++;
  predicate->parts = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_predicate_free);
  for (guint i = 0; (child = shs_pmml_child (element, i)) != NULL; i++)
    {
      ShsPmmlPredicate *part = shs_pmml_predicate_read (self, child, error);

      if (part == NULL)
        return FALSE;
      g_ptr_array_add (predicate->parts, part);
    }
  if (k == G_N_ELEMENTS (operators) || predicate->parts->len == 0)
    return shs_pmml_fail (self, element, SHS_ERROR_INVALID, error,
                          "a CompoundPredicate has no parts or no operator that the standard "
                          "knows; export the model again");
  predicate->kind = operators[k].kind;
  return TRUE;
}

/* Recursion is as deep as the document is nested, which is bounded. */
ShsPmmlPredicate *
shs_pmml_predicate_read (ShsPmml *self, const ShsPmmlElement *element, GError **error)
{
  g_autoptr (ShsPmmlPredicate) predicate = g_new0 (ShsPmmlPredicate, 1);
  gboolean ok = TRUE;

  if (shs_pmml_is (element, "True"))
    predicate->kind = SHS_PMML_ALWAYS;
  else if (shs_pmml_is (element, "False"))
    predicate->kind = SHS_PMML_NEVER;
  else if (shs_pmml_is (element, "CompoundPredicate"))
    ok = read_compound (self, element, predicate, error);
  else if (shs_pmml_is (element, "SimplePredicate") || shs_pmml_is (element, "SimpleSetPredicate"))
    ok = read_test (self, element, predicate, error);
  else
    ok = shs_pmml_refuse (self, element, "a predicate of another kind", error);
  return ok ? g_steal_pointer (&predicate) : NULL;
}

const ShsPmmlFact *
shs_pmml_predicate_fact (const ShsPmmlPredicate *self, const ShsPmmlFacts *facts)
{
  const ShsPmmlFact *known = shs_pmml_facts_get (facts, self->test.feature);

  return known != NULL ? known : self->start;
}

static ShsPmmlTruth
turn (ShsPmmlTruth truth, gboolean is_turned)
{
  if (!is_turned || truth > SHS_PMML_TRUE)
    return truth;
  return truth == SHS_PMML_TRUE ? SHS_PMML_FALSE : SHS_PMML_TRUE;
}

static ShsPmmlTruth
ask_test (const ShsPmmlPredicate *self, const ShsPmmlFacts *facts)
{
  const ShsPmmlFact *fact = shs_pmml_predicate_fact (self, facts);

  if (self->test.kind == SHS_PMML_MISSING)
    return fact->may_miss && fact->may_be
               ? SHS_PMML_OPEN
               : turn (fact->may_miss ? SHS_PMML_TRUE : SHS_PMML_FALSE, self->is_turned);
  if (!fact->may_be)
    return SHS_PMML_UNKNOWN;
  return fact->may_miss ? SHS_PMML_OPEN
                        : turn (shs_pmml_fact_ask (fact, &self->test), self->is_turned);
}

/* @n: how many parts gave each answer; of a surrogate the first answer that is known counts, which
 * ask_parts() takes. */
static ShsPmmlTruth
combine (ShsPmmlPredicateKind kind, const guint *n)
{
  gboolean settled = kind == SHS_PMML_AND  ? n[SHS_PMML_FALSE] > 0
                     : kind == SHS_PMML_OR ? n[SHS_PMML_TRUE] > 0
                                           : n[SHS_PMML_UNKNOWN] > 0;

  if (settled)
    return kind == SHS_PMML_AND  ? SHS_PMML_FALSE
           : kind == SHS_PMML_OR ? SHS_PMML_TRUE
                                 : SHS_PMML_UNKNOWN;
  if (n[SHS_PMML_OPEN] > 0)
    return SHS_PMML_OPEN;
  if (n[SHS_PMML_UNKNOWN] > 0)
    return SHS_PMML_UNKNOWN;
  if (kind == SHS_PMML_XOR)
    return n[SHS_PMML_TRUE] % 2 == 1 ? SHS_PMML_TRUE : SHS_PMML_FALSE;
  return kind == SHS_PMML_AND ? SHS_PMML_TRUE : SHS_PMML_FALSE;
}

static ShsPmmlTruth
ask_parts (const ShsPmmlPredicate *self, const ShsPmmlFacts *facts, const ShsPmmlPredicate **open)
{
  guint n[4] = { 0 };

  for (guint i = 0; i < self->parts->len; i++)
    {
      const ShsPmmlPredicate *inner = NULL;
      ShsPmmlTruth truth = shs_pmml_predicate_ask (self->parts->pdata[i], facts, &inner);

      if (truth == SHS_PMML_OPEN && n[truth] == 0)
        *open = inner;
      n[truth]++;
      if (self->kind == SHS_PMML_SURROGATE && truth != SHS_PMML_UNKNOWN)
        return truth;
    }
  return self->kind == SHS_PMML_SURROGATE ? SHS_PMML_UNKNOWN : combine (self->kind, n);
}

ShsPmmlTruth
shs_pmml_predicate_ask (const ShsPmmlPredicate *self, const ShsPmmlFacts *facts,
                        const ShsPmmlPredicate **open)
{
  ShsPmmlTruth truth;

  if (self->kind == SHS_PMML_ALWAYS)
    return SHS_PMML_TRUE;
  if (self->kind == SHS_PMML_NEVER)
    return SHS_PMML_FALSE;
  if (self->kind != SHS_PMML_ASKS)
    return ask_parts (self, facts, open);
  truth = ask_test (self, facts);
  if (truth == SHS_PMML_OPEN)
    *open = self;
  return truth;
}
