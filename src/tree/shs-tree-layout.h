/* A group of trees as predictions read it: where rows go, and what the leaves are worth there.
 * Private to tree/. */
#pragma once

#include "tree/shs-tree-block.h"
#include "tree/shs-tree-buffer.h"
#include "tree/shs-tree-ranking.h"

G_BEGIN_DECLS

/**
 * ShsTreeLayout: prepared anew for each group, in memory that is used again; all zero is empty.
 *
 * A tree is laid out in one of three ways: as a complete one of its depth, whose leaf is the number
 * that the go-left words of the way spell; with a few words whose bits are the number of the leaf
 * (picked); or, where it is large, as nodes that rows are sent through.
 * @slots: of the group's features
 * @group: that is prepared; G_MAXSIZE for none
 * @nodes: of the trees that rows are sent through
 * @splits: #ShsRouteNode: of all others; those that are not ranked come first
 * @n_routed: of these; @ranking: of the rest
 * @n_words: go-left words of @splits
 * @picks: #ShsPick; @pickers: by tree of the group
 * @leaves: [leaf value][rank or code], tree by tree, times the tree's weight
 */
typedef struct
{
  ShsTreeSlots slots;
  gsize group;
  ShsRouteNode *nodes;
  ShsTreeBuffer splits;
  gsize n_routed;
  ShsTreeRanking ranking;
  gsize n_words;
  ShsTreeBuffer picks;
  ShsPicker *pickers;
  double *leaves;
} ShsTreeLayout;

/** shs_tree_layout_init: room for the largest of @groups. */
gboolean shs_tree_layout_init (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble,
                               const ShsTreeGroups *groups, GError **error);
void shs_tree_layout_clear (ShsTreeLayout *self);

/** shs_tree_layout_prepare: @ranks: whether splits are ranked where that is worth it: for kernels
 * that have ranks, and many rows. */
gboolean shs_tree_layout_prepare (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble,
                                  const ShsTreeGroups *groups, gsize group, gboolean ranks,
                                  GError **error);

/** shs_tree_layout_has_codes: whether the picker of @tree says which leaf a row comes to, rather
 * than @nodes. */
gboolean shs_tree_layout_has_codes (const ShsTreeEnsemble *ensemble, gsize tree);

/** shs_tree_layout_count_codes: of @tree: leaves of one leaf value. */
gsize shs_tree_layout_count_codes (const ShsTreeEnsemble *ensemble, gsize tree);

G_END_DECLS
