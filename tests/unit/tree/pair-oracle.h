/* Interaction indices by their definition. */
#pragma once

#include "tree-oracle.h"

G_BEGIN_DECLS

/**
 * oracle_interactions: over all coalitions of the players that a tree uses (20 at most), in long
 * double.
 *
 * @background: (nullable): the mean over its rows; NULL for the path-dependent game
 * @values: n_outputs x n_players x n_players, symmetric, 0 on the diagonal; overwritten
 */
void oracle_interactions (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                          const ShsMatrix *rows, gsize row, ShsTreeIndex index, double *values);

G_END_DECLS
