/* Results that memory does not hold: written while they are computed, read back by blocks. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "example.h"
#include "large.h"
#include "result/shs-explanation-file.h"

#include <string.h>
#include <unistd.h>

Suite *large_results_suite (void);

/* One output and three, numbers and categories. */
static const char *const examples[] = { "doctor-visits", "penguins" };

static ShsColumnMatch *
open_example (const char *name)
{
  return large_match (name, name);
}

static ShsExplanation *
explain (ShsColumnMatch *match, const char *result_path)
{
  const ShsExplainOptions options = { .result_path = result_path };

  return large_explain (match, &options);
}

START_TEST (a_result_larger_than_memory_gives_the_same_file)
{
  g_autoptr (ShsColumnMatch) match = open_example (examples[_i]);
  g_autofree char *small_path = shs_test_temporary ("small.h5");
  g_autofree char *large_name = g_strdup_printf ("large-%d.h5", _i);
  g_autofree char *large_path = shs_test_temporary (large_name);
  g_autofree char *again_path = shs_test_temporary ("again.h5");
  g_autoptr (ShsExplanation) small = explain (match, small_path);
  g_autoptr (ShsExplanation) large = NULL;
  g_autoptr (GBytes) a = large_save (small, small_path);
  g_autoptr (GBytes) b = NULL;
  g_autoptr (GBytes) c = NULL;

  ck_assert (!shs_values_are_in_file (shs_explanation_get_parts (small)->values));
  shs_memory_set_limit (LARGE_BUDGET);
  large = explain (match, large_path);
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->values));
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->data));
  ck_assert (!g_file_test (large_path, G_FILE_TEST_EXISTS)); /* not yet */
  b = large_save (large, large_path);
  c = large_save (large, again_path); /* not the file that it was written to */
  ck_assert (g_bytes_equal (a, b));
  ck_assert (g_bytes_equal (a, c));
}
END_TEST

START_TEST (a_file_larger_than_memory_is_read_by_blocks)
{
  static const char *const endings[] = { ".h5", ".npz", ".json", ".csv" };
  g_autoptr (ShsColumnMatch) match = open_example (examples[_i]);
  g_autofree char *path = shs_test_temporary ("explained.h5");
  g_autoptr (ShsExplanation) explained = explain (match, path);
  g_autoptr (ShsExplanation) large = NULL;
  g_autoptr (ShsExplanation) small = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert (shs_explanation_save (explained, path, NULL, NULL));
  small = shs_explanation_load (path, NULL, NULL);
  shs_memory_set_limit (LARGE_BUDGET);
  large = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->values));
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->data));
  ck_assert (!shs_values_are_in_file (shs_explanation_get_parts (small)->values));
  example_assert_equal (explained, large);
  for (gsize f = 0; f < G_N_ELEMENTS (endings); f++)
    {
      g_autofree char *name_a = g_strconcat ("a", endings[f], NULL);
      g_autofree char *name_b = g_strconcat ("b", endings[f], NULL);
      g_autofree char *path_a = shs_test_temporary (name_a);
      g_autofree char *path_b = shs_test_temporary (name_b);
      g_autoptr (GBytes) a = large_save (small, path_a);
      g_autoptr (GBytes) b = large_save (large, path_b);

      ck_assert_msg (g_bytes_equal (a, b), "%s differs", endings[f]);
    }
}
END_TEST

static void
assert_same_rows (ShsExplanation *small, ShsExplanation *large, const gsize *rows, gsize n,
                  gboolean in_file)
{
  g_autoptr (ShsExplanation) a = shs_explanation_take_rows (small, rows, n, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) b = shs_explanation_take_rows (large, rows, n, &error);

  shs_test_assert_no_error (error);
  ck_assert_int_eq (shs_values_are_in_file (shs_explanation_get_parts (b)->values), in_file);
  example_assert_equal (a, b);
}

START_TEST (summaries_and_cohorts_of_a_large_result_are_the_same)
{
  g_autoptr (ShsColumnMatch) match = open_example ("doctor-visits");
  g_autoptr (ShsExplanation) small = explain (match, NULL);
  g_autofree char *path = shs_test_temporary ("summarised.h5");
  g_autoptr (ShsExplanation) large = NULL;
  gsize n = shs_explanation_get_n_rows (small);
  gsize m = shs_explanation_get_n_features (small);
  g_autofree ShsFeatureSummary *a = g_new (ShsFeatureSummary, m);
  g_autofree ShsFeatureSummary *b = g_new (ShsFeatureSummary, m);
  g_autofree gsize *rows = g_new (gsize, n);
  double residual_a, residual_b;

  ck_assert (shs_explanation_save (small, path, NULL, NULL));
  shs_memory_set_limit (LARGE_BUDGET);
  large = shs_explanation_load (path, NULL, NULL);
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->values));
  ck_assert (shs_explanation_summarise (small, 0, a, &residual_a, NULL));
  ck_assert (shs_explanation_summarise (large, 0, b, &residual_b, NULL));
  ck_assert_mem_eq (a, b, m * sizeof *a);
  ck_assert (residual_a == residual_b);
  for (gsize i = 0; i < n; i++)
    rows[i] = (i * 7919) % n; /* all, out of order */
  assert_same_rows (small, large, rows, n, TRUE);
  for (gsize i = 0; i < 20; i++)
    rows[i] = i < 10 ? 50 + i : n - 1 - i;
  assert_same_rows (small, large, rows, 20, FALSE);
}
END_TEST

