/* Operations that choose columns, put them side by side, or leave them as they are. */

#include "model/onnx/shs-onnx-state.h"

#include "core/shs-memory.h"

static gboolean
choose_columns (ShsOnnx *self, const ShsOnnxNode *node, const ShsOnnxArray *indices, GError **error)
{
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  g_autoptr (ShsOnnxValue) to = shs_onnx_value_new (SHS_ONNX_COLUMNS, indices->n, error);

  for (gsize i = 0; to != NULL && i < indices->n; i++)
    {
      double index = indices->numbers[i] < 0 ? indices->numbers[i] + (double)from->n_columns
                                             : indices->numbers[i];

      if (!(index >= 0 && index < (double)from->n_columns))
        {
          shs_onnx_set_invalid (self, node, error, "it takes column %g of %" G_GSIZE_FORMAT,
                                indices->numbers[i], from->n_columns);
          return FALSE;
        }
      to->features[i] = from->features[(gsize)index];
    }
  if (to == NULL)
    return FALSE;
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&to));
  return TRUE;
}

/* Gather along the columns, ArrayFeatureExtractor. */
gboolean
shs_onnx_follow_choice (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *indices = shs_onnx_get_input (self, node, 1);

  if (indices == NULL || indices->kind != SHS_ONNX_CONSTANT || indices->array.numbers == NULL)
    {
      shs_onnx_set_unsupported (self, node, error,
                                "it chooses columns while the model runs, which cannot be "
                                "followed; export the model without it");
      return FALSE;
    }
  return choose_columns (self, node, &indices->array, error);
}

/* A number that all rows have is a feature too: of the first column, whatever that is. */
static gboolean
place_constants (ShsOnnx *self, const ShsOnnxNode *node, const ShsOnnxArray *numbers,
                 gsize *features, GError **error)
{
  for (gsize i = 0; i < numbers->n; i++)
    {
      if (!shs_onnx_add_feature (self, node, 0, error))
        return FALSE;
      shs_onnx_append (self, SHS_MAP_IS_MISSING, 0, 0);
      shs_onnx_append (self, SHS_MAP_MULTIPLY, 0, 0);
      shs_onnx_append (self, SHS_MAP_ADD, numbers->numbers[i], 0);
      features[i] = shs_feature_map_get_n_features (self->map) - 1;
    }
  return TRUE;
}

/* How many columns a part of a row has; FALSE for what is none. */
static gboolean
count_columns (const ShsOnnxValue *part, gsize *n)
{
  if (part == NULL
      || (part->kind != SHS_ONNX_COLUMNS
          && (part->kind != SHS_ONNX_CONSTANT || part->array.numbers == NULL)))
    return FALSE;
  *n = part->kind == SHS_ONNX_COLUMNS ? part->n_columns : part->array.n;
  return TRUE;
}

gboolean
shs_onnx_follow_concat (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  g_autoptr (ShsOnnxValue) to = NULL;
  gsize n = 0;

  for (guint i = 0; i < node->inputs->len; i++)
    {
      gsize n_part;

      if (!count_columns (shs_onnx_get_input (self, node, i), &n_part))
        {
          shs_onnx_set_output (self, node, 0, shs_onnx_value_new_other (node->op, NULL));
          return TRUE;
        }
      if (!shs_size_add (n, n_part, &n))
        n = G_MAXSIZE;
    }
  to = shs_onnx_value_new (SHS_ONNX_COLUMNS, n, error);
  if (to == NULL)
    return FALSE;
  n = 0;
  for (guint i = 0; i < node->inputs->len; i++)
    {
      const ShsOnnxValue *part = shs_onnx_get_input (self, node, i);

      if (part->kind == SHS_ONNX_CONSTANT
          && !place_constants (self, node, &part->array, to->features + n, error))
        return FALSE;
      for (gsize k = 0; part->kind == SHS_ONNX_COLUMNS && k < part->n_columns; k++)
        to->features[n + k] = part->features[k];
      n += part->kind == SHS_ONNX_CONSTANT ? part->array.n : part->n_columns;
    }
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&to));
  return TRUE;
}

/* Sizes change nothing as long as each row keeps its columns. */
gboolean
shs_onnx_follow_reshape (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  const ShsOnnxValue *shape = shs_onnx_get_input (self, node, 1);
  gboolean keeps = shape != NULL && shape->kind == SHS_ONNX_CONSTANT && shape->array.n > 0
                   && shape->array.numbers != NULL;

  (void)error;
  if (keeps)
    {
      double last = shape->array.numbers[shape->array.n - 1];

      keeps = last == (double)from->n_columns || (last == -1 && from->n_columns == 1);
    }
  shs_onnx_set_output (
      self, node, 0, keeps ? shs_onnx_value_ref (from) : shs_onnx_value_new_other (node->op, NULL));
  return TRUE;
}

gboolean
shs_onnx_follow_identity (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  (void)error;
  shs_onnx_set_output (self, node, 0, shs_onnx_value_ref (shs_onnx_get_input (self, node, 0)));
  return TRUE;
}
