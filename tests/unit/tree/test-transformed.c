#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "transform-oracle.h"

#include <math.h>

Suite *transformed_suite (void);

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players, most terms. */
static const TreeShape shapes[] = {
  { 6, 1, FALSE, 5, 4, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 6, 3, FALSE, 6, 5, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 5, 4, TRUE, 4, 4, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT },
  { 12, 2, FALSE, 6, 5, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT, 4 },
  { 10, 1, FALSE, 3, 40, 0.97, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 10, 1, FALSE, 3, 10, 0.97, FALSE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 4, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, FALSE, 0, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 1, FALSE, 5, 4, 0.95, FALSE, FALSE, FALSE, SHS_TREE_CAST_DOUBLE, 0, 3 },
  { 6, 3, FALSE, 6, 5, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 0, 2 },
  { 12, 2, FALSE, 6, 5, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE, 4, 3 },
  { 6, 2, FALSE, 4, 4, 0.0, FALSE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 0, 4 },
};

/* Leaves are linear from here on. */
#define FIRST_LINEAR 8
#define SLOPE 1.7

static const ShsTreeLink links[]
    = { SHS_TREE_LINK_LOGISTIC,      SHS_TREE_LINK_SOFTMAX,       SHS_TREE_LINK_EXP,
        SHS_TREE_LINK_LOG_LOSS,      SHS_TREE_LINK_CROSS_ENTROPY, SHS_TREE_LINK_SQUARED_ERROR,
        SHS_TREE_LINK_CLASS_LOG_LOSS };

#define N_BACKGROUND 5
#define N_ROWS 4

typedef struct
{
  ShsTreeEnsemble *ensemble;
  ShsMatrix *background;
  ShsMatrix *rows;
  double targets[N_ROWS];
  ShsTreeTransform transform;
  ShsTreeTransformed result;
  gsize n_outputs;
} Case;

/* A sum of numbers of very different size says nothing of its summands. */
static void
keep_small (double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (fabs (values[i]) > 3)
      values[i] = values[i] > 40 ? NAN : 0.3;
}

static Case
make_case (gsize shape, ShsTreeLink link)
{
  Case self
      = { .ensemble = random_ensemble (600 + shape, &shapes[shape]),
          .transform
          = { .link = link, .slope = SLOPE, .most_exact = 10, .n_permutations = 2, .seed = 9 } };

  self.background = random_rows (601 + shape, N_BACKGROUND, self.ensemble->n_features);
  self.rows = random_rows (602 + shape, N_ROWS, self.ensemble->n_features);
  for (gsize i = 0; shape >= FIRST_LINEAR && i < self.ensemble->n_features; i++)
    {
      keep_small (shs_matrix_column (self.rows, i), N_ROWS);
      keep_small (shs_matrix_column (self.background, i), N_BACKGROUND);
    }
  for (gsize row = 0; row < N_ROWS; row++)
    self.targets[row]
        = (double)(link == SHS_TREE_LINK_LOG_LOSS ? row % 2 : row % self.ensemble->n_outputs);
  self.n_outputs = shs_tree_link_count_outputs (link, self.ensemble->n_outputs);
  self.result.values = shs_matrix_new (N_ROWS, self.n_outputs * self.ensemble->n_players, NULL);
  self.result.errors = shs_matrix_new (N_ROWS, self.n_outputs * self.ensemble->n_players, NULL);
  self.result.bases = shs_matrix_new (N_ROWS, self.n_outputs, NULL);
  return self;
}

static void
run_case (Case *self, const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;

  self->transform.targets = self->targets;
  shs_tree_transformed (self->ensemble, self->background, self->rows, &self->transform, options,
                        &self->result, &error);
  shs_test_assert_no_error (error);
}

static void
clear_case (Case *self)
{
  shs_tree_ensemble_unref (self->ensemble);
  shs_matrix_free (self->background);
  shs_matrix_free (self->rows);
  shs_matrix_free (self->result.values);
  shs_matrix_free (self->result.errors);
  shs_matrix_free (self->result.bases);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, clear_case)

