#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree-values.h"
#include "tree/shs-tree-background-private.h"
#include "tree/shs-tree-background.h"
#include "tree/shs-tree-duels.h"
#include "tree/shs-tree-interactions.h"

#include <math.h>
#include <string.h>

Suite *interventional_suite (void);

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players, most terms, oblivious. */
static const TreeShape shapes[] = {
  { 12, 1, FALSE, 6, 3, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 12, 1, FALSE, 4, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 3, 1, FALSE, 6, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 1, 1, FALSE, 6, 5, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 3, FALSE, 9, 4, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 10, 4, TRUE, 5, 5, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 5, 1, FALSE, 8, 7, 0.7, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 14, 1, FALSE, 2, 18, 0.99, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 14, 2, TRUE, 2, 40, 0.99, TRUE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 11, 1, FALSE, 1, 11, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 6, 1, FALSE, 2, 500, 0.998, TRUE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 5, 4, 0.3, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 5, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 0, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 12, 2, FALSE, 6, 6, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 4 },
  { 9, 3, TRUE, 4, 5, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT, 12 },
  { 5, 1, FALSE, 4, 5, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT, 1 },
  { 9, 3, TRUE, 5, 6, 1.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 0, 0, TRUE },
  { 11, 2, FALSE, 4, 8, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT, 0, 0, TRUE },
};

