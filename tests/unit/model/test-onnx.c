#include "model-oracle.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "model/match/shs-column-match.h"
#include "model/onnx/shs-onnx.h"

#include <math.h>
#include <string.h>

Suite *onnx_suite (void);

/* ONNX Runtime adds up in single precision. */
#define TOLERANCE 1e-6

static char *
onnx_file (const char *kind, const char *ending)
{
  g_autofree char *name = g_strconcat ("onnx/", kind, ending, NULL);

  return shs_test_fixture (name);
}

static ShsModel *
open_model (const char *kind)
{
  g_autofree char *path = onnx_file (kind, ".onnx");
  g_autoptr (GError) error = NULL;
  ShsModel *model = shs_model_open (path, NULL, &error);

  ck_assert_msg (model != NULL, "%s: %s", kind, error != NULL ? error->message : "");
  return model;
}

static ShsNpz *
open_oracle (const char *kind)
{
  g_autofree char *path = onnx_file (kind, ".npz");
  g_autoptr (GError) error = NULL;
  ShsNpz *oracle = shs_npz_open (path, &error);

  shs_test_assert_no_error (error);
  return oracle;
}

static void
check_equal (const ShsMatrix *found, const ShsMatrix *expected, const char *what)
{
  ck_assert_uint_eq (found->n_rows, expected->n_rows);
  ck_assert_msg (found->n_columns == expected->n_columns, "%s has %zu outputs", what,
                 found->n_columns);
  for (gsize i = 0; i < found->n_rows; i++)
    for (gsize k = 0; k < found->n_columns; k++)
      {
        double a = shs_matrix_get (found, i, k);
        double b = shs_matrix_get (expected, i, k);

        ck_assert_msg (fabs (a - b) <= TOLERANCE * MAX (1, fabs (b)), "%s, row %zu: %.9g, not %.9g",
                       what, i, a, b);
      }
}

static void
check_predictions (const ShsModel *model, const ShsMatrix *rows, const ShsMatrix *expected,
                   const char *what)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (rows->n_rows, parts->n_outputs, NULL);
  g_autoptr (ShsMatrix) predictions
      = shs_matrix_new (rows->n_rows, shs_link_count_outputs (parts->link, parts->n_outputs), NULL);

  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
  shs_link_apply (parts->link, 1, margins, predictions);
  check_equal (predictions, expected, what);
}

static const char *const predicting[] = { "tree",
                                          "tree-classes",
                                          "forest",
                                          "forest-binary",
                                          "forest-classes",
                                          "forest-targets",
                                          "boosting",
                                          "boosting-binary",
                                          "boosting-classes",
                                          "ada",
                                          "bagging",
                                          "voting",
                                          "linear",
                                          "logistic",
                                          "softmax",
                                          "pipeline",
                                          "scalers",
                                          "xgboost",
                                          "xgboost-binary",
                                          "xgboost-classes",
                                          "xgboost-poisson",
                                          "lightgbm-binary",
                                          "lightgbm-poisson",
                                          "catboost-binary",
                                          "catboost-classes",
                                          "sets",
                                          "bins",
                                          "bins-codes",
                                          "products",
                                          "poisson",
                                          "gradient-descent",
                                          "perceptron",
                                          "ridge-classes",
                                          "support-linear",
                                          "support-binary" };

START_TEST (every_model_predicts_as_onnx_runtime_does)
{
  g_autoptr (ShsModel) model = open_model (predicting[_i]);
  g_autoptr (ShsNpz) oracle = open_oracle (predicting[_i]);
  g_autoptr (ShsMatrix) rows = model_oracle_read (oracle, "x");
  g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, "prediction");

  check_predictions (model, rows, expected, predicting[_i]);
}
END_TEST

/* The graph goes on behind these scores: they are explained, and a note says so. */
START_TEST (scores_behind_which_more_is_computed_are_explained_as_they_are)
{
  static const char *const kinds[] = { "isolation", "one-versus-rest", "clamped" };
  g_autoptr (ShsModel) model = open_model (kinds[_i]);
  g_autoptr (ShsNpz) oracle = open_oracle (kinds[_i]);
  g_autoptr (ShsMatrix) rows = model_oracle_read (oracle, "x");
  g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, "margin");
  g_autoptr (ShsMatrix) margins = shs_matrix_new (rows->n_rows, expected->n_columns, NULL);

  ck_assert_uint_eq (shs_model_get_parts (model)->n_outputs, expected->n_columns);
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
  check_equal (margins, expected, kinds[_i]);
  ck_assert_uint_eq (g_strv_length (shs_model_get_parts (model)->notes), 1);
}
END_TEST

START_TEST (columns_of_several_types_are_prepared_as_the_graph_says)
{
  g_autofree char *path = onnx_file ("columns", ".csv");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = open_model ("columns");
  g_autoptr (ShsDataset) dataset = shs_csv_open (path, NULL, 1, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsNpz) oracle = open_oracle ("columns");
  g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, "prediction");
  g_autoptr (ShsMatrix) rows = shs_matrix_new (expected->n_rows, 6, NULL);

  ck_assert (shs_column_match_read (match, 0, rows, &error));
  ck_assert_str_eq (shs_model_get_feature (model, 4)->name, "colour");
  ck_assert_uint_eq (shs_model_get_feature (model, 4)->n_categories, 3);
  check_predictions (model, rows, expected, "columns");
}
END_TEST

