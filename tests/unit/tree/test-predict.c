#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree-oracle.h"

#include <math.h>
#include <string.h>

Suite *predict_suite (void);

#define N_ROWS 333

static const TreeShape shapes[] = {
  { 8, 1, FALSE, 30, 6, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 8, 1, FALSE, 30, 6, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 50, 3, FALSE, 30, 9, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 5, 4, TRUE, 12, 5, 0.7, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 3000, 1, FALSE, 3, 12, 0.97, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 4, 2, FALSE, 5, 500, 0.999, TRUE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 4, 1, FALSE, 7, 3, 0.0, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 4, 1, FALSE, 0, 3, 1.0, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
};

static ShsMatrix *
predict (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows, const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsMatrix *margins = shs_matrix_new (rows->n_rows, ensemble->n_outputs, NULL);

  memset (margins->values, 0xff, margins->stride * ensemble->n_outputs * sizeof (double));
  shs_tree_predict (ensemble, rows, options, margins, &error);
  shs_test_assert_no_error (error);
  return margins;
}

static void
assert_same (const ShsMatrix *a, const ShsMatrix *b)
{
  for (gsize j = 0; j < a->n_columns; j++)
    for (gsize i = 0; i < a->n_rows; i++)
      ck_assert_msg (shs_matrix_get (a, i, j) == shs_matrix_get (b, i, j),
                     "row %zu, column %zu: %.17g and %.17g", i, j, shs_matrix_get (a, i, j),
                     shs_matrix_get (b, i, j));
}

START_TEST (predictions_equal_a_walk_row_by_row_bit_for_bit)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (_i, &shapes[_i]);
  g_autoptr (ShsMatrix) rows = random_rows (_i, N_ROWS, shapes[_i].n_features);
  g_autoptr (ShsMatrix) expected = oracle_predict (ensemble, rows);

  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (guint n_threads = 1; n_threads <= 4; n_threads++)
      {
        ShsTreeOptions options = { .instructions = *i, .n_threads = n_threads };
        g_autoptr (ShsMatrix) margins = predict (ensemble, rows, &options);

        assert_same (margins, expected);
      }
}
END_TEST

START_TEST (parts_of_the_rows_predict_as_the_whole)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (3, &shapes[0]);
  g_autoptr (ShsMatrix) rows = random_rows (3, N_ROWS, shapes[0].n_features);
  g_autoptr (ShsMatrix) whole = oracle_predict (ensemble, rows);
  g_autoptr (ShsMatrix) parts = shs_matrix_new (N_ROWS, 1, NULL);
  ShsTreeOptions options = { 0 };

  for (gsize first = 0; first < N_ROWS; first += 37)
    {
      ShsMatrix from = shs_matrix_rows (rows, first, MIN (37, N_ROWS - first));
      ShsMatrix to = shs_matrix_rows (parts, first, MIN (37, N_ROWS - first));

      ck_assert (shs_tree_predict (ensemble, &from, &options, &to, NULL));
    }
  assert_same (parts, whole);
}
END_TEST

/* Complete trees of 15 splits, all with thresholds of their own, on three features. */
static ShsTreeEnsemble *
make_fine_splits (ShsRandom *random, gsize n_trees)
{
  ShsTreeBuilder *builder = shs_tree_builder_new (3, 1, 1, SHS_TREE_CAST_FLOAT);

  for (gsize tree = 0; tree < n_trees; tree++)
    {
      ShsTreeNode nodes[31] = { 0 };

      for (gint32 i = 0; i < 31; i++)
        nodes[i] = (ShsTreeNode){ .split = i >= 15          ? SHS_LEAF
                                           : (i + tree) % 2 ? SHS_SPLIT_LESS
                                                            : SHS_SPLIT_LESS_EQUAL,
                                  .missing = SHS_MISSING_NAN | (i % 3 == 0 ? SHS_MISSING_LEFT : 0),
                                  .feature = (gint32)shs_random_below (random, 3),
                                  .threshold = (float)shs_random_normal (random),
                                  .left = 2 * i + 1,
                                  .right = 2 * i + 2,
                                  .cover = 1,
                                  .value = shs_random_normal (random) };
      ck_assert (shs_tree_builder_add_tree (builder, nodes, 31, NULL, 0, 1, NULL));
    }
  return shs_tree_builder_finish (builder, NULL);
}

