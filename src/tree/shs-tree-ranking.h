/* Which splits are answered by the rank of a value among the thresholds of its feature. */
#pragma once

#include "tree/kernels/shs-tree-kernels.h"
#include "tree/shs-tree-buffer.h"

G_BEGIN_DECLS

/**
 * ShsTreeRanking: all zero before it is built.
 * @slots: #ShsRankedSlot
 * @nodes: #ShsRankedNode
 * @thresholds: float [slot][SHS_RANKS]
 */
typedef struct
{
  ShsTreeBuffer slots;
  ShsTreeBuffer nodes;
  ShsTreeBuffer thresholds;
  ShsTreeBuffer keys; /* scratch */
} ShsTreeRanking;

/**
 * shs_tree_ranking_build:
 * @nodes: @n_nodes splits of floats; those that are not ranked come first afterwards
 *
 * Ranks the splits on features that are compared often, though with at most 255 thresholds. Cost:
 * of sorting the splits.
 *
 * Returns: (out) @n_rest: splits that are not ranked
 */
gboolean shs_tree_ranking_build (ShsTreeRanking *self, ShsRouteNode *nodes, gsize n_nodes,
                                 gsize *n_rest, GError **error);
void shs_tree_ranking_clear (ShsTreeRanking *self);

/** shs_tree_ranking_run: writes the words of the ranked splits; @x as for routing. */
void shs_tree_ranking_run (const ShsTreeRanking *self, const ShsTreeKernels *kernels,
                           gconstpointer x, guint64 *left);

G_END_DECLS
