#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree-values.h"

#include <math.h>
#include <string.h>

Suite *path_dependent_suite (void);

#define N_ROWS 133

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players. */
static const TreeShape shapes[] = {
  { 12, 1, FALSE, 6, 3, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 12, 1, FALSE, 4, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 3, 1, FALSE, 6, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 1, 1, FALSE, 6, 5, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 3, FALSE, 9, 4, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 10, 4, TRUE, 5, 5, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 5, 1, FALSE, 8, 7, 0.7, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 13, 1, FALSE, 2, 14, 0.99, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 1, FALSE, 2, 10, 0.97, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 6, 1, FALSE, 2, 500, 0.998, TRUE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 5, 4, 0.3, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 5, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 0, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 12, 2, FALSE, 6, 6, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 4 },
  { 30, 1, FALSE, 3, 8, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 9 },
  { 9, 3, TRUE, 4, 5, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT, 12 },
  { 5, 1, FALSE, 4, 5, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT, 1 },
};

static void
compare_kernels (gsize number, ShsTreeIndex index)
{
  const TreeShape *shape = &shapes[number];
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (100 + number, shape);
  gsize n_rows = ensemble->n_players > 10 ? 9 : 40;
  gsize n_columns = ensemble->n_players * shape->n_outputs;
  g_autoptr (ShsMatrix) rows = random_rows (100 + number, n_rows, shape->n_features);
  g_autofree double *expected = g_new (double, n_rows *n_columns);

  for (gsize row = 0; row < n_rows; row++)
    oracle_path_dependent (ensemble, rows, row, index, expected + row * n_columns);
  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
      {
        ShsTreeOptions options = { .instructions = *i, .precision = p, .index = index };
        g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, &options);
        g_autofree char *kernel = shs_tree_describe_kernel (&options);

        for (gsize row = 0; row < n_rows; row++)
          assert_close (ensemble, values, row, expected + row * n_columns,
                        p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND, kernel);
      }
}

START_TEST (every_kernel_agrees_with_all_coalitions)
{
  compare_kernels ((gsize)_i, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (banzhaf_values_agree_with_all_coalitions)
{
  compare_kernels ((gsize)_i, SHS_TREE_INDEX_BANZHAF);
}
END_TEST

START_TEST (banzhaf_and_shapley_values_do_not_meet_in_the_cache)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (102, &shapes[2]);
  g_autoptr (ShsMatrix) rows = random_rows (102, 3, shapes[2].n_features);
  ShsTreeOptions shapley = { .precision = SHS_PRECISION_DOUBLE };
  ShsTreeOptions banzhaf = { .precision = SHS_PRECISION_DOUBLE, .index = SHS_TREE_INDEX_BANZHAF };
  double expected[3];

  for (int call = 0; call < 4; call++)
    {
      const ShsTreeOptions *options = call % 2 == 0 ? &shapley : &banzhaf;
      g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, options);

      oracle_path_dependent (ensemble, rows, 1, options->index, expected);
      assert_close (ensemble, values, 1, expected, DOUBLE_BOUND, "cache");
    }
}
END_TEST

