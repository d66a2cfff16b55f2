/* Growing an ensemble: for the builder alone. */
#pragma once

#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/** shs_tree_ensemble_new: an ensemble without trees; its base is 0. */
ShsTreeEnsemble *shs_tree_ensemble_new (gsize n_features, gsize n_outputs, gsize leaf_size,
                                        ShsTreeCast cast, GError **error);

/** shs_tree_ensemble_set_shape: other features, each its own player, and outputs, of base 0. */
gboolean shs_tree_ensemble_set_shape (ShsTreeEnsemble *self, gsize n_features, gsize n_outputs,
                                      GError **error);

/** shs_tree_ensemble_reserve_nodes: room for @capacity nodes; those there are kept. */
gboolean shs_tree_ensemble_reserve_nodes (ShsTreeEnsemble *self, gsize capacity, GError **error);

/** shs_tree_ensemble_reserve_leaves: room for @capacity vectors of leaves; those there are kept. */
gboolean shs_tree_ensemble_reserve_leaves (ShsTreeEnsemble *self, gsize capacity, GError **error);

/** shs_tree_ensemble_widen_covers: covers as doubles from now on, with room for @capacity. */
gboolean shs_tree_ensemble_widen_covers (ShsTreeEnsemble *self, gsize capacity, GError **error);

/** shs_tree_ensemble_reserve_trees: room for @capacity trees; those there are kept. */
gboolean shs_tree_ensemble_reserve_trees (ShsTreeEnsemble *self, gsize capacity, GError **error);

/** shs_tree_ensemble_reserve_sets: room for @n_sets sets of @n_words words together. */
gboolean shs_tree_ensemble_reserve_sets (ShsTreeEnsemble *self, gsize n_sets, gsize n_words,
                                         GError **error);

/** shs_tree_ensemble_summarise: fills has_cover, expected and max_leaf_sum. */
gboolean shs_tree_ensemble_summarise (ShsTreeEnsemble *self, GError **error);

G_END_DECLS
