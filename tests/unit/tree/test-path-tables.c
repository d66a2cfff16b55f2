#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree-values.h"

#include <math.h>
#include <string.h>

Suite *path_tables_suite (void);

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players. */
static const TreeShape shapes[] = {
  { 12, 1, FALSE, 6, 3, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 1, FALSE, 4, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 3, 1, FALSE, 6, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 1, 1, FALSE, 6, 5, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 4, TRUE, 5, 5, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 8, 3, FALSE, 9, 8, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 1, FALSE, 2, 200, 0.99, TRUE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 5, 4, 0.3, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 0, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 12, 2, FALSE, 6, 6, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 4 },
};

START_TEST (tables_agree_with_all_coalitions)
{
  const TreeShape *shape = &shapes[_i % (int)G_N_ELEMENTS (shapes)];
  ShsTreeIndex index = (ShsTreeIndex)(_i / (int)G_N_ELEMENTS (shapes));
  gsize n_rows = 23;
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (40 + (guint64)_i, shape);
  g_autoptr (ShsMatrix) rows = random_rows (40 + (guint64)_i, n_rows, shape->n_features);
  gsize n_columns = ensemble->n_players * ensemble->n_outputs;
  g_autofree double *expected = g_new (double, n_rows *n_columns);

  for (gsize row = 0; row < n_rows; row++)
    oracle_path_dependent (ensemble, rows, row, index, expected + row * n_columns);
  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
      {
        ShsTreeOptions options = {
          .instructions = *i, .precision = p, .index = index, .kernel = SHS_TREE_KERNEL_TABLES
        };
        g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, &options);
        double bound = p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND;

        for (gsize row = 0; row < n_rows; row++)
          for (gsize column = 0; column < n_columns; column++)
            ck_assert (
                fabs (shs_matrix_get (values, row, column) - expected[row * n_columns + column])
                <= bound * shs_tree_ensemble_max_leaf_sum (ensemble, column / ensemble->n_players));
      }
}
END_TEST

/* Trees of one test a level are looked up whole. */
static ShsTreeEnsemble *
make_oblivious (guint64 seed, guint depth)
{
  ShsRandom random = shs_random_init (seed, 0);
  ShsTreeBuilder *builder = shs_tree_builder_new (5, 1, 1, SHS_TREE_CAST_FLOAT);

  for (int tree = 0; tree < 4; tree++)
    {
      gsize n_splits = ((gsize)1 << depth) - 1;
      g_autofree ShsTreeNode *nodes = g_new0 (ShsTreeNode, 2 * n_splits + 1);
      gint32 features[8];
      double thresholds[8];

      for (guint level = 0; level < depth; level++)
        {
          features[level] = (gint32)shs_random_below (&random, 5);
          thresholds[level] = shs_random_normal (&random);
        }
      for (gsize i = 0; i < 2 * n_splits + 1; i++)
        {
          guint level = (guint)g_bit_storage (i + 1) - 1;

          nodes[i] = (ShsTreeNode){ .split = level < depth ? SHS_SPLIT_GREATER : SHS_LEAF,
                                    .feature = level < depth ? features[level] : -1,
                                    .threshold = level < depth ? thresholds[level] : 0,
                                    .left = (gint32)(2 * i + 1),
                                    .right = (gint32)(2 * i + 2),
                                    .cover = 1 << (depth - level),
                                    .value = shs_random_normal (&random) };
        }
      ck_assert (shs_tree_builder_add_tree (builder, nodes, 2 * n_splits + 1, NULL, 0, 1, NULL));
    }
  return shs_tree_builder_finish (builder, NULL);
}

START_TEST (oblivious_trees_agree_with_all_coalitions)
{
  g_autoptr (ShsTreeEnsemble) ensemble = make_oblivious (3, (guint)_i);
  g_autoptr (ShsMatrix) rows = random_rows (3, 150, 5);
  ShsTreeOptions options = { .kernel = SHS_TREE_KERNEL_TABLES };
  g_autoptr (ShsMatrix) values = explain_by_covers (ensemble, rows, &options);
  double expected[5];

  for (gsize row = 0; row < rows->n_rows; row++)
    {
      oracle_path_dependent (ensemble, rows, row, SHS_TREE_INDEX_SHAPLEY, expected);
      for (gsize j = 0; j < 5; j++)
        ck_assert_double_eq_tol (shs_matrix_get (values, row, j), expected[j],
                                 SINGLE_BOUND * shs_tree_ensemble_max_leaf_sum (ensemble, 0));
    }
}
END_TEST

