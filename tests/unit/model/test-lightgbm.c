#include "model-oracle.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/csv/shs-csv.h"
#include "model/shs-model.h"
#include "tree/shs-tree-background.h"

#include <math.h>
#include <string.h>

Suite *lightgbm_suite (void);
void lightgbm_add_fault_tests (TCase *cases);

#define TOLERANCE 1e-12

static const char *const versions[] = { "2.2.3", "3.3.5", "4.0.0", "4.6.0", "4.7.0" };

static void
check_model (const char *folder, const char *file)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *oracle_file
      = g_strdup_printf ("%.*s.npz", (int)(strrchr (path, '.') - path), path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);

  ck_assert_msg (model != NULL, "%s: %s", path, error != NULL ? error->message : "");
  gboolean is_constant = (shs_model_get_capabilities (model) & SHS_CAPABILITY_CONSTANT_LEAVES) != 0;
  ck_assert_msg (is_constant != g_str_has_prefix (file, "linear"), "%s", path);
  if (!g_file_test (oracle_file, G_FILE_TEST_EXISTS))
    {
      ck_assert_str_eq (folder + strlen (folder) - strlen ("3.3.5"), "3.3.5");
      return;
    }
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_file, &error);
  shs_test_assert_no_error (error);
  model_oracle_check (model, oracle, "margin", TOLERANCE, path);
  ck_assert_msg (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS, "%s", path);
}

START_TEST (every_model_gives_the_margins_and_predictions_of_its_library)
{
  g_autofree char *relative = g_build_filename ("lightgbm", versions[_i], NULL);
  g_autofree char *folder = shs_test_fixture (relative);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *file;
  guint n = 0;

  ck_assert_ptr_nonnull (files);
  while ((file = g_dir_read_name (files)) != NULL)
    if (!g_str_has_suffix (file, ".npz"))
      {
        check_model (folder, file);
        n++;
      }
  ck_assert_uint_ge (n, 6);
}
END_TEST

static const char *const named_files[]
    = { "lightgbm/2.2.3/named-categories.txt", "lightgbm/3.3.5/named-categories.txt",
        "lightgbm/3.3.5/named-categories.json", "lightgbm/4.7.0/named-categories.txt",
        "lightgbm/4.7.0/named-categories.json" };

/* The values behind the codes, as a person has them in a file. */
static ShsDataset *
make_named_data (ShsNpz *oracle)
{
  g_autoptr (GString) csv = g_string_new ("size,depth,place,year,old\n");
  g_autoptr (ShsMatrix) x = model_oracle_read (oracle, "x");
  g_autoptr (ShsNpyArray) places = shs_npz_read (oracle, "place", NULL);
  g_autoptr (ShsNpyArray) years = shs_npz_read (oracle, "year", NULL);
  g_autoptr (ShsNpyArray) olds = shs_npz_read (oracle, "old", NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < x->n_rows; i++)
    {
      g_autofree char *place = shs_npy_array_get_string (places, 0, i);
      g_autofree char *old = shs_npy_array_get_string (olds, 0, i);
      g_auto (GStrv) parts = g_strsplit (place, "\"", -1);
      g_autofree char *escaped = g_strjoinv ("\"\"", parts);
      double year;

      shs_npy_array_read_doubles (years, 0, i, 1, &year);
      g_string_append_printf (csv, "%.17g,%.17g,\"%s\",%g,%s\n", shs_matrix_get (x, i, 0),
                              shs_matrix_get (x, i, 2), escaped, year, old);
    }
  g_autoptr (GBytes) bytes = g_bytes_new (csv->str, csv->len);
  ShsDataset *dataset = shs_csv_parse ("named.csv", bytes, NULL, 1, NULL, &error);
  shs_test_assert_no_error (error);
  return dataset;
}

typedef struct
{
  ShsNpz *oracle;
  ShsModel *model;
} Opened;

