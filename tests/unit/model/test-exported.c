#include "model-oracle.h"
#include "model-text.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "model/exported/shs-exported.h"

#include <math.h>
#include <string.h>

Suite *exported_suite (void);

#define TOLERANCE 1e-12

static const struct
{
  const char *version;
  guint n_models;
} versions[] = { { "1.2.2", 40 }, { "1.9.1", 44 } };

/* Of libraries that add up in single precision. */
#define TOLERANCE_SINGLE 1e-6

static void
check_model (const char *folder, const char *file, const char *library, double tolerance)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *oracle_file
      = g_strdup_printf ("%.*s.npz", (int)(strrchr (path, '.') - path), path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);

  ck_assert_msg (model != NULL, "%s: %s", path, error != NULL ? error->message : "");
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_file, &error);
  shs_test_assert_no_error (error);
  model_oracle_check (model, oracle, "margin", tolerance, path);
  if (library != NULL)
    ck_assert_str_eq (shs_model_get_parts (model)->library, library);
  else
    ck_assert_str_ne (shs_model_get_parts (model)->library, "JSON");
  if (shs_model_get_parts (model)->linear == NULL)
    ck_assert_msg (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS, "%s", path);
}

START_TEST (every_exported_model_gives_the_margins_and_predictions_of_its_library)
{
  g_autofree char *relative = g_build_filename ("sklearn", versions[_i].version, NULL);
  g_autofree char *folder = shs_test_fixture (relative);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *file;
  guint n = 0;

  ck_assert_ptr_nonnull (files);
  while ((file = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (file, ".json"))
      {
        check_model (folder, file, "scikit-learn", TOLERANCE);
        n++;
      }
  ck_assert_uint_ge (n, versions[_i].n_models);
}
END_TEST

START_TEST (models_of_other_libraries_and_models_of_models_give_their_own_numbers)
{
  g_autofree char *folder = shs_test_fixture ("exported");
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *file;
  guint n = 0;

  ck_assert_ptr_nonnull (files);
  while ((file = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (file, ".json"))
      {
        gboolean is_single = g_str_has_prefix (file, "xgboost");

        check_model (folder, file, NULL, is_single ? TOLERANCE_SINGLE : TOLERANCE);
        n++;
      }
  ck_assert_uint_ge (n, 46);
}
END_TEST

START_TEST (every_skops_file_gives_the_margins_and_predictions_of_its_library)
{
  g_autofree char *folder = shs_test_fixture ("sklearn/1.9.1");
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *file;
  guint n = 0;

  ck_assert_ptr_nonnull (files);
  while ((file = g_dir_read_name (files)) != NULL)
    if (g_str_has_suffix (file, ".skops"))
      {
        check_model (folder, file, "scikit-learn", TOLERANCE);
        n++;
      }
  ck_assert_uint_ge (n, 25);
}
END_TEST

static ShsModel *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return shs_exported_parse ("own.json", "own.json", bytes, NULL, error);
}

/* The file that data/export/README.md shows is a file that can be opened. */
static char *
read_example (void)
{
  g_autofree char *path = shs_test_source ("data/export/README.md");
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  const char *start = strstr (text, "```json\n") + strlen ("```json\n");

  return g_strndup (start, (gsize)(strstr (start, "```") - start));
}

START_TEST (the_example_of_the_description_means_what_it_says)
{
  g_autofree char *text = read_example ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (text, &error);

  shs_test_assert_no_error (error);
  ck_assert_double_eq (margin_of (model, 35, 1), 12.5);
  ck_assert_double_eq (margin_of (model, 30, 1), 11.5);
  ck_assert_double_eq (margin_of (model, 35, 0), 7.5);
  ck_assert_double_eq (margin_of (model, 51, 2), 11.5);
  /* Without "missing", NaN compares as in C: not at most 50. */
  ck_assert_double_eq (margin_of (model, NAN, 0), 10.5);
  ck_assert_double_eq (shs_tree_ensemble_expected_value (shs_model_get_parts (model)->ensemble, 0),
                       10 + (40 * 1 + 25 * 2 - 35 * 3) / 100.0 + (80 * 0.5 - 20 * 0.5) / 100.0);
  ck_assert (shs_model_get_parts (model)->has_feature_names);
  ck_assert_str_eq (shs_model_get_feature (model, 1)->categories[2], "Turku");
}
END_TEST

static const char vectors[]
    = "{\"shapscope_model\":1,\"task\":\"multiclass\",\"features\":[{},{}],\"n_outputs\":2,"
      "\"classes\":[\"no\",\"yes\"],\"base\":[1,2],\"vector_leaves\":true,\"cast\":\"float\","
      "\"operator\":\">\",\"trees\":[{\"weight\":2,\"root\":{\"feature\":1,\"threshold\":0.1,"
      "\"left\":{\"value\":[10,20]},\"right\":{\"value\":[30,40]}}},"
      "{\"left\":[1,-1,-1],\"right\":[2,-1,-1],\"feature\":[0,0,0],\"threshold\":[0,0,0],"
      "\"operator\":[\"not in\",\"\",\"\"],\"set\":[0,-1,-1],\"sets\":[[1,4]],"
      "\"missing_left\":[0,0,0],\"value\":[0,0,100,200,300,400]}]}";

START_TEST (leaves_may_have_a_value_for_each_output)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (vectors, &error);

  shs_test_assert_no_error (error);
  /* 0.1 as a float is greater than 0.1. */
  ck_assert_double_eq (margin_of (model, 0, 0.1), 1 + 20 + 100);
  ck_assert_double_eq (margin_of (model, 4, 0), 1 + 60 + 300);
  ck_assert_double_eq (margin_of (model, NAN, 0), 1 + 60 + 300);
  ck_assert_str_eq (shs_model_get_parts (model)->class_names[1], "yes");
  ck_assert (!shs_model_get_parts (model)->has_feature_names);
  ck_assert (!(shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS));
}
END_TEST

