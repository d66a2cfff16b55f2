#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "example.h"
#include "result/shs-explanation-private.h"

#include <math.h>

Suite *explanation_suite (void);

static const ExampleOptions everything = {
  .n_rows = 9,
  .n_features = 5,
  .n_outputs = 3,
  .in_double = TRUE,
  .with_predictions = TRUE,
  .with_data = TRUE,
  .with_categories = TRUE,
  .with_missing = TRUE,
  .with_target = TRUE,
  .with_rows = TRUE,
  .with_interactions = TRUE,
  .with_std_errors = TRUE,
  .with_base_per_row = TRUE,
  .with_clustering = TRUE,
  .with_provenance = TRUE,
};

START_TEST (features_outputs_and_rows_are_found_by_name_and_index)
{
  g_autoptr (ShsExplanation) explanation = example_new (&everything, 1);

  ck_assert_int_eq (shs_explanation_find_feature (explanation, "näme, \"3\""), 3);
  ck_assert_int_eq (shs_explanation_find_feature (explanation, "#4"), 4);
  ck_assert_int_eq (shs_explanation_find_feature (explanation, "#5"), -1);
  ck_assert_int_eq (shs_explanation_find_feature (explanation, "4"), 4);
  ck_assert_int_eq (shs_explanation_find_feature (explanation, "5"), -1);
  ck_assert_int_eq (shs_explanation_find_feature (explanation, "#-1"), -1);
  ck_assert_int_eq (shs_explanation_find_output (explanation, "class 1"), 1);
  ck_assert_int_eq (shs_explanation_find_output (explanation, "2"), 2);
  ck_assert_int_eq (shs_explanation_find_output (explanation, "3"), -1);
  ck_assert_int_eq (shs_explanation_find_output (explanation, ""), -1);
  ck_assert_int_eq (shs_explanation_find_row (explanation, "person C2"), 2);
  ck_assert_int_eq (shs_explanation_find_row (explanation, "8"), 8);
  ck_assert_int_eq (shs_explanation_find_row (explanation, "9"), -1);
  ck_assert_int_eq (shs_explanation_find_row (explanation, "+1"), -1);
}
END_TEST

START_TEST (values_are_described_as_a_person_reads_them)
{
  g_autoptr (ShsExplanation) explanation = example_new (&everything, 1);
  g_autofree char *category = shs_explanation_describe_value (explanation, 1, 1);
  g_autofree char *unseen = shs_explanation_describe_value (explanation, 1, 7);
  g_autofree char *missing = shs_explanation_describe_value (explanation, 1, NAN);
  g_autofree char *rounded = shs_explanation_describe_value (explanation, 0, (double)0.1f);
  g_autofree char *year = shs_explanation_describe_value (explanation, 0, 1995);
  g_autofree char *row = shs_explanation_describe_row (explanation, 2);

  ck_assert_str_eq (category, "grün");
  ck_assert_str_eq (unseen, "7");
  ck_assert_str_eq (missing, "missing");
  ck_assert_str_eq (rounded, "0.1");
  ck_assert_str_eq (year, "1995");
  ck_assert_str_eq (row, "person C2");
}
END_TEST

START_TEST (inputs_without_columns_get_names)
{
  const ExampleOptions image
      = { .n_rows = 2, .n_features = 12, .n_outputs = 1, .with_shape = TRUE };
  g_autoptr (ShsExplanation) explanation = example_new (&image, 1);

  ck_assert_str_eq (shs_explanation_get_column (explanation, 0)->name, "pixel 0,0 channel 0");
  ck_assert_str_eq (shs_explanation_get_column (explanation, 11)->name, "pixel 1,2 channel 1");
  ck_assert_int_eq (shs_explanation_find_feature (explanation, "pixel 1,0 channel 1"), 7);
}
END_TEST

