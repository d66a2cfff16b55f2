#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "pair-oracle.h"
#include "tree-values.h"
#include "tree/shs-tree-interactions.h"
#include "tree/shs-tree-linear-leaves.h"
#include "tree/shs-tree-merge.h"

#include <math.h>
#include <string.h>

Suite *linear_leaves_suite (void);

#define LARGEST 50.0 /* of the numbers of finite_rows() */

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players, most terms. */
static const TreeShape shapes[] = {
  { 8, 1, FALSE, 6, 3, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 3 },
  { 8, 1, FALSE, 4, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 4 },
  { 3, 1, FALSE, 6, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 5 },
  { 1, 1, FALSE, 6, 5, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 2 },
  { 9, 3, FALSE, 9, 4, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 0, 3 },
  { 12, 2, FALSE, 4, 5, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 5, 4 },
  { 9, 1, FALSE, 3, 18, 0.99, TRUE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 6 },
  { 6, 1, FALSE, 2, 200, 0.998, TRUE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 0, 2 },
  { 6, 2, FALSE, 5, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 0, 4 },
  { 5, 1, FALSE, 4, 5, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 1, 4 },
};

/* As random_rows(), without numbers so large that nothing else counts in a sum. */
static ShsMatrix *
finite_rows (guint64 seed, gsize n, gsize n_features)
{
  ShsMatrix *rows = random_rows (seed, n, n_features);

  for (gsize j = 0; j < n_features; j++)
    for (gsize i = 0; i < n; i++)
      if (fabs (shs_matrix_get (rows, i, j)) > LARGEST)
        shs_matrix_set (rows, i, j, NAN);
  return rows;
}

/* What a sum over all trees can be at most. */
static double
find_scale (const ShsTreeEnsemble *ensemble)
{
  const ShsTreeLinearLeaves *linear = ensemble->linear;
  double sum = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      double largest = 0;

      for (gsize node = ensemble->tree_first[tree]; node < ensemble->tree_first[tree + 1]; node++)
        {
          double size = fabs (linear->constant[node]);

          if (ensemble->split[node] == SHS_LEAF)
            size += fabs (*shs_tree_ensemble_get_leaf (ensemble, node));

          for (gsize i = linear->first[node]; i < linear->first[node + 1]; i++)
            size += LARGEST * fabs (linear->coefficient[i]);
          largest = MAX (largest, size);
        }
      sum += fabs (ensemble->tree_weight[tree]) * largest;
    }
  return sum;
}

static void
assert_near (double found, double expected, double tolerance, const char *what, gsize number)
{
  ck_assert_msg (fabs (found - expected) <= tolerance,
                 "%s %zu: %.17g, expected %.17g, off by %g where %g is allowed", what, number,
                 found, expected, found - expected, tolerance);
}

START_TEST (predictions_are_those_of_the_definition)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (_i, &shapes[_i]);
  g_autoptr (ShsMatrix) rows = finite_rows (_i, 150, ensemble->n_features);
  g_autoptr (ShsMatrix) expected = oracle_predict (ensemble, rows);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (150, ensemble->n_outputs, NULL);
  g_autoptr (ShsTreeEnsemble) copy = shs_tree_ensemble_limit (ensemble, ensemble->n_trees, NULL);
  ShsTreeOptions options = { .n_threads = 2 };

  ck_assert_ptr_nonnull (ensemble->linear);
  ck_assert (isnan (shs_tree_ensemble_expected_value (ensemble, 0)));
  for (gsize part = 0; part < 2; part++)
    {
      ck_assert (shs_tree_predict (part ? copy : ensemble, rows, &options, margins, NULL));
      for (gsize k = 0; k < ensemble->n_outputs; k++)
        for (gsize row = 0; row < rows->n_rows; row++)
          assert_near (shs_matrix_get (margins, row, k), shs_matrix_get (expected, row, k),
                       1e-14 * find_scale (ensemble), "row", row);
    }
}
END_TEST

/* x0 <= 0 ? 2 + 3 x0 - x1 (7 where one is missing) : 5 */
static ShsTreeBuilder *
begin_small (void)
{
  ShsTreeBuilder *builder = shs_tree_builder_new (2, 1, 1, SHS_TREE_CAST_DOUBLE);

  ck_assert_ptr_nonnull (builder);
  return builder;
}

