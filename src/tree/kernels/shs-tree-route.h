/* Routing: (node, 64 rows) to the word of rows that go left. Included by the kernels. */
#pragma once

#include "tree/kernels/shs-lanes.h"
#include "tree/kernels/shs-tree-kernels.h"

/* LightGBM's kZeroThreshold. */
#define SHS_ROUTE_ZERO ((ShsReal)1e-35f)

SHS_LANES_INLINE gboolean
shs_route_set_has (const ShsRouter *router, guint32 set, gboolean truncates, ShsReal value)
{
  const guint32 *words = router->set_words + router->set_first[set];
  gsize n_words = router->set_first[set + 1] - router->set_first[set];

  if (truncates && value > -1 && value < 0)
    value = 0;
  /* The negated comparison is false for NaN too. */
  if (!(value >= 0 && value < (ShsReal)(n_words * 32)))
    return FALSE;
  return words[(guint32)value / 32] >> ((guint32)value % 32) & 1;
}

static guint64
shs_route_by_set (const ShsRouter *router, const ShsRouteNode *node, const ShsReal *x)
{
  gboolean truncates = (node->missing & SHS_CATEGORY_TRUNCATES) != 0;
  guint64 word = 0;

  for (int row = 0; row < SHS_TREE_BLOCK; row++)
    word |= (guint64)shs_route_set_has (router, node->set, truncates, x[row]) << row;
  return node->split == SHS_SPLIT_IN_SET ? word : ~word;
}

static guint64
shs_route_compare (const ShsRouter *router, const ShsRouteNode *node, const ShsReal *x)
{
  ShsReal threshold = (ShsReal)node->threshold;

  switch (node->split)
    {
    case SHS_SPLIT_LESS:
      return shs_lanes_less (x, threshold);
    case SHS_SPLIT_LESS_EQUAL:
      return shs_lanes_less_equal (x, threshold);
    case SHS_SPLIT_GREATER:
      return shs_lanes_greater (x, threshold);
    case SHS_SPLIT_GREATER_EQUAL:
      return shs_lanes_greater_equal (x, threshold);
    case SHS_SPLIT_EQUAL:
      return shs_lanes_equal (x, threshold);
    case SHS_SPLIT_NOT_EQUAL:
      return ~shs_lanes_equal (x, threshold);
    default:
      return shs_route_by_set (router, node, x);
    }
}

static guint64
shs_route_general (const ShsRouter *router, const ShsRouteNode *node, const ShsReal *x)
{
  static const ShsReal zeros[SHS_TREE_BLOCK] __attribute__ ((aligned (64))) = { 0 };
  guint64 left = shs_route_compare (router, node, x);
  guint64 nan = shs_lanes_is_nan (x);
  guint64 missing = node->missing & SHS_MISSING_NAN ? nan : 0;

  if (node->missing & SHS_MISSING_NAN_IS_ZERO)
    left = (left & ~nan) | (shs_route_compare (router, node, zeros) & nan);
  if (node->missing & SHS_MISSING_ZERO)
    missing
        |= (shs_lanes_greater_equal (x, -SHS_ROUTE_ZERO) & shs_lanes_less_equal (x, SHS_ROUTE_ZERO))
           | (node->missing & SHS_MISSING_NAN_IS_ZERO ? nan : 0);
  return node->missing & SHS_MISSING_LEFT ? left | missing : left & ~missing;
}

/* The rows of the block that go left at @node. */
SHS_LANES_INLINE guint64
shs_route_node (const ShsRouter *router, const ShsRouteNode *node, const ShsReal *block)
{
  const ShsReal *x = block + (gsize)node->slot * SHS_TREE_BLOCK;
  ShsReal threshold = (ShsReal)node->threshold;

  switch (node->rule)
    {
    case SHS_ROUTE_LESS:
      return shs_lanes_less (x, threshold);
    case SHS_ROUTE_LESS_OR_NAN:
      return ~shs_lanes_greater_equal (x, threshold);
    case SHS_ROUTE_LESS_EQUAL:
      return shs_lanes_less_equal (x, threshold);
    case SHS_ROUTE_LESS_EQUAL_OR_NAN:
      return ~shs_lanes_greater (x, threshold);
    default:
      return shs_route_general (router, node, x);
    }
}

#if defined(__AVX512F__)
/* Mask registers go to memory as they are: joining them takes longer than the comparisons. */
#define SHS_ROUTE_STORE(x, operator, predicate, threshold, word, n_vectors)                        \
  do                                                                                               \
    {                                                                                              \
      const ShsVector *values = (const ShsVector *)(x);                                            \
      ShsVector y = shs_lanes_set (threshold);                                                     \
                                                                                                   \
      _Pragma ("GCC unroll 32") for (int i = 0; i < (n_vectors); i++) ((ShsLaneMask *)(word))[i]   \
          = SHS_LANES_COMPARE (values[i], operator, predicate, y);                                 \
    }                                                                                              \
  while (0)

SHS_LANES_INLINE void
shs_route_store (const ShsRouter *router, const ShsRouteNode *node, const ShsReal *block,
                 guint64 *word, int n_vectors)
{
  const ShsReal *x = block + (gsize)node->slot * SHS_TREE_BLOCK;
  ShsReal threshold = (ShsReal)node->threshold;

  switch (node->rule)
    {
    case SHS_ROUTE_LESS:
      SHS_ROUTE_STORE (x, <, _CMP_LT_OQ, threshold, word, n_vectors);
      break;
    case SHS_ROUTE_LESS_OR_NAN:
      SHS_ROUTE_STORE (x, <, _CMP_NGE_UQ, threshold, word, n_vectors);
      break;
    case SHS_ROUTE_LESS_EQUAL:
      SHS_ROUTE_STORE (x, <=, _CMP_LE_OQ, threshold, word, n_vectors);
      break;
    case SHS_ROUTE_LESS_EQUAL_OR_NAN:
      SHS_ROUTE_STORE (x, <=, _CMP_NGT_UQ, threshold, word, n_vectors);
      break;
    default:
      *word = shs_route_node (router, node, block);
      break;
    }
}
#else
SHS_LANES_INLINE void
shs_route_store (const ShsRouter *router, const ShsRouteNode *node, const ShsReal *block,
                 guint64 *word, int n_vectors)
{
  *word = shs_route_node (router, node, block);
}
#endif
