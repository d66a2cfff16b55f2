/* The kernels of one instruction set and one precision, and what they work on: 64 rows at a time,
 * one bit of a 64-bit word per row. */
#pragma once

#include "tree/shs-tree-ensemble.h"
#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/** SHS_TREE_BLOCK: rows of a block: bits of a mask word. */
#define SHS_TREE_BLOCK 64

/**
 * ShsRouteRule: how a node is routed.
 * @SHS_ROUTE_LESS: x < threshold, NaN right
 * @SHS_ROUTE_LESS_OR_NAN: x < threshold, NaN left
 * @SHS_ROUTE_LESS_EQUAL: x <= threshold, NaN right
 * @SHS_ROUTE_LESS_EQUAL_OR_NAN: x <= threshold, NaN left
 * @SHS_ROUTE_GENERAL: by the node's split and missing flags
 * @SHS_ROUTE_LEAF: not at all
 */
typedef enum
{
  SHS_ROUTE_LESS,
  SHS_ROUTE_LESS_OR_NAN,
  SHS_ROUTE_LESS_EQUAL,
  SHS_ROUTE_LESS_EQUAL_OR_NAN,
  SHS_ROUTE_GENERAL,
  SHS_ROUTE_LEAF,
} ShsRouteRule;

/**
 * ShsRouteNode: what routing needs of a node.
 * @threshold: exact in the ensemble's cast type
 * @slot: where the block keeps the node's feature
 * @set: index of the category set
 * @right: the tree's own index of the right child; the left one comes next; of a leaf: its rank
 * @word: where route() writes its go-left word
 */
typedef struct
{
  double threshold;
  guint32 slot;
  guint32 set;
  guint32 right;
  guint32 word;
  guint8 rule;
  guint8 split;
  guint8 missing;
} ShsRouteNode;

/**
 * ShsRouter: nodes with the category sets they refer to.
 * @nodes: nodes of one tree, or any list of inner nodes
 * @n_rows: rows of the block that count, the first of 64; the words of others say nothing
 */
typedef struct
{
  const ShsRouteNode *nodes;
  gsize n_nodes;
  gsize n_rows;
  const gsize *set_first;
  const guint32 *set_words;
} ShsRouter;

/** SHS_RANKS: of a value among the thresholds of its slot. */
#define SHS_RANKS 256

/**
 * ShsRankedSlot: a slot that is compared with less than SHS_RANKS thresholds.
 * @n_levels: of their search tree, 5 to 8
 * @first_node, @n_nodes: in the list of ranked nodes
 */
typedef struct
{
  guint32 slot;
  guint32 n_levels;
  guint32 first_node;
  guint32 n_nodes;
} ShsRankedSlot;

/**
 * ShsRankedNode: a split by x < threshold.
 * @word: where its go-left word is written
 * @most: rank of its threshold, plus 2^n_levels, modulo 256
 */
typedef struct
{
  guint32 word;
  guint8 most;
  guint8 nan_goes_left;
} ShsRankedNode;

/**
 * ShsRanking:
 * @thresholds: [slot][SHS_RANKS]: the search tree in breadth-first order, from 1 on
 */
typedef struct
{
  const ShsRankedSlot *slots;
  gsize n_slots;
  const ShsRankedNode *nodes;
  const float *thresholds;
} ShsRanking;

/** SHS_PICK_LEAVES: most leaves of a tree whose leaves are picked; their codes fit into bytes. */
#define SHS_PICK_LEAVES 256
#define SHS_PICK_BITS 8

/** SHS_PICK_WORDS: of the scratch memory of picking: none, all, a go-left word of each split, and
 * what each choice between two words gives. */
#define SHS_PICK_WORDS (2 + (SHS_PICK_LEAVES - 1) * (1 + SHS_PICK_BITS))

/** ShsPick: a choice between two words, for 64 rows: @left where @split says so, else @right. */
typedef struct
{
  guint16 split;
  guint16 left;
  guint16 right;
} ShsPick;

