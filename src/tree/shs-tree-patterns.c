#include "tree/shs-tree-patterns.h"

#include "core/shs-memory.h"
#include "tree/shs-tree-units.h"

#include <string.h>

/* Tables of a batch, in single precision. */
#define BATCH_BYTES (256u << 10)

typedef struct
{
  ShsTreePatterns *patterns;
  const ShsTreeEnsemble *ensemble;
  ShsTreeProgram *program; /* gives slots, players and routes */
  ShsUnitLimits limits;
  ShsTreeBuffer nodes; /* ShsUnitNode */
  ShsTreeBuffer tests; /* guint32: hash table of the tree's routes, plus 1 */
  gsize n_tests;
  gsize first; /* the tree's first node */
  ShsPatternTree tree;
  gsize batch_bytes;
  guint32 batch_output;
} Compiler;

static void
clear_compiler (Compiler *self)
{
  shs_tree_program_free (self->program);
  shs_tree_buffer_clear (&self->nodes);
  shs_tree_buffer_clear (&self->tests);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Compiler, clear_compiler)

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

/* Equal tests of the tree get one number, in the order in which they come; the routes of the
 * others go. */
static gboolean
number_tests (Compiler *self, gsize n_nodes, GError **error)
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

static gboolean
append_edge (Compiler *self, guint32 node, guint32 level, guint side, guint bit, guint n_bits,
             GError **error)
{
  const ShsUnitNode *nodes = self->nodes.memory;
  ShsPatternOp *op = shs_tree_buffer_extend (&self->patterns->ops, 1, sizeof *op, error);

  if (op == NULL)
    return FALSE;
  *op = (ShsPatternOp){ .side = (guint8)side,
                        .bit = (guint8)bit,
                        .n_bits = (guint8)n_bits,
                        .level = level,
                        .index = nodes[node].test };
  self->tree.n_levels = MAX (self->tree.n_levels, level + 2);
  n_bits = MAX (n_bits, bit + 1);
  self->tree.most_bits = MAX (self->tree.most_bits, n_bits);
  self->tree.n_regions = MAX (self->tree.n_regions, level + 2 - n_bits);
  return TRUE;
}

/* The slots of the players above @node in the order of their bits. */
static void
list_players_above (const Compiler *self, guint32 node, guint32 *slots)
{
  const ShsUnitNode *nodes = self->nodes.memory;
  const ShsTreeFacts *facts = self->program->facts.memory;

  while (node > 0)
    {
      node = nodes[node].parent;
      slots[nodes[node].bit] = facts[node].slot;
    }
}

static void
list_new_players (const Compiler *self, guint32 node, guint32 *slots)
{
  const ShsUnitNode *nodes = self->nodes.memory;
  const ShsTreeFacts *facts = self->program->facts.memory;
  guint n = nodes[node].above;

  for (guint i = 0; i < nodes[node].n_tests; i++)
    {
      guint32 test = nodes[node].tests[i];
      guint other = nodes[node].above;

      if (nodes[test].origin < node)
        continue;
      while (other < n && slots[other] != facts[test].slot)
        other++;
      slots[other] = facts[test].slot;
      n = MAX (n, other + 1);
    }
}

/* The condition of @player, a new one if need be. */
static ShsPatternCondition *
find_condition (ShsPatternCondition *conditions, guint32 *n, guint32 player)
{
  guint32 i = 0;

  while (i < *n && conditions[i].player != player)
    i++;
  if (i == *n)
    conditions[(*n)++] = (ShsPatternCondition){ .player = player, .share = 1 };
  return &conditions[i];
}

/* What the split asks for that the path takes to @side; @root: of the unit. */
static void
add_split (const Compiler *self, guint32 split, guint side, guint32 root,
           const guint32 *unit_players, ShsPatternCondition *conditions, guint32 *n)
{
  const ShsUnitNode *nodes = self->nodes.memory;
  const ShsTreeFacts *facts = self->program->facts.memory;
  ShsPatternCondition *condition;
  guint32 player = 0;
  guint16 mask;
  guint16 wanted;

  while (unit_players[player] != facts[split].slot)
    player++;
  condition = find_condition (conditions, n, player);
  condition->share *= side == 0 ? facts[split].share : 1 - facts[split].share;
  if (split < root)
    mask = wanted = (guint16)(1u << nodes[split].bit);
  else
    {
      guint test = 0;

      while (nodes[nodes[root].tests[test]].test != nodes[split].test)
        test++;
      mask = (guint16)(1u << (nodes[root].above + test));
      wanted = side == 0 ? mask : 0;
    }
  /* The same test both ways: what no pattern meets. */
  if (condition->mask & mask & (condition->wanted ^ wanted))
    wanted = 1u << 15;
  condition->mask |= mask;
  condition->wanted |= wanted;
}

