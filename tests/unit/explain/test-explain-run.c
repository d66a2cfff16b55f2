#include "test-explain-fixture.h"

#include "core/shs-error.h"
#include "core/shs-random.h"

#include <math.h>

Suite *explain_run_suite (void);

static void
open_named (ExplainFixture *fixture, const char *name)
{
  g_autofree char *stem = shs_test_fixture (name);

  explain_fixture_open (fixture, stem);
}

static ShsExplanation *
explain_rows (const ExplainFixture *fixture, gsize first, gsize n, guint n_threads)
{
  ShsExplainOptions options = { .first_row = first, .n_rows = n, .n_threads = n_threads };
  g_autoptr (GError) error = NULL;
  ShsExplanation *explanation = shs_explain (fixture->match, &options, NULL, NULL, &error);

  shs_test_assert_no_error (error);
  return explanation;
}

static void
assert_same_values (ShsExplanation *part, gsize offset, ShsExplanation *whole)
{
  gsize n_features = shs_explanation_get_n_features (whole);
  SHS_AUTOFREE double *a = shs_alloc (n_features, sizeof *a, NULL);
  SHS_AUTOFREE double *b = shs_alloc (n_features, sizeof *b, NULL);

  for (gsize k = 0; k < shs_explanation_get_n_outputs (whole); k++)
    for (gsize i = 0; i < shs_explanation_get_n_rows (part); i++)
      {
        ck_assert (shs_values_read_row (shs_explanation_get_parts (part)->values, k, i, a, NULL));
        ck_assert (shs_values_read_row (shs_explanation_get_parts (whole)->values, k, offset + i, b,
                                        NULL));
        ck_assert_mem_eq (a, b, n_features * sizeof *a);
      }
}

START_TEST (shards_and_threads_give_the_same_bits)
{
  g_auto (ExplainFixture) fixture = { 0 };

  open_named (&fixture, _i == 0 ? "xgboost/3.4.1/multi" : "xgboost/3.4.1/linear");
  gsize n = shs_dataset_get_n_rows (fixture.dataset);
  g_autoptr (ShsExplanation) whole = explain_rows (&fixture, 0, 0, 1);
  g_autoptr (ShsExplanation) threaded = explain_rows (&fixture, 0, 0, 4);
  g_autoptr (ShsExplanation) head = explain_rows (&fixture, 0, 7, 2);
  g_autoptr (ShsExplanation) tail = explain_rows (&fixture, 7, n - 7, 2);

  assert_same_values (threaded, 0, whole);
  assert_same_values (head, 0, whole);
  assert_same_values (tail, 7, whole);
}
END_TEST

START_TEST (a_part_of_the_rows_knows_where_they_come_from)
{
  g_auto (ExplainFixture) fixture = { 0 };

  open_named (&fixture, "xgboost/3.4.1/binary");
  g_autoptr (ShsExplanation) tail = explain_rows (&fixture, 5, 3, 1);
  const ShsExplanationParts *parts = shs_explanation_get_parts (tail);

  ck_assert_uint_eq (shs_explanation_get_n_rows (tail), 3);
  ck_assert_uint_eq (parts->row_index[0], 5);
  ck_assert_str_eq (parts->provenance.method, "tree path-dependent");
  ck_assert_str_eq (parts->provenance.background, "in the model");
}
END_TEST

