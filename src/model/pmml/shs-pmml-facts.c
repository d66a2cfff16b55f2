#include "model/pmml/shs-pmml-facts.h"

#include <math.h>

typedef struct
{
  gint32 feature;
  ShsPmmlFact *before;
} Step;

/* @present: ShsPmmlFact by feature; @steps: what each push put aside */
struct _ShsPmmlFacts
{
  GHashTable *present;
  GArray *steps;
};

ShsPmmlFacts *
shs_pmml_facts_new (void)
{
  ShsPmmlFacts *self = g_new (ShsPmmlFacts, 1);

  self->present = g_hash_table_new (NULL, NULL);
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  return self;
}

void
shs_pmml_facts_free (ShsPmmlFacts *self)
{
  if (self == NULL)
    return;
  shs_pmml_facts_pop_to (self, 0);
  g_hash_table_unref (self->present);
  g_array_unref (self->steps);
  g_free (self);
}

const ShsPmmlFact *
shs_pmml_facts_get (const ShsPmmlFacts *self, gint32 feature)
{
  return g_hash_table_lookup (self->present, GINT_TO_POINTER (feature));
}

void
shs_pmml_facts_push (ShsPmmlFacts *self, gint32 feature, ShsPmmlFact *fact)
{
  Step step = { feature, g_hash_table_lookup (self->present, GINT_TO_POINTER (feature)) };

  g_array_append_val (self->steps, step);
  g_hash_table_insert (self->present, GINT_TO_POINTER (feature), fact);
}

void
shs_pmml_facts_go_on (ShsPmmlFacts *self, guint mark, gint32 feature, ShsPmmlFact *fact)
{
  gpointer key = GINT_TO_POINTER (feature);

  if (self->steps->len <= mark
      || g_array_index (self->steps, Step, self->steps->len - 1).feature != feature)
    {
      shs_pmml_facts_push (self, feature, fact);
      return;
    }
  shs_pmml_fact_free (g_hash_table_lookup (self->present, key));
  g_hash_table_insert (self->present, key, fact);
}

guint
shs_pmml_facts_mark (const ShsPmmlFacts *self)
{
  return self->steps->len;
}

void
shs_pmml_facts_pop_to (ShsPmmlFacts *self, guint mark)
{
  while (self->steps->len > mark)
    {
      Step step = g_array_index (self->steps, Step, self->steps->len - 1);
      gpointer key = GINT_TO_POINTER (step.feature);

      shs_pmml_fact_free (g_hash_table_lookup (self->present, key));
      if (step.before != NULL)
        g_hash_table_insert (self->present, key, step.before);
      else
        g_hash_table_remove (self->present, key);
      g_array_set_size (self->steps, self->steps->len - 1);
    }
}

ShsPmmlFact *
shs_pmml_fact_new (gboolean may_miss)
{
  ShsPmmlFact *self = g_new (ShsPmmlFact, 1);

  *self = (ShsPmmlFact){ .may_miss = may_miss, .may_be = TRUE, .low = -INFINITY, .high = INFINITY };
  return self;
}

ShsPmmlFact *
shs_pmml_fact_copy (const ShsPmmlFact *self)
{
  ShsPmmlFact *copy = g_memdup2 (self, sizeof *self);

  if (copy->listed != NULL)
    g_array_ref (copy->listed);
  copy->excluded = shs_pmml_exclusions_copy (&self->excluded);
  return copy;
}

void
shs_pmml_fact_free (ShsPmmlFact *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->listed, g_array_unref);
  shs_pmml_exclusions_clear (&self->excluded);
  g_free (self);
}

static gboolean
contains (const GArray *listed, double value)
{
  guint low = 0;
  guint high = listed != NULL ? listed->len : 0;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (listed, double, middle) < value)
        low = middle + 1;
      else
        high = middle;
    }
  return listed != NULL && low < listed->len && g_array_index (listed, double, low) == value;
}

/* Whether what is listed and excluded leaves @value. */
static gboolean
is_left (const ShsPmmlFact *self, double value)
{
  return (self->listed == NULL || contains (self->listed, value))
         && !shs_pmml_exclusions_has (&self->excluded, value);
}

static gboolean
is_inside (const ShsPmmlFact *self, double value)
{
  return (value > self->low || (value == self->low && !self->low_open))
         && (value < self->high || (value == self->high && !self->high_open));
}