/* Of four rows three go left in the first tree, at 0.1 as a float, and one in the second. */
START_TEST (covers_are_counted_from_the_rows_of_the_file)
{
  g_autofree char *text
      = replaced (vectors, "\"trees\":[", "\"background\":[[1,5],[2,0.1],[4,3],[1,0]],\"trees\":[");
  g_autofree char *narrow = replaced (text, "[[1,5],[2,0.1],[4,3],[1,0]]", "[[1,5,6]]");
  g_autofree char *ragged = replaced (text, "[1,5]", "[1]");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (text, &error);
  const ShsTreeEnsemble *ensemble;

  shs_test_assert_no_error (error);
  ensemble = shs_model_get_parts (model)->ensemble;
  ck_assert (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS);
  ck_assert_double_eq (shs_tree_ensemble_get_left_share (ensemble, 0), 0.75);
  ck_assert_double_eq (shs_tree_ensemble_get_left_share (ensemble, 3), 0.25);
  ck_assert_ptr_nonnull (strstr (shs_model_get_parts (model)->notes[0], "4 rows"));
  ck_assert_ptr_null (parse (narrow, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  g_clear_error (&error);
  ck_assert_ptr_null (parse (ragged, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
}
END_TEST

static const char mapped[]
    = "{\"shapscope_model\":1,\"features\":[\"a\",\"b\"],\"map\":["
      "{\"column\":1,\"steps\":[{\"impute\":3},{\"subtract\":1},{\"divide\":2}]},"
      "{\"column\":0,\"steps\":[{\"missing_if\":-9},{\"is_missing\":true}]},"
      "{\"column\":0,\"steps\":[{\"table\":{\"keys\":[1,2],\"values\":[10,20],\"otherwise\":5,"
      "\"missing\":null}},{\"clip\":[6,15]}]}],"
      "\"linear\":{\"weights\":[1,100,1000],\"bias\":[0.5]}}";

START_TEST (maps_make_the_features_of_a_model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse (mapped, &error);

  shs_test_assert_no_error (error);
  ck_assert_double_eq (margin_of (model, 1, 5), 0.5 + 2 + 0 + 10000);
  ck_assert_double_eq (margin_of (model, 2, NAN), 0.5 + 1 + 0 + 15000);
  ck_assert_double_eq (margin_of (model, -9, 1), 0.5 + 0 + 100 + 6000);
  ck_assert_double_eq (margin_of (model, NAN, 1), 0.5 + 0 + 100 + 0);
}
END_TEST

static const struct
{
  const char *text;
  const char *from;
  const char *to;
  int code;
  const char *message;
} faults[] = {
  { vectors, "\"shapscope_model\":1", "\"shapscope_model\":2", SHS_ERROR_INVALID, "only format" },
  { vectors, "\"task\"", "\"tusk\"", SHS_ERROR_INVALID, "tusk" },
  { vectors, "multiclass", "guess", SHS_ERROR_INVALID, "regression, binary" },
  { vectors, "[{},{}]", "[]", SHS_ERROR_INVALID, "features" },
  { vectors, "[{},{}]", "[{\"name\":\"a\"},{}]", SHS_ERROR_INVALID, "every feature" },
  { vectors, "[{},{}]", "[{},{}],\"features\":[{}]", SHS_ERROR_INVALID, "twice" },
  { vectors, "\"n_outputs\":2", "\"n_outputs\":-1", SHS_ERROR_INVALID, "outputs" },
  { vectors, "\"n_outputs\":2", "\"n_outputs\":3", SHS_ERROR_INVALID, "base" },
  { vectors, "[\"no\",\"yes\"]", "[\"no\"]", SHS_ERROR_INVALID, "classes" },
  { vectors, "\"base\":[1,2]", "\"base\":[1,Infinity]", SHS_ERROR_INVALID, "base score" },
  { vectors, "\"float\"", "\"half\"", SHS_ERROR_INVALID, "cast" },
  { vectors, "\"trees\":[", "\"linear\":{},\"trees\":[", SHS_ERROR_INVALID, "either" },
  { vectors, "\"feature\":1,", "\"feature\":2,", SHS_ERROR_INVALID, "0 to 1" },
  { vectors, "\"feature\":1,", "\"feature\":\"f9\",", SHS_ERROR_INVALID, "this name" },
  { vectors, "\"feature\":1,", "", SHS_ERROR_INVALID, "needs a \"feature\"" },
  { vectors, "\"threshold\":0.1,", "", SHS_ERROR_INVALID, "threshold" },
  { vectors, "\"threshold\":0.1,", "\"operator\":\"in\",", SHS_ERROR_INVALID, "categories" },
  { vectors, "[30,40]", "[30]", SHS_ERROR_INVALID, "needs a \"value\"" },
  { vectors, "[30,40]", "30", SHS_ERROR_INVALID, "needs a \"value\"" },
  { vectors, "\"right\":{\"value\":[30,40]}", "\"cover\":1", SHS_ERROR_INVALID, "both" },
  { vectors, "\"right\":{", "\"left\":{", SHS_ERROR_INVALID, "second time" },
  { vectors, "\"left\":[1,-1,-1]", "\"left\":[0,-1,-1]", SHS_ERROR_INVALID, "second time" },
  { vectors, "\"left\":[1,-1,-1]", "\"left\":[3,-1,-1]", SHS_ERROR_INVALID, "outside" },
  { vectors, "\"right\":[2,-1,-1]", "\"right\":[1,-1,-1]", SHS_ERROR_INVALID, "second time" },
  { vectors, "\"right\":[2,-1,-1]", "\"right\":[2]", SHS_ERROR_INVALID, "right" },
  { vectors, "\"feature\":[0,0,0]", "\"feature\":[2,0,0]", SHS_ERROR_INVALID, "feature 2" },
  { vectors, "\"threshold\":[0,0,0]", "\"threshold\":[0]", SHS_ERROR_INVALID, "threshold" },
  { vectors, "[\"not in\",\"\",\"\"]", "[\"not in\"]", SHS_ERROR_INVALID, "operator" },
  { vectors, "\"not in\"", "\"near\"", SHS_ERROR_INVALID, "operator" },
  { vectors, "\"set\":[0,-1,-1]", "\"set\":[1,-1,-1]", SHS_ERROR_INVALID, "among" },
  { vectors, "[[1,4]]", "[[1,-4]]", SHS_ERROR_INVALID, "category -4" },
  { vectors, "[[1,4]]", "[[1,99999999]]", SHS_ERROR_INVALID, "99999999" },
  { vectors, "\"value\":[0,0,100,200,300,400]", "\"value\":[0,0,100]", SHS_ERROR_INVALID, "value" },
  { vectors, "300,400]", "300,Infinity]", SHS_ERROR_INVALID, "finite" },
  { vectors, "\"weight\":2", "\"weight\":NaN", SHS_ERROR_INVALID, "weight" },
  { vectors, "\"missing_left\":[0,0,0]", "\"cover\":[-1,0,0]", SHS_ERROR_INVALID, "cover" },
  { vectors, "\"missing_left\":[0,0,0]", "\"root\":{\"value\":[1,2]}", SHS_ERROR_INVALID,
    "either" },
  { vectors, "\"trees\":[", "\"trees_per_round\":7,\"trees\":[", SHS_ERROR_INVALID, "rounds" },
  { vectors, "\"trees\":[", "\"link_scale\":0,\"trees\":[", SHS_ERROR_INVALID, "greater" },
  { mapped, "\"column\":1", "\"column\":2", SHS_ERROR_INVALID, "0 to 1" },
  { mapped, "\"column\":1,", "", SHS_ERROR_INVALID, "before \"steps\"" },
  { mapped, "\"column\":1,\"steps\":[{\"impute\":3},{\"subtract\":1},{\"divide\":2}]", "",
    SHS_ERROR_INVALID, "one \"column\"" },
  { mapped, "\"column\":1,", "\"column\":1,\"column\":0,", SHS_ERROR_INVALID, "before" },
  { mapped, "\"subtract\"", "\"differ\"", SHS_ERROR_INVALID, "operation" },
  { mapped, "[6,15]", "[15,6]", SHS_ERROR_INVALID, "smaller" },
  { mapped, "[6,15]", "[6]", SHS_ERROR_INVALID, "two numbers" },
  { mapped, "\"keys\":[1,2]", "\"keys\":[1]", SHS_ERROR_INVALID, "as many" },
  { mapped, "[1,100,1000]", "[1,100]", SHS_ERROR_INVALID, "weight" },
  { mapped, "[1,100,1000]", "[1,100,Infinity]", SHS_ERROR_INVALID, "finite" },
  { mapped, "\"linear\":{\"weights\":[1,100,1000],\"bias\":[0.5]}", "\"trees\":[]",
    SHS_ERROR_INVALID, "empty" },
};

START_TEST (a_fault_is_one_clear_line)
{
  g_autofree char *text = replaced (faults[_i].text, faults[_i].from, faults[_i].to);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (parse (text, &error));
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "own.json") != NULL, "%s", error->message);
}
END_TEST

START_TEST (the_map_must_stand_before_the_trees)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model
      = parse ("{\"shapscope_model\":1,\"features\":[\"a\"],\"trees\":[{\"root\":{\"value\":1}}],"
               "\"map\":[{\"column\":0}]}",
               &error);

  ck_assert_ptr_null (model);
  ck_assert_ptr_nonnull (strstr (error->message, "before \"trees\""));
}
END_TEST

static const char *const named_files[]
    = { "sklearn/1.2.2/pipeline-named-categories", "sklearn/1.9.1/pipeline-named-categories",
        "sklearn/1.9.1/pipeline-rare-named-categories",
        "sklearn/1.9.1/histogram-named-categories" };

/* The texts behind the codes, as a person has them in a file. */
static ShsDataset *
make_named_data (ShsNpz *oracle)
{
  g_autoptr (GString) csv = g_string_new ("age,place,size,count,member\n");
  g_autoptr (ShsMatrix) x = model_oracle_read (oracle, "x");
  g_autoptr (ShsNpyArray) places = shs_npz_read (oracle, "place", NULL);
  g_autoptr (ShsNpyArray) sizes = shs_npz_read (oracle, "size", NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < x->n_rows; i++)
    {
      g_autofree char *place = shs_npy_array_get_string (places, 0, i);
      g_autofree char *size = shs_npy_array_get_string (sizes, 0, i);

      g_string_append_printf (csv, "%.17g,%s,%s,%.17g,%.17g\n", shs_matrix_get (x, i, 0), place,
                              size, shs_matrix_get (x, i, 3), shs_matrix_get (x, i, 4));
    }
  g_autoptr (GBytes) bytes = g_bytes_new (csv->str, csv->len);
  ShsDataset *dataset = shs_csv_parse ("named.csv", bytes, NULL, 1, NULL, &error);
  shs_test_assert_no_error (error);
  return dataset;
}

static void
check_named (const char *stem, const char *ending)
{
  g_autofree char *file = g_strconcat (stem, ending, NULL);
  g_autofree char *path = shs_test_fixture (file);
  g_autofree char *oracle_file = g_strconcat (stem, ".npz", NULL);
  g_autofree char *oracle_path = shs_test_fixture (oracle_file);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, &error);
  g_autoptr (ShsDataset) dataset = make_named_data (oracle);
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);

  if (g_str_equal (ending, ".skops") && strstr (stem, "1.9.1") == NULL)
    return;
  shs_test_assert_no_error (error);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  model_oracle_check_codes (match, oracle);
}

