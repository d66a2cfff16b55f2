#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-file-writer.h"
#include "io/npy/shs-npy.h"

#include <math.h>
#include <string.h>

Suite *npy_dataset_suite (void);

/* Writes an archive of double arrays: name, number of axes, axes; values count up from 0. */
static void
add_numbers (ShsNpzWriter *writer, const char *name, guint n_dimensions, const gsize *shape)
{
  g_autofree double *values = NULL;
  gsize n = 1;

  for (guint i = 0; i < n_dimensions; i++)
    n *= shape[i];
  values = g_new0 (double, n + 1);
  for (gsize i = 0; i < n; i++)
    values[i] = (double)i;
  ck_assert (shs_npz_writer_begin (writer, name, "<f8", n_dimensions, shape, NULL));
  ck_assert (shs_npz_writer_write (writer, values, n * sizeof *values, NULL));
}

static ShsDataset *
commit_and_open (ShsNpzWriter *writer, const char *path, GError **error)
{
  ck_assert (shs_npz_writer_commit (writer, NULL));
  return shs_npz_dataset_open (path, error);
}

static double
cell (ShsDataset *dataset, guint input, gsize row, gsize column)
{
  double value = -1;
  ShsMatrix block = { 1, 1, 1, &value };

  ck_assert (shs_dataset_read (dataset, input, row, &column, &block, NULL));
  return value;
}

START_TEST (a_large_array_is_read_by_blocks)
{
  g_autofree char *path = shs_test_temporary ("large.npy");
  gsize shape[] = { 50000, 7 };
  g_autofree double *values = g_new (double, shape[0] * shape[1]);
  g_autoptr (GError) error = NULL;
  double block_values[3 * 100];
  ShsMatrix block = { 100, 3, 100, block_values };
  const gsize columns[] = { 6, 0, 6 };

  for (gsize i = 0; i < shape[0] * shape[1]; i++)
    values[i] = (double)i;
  ck_assert (shs_npy_write (path, values, 2, shape, NULL));
  g_autoptr (ShsDataset) dataset = shs_npy_dataset_open (path, &error);
  shs_test_assert_no_error (error);
  ck_assert_str_eq (shs_dataset_get_name (dataset), "large.npy");
  ck_assert_uint_eq (shs_dataset_get_n_rows (dataset), 50000);
  ck_assert_str_eq (shs_dataset_get_table (dataset)->columns[6].name, "column 7");
  ck_assert (shs_dataset_read (dataset, 0, 49900, columns, &block, &error));
  for (gsize i = 0; i < 100; i++)
    for (gsize j = 0; j < 3; j++)
      ck_assert_double_eq (shs_matrix_get (&block, i, j), (double)((49900 + i) * 7 + columns[j]));
}
END_TEST

START_TEST (an_array_of_images_is_an_input_with_axes)
{
  g_autofree char *path = shs_test_fixture ("data/cube.npy");
  g_autoptr (ShsDataset) dataset = shs_npy_dataset_open (path, NULL);
  const ShsInput *input = shs_dataset_get_input (dataset, 0);

  ck_assert_ptr_null (shs_dataset_get_table (dataset));
  ck_assert (input->n_dimensions == 2 && input->shape[0] == 3 && input->shape[1] == 4);
  ck_assert_uint_eq (input->n_columns, 12);
  ck_assert_double_eq (cell (dataset, 0, 1, 11), 23);
}
END_TEST

START_TEST (arrays_without_rows_are_refused)
{
  g_autofree char *scalar = shs_test_fixture ("data/scalar.npy");
  g_autofree char *deep = shs_test_temporary ("deep.npy");
  g_autofree char *wide = shs_test_temporary ("wide.npy");
  g_autoptr (GError) a = NULL;
  g_autoptr (GError) b = NULL;
  g_autoptr (GError) c = NULL;

  ck_assert_ptr_null (shs_npy_dataset_open (scalar, &a));
  shs_test_assert_error (a, SHS_ERROR_UNSUPPORTED);
  ck_assert (shs_npy_write (deep, (double[]){ 1 }, 6, (gsize[]){ 1, 1, 1, 1, 1, 1 }, NULL));
  ck_assert_ptr_null (shs_npy_dataset_open (deep, &b));
  shs_test_assert_error (b, SHS_ERROR_UNSUPPORTED);
  ck_assert (shs_npy_write (wide, NULL, 2, (gsize[]){ 0, 10000000 }, NULL));
  ck_assert_ptr_null (shs_npy_dataset_open (wide, &c));
  shs_test_assert_error (c, SHS_ERROR_INVALID);
  ck_assert_ptr_null (shs_npy_dataset_open ("/nowhere/a.npy", NULL));
  ck_assert_ptr_null (shs_npz_dataset_open ("/nowhere/a.npz", NULL));
}
END_TEST

