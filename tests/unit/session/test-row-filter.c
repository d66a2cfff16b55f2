#include "shs-test.h"

#include <math.h>
#include <string.h>

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-table-builder.h"
#include "io/csv/shs-csv.h"
#include "session/shs-row-filter.h"
#include "session/shs-row-column.h"

Suite *row_filter_suite (void);

#define N_ROWS 5
#define N_FEATURES 3

static const double carats[N_ROWS] = { 0.5, 1, 1.5, 2, NAN };
static const double islands[N_ROWS] = { 0, 1, 1, NAN, 0 };
static const double depths[N_ROWS] = { -3, 1, 2, 3, 4 };
static const double targets[N_ROWS] = { 10, 20, 30, 40, NAN };
static const double predictions[N_ROWS] = { 11, 18, 30, 45, 50 };
static const double values[N_ROWS][N_FEATURES]
    = { { 1, -2, 0.5 }, { -4, 1, 2 }, { 0, 0, 1 }, { 3, -3, 1 }, { -1, -2, -3 } };

static ShsValues *
make_values (gboolean of_data)
{
  ShsValues *result = shs_values_new_doubles (N_ROWS, N_FEATURES, 1, NULL);
  g_autoptr (ShsMatrix) block = shs_matrix_new (N_ROWS, N_FEATURES, NULL);

  for (gsize i = 0; i < N_ROWS; i++)
    for (gsize j = 0; j < N_FEATURES; j++)
      {
        double datum = j == 0 ? carats[i] : j == 1 ? islands[i] : depths[i];

        shs_matrix_set (block, i, j, of_data ? datum : values[i][j]);
      }
  shs_values_write (result, 0, block, NULL);
  return result;
}

static ShsExplanation *
make_explanation (const char *unit)
{
  static const char *const names[] = { "carat", "home island", "depth" };
  ShsExplanationParts parts = { 0 };
  g_autoptr (GError) error = NULL;
  ShsExplanation *explanation;

  parts.inputs = shs_dataset_inputs_new (1);
  parts.n_inputs = 1;
  parts.inputs[0].name = g_strdup ("");
  parts.inputs[0].n_dimensions = 1;
  parts.inputs[0].shape[0] = N_FEATURES;
  parts.inputs[0].n_columns = N_FEATURES;
  parts.inputs[0].columns = g_new0 (ShsColumn, N_FEATURES);
  for (gsize j = 0; j < N_FEATURES; j++)
    parts.inputs[0].columns[j].name = g_strdup (names[j]);
  parts.inputs[0].columns[1].type = SHS_COLUMN_CATEGORY;
  parts.inputs[0].columns[1].n_categories = 2;
  parts.inputs[0].columns[1].categories = g_strsplit ("Biscoe,Dream", ",", -1);
  parts.output_names = g_strsplit ("price", ",", -1);
  parts.values = make_values (FALSE);
  parts.data = make_values (TRUE);
  parts.base_values = g_new0 (double, 1);
  parts.predictions = shs_matrix_new (N_ROWS, 1, NULL);
  memcpy (parts.predictions->values, predictions, sizeof predictions);
  parts.target = g_memdup2 (targets, sizeof targets);
  parts.target_name = g_strdup ("price");
  parts.output_unit = g_strdup (unit);
  explanation = shs_explanation_new (&parts, &error);
  shs_test_assert_no_error (error);
  return explanation;
}

/* The rows that answer, as text: "0,2". */
static char *
ask (ShsExplanation *explanation, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsRowFilter) filter = shs_row_filter_new (explanation, 0, text, &error);
  guint8 mask[N_ROWS] = { 0 };
  GString *rows = g_string_new (NULL);

  shs_test_assert_no_error (error);
  ck_assert (shs_row_filter_apply (filter, mask, &error));
  shs_test_assert_no_error (error);
  for (int i = 0; i < N_ROWS; i++)
    if (mask[i])
      g_string_append_printf (rows, "%s%d", rows->len > 0 ? "," : "", i);
  return g_string_free (rows, FALSE);
}

