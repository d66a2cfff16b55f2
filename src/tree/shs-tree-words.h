/* Which rows of a block go left at each split of some trees. */
#pragma once

#include "tree/shs-tree-block.h"
#include "tree/shs-tree-buffer.h"

G_BEGIN_DECLS

/**
 * ShsTreeWords: of one worker; all zero before shs_tree_words_init().
 * @first_node: of the trees at hand; nodes of words count from it
 * @words: by node: bit r says that row r of the block goes left; undefined at leaves
 */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsTreeKernels *kernels;
  gsize first_node;
  guint64 *words;
  ShsTreeSlots slots;
  ShsTreeBuffer routes;
  ShsTreeBuffer memory; /* of @words */
  gpointer x;
} ShsTreeWords;

/** shs_tree_words_init: for at most @most_nodes nodes at a time. */
gboolean shs_tree_words_init (ShsTreeWords *self, const ShsTreeEnsemble *ensemble, gsize most_nodes,
                              ShsInstructions instructions, GError **error);
void shs_tree_words_clear (ShsTreeWords *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsTreeWords, shs_tree_words_clear)

/** shs_tree_words_set_trees: from @first to before @end. */
gboolean shs_tree_words_set_trees (ShsTreeWords *self, gsize first, gsize end, GError **error);

/** shs_tree_words_route: up to 64 rows from @first_row on. Bits of rows beyond the last say
 * nothing.
 */
void shs_tree_words_route (ShsTreeWords *self, const ShsMatrix *rows, gsize first_row);

/** shs_tree_words_goes_left: row @row of the block at @node of the ensemble. */
static inline gboolean
shs_tree_words_goes_left (const ShsTreeWords *self, gsize node, gsize row)
{
  return self->words[node - self->first_node] >> row & 1;
}

G_END_DECLS
