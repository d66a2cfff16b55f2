/* Leaves that are linear functions of features, and what follows for predictions. */
#pragma once

#include "tree/shs-tree-explain.h"

#include <math.h>

G_BEGIN_DECLS

/**
 * ShsTreeLinearLeaves:
 * @n_nodes: nodes described so far: once the ensemble is finished, all of its nodes
 * @first: n_nodes + 1 offsets into @feature and @coefficient: a node without terms is a split or a
 *   leaf of constant value
 * @constant: per node
 */
struct _ShsTreeLinearLeaves
{
  gsize n_nodes;
  gsize node_capacity;
  gsize term_capacity;
  gsize *first;
  double *constant;
  gint32 *feature;
  double *coefficient;
};

ShsTreeLinearLeaves *shs_tree_linear_leaves_new (void);
void shs_tree_linear_leaves_free (ShsTreeLinearLeaves *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeLinearLeaves, shs_tree_linear_leaves_free)

/** shs_tree_linear_leaves_reserve: room for so many nodes and terms more. */
gboolean shs_tree_linear_leaves_reserve (ShsTreeLinearLeaves *self, gsize n_nodes, gsize n_terms,
                                         GError **error);
/** shs_tree_linear_leaves_append: the next node; room is reserved. */
void shs_tree_linear_leaves_append (ShsTreeLinearLeaves *self, const ShsTreeLinearLeaf *leaf);
/** shs_tree_linear_leaves_pad: nodes without terms, up to @n_nodes. */
gboolean shs_tree_linear_leaves_pad (ShsTreeLinearLeaves *self, gsize n_nodes, GError **error);
/** shs_tree_linear_leaves_finish: no node comes after @n_nodes; *@self (nullable) becomes NULL
 * where no leaf has any term. */
gboolean shs_tree_linear_leaves_finish (ShsTreeLinearLeaves **self, gsize n_nodes, GError **error);
/** shs_tree_linear_leaves_copy: those of the first @n_nodes nodes, as a finished ensemble has them.
 */
gboolean shs_tree_linear_leaves_copy (const ShsTreeLinearLeaves *self, gsize n_nodes,
                                      ShsTreeLinearLeaves **copy, GError **error);

/** shs_tree_linear_leaves_count: terms of @node. */
static inline gsize
shs_tree_linear_leaves_count (const ShsTreeLinearLeaves *self, gsize node)
{
  return self->first[node + 1] - self->first[node];
}

/**
 * shs_tree_linear_predict: what shs_tree_predict() does where leaves are linear: values are taken
 * as the rows have them, in double, and added up in the order of the file, as LightGBM does. Cost:
 * depth + terms per (row, tree), one row at a time.
 */
gboolean shs_tree_linear_predict (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                                  const ShsTreeOptions *options, ShsMatrix *margins,
                                  GError **error);

G_END_DECLS
