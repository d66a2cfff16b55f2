/* Tables of pair interactions of a group of trees, for the units that are narrow enough. */
#pragma once

#include "tree/shs-tree-pair-set.h"
#include "tree/shs-tree-tables.h"

G_BEGIN_DECLS

/** SHS_PAIR_BITS: of the widest pattern whose pairs have tables: their number and size grow. */
#define SHS_PAIR_BITS 8

/**
 * ShsTreePairTables: immutable once built.
 * @pairs: slot i + 1 is that of pair i
 * @units: #ShsPatternUnit as those of the patterns, with pairs in the players' place; none where
 * the pattern is too wide
 * @slots: guint32: of the units' pairs
 * @tables: [leaf value][pair of a unit][pattern]
 */
typedef struct
{
  ShsTreePairSet pairs;
  ShsTreeBuffer units;
  ShsTreeBuffer slots;
  ShsTreeTables tables;
} ShsTreePairTables;

/**
 * shs_tree_pair_tables_build: (transfer full):
 * @frequencies: as for shs_tree_tables_build()
 *
 * Cost: about k^3 2^k operations for a leaf below k players.
 */
ShsTreePairTables *shs_tree_pair_tables_build (const ShsTreeEnsemble *ensemble,
                                               const ShsTreePatterns *patterns,
                                               const double *frequencies,
                                               const ShsTreeOptions *options, GError **error);
void shs_tree_pair_tables_free (ShsTreePairTables *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTreePairTables, shs_tree_pair_tables_free)

G_END_DECLS
