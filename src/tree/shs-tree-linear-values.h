/* What linear leaves add to values and interactions against a background. Private to tree/. */
#pragma once

#include "tree/shs-tree-interactions.h"
#include "tree/shs-tree-linear-background.h"

G_BEGIN_DECLS

/**
 * shs_tree_linear_values:
 * @pairs: (nullable): for interactions of these pairs; NULL for the values of players
 * @values: as shs_tree_interventional() or shs_tree_interactions() have them; added to
 *
 * Exact values of the parts of linear leaves that differ from the leaves' constant values, in
 * double. Cost: (row, linear leaf, distinct pattern of the background there), each of which adds 1
 * to the progress.
 *
 * A row x meets what the leaf asks of its players in the set c, a background row z in b. A mixture
 * of the two reaches the leaf when the players of A = c \ b come from x and those of B = b \ c from
 * z; players in both are free, and there must be none in neither. There the part is worth
 *
 *   K + sum over free players i from x of d_i,   K = difference + sum over A of c_j x_j
 *   + sum over the others of c_j z_j,   d_i = sum over the features j of i of c_j (x_j - z_j)
 *
 * so that it is a sum of games in which a set P (A, or A and one free player) has to come from x
 * and B from z. With u(p, q) = p! q! / (p + q + 1)! a member of P gets u(|P| - 1, |B|), one of B
 * -u(|P|, |B| - 1); two members of P interact by u(|P| - 2, |B|), one of each by
 * -u(|P| - 1, |B| - 1), two of B by u(|P|, |B| - 2). For Banzhaf u(p, q) = 2^-(p + q). All is
 * linear in x and z, so that background rows of one pattern count by their number and their sums.
 */
gboolean shs_tree_linear_values (const ShsTreeLinearBackground *background,
                                 const ShsTreePairs *pairs, const ShsMatrix *rows,
                                 const ShsTreeOptions *options, ShsMatrix *values, GError **error);

G_END_DECLS
