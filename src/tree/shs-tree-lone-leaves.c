#include "tree/shs-tree-lone-leaves.h"

#include "core/shs-error.h"
#include "tree/kernels/shs-tree-table-shares.h"

#include <stdlib.h>

static gboolean
check_players (guint n, GError **error)
{
  if (n <= SHS_LONE_PLAYERS)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "A path asks for more than %d different features, and interactions against a "
               "background can be found for so many at most; leave out the background, or train "
               "with a smaller depth",
               SHS_LONE_PLAYERS);
  return FALSE;
}

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

/* The players of a path get their numbers as they are in the list, others after them. */
static gboolean
list_terms (ShsLoneLeaves *self, ShsLoneLeaf *leaf, guint32 players[SHS_LONE_PLAYERS],
            GError **error)
{
  const ShsTreeEnsemble *ensemble = self->background->ensemble;
  const guint32 *parents = self->parents.memory;
  gsize first = ensemble->tree_first[self->tree];
  gsize node = leaf->node;

  leaf->first_term = self->terms.n;
  while (node > first)
    {
      gsize parent = first + parents[node - first];
      guint32 player = ensemble->player[ensemble->feature[parent]];
      ShsLoneTerm *term = shs_tree_buffer_extend (&self->terms, 1, sizeof *term, error);
      guint number = 0;

      if (term == NULL)
        return FALSE;
      while (number < leaf->n_players && players[number] != player)
        number++;
      if (number == leaf->n_players && !check_players (number + 1, error))
        return FALSE;
      if (number == leaf->n_players)
        players[leaf->n_players++] = player;
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

/* Of a leaf that a unit has: its players are in the order of its conditions. */
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
    shares[pattern_of[i]] += self->frequencies[unit->first_count + i];
  for (gsize met = 0; met < (gsize)1 << place->n_conditions; met++)
    if (shares[met] > 0 && !add_pattern (self, leaf, met, shares[met], error))
      return FALSE;
  return TRUE;
}

void
shs_lone_leaves_find_met (const ShsLoneLeaves *self, const ShsLoneLeaf *leaf, const guint64 *words,
                          guint64 met[SHS_LONE_PLAYERS])
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

static int
compare_patterns (gconstpointer a, gconstpointer b)
{
  guint64 left = ((const ShsLonePattern *)a)->met;
  guint64 right = ((const ShsLonePattern *)b)->met;

  return left < right ? -1 : left > right;
}

static void
join_equal (ShsLoneLeaves *self, ShsLoneLeaf *leaf)
{
  ShsLonePattern *patterns = (ShsLonePattern *)self->found.memory + leaf->first_pattern;
  gsize n = 0;

  qsort (patterns, leaf->n_patterns, sizeof *patterns, compare_patterns);
  for (gsize i = 0; i < leaf->n_patterns; i++)
    if (n > 0 && patterns[n - 1].met == patterns[i].met)
      patterns[n - 1].share += patterns[i].share;
    else
      patterns[n++] = patterns[i];
  self->found.n -= leaf->n_patterns - n;
  leaf->n_patterns = n;
}

/* The ways of the background's rows through the tree at hand. */
static gboolean
route_background (ShsLoneLeaves *self, GError **error)
{
  const GPtrArray *kept = self->background->kept;
  gsize n = self->parents.n;

  self->routed.n = 0;
  for (guint i = 0; i < kept->len; i++)
    {
      const ShsMatrix *rows = g_ptr_array_index (kept, i);

      for (gsize first = 0; first < rows->n_rows; first += SHS_TREE_BLOCK)
        {
          guint64 *to = shs_tree_buffer_extend (&self->routed, n, sizeof *to, error);

          if (to == NULL || !shs_progress_check (self->progress, error))
            return FALSE;
          shs_tree_words_route (&self->words, rows, first);
          memcpy (to, self->words.words, n * sizeof *to);
        }
    }
  return TRUE;
}

/* Of a leaf that no unit has: from the rows themselves. */
static gboolean
find_patterns (ShsLoneLeaves *self, ShsLoneLeaf *leaf, GError **error)
{
  const GPtrArray *kept = self->background->kept;
  const guint64 *words = self->routed.memory;
  double share = 1 / (double)self->background->n_rows;

  for (guint i = 0; i < kept->len; i++)
    {
      gsize n_rows = ((const ShsMatrix *)g_ptr_array_index (kept, i))->n_rows;

      for (gsize first = 0; first < n_rows; first += SHS_TREE_BLOCK, words += self->parents.n)
        {
          guint64 met[SHS_LONE_PLAYERS];

          if (!shs_progress_check (self->progress, error))
            return FALSE;
          shs_lone_leaves_find_met (self, leaf, words, met);
          for (gsize row = 0; row < MIN (SHS_TREE_BLOCK, n_rows - first); row++)
            if (!add_pattern (self, leaf, shs_lone_gather (met, leaf->n_players, row), share,
                              error))
              return FALSE;
        }
    }
  join_equal (self, leaf);
  return TRUE;
}

/* The leaf's patterns are those of its unit, so its players come in the unit's order. */
static void
list_players (const ShsLoneLeaves *self, ShsLoneLeaf *leaf, const ShsPatternUnit *unit,
              const ShsPatternLeaf *place, guint32 *players)
{
  const guint32 *slots = (const guint32 *)self->patterns->unit_players.memory + unit->first_player;
  const ShsPatternCondition *conditions
      = (const ShsPatternCondition *)self->patterns->conditions.memory + place->first_condition;

  for (guint32 j = 0; j < place->n_conditions; j++)
    players[leaf->n_players++] = self->patterns->players.key_of[slots[conditions[j].player]];
}

static gboolean
keep_players (ShsLoneLeaves *self, ShsLoneLeaf *leaf, const guint32 *players, GError **error)
{
  guint32 *kept = shs_tree_buffer_extend (&self->players, leaf->n_players, sizeof *kept, error);

  leaf->first_player = self->players.n - leaf->n_players;
  if (kept != NULL)
    memcpy (kept, players, leaf->n_players * sizeof *kept);
  return kept != NULL;
}

gboolean
shs_lone_leaves_add (ShsLoneLeaves *self, gsize node, const ShsPatternUnit *unit,
                     const ShsPatternLeaf *place, GError **error)
{
  ShsLoneLeaf *leaf = shs_tree_buffer_extend (&self->leaves, 1, sizeof *leaf, error);
  guint32 players[SHS_LONE_PLAYERS];

  if (leaf == NULL)
    return FALSE;
  *leaf = (ShsLoneLeaf){ .node = node, .first_pattern = self->found.n };
  if (unit != NULL)
    list_players (self, leaf, unit, place, players);
  if (!list_terms (self, leaf, players, error))
    return FALSE;
  if (leaf->n_players < 2)
    {
      self->leaves.n--;
      return TRUE;
    }
  return keep_players (self, leaf, players, error)
         && (unit != NULL ? read_patterns (self, leaf, unit, place, error)
                          : find_patterns (self, leaf, error));
}

gboolean
shs_lone_leaves_set_tree (ShsLoneLeaves *self, const ShsPatternTree *tree, GError **error)
{
  self->tree = tree->tree;
  shs_lone_leaves_forget (self);
  if (!find_parents (self, error))
    return FALSE;
  return tree->n_deep == 0
         || (shs_tree_words_set_trees (&self->words, self->tree, self->tree + 1, error)
             && route_background (self, error));
}

void
shs_lone_leaves_forget (ShsLoneLeaves *self)
{
  self->leaves.n = self->players.n = self->terms.n = self->found.n = 0;
}

void
shs_lone_leaves_clear (ShsLoneLeaves *self)
{
  ShsTreeBuffer *buffers[] = { &self->parents, &self->routed, &self->leaves,
                               &self->players, &self->terms,  &self->found };

  for (gsize i = 0; i < G_N_ELEMENTS (buffers); i++)
    shs_tree_buffer_clear (buffers[i]);
  shs_tree_words_clear (&self->words);
}
