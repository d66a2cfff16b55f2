#include "tree/shs-tree-linear-terms.h"

#include "core/shs-memory.h"

#include <string.h>

#define NONE G_MAXUINT32

/* What is known while the leaves are gone through. */
typedef struct
{
  ShsTreeLinearTerms *terms;
  guint32 *parent;  /* by node of a tree */
  guint32 *bit_of;  /* by player: among those of the leaf at hand; or NONE */
  guint32 *slot_of; /* by feature, or NONE */
} Search;

static void
clear_search (Search *self)
{
  shs_free (self->parent);
  shs_free (self->bit_of);
  shs_free (self->slot_of);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, clear_search)

static guint32 *
alloc_none (gsize n, GError **error)
{
  guint32 *memory = shs_alloc (n, sizeof *memory, error);

  if (memory != NULL)
    memset (memory, 0xff, n * sizeof *memory);
  return memory;
}

static gboolean
init_search (Search *self, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->terms->ensemble;
  gsize most_nodes = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    most_nodes = MAX (most_nodes, ensemble->tree_first[tree + 1] - ensemble->tree_first[tree]);
  self->parent = alloc_none (most_nodes, error);
  if (self->parent == NULL)
    return FALSE;
  self->bit_of = alloc_none (ensemble->n_players, error);
  if (self->bit_of == NULL)
    return FALSE;
  self->slot_of = alloc_none (ensemble->n_features, error);
  return self->slot_of != NULL;
}

static void
find_parents (Search *self, gsize tree)
{
  const ShsTreeEnsemble *ensemble = self->terms->ensemble;
  gsize first = ensemble->tree_first[tree];

  self->parent[0] = NONE;
  for (gsize node = first; node < ensemble->tree_first[tree + 1]; node++)
    if (ensemble->split[node] != SHS_LEAF)
      {
        self->parent[node + 1 - first] = (guint32)(node - first);
        self->parent[ensemble->right[node] - first] = (guint32)(node - first);
      }
}

static gboolean
find_bit (Search *self, ShsTreeLinearPlace *place, gint32 feature, guint32 *bit, GError **error)
{
  guint32 player = self->terms->ensemble->player[feature];
  guint32 *added;

  *bit = self->bit_of[player];
  if (*bit != NONE)
    return TRUE;
  added = shs_tree_buffer_extend (&self->terms->players, 1, sizeof *added, error);
  if (added == NULL)
    return FALSE;
  *added = player;
  *bit = self->bit_of[player] = (guint32)place->n_players++;
  return TRUE;
}

static gboolean
add_steps (Search *self, ShsTreeLinearPlace *place, gsize first, gsize leaf, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->terms->ensemble;
  gsize child = leaf;
  guint32 parent;

  for (; (parent = self->parent[child - first]) != NONE; child = first + parent)
    {
      gsize node = first + parent;
      ShsTreeLinearStep *step
          = shs_tree_buffer_extend (&self->terms->steps, 1, sizeof *step, error);

      if (step == NULL)
        return FALSE;
      *step = (ShsTreeLinearStep){ .node = node, .is_left = child == node + 1 };
      place->n_steps++;
      if (!find_bit (self, place, ensemble->feature[node], &step->player, error))
        return FALSE;
    }
  return TRUE;
}

static guint32
find_slot (Search *self, gint32 feature)
{
  ShsTreeLinearTerms *terms = self->terms;

  if (self->slot_of[feature] == NONE)
    {
      terms->features[terms->n_slots] = (guint32)feature;
      self->slot_of[feature] = (guint32)terms->n_slots++;
    }
  return self->slot_of[feature];
}

