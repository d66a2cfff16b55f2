/* Path-dependent values of many rows: the tables of a whole ensemble. */
#pragma once

#include "tree/shs-tree-tables.h"

G_BEGIN_DECLS

/**
 * ShsTreePathTables: immutable once built.
 * @groups: of trees
 * @tables: by group
 */
typedef struct
{
  ShsTreeVariant variant;
  ShsTreeGroups groups;
  ShsTreeTables **tables;
  gsize n_bytes;
} ShsTreePathTables;

void shs_tree_path_tables_free (ShsTreePathTables *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreePathTables, shs_tree_path_tables_free)

/**
 * shs_tree_path_tables_explain: shs_tree_path_dependent() by tables, which are built if the
 * ensemble does not keep them yet. The ensemble has covers, and shapes fit.
 */
gboolean shs_tree_path_tables_explain (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                                       const ShsTreeOptions *options, ShsMatrix *values,
                                       GError **error);

G_END_DECLS
