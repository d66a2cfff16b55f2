#include "model-oracle.h"
#include "model-text.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "model/pmml/shs-pmml.h"

#include <math.h>
#include <string.h>
#include <time.h>

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

#define FIELDS                                                                                     \
  "<DataDictionary><DataField name='x' optype='continuous' dataType='double'/>"                    \
  "<DataField name='y' optype='continuous' dataType='double'/></DataDictionary>"
#define SCHEMA                                                                                     \
  "<MiningSchema><MiningField name='x'/><MiningField name='y' usageType='target'/></MiningSchema>"
/* A tree that says 1 below 1 and 2 from there on. */
#define TREE(before, field)                                                                        \
  "<TreeModel functionName='regression'>" SCHEMA before "<Node score='0'><True/>"                  \
  "<Node score='1'><SimplePredicate field='" field "' operator='lessThan' value='1'/></Node>"      \
  "<Node score='2'><SimplePredicate field='" field "' operator='greaterOrEqual' value='1'/>"       \
  "</Node></Node></TreeModel>"
#define SEGMENTS(method, inside)                                                                   \
  "<MiningModel functionName='regression'>" SCHEMA "<Segmentation multipleModelMethod='" method    \
  "'>" inside "</Segmentation></MiningModel>"
#define SEGMENT(model) "<Segment><True/>" model "</Segment>"
#define DERIVED(expression)                                                                        \
  "<DerivedField name='d' optype='continuous' dataType='double'>" expression "</DerivedField>"

static ShsModel *
parse_written (const char *inside, GError **error)
{
  g_autofree char *text = g_strdup_printf ("<PMML version='4.4'>%s</PMML>", inside);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return shs_pmml_parse ("written.pmml", "written", bytes, NULL, error);
}

static double
predict_one (const ShsModel *model, double x)
{
  g_autoptr (ShsMatrix) rows = shs_matrix_new (1, 1, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (1, 1, NULL);

  shs_matrix_set (rows, 0, 0, x);
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
  return shs_matrix_get (margins, 0, 0);
}

START_TEST (a_derived_field_of_one_segment_is_none_of_the_next)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_written (
      FIELDS "<TransformationDictionary>" DERIVED (
          "<FieldRef field='x'/>") "</TransformationDictionary>" SEGMENTS ("sum",
                                                                           SEGMENT (TREE (
                                                                               "<LocalTransformatio"
                                                                               "ns>" DERIVED (
                                                                                   "<Apply "
                                                                                   "function='+'><"
                                                                                   "FieldRef "
                                                                                   "field='x'/"
                                                                                   "><Constant>100"
                                                                                   "</Constant></"
                                                                                   "Apply>") "</"
                                                                                             "Local"
                                                                                             "Trans"
                                                                                             "forma"
                                                                                             "tions"
                                                                                             ">",
                                                                               "d"))
                                                                               SEGMENT (
                                                                                   TREE ("", "d"))),
      &error);

  shs_test_assert_no_error (error);
  ck_assert_double_eq (predict_one (model, 0), 2 + 1);
  ck_assert_double_eq (predict_one (model, 2), 2 + 2);
}
END_TEST

#define LOGISTIC(one, other, minus, field)                                                         \
  "<Apply function='/'><Constant>" one "</Constant><Apply function='+'><Constant>" other           \
  "</Constant><Apply function='exp'><Apply function='*'><Constant>" minus                          \
  "</Constant><FieldRef field='" field "'/></Apply></Apply></Apply></Apply>"

static const struct
{
  const char *function;
  const char *table;
  ShsLink link; /* or identity: refused */
} links[] = {
  { LOGISTIC ("1", "1", "-1", "raw"), "intercept='0'", SHS_LINK_LOGISTIC },
  { "<Apply function='exp'><FieldRef field='raw'/></Apply>", "intercept='0'", SHS_LINK_EXP },
  { "<Apply function='exp'><FieldRef field='x'/></Apply>", "intercept='0'", SHS_LINK_IDENTITY },
  { "<Apply function='exp'/>", "intercept='0'", SHS_LINK_IDENTITY },
  { LOGISTIC ("100", "1", "-1", "raw"), "intercept='0'", SHS_LINK_IDENTITY },
  { LOGISTIC ("1", "7", "-1", "raw"), "intercept='0'", SHS_LINK_IDENTITY },
  { LOGISTIC ("1", "1", "-2", "raw"), "intercept='0'", SHS_LINK_IDENTITY },
  { LOGISTIC ("1", "1", "-1", "x"), "intercept='0'", SHS_LINK_IDENTITY },
  { LOGISTIC ("1", "1", "-1", "raw"), "intercept='5'", SHS_LINK_IDENTITY },
  { "<Apply function='/'><Constant>1</Constant><Apply function='+'><Constant>1</Constant>"
    "<Apply function='exp'><Apply function='*'/></Apply></Apply></Apply>",
    "intercept='0'", SHS_LINK_IDENTITY },
  { "<Apply function='/'/>", "intercept='0'", SHS_LINK_IDENTITY },
  { "", "intercept='0'", SHS_LINK_IDENTITY },
};