static gboolean
append_leaf (Compiler *self, guint32 leaf, guint32 root, const guint32 *unit_players,
             GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  const ShsUnitNode *nodes = self->nodes.memory;
  ShsPatternLeaf *place = shs_tree_buffer_extend (&patterns->leaves, 1, sizeof *place, error);
  ShsPatternCondition *conditions;
  guint32 n = 0;

  if (place == NULL)
    return FALSE;
  conditions
      = shs_tree_buffer_extend (&patterns->conditions, SHS_PATTERN_BITS, sizeof *conditions, error);
  if (conditions == NULL)
    return FALSE;
  patterns->conditions.n -= SHS_PATTERN_BITS;
  for (guint32 node = leaf; node > 0; node = nodes[node].parent)
    add_split (self, nodes[node].parent, node != nodes[node].parent + 1, root, unit_players,
               conditions, &n);
  *place = (ShsPatternLeaf){ self->first + leaf, (guint32)patterns->conditions.n, n };
  patterns->conditions.n += n;
  return TRUE;
}

static gboolean
append_unit (Compiler *self, guint32 root, GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  const ShsUnitNode *here = (const ShsUnitNode *)self->nodes.memory + root;
  const ShsTreeFacts *facts = self->program->facts.memory;
  guint n_bits = here->above + here->n_tests;
  ShsPatternUnit unit = { .n_bits = (guint8)n_bits,
                          .n_players = here->n_players,
                          .first_player = (guint32)patterns->unit_players.n,
                          .first_leaf = (guint32)patterns->leaves.n,
                          .first_entry = patterns->n_entries,
                          .first_count = patterns->n_counts };
  guint32 *players
      = shs_tree_buffer_extend (&patterns->unit_players, here->n_players, sizeof *players, error);
  ShsPatternUnit *place;
  ShsPatternOp *op;

  if (players == NULL)
    return FALSE;
  list_players_above (self, root, players);
  list_new_players (self, root, players);
  if (here->is_fork)
    shs_tree_units_set_fork (facts, self->nodes.memory, root, &unit);
  for (guint i = 0; i < here->n_tests; i++)
    if (!append_edge (self, here->tests[i], here->level + i, 0, here->above + i, here->above + i,
                      error))
      return FALSE;
  for (guint i = 0; i < 2 && here->is_fork; i++)
    ((ShsPatternOp *)patterns->ops.memory)[patterns->ops.n - 1 - i].is_lower = TRUE;
  for (guint32 leaf = root; leaf < facts[root].end; leaf++)
    if (facts[leaf].end == leaf + 1 && !append_leaf (self, leaf, root, players, error))
      return FALSE;
  unit.n_leaves = (guint32)patterns->leaves.n - unit.first_leaf;
  place = shs_tree_buffer_extend (&patterns->units, 1, sizeof unit, error);
  if (place == NULL)
    return FALSE;
  *place = unit;
  op = shs_tree_buffer_extend (&patterns->ops, 1, sizeof *op, error);
  if (op == NULL)
    return FALSE;
  *op = (ShsPatternOp){ .is_unit = TRUE,
                        .n_bits = unit.n_bits,
                        .level = here->level + here->n_tests,
                        .index = (guint32)patterns->units.n - 1 };
  patterns->n_entries += shs_pattern_unit_count_entries (&unit);
  patterns->n_counts += (gsize)1 << n_bits;
  return TRUE;
}

static gboolean
append_deep (Compiler *self, guint32 leaf, GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  const ShsUnitNode *nodes = self->nodes.memory;
  ShsPatternDeep *place = shs_tree_buffer_extend (&patterns->deep, 1, sizeof *place, error);
  guint32 *players;

  if (place == NULL)
    return FALSE;
  *place = (ShsPatternDeep){ .node = self->first + leaf,
                             .first_player = (guint32)patterns->unit_players.n,
                             .n_players = nodes[leaf].above,
                             .first_term = patterns->terms.n };
  players
      = shs_tree_buffer_extend (&patterns->unit_players, nodes[leaf].above, sizeof *players, error);
  if (players == NULL)
    return FALSE;
  list_players_above (self, leaf, players);
  for (guint32 node = leaf; node > 0; node = nodes[node].parent)
    {
      const ShsUnitNode *split = &nodes[nodes[node].parent];
      ShsPatternTerm *term = shs_tree_buffer_extend (&patterns->terms, 1, sizeof *term, error);

      if (term == NULL)
        return FALSE;
      *term = (ShsPatternTerm){ split->test, node != nodes[node].parent + 1, split->bit };
    }
  place->n_terms = patterns->terms.n - place->first_term;
  return TRUE;
}

