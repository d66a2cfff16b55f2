/* A tree on its way into the ensemble: checked, put in order and written. For the builder alone. */
#pragma once

#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/** ShsTreeDraftBranch: a right child whose turn comes later. */
typedef struct
{
  guint32 node;
  guint32 parent; /* position in depth-first order */
  guint32 depth;
} ShsTreeDraftBranch;

/**
 * ShsTreeDraft: a tree as a loader gave it.
 * @nodes, @n_nodes, @linear, @vectors: see shs_tree_builder_add_tree() and
 *   shs_tree_builder_add_linear_tree()
 * @number: of the tree; @weight: of its leaves
 * @n_reached, @largest_depth: found by shs_tree_draft_write()
 * @order: room for n_nodes: by position in depth-first order, the given index
 * @branches: room for n_nodes
 * @is_taken: room for n_nodes: by given index
 */
typedef struct
{
  const ShsTreeNode *nodes;
  gsize n_nodes;
  const ShsTreeLinearLeaf *linear;
  const double *vectors;
  gsize number;
  double weight;
  gsize n_reached;
  guint32 largest_depth;
  guint32 *order;
  ShsTreeDraftBranch *branches;
  guint8 *is_taken;
} ShsTreeDraft;

/**
 * shs_tree_draft_write:
 * @capacity: nodes that @ensemble has room for: n_nodes of the draft at least behind those it has
 *
 * Puts the nodes that the root reaches in order, depth first, left before right, checks them (see
 * shs_tree_builder_add_tree()) and writes them behind the nodes of @ensemble, whose counts stay, so
 * that nothing was added when it fails. Leaves that are vectors or linear are left to the functions
 * below. Nothing recurses.
 *
 * Returns: FALSE with %SHS_ERROR_INVALID naming tree and node, or %SHS_ERROR_MEMORY where covers
 *   are no floats for the first time
 */
gboolean shs_tree_draft_write (ShsTreeDraft *draft, ShsTreeEnsemble *ensemble, gsize capacity,
                               GError **error);

/** shs_tree_draft_count_leaves: of the nodes written: every split has two children. */
gsize shs_tree_draft_count_leaves (const ShsTreeDraft *draft);

/** shs_tree_draft_write_vectors: the leaves' vectors behind those of @ensemble, where there is
 * room; fails as shs_tree_draft_write() does. */
gboolean shs_tree_draft_write_vectors (const ShsTreeDraft *draft, ShsTreeEnsemble *ensemble,
                                       GError **error);

/** shs_tree_draft_write_linear: what the leaves multiply; those of trees before that have none are
 * made constant. Fails as shs_tree_draft_write() does, or with %SHS_ERROR_MEMORY. */
gboolean shs_tree_draft_write_linear (const ShsTreeDraft *draft, ShsTreeEnsemble *ensemble,
                                      GError **error);

G_END_DECLS