START_TEST (a_chain_follows_exp_and_logistic_of_its_own_score_alone)
{
  g_autofree char *output = g_strdup_printf (
      "<Output><OutputField name='raw' feature='predictedValue'/>"
      "<OutputField name='p' feature='transformedValue'>%s</OutputField></Output>",
      links[_i].function);
  g_autofree char *text = g_strdup_printf (
      FIELDS SEGMENTS ("modelChain", SEGMENT (TREE ("%s", "x"))
                                         SEGMENT ("<RegressionModel functionName='regression'>"
                                                  "<RegressionTable %s><NumericPredictor name='p' "
                                                  "coefficient='1'/></RegressionTable>"
                                                  "</RegressionModel>")),
      output, links[_i].table);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_written (text, &error);

  if (links[_i].link == SHS_LINK_IDENTITY)
    {
      ck_assert_ptr_null (model);
      shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
      ck_assert_ptr_nonnull (strstr (error->message, "written.pmml: line 1: "));
      ck_assert_ptr_nonnull (strstr (error->message, "export"));
      return;
    }
  shs_test_assert_no_error (error);
  ck_assert_int_eq (shs_model_get_parts (model)->link, links[_i].link);
  ck_assert_double_eq (predict_one (model, 0), 1);
}
END_TEST

static const char *const mixed[] = {
  FIELDS SEGMENTS (
      "modelChain",
      SEGMENT (TREE ("<Output><OutputField name='raw' feature='predictedValue'/></Output>", "x"))
          SEGMENT ("<RegressionModel functionName='regression'><RegressionTable intercept='0'>"
                   "<NumericPredictor name='raw' coefficient='1'/>"
                   "<NumericPredictor name='x' coefficient='3'/>"
                   "</RegressionTable></RegressionModel>")),
  FIELDS "<TransformationDictionary>" DERIVED (
      "<FieldRef field='x'/>") "</TransformationDictionary>" SEGMENTS ("sum",
                                                                       "<Segment><SimplePredicate "
                                                                       "field='d' "
                                                                       "operator='lessThan' "
                                                                       "value='1'/>" TREE (
                                                                           "<LocalTransformations"
                                                                           ">" DERIVED (
                                                                               "<Apply "
                                                                               "function='+'><"
                                                                               "FieldRef "
                                                                               "field='x'/"
                                                                               "><Constant>100</"
                                                                               "Constant>"
                                                                               "</Apply>") "</"
                                                                                           "LocalTr"
                                                                                           "ansform"
                                                                                           "ations"
                                                                                           ">",
                                                                           "d") "</Segment>"),
};
static const char *const mixed_told[] = { "scores and fields", "the name of another" };

START_TEST (what_would_mix_scores_or_names_is_refused)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (parse_written (mixed[_i], &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, mixed_told[_i]) != NULL, "%s", error->message);
}
END_TEST

