#include "pair-oracle.h"

#include "shs-test.h"

#include <math.h>
#include <string.h>

static long double
get_weight (ShsTreeIndex index, int size, gsize k)
{
  if (index == SHS_TREE_INDEX_BANZHAF)
    return ldexpl (1, 2 - (int)k);
  return expl (lgammal (size + 1) + lgammal ((long double)k - size - 1) - lgammal ((long double)k));
}

static long double
get_interaction (const long double *worth, gsize k, gsize i, gsize j, ShsTreeIndex index)
{
  guint32 both = 1u << i | 1u << j;
  long double sum = 0;

  for (guint32 coalition = 0; coalition < 1u << k; coalition++)
    if ((coalition & both) == 0)
      sum += get_weight (index, __builtin_popcount (coalition), k)
             * (worth[coalition | both] - worth[coalition | 1u << i] - worth[coalition | 1u << j]
                + worth[coalition]);
  return sum;
}

static void
add_tree (const OracleGame *game, gsize tree, const guint32 *players, gsize k, ShsTreeIndex index,
          long double weight, double *values)
{
  gsize n_players = game->ensemble->n_players;
  g_autofree long double *worth = g_new0 (long double, (gsize)1 << k);
  gsize n_games = game->background != NULL ? game->background->n_rows : 1;

  for (gsize z = 0; z < n_games; z++)
    {
      OracleGame one = *game;

      one.background_row = z;
      for (guint32 coalition = 0; coalition < 1u << k; coalition++)
        worth[coalition] += oracle_play (&one, game->ensemble->tree_first[tree], coalition)
                            / (long double)n_games;
    }
  for (gsize i = 0; i < k; i++)
    for (gsize j = 0; j < i; j++)
      {
        double value = (double)(weight * get_interaction (worth, k, i, j, index));

        values[players[i] * n_players + players[j]] += value;
        values[players[j] * n_players + players[i]] += value;
      }
}

void
oracle_interactions (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                     const ShsMatrix *rows, gsize row, ShsTreeIndex index, double *values)
{
  gsize n_cells = ensemble->n_players * ensemble->n_players;
  g_autofree gint32 *bit_of = g_new (gint32, ensemble->n_players);
  g_autofree guint32 *players = g_new (guint32, ensemble->n_players);

  memset (values, 0, ensemble->n_outputs * n_cells * sizeof (double));
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      gsize k = oracle_list_players (ensemble, tree, bit_of, players);

      ck_assert_uint_le (k, 20);
      for (gsize leaf_value = 0; leaf_value < ensemble->leaf_size; leaf_value++)
        {
          OracleGame game = { ensemble, rows, row, background, 0, leaf_value, bit_of };

          add_tree (&game, tree, players, k, index, ensemble->tree_weight[tree],
                    values + (ensemble->tree_output[tree] + leaf_value) * n_cells);
        }
    }
}
