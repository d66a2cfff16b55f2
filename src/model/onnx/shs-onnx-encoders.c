/* Operations that turn categories into numbers. */

#include "model/onnx/shs-onnx-state.h"

#include "core/shs-memory.h"

/* Column by category: 1 where it is that one. */
static gboolean
add_indicators (ShsOnnx *self, const ShsOnnxNode *node, gsize feature, const ShsOnnxArray *cats,
                ShsOnnxValue *to, gsize first, GError **error)
{
  for (gsize i = 0; i < cats->n; i++)
    {
      double code
          = cats->numbers != NULL
                ? cats->numbers[i]
                : (double)shs_onnx_get_code (self, feature, g_ptr_array_index (cats->texts, i));

      if (cats->texts != NULL && code < 0)
        {
          shs_onnx_set_unsupported (self, node, error,
                                    "it encodes texts that were prepared before; export the model "
                                    "without that step");
          return FALSE;
        }
      if (!shs_onnx_add_feature (self, node, feature, error))
        return FALSE;
      shs_onnx_append (self, SHS_MAP_EQUALS, code, 0);
      to->features[first + i] = shs_feature_map_get_n_features (self->map) - 1;
    }
  return TRUE;
}

gboolean
shs_onnx_follow_one_hot (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  g_auto (ShsOnnxArray) cats = { 0 };
  g_autoptr (ShsOnnxValue) to = NULL;
  gsize n_columns;

  if (!shs_onnx_attribute_read (self->graph, node, "cats_strings", &cats, error))
    return FALSE;
  if (cats.n == 0)
    {
      shs_onnx_array_clear (&cats);
      if (!shs_onnx_attribute_read (self->graph, node, "cats_int64s", &cats, error))
        return FALSE;
    }
  if (cats.n == 0 || !shs_size_multiply (cats.n, from->n_columns, &n_columns))
    {
      shs_onnx_set_invalid (self, node, error, "it has no categories");
      return FALSE;
    }
  to = shs_onnx_value_new (SHS_ONNX_COLUMNS, n_columns, error);
  for (gsize k = 0; to != NULL && k < from->n_columns; k++)
    if (!add_indicators (self, node, from->features[k], &cats, to, k * cats.n, error))
      return FALSE;
  if (to == NULL)
    return FALSE;
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&to));
  return TRUE;
}

/* The first of several lists that the node has. */
static gboolean
read_first (ShsOnnx *self, const ShsOnnxNode *node, const char *const *names, gsize n,
            ShsOnnxArray *array, GError **error)
{
  for (gsize i = 0; i < n && array->n == 0; i++)
    {
      shs_onnx_array_clear (array);
      if (!shs_onnx_attribute_read (self->graph, node, names[i], array, error))
        return FALSE;
    }
  return TRUE;
}

void
shs_onnx_labels_clear (ShsOnnxLabels *self)
{
  shs_onnx_array_clear (&self->keys);
  shs_onnx_array_clear (&self->values);
}

gboolean
shs_onnx_read_labels (ShsOnnx *self, const ShsOnnxNode *node, ShsOnnxLabels *labels, GError **error)
{
  static const char *const keys[]
      = { "keys_strings", "keys_int64s", "keys_floats", "keys_tensor", "classes_strings" };
  static const char *const values[]
      = { "values_floats", "values_int64s", "values_tensor", "values_strings" };
  static const char *const defaults[] = { "default_float", "default_tensor", "default_int64" };
  g_auto (ShsOnnxArray) otherwise = { 0 };

  if (!read_first (self, node, keys, G_N_ELEMENTS (keys), &labels->keys, error)
      || !read_first (self, node, values, G_N_ELEMENTS (values), &labels->values, error)
      || !read_first (self, node, defaults, G_N_ELEMENTS (defaults), &otherwise, error))
    return FALSE;
  labels->otherwise = labels->values.type == SHS_ONNX_INT64 ? -1 : 0;
  if (otherwise.numbers != NULL && otherwise.n > 0)
    labels->otherwise = otherwise.numbers[0];
  if (labels->keys.n > 0 && labels->values.n == labels->keys.n && labels->values.numbers != NULL)
    return TRUE;
  shs_onnx_set_unsupported (self, node, error,
                            "it does not turn values into numbers one by one, which cannot be "
                            "followed; export the model without it");
  return FALSE;
}

static gboolean
find_codes (ShsOnnx *self, const ShsOnnxNode *node, gsize feature, const ShsOnnxLabels *labels,
            double *codes, GError **error)
{
  for (gsize i = 0; i < labels->keys.n; i++)
    {
      codes[i] = labels->keys.numbers != NULL
                     ? labels->keys.numbers[i]
                     : (double)shs_onnx_get_code (self, feature,
                                                  g_ptr_array_index (labels->keys.texts, i));
      if (labels->keys.texts != NULL && codes[i] < 0)
        {
          shs_onnx_set_unsupported (self, node, error,
                                    "it encodes texts that were prepared before; export the model "
                                    "without that step");
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
label_column (ShsOnnx *self, const ShsOnnxNode *node, gsize k, gpointer data, GError **error)
{
  const ShsOnnxLabels *labels = data;
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  SHS_AUTOFREE double *codes = shs_alloc (labels->keys.n, sizeof *codes, error);
  ShsMapTable *table;

  if (codes == NULL || !find_codes (self, node, from->features[k], labels, codes, error))
    return FALSE;
  table = shs_map_table_new (codes, labels->values.numbers, labels->keys.n, labels->otherwise,
                             labels->otherwise, error);
  if (table == NULL)
    return FALSE;
  shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
  shs_map_table_unref (table);
  return TRUE;
}

gboolean
shs_onnx_follow_label_encoder (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  g_auto (ShsOnnxLabels) labels = { 0 };

  return shs_onnx_read_labels (self, node, &labels, error)
         && shs_onnx_prepare (self, node, label_column, &labels, error);
}