static gboolean
add_small (ShsTreeBuilder *builder, double constant, gint32 feature, double coefficient,
           double weight, GError **error)
{
  const gint32 features[] = { 0, feature };
  const double coefficients[] = { 3, coefficient };
  const ShsTreeNode nodes[] = { { .split = SHS_SPLIT_LESS_EQUAL,
                                  .missing = SHS_MISSING_NAN | SHS_MISSING_LEFT,
                                  .left = 2,
                                  .right = 1,
                                  .cover = 2 },
                                { .split = SHS_LEAF, .value = 4, .cover = 1 },
                                { .split = SHS_LEAF, .value = 7, .cover = 1 } };
  const ShsTreeLinearLeaf leaves[] = { { .constant = NAN, .n_terms = 9 },
                                       { .constant = 5 },
                                       { constant, 2, features, coefficients } };

  return shs_tree_builder_add_linear_tree (builder, nodes, 3, leaves, 0, weight, error);
}

static double
predict_one (const ShsTreeEnsemble *ensemble, double x0, double x1)
{
  double x[] = { x0, x1 };
  double margin;
  ShsMatrix rows = { 1, 2, 1, x };
  ShsMatrix margins = { 1, 1, 1, &margin };
  ShsTreeOptions options = { 0 };

  ck_assert (shs_tree_predict (ensemble, &rows, &options, &margins, NULL));
  return margin;
}

START_TEST (a_leaf_is_linear_unless_a_feature_of_its_own_is_missing)
{
  g_autoptr (ShsTreeBuilder) builder = begin_small ();
  const ShsTreeNode leaf = { .split = SHS_LEAF, .value = 100 };
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;

  ck_assert (shs_tree_builder_add_tree (builder, &leaf, 1, NULL, 0, 1, NULL));
  ck_assert (add_small (builder, 2, 1, -1, 1, NULL));
  ck_assert (shs_tree_builder_add_tree (builder, &leaf, 1, NULL, 0, 10, NULL));
  ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), NULL);

  ck_assert_double_eq (predict_one (ensemble, -1, 0.5), 1100 + 2 - 3 - 0.5);
  ck_assert_double_eq (predict_one (ensemble, -1, NAN), 1100 + 7);
  ck_assert_double_eq (predict_one (ensemble, NAN, 1), 1100 + 7);
  ck_assert_double_eq (predict_one (ensemble, 1, NAN), 1100 + 5);
  ck_assert_double_eq (predict_one (ensemble, -1, INFINITY), -INFINITY);
  ck_assert_double_nan (predict_one (ensemble, -INFINITY, -INFINITY));
}
END_TEST

START_TEST (leaves_that_multiply_nothing_are_constant)
{
  g_autoptr (ShsTreeBuilder) builder = begin_small ();
  const ShsTreeNode leaf = { .split = SHS_LEAF, .value = 100 };
  const ShsTreeLinearLeaf constant = { .constant = 3 };
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;

  ck_assert (shs_tree_builder_add_linear_tree (builder, &leaf, 1, &constant, 0, 2, NULL));
  ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
  ck_assert_ptr_null (ensemble->linear);
  ck_assert_double_eq (shs_tree_ensemble_expected_value (ensemble, 0), 6);
  ck_assert_double_eq (predict_one (ensemble, 0, 0), 6);
}
END_TEST

START_TEST (impossible_leaves_are_refused)
{
  static const struct
  {
    double constant;
    gint32 feature;
    double coefficient;
    double weight;
    const char *word;
  } faults[] = {
    { NAN, 1, 1, 1, "constant" },          { INFINITY, 1, 1, 1, "constant" },
    { 1e300, 1, 1, 1e300, "constant" },    { 1, -1, 1, 1, "feature -1" },
    { 1, 2, 1, 1, "feature 2" },           { 1, G_MAXINT32, 1, 1, "feature 2147483647" },
    { 1, 1, NAN, 1, "coefficient" },       { 1, 1, -INFINITY, 1, "coefficient" },
    { 1, 1, 1e300, 1e300, "coefficient" },
  };
  g_autoptr (ShsTreeBuilder) builder = begin_small ();
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert (!add_small (builder, faults[i].constant, faults[i].feature, faults[i].coefficient,
                             faults[i].weight, &error));
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_msg (strstr (error->message, faults[i].word) != NULL, "%s", error->message);
      ck_assert_ptr_nonnull (strstr (error->message, "Tree 0, node 2"));
    }
  ck_assert (add_small (builder, 1, 1, 1, 1, NULL));
  ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
  ck_assert_uint_eq (ensemble->linear->n_nodes, 3);
  ck_assert_uint_eq (ensemble->linear->first[3], 2);
}
END_TEST

