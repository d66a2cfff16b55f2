#include "shs-test.h"

#include "core/shs-error.h"
#include "model-text.h"

#include <math.h>
#include <string.h>

Suite *layouts_suite (void);

#define DART_INNER "{\"model\":{" PARAM "," INFO "," TREES "},\"name\":\"gbtree\"}"
#define DROP "\"weight_drop\":[5E-1,2.5E-1]"

typedef struct
{
  const char *what;
  const char *booster;
  const char *base_score;
  double base;
  double weight_0;
  double weight_1;
} Layout;

static const Layout layouts[] = {
  { "plain", PLAIN, "5E-1", 0.5, 1, 1 },
  { "base score in brackets", PLAIN, "[5E-1]", 0.5, 1, 1 },
  { "base score in parentheses", PLAIN, "(5E-1)", 0.5, 1, 1 },
  { "base score as 1.0 wrote it", PLAIN, "0.500000", 0.5, 1, 1 },
  { "DART to 3.2", "{\"gbtree\":" DART_INNER ",\"name\":\"dart\"," DROP "}", "0", 0, 0.5, 0.25 },
  { "DART, keys turned round", "{" DROP ",\"name\":\"dart\",\"gbtree\":" DART_INNER "}", "0", 0,
    0.5, 0.25 },
  { "DART 3.3", "{\"model\":{" PARAM "," INFO "," TREES "},\"name\":\"gbtree\"," DROP "}", "0", 0,
    0.5, 0.25 },
  { "DART 3.4", "{\"model\":{" PARAM "," INFO "," TREES "," DROP "},\"name\":\"gbtree\"}", "0", 0,
    0.5, 0.25 },
  { "weights for the first tree only",
    "{\"model\":{" PARAM "," INFO "," TREES ",\"weight_drop\":[5E-1]},\"name\":\"gbtree\"}", "0", 0,
    0.5, 1 },
  { "tree_info behind the trees", "{\"model\":{" TREES "," PARAM "," INFO "},\"name\":\"gbtree\"}",
    "1", 1, 1, 1 },
  { "iterations",
    "{\"model\":{" PARAM "," INFO "," TREES ",\"iteration_indptr\":[0,1,2]},\"name\":\"gbtree\"}",
    "1", 1, 1, 1 },
  { "categories' names",
    "{\"model\":{\"cats\":{\"enc\":[{\"offsets\":[],\"values\":[]},{\"offsets\":[0,1,3,3,4],"
    "\"values\":[97,98,98,-61]}],\"feature_segments\":[0,0,4],\"sorted_idx\":[0,1,2,3]}," PARAM
    "," INFO "," TREES "},\"name\":\"gbtree\"}",
    "1", 1, 1, 1 },
};

START_TEST (every_layout_of_one_model_gives_the_same_margins)
{
  static const double rows[][2]
      = { { 0.4, 1 }, { 0.5, 0 },   { 0.6, 3 },  { 0.6, -1 }, { 0.6, 100 }, { 0.1, 1.9 },
          { NAN, 2 }, { NAN, NAN }, { -1, 3.5 }, { 9, 1e9 },  { 0.5, -3 } };
  const Layout *layout = &layouts[_i];
  g_autofree char *text = model_text (layout->booster, layout->base_score, "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_text (text, &error);

  ck_assert_msg (model != NULL, "%s: %s", layout->what, error != NULL ? error->message : "");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      double category = rows[i][1] > 0 ? floor (rows[i][1]) : rows[i][1];
      double expected = layout->base
                        + margin_by_hand (rows[i][0], category, layout->weight_0, layout->weight_1);

      ck_assert_double_eq (margin_of (model, rows[i][0], rows[i][1]), expected);
    }
}
END_TEST

