/* Operations that make one feature of several: counts of bins, products. */

#include "model/onnx/shs-onnx-state.h"

#include "core/shs-memory.h"

#include <math.h>

/* A column and many numbers: one feature for each number, 1 where the column is less. Missing is
 * not less. */
gboolean
shs_onnx_follow_less (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  const ShsOnnxValue *limits = shs_onnx_get_input (self, node, 1);
  g_autoptr (ShsOnnxValue) to = NULL;

  if (from->n_columns != 1 || limits == NULL || limits->kind != SHS_ONNX_CONSTANT
      || limits->array.numbers == NULL)
    {
      shs_onnx_set_output (self, node, 0, shs_onnx_value_new_other (node->op, NULL));
      return TRUE;
    }
  to = shs_onnx_value_new (SHS_ONNX_COLUMNS, limits->array.n, error);
  for (gsize k = 0; to != NULL && k < to->n_columns; k++)
    {
      if (!shs_onnx_add_feature (self, node, from->features[0], error))
        return FALSE;
      shs_onnx_append (self, SHS_MAP_MULTIPLY, -1, 0);
      shs_onnx_append (self, SHS_MAP_GREATER, -limits->array.numbers[k], 0);
      shs_onnx_append (self, SHS_MAP_IMPUTE, 0, 0);
      to->features[k] = shs_feature_map_get_n_features (self->map) - 1;
    }
  if (to == NULL)
    return FALSE;
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&to));
  return TRUE;
}

/* As many columns as @data says. */
static void
find_largest (gconstpointer data, const double *const *columns, gsize n_rows, double *out)
{
  gsize n = GPOINTER_TO_SIZE (data);

  for (gsize i = 0; i < n_rows; i++)
    {
      gsize largest = 0;

      for (gsize k = 1; k < n; k++)
        if (columns[k][i] > columns[largest][i])
          largest = k;
      out[i] = (double)largest;
    }
}

static void
multiply (gconstpointer data, const double *const *columns, gsize n_rows, double *out)
{
  gsize n = GPOINTER_TO_SIZE (data);

  for (gsize i = 0; i < n_rows; i++)
    {
      float product = (float)columns[0][i];

      for (gsize k = 1; k < n; k++)
        product *= (float)columns[k][i];
      out[i] = product;
    }
}

static gboolean
combine (ShsOnnx *self, const ShsOnnxNode *node, ShsMapFunc function, GError **error)
{
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  g_autoptr (ShsOnnxValue) to = shs_onnx_value_new (SHS_ONNX_COLUMNS, 1, error);

  if (to == NULL)
    return FALSE;
  if (from->n_columns == 0)
    {
      shs_onnx_set_invalid (self, node, error, "it has no columns");
      return FALSE;
    }
  if (!shs_onnx_combine_features (self, node, from, function, error))
    return FALSE;
  to->features[0] = shs_feature_map_get_n_features (self->map) - 1;
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&to));
  return TRUE;
}

/* KBinsDiscretizer counts by it. */
gboolean
shs_onnx_follow_argmax (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  return combine (self, node, find_largest, error);
}

/* PolynomialFeatures: each product is one feature of all its columns. */
gboolean
shs_onnx_follow_row_product (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  return combine (self, node, multiply, error);
}
