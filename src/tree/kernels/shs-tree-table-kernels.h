/* Trees as tables: what the pattern kernels work on.
 *
 * A unit is a subtree whose leaves are looked up together. Its pattern has a bit for each player on
 * the path to the subtree ("hot": the row meets all of the player's conditions there) and a bit for
 * each test inside it ("goes left"). For each player of the unit a table has the sum of the
 * player's contributions at all leaves of the unit, by pattern.
 *
 * A fork is a unit of three tests, of which the upper one parts the other two: no leaf depends on
 * both of these, so that what they change can be added. Its tables are by the pattern without
 * them: contributions of rows that go right at both, then for each what going left adds. */
#pragma once

#include "tree/kernels/shs-tree-kernels.h"

G_BEGIN_DECLS

/** SHS_PATTERN_BITS: of the widest pattern that is looked up in tables. */
#define SHS_PATTERN_BITS 12

/** SHS_TABLE_ENTRIES: of one player's table; narrow patterns repeat, so that a vector is full. */
#define SHS_TABLE_ENTRIES(n_bits) ((gsize)1 << MAX (n_bits, 4))

/** SHS_WIDE_BITS: of the narrowest wide pattern: see shs_pattern_unit_is_wide(). */
#define SHS_WIDE_BITS 8

/** SHS_LINE_WIDTH: numbers of a line: a unit's players, filled up. */
#define SHS_LINE_WIDTH(n_players) (((gsize)(n_players) + 3) / 4 * 4)

/** SHS_TABLE_BLOCKS: blocks of 64 rows that go through a tree together, so that a table is fetched
 * once for all of them. */
#define SHS_TABLE_BLOCKS 2

/** SHS_PATTERN_BYTES: of the pattern stack, for each level: [block][two bytes][64 rows]. */
#define SHS_PATTERN_BYTES (SHS_TABLE_BLOCKS * 2 * SHS_TREE_BLOCK)

/**
 * ShsPatternOp: a step of the walk over a tree.
 * @is_unit: patterns of the unit @index are complete at @level; else an edge: the pattern of
 *   @level + 1 is that of @level with @bit cleared for rows that do not go to @side
 * @side: 0 left, 1 right
 * @n_bits: bits of the pattern at @level; the others are set, so @bit == @n_bits is new
 * @index: of an edge: its go-left word
 * @is_lower: an edge of one of the two lower tests of a fork
 */
typedef struct
{
  guint8 is_unit;
  guint8 is_lower;
  guint8 side;
  guint8 bit;
  guint8 n_bits;
  guint32 level;
  guint32 index;
} ShsPatternOp;

/**
 * ShsPatternUnit:
 * @n_above: players above it, which have the first bits
 * @n_players: players on the paths to its leaves; those above the unit first
 * @first_player: in the list of players' slots
 * @first_leaf, @n_leaves: in the list of #ShsPatternLeaf
 * @first_entry: of its tables among those of one leaf value: [player][SHS_TABLE_ENTRIES], or lines
 * @first_count: in the list of counts by pattern
 * @is_fork: its tables are [player][1 + lower tests that the player depends on][SHS_TABLE_ENTRIES]
 *   by the pattern without the lower tests, which are its last bits
 * @n_shared: of a fork: players that depend on both lower tests; they are the first
 * @lower_of: of a fork: by player after these: its lower test, 0 or 1
 * @lower: of a fork: the lower tests' go-left words
 */
typedef struct
{
  guint8 n_bits;
  guint8 n_above;
  guint8 n_players;
  guint8 is_fork;
  guint8 n_shared;
  guint8 lower_of[2];
  guint32 lower[2];
  guint32 first_player;
  guint32 first_leaf;
  guint32 n_leaves;
  gsize first_entry;
  gsize first_count;
} ShsPatternUnit;

/** shs_pattern_unit_index_bits: of the patterns that its tables are by. */
static inline guint
shs_pattern_unit_index_bits (const ShsPatternUnit *self)
{
  return self->n_bits - (self->is_fork ? 2u : 0u);
}

/** shs_pattern_unit_is_wide: whether many rows are looked up in lines: by pattern, the numbers of
 * all players, which are fetched together. */
static inline gboolean
shs_pattern_unit_is_wide (const ShsPatternUnit *self)
{
  return self->n_bits >= SHS_WIDE_BITS && !self->is_fork;
}

/** shs_pattern_unit_count_entries: room for its columns, and but for a fork for its lines. */
static inline gsize
shs_pattern_unit_count_entries (const ShsPatternUnit *self)
{
  if (self->is_fork)
    return (2u * self->n_players + self->n_shared)
           * SHS_TABLE_ENTRIES (shs_pattern_unit_index_bits (self));
  return SHS_LINE_WIDTH (self->n_players) * SHS_TABLE_ENTRIES (self->n_bits);
}

