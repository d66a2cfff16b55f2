/* A tree on its way into the ensemble: put in order and checked. For the builder alone. */
#pragma once

#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/** ShsTreeDraft: a tree as a loader gave it; its arrays have room for n_nodes. Counts and marks are
 * 0 at first. */
typedef struct
{
  const ShsTreeNode *nodes;
  const ShsTreeLinearLeaf *linear; /* (nullable) */
  gsize n_nodes;
  gsize number;
  gsize n_reached;
  gsize n_leaves;
  gboolean has_wide_covers; /* some that a float does not hold */
  guint32 *place;           /* by given index: position in depth-first order */
  guint32 *order;           /* by position: given index */
  guint32 *stack;
  guint32 *depth; /* by given index */
  guint32 largest_depth;
} ShsTreeDraft;

/** shs_tree_draft_order: the nodes that the root reaches, depth first, left before right; FALSE
 * with %SHS_ERROR_INVALID where children are none or are reached twice. Nothing recurses. */
gboolean shs_tree_draft_order (ShsTreeDraft *draft, GError **error);

/** shs_tree_draft_check: the nodes in order, held against the ensemble that they are for: see
 * shs_tree_builder_add_tree(). */
gboolean shs_tree_draft_check (ShsTreeDraft *draft, const ShsTreeEnsemble *ensemble,
                               const double *vectors, double weight, GError **error);

G_END_DECLS
