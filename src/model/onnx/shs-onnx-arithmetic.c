/* Sums, products and functions of scores: worked into the leaves wherever that is exact. */

#include "model/onnx/shs-onnx-scores.h"

#include <math.h>

static double
add (double a, double b)
{
  return a + b;
}

static double
subtract (double a, double b)
{
  return a - b;
}

static double
multiply (double a, double b)
{
  return a * b;
}

static double
divide (double a, double b)
{
  return a / b;
}

static double
power (double a, double b)
{
  return pow (a, b);
}

static double
larger (double a, double b)
{
  return fmax (a, b);
}

static double
smaller (double a, double b)
{
  return fmin (a, b);
}

static double
is_equal (double a, double b)
{
  return a == b;
}

static double
is_greater (double a, double b)
{
  return a > b;
}

static double
is_less (double a, double b)
{
  return a < b;
}

static double
negate (double a, double b)
{
  (void)b;
  return -a;
}

static double
logarithm (double a, double b)
{
  (void)b;
  return log (a);
}

static double
root (double a, double b)
{
  (void)b;
  return sqrt (a);
}

static double
magnitude (double a, double b)
{
  (void)b;
  return fabs (a);
}

static double
opposite (double a, double b)
{
  (void)b;
  return a == 0;
}

static const struct Function
{
  const char *op;
  ShsOnnxFunction function;
  guint n_inputs;
} functions[] = {
  { "Add", add, 2 },      { "Sub", subtract, 2 },   { "Mul", multiply, 2 },
  { "Div", divide, 2 },   { "Pow", power, 2 },      { "Max", larger, 2 },
  { "Min", smaller, 2 },  { "Equal", is_equal, 2 }, { "Greater", is_greater, 2 },
  { "Less", is_less, 2 }, { "Neg", negate, 1 },     { "Log", logarithm, 1 },
  { "Sqrt", root, 1 },    { "Abs", magnitude, 1 },  { "Not", opposite, 1 },
};

static const struct Function *
find_function (const char *op)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_str_equal (op, functions[i].op))
      return &functions[i];
  return NULL;
}

/* A function of at most one tree's leaves; constants alone have a value too. Max and Min may have
 * more inputs than are followed. */
gboolean
shs_onnx_follow_function (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const struct Function *function = find_function (node->op);
  const ShsOnnxValue *a = shs_onnx_get_input (self, node, 0);
  const ShsOnnxValue *b = function->n_inputs > 1 ? shs_onnx_get_input (self, node, 1) : NULL;
  GError *problem = NULL;
  ShsOnnxValue *value = NULL;

  if (a != NULL && (b != NULL || function->n_inputs == 1)
      && node->inputs->len <= function->n_inputs)
    value = shs_onnx_scores_apply (a, b, function->function, &problem);
  return shs_onnx_set_or_give_up (self, node, value, problem, error);
}

/* A constant as scores that no tree adds to; other values as they are. */
static ShsOnnxValue *
get_scores (ShsOnnx *self, const ShsOnnxNode *node, guint i, GError **problem)
{
  ShsOnnxValue *value = shs_onnx_get_input (self, node, i);

  if (!shs_onnx_is_constant (value))
    return value != NULL ? shs_onnx_value_ref (value) : NULL;
  return shs_onnx_scores_apply (value, NULL, add, problem);
}

/* A linear value plus a constant, or trees plus trees. */
ShsOnnxValue *
shs_onnx_add_plain (const ShsOnnxValue *a, const ShsOnnxValue *b, double factor, GError **problem)
{
  ShsOnnxValue *sum;

  if (a->kind != SHS_ONNX_LINEAR)
    return shs_onnx_scores_add (a, b, factor, problem);
  if (b->kind != SHS_ONNX_SCORES || b->terms->len > 0
      || (b->n_columns != 1 && b->n_columns != a->n_columns))
    return NULL;
  sum = shs_onnx_scores_scale (a, NULL, 0, problem);
  for (gsize k = 0; sum != NULL && k < sum->n_columns; k++)
    sum->constant[k] += factor * b->constant[b->n_columns == 1 ? 0 : k];
  return sum;
}

/* 1 - p of a logistic p is the logistic of what p is of, turned round. */
static ShsOnnxValue *
find_complement (ShsOnnx *self, const ShsOnnxNode *node, GError **problem)
{
  const ShsOnnxValue *one = shs_onnx_get_input (self, node, 0);
  const ShsOnnxValue *share = shs_onnx_get_input (self, node, 1);
  const double factor = -1;
  ShsOnnxValue *to = NULL;

  if (g_str_equal (node->op, "Sub") && shs_onnx_is_constant (one) && one->array.n == 1
      && one->array.numbers[0] == 1 && shs_onnx_is_scores (share) && !share->is_binary
      && share->link == SHS_LINK_LOGISTIC)
    to = shs_onnx_scores_scale (share, &factor, 1, problem);
  if (to != NULL)
    to->link = SHS_LINK_LOGISTIC;
  return to;
}