static void
compare_values (gsize number, gsize n_background, ShsTreeIndex index)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (20 + number, &shapes[number]);
  gsize n_columns = ensemble->n_players * ensemble->n_outputs;
  g_autoptr (ShsMatrix) rows = finite_rows (20 + number, 17, ensemble->n_features);
  g_autoptr (ShsMatrix) others = finite_rows (40 + number, n_background, ensemble->n_features);
  g_autofree double *expected = g_new (double, rows->n_rows *n_columns);
  double scale = find_scale (ensemble);

  for (gsize row = 0; row < rows->n_rows; row++)
    oracle_interventional (ensemble, others, rows, row, index, expected + row * n_columns);
  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
      {
        ShsTreeOptions options = { .instructions = *i, .precision = p, .index = index };
        g_autoptr (ShsTreeBackground) background
            = make_background (ensemble, others, n_background / 3, &options);
        g_autoptr (ShsMatrix) values = explain_by_background (ensemble, background, rows, &options);

        for (gsize row = 0; row < rows->n_rows; row++)
          for (gsize j = 0; j < n_columns; j++)
            assert_near (shs_matrix_get (values, row, j), expected[row * n_columns + j],
                         scale * (p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND),
                         "column", j);
      }
}

START_TEST (values_agree_with_all_coalitions)
{
  compare_values ((gsize)_i, 9, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (values_against_one_row_agree_with_all_coalitions)
{
  compare_values ((gsize)_i, 1, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (banzhaf_values_agree_with_all_coalitions)
{
  compare_values ((gsize)_i, 6, SHS_TREE_INDEX_BANZHAF);
}
END_TEST

START_TEST (interactions_agree_with_all_coalitions)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (60 + _i, &shapes[_i]);
  gsize n = ensemble->n_players;
  g_autoptr (ShsMatrix) rows = finite_rows (60 + _i, 9, ensemble->n_features);
  g_autoptr (ShsMatrix) others = finite_rows (80 + _i, 5, ensemble->n_features);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autofree double *expected = g_new (double, ensemble->n_outputs *n *n);
  g_autoptr (ShsMatrix) values
      = shs_matrix_new (rows->n_rows, pairs->n * ensemble->n_outputs, NULL);
  double scale = find_scale (ensemble);

  for (ShsTreeIndex index = SHS_TREE_INDEX_SHAPLEY; index <= SHS_TREE_INDEX_BANZHAF; index++)
    {
      ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE, .index = index };
      g_autoptr (ShsTreeBackground) background = make_background (ensemble, others, 2, &options);
      g_autoptr (GError) error = NULL;

      shs_tree_interactions (ensemble, background, pairs, rows, &options, values, &error);
      shs_test_assert_no_error (error);
      for (gsize row = 0; row < rows->n_rows; row++)
        {
          oracle_interactions (ensemble, others, rows, row, index, expected);
          for (gsize k = 0; k < ensemble->n_outputs; k++)
            for (gsize i = 0; i < n; i++)
              for (gsize j = i + 1; j < n; j++)
                {
                  gsize pair = shs_tree_pairs_look_up (pairs, (guint32)i, (guint32)j);
                  double found
                      = pair < pairs->n ? shs_matrix_get (values, row, k * pairs->n + pair) : 0;

                  assert_near (found, expected[(k * n + i) * n + j], scale * DOUBLE_BOUND, "pair",
                               i * n + j);
                }
        }
    }
}
END_TEST

/* Among them paths of more players than a word of a pattern has bits. */
START_TEST (values_sum_to_prediction_less_expected_value)
{
  static const TreeShape large[] = {
    { 30, 1, FALSE, 10, 7, 0.97, FALSE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 6 },
    { 20, 4, FALSE, 12, 6, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 0, 3 },
    { 300, 1, FALSE, 2, 120, 1.0, TRUE, FALSE, TRUE, SHS_TREE_CAST_DOUBLE, 0, 5 },
    { 200, 1, FALSE, 2, 2, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 170 },
  };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (_i, &large[_i]);
  g_autoptr (ShsMatrix) rows = finite_rows (_i, 70, ensemble->n_features);
  g_autoptr (ShsMatrix) others = finite_rows (50 + _i, 900, ensemble->n_features);
  g_autoptr (ShsMatrix) margins = oracle_predict (ensemble, rows);
  g_autoptr (ShsMatrix) other_margins = oracle_predict (ensemble, others);
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (ShsTreeBackground) background = make_background (ensemble, others, 70, &options);
  g_autoptr (ShsMatrix) values = explain_by_background (ensemble, background, rows, &options);
  double tolerance = 1e-12 * find_scale (ensemble);

  for (gsize k = 0; k < ensemble->n_outputs; k++)
    {
      double expected = shs_tree_background_get_expected_value (background, k);
      double mean = 0;

      for (gsize row = 0; row < others->n_rows; row++)
        mean += shs_matrix_get (other_margins, row, k) / (double)others->n_rows;
      assert_near (expected, mean, tolerance, "output", k);
      for (gsize row = 0; row < rows->n_rows; row++)
        {
          double sum = expected;

          for (gsize j = 0; j < ensemble->n_players; j++)
            sum += shs_matrix_get (values, row, k * ensemble->n_players + j);
          assert_near (sum, shs_matrix_get (margins, row, k), tolerance, "row", row);
        }
    }
}
END_TEST

/* The difference between x and z of a linear model is shared out as it is. */
START_TEST (a_single_leaf_gives_each_feature_its_own_term)
{
  g_autoptr (ShsTreeBuilder) builder = begin_small ();
  const gint32 features[] = { 0, 1, 0 };
  const double coefficients[] = { 2, 5, 0.5 };
  const ShsTreeNode leaf = { .split = SHS_LEAF, .value = 1 };
  const ShsTreeLinearLeaf linear = { -3, 3, features, coefficients };
  double x[] = { 4, 10 };
  double z[] = { 1, 3, 7, 8 };
  ShsMatrix rows = { 1, 2, 1, x };
  ShsMatrix others = { 2, 2, 2, z };
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };

  ck_assert (shs_tree_builder_add_linear_tree (builder, &leaf, 1, &linear, 0, 2, NULL));
  g_autoptr (ShsTreeEnsemble) ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
  g_autoptr (ShsTreeBackground) background = make_background (ensemble, &others, 1, &options);
  g_autoptr (ShsMatrix) values = explain_by_background (ensemble, background, &rows, &options);

  ck_assert_double_eq_tol (shs_matrix_get (values, 0, 0), 2 * 2.5 * (4 - 2), 1e-12);
  ck_assert_double_eq_tol (shs_matrix_get (values, 0, 1), 2 * 5 * (10 - 7.5), 1e-12);
}
END_TEST

static void
assert_refused (gboolean done, GError *const *error)
{
  ck_assert (!done);
  shs_test_assert_error (*error, SHS_ERROR_UNSUPPORTED);
  ck_assert_ptr_nonnull (strstr ((*error)->message, "choose a background"));
}

START_TEST (games_by_covers_are_refused)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (1, &shapes[0]);
  gsize n = ensemble->n_players;
  g_autoptr (ShsMatrix) rows = finite_rows (1, 5, n);
  g_autoptr (ShsMatrix) values = shs_matrix_new (5, n, NULL);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsMatrix) of_pairs = shs_matrix_new (5, pairs->n, NULL);

  for (ShsTreeKernel kernel = SHS_TREE_KERNEL_AUTO; kernel <= SHS_TREE_KERNEL_TABLES; kernel++)
    {
      ShsTreeOptions options = { .kernel = kernel };
      g_autoptr (GError) path = NULL;

      assert_refused (shs_tree_path_dependent (ensemble, rows, &options, values, &path), &path);
    }
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) saabas = NULL;
  g_autoptr (GError) merge = NULL;
  g_autoptr (GError) interactions = NULL;

  assert_refused (shs_tree_saabas (ensemble, rows, &options, values, &saabas), &saabas);
  assert_refused (shs_tree_merge (ensemble, rows, &options, &merge) != NULL, &merge);
  assert_refused (
      shs_tree_interactions (ensemble, NULL, pairs, rows, &options, of_pairs, &interactions),
      &interactions);
}
END_TEST