/** shs_pattern_unit_depends: whether it is a fork and @player depends on its test @lower. */
static inline gboolean
shs_pattern_unit_depends (const ShsPatternUnit *self, guint player, guint lower)
{
  return self->is_fork
         && (player < self->n_shared || self->lower_of[player - self->n_shared] == lower);
}

/**
 * ShsPatternLeaf:
 * @node: in the ensemble
 * @first_condition, @n_conditions: one for each player on its path
 */
typedef struct
{
  gsize node;
  guint32 first_condition;
  guint32 n_conditions;
} ShsPatternLeaf;

/**
 * ShsPatternCondition: a player meets all its conditions on the path to a leaf.
 * @mask, @wanted: where (pattern & mask) == wanted
 * @player: its number among the unit's players
 * @share: product of the shares of training weight that the path takes at its splits
 */
typedef struct
{
  guint16 mask;
  guint16 wanted;
  guint32 player;
  double share;
} ShsPatternCondition;

/**
 * ShsTableWalk: a tree, and one or two blocks of 64 rows.
 * @wide_lines: whether wide units have lines, not columns as narrow ones
 * @narrow_lines: whether narrow units have lines too: for few rows; there are no forks then
 * @tables: of the leaf value wanted, in the type of the kernels, from entry @first_entry on
 * @n_rows: rows that count, the first of all
 * @words: by block: go-left words
 * @patterns: scratch: [level][SHS_PATTERN_BYTES]
 * @contributions: by block: [slot][64]; added to
 */
typedef struct
{
  const ShsPatternOp *ops;
  gsize n_ops;
  const ShsPatternUnit *units;
  gboolean wide_lines;
  gboolean narrow_lines;
  const guint32 *players;
  gconstpointer tables;
  gsize first_entry;
  gsize n_rows;
  const guint64 *words[SHS_TABLE_BLOCKS];
  guint8 *patterns;
  gpointer contributions[SHS_TABLE_BLOCKS];
} ShsTableWalk;

/** SHS_COUNT_WORDS: words of 64 rows that are counted at a time. */
#define SHS_COUNT_WORDS 32

/**
 * ShsPatternCount: a tree, and rows of the background.
 * @words: [word][SHS_COUNT_WORDS]
 * @valid: SHS_COUNT_WORDS words: the rows that count
 * @most_bits: of the tree's patterns
 * @sets: scratch: room for (1 + nested edges that ask an old bit) << @most_bits sets of
 *   SHS_COUNT_WORDS words
 * @counts: added to: by unit and set of bits: rows whose patterns have at least these bits
 */
typedef struct
{
  const ShsPatternOp *ops;
  gsize n_ops;
  const ShsPatternUnit *units;
  const guint64 *words;
  const guint64 *valid;
  guint most_bits;
  guint64 *sets;
  guint64 *counts;
} ShsPatternCount;

/**
 * ShsTableBuild: a unit, whose tables of one leaf value are made.
 * @leaves, @conditions: the whole lists
 * @frequencies: (nullable): share of the background's rows by pattern of the unit; NULL for the
 *   shares of training weight
 * @values: of the unit's leaves, times the tree's weight
 * @cold, @hot: by number of players on a path, then of players in a coalition
 *   (SHS_PATTERN_BITS + 1 each way): see shs-tree-build-kernels.c
 * @width: of a line; 0 for columns
 * @scratch: SHS_BUILD_SCRATCH doubles
 * @tables: of the unit, written in the type of the kernels
 */
typedef struct
{
  const ShsPatternUnit *unit;
  const ShsPatternLeaf *leaves;
  const ShsPatternCondition *conditions;
  const double *frequencies;
  const double *values;
  const double *cold;
  const double *hot;
  guint width;
  double *scratch;
  gpointer tables;
} ShsTableBuild;

/** SHS_BUILD_SCRATCH: tables of 16 players, four of numbers and one of patterns. */
#define SHS_BUILD_SCRATCH ((gsize)(16 + 5) << SHS_PATTERN_BITS)

/**
 * ShsTableKernels:
 * @walk: adds the contributions of one tree
 * @count: counts patterns of the background
 * @build: makes the tables of one unit
 */
struct _ShsTableKernels
{
  void (*walk) (const ShsTableWalk *task);
  void (*count) (const ShsPatternCount *task);
  void (*build) (const ShsTableBuild *task);
};

G_END_DECLS