static gboolean
add_terms (Search *self, ShsTreeLinearPlace *place, gsize leaf, double weight, GError **error)
{
  const ShsTreeLinearLeaves *linear = self->terms->ensemble->linear;

  place->n_terms = shs_tree_linear_leaves_count (linear, leaf);
  for (gsize i = linear->first[leaf]; i < linear->first[leaf + 1]; i++)
    {
      ShsTreeLinearTerm *term
          = shs_tree_buffer_extend (&self->terms->terms, 1, sizeof *term, error);

      if (term == NULL)
        return FALSE;
      *term = (ShsTreeLinearTerm){ .slot = find_slot (self, linear->feature[i]),
                                   .coefficient = weight * linear->coefficient[i] };
      if (!find_bit (self, place, linear->feature[i], &term->player, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_place (Search *self, gsize tree, gsize leaf, GError **error)
{
  ShsTreeLinearTerms *terms = self->terms;
  const ShsTreeEnsemble *ensemble = terms->ensemble;
  double weight = ensemble->tree_weight[tree];
  ShsTreeLinearPlace place = { .output = ensemble->tree_output[tree],
                               .first_step = terms->steps.n,
                               .first_player = terms->players.n,
                               .first_term = terms->terms.n };
  const guint32 *players;
  ShsTreeLinearPlace *added;

  place.difference
      = weight * (ensemble->linear->constant[leaf] - *shs_tree_ensemble_get_leaf (ensemble, leaf));
  if (!add_steps (self, &place, ensemble->tree_first[tree], leaf, error)
      || !add_terms (self, &place, leaf, weight, error)
      || !shs_tree_check_path (place.n_players, error))
    return FALSE;
  players = (const guint32 *)terms->players.memory + place.first_player;
  for (gsize i = 0; i < place.n_players; i++)
    self->bit_of[players[i]] = NONE;
  terms->most_players = MAX (terms->most_players, place.n_players);
  terms->most_terms = MAX (terms->most_terms, place.n_terms);
  added = shs_tree_buffer_extend (&terms->places, 1, sizeof *added, error);
  if (added != NULL)
    *added = place;
  return added != NULL;
}

gboolean
shs_tree_linear_terms_init (ShsTreeLinearTerms *self, const ShsTreeEnsemble *ensemble,
                            GError **error)
{
  g_auto (Search) search = { .terms = self };

  self->ensemble = ensemble;
  self->features = shs_alloc (ensemble->n_features, sizeof *self->features, error);
  if (self->features == NULL)
    return FALSE;
  self->first_place = shs_alloc0 (ensemble->n_trees + 1, sizeof *self->first_place, error);
  if (self->first_place == NULL || !init_search (&search, error))
    return FALSE;
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      find_parents (&search, tree);
      for (gsize node = ensemble->tree_first[tree]; node < ensemble->tree_first[tree + 1]; node++)
        if (shs_tree_linear_leaves_count (ensemble->linear, node) > 0
            && !add_place (&search, tree, node, error))
          return FALSE;
      self->first_place[tree + 1] = self->places.n;
    }
  return TRUE;
}

void
shs_tree_linear_terms_clear (ShsTreeLinearTerms *self)
{
  shs_free (self->first_place);
  shs_free (self->features);
  shs_tree_buffer_clear (&self->places);
  shs_tree_buffer_clear (&self->steps);
  shs_tree_buffer_clear (&self->players);
  shs_tree_buffer_clear (&self->terms);
}

guint64 *
shs_tree_linear_terms_find_present (const ShsTreeLinearTerms *self, const ShsMatrix *rows,
                                    GError **error)
{
  gsize n_blocks = (rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
  guint64 *present = NULL;
  gsize n;

  if (!shs_size_multiply (n_blocks, self->n_slots, &n))
    n = G_MAXSIZE;
  present = shs_alloc0 (n, sizeof *present, error);
  if (present == NULL)
    return NULL;
  for (gsize slot = 0; slot < self->n_slots; slot++)
    {
      const double *column = shs_matrix_column (rows, self->features[slot]);

      for (gsize row = 0; row < rows->n_rows; row++)
        present[row / SHS_TREE_BLOCK * self->n_slots + slot] |= (guint64)!isnan (column[row])
                                                                << row % SHS_TREE_BLOCK;
    }
  return present;
}

/* Takes the bit of @player from the patterns of the rows that are not in @met. */
static void
clear_bits (guint64 *patterns, gsize n_words, guint32 player, guint64 met)
{
  guint64 *word = patterns + player / 64;

  for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
    word[row * n_words] &= ~((~met >> row & 1) << player % 64);
}

void
shs_tree_linear_terms_find_patterns (const ShsTreeLinearTerms *self,
                                     const ShsTreeLinearPlace *place, const ShsTreeWords *words,
                                     const guint64 *present, guint64 *patterns)
{
  const ShsTreeLinearStep *steps
      = (const ShsTreeLinearStep *)self->steps.memory + place->first_step;
  const ShsTreeLinearTerm *terms
      = (const ShsTreeLinearTerm *)self->terms.memory + place->first_term;
  gsize n_words = shs_tree_linear_terms_count_words (place->n_players);
  gsize n_last = place->n_players - 64 * (n_words - 1);

  memset (patterns, 0xff, n_words * SHS_TREE_BLOCK * sizeof *patterns);
  if (n_last < 64)
    for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
      patterns[row * n_words + n_words - 1] = ~(~G_GUINT64_CONSTANT (0) << n_last);
  for (gsize i = 0; i < place->n_steps; i++)
    {
      guint64 left = words->words[steps[i].node - words->first_node];

      clear_bits (patterns, n_words, steps[i].player, steps[i].is_left ? left : ~left);
    }
  for (gsize i = 0; i < place->n_terms; i++)
    clear_bits (patterns, n_words, terms[i].player, present[terms[i].slot]);
}