static void
opened_clear (Opened *self)
{
  g_clear_pointer (&self->oracle, shs_npz_free);
  g_clear_pointer (&self->model, shs_model_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Opened, opened_clear)

/* A model and the oracle beside it. */
static Opened
open_with_oracle (const char *name)
{
  g_autofree char *path = shs_test_fixture (name);
  g_autofree char *oracle_file
      = g_strdup_printf ("%.*s.npz", (int)(strrchr (path, '.') - path), path);
  g_autoptr (GError) error = NULL;
  Opened opened = { 0 };

  opened.oracle = shs_npz_open (oracle_file, &error);
  shs_test_assert_no_error (error);
  opened.model = shs_model_open (path, NULL, &error);
  shs_test_assert_no_error (error);
  return opened;
}

static ShsColumnMatch *
match_with (const Opened *opened, ShsDataset *dataset)
{
  g_autoptr (GError) error = NULL;
  ShsColumnMatch *match = shs_column_match_new (opened->model, dataset, NULL, &error);

  shs_test_assert_no_error (error);
  return match;
}

START_TEST (texts_numbers_and_truths_become_the_codes_of_the_training_frame)
{
  g_auto (Opened) opened = open_with_oracle (named_files[_i]);
  g_autoptr (ShsDataset) dataset = make_named_data (opened.oracle);
  g_autoptr (ShsColumnMatch) match = match_with (&opened, dataset);

  model_oracle_check_codes (match, opened.oracle);
}
END_TEST

static const char *const pandas_files[]
    = { "lightgbm/3.3.5/pandas-categories.txt", "lightgbm/3.3.5/pandas-categories.json",
        "lightgbm/4.7.0/pandas-categories.txt", "lightgbm/4.7.0/pandas-categories.json" };

/* What else the rows hold: numbers that need no dictionary. */
static ShsDataset *
make_pandas_data (ShsNpz *oracle, const char *level)
{
  g_autoptr (GString) csv = g_string_new ("size,only,level,place,rare,flag,depth\n");
  g_autoptr (ShsMatrix) x = model_oracle_read (oracle, "x");
  g_autoptr (ShsNpyArray) texts = shs_npz_read (oracle, "texts", NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < x->n_rows; i++)
    {
      g_string_append_printf (csv, "%.17g", shs_matrix_get (x, i, 0));
      for (gsize j = 0; j < 4; j++)
        {
          g_autofree char *text = shs_npy_array_get_string (texts, 0, i * 4 + j);

          g_string_append_printf (csv, ",%s", i == 0 && j == 1 && level != NULL ? level : text);
        }
      g_string_append_printf (csv, ",%g,%.17g\n", shs_matrix_get (x, i, 5),
                              shs_matrix_get (x, i, 6));
    }
  g_autoptr (GBytes) bytes = g_bytes_new (csv->str, csv->len);
  ShsDataset *dataset = shs_csv_parse ("frame.csv", bytes, NULL, 1, NULL, &error);
  shs_test_assert_no_error (error);
  return dataset;
}

/* Dictionaries of columns that never varied or that are split as numbers stand among the others. */
START_TEST (dictionaries_find_their_columns_among_constant_and_ordered_ones)
{
  g_auto (Opened) opened = open_with_oracle (pandas_files[_i]);
  g_autoptr (ShsDataset) dataset = make_pandas_data (opened.oracle, NULL);
  g_autoptr (ShsColumnMatch) match = match_with (&opened, dataset);

  model_oracle_check_codes (match, opened.oracle);
}
END_TEST

/* In the library's own eyes an unknown level is a missing one. */
START_TEST (an_unknown_level_of_an_ordered_category_is_missing)
{
  g_auto (Opened) opened = open_with_oracle (pandas_files[_i]);
  g_autoptr (GError) error = NULL;
  double margins[2];

  for (int k = 0; k < 2; k++)
    {
      g_autoptr (ShsDataset) dataset = make_pandas_data (opened.oracle, k == 0 ? "unheard of" : "");
      g_autoptr (ShsColumnMatch) match = match_with (&opened, dataset);
      g_autoptr (ShsMatrix) row = shs_matrix_new (1, 7, NULL);
      g_autoptr (ShsMatrix) margin = shs_matrix_new (1, 1, NULL);

      ck_assert (shs_column_match_read (match, 0, row, &error));
      ck_assert (shs_model_predict_margin (opened.model, row, 1, NULL, margin, &error));
      margins[k] = shs_matrix_get (margin, 0, 0);
    }
  ck_assert_double_eq (margins[0], margins[1]);
}
END_TEST

static const char *const linear_files[] = { "lightgbm/4.7.0/linear.txt",
                                            "lightgbm/4.7.0/linear.json",
                                            "lightgbm/4.7.0/linear-no-missing.txt",
                                            "lightgbm/4.7.0/linear-binary.txt",
                                            "lightgbm/4.7.0/linear-multi.txt",
                                            "lightgbm/4.7.0/linear-multi.json",
                                            "lightgbm/4.7.0/linear-categories.txt",
                                            "lightgbm/4.7.0/linear-categories.json",
                                            "lightgbm/4.7.0/linear-forest.txt",
                                            "lightgbm/4.7.0/linear-dart.txt" };

static ShsMatrix *
explain_against (ShsModel *model, const ShsMatrix *others, const ShsMatrix *rows, double *bases)
{
  ShsTreeEnsemble *ensemble = shs_model_get_parts (model)->ensemble;
  ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsTreeBackground) background = shs_tree_background_new (ensemble, &options, &error);
  ShsMatrix *values
      = shs_matrix_new (rows->n_rows, ensemble->n_players * ensemble->n_outputs, NULL);

  shs_test_assert_no_error (error);
  ck_assert (shs_tree_background_add (background, others, &options, &error));
  ck_assert (shs_tree_background_finish (background, &options, &error));
  ck_assert (shs_tree_interventional (ensemble, background, rows, &options, values, &error));
  for (gsize k = 0; k < ensemble->n_outputs; k++)
    bases[k] = shs_tree_background_get_expected_value (background, k);
  return values;
}