/* Sums of equal numbers round in the same direction again and again. */
START_TEST (a_thousand_equal_trees_lose_no_more_than_one)
{
  ShsTreeNode nodes[3] = {
    { .split = SHS_SPLIT_LESS, .missing = SHS_MISSING_NAN, .left = 1, .right = 2, .cover = 10 },
    { .split = SHS_LEAF, .cover = 3, .value = 0.1 },
    { .split = SHS_LEAF, .cover = 7, .value = -0.0731 }
  };
  ShsTreeBuilder *builder = shs_tree_builder_new (1, 1, 1, SHS_TREE_CAST_FLOAT);
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;
  g_autoptr (ShsMatrix) rows = random_rows (3, 10, 1);
  g_autoptr (ShsMatrix) values = NULL;
  ShsTreeOptions options = { .kernel = SHS_TREE_KERNEL_TABLES };

  for (int tree = 0; tree < 1000; tree++)
    ck_assert (shs_tree_builder_add_tree (builder, nodes, 3, NULL, 0, 1, NULL));
  ensemble = shs_tree_builder_finish (builder, NULL);
  values = explain_by_covers (ensemble, rows, &options);
  for (gsize row = 0; row < rows->n_rows; row++)
    {
      gboolean left = oracle_goes_left (ensemble, 0, shs_matrix_get (rows, row, 0));

      ck_assert_double_eq_tol (shs_matrix_get (values, row, 0),
                               1000 * (left ? 0.7 : -0.3) * (0.1 + 0.0731),
                               SINGLE_BOUND * shs_tree_ensemble_max_leaf_sum (ensemble, 0));
    }
}
END_TEST

