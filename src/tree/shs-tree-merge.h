/* The trees of an ensemble merged into one, over the rows of a background. */
#pragma once

#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/** ShsTreeMerged: immutable; any thread. */
typedef struct _ShsTreeMerged ShsTreeMerged;

/**
 * shs_tree_merge: (transfer full):
 * @background: m x n_features, at least one row
 * @options: its instructions and progress are used; progress counts m x trees
 *
 * One tree follows the other: the leaves of each go on into the next. A split is kept where rows of
 * the background that come this far go both ways, and its children are weighed by how many do; so
 * there are at most m leaves. Cost: m x trees x depth; memory: m bits per node of the ensemble.
 *
 * Returns: NULL with %SHS_ERROR_MISMATCH, %SHS_ERROR_INVALID without rows, %SHS_ERROR_UNSUPPORTED
 *   where a path has too many players, %SHS_ERROR_CANCELLED or %SHS_ERROR_MEMORY
 */
ShsTreeMerged *shs_tree_merge (ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                               const ShsTreeOptions *options, GError **error);
void shs_tree_merged_free (ShsTreeMerged *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeMerged, shs_tree_merged_free)

/** shs_tree_merged_get_expected_value: the mean prediction of the background: the base value. */
double shs_tree_merged_get_expected_value (const ShsTreeMerged *self, gsize output);
/** shs_tree_merged_get_n_leaves: how many different ways the background takes. */
gsize shs_tree_merged_get_n_leaves (const ShsTreeMerged *self);

/**
 * shs_tree_global_path_dependent:
 * @rows: n x n_features
 * @values: n x (n_players * n_outputs), overwritten: column output * n_players + player
 *
 * Path-dependent Shapley (or Banzhaf) values of the merged tree: what is known of a row in one tree
 * is not forgotten in the next. The row itself takes part in the merging without weight: where it
 * leaves the ways of the background it stands alone, and has its prediction. So the values sum to
 * the prediction less the expected value, and do not depend on the other rows. Double; one row
 * after the other. Cost per row: leaves of the merged tree x players on its longest path.
 */
gboolean shs_tree_global_path_dependent (const ShsTreeMerged *self, const ShsMatrix *rows,
                                         const ShsTreeOptions *options, ShsMatrix *values,
                                         GError **error);

G_END_DECLS