static void
assert_near (double value, double expected, double tolerance, const char *what)
{
  ck_assert_msg (fabs (value - expected) <= tolerance * (1 + fabs (expected)),
                 "%s: %.17g, expected %.17g, off by %g", what, value, expected, value - expected);
}

static void
compare (gsize shape, ShsTreeLink link, ShsTreeIndex index)
{
  g_auto (Case) self = make_case (shape, link);
  ShsTreeOptions options = { .index = index, .n_threads = 2 };
  gsize n_players = self.ensemble->n_players;
  g_autofree double *expected = g_new (double, n_players);
  double base;

  run_case (&self, &options);
  ck_assert_uint_eq (self.result.n_sampled, 0);
  ck_assert_uint_eq (self.result.n_exact, N_ROWS * N_BACKGROUND);
  for (gsize row = 0; row < N_ROWS; row++)
    {
      g_autoptr (ShsMatrix) margins
          = oracle_mixtures (self.ensemble, self.background, self.rows, row);

      for (gsize k = 0; k < self.n_outputs; k++)
        {
          ShsTreeLinkUse use = { link, SLOPE, self.targets[row] };

          oracle_transformed (self.ensemble, margins, &use, k, index, expected, &base);
          assert_near (shs_matrix_get (self.result.bases, row, k), base, 1e-12, "base");
          for (gsize i = 0; i < n_players; i++)
            {
              assert_near (shs_matrix_get (self.result.values, row, k * n_players + i), expected[i],
                           1e-12, "value");
              ck_assert_double_eq (shs_matrix_get (self.result.errors, row, k * n_players + i), 0);
            }
        }
    }
}

START_TEST (every_link_agrees_with_all_coalitions)
{
  for (gsize i = 0; i < G_N_ELEMENTS (links); i++)
    compare ((gsize)_i, links[i], SHS_TREE_INDEX_SHAPLEY);
}
END_TEST

START_TEST (banzhaf_values_agree_with_all_coalitions)
{
  compare ((gsize)_i, SHS_TREE_LINK_LOGISTIC, SHS_TREE_INDEX_BANZHAF);
  compare ((gsize)_i, SHS_TREE_LINK_CROSS_ENTROPY, SHS_TREE_INDEX_BANZHAF);
}
END_TEST

START_TEST (estimates_lie_within_their_standard_errors)
{
  ShsTreeIndex index = (ShsTreeIndex)(_i % 2);
  gsize shape = _i < 2 ? 1 : FIRST_LINEAR + 1;
  g_auto (Case) exact = make_case (shape, SHS_TREE_LINK_SOFTMAX);
  g_auto (Case) drawn = make_case (shape, SHS_TREE_LINK_SOFTMAX);
  ShsTreeOptions options = { .index = index };
  gsize n_far = 0;
  double largest = 0;

  drawn.transform.most_exact = 1;
  drawn.transform.n_permutations = 200;
  run_case (&exact, &options);
  run_case (&drawn, &options);
  ck_assert_uint_gt (drawn.result.n_sampled, N_ROWS * N_BACKGROUND / 2);
  ck_assert_uint_eq (drawn.result.n_sampled + drawn.result.n_exact, N_ROWS * N_BACKGROUND);
  for (gsize row = 0; row < N_ROWS; row++)
    for (gsize i = 0; i < drawn.result.values->n_columns; i++)
      {
        double off = fabs (shs_matrix_get (drawn.result.values, row, i)
                           - shs_matrix_get (exact.result.values, row, i));
        double error = shs_matrix_get (drawn.result.errors, row, i);

        ck_assert_double_le (off, 5 * error + 1e-14);
        n_far += off > 2 * error + 1e-14;
        largest = MAX (largest, error);
      }
  ck_assert_uint_le (n_far, N_ROWS * drawn.result.values->n_columns / 8);
  ck_assert_double_gt (largest, 0);
  ck_assert_double_lt (largest, 0.02);
}
END_TEST

