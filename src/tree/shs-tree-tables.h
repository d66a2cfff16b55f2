/* The tables of a group of trees, or of a portion of them. */
#pragma once

#include "tree/shs-tree-patterns.h"

G_BEGIN_DECLS

/**
 * ShsTreeTables: immutable once built.
 * @variant: what they are built for
 * @narrow_lines: whether narrow units have lines: for few rows
 * @portion: of the patterns
 * @n_entries: of one leaf value
 * @n_bytes: there is room for
 * @entries: [leaf value][@n_entries] numbers of the variant's size
 */
typedef struct
{
  ShsTreeVariant variant;
  gboolean narrow_lines;
  ShsPatternPortion portion;
  gsize n_entries;
  gsize n_bytes;
  gpointer entries;
} ShsTreeTables;

/**
 * ShsTreeTablesOf: what tables are wanted.
 * @frequencies: (nullable): shares of the background's rows: see #ShsTableBuild; NULL for
 *   path-dependent tables
 * @narrow_lines: see #ShsTreeTables
 * @portion: (nullable): NULL for all trees
 */
typedef struct
{
  const ShsTreePatterns *patterns;
  const double *frequencies;
  gboolean narrow_lines;
  const ShsPatternPortion *portion;
} ShsTreeTablesOf;

/**
 * shs_tree_tables_build: (transfer full):
 * @old: (nullable) (transfer full): tables that nobody needs any more, whose memory, at hand for
 *   the processor, is used again where there is enough of it
 *
 * Trees are spread over threads. Cost: about 3 k 2^k additions for a leaf below k players.
 */
ShsTreeTables *shs_tree_tables_build (const ShsTreeEnsemble *ensemble, const ShsTreeTablesOf *of,
                                      ShsTreeTables *old, const ShsTreeOptions *options,
                                      GError **error);
void shs_tree_tables_free (ShsTreeTables *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeTables, shs_tree_tables_free)

G_END_DECLS