START_TEST (values_sum_to_prediction_less_expected_value)
{
  static const TreeShape large[] = {
    { 50, 1, FALSE, 40, 8, 0.97, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
    { 60, 5, FALSE, 25, 6, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
    { 5000, 1, FALSE, 10, 11, 0.97, FALSE, FALSE, TRUE, SHS_TREE_CAST_FLOAT },
    { 600, 1, FALSE, 2, 512, 1.0, TRUE, FALSE, TRUE, SHS_TREE_CAST_DOUBLE },
    { 8, 3, TRUE, 6, 13, 0.97, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (_i, &large[_i]);
  g_autoptr (ShsMatrix) rows = random_rows (_i, N_ROWS, ensemble->n_features);
  g_autoptr (ShsMatrix) margins = oracle_predict (ensemble, rows);

  for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
    {
      ShsTreeOptions options = { .precision = p };
      g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, &options);

      for (gsize row = 0; row < N_ROWS; row++)
        for (gsize k = 0; k < ensemble->n_outputs; k++)
          {
            double sum = shs_tree_ensemble_expected_value (ensemble, k);
            double bound = p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND;

            for (gsize j = 0; j < ensemble->n_features; j++)
              sum += shs_matrix_get (values, row, k * ensemble->n_features + j);
            ck_assert_double_eq_tol (sum, shs_matrix_get (margins, row, k),
                                     bound * shs_tree_ensemble_max_leaf_sum (ensemble, k));
          }
    }
}
END_TEST

#define NODE(f, t, l, r, c)                                                                        \
  ((ShsTreeNode){ .split = SHS_SPLIT_LESS,                                                         \
                  .feature = (f),                                                                  \
                  .threshold = (t),                                                                \
                  .left = (l),                                                                     \
                  .right = (r),                                                                    \
                  .cover = (c) })
#define LEAF(v, c) ((ShsTreeNode){ .split = SHS_LEAF, .value = (v), .cover = (c) })

static ShsTreeEnsemble *
build (const ShsTreeNode *nodes, gsize n)
{
  g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (3, 1, 1, SHS_TREE_CAST_FLOAT);

  ck_assert (shs_tree_builder_add_tree (builder, nodes, n, NULL, 0, 1, NULL));
  return shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
}

START_TEST (two_trees_worked_out_by_hand)
{
  ShsTreeNode plain[] = { NODE (0, 0.5, 1, 2, 100), LEAF (1, 60), NODE (1, 0.5, 3, 4, 40),
                          LEAF (2, 10), LEAF (5, 30) };
  ShsTreeNode repeated[] = { NODE (0, 0.5, 1, 2, 100), LEAF (0, 50), NODE (0, 1.5, 3, 4, 50),
                             LEAF (1, 20), LEAF (3, 30) };
  double right_left[] = { 1, 0, 0 };
  ShsMatrix row = { 1, 3, 1, right_left };
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (ShsTreeEnsemble) first = build (plain, 5);
  g_autoptr (ShsTreeEnsemble) second = build (repeated, 5);
  g_autoptr (ShsMatrix) a = explain_by_covers (first, &row, &options);
  g_autoptr (ShsMatrix) b = explain_by_covers (second, &row, &options);

  ck_assert_double_eq_tol (shs_tree_ensemble_expected_value (first, 0), 2.3, 1e-15);
  ck_assert_double_eq_tol (shs_matrix_get (a, 0, 0), 1.275, 1e-15);
  ck_assert_double_eq_tol (shs_matrix_get (a, 0, 1), -1.575, 1e-15);
  ck_assert_double_eq (shs_matrix_get (a, 0, 2), 0);
  ck_assert_double_eq_tol (shs_matrix_get (b, 0, 0), -0.1, 1e-15);
}
END_TEST

START_TEST (features_that_play_the_same_part_get_the_same_value)
{
  ShsTreeNode both[] = { NODE (0, 0.5, 1, 2, 8),
                         NODE (1, 0.5, 3, 4, 4),
                         NODE (1, 0.5, 5, 6, 4),
                         LEAF (1, 2),
                         LEAF (0, 2),
                         LEAF (0, 2),
                         LEAF (0, 2) };
  double zeros[] = { 0, 0, 0 };
  ShsMatrix row = { 1, 3, 1, zeros };
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (ShsTreeEnsemble) ensemble = build (both, 7);
  g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, &row, &options);

  ck_assert_double_eq_tol (shs_matrix_get (values, 0, 0), 0.375, 1e-15);
  ck_assert_double_eq_tol (shs_matrix_get (values, 0, 1), 0.375, 1e-15);
  ck_assert_double_eq (shs_matrix_get (values, 0, 2), 0);
}
END_TEST

static void
assert_same (const ShsMatrix *a, const ShsMatrix *b)
{
  for (gsize j = 0; j < a->n_columns; j++)
    ck_assert_mem_eq (shs_matrix_column (a, j), shs_matrix_column (b, j),
                      a->n_rows * sizeof (double));
}

static const TreeShape medium
    = { 30, 3, FALSE, 30, 7, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT };

START_TEST (any_number_of_threads_gives_the_same_bytes)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (5, &medium);
  g_autoptr (ShsMatrix) rows = random_rows (5, 2 * N_ROWS, medium.n_features);
  ShsTreeOptions one = { .n_threads = 1, .precision = (ShsPrecision)_i };
  g_autoptr (ShsMatrix) expected = explain_by_covers (ensemble, rows, &one);

  for (guint n_threads = 2; n_threads <= 4; n_threads++)
    {
      ShsTreeOptions options = { .n_threads = n_threads, .precision = (ShsPrecision)_i };
      g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, &options);

      assert_same (values, expected);
    }
}
END_TEST

