#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "example.h"
#include "result/shs-explanation-file.h"
#include "result/shs-interactions.h"

#include <math.h>
#include <string.h>

Suite *interactions_suite (void);

#define N_ROWS 3
#define N_FEATURES 4
#define N_OUTPUTS 2

/* Main effects, and the two pairs of features that meet. */
static const guint32 pairs[] = { 0, 0, 0, 2, 1, 1, 1, 3, 2, 2, 3, 3 };
#define N_PAIRS (G_N_ELEMENTS (pairs) / 2)

static double
get_number (gsize row, gsize pair, gsize output)
{
  return (pair % 2 == 0 ? 1 : -1) * (double)(100 * output + 10 * row + pair);
}

static ShsExplanation *
explain_pairs (void)
{
  const ExampleOptions options
      = { .n_rows = N_ROWS, .n_features = N_FEATURES, .n_outputs = N_OUTPUTS };
  ShsExplanationParts parts = example_parts (&options, 1);
  g_autoptr (ShsMatrix) block = shs_matrix_new (N_ROWS, N_PAIRS * N_OUTPUTS, NULL);
  g_autoptr (GError) error = NULL;
  ShsExplanation *explanation;

  parts.pairs = shs_alloc (2 * N_PAIRS, sizeof *parts.pairs, NULL);
  memcpy (parts.pairs, pairs, sizeof pairs);
  parts.n_pairs = N_PAIRS;
  parts.interactions = shs_values_new_doubles (N_ROWS, N_PAIRS, N_OUTPUTS, NULL);
  for (gsize c = 0; c < N_PAIRS * N_OUTPUTS; c++)
    for (gsize i = 0; i < N_ROWS; i++)
      shs_matrix_set (block, i, c, get_number (i, c % N_PAIRS, c / N_PAIRS));
  shs_values_write (parts.interactions, 0, block, NULL);
  explanation = shs_explanation_new (&parts, &error);
  shs_test_assert_no_error (error);
  return explanation;
}

START_TEST (both_halves_are_the_same_and_pairs_that_never_meet_are_zero)
{
  g_autoptr (ShsExplanation) explanation = explain_pairs ();
  double upper[N_ROWS], lower[N_ROWS], never[N_ROWS];

  ck_assert (shs_explanation_has_interactions (explanation));
  ck_assert (shs_explanation_read_interaction (explanation, 1, 1, 3, upper, NULL));
  ck_assert (shs_explanation_read_interaction (explanation, 1, 3, 1, lower, NULL));
  ck_assert (shs_explanation_read_interaction (explanation, 1, 0, 3, never, NULL));
  for (gsize i = 0; i < N_ROWS; i++)
    {
      ck_assert_double_eq (upper[i], get_number (i, 3, 1));
      ck_assert_double_eq (lower[i], upper[i]);
      ck_assert_double_eq (never[i], 0);
    }
}
END_TEST

START_TEST (pairs_are_counted_alike_however_they_are_stored)
{
  const ExampleOptions options
      = { .n_rows = 2, .n_features = 5, .n_outputs = 1, .with_interactions = TRUE };
  g_autoptr (ShsExplanation) whole = example_new (&options, 1);
  g_autoptr (ShsExplanation) sparse = explain_pairs ();
  gsize n = shs_explanation_get_n_pairs (whole);
  gsize pair = 0;

  ck_assert_uint_eq (n, 15);
  for (gsize a = 0; a < 5; a++)
    for (gsize b = a; b < 5; b++, pair++)
      {
        gsize first, second;

        shs_explanation_get_pair (whole, pair, &first, &second);
        ck_assert_uint_eq (first, a);
        ck_assert_uint_eq (second, b);
      }
  ck_assert_uint_eq (shs_explanation_get_n_pairs (sparse), N_PAIRS);
}
END_TEST

START_TEST (means_are_of_magnitudes)
{
  g_autoptr (ShsExplanation) explanation = explain_pairs ();
  double means[N_PAIRS];

  ck_assert (shs_explanation_summarise_interactions (explanation, 1, means, NULL));
  for (gsize p = 0; p < N_PAIRS; p++)
    ck_assert_double_eq_tol (means[p], 110 + (double)p, 1e-12);
}
END_TEST

