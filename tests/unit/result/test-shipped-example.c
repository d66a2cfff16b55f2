/* The largest example that is shipped: explained, saved in every format, and read back. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "example.h"
#include "explain/shs-explain.h"
#include "io/csv/shs-csv.h"
#include "model/shs-model.h"
#include "result/shs-explanation-file.h"

#include <string.h>

Suite *shipped_example_suite (void);

static ShsExplanation *
explain_largest (void)
{
  g_autofree char *model_path = shs_test_source ("data/examples/doctor-visits.json");
  g_autofree char *data_path = shs_test_source ("data/examples/doctor-visits.csv");
  const ShsProvenance files
      = { .model_name = "doctor-visits.json", .data_name = "doctor-visits.csv" };
  const ShsExplainOptions options = { .seed = 7 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (model_path, NULL, &error);
  g_autoptr (ShsDataset) dataset = shs_csv_open (data_path, NULL, 0, NULL, &error);
  g_autoptr (ShsColumnMatch) match = NULL;
  ShsExplanation *explanation;

  shs_test_assert_no_error (error);
  match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  explanation = shs_explain (match, &options, &files, NULL, &error);
  shs_test_assert_no_error (error);
  return explanation;
}

START_TEST (the_largest_example_goes_through_every_format_and_back)
{
  static const char *const whole[] = { ".h5", ".npz", ".json" };
  g_autoptr (ShsExplanation) explanation = explain_largest ();

  ck_assert_uint_gt (shs_explanation_get_n_rows (explanation), 20000);
  for (gsize f = 0; f < G_N_ELEMENTS (whole); f++)
    {
      g_autofree char *name = g_strconcat ("largest", whole[f], NULL);
      g_autofree char *path = shs_test_temporary (name);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) back = NULL;

      ck_assert (shs_explanation_save (explanation, path, NULL, &error));
      back = shs_explanation_load (path, NULL, &error);
      shs_test_assert_no_error (error);
      example_assert_equal (explanation, back);
    }
}
END_TEST

START_TEST (its_table_keeps_every_number)
{
  g_autoptr (ShsExplanation) explanation = explain_largest ();
  g_autofree char *path = shs_test_temporary ("largest.csv");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) back = NULL;
  gsize n = shs_explanation_get_n_rows (explanation);
  gsize m = shs_explanation_get_n_features (explanation);
  g_autofree double *a = g_new (double, m);
  g_autofree double *b = g_new (double, m);
  gboolean are_same = TRUE;

  ck_assert (shs_explanation_save (explanation, path, NULL, &error));
  back = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_explanation_get_n_rows (back), n);
  ck_assert_uint_eq (shs_explanation_get_n_features (back), m);
  for (gsize i = 0; i < n; i++)
    {
      shs_values_read_row (shs_explanation_get_parts (explanation)->values, 0, i, a, NULL);
      shs_values_read_row (shs_explanation_get_parts (back)->values, 0, i, b, NULL);
      are_same = are_same
                 && shs_explanation_get_base_value (explanation, i, 0)
                        == shs_explanation_get_base_value (back, i, 0)
                 && shs_explanation_get_prediction (explanation, i, 0)
                        == shs_explanation_get_prediction (back, i, 0);
      for (gsize j = 0; j < m; j++)
        are_same = are_same && (float)a[j] == (float)b[j];
    }
  ck_assert (are_same);
}
END_TEST

Suite *
shipped_example_suite (void)
{
  Suite *suite = suite_create ("shipped example");
  TCase *cases = tcase_create ("shipped example");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, the_largest_example_goes_through_every_format_and_back);
  tcase_add_test (cases, its_table_keeps_every_number);
  suite_add_tcase (suite, cases);
  return suite;
}
