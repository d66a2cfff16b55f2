/* Which subtrees of a tree are looked up as one unit. */
#pragma once

#include "tree/kernels/shs-tree-table-kernels.h"
#include "tree/shs-tree-facts.h"

G_BEGIN_DECLS

/**
 * ShsUnitNode: of one node; positions count from the tree's root.
 * @parent: its position; that of the root is 0
 * @origin: of a split: position of the first split on its player on the path
 * @level: of the walk
 * @above: players on the path, without its own
 * @bit: of a split: its player's number on the path
 * @test: of a split: its number among the tree's tests; equal tests have one number
 * @n_tests: different tests of its subtree; more than SHS_PATTERN_BITS are not counted
 * @tests: a split for each of them
 * @n_players: if it is a unit's root: of the unit
 * @is_fork: likewise: whether it is a fork
 * @is_unit: whether it is the root of a unit or inside one
 * @cost: of its subtree: about processor cycles for 16 rows
 */
typedef struct
{
  guint32 parent;
  guint32 origin;
  guint32 level;
  guint32 above;
  guint32 bit;
  guint32 test;
  guint8 n_tests;
  guint8 n_players;
  guint8 is_fork;
  guint8 is_unit;
  guint32 tests[SHS_PATTERN_BITS];
  double cost;
} ShsUnitNode;

/**
 * ShsUnitLimits:
 * @most_bits: of a pattern, at most SHS_PATTERN_BITS
 * @forks: whether there may be forks, see kernels/shs-tree-table-kernels.h
 */
typedef struct
{
  guint most_bits;
  gboolean forks;
} ShsUnitLimits;

/**
 * shs_tree_units_choose:
 * @facts, @routes: of the tree's nodes and splits
 * @limits: of the units
 * @nodes: one per node, written
 *
 * Depth first from the root, the first node with is_unit is a unit's root; a leaf without it is
 * deep.
 */
void shs_tree_units_choose (const ShsTreeEnsemble *ensemble, gsize tree, const ShsTreeFacts *facts,
                            const ShsUnitLimits *limits, ShsUnitNode *nodes);

/** shs_tree_units_set_fork: what @unit, whose root is @root and whose words those of the tests are,
 * says of a fork. */
void shs_tree_units_set_fork (const ShsTreeFacts *facts, const ShsUnitNode *nodes, guint32 root,
                              ShsPatternUnit *unit);

G_END_DECLS
