/* What the merged tree consists of. */
#pragma once

#include "tree/shs-tree-buffer.h"
#include "tree/shs-tree-merge.h"
#include "tree/shs-tree-routed.h"

G_BEGIN_DECLS

/**
 * ShsTreeMergedNode: nodes are in depth-first order, the left child right behind its parent.
 * @split: the ensemble's node whose question it asks; G_MAXSIZE at leaves
 * @tree: of @split
 * @row: a row of the background that comes here
 * @parent: of the root itself
 * @right: right child; the left one comes next
 * @level: edges from the root
 * @n_players: different players above, and its own at splits
 * @leaf: of a leaf: its number
 * @share: rows that go left, of those that come here
 * @kept: product of the shares taken above on the same player, all below 1; 1 for none
 */
typedef struct
{
  gsize split;
  gsize tree;
  guint32 row;
  guint32 parent;
  guint32 right;
  guint32 level;
  guint32 n_players;
  guint32 leaf;
  gboolean is_right;
  double share;
  double kept;
} ShsTreeMergedNode;

/**
 * ShsTreeMerged:
 * @background: its rows' ways
 * @nodes: #ShsTreeMergedNode
 * @leaves: [leaf][output]: sums over the trees, without the base
 * @expected: by output, with the base
 * @n_levels: levels of the merged tree
 * @most_players: on one path
 */
struct _ShsTreeMerged
{
  ShsTreeEnsemble *ensemble;
  ShsTreeRouted background;
  ShsTreeBuffer nodes;
  ShsTreeBuffer leaves;
  double *expected;
  gsize n_leaves;
  gsize n_levels;
  gsize most_players;
};

/** shs_tree_merged_get_player: who is asked at a split. */
static inline guint32
shs_tree_merged_get_player (const ShsTreeMerged *self, const ShsTreeMergedNode *node)
{
  return self->ensemble->player[self->ensemble->feature[node->split]];
}

/** shs_tree_merged_get_kept: product of the shares that @player took above @node; 1 for none. */
double shs_tree_merged_get_kept (const ShsTreeMerged *self, const ShsTreeMergedNode *node,
                                 guint32 player);

G_END_DECLS