START_TEST (later_calls_give_the_same_bytes_in_either_precision)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &medium);
  g_autoptr (ShsMatrix) rows = random_rows (6, N_ROWS, medium.n_features);

  for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
    {
      g_autoptr (ShsTreeEnsemble) fresh = random_ensemble (6, &medium);
      ShsTreeOptions options = { .precision = p, .n_threads = 4 };
      g_autoptr (ShsMatrix) expected = explain_by_covers (fresh, rows, &options);
      g_autoptr (ShsMatrix) first = explain_by_covers (ensemble, rows, &options);
      g_autoptr (ShsMatrix) second = explain_by_covers (ensemble, rows, &options);

      assert_same (first, expected);
      assert_same (second, expected);
    }
}
END_TEST

START_TEST (any_split_of_the_rows_gives_the_same_bytes)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &medium);
  g_autoptr (ShsMatrix) rows = random_rows (6, N_ROWS, medium.n_features);
  ShsTreeOptions options = { 0 };
  g_autoptr (ShsMatrix) whole = explain_by_covers (ensemble, rows, &options);
  g_autoptr (ShsMatrix) parts = shs_matrix_new (whole->n_rows, whole->n_columns, NULL);
  gsize first = 0;

  for (gsize count = 1; first < N_ROWS; count = count * 2 + 1)
    {
      ShsMatrix from = shs_matrix_rows (rows, first, MIN (count, N_ROWS - first));
      ShsMatrix to = shs_matrix_rows (parts, first, MIN (count, N_ROWS - first));

      ck_assert (shs_tree_path_dependent (ensemble, &from, &options, &to, NULL));
      first += count;
    }
  assert_same (parts, whole);
}
END_TEST

START_TEST (many_groups_of_trees_add_up)
{
  /* More nodes than a group holds, so that sums go to the values in several steps. */
  TreeShape shape = { 9, 2, FALSE, 60, 9, 0.97, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (8, &shape);
  g_autoptr (ShsMatrix) rows = random_rows (8, 3, shape.n_features);
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, &options);
  g_autofree double *expected = g_new (double, shape.n_features *shape.n_outputs);

  ck_assert_uint_gt (ensemble->n_nodes, 20000);
  for (gsize row = 0; row < 3; row++)
    {
      oracle_path_dependent (ensemble, rows, row, SHS_TREE_INDEX_SHAPLEY, expected);
      assert_close (ensemble, values, row, expected, DOUBLE_BOUND, "many groups");
    }
}
END_TEST

static gpointer
cancel_soon (gpointer progress)
{
  static guint delay;

  g_usleep (1000 + 7919 * (delay++ % 13));
  shs_progress_cancel (progress);
  return GSIZE_TO_POINTER ((gsize)g_get_monotonic_time ());
}

START_TEST (cancel_ends_the_work_within_100_ms)
{
  TreeShape shape = { 50, 1, FALSE, 100, 12, 0.99, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (9, &shape);
  g_autoptr (ShsMatrix) rows = random_rows (9, 10000, shape.n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (10000, shape.n_features, NULL);

  for (int round = 0; round < 13; round++)
    {
      g_autoptr (ShsProgress) progress = shs_progress_new ();
      ShsTreeOptions options = { .progress = progress };
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("cancel", cancel_soon, progress);
      gboolean done = shs_tree_path_dependent (ensemble, rows, &options, values, &error);
      gint64 end = g_get_monotonic_time ();
      gint64 asked = (gint64)GPOINTER_TO_SIZE (g_thread_join (thread));

      ck_assert (!done);
      shs_test_assert_error (error, SHS_ERROR_CANCELLED);
      ck_assert_int_lt (end - asked, 100000);
    }
}
END_TEST

START_TEST (progress_counts_rows_times_trees)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &medium);
  g_autoptr (ShsMatrix) rows = random_rows (6, N_ROWS, medium.n_features);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  ShsTreeOptions options = { .progress = progress };
  g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, &options);

  ck_assert_uint_eq (shs_progress_get_done (progress), N_ROWS * ensemble->n_trees);
}
END_TEST