/**
 * ShsPicker: how the code of the leaf that a row reaches follows from the splits' words.
 * @first_word: its splits' words among those of all trees
 * @n_splits: how many they are
 * @n_bits: of a code
 * @is_full: whether the words are laid out as those of a complete tree of n_bits levels: from
 *   @first_word + 2^d on those of depth d, so that the right child of number i has number i + 2^d,
 *   the left one i; bit d of the code says that the row went left at depth d
 * @picks: else: one bit of the code after the other; words: 0 is none of the rows, 1 all, 2 + i
 * that of split i, then the choices' results in their order
 * @bits: the words that are the code's bits
 */
typedef struct
{
  gsize first_word;
  gsize n_splits;
  guint n_bits;
  gboolean is_full;
  const ShsPick *picks;
  gsize n_picks;
  guint16 bits[SHS_PICK_BITS];
} ShsPicker;

/** SHS_PICK_PADDING: words behind the last tree's that are read and not used. */
#define SHS_PICK_PADDING 16

/** SHS_QUADRATURE_POINTS: most quadrature points in one pass over a tree: more do not fit into the
 * registers. */
#define SHS_QUADRATURE_POINTS 4

/**
 * ShsQuadratureStep: one step of the walk over a tree.
 * @SHS_STEP_LEAF: writes the leaf's value
 * @SHS_STEP_DOWN: from a node to the probabilities of its two children
 * @SHS_STEP_UP: from the two children's expectations to the node's
 * @SHS_STEP_TWIG: a whole subtree of height 1 in registers
 * @SHS_STEP_FORK: a whole subtree of height 2, filled up with splits that do nothing
 * @SHS_STEP_CROWN: likewise of height 3
 */
typedef enum
{
  SHS_STEP_LEAF,
  SHS_STEP_DOWN,
  SHS_STEP_UP,
  SHS_STEP_TWIG,
  SHS_STEP_FORK,
  SHS_STEP_CROWN,
} ShsQuadratureStep;

/**
 * ShsQuadratureOp:
 * @step: of #ShsQuadratureStep
 * @repeats: whether a feature of its nodes is also split above
 * @side: 0: left child of its parent, 1: right child
 * @level: edges from the root
 * @node: its first node
 * @constants: its first constant
 */
typedef struct
{
  guint8 step;
  guint8 repeats;
  guint8 side;
  guint32 level;
  guint32 node;
  guint32 constants;
} ShsQuadratureOp;

/**
 * ShsQuadratureNode:
 * @word: index of its go-left and hot words; word 0 is for splits that do nothing
 * @slot: its player's place among the contributions; 0 for splits that do nothing
 */
typedef struct
{
  guint32 word;
  guint32 slot;
} ShsQuadratureNode;

/**
 * ShsMeeting: a player above an operation's nodes, where it was split last on their path.
 * @gain: twice the level of that split, plus 1 on its right side
 * @slot: of the pairs of this player with those of the operation's nodes, in their order; 0 where
 *   there is no node, its player is the same or was split again between; of a fork's first meeting:
 *   of the pairs of its root with its children
 */
typedef struct
{
  guint32 gain;
  guint32 slot[3];
} ShsMeeting;

/** ShsMeetings: those of one operation. */
typedef struct
{
  guint32 first;
  guint32 n;
} ShsMeetings;

/**
 * ShsQuadrature: a tree compiled for one output, and what it is run on.
 * @ops, @n_ops: the walk
 * @nodes: its inner nodes, in the order of @ops
 * @n_rows: rows of the block that count, the first of 64; others may be left out
 * @n_points: quadrature points of a pass
 * @n_passes: passes; each has its own @n_constants constants, one pass after the other
 * @constants: numbers of the kernels' type, see shs-tree-quadrature-kernels.c
 * @weights: n_passes x n_points quadrature weights
 * @left, @hot: words of 64 rows; hot: the row went the path's way at all splits above on the same
 *   player's features
 * @stack: [level][side: 2][probability, expectation][point][64]
 * @contributions: [slot][64]; added to
 * @meetings, @spans: for pairs: who meets whom; spans by operation
 * @gains: for pairs: [level][side: 2][point][64]
 */