static const struct
{
  const char *text, *rows;
} questions[] = {
  { "", "0,1,2,3,4" },
  { "  ", "0,1,2,3,4" },
  { "carat > 1", "2,3" },
  { "carat>=1", "1,2,3" },
  { "CARAT < 1", "0" },
  { "carat != 1", "0,2,3" },
  { "depth = -3", "0" },
  { "depth = −3", "0" },
  { "not carat > 1", "0,1,4" },
  { "carat > 1 and price > 30", "3" },
  { "carat < 1 or carat > 1.5", "0,3" },
  { "carat < 1 or carat > 1 and depth < 3", "0,2" },
  { "(carat < 1 or carat > 1) and depth < 3", "0,2" },
  { "home island = Dream", "1,2" },
  { "\"home island\" != dream", "0,4" },
  { "home island ~ isc", "0,4" },
  { "dream", "1,2" },
  { "dream carat > 1", "2" },
  { "error > 0", "0,3" },
  { "error < 0", "1" },
  { "prediction >= 45", "3,4" },
  { "target <= 20", "0,1" },
  { "row = 4", "4" },
  { "\"row 3\"", "3" },
  { "nothing like it", "" },
  { "carat = missing", "4" },
  { "carat is missing", "4" },
  { "carat is not missing and depth > 1", "2,3" },
  { "carat != missing", "0,1,2,3" },
  { "home island is missing", "3" },
  { "\"home island\" == Missing or carat is missing", "3,4" },
  { "not home island is missing", "0,1,2,4" },
  { "home island = \"missing\"", "" },
};

START_TEST (questions_are_answered)
{
  g_autoptr (ShsExplanation) explanation = make_explanation ("dollars");
  g_autofree char *rows = ask (explanation, questions[_i].text);

  ck_assert_msg (g_str_equal (rows, questions[_i].rows), "%s: rows %s instead of %s",
                 questions[_i].text, rows, questions[_i].rows);
}
END_TEST

static const char *const nonsense[]
    = { "carat >",    "carat > big",       "(carat > 1", "carat > 1)",
        "weight > 3", "\"home island = 1", "not",        "and and (" };

START_TEST (nonsense_is_refused_with_the_place)
{
  g_autoptr (ShsExplanation) explanation = make_explanation ("dollars");
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_row_filter_new (explanation, 0, nonsense[_i], &error));
  shs_test_assert_error (error, SHS_ERROR_SYNTAX);
  ck_assert_ptr_nonnull (strstr (error->message, "column"));
}
END_TEST

START_TEST (unknown_names_are_answered_with_the_nearest)
{
  static const char *const pairs[][2]
      = { { "carrat > 1", "“carat”" }, { "pric < 9", "“price”" }, { "eror > 1", "“error”" } };
  g_autoptr (ShsExplanation) explanation = make_explanation ("dollars");

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_row_filter_new (explanation, 0, pairs[i][0], &error));
      shs_test_assert_error (error, SHS_ERROR_SYNTAX);
      ck_assert_msg (strstr (error->message, pairs[i][1]) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (endless_questions_are_refused)
{
  g_autoptr (ShsExplanation) explanation = make_explanation ("dollars");
  g_autofree char *deep = g_strnfill (100000, '(');
  g_autofree char *many = g_strnfill (100000, 'a');
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_row_filter_new (explanation, 0, deep, &error));
  shs_test_assert_error (error, SHS_ERROR_SYNTAX);
  g_clear_error (&error);
  for (int i = 1; i < 100000; i += 2)
    many[i] = ' ';
  ck_assert_ptr_null (shs_row_filter_new (explanation, 0, many, &error));
  shs_test_assert_error (error, SHS_ERROR_SYNTAX);
}
END_TEST

static void
filter_bytes (GBytes *bytes, gpointer explanation)
{
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_utf8_make_valid (content, (gssize)length);
  g_autoptr (ShsRowFilter) filter = shs_row_filter_new (explanation, 0, text, NULL);
  guint8 mask[N_ROWS];

  if (filter != NULL)
    ck_assert (shs_row_filter_apply (filter, mask, NULL));
}

START_TEST (mangled_questions_do_no_harm)
{
  static const char text[] = "not (\"home island\" ~ dream or error >= −2.5) and carat ≠ 1 biscoe";
  g_autoptr (ShsExplanation) explanation = make_explanation ("dollars");
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  shs_test_truncate (bytes, filter_bytes, explanation);
  shs_test_mutate (bytes, 20000, 1, filter_bytes, explanation);
}
END_TEST