static const TreeShape medium
    = { 20, 2, FALSE, 6, 9, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 0, 4 };

START_TEST (any_number_of_threads_and_any_split_gives_the_same_bytes)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (5, &medium);
  g_autoptr (ShsMatrix) rows = finite_rows (5, 266, medium.n_features);
  g_autoptr (ShsMatrix) others = finite_rows (6, 300, medium.n_features);
  ShsTreeOptions one = { .n_threads = 1 };
  ShsTreeOptions three = { .n_threads = 3 };
  g_autoptr (ShsTreeBackground) whole = make_background (ensemble, others, 0, &one);
  g_autoptr (ShsTreeBackground) cut = make_background (ensemble, others, 101, &three);
  ShsMatrix first = shs_matrix_rows (rows, 0, 71);
  ShsMatrix rest = shs_matrix_rows (rows, 71, 266 - 71);
  g_autoptr (ShsMatrix) expected = explain_by_background (ensemble, whole, rows, &one);
  g_autoptr (ShsMatrix) first_values = explain_by_background (ensemble, cut, &first, &three);
  g_autoptr (ShsMatrix) rest_values = explain_by_background (ensemble, cut, &rest, &three);

  for (gsize j = 0; j < expected->n_columns; j++)
    {
      const double *column = shs_matrix_column (expected, j);

      ck_assert_mem_eq (shs_matrix_column (first_values, j), column, 71 * sizeof (double));
      ck_assert_mem_eq (shs_matrix_column (rest_values, j), column + 71,
                        (266 - 71) * sizeof (double));
    }
}
END_TEST

