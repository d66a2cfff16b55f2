/* Path-dependent values of many rows: the tables of a whole ensemble. Private to tree/. */
#pragma once

#include "tree/shs-tree-path-patterns.h"
#include "tree/shs-tree-tables.h"

G_BEGIN_DECLS

/** SHS_PATH_TABLE_ROWS: looking up so many rows takes about as long as building the tables: what
 * building adds to the progress for each tree. */
#define SHS_PATH_TABLE_ROWS 20000

/**
 * ShsTreePathTables: immutable once built.
 * @tables: by group of @patterns
 * @n_bytes: memory that they take, without the patterns
 */
typedef struct
{
  ShsTreeVariant variant;
  ShsTreePathPatterns *patterns;
  ShsTreeTables **tables;
  gsize n_bytes;
} ShsTreePathTables;

void shs_tree_path_tables_free (ShsTreePathTables *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreePathTables, shs_tree_path_tables_free)

/** shs_tree_path_tables_get_variant: of tables, for @options. */
ShsTreeVariant shs_tree_path_tables_get_variant (const ShsTreeOptions *options);

/**
 * shs_tree_path_tables_explain: shs_tree_path_dependent() by tables, which are built if the
 * ensemble does not keep them yet. The ensemble has covers, and shapes fit.
 */
gboolean shs_tree_path_tables_explain (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                                       const ShsTreeOptions *options, ShsMatrix *values,
                                       GError **error);

G_END_DECLS