START_TEST (other_files_larger_than_memory_say_that_an_h5_file_would_do)
{
  static const char *const endings[] = { ".npz", ".json", ".csv" };
  const ExampleOptions options = { .n_rows = 20000, .n_features = 8, .n_outputs = 1 };
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  g_autofree char *name = g_strconcat ("whole", endings[_i], NULL);
  g_autofree char *path = shs_test_temporary (name);
  g_autoptr (GError) error = NULL;

  ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
  shs_memory_set_limit (LARGE_BUDGET);
  ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  ck_assert_ptr_nonnull (strstr (error->message, name));
  ck_assert_ptr_nonnull (strstr (error->message, ".h5 file"));
}
END_TEST

/* Another program cuts the file off: an error, not a signal. */
START_TEST (a_file_that_is_shortened_later_is_an_error)
{
  g_autoptr (ShsColumnMatch) match = open_example ("doctor-visits");
  g_autofree char *path = shs_test_temporary ("shortened.h5");
  g_autoptr (ShsExplanation) explained = explain (match, path);
  g_autoptr (ShsExplanation) large = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree ShsFeatureSummary *summaries = NULL;
  g_autofree double *column = g_new (double, shs_explanation_get_n_rows (explained));

  ck_assert (shs_explanation_save (explained, path, NULL, NULL));
  shs_memory_set_limit (LARGE_BUDGET);
  large = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_int_eq (truncate (path, 100000), 0);
  summaries = g_new (ShsFeatureSummary, shs_explanation_get_n_features (large));
  ck_assert (!shs_explanation_summarise (large, 0, summaries, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_ptr_nonnull (strstr (error->message, "shortened"));
  g_clear_error (&error);
  ck_assert (
      !shs_values_read_feature (shs_explanation_get_parts (large)->values, 0, 1, column, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_ptr_null (shs_explanation_load (path, NULL, NULL));
}
END_TEST

/* Cancelled, or never saved: nothing stays in the folder. */
START_TEST (an_abandoned_result_leaves_no_file)
{
  g_autoptr (ShsColumnMatch) match = open_example ("doctor-visits");
  g_autofree char *path = shs_test_temporary ("abandoned/result.h5");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  const ShsExplainOptions options = { .result_path = path };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = explain (match, NULL); /* tables of the trees stay */

  g_clear_pointer (&explanation, shs_explanation_unref);
  ck_assert_int_eq (g_mkdir_with_parents (folder, 0700), 0);
  shs_memory_set_limit (LARGE_BUDGET);
  explanation = explain (match, path);
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS)); /* the values wait without a name */
  g_clear_pointer (&explanation, shs_explanation_unref);
  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_explain (match, &options, NULL, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
  ck_assert_int_eq (rmdir (folder), 0);
}
END_TEST

START_TEST (every_failing_allocation_of_a_large_result_is_an_error)
{
  g_autoptr (ShsColumnMatch) match = open_example ("penguins");
  g_autofree char *path = shs_test_temporary ("failing.h5");
  const ShsExplainOptions options = { .result_path = path, .n_threads = 1 };
  guint64 n_failures = 0;

  shs_memory_set_limit (LARGE_BUDGET);
  for (;; n_failures++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation = NULL;
      g_autoptr (ShsExplanation) back = NULL;

      shs_alloc_fail_at (n_failures + 1);
      explanation = shs_explain (match, &options, NULL, NULL, &error);
      if (explanation != NULL && shs_explanation_save (explanation, path, NULL, &error))
        back = shs_explanation_load (path, NULL, &error);
      shs_alloc_fail_at (0);
      if (back != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_ge (n_failures, 20);
}
END_TEST

Suite *
large_results_suite (void)
{
  Suite *suite = suite_create ("large results");
  TCase *cases = tcase_create ("large results");

  tcase_set_timeout (cases, 60);
  tcase_add_checked_fixture (cases, NULL, large_lift);
  tcase_add_loop_test (cases, a_result_larger_than_memory_gives_the_same_file, 0, 2);
  tcase_add_loop_test (cases, a_file_larger_than_memory_is_read_by_blocks, 0, 2);
  tcase_add_test (cases, summaries_and_cohorts_of_a_large_result_are_the_same);
  tcase_add_loop_test (cases, other_files_larger_than_memory_say_that_an_h5_file_would_do, 0, 3);
  tcase_add_test (cases, a_file_that_is_shortened_later_is_an_error);
  tcase_add_test (cases, an_abandoned_result_leaves_no_file);
  tcase_add_test (cases, every_failing_allocation_of_a_large_result_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
