#include "tree/shs-tree-partners.h"

#include "core/shs-memory.h"
#include "tree/kernels/shs-tree-kernels.h"

#include <math.h>

gboolean
shs_tree_partners_init (ShsTreePartners *self, const ShsTreeEnsemble *ensemble,
                        const ShsTreePairs *pairs, gsize most_players, ShsTreeIndex index,
                        GError **error)
{
  gsize n = most_players + 1;

  *self = (ShsTreePartners){ ensemble, pairs, n, shs_alloc0 (n, n * sizeof (double), error) };
  if (self->weights == NULL)
    return FALSE;
  for (gsize p = 1; p < n; p++)
    for (gsize q = 0; q + p < n; q++)
      {
        double *weight = &self->weights[p * n + q];

        if (index == SHS_TREE_INDEX_BANZHAF)
          *weight = ldexp (1, 1 - (int)(p + q));
        else
          *weight = q == 0 ? 1 / (double)p : weight[-1] * (double)q / (double)(p + q);
      }
  return TRUE;
}

void
shs_tree_partners_clear (ShsTreePartners *self)
{
  g_clear_pointer (&self->weights, shs_free);
}

/* Of pair (i, j), j < i; of i players: pairs in all. */
static gsize
get_pair (gsize i, gsize j)
{
  return i * (i - 1) / 2 + j;
}

gsize
shs_tree_partners_count_sums (const ShsTreePartners *self, gsize n_players)
{
  return self->pairs == NULL ? n_players : n_players == 0 ? 0 : get_pair (n_players, 0);
}

void
shs_tree_partners_list_columns (const ShsTreePartners *self, const guint32 *players,
                                gsize n_players, guint32 *columns)
{
  for (gsize i = 0; i < n_players; i++)
    if (self->pairs == NULL)
      *columns++ = players[i];
    else
      for (gsize j = 0; j < i; j++)
        {
          gsize number = shs_tree_pairs_look_up (self->pairs, MIN (players[i], players[j]),
                                                 MAX (players[i], players[j]));

          *columns++ = number < G_MAXSIZE ? (guint32)number : SHS_TREE_NO_COLUMN;
        }
}

/* The bits of @a without those of @b, in ascending order. */
static gsize
list_bits (gsize n_words, const guint64 *a, const guint64 *b, guint16 *bits)
{
  gsize n = 0;

  for (gsize word = 0; word < n_words; word++)
    for (guint64 rest = a[word] & ~b[word]; rest != 0; rest &= rest - 1)
      bits[n++] = (guint16)(64 * word + (gsize)__builtin_ctzll (rest));
  return n;
}

static void
add_within (const guint16 *bits, gsize n, double amount, double *sums)
{
  for (gsize i = 1; i < n; i++)
    for (gsize j = 0; j < i; j++)
      sums[get_pair (bits[i], bits[j])] += amount;
}

static void
add_between (const guint16 *some, gsize n, const guint16 *others, gsize n_others, double amount,
             double *sums)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n_others; j++)
      sums[get_pair (MAX (some[i], others[j]), MIN (some[i], others[j]))] += amount;
}

void
shs_tree_partners_add (const ShsTreePartners *self, gsize n_words, const guint64 *c,
                       const guint64 *b, double share, double *sums)
{
  guint16 from_row[SHS_TREE_MAX_PATH_FEATURES];
  guint16 from_background[SHS_TREE_MAX_PATH_FEATURES];
  gsize p = list_bits (n_words, c, b, from_row);
  gsize q = list_bits (n_words, b, c, from_background);

  if (self->pairs == NULL)
    {
      for (gsize i = 0; i < p; i++)
        sums[from_row[i]] += share * shs_tree_partners_get_weight (self, p, q);
      for (gsize i = 0; i < q; i++)
        sums[from_background[i]] -= share * shs_tree_partners_get_weight (self, q, p);
      return;
    }
  if (p >= 2)
    add_within (from_row, p, share * shs_tree_partners_get_weight (self, p - 1, q), sums);
  if (p >= 1 && q >= 1)
    add_between (from_row, p, from_background, q,
                 -share * shs_tree_partners_get_weight (self, p, q - 1), sums);
  if (q >= 2)
    add_within (from_background, q, share * shs_tree_partners_get_weight (self, q - 1, p), sums);
}

void
shs_tree_partners_write (const ShsTreePartners *self, gsize tree, gsize node,
                         const guint32 *columns, gsize n_sums, const double *sums, gsize row,
                         ShsMatrix *values)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize n_columns = self->pairs != NULL ? self->pairs->n : ensemble->n_players;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double value = ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k];
      gsize first = (ensemble->tree_output[tree] + k) * n_columns;

      for (gsize i = 0; i < n_sums; i++)
        if (columns[i] != SHS_TREE_NO_COLUMN)
          shs_matrix_column (values, first + columns[i])[row] += value * sums[i];
    }
}
