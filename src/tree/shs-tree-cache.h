/* Compiled programs that stay with their ensemble, so that few rows cost little. */
#pragma once

#include "tree/shs-tree-path-tables.h"
#include "tree/shs-tree-program.h"

G_BEGIN_DECLS

/** SHS_TREE_CACHE_BYTES: most memory that the programs kept with one ensemble take together; what
 * exceeds it is compiled anew by each call. */
#define SHS_TREE_CACHE_BYTES (64u << 20)

/** shs_tree_cache_get: (nullable): the program of @group for @variant; lives as long as the
 * ensemble. Any thread. */
const ShsTreeProgram *shs_tree_cache_get (const ShsTreeEnsemble *ensemble, ShsTreeVariant variant,
                                          gsize group);

/**
 * shs_tree_cache_keep:
 * @program: (transfer full) when the result is TRUE
 * @n_groups: of the ensemble
 *
 * Returns: whether there is a program of @group now: @program, or that of another thread that was
 *   faster; FALSE when the limit is reached or there is no memory
 */
gboolean shs_tree_cache_keep (const ShsTreeEnsemble *ensemble, gsize n_groups, gsize group,
                              ShsTreeProgram *program);

/** shs_tree_cache_get_patterns: (transfer full) (nullable): what path-dependent tables are built
 * of. Any thread. */
ShsTreePathPatterns *shs_tree_cache_get_patterns (const ShsTreeEnsemble *ensemble);

/** shs_tree_cache_keep_patterns: a reference is taken, unless there are others already or the limit
 * is reached. */
void shs_tree_cache_keep_patterns (const ShsTreeEnsemble *ensemble, ShsTreePathPatterns *patterns);

/** shs_tree_cache_get_tables: (nullable): path-dependent tables for @variant; as
 * shs_tree_cache_get(). */
const ShsTreePathTables *shs_tree_cache_get_tables (const ShsTreeEnsemble *ensemble,
                                                    ShsTreeVariant variant);

/** shs_tree_cache_keep_tables: as shs_tree_cache_keep(); along with their patterns. */
gboolean shs_tree_cache_keep_tables (const ShsTreeEnsemble *ensemble, ShsTreePathTables *tables);

/** shs_tree_cache_free: with the ensemble. */
void shs_tree_cache_free (ShsTreeCache *self);

G_END_DECLS