/* The oracle: one loop over all rows, straight from the definitions. */
static void
assert_summary (ShsExplanation *explanation, gsize output)
{
  gsize n = shs_explanation_get_n_rows (explanation);
  gsize m = shs_explanation_get_n_features (explanation);
  g_autofree ShsFeatureSummary *summaries = g_new (ShsFeatureSummary, m);
  g_autofree double *numbers = g_new (double, n);
  double residual;

  ck_assert (shs_explanation_summarise (explanation, output, summaries, &residual, NULL));
  ck_assert_double_le (residual, 1e-12);
  for (gsize j = 0; j < m; j++)
    {
      double sum = 0, absolute = 0, least = INFINITY, most = -INFINITY;

      shs_values_read_feature (shs_explanation_get_parts (explanation)->values, output, j, numbers,
                               NULL);
      for (gsize i = 0; i < n; i++)
        {
          sum += numbers[i];
          absolute += fabs (numbers[i]);
          least = MIN (least, numbers[i]);
          most = MAX (most, numbers[i]);
        }
      ck_assert_double_eq_tol (summaries[j].mean, sum / (double)n, 1e-12);
      ck_assert_double_eq_tol (summaries[j].mean_absolute, absolute / (double)n, 1e-12);
      ck_assert (summaries[j].minimum == least && summaries[j].maximum == most);
      ck_assert (summaries[j].max_absolute == MAX (fabs (least), fabs (most)));
    }
}

START_TEST (summaries_agree_with_their_definition)
{
  const gsize n_rows[] = { 1, 9, 4096, 4097, 10000 };

  for (gsize i = 0; i < G_N_ELEMENTS (n_rows); i++)
    {
      ExampleOptions options = { .n_features = 4,
                                 .n_outputs = 2,
                                 .in_double = TRUE,
                                 .with_predictions = TRUE,
                                 .with_base_per_row = i % 2 == 1 };
      g_autoptr (ShsExplanation) explanation = NULL;

      options.n_rows = n_rows[i];
      explanation = example_new (&options, i);
      assert_summary (explanation, 0);
      assert_summary (explanation, 1);
    }
}
END_TEST

START_TEST (a_wrong_prediction_shows_as_residual)
{
  ExampleOptions options = {
    .n_rows = 5000, .n_features = 2, .n_outputs = 1, .in_double = TRUE, .with_predictions = TRUE
  };
  g_autoptr (ShsExplanation) explanation = example_new (&options, 3);
  ShsFeatureSummary summaries[2];
  double residual;

  shs_matrix_column (shs_explanation_get_parts (explanation)->predictions, 0)[4990] += 0.5;
  ck_assert (shs_explanation_summarise (explanation, 0, summaries, &residual, NULL));
  ck_assert_double_eq_tol (residual, 0.5, 1e-12);

  options.with_predictions = FALSE;
  g_autoptr (ShsExplanation) without = example_new (&options, 3);
  ck_assert (shs_explanation_summarise (without, 0, summaries, &residual, NULL));
  ck_assert_double_nan (residual);
}
END_TEST

