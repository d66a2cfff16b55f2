/* The leaves that mixtures of two rows reach. */
#pragma once

#include "tree/shs-tree-routed.h"

G_BEGIN_DECLS

/**
 * ShsTreeTwoRows:
 * @words, @row: a row of the block at hand
 * @background, @background_row: the other one
 * @rows, @number: where the numbers of the one stand, and of the other in @background_rows
 */
typedef struct
{
  const ShsTreeWords *words;
  gsize row;
  const ShsTreeRouted *background;
  gsize background_row;
  const ShsMatrix *rows;
  gsize number;
  const ShsMatrix *background_rows;
} ShsTreeTwoRows;

/** SHS_TREE_NO_NODE: in place of a leaf. */
#define SHS_TREE_NO_NODE G_MAXSIZE

/**
 * ShsTreeHybridLeaf: reached by the mixtures that take the players of @from_row from the one row
 * and those of @from_background from the other; bits are of #ShsTreeHybrids. A linear leaf is there
 * with its constant value, followed by what it is worth beyond it: for %SHS_TREE_NO_NODE such
 * mixtures add @part, times the tree's weight
 */
typedef struct
{
  guint64 from_row;
  guint64 from_background;
  gsize node;
  double part;
} ShsTreeHybridLeaf;

/**
 * ShsTreeHybrids: of one pair of rows.
 * @players: by bit: the @n players at whose splits the two rows go different ways, or whose
 *   features differ that a linear leaf multiplies
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
 * ways, or whose features differ that any leaf multiplies: more than matter. @players has room for
 * all; how many they are is returned. */
gsize shs_tree_hybrids_list_players (ShsTreeHybrids *self, const ShsTreeTwoRows *two,
                                     guint32 *players);

G_END_DECLS
