/* Interventional values of a row against a row: for trees whose tables would cost more than they
 * save. */
#pragma once

#include "core/shs-matrix.h"
#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/**
 * shs_tree_duels_pay: whether shs_tree_duels() is the quicker way to compare @n_rows rows with
 * @n_background: trees are deep, pairs few. Never where leaves are linear.
 */
gboolean shs_tree_duels_pay (const ShsTreeEnsemble *ensemble, gsize n_rows, gsize n_background);

/**
 * shs_tree_duels:
 * @background: m x n_features, at least one row
 * @rows: n x n_features
 * @values: n x (n_players * n_outputs), overwritten: column output * n_players + player
 *
 * The values of shs_tree_interventional(), found by the leaves that mixtures of two rows reach
 * (Lundberg et al. 2020, Nature Machine Intelligence 2, algorithm 3), always in double: error
 * against exact arithmetic at most 1e-12 of shs_tree_ensemble_max_leaf_sum(). Leaves must be
 * constant. Adds rows x trees to the progress.
 *
 * Cost: n x m x the nodes that mixtures of two rows visit: some hundreds of a deep tree. Memory of
 * a thread: one bit per row of the background and node of the largest tree.
 */
gboolean shs_tree_duels (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                         const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
                         GError **error);

G_END_DECLS
