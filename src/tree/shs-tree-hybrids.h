/* The leaves that mixtures of two rows reach. */
#pragma once

#include "tree/shs-tree-routed.h"

G_BEGIN_DECLS

/**
 * ShsTreeTwoRows:
 * @words, @row: a row of the block at hand
 * @background, @background_row: the other one
 */
typedef struct
{
  const ShsTreeWords *words;
  gsize row;
  const ShsTreeRouted *background;
  gsize background_row;
} ShsTreeTwoRows;

/**
 * ShsTreeHybridLeaf: reached by the mixtures that take the players of @from_row from the one row
 * and those of @from_background from the other; bits are of #ShsTreeHybrids
 */
typedef struct
{
  guint64 from_row;
  guint64 from_background;
  gsize node;
} ShsTreeHybridLeaf;

/**
 * ShsTreeHybrids: of one pair of rows.
 * @players: by bit: the @n players at whose splits the two rows go different ways
 * @leaves: #ShsTreeHybridLeaf, tree by tree
 * @tree_end: by tree: behind its last leaf
 */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  gsize n;
  guint32 players[64];
  ShsTreeBuffer leaves;
  gsize *tree_end;
  guint8 *bit_of; /* by player; NO_BIT for others */
  ShsTreeHybridLeaf *stack;
} ShsTreeHybrids;

gboolean shs_tree_hybrids_init (ShsTreeHybrids *self, const ShsTreeEnsemble *ensemble,
                                GError **error);
void shs_tree_hybrids_clear (ShsTreeHybrids *self);

/**
 * shs_tree_hybrids_find:
 * @most: at most 63
 *
 * Where more than @most players differ, the search ends with n = @most + 1.
 */
gboolean shs_tree_hybrids_find (ShsTreeHybrids *self, const ShsTreeTwoRows *two, gsize most,
                                GError **error);

/** shs_tree_hybrids_list_players: all players at any of whose splits the two rows go different
 * ways: more than matter. @players has room for all; how many they are is returned. */
gsize shs_tree_hybrids_list_players (const ShsTreeHybrids *self, const ShsTreeTwoRows *two,
                                     guint32 *players);

G_END_DECLS
