#include "model/onnx/shs-onnx-state.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"

/* No real pipeline prepares so many; a file made to exhaust the machine would. */
#define MAX_FEATURES 4000000
/* Of source_of: a column with steps, a feature made of several. */
#define PREPARED -1
#define COMBINED -2

static void
set_error (const ShsOnnx *self, const ShsOnnxNode *node, GError **error, ShsError code,
           const char *what, const char *advice)
{
  g_autofree char *op = shs_name_shown (node->op);
  g_autofree char *output = shs_name_shown (
      node->outputs->len > 0 ? (const char *)g_ptr_array_index (node->outputs, 0) : "");

  g_set_error (error, SHS_ERROR, code, "%s: the operation %s that gives %s: %s%s", self->name, op,
               output, what, advice);
}

void
shs_onnx_set_invalid (const ShsOnnx *self, const ShsOnnxNode *node, GError **error,
                      const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  set_error (self, node, error, SHS_ERROR_INVALID, what,
             "; the file is damaged or was edited: export the model again");
}

void
shs_onnx_set_unsupported (const ShsOnnx *self, const ShsOnnxNode *node, GError **error,
                          const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  set_error (self, node, error, SHS_ERROR_UNSUPPORTED, what, "");
}

ShsOnnxValue *
shs_onnx_get_input (const ShsOnnx *self, const ShsOnnxNode *node, guint i)
{
  if (i >= node->inputs->len)
    return NULL;
  return g_hash_table_lookup (self->values, g_ptr_array_index (node->inputs, i));
}

void
shs_onnx_set_output (ShsOnnx *self, const ShsOnnxNode *node, guint i, ShsOnnxValue *value)
{
  if (i >= node->outputs->len)
    {
      shs_onnx_value_unref (value);
      return;
    }
  g_hash_table_replace (self->values, g_strdup (g_ptr_array_index (node->outputs, i)), value);
}

gboolean
shs_onnx_check_columns (const ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *columns = shs_onnx_get_input (self, node, 0);
  g_autofree char *op = NULL;

  if (columns != NULL && columns->kind == SHS_ONNX_COLUMNS)
    return TRUE;
  op = columns != NULL && columns->op != NULL ? shs_name_shown (columns->op)
                                              : g_strdup ("another model");
  shs_onnx_set_unsupported (self, node, error,
                            "it works on data prepared by %s, which cannot be followed; export "
                            "the model without that step and prepare the data before",
                            op);
  return FALSE;
}

static gboolean
check_features (const ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  if (shs_feature_map_get_n_features (self->map) < MAX_FEATURES)
    return TRUE;
  shs_onnx_set_unsupported (self, node, error,
                            "the data are prepared in more than %d steps; export the model "
                            "without its preparation",
                            MAX_FEATURES);
  return FALSE;
}

gboolean
shs_onnx_add_feature (ShsOnnx *self, const ShsOnnxNode *node, gsize feature, GError **error)
{
  gssize prepared
      = g_array_index (self->source_of, gssize, feature) == COMBINED ? COMBINED : PREPARED;

  if (!check_features (self, node, error))
    return FALSE;
  shs_feature_map_add_feature (self->map, self->map, feature);
  g_array_append_val (self->source_of, prepared);
  return TRUE;
}

/* A feature that is made of others costs as much as they do together. */
gboolean
shs_onnx_combine_features (ShsOnnx *self, const ShsOnnxNode *node, const ShsOnnxValue *from,
                           ShsMapFunc function, GError **error)
{
  gssize combined = COMBINED;

  if (!check_features (self, node, error))
    return FALSE;
  for (gsize k = 0; k < from->n_columns; k++)
    if (g_array_index (self->source_of, gssize, from->features[k]) == COMBINED)
      {
        shs_onnx_set_unsupported (self, node, error,
                                  "it combines columns that were combined before; export the "
                                  "model without that step and prepare the data before");
        return FALSE;
      }
  self->n_numbers += from->n_columns;
  shs_feature_map_add_combined (self->map, from->features, from->n_columns, function,
                                GSIZE_TO_POINTER (from->n_columns), NULL);
  g_array_append_val (self->source_of, combined);
  return TRUE;
}

void
shs_onnx_append (ShsOnnx *self, ShsMapKind kind, double a, double b)
{
  shs_feature_map_append (self->map, &(ShsMapStep){ .kind = kind, .a = a, .b = b });
}

gboolean
shs_onnx_prepare (ShsOnnx *self, const ShsOnnxNode *node, ShsOnnxColumnFunc function, gpointer data,
                  GError **error)
{
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);
  g_autoptr (ShsOnnxValue) to = shs_onnx_value_new (SHS_ONNX_COLUMNS, from->n_columns, error);

  for (gsize k = 0; to != NULL && k < from->n_columns; k++)
    {
      if (!shs_onnx_add_feature (self, node, from->features[k], error)
          || !function (self, node, k, data, error))
        return FALSE;
      to->features[k] = shs_feature_map_get_n_features (self->map) - 1;
    }
  if (to == NULL)
    return FALSE;
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&to));
  return TRUE;
}

gssize
shs_onnx_get_code (ShsOnnx *self, gsize feature, const char *text)
{
  gssize column = g_array_index (self->source_of, gssize, feature);
  ShsOnnxSource *source;
  gsize code;

  if (column < 0)
    return -1;
  source = &g_array_index (self->sources, ShsOnnxSource, column);
  if (source->dictionary == NULL)
    {
      source->dictionary = g_ptr_array_new_with_free_func (g_free);
      source->codes = g_hash_table_new (g_str_hash, g_str_equal);
    }
  code = GPOINTER_TO_SIZE (g_hash_table_lookup (source->codes, text));
  if (code == 0)
    {
      g_ptr_array_add (source->dictionary, g_strdup (text));
      code = source->dictionary->len;
      g_hash_table_insert (source->codes, g_ptr_array_index (source->dictionary, code - 1),
                           GSIZE_TO_POINTER (code));
    }
  return (gssize)code - 1;
}

ShsSplit
shs_onnx_get_split (ShsOnnxMode mode)
{
  static const ShsSplit splits[] = {
    [SHS_ONNX_MODE_LESS_EQUAL] = SHS_SPLIT_LESS_EQUAL,
    [SHS_ONNX_MODE_LESS] = SHS_SPLIT_LESS,
    [SHS_ONNX_MODE_GREATER_EQUAL] = SHS_SPLIT_GREATER_EQUAL,
    [SHS_ONNX_MODE_GREATER] = SHS_SPLIT_GREATER,
    [SHS_ONNX_MODE_EQUAL] = SHS_SPLIT_EQUAL,
    [SHS_ONNX_MODE_NOT_EQUAL] = SHS_SPLIT_NOT_EQUAL,
    [SHS_ONNX_MODE_MEMBER] = SHS_SPLIT_IN_SET,
    [SHS_ONNX_MODE_LEAF] = SHS_LEAF,
  };

  return splits[mode];
}