START_TEST (threads_and_shards_give_the_same_bytes)
{
  TreeShape shape = { 30, 3, FALSE, 30, 6, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (5, &shape);
  g_autoptr (ShsMatrix) rows = random_rows (5, 700, shape.n_features);
  ShsTreeOptions one = { .n_threads = 1, .n_rows_total = 1000000 };
  ShsTreeOptions three = { .n_threads = 3, .n_rows_total = 1000000 };
  g_autoptr (ShsMatrix) whole = explain_by_covers (ensemble, rows, &one);
  g_autoptr (ShsMatrix) parts = shs_matrix_new (whole->n_rows, whole->n_columns, NULL);
  gsize first = 0;

  for (gsize count = 1; first < rows->n_rows; count = count * 2 + 1)
    {
      ShsMatrix from = shs_matrix_rows (rows, first, MIN (count, rows->n_rows - first));
      ShsMatrix to = shs_matrix_rows (parts, first, MIN (count, rows->n_rows - first));

      ck_assert (shs_tree_path_dependent (ensemble, &from, &three, &to, NULL));
      first += count;
    }
  for (gsize j = 0; j < whole->n_columns; j++)
    ck_assert_mem_eq (shs_matrix_column (parts, j), shs_matrix_column (whole, j),
                      whole->n_rows * sizeof (double));
}
END_TEST

static ShsTreeKernel
choose (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options, gsize n_rows)
{
  g_autoptr (GError) error = NULL;
  ShsTreeKernel kernel = SHS_TREE_KERNEL_AUTO;

  shs_tree_choose_kernel (ensemble, options, n_rows, &kernel, &error);
  shs_test_assert_no_error (error);
  return kernel;
}

START_TEST (the_choice_is_of_the_whole_job_and_can_be_forced)
{
  g_autoptr (ShsTreeEnsemble) oblivious = make_oblivious (3, 6);
  TreeShape deep = { 30, 1, FALSE, 2, 14, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (1, &deep);
  ShsTreeOptions options = { .instructions = SHS_INSTRUCTIONS_AVX512 };
  ShsTreeOptions part = { .instructions = SHS_INSTRUCTIONS_AVX512, .n_rows_total = 1000000 };
  ShsTreeOptions forced = { .kernel = SHS_TREE_KERNEL_TABLES };
  g_autofree char *described = shs_tree_describe_kernel (&forced);

  ck_assert_int_eq (choose (oblivious, &options, 100), SHS_TREE_KERNEL_QUADRATURE);
  ck_assert_int_eq (choose (oblivious, &options, 1000000), SHS_TREE_KERNEL_TABLES);
  ck_assert_int_eq (choose (oblivious, &part, 100), SHS_TREE_KERNEL_TABLES);
  ck_assert_int_eq (choose (ensemble, &part, 100), SHS_TREE_KERNEL_QUADRATURE);
  ck_assert_int_eq (choose (ensemble, &forced, 1), SHS_TREE_KERNEL_TABLES);
  ck_assert (g_str_has_prefix (described, "tables, "));
}
END_TEST

START_TEST (choosing_is_ended_by_a_cancel)
{
  g_autoptr (ShsTreeEnsemble) oblivious = make_oblivious (3, 6);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;
  ShsTreeOptions options = { .instructions = SHS_INSTRUCTIONS_AVX512, .progress = progress };
  ShsTreeKernel kernel;

  shs_progress_cancel (progress);
  ck_assert (!shs_tree_choose_kernel (oblivious, &options, 1000000, &kernel, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

/* Paths are longer than what registers hold, but ask for few players again and again. */
START_TEST (what_counts_is_players_not_depth)
{
  TreeShape few = { 5, 1, FALSE, 3, 12, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT };
  TreeShape many = { 30, 1, FALSE, 3, 12, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) repeating = random_ensemble (1, &few);
  g_autoptr (ShsTreeEnsemble) varied = random_ensemble (1, &many);
  ShsTreeOptions options = { .instructions = SHS_INSTRUCTIONS_AVX512 };

  ck_assert_int_eq (choose (repeating, &options, 1000000), SHS_TREE_KERNEL_TABLES);
  ck_assert_int_eq (choose (varied, &options, 1000000), SHS_TREE_KERNEL_QUADRATURE);
}
END_TEST

START_TEST (progress_counts_building_once_and_rows_times_trees)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (2, &shapes[2]);
  g_autoptr (ShsMatrix) rows = random_rows (2, 70, ensemble->n_features);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  ShsTreeOptions options = { .kernel = SHS_TREE_KERNEL_TABLES, .progress = progress };
  guint64 of_rows = 70 * ensemble->n_trees;

  for (int call = 0; call < 2; call++)
    {
      guint64 total = of_rows + shs_tree_count_preparation (ensemble, &options);
      g_autoptr (ShsMatrix) values = NULL;

      ck_assert (call == 0 ? total > of_rows : total == of_rows);
      shs_progress_start (progress, total);
      values = explain_by_covers (ensemble, rows, &options);
      ck_assert_uint_eq (shs_progress_get_done (progress), total);
    }
  options.kernel = SHS_TREE_KERNEL_QUADRATURE;
  ck_assert_uint_eq (shs_tree_count_preparation (ensemble, &options), 0);
}
END_TEST

START_TEST (tables_of_too_many_features_are_refused)
{
  TreeShape deep = { 30, 1, FALSE, 2, 14, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (1, &deep);
  g_autoptr (ShsMatrix) rows = random_rows (1, 2, 30);
  g_autoptr (ShsMatrix) values = shs_matrix_new (2, 30, NULL);
  ShsTreeOptions options = { .kernel = SHS_TREE_KERNEL_TABLES };
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_tree_path_dependent (ensemble, rows, &options, values, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (ShsMatrix) rows = random_rows (6, 70, shapes[9].n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (70, 8, NULL);
  ShsTreeOptions options = { .n_threads = 2, .kernel = SHS_TREE_KERNEL_TABLES };
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      /* A new one each time: it keeps what was built. */
      g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &shapes[9]);
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
path_tables_suite (void)
{
  Suite *suite = suite_create ("path-dependent tables");
  TCase *cases = tcase_create ("path-dependent tables");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, tables_agree_with_all_coalitions, 0, 2 * G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, oblivious_trees_agree_with_all_coalitions, 1, 9);
  tcase_add_test (cases, a_thousand_equal_trees_lose_no_more_than_one);
  tcase_add_test (cases, threads_and_shards_give_the_same_bytes);
  if (shs_tree_instructions_available (SHS_INSTRUCTIONS_AVX512))
    {
      tcase_add_test (cases, the_choice_is_of_the_whole_job_and_can_be_forced);
      tcase_add_test (cases, what_counts_is_players_not_depth);
      tcase_add_test (cases, choosing_is_ended_by_a_cancel);
    }
  tcase_add_test (cases, progress_counts_building_once_and_rows_times_trees);
  tcase_add_test (cases, tables_of_too_many_features_are_refused);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