START_TEST (progress_counts_linear_leaves_and_patterns)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (5, &medium);
  g_autoptr (ShsMatrix) rows = finite_rows (5, 70, medium.n_features);
  g_autoptr (ShsMatrix) others = finite_rows (6, 300, medium.n_features);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  ShsTreeOptions options = { .n_threads = 2, .progress = progress };
  g_autoptr (ShsTreeBackground) background = make_background (ensemble, others, 101, &options);
  g_autoptr (ShsMatrix) of_pairs
      = shs_matrix_new (rows->n_rows, pairs->n * ensemble->n_outputs, NULL);
  guint64 total = shs_tree_background_count_explaining (background, rows->n_rows);
  g_autoptr (ShsMatrix) values = NULL;

  ck_assert_uint_eq (shs_progress_get_done (progress),
                     shs_tree_background_count_adding (background, others->n_rows));
  ck_assert_uint_gt (total, rows->n_rows * ensemble->n_trees);
  shs_progress_start (progress, total);
  values = explain_by_background (ensemble, background, rows, &options);
  ck_assert_uint_eq (shs_progress_get_done (progress), total);
  ck_assert (shs_tree_interactions (ensemble, background, pairs, rows, &options, of_pairs, NULL));
  ck_assert_uint_eq (shs_progress_get_done (progress), 2 * total);
}
END_TEST

/* Work that one worker may do between a cancel and its end: it takes some milliseconds. */
#define MOST_AFTER_CANCEL 50000

/* Cancels once the work is under way; returns how much was done then. */
static gpointer
cancel_amid (gpointer data)
{
  ShsProgress *progress = data;

  while (shs_progress_get_done (progress) <= shs_progress_get_total (progress) / 100)
    g_usleep (100);
  shs_progress_cancel (progress);
  return GSIZE_TO_POINTER ((gsize)shs_progress_get_done (progress));
}

