#include "model-oracle.h"
#include "model-text.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "model/pmml/shs-pmml.h"

#include <math.h>
#include <string.h>

Suite *pmml_suite (void);

static const char *const kinds[]
    = { "tree",     "tree-classes",    "forest",           "forest-classes",
        "boosting", "boosting-binary", "boosting-classes", "pipeline",
        "linear",   "logistic",        "xgboost-binary",   "xgboost-classes",
        "lightgbm" };

static char *
pmml_file (const char *kind, const char *ending)
{
  g_autofree char *name = g_strconcat ("pmml/", kind, ending, NULL);

  return shs_test_fixture (name);
}

static ShsModel *
open_model (const char *kind)
{
  g_autofree char *path = pmml_file (kind, ".pmml");
  g_autoptr (GError) error = NULL;
  ShsModel *model = shs_model_open (path, NULL, &error);

  ck_assert_msg (model != NULL, "%s: %s", kind, error != NULL ? error->message : "");
  return model;
}

/* What the model of @kind says of the rows of @table is what the oracle beside it says, but where
 * that says nothing. */
static void
check_predictions (const char *kind, const char *table, double tolerance)
{
  g_autofree char *csv = pmml_file (table, ".csv");
  g_autofree char *oracle_path = pmml_file (kind, ".npz");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = open_model (kind);
  g_autoptr (ShsDataset) dataset = shs_csv_open (csv, NULL, 1, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, "prediction");
  const ShsModelParts *parts = shs_model_get_parts (model);
  g_autoptr (ShsMatrix) rows = shs_matrix_new (expected->n_rows, parts->n_features, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (expected->n_rows, parts->n_outputs, NULL);
  g_autoptr (ShsMatrix) found = shs_matrix_new (expected->n_rows, expected->n_columns, NULL);

  ck_assert (shs_column_match_read (match, 0, rows, &error));
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, &error));
  ck_assert_uint_eq (shs_link_count_outputs (parts->link, parts->n_outputs), expected->n_columns);
  shs_link_apply (parts->link, 1, margins, found);
  for (gsize i = 0; i < expected->n_rows; i++)
    for (gsize k = 0; k < expected->n_columns; k++)
      ck_assert_msg (isnan (shs_matrix_get (expected, i, k))
                         || fabs (shs_matrix_get (found, i, k) - shs_matrix_get (expected, i, k))
                                <= tolerance * MAX (1, fabs (shs_matrix_get (expected, i, k))),
                     "%s, row %zu, output %zu: %.17g, not %.17g", kind, i, k,
                     shs_matrix_get (found, i, k), shs_matrix_get (expected, i, k));
}

/* XGBoost adds up in single precision. */
START_TEST (every_document_predicts_as_the_library_that_it_came_from)
{
  check_predictions (kinds[_i], "rows", g_str_has_prefix (kinds[_i], "xgboost") ? 1e-6 : 1e-12);
}
END_TEST

/* Compound predicates, sets, strategies for missing values, votes, choices, derived fields. */
static const char *const rules[] = { "rules-0", "rules-1", "rules-2", "rules-3", "rules-4",
                                     "rules-5", "rules-6", "rules-7", "derived" };

START_TEST (every_rule_of_the_standard_predicts_as_the_reference_evaluator)
{
  check_predictions (rules[_i], "rules", 1e-12);
}
END_TEST

/* Codes: 0 red, 1 dark blue, 2 green; beyond: no known colour. */
static const struct
{
  double age;
  double colour;
  double expected;
} by_hand[] = {
  { 20, 0, (3 * 1 + 100) / 4.0 },  { 30, 1, (3 * 2 + 100) / 4.0 }, { 36, 1, (3 * 2 + 10) / 4.0 },
  { 70, 2, (3 * 8 + 20) / 4.0 },   { 20, 7, (3 * 8 + 100) / 4.0 }, { NAN, 0, (3 * 2 + 10) / 4.0 },
  { 61, NAN, (3 * 8 + 20) / 4.0 },
};

