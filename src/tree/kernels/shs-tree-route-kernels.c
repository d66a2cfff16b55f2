#include "tree/kernels/shs-tree-route.h"

#include "tree/kernels/shs-tree-kernel-table.h"
#include "tree/kernels/shs-tree-quadrature-kernels.h"
#include "tree/kernels/shs-tree-table-parts.h"

#include <string.h>

static void
load (const double *column, gsize count, gpointer x)
{
  ShsReal *block = x;

  for (gsize i = 0; i < count; i++)
    block[i] = (ShsReal)column[i];
  for (gsize i = count; i < SHS_TREE_BLOCK; i++)
    block[i] = 0;
}

static void
route (const ShsRouter *router, gconstpointer x, guint64 *left)
{
  gsize n_nodes = router->n_nodes;
  const ShsRouteNode *node = router->nodes;

  if (router->n_rows <= SHS_LANES)
    for (gsize i = 0; i < n_nodes; i++, node++)
      shs_route_store (router, node, x, &left[node->word], 1);
  else
    for (gsize i = 0; i < n_nodes; i++, node++)
      shs_route_store (router, node, x, &left[node->word], SHS_LANES_VECTORS);
}

/* Depth first with the word of rows that reach the node; a subtree that no row reaches is never
 * entered, so a block costs at most 64 x depth nodes however large the tree is. */
static void
find_leaves (const ShsRouter *router, gconstpointer x, guint64 *stack, guint32 *leaf)
{
  guint32 node = 0;
  guint64 rows = ~G_GUINT64_CONSTANT (0);
  gsize n_stacked = 0;

  for (;;)
    {
      const ShsRouteNode *here = &router->nodes[node];
      guint64 left = 0;

      if (here->rule != SHS_ROUTE_LEAF)
        {
          left = rows & shs_route_node (router, here, x);
          stack[n_stacked] = here->right;
          stack[n_stacked + 1] = rows & ~left;
          n_stacked += stack[n_stacked + 1] != 0 ? 2 : 0;
        }
      else
        for (; rows != 0; rows &= rows - 1)
          leaf[__builtin_ctzll (rows)] = here->right;

      if (left != 0)
        {
          node++;
          rows = left;
        }
      else if (n_stacked > 0)
        {
          n_stacked -= 2;
          node = (guint32)stack[n_stacked];
          rows = stack[n_stacked + 1];
        }
      else
        return;
    }
}

/* Bits of the leaves' codes, for all rows at once: no branch depends on the data. */
static void
pick_leaves (const ShsRouter *router, const ShsPicker *picker, gconstpointer x, guint64 *words,
             guint32 *leaf)
{
  guint64 *result = words + 2 + router->n_nodes;
  const ShsPick *pick = picker->picks;
  gsize n_picks = picker->n_picks;
  ShsBytes codes[SHS_BYTES_VECTORS];

  words[0] = 0;
  words[1] = ~G_GUINT64_CONSTANT (0);
  route (router, x, words);
  for (gsize i = 0; i < n_picks; i++, pick++)
    result[i]
        = words[pick->right] ^ ((words[pick->left] ^ words[pick->right]) & words[pick->split]);

  for (int vector = 0; vector < SHS_BYTES_VECTORS; vector++)
    {
      ShsBytes code = { 0 };

      for (guint bit = 0; bit < picker->n_bits; bit++)
        code = shs_lanes_select_bytes (&words[picker->bits[bit]], vector,
                                       code + (guint8)(1u << bit), code);
      codes[vector] = code;
    }
  for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
    leaf[row] = ((const guint8 *)codes)[row];
}

static void
add_leaves (const double *values, const guint32 *leaf, double *sums)
{
  for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
    sums[row] += values[leaf[row]];
}

const ShsTreeKernels SHS_LANES_NAME (kernels) = {
  .size = sizeof (ShsReal),
  .load = load,
  .route = route,
  .find_leaves = find_leaves,
  .pick_leaves = pick_leaves,
  .add_leaves = add_leaves,
  .explain = SHS_LANES_NAME (explain),
  .interact = SHS_LANES_NAME (interact),
  .flush = SHS_LANES_NAME (flush),
  .tables = &SHS_LANES_NAME (table_kernels),
};