/* "columns" with an input that is not said to be one column wide. */
START_TEST (an_input_whose_width_is_not_told_is_noted)
{
  static const guint8 from[] = { 0x0a, 0x00, 0x0a, 0x02, 0x08, 0x01 };
  g_autofree char *path = onnx_file ("columns", ".onnx");
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  gsize length = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  guint8 *place = memmem (copy, length, from, sizeof from);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_nonnull (place);
  place[sizeof from - 1] = 0;
  g_autoptr (GBytes) changed = g_bytes_new (copy, length);
  g_autoptr (ShsModel) told = open_model ("columns");
  g_autoptr (ShsModel) model = shs_onnx_parse ("model.onnx", "model", changed, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (g_strv_length (shs_model_get_parts (told)->notes), 0);
  ck_assert_uint_eq (g_strv_length (shs_model_get_parts (model)->notes), 1);
  ck_assert_ptr_nonnull (strstr (shs_model_get_parts (model)->notes[0], "as one column"));
}
END_TEST

START_TEST (what_trees_split_on_belongs_to_the_column_it_was_made_of)
{
  g_autoptr (ShsModel) model = open_model ("columns");
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (model)->ensemble;

  ck_assert_uint_eq (ensemble->n_players, 6);
  ck_assert_uint_eq (shs_model_get_n_players (model), 6);
  ck_assert_int_eq (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS, 0);
}
END_TEST

/* Four columns, and six pairs of different ones. */
START_TEST (a_product_belongs_to_its_columns_together)
{
  g_autoptr (ShsModel) model = open_model ("products");
  gsize most = 0;

  for (gsize p = 0; p < shs_model_get_n_players (model); p++)
    {
      gsize n;

      shs_feature_map_get_player_columns (shs_model_get_parts (model)->map, p, &n);
      most = MAX (most, n);
    }
  ck_assert_uint_gt (shs_model_get_n_players (model), 4);
  ck_assert_uint_eq (most, 2);
}
END_TEST

START_TEST (classes_keep_their_names)
{
  g_autoptr (ShsModel) model = open_model ("boosting-classes");

  ck_assert_int_eq (shs_model_get_parts (model)->task, SHS_TASK_MULTICLASS);
  ck_assert_int_eq (shs_model_get_parts (model)->link, SHS_LINK_SOFTMAX);
  ck_assert_str_eq (shs_model_get_output_name (model, 2), "class 2");
}
END_TEST

static const char *const refused[][2]
    = { { "support-vectors", "SVMRegressor" }, { "lengths", "Normalizer" } };

START_TEST (a_model_that_cannot_be_followed_is_named)
{
  g_autofree char *path = onnx_file (refused[_i][0], ".onnx");
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_model_open (path, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, refused[_i][1]) != NULL, "%s", error->message);
}
END_TEST

/* Bytes put in the place of others of the same length in a file. */
static const struct
{
  const char *kind;
  const char *from;
  const char *to;
  int code;
  const char *message;
} faults[] = {
  { "tree", "BRANCH_LEQ", "BRANCH_LES", SHS_ERROR_INVALID, "\"BRANCH_LES\"" },
  { "tree", "nodes_modes", "nodes_modez", SHS_ERROR_INVALID, "equally long" },
  { "tree", "nodes_values", "nodes_valuez", SHS_ERROR_INVALID, "equally long" },
  { "tree", "target_weights", "target_weightz", SHS_ERROR_INVALID, "equally long" },
  { "boosting-binary", "LOGISTIC", "LOGISTIX", SHS_ERROR_UNSUPPORTED, "LOGISTIC, SOFTMAX" },
  { "boosting-classes", "classlabels_int64s", "classlabels_int64z", SHS_ERROR_INVALID,
    "no outputs" },
  { "pipeline", "\"\aImputer", "\"\aImputex", SHS_ERROR_UNSUPPORTED, "Imputex" },
  { "scalers", "offset", "offsex", 0, NULL },
  { "tree", "\x4a\nBRANCH_LEQ", "\x42\nBRANCH_LEQ", SHS_ERROR_INVALID, "mixes" },
  { "tree", "ai.onnx.ml", "ai.onnx.mx", SHS_ERROR_INVALID, "cut short" },
};

START_TEST (a_fault_is_one_clear_line)
{
  g_autofree char *path = onnx_file (faults[_i].kind, ".onnx");
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  gsize length = g_bytes_get_size (bytes);
  g_autofree char *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  char *place = memmem (copy, length, faults[_i].from, strlen (faults[_i].from));
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_nonnull (place);
  memcpy (place, faults[_i].to, strlen (faults[_i].to));
  changed = g_bytes_new (copy, length);
  g_autoptr (ShsModel) model = shs_onnx_parse ("model.onnx", "model", changed, NULL, &error);
  ck_assert ((model != NULL) == (faults[_i].code == 0));
  if (model != NULL)
    return;
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "model.onnx") != NULL, "%s", error->message);
}
END_TEST

Suite *
onnx_suite (void)
{
  Suite *suite = suite_create ("onnx");
  TCase *cases = tcase_create ("onnx");

  tcase_add_loop_test (cases, every_model_predicts_as_onnx_runtime_does, 0,
                       G_N_ELEMENTS (predicting));
  tcase_add_loop_test (cases, scores_behind_which_more_is_computed_are_explained_as_they_are, 0, 3);
  tcase_add_test (cases, columns_of_several_types_are_prepared_as_the_graph_says);
  tcase_add_test (cases, an_input_whose_width_is_not_told_is_noted);
  tcase_add_test (cases, what_trees_split_on_belongs_to_the_column_it_was_made_of);
  tcase_add_test (cases, a_product_belongs_to_its_columns_together);
  tcase_add_test (cases, classes_keep_their_names);
  tcase_add_loop_test (cases, a_model_that_cannot_be_followed_is_named, 0, G_N_ELEMENTS (refused));
  tcase_add_loop_test (cases, a_fault_is_one_clear_line, 0, G_N_ELEMENTS (faults));
  suite_add_tcase (suite, cases);
  return suite;
}
