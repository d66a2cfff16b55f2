/* The lists of a tree ensemble of ai.onnx.ml 1 to 4. Private to model/. */
#pragma once

#include "model/onnx/shs-onnx-state.h"

G_BEGIN_DECLS

/**
 * ShsOnnxLists: one entry per node, and one per weight of a leaf.
 * @places: from (tree, node) to the entry
 * @tree_of, @spot_of: by entry: the tree's number in the model, the node's in its tree
 */
typedef struct
{
  ShsOnnx *model;
  const ShsOnnxNode *node;
  gboolean is_classifier;
  ShsOnnxArray tree_ids;
  ShsOnnxArray node_ids;
  ShsOnnxArray features;
  ShsOnnxArray modes;
  ShsOnnxArray thresholds;
  ShsOnnxArray true_ids;
  ShsOnnxArray false_ids;
  ShsOnnxArray missing_true;
  ShsOnnxArray leaf_trees;
  ShsOnnxArray leaf_nodes;
  ShsOnnxArray leaf_targets;
  ShsOnnxArray leaf_weights;
  ShsOnnxArray base;
  GHashTable *places;
  gsize *tree_of;
  gsize *spot_of;
  gsize first_tree;
  gsize n_trees;
  gsize n_columns;
} ShsOnnxLists;

/** shs_onnx_lists_read: @model, @node and @is_classifier of @self are set; lists that do not fit
 * each other are refused. */
gboolean shs_onnx_lists_read (ShsOnnxLists *self, GError **error);
void shs_onnx_lists_clear (ShsOnnxLists *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsOnnxLists, shs_onnx_lists_clear)

G_END_DECLS
