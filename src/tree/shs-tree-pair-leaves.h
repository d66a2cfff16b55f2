/* Interventional interactions at leaves below more players than tables of pairs can have. */
#pragma once

#include "tree/shs-tree-background-private.h"
#include "tree/shs-tree-interactions.h"

G_BEGIN_DECLS

/**
 * shs_tree_pair_leaves_run:
 * @values: n x (pairs->n * n_outputs), added to
 *
 * The leaves of @group that shs_tree_pair_tables_build() leaves out. A row that meets the
 * conditions of the players c and a row of the background that meets those of b tell anything only
 * if all are in c or b: with p = |c \ b| and q = |b \ c|, two players of c \ b get (p - 2)! q! / (p
 * + q - 1)! of the leaf's value, one of each -(p - 1)! (q - 1)! / (p + q - 1)!, two of b \ c p! (q
 * - 2)! / (p + q - 1)! (Banzhaf: +- 2^(2 - p - q)). Equal rows of the background are taken
 * together. In double. Cost of a leaf: rows x distinct patterns of the background.
 *
 * Returns: FALSE with %SHS_ERROR_UNSUPPORTED where a path has more than 64 players
 */
gboolean shs_tree_pair_leaves_run (const ShsTreeBackground *background, gsize group,
                                   const ShsTreePairs *pairs, const ShsMatrix *rows,
                                   const ShsTreeOptions *options, ShsMatrix *values,
                                   GError **error);

G_END_DECLS
