/* The patterns of a whole ensemble, for path-dependent tables. Private to tree/. */
#pragma once

#include "tree/shs-tree-patterns.h"

G_BEGIN_DECLS

/** SHS_PATH_PATTERN_BITS: most players of a path that path-dependent tables are made for. */
#define SHS_PATH_PATTERN_BITS 8

/**
 * ShsTreePathPatterns: reference counted, immutable. It does not depend on what tables are built
 * for, so that the choice of the kernel and the tables of all variants share it.
 * @groups: of trees
 * @patterns: by group
 * @cost: of the look-ups of 16 rows: about processor cycles
 * @n_bytes: memory that it takes
 */
typedef struct
{
  gint references;
  ShsTreeGroups groups;
  ShsTreePatterns **patterns;
  double cost;
  gsize n_bytes;
} ShsTreePathPatterns;

/**
 * shs_tree_path_patterns_get: (transfer full): those that are kept with the ensemble, or else
 * compiled now. Cost: of compiling, for a tree about as long as 1,000 rows take.
 *
 * Returns: NULL with %SHS_ERROR_UNSUPPORTED where a path has more than %SHS_PATH_PATTERN_BITS
 *   players
 */
ShsTreePathPatterns *shs_tree_path_patterns_get (const ShsTreeEnsemble *ensemble,
                                                 ShsProgress *progress, GError **error);
ShsTreePathPatterns *shs_tree_path_patterns_ref (ShsTreePathPatterns *self);
void shs_tree_path_patterns_unref (ShsTreePathPatterns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreePathPatterns, shs_tree_path_patterns_unref)

G_END_DECLS
