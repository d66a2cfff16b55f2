#include "tree/shs-tree-ranking.h"

#include <math.h>
#include <stdlib.h>

/* With fewer splits on a feature comparisons are cheaper than the search. */
#define LEAST_NODES 16
#define LEAST_LEVELS 5
#define RANKED G_MAXUINT32

typedef struct
{
  guint32 slot;
  float threshold;
  guint32 node;
} Key;

/* x <= t is x < the next float. */
static gboolean
find_key (const ShsRouteNode *node, Key *key)
{
  gboolean has_equal
      = node->rule == SHS_ROUTE_LESS_EQUAL || node->rule == SHS_ROUTE_LESS_EQUAL_OR_NAN;
  float threshold = (float)node->threshold;

  if (node->rule > SHS_ROUTE_LESS_EQUAL_OR_NAN || isnan (threshold)
      || (has_equal && threshold == INFINITY))
    return FALSE;
  key->slot = node->slot;
  key->threshold = has_equal ? nextafterf (threshold, INFINITY) : threshold;
  return TRUE;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  const Key *left = a;
  const Key *right = b;

  if (left->slot != right->slot)
    return left->slot < right->slot ? -1 : 1;
  return left->threshold < right->threshold ? -1 : left->threshold > right->threshold;
}

static gsize
count_thresholds (const Key *keys, gsize n)
{
  gsize n_distinct = 1;

  for (gsize i = 1; i < n; i++)
    n_distinct += keys[i].threshold != keys[i - 1].threshold;
  return n_distinct;
}

/* The search tree in breadth-first order from 1 on, filled up with what no finite value reaches. */
static void
put_tree (const Key *keys, gsize n, guint n_levels, float *tree)
{
  float sorted[SHS_RANKS];
  gsize n_distinct = 0;

  for (gsize i = 0; i < n; i++)
    if (i == 0 || keys[i].threshold != keys[i - 1].threshold)
      sorted[n_distinct++] = keys[i].threshold;
  tree[0] = 0;
  for (guint level = 0; level < n_levels; level++)
    for (gsize i = 0; i < (gsize)1 << level; i++)
      {
        gsize rank = ((2 * i + 1) << (n_levels - 1 - level)) - 1;

        tree[((gsize)1 << level) + i] = rank < n_distinct ? sorted[rank] : INFINITY;
      }
}

/* @keys: all of one slot. */
static gboolean
rank_slot (ShsTreeRanking *self, const Key *keys, gsize n, ShsRouteNode *nodes, GError **error)
{
  gsize n_distinct = count_thresholds (keys, n);
  guint n_levels = MAX ((guint)g_bit_storage (n_distinct), LEAST_LEVELS);
  guint most = 1u << n_levels;
  ShsRankedSlot *slot;
  ShsRankedNode *ranked;
  float *tree;

  if (n < LEAST_NODES || n_distinct >= SHS_RANKS)
    return TRUE;
  slot = shs_tree_buffer_extend (&self->slots, 1, sizeof *slot, error);
  if (slot == NULL)
    return FALSE;
  *slot = (ShsRankedSlot){ keys->slot, n_levels, (guint32)self->nodes.n, (guint32)n };
  ranked = shs_tree_buffer_extend (&self->nodes, n, sizeof *ranked, error);
  if (ranked == NULL)
    return FALSE;
  tree = shs_tree_buffer_extend (&self->thresholds, SHS_RANKS, sizeof *tree, error);
  if (tree == NULL)
    return FALSE;
  put_tree (keys, n, n_levels, tree);
  for (gsize i = 0; i < n; i++)
    {
      ShsRouteNode *node = &nodes[keys[i].node];

      most += i > 0 && keys[i].threshold != keys[i - 1].threshold;
      ranked[i] = (ShsRankedNode){ .word = node->word,
                                   .most = (guint8)most,
                                   .nan_goes_left = node->rule == SHS_ROUTE_LESS_OR_NAN
                                                    || node->rule == SHS_ROUTE_LESS_EQUAL_OR_NAN };
      node->word = RANKED;
    }
  return TRUE;
}

gboolean
shs_tree_ranking_build (ShsTreeRanking *self, ShsRouteNode *nodes, gsize n_nodes, gsize *n_rest,
                        GError **error)
{
  gsize n_keys = 0;
  gsize end;
  Key *keys;

  self->slots.n = self->nodes.n = self->thresholds.n = self->keys.n = 0;
  keys = shs_tree_buffer_extend (&self->keys, n_nodes, sizeof *keys, error);
  if (keys == NULL)
    return FALSE;
  for (gsize i = 0; i < n_nodes; i++)
    {
      keys[n_keys].node = (guint32)i;
      n_keys += find_key (&nodes[i], &keys[n_keys]);
    }
  if (n_keys > 0)
    qsort (keys, n_keys, sizeof *keys, compare_keys);
  for (gsize first = 0; first < n_keys; first = end)
    {
      for (end = first; end < n_keys && keys[end].slot == keys[first].slot;)
        end++;
      if (!rank_slot (self, keys + first, end - first, nodes, error))
        return FALSE;
    }
  *n_rest = 0;
  for (gsize i = 0; i < n_nodes; i++)
    if (nodes[i].word != RANKED)
      nodes[(*n_rest)++] = nodes[i];
  return TRUE;
}

void
shs_tree_ranking_clear (ShsTreeRanking *self)
{
  shs_tree_buffer_clear (&self->slots);
  shs_tree_buffer_clear (&self->nodes);
  shs_tree_buffer_clear (&self->thresholds);
  shs_tree_buffer_clear (&self->keys);
}

void
shs_tree_ranking_run (const ShsTreeRanking *self, const ShsTreeKernels *kernels, gconstpointer x,
                      guint64 *left)
{
  ShsRanking ranking = { .slots = self->slots.memory,
                         .n_slots = self->slots.n,
                         .nodes = self->nodes.memory,
                         .thresholds = self->thresholds.memory };

  if (ranking.n_slots > 0)
    kernels->rank (&ranking, x, left);
}
