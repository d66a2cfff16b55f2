/* A group of trees compiled for the pattern kernels: see kernels/shs-tree-table-kernels.h. */
#pragma once

#include "tree/kernels/shs-tree-table-kernels.h"
#include "tree/shs-tree-program.h"
#include "tree/shs-tree-units.h"

G_BEGIN_DECLS

/**
 * ShsPatternTree: where a tree, or a part of a large one, lies in the group.
 * @tree: its number in the ensemble
 * @is_last: whether no more parts of the tree follow
 * @first_word: of the batch: its own words count from there
 * @first_entry: of its tables
 * @n_levels: of its walk
 * @n_regions: of its sets: see shs-tree-count-kernels.c
 * @most_bits: of its patterns
 * @first_deep, @n_deep: its leaves that no unit has
 */
typedef struct
{
  gsize tree;
  gboolean is_last;
  gsize first_word;
  gsize first_entry;
  gsize first_op;
  gsize n_ops;
  guint32 first_unit;
  guint32 n_units;
  guint32 n_levels;
  guint32 n_regions;
  guint most_bits;
  gsize first_deep;
  gsize n_deep;
} ShsPatternTree;

/**
 * ShsPatternBatch: consecutive trees, or parts, of one output that share their words and whose
 * tables fit into the processor's second cache.
 * @n_whole: trees that end in it
 * @first_route, @n_routes: their words are 0 .. n_routes - 1
 */
typedef struct
{
  gsize first_tree;
  gsize n_trees;
  gsize n_whole;
  gsize first_route;
  gsize n_routes;
} ShsPatternBatch;

/**
 * ShsPatternPortion: consecutive batches whose tables are built, and looked up by all rows, before
 * those of the next, so that they do not leave the processor's third cache.
 * @first_entry, @n_entries: of the tables of one leaf value
 */
typedef struct
{
  gsize first_batch;
  gsize n_batches;
  gsize first_entry;
  gsize n_entries;
} ShsPatternPortion;

/**
 * ShsPatternTerm: a split on the path to a leaf that no unit has.
 * @word: of the tree
 * @player: number of its player on the path
 */
typedef struct
{
  guint32 word;
  guint32 side;
  guint32 player;
} ShsPatternTerm;

/**
 * ShsPatternDeep: a leaf whose path has more players than a pattern has bits.
 * @first_player, @n_players: in the list of players' slots
 * @first_term, @n_terms: in the list of terms
 */
typedef struct
{
  gsize node;
  guint32 first_player;
  guint32 n_players;
  gsize first_term;
  gsize n_terms;
} ShsPatternDeep;

/**
 * ShsTreePatterns: immutable once compiled; each buffer's element is named. Trees without splits
 * are left out.
 * @slots: of the features
 * @players: slots of the players
 * @batches: #ShsPatternBatch
 * @portions: #ShsPatternPortion
 * @trees: #ShsPatternTree, ordered by output
 * @routes: #ShsRouteNode
 * @ops, @units, @leaves, @conditions: as their types say
 * @unit_players: guint32: slots of the units' and deep leaves' players
 * @deep, @terms: #ShsPatternDeep, #ShsPatternTerm
 * @n_whole: trees
 * @n_entries: of the tables of one leaf value
 * @n_counts: of all units
 * @most_levels, @most_words, @most_sets: of any tree or batch: scratch memory of the kernels
 * @cost: of the look-ups of 16 rows: about processor cycles
 */
typedef struct
{
  ShsTreeSlots slots;
  ShsTreeSlots players;
  ShsTreeBuffer batches;
  ShsTreeBuffer portions;
  ShsTreeBuffer trees;
  ShsTreeBuffer routes;
  ShsTreeBuffer ops;
  ShsTreeBuffer units;
  ShsTreeBuffer leaves;
  ShsTreeBuffer conditions;
  ShsTreeBuffer unit_players;
  ShsTreeBuffer deep;
  ShsTreeBuffer terms;
  gsize n_whole;
  gsize n_entries;
  gsize n_counts;
  gsize most_levels;
  gsize most_words;
  gsize most_sets;
  double cost;
} ShsTreePatterns;

/**
 * shs_tree_patterns_compile: (transfer full): the trees of @group.
 * @limits: of the units; leaves below more players than patterns have bits are listed as deep
 *
 * Units are chosen so that looking them up costs least.
 */
ShsTreePatterns *shs_tree_patterns_compile (const ShsTreeEnsemble *ensemble,
                                            const ShsTreeGroups *groups, gsize group,
                                            ShsUnitLimits limits, ShsProgress *progress,
                                            GError **error);
void shs_tree_patterns_free (ShsTreePatterns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreePatterns, shs_tree_patterns_free)

/** shs_tree_patterns_count_bytes: memory that it takes, without tables and counts. */
gsize shs_tree_patterns_count_bytes (const ShsTreePatterns *self);

G_END_DECLS
