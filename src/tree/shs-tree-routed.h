/* The ways of many rows through all trees, kept as bits. */
#pragma once

#include "tree/shs-tree-words.h"

G_BEGIN_DECLS

/**
 * ShsTreeRouted: all zero before shs_tree_routed_init().
 * @words: [block of 64 rows][node of the ensemble]: who goes left; undefined at leaves
 */
typedef struct
{
  gsize n_nodes;
  guint64 *words;
} ShsTreeRouted;

/** shs_tree_routed_init: takes 1 bit per row and node. */
gboolean shs_tree_routed_init (ShsTreeRouted *self, const ShsTreeEnsemble *ensemble,
                               const ShsMatrix *rows, const ShsTreeOptions *options,
                               GError **error);
void shs_tree_routed_clear (ShsTreeRouted *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsTreeRouted, shs_tree_routed_clear)

static inline gboolean
shs_tree_routed_goes_left (const ShsTreeRouted *self, gsize node, gsize row)
{
  return self->words[row / SHS_TREE_BLOCK * self->n_nodes + node] >> (row % SHS_TREE_BLOCK) & 1;
}

G_END_DECLS
