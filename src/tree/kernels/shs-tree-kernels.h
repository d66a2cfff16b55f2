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
 * @right: the tree's own index of the right child; the left one comes next
 */
typedef struct
{
  double threshold;
  guint32 slot;
  guint32 set;
  guint32 right;
  guint8 rule;
  guint8 split;
  guint8 missing;
} ShsRouteNode;

/**
 * ShsRouter: nodes with the category sets they refer to.
 * @nodes: nodes of one tree, or any list of inner nodes
 */
typedef struct
{
  const ShsRouteNode *nodes;
  gsize n_nodes;
  const gsize *set_first;
  const guint32 *set_words;
} ShsRouter;

/**
 * ShsTreeKernels:
 * @size: bytes of a number in a block
 * @load: casts @count values of a column to 64 numbers of a block; the rest is 0
 * @route: the go-left word of each inner node; x is [slot][64] of the kernels' type
 * @find_leaves: the tree's own index of the leaf of each of 64 rows, from the root; @stack has room
 *   for 2 x (depth + 1) words
 */
typedef struct
{
  gsize size;
  void (*load) (const double *column, gsize count, gpointer x);
  void (*route) (const ShsRouter *router, gconstpointer x, guint64 *left);
  void (*find_leaves) (const ShsRouter *router, gconstpointer x, guint64 *stack, guint32 *leaf);
} ShsTreeKernels;

/** shs_tree_kernels_get: those for @instructions, or NULL when the processor cannot run them. */
const ShsTreeKernels *shs_tree_kernels_get (ShsInstructions instructions, ShsPrecision precision,
                                            GError **error);

G_END_DECLS
