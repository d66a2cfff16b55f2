#include "tree/kernels/shs-tree-route.h"

#include "tree/kernels/shs-tree-kernel-table.h"
#include "tree/kernels/shs-tree-quadrature-kernels.h"

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
  for (gsize i = 0; i < router->n_nodes; i++)
    left[i] = shs_route_node (router, &router->nodes[i], x);
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

/* From the last split to the root, each picks for all rows at once between what its children
 * picked: no branch depends on the data. */
static void
pick_leaves (const ShsRouter *router, const ShsPick *picks, gconstpointer x, guint64 *words,
             guint8 *ranks, guint32 *leaf)
{
  ShsBytes *places = (ShsBytes *)ranks;
  const guint8 *root = ranks + (gsize)SHS_PICK_LEAVES * SHS_TREE_BLOCK;

  route (router, x, words);
  for (gsize i = router->n_nodes; i-- > 0;)
    {
      ShsBytes *to = places + (SHS_PICK_LEAVES + i) * SHS_BYTES_VECTORS;
      const ShsBytes *left = places + (gsize)picks[i].left * SHS_BYTES_VECTORS;
      const ShsBytes *right = places + (gsize)picks[i].right * SHS_BYTES_VECTORS;

      for (int vector = 0; vector < SHS_BYTES_VECTORS; vector++)
        to[vector] = shs_lanes_select_bytes (&words[i], vector, left[vector], right[vector]);
    }
  for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
    leaf[row] = router->n_nodes > 0 ? root[row] : 0;
}

const ShsTreeKernels SHS_LANES_NAME (kernels) = {
  .size = sizeof (ShsReal),
  .load = load,
  .route = route,
  .find_leaves = find_leaves,
  .pick_leaves = pick_leaves,
  .explain = SHS_LANES_NAME (explain),
  .flush = SHS_LANES_NAME (flush),
};