/* The pattern at @node out of its parent's; below too many players there is none. */
static gboolean
enter_node (Compiler *self, guint32 node, GError **error)
{
  const ShsUnitNode *nodes = self->nodes.memory;
  const ShsUnitNode *parent = &nodes[nodes[node].parent];

  if (node == 0 || nodes[node].above > self->limits.most_bits)
    return TRUE;
  return append_edge (self, nodes[node].parent, parent->level, node != nodes[node].parent + 1,
                      parent->bit, parent->above, error);
}

static gboolean
emit_tree (Compiler *self, gsize n_nodes, GError **error)
{
  const ShsUnitNode *nodes = self->nodes.memory;
  const ShsTreeFacts *facts = self->program->facts.memory;
  guint32 node = 0;

  while (node < n_nodes)
    {
      gboolean is_leaf = facts[node].end == node + 1;

      if (!enter_node (self, node, error))
        return FALSE;
      if (nodes[node].is_unit ? !append_unit (self, node, error)
                              : is_leaf && !append_deep (self, node, error))
        return FALSE;
      node = nodes[node].is_unit ? facts[node].end : node + 1;
    }
  return TRUE;
}

/* The batch that the tree belongs to: the last one, or a new one. */
static ShsPatternBatch *
find_batch (Compiler *self, gsize n_bytes, GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  guint32 output = self->ensemble->tree_output[self->tree.tree];
  ShsPatternBatch *batch = patterns->batches.memory;

  if (patterns->batches.n > 0 && self->batch_bytes + n_bytes <= BATCH_BYTES
      && self->batch_output == output)
    {
      self->batch_bytes += n_bytes;
      return batch + patterns->batches.n - 1;
    }
  batch = shs_tree_buffer_extend (&patterns->batches, 1, sizeof *batch, error);
  if (batch == NULL)
    return NULL;
  *batch = (ShsPatternBatch){ .first_tree = patterns->trees.n, .first_route = patterns->routes.n };
  self->batch_bytes = n_bytes;
  self->batch_output = output;
  return batch;
}

static gboolean
keep_tree (Compiler *self, gsize n_bytes, GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  ShsPatternBatch *batch = find_batch (self, n_bytes, error);
  ShsPatternTree *place;
  ShsRouteNode *routes;

  if (batch == NULL)
    return FALSE;
  place = shs_tree_buffer_extend (&patterns->trees, 1, sizeof *place, error);
  if (place == NULL)
    return FALSE;
  routes = shs_tree_buffer_extend (&patterns->routes, self->n_tests, sizeof *routes, error);
  if (routes == NULL)
    return FALSE;
  memcpy (routes, self->program->routes.memory, self->n_tests * sizeof *routes);
  for (gsize i = 0; i < self->n_tests; i++)
    routes[i].word = (guint32)(batch->n_routes + i);
  self->tree.first_word = batch->n_routes;
  *place = self->tree;
  batch->n_routes += self->n_tests;
  batch->n_trees++;
  patterns->most_words = MAX (patterns->most_words, batch->n_routes);
  patterns->most_levels = MAX (patterns->most_levels, place->n_levels);
  patterns->most_sets = MAX (patterns->most_sets, (gsize)place->n_regions << place->most_bits);
  return TRUE;
}

static gboolean
compile_tree (Compiler *self, gsize tree, GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  ShsTreeProgram *program = self->program;
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize n_nodes = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
  gsize first_entry = patterns->n_entries;
  gsize n_distinct;

  self->first = ensemble->tree_first[tree];
  self->tree = (ShsPatternTree){ .tree = tree,
                                 .first_op = patterns->ops.n,
                                 .first_unit = (guint32)patterns->units.n,
                                 .first_deep = patterns->deep.n,
                                 .n_levels = 1,
                                 .n_regions = 1 };
  program->facts.n = program->routes.n = program->earlier.n = self->nodes.n = 0;
  if (shs_tree_buffer_extend (&program->facts, n_nodes, sizeof (ShsTreeFacts), error) == NULL
      || shs_tree_buffer_extend (&self->nodes, n_nodes, sizeof (ShsUnitNode), error) == NULL
      || !shs_tree_facts_find (program, ensemble, tree, program->facts.memory, &n_distinct, error)
      || !number_tests (self, n_nodes, error))
    return FALSE;
  shs_tree_units_choose (ensemble, tree, program->facts.memory, &self->limits, self->nodes.memory);
  patterns->cost += ((const ShsUnitNode *)self->nodes.memory)->cost;
  if (!emit_tree (self, n_nodes, error))
    return FALSE;
  self->tree.n_ops = patterns->ops.n - self->tree.first_op;
  self->tree.n_units = (guint32)patterns->units.n - self->tree.first_unit;
  self->tree.n_deep = patterns->deep.n - self->tree.first_deep;
  return keep_tree (self, (patterns->n_entries - first_entry) * sizeof (float), error);
}