static ShsPmmlTruth
ask_whether_less (const ShsPmmlFact *self, double number, gboolean or_equal)
{
  if (or_equal ? self->high <= number
               : self->high < number || (self->high == number && self->high_open))
    return SHS_PMML_TRUE;
  if (or_equal ? self->low > number || (self->low == number && self->low_open)
               : self->low >= number)
    return SHS_PMML_FALSE;
  return SHS_PMML_OPEN;
}

static ShsPmmlTruth
ask_whether_among (const ShsPmmlFact *self, const GArray *listed)
{
  for (guint i = 0; i < listed->len; i++)
    {
      double value = g_array_index (listed, double, i);

      if (is_inside (self, value) && is_left (self, value))
        return self->low == self->high ? SHS_PMML_TRUE : SHS_PMML_OPEN;
    }
  return SHS_PMML_FALSE;
}

static gboolean
answers_yes (double value, const ShsPmmlTest *test)
{
  if (test->kind == SHS_PMML_AMONG)
    return contains (test->listed, value);
  return test->kind == SHS_PMML_LESS ? value < test->number : value <= test->number;
}

static guint
count_left (const ShsPmmlFact *self, const GArray *of)
{
  guint n = 0;

  for (guint i = 0; i < of->len; i++)
    n += is_left (self, g_array_index (of, double, i));
  return n;
}

/* Each of the values that are left; of many, where one is asked for, that one alone. */
static ShsPmmlTruth
ask_each (const ShsPmmlFact *self, const ShsPmmlTest *test)
{
  guint n_left = 0;
  guint n_yes = 0;

  if (test->kind == SHS_PMML_AMONG && self->low == -INFINITY && self->high == INFINITY)
    {
      n_yes = count_left (self, test->listed);
      n_left = self->listed->len - self->excluded.n;
      return n_yes == 0 ? SHS_PMML_FALSE : n_yes >= n_left ? SHS_PMML_TRUE : SHS_PMML_OPEN;
    }
  for (guint i = 0; i < self->listed->len; i++)
    {
      double value = g_array_index (self->listed, double, i);
      gboolean counts = is_inside (self, value) && is_left (self, value);

      n_left += counts;
      n_yes += counts && answers_yes (value, test);
    }
  return n_yes == 0 ? SHS_PMML_FALSE : n_yes == n_left ? SHS_PMML_TRUE : SHS_PMML_OPEN;
}

ShsPmmlTruth
shs_pmml_fact_ask (const ShsPmmlFact *self, const ShsPmmlTest *test)
{
  if (self->listed != NULL)
    return ask_each (self, test);
  if (test->kind == SHS_PMML_AMONG)
    return ask_whether_among (self, test->listed);
  return ask_whether_less (self, test->number, test->kind == SHS_PMML_LESS_EQUAL);
}

static void
keep_among (ShsPmmlFact *self, const GArray *listed)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < listed->len; i++)
    {
      double value = g_array_index (listed, double, i);

      if (is_left (self, value))
        g_array_append_val (kept, value);
    }
  g_clear_pointer (&self->listed, g_array_unref);
  shs_pmml_exclusions_clear (&self->excluded);
  self->listed = kept;
}

static void
exclude (ShsPmmlFact *self, const GArray *listed)
{
  for (guint i = 0; i < listed->len; i++)
    {
      double value = g_array_index (listed, double, i);

      if (is_left (self, value))
        shs_pmml_exclusions_add (&self->excluded, value);
    }
}

ShsPmmlFact *
shs_pmml_fact_answer (const ShsPmmlFact *self, const ShsPmmlTest *test, gboolean answer)
{
  ShsPmmlFact *known = shs_pmml_fact_copy (self);

  known->may_miss = FALSE;
  if (test->kind == SHS_PMML_AMONG && answer)
    keep_among (known, test->listed);
  else if (test->kind == SHS_PMML_AMONG)
    exclude (known, test->listed);
  else if (answer)
    {
      known->high = test->number;
      known->high_open = test->kind == SHS_PMML_LESS;
    }
  else
    {
      known->low = test->number;
      known->low_open = test->kind == SHS_PMML_LESS_EQUAL;
    }
  return known;
}
