#include "tree/shs-tree-pattern-compiler.h"

#include <string.h>

static gboolean
is_same_test (const ShsRouteNode *a, const ShsRouteNode *b)
{
  return a->slot == b->slot && a->split == b->split && a->missing == b->missing && a->set == b->set
         && memcmp (&a->threshold, &b->threshold, sizeof a->threshold) == 0;
}

static guint
hash_test (const ShsRouteNode *route)
{
  return g_double_hash (&route->threshold) * 31 + route->slot * 2654435761u + route->set;
}

gboolean
shs_pattern_compiler_number_tests (ShsPatternCompiler *self, gsize n_nodes, GError **error)
{
  ShsRouteNode *routes = self->program->routes.memory;
  gsize n_slots = (gsize)2 << g_bit_storage (self->program->routes.n);
  const ShsTreeFacts *facts = self->program->facts.memory;
  ShsUnitNode *nodes = self->nodes.memory;
  guint32 *table;

  self->tests.n = self->n_tests = 0;
  table = shs_tree_buffer_extend (&self->tests, n_slots, sizeof *table, error);
  if (table == NULL)
    return FALSE;
  memset (table, 0, n_slots * sizeof *table);
  for (gsize node = 0; node < n_nodes; node++)
    if (facts[node].end > node + 1)
      {
        const ShsRouteNode *route = &routes[facts[node].word - 1];
        gsize place = hash_test (route) & (n_slots - 1);

        while (table[place] > 0 && !is_same_test (&routes[table[place] - 1], route))
          place = (place + 1) & (n_slots - 1);
        if (table[place] == 0)
          {
            table[place] = (guint32)++self->n_tests;
            routes[self->n_tests - 1] = *route;
          }
        nodes[node].test = table[place] - 1;
      }
  return TRUE;
}
