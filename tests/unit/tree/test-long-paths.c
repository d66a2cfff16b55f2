/* Trees with more players on a path than a word has bits. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "pair-oracle.h"
#include "path-oracle.h"
#include "transform-oracle.h"
#include "tree/shs-tree-interactions.h"

#include <math.h>
#include <string.h>

Suite *long_paths_suite (void);

#define SINGLE_BOUND 1e-6
#define DOUBLE_BOUND 1e-12
#define N_ROWS 3
#define N_BACKGROUND 4
/* Of a row; where two rows differ is less than twice as much. */
#define N_CHANGED 6
#define N_ASKED 10

/* features, outputs, vector leaves, trees, depth, split chance, chain, all rules, zero covers,
 * cast, players. */
static const TreeShape chains[] = {
  { 200, 1, FALSE, 1, 80, 1.0, TRUE, FALSE, FALSE, SHS_TREE_CAST_FLOAT },
  { 140, 2, FALSE, 2, 100, 1.0, TRUE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 230, 3, TRUE, 1, 200, 1.0, TRUE, TRUE, FALSE, SHS_TREE_CAST_DOUBLE },
  { 200, 1, FALSE, 1, 150, 1.0, TRUE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE, 110 },
};

/* Of chains on which a row can go far. */
static const guint64 seeds[] = { 900, 901, 922, 943 };

/* Small enough for all coalitions. */
static const TreeShape small[] = {
  { 8, 2, FALSE, 4, 5, 0.9, FALSE, TRUE, TRUE, SHS_TREE_CAST_FLOAT },
  { 6, 2, TRUE, 3, 12, 0.95, TRUE, TRUE, TRUE, SHS_TREE_CAST_DOUBLE },
  { 12, 1, FALSE, 3, 5, 0.9, FALSE, TRUE, FALSE, SHS_TREE_CAST_FLOAT, 5 },
};

typedef struct
{
  ShsTreeEnsemble *ensemble;
  ShsMatrix *rows;
  ShsMatrix *others;
  ShsTreePairs *pairs;
} Case;