START_TEST (reasons_are_the_largest_values)
{
  g_autoptr (ShsExplanation) explanation = make_explanation ("dollars");
  ShsRowReason reasons[SHS_ROW_N_REASONS];
  double scratch[N_FEATURES], third[N_ROWS];

  ck_assert (shs_row_get_reasons (explanation, 1, 0, scratch, reasons, NULL));
  ck_assert_int_eq (reasons[0].feature, 0);
  ck_assert_double_eq (reasons[0].value, -4);
  ck_assert_int_eq (reasons[1].feature, 2);
  ck_assert_int_eq (reasons[2].feature, 1);
  /* Ties stay in the order of the features. */
  ck_assert (shs_row_get_reasons (explanation, 3, 0, scratch, reasons, NULL));
  ck_assert_int_eq (reasons[0].feature, 0);
  ck_assert_int_eq (reasons[1].feature, 1);
  ck_assert (shs_row_column_read (explanation, 0, SHS_ROW_FIRST_REASON + 2, third, NULL));
  ck_assert_double_eq (third[0], 0.5);
  ck_assert_double_eq (third[4], -1);
}
END_TEST

/* The rows of a table that answer, as text. */
static char *
ask_dataset (ShsDataset *dataset, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsRowFilter) filter = shs_row_filter_new_for_data (dataset, text, &error);
  guint8 mask[8] = { 0 };
  GString *rows = g_string_new (NULL);

  shs_test_assert_no_error (error);
  ck_assert (shs_row_filter_apply (filter, mask, &error));
  for (guint i = 0; i < G_N_ELEMENTS (mask); i++)
    if (mask[i])
      g_string_append_printf (rows, "%s%u", rows->len > 0 ? "," : "", i);
  return g_string_free (rows, FALSE);
}

static char *
ask_data (const char *csv, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (csv, strlen (csv));
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = shs_csv_parse ("data.csv", bytes, NULL, 1, NULL, &error);

  shs_test_assert_no_error (error);
  return ask_dataset (dataset, text);
}

START_TEST (missing_values_are_asked_for_as_they_are_spelled)
{
  static const struct
  {
    const char *text, *rows;
  } asked[] = { { "purpose = NA", "0" },
                { "purpose == none", "3" },
                { "purpose = \"?\"", "4" },
                { "purpose = NULL", "" },
                { "purpose != NA", "1" },
                { "purpose is missing", "0,2,3,4" },
                { "purpose = missing", "0,2,3,4" },
                { "n = -", "1" },
                { "n = NA or n > 4", "0,4" },
                { "not purpose = NA and n > 1", "2,3,4" } };

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autofree char *rows
          = ask_data ("purpose,n\nNA,NA\ncar,-\n,3\nnone,4\n ?,5\n", asked[i].text);

      ck_assert_msg (strcmp (rows, asked[i].rows) == 0, "%s: %s", asked[i].text, rows);
    }
}
END_TEST

START_TEST (dates_are_compared_as_instants_however_they_are_written)
{
  static const struct
  {
    const char *text, *rows;
  } asked[] = { { "when < 2020-02-01", "0" },
                { "when < 2020-02-01T00:00:00", "0" },
                { "when < \"2020-02-01 00:00\"", "0" },
                { "when <= 2020-02-01T00:00:00Z", "0,1" },
                { "when = 2020-02-01", "1" },
                { "when = 2020-02-01T01:00:00+01:00", "1" },
                { "when != 2020-02-01", "0,2" },
                { "when > 2020-02-01T12:30:00.5", "2" },
                { "when >= 2020-02-01t12:30:00.75z", "2" },
                { "when ~ 2020-02", "1,2" },
                { "day > 2020-02-01T00:00:00", "2" },
                { "day < 2020-02-30", "0,1,2" } };

  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autofree char *rows = ask_data ("when,day\n2020-01-31 23:59:59,2020-01-31\n"
                                        "2020-02-01 00:00:00,2020-02-01\n"
                                        "2020-02-01 12:30:00.750,2020-02-02\n",
                                        asked[i].text);

      ck_assert_msg (strcmp (rows, asked[i].rows) == 0, "%s: %s", asked[i].text, rows);
    }
}
END_TEST

