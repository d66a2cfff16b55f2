/* The numbers of a compiled tree: computed in double, kept in the type of the lanes. */
#pragma once

#include "tree/shs-tree-program.h"

G_BEGIN_DECLS

/**
 * shs_tree_constants_write:
 * @program: has the operations and facts of the tree of @code; gets its constants
 *
 * Layout: [output of the leaves][pass][constant].
 */
gboolean shs_tree_constants_write (ShsTreeProgram *program, const ShsTreeEnsemble *ensemble,
                                   const ShsTreeCode *code, GError **error);

G_END_DECLS
