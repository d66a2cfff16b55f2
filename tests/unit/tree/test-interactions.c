#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "pair-oracle.h"
#include "tree/shs-tree-interactions.h"

#include <math.h>
#include <string.h>

Suite *interactions_suite (void);

#define SINGLE_BOUND 1e-6
#define DOUBLE_BOUND 1e-12

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players, most terms, oblivious. */
static const TreeShape shapes[] = {
  { 12, 1, FALSE, 6, 3, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 11, 1, FALSE, 4, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 3, 1, FALSE, 6, 6, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 1, 1, FALSE, 6, 5, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 2, 1, FALSE, 6, 2, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 8, 3, FALSE, 9, 4, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 8, 4, TRUE, 5, 5, 0.8, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 5, 1, FALSE, 8, 7, 0.7, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 12, 1, FALSE, 2, 14, 0.99, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 1, FALSE, 2, 10, 0.97, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 6, 1, FALSE, 2, 300, 0.998, TRUE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 5, 4, 0.3, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 5, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 0, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 12, 2, FALSE, 6, 6, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 4 },
  { 30, 1, FALSE, 3, 8, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 9 },
  { 8, 3, TRUE, 4, 6, 1.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 0, 0, TRUE },
};

static ShsMatrix *
interact_against (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                  const ShsTreePairs *pairs, const ShsMatrix *rows, const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsMatrix *values = shs_matrix_new (rows->n_rows, pairs->n * ensemble->n_outputs, NULL);

  memset (values->values, 0xff, values->stride * values->n_columns * sizeof (double));
  shs_tree_interactions (ensemble, background, pairs, rows, options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

static ShsMatrix *
interact (const ShsTreeEnsemble *ensemble, const ShsTreePairs *pairs, const ShsMatrix *rows,
          const ShsTreeOptions *options)
{
  return interact_against (ensemble, NULL, pairs, rows, options);
}

/* The values of one row as a symmetric matrix per output. */
static void
spread (const ShsTreeEnsemble *ensemble, const ShsTreePairs *pairs, const ShsMatrix *values,
        gsize row, double *cells)
{
  gsize n = ensemble->n_players;

  memset (cells, 0, ensemble->n_outputs * n * n * sizeof (double));
  for (gsize k = 0; k < ensemble->n_outputs; k++)
    for (gsize i = 0; i < pairs->n; i++)
      {
        double value = shs_matrix_get (values, row, k * pairs->n + i);

        ck_assert_uint_lt (pairs->first[i], pairs->second[i]);
        cells[(k * n + pairs->first[i]) * n + pairs->second[i]] = value;
        cells[(k * n + pairs->second[i]) * n + pairs->first[i]] = value;
      }
}

static void
assert_close (const ShsTreeEnsemble *ensemble, const double *cells, const double *expected,
              double bound, const char *what)
{
  gsize n = ensemble->n_players;

  for (gsize k = 0; k < ensemble->n_outputs; k++)
    for (gsize i = k * n * n; i < (k + 1) * n * n; i++)
      {
        double tolerance = bound * shs_tree_ensemble_max_leaf_sum (ensemble, k);

        ck_assert_msg (fabs (cells[i] - expected[i]) <= tolerance,
                       "%s: output %zu, players %zu and %zu: %.17g, expected %.17g, off by %g "
                       "where %g is allowed",
                       what, k, i / n % n, i % n, cells[i], expected[i], cells[i] - expected[i],
                       tolerance);
      }
}

static void
compare_kernels (gsize number, ShsTreeIndex index)
{
  const TreeShape *shape = &shapes[number];
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (200 + number, shape);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  gsize n_rows = ensemble->n_players > 9 ? 5 : 20;
  gsize n_cells = ensemble->n_players * ensemble->n_players * ensemble->n_outputs;
  g_autoptr (ShsMatrix) rows = random_rows (200 + number, n_rows, shape->n_features);
  g_autofree double *expected = g_new (double, n_rows *n_cells);
  g_autofree double *cells = g_new (double, n_cells);

  for (gsize row = 0; row < n_rows; row++)
    oracle_interactions (ensemble, NULL, rows, row, index, expected + row * n_cells);
  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
      {
        ShsTreeOptions options = { .instructions = *i, .precision = p, .index = index };
        g_autoptr (ShsMatrix) values = interact (ensemble, pairs, rows, &options);
        g_autofree char *kernel = shs_tree_describe_kernel (&options);

        for (gsize row = 0; row < n_rows; row++)
          {
            spread (ensemble, pairs, values, row, cells);
            assert_close (ensemble, cells, expected + row * n_cells,
                          p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND, kernel);
          }
      }
}

START_TEST (every_kernel_agrees_with_all_coalitions)
{
  compare_kernels ((gsize)_i, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (banzhaf_interactions_agree_with_all_coalitions)
{
  compare_kernels ((gsize)_i, SHS_TREE_INDEX_BANZHAF);
}
END_TEST

/* As above: all in tables; some leaves too wide for them; some below more players than patterns
 * have bits. */
static const TreeShape against[] = {
  { 12, 1, FALSE, 4, 3, 1.0, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 8, 2, FALSE, 4, 6, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 3, TRUE, 3, 5, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 1, 1, FALSE, 3, 4, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 1, FALSE, 2, 10, 0.97, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 15, 2, TRUE, 2, 16, 0.99, TRUE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 5, 1, FALSE, 2, 200, 0.998, TRUE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 30, 1, FALSE, 3, 7, 0.95, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 6 },
  { 6, 2, FALSE, 3, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 8, 3, TRUE, 4, 6, 1.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT, 0, 0, TRUE },
  { 11, 2, FALSE, 2, 10, 1.0, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 0, TRUE },
};

static ShsTreeBackground *
make_background (ShsTreeEnsemble *ensemble, const ShsMatrix *rows)
{
  ShsTreeOptions options = { .n_threads = 1 };
  ShsTreeBackground *self = shs_tree_background_new (ensemble, &options, NULL);

  ck_assert (shs_tree_background_add (self, rows, &options, NULL));
  ck_assert (shs_tree_background_finish (self, &options, NULL));
  return self;
}

static void
compare_against (gsize number, ShsTreeIndex index)
{
  const TreeShape *shape = &against[number];
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (700 + number, shape);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  gsize n_rows = 3;
  gsize n_cells = ensemble->n_players * ensemble->n_players * ensemble->n_outputs;
  g_autoptr (ShsMatrix) rows = random_rows (701 + number, n_rows, shape->n_features);
  g_autoptr (ShsMatrix) others = random_rows (702 + number, 7, shape->n_features);
  g_autoptr (ShsTreeBackground) background = make_background (ensemble, others);
  g_autofree double *expected = g_new (double, n_rows *n_cells);
  g_autofree double *cells = g_new (double, n_cells);

  /* Deep leaves are rarely reached by chance. */
  for (gsize j = 0; j < shape->n_features; j += 2)
    shs_matrix_set (rows, 1, j, shs_matrix_get (others, 4, j));
  for (gsize row = 0; row < n_rows; row++)
    oracle_interactions (ensemble, others, rows, row, index, expected + row * n_cells);
  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
      {
        ShsTreeOptions options = { .instructions = *i, .precision = p, .index = index };
        g_autoptr (ShsMatrix) values
            = interact_against (ensemble, background, pairs, rows, &options);

        for (gsize row = 0; row < n_rows; row++)
          {
            spread (ensemble, pairs, values, row, cells);
            assert_close (ensemble, cells, expected + row * n_cells,
                          p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND, "against");
          }
      }
}

START_TEST (interactions_against_a_background_agree_with_all_coalitions)
{
  compare_against ((gsize)_i, SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (banzhaf_interactions_against_a_background_agree_with_all_coalitions)
{
  compare_against ((gsize)_i, SHS_TREE_INDEX_BANZHAF);
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

START_TEST (a_tree_worked_out_by_hand)
{
  ShsTreeNode nodes[] = { NODE (0, 0.5, 1, 2, 100), LEAF (1, 60), NODE (1, 0.5, 3, 4, 40),
                          LEAF (2, 10), LEAF (5, 30) };
  g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (3, 1, 1, SHS_TREE_CAST_FLOAT);
  double right_left[] = { 1, 0, 0 };
  ShsMatrix row = { 1, 3, 1, right_left };
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;
  g_autoptr (ShsTreePairs) pairs = NULL;
  g_autoptr (ShsMatrix) values = NULL;

  ck_assert (shs_tree_builder_add_tree (builder, nodes, 5, NULL, 0, 1, NULL));
  ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
  pairs = shs_tree_pairs_find (ensemble, NULL);
  values = interact (ensemble, pairs, &row, &options);
  ck_assert_uint_eq (pairs->n, 1);
  ck_assert_uint_eq (pairs->first[0], 0);
  ck_assert_uint_eq (pairs->second[0], 1);
  ck_assert_double_eq_tol (shs_matrix_get (values, 0, 0), -1.35, 1e-15);
}
END_TEST

static const TreeShape large
    = { 50, 2, FALSE, 30, 8, 0.97, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT };

static void
assert_same_column (const ShsMatrix *a, gsize i, const ShsMatrix *b, gsize j)
{
  ck_assert_mem_eq (shs_matrix_column (a, i), shs_matrix_column (b, j),
                    a->n_rows * sizeof (double));
}

START_TEST (any_threads_and_any_pairs_give_the_same_bytes)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (7, &large);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsMatrix) rows = random_rows (7, 200, large.n_features);
  ShsTreeOptions one = { .n_threads = 1, .precision = (ShsPrecision)_i };
  ShsTreeOptions three = { .n_threads = 3, .precision = (ShsPrecision)_i };
  gsize numbers[] = { 0, 5, 77, pairs->n - 1 };
  g_autoptr (ShsTreePairs) some = shs_tree_pairs_pick (pairs, numbers, 4, NULL);
  g_autoptr (ShsMatrix) expected = interact (ensemble, pairs, rows, &one);
  g_autoptr (ShsMatrix) all = interact (ensemble, pairs, rows, &three);
  g_autoptr (ShsMatrix) few = interact (ensemble, some, rows, &three);

  for (gsize j = 0; j < all->n_columns; j++)
    assert_same_column (all, j, expected, j);
  for (gsize k = 0; k < 2; k++)
    for (gsize i = 0; i < 4; i++)
      assert_same_column (few, k * 4 + i, expected, k * pairs->n + numbers[i]);
}
END_TEST

/* A program of values holds fewer trees than one of interactions. */
START_TEST (values_and_interactions_do_not_meet_in_the_cache)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (7, &large);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsMatrix) rows = random_rows (7, 20, large.n_features);
  gsize n_values = ensemble->n_players * ensemble->n_outputs;
  g_autoptr (ShsMatrix) expected = NULL;
  g_autoptr (ShsMatrix) values = NULL;

  for (int call = 0; call < 6; call++)
    {
      const ShsTreeOptions options
          = { .kernel = SHS_TREE_KERNEL_QUADRATURE, .precision = (ShsPrecision)(call % 2) };
      const ShsTreeOptions wide = { .precision = SHS_PRECISION_DOUBLE };
      g_autoptr (ShsMatrix) found = interact (ensemble, pairs, rows, &wide);
      g_autoptr (ShsMatrix) again = shs_matrix_new (rows->n_rows, n_values, NULL);

      ck_assert (shs_tree_path_dependent (ensemble, rows, &options, again, NULL));
      for (gsize j = 0; expected != NULL && j < found->n_columns; j++)
        assert_same_column (found, j, expected, j);
      for (gsize j = 0; values != NULL && call % 2 == 0 && j < n_values; j++)
        assert_same_column (again, j, values, j);
      if (call == 0)
        {
          expected = g_steal_pointer (&found);
          values = g_steal_pointer (&again);
        }
    }
}
END_TEST

START_TEST (any_threads_and_any_pairs_give_the_same_bytes_against_a_background)
{
  TreeShape shape = { 40, 2, FALSE, 9, 10, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (7, &shape);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsMatrix) rows = random_rows (7, 150, shape.n_features);
  g_autoptr (ShsMatrix) others = random_rows (8, 60, shape.n_features);
  g_autoptr (ShsTreeBackground) background = make_background (ensemble, others);
  ShsTreeOptions one = { .n_threads = 1 };
  ShsTreeOptions three = { .n_threads = 3 };
  gsize numbers[] = { 1, 8, pairs->n - 2 };
  g_autoptr (ShsTreePairs) some = shs_tree_pairs_pick (pairs, numbers, 3, NULL);
  g_autoptr (ShsMatrix) expected = interact_against (ensemble, background, pairs, rows, &one);
  g_autoptr (ShsMatrix) all = interact_against (ensemble, background, pairs, rows, &three);
  g_autoptr (ShsMatrix) few = interact_against (ensemble, background, some, rows, &three);

  for (gsize j = 0; j < all->n_columns; j++)
    assert_same_column (all, j, expected, j);
  for (gsize k = 0; k < 2; k++)
    for (gsize i = 0; i < 3; i++)
      assert_same_column (few, k * 3 + i, expected, k * pairs->n + numbers[i]);
}
END_TEST

START_TEST (every_failed_allocation_against_a_background_is_an_error)
{
  static const TreeShape small[] = {
    { 4, 2, FALSE, 2, 4, 0.95, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
    { 10, 1, FALSE, 1, 12, 0.99, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
    { 15, 1, FALSE, 1, 18, 0.99, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  };
  const TreeShape *shape = &small[_i];
  g_autoptr (ShsMatrix) rows = random_rows (1, 3, shape->n_features);
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (701, shape);
      ShsTreeOptions options = { .n_threads = 1 };
      g_autoptr (ShsTreeBackground) background = make_background (ensemble, rows);
      g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
      g_autoptr (ShsMatrix) values = shs_matrix_new (3, pairs->n * shape->n_outputs, NULL);
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (nth);
      done = shs_tree_interactions (ensemble, background, pairs, rows, &options, values, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 10);
}
END_TEST

START_TEST (pairs_are_found_by_their_players)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (7, &large);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);

  ck_assert_uint_gt (pairs->n, 300);
  for (gsize i = 0; i < pairs->n; i++)
    ck_assert_uint_eq (shs_tree_pairs_look_up (pairs, pairs->first[i], pairs->second[i]), i);
  ck_assert_uint_eq (shs_tree_pairs_look_up (pairs, 3, 3), G_MAXSIZE);
  ck_assert_uint_eq (shs_tree_pairs_look_up (pairs, 60, 61), G_MAXSIZE);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  TreeShape shape = { 5, 1, FALSE, 4, 5, 0.9, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT };
  g_autoptr (ShsMatrix) rows = random_rows (1, 3, 5);
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (1, &shape);
      ShsTreeOptions options = { .n_threads = 1 };
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsTreePairs) pairs = NULL;
      g_autoptr (ShsMatrix) values = NULL;

      shs_alloc_fail_at (nth);
      pairs = shs_tree_pairs_find (ensemble, &error);
      values = pairs != NULL ? shs_matrix_new (3, pairs->n, &error) : NULL;
      done = values != NULL
             && shs_tree_interactions (ensemble, NULL, pairs, rows, &options, values, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 30);
}
END_TEST

Suite *
interactions_suite (void)
{
  Suite *suite = suite_create ("interactions");
  TCase *cases = tcase_create ("interactions");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, every_kernel_agrees_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, banzhaf_interactions_agree_with_all_coalitions, 0,
                       G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, interactions_against_a_background_agree_with_all_coalitions, 0,
                       G_N_ELEMENTS (against));
  tcase_add_loop_test (cases, banzhaf_interactions_against_a_background_agree_with_all_coalitions,
                       0, G_N_ELEMENTS (against));
  tcase_add_test (cases, any_threads_and_any_pairs_give_the_same_bytes_against_a_background);
  tcase_add_loop_test (cases, every_failed_allocation_against_a_background_is_an_error, 0, 3);
  tcase_add_test (cases, a_tree_worked_out_by_hand);
  tcase_add_loop_test (cases, any_threads_and_any_pairs_give_the_same_bytes, 0, 2);
  tcase_add_test (cases, values_and_interactions_do_not_meet_in_the_cache);
  tcase_add_test (cases, pairs_are_found_by_their_players);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