START_TEST (an_ensemble_without_covers_is_refused)
{
  ShsTreeNode nodes[] = { NODE (0, 0.5, 1, 2, NAN), LEAF (1, NAN), LEAF (2, NAN) };
  g_autoptr (ShsTreeEnsemble) ensemble = build (nodes, 3);
  g_autoptr (ShsMatrix) rows = random_rows (1, 2, 3);
  g_autoptr (ShsMatrix) values = shs_matrix_new (2, 3, NULL);
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_tree_path_dependent (ensemble, rows, &options, values, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
}
END_TEST

/* A chain: each split asks for a feature of its own. */
static ShsTreeEnsemble *
make_chain (gsize n_splits)
{
  ShsTreeBuilder *builder = shs_tree_builder_new (n_splits, 1, 1, SHS_TREE_CAST_DOUBLE);
  g_autofree ShsTreeNode *nodes = g_new0 (ShsTreeNode, 2 * n_splits + 1);

  for (gsize i = 0; i < n_splits; i++)
    {
      gint32 next = (gint32)(2 * i + 2);

      nodes[2 * i]
          = (ShsTreeNode)NODE ((gint32)i, 0.5, next - 1, next, 2.0 * (double)(n_splits - i));
      nodes[2 * i + 1] = (ShsTreeNode)LEAF (1, 1);
    }
  nodes[2 * n_splits] = (ShsTreeNode)LEAF (2, 1);
  ck_assert (shs_tree_builder_add_tree (builder, nodes, 2 * n_splits + 1, NULL, 0, 1, NULL));
  return shs_tree_builder_finish (builder, NULL);
}

START_TEST (a_path_of_too_many_features_is_refused_at_once)
{
  gsize n = SHS_TREE_MAX_PATH_FEATURES + 1;
  g_autoptr (ShsTreeEnsemble) ensemble = make_chain (n);
  g_autoptr (ShsMatrix) rows = random_rows (1, 2, n);
  g_autoptr (ShsMatrix) values = shs_matrix_new (2, n, NULL);
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_tree_path_dependent (ensemble, rows, &options, values, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (ShsMatrix) rows = random_rows (6, 70, medium.n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (70, medium.n_features * medium.n_outputs, NULL);
  ShsTreeOptions options = { .n_threads = 2 };
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      /* A new one each time: it keeps what was compiled. */
      g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &medium);
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (nth);
      done = shs_tree_path_dependent (ensemble, rows, &options, values, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 20);
}
END_TEST

Suite *
path_dependent_suite (void)
{
  Suite *suite = suite_create ("path-dependent Tree SHAP");
  TCase *cases = tcase_create ("path-dependent Tree SHAP");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, every_kernel_agrees_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, banzhaf_values_agree_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_test (cases, banzhaf_and_shapley_values_do_not_meet_in_the_cache);
  tcase_add_loop_test (cases, values_sum_to_prediction_less_expected_value, 0, 5);
  tcase_add_test (cases, two_trees_worked_out_by_hand);
  tcase_add_test (cases, features_that_play_the_same_part_get_the_same_value);
  tcase_add_loop_test (cases, any_number_of_threads_gives_the_same_bytes, 0, 2);
  tcase_add_test (cases, later_calls_give_the_same_bytes_in_either_precision);
  tcase_add_test (cases, any_split_of_the_rows_gives_the_same_bytes);
  tcase_add_test (cases, many_groups_of_trees_add_up);
  tcase_add_test (cases, cancel_ends_the_work_within_100_ms);
  tcase_add_test (cases, progress_counts_rows_times_trees);
  tcase_add_test (cases, an_ensemble_without_covers_is_refused);
  tcase_add_test (cases, a_path_of_too_many_features_is_refused_at_once);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
