/* Text files of LightGBM that are wrong, each in one way, and what a person hears of it. */

#include "model-text.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "model/lightgbm/shs-lightgbm.h"

#include <math.h>
#include <string.h>

void lightgbm_add_fault_tests (TCase *cases);

/* Two splits: feature 1 in {0, 3, 33}, and on the left feature 0 <= 0.5 with missing type NaN. */
static const char model_of_two_splits[]
    = "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\n"
      "objective=regression\nfeature_names=size place\nfeature_infos=[0:1] 0:3:33\n"
      "tree_sizes=400\n\n"
      "Tree=0\nnum_leaves=3\nnum_cat=1\nsplit_feature=1 0\nsplit_gain=1 1\nthreshold=0 0.5\n"
      "decision_type=1 10\nleft_child=1 -1\nright_child=-2 -3\nleaf_value=1 2 4\n"
      "leaf_weight=1 1 1\nleaf_count=3 4 5\ninternal_value=0 0\ninternal_weight=0 0\n"
      "internal_count=12 8\ncat_boundaries=0 2\ncat_threshold=9 2\nis_linear=0\nshrinkage=1\n\n\n"
      "end of trees\n\nfeature_importances:\nsize=1\n\nparameters:\n[boosting: gbdt]\n\n"
      "end of parameters\n\npandas_categorical:null\n";

static ShsModel *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return shs_lightgbm_parse ("model.txt", "model.txt", bytes, NULL, error);
}

START_TEST (sets_and_missing_values_go_where_they_should)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (model_of_two_splits, &error);

  shs_test_assert_no_error (error);
  ck_assert_double_eq (margin_of (model, 0.5, 0), 1);
  ck_assert_double_eq (margin_of (model, nextafter (0.5, 1), 3), 4);
  ck_assert_double_eq (margin_of (model, NAN, 33), 1);
  ck_assert_double_eq (margin_of (model, 0, 1), 2);
  ck_assert_double_eq (margin_of (model, 0, 64), 2);
  ck_assert_double_eq (margin_of (model, 0, -0.75), 1);
  ck_assert_double_eq (margin_of (model, 0, 3.75), 1);
  ck_assert_double_eq (margin_of (model, 0, -1), 2);
  ck_assert_double_eq (margin_of (model, 0, 1e300), 2);
  ck_assert_double_eq (margin_of (model, 0, NAN), 2);
}
END_TEST

START_TEST (endings_of_lines_may_be_those_of_windows)
{
  g_auto (GStrv) lines = g_strsplit (model_of_two_splits, "\n", 0);
  g_autofree char *text = g_strjoinv ("\r\n", lines);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (text, &error);

  shs_test_assert_no_error (error);
  ck_assert_double_eq (margin_of (model, 0.5, 0), 1);
}
END_TEST

START_TEST (no_objective_is_an_own_one)
{
  g_autofree char *text = replaced (model_of_two_splits, "objective=regression", "objective=");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (text, &error);

  shs_test_assert_no_error (error);
  ck_assert_int_eq (shs_model_get_parts (model)->task, SHS_TASK_OTHER);
}
END_TEST

typedef struct
{
  const char *from;
  const char *to;
  int code;
  const char *message;
} Fault;

