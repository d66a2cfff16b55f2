#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree-oracle.h"
#include "tree/shs-tree-merge.h"

#include <math.h>

Suite *global_suite (void);

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players. */
static const TreeShape shapes[] = {
  { 6, 1, FALSE, 5, 4, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 5, 2, FALSE, 6, 5, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 5, 3, TRUE, 4, 4, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 12, 1, FALSE, 6, 5, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT, 4 },
  { 3, 1, FALSE, 2, 40, 0.97, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 4, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 0, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
};

#define N_BACKGROUND 23
#define N_ROWS 9

/* A coalition's game over all trees, by the definition: nothing is merged beforehand. */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *background;
  const ShsMatrix *rows;
  gsize row;
  gsize output;
  guint32 coalition;
} Game;

static gboolean
goes_left (const Game *game, gsize node, const ShsMatrix *rows, gsize row)
{
  return oracle_goes_left (game->ensemble, node,
                           shs_matrix_get (rows, row, (gsize)game->ensemble->feature[node]));
}

static guint64
find_left (const Game *game, gsize node)
{
  guint64 left = 0;

  for (gsize row = 0; row < game->background->n_rows; row++)
    left |= (guint64)goes_left (game, node, game->background, row) << row;
  return left;
}

static double
get_leaf (const Game *game, gsize tree, gsize node)
{
  const ShsTreeEnsemble *ensemble = game->ensemble;
  gsize k = game->output - ensemble->tree_output[tree];

  if (ensemble->leaf_size == 1 && ensemble->tree_output[tree] != game->output)
    return 0;
  return ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k];
}

/* @here: rows of the background that are here; @with_row: whether the explained one is. */
static long double
play (const Game *game, gsize tree, gsize node, guint64 here, gboolean with_row)
{
  const ShsTreeEnsemble *ensemble = game->ensemble;
  guint64 left;
  gboolean row_left;
  gboolean any_left;
  gboolean any_right;

  if (tree == ensemble->n_trees)
    return 0;
  if (ensemble->split[node] == SHS_LEAF)
    return get_leaf (game, tree, node)
           + play (game, tree + 1, ensemble->tree_first[tree + 1], here, with_row);
  left = here & find_left (game, node);
  row_left = goes_left (game, node, game->rows, game->row);
  any_left = left != 0 || (with_row && row_left);
  any_right = left != here || (with_row && !row_left);
  if (!any_left || !any_right)
    return play (game, tree, any_left ? node + 1 : ensemble->right[node], here, with_row);
  if (game->coalition >> ensemble->player[ensemble->feature[node]] & 1)
    return row_left ? play (game, tree, node + 1, left, with_row)
                    : play (game, tree, ensemble->right[node], here & ~left, with_row);
  else
    {
      long double share = (long double)__builtin_popcountll (left) / __builtin_popcountll (here);
      long double value = 0;

      if (left != 0)
        value += share * play (game, tree, node + 1, left, with_row && row_left);
      if (left != here)
        value += (1 - share)
                 * play (game, tree, ensemble->right[node], here & ~left, with_row && !row_left);
      return value;
    }
}

static void
find_values (Game *game, ShsTreeIndex index, double *values)
{
  gsize k = game->ensemble->n_players;
  g_autofree long double *worth = g_new (long double, (gsize)1 << k);
  guint64 all = ~G_GUINT64_CONSTANT (0) >> (64 - game->background->n_rows);

  for (game->coalition = 0; game->coalition < 1u << k; game->coalition++)
    worth[game->coalition] = play (game, 0, 0, all, TRUE);
  for (gsize i = 0; i < k; i++)
    {
      long double sum = 0;

      for (guint32 coalition = 0; coalition < 1u << k; coalition++)
        if (!(coalition >> i & 1))
          sum += oracle_get_weight (index, __builtin_popcount (coalition), k)
                 * (worth[coalition | 1u << i] - worth[coalition]);
      values[i] = (double)sum;
    }
}