START_TEST (truths_are_asked_for_by_word_and_by_number)
{
  static const char *const asked[][2] = { { "smoker = true", "1,3" },
                                          { "smoker = False", "0" },
                                          { "smoker = 1", "1,3" },
                                          { "smoker < 1", "0" },
                                          { "smoker is missing", "2" } };
  ShsTableBuilder *builder = shs_table_builder_new (4);
  double *truths = shs_alloc (4, sizeof *truths, NULL);
  g_autoptr (ShsDataset) dataset = NULL;

  memcpy (truths, (const double[]){ 0, 1, NAN, 1 }, 4 * sizeof *truths);
  shs_table_builder_add_truths (builder, "smoker", truths);
  dataset = shs_table_builder_finish (builder, "table");
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autofree char *rows = ask_dataset (dataset, asked[i][0]);

      ck_assert_msg (strcmp (rows, asked[i][1]) == 0, "%s: %s", asked[i][0], rows);
    }
}
END_TEST

START_TEST (rows_are_sorted_with_missing_last)
{
  guint32 rows[N_ROWS] = { 0, 1, 2, 3, 4 };
  const double keys[N_ROWS] = { 2, NAN, 1, 2, 3 };
  const guint32 up[N_ROWS] = { 2, 0, 3, 4, 1 }, down[N_ROWS] = { 4, 0, 3, 2, 1 };

  shs_row_sort (rows, N_ROWS, keys, FALSE);
  ck_assert_mem_eq (rows, up, sizeof rows);
  shs_row_sort (rows, N_ROWS, keys, TRUE);
  ck_assert_mem_eq (rows, down, sizeof rows);
}
END_TEST

START_TEST (errors_of_log_odds_are_shares)
{
  g_autoptr (ShsExplanation) dollars = make_explanation ("dollars");
  g_autoptr (ShsExplanation) logarithms = make_explanation ("log");
  g_autoptr (ShsExplanation) odds = make_explanation ("log-odds");

  ck_assert_double_eq (shs_row_get_error (dollars, 1, 0), -2);
  ck_assert_double_eq_tol (shs_row_get_error (logarithms, 1, 0), exp (18.0) - 20, 1e-6);
  /* 20 is no probability. */
  ck_assert (isnan (shs_row_get_error (odds, 1, 0)));
  ((ShsExplanationParts *)shs_explanation_get_parts (odds))->target[1] = 1;
  ck_assert_double_eq_tol (shs_row_get_error (odds, 1, 0), 1 / (1 + exp (-18.0)) - 1, 1e-12);
  ck_assert (isnan (shs_row_get_error (dollars, 4, 0)));
}
END_TEST

START_TEST (errors_have_a_known_unit_or_are_none)
{
  static const char *const units[][2]
      = { { "dollars", "dollars" },   { "log", "" }, { "log-odds", "probability" },
          { "score", "probability" }, { "", "" },    { NULL, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (ShsExplanation) explanation = make_explanation (units[i][0]);

      ck_assert_pstr_eq (shs_row_get_unit (explanation, SHS_ROW_PREDICTION), units[i][0]);
      ck_assert_pstr_eq (shs_row_get_unit (explanation, SHS_ROW_ERROR), units[i][1]);
      ck_assert_int_eq (shs_row_has_column (explanation, SHS_ROW_ERROR), units[i][0] != NULL);
      ck_assert_int_eq (isnan (shs_row_get_error (explanation, 0, 0)),
                        units[i][0] == NULL || g_strcmp0 (units[i][1], "probability") == 0);
    }
}
END_TEST

Suite *
row_filter_suite (void)
{
  Suite *suite = suite_create ("row filter");
  TCase *tcase = tcase_create ("row filter");

  tcase_set_timeout (tcase, 60);
  tcase_add_loop_test (tcase, questions_are_answered, 0, G_N_ELEMENTS (questions));
  tcase_add_loop_test (tcase, nonsense_is_refused_with_the_place, 0, G_N_ELEMENTS (nonsense));
  tcase_add_test (tcase, unknown_names_are_answered_with_the_nearest);
  tcase_add_test (tcase, errors_have_a_known_unit_or_are_none);
  tcase_add_test (tcase, endless_questions_are_refused);
  tcase_add_test (tcase, mangled_questions_do_no_harm);
  tcase_add_test (tcase, reasons_are_the_largest_values);
  tcase_add_test (tcase, missing_values_are_asked_for_as_they_are_spelled);
  tcase_add_test (tcase, dates_are_compared_as_instants_however_they_are_written);
  tcase_add_test (tcase, truths_are_asked_for_by_word_and_by_number);
  tcase_add_test (tcase, rows_are_sorted_with_missing_last);
  tcase_add_test (tcase, errors_of_log_odds_are_shares);
  suite_add_tcase (suite, tcase);
  return suite;
}