typedef struct
{
  const ShsQuadratureOp *ops;
  gsize n_ops;
  const ShsQuadratureNode *nodes;
  gsize n_rows;
  gsize n_points;
  gsize n_passes;
  gsize n_constants;
  gconstpointer constants;
  const double *weights;
  const guint64 *left;
  const guint64 *hot;
  gpointer stack;
  gpointer contributions;
  const ShsMeeting *meetings;
  const ShsMeetings *spans;
  gpointer gains;
} ShsQuadrature;

/** SHS_TREE_NO_COLUMN: of slots whose contributions nobody asks for. */
#define SHS_TREE_NO_COLUMN G_MAXUINT32

/**
 * ShsTreeColumns: where the contributions of a block of rows go.
 * @column: by slot: a column of @values, or %SHS_TREE_NO_COLUMN
 * @values: the block's first row in the first column
 * @stride: distance of the columns
 * @n_rows: rows of the block
 * @overwrites: whether the columns are set, not added to
 * @is_last: whether nobody reads the columns soon
 */
typedef struct
{
  const guint32 *column;
  double *values;
  gsize stride;
  gsize n_rows;
  gboolean overwrites;
  gboolean is_last;
} ShsTreeColumns;

/** SHS_QUADRATURE_CONSTANTS: of one node. */
#define SHS_QUADRATURE_CONSTANTS(n_points, repeats)                                                \
  ((repeats) ? 3 + 3 * (n_points) : 2 + 2 * (n_points))

/** ShsTableKernels: see kernels/shs-tree-table-kernels.h. */
typedef struct _ShsTableKernels ShsTableKernels;

/**
 * ShsTreeKernels:
 * @size: bytes of a number in a block
 * @load: casts @count values of a column to 64 numbers of a block; the rest is 0
 * @route: the go-left word of each inner node, written to left[word]; x is [slot][64] of the
 * kernels' type
 * @find_leaves: the rank of the leaf of each of 64 rows, from the root of a tree of any size;
 * @stack has room for 2 x (depth + 1) words
 * @rank: (nullable): the words of the ranked nodes
 * @pick_leaves: the code of the leaf of each of 64 rows of a tree of at most SHS_PICK_LEAVES
 * leaves;
 *   @left: the words of all trees' splits; @words: SHS_PICK_WORDS
 * @add_leaves: sums[row] += values[leaf[row]] for 64 rows
 * @explain: path-dependent contributions of one tree and output: of players
 * @interact: likewise of pairs of players
 * @flush: adds contributions [slot][64] to the columns, or sets these, in double; contributions are
 *   0 afterwards
 * @tables: of the same instructions and precision
 */
typedef struct
{
  gsize size;
  void (*load) (const double *column, gsize count, gpointer x);
  void (*route) (const ShsRouter *router, gconstpointer x, guint64 *left);
  void (*find_leaves) (const ShsRouter *router, gconstpointer x, guint64 *stack, guint32 *leaf);
  void (*rank) (const ShsRanking *ranking, gconstpointer x, guint64 *left);
  void (*pick_leaves) (const ShsPicker *picker, const guint64 *left, guint64 *words, guint32 *leaf);
  void (*add_leaves) (const double *values, const guint32 *leaf, double *sums);
  void (*explain) (const ShsQuadrature *task);
  void (*interact) (const ShsQuadrature *task);
  void (*flush) (gpointer contributions, gsize n_slots, const ShsTreeColumns *to);
  const ShsTableKernels *tables;
} ShsTreeKernels;

/** shs_tree_kernels_get: those for @instructions, or NULL when the processor cannot run them. */
const ShsTreeKernels *shs_tree_kernels_get (ShsInstructions instructions, ShsPrecision precision,
                                            GError **error);

G_END_DECLS