/* A leaf has as many patterns as there are rows to compare with. */
START_TEST (a_cancel_does_not_wait_for_the_patterns_of_a_leaf)
{
  TreeShape shape = { 40, 1, FALSE, 8, 1, 0.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 40 };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (9, &shape);
  g_autoptr (ShsMatrix) rows = finite_rows (9, 640, shape.n_features);
  g_autoptr (ShsMatrix) others = finite_rows (10, 20000, shape.n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (640, shape.n_features, NULL);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  ShsTreeOptions options = { .n_threads = 1 };
  g_autoptr (ShsTreeBackground) background = make_background (ensemble, others, 1, &options);
  guint64 total = shs_tree_background_count_explaining (background, 640);
  g_autoptr (GError) error = NULL;
  gsize done;
  GThread *thread;

  ck_assert_uint_gt (total, 640 * 10000);
  options.progress = progress;
  shs_progress_start (progress, total);
  thread = g_thread_new ("cancel", cancel_amid, progress);
  ck_assert (!shs_tree_interventional (ensemble, background, rows, &options, values, &error));
  done = GPOINTER_TO_SIZE (g_thread_join (thread));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
  ck_assert_uint_le (shs_progress_get_done (progress), done + MOST_AFTER_CANCEL);
}
END_TEST

static gboolean
run_all (ShsTreeEnsemble *ensemble, const ShsMatrix *rows, const ShsTreeOptions *options,
         ShsMatrix *values, GError **error)
{
  g_autoptr (ShsTreeEnsemble) copy = shs_tree_ensemble_limit (ensemble, 3, error);
  g_autoptr (ShsTreeBackground) background = NULL;
  g_autoptr (ShsMatrix) margins = NULL;

  if (copy == NULL)
    return FALSE;
  background = shs_tree_background_new (ensemble, options, error);
  if (background == NULL)
    return FALSE;
  margins = shs_matrix_new (rows->n_rows, ensemble->n_outputs, error);
  return margins != NULL && shs_tree_predict (ensemble, rows, options, margins, error)
         && shs_tree_background_add (background, rows, options, error)
         && shs_tree_background_finish (background, options, error)
         && shs_tree_interventional (ensemble, background, rows, options, values, error);
}

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (6, &medium);
  g_autoptr (ShsMatrix) rows = finite_rows (6, 70, medium.n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (70, medium.n_features * medium.n_outputs, NULL);
  ShsTreeOptions options = { .n_threads = 2 };
  gboolean done = FALSE;
  guint64 nth;

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

START_TEST (every_failed_allocation_of_the_builder_is_an_error)
{
  gboolean done = FALSE;

  for (guint64 nth = 1; !done; nth++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsTreeBuilder) builder = NULL;
      g_autoptr (ShsTreeEnsemble) ensemble = NULL;

      shs_alloc_fail_at (nth);
      builder = shs_tree_builder_new (2, 1, 1, SHS_TREE_CAST_DOUBLE);
      done = add_small (builder, 2, 1, -1, 1, &error) && add_small (builder, 3, 1, -1, 1, &error);
      if (done)
        {
          ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), &error);
          done = ensemble != NULL;
        }
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
}
END_TEST

Suite *
linear_leaves_suite (void)
{
  Suite *suite = suite_create ("linear leaves");
  TCase *cases = tcase_create ("linear leaves");
  int n = G_N_ELEMENTS (shapes);

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, predictions_are_those_of_the_definition, 0, n);
  tcase_add_test (cases, a_leaf_is_linear_unless_a_feature_of_its_own_is_missing);
  tcase_add_test (cases, leaves_that_multiply_nothing_are_constant);
  tcase_add_test (cases, impossible_leaves_are_refused);
  tcase_add_loop_test (cases, values_agree_with_all_coalitions, 0, n);
  tcase_add_loop_test (cases, values_against_one_row_agree_with_all_coalitions, 0, n);
  tcase_add_loop_test (cases, banzhaf_values_agree_with_all_coalitions, 0, n);
  tcase_add_loop_test (cases, interactions_agree_with_all_coalitions, 0, n);
  tcase_add_loop_test (cases, values_sum_to_prediction_less_expected_value, 0, 4);
  tcase_add_test (cases, a_single_leaf_gives_each_feature_its_own_term);
  tcase_add_test (cases, games_by_covers_are_refused);
  tcase_add_test (cases, any_number_of_threads_and_any_split_gives_the_same_bytes);
  tcase_add_test (cases, progress_counts_linear_leaves_and_patterns);
  tcase_add_test (cases, a_cancel_does_not_wait_for_the_patterns_of_a_leaf);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  tcase_add_test (cases, every_failed_allocation_of_the_builder_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
