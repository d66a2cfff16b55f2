/* Operations on what trees and linear models give. What cannot be followed becomes a value of kind
 * other, which remembers the scores it came from: those can be explained. */

#include "model/onnx/shs-onnx-scores.h"

#include "core/shs-memory.h"

#include <math.h>

gboolean
shs_onnx_is_constant (const ShsOnnxValue *value)
{
  return value != NULL && value->kind == SHS_ONNX_CONSTANT && value->array.numbers != NULL;
}

gboolean
shs_onnx_is_scores (const ShsOnnxValue *value)
{
  return value != NULL && (value->kind == SHS_ONNX_SCORES || value->kind == SHS_ONNX_LINEAR);
}

gboolean
shs_onnx_is_plain (const ShsOnnxValue *value)
{
  return shs_onnx_is_scores (value) && value->link == SHS_LINK_IDENTITY && !value->is_binary;
}

/* The scores behind a value, if any. */
static ShsOnnxValue *
find_origin (ShsOnnxValue *value)
{
  if (shs_onnx_is_scores (value))
    return value;
  return value != NULL ? value->origin : NULL;
}

/* What several different scores are mixed in has no one origin that could stand for it. */
gboolean
shs_onnx_give_up (ShsOnnx *self, const ShsOnnxNode *node)
{
  ShsOnnxValue *origin = NULL;
  const char *cause = node->op;
  gboolean is_mixed = FALSE;

  for (guint i = 0; i < node->inputs->len; i++)
    {
      ShsOnnxValue *input = shs_onnx_get_input (self, node, i);
      ShsOnnxValue *of_input = find_origin (input);

      is_mixed |= origin != NULL && of_input != NULL && of_input != origin;
      origin = of_input != NULL ? of_input : origin;
      cause = input != NULL && input->op != NULL ? input->op : cause;
    }
  for (guint i = 0; i < node->outputs->len; i++)
    shs_onnx_set_output (self, node, i, shs_onnx_value_new_other (cause, is_mixed ? NULL : origin));
  return TRUE;
}

/* @value: (transfer full): NULL with an error, or without one where there is no following. */
gboolean
shs_onnx_set_or_give_up (ShsOnnx *self, const ShsOnnxNode *node, ShsOnnxValue *value,
                         GError *problem, GError **error)
{
  if (problem != NULL)
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  if (value == NULL)
    return shs_onnx_give_up (self, node);
  shs_onnx_set_output (self, node, 0, value);
  return TRUE;
}

