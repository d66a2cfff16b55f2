/* LinearRegressor and LinearClassifier. Source: the operators' pages of ai.onnx.ml, version 1. */

#include "model/onnx/shs-onnx-state.h"

#include "core/shs-memory.h"

#include <string.h>

static gboolean
read_link (ShsOnnx *self, const ShsOnnxNode *node, ShsOnnxValue *value, GError **error)
{
  g_autofree char *how = NULL;

  if (!shs_onnx_attribute_dup_text (self->graph, node, "post_transform", &how, error))
    return FALSE;
  if (how == NULL || g_str_equal (how, "NONE"))
    return TRUE;
  if (!g_str_equal (how, "LOGISTIC") && !g_str_equal (how, "SOFTMAX"))
    {
      shs_onnx_set_unsupported (self, node, error,
                                "it ends in a function that this version does not know; export "
                                "the model with LOGISTIC, SOFTMAX or raw scores");
      return FALSE;
    }
  value->link = g_str_equal (how, "LOGISTIC") ? SHS_LINK_LOGISTIC : SHS_LINK_SOFTMAX;
  value->is_binary = value->n_columns == 1;
  return TRUE;
}

ShsOnnxValue *
shs_onnx_make_linear (const ShsOnnxValue *columns, const double *weights, gsize n_columns,
                      const double *constants, GError **error)
{
  gsize n = columns->n_columns;
  g_autoptr (ShsOnnxValue) value = shs_onnx_value_new (SHS_ONNX_LINEAR, n_columns, error);
  gsize n_weights;

  if (value == NULL)
    return NULL;
  value->n_features = n;
  value->features = shs_alloc (n, sizeof (gsize), error);
  if (value->features == NULL)
    return NULL;
  memcpy (value->features, columns->features, n * sizeof (gsize));
  if (!shs_size_multiply (n, n_columns, &n_weights))
    n_weights = G_MAXSIZE;
  value->weights = shs_alloc (n_weights, sizeof (double), error);
  if (value->weights == NULL)
    return NULL;
  for (gsize k = 0; k < n_columns; k++)
    {
      value->constant[k] = constants != NULL ? constants[k] : 0;
      for (gsize j = 0; j < n; j++)
        value->weights[j * n_columns + k] = weights[k * n + j];
    }
  return g_steal_pointer (&value);
}

/* Columns times a matrix of the file, of one row a column. */
gboolean
shs_onnx_follow_matrix (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *columns = shs_onnx_get_input (self, node, 0);
  const ShsOnnxValue *matrix = shs_onnx_get_input (self, node, 1);
  ShsOnnxValue *value;
  gsize n;

  if (matrix == NULL || matrix->kind != SHS_ONNX_CONSTANT || matrix->array.numbers == NULL
      || matrix->array.n == 0 || columns->n_columns == 0
      || matrix->array.n % columns->n_columns != 0)
    {
      shs_onnx_set_output (self, node, 0, shs_onnx_value_new_other (node->op, NULL));
      return TRUE;
    }
  n = matrix->array.n / columns->n_columns;
  value = shs_onnx_make_linear (columns, matrix->array.numbers, n, NULL, error);
  if (value == NULL)
    return FALSE;
  memcpy (value->weights, matrix->array.numbers, matrix->array.n * sizeof (double));
  value->op = g_strdup (node->op);
  shs_onnx_set_output (self, node, 0, value);
  return TRUE;
}

gboolean
shs_onnx_read_linear (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *columns = shs_onnx_get_input (self, node, 0);
  gboolean is_classifier = g_str_equal (node->op, "LinearClassifier");
  g_auto (ShsOnnxArray) coefficients = { 0 };
  g_auto (ShsOnnxArray) intercepts = { 0 };
  g_autoptr (ShsOnnxValue) value = NULL;

  if (!shs_onnx_check_columns (self, node, error)
      || !shs_onnx_attribute_read (self->graph, node, "coefficients", &coefficients, error)
      || !shs_onnx_attribute_read (self->graph, node, "intercepts", &intercepts, error)
      || (is_classifier && !shs_onnx_read_classes (self, node, error)))
    return FALSE;
  if (coefficients.numbers == NULL || coefficients.n == 0
      || coefficients.n % MAX (columns->n_columns, 1) != 0
      || (intercepts.n > 0
          && (intercepts.numbers == NULL || intercepts.n != coefficients.n / columns->n_columns)))
    {
      shs_onnx_set_invalid (self, node, error,
                            "its weights do not fit its %" G_GSIZE_FORMAT " columns",
                            columns->n_columns);
      return FALSE;
    }
  value = shs_onnx_make_linear (columns, coefficients.numbers, coefficients.n / columns->n_columns,
                                intercepts.n > 0 ? intercepts.numbers : NULL, error);
  if (value == NULL || !read_link (self, node, value, error))
    return FALSE;
  if (is_classifier)
    shs_onnx_set_output (self, node, 0, shs_onnx_value_new_other (node->op, value));
  shs_onnx_set_output (self, node, is_classifier ? 1 : 0, g_steal_pointer (&value));
  return TRUE;
}