START_TEST (rows_that_do_not_exist_are_refused)
{
  g_auto (ExplainFixture) fixture = { 0 };
  g_autoptr (GError) error = NULL;
  ShsExplainOptions options = { .first_row = 20, .n_rows = 1000 };

  open_named (&fixture, "xgboost/3.4.1/binary");
  ck_assert_ptr_null (shs_explain (fixture.match, &options, NULL, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (an_explainer_that_does_not_fit_says_why)
{
  g_auto (ExplainFixture) trees = { 0 };
  g_auto (ExplainFixture) without_covers = { 0 };
  g_autoptr (GError) linear = NULL;
  g_autoptr (GError) covers = NULL;
  ShsExplainer chosen;

  open_named (&trees, "xgboost/3.4.1/binary");
  open_named (&without_covers, "xgboost/2.1.4/vector-leaf");
  ck_assert (!shs_explain_choose (trees.model, SHS_EXPLAINER_LINEAR, FALSE, &chosen, &linear));
  shs_test_assert_error (linear, SHS_ERROR_UNSUPPORTED);
  ck_assert (
      !shs_explain_choose (without_covers.model, SHS_EXPLAINER_AUTO, FALSE, &chosen, &covers));
  shs_test_assert_error (covers, SHS_ERROR_UNSUPPORTED);
  ck_assert_ptr_nonnull (g_strrstr (covers->message, "covers"));
  ck_assert_ptr_nonnull (g_strrstr (covers->message, "--background all"));
}
END_TEST

START_TEST (a_linear_model_is_explained_against_the_mean_of_its_data)
{
  g_auto (ExplainFixture) fixture = { 0 };
  gsize n_numbers = 0;

  open_named (&fixture, "xgboost/3.4.1/linear");
  g_autoptr (ShsExplanation) explanation = explain_rows (&fixture, 0, 0, 1);
  SHS_AUTOFREE double *margin = explain_fixture_read (&fixture, "margin", &n_numbers);
  double mean = 0;

  for (gsize i = 0; i < n_numbers; i++)
    mean += margin[i] / n_numbers;
  ck_assert_double_eq_tol (shs_explanation_get_base_value (explanation, 0, 0), mean, 1e-5);
  for (gsize j = 0; j < shs_explanation_get_n_features (explanation); j++)
    {
      SHS_AUTOFREE double *values = shs_alloc (n_numbers, sizeof *values, NULL);
      double sum = 0;

      ck_assert (shs_values_read_feature (shs_explanation_get_parts (explanation)->values, 0, j,
                                          values, NULL));
      for (gsize i = 0; i < n_numbers; i++)
        sum += values[i];
      ck_assert_double_eq_tol (sum / n_numbers, 0, 1e-9);
    }
}
END_TEST

/* The rows of a fixture again and again, so that tables pay. */
static ShsDataset *
repeat_rows (const ExplainFixture *fixture, gsize n_rows)
{
  gsize n_features = shs_model_get_parts (fixture->model)->n_features;
  gsize n_numbers = 0;
  SHS_AUTOFREE double *x = explain_fixture_read (fixture, "x", &n_numbers);
  ShsTableBuilder *builder = shs_table_builder_new (n_rows);

  for (gsize j = 0; j < n_features; j++)
    {
      double *column = shs_alloc (n_rows, sizeof *column, NULL);

      for (gsize i = 0; i < n_rows; i++)
        column[i] = x[i * n_features % n_numbers + j];
      shs_table_builder_add_doubles (builder, shs_model_get_feature (fixture->model, j)->name,
                                     column);
    }
  return shs_table_builder_finish (builder, "rows");
}

static const struct
{
  const char *name;
  gsize n_rows;
  ShsExplainer explainer;
  gboolean compares;
  gboolean interactions;
} counted[] = {
  { "xgboost/3.4.1/binary", 30, SHS_EXPLAINER_PATH_DEPENDENT, FALSE, TRUE },
  { "xgboost/3.4.1/binary", 20000, SHS_EXPLAINER_PATH_DEPENDENT, FALSE, FALSE },
  { "xgboost/3.4.1/binary", 20000, SHS_EXPLAINER_BANZHAF, FALSE, FALSE },
  { "xgboost/3.4.1/multi", 30, SHS_EXPLAINER_SAABAS, FALSE, FALSE },
  { "xgboost/3.4.1/multi", 30, SHS_EXPLAINER_INTERVENTIONAL, TRUE, TRUE },
  { "lightgbm/4.7.0/linear-multi", 30, SHS_EXPLAINER_INTERVENTIONAL, TRUE, TRUE },
};

START_TEST (progress_ends_at_its_total)
{
  g_auto (ExplainFixture) fixture = { 0 };
  g_autoptr (ShsDataset) rows = NULL;
  g_autoptr (ShsColumnMatch) match = NULL;
  g_autoptr (ShsBackground) background = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;
  ShsExplainOptions options
      = { .explainer = counted[_i].explainer, .interactions = counted[_i].interactions };

  open_named (&fixture, counted[_i].name);
  rows = repeat_rows (&fixture, counted[_i].n_rows);
  match = shs_column_match_new (fixture.model, rows, NULL, &error);
  shs_test_assert_no_error (error);
  if (counted[_i].compares)
    options.background = background = shs_background_new_drawn (match, 20, 1, &error);
  shs_test_assert_no_error (error);
  explanation = shs_explain (match, &options, NULL, progress, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_gt (shs_progress_get_total (progress), 0);
  ck_assert_uint_eq (shs_progress_get_done (progress), shs_progress_get_total (progress));
}
END_TEST

START_TEST (a_cancelled_explanation_ends_with_cancelled)
{
  g_auto (ExplainFixture) fixture = { 0 };
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;
  ShsExplainOptions options = { 0 };

  open_named (&fixture, "xgboost/3.4.1/multi");
  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_explain (fixture.match, &options, NULL, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

START_TEST (every_failing_allocation_is_an_error)
{
  g_auto (ExplainFixture) fixture = { 0 };
  ShsExplainOptions options = { .n_threads = 1 };
  guint n_failures = 0;

  open_named (&fixture, "xgboost/3.4.1/multi");
  for (guint64 n = 1; n < 10000; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation = NULL;

      shs_alloc_fail_at (n);
      explanation = shs_explain (fixture.match, &options, NULL, NULL, &error);
      shs_alloc_fail_at (0);
      if (explanation != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
      n_failures++;
    }
  ck_assert_uint_gt (n_failures, 5);
  ck_assert_uint_lt (n_failures, 9000);
}
END_TEST

Suite *
explain_run_suite (void)
{
  Suite *suite = suite_create ("run");
  TCase *cases = tcase_create ("run");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, shards_and_threads_give_the_same_bits, 0, 2);
  tcase_add_test (cases, a_part_of_the_rows_knows_where_they_come_from);
  tcase_add_test (cases, rows_that_do_not_exist_are_refused);
  tcase_add_test (cases, an_explainer_that_does_not_fit_says_why);
  tcase_add_test (cases, a_linear_model_is_explained_against_the_mean_of_its_data);
  tcase_add_loop_test (cases, progress_ends_at_its_total, 0, G_N_ELEMENTS (counted));
  tcase_add_test (cases, a_cancelled_explanation_ends_with_cancelled);
  tcase_add_test (cases, every_failing_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
