#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "model/match/shs-column-match.h"
#include "model/quick/shs-quick-model.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <xgboost/c_api.h>

Suite *quick_suite (void);

typedef struct
{
  guint n;
  double first;
  double last;
  const char *metric;
  ShsProgress *cancel;
} Scores;

static ShsDataset *
open_penguins (void)
{
  g_autofree char *path = shs_test_source ("data/examples/penguins.csv");
  g_autoptr (GError) error = NULL;
  ShsDataset *dataset = shs_csv_open (path, NULL, 1, NULL, &error);

  shs_test_assert_no_error (error);
  return dataset;
}

static void
note_score (guint round, const char *metric, double score, gpointer data)
{
  Scores *scores = data;

  ck_assert_uint_eq (round, scores->n);
  if (scores->n++ == 0)
    scores->first = score;
  scores->last = score;
  scores->metric = metric;
  if (scores->cancel != NULL && scores->n == 5)
    shs_progress_cancel (scores->cancel);
}

static ShsModel *
train (ShsDataset *dataset, const char *target, Scores *scores, const char *path, GError **error)
{
  ShsQuickModelOptions options = SHS_QUICK_MODEL_DEFAULTS;

  options.target = target;
  options.n_rounds = 40;
  options.n_threads = 1;
  return shs_quick_model_train (dataset, &options, path, note_score, scores, scores->cancel, error);
}

/* libxgboost reads the file that it wrote itself, and predicts the same rows. */
static void
assert_library_agrees (const char *path, const ShsMatrix *rows, const ShsMatrix *margins)
{
  BoosterHandle booster;
  DMatrixHandle matrix;
  g_autofree float *values = g_new (float, rows->n_rows * rows->n_columns);
  const float *found;
  const bst_ulong *shape;
  bst_ulong n_dimensions;

  for (gsize i = 0; i < rows->n_rows; i++)
    for (gsize j = 0; j < rows->n_columns; j++)
      values[i * rows->n_columns + j] = (float)shs_matrix_get (rows, i, j);
  ck_assert_int_eq (XGBoosterCreate (NULL, 0, &booster), 0);
  ck_assert_int_eq (XGBoosterLoadModel (booster, path), 0);
  ck_assert_int_eq (XGDMatrixCreateFromMat (values, rows->n_rows, rows->n_columns, NAN, &matrix),
                    0);
  ck_assert_int_eq (XGBoosterSetStrFeatureInfo (booster, "feature_name", NULL, 0), 0);
  ck_assert_int_eq (XGBoosterSetStrFeatureInfo (booster, "feature_type", NULL, 0), 0);
  ck_assert_int_eq (
      XGBoosterPredictFromDMatrix (booster, matrix,
                                   "{\"type\": 1, \"training\": false, \"iteration_begin\": 0, "
                                   "\"iteration_end\": 0, \"strict_shape\": true}",
                                   &shape, &n_dimensions, &found),
      0);
  ck_assert_uint_eq (shape[0], margins->n_rows);
  ck_assert_uint_eq (shape[1], margins->n_columns);
  for (gsize i = 0; i < margins->n_rows; i++)
    for (gsize k = 0; k < margins->n_columns; k++)
      {
        double expected = found[i * margins->n_columns + k];

        ck_assert_double_eq_tol (shs_matrix_get (margins, i, k), expected,
                                 1e-6 * MAX (1, fabs (expected)));
      }
  XGDMatrixFree (matrix);
  XGBoosterFree (booster);
}

static void
check_model (ShsModel *model, ShsDataset *dataset, const char *target, const char *path)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  gsize n = shs_dataset_get_n_rows (dataset);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, target, &error);

  shs_test_assert_no_error (error);
  ck_assert_ptr_null (shs_column_match_get_notes (match)[0]);
  g_autoptr (ShsMatrix) rows = shs_matrix_new (n, parts->n_features, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (n, parts->n_outputs, NULL);
  ck_assert (shs_column_match_read (match, 0, rows, &error));
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, &error));
  assert_library_agrees (path, rows, margins);
}

static const struct
{
  const char *target;
  ShsTask task;
  const char *output;
  const char *metric;
} targets[] = {
  { "species", SHS_TASK_MULTICLASS, "Adelie", "mlogloss" },
  { "sex", SHS_TASK_BINARY, "male", "logloss" },
  { "body mass (g)", SHS_TASK_REGRESSION, "body mass (g)", "rmse" },
  { "year", SHS_TASK_MULTICLASS, "2007", "mlogloss" },
};

START_TEST (a_model_is_trained_saved_and_read_back)
{
  g_autoptr (ShsDataset) penguins = open_penguins ();
  g_autofree char *path = shs_test_temporary ("quick.json");
  g_autoptr (GError) error = NULL;
  Scores scores = { 0 };
  g_autoptr (ShsModel) model = train (penguins, targets[_i].target, &scores, path, &error);

  shs_test_assert_no_error (error);
  const ShsModelParts *parts = shs_model_get_parts (model);
  ck_assert_int_eq (parts->task, targets[_i].task);
  ck_assert_uint_eq (parts->n_rounds, 40);
  ck_assert_uint_eq (parts->n_features, 7);
  ck_assert_str_eq (shs_model_get_output_name (model, 0), targets[_i].output);
  ck_assert_str_eq (scores.metric, targets[_i].metric);
  ck_assert_uint_eq (scores.n, 40);
  if (!g_str_equal (targets[_i].target, "year"))
    ck_assert_double_lt (scores.last, 0.6 * scores.first);
  check_model (model, penguins, targets[_i].target, path);
  g_unlink (path);
}
END_TEST