static gboolean
follow_link (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  GError *problem = NULL;
  ShsOnnxValue *to = NULL;

  if (shs_onnx_is_plain (from))
    to = shs_onnx_scores_scale (from, NULL, 0, &problem);
  if (to != NULL)
    to->link = g_str_equal (node->op, "Sigmoid")   ? SHS_LINK_LOGISTIC
               : g_str_equal (node->op, "Softmax") ? SHS_LINK_SOFTMAX
                                                   : SHS_LINK_EXP;
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

/* Row sums of exponentials are what a softmax divides by; the mean of a stack is that of its parts.
 */
static gboolean
follow_reduction (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  ShsOnnxValue *to = NULL;
  GError *problem = NULL;

  if (shs_onnx_is_scores (from) && from->link == SHS_LINK_EXP
      && g_str_equal (node->op, "ReduceSum"))
    {
      to = shs_onnx_value_new_other (node->op, from);
      to->kind = SHS_ONNX_NORMALISER;
    }
  else if (from != NULL && from->kind == SHS_ONNX_STACK)
    {
      double factor = g_str_equal (node->op, "ReduceMean") ? 1.0 / from->parts->len : 1;
      g_autoptr (ShsOnnxValue) sum = shs_onnx_value_ref (g_ptr_array_index (from->parts, 0));

      for (guint i = 1; i < from->parts->len && sum != NULL; i++)
        {
          g_autoptr (ShsOnnxValue) before = g_steal_pointer (&sum);

          sum = shs_onnx_add_plain (before, g_ptr_array_index (from->parts, i), 1, &problem);
        }
      if (sum != NULL)
        to = shs_onnx_scores_scale (sum, &factor, 1, &problem);
    }
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

static gboolean
is_alike (const ShsOnnxValue *a, const ShsOnnxValue *b)
{
  return a->link == b->link && a->kind == b->kind;
}

/* Side by side; or one above the other, before they are averaged. */
static gboolean
follow_concatenation (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  g_autoptr (GPtrArray) parts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_onnx_value_unref);
  GError *problem = NULL;
  ShsOnnxValue *to = NULL;
  double axis;

  if (!shs_onnx_attribute_read_number (self->graph, node, "axis", 1, &axis, error))
    return FALSE;
  for (guint i = 0; i < node->inputs->len; i++)
    {
      ShsOnnxValue *part = shs_onnx_get_input (self, node, i);

      if (!shs_onnx_is_scores (part) || part->is_binary || part->link == SHS_LINK_SOFTMAX
          || (i > 0 && !is_alike (part, parts->pdata[0])))
        return shs_onnx_give_up (self, node);
      g_ptr_array_add (parts, shs_onnx_value_ref (part));
    }
  if (parts->len == 0)
    return shs_onnx_give_up (self, node);
  if (axis != 0)
    {
      to = shs_onnx_scores_concatenate (parts, &problem);
      if (to != NULL)
        to->link = ((ShsOnnxValue *)parts->pdata[0])->link;
    }
  else
    {
      to = shs_onnx_value_new (SHS_ONNX_STACK, 0, NULL);
      g_ptr_array_unref (to->parts);
      to->parts = g_steal_pointer (&parts);
    }
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

/* Columns first .. last of the scores; of one number for two classes the second is that number. */
static gboolean
follow_slice (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  const ShsOnnxValue *starts = shs_onnx_get_input (self, node, 1);
  const ShsOnnxValue *ends = shs_onnx_get_input (self, node, 2);
  const ShsOnnxValue *axes = shs_onnx_get_input (self, node, 3);
  GError *problem = NULL;
  ShsOnnxValue *to = NULL;

  if (!shs_onnx_is_scores (from) || from->link == SHS_LINK_SOFTMAX || !shs_onnx_is_constant (starts)
      || !shs_onnx_is_constant (ends) || !shs_onnx_is_constant (axes) || starts->array.n != 1
      || axes->array.n != 1 || axes->array.numbers[0] != 1 || node->inputs->len > 4)
    return shs_onnx_give_up (self, node);
  if (from->is_binary && starts->array.numbers[0] == 1)
    to = shs_onnx_scores_take (from, 0, 1, &problem);
  else if (!from->is_binary && starts->array.numbers[0] >= 0
           && starts->array.numbers[0] < MIN (ends->array.numbers[0], (double)from->n_columns))
    to = shs_onnx_scores_take (
        from, (gsize)starts->array.numbers[0],
        (gsize)(MIN (ends->array.numbers[0], (double)from->n_columns) - starts->array.numbers[0]),
        &problem);
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

/* Columns that stand side by side. */
static gboolean
follow_choice (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  const ShsOnnxValue *indices = shs_onnx_get_input (self, node, 1);
  GError *problem = NULL;
  gboolean fits = shs_onnx_is_scores (from) && from->link != SHS_LINK_SOFTMAX
                  && shs_onnx_is_constant (indices) && indices->array.n > 0;
  double first = fits ? indices->array.numbers[0] - from->is_binary : 0;
  ShsOnnxValue *to = NULL;

  for (gsize i = 1; fits && i < indices->array.n; i++)
    fits = indices->array.numbers[i] == indices->array.numbers[0] + (double)i;
  if (fits && first >= 0 && first == floor (first)
      && first + (double)indices->array.n <= (double)from->n_columns)
    to = shs_onnx_scores_take (from, (gsize)first, indices->array.n, &problem);
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

/* Divided by their sum: shares that sum to 1 stay as they are. */
static gboolean
follow_normaliser (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  gboolean is_share
      = shs_onnx_is_scores (from) && (from->link == SHS_LINK_SOFTMAX || from->is_binary);
  g_autofree char *norm = NULL;

  if (!shs_onnx_attribute_dup_text (self->graph, node, "norm", &norm, error))
    return FALSE;
  if (!is_share || g_strcmp0 (norm, "L1") != 0)
    return shs_onnx_give_up (self, node);
  shs_onnx_set_output (self, node, 0, shs_onnx_value_ref (from));
  return TRUE;
}

static gboolean
follow_argmax (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  GError *problem = NULL;
  ShsOnnxValue *to = NULL;

  if (shs_onnx_is_plain (from))
    to = shs_onnx_scores_find_largest (from, &problem);
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

static double
add (double a, double b)
{
  return a + b;
}

static double
multiply (double a, double b)
{
  return a * b;
}

static double
opposite (double a, double b)
{
  (void)b;
  return a == 0;
}

/* Where (c, a, b) = c x a + (1 - c) x b, for leaves of one tree. */
static gboolean
follow_where (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *condition = shs_onnx_get_input (self, node, 0);
  ShsOnnxValue *a = shs_onnx_get_input (self, node, 1);
  ShsOnnxValue *b = shs_onnx_get_input (self, node, 2);
  GError *problem = NULL;
  g_autoptr (ShsOnnxValue) yes = NULL;
  g_autoptr (ShsOnnxValue) otherwise = NULL;
  g_autoptr (ShsOnnxValue) no = NULL;
  ShsOnnxValue *to = NULL;

  if (shs_onnx_is_plain (condition) && a != NULL && b != NULL)
    {
      yes = shs_onnx_scores_apply (condition, a, multiply, &problem);
      if (yes != NULL)
        otherwise = shs_onnx_scores_apply (condition, NULL, opposite, &problem);
      if (otherwise != NULL)
        no = shs_onnx_scores_apply (otherwise, b, multiply, &problem);
      if (no != NULL)
        to = shs_onnx_scores_apply (yes, no, add, &problem);
    }
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

static gboolean
follow_shape (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  (void)error;
  shs_onnx_set_output (self, node, 0, shs_onnx_value_new (SHS_ONNX_SHAPE, 0, NULL));
  return TRUE;
}

/* As many equal numbers as are needed: one stands for them. */
static gboolean
follow_constant_of_shape (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  g_autoptr (ShsOnnxValue) to = shs_onnx_value_new (SHS_ONNX_CONSTANT, 1, NULL);

  if (!shs_onnx_attribute_read (self->graph, node, "value", &to->array, error))
    return FALSE;
  if (to->array.n == 0)
    {
      shs_onnx_array_clear (&to->array);
      to->array.numbers = shs_alloc0 (1, sizeof (double), error);
      to->array.n = 1;
    }
  if (to->array.numbers == NULL || to->array.n != 1)
    return shs_onnx_give_up (self, node);
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&to));
  return TRUE;
}

/* A table of the leaves' numbers. */
static gboolean
follow_lookup (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  g_auto (ShsOnnxLabels) labels = { 0 };
  g_autoptr (ShsMapTable) table = NULL;
  GError *problem = NULL;
  ShsOnnxValue *to = NULL;

  if (!shs_onnx_is_plain (from) || from->kind != SHS_ONNX_SCORES || from->terms->len != 1)
    return shs_onnx_give_up (self, node);
  if (!shs_onnx_read_labels (self, node, &labels, error))
    return FALSE;
  if (labels.keys.numbers == NULL)
    return shs_onnx_give_up (self, node);
  table = shs_map_table_new (labels.keys.numbers, labels.values.numbers, labels.keys.n,
                             labels.otherwise, labels.otherwise, error);
  if (table == NULL)
    return FALSE;
  to = shs_onnx_scores_apply (from, NULL, add, &problem);
  if (to != NULL)
    {
      ShsOnnxTerm *term = g_ptr_array_index (to->terms, 0);

      for (gsize i = 0; i < term->n_leaves * to->n_columns; i++)
        term->leaves[i] = shs_map_table_look_up (table, term->leaves[i]);
    }
  return shs_onnx_set_or_give_up (self, node, to, problem, error);
}

static gboolean
follow_unchanged (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);

  (void)error;
  if (from == NULL)
    return shs_onnx_give_up (self, node);
  shs_onnx_set_output (self, node, 0, shs_onnx_value_ref (from));
  return TRUE;
}

static gboolean
follow_unknown (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  (void)error;
  return shs_onnx_give_up (self, node);
}

ShsOnnxOperation
shs_onnx_find_score_operation (const char *op)
{
  static const struct
  {
    const char *op;
    ShsOnnxOperation operation;
  } operations[] = {
    { "Add", shs_onnx_follow_sum },
    { "Sub", shs_onnx_follow_sum },
    { "Sum", shs_onnx_follow_sum },
    { "Mul", shs_onnx_follow_product },
    { "Div", shs_onnx_follow_quotient },
    { "Sigmoid", follow_link },
    { "Neg", shs_onnx_follow_negation },
    { "Softmax", follow_link },
    { "Exp", follow_link },
    { "ReduceSum", follow_reduction },
    { "ReduceMean", follow_reduction },
    { "Concat", follow_concatenation },
    { "Slice", follow_slice },
    { "ArgMax", follow_argmax },
    { "Where", follow_where },
    { "Shape", follow_shape },
    { "ConstantOfShape", follow_constant_of_shape },
    { "LabelEncoder", follow_lookup },
    { "Cast", follow_unchanged },
    { "Identity", follow_unchanged },
    { "Reshape", follow_unchanged },
    { "Squeeze", follow_unchanged },
    { "Unsqueeze", follow_unchanged },
    { "Flatten", follow_unchanged },
    { "ZipMap", follow_unchanged },
    { "Normalizer", follow_normaliser },
    { "ArrayFeatureExtractor", follow_choice },
    { "Gather", follow_choice },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (op, operations[i].op))
      return operations[i].operation;
  return shs_onnx_is_function (op) ? shs_onnx_follow_function : follow_unknown;
}