START_TEST (the_order_is_by_mean_absolute_value)
{
  g_autoptr (ShsExplanation) explanation = example_new (&everything, 4);
  ShsFeatureSummary summaries[5];
  gsize order[5];
  double total[5] = { 0 };
  g_autoptr (GError) error = NULL;

  for (gsize k = 0; k < 3; k++)
    {
      ck_assert (shs_explanation_order (explanation, k, order, NULL));
      shs_explanation_summarise (explanation, k, summaries, NULL, NULL);
      for (gsize j = 0; j < 5; j++)
        total[j] += summaries[j].mean_absolute;
      for (gsize j = 1; j < 5; j++)
        ck_assert (summaries[order[j - 1]].mean_absolute >= summaries[order[j]].mean_absolute);
    }
  ck_assert (shs_explanation_order (explanation, G_MAXSIZE, order, NULL));
  for (gsize j = 1; j < 5; j++)
    ck_assert (total[order[j - 1]] >= total[order[j]]);
  ck_assert (!shs_explanation_order (explanation, 3, order, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (taking_all_rows_changes_nothing)
{
  g_autoptr (ShsExplanation) explanation = example_new (&everything, 5);
  g_autoptr (ShsExplanation) taken = NULL;
  gsize rows[9];

  for (gsize i = 0; i < 9; i++)
    rows[i] = i;
  taken = shs_explanation_take_rows (explanation, rows, 9, NULL);
  example_assert_equal (explanation, taken);
}
END_TEST

START_TEST (rows_carry_everything_that_belongs_to_them)
{
  g_autoptr (ShsExplanation) explanation = example_new (&everything, 6);
  const gsize rows[] = { 8, 2 };
  g_autoptr (ShsExplanation) taken = shs_explanation_take_rows (explanation, rows, 2, NULL);
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  const ShsExplanationParts *less = shs_explanation_get_parts (taken);
  const gsize missing_row = 9;
  g_autoptr (GError) error = NULL;

  ck_assert_uint_eq (shs_explanation_get_n_rows (taken), 2);
  for (gsize i = 0; i < 2; i++)
    {
      ck_assert_uint_eq (less->row_index[i], parts->row_index[rows[i]]);
      ck_assert_str_eq (less->row_names[i], parts->row_names[rows[i]]);
      for (gsize k = 0; k < 3; k++)
        {
          ck_assert (shs_explanation_get_prediction (taken, i, k)
                     == shs_explanation_get_prediction (explanation, rows[i], k));
          ck_assert (shs_explanation_get_base_value (taken, i, k)
                     == shs_explanation_get_base_value (explanation, rows[i], k));
        }
    }
  ck_assert (less->target[0] == parts->target[8]);
  ck_assert_ptr_null (shs_explanation_take_rows (explanation, &missing_row, 1, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (sizes_that_disagree_are_refused_with_both)
{
  g_autoptr (ShsExplanation) explanation = example_new (&everything, 7);
  const ShsExplanationParts *whole = shs_explanation_get_parts (explanation);

  for (int part = 0; part < 6; part++)
    {
      g_auto (ShsExplanationParts) parts = { 0 };
      g_autoptr (GError) error = NULL;

      parts.n_inputs = 1;
      parts.inputs = shs_dataset_inputs_copy (whole->inputs, 1);
      parts.values = shs_values_ref (whole->values);
      parts.output_names = g_strdupv (whole->output_names);
      parts.base_values = shs_alloc0 (3, sizeof (double), NULL);
      if (part == 0)
        parts.data = shs_values_new_floats (8, 5, 1, NULL);
      if (part == 1)
        parts.predictions = shs_matrix_new0 (9, 2, NULL);
      if (part == 2)
        parts.row_names = g_strsplit ("a b c", " ", -1);
      if (part == 3)
        parts.interactions = shs_values_new_floats (9, 24, 3, NULL);
      if (part == 4)
        g_clear_pointer (&parts.output_names, g_strfreev);
      if (part == 5)
        parts.background_values = g_strsplit ("a b c", " ", -1);
      ck_assert_ptr_null (shs_explanation_new (&parts, &error));
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_ptr_null (parts.values);
    }
}
END_TEST

START_TEST (every_failing_allocation_is_an_error)
{
  g_autoptr (ShsExplanation) explanation = example_new (&everything, 8);
  const gsize rows[] = { 1, 3 };
  guint64 n;

  for (n = 1;; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) taken = NULL;

      shs_alloc_fail_at (n);
      taken = shs_explanation_take_rows (explanation, rows, 2, &error);
      shs_alloc_fail_at (0);
      if (taken != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_ge (n, 10);
}
END_TEST

Suite *
explanation_suite (void)
{
  Suite *suite = suite_create ("explanation");
  TCase *cases = tcase_create ("explanation");

  tcase_add_test (cases, features_outputs_and_rows_are_found_by_name_and_index);
  tcase_add_test (cases, values_are_described_as_a_person_reads_them);
  tcase_add_test (cases, inputs_without_columns_get_names);
  tcase_add_test (cases, summaries_agree_with_their_definition);
  tcase_add_test (cases, a_wrong_prediction_shows_as_residual);
  tcase_add_test (cases, the_order_is_by_mean_absolute_value);
  tcase_add_test (cases, taking_all_rows_changes_nothing);
  tcase_add_test (cases, rows_carry_everything_that_belongs_to_them);
  tcase_add_test (cases, sizes_that_disagree_are_refused_with_both);
  tcase_add_test (cases, every_failing_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
