#include "tree/shs-tree-pattern-compiler.h"

#include <stdlib.h>

/* Of a part. */
#define LEAST_UNITS 4

static gboolean
append_edge (ShsPatternCompiler *self, guint32 node, guint32 level, guint side, guint bit,
             guint n_bits, GError **error)
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
  self->part.n_levels = MAX (self->part.n_levels, level + 2);
  n_bits = MAX (n_bits, bit + 1);
  self->part.most_bits = MAX (self->part.most_bits, n_bits);
  self->part.n_regions = MAX (self->part.n_regions, level + 2 - n_bits);
  return TRUE;
}

/* The slots of the players above @node in the order of their bits. */
static void
list_players (const ShsPatternCompiler *self, guint32 node, guint32 *slots)
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
list_new_players (const ShsPatternCompiler *self, guint32 node, guint32 *slots)
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
add_split (const ShsPatternCompiler *self, guint32 split, guint side, guint32 root,
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

static int
compare_conditions (gconstpointer a, gconstpointer b)
{
  return __builtin_ctz (((const ShsPatternCondition *)a)->mask)
         - __builtin_ctz (((const ShsPatternCondition *)b)->mask);
}

/* Conditions in the order of their first bits: those of players above the unit are its first. */
static gboolean
append_leaf (ShsPatternCompiler *self, guint32 leaf, guint32 root, const guint32 *unit_players,
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
  qsort (conditions, n, sizeof *conditions, compare_conditions);
  *place = (ShsPatternLeaf){ self->first + leaf, (guint32)patterns->conditions.n, n };
  patterns->conditions.n += n;
  return TRUE;
}

gboolean
shs_pattern_compiler_has_room (const ShsPatternCompiler *self, guint32 root)
{
  const ShsUnitNode *here = (const ShsUnitNode *)self->nodes.memory + root;
  ShsPatternUnit unit
      = { .n_bits = (guint8)(here->above + here->n_tests), .n_players = here->n_players };
  gsize n_entries = self->patterns->n_entries - self->part.first_entry;

  /* The way to a part is gone, and its sets of rows counted, for each part again. */
  return self->patterns->units.n < self->part.first_unit + LEAST_UNITS
         || (n_entries + shs_pattern_unit_count_entries (&unit)) * sizeof (float) <= SHS_PART_BYTES;
}

static gboolean
append_leaves (ShsPatternCompiler *self, guint32 root, ShsPatternUnit *unit, GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  const ShsTreeFacts *facts = self->program->facts.memory;

  for (guint32 leaf = root; leaf < facts[root].end; leaf++)
    if (facts[leaf].end == leaf + 1
        && !append_leaf (self, leaf, root,
                         (const guint32 *)patterns->unit_players.memory + unit->first_player,
                         error))
      return FALSE;
  unit->n_leaves = (guint32)patterns->leaves.n - unit->first_leaf;
  return TRUE;
}

gboolean
shs_pattern_compiler_append_unit (ShsPatternCompiler *self, guint32 root, GError **error)
{
  ShsTreePatterns *patterns = self->patterns;
  const ShsUnitNode *here = (const ShsUnitNode *)self->nodes.memory + root;
  ShsPatternUnit unit = { .n_bits = (guint8)(here->above + here->n_tests),
                          .n_above = (guint8)here->above,
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
  list_players (self, root, players);
  list_new_players (self, root, players);
  if (here->is_fork)
    shs_tree_units_set_fork (self->program->facts.memory, self->nodes.memory, root, &unit);
  for (guint i = 0; i < here->n_tests; i++)
    if (!append_edge (self, here->tests[i], here->level + i, 0, here->above + i, here->above + i,
                      error))
      return FALSE;
  for (guint i = 0; i < 2 && here->is_fork; i++)
    ((ShsPatternOp *)patterns->ops.memory)[patterns->ops.n - 1 - i].is_lower = TRUE;
  if (!append_leaves (self, root, &unit, error))
    return FALSE;
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
  patterns->n_counts += (gsize)1 << unit.n_bits;
  return TRUE;
}

gboolean
shs_pattern_compiler_append_deep (ShsPatternCompiler *self, guint32 leaf, GError **error)
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
  list_players (self, leaf, players);
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

gboolean
shs_pattern_compiler_enter (ShsPatternCompiler *self, guint32 node, GError **error)
{
  const ShsUnitNode *nodes = self->nodes.memory;
  const ShsUnitNode *parent = &nodes[nodes[node].parent];

  if (node == 0 || nodes[node].above > self->limits.most_bits)
    return TRUE;
  return append_edge (self, nodes[node].parent, parent->level, node != nodes[node].parent + 1,
                      parent->bit, parent->above, error);
}