START_TEST (values_of_linear_trees_are_those_of_the_librarys_scores_of_mixtures)
{
  g_autofree char *path = shs_test_fixture (linear_files[_i]);
  g_autofree char *oracle_file
      = g_strdup_printf ("%.*s.npz", (int)(strrchr (path, '.') - path), path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_file, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsMatrix) x = model_oracle_read (oracle, "x");
  g_autoptr (ShsMatrix) others = model_oracle_read (oracle, "background");
  g_autoptr (ShsNpyArray) against = shs_npz_read (oracle, "against", &error);
  g_autoptr (ShsNpyArray) base = shs_npz_read (oracle, "against_base", &error);
  gsize n_outputs = shs_model_get_parts (model)->n_outputs;
  ShsMatrix rows = shs_matrix_rows (x, 0, against->shape[0]);
  g_autofree double *bases = g_new (double, n_outputs);
  g_autoptr (ShsMatrix) values = explain_against (model, others, &rows, bases);

  for (gsize k = 0; k < n_outputs; k++)
    {
      double expected;

      shs_npy_array_read_doubles (base, 0, k, 1, &expected);
      ck_assert_double_eq_tol (bases[k], expected, TOLERANCE);
    }
  for (gsize i = 0; i < rows.n_rows; i++)
    for (gsize j = 0; j < values->n_columns; j++)
      {
        double expected;

        shs_npy_array_read_doubles (against, 0, i * values->n_columns + j, 1, &expected);
        ck_assert_double_eq_tol (shs_matrix_get (values, i, j), expected, TOLERANCE);
      }
}
END_TEST

static ShsModel *
open_fixture (const char *file)
{
  g_autofree char *path = shs_test_fixture (file);
  g_autoptr (GError) error = NULL;
  ShsModel *model = shs_model_open (path, NULL, &error);

  shs_test_assert_no_error (error);
  return model;
}

START_TEST (rounds_are_iterations_and_a_forest_is_one)
{
  g_autoptr (ShsModel) classes = open_fixture ("lightgbm/4.7.0/multi.txt");
  g_autoptr (ShsModel) forest = open_fixture ("lightgbm/4.7.0/forest.txt");
  g_autoptr (ShsModel) first = shs_model_limit (classes, 1, NULL);

  ck_assert_uint_eq (shs_model_get_parts (classes)->n_rounds, 2);
  ck_assert_uint_eq (shs_model_get_parts (classes)->trees_per_round, 3);
  ck_assert_uint_eq (shs_model_get_parts (first)->ensemble->n_trees, 3);
  ck_assert_uint_eq (shs_model_get_parts (forest)->n_rounds, 1);
  ck_assert_int_eq (shs_model_get_parts (forest)->task, SHS_TASK_REGRESSION);
}
END_TEST

START_TEST (the_objective_says_what_a_margin_means)
{
  g_autoptr (ShsModel) binary = open_fixture ("lightgbm/4.7.0/binary.txt");
  g_autoptr (ShsModel) scaled = open_fixture ("lightgbm/4.7.0/sigmoid.txt");
  g_autoptr (ShsModel) own = open_fixture ("lightgbm/4.7.0/own-objective.txt");
  g_autoptr (ShsModel) classes = open_fixture ("lightgbm/4.7.0/multi.txt");
  g_autofree char *line = shs_model_describe (binary);

  ck_assert_str_eq (shs_model_get_parts (binary)->margin_unit, "log-odds");
  ck_assert_str_eq (shs_model_get_parts (classes)->margin_unit, "score");
  ck_assert_str_eq (shs_model_get_parts (scaled)->margin_unit, "");
  ck_assert_double_eq (shs_model_get_parts (scaled)->link_scale, 2.5);
  ck_assert_int_eq (shs_model_get_parts (own)->task, SHS_TASK_OTHER);
  ck_assert (g_str_has_prefix (line, "LightGBM v4, 4 trees of depth"));
  ck_assert (!shs_model_get_parts (binary)->has_feature_names);
}
END_TEST

Suite *
lightgbm_suite (void)
{
  Suite *suite = suite_create ("lightgbm");
  TCase *cases = tcase_create ("lightgbm");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, every_model_gives_the_margins_and_predictions_of_its_library, 0,
                       G_N_ELEMENTS (versions));
  tcase_add_loop_test (cases, texts_numbers_and_truths_become_the_codes_of_the_training_frame, 0,
                       G_N_ELEMENTS (named_files));
  tcase_add_loop_test (cases, dictionaries_find_their_columns_among_constant_and_ordered_ones, 0,
                       G_N_ELEMENTS (pandas_files));
  tcase_add_loop_test (cases, an_unknown_level_of_an_ordered_category_is_missing, 0,
                       G_N_ELEMENTS (pandas_files));
  tcase_add_loop_test (cases, values_of_linear_trees_are_those_of_the_librarys_scores_of_mixtures,
                       0, G_N_ELEMENTS (linear_files));
  tcase_add_test (cases, rounds_are_iterations_and_a_forest_is_one);
  tcase_add_test (cases, the_objective_says_what_a_margin_means);
  lightgbm_add_fault_tests (cases);
  suite_add_tcase (suite, cases);
  return suite;
}