START_TEST (sets_missing_values_and_weights_are_what_they_say)
{
  g_autoptr (ShsModel) model = open_model ("by-hand");
  g_autoptr (ShsMatrix) rows = shs_matrix_new (1, 2, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (1, 1, NULL);

  shs_matrix_set (rows, 0, 0, by_hand[_i].age);
  shs_matrix_set (rows, 0, 1, by_hand[_i].colour);
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
  ck_assert_msg (fabs (shs_matrix_get (margins, 0, 0) - by_hand[_i].expected) < 1e-12, "%g, not %g",
                 shs_matrix_get (margins, 0, 0), by_hand[_i].expected);
}
END_TEST

/* A missing value goes the way of a "no", so that nothing is there twice and counts are covers. */
START_TEST (a_missing_value_does_not_double_what_lies_below)
{
  static const char *const doubled[] = { "tree-classes", "forest-classes" };
  g_autoptr (ShsModel) model = open_model (doubled[_i]);
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (model)->ensemble;

  ck_assert (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS);
  ck_assert_uint_eq (ensemble->n_nodes, _i == 0 ? 7u : 14u);
}
END_TEST

/* Weighted mean over 10 rows: 3/4 of (2 x 1 + 4 x 2 + 4 x 8) / 10 and 1/4 of (3 x 20 + 5 x 10 +
 * 2 x 100) / 10. */
START_TEST (record_counts_are_covers)
{
  g_autoptr (ShsModel) model = open_model ("by-hand");
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (model)->ensemble;

  ck_assert (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS);
  ck_assert_double_eq_tol (shs_tree_ensemble_expected_value (ensemble, 0), 0.75 * 4.2 + 0.25 * 31,
                           1e-12);
}
END_TEST

static const struct
{
  const char *from;
  const char *to;
  int code;
  const char *message;
} faults[] = {
  { "weightedAverage", "median", SHS_ERROR_UNSUPPORTED, "median" },
  { "weightedAverage", "majorityVote", SHS_ERROR_UNSUPPORTED, "classification trees" },
  { "defaultChild\" split", "aggregateNodes\" split", SHS_ERROR_UNSUPPORTED, "aggregateNodes" },
  { "defaultChild\" split", "weightedConfidence\" split", SHS_ERROR_UNSUPPORTED,
    "weightedConfidence" },
  { "lessThan", "isLess", SHS_ERROR_INVALID, "operator" },
  { "value=\"30\"", "value=\"x\"", SHS_ERROR_INVALID, "line 34" },
  { "score=\"1\"", "skore=\"1\"", SHS_ERROR_INVALID, "score" },
  { "field=\"age\"", "field=\"agf\"", SHS_ERROR_UNSUPPORTED, "agf" },
  { "DataField name=\"age\"", "DataField name=\"agg\"", SHS_ERROR_INVALID, "age" },
  { "<True/>", "<Frue/>", SHS_ERROR_INVALID, "no predicate" },
  { "<True/>", "<SimplePredicate field=\"age\" operator=\"isMissing\"/>", SHS_ERROR_UNSUPPORTED,
    "some rows" },
  { "<Header", "<!DOCTYPE x><Header", SHS_ERROR_SYNTAX, "" },
  { "</MiningModel>", "", SHS_ERROR_SYNTAX, "" },
};

START_TEST (a_fault_is_one_clear_line)
{
  g_autofree char *path = pmml_file ("by-hand", ".pmml");
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  gsize length = g_bytes_get_size (bytes);
  g_autofree char *whole = g_strndup (g_bytes_get_data (bytes, NULL), length);
  g_autofree char *text = replaced (whole, faults[_i].from, faults[_i].to);
  g_autoptr (GBytes) changed = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_pmml_parse ("model.pmml", "model", changed, NULL, &error));
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "model.pmml") != NULL, "%s", error->message);
  ck_assert_ptr_null (strchr (error->message, '\n'));
}
END_TEST

START_TEST (endless_nesting_is_refused)
{
  g_autoptr (GString) text = g_string_new ("<PMML>");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 200000; i++)
    g_string_append (text, "<a>");
  bytes = g_bytes_new (text->str, text->len);
  ck_assert_ptr_null (shs_pmml_parse ("deep", "deep", bytes, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_SYNTAX);
}
END_TEST

Suite *
pmml_suite (void)
{
  Suite *suite = suite_create ("pmml");
  TCase *cases = tcase_create ("pmml");

  tcase_add_loop_test (cases, every_document_predicts_as_the_library_that_it_came_from, 0,
                       G_N_ELEMENTS (kinds));
  tcase_add_loop_test (cases, every_rule_of_the_standard_predicts_as_the_reference_evaluator, 0,
                       G_N_ELEMENTS (rules));
  tcase_add_loop_test (cases, sets_missing_values_and_weights_are_what_they_say, 0,
                       G_N_ELEMENTS (by_hand));
  tcase_add_loop_test (cases, a_missing_value_does_not_double_what_lies_below, 0, 2);
  tcase_add_test (cases, record_counts_are_covers);
  tcase_add_loop_test (cases, a_fault_is_one_clear_line, 0, G_N_ELEMENTS (faults));
  tcase_add_test (cases, endless_nesting_is_refused);
  suite_add_tcase (suite, cases);
  return suite;
}
