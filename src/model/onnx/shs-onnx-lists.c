#include "model/onnx/shs-onnx-lists.h"

#include "core/shs-memory.h"

void
shs_onnx_lists_clear (ShsOnnxLists *self)
{
  ShsOnnxArray *arrays[]
      = { &self->tree_ids,   &self->node_ids,   &self->features,     &self->modes,
          &self->thresholds, &self->true_ids,   &self->false_ids,    &self->missing_true,
          &self->leaf_trees, &self->leaf_nodes, &self->leaf_targets, &self->leaf_weights,
          &self->base };

  for (gsize i = 0; i < G_N_ELEMENTS (arrays); i++)
    shs_onnx_array_clear (arrays[i]);
  g_clear_pointer (&self->places, g_hash_table_unref);
  shs_free (self->tree_of);
  shs_free (self->spot_of);
}
static gboolean
read_list (ShsOnnxLists *self, const char *name, ShsOnnxArray *array, GError **error)
{
  return shs_onnx_attribute_read (self->model->graph, self->node, name, array, error);
}

/* Doubles stand in a tensor of the same name with an ending. */
static gboolean
read_numbers (ShsOnnxLists *self, const char *name, ShsOnnxArray *array, GError **error)
{
  g_autofree char *as_tensor = g_strconcat (name, "_as_tensor", NULL);

  if (!read_list (self, as_tensor, array, error))
    return FALSE;
  if (array->type == SHS_ONNX_DOUBLE)
    self->model->is_double = TRUE;
  if (array->n > 0)
    return TRUE;
  shs_onnx_array_clear (array);
  return read_list (self, name, array, error);
}

static gboolean
read_lists (ShsOnnxLists *self, GError **error)
{
  const char *prefix = self->is_classifier ? "class" : "target";
  g_autofree char *trees = g_strconcat (prefix, "_treeids", NULL);
  g_autofree char *nodes = g_strconcat (prefix, "_nodeids", NULL);
  g_autofree char *targets = g_strconcat (prefix, "_ids", NULL);
  g_autofree char *weights = g_strconcat (prefix, "_weights", NULL);

  return read_list (self, "nodes_treeids", &self->tree_ids, error)
         && read_list (self, "nodes_nodeids", &self->node_ids, error)
         && read_list (self, "nodes_featureids", &self->features, error)
         && read_list (self, "nodes_modes", &self->modes, error)
         && read_numbers (self, "nodes_values", &self->thresholds, error)
         && read_list (self, "nodes_truenodeids", &self->true_ids, error)
         && read_list (self, "nodes_falsenodeids", &self->false_ids, error)
         && read_list (self, "nodes_missing_value_tracks_true", &self->missing_true, error)
         && read_list (self, trees, &self->leaf_trees, error)
         && read_list (self, nodes, &self->leaf_nodes, error)
         && read_list (self, targets, &self->leaf_targets, error)
         && read_numbers (self, weights, &self->leaf_weights, error)
         && read_numbers (self, "base_values", &self->base, error);
}

static gboolean
check_lists (const ShsOnnxLists *self, GError **error)
{
  const ShsOnnxArray *of_nodes[]
      = { &self->node_ids, &self->features, &self->thresholds, &self->true_ids, &self->false_ids };
  const ShsOnnxArray *of_leaves[] = { &self->leaf_nodes, &self->leaf_targets, &self->leaf_weights };
  gsize n = self->tree_ids.n;
  gboolean ok = n > 0 && self->tree_ids.numbers != NULL && self->modes.texts != NULL
                && self->modes.n == n
                && (self->missing_true.n == 0
                    || (self->missing_true.n == n && self->missing_true.numbers != NULL))
                && self->leaf_trees.n > 0 && self->leaf_trees.numbers != NULL
                && (self->base.n == 0 || self->base.numbers != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (of_nodes); i++)
    ok = ok && of_nodes[i]->n == n && of_nodes[i]->numbers != NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (of_leaves); i++)
    ok = ok && of_leaves[i]->n == self->leaf_trees.n && of_leaves[i]->numbers != NULL;
  if (!ok)
    shs_onnx_set_invalid (self->model, self->node, error,
                          "its lists of nodes and leaves are not equally long");
  return ok;
}

gboolean
shs_onnx_lists_read (ShsOnnxLists *self, GError **error)
{
  return read_lists (self, error) && check_lists (self, error);
}
