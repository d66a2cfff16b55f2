/* Leaves below more players than a table can have. */
#pragma once

#include "tree/shs-tree-background-private.h"

G_BEGIN_DECLS

/**
 * shs_tree_deep_run:
 * @values: n x (n_players * n_outputs), added to
 *
 * Contributions of the deep leaves of @group. At a leaf a row with the pattern c of met conditions
 * and a row of the background with pattern b tell anything only if c | b is full: with
 * p = |c \ b| and q = |b \ c|, each player of c \ b gets (p - 1)! q! / (p + q)! of the leaf's value
 * and each of b \ c gets -p! (q - 1)! / (p + q)! of it (Lundberg et al. 2020); Banzhaf:
 * +- 2^(1 - p - q). Equal patterns of the background are taken together. In double.
 *
 * Cost of a leaf: rows x distinct patterns of the background.
 */
gboolean shs_tree_deep_run (const ShsTreeBackground *background, gsize group, const ShsMatrix *rows,
                            const ShsTreeOptions *options, ShsMatrix *values, GError **error);

G_END_DECLS