START_TEST (texts_become_the_codes_of_the_encoders)
{
  check_named (named_files[_i], ".json");
  check_named (named_files[_i], ".skops");
}
END_TEST

START_TEST (boosted_models_can_be_cut_to_their_first_rounds)
{
  g_autofree char *path = shs_test_fixture ("sklearn/1.9.1/boosting-multi.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);
  g_autoptr (ShsModel) first = shs_model_limit (model, 1, &error);

  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_model_get_parts (model)->n_rounds, 2);
  ck_assert_uint_eq (shs_model_get_parts (first)->ensemble->n_trees, 3);
}
END_TEST

Suite *
exported_suite (void)
{
  Suite *suite = suite_create ("exported");
  TCase *cases = tcase_create ("exported");

  tcase_add_loop_test (cases, every_exported_model_gives_the_margins_and_predictions_of_its_library,
                       0, G_N_ELEMENTS (versions));
  tcase_add_test (cases, models_of_other_libraries_and_models_of_models_give_their_own_numbers);
  tcase_add_test (cases, every_skops_file_gives_the_margins_and_predictions_of_its_library);
  tcase_add_test (cases, the_example_of_the_description_means_what_it_says);
  tcase_add_test (cases, leaves_may_have_a_value_for_each_output);
  tcase_add_test (cases, covers_are_counted_from_the_rows_of_the_file);
  tcase_add_test (cases, maps_make_the_features_of_a_model);
  tcase_add_loop_test (cases, a_fault_is_one_clear_line, 0, G_N_ELEMENTS (faults));
  tcase_add_test (cases, the_map_must_stand_before_the_trees);
  tcase_add_loop_test (cases, texts_become_the_codes_of_the_encoders, 0,
                       G_N_ELEMENTS (named_files));
  tcase_add_test (cases, boosted_models_can_be_cut_to_their_first_rounds);
  suite_add_tcase (suite, cases);
  return suite;
}
