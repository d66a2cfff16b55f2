#include "path-oracle.h"

#include "shs-test.h"

#include <math.h>

#define CANDIDATES 80

/* A game of two rows, or of one and the covers. */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *background;
  gsize background_row;
  const ShsMatrix *rows;
  gsize row;
  ShsTreeIndex index;
  guint32 asked[2];
  gsize n_asked;
  long double *hot;  /* by player: h */
  long double *cold; /* by player: r */
  gsize *uses;       /* by player: splits on the path */
  long double *sums; /* by leaf value of the tree at hand */
} PathGame;

/* The mean over coalitions of the others of the product: of sizes 0 .. m of m players. */
static long double
find_mean (const PathGame *game)
{
  gsize n = game->ensemble->n_players;
  g_autofree long double *coefficients = g_new0 (long double, n + 1);
  long double weight;
  long double mean = 0;
  gsize m = 0;

  coefficients[0] = 1;
  for (gsize j = 0; j < n; j++)
    {
      if (game->uses[j] == 0 || j == game->asked[0] || (game->n_asked == 2 && j == game->asked[1]))
        continue;
      m++;
      coefficients[m] = 0;
      for (gsize s = m; s > 0; s--)
        coefficients[s] = game->cold[j] * coefficients[s] + game->hot[j] * coefficients[s - 1];
      coefficients[0] *= game->cold[j];
    }
  /* s! (m - s)! / (m + 1)!, of which one coalition has: sizes are equally likely. */
  weight = 1 / (long double)(m + 1);
  for (gsize s = 0; s <= m; s++)
    {
      mean += coefficients[s]
              * (game->index == SHS_TREE_INDEX_BANZHAF ? ldexpl (1, -(int)m) : weight);
      weight *= (long double)(s + 1) / (long double)MAX (1, m - s);
    }
  return mean;
}

static void
add_leaf (PathGame *game, gsize leaf)
{
  long double share = 1;

  for (gsize i = 0; i < game->n_asked; i++)
    {
      guint32 player = game->asked[i];

      share *= game->uses[player] > 0 ? game->hot[player] - game->cold[player] : 0;
    }
  if (share != 0)
    share *= find_mean (game);
  for (gsize k = 0; k < game->ensemble->leaf_size; k++)
    game->sums[k] += share * shs_tree_ensemble_get_leaf (game->ensemble, leaf)[k];
}

static long double
find_cold (const PathGame *game, gsize node, gboolean goes_left)
{
  const ShsTreeEnsemble *ensemble = game->ensemble;
  gsize feature = (gsize)ensemble->feature[node];
  long double left;
  long double sum;

  if (game->background != NULL)
    return oracle_goes_left (ensemble, node,
                             shs_matrix_get (game->background, game->background_row, feature))
           == goes_left;
  left = shs_tree_ensemble_get_cover (ensemble, node + 1);
  sum = left + shs_tree_ensemble_get_cover (ensemble, ensemble->right[node]);
  left = sum > 0 ? left / sum : 0.5L;
  return goes_left ? left : 1 - left;
}

static void
visit (PathGame *game, gsize node)
{
  const ShsTreeEnsemble *ensemble = game->ensemble;
  gsize feature = (gsize)ensemble->feature[node];
  guint32 player;
  gboolean row_goes_left;

  if (ensemble->split[node] == SHS_LEAF)
    {
      add_leaf (game, node);
      return;
    }
  player = ensemble->player[feature];
  row_goes_left
      = oracle_goes_left (ensemble, node, shs_matrix_get (game->rows, game->row, feature));
  for (int goes_left = 0; goes_left < 2; goes_left++)
    {
      long double hot = game->hot[player];
      long double cold = game->cold[player];

      game->hot[player] *= row_goes_left == goes_left;
      game->cold[player] *= find_cold (game, node, goes_left);
      game->uses[player]++;
      visit (game, goes_left ? node + 1 : ensemble->right[node]);
      game->uses[player]--;
      game->hot[player] = hot;
      game->cold[player] = cold;
    }
}

static long double
play_trees (PathGame *game, gsize output)
{
  const ShsTreeEnsemble *ensemble = game->ensemble;
  long double sum = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      gsize first = ensemble->tree_output[tree];

      if (output < first || output >= first + ensemble->leaf_size)
        continue;
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        game->sums[k] = 0;
      visit (game, ensemble->tree_first[tree]);
      sum += ensemble->tree_weight[tree] * game->sums[output - first];
    }
  return sum;
}

double
oracle_path (const ShsTreeEnsemble *ensemble, const ShsMatrix *background, const ShsMatrix *rows,
             gsize row, ShsTreeIndex index, gsize output, guint32 first, guint32 second)
{
  gsize n = ensemble->n_players;
  gsize n_games = background != NULL ? background->n_rows : 1;
  g_autofree long double *hot = g_new (long double, n);
  g_autofree long double *cold = g_new (long double, n);
  g_autofree gsize *uses = g_new0 (gsize, n);
  g_autofree long double *sums = g_new (long double, ensemble->leaf_size);
  PathGame game = { .ensemble = ensemble,
                    .background = background,
                    .rows = rows,
                    .row = row,
                    .index = index,
                    .asked = { first, second },
                    .n_asked = second == PATH_ORACLE_NOBODY ? 1 : 2,
                    .hot = hot,
                    .cold = cold,
                    .uses = uses,
                    .sums = sums };
  long double mean = 0;

  for (gsize j = 0; j < n; j++)
    hot[j] = cold[j] = 1;
  for (game.background_row = 0; game.background_row < n_games; game.background_row++)
    mean += play_trees (&game, output) / (long double)n_games;
  return (double)mean;
}

/* Nodes before the first split on @feature that @value leaves towards a leaf, in all trees. */
static gsize
count_before (const ShsTreeEnsemble *ensemble, gsize feature, double value)
{
  gsize n = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    for (gsize node = ensemble->tree_first[tree]; node < ensemble->tree_first[tree + 1];
         node++, n++)
      if (ensemble->split[node] != SHS_LEAF && (gsize)ensemble->feature[node] == feature
          && ensemble->split[oracle_goes_left (ensemble, node, value) ? node + 1
                                                                      : ensemble->right[node]]
                 == SHS_LEAF)
        break;
  return n;
}

ShsMatrix *
long_path_row (const ShsTreeEnsemble *ensemble, guint64 seed)
{
  ShsMatrix *row = shs_matrix_new (1, ensemble->n_features, NULL);
  g_autoptr (ShsMatrix) candidates = random_rows (seed, CANDIDATES, ensemble->n_features);

  for (gsize j = 0; j < ensemble->n_features; j++)
    {
      gsize best = 0;

      for (gsize i = 1; i < CANDIDATES; i++)
        if (count_before (ensemble, j, shs_matrix_get (candidates, i, j))
            > count_before (ensemble, j, shs_matrix_get (candidates, best, j)))
          best = i;
      shs_matrix_set (row, 0, j, shs_matrix_get (candidates, best, j));
    }
  return row;
}
