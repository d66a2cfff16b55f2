/* Values and interactions of trees with very many players on a path, by their definition. */
#pragma once

#include "tree-oracle.h"

G_BEGIN_DECLS

/** PATH_ORACLE_NOBODY: where no second player is asked for. */
#define PATH_ORACLE_NOBODY G_MAXUINT32

/**
 * oracle_path:
 * @background: (nullable): the mean over its rows; NULL for the path-dependent game
 * @second: (or %PATH_ORACLE_NOBODY): of the interaction; else the value of @first is found
 *
 * A leaf of value V is worth V prod_{j in S} h_j prod_{j not in S} r_j to the coalition S: h_j says
 * whether the row meets the conditions of player j, r_j whether the background's row does, or the
 * share of the training rows that did. All coalitions of one size have one weight, and the sum of
 * their worths is a coefficient of the product of r_j + h_j y: a definition that takes players
 * squared steps a leaf, in long double. Leaves are constants.
 */
double oracle_path (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                    const ShsMatrix *rows, gsize row, ShsTreeIndex index, gsize output,
                    guint32 first, guint32 second);

/** long_path_row: (transfer full): one row that goes far down the chains of @ensemble. */
ShsMatrix *long_path_row (const ShsTreeEnsemble *ensemble, guint64 seed);

G_END_DECLS
