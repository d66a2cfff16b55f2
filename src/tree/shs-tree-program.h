/* A group of trees compiled for the quadrature kernels. */
#pragma once

#include "tree/shs-tree-block.h"
#include "tree/shs-tree-buffer.h"
#include "tree/shs-tree-pair-set.h"

G_BEGIN_DECLS

/**
 * ShsTreeVariant: what a program is compiled for.
 * @size: bytes of a number of the lanes
 * @index: which value of the game
 * @pairs: whether for pairs of players
 */
typedef struct
{
  gsize size;
  ShsTreeIndex index;
  gboolean pairs;
} ShsTreeVariant;

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
 * @n_added: contributions that a block of rows adds
 * @n_constants: of one output and pass
 */
typedef struct
{
  gsize tree;
  gsize n_added;
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
 * @pairs, @meetings, @spans: for pairs only; slot i + 1 is that of pair i; @spans by operation
 * @facts, @pending, @path: scratch, by node of a tree
 * @op_node: scratch, by operation of a tree: its first node
 * @last: scratch, by player's slot: position of the last split on its features, plus 1; 0 between
 * trees
 * @points: scratch: quadrature points of the rule in use, then its weights
 * @n_rule: points of that rule
 * @most_stack, @most_gains: numbers that the largest tree needs there, see #ShsQuadrature
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
  ShsTreePairSet pairs;
  ShsTreeBuffer meetings;
  ShsTreeBuffer spans;
  ShsTreeBuffer facts;
  ShsTreeBuffer pending;
  ShsTreeBuffer path;
  ShsTreeBuffer op_node;
  ShsTreeBuffer last;
  ShsTreeBuffer points;
  gsize n_rule;
  gsize most_stack;
  gsize most_gains;
} ShsTreeProgram;

/** shs_tree_program_new: (transfer full): without trees. */
ShsTreeProgram *shs_tree_program_new (const ShsTreeEnsemble *ensemble, const ShsTreeGroups *groups,
                                      ShsTreeVariant variant, GError **error);

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