START_TEST (estimates_sum_to_the_difference_of_predictions)
{
  g_auto (Case) self = make_case (1, SHS_TREE_LINK_LOGISTIC);
  g_autoptr (ShsMatrix) margins = oracle_predict (self.ensemble, self.rows);
  ShsTreeOptions options = { 0 };

  ShsTreeLinkUse use = { SHS_TREE_LINK_LOGISTIC, SLOPE, 0 };

  self.transform.most_exact = 1;
  run_case (&self, &options);
  for (gsize row = 0; row < N_ROWS; row++)
    for (gsize k = 0; k < self.n_outputs; k++)
      {
        double sum = shs_matrix_get (self.result.bases, row, k);

        for (gsize i = 0; i < self.ensemble->n_players; i++)
          sum += shs_matrix_get (self.result.values, row, k * self.ensemble->n_players + i);
        ck_assert_double_eq_tol (sum, oracle_apply_link (&use, margins, row, k), 1e-13);
      }
}
END_TEST

/* A stump for each of many features, on all of which the two rows differ. */
static ShsTreeEnsemble *
make_stumps (gsize n)
{
  ShsTreeBuilder *builder = shs_tree_builder_new (n, 1, 1, SHS_TREE_CAST_DOUBLE);

  for (gsize i = 0; i < n; i++)
    {
      ShsTreeNode nodes[] = { { .split = SHS_SPLIT_LESS,
                                .feature = (gint32)i,
                                .threshold = 0.5,
                                .left = 1,
                                .right = 2,
                                .set = -1,
                                .cover = 2 },
                              { .split = SHS_LEAF, .set = -1, .cover = 1 },
                              { .split = SHS_LEAF, .set = -1, .value = 1, .cover = 1 } };

      ck_assert (
          shs_tree_builder_add_tree (builder, nodes, 3, NULL, 0, i % 2 == 0 ? 0.01 : -0.02, NULL));
    }
  return shs_tree_builder_finish (builder, NULL);
}

START_TEST (many_players_need_little_memory)
{
  gsize n = 300;
  g_autoptr (ShsTreeEnsemble) ensemble = make_stumps (n);
  g_autoptr (ShsMatrix) background = shs_matrix_new (1, n, NULL);
  g_autoptr (ShsMatrix) rows = shs_matrix_new (1, n, NULL);
  g_autoptr (ShsMatrix) values = shs_matrix_new (1, n, NULL);
  g_autoptr (ShsMatrix) errors = shs_matrix_new (1, n, NULL);
  g_autoptr (ShsMatrix) bases = shs_matrix_new (1, 1, NULL);
  ShsTreeTransform transform = {
    .link = SHS_TREE_LINK_LOGISTIC, .slope = 1, .most_exact = 10, .n_permutations = 32, .seed = 9
  };
  ShsTreeTransformed result = { .values = values, .errors = errors, .bases = bases };
  ShsTreeOptions options = { .n_threads = 1 };
  g_autoptr (GError) error = NULL;
  double sum = 0;

  for (gsize i = 0; i < n; i++)
    {
      shs_matrix_set (background, 0, i, 0);
      shs_matrix_set (rows, 0, i, 1);
    }
  shs_memory_set_limit (16 << 20);
  shs_tree_transformed (ensemble, background, rows, &transform, &options, &result, &error);
  shs_memory_set_limit (0);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (result.n_sampled, 1);
  for (gsize i = 0; i < n; i++)
    {
      double value = shs_matrix_get (values, 0, i);

      ck_assert (i % 2 == 0 ? value > 0 : value < 0);
      sum += value;
    }
  ck_assert_double_eq_tol (sum, 1 / (1 + exp (1.5)) - 0.5, 1e-12);
}
END_TEST

START_TEST (threads_and_shards_change_nothing)
{
  g_auto (Case) whole = make_case (1, SHS_TREE_LINK_LOG_LOSS);
  g_auto (Case) part = make_case (1, SHS_TREE_LINK_LOG_LOSS);
  ShsMatrix last = shs_matrix_rows (whole.rows, N_ROWS - 1, 1);
  ShsMatrix to_values = shs_matrix_rows (part.result.values, 0, 1);
  ShsMatrix to_bases = shs_matrix_rows (part.result.bases, 0, 1);
  ShsTreeOptions one = { .n_threads = 1 };
  ShsTreeOptions three = { .n_threads = 3 };
  ShsTreeTransformed result = { .values = &to_values, .bases = &to_bases };

  whole.transform.most_exact = part.transform.most_exact = 2;
  run_case (&whole, &three);
  part.transform.first_row = N_ROWS - 1;
  part.transform.targets = whole.targets + N_ROWS - 1;
  ck_assert (shs_tree_transformed (whole.ensemble, whole.background, &last, &part.transform, &one,
                                   &result, NULL));
  for (gsize i = 0; i < to_values.n_columns; i++)
    ck_assert_double_eq (shs_matrix_get (&to_values, 0, i),
                         shs_matrix_get (whole.result.values, N_ROWS - 1, i));
}
END_TEST

