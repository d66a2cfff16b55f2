/* The tables of a group of trees. */
#pragma once

#include "tree/shs-tree-patterns.h"

G_BEGIN_DECLS

/**
 * ShsTreeTables: immutable once built.
 * @own: (nullable): the trees' patterns, where nobody else holds them
 * @variant: what they are built for
 * @n_entries: of one leaf value
 * @entries: [leaf value][@n_entries] numbers of the variant's size
 */
typedef struct
{
  ShsTreePatterns *own;
  ShsTreeVariant variant;
  gsize n_entries;
  gsize n_bytes;
  gpointer entries;
} ShsTreeTables;

/**
 * shs_tree_tables_build: (transfer full): of the trees of @patterns
 * @frequencies: (nullable): shares of the background's rows: see #ShsTableBuild; NULL for
 *   path-dependent tables
 *
 * Trees are spread over threads. Cost: about k 2^k operations of k numbers for a leaf below k
 * players.
 */
ShsTreeTables *shs_tree_tables_build (const ShsTreeEnsemble *ensemble,
                                      const ShsTreePatterns *patterns, const double *frequencies,
                                      const ShsTreeOptions *options, GError **error);
void shs_tree_tables_free (ShsTreeTables *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeTables, shs_tree_tables_free)

G_END_DECLS