static ShsMatrix *
explain_pairs (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
               const ShsTreePairs *pairs, const ShsMatrix *rows, const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsMatrix *values = shs_matrix_new (rows->n_rows, pairs->n * ensemble->n_outputs, NULL);

  shs_tree_interactions (ensemble, background, pairs, rows, options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

static void
compare_kernels (gsize number, gsize n_background, ShsTreeIndex index)
{
  const TreeShape *shape = &shapes[number];
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (300 + number, shape);
  gsize n_rows = ensemble->n_players > 10 ? 5 : 21;
  gsize n_columns = ensemble->n_players * ensemble->n_outputs;
  g_autoptr (ShsMatrix) rows = random_rows (300 + number, n_rows, shape->n_features);
  g_autoptr (ShsMatrix) others = random_rows (700 + number, n_background, shape->n_features);
  g_autofree double *expected = g_new (double, n_rows *n_columns);

  for (gsize row = 0; row < n_rows; row++)
    oracle_interventional (ensemble, others, rows, row, index, expected + row * n_columns);
  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
      {
        ShsTreeOptions options = { .instructions = *i, .precision = p, .index = index };
        g_autoptr (ShsTreeBackground) background
            = make_background (ensemble, others, others->n_rows / 3, &options);
        g_autoptr (ShsMatrix) values = explain_by_background (ensemble, background, rows, &options);

        for (gsize row = 0; row < n_rows; row++)
          assert_close (ensemble, values, row, expected + row * n_columns,
                        p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND,
                        shs_tree_instructions_get_name (*i));
      }
}

START_TEST (every_kernel_agrees_with_all_coalitions)
{
  compare_kernels ((gsize)_i, 7, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (one_row_is_compared_with_another)
{
  compare_kernels ((gsize)_i, 1, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (banzhaf_values_agree_with_all_coalitions)
{
  compare_kernels ((gsize)_i, 5, SHS_TREE_INDEX_BANZHAF);
}
END_TEST

static ShsMatrix *
explain_by_duels (const ShsTreeEnsemble *ensemble, const ShsMatrix *others, const ShsMatrix *rows,
                  const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsMatrix *values
      = shs_matrix_new (rows->n_rows, ensemble->n_players * ensemble->n_outputs, NULL);

  shs_tree_duels (ensemble, others, rows, options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

START_TEST (rows_against_rows_agree_with_all_coalitions)
{
  const TreeShape *shape = &shapes[_i];
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (300 + _i, shape);
  gsize n_columns = ensemble->n_players * ensemble->n_outputs;
  g_autoptr (ShsMatrix) rows = random_rows (300 + _i, 5, shape->n_features);
  g_autoptr (ShsMatrix) others = random_rows (700 + _i, 6, shape->n_features);
  g_autofree double *expected = g_new (double, n_columns);

  for (ShsTreeIndex index = SHS_TREE_INDEX_SHAPLEY; index <= SHS_TREE_INDEX_BANZHAF; index++)
    {
      ShsTreeOptions options = { .index = index };
      g_autoptr (ShsMatrix) values = explain_by_duels (ensemble, others, rows, &options);

      for (gsize row = 0; row < rows->n_rows; row++)
        {
          oracle_interventional (ensemble, others, rows, row, index, expected);
          assert_close (ensemble, values, row, expected, DOUBLE_BOUND, "duels");
        }
    }
}
END_TEST

/* Trees too deep for tables, more rows than a block, several threads. */
START_TEST (rows_against_rows_give_what_patterns_give)
{
  static const TreeShape deep
      = { 60, 3, TRUE, 5, 40, 0.93, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (9, &deep);
  g_autoptr (ShsMatrix) rows = random_rows (9, 70, deep.n_features);
  g_autoptr (ShsMatrix) others = random_rows (10, 67, deep.n_features);
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE, .n_threads = 3 };
  g_autoptr (ShsTreeBackground) background
      = make_background (ensemble, others, others->n_rows / 3, &options);
  g_autoptr (ShsMatrix) expected = explain_by_background (ensemble, background, rows, &options);
  g_autoptr (ShsMatrix) values = explain_by_duels (ensemble, others, rows, &options);
  g_autofree double *row_values = g_new (double, values->n_columns);

  for (gsize row = 0; row < rows->n_rows; row++)
    {
      for (gsize j = 0; j < values->n_columns; j++)
        row_values[j] = shs_matrix_get (expected, row, j);
      assert_close (ensemble, values, row, row_values, DOUBLE_BOUND, "duels");
    }
}
END_TEST

START_TEST (values_sum_to_prediction_less_expected_value)
{
  static const TreeShape large[] = {
    { 50, 1, FALSE, 20, 7, 0.97, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
    { 60, 5, FALSE, 15, 6, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
    { 300, 1, FALSE, 2, 90, 1.0, TRUE, FALSE, TRUE, SHS_TREE_CAST_DOUBLE },
    { 8, 3, TRUE, 3, 9, 0.97, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
    { 40, 1, FALSE, 2, 40, 0.97, TRUE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  };
  gsize n_rows = 133;
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (_i, &large[_i]);
  g_autoptr (ShsMatrix) rows = random_rows (_i, n_rows, ensemble->n_features);
  g_autoptr (ShsMatrix) others = random_rows (50 + _i, 2500, ensemble->n_features);
  g_autoptr (ShsMatrix) margins = oracle_predict (ensemble, rows);
  g_autoptr (ShsMatrix) other_margins = oracle_predict (ensemble, others);
  ShsTreeOptions options = { 0 };
  g_autoptr (ShsTreeBackground) background
      = make_background (ensemble, others, others->n_rows / 3, &options);

  for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
    {
      ShsTreeOptions lanes = { .precision = p };
      g_autoptr (ShsMatrix) values = explain_by_background (ensemble, background, rows, &lanes);

      for (gsize k = 0; k < ensemble->n_outputs; k++)
        {
          double bound = (p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND)
                         * shs_tree_ensemble_max_leaf_sum (ensemble, k);
          double expected = shs_tree_background_get_expected_value (background, k);
          double mean = 0;

          for (gsize row = 0; row < others->n_rows; row++)
            mean += shs_matrix_get (other_margins, row, k) / (double)others->n_rows;
          ck_assert_double_eq_tol (expected, mean,
                                   1e-12 * (1 + shs_tree_ensemble_max_leaf_sum (ensemble, k)));
          for (gsize row = 0; row < n_rows; row++)
            {
              double sum = expected;

              for (gsize j = 0; j < ensemble->n_players; j++)
                sum += shs_matrix_get (values, row, k * ensemble->n_players + j);
              ck_assert_double_eq_tol (sum, shs_matrix_get (margins, row, k), bound);
            }
        }
    }
}
END_TEST

static void
assert_same (const ShsMatrix *a, const ShsMatrix *b)
{
  for (gsize j = 0; j < a->n_columns; j++)
    ck_assert_mem_eq (shs_matrix_column (a, j), shs_matrix_column (b, j),
                      a->n_rows * sizeof (double));
}

/* Leaves in tables and leaves below too many players. */
static const TreeShape medium
    = { 40, 3, FALSE, 6, 15, 0.7, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT };

START_TEST (any_number_of_threads_and_any_split_gives_the_same_bytes)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (5, &medium);
  g_autoptr (ShsMatrix) rows = random_rows (5, 266, medium.n_features);
  g_autoptr (ShsMatrix) others = random_rows (6, 300, medium.n_features);
  ShsTreeOptions one = { .n_threads = 1, .precision = (ShsPrecision)_i };
  g_autoptr (ShsTreeBackground) background
      = make_background (ensemble, others, others->n_rows / 3, &one);
  g_autoptr (ShsMatrix) expected = explain_by_background (ensemble, background, rows, &one);
  g_autoptr (ShsMatrix) parts = shs_matrix_new (expected->n_rows, expected->n_columns, NULL);
  gsize first = 0;

  for (guint n_threads = 2; n_threads <= 4; n_threads++)
    {
      ShsTreeOptions options = { .n_threads = n_threads, .precision = (ShsPrecision)_i };
      g_autoptr (ShsTreeBackground) again
          = make_background (ensemble, others, others->n_rows / 3, &options);
      g_autoptr (ShsMatrix) values = explain_by_background (ensemble, again, rows, &options);

      assert_same (values, expected);
    }
  for (gsize count = 1; first < rows->n_rows; count = count * 2 + 1)
    {
      ShsMatrix from = shs_matrix_rows (rows, first, MIN (count, rows->n_rows - first));
      ShsMatrix to = shs_matrix_rows (parts, first, MIN (count, rows->n_rows - first));

      ck_assert (shs_tree_interventional (ensemble, background, &from, &one, &to, NULL));
      first += count;
    }
  assert_same (parts, expected);
}
END_TEST

/* Several groups of trees: the counts of all but small ones, or of all behind the first, are not
 * held, but found again when they are asked for. */
START_TEST (counts_that_are_not_held_give_the_same_bytes)
{
  TreeShape shape = { 20, 2, FALSE, 80, 7, 0.98, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (8, &shape);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsMatrix) rows = random_rows (8, 5, shape.n_features);
  g_autoptr (ShsMatrix) others = random_rows (9, 600, shape.n_features);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  ShsTreeOptions options = { .n_threads = 2, .progress = progress };
  g_autoptr (ShsTreeBackground) held
      = make_background (ensemble, others, others->n_rows / 3, &options);
  g_autoptr (ShsMatrix) expected = explain_by_background (ensemble, held, rows, &options);
  g_autoptr (ShsMatrix) expected_pairs = explain_pairs (ensemble, held, pairs, rows, &options);
  guint64 done = shs_progress_get_done (progress);
  g_autoptr (ShsTreeBackground) counted = NULL;
  g_autoptr (ShsMatrix) values = NULL;
  g_autoptr (ShsMatrix) pair_values = NULL;

  /* An eighth of it is for counts. */
  shs_memory_set_limit (_i == 0 ? 8 << 20 : 8 * (8 * held->patterns[0]->n_counts + 1024));
  counted = make_background (ensemble, others, others->n_rows / 3, &options);
  shs_memory_set_limit (0);
  ck_assert (_i == 0 ? counted->shares[0] == NULL : counted->shares[0] != NULL);
  ck_assert_ptr_null (counted->shares[1]);
  values = explain_by_background (ensemble, counted, rows, &options);
  pair_values = explain_pairs (ensemble, counted, pairs, rows, &options);
  ck_assert_uint_eq (shs_progress_get_done (progress), 2 * done);
  assert_same (values, expected);
  assert_same (pair_values, expected_pairs);
  for (gsize k = 0; k < shape.n_outputs; k++)
    ck_assert_double_eq (shs_tree_background_get_expected_value (counted, k),
                         shs_tree_background_get_expected_value (held, k));
}
END_TEST

START_TEST (progress_counts_rows_times_trees)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &medium);
  g_autoptr (ShsMatrix) rows = random_rows (6, 70, medium.n_features);
  g_autoptr (ShsMatrix) others = random_rows (7, 3000, medium.n_features);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  ShsTreeOptions options = { .progress = progress };
  g_autoptr (ShsTreeBackground) background = NULL;
  g_autoptr (ShsMatrix) values = NULL;

  background = make_background (ensemble, others, others->n_rows / 3, &options);
  ck_assert_uint_eq (shs_progress_get_done (progress), 3000 * ensemble->n_trees);
  values = explain_by_background (ensemble, background, rows, &options);
  ck_assert_uint_eq (shs_progress_get_done (progress), 3070 * ensemble->n_trees);
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

static gboolean
run_all (ShsTreeEnsemble *ensemble, const ShsMatrix *rows, const ShsTreeOptions *options,
         ShsMatrix *values, GError **error)
{
  g_autoptr (ShsTreeBackground) background = shs_tree_background_new (ensemble, options, error);

  return background != NULL && shs_tree_background_add (background, rows, options, error)
         && shs_tree_background_finish (background, options, error)
         && shs_tree_interventional (ensemble, background, rows, options, values, error);
}

/* Sanitizers slow the work down many times; a machine that does other things may be late at times.
 */
#ifdef __SANITIZE_ADDRESS__
#define LATEST 1000000
#else
#define LATEST 100000
#endif
#define ROUNDS 13
#define MOST_LATE 3

START_TEST (cancel_ends_the_work_within_100_ms)
{
  static const TreeShape slow[] = {
    { 50, 1, FALSE, 240, 7, 0.99, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
    { 50, 1, FALSE, 4, 12, 0.99, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (9, &slow[_i]);
  g_autoptr (ShsMatrix) rows = random_rows (9, 30000, slow[_i].n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (30000, slow[_i].n_features, NULL);

  int late = 0;

  for (int round = 0; round < ROUNDS; round++)
    {
      g_autoptr (ShsProgress) progress = shs_progress_new ();
      ShsTreeOptions options = { .progress = progress };
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("cancel", cancel_soon, progress);
      gboolean done = run_all (ensemble, rows, &options, values, &error);
      gint64 end = g_get_monotonic_time ();
      gint64 asked = (gint64)GPOINTER_TO_SIZE (g_thread_join (thread));

      ck_assert (!done);
      shs_test_assert_error (error, SHS_ERROR_CANCELLED);
      late += end - asked >= LATEST;
    }
  ck_assert_int_le (late, MOST_LATE);
}
END_TEST

START_TEST (an_empty_background_is_refused)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &shapes[0]);
  ShsTreeOptions options = { 0 };
  g_autoptr (ShsTreeBackground) background = shs_tree_background_new (ensemble, &options, NULL);
  g_autoptr (ShsMatrix) none = random_rows (1, 0, shapes[0].n_features);
  g_autoptr (GError) error = NULL;

  ck_assert (shs_tree_background_add (background, none, &options, NULL));
  ck_assert (!shs_tree_background_finish (background, &options, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
}
END_TEST

START_TEST (a_background_of_other_features_is_refused)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &shapes[0]);
  ShsTreeOptions options = { 0 };
  g_autoptr (ShsTreeBackground) background = shs_tree_background_new (ensemble, &options, NULL);
  g_autoptr (ShsMatrix) rows = random_rows (1, 3, shapes[0].n_features + 1);
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_tree_background_add (background, rows, &options, &error));
  shs_test_assert_error (error, SHS_ERROR_MISMATCH);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  TreeShape shape = medium;
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;
  g_autoptr (ShsMatrix) rows = random_rows (6, 70, medium.n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (70, medium.n_features * medium.n_outputs, NULL);
  ShsTreeOptions options = { .n_threads = 2 };
  gboolean done = FALSE;
  guint64 nth;

  shape.n_trees = 4;
  ensemble = random_ensemble (6, &shape);
  for (nth = 1; !done; nth += 1 + nth / 64)
    {
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (nth);
      done = run_all (ensemble, rows, &options, values, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 20);
}
END_TEST

Suite *
interventional_suite (void)
{
  Suite *suite = suite_create ("interventional Tree SHAP");
  TCase *cases = tcase_create ("interventional Tree SHAP");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, every_kernel_agrees_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, one_row_is_compared_with_another, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, banzhaf_values_agree_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, rows_against_rows_agree_with_all_coalitions, 0,
                       G_N_ELEMENTS (shapes));
  tcase_add_test (cases, rows_against_rows_give_what_patterns_give);
  tcase_add_loop_test (cases, values_sum_to_prediction_less_expected_value, 0, 5);
  tcase_add_loop_test (cases, any_number_of_threads_and_any_split_gives_the_same_bytes, 0, 2);
  tcase_add_loop_test (cases, counts_that_are_not_held_give_the_same_bytes, 0, 2);
  tcase_add_test (cases, progress_counts_rows_times_trees);
  tcase_add_loop_test (cases, cancel_ends_the_work_within_100_ms, 0, 2);
  tcase_add_test (cases, an_empty_background_is_refused);
  tcase_add_test (cases, a_background_of_other_features_is_refused);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
