/* Interventional interactions at leaves whose patterns are too wide for tables of pairs. */
#pragma once

#include "tree/shs-tree-background-private.h"
#include "tree/shs-tree-interactions.h"

G_BEGIN_DECLS

/**
 * shs_tree_pair_leaves_run:
 * @values: n x (pairs->n * n_outputs), added to
 *
 * The leaves of units of @group that shs_tree_pair_tables_build() leaves out: what
 * shs-tree-partners.h says, for each row and each pattern that the background has at the leaf. In
 * double. Cost of a leaf: rows x patterns of the background, at most 4096.
 */
gboolean shs_tree_pair_leaves_run (ShsTreeBackground *background, gsize group,
                                   const ShsTreePairs *pairs, const ShsMatrix *rows,
                                   const ShsTreeOptions *options, ShsMatrix *values,
                                   GError **error);

G_END_DECLS
