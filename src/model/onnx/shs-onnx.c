#include "model/onnx/shs-onnx.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/onnx/shs-onnx-state.h"

#include <string.h>

/* Numbers that values may hold together: a few operations on a large one could ask for any amount.
 */
#define LEAST_NUMBERS ((gsize)1 << 25)
#define NUMBERS_PER_BYTE 64

static void
clear_source (gpointer data)
{
  ShsOnnxSource *source = data;

  g_free (source->name);
  g_clear_pointer (&source->dictionary, g_ptr_array_unref);
  g_clear_pointer (&source->codes, g_hash_table_unref);
}

static void
clear_tree (gpointer data)
{
  ShsOnnxTree *tree = data;

  shs_free (tree->nodes);
  shs_free (tree->ranks);
}

static void
onnx_clear (ShsOnnx *self)
{
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_clear_pointer (&self->graph, shs_onnx_graph_free);
  g_clear_pointer (&self->sources, g_array_unref);
  g_clear_pointer (&self->map, shs_feature_map_unref);
  g_clear_pointer (&self->source_of, g_array_unref);
  g_clear_pointer (&self->trees, g_array_unref);
  g_clear_pointer (&self->sets, g_ptr_array_unref);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsOnnx, onnx_clear)

gboolean
shs_onnx_sniff (const guint8 *head, gsize length)
{
  /* ir_version, a small number, comes first; then a text or the graph. */
  return length >= 3 && head[0] == 0x08 && head[1] >= 1 && head[1] <= 63
         && (head[2] == 0x12 || head[2] == 0x1a || head[2] == 0x3a || head[2] == 0x42);
}

/* Where the file leaves the number of columns open, the trees tell how many there are at least. */
static gboolean
count_columns (ShsOnnx *self, gsize *n, GError **error)
{
  *n = 0;
  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      g_auto (ShsOnnxArray) features = { 0 };

      if (!shs_onnx_attribute_read (self->graph,
                                    &g_array_index (self->graph->nodes, ShsOnnxNode, i),
                                    "nodes_featureids", &features, error))
        return FALSE;
      for (gsize j = 0; features.numbers != NULL && j < features.n; j++)
        if (features.numbers[j] >= 0 && features.numbers[j] < 1e6)
          *n = MAX (*n, (gsize)features.numbers[j] + 1);
    }
  return TRUE;
}

static gboolean
add_input (ShsOnnx *self, const ShsOnnxInput *input, gsize n_columns, GError **error)
{
  ShsOnnxValue *value = shs_onnx_value_new (SHS_ONNX_COLUMNS, n_columns, error);

  if (value == NULL)
    return FALSE;
  for (gsize k = 0; k < n_columns; k++)
    {
      ShsOnnxSource source = { 0 };

      value->features[k] = self->sources->len;
      if (n_columns == 1 && self->graph->inputs->len > 1)
        source.name = g_strdup (input->name);
      else if (self->graph->inputs->len > 1)
        source.name = g_strdup_printf ("%s %" G_GSIZE_FORMAT, input->name, k);
      else
        source.name = g_strdup_printf ("f%" G_GSIZE_FORMAT, k);
      g_array_append_val (self->sources, source);
    }
  g_hash_table_replace (self->values, g_strdup (input->name), value);
  return TRUE;
}

static gboolean
read_inputs (ShsOnnx *self, GError **error)
{
  gboolean is_alone = self->graph->inputs->len == 1;
  gsize n_seen = 0;

  for (guint i = 0; i < self->graph->inputs->len; i++)
    {
      const ShsOnnxInput *input = &g_array_index (self->graph->inputs, ShsOnnxInput, i);
      gsize n_columns = input->n_columns;

      if (n_columns == 0)
        {
          if (is_alone && !count_columns (self, &n_seen, error))
            return FALSE;
          n_columns = MAX (n_seen, 1);
          self->has_assumed = self->has_assumed || !is_alone;
        }
      if (!add_input (self, input, n_columns, error))
        return FALSE;
    }
  self->map = shs_feature_map_new (self->sources->len);
  for (gsize j = 0; j < self->sources->len; j++)
    {
      gssize column = (gssize)j;

      shs_feature_map_add_column (self->map, j);
      g_array_append_val (self->source_of, column);
    }
  return TRUE;
}

static gboolean
set_constant (ShsOnnx *self, const char *name, const ShsWireField *tensor, GError **error)
{
  ShsOnnxValue *value = shs_onnx_value_new (SHS_ONNX_CONSTANT, 0, NULL);

  g_hash_table_replace (self->values, g_strdup (name), value);
  return shs_onnx_tensor_read (self->graph, tensor, &value->array, error);
}

static gboolean
read_constants (ShsOnnx *self, GError **error)
{
  GHashTableIter iter;
  gpointer name;
  gpointer tensor;

  g_hash_table_iter_init (&iter, self->graph->constants);
  while (g_hash_table_iter_next (&iter, &name, &tensor))
    if (!set_constant (self, name, tensor, error))
      return FALSE;
  return TRUE;
}

