/* A tree on its way to patterns: what the files of the compiler share. */
#pragma once

#include "tree/shs-tree-patterns.h"

G_BEGIN_DECLS

/** SHS_PART_BYTES: of the tables of a part of a tree, or of a batch of trees, in single precision:
 * they stay in the processor's second cache while rows go through. */
#define SHS_PART_BYTES (256u << 10)

/**
 * ShsPatternCompiler:
 * @program: gives slots, players, and facts and routes of the tree at hand
 * @nodes: #ShsUnitNode of the tree at hand
 * @tests: guint32: hash table of the tree's @n_tests different routes, plus 1
 * @first: the tree's first node
 * @part: of the tree, that is being written
 */
typedef struct
{
  ShsTreePatterns *patterns;
  const ShsTreeEnsemble *ensemble;
  ShsTreeProgram *program;
  ShsUnitLimits limits;
  ShsTreeBuffer nodes;
  ShsTreeBuffer tests;
  gsize n_tests;
  gsize first;
  ShsPatternTree part;
} ShsPatternCompiler;

/** shs_pattern_compiler_number_tests: equal tests of the tree get one number, in the order in which
 * they come; the routes of the others go. */
gboolean shs_pattern_compiler_number_tests (ShsPatternCompiler *self, gsize n_nodes,
                                            GError **error);

/** shs_pattern_compiler_has_room: whether the part at hand may take in the unit at @root. */
gboolean shs_pattern_compiler_has_room (const ShsPatternCompiler *self, guint32 root);

/** shs_pattern_compiler_enter: the pattern at @node out of its parent's; below too many players
 * there is none. */
gboolean shs_pattern_compiler_enter (ShsPatternCompiler *self, guint32 node, GError **error);

/** shs_pattern_compiler_append_unit: that of the subtree at @root. */
gboolean shs_pattern_compiler_append_unit (ShsPatternCompiler *self, guint32 root, GError **error);

/** shs_pattern_compiler_append_deep: a leaf that no unit has. */
gboolean shs_pattern_compiler_append_deep (ShsPatternCompiler *self, guint32 leaf, GError **error);

G_END_DECLS