static const Fault faults[] = {
  { "version=v4", "version=v9", SHS_ERROR_UNSUPPORTED, "unknown format" },
  { "num_tree_per_iteration=1", "num_tree_per_iteration=2", SHS_ERROR_INVALID, "iterations" },
  { "num_tree_per_iteration=1", "num_tree_per_iteration=1e9", SHS_ERROR_INVALID, "impossible" },
  { "max_feature_idx=1", "max_feature_idx=2", SHS_ERROR_INVALID, "feature_names" },
  { "max_feature_idx=1", "max_feature_idx=-1", SHS_ERROR_INVALID, "line 6" },
  { "objective=regression", "objective=mystery x", SHS_ERROR_UNSUPPORTED, "\"mystery\"" },
  { "objective=regression", "objective=binary sigmoid:0", SHS_ERROR_INVALID, "sigmoid" },
  { "feature_infos=[0:1] ", "feature_infos=", SHS_ERROR_INVALID, "feature_infos" },
  { "tree_sizes=400", "tree_sizes=400 1", SHS_ERROR_INVALID, "tree_sizes" },
  { "num_leaves=3", "num_leaves=0", SHS_ERROR_INVALID, "" },
  { "num_leaves=3", "num_leaves=4", SHS_ERROR_INVALID, "line 15" },
  { "num_leaves=3", "num_leaves=1000000000", SHS_ERROR_INVALID, "" },
  { "num_leaves=3\n", "", SHS_ERROR_INVALID, "" },
  { "num_cat=1", "num_cat=2", SHS_ERROR_INVALID, "line 27" },
  { "split_feature=1 0", "split_feature=1 2", SHS_ERROR_INVALID, "feature -1" },
  { "split_feature=1 0", "split_feature=1", SHS_ERROR_INVALID, "wrong length" },
  { "split_feature=1 0", "split_feature=1 0 0", SHS_ERROR_INVALID, "wrong length" },
  { "threshold=0 0.5", "threshold=0 nan", SHS_ERROR_INVALID, "threshold" },
  { "threshold=0 0.5", "threshold=1 0.5", SHS_ERROR_INVALID, "cat_boundaries" },
  { "threshold=0 0.5", "threshold=0 0.5x", SHS_ERROR_INVALID, "not of numbers" },
  { "decision_type=1 10", "decision_type=1 14", SHS_ERROR_INVALID, "decision_type 14" },
  { "decision_type=1 10", "decision_type=1 16", SHS_ERROR_INVALID, "decision_type 16" },
  { "decision_type=1 10", "decision_type=1 -1", SHS_ERROR_INVALID, "decision_type -1" },
  { "left_child=1 -1", "left_child=0 -1", SHS_ERROR_INVALID, "second time" },
  { "left_child=1 -1", "left_child=2 -1", SHS_ERROR_INVALID, "child" },
  { "left_child=1 -1", "left_child=1 -4", SHS_ERROR_INVALID, "child" },
  { "right_child=-2 -3", "right_child=-2 -2", SHS_ERROR_INVALID, "second time" },
  { "leaf_value=1 2 4", "leaf_value=1 2 inf", SHS_ERROR_INVALID, "finite" },
  { "leaf_value=1 2 4\n", "", SHS_ERROR_INVALID, "leaf_value is missing" },
  { "leaf_value=1 2 4\n", "leaf_value=1 2 4\nleaf_value=1 2 4\n", SHS_ERROR_INVALID, "twice" },
  { "leaf_count=3 4 5", "leaf_count=3 4 -5", SHS_ERROR_INVALID, "cover" },
  { "cat_boundaries=0 2", "cat_boundaries=2 0", SHS_ERROR_INVALID, "cat_boundaries" },
  { "cat_boundaries=0 2", "cat_boundaries=0 3", SHS_ERROR_INVALID, "cat_boundaries" },
  { "cat_threshold=9 2", "cat_threshold=9 4294967296", SHS_ERROR_INVALID, "32 bits" },
  { "cat_threshold=9 2\n", "", SHS_ERROR_INVALID, "cat_threshold is missing" },
  { "is_linear=0", "num_leaves=9", SHS_ERROR_INVALID, "wrong length" },
  { "is_linear=0", "num_leaves=1", SHS_ERROR_INVALID, "wrong length" },
  { "is_linear=0", "num_cat=9", SHS_ERROR_INVALID, "wrong length" },
  { "is_linear=0", "is_linear=1", SHS_ERROR_INVALID, "leaf_const is missing" },
  { "end of trees", "", SHS_ERROR_INVALID, "belongs to no tree" },
  { "end of parameters", "", SHS_ERROR_INVALID, "ends early" },
  { "pandas_categorical:null", "pandas_categorical:[[", SHS_ERROR_SYNTAX, "pandas_categorical" },
  { "pandas_categorical:null", "pandas_cat", SHS_ERROR_INVALID, "ends early" },
};

START_TEST (a_fault_is_one_clear_line)
{
  g_autofree char *text = replaced (model_of_two_splits, faults[_i].from, faults[_i].to);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (parse (text, &error));
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "model.txt") != NULL, "%s", error->message);
}
END_TEST

/* The first and the third leaf multiply. */
#define LINEAR                                                                                     \
  "is_linear=1\nleaf_const=10 2.5 30\nnum_features=1 0 2\nleaf_features=0   0 1 \n"                \
  "leaf_coeff=2   3 -1 "