START_TEST (a_target_that_is_none_is_refused)
{
  g_auto (Case) self = make_case (1, (ShsTreeLink)_i);
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  self.targets[2] = _i == SHS_TREE_LINK_CROSS_ENTROPY   ? 3
                    : _i == SHS_TREE_LINK_LOG_LOSS      ? 2
                    : _i == SHS_TREE_LINK_SQUARED_ERROR ? NAN
                                                        : 0.5;
  self.transform.targets = self.targets;
  ck_assert (!shs_tree_transformed (self.ensemble, self.background, self.rows, &self.transform,
                                    &options, &self.result, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_ptr_nonnull (strstr (error->message, "Row 2"));
}
END_TEST

START_TEST (losses_of_large_margins_stay_finite)
{
  double margins[] = { 800, -800 };
  double results[2];
  ShsTreeLinkUse log_loss = { SHS_TREE_LINK_LOG_LOSS, 1, 0 };
  ShsTreeLinkUse cross_entropy = { SHS_TREE_LINK_CROSS_ENTROPY, 1, 1 };
  ShsTreeLinkUse softmax = { SHS_TREE_LINK_SOFTMAX, 1, 0 };

  shs_tree_link_apply (&log_loss, 1, 2, margins, results);
  ck_assert_double_eq (results[0], 800);
  ck_assert_double_eq (results[1], 0);
  shs_tree_link_apply (&cross_entropy, 2, 1, margins, results);
  ck_assert_double_eq (results[0], 1600);
  shs_tree_link_apply (&softmax, 2, 1, margins, results);
  ck_assert_double_eq (results[0], 1);
  ck_assert_double_eq (results[1], 0);
}
END_TEST

START_TEST (the_number_of_exact_players_follows_the_work)
{
  ck_assert_uint_eq (shs_tree_transformed_choose_exact (1, 100, 1), 20);
  ck_assert_uint_eq (shs_tree_transformed_choose_exact (1000000, 100000, 3), 10);
  ck_assert_uint_gt (shs_tree_transformed_choose_exact (1000, 100, 1), 12);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_auto (Case) self = make_case (0, SHS_TREE_LINK_LOGISTIC);
  ShsTreeOptions options = { .n_threads = 1 };
  gboolean done = FALSE;
  guint64 nth;

  self.transform.most_exact = 3;
  for (nth = 1; !done; nth++)
    {
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (nth);
      done = shs_tree_transformed (self.ensemble, self.background, self.rows, &self.transform,
                                   &options, &self.result, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 30);
}
END_TEST

Suite *
transformed_suite (void)
{
  Suite *suite = suite_create ("transformed predictions");
  TCase *cases = tcase_create ("transformed predictions");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, every_link_agrees_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, banzhaf_values_agree_with_all_coalitions, 0, G_N_ELEMENTS (shapes));
  tcase_add_loop_test (cases, estimates_lie_within_their_standard_errors, 0, 4);
  tcase_add_test (cases, estimates_sum_to_the_difference_of_predictions);
  tcase_add_test (cases, many_players_need_little_memory);
  tcase_add_test (cases, threads_and_shards_change_nothing);
  tcase_add_loop_test (cases, a_target_that_is_none_is_refused, SHS_TREE_LINK_LOG_LOSS,
                       SHS_TREE_LINK_SQUARED_ERROR + 1);
  tcase_add_test (cases, losses_of_large_margins_stay_finite);
  tcase_add_test (cases, the_number_of_exact_players_follows_the_work);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
