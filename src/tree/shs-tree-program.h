/* A group of trees compiled for the quadrature kernels. */
#pragma once

#include "tree/shs-tree-block.h"

G_BEGIN_DECLS

/**
 * ShsTreeVariant: what a program is compiled for.
 * @size: bytes of a number of the lanes
 * @index: which value of the game
 */
typedef struct
{
  gsize size;
  ShsTreeIndex index;
} ShsTreeVariant;

/** ShsTreeBuffer: memory that only grows. */
typedef struct
{
  gpointer memory;
  gsize n;
  gsize capacity;
} ShsTreeBuffer;

/**
 * ShsTreeEarlier: the nearest split above on the same player's features.
 * @word: its word; 0 for none
 * @right: whether the path went right there
 */
typedef struct
{
  guint32 word;
  gboolean right;
} ShsTreeEarlier;

/**
 * ShsTreeCode: where a compiled tree lies in its program.
 * @tree: its number in the ensemble
 * @n_inner: splits
 * @n_constants: of one output and pass
 */
typedef struct
{
  gsize tree;
  gsize n_inner;
  gsize first_op;
  gsize n_ops;
  gsize first_node;
  gsize first_constant;
  gsize n_constants;
  gsize n_points;
  gsize n_passes;
  gsize first_weight;
} ShsTreeCode;

/**
 * ShsTreeProgram: a compiled group; each buffer's element is named. Immutable once compiled.
 * @variant: what it is compiled for
 * @slots: of the features: what routing reads
 * @players: slots of the players: what contributions are kept by
 * @codes: #ShsTreeCode, ordered by output; trees without splits have none
 * @routes: #ShsRouteNode of all splits; while trees are compiled that of word i is i - 1
 * @earlier: #ShsTreeEarlier, likewise
 * @ops, @nodes: see #ShsQuadrature
 * @constants: numbers of the variant's size
 * @weights: double
 * @facts, @pending: scratch, by node of a tree
 * @op_node: scratch, by operation of a tree: its first node
 * @last: scratch, by player's slot: position of the last split on its features, plus 1; 0 between
 * trees
 * @points: scratch: quadrature points of the rule in use, then its weights
 * @n_rule: points of that rule
 * @most_stack: numbers that the largest tree's stack needs, see #ShsQuadrature
 */
typedef struct
{
  ShsTreeVariant variant;
  ShsTreeSlots slots;
  ShsTreeSlots players;
  ShsTreeBuffer codes;
  ShsTreeBuffer routes;
  ShsTreeBuffer earlier;
  ShsTreeBuffer ops;
  ShsTreeBuffer nodes;
  ShsTreeBuffer constants;
  ShsTreeBuffer weights;
  ShsTreeBuffer facts;
  ShsTreeBuffer pending;
  ShsTreeBuffer op_node;
  ShsTreeBuffer last;
  ShsTreeBuffer points;
  gsize n_rule;
  gsize most_stack;
} ShsTreeProgram;

/** shs_tree_buffer_extend: room for @count more elements of @size bytes: the first of them. */
gpointer shs_tree_buffer_extend (ShsTreeBuffer *self, gsize count, gsize size, GError **error);
void shs_tree_buffer_clear (ShsTreeBuffer *self);

/** shs_tree_program_compile: (transfer full): the trees of @group. */
ShsTreeProgram *shs_tree_program_compile (const ShsTreeEnsemble *ensemble,
                                          const ShsTreeGroups *groups, gsize group,
                                          ShsTreeVariant variant, ShsProgress *progress,
                                          GError **error);
void shs_tree_program_free (ShsTreeProgram *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreeProgram, shs_tree_program_free)

/** shs_tree_program_count_bytes: memory that it takes. */
gsize shs_tree_program_count_bytes (const ShsTreeProgram *self);

G_END_DECLS