static void
compare (gsize number, ShsTreeIndex index)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (500 + number, &shapes[number]);
  g_autoptr (ShsMatrix) background = random_rows (501 + number, N_BACKGROUND, ensemble->n_features);
  g_autoptr (ShsMatrix) rows = random_rows (502 + number, N_ROWS, ensemble->n_features);
  gsize n_players = ensemble->n_players;
  g_autoptr (ShsMatrix) values = shs_matrix_new (N_ROWS, n_players * ensemble->n_outputs, NULL);
  g_autofree double *expected = g_new (double, n_players);
  ShsTreeOptions options = { .index = index, .n_threads = 2 };
  g_autoptr (ShsTreeMerged) merged = shs_tree_merge (ensemble, background, &options, NULL);

  for (gsize column = 0; column < rows->n_columns; column++)
    shs_matrix_set (rows, 0, column, shs_matrix_get (background, 3, column));
  ck_assert (shs_tree_global_path_dependent (merged, rows, &options, values, NULL));
  ck_assert_uint_le (shs_tree_merged_get_n_leaves (merged), N_BACKGROUND);
  for (gsize row = 0; row < N_ROWS; row++)
    for (gsize k = 0; k < ensemble->n_outputs; k++)
      {
        Game game = { ensemble, background, rows, row, k, 0 };

        find_values (&game, index, expected);
        for (gsize i = 0; i < n_players; i++)
          ck_assert_double_eq_tol (shs_matrix_get (values, row, k * n_players + i), expected[i],
                                   1e-12 * shs_tree_ensemble_max_leaf_sum (ensemble, k) + 1e-300);
      }
}

START_TEST (values_agree_with_all_coalitions)
{
  compare ((gsize)_i, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (banzhaf_values_agree_with_all_coalitions)
{
  compare ((gsize)_i, SHS_TREE_INDEX_BANZHAF);
}
END_TEST

START_TEST (values_sum_to_the_prediction_less_the_mean_of_the_background)
{
  static const TreeShape large
      = { 40, 2, FALSE, 40, 6, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (520, &large);
  g_autoptr (ShsMatrix) background = random_rows (521, 300, 40);
  g_autoptr (ShsMatrix) rows = random_rows (522, 70, 40);
  g_autoptr (ShsMatrix) margins = oracle_predict (ensemble, rows);
  g_autoptr (ShsMatrix) of_background = oracle_predict (ensemble, background);
  g_autoptr (ShsMatrix) values = shs_matrix_new (70, 80, NULL);
  ShsTreeOptions options = { .n_threads = 3 };
  g_autoptr (ShsTreeMerged) merged = shs_tree_merge (ensemble, background, &options, NULL);

  ck_assert (shs_tree_global_path_dependent (merged, rows, &options, values, NULL));
  for (gsize k = 0; k < 2; k++)
    {
      double mean = 0;

      for (gsize row = 0; row < 300; row++)
        mean += shs_matrix_get (of_background, row, k) / 300;
      ck_assert_double_eq_tol (shs_tree_merged_get_expected_value (merged, k), mean, 1e-12);
      for (gsize row = 0; row < 70; row++)
        {
          double sum = mean;

          for (gsize i = 0; i < 40; i++)
            sum += shs_matrix_get (values, row, k * 40 + i);
          ck_assert_double_eq_tol (sum, shs_matrix_get (margins, row, k), 1e-11);
        }
    }
}
END_TEST

START_TEST (a_background_needs_rows_of_the_right_width)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (500, &shapes[0]);
  g_autoptr (ShsMatrix) none = shs_matrix_new (0, ensemble->n_features, NULL);
  g_autoptr (ShsMatrix) wide = random_rows (1, 3, ensemble->n_features + 1);
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) empty = NULL;
  g_autoptr (GError) width = NULL;

  ck_assert_ptr_null (shs_tree_merge (ensemble, none, &options, &empty));
  shs_test_assert_error (empty, SHS_ERROR_INVALID);
  ck_assert_ptr_null (shs_tree_merge (ensemble, wide, &options, &width));
  shs_test_assert_error (width, SHS_ERROR_MISMATCH);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (501, &shapes[1]);
  g_autoptr (ShsMatrix) rows = random_rows (501, 70, ensemble->n_features);
  g_autoptr (ShsMatrix) values
      = shs_matrix_new (70, ensemble->n_players * ensemble->n_outputs, NULL);
  ShsTreeOptions options = { .n_threads = 1 };
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsTreeMerged) merged = NULL;

      shs_alloc_fail_at (nth);
      merged = shs_tree_merge (ensemble, rows, &options, &error);
      done = merged != NULL
             && shs_tree_global_path_dependent (merged, rows, &options, values, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 20);
}
END_TEST

Suite *
global_suite (void)
{
  Suite *suite = suite_create ("global path-dependent");
  TCase *cases = tcase_create ("global path-dependent");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, values_agree_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, banzhaf_values_agree_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_test (cases, values_sum_to_the_prediction_less_the_mean_of_the_background);
  tcase_add_test (cases, a_background_needs_rows_of_the_right_width);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