/* The operation Constant, whose value stands in one of several attributes. */
static gboolean
follow_constant (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  static const char *const names[]
      = { "value", "value_float", "value_int", "value_floats", "value_ints", "value_strings" };
  g_autoptr (ShsOnnxValue) value = shs_onnx_value_new (SHS_ONNX_CONSTANT, 0, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names) && value->array.n == 0; i++)
    {
      shs_onnx_array_clear (&value->array);
      if (!shs_onnx_attribute_read (self->graph, node, names[i], &value->array, error))
        return FALSE;
    }
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&value));
  return TRUE;
}

static gboolean
takes_columns (const ShsOnnx *self, const ShsOnnxNode *node)
{
  gboolean is_concat = g_str_equal (node->op, "Concat");

  for (guint i = 0; i < (is_concat ? node->inputs->len : 1); i++)
    {
      const ShsOnnxValue *input = shs_onnx_get_input (self, node, i);

      if (input != NULL && input->kind == SHS_ONNX_COLUMNS)
        return TRUE;
    }
  return FALSE;
}

static ShsOnnxOperation
choose_operation (const ShsOnnx *self, const ShsOnnxNode *node)
{
  ShsOnnxOperation operation = shs_onnx_find_model_operation (node->op);

  if (g_str_equal (node->op, "Constant"))
    return follow_constant;
  if (operation == NULL && takes_columns (self, node))
    operation = shs_onnx_find_column_operation (node->op);
  return operation != NULL ? operation : shs_onnx_find_score_operation (node->op);
}

static gsize
count_numbers (const ShsOnnxValue *value)
{
  gsize n = value->n_columns + value->array.n + value->n_features * (value->n_columns + 1);

  for (guint i = 0; value->terms != NULL && i < value->terms->len; i++)
    n += ((ShsOnnxTerm *)value->terms->pdata[i])->n_leaves * value->n_columns;
  return n;
}

/* Values that are shared are counted each time: a generous limit bears it. */
static gboolean
check_size (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  for (guint i = 0; i < node->outputs->len; i++)
    {
      const ShsOnnxValue *value
          = g_hash_table_lookup (self->values, g_ptr_array_index (node->outputs, i));

      if (value != NULL)
        self->n_numbers += count_numbers (value);
    }
  if (self->n_numbers <= LEAST_NUMBERS + NUMBERS_PER_BYTE * self->file_size)
    return TRUE;
  shs_onnx_set_unsupported (self, node, error,
                            "the graph makes far more numbers than the file holds; export the "
                            "model alone, without what comes after it");
  return FALSE;
}

static gboolean
follow_graph (ShsOnnx *self, GError **error)
{
  for (guint i = 0; i < self->graph->nodes->len; i++)
    {
      const ShsOnnxNode *node = &g_array_index (self->graph->nodes, ShsOnnxNode, i);

      if (!shs_progress_check (self->progress, error)
          || !choose_operation (self, node) (self, node, error) || !check_size (self, node, error))
        return FALSE;
    }
  return TRUE;
}

ShsOnnxOperation
shs_onnx_find_model_operation (const char *op)
{
  static const struct
  {
    const char *op;
    ShsOnnxOperation operation;
  } operations[] = {
    { "TreeEnsembleRegressor", shs_onnx_read_trees },
    { "TreeEnsembleClassifier", shs_onnx_read_trees },
    { "TreeEnsemble", shs_onnx_read_trees5 },
    { "LinearRegressor", shs_onnx_read_linear },
    { "LinearClassifier", shs_onnx_read_linear },
    { "SVMRegressor", shs_onnx_read_support },
    { "SVMClassifier", shs_onnx_read_support },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (op, operations[i].op))
      return operations[i].operation;
  return NULL;
}

ShsModel *
shs_onnx_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                GError **error)
{
  g_auto (ShsOnnx) self = { .name = name, .progress = progress };
  g_auto (ShsModelParts) parts = { .library = "ONNX", .best_round = -1 };

  self.file_size = g_bytes_get_size (bytes);
  self.values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)shs_onnx_value_unref);
  self.sources = g_array_new (FALSE, FALSE, sizeof (ShsOnnxSource));
  g_array_set_clear_func (self.sources, clear_source);
  self.source_of = g_array_new (FALSE, FALSE, sizeof (gssize));
  self.trees = g_array_new (FALSE, FALSE, sizeof (ShsOnnxTree));
  g_array_set_clear_func (self.trees, clear_tree);
  self.sets = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  self.graph = shs_onnx_graph_read (name, bytes, progress, error);
  if (self.graph == NULL || !read_inputs (&self, error) || !read_constants (&self, error)
      || !follow_graph (&self, error) || !shs_onnx_finish (&self, &parts, error))
    return NULL;
  return shs_model_new (model_name, &parts);
}