static void
clear_case (Case *self)
{
  shs_tree_ensemble_unref (self->ensemble);
  shs_matrix_free (self->rows);
  shs_matrix_free (self->others);
  shs_tree_pairs_free (self->pairs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, clear_case)

/* Rows that go far down the chains, each with some values of its own. */
static ShsMatrix *
make_rows (const ShsTreeEnsemble *ensemble, guint64 seed, gsize n)
{
  g_autoptr (ShsMatrix) base = long_path_row (ensemble, 40);
  g_autoptr (ShsMatrix) changes = random_rows (seed, n, ensemble->n_features);
  ShsMatrix *rows = shs_matrix_new (n, ensemble->n_features, NULL);
  ShsRandom random = shs_random_init (seed, 3);

  for (gsize row = 0; row < n; row++)
    {
      for (gsize j = 0; j < ensemble->n_features; j++)
        shs_matrix_set (rows, row, j, shs_matrix_get (base, 0, j));
      for (gsize i = 0; i < N_CHANGED; i++)
        {
          gsize j = shs_random_below (&random, ensemble->n_features);

          shs_matrix_set (rows, row, j, shs_matrix_get (changes, row, j));
        }
    }
  return rows;
}

static Case
make_case (gsize number)
{
  Case self = { .ensemble = random_ensemble (seeds[number], &chains[number]) };

  self.rows = make_rows (self.ensemble, 901 + number, N_ROWS);
  self.others = make_rows (self.ensemble, 950 + number, N_BACKGROUND);
  self.pairs = shs_tree_pairs_find (self.ensemble, NULL);
  ck_assert_ptr_nonnull (self.pairs);
  ck_assert_uint_gt (self.pairs->n, 64 * 63 / 2);
  return self;
}

static ShsTreeBackground *
count (const Case *self, const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsTreeBackground *background = shs_tree_background_new (self->ensemble, options, &error);

  shs_test_assert_no_error (error);
  ck_assert (shs_tree_background_add (background, self->others, options, NULL));
  ck_assert (shs_tree_background_finish (background, options, NULL));
  return background;
}

/* Interactions of @pairs, or values where that is NULL. */
static ShsMatrix *
explain (const Case *self, gboolean is_against, const ShsTreePairs *pairs,
         const ShsTreeOptions *options)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize n = pairs != NULL ? pairs->n : ensemble->n_players;
  g_autoptr (ShsTreeBackground) background = is_against ? count (self, options) : NULL;
  g_autoptr (GError) error = NULL;
  ShsMatrix *values = shs_matrix_new (N_ROWS, n * ensemble->n_outputs, NULL);

  if (pairs != NULL)
    shs_tree_interactions (ensemble, background, pairs, self->rows, options, values, &error);
  else if (is_against)
    shs_tree_interventional (ensemble, background, self->rows, options, values, &error);
  else
    shs_tree_path_dependent (ensemble, self->rows, options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

static gsize
find_largest (const ShsMatrix *values, gsize row)
{
  gsize largest = 0;

  for (gsize column = 1; column < values->n_columns; column++)
    if (fabs (shs_matrix_get (values, row, column)) > fabs (shs_matrix_get (values, row, largest)))
      largest = column;
  return largest;
}

/* Some columns: the largest, and some by chance. */
static void
list_asked (const ShsMatrix *values, gsize row, guint64 seed, gsize *asked)
{
  ShsRandom random = shs_random_init (seed, row);

  asked[0] = find_largest (values, row);
  for (gsize i = 1; i < N_ASKED; i++)
    asked[i] = shs_random_below (&random, values->n_columns);
}

static void
compare (gsize number, gboolean is_against, gboolean is_pairs, ShsTreeIndex index)
{
  g_auto (Case) self = make_case (number);
  const ShsTreePairs *pairs = is_pairs ? self.pairs : NULL;
  gsize n = is_pairs ? pairs->n : self.ensemble->n_players;
  ShsTreeOptions plain = { .precision = SHS_PRECISION_DOUBLE, .index = index };
  g_autoptr (ShsMatrix) found = explain (&self, is_against, pairs, &plain);
  double expected[N_ROWS][N_ASKED];
  gsize asked[N_ROWS][N_ASKED];
  double largest = 0;

  for (gsize row = 0; row < N_ROWS; row++)
    {
      list_asked (found, row, number, asked[row]);
      for (gsize i = 0; i < N_ASKED; i++)
        {
          gsize column = asked[row][i] % n;

          expected[row][i]
              = oracle_path (self.ensemble, is_against ? self.others : NULL, self.rows, row, index,
                             asked[row][i] / n, is_pairs ? pairs->first[column] : (guint32)column,
                             is_pairs ? pairs->second[column] : PATH_ORACLE_NOBODY);
        }
      largest = MAX (largest, fabs (expected[row][0]));
    }
  ck_assert_double_gt (largest, 1e-4);
  for (const ShsInstructions *i = list_instructions (); *i != SHS_INSTRUCTIONS_BEST; i++)
    for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
      {
        ShsTreeOptions options = { .instructions = *i, .precision = p, .index = index };
        g_autoptr (ShsMatrix) values = explain (&self, is_against, pairs, &options);

        for (gsize row = 0; row < N_ROWS; row++)
          for (gsize a = 0; a < N_ASKED; a++)
            {
              gsize column = asked[row][a];
              double off = shs_matrix_get (values, row, column) - expected[row][a];
              double bound = (p == SHS_PRECISION_SINGLE ? SINGLE_BOUND : DOUBLE_BOUND)
                             * shs_tree_ensemble_max_leaf_sum (self.ensemble, column / n);

              ck_assert_msg (fabs (off) <= bound, "row %zu column %zu: %.17g expected, off by %g",
                             row, column, expected[row][a], off);
            }
      }
}

START_TEST (values_are_those_of_the_definition)
{
  for (int is_against = 0; is_against < 2; is_against++)
    {
      compare ((gsize)_i, is_against, FALSE, SHS_TREE_INDEX_SHAPLEY);
      compare ((gsize)_i, is_against, FALSE, SHS_TREE_INDEX_BANZHAF);
    }
}
END_TEST

START_TEST (interactions_are_those_of_the_definition)
{
  for (int is_against = 0; is_against < 2; is_against++)
    {
      compare ((gsize)_i, is_against, TRUE, SHS_TREE_INDEX_SHAPLEY);
      compare ((gsize)_i, is_against, TRUE, SHS_TREE_INDEX_BANZHAF);
    }
}
END_TEST

static void
assert_same_pair (const ShsTreeEnsemble *ensemble, const ShsMatrix *others, const ShsMatrix *rows,
                  ShsTreeIndex index, const double *interactions, const double *values)
{
  gsize n = ensemble->n_players;

  for (gsize k = 0; k < ensemble->n_outputs; k++)
    for (guint32 i = 0; i < n; i++)
      {
        ck_assert_double_eq_tol (
            oracle_path (ensemble, others, rows, 0, index, k, i, PATH_ORACLE_NOBODY),
            values[k * n + i], 1e-14);
        for (guint32 j = 0; j < i; j++)
          ck_assert_double_eq_tol (oracle_path (ensemble, others, rows, 0, index, k, i, j),
                                   interactions[(k * n + i) * n + j], 1e-14);
      }
}

/* The oracle of long paths where all coalitions can be gone through. */
START_TEST (the_definition_agrees_with_all_coalitions)
{
  g_autoptr (ShsTreeEnsemble) ensemble = random_ensemble (980 + _i, &small[_i]);
  g_autoptr (ShsMatrix) rows = random_rows (981, 1, ensemble->n_features);
  g_autoptr (ShsMatrix) others = random_rows (982, 5, ensemble->n_features);
  gsize n = ensemble->n_players;
  g_autofree double *interactions = g_new (double, ensemble->n_outputs *n *n);
  g_autofree double *values = g_new (double, ensemble->n_outputs *n);

  for (int is_against = 0; is_against < 2; is_against++)
    for (ShsTreeIndex i = SHS_TREE_INDEX_SHAPLEY; i <= SHS_TREE_INDEX_BANZHAF; i++)
      {
        const ShsMatrix *background = is_against ? others : NULL;

        oracle_interactions (ensemble, background, rows, 0, i, interactions);
        oracle_interventional (ensemble, background, rows, 0, i, values);
        assert_same_pair (ensemble, background, rows, i, interactions, values);
      }
}
END_TEST

/* Features on which two rows differ are few: all their coalitions, the others are as in both. */
static void
expect_transformed (const Case *self, gsize row, gsize z, const ShsTreeLinkUse *use, gsize output,
                    double *values)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  g_autofree gint32 *bit_of = g_new (gint32, ensemble->n_players);
  g_autofree guint32 *differ = g_new (guint32, ensemble->n_players);
  g_autoptr (ShsMatrix) mixtures = NULL;
  g_autoptr (ShsMatrix) margins = NULL;
  gsize k = 0;

  memset (bit_of, 0xff, ensemble->n_players * sizeof *bit_of);
  for (gsize j = 0; j < ensemble->n_features; j++)
    if (memcmp (shs_matrix_column (self->rows, j) + row, shs_matrix_column (self->others, j) + z,
                sizeof (double))
            != 0
        && bit_of[ensemble->player[j]] < 0)
      {
        bit_of[ensemble->player[j]] = (gint32)k;
        differ[k++] = ensemble->player[j];
      }
  ck_assert_uint_le (k, 2 * N_CHANGED);
  mixtures = shs_matrix_new ((gsize)1 << k, ensemble->n_features, NULL);
  for (gsize i = 0; i < mixtures->n_rows; i++)
    for (gsize j = 0; j < ensemble->n_features; j++)
      shs_matrix_set (mixtures, i, j,
                      bit_of[ensemble->player[j]] >= 0 && i >> bit_of[ensemble->player[j]] & 1
                          ? shs_matrix_get (self->rows, row, j)
                          : shs_matrix_get (self->others, z, j));
  margins = oracle_predict (ensemble, mixtures);
  for (gsize i = 0; i < k; i++)
    {
      long double sum = 0;

      for (gsize s = 0; s < mixtures->n_rows; s++)
        if (!(s >> i & 1))
          sum += oracle_get_weight (SHS_TREE_INDEX_SHAPLEY, __builtin_popcountll (s), k)
                 * (oracle_apply_link (use, margins, s | (gsize)1 << i, output)
                    - oracle_apply_link (use, margins, s, output));
      values[differ[i]] += (double)(sum / N_BACKGROUND);
    }
}

START_TEST (probabilities_and_losses_are_those_of_all_coalitions)
{
  static const ShsTreeLink links[] = { SHS_TREE_LINK_LOGISTIC, SHS_TREE_LINK_LOG_LOSS };
  g_auto (Case) self = make_case ((gsize)_i / 2);
  gsize n = self.ensemble->n_players;
  g_autoptr (ShsMatrix) values = shs_matrix_new (N_ROWS, n * self.ensemble->n_outputs, NULL);
  g_autoptr (ShsMatrix) bases = shs_matrix_new (N_ROWS, self.ensemble->n_outputs, NULL);
  g_autofree double *expected = g_new (double, n);
  double targets[N_ROWS] = { 0, 1, 1 };
  ShsTreeTransform transform = {
    .link = links[_i % 2], .slope = 1.5, .most_exact = 12, .n_permutations = 2, .targets = targets
  };
  ShsTreeTransformed result = { .values = values, .bases = bases };
  ShsTreeOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  shs_tree_transformed (self.ensemble, self.others, self.rows, &transform, &options, &result,
                        &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (result.n_sampled, 0);
  for (gsize row = 0; row < N_ROWS; row++)
    for (gsize k = 0; k < shs_tree_link_count_outputs (transform.link, self.ensemble->n_outputs);
         k++)
      {
        ShsTreeLinkUse use = { transform.link, transform.slope, targets[row] };

        memset (expected, 0, n * sizeof *expected);
        for (gsize z = 0; z < N_BACKGROUND; z++)
          expect_transformed (&self, row, z, &use, k, expected);
        for (gsize i = 0; i < n; i++)
          ck_assert_double_eq_tol (shs_matrix_get (values, row, k * n + i), expected[i], 1e-12);
      }
}
END_TEST

START_TEST (threads_and_picked_pairs_change_nothing)
{
  g_auto (Case) self = make_case (1);
  gsize n = self.pairs->n;
  gsize numbers[] = { 3, n / 2, n - 1 };
  g_autoptr (ShsTreePairs) some = shs_tree_pairs_pick (self.pairs, numbers, 3, NULL);
  ShsTreeOptions one = { .n_threads = 1 };
  ShsTreeOptions three = { .n_threads = 3 };
  g_autoptr (ShsMatrix) expected = explain (&self, TRUE, self.pairs, &one);
  g_autoptr (ShsMatrix) all = explain (&self, TRUE, self.pairs, &three);
  g_autoptr (ShsMatrix) few = explain (&self, TRUE, some, &three);

  for (gsize row = 0; row < N_ROWS; row++)
    {
      for (gsize j = 0; j < all->n_columns; j++)
        ck_assert_double_eq (shs_matrix_get (all, row, j), shs_matrix_get (expected, row, j));
      for (gsize j = 0; j < few->n_columns; j++)
        ck_assert_double_eq (shs_matrix_get (few, row, j),
                             shs_matrix_get (expected, row, j / 3 * n + numbers[j % 3]));
    }
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_auto (Case) self = make_case (0);
  g_autoptr (ShsMatrix) values = shs_matrix_new (N_ROWS, self.pairs->n, NULL);
  ShsTreeOptions options = { .n_threads = 1 };
  g_autoptr (ShsTreeBackground) background = count (&self, &options);
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth += 1 + nth / 32)
    {
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (nth);
      done = shs_tree_interactions (self.ensemble, background, self.pairs, self.rows, &options,
                                    values, &error);
      shs_alloc_fail_at (0);
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 20);
}
END_TEST

Suite *
long_paths_suite (void)
{
  Suite *suite = suite_create ("long paths");
  TCase *cases = tcase_create ("long paths");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, the_definition_agrees_with_all_coalitions, 0, G_N_ELEMENTS (small));
  tcase_add_loop_test (cases, values_are_those_of_the_definition, 0, G_N_ELEMENTS (chains));
  tcase_add_loop_test (cases, interactions_are_those_of_the_definition, 0, G_N_ELEMENTS (chains));
  tcase_add_loop_test (cases, probabilities_and_losses_are_those_of_all_coalitions, 0,
                       2 * G_N_ELEMENTS (chains));
  tcase_add_test (cases, threads_and_picked_pairs_change_nothing);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
