/* What the quadrature needs to know of each node of a tree. */
#pragma once

#include "tree/shs-tree-program.h"

G_BEGIN_DECLS

/** SHS_TREE_TALL: heights above the fused steps' are not told apart. */
#define SHS_TREE_TALL 4

/**
 * ShsTreeFacts: of one node; positions count from the tree's root.
 * @end: behind the last node of its subtree
 * @earlier: position of the nearest split above on the same player's features, plus 1; 0 for none
 * @distinct: different players on the path from the root, its own included
 * @word: of a split: index of its go-left word
 * @slot: of a split: its player's slot
 * @height: edges to the deepest leaf below, at most SHS_TREE_TALL
 * @n_inner: splits of the subtree, where @height is below SHS_TREE_TALL
 * @repeats: whether a player of its subtree (where @height is below SHS_TREE_TALL; else its own)
 *   is split above that split
 * @share: share of the training weight that went left
 * @kept: product of the shares taken at the earlier splits on the same player's features; 1 for
 * none
 */
typedef struct
{
  guint32 end;
  guint32 earlier;
  guint32 distinct;
  guint32 word;
  guint32 slot;
  guint8 height;
  guint8 n_inner;
  guint8 repeats;
  double share;
  double kept;
} ShsTreeFacts;

/**
 * shs_tree_facts_find:
 * @program: its slots, players, routes and earlier splits grow by those of @tree
 * @facts: one per node of @tree, written
 * @n_distinct: (out): the most distinct players on a path
 */
gboolean shs_tree_facts_find (ShsTreeProgram *program, const ShsTreeEnsemble *ensemble, gsize tree,
                              ShsTreeFacts *facts, gsize *n_distinct, GError **error);

G_END_DECLS
