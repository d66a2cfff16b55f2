#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-table-builder.h"

#include <math.h>

Suite *dataset_suite (void);

static ShsDataset *
make_table (void)
{
  ShsTableBuilder *builder = shs_table_builder_new (3);
  double *numbers = shs_alloc (3, sizeof *numbers, NULL);
  float *floats = shs_alloc (3, sizeof *floats, NULL);
  gint32 *codes = shs_alloc (3, sizeof *codes, NULL);
  char **names = g_new (char *, 2);

  for (int i = 0; i < 3; i++)
    {
      numbers[i] = i + 0.5;
      floats[i] = i * 10.0f;
      codes[i] = i - 1;
    }
  names[0] = g_strdup ("Adelie");
  names[1] = g_strdup ("Gentoo");
  shs_table_builder_add_doubles (builder, "a", numbers);
  shs_table_builder_add_floats (builder, "", floats);
  shs_table_builder_add_codes (builder, "a", codes, names, 2);
  return shs_table_builder_finish (builder, "table");
}

START_TEST (rows_are_read_in_the_columns_asked_for)
{
  g_autoptr (ShsDataset) table = make_table ();
  g_autoptr (ShsMatrix) block = shs_matrix_new (2, 2, NULL);
  const gsize columns[] = { 2, 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_dataset_read (table, 0, 1, columns, block, &error));
  shs_test_assert_no_error (error);
  ck_assert_double_eq (shs_matrix_get (block, 0, 0), 0);
  ck_assert_double_eq (shs_matrix_get (block, 1, 0), 1);
  ck_assert_double_eq (shs_matrix_get (block, 0, 1), 1.5);
}
END_TEST

START_TEST (a_missing_category_is_nan_and_reads_as_missing)
{
  g_autoptr (ShsDataset) table = make_table ();
  g_autoptr (ShsMatrix) block = shs_matrix_new (3, 3, NULL);

  ck_assert (shs_dataset_read (table, 0, 0, NULL, block, NULL));
  ck_assert (isnan (shs_matrix_get (block, 0, 2)));
  g_autofree char *missing = shs_dataset_describe_value (table, 2, NAN);
  g_autofree char *name = shs_dataset_describe_value (table, 2, 1);
  ck_assert_str_eq (missing, "missing");
  ck_assert_str_eq (name, "Gentoo");
}
END_TEST

START_TEST (empty_and_repeated_names_become_unique)
{
  g_autoptr (ShsDataset) table = make_table ();
  const ShsInput *input = shs_dataset_get_table (table);

  ck_assert_str_eq (input->columns[1].name, "column 2");
  ck_assert_str_eq (input->columns[2].name, "a (2)");
  ck_assert_int_eq (shs_dataset_find_column (table, "a (2)"), 2);
  ck_assert_int_eq (shs_dataset_find_column (table, "b"), -1);
}
END_TEST

START_TEST (rows_and_columns_out_of_range_are_refused)
{
  g_autoptr (ShsDataset) table = make_table ();
  g_autoptr (ShsMatrix) block = shs_matrix_new (2, 1, NULL);
  const gsize columns[] = { 3 };
  g_autoptr (GError) rows = NULL;
  g_autoptr (GError) column = NULL;

  ck_assert (!shs_dataset_read (table, 0, 2, NULL, block, &rows));
  shs_test_assert_error (rows, SHS_ERROR_CHOICE);
  ck_assert (!shs_dataset_read (table, 0, 0, columns, block, &column));
  shs_test_assert_error (column, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (copied_inputs_are_whole_and_their_own)
{
  g_autoptr (ShsDataset) table = make_table ();
  ShsInput *copies = shs_dataset_inputs_copy (shs_dataset_get_table (table), 1);
  const ShsInput *input = shs_dataset_get_table (table);

  ck_assert_uint_eq (copies->n_columns, 3);
  ck_assert (copies->columns != input->columns && copies->name != input->name);
  for (gsize j = 0; j < 3; j++)
    {
      ck_assert_str_eq (copies->columns[j].name, input->columns[j].name);
      ck_assert_int_eq (copies->columns[j].type, input->columns[j].type);
      ck_assert_uint_eq (copies->columns[j].n_categories, input->columns[j].n_categories);
    }
  ck_assert_str_eq (copies->columns[2].categories[1], "Gentoo");
  ck_assert_ptr_null (copies->columns[0].categories);
  shs_column_clear (&copies->columns[2]);
  ck_assert_str_eq (input->columns[2].categories[1], "Gentoo");
  ck_assert_ptr_null (copies->columns[2].categories);
  shs_dataset_inputs_free (copies, 1);
}
END_TEST

START_TEST (truths_are_called_by_the_words_of_the_data)
{
  static const struct
  {
    const char *words[3];
    gsize n;
    const char *no, *yes;
  } cases[] = { { { "True", "False" }, 2, "False", "True" },
                { { "FALSE" }, 1, "FALSE", "TRUE" },
                { { "True" }, 1, "False", "True" },
                { { "false" }, 1, "false", "true" },
                { { "true", "FALSE" }, 2, "FALSE", "true" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ShsColumn column = { 0 };

      ck_assert (shs_column_set_truths (&column, (char *const *)cases[i].words, cases[i].n));
      ck_assert (shs_column_is_truth (&column));
      ck_assert_str_eq (shs_column_get_text (&column, 0), cases[i].no);
      ck_assert_str_eq (shs_column_get_text (&column, 1), cases[i].yes);
      ck_assert_ptr_null (shs_column_get_text (&column, 0.5));
      ck_assert_ptr_null (shs_column_get_text (&column, 2));
      ck_assert_ptr_null (shs_column_get_text (&column, -1));
      ck_assert_ptr_null (shs_column_get_text (&column, NAN));
      shs_column_clear (&column);
    }
}
END_TEST

START_TEST (other_words_are_no_truths)
{
  static const char *const words[][3]
      = { { "true", "yes" }, { "true", "TRUE" }, { "true", "false", "1" }, { "", "true" } };
  static const gsize counts[] = { 2, 2, 3, 2 };
  ShsColumn column = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    ck_assert (!shs_column_set_truths (&column, (char *const *)words[i], counts[i]));
  ck_assert (!shs_column_set_truths (&column, (char *const *)words[0], 0));
  ck_assert (!shs_column_is_truth (&column) && column.categories == NULL);
}
END_TEST

Suite *
dataset_suite (void)
{
  Suite *suite = suite_create ("dataset");
  TCase *cases = tcase_create ("dataset");

  tcase_add_test (cases, rows_are_read_in_the_columns_asked_for);
  tcase_add_test (cases, a_missing_category_is_nan_and_reads_as_missing);
  tcase_add_test (cases, empty_and_repeated_names_become_unique);
  tcase_add_test (cases, copied_inputs_are_whole_and_their_own);
  tcase_add_test (cases, rows_and_columns_out_of_range_are_refused);
  tcase_add_test (cases, truths_are_called_by_the_words_of_the_data);
  tcase_add_test (cases, other_words_are_no_truths);
  suite_add_tcase (suite, cases);
  return suite;
}
