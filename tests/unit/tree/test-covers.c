#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree-oracle.h"
#include "tree/shs-tree-covers.h"

#include <math.h>

Suite *covers_suite (void);

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players. */
static const TreeShape shapes[] = {
  { 12, 1, FALSE, 6, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 6, 3, FALSE, 6, 5, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 3 },
  { 6, 3, TRUE, 6, 5, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 4, 1, FALSE, 3, 60, 0.99, TRUE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 4, 2, FALSE, 3, 4, 0.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 4, 2, FALSE, 0, 4, 0.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
};

static gsize
step (const ShsTreeEnsemble *ensemble, gsize node, const ShsMatrix *rows, gsize row)
{
  double value = shs_matrix_get (rows, row, (gsize)ensemble->feature[node]);

  return oracle_goes_left (ensemble, node, value) ? node + 1 : ensemble->right[node];
}

START_TEST (covers_are_the_rows_that_reach_a_node)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (300 + _i, &shapes[_i]);
  g_autoptr (ShsMatrix) rows = random_rows (300 + _i, 133, ensemble->n_features);
  g_autofree double *expected = g_new0 (double, ensemble->n_nodes + 1);
  ShsTreeOptions options = { .n_threads = 3 };
  gsize n_unreached = 0;
  gsize expected_unreached = 0;
  g_autoptr (ShsTreeEnsemble) counted
      = shs_tree_ensemble_count_covers (ensemble, rows, &options, &n_unreached, NULL);

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    for (gsize row = 0; row < rows->n_rows; row++)
      {
        gsize node = ensemble->tree_first[tree];

        for (expected[node]++; ensemble->split[node] != SHS_LEAF; expected[node]++)
          node = step (ensemble, node, rows, row);
      }
  ck_assert (counted->has_cover);
  for (gsize node = 0; node < ensemble->n_nodes; node++)
    {
      ck_assert_double_eq (shs_tree_ensemble_get_cover (counted, node), expected[node]);
      expected_unreached += ensemble->split[node] == SHS_LEAF && expected[node] == 0;
    }
  ck_assert_uint_eq (n_unreached, expected_unreached);
}
END_TEST

START_TEST (counted_covers_make_the_expected_value_the_mean_prediction)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (300, &shapes[0]);
  g_autoptr (ShsMatrix) rows = random_rows (300, 133, ensemble->n_features);
  g_autoptr (ShsMatrix) margins = oracle_predict (ensemble, rows);
  ShsTreeOptions options = { 0 };
  g_autoptr (ShsTreeEnsemble) counted
      = shs_tree_ensemble_count_covers (ensemble, rows, &options, NULL, NULL);
  double mean = 0;

  for (gsize row = 0; row < rows->n_rows; row++)
    mean += shs_matrix_get (margins, row, 0) / (double)rows->n_rows;
  ck_assert_double_eq_tol (shs_tree_ensemble_expected_value (counted, 0), mean, 1e-12);
}
END_TEST

START_TEST (covers_need_rows_of_the_right_width)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (300, &shapes[0]);
  g_autoptr (ShsMatrix) none = shs_matrix_new (0, ensemble->n_features, NULL);
  g_autoptr (ShsMatrix) narrow = random_rows (1, 3, ensemble->n_features - 1);
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) empty = NULL;
  g_autoptr (GError) width = NULL;

  ck_assert_ptr_null (shs_tree_ensemble_count_covers (ensemble, none, &options, NULL, &empty));
  shs_test_assert_error (empty, SHS_ERROR_INVALID);
  ck_assert_ptr_null (shs_tree_ensemble_count_covers (ensemble, narrow, &options, NULL, &width));
  shs_test_assert_error (width, SHS_ERROR_MISMATCH);
}
END_TEST

/* Along the row's own path, with expectations over the empty coalition below each node. */
static void
find_saabas (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows, gsize row, double *values)
{
  g_autofree gint32 *bit_of = g_new (gint32, ensemble->n_players);
  g_autofree guint32 *players = g_new (guint32, ensemble->n_players);

  for (gsize i = 0; i < ensemble->n_players * ensemble->n_outputs; i++)
    values[i] = 0;
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    for (gsize k = 0; k < ensemble->leaf_size; k++)
      {
        OracleGame game = { ensemble, rows, row, NULL, 0, k, bit_of };
        gsize node = ensemble->tree_first[tree];
        double *of_output = values + (ensemble->tree_output[tree] + k) * ensemble->n_players;

        oracle_list_players (ensemble, tree, bit_of, players);
        while (ensemble->split[node] != SHS_LEAF)
          {
            gsize next = step (ensemble, node, rows, row);

            of_output[ensemble->player[ensemble->feature[node]]]
                += ensemble->tree_weight[tree]
                   * (double)(oracle_play (&game, next, 0) - oracle_play (&game, node, 0));
            node = next;
          }
      }
}

START_TEST (saabas_follows_the_path_of_the_row)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (300 + _i, &shapes[_i]);
  g_autoptr (ShsMatrix) rows = random_rows (400 + _i, 133, ensemble->n_features);
  gsize n_columns = ensemble->n_players * ensemble->n_outputs;
  g_autoptr (ShsMatrix) values = shs_matrix_new (133, n_columns, NULL);
  g_autofree double *expected = g_new (double, n_columns);
  ShsTreeOptions options = { .n_threads = 2 };

  ck_assert (shs_tree_saabas (ensemble, rows, &options, values, NULL));
  for (gsize row = 0; row < rows->n_rows; row++)
    {
      find_saabas (ensemble, rows, row, expected);
      for (gsize column = 0; column < n_columns; column++)
        ck_assert_double_eq_tol (shs_matrix_get (values, row, column), expected[column], 1e-13);
    }
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (301, &shapes[1]);
  g_autoptr (ShsMatrix) rows = random_rows (301, 70, ensemble->n_features);
  g_autoptr (ShsMatrix) values
      = shs_matrix_new (70, ensemble->n_players * ensemble->n_outputs, NULL);
  ShsTreeOptions options = { .n_threads = 1 };
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsTreeEnsemble) counted = NULL;

      shs_alloc_fail_at (nth);
      counted = shs_tree_ensemble_count_covers (ensemble, rows, &options, NULL, &error);
      done = counted != NULL && shs_tree_saabas (counted, rows, &options, values, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 20);
}
END_TEST

Suite *
covers_suite (void)
{
  Suite *suite = suite_create ("covers and Saabas");
  TCase *cases = tcase_create ("covers and Saabas");

  tcase_add_loop_test (cases, covers_are_the_rows_that_reach_a_node, 0, G_N_ELEMENTS (shapes));
  tcase_add_test (cases, counted_covers_make_the_expected_value_the_mean_prediction);
  tcase_add_test (cases, covers_need_rows_of_the_right_width);
  tcase_add_loop_test (cases, saabas_follows_the_path_of_the_row, 0, G_N_ELEMENTS (shapes));
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