static const Fault linear_faults[] = {
  { "leaf_const=10 2.5 30\n", "", SHS_ERROR_INVALID, "leaf_const is missing" },
  { "leaf_const=10 2.5 30", "leaf_const=", SHS_ERROR_INVALID, "wrong length" },
  { "leaf_const=10 2.5 30", "leaf_const=10 2.5", SHS_ERROR_INVALID, "wrong length" },
  { "leaf_const=10 2.5 30", "leaf_const=10 2.5 30 4", SHS_ERROR_INVALID, "wrong length" },
  { "leaf_const=10 2.5 30", "leaf_const=10 2.5 nan", SHS_ERROR_INVALID, "constant" },
  { "leaf_const=10 2.5 30", "leaf_const=inf 2.5 3", SHS_ERROR_INVALID, "constant" },
  { "num_features=1 0 2\n", "", SHS_ERROR_INVALID, "num_features is missing" },
  { "num_features=1 0 2", "num_features=1 0", SHS_ERROR_INVALID, "wrong length" },
  { "num_features=1 0 2", "num_features=1 0 1", SHS_ERROR_INVALID, "num_features" },
  { "num_features=1 0 2", "num_features=1 0 3", SHS_ERROR_INVALID, "num_features" },
  { "num_features=1 0 2", "num_features=4294967297 0 2", SHS_ERROR_INVALID, "num_features" },
  { "num_features=1 0 2", "num_features=-1 2 2", SHS_ERROR_INVALID, "num_features" },
  { "num_features=1 0 2", "num_features=0.5 0.5 2", SHS_ERROR_INVALID, "num_features" },
  { "num_features=1 0 2", "num_features=nan 1 2", SHS_ERROR_INVALID, "num_features" },
  { "leaf_features=0   0 1 \n", "", SHS_ERROR_INVALID, "leaf_features is missing" },
  { "leaf_features=0   0 1", "leaf_features=0   0", SHS_ERROR_INVALID, "num_features" },
  { "leaf_features=0   0 1", "leaf_features=0   0 1 1", SHS_ERROR_INVALID, "num_features" },
  { "leaf_features=0   0 1", "leaf_features=0   0 2", SHS_ERROR_INVALID, "feature -1" },
  { "leaf_features=0   0 1", "leaf_features=-1  0 1", SHS_ERROR_INVALID, "feature -1" },
  { "leaf_features=0   0 1", "leaf_features=0.5 0 1", SHS_ERROR_INVALID, "feature -1" },
  { "leaf_features=0   0 1", "leaf_features=0 x 0 1", SHS_ERROR_INVALID, "not of numbers" },
  { "leaf_coeff=2   3 -1 \n", "", SHS_ERROR_INVALID, "leaf_coeff is missing" },
  { "leaf_coeff=2   3 -1", "leaf_coeff=2   3", SHS_ERROR_INVALID, "num_features" },
  { "leaf_coeff=2   3 -1", "leaf_coeff=2   3 nan", SHS_ERROR_INVALID, "coefficient" },
  { "leaf_coeff=2   3 -1", "leaf_coeff=2   3 -inf", SHS_ERROR_INVALID, "coefficient" },
};

START_TEST (linear_leaves_multiply_unless_a_feature_is_missing)
{
  g_autofree char *text = replaced (model_of_two_splits, "is_linear=0", LINEAR);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (text, &error);

  shs_test_assert_no_error (error);
  ck_assert_double_eq (margin_of (model, 0.25, 0), 10 + 2 * 0.25);
  ck_assert_double_eq (margin_of (model, 0.25, 2), 2.5);
  ck_assert_double_eq (margin_of (model, 0.75, 33), 30 + 3 * 0.75 - 33);
  ck_assert_double_eq (margin_of (model, NAN, 33), 1);
}
END_TEST

START_TEST (a_fault_of_linear_leaves_is_one_clear_line)
{
  g_autofree char *linear = replaced (model_of_two_splits, "is_linear=0", LINEAR);
  g_autofree char *text = replaced (linear, linear_faults[_i].from, linear_faults[_i].to);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (parse (text, &error));
  shs_test_assert_error (error, linear_faults[_i].code);
  ck_assert_msg (strstr (error->message, linear_faults[_i].message) != NULL, "%s", error->message);
}
END_TEST

/* Behind the parameters stands one line that other languages than Python do not write, so a file
 * without it is whole; one with a part of it is not. */
static void
read_part (GBytes *bytes, gpointer data)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  const char *end = memmem (text, length, "end of parameters", strlen ("end of parameters"));
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_lightgbm_parse ("part", "part", bytes, NULL, &error);

  ck_assert ((model != NULL) == (error == NULL));
  if (model == NULL)
    return;
  ck_assert_ptr_nonnull (end);
  for (end += strlen ("end of parameters"); end < text + length && *end == '\n';)
    end++;
  ck_assert (end == text + length || text[length - 1] == ']' || text[length - 1] == 'l');
}

static const char *const cut_files[]
    = { "lightgbm/4.7.0/named-categories.txt", "lightgbm/2.2.3/categorical.txt",
        "lightgbm/4.7.0/linear-categories.txt" };

START_TEST (no_text_that_was_cut_is_taken)
{
  g_autofree char *path = shs_test_fixture (cut_files[_i]);
  g_autoptr (GBytes) bytes = shs_test_bytes (path);

  shs_test_truncate (bytes, read_part, NULL);
}
END_TEST

START_TEST (reading_can_be_cancelled)
{
  static const char *const files[] = { "lightgbm/4.7.0/deep.txt", "lightgbm/4.7.0/deep.json" };
  g_autofree char *path = shs_test_fixture (files[_i]);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;

  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_model_open (path, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

void
lightgbm_add_fault_tests (TCase *cases)
{
  tcase_add_test (cases, sets_and_missing_values_go_where_they_should);
  tcase_add_test (cases, endings_of_lines_may_be_those_of_windows);
  tcase_add_test (cases, no_objective_is_an_own_one);
  tcase_add_loop_test (cases, a_fault_is_one_clear_line, 0, G_N_ELEMENTS (faults));
  tcase_add_test (cases, linear_leaves_multiply_unless_a_feature_is_missing);
  tcase_add_loop_test (cases, a_fault_of_linear_leaves_is_one_clear_line, 0,
                       G_N_ELEMENTS (linear_faults));
  tcase_add_loop_test (cases, no_text_that_was_cut_is_taken, 0, G_N_ELEMENTS (cut_files));
  tcase_add_loop_test (cases, reading_can_be_cancelled, 0, 2);
}
