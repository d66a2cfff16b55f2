/* All coalitions of few players: their margins, what follows from them, and the players' values. */
#pragma once

#include "tree/shs-tree-hybrids.h"
#include "tree/shs-tree-transformed.h"

G_BEGIN_DECLS

/**
 * ShsTreeGame: all zero before the first shs_tree_game_reserve().
 * @capacity: players that there is room for
 * @margins: [output][coalition]
 * @folded: [coalition]: scratch
 * @sizes: [coalition]
 */
typedef struct
{
  gsize capacity;
  double *margins;
  double *folded;
  guint8 *sizes;
} ShsTreeGame;

/** shs_tree_game_reserve: room for @n_players; the content is lost. */
gboolean shs_tree_game_reserve (ShsTreeGame *self, gsize n_players, gsize n_outputs,
                                GError **error);
void shs_tree_game_clear (ShsTreeGame *self);

/** shs_tree_game_fill: the margins of all coalitions of the players of @hybrids, with the base. */
void shs_tree_game_fill (ShsTreeGame *self, const ShsTreeHybrids *hybrids);

/**
 * shs_tree_game_solve: adds each player's value, times @factor, to values[output][player]
 * @use: what the margins become first
 */
void shs_tree_game_solve (ShsTreeGame *self, const ShsTreeHybrids *hybrids,
                          const ShsTreeLinkUse *use, ShsTreeIndex index, double factor,
                          double *values);

G_END_DECLS
