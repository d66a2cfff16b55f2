#include "tree/shs-tree-facts.h"

/* Children before parents: positions are in depth-first order. */
static void
measure_subtrees (const ShsTreeEnsemble *ensemble, gsize first, gsize n, ShsTreeFacts *facts)
{
  for (gsize i = n; i-- > 0;)
    {
      ShsTreeFacts *here = &facts[i];
      const ShsTreeFacts *left = here + 1;
      const ShsTreeFacts *right = facts + (ensemble->right[first + i] - first);

      *here = (ShsTreeFacts){ .end = (guint32)i + 1 };
      if (ensemble->split[first + i] == SHS_LEAF)
        continue;
      here->end = right->end;
      here->height = (guint8)MIN (SHS_TREE_TALL, 1 + MAX (left->height, right->height));
      here->n_inner = here->height < SHS_TREE_TALL ? 1 + left->n_inner + right->n_inner : 0;
    }
}

/* The most recent split on the same player is above this one, or its own chain of earlier splits
 * leads to one that is: subtrees are contiguous. Those left behind are never looked at again. */
static guint32
find_earlier (const ShsTreeFacts *facts, gsize node, guint32 last)
{
  while (last != 0 && facts[last - 1].end <= node)
    last = facts[last - 1].earlier;
  return last;
}

static gboolean
describe_split (ShsTreeProgram *program, const ShsTreeEnsemble *ensemble, gsize first, gsize node,
                ShsTreeFacts *facts, GError **error)
{
  ShsTreeFacts *here = &facts[node];
  guint32 *last = program->last.memory;
  ShsRouteNode *route = shs_tree_buffer_extend (&program->routes, 1, sizeof *route, error);
  ShsTreeEarlier *earlier;

  if (route == NULL)
    return FALSE;
  earlier = shs_tree_buffer_extend (&program->earlier, 1, sizeof *earlier, error);
  if (earlier == NULL)
    return FALSE;

  shs_tree_route_node_init (route, ensemble, first + node, first, &program->slots);
  here->slot
      = shs_tree_slots_add (&program->players, ensemble->player[ensemble->feature[first + node]]);
  here->word = (guint32)program->routes.n;
  route->word = here->word;
  here->share = shs_tree_ensemble_get_left_share (ensemble, first + node);
  here->kept = 1;
  here->earlier = find_earlier (facts, node, last[here->slot]);
  last[here->slot] = (guint32)node + 1;
  *earlier = (ShsTreeEarlier){ 0 };
  if (here->earlier > 0)
    {
      const ShsTreeFacts *above = &facts[here->earlier - 1];

      earlier->word = above->word;
      earlier->right = node >= ensemble->right[first + here->earlier - 1] - first;
      here->kept = above->kept * (earlier->right ? 1 - above->share : above->share);
    }
  here->distinct += here->earlier == 0;
  here[1].distinct = here->distinct;
  facts[route->right].distinct = here->distinct;
  return TRUE;
}

static void
spread_repeats (const ShsTreeEnsemble *ensemble, gsize first, gsize n, ShsTreeFacts *facts)
{
  for (gsize i = n; i-- > 0;)
    {
      ShsTreeFacts *here = &facts[i];

      here->repeats = here->earlier > 0;
      if (here->height > 0 && here->height < SHS_TREE_TALL)
        here->repeats |= here[1].repeats | facts[ensemble->right[first + i] - first].repeats;
    }
}

gboolean
shs_tree_facts_find (ShsTreeProgram *program, const ShsTreeEnsemble *ensemble, gsize tree,
                     ShsTreeFacts *facts, gsize *n_distinct, GError **error)
{
  gsize first = ensemble->tree_first[tree];
  gsize n = ensemble->tree_first[tree + 1] - first;

  measure_subtrees (ensemble, first, n, facts);
  *n_distinct = 0;
  for (gsize node = 0; node < n; node++)
    {
      if (ensemble->split[first + node] == SHS_LEAF)
        continue;
      if (!describe_split (program, ensemble, first, node, facts, error))
        return FALSE;
      *n_distinct = MAX (*n_distinct, facts[node].distinct);
    }
  for (gsize node = 0; node < n; node++)
    ((guint32 *)program->last.memory)[facts[node].slot] = 0;
  spread_repeats (ensemble, first, n, facts);
  return TRUE;
}