START_TEST (the_base_score_goes_through_the_objective)
{
  static const struct
  {
    const char *objective;
    double base;
  } cases[] = { { "binary:logistic", -1.0986122886681098 }, { "binary:logitraw", 0.25 },
                { "count:poisson", -1.3862943611198906 },   { "survival:cox", -1.3862943611198906 },
                { "reg:logistic", -1.0986122886681098 },    { "rank:pairwise", 0.25 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = model_text (PLAIN, "[2.5E-1]", cases[i].objective);
      g_autoptr (ShsModel) model = parse_text (text, NULL);

      ck_assert_ptr_nonnull (model);
      ck_assert_double_eq_tol (margin_of (model, 0, 0) - 5, cases[i].base, 1e-12);
    }
}
END_TEST

START_TEST (a_threshold_is_compared_as_float32)
{
  g_autofree char *plain = model_text (PLAIN, "0", "reg:squarederror");
  g_autofree char *text = replaced (plain, "[5E-1,1E0,2E0]", "[1.1E0,1E0,2E0]");
  g_autoptr (ShsModel) model = parse_text (text, NULL);

  ck_assert_double_eq (margin_of (model, 1.1, 0), 6);
  ck_assert_double_eq (margin_of (model, 1.0999999, 0), 5);
  /* As double this lies below the threshold, as float32 upon it. */
  ck_assert_double_eq (margin_of (model, 1.09999999, 0), 6);
}
END_TEST

START_TEST (rounds_of_different_sizes_are_cut_where_they_end)
{
  g_autofree char *text
      = model_text ("{\"model\":{" PARAM "," INFO "," TREES ",\"iteration_indptr\":[0,0,1,2]},"
                    "\"name\":\"gbtree\"}",
                    "0", "reg:squarederror");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_text (text, &error);

  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_model_get_parts (model)->n_rounds, 3);
  g_autoptr (ShsModel) second = shs_model_limit (model, 2, &error);
  shs_test_assert_no_error (error);
  ck_assert_double_eq (margin_of (second, 0, 1), 1);
  ck_assert_double_eq (margin_of (model, 0, 1), 9);
  ck_assert_ptr_null (shs_model_limit (model, 4, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (a_best_iteration_that_is_not_the_last_is_told)
{
  g_autofree char *plain
      = model_text ("{\"model\":{" PARAM "," INFO "," TREES ",\"iteration_indptr\":[0,0,1,2]},"
                    "\"name\":\"gbtree\"}",
                    "0", "reg:squarederror");
  g_autofree char *text
      = replaced (plain, "\"attributes\":{}", "\"attributes\":{\"best_iteration\":\"1\"}");
  g_autoptr (ShsModel) model = parse_text (text, NULL);
  g_autoptr (ShsModel) best = shs_model_limit (model, 2, NULL);
  g_autofree char *line = shs_model_describe_rounds (model);

  ck_assert_str_eq (line,
                    "best iteration 2 of 3 rounds; all are used; --trees best takes the first 2");
  ck_assert_ptr_null (shs_model_describe_rounds (best));
}
END_TEST

START_TEST (a_model_is_described_in_one_line)
{
  g_autofree char *text = model_text (PLAIN, "[5E-1]", "binary:logistic");
  g_autoptr (ShsModel) model = parse_text (text, NULL);
  g_autofree char *line = shs_model_describe (model);

  ck_assert_str_eq (line, "XGBoost 3.4.0, 2 trees of depth 1, binary, log-odds");
  ck_assert_str_eq (shs_model_get_output_name (model, 0), "prediction");
  ck_assert_int_eq (shs_model_get_feature (model, 1)->type, SHS_COLUMN_CATEGORY);
  ck_assert_int_eq (shs_model_get_capabilities (model), SHS_CAPABILITY_ENSEMBLE
                                                            | SHS_CAPABILITY_COVERS
                                                            | SHS_CAPABILITY_CONSTANT_LEAVES);
}
END_TEST

START_TEST (class_names_come_from_the_wrapper_of_scikit_learn)
{
  g_autofree char *plain = model_text (PLAIN, "5E-1", "binary:logistic");
  g_autofree char *text
      = replaced (plain, "\"attributes\":{}",
                  "\"attributes\":{\"scikit_learn\":\"{\\\"n_classes_\\\": 2, "
                  "\\\"classes_\\\": [\\\"<=50K\\\", \\\">50K\\\"]}\",\"best_iteration\":\"0\"}");
  g_autoptr (ShsModel) model = parse_text (text, NULL);

  ck_assert_ptr_nonnull (model);
  ck_assert_str_eq (shs_model_get_output_name (model, 0), ">50K");
  ck_assert_str_eq (shs_model_get_parts (model)->class_names[0], "<=50K");
  ck_assert_int_eq (shs_model_get_parts (model)->best_round, 0);
}
END_TEST

typedef struct
{
  const char *from;
  const char *to;
  const char *message; /* a part of it */
} Damage;

static const Damage damages[] = {
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[0,-1,-1]", "Tree 0" },
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[2,-1,-1]", "" },
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[3,-1,-1]", "" },
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[-2,-1,-1]", "" },
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[4294967297,-1,-1]", "left_children" },
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[1,0,-1]", "" },
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[1,-1]", "declares" },
  { "\"left_children\":[1,-1,-1]", "\"left_children\":[]", "nodes" },
  { "\"right_children\":[2,-1,-1]", "\"right_children\":[2,-1,-1,-1]", "right_children" },
  { "\"split_indices\":[0,0,0]", "\"split_indices\":[2,0,0]", "" },
  { "\"split_indices\":[0,0,0]", "\"split_indices\":[4294967296,0,0]", "" },
  { "\"split_indices\":[0,0,0]", "\"split_indices\":[-1,0,0]", "" },
  { "\"split_indices\":[0,0,0]", "\"split_indices\":[0.5,0,0]", "" },
  { "\"split_conditions\":[5E-1,1E0,2E0]", "\"split_conditions\":[5E-1,1E0]", "split_conditions" },
  { "\"split_conditions\":[5E-1,1E0,2E0]", "\"split_conditions\":[5E-1,1E999,2E0]", "" },
  { "\"default_left\":[1,0,0]", "\"default_left\":[]", "default_left" },
  { "\"sum_hessian\":[4,1,3]", "\"sum_hessian\":[4,-1,3]", "" },
  { "\"sum_hessian\":[4,1,3]", "\"sum_hessian\":[4]", "sum_hessian" },
  { "\"num_nodes\":\"3\"", "\"num_nodes\":\"4\"", "declares 4 nodes" },
  { "\"num_nodes\":\"3\"", "\"num_nodes\":\"-3\"", "num_nodes" },
  { "\"size_leaf_vector\":\"0\"", "\"size_leaf_vector\":\"3\"", "3 values per leaf" },
  { "\"id\":1", "\"id\":0", "calls itself tree 0" },
  { "\"categories_nodes\":[0]", "\"categories_nodes\":[3]", "categories_nodes" },
  { "\"categories_nodes\":[0]", "\"categories_nodes\":[1]", "" },
  { "\"categories_nodes\":[0]", "\"categories_nodes\":[-1]", "categories_nodes" },
  { "\"categories_segments\":[0]", "\"categories_segments\":[1]", "categories_nodes" },
  { "\"categories_segments\":[0]", "\"categories_segments\":[-1]", "categories_nodes" },
  { "\"categories_sizes\":[2]", "\"categories_sizes\":[2147483647]", "categories_nodes" },
  { "\"categories_sizes\":[2]", "\"categories_sizes\":[2,0]", "categories_sizes" },
  { "\"categories\":[1,3]", "\"categories\":[-1,3]", "" },
  { "\"categories\":[1,3]", "\"categories\":[1,2147483647]", "" },
  { "\"tree_info\":[0,0]", "\"tree_info\":[0,99]", "output 99" },
  { "\"tree_info\":[0,0]", "\"tree_info\":[0,-1]", "output -1" },
  { "\"tree_info\":[0,0]", "\"tree_info\":[0]", "tree_info" },
  { "\"tree_info\":[0,0]", "\"tree_info\":[0,0,0]", "tree_info" },
  { "\"num_feature\":\"2\",\"num_target\"", "\"num_feature\":\"1\",\"num_target\"", "" },
  { "\"num_feature\":\"2\",\"num_target\"", "\"num_feature\":\"0\",\"num_target\"", "num_feature" },
  { "\"num_feature\":\"2\",\"num_target\"", "\"num_feature\":\"2000000\",\"num_target\"",
    "num_feature" },
  { "\"num_feature\":\"2\",\"num_target\"", "\"num_feature\":\"two\",\"num_target\"",
    "num_feature" },
  { "\"num_class\":\"0\"", "\"num_class\":\"-1\"", "num_class" },
  { "\"base_score\":\"5E-1\"", "\"base_score\":\"\"", "base_score" },
  { "\"base_score\":\"5E-1\"", "\"base_score\":\"[1,2]\"", "base_score" },
  { "\"base_score\":\"5E-1\"", "\"base_score\":\"[1\"", "base_score" },
  { "\"base_score\":\"5E-1\"", "\"base_score\":\"[1,]\"", "base_score" },
  { "\"base_score\":\"5E-1\"", "\"base_score\":\"NaN\"", "base score" },
  { "\"feature_names\":[]", "\"feature_names\":[\"a\"]", "feature_names" },
  { "\"feature_types\":[]", "\"feature_types\":[\"c\",\"c\",\"c\"]", "feature_types" },
  { "\"name\":\"gbtree\"", "\"name\":\"forest\"", "unknown kind" },
  { "\"name\":\"gbtree\"", "\"nome\":\"gbtree\"", "gradient_booster.name" },
  { "\"reg:squarederror\"", "\"reg:mystery\"", "reg:mystery" },
  { "\"learner\"", "\"lerner\"", "\"learner\"" },
  { "\"model\":", "\"modell\":", "gradient_booster.model" },
  { "\"model\":{", "\"model\":{\"iteration_indptr\":[0,5],", "iteration_indptr" },
  { "\"model\":{", "\"model\":{\"iteration_indptr\":[0,2,1],", "iteration_indptr" },
  { "\"model\":{", "\"model\":{\"weight_drop\":[1E39],", "weight" },
  { "\"model\":{", "\"model\":{\"weight_drop\":[1,1,1],", "3 numbers for 2 trees" },
  { "\"name\":\"gbtree\"", "\"name\":\"dart\"", "gradient_booster.weight_drop" },
  { "\"name\":\"gbtree\"", "\"name\":\"dart\",\"weight_drop\":[]", "gradient_booster.weight_drop" },
  { "\"model\":{", "\"model\":{\"cats\":{\"enc\":[{\"offsets\":[0,9],\"values\":[97]},{}]},",
    "offsets" },
  { "\"model\":{", "\"model\":{\"cats\":{\"enc\":[{\"offsets\":[0,1],\"values\":[900]},{}]},",
    "offsets" },
  { "\"model\":{", "\"model\":{\"cats\":{\"enc\":[{}]},", "enc" },
};

START_TEST (damage_is_refused_and_named)
{
  const Damage *damage = &damages[_i];
  g_autofree char *plain = model_text (PLAIN, "5E-1", "reg:squarederror");
  g_autofree char *text = replaced (plain, damage->from, damage->to);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_text (text, &error);

  ck_assert_msg (model == NULL, "%s was taken", damage->to);
  ck_assert (error != NULL && error->domain == SHS_ERROR);
  ck_assert_msg (strstr (error->message, damage->message) != NULL, "%s: %s", damage->to,
                 error->message);
  ck_assert_msg (strstr (error->message, "test.json") != NULL, "%s", error->message);
  ck_assert_ptr_null (strchr (error->message, '\n'));
}
END_TEST

START_TEST (deep_nesting_is_refused_without_recursion)
{
  g_autoptr (GString) text = g_string_new ("{\"learner\":");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 200000; i++)
    g_string_append_c (text, '[');
  ck_assert_ptr_null (parse_text (text->str, &error));
  ck_assert_ptr_nonnull (error);
}
END_TEST

START_TEST (sets_much_larger_than_the_file_are_refused)
{
  g_autoptr (GString) booster = g_string_new ("{\"model\":{" PARAM ",\"tree_info\":[0");
  g_autofree char *big = replaced (TREE_1, "\"categories\":[1,3]", "\"categories\":[1,16777215]");
  g_autoptr (GError) error = NULL;

  for (int t = 1; t < 200; t++)
    g_string_append (booster, ",0");
  g_string_append (booster, "],\"trees\":[");
  for (int t = 0; t < 200; t++)
    {
      g_autofree char *id = g_strdup_printf ("\"id\":%d", t);
      g_autofree char *tree = replaced (big, "\"id\":1", id);

      g_string_append_printf (booster, "%s%s", t > 0 ? "," : "", tree);
    }
  g_string_append (booster, "]},\"name\":\"gbtree\"}");
  g_autofree char *text = model_text (booster->str, "0", "reg:squarederror");
  ck_assert_ptr_null (parse_text (text, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "larger than the file"));
}
END_TEST

Suite *
layouts_suite (void)
{
  Suite *suite = suite_create ("layouts");
  TCase *cases = tcase_create ("layouts");

  tcase_add_loop_test (cases, every_layout_of_one_model_gives_the_same_margins, 0,
                       G_N_ELEMENTS (layouts));
  tcase_add_test (cases, the_base_score_goes_through_the_objective);
  tcase_add_test (cases, a_threshold_is_compared_as_float32);
  tcase_add_test (cases, rounds_of_different_sizes_are_cut_where_they_end);
  tcase_add_test (cases, a_best_iteration_that_is_not_the_last_is_told);
  tcase_add_test (cases, a_model_is_described_in_one_line);
  tcase_add_test (cases, class_names_come_from_the_wrapper_of_scikit_learn);
  tcase_add_loop_test (cases, damage_is_refused_and_named, 0, G_N_ELEMENTS (damages));
  tcase_add_test (cases, deep_nesting_is_refused_without_recursion);
  tcase_add_test (cases, sets_much_larger_than_the_file_are_refused);
  suite_add_tcase (suite, cases);
  return suite;
}
