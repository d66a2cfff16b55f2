/* Path-dependent explanations of players or of pairs: the public functions differ in little. */
#pragma once

#include "tree/shs-tree-interactions.h"

G_BEGIN_DECLS

/** shs_tree_path_dependent_run: @pairs: (nullable): NULL for players. */
gboolean shs_tree_path_dependent_run (const ShsTreeEnsemble *ensemble, const ShsTreePairs *pairs,
                                      const ShsMatrix *rows, const ShsTreeOptions *options,
                                      ShsMatrix *values, GError **error);

G_END_DECLS