START_TEST (training_stops_between_rounds_and_leaves_the_old_file)
{
  g_autoptr (ShsDataset) penguins = open_penguins ();
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autofree char *path = shs_test_temporary ("cancelled.json");
  g_autoptr (GError) error = NULL;
  Scores scores = { .cancel = progress };

  ck_assert_ptr_null (train (penguins, "species", &scores, path, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
  ck_assert_uint_eq (scores.n, 5);
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (ids_are_left_out_and_odd_names_survive)
{
  g_autoptr (GString) csv = g_string_new (",key,\"a \"\"b\"\" [c] <d>\",\"tab\there\",kind,y\n");
  static const char *const kinds[] = { "\"x\"\"y\"", "z\\q", "\xc3\xa4, b", "w" };
  g_autofree char *path = shs_test_temporary ("odd.json");
  g_autoptr (GError) error = NULL;
  Scores scores = { 0 };

  for (int i = 0; i < 100; i++)
    g_string_append_printf (csv, "%d,row-%d,%d,%d.5,%s%s%s,%d.25\n", 3 * i, i, i % 17, i % 5,
                            i % 4 == 2 ? "\"" : "", kinds[i % 4], i % 4 == 2 ? "\"" : "",
                            i % 17 * 3 + i % 4);
  g_autoptr (GBytes) bytes = g_bytes_new (csv->str, csv->len);
  g_autoptr (ShsDataset) dataset = shs_csv_parse ("odd.csv", bytes, NULL, 1, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsModel) model = train (dataset, "y", &scores, path, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_model_get_parts (model)->n_features, 3);
  ck_assert_str_eq (shs_model_get_feature (model, 0)->name, "a \"b\" [c] <d>");
  ck_assert_str_eq (shs_model_get_feature (model, 1)->name, "tab\there");
  ck_assert_uint_eq (shs_model_get_feature (model, 2)->n_categories, 4);
  ck_assert_str_eq (shs_model_get_feature (model, 2)->categories[1], "z\\q");
  ck_assert_str_eq (shs_model_get_feature (model, 2)->categories[2], "\xc3\xa4, b");
  check_model (model, dataset, "y", path);
}
END_TEST

START_TEST (the_split_depends_on_the_seed_alone)
{
  g_autoptr (ShsDataset) penguins = open_penguins ();
  g_autofree char *path = shs_test_temporary ("seed.json");
  double last[3];

  for (int i = 0; i < 3; i++)
    {
      ShsQuickModelOptions options = SHS_QUICK_MODEL_DEFAULTS;
      Scores scores = { 0 };

      options.target = "sex";
      options.n_rounds = 5;
      options.n_threads = 1;
      options.seed = i == 2 ? 7 : 3;
      g_autoptr (ShsModel) model
          = shs_quick_model_train (penguins, &options, path, note_score, &scores, NULL, NULL);
      ck_assert_ptr_nonnull (model);
      last[i] = scores.last;
    }
  ck_assert_double_eq (last[0], last[1]);
  ck_assert_double_ne (last[0], last[2]);
}
END_TEST

START_TEST (without_a_hold_out_there_is_no_score)
{
  g_autoptr (ShsDataset) penguins = open_penguins ();
  g_autofree char *path = shs_test_temporary ("all.json");
  ShsQuickModelOptions options = SHS_QUICK_MODEL_DEFAULTS;
  Scores scores = { 0 };

  options.target = "sex";
  options.n_rounds = 2;
  options.hold_out = 0;
  g_autoptr (ShsModel) model
      = shs_quick_model_train (penguins, &options, path, note_score, &scores, NULL, NULL);
  ck_assert_ptr_nonnull (model);
  ck_assert (isnan (scores.last));
}
END_TEST

START_TEST (impossible_choices_are_refused)
{
  g_autoptr (ShsDataset) penguins = open_penguins ();
  g_autofree char *path = shs_test_temporary ("never.json");
  const ShsQuickModelOptions good = SHS_QUICK_MODEL_DEFAULTS;
  ShsQuickModelOptions wrong[] = { good, good, good, good, good };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    wrong[i].target = "sex";
  wrong[0].n_rounds = 0;
  wrong[1].max_depth = 17;
  wrong[2].learning_rate = NAN;
  wrong[3].hold_out = 1;
  wrong[4].target = "sexes";
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (
          shs_quick_model_train (penguins, &wrong[i], path, NULL, NULL, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
    }
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (a_constant_target_is_refused)
{
  static const char csv[] = "a,b,y\n1,2,3\n2,3,3\n3,4,3\n4,5,3\n5,6,3\n6,7,3\n7,8,3\n8,9,3\n"
                            "9,1,3\n1,2,3\n2,3,3\n3,4,3\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (csv, sizeof csv - 1);
  g_autoptr (ShsDataset) dataset = shs_csv_parse ("same.csv", bytes, NULL, 1, NULL, NULL);
  g_autofree char *path = shs_test_temporary ("same.json");
  g_autoptr (GError) error = NULL;
  Scores scores = { 0 };

  ck_assert_ptr_null (train (dataset, "y", &scores, path, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert_ptr_nonnull (strstr (error->message, "does not vary"));
}
END_TEST

Suite *
quick_suite (void)
{
  Suite *suite = suite_create ("quick");
  TCase *cases = tcase_create ("quick");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, a_model_is_trained_saved_and_read_back, 0, G_N_ELEMENTS (targets));
  tcase_add_test (cases, training_stops_between_rounds_and_leaves_the_old_file);
  tcase_add_test (cases, ids_are_left_out_and_odd_names_survive);
  tcase_add_test (cases, the_split_depends_on_the_seed_alone);
  tcase_add_test (cases, without_a_hold_out_there_is_no_score);
  tcase_add_test (cases, impossible_choices_are_refused);
  tcase_add_test (cases, a_constant_target_is_refused);
  suite_add_tcase (suite, cases);
  return suite;
}
