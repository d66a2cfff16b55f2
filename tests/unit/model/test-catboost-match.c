/* Categories that a model knows by hashes alone: from the data to the model and back to a person.
 */

#include "model-oracle.h"
#include "shs-test.h"

#include "io/csv/shs-csv.h"

#include <math.h>
#include <string.h>

void catboost_add_match_tests (TCase *cases);

static ShsModel *
open_fixture (const char *file)
{
  g_autofree char *path = shs_test_fixture (file);
  g_autoptr (GError) error = NULL;
  ShsModel *model = shs_model_open (path, NULL, &error);

  shs_test_assert_no_error (error);
  return model;
}

static ShsDataset *
parse_csv (const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GError) error = NULL;
  ShsDataset *dataset = shs_csv_parse ("rows.csv", bytes, NULL, 1, NULL, &error);

  shs_test_assert_no_error (error);
  return dataset;
}

static const char *const stems[]
    = { "0.26.1/one-hot",  "0.26.1/combinations-multi", "1.0.6/combinations",
        "1.2.10/counters", "1.2.10/frequencies",        "1.2.10/spellings" };

START_TEST (texts_and_whole_numbers_become_the_hashes_of_the_library)
{
  g_autofree char *stem = g_strconcat ("catboost/", stems[_i], NULL);
  g_autofree char *model_file = g_strconcat (stem, ".cbm", NULL);
  g_autofree char *csv_file = g_strconcat (stem, ".csv", NULL);
  g_autofree char *oracle_file = g_strconcat (stem, ".npz", NULL);
  g_autofree char *csv_path = shs_test_fixture (csv_file);
  g_autofree char *oracle_path = shs_test_fixture (oracle_file);
  g_autoptr (ShsModel) model = open_fixture (model_file);
  g_autoptr (GBytes) csv = shs_test_bytes (csv_path);
  g_autoptr (ShsDataset) dataset = parse_csv (g_bytes_get_data (csv, NULL), g_bytes_get_size (csv));
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);

  model_oracle_check_codes (match, oracle);
}
END_TEST

static const char rows[] = "size,place,depth,code,level,flag\n"
                           "1,Dream,0.5,x3,2,yes\n"
                           "1,Nowhere,0.5,x3,2,yes\n"
                           "1,Dream,0.5,,3,no\n";

static gboolean
has_note (const ShsColumnMatch *match, const char *text)
{
  for (const char *const *note = shs_column_match_get_notes (match); *note != NULL; note++)
    if (strstr (*note, text) != NULL)
      return TRUE;
  return FALSE;
}

START_TEST (a_person_sees_the_values_of_the_data_not_hashes)
{
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/counters.cbm");
  g_autoptr (ShsDataset) dataset = parse_csv (rows, strlen (rows));
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsMatrix) block = shs_matrix_new (3, 6, NULL);
  ShsInput *shown = shs_column_match_describe_features (match);

  ck_assert (shs_column_match_read (match, 0, block, NULL));
  ck_assert_double_gt (shs_matrix_get (block, 0, 1), 1e6);
  ck_assert (shs_column_match_show (match, 0, block, NULL));
  ck_assert_double_eq (shs_matrix_get (block, 1, 1), 1);
  ck_assert_str_eq (shown->columns[1].categories[1], "Nowhere");
  ck_assert_int_eq (shown->columns[4].type, SHS_COLUMN_NUMBER);
  ck_assert_double_eq (shs_matrix_get (block, 2, 4), 3);
  ck_assert (isnan (shs_matrix_get (block, 2, 3)));
  ck_assert_double_eq (shs_matrix_get (block, 0, 2), 0.5);
  shs_dataset_inputs_free (shown, 1);
}
END_TEST

START_TEST (categories_that_training_did_not_see_are_told)
{
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/means.cbm");
  g_autoptr (ShsDataset) dataset = parse_csv (rows, strlen (rows));
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);

  ck_assert (has_note (match, "Nowhere"));
  ck_assert (has_note (match, "missing cells of \"code\" are taken as a category that the model"));
  ck_assert (!has_note (match, "level"));
}
END_TEST

START_TEST (missing_cells_are_the_word_that_training_saw_for_them)
{
  static const guint32 none = 77;
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/means.cbm");
  ShsHashedCategories *hashed = shs_model_get_parts (model)->hashed_categories;
  g_autoptr (ShsDataset) dataset = parse_csv (rows, strlen (rows));
  guint32 word = shs_hashed_categories_get_code (hashed, "None");
  g_autoptr (ShsMatrix) block = shs_matrix_new (3, 6, NULL);

  shs_hashed_categories_add_known (hashed, 3, word);
  shs_hashed_categories_add_known (hashed, 3, none);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, NULL);
  ck_assert (shs_column_match_read (match, 0, block, NULL));
  ck_assert_double_eq (shs_matrix_get (block, 2, 3), word);
  ck_assert (has_note (match, "\"None\", which the model knows"));
}
END_TEST