START_TEST (pairs_that_were_left_out_are_told_from_those_that_never_meet)
{
  static const char *const names[] = { "met.npz", "met.h5", "met.json" };
  static const guint32 met[] = { 0, 0, 1, 0, 1, 0, 0, 2, 1, 1, 1, 1, 1, 3, 1, 2, 2, 1, 3, 3, 1 };
  g_autoptr (ShsExplanation) explanation = explain_pairs ();
  ShsExplanationParts *parts = (ShsExplanationParts *)shs_explanation_get_parts (explanation);
  g_autofree char *path = shs_test_temporary (names[_i]);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) read = NULL;

  parts->met = shs_alloc (sizeof met, 1, NULL);
  memcpy (parts->met, met, sizeof met);
  parts->n_met = G_N_ELEMENTS (met) / 3;
  ck_assert (shs_explanation_save (explanation, path, NULL, &error));
  shs_test_assert_no_error (error);
  read = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_explanation_count_strongest_pairs (read), 2);
  ck_assert (shs_explanation_lacks_pair (read, 1, 0));
  ck_assert (!shs_explanation_lacks_pair (read, 3, 1));
  ck_assert (!shs_explanation_lacks_pair (read, 0, 3));
}
END_TEST

START_TEST (files_hold_whole_matrices)
{
  static const char *const names[] = { "pairs.npz", "pairs.h5", "pairs.json" };
  g_autoptr (ShsExplanation) explanation = explain_pairs ();
  g_autofree char *path = shs_test_temporary (names[_i]);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) read = NULL;

  ck_assert (shs_explanation_save (explanation, path, NULL, &error));
  shs_test_assert_no_error (error);
  read = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  for (gsize k = 0; k < N_OUTPUTS; k++)
    for (gsize a = 0; a < N_FEATURES; a++)
      for (gsize b = 0; b < N_FEATURES; b++)
        {
          double kept[N_ROWS], expected[N_ROWS];

          ck_assert (shs_explanation_read_interaction (read, k, a, b, kept, NULL));
          ck_assert (shs_explanation_read_interaction (explanation, k, a, b, expected, NULL));
          ck_assert_mem_eq (kept, expected, sizeof kept);
        }
}
END_TEST

START_TEST (rows_take_their_interactions_along)
{
  const gsize rows[] = { 2, 0 };
  g_autoptr (ShsExplanation) explanation = explain_pairs ();
  g_autoptr (ShsExplanation) taken = shs_explanation_take_rows (explanation, rows, 2, NULL);
  double numbers[2];

  ck_assert (shs_explanation_read_interaction (taken, 0, 0, 2, numbers, NULL));
  ck_assert_double_eq (numbers[0], get_number (2, 1, 0));
  ck_assert_double_eq (numbers[1], get_number (0, 1, 0));
}
END_TEST

START_TEST (pairs_in_the_wrong_place_are_refused)
{
  static const guint32 wrong[][4]
      = { { 1, 0, 2, 2 }, { 1, 1, 0, 0 }, { 0, 1, 0, 1 }, { 0, 1, 2, 9 } };
  const ExampleOptions options = { .n_rows = 1, .n_features = 4, .n_outputs = 1 };
  ShsExplanationParts parts = example_parts (&options, 1);
  g_autoptr (GError) error = NULL;

  parts.pairs = shs_alloc (4, sizeof *parts.pairs, NULL);
  memcpy (parts.pairs, wrong[_i], sizeof wrong[_i]);
  parts.n_pairs = 2;
  parts.interactions = shs_values_new_doubles (1, 2, 1, NULL);
  ck_assert_ptr_null (shs_explanation_new (&parts, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
}
END_TEST

START_TEST (an_explanation_without_interactions_says_so)
{
  const ExampleOptions options = { .n_rows = 1, .n_features = 4, .n_outputs = 1 };
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  g_autoptr (GError) error = NULL;
  double number;

  ck_assert (!shs_explanation_has_interactions (explanation));
  ck_assert (!shs_explanation_read_interaction (explanation, 0, 0, 1, &number, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

Suite *
interactions_suite (void)
{
  Suite *suite = suite_create ("interactions");
  TCase *cases = tcase_create ("interactions");

  tcase_add_test (cases, both_halves_are_the_same_and_pairs_that_never_meet_are_zero);
  tcase_add_test (cases, pairs_are_counted_alike_however_they_are_stored);
  tcase_add_test (cases, means_are_of_magnitudes);
  tcase_add_loop_test (cases, files_hold_whole_matrices, 0, 3);
  tcase_add_loop_test (cases, pairs_that_were_left_out_are_told_from_those_that_never_meet, 0, 3);
  tcase_add_test (cases, rows_take_their_interactions_along);
  tcase_add_loop_test (cases, pairs_in_the_wrong_place_are_refused, 0, 4);
  tcase_add_test (cases, an_explanation_without_interactions_says_so);
  suite_add_tcase (suite, cases);
  return suite;
}