/* Each function calls the one before twice and drops one of the two: 2^24 without a limit. */
START_TEST (functions_that_double_are_refused)
{
  g_autoptr (GString) text = g_string_new (
      FIELDS "<TransformationDictionary><DefineFunction name='first'><ParameterField name='a'/>"
             "<ParameterField name='b'/><FieldRef field='a'/></DefineFunction>"
             "<DefineFunction name='g0'><ParameterField name='a'/><FieldRef field='a'/>"
             "</DefineFunction>");
  g_autoptr (GError) error = NULL;

  for (int i = 1; i <= 24; i++)
    g_string_append_printf (text,
                            "<DefineFunction name='g%d'><ParameterField name='a'/>"
                            "<Apply function='first'><Apply function='g%d'><FieldRef field='a'/>"
                            "</Apply><Apply function='g%d'><FieldRef field='a'/></Apply></Apply>"
                            "</DefineFunction>",
                            i, i - 1, i - 1);
  g_string_append (text, DERIVED ("<Apply function='g24'><FieldRef field='x'/></Apply>"));
  g_string_append (text, "</TransformationDictionary>" TREE ("", "d"));
  ck_assert_ptr_null (parse_written (text->str, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_ptr_nonnull (strstr (error->message, "20,000 expressions"));
}
END_TEST

START_TEST (a_function_with_fewer_arguments_than_parameters_is_refused)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (parse_written (
      FIELDS "<TransformationDictionary><DefineFunction name='first'><ParameterField name='a'/>"
             "<ParameterField name='b'/><FieldRef field='a'/></DefineFunction>" DERIVED (
                 "<Apply function='first'><FieldRef field='x'/></Apply>") "</"
                                                                          "TransformationDictionary"
                                                                          ">" TREE ("", "d"),
      &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_ptr_nonnull (strstr (error->message, "other arguments"));
}
END_TEST

/* A text that begins with a number stays what it is, also where its number was asked for. */
START_TEST (asking_for_the_number_of_a_text_leaves_the_text_alone)
{
  static const char document[]
      = "<DataDictionary><DataField name='y' optype='continuous' dataType='double'/>"
        "<DataField name='x' optype='categorical' dataType='string'><Value value='3 rooms'/>"
        "<Value value='4 rooms'/></DataField></DataDictionary><TransformationDictionary>"
        "<DerivedField name='text' optype='categorical' dataType='string'>"
        "<FieldRef field='x'/></DerivedField>"
        "<DerivedField name='number' optype='continuous' dataType='double'>"
        "<FieldRef field='text'/></DerivedField>"
        "<DerivedField name='d' optype='continuous' dataType='double'><Apply function='if'>"
        "<Apply function='equal'><FieldRef field='text'/>"
        "<Constant dataType='string'>3 rooms</Constant></Apply><Constant>0</Constant>"
        "<Constant>1</Constant></Apply></DerivedField></TransformationDictionary>";
  g_autofree char *inside = g_strconcat (document, TREE ("", "d"), NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_written (inside, &error);

  shs_test_assert_no_error (error);
  ck_assert_double_eq (predict_one (model, 0), 1);
  ck_assert_double_eq (predict_one (model, 1), 2);
}
END_TEST

/* A node with a child for each of @n texts, which the field lists or not. */
static char *
write_children (int n, gboolean lists)
{
  GString *text
      = g_string_new ("<DataDictionary><DataField name='y' optype='continuous' dataType='double'/>"
                      "<DataField name='x' optype='categorical' dataType='string'>");

  for (int i = 0; lists && i < n; i++)
    g_string_append_printf (text, "<Value value='v%d'/>", i);
  g_string_append (text,
                   "</DataField></DataDictionary><TreeModel functionName='regression' "
                   "noTrueChildStrategy='returnLastPrediction'>" SCHEMA "<Node score='-1'><True/>");
  for (int i = 0; i < n; i++)
    g_string_append_printf (text,
                            "<Node score='%d'><SimplePredicate field='x' operator='equal' "
                            "value='v%d'/></Node>",
                            i, i);
  g_string_append (text, "</Node></TreeModel>");
  return g_string_free (text, FALSE);
}

START_TEST (a_node_may_have_a_child_for_each_of_many_texts)
{
  const int n = 600;
  g_autofree char *text = write_children (n, _i == 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_written (text, &error);

  shs_test_assert_no_error (error);
  for (int i = 0; i < n; i++)
    ck_assert_double_eq (predict_one (model, i), i);
  ck_assert_double_eq (predict_one (model, NAN), -1);
}
END_TEST

static double
time_children (int n, gboolean lists)
{
  g_autofree char *text = write_children (n, lists);
  double least = INFINITY;

  for (int attempt = 0; attempt < 3; attempt++)
    {
      g_autoptr (ShsModel) model = NULL;
      clock_t start = clock ();

      model = parse_written (text, NULL);
      least = MIN (least, (double)(clock () - start));
      ck_assert_ptr_nonnull (model);
    }
  return least;
}

/* Eight times the children would take 64 times as long if each were asked about all others. */
START_TEST (time_grows_with_the_children_of_a_node_not_with_their_square)
{
  ck_assert_double_lt (time_children (8000, _i == 0), 24 * time_children (1000, _i == 0));
}
END_TEST

Suite *
pmml_suite (void)
{
  Suite *suite = suite_create ("pmml");
  TCase *cases = tcase_create ("pmml");

  tcase_set_timeout (cases, 60);
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
  tcase_add_test (cases, a_derived_field_of_one_segment_is_none_of_the_next);
  tcase_add_loop_test (cases, a_chain_follows_exp_and_logistic_of_its_own_score_alone, 0,
                       G_N_ELEMENTS (links));
  tcase_add_loop_test (cases, what_would_mix_scores_or_names_is_refused, 0, G_N_ELEMENTS (mixed));
  tcase_add_test (cases, functions_that_double_are_refused);
  tcase_add_test (cases, a_function_with_fewer_arguments_than_parameters_is_refused);
  tcase_add_test (cases, asking_for_the_number_of_a_text_leaves_the_text_alone);
  tcase_add_loop_test (cases, a_node_may_have_a_child_for_each_of_many_texts, 0, 2);
  tcase_add_loop_test (cases, time_grows_with_the_children_of_a_node_not_with_their_square, 0, 2);
  suite_add_tcase (suite, cases);
  return suite;
}
