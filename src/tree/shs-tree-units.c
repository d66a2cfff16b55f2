#include "tree/shs-tree-units.h"

#include <math.h>

#define TOO_MANY (SHS_PATTERN_BITS + 1)
#define EDGE_COST 0.5
/* With fewer bits one table is cheaper. */
#define LEAST_FORK_BITS 7
#define MOST_FORK_BITS 8

/* One player's look-up for 16 rows in registers of AVX-512: permutations, and one sum in memory.
 * Wider patterns are looked up in memory. */
static const double lookup_cost[SHS_PATTERN_BITS + 1]
    = { 2, 2, 2, 2, 2, 2, 3, 5, 8, 10, 12, 16, 24 };

/* Likewise of a fork, by its bits: a player of both lower tests, and one of a single one. */
static const double shared_cost[MOST_FORK_BITS + 1] = { [7] = 3.5, [8] = 7 };
static const double single_cost[MOST_FORK_BITS + 1] = { [7] = 2.5, [8] = 4 };

static void
place_nodes (const ShsTreeEnsemble *ensemble, gsize first, gsize n, const ShsTreeFacts *facts,
             ShsUnitNode *nodes)
{
  nodes[0].parent = nodes[0].level = 0;
  for (gsize i = 0; i < n; i++)
    {
      ShsUnitNode *here = &nodes[i];
      gsize right = ensemble->right[first + i] - first;

      here->above = facts[i].distinct;
      if (ensemble->split[first + i] == SHS_LEAF)
        continue;
      here->above -= facts[i].earlier == 0;
      here->origin = facts[i].earlier > 0 ? nodes[facts[i].earlier - 1].origin : (guint32)i;
      here->bit = facts[i].earlier > 0 ? nodes[facts[i].earlier - 1].bit : here->above;
      nodes[i + 1].parent = nodes[right].parent = (guint32)i;
      nodes[i + 1].level = nodes[right].level = here->level + 1;
    }
}

static void
add_tests (ShsUnitNode *to, const ShsUnitNode *nodes, const guint32 *tests, guint n)
{
  for (guint i = 0; i < n && to->n_tests < TOO_MANY; i++)
    {
      guint other = 0;

      while (other < to->n_tests && nodes[to->tests[other]].test != nodes[tests[i]].test)
        other++;
      if (other < to->n_tests)
        continue;
      if (to->n_tests < SHS_PATTERN_BITS)
        to->tests[to->n_tests] = tests[i];
      to->n_tests++;
    }
}

static void
join_tests (ShsUnitNode *nodes, guint32 node, gsize right)
{
  ShsUnitNode *here = &nodes[node];

  here->n_tests = MAX (nodes[node + 1].n_tests, nodes[right].n_tests) == TOO_MANY ? TOO_MANY : 0;
  if (here->n_tests == TOO_MANY)
    return;
  add_tests (here, nodes, &node, 1);
  add_tests (here, nodes, nodes[node + 1].tests, nodes[node + 1].n_tests);
  add_tests (here, nodes, nodes[right].tests, nodes[right].n_tests);
}

/* Players of the splits below that are not on the path above. */
static guint
count_new_players (const ShsTreeFacts *facts, const ShsUnitNode *nodes, guint32 node)
{
  const ShsUnitNode *here = &nodes[node];
  guint n = 0;

  for (guint i = 0; i < here->n_tests; i++)
    {
      guint other = 0;

      if (nodes[here->tests[i]].origin < node)
        continue;
      while (other < i && facts[here->tests[other]].slot != facts[here->tests[i]].slot)
        other++;
      n += other == i;
    }
  return n;
}

/* Whether a player at @lower, one of the two lower tests of the fork, depends on it alone. */
static gboolean
is_single (const ShsTreeFacts *facts, const ShsUnitNode *nodes, guint32 root, guint lower)
{
  const guint32 *tests = nodes[root].tests;
  guint32 slot = facts[tests[1 + lower]].slot;

  return nodes[tests[1 + lower]].origin > root && slot != facts[tests[2 - lower]].slot;
}

static double
get_unit_cost (const ShsTreeFacts *facts, ShsUnitNode *nodes, guint32 node,
               const ShsUnitLimits *limits)
{
  ShsUnitNode *here = &nodes[node];
  guint n_bits = here->above + here->n_tests;
  guint n_single;

  if (here->n_tests == TOO_MANY || n_bits > limits->most_bits)
    return INFINITY;
  here->n_players = (guint8)(here->above + count_new_players (facts, nodes, node));
  here->is_fork = limits->forks && facts[node].height == 2 && facts[node].n_inner == 3
                  && here->n_tests == 3 && n_bits >= LEAST_FORK_BITS && n_bits <= MOST_FORK_BITS;
  if (!here->is_fork)
    return here->n_players * lookup_cost[n_bits] + here->n_tests * EDGE_COST;
  n_single = is_single (facts, nodes, node, 0) + is_single (facts, nodes, node, 1);
  return (here->n_players - n_single) * shared_cost[n_bits] + n_single * single_cost[n_bits]
         + EDGE_COST;
}

void
shs_tree_units_choose (const ShsTreeEnsemble *ensemble, gsize tree, const ShsTreeFacts *facts,
                       const ShsUnitLimits *limits, ShsUnitNode *nodes)
{
  gsize first = ensemble->tree_first[tree];
  gsize n = ensemble->tree_first[tree + 1] - first;

  place_nodes (ensemble, first, n, facts, nodes);
  for (guint32 i = (guint32)n; i-- > 0;)
    {
      ShsUnitNode *here = &nodes[i];
      gsize right = ensemble->right[first + i] - first;
      double split_cost = INFINITY;

      here->n_tests = 0;
      if (ensemble->split[first + i] != SHS_LEAF)
        {
          join_tests (nodes, i, right);
          split_cost = nodes[i + 1].cost + nodes[right].cost + 2 * EDGE_COST;
        }
      here->cost = get_unit_cost (facts, nodes, i, limits);
      here->is_unit = here->cost < INFINITY && here->cost <= split_cost;
      if (!here->is_unit)
        here->cost = split_cost;
      /* A deep leaf is worked on elsewhere. */
      if (here->cost == INFINITY)
        here->cost = 0;
    }
}

void
shs_tree_units_set_fork (const ShsTreeFacts *facts, const ShsUnitNode *nodes, guint32 root,
                         ShsPatternUnit *unit)
{
  guint n_single = 0;

  unit->is_fork = TRUE;
  for (guint lower = 0; lower < 2; lower++)
    {
      unit->lower[lower] = nodes[nodes[root].tests[1 + lower]].test;
      if (is_single (facts, nodes, root, lower))
        unit->lower_of[n_single++] = (guint8)lower;
    }
  unit->n_shared = (guint8)(unit->n_players - n_single);
}
