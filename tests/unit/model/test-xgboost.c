#include "model-oracle.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "io/npy/shs-npy.h"
#include "model/match/shs-column-match.h"
#include "model/shs-model.h"

#include <math.h>
#include <string.h>

Suite *xgboost_suite (void);

#define TOLERANCE 1e-6

static char *
oracle_path (const char *folder, const char *file)
{
  g_autofree char *kind = g_strdup (file);

  *strrchr (kind, '.') = '\0';
  if (g_str_equal (kind, "ubjson-inside"))
    return g_build_filename (folder, "snapshot.npz", NULL);
  g_autofree char *name = g_strconcat (kind, ".npz", NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
is_model (const char *file)
{
  static const char *const endings[] = { ".json", ".ubj", ".snapshot", ".model", ".deprecated" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (file, endings[i]))
      return TRUE;
  return FALSE;
}

/* Calls @visit for every model file of every version. */
static guint
visit_fixtures (void (*visit) (const char *path, const char *oracle))
{
  g_autofree char *root = shs_test_fixture ("xgboost");
  g_autoptr (GDir) versions = g_dir_open (root, 0, NULL);
  const char *version;
  guint n = 0;

  ck_assert_ptr_nonnull (versions);
  while ((version = g_dir_read_name (versions)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, version, NULL);
      g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
      const char *file;

      while (files != NULL && (file = g_dir_read_name (files)) != NULL)
        if (is_model (file))
          {
            g_autofree char *path = g_build_filename (folder, file, NULL);
            g_autofree char *oracle = oracle_path (folder, file);

            visit (path, oracle);
            n++;
          }
    }
  return n;
}

/* libxgboost 1.7 cannot load the ranking objectives that 2.0 and later wrote in the old format. */
static gboolean
is_beyond_the_library (const char *path)
{
  return strstr (path, "ranking") != NULL && strstr (path, "/1.") == NULL
         && (g_str_has_suffix (path, ".model") || g_str_has_suffix (path, ".deprecated"));
}

static void
check_fixture (const char *path, const char *oracle_file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);

  if (is_beyond_the_library (path))
    {
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_ptr_nonnull (strstr (error->message, "save_model"));
      return;
    }
  ck_assert_msg (model != NULL, "%s: %s", path, error != NULL ? error->message : "");
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_file, &error);
  shs_test_assert_no_error (error);
  model_oracle_check (model, oracle, "margin", TOLERANCE, path);
  if (!shs_npz_has (oracle, "margin_best"))
    return;
  const ShsModelParts *parts = shs_model_get_parts (model);
  ck_assert_int_ge (parts->best_round, 0);
  g_autoptr (ShsModel) best = shs_model_limit (model, (gsize)parts->best_round + 1, &error);
  shs_test_assert_no_error (error);
  model_oracle_check (best, oracle, "margin_best", TOLERANCE, path);
}

START_TEST (every_model_gives_the_margins_and_predictions_of_its_library)
{
  ck_assert_uint_gt (visit_fixtures (check_fixture), 300);
}
END_TEST

/* The dictionary of a file maps texts and numbers to the codes that the oracle has in `x`. */
static ShsDataset *
make_named_data (ShsNpz *oracle)
{
  g_autoptr (GString) csv = g_string_new ("size,depth,place,year\n");
  g_autoptr (ShsMatrix) x = model_oracle_read (oracle, "x");
  g_autoptr (ShsNpyArray) places = shs_npz_read (oracle, "place", NULL);
  g_autoptr (ShsNpyArray) years = shs_npz_read (oracle, "year", NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < x->n_rows; i++)
    {
      g_autofree char *place = shs_npy_array_get_string (places, 0, i);
      g_auto (GStrv) parts = g_strsplit (place, "\"", -1);
      g_autofree char *escaped = g_strjoinv ("\"\"", parts);
      double year;

      shs_npy_array_read_doubles (years, 0, i, 1, &year);
      g_string_append_printf (csv, "%.17g,%.17g,\"%s\",%g\n", shs_matrix_get (x, i, 0),
                              shs_matrix_get (x, i, 2), escaped, year);
    }
  g_autoptr (GBytes) bytes = g_bytes_new (csv->str, csv->len);
  ShsDataset *dataset = shs_csv_parse ("named.csv", bytes, NULL, 1, NULL, &error);
  shs_test_assert_no_error (error);
  return dataset;
}

static const char *const named_files[]
    = { "xgboost/3.1.3/named-categories.json", "xgboost/3.1.3/named-categories.ubj",
        "xgboost/3.2.0/named-categories.json", "xgboost/3.4.1/named-categories.json",
        "xgboost/3.4.1/named-categories.ubj" };

START_TEST (texts_become_the_codes_of_the_training_frame)
{
  g_autofree char *path = shs_test_fixture (named_files[_i]);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *oracle_file = oracle_path (folder, "named-categories.json");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_file, &error);
  g_autoptr (ShsDataset) dataset = make_named_data (oracle);
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  model_oracle_check_codes (match, oracle);
}
END_TEST

START_TEST (names_of_features_and_classes_are_those_of_the_file)
{
  g_autofree char *path = shs_test_fixture ("xgboost/1.3.3/wrapped.json");
  g_autofree char *odd_path = shs_test_fixture ("xgboost/3.4.1/names.ubj");
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, NULL);
  g_autoptr (ShsModel) odd = shs_model_open (odd_path, NULL, NULL);
  gboolean has_tab = FALSE;

  ck_assert_ptr_nonnull (model);
  ck_assert_ptr_nonnull (shs_model_get_parts (model)->class_names);
  for (gsize j = 0; j < shs_model_get_parts (odd)->n_features; j++)
    has_tab = has_tab || strchr (shs_model_get_feature (odd, j)->name, '\t') != NULL;
  ck_assert (has_tab);
}
END_TEST

Suite *
xgboost_suite (void)
{
  Suite *suite = suite_create ("xgboost");
  TCase *cases = tcase_create ("xgboost");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, every_model_gives_the_margins_and_predictions_of_its_library);
  tcase_add_loop_test (cases, texts_become_the_codes_of_the_training_frame, 0,
                       G_N_ELEMENTS (named_files));
  tcase_add_test (cases, names_of_features_and_classes_are_those_of_the_file);
  suite_add_tcase (suite, cases);
  return suite;
}
