#include "tree/kernels/shs-tree-route.h"

#include "tree/kernels/shs-tree-kernel-table.h"
#include "tree/kernels/shs-tree-quadrature-kernels.h"
#include "tree/kernels/shs-tree-rank-kernels.h"
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

/* For all rows at once: no branch depends on the data. */
static void
pick_bits (const ShsPicker *picker, const guint64 *left, guint64 *words, guint64 *bits)
{
  guint64 *result = words + 2 + picker->n_splits;
  const ShsPick *pick = picker->picks;
  gsize n_picks = picker->n_picks;

  words[0] = 0;
  words[1] = ~G_GUINT64_CONSTANT (0);
  memcpy (words + 2, left, picker->n_splits * sizeof *words);
  for (gsize i = 0; i < n_picks; i++, pick++)
    result[i]
        = words[pick->right] ^ ((words[pick->left] ^ words[pick->right]) & words[pick->split]);
  for (guint bit = 0; bit < picker->n_bits; bit++)
    bits[bit] = words[picker->bits[bit]];
}

/* Words of neighbouring splits. */
typedef guint64 Words __attribute__ ((vector_size (SHS_LANES_BYTES)));
typedef guint64 AnyWords __attribute__ ((vector_size (SHS_LANES_BYTES), aligned (8)));
#define N_WORDS (SHS_LANES_BYTES / 8)

SHS_LANES_INLINE Words
load_words (const guint64 *words)
{
  return *(const AnyWords *)words;
}

SHS_LANES_INLINE Words
choose_words (const guint64 *split, Words left, Words right)
{
  return right ^ ((left ^ right) & load_words (split));
}

/* Of a complete tree: the word of the split of @depth that each row comes to. Level after level
 * upwards, every split chooses between its children. */
SHS_LANES_INLINE guint64
find_bit (const guint64 *words, guint depth)
{
  Words chosen[SHS_PICK_LEAVES / 4 / N_WORDS];
  gsize n = (gsize)1 << depth;
  Words last;

  for (gsize k = n / 2; k >= N_WORDS; k /= 2)
    for (gsize i = 0; i < k; i += N_WORDS)
      chosen[i / N_WORDS] = k == n / 2 ? choose_words (words + k + i, load_words (words + n + i),
                                                       load_words (words + n + k + i))
                                       : choose_words (words + k + i, chosen[i / N_WORDS],
                                                       chosen[(i + k) / N_WORDS]);
  last = n / 2 >= N_WORDS ? chosen[0] : load_words (words + n);
  for (gsize k = MIN (n, N_WORDS) / 2; k > 0; k /= 2)
    {
      Words from;

      for (gsize i = 0; i < N_WORDS; i++)
        from[i] = (i + k) % N_WORDS;
      last = choose_words (words + k, last, __builtin_shuffle (last, from));
    }
  return last[0];
}

static void
find_bits (const guint64 *words, guint n_bits, guint64 *bits)
{
  _Pragma ("GCC unroll 8") for (guint depth = 0; depth < SHS_PICK_BITS; depth++)
  {
    if (depth == n_bits)
      return;
    bits[depth] = find_bit (words, depth);
  }
}

static void
pick_leaves (const ShsPicker *picker, const guint64 *left, guint64 *words, guint32 *leaf)
{
  guint64 bits[SHS_PICK_BITS];
  ShsBytes codes[SHS_BYTES_VECTORS];

  if (picker->is_full)
    find_bits (left + picker->first_word, picker->n_bits, bits);
  else
    pick_bits (picker, left + picker->first_word, words, bits);
  for (int vector = 0; vector < SHS_BYTES_VECTORS; vector++)
    {
      ShsBytes code = { 0 };

      for (guint bit = 0; bit < picker->n_bits; bit++)
        code = shs_lanes_select_bytes (&bits[bit], vector, code + (guint8)(1u << bit), code);
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
  .rank = SHS_LANES_RANK,
  .find_leaves = find_leaves,
  .pick_leaves = pick_leaves,
  .add_leaves = add_leaves,
  .explain = SHS_LANES_NAME (explain),
  .interact = SHS_LANES_NAME (interact),
  .flush = SHS_LANES_NAME (flush),
  .tables = &SHS_LANES_NAME (table_kernels),
};