/* Stable, so that the sums do not depend on anything but the ensemble. */
static gint
compare_outputs (gconstpointer a, gconstpointer b, gpointer ensemble)
{
  const gsize *left = a;
  const gsize *right = b;
  const guint32 *outputs = ((const ShsTreeEnsemble *)ensemble)->tree_output;

  if (outputs[*left] != outputs[*right])
    return outputs[*left] < outputs[*right] ? -1 : 1;
  return *left < *right ? -1 : 1;
}

static gboolean
compile_trees (Compiler *self, const ShsTreeGroups *groups, gsize group, ShsProgress *progress,
               GError **error)
{
  gsize n_trees = groups->first[group + 1] - groups->first[group];
  SHS_AUTOFREE gsize *trees = shs_alloc (n_trees, sizeof *trees, error);

  if (trees == NULL)
    return FALSE;
  for (gsize i = 0; i < n_trees; i++)
    trees[i] = groups->first[group] + i;
  g_qsort_with_data (trees, (gint)n_trees, sizeof *trees, compare_outputs,
                     (gpointer)self->ensemble);
  for (gsize i = 0; i < n_trees; i++)
    if (self->ensemble->tree_depth[trees[i]] > 0
        && (!shs_progress_check (progress, error) || !compile_tree (self, trees[i], error)))
      return FALSE;
  return TRUE;
}

ShsTreePatterns *
shs_tree_patterns_compile (const ShsTreeEnsemble *ensemble, const ShsTreeGroups *groups,
                           gsize group, ShsUnitLimits limits, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsTreePatterns) self = shs_alloc0 (1, sizeof *self, error);
  g_auto (Compiler) compiler = { .patterns = self, .ensemble = ensemble, .limits = limits };

  if (self == NULL)
    return NULL;
  compiler.program = shs_tree_program_new (ensemble, groups, (ShsTreeVariant){ 0 }, error);
  if (compiler.program == NULL || !compile_trees (&compiler, groups, group, progress, error))
    return NULL;
  for (gsize i = 0; i < self->batches.n; i++)
    {
      const ShsPatternBatch *batch = (const ShsPatternBatch *)self->batches.memory + i;

      shs_tree_routes_sort ((ShsRouteNode *)self->routes.memory + batch->first_route,
                            batch->n_routes);
    }
  self->slots = compiler.program->slots;
  self->players = compiler.program->players;
  compiler.program->slots = compiler.program->players = (ShsTreeSlots){ 0 };
  g_clear_pointer (&self->slots.slot_of, shs_free);
  g_clear_pointer (&self->players.slot_of, shs_free);
  return g_steal_pointer (&self);
}

static void
clear_buffers (ShsTreePatterns *self)
{
  ShsTreeBuffer *buffers[]
      = { &self->batches, &self->trees, &self->routes,     &self->ops,          &self->units,
          &self->leaves,  &self->deep,  &self->conditions, &self->unit_players, &self->terms };

  for (gsize i = 0; i < G_N_ELEMENTS (buffers); i++)
    shs_tree_buffer_clear (buffers[i]);
}

void
shs_tree_patterns_free (ShsTreePatterns *self)
{
  if (self == NULL)
    return;
  clear_buffers (self);
  shs_tree_slots_clear (&self->slots);
  shs_tree_slots_clear (&self->players);
  shs_free (self);
}

gsize
shs_tree_patterns_count_bytes (const ShsTreePatterns *self)
{
  return sizeof *self + self->batches.capacity * sizeof (ShsPatternBatch)
         + self->trees.capacity * sizeof (ShsPatternTree)
         + self->routes.capacity * sizeof (ShsRouteNode)
         + self->ops.capacity * sizeof (ShsPatternOp)
         + self->units.capacity * sizeof (ShsPatternUnit)
         + self->leaves.capacity * sizeof (ShsPatternLeaf)
         + self->conditions.capacity * sizeof (ShsPatternCondition)
         + self->deep.capacity * sizeof (ShsPatternDeep)
         + self->terms.capacity * sizeof (ShsPatternTerm)
         + (self->unit_players.capacity + self->slots.n + self->players.n) * sizeof (guint32);
}