START_TEST (text_that_is_numbers_becomes_numbers)
{
  static const char *const numbers[] = { "1.5", "", "-2e3", "nan" };
  static const char *const words[] = { "b", "", "a", "b" };
  g_autofree char *path = shs_test_temporary ("texts.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);

  ck_assert (shs_npz_writer_add_strings (writer, "size", numbers, 4, NULL));
  ck_assert (shs_npz_writer_add_strings (writer, "kind", words, 4, NULL));
  g_autoptr (ShsDataset) dataset = commit_and_open (writer, path, NULL);
  const ShsInput *table = shs_dataset_get_table (dataset);
  ck_assert_str_eq (table->columns[0].name, "size");
  ck_assert_int_eq (table->columns[0].type, SHS_COLUMN_NUMBER);
  ck_assert (cell (dataset, 0, 0, 0) == 1.5 && isnan (cell (dataset, 0, 1, 0)));
  ck_assert (cell (dataset, 0, 2, 0) == -2000 && isnan (cell (dataset, 0, 3, 0)));
  ck_assert_int_eq (table->columns[1].type, SHS_COLUMN_CATEGORY);
  ck_assert_uint_eq (table->columns[1].n_categories, 2);
  ck_assert_str_eq (table->columns[1].categories[0], "b");
  ck_assert (cell (dataset, 0, 0, 1) == 0 && isnan (cell (dataset, 0, 1, 1)));
  ck_assert (cell (dataset, 0, 2, 1) == 1 && cell (dataset, 0, 3, 1) == 0);
}
END_TEST

START_TEST (a_matrix_and_its_vectors_are_one_table)
{
  static const char *const names[] = { "width", "y" };
  g_autofree char *path = shs_test_temporary ("table.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);

  add_numbers (writer, "X", 2, (gsize[]){ 3, 2 });
  add_numbers (writer, "y", 1, (gsize[]){ 3 });
  add_numbers (writer, "count", 0, NULL);
  ck_assert (shs_npz_writer_add_strings (writer, "columns", names, 2, NULL));
  g_autoptr (ShsDataset) dataset = commit_and_open (writer, path, NULL);
  const ShsInput *table = shs_dataset_get_table (dataset);
  ck_assert_uint_eq (table->n_columns, 3);
  ck_assert_str_eq (table->columns[0].name, "width");
  ck_assert_str_eq (table->columns[1].name, "y");
  ck_assert_str_eq (table->columns[2].name, "y (2)");
  ck_assert (cell (dataset, 0, 2, 1) == 5 && cell (dataset, 0, 2, 2) == 2);
}
END_TEST

START_TEST (a_matrix_without_names_stays_without_beside_its_target)
{
  g_autofree char *path = shs_test_temporary ("unnamed.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);

  add_numbers (writer, "X", 2, (gsize[]){ 3, 2 });
  add_numbers (writer, "y", 1, (gsize[]){ 3 });
  g_autoptr (ShsDataset) dataset = commit_and_open (writer, path, NULL);
  const ShsInput *table = shs_dataset_get_table (dataset);
  ck_assert (table->columns[0].has_made_name && table->columns[1].has_made_name);
  ck_assert (!table->columns[2].has_made_name);
  ck_assert_str_eq (table->columns[2].name, "y");
}
END_TEST

START_TEST (several_arrays_are_named_inputs)
{
  g_autofree char *path = shs_test_temporary ("inputs.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);

  add_numbers (writer, "image", 4, (gsize[]){ 2, 2, 3, 1 });
  add_numbers (writer, "age", 1, (gsize[]){ 2 });
  add_numbers (writer, "facts", 2, (gsize[]){ 2, 5 });
  g_autoptr (ShsDataset) dataset = commit_and_open (writer, path, NULL);
  ck_assert_uint_eq (shs_dataset_get_n_inputs (dataset), 3);
  ck_assert_str_eq (shs_dataset_get_input (dataset, 0)->name, "image");
  ck_assert_uint_eq (shs_dataset_get_input (dataset, 0)->n_dimensions, 3);
  ck_assert_uint_eq (shs_dataset_get_input (dataset, 1)->n_columns, 1);
  ck_assert_uint_eq (shs_dataset_get_input (dataset, 1)->shape[0], 1);
  ck_assert (cell (dataset, 0, 1, 5) == 11 && cell (dataset, 1, 1, 0) == 1);
  ck_assert (cell (dataset, 2, 1, 4) == 9);
}
END_TEST

START_TEST (arrays_of_different_lengths_are_refused_by_name)
{
  g_autofree char *path = shs_test_temporary ("lengths.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  g_autoptr (GError) error = NULL;

  add_numbers (writer, "train", 2, (gsize[]){ 3, 2 });
  add_numbers (writer, "test", 2, (gsize[]){ 4, 2 });
  ck_assert_ptr_null (commit_and_open (writer, path, &error));
  shs_test_assert_error (error, SHS_ERROR_MISMATCH);
  ck_assert_msg (strstr (error->message, "\"train\" and \"test\" have 3 and 4 rows") != NULL, "%s",
                 error->message);
}
END_TEST

START_TEST (text_beside_inputs_is_refused)
{
  static const char *const words[] = { "a", "b" };
  g_autofree char *path = shs_test_temporary ("mixed.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  g_autoptr (GError) error = NULL;

  add_numbers (writer, "image", 3, (gsize[]){ 2, 2, 3 });
  ck_assert (shs_npz_writer_add_strings (writer, "words", words, 2, NULL));
  ck_assert_ptr_null (commit_and_open (writer, path, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "\"words\"") != NULL, "%s", error->message);
}
END_TEST

START_TEST (an_archive_without_data_is_refused)
{
  static const char *const names[] = { "a" };
  g_autofree char *path = shs_test_temporary ("nothing.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert (shs_npz_writer_add_strings (writer, "columns", names, 1, NULL));
  add_numbers (writer, "seconds", 0, NULL);
  ck_assert_ptr_null (commit_and_open (writer, path, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
}
END_TEST

/* Writes an explanation of 2 rows and 6 features; the notes are what the tests change. */
static ShsNpzWriter *
begin_explanation (const char *path, guint n_names)
{
  static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g" };
  ShsNpzWriter *writer = shs_npz_writer_new (path, NULL);

  add_numbers (writer, "values", 2, (gsize[]){ 2, 6 });
  add_numbers (writer, "base_values", 1, (gsize[]){ 1 });
  add_numbers (writer, "data", 2, (gsize[]){ 2, 6 });
  add_numbers (writer, "target", 1, (gsize[]){ 2 });
  ck_assert (shs_npz_writer_add_strings (writer, "feature_names", names, n_names, NULL));
  return writer;
}

START_TEST (an_explanation_is_the_data_it_explains)
{
  g_autofree char *path = shs_test_temporary ("explanation.npz");
  g_autoptr (ShsNpzWriter) writer = begin_explanation (path, 6);
  g_autoptr (ShsDataset) dataset = commit_and_open (writer, path, NULL);
  const ShsInput *table = shs_dataset_get_table (dataset);

  ck_assert_uint_eq (table->n_columns, 6);
  ck_assert_str_eq (table->columns[5].name, "f");
  ck_assert_double_eq (cell (dataset, 0, 1, 5), 11);
}
END_TEST

START_TEST (names_that_do_not_fit_are_refused)
{
  g_autofree char *path = shs_test_temporary ("names.npz");
  g_autoptr (ShsNpzWriter) writer = begin_explanation (path, 7);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (commit_and_open (writer, path, &error));
  shs_test_assert_error (error, SHS_ERROR_MISMATCH);
  ck_assert_msg (strstr (error->message, "7 names for 6 columns") != NULL, "%s", error->message);
}
END_TEST

START_TEST (flattened_rows_get_their_axes_back)
{
  g_autofree char *path = shs_test_temporary ("shape.npz");
  g_autoptr (ShsNpzWriter) writer = begin_explanation (path, 6);

  ck_assert (shs_npz_writer_begin (writer, "shape", "<i8", 1, (gsize[]){ 3 }, NULL));
  ck_assert (shs_npz_writer_write (writer, (gint64[]){ 2, 3, 1 }, 24, NULL));
  g_autoptr (ShsDataset) dataset = commit_and_open (writer, path, NULL);
  const ShsInput *input = shs_dataset_get_input (dataset, 0);
  ck_assert (input->n_dimensions == 3 && input->shape[0] == 2 && input->shape[1] == 3);
  ck_assert_str_eq (input->name, "");
  ck_assert_double_eq (cell (dataset, 0, 1, 5), 11);
}
END_TEST

START_TEST (a_shape_that_does_not_fit_is_refused)
{
  static const gint64 shapes[][2]
      = { { 2, 4 }, { -2, -3 }, { 0, 6 }, { 1099511627776, 1099511627776 } };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *path = shs_test_temporary ("bad-shape.npz");
      g_autoptr (ShsNpzWriter) writer = begin_explanation (path, 6);
      g_autoptr (GError) error = NULL;

      ck_assert (shs_npz_writer_begin (writer, "shape", "<i8", 1, (gsize[]){ 2 }, NULL));
      ck_assert (shs_npz_writer_write (writer, shapes[i], 16, NULL));
      ck_assert_ptr_null (commit_and_open (writer, path, &error));
      shs_test_assert_error (error, SHS_ERROR_MISMATCH);
    }
}
END_TEST

START_TEST (a_shape_without_axes_is_refused)
{
  g_autofree char *path = shs_test_temporary ("no-shape.npz");
  g_autoptr (ShsNpzWriter) writer = begin_explanation (path, 6);
  g_autoptr (GError) error = NULL;

  add_numbers (writer, "shape", 1, (gsize[]){ 0 });
  ck_assert_ptr_null (commit_and_open (writer, path, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
}
END_TEST

/* Nothing times anything is nothing: no shape may come of rows without columns. */
START_TEST (rows_without_columns_take_no_shape)
{
  static const double shapes[][3] = { { 3, 0, 0 }, { 0, 0, 0 }, { 1e18, 0.5, -2 }, { NAN, 1, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (gsize n_axes = 1; n_axes <= 3; n_axes++)
      {
        g_autofree char *path = shs_test_temporary ("empty-rows.npz");
        g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
        g_autoptr (GError) error = NULL;

        add_numbers (writer, "data", 2, (gsize[]){ 5, 0 });
        ck_assert (shs_npz_writer_begin (writer, "shape", "<f8", 1, &n_axes, NULL));
        ck_assert (shs_npz_writer_write (writer, shapes[i], n_axes * sizeof (double), NULL));
        g_autoptr (ShsDataset) dataset = commit_and_open (writer, path, &error);
        shs_test_assert_no_error (error);
        ck_assert_uint_eq (shs_dataset_get_input (dataset, 0)->n_columns, 0);
      }
}
END_TEST

START_TEST (a_shape_of_broken_axes_is_refused)
{
  static const double shapes[][2] = { { 2.5, 2.4 }, { NAN, 6 }, { INFINITY, 6 }, { 12, 0.5 } };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree char *path = shs_test_temporary ("broken-shape.npz");
      g_autoptr (ShsNpzWriter) writer = begin_explanation (path, 6);
      g_autoptr (GError) error = NULL;

      ck_assert (shs_npz_writer_begin (writer, "shape", "<f8", 1, (gsize[]){ 2 }, NULL));
      ck_assert (shs_npz_writer_write (writer, shapes[i], 16, NULL));
      ck_assert_ptr_null (commit_and_open (writer, path, &error));
      shs_test_assert_error (error, SHS_ERROR_MISMATCH);
    }
}
END_TEST

static guint64
count_allocations (const char *path)
{
  for (guint64 n = 1;; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDataset) dataset = NULL;

      shs_alloc_fail_at (n);
      dataset = g_str_has_suffix (path, ".npz") ? shs_npz_dataset_open (path, &error)
                                                : shs_npy_dataset_open (path, &error);
      shs_alloc_fail_at (0);
      if (dataset != NULL)
        return n - 1;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
}

START_TEST (every_failed_allocation_is_an_error)
{
  g_autofree char *structured = shs_test_fixture ("data/structured.npy");
  g_autofree char *archive = shs_test_fixture ("data/compressed.npz");

  ck_assert_uint_gt (count_allocations (structured), 2);
  ck_assert_uint_gt (count_allocations (archive), 3);
}
END_TEST

Suite *
npy_dataset_suite (void)
{
  Suite *suite = suite_create ("npy-dataset");
  TCase *cases = tcase_create ("npy-dataset");

  tcase_add_test (cases, a_large_array_is_read_by_blocks);
  tcase_add_test (cases, an_array_of_images_is_an_input_with_axes);
  tcase_add_test (cases, arrays_without_rows_are_refused);
  tcase_add_test (cases, text_that_is_numbers_becomes_numbers);
  tcase_add_test (cases, a_matrix_and_its_vectors_are_one_table);
  tcase_add_test (cases, a_matrix_without_names_stays_without_beside_its_target);
  tcase_add_test (cases, several_arrays_are_named_inputs);
  tcase_add_test (cases, arrays_of_different_lengths_are_refused_by_name);
  tcase_add_test (cases, text_beside_inputs_is_refused);
  tcase_add_test (cases, an_archive_without_data_is_refused);
  tcase_add_test (cases, an_explanation_is_the_data_it_explains);
  tcase_add_test (cases, names_that_do_not_fit_are_refused);
  tcase_add_test (cases, flattened_rows_get_their_axes_back);
  tcase_add_test (cases, a_shape_that_does_not_fit_is_refused);
  tcase_add_test (cases, a_shape_without_axes_is_refused);
  tcase_add_test (cases, rows_without_columns_take_no_shape);
  tcase_add_test (cases, a_shape_of_broken_axes_is_refused);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