/* Normal numbers, thresholds, and what is larger than any. */
static ShsMatrix *
make_fine_rows (ShsRandom *random, const ShsTreeEnsemble *ensemble, gsize n)
{
  ShsMatrix *rows = shs_matrix_new (n, 3, NULL);

  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < 3; j++)
      {
        const double special[] = { NAN, INFINITY, -INFINITY };
        gsize node = shs_random_below (random, ensemble->n_nodes);
        gboolean copies = i % 2 == 0 && ensemble->split[node] != SHS_LEAF;
        double value = copies ? ensemble->threshold[node] : shs_random_normal (random);

        shs_matrix_set (rows, i, j, (i + j) % 9 < 3 ? special[(i + j) % 9] : value);
      }
  return rows;
}

/* So many rows that thresholds are ranked, which a feature of more than 255 is not. */
START_TEST (many_rows_and_thresholds_predict_bit_for_bit)
{
  static const gsize n_trees[] = { 2, 4, 8, 16, 30, 45, 70 };
  ShsRandom random = shs_random_init ((guint64)_i, 0);
  g_autoptr (ShsTreeEnsemble) ensemble = make_fine_splits (&random, n_trees[_i]);
  g_autoptr (ShsMatrix) rows = make_fine_rows (&random, ensemble, 10000);
  g_autoptr (ShsMatrix) expected = oracle_predict (ensemble, rows);

  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    {
      ShsTreeOptions options = { .instructions = *i, .n_threads = 1 };
      g_autoptr (ShsMatrix) margins = predict (ensemble, rows, &options);

      assert_same (margins, expected);
    }
}
END_TEST

START_TEST (rows_of_another_width_are_refused)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (3, &shapes[0]);
  g_autoptr (ShsMatrix) rows = random_rows (3, 5, 7);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (5, 1, NULL);
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_tree_predict (ensemble, rows, &options, margins, &error));
  shs_test_assert_error (error, SHS_ERROR_MISMATCH);
}
END_TEST

START_TEST (progress_counts_rows_times_trees_and_cancel_ends_it)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (3, &shapes[0]);
  g_autoptr (ShsMatrix) rows = random_rows (3, N_ROWS, shapes[0].n_features);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (N_ROWS, 1, NULL);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  ShsTreeOptions options = { .progress = progress };
  g_autoptr (GError) error = NULL;

  shs_progress_start (progress, N_ROWS * ensemble->n_trees);
  ck_assert (shs_tree_predict (ensemble, rows, &options, margins, &error));
  ck_assert_uint_eq (shs_progress_get_done (progress), N_ROWS * ensemble->n_trees);
  shs_progress_cancel (progress);
  ck_assert (!shs_tree_predict (ensemble, rows, &options, margins, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (3, &shapes[0]);
  g_autoptr (ShsMatrix) rows = random_rows (3, N_ROWS, shapes[0].n_features);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (N_ROWS, 1, NULL);
  ShsTreeOptions options = { .n_threads = 2 };
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (nth);
      done = shs_tree_predict (ensemble, rows, &options, margins, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 8);
}
END_TEST

Suite *
predict_suite (void)
{
  Suite *suite = suite_create ("tree predict");
  TCase *cases = tcase_create ("tree predict");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, predictions_equal_a_walk_row_by_row_bit_for_bit, 0,
                       G_N_ELEMENTS (shapes));
  tcase_add_test (cases, parts_of_the_rows_predict_as_the_whole);
  tcase_add_loop_test (cases, many_rows_and_thresholds_predict_bit_for_bit, 0, 7);
  tcase_add_test (cases, rows_of_another_width_are_refused);
  tcase_add_test (cases, progress_counts_rows_times_trees_and_cancel_ends_it);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
