/* Through every format and back. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "example.h"
#include "result/shs-explanation-file.h"

#include <string.h>

Suite *explanation_file_suite (void);

static const char *const whole_formats[] = { ".npz", ".json", ".h5" };

START_TEST (every_kind_goes_through_every_whole_format_and_back)
{
  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    for (gsize kind = 0; kind < EXAMPLE_KINDS; kind++)
      {
        ExampleOptions options = example_kind (kind);
        g_autoptr (ShsExplanation) explanation = example_new (&options, kind);
        g_autofree char *name = g_strdup_printf ("whole-%zu%s", kind, whole_formats[f]);
        g_autofree char *path = shs_test_temporary (name);
        g_autoptr (ShsExplanation) back = NULL;
        g_autoptr (GError) error = NULL;

        ck_assert (shs_explanation_save (explanation, path, NULL, &error));
        shs_test_assert_no_error (error);
        back = shs_explanation_load (path, NULL, &error);
        shs_test_assert_no_error (error);
        example_assert_equal (explanation, back);
      }
}
END_TEST

START_TEST (what_was_loaded_is_saved_as_the_same_bytes)
{
  static const char *const formats[] = { ".npz", ".json", ".h5", ".csv" };

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    for (gsize kind = 0; kind < EXAMPLE_KINDS - 4; kind++) /* two inputs share names, a table not */
      {
        ExampleOptions options = example_kind (kind);
        g_autoptr (ShsExplanation) explanation = example_new (&options, kind);
        g_autofree char *a = g_strdup_printf ("first-%zu%s", kind, formats[f]);
        g_autofree char *b = g_strdup_printf ("second-%zu%s", kind, formats[f]);
        g_autofree char *first = shs_test_temporary (a);
        g_autofree char *second = shs_test_temporary (b);
        g_autoptr (ShsExplanation) back = NULL;
        g_autoptr (GError) error = NULL;

        ck_assert (shs_explanation_save (explanation, first, NULL, &error));
        back = shs_explanation_load (first, NULL, &error);
        shs_test_assert_no_error (error);
        ck_assert (shs_explanation_save (back, second, NULL, &error));
        g_autoptr (GBytes) bytes = shs_test_bytes (first);
        g_autoptr (GBytes) again = shs_test_bytes (second);
        ck_assert_msg (g_bytes_equal (bytes, again), "%s and %s differ", first, second);
      }
}
END_TEST

START_TEST (a_table_keeps_values_base_values_and_predictions)
{
  ExampleOptions options = example_kind (9); /* base values per row, three outputs */
  g_autoptr (ShsExplanation) explanation = NULL;
  g_autoptr (ShsExplanation) back = NULL;
  g_autofree char *path = shs_test_temporary ("table.csv");
  g_autoptr (GError) error = NULL;
  gsize n, m, k;

  options.in_double = TRUE;
  explanation = example_new (&options, 3);
  ck_assert (shs_explanation_save (explanation, path, NULL, &error));
  back = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  n = shs_explanation_get_n_rows (explanation);
  m = shs_explanation_get_n_features (explanation);
  k = shs_explanation_get_n_outputs (explanation);
  ck_assert_uint_eq (shs_explanation_get_n_rows (back), n);
  ck_assert_uint_eq (shs_explanation_get_n_features (back), m);
  ck_assert_uint_eq (shs_explanation_get_n_outputs (back), k);
  for (gsize j = 0; j < m; j++)
    ck_assert_str_eq (shs_explanation_get_column (back, j)->name,
                      shs_explanation_get_column (explanation, j)->name);
  for (gsize output = 0; output < k; output++)
    for (gsize i = 0; i < n; i++)
      {
        double a[8], b[8];

        shs_values_read_row (shs_explanation_get_parts (explanation)->values, output, i, a, NULL);
        shs_values_read_row (shs_explanation_get_parts (back)->values, output, i, b, NULL);
        ck_assert_int_eq (memcmp (a, b, m * sizeof *a), 0);
        ck_assert (shs_explanation_get_base_value (back, i, output)
                   == shs_explanation_get_base_value (explanation, i, output));
        ck_assert (shs_explanation_get_prediction (back, i, output)
                   == shs_explanation_get_prediction (explanation, i, output));
      }
}
END_TEST

START_TEST (a_category_that_the_model_has_never_seen_is_kept)
{
  ExampleOptions options = example_kind (4);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);

  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    {
      g_autofree char *name = g_strconcat ("unseen", whole_formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) back = NULL;
      ShsMatrix block = { 1, 4, 1, (double[]){ 1, 3, 1, 1 } }; /* of 3 categories */

      shs_values_write (shs_explanation_get_parts (explanation)->data, 0, &block, NULL);
      ck_assert (shs_explanation_save (explanation, path, NULL, &error));
      back = shs_explanation_load (path, NULL, &error);
      shs_test_assert_no_error (error);
      example_assert_equal (explanation, back);
    }
}
END_TEST

START_TEST (explanations_are_told_from_other_files)
{
  static const char *const formats[] = { ".npz", ".json", ".h5", ".csv" };
  static const char *const others[]
      = { "data/plain.h5", "data/stored.npz", "data/plain.csv", "data/expected.json" };
  ExampleOptions options = example_kind (16);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      g_autofree char *name = g_strconcat ("told", formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);
      g_autofree char *other = shs_test_fixture (others[f]);

      ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
      g_autoptr (GBytes) bytes = shs_test_bytes (path);
      g_autoptr (GBytes) other_bytes = shs_test_bytes (other);
      g_autoptr (ShsFile) file = shs_file_open (path, NULL);
      g_autoptr (ShsFile) other_file = shs_file_open (other, NULL);
      gsize length = MIN (g_bytes_get_size (bytes), 1u << 16);
      gsize other_length = g_bytes_get_size (other_bytes);

      ck_assert_msg (shs_explanation_sniff (file, g_bytes_get_data (bytes, NULL), length), "%s",
                     path);
      ck_assert_msg (!shs_explanation_sniff (other_file, g_bytes_get_data (other_bytes, NULL),
                                             MIN (other_length, 1u << 16)),
                     "%s", other);
    }
}
END_TEST

Suite *
explanation_file_suite (void)
{
  Suite *suite = suite_create ("explanation files");
  TCase *cases = tcase_create ("explanation files");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, every_kind_goes_through_every_whole_format_and_back);
  tcase_add_test (cases, what_was_loaded_is_saved_as_the_same_bytes);
  tcase_add_test (cases, a_table_keeps_values_base_values_and_predictions);
  tcase_add_test (cases, a_category_that_the_model_has_never_seen_is_kept);
  tcase_add_test (cases, explanations_are_told_from_other_files);
  suite_add_tcase (suite, cases);
  return suite;
}