static gboolean
follow_terms (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  double factor = g_str_equal (node->op, "Sub") ? -1 : 1;
  GError *problem = NULL;
  g_autoptr (ShsOnnxValue) sum = get_scores (self, node, 0, &problem);

  for (guint i = 1; i < node->inputs->len && problem == NULL; i++)
    {
      g_autoptr (ShsOnnxValue) next = get_scores (self, node, i, &problem);
      g_autoptr (ShsOnnxValue) before = g_steal_pointer (&sum);

      /* What keeps a sum of exponentials from being 0. */
      if (before != NULL && before->kind == SHS_ONNX_NORMALISER)
        sum = g_steal_pointer (&before);
      else if (shs_onnx_is_plain (before) && shs_onnx_is_plain (next))
        sum = next->kind == SHS_ONNX_LINEAR && factor == 1
                  ? shs_onnx_add_plain (next, before, factor, &problem)
                  : shs_onnx_add_plain (before, next, factor, &problem);
    }
  return shs_onnx_set_or_give_up (self, node, g_steal_pointer (&sum), problem, error);
}

/* Add, Sub, Sum. */
gboolean
shs_onnx_follow_sum (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  GError *failure = NULL;
  ShsOnnxValue *complement = find_complement (self, node, &failure);

  if (complement != NULL || failure != NULL)
    return shs_onnx_set_or_give_up (self, node, complement, failure, error);
  return follow_terms (self, node, error);
}

static double
invert (double a, double b)
{
  (void)b;
  return 1 / a;
}

/* exp (m) x c = exp (m + log c) */
static ShsOnnxValue *
shift_exponential (const ShsOnnxValue *scores, const ShsOnnxValue *factor, GError **problem)
{
  g_autoptr (ShsOnnxValue) summand = shs_onnx_scores_apply (factor, NULL, logarithm, problem);
  ShsOnnxValue *to = NULL;

  if (summand != NULL && isfinite (summand->constant[0]))
    to = shs_onnx_add_plain (scores, summand, 1, problem);
  if (to != NULL)
    to->link = scores->link;
  return to;
}

/* @factor: scores without trees, of which the numbers count. */
static ShsOnnxValue *
scale_plain (const ShsOnnxValue *scores, const ShsOnnxValue *factor, GError **problem)
{
  if (factor->n_columns != 1 && factor->n_columns != scores->n_columns)
    return NULL;
  return shs_onnx_scores_scale (scores, factor->constant, factor->n_columns, problem);
}

static gboolean
has_no_trees (const ShsOnnxValue *value)
{
  return value != NULL && value->kind == SHS_ONNX_SCORES && value->terms->len == 0;
}

/* Scores times a constant, in either order; anything else is a function. */
gboolean
shs_onnx_follow_product (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  GError *problem = NULL;
  g_autoptr (ShsOnnxValue) a = get_scores (self, node, 0, &problem);
  g_autoptr (ShsOnnxValue) b = problem == NULL ? get_scores (self, node, 1, &problem) : NULL;
  ShsOnnxValue *to = NULL;

  if (has_no_trees (a) && !has_no_trees (b))
    {
      ShsOnnxValue *first = g_steal_pointer (&a);

      a = g_steal_pointer (&b);
      b = first;
    }
  if (problem == NULL && has_no_trees (b) && shs_onnx_is_plain (a))
    to = scale_plain (a, b, &problem);
  else if (problem == NULL && has_no_trees (b) && shs_onnx_is_scores (a) && a->link == SHS_LINK_EXP)
    to = shift_exponential (a, b, &problem);
  else if (problem == NULL)
    return shs_onnx_follow_function (self, node, error);
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

/* exp (m_k) / sum of all exp (m): the softmax. */
static gboolean
is_softmax (const ShsOnnxValue *a, const ShsOnnxValue *b)
{
  return a != NULL && b != NULL && b->kind == SHS_ONNX_NORMALISER && b->origin == a;
}

gboolean
shs_onnx_follow_quotient (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  GError *problem = NULL;
  g_autoptr (ShsOnnxValue) a = get_scores (self, node, 0, &problem);
  g_autoptr (ShsOnnxValue) b = problem == NULL ? get_scores (self, node, 1, &problem) : NULL;
  g_autoptr (ShsOnnxValue) inverse = NULL;
  ShsOnnxValue *to = NULL;

  if (is_softmax (a, b))
    {
      to = shs_onnx_scores_scale (a, NULL, 0, &problem);
      if (to != NULL)
        to->link = SHS_LINK_SOFTMAX;
    }
  else if (problem == NULL && has_no_trees (b) && shs_onnx_is_plain (a))
    {
      inverse = shs_onnx_scores_apply (b, NULL, invert, &problem);
      to = inverse != NULL ? scale_plain (a, inverse, &problem) : NULL;
    }
  else if (problem == NULL)
    return shs_onnx_follow_function (self, node, error);
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

gboolean
shs_onnx_is_function (const char *op)
{
  return find_function (op) != NULL;
}

gboolean
shs_onnx_follow_negation (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  const double factor = -1;
  GError *problem = NULL;
  ShsOnnxValue *to = NULL;

  if (!shs_onnx_is_plain (from))
    return shs_onnx_follow_function (self, node, error);
  to = shs_onnx_scores_scale (from, &factor, 1, &problem);
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}
