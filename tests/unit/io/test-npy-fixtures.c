/* Every .npy and .npz under tests/fixtures/data against what NumPy said of it. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/json/shs-document-reader.h"
#include "io/npy/shs-npy.h"

#include <math.h>
#include <string.h>

Suite *npy_fixtures_suite (void);

/* A number; null is missing, "inf" and "-inf" are texts. NAN and *text for other texts. */
static double
read_expected (ShsDocumentReader *reader, char **text)
{
  *text = NULL;
  switch (shs_document_reader_peek (reader))
    {
    case SHS_DOCUMENT_NUMBER:
      return shs_document_reader_read_number (reader);
    case SHS_DOCUMENT_NULL:
      shs_document_reader_read_null (reader);
      return NAN;
    default:
      *text = g_strdup (shs_document_reader_read_string (reader));
      return g_strcmp0 (*text, "inf") == 0    ? INFINITY
             : g_strcmp0 (*text, "-inf") == 0 ? -INFINITY
                                              : NAN;
    }
}

static void
assert_number (const char *file, double value, double expected)
{
  ck_assert_msg (value == expected || (isnan (value) && isnan (expected)), "%s: %.17g is not %.17g",
                 file, value, expected);
}

static void
check_cell (const char *file, ShsDataset *dataset, gsize row, gsize column,
            ShsDocumentReader *expected)
{
  g_autofree char *text = NULL;
  double number = read_expected (expected, &text);
  double value;
  ShsMatrix cell = { 1, 1, 1, &value };

  ck_assert (shs_dataset_read (dataset, 0, row, &column, &cell, NULL));
  if (text == NULL || isinf (number))
    assert_number (file, value, number);
  else
    {
      g_autofree char *found = shs_dataset_describe_value (dataset, column, value);

      ck_assert_msg (g_str_equal (found, text), "%s: %s is not %s", file, found, text);
    }
}

static void
check_rows (const char *file, ShsDataset *dataset, ShsDocumentReader *expected)
{
  gsize row = 0;

  shs_document_reader_begin_array (expected);
  for (; shs_document_reader_next_element (expected); row++)
    {
      gsize column = 0;

      shs_document_reader_begin_array (expected);
      for (; shs_document_reader_next_element (expected); column++)
        check_cell (file, dataset, row, column, expected);
      ck_assert_uint_eq (column, shs_dataset_get_table (dataset)->n_columns);
    }
  ck_assert_uint_eq (row, shs_dataset_get_n_rows (dataset));
}

static void
check_names (ShsDataset *dataset, ShsDocumentReader *expected)
{
  const ShsInput *table = shs_dataset_get_table (dataset);
  gsize n;
  g_auto (GStrv) names = NULL;

  if (shs_document_reader_peek (expected) == SHS_DOCUMENT_NULL)
    {
      shs_document_reader_read_null (expected);
      return;
    }
  names = shs_document_reader_read_strings (expected, &n);
  ck_assert_uint_eq (n, table->n_columns);
  for (gsize j = 0; j < n; j++)
    ck_assert_str_eq (table->columns[j].name, names[j]);
}

static void
check_array (const char *file, const ShsNpyArray *array, ShsDocumentReader *expected)
{
  g_autofree char *text = NULL;
  const char *key;
  gsize n = 0;

  shs_document_reader_begin_object (expected);
  while ((key = shs_document_reader_next_key (expected)) != NULL)
    {
      gboolean is_shape = g_str_equal (key, "shape");

      shs_document_reader_begin_array (expected);
      for (n = 0; shs_document_reader_next_element (expected); n++)
        if (is_shape)
          ck_assert_int_eq (shs_document_reader_read_integer (expected), (gint64)array->shape[n]);
        else
          {
            g_autofree char *wanted = NULL;
            double number = read_expected (expected, &wanted);
            g_autofree char *found = shs_npy_array_get_string (array, 0, n);
            double value;

            shs_npy_array_read_doubles (array, 0, n, 1, &value);
            if (wanted != NULL && !isinf (number))
              ck_assert_str_eq (found, wanted);
            else
              assert_number (file, value, number);
          }
      ck_assert_uint_eq (n, is_shape ? array->n_dimensions : array->n_items);
    }
}

static void
check_arrays (const char *file, const char *path, ShsDocumentReader *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpz) archive = g_str_has_suffix (file, ".npz") ? shs_npz_open (path, &error) : NULL;
  g_autoptr (GBytes) bytes = archive == NULL ? shs_test_bytes (path) : NULL;
  const char *key;

  shs_test_assert_no_error (error);
  shs_document_reader_begin_object (expected);
  while ((key = shs_document_reader_next_key (expected)) != NULL)
    {
      g_autoptr (ShsNpyArray) array = archive != NULL ? shs_npz_read (archive, key, &error)
                                                      : shs_npy_parse (path, bytes, &error);

      shs_test_assert_no_error (error);
      check_array (file, array, expected);
    }
}

static ShsDataset *
open_dataset (const char *path, GError **error)
{
  return g_str_has_suffix (path, ".npz") ? shs_npz_dataset_open (path, error)
                                         : shs_npy_dataset_open (path, error);
}

static void
check_file (const char *file, ShsDocumentReader *expected)
{
  g_autofree char *relative = g_build_filename ("data", file, NULL);
  g_autofree char *path = shs_test_fixture (relative);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = open_dataset (path, &error);
  g_autofree char *key = NULL;
  const char *next;

  shs_document_reader_begin_object (expected);
  while ((next = shs_document_reader_next_key (expected)) != NULL)
    {
      g_free (key);
      key = g_strdup (next);
      if (g_str_equal (key, "error"))
        {
          ck_assert_msg (dataset == NULL, "%s was read", file);
          shs_test_assert_error (error, error->code);
          ck_assert_msg (strstr (error->message, file) != NULL, "%s", error->message);
        }
      if (g_str_equal (key, "rows") || g_str_equal (key, "names"))
        ck_assert_msg (dataset != NULL, "%s", error != NULL ? error->message : "");
      if (g_str_equal (key, "rows"))
        check_rows (file, dataset, expected);
      else if (g_str_equal (key, "names"))
        check_names (dataset, expected);
      else if (g_str_equal (key, "arrays"))
        check_arrays (file, path, expected);
      else
        shs_document_reader_skip (expected);
    }
}

START_TEST (every_fixture_holds_what_numpy_says)
{
  g_autofree char *path = shs_test_fixture ("data/expected.json");
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  g_autoptr (ShsDocumentReader) expected = shs_document_reader_new (path, bytes);
  g_autoptr (GError) error = NULL;
  const char *file;
  guint n = 0;

  shs_document_reader_begin_object (expected);
  while ((file = shs_document_reader_next_key (expected)) != NULL)
    if (g_str_has_suffix (file, ".npy") || g_str_has_suffix (file, ".npz"))
      {
        g_autofree char *name = g_strdup (file);

        check_file (name, expected);
        n++;
      }
    else
      shs_document_reader_skip (expected);
  ck_assert (shs_document_reader_finish (expected, &error));
  ck_assert_uint_gt (n, 30);
}
END_TEST

Suite *
npy_fixtures_suite (void)
{
  Suite *suite = suite_create ("npy-fixtures");
  TCase *cases = tcase_create ("npy-fixtures");

  tcase_add_test (cases, every_fixture_holds_what_numpy_says);
  suite_add_tcase (suite, cases);
  return suite;
}
