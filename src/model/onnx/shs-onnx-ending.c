/* What an operation with trees does to the sum of their leaves. */

#include "model/onnx/shs-onnx-state.h"

enum
{
  SUM,
  MEAN,
};

enum
{
  NONE,
  SOFTMAX,
  LOGISTIC,
};

/* The base values are added to the mean, not divided by the number of trees. */
static gboolean
take_mean (ShsOnnxValue *scores, gsize n_trees, GError **error)
{
  for (guint i = 0; i < scores->terms->len; i++)
    {
      const ShsOnnxTerm *term = g_ptr_array_index (scores->terms, i);
      ShsOnnxTerm *mean = shs_onnx_term_new (term->tree, term->n_leaves, scores->n_columns, error);

      if (mean == NULL)
        return FALSE;
      for (gsize j = 0; j < term->n_leaves * scores->n_columns; j++)
        mean->leaves[j] = term->leaves[j] / (double)n_trees;
      shs_onnx_term_unref (g_ptr_array_index (scores->terms, i));
      g_ptr_array_index (scores->terms, i) = mean;
    }
  return TRUE;
}

/* One number for two classes is followed by its counterpart: 1 - s for shares, -s for scores that
 * may be negative. */
static gboolean
make_two_classes (ShsOnnxValue **scores, gboolean has_negative, GError **error)
{
  g_autoptr (GPtrArray) parts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_onnx_value_unref);
  g_autoptr (ShsOnnxValue) whole = shs_onnx_value_new (SHS_ONNX_SCORES, 1, error);
  ShsOnnxValue *other;
  ShsOnnxValue *both;

  if (whole == NULL)
    return FALSE;
  whole->constant[0] = has_negative ? 0 : 1;
  other = shs_onnx_scores_add (whole, *scores, -1, error);
  if (other == NULL)
    return FALSE;
  g_ptr_array_add (parts, other);
  g_ptr_array_add (parts, shs_onnx_value_ref (*scores));
  both = shs_onnx_scores_concatenate (parts, error);
  if (both == NULL)
    return FALSE;
  shs_onnx_value_unref (*scores);
  *scores = both;
  return TRUE;
}

gboolean
shs_onnx_end_trees (const ShsOnnx *self, const ShsOnnxNode *node, const ShsOnnxEnding *ending,
                    ShsOnnxValue **scores, GError **error)
{
  gboolean is_binary = ending->n_classes == 2 && (*scores)->n_columns == 1;

  if (ending->aggregate != SUM && ending->aggregate != MEAN)
    {
      shs_onnx_set_unsupported (self, node, error,
                                "takes the least or the greatest of its trees, which is no sum; "
                                "exact values exist for sums and means of trees");
      return FALSE;
    }
  if (ending->aggregate == MEAN && !take_mean (*scores, ending->n_trees, error))
    return FALSE;
  if (ending->transform == NONE)
    return !is_binary || make_two_classes (scores, ending->has_negative, error);
  if (ending->transform != LOGISTIC && (ending->transform != SOFTMAX || is_binary))
    {
      shs_onnx_set_unsupported (self, node, error,
                                "ends in a function that this version does not know; export the "
                                "model with LOGISTIC, SOFTMAX or raw scores");
      return FALSE;
    }
  (*scores)->is_binary = is_binary;
  (*scores)->link = ending->transform == LOGISTIC ? SHS_LINK_LOGISTIC : SHS_LINK_SOFTMAX;
  return TRUE;
}

gboolean
shs_onnx_read_classes (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  g_auto (ShsOnnxArray) texts = { 0 };
  g_auto (ShsOnnxArray) numbers = { 0 };
  const char *of_numbers
      = g_str_has_prefix (node->op, "Tree") ? "classlabels_int64s" : "classlabels_ints";

  if (!shs_onnx_attribute_read (self->graph, node, "classlabels_strings", &texts, error)
      || !shs_onnx_attribute_read (self->graph, node, of_numbers, &numbers, error))
    return FALSE;
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  if (texts.texts != NULL && texts.n > 0)
    self->classes = g_ptr_array_ref (texts.texts);
  else
    self->classes = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; texts.n == 0 && numbers.numbers != NULL && i < numbers.n; i++)
    g_ptr_array_add (self->classes, g_strdup_printf ("%.0f", numbers.numbers[i]));
  return TRUE;
}
