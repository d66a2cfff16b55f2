#include "tree/shs-tree-lone-leaves.h"

#include "tree/kernels/shs-tree-table-shares.h"

static gboolean
find_parents (ShsLoneLeaves *self, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->background->ensemble;
  gsize first = ensemble->tree_first[self->tree];
  gsize n = ensemble->tree_first[self->tree + 1] - first;
  guint32 *parents;

  self->parents.n = 0;
  parents = shs_tree_buffer_extend (&self->parents, n, sizeof *parents, error);
  for (gsize i = 0; parents != NULL && i < n; i++)
    if (ensemble->split[first + i] != SHS_LEAF)
      parents[i + 1] = parents[ensemble->right[first + i] - first] = (guint32)i;
  return parents != NULL;
}

/* @players: of the path, in the unit's order. */
static gboolean
list_terms (ShsLoneLeaves *self, ShsLoneLeaf *leaf, const guint32 *players, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->background->ensemble;
  const guint32 *parents = self->parents.memory;
  gsize first = ensemble->tree_first[self->tree];
  gsize node = leaf->node;

  leaf->first_term = self->terms.n;
  while (node > first)
    {
      gsize parent = first + parents[node - first];
      ShsLoneTerm *term = shs_tree_buffer_extend (&self->terms, 1, sizeof *term, error);
      guint number = 0;

      if (term == NULL)
        return FALSE;
      while (players[number] != ensemble->player[ensemble->feature[parent]])
        number++;
      *term = (ShsLoneTerm){ parent, node != parent + 1, number };
      node = parent;
    }
  leaf->n_terms = self->terms.n - leaf->first_term;
  return TRUE;
}

static gboolean
add_pattern (ShsLoneLeaves *self, ShsLoneLeaf *leaf, guint64 met, double share, GError **error)
{
  ShsLonePattern *pattern = shs_tree_buffer_extend (&self->found, 1, sizeof *pattern, error);

  if (pattern == NULL)
    return FALSE;
  *pattern = (ShsLonePattern){ met, share };
  leaf->n_patterns++;
  return TRUE;
}

/* The patterns' bits are the unit's conditions. */
static gboolean
read_patterns (ShsLoneLeaves *self, ShsLoneLeaf *leaf, const ShsPatternUnit *unit,
               const ShsPatternLeaf *place, GError **error)
{
  const ShsPatternCondition *conditions
      = (const ShsPatternCondition *)self->patterns->conditions.memory + place->first_condition;
  guint16 pattern_of[1 << SHS_PATTERN_BITS];
  double shares[1 << SHS_PATTERN_BITS] = { 0 };

  shs_table_find_patterns (unit, conditions, place->n_conditions, pattern_of);
  for (gsize i = 0; i < (gsize)1 << unit->n_bits; i++)
    shares[pattern_of[i]] += self->shares[unit->first_count + i];
  for (gsize met = 0; met < (gsize)1 << place->n_conditions; met++)
    if (shares[met] > 0 && !add_pattern (self, leaf, met, shares[met], error))
      return FALSE;
  return TRUE;
}

void
shs_lone_leaves_find_met (const ShsLoneLeaves *self, const ShsLoneLeaf *leaf, const guint64 *words,
                          guint64 met[SHS_PATTERN_BITS])
{
  gsize first = self->background->ensemble->tree_first[self->tree];
  const ShsLoneTerm *terms = (const ShsLoneTerm *)self->terms.memory + leaf->first_term;

  memset (met, 0xff, leaf->n_players * sizeof *met);
  for (gsize i = 0; i < leaf->n_terms; i++)
    {
      guint64 left = words[terms[i].node - first];

      met[terms[i].player] &= terms[i].is_right ? ~left : left;
    }
}

static const guint32 *
list_players (ShsLoneLeaves *self, ShsLoneLeaf *leaf, const ShsPatternUnit *unit,
              const ShsPatternLeaf *place, GError **error)
{
  const guint32 *slots = (const guint32 *)self->patterns->unit_players.memory + unit->first_player;
  const ShsPatternCondition *conditions
      = (const ShsPatternCondition *)self->patterns->conditions.memory + place->first_condition;
  guint32 *players
      = shs_tree_buffer_extend (&self->players, leaf->n_players, sizeof *players, error);

  leaf->first_player = self->players.n - leaf->n_players;
  for (guint j = 0; players != NULL && j < leaf->n_players; j++)
    players[j] = self->patterns->players.key_of[slots[conditions[j].player]];
  return players;
}

gboolean
shs_lone_leaves_add (ShsLoneLeaves *self, const ShsPatternUnit *unit, const ShsPatternLeaf *place,
                     GError **error)
{
  ShsLoneLeaf *leaf;
  const guint32 *players;

  if (place->n_conditions < 2)
    return TRUE;
  leaf = shs_tree_buffer_extend (&self->leaves, 1, sizeof *leaf, error);
  if (leaf == NULL)
    return FALSE;
  *leaf = (ShsLoneLeaf){ .node = place->node,
                         .n_players = place->n_conditions,
                         .first_pattern = self->found.n };
  players = list_players (self, leaf, unit, place, error);
  return players != NULL && list_terms (self, leaf, players, error)
         && read_patterns (self, leaf, unit, place, error);
}

gboolean
shs_lone_leaves_set_tree (ShsLoneLeaves *self, const ShsPatternTree *tree, GError **error)
{
  self->tree = tree->tree;
  shs_lone_leaves_forget (self);
  return find_parents (self, error);
}

void
shs_lone_leaves_forget (ShsLoneLeaves *self)
{
  self->leaves.n = self->players.n = self->terms.n = self->found.n = 0;
}

void
shs_lone_leaves_clear (ShsLoneLeaves *self)
{
  ShsTreeBuffer *buffers[]
      = { &self->parents, &self->leaves, &self->players, &self->terms, &self->found };

  for (gsize i = 0; i < G_N_ELEMENTS (buffers); i++)
    shs_tree_buffer_clear (buffers[i]);
}
