/* Leaves below more players than a table can have. */
#pragma once

#include "tree/shs-tree-background-private.h"
#include "tree/shs-tree-interactions.h"

G_BEGIN_DECLS

/**
 * shs_tree_deep_run:
 * @pairs: (nullable): whose interactions are asked for; NULL: values are
 * @values: n x (n_players * n_outputs), or n x (pairs->n * n_outputs), added to
 *
 * Contributions of the deep leaves of @group: what shs-tree-partners.h says, for each row and each
 * of the different patterns of the background at the leaf. In double; patterns and sums of some
 * leaves are held at a time.
 *
 * Cost of a leaf: rows x distinct patterns of the background.
 */
gboolean shs_tree_deep_run (const ShsTreeBackground *background, gsize group,
                            const ShsTreePairs *pairs, const ShsMatrix *rows,
                            const ShsTreeOptions *options, ShsMatrix *values, GError **error);

G_END_DECLS
