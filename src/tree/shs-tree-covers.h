/* Covers for models that have none, counted from rows. */
#pragma once

#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/**
 * shs_tree_ensemble_count_covers: (transfer full): @self with covers counted anew
 * @rows: n x n_features: what stands for the training data
 * @options: its threads, instructions and progress are used; progress counts rows x trees
 * @n_unreached: (out) (optional): leaves that no row reaches. Where neither child of a node is
 *   reached, its two children weigh the same
 *
 * A node's cover is the number of rows that reach it. Cost: one comparison per node and row.
 *
 * Returns: NULL with %SHS_ERROR_MISMATCH, %SHS_ERROR_CANCELLED or %SHS_ERROR_MEMORY;
 *   %SHS_ERROR_INVALID without rows
 */
ShsTreeEnsemble *shs_tree_ensemble_count_covers (const ShsTreeEnsemble *self, const ShsMatrix *rows,
                                                 const ShsTreeOptions *options, gsize *n_unreached,
                                                 GError **error);

G_END_DECLS