/* A column with missing cells is one of floats to pandas, whose texts then have a point. */
START_TEST (whole_numbers_are_written_as_training_wrote_them)
{
  static const char numbers[] = "size,place,depth,code,level,flag\n"
                                "1,Dream,0.5,x3,77,yes\n"
                                "1,Dream,0.5,x3,78,yes\n";
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/means.cbm");
  ShsHashedCategories *hashed = shs_model_get_parts (model)->hashed_categories;
  g_autoptr (ShsDataset) dataset = parse_csv (numbers, strlen (numbers));
  g_autoptr (ShsMatrix) block = shs_matrix_new (2, 6, NULL);
  guint32 with_point = shs_hashed_categories_get_code (hashed, "77.0");

  shs_hashed_categories_add_known (hashed, 4, with_point);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, NULL);
  ck_assert (shs_column_match_read (match, 0, block, NULL));
  ck_assert_double_eq (shs_matrix_get (block, 0, 4), with_point);
  ck_assert_double_eq (shs_matrix_get (block, 1, 4),
                       shs_hashed_categories_get_code (hashed, "78.0"));
}
END_TEST

START_TEST (numbers_are_hashed_as_their_cells_write_them)
{
  static const char numbers[] = "size,place,depth,code,level,flag\n"
                                "1,Dream,0.5,x3,077,yes\n"
                                "1,Dream,0.5,x3,+78,yes\n"
                                "1,Dream,0.5,x3,79,yes\n"
                                "1,Dream,0.5,x3,0080,yes\n";
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/means.cbm");
  ShsHashedCategories *hashed = shs_model_get_parts (model)->hashed_categories;
  g_autoptr (ShsDataset) dataset = parse_csv (numbers, strlen (numbers));
  g_autoptr (ShsMatrix) block = shs_matrix_new (4, 6, NULL);
  guint32 expected[] = { shs_hashed_categories_get_code (hashed, "077"),
                         shs_hashed_categories_get_code (hashed, "78"),
                         shs_hashed_categories_get_code (hashed, "79"),
                         shs_hashed_categories_get_code (hashed, "0080") };

  shs_hashed_categories_add_known (hashed, 4, expected[0]);
  shs_hashed_categories_add_known (hashed, 4, expected[1]);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, NULL);
  ShsInput *shown = shs_column_match_describe_features (match);
  ck_assert (shs_column_match_read (match, 0, block, NULL));
  for (gsize i = 0; i < 4; i++)
    ck_assert_double_eq (shs_matrix_get (block, i, 4), expected[i]);
  ck_assert (shs_column_match_show (match, 0, block, NULL));
  ck_assert_str_eq (shown->columns[4].categories[(gsize)shs_matrix_get (block, 3, 4)], "0080");
  shs_dataset_inputs_free (shown, 1);
}
END_TEST

START_TEST (spellings_of_missing_values_are_categories_that_training_saw)
{
  static const char texts[] = "size,place,depth,code,level,flag\n"
                              "1,?,0.5,x3,2,yes\n"
                              "1,NA,0.5,x3,2,yes\n"
                              "1,Dream,0.5,x3,2,yes\n";
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/means.cbm");
  ShsHashedCategories *hashed = shs_model_get_parts (model)->hashed_categories;
  g_autoptr (ShsDataset) dataset = parse_csv (texts, strlen (texts));
  g_autoptr (ShsMatrix) block = shs_matrix_new (3, 6, NULL);
  guint32 mark = shs_hashed_categories_get_code (hashed, "?");

  shs_hashed_categories_add_known (hashed, 1, mark);
  g_autoptr (ShsColumnMatch) match = shs_column_match_new (model, dataset, NULL, NULL);
  ShsInput *shown = shs_column_match_describe_features (match);
  ck_assert (shs_column_match_read (match, 0, block, NULL));
  ck_assert_double_eq (shs_matrix_get (block, 0, 1), mark);
  ck_assert_double_eq (shs_matrix_get (block, 1, 1), shs_hashed_categories_get_code (hashed, "NA"));
  ck_assert (shs_column_match_show (match, 0, block, NULL));
  ck_assert_str_eq (shown->columns[1].categories[(gsize)shs_matrix_get (block, 0, 1)], "?");
  ck_assert (isnan (shs_matrix_get (block, 1, 1)));
  shs_dataset_inputs_free (shown, 1);
}
END_TEST

void
catboost_add_match_tests (TCase *cases)
{
  tcase_add_test (cases, numbers_are_hashed_as_their_cells_write_them);
  tcase_add_test (cases, spellings_of_missing_values_are_categories_that_training_saw);
  tcase_add_loop_test (cases, texts_and_whole_numbers_become_the_hashes_of_the_library, 0,
                       G_N_ELEMENTS (stems));
  tcase_add_test (cases, a_person_sees_the_values_of_the_data_not_hashes);
  tcase_add_test (cases, categories_that_training_did_not_see_are_told);
  tcase_add_test (cases, whole_numbers_are_written_as_training_wrote_them);
  tcase_add_test (cases, missing_cells_are_the_word_that_training_saw_for_them);
}
