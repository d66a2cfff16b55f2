#include "tree/shs-tree-game.h"

#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

/* Subset sums of more players of one tree would lose digits. */
#define MOST_SUMMED 7

gboolean
shs_tree_game_reserve (ShsTreeGame *self, gsize n_players, gsize n_outputs, GError **error)
{
  gsize n = (gsize)1 << n_players;

  if (self->sizes != NULL && n_players <= self->capacity)
    return TRUE;
  shs_tree_game_clear (self);
  self->margins = shs_alloc (n_outputs, n * sizeof (double), error);
  if (self->margins == NULL)
    return FALSE;
  self->folded = shs_alloc (n, sizeof (double), error);
  if (self->folded == NULL)
    return FALSE;
  self->sizes = shs_alloc (n, 1, error);
  if (self->sizes == NULL)
    return FALSE;
  self->sizes[0] = 0;
  for (gsize coalition = 1; coalition < n; coalition++)
    self->sizes[coalition] = self->sizes[coalition >> 1] + (coalition & 1);
  self->capacity = n_players;
  return TRUE;
}

void
shs_tree_game_clear (ShsTreeGame *self)
{
  g_clear_pointer (&self->margins, shs_free);
  g_clear_pointer (&self->folded, shs_free);
  g_clear_pointer (&self->sizes, shs_free);
}

/* What a leaf adds, by inclusion and exclusion: once all subset sums are formed, it is in the
 * coalitions that hold @from_row and nothing of @from_background. */
static void
add_summand (double *margins, const ShsTreeHybridLeaf *leaf, double value)
{
  guint64 rest = 0;

  do
    {
      gboolean is_odd = __builtin_parityll (rest);

      margins[leaf->from_row | rest] += is_odd ? -value : value;
      rest = (rest - leaf->from_background) & leaf->from_background;
    }
  while (rest != 0);
}

static void
add_everywhere (double *margins, const ShsTreeHybridLeaf *leaf, guint64 all, double value)
{
  guint64 free_bits = all & ~(leaf->from_row | leaf->from_background);
  guint64 rest = 0;

  do
    {
      margins[leaf->from_row | rest] += value;
      rest = (rest - free_bits) & free_bits;
    }
  while (rest != 0);
}

static void
sum_subsets (double *margins, gsize n_players)
{
  for (gsize bit = 0; bit < n_players; bit++)
    for (gsize block = 0; block < (gsize)1 << n_players; block += (gsize)2 << bit)
      {
        const double *without = margins + block;
        double *with = margins + block + ((gsize)1 << bit);

        for (gsize i = 0; i < (gsize)1 << bit; i++)
          with[i] += without[i];
      }
}

static gboolean
is_summed (const ShsTreeHybridLeaf *leaves, gsize begin, gsize end)
{
  guint64 bits = 0;

  for (gsize i = begin; i < end; i++)
    bits |= leaves[i].from_row | leaves[i].from_background;
  return __builtin_popcountll (bits) <= MOST_SUMMED;
}

/* The leaves of one tree. */
static void
add_leaves (ShsTreeGame *self, const ShsTreeHybrids *hybrids, gsize tree, gsize begin, gsize end,
            gboolean summed)
{
  const ShsTreeEnsemble *ensemble = hybrids->ensemble;
  const ShsTreeHybridLeaf *leaves = hybrids->leaves.memory;
  gsize n = (gsize)1 << hybrids->n;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double *margins = self->margins + (ensemble->tree_output[tree] + k) * n;

      for (gsize i = begin; i < end; i++)
        {
          double value = ensemble->tree_weight[tree]
                         * (leaves[i].node == SHS_TREE_NO_NODE
                                ? leaves[i].part
                                : shs_tree_ensemble_get_leaf (ensemble, leaves[i].node)[k]);

          if (summed)
            add_summand (margins, &leaves[i], value);
          else
            add_everywhere (margins, &leaves[i], n - 1, value);
        }
    }
}

static void
add_trees (ShsTreeGame *self, const ShsTreeHybrids *hybrids, gboolean summed)
{
  gsize begin = 0;

  for (gsize tree = 0; tree < hybrids->ensemble->n_trees; tree++)
    {
      gsize end = hybrids->tree_end[tree];

      if (is_summed (hybrids->leaves.memory, begin, end) == summed)
        add_leaves (self, hybrids, tree, begin, end, summed);
      begin = end;
    }
}

void
shs_tree_game_fill (ShsTreeGame *self, const ShsTreeHybrids *hybrids)
{
  gsize n_outputs = hybrids->ensemble->n_outputs;
  gsize n = (gsize)1 << hybrids->n;

  memset (self->margins, 0, n_outputs * n * sizeof (double));
  for (gsize k = 0; k < n_outputs; k++)
    self->margins[k * n] = hybrids->ensemble->base[k];
  add_trees (self, hybrids, TRUE);
  for (gsize k = 0; k < n_outputs; k++)
    sum_subsets (self->margins + k * n, hybrids->n);
  add_trees (self, hybrids, FALSE);
}

/* weights[s + 1]: of what joining a coalition of s others adds; 0 at both ends. */
static void
find_weights (ShsTreeIndex index, gsize n_players, double *weights)
{
  memset (weights, 0, (n_players + 2) * sizeof *weights);
  if (n_players == 0)
    return;
  weights[1]
      = index == SHS_TREE_INDEX_BANZHAF ? ldexp (1, 1 - (int)n_players) : 1 / (double)n_players;
  for (gsize s = 1; s < n_players; s++)
    weights[s + 1] = index == SHS_TREE_INDEX_BANZHAF
                         ? weights[s]
                         : weights[s] * (double)s / (double)(n_players - s);
}

/* A player's value is the sum over coalitions with it of w(size - 1) g less that over coalitions
 * without it of w(size) g: the sum over those with it of both weights, less one sum for all. Halves
 * of the table are added up, so that each player costs half of the one before. */
static void
solve_output (ShsTreeGame *self, const ShsTreeHybrids *hybrids, const double *results,
              const double *weights, double factor, double *values)
{
  double without = 0;

  for (gsize coalition = 0; coalition < (gsize)1 << hybrids->n; coalition++)
    {
      gsize size = self->sizes[coalition];

      self->folded[coalition] = (weights[size] + weights[size + 1]) * results[coalition];
      without += weights[size + 1] * results[coalition];
    }
  for (gsize bit = hybrids->n; bit-- > 0;)
    {
      gsize half = (gsize)1 << bit;
      double with = 0;

      for (gsize i = 0; i < half; i++)
        {
          with += self->folded[half + i];
          self->folded[i] += self->folded[half + i];
        }
      values[hybrids->players[bit]] += factor * (with - without);
    }
}

void
shs_tree_game_solve (ShsTreeGame *self, const ShsTreeHybrids *hybrids, const ShsTreeLinkUse *use,
                     ShsTreeIndex index, double factor, double *values)
{
  gsize n_outputs = hybrids->ensemble->n_outputs;
  gsize n = (gsize)1 << hybrids->n;
  double weights[SHS_TREE_MOST_EXACT + 2];

  find_weights (index, hybrids->n, weights);
  shs_tree_link_apply (use, n_outputs, n, self->margins, self->margins);
  for (gsize k = 0; k < shs_tree_link_count_outputs (use->link, n_outputs); k++)
    solve_output (self, hybrids, self->margins + k * n, weights, factor,
                  values + k * hybrids->ensemble->n_players);
}
