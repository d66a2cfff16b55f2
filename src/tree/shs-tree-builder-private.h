/* The builder, for the files that it is made of. */
#pragma once

#include "tree/shs-tree-draft.h"

G_BEGIN_DECLS

/*
 * @ensemble: NULL after @failure, which is kept for the first call that can tell it
 * @is_open: whether shs_tree_builder_close() is still to come
 * @file_size, @n_bytes_read: of the file that the trees come from; 0 where none is known
 * @set_bytes: of all sets so far
 * @order, @branches, @is_taken: a draft's, with room for draft_capacity nodes
 */
struct _ShsTreeBuilder
{
  ShsTreeEnsemble *ensemble;
  GError *failure;
  gboolean is_open;
  gsize node_capacity;
  gsize leaf_capacity;
  gsize tree_capacity;
  gsize set_capacity;
  gsize word_capacity;
  gsize file_size;
  gsize n_bytes_read;
  gsize set_bytes;
  gsize draft_capacity;
  guint32 *order;
  ShsTreeDraftBranch *branches;
  guint8 *is_taken;
};

/* FALSE with what went wrong when the builder was made. */
gboolean shs_tree_builder_check (const ShsTreeBuilder *self, GError **error);

/* Half as much again: large models must not need twice their memory. */
static inline gsize
shs_tree_builder_get_larger_capacity (gsize capacity, gsize needed)
{
  return MAX (needed, capacity + capacity / 2 + 16);
}

G_END_DECLS
