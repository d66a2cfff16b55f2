#include "shs-test.h"

#include "core/shs-error.h"
#include "io/shs-data-file.h"
#include "io/json/shs-document-reader.h"

#include <math.h>
#include <string.h>

Suite *data_file_suite (void);

/* A cell as another library read it: text, or a number (NaN: missing). */
typedef struct
{
  char *text;
  double number;
} Cell;

/* What tests/fixtures/data/expected.json says of one file. */
typedef struct
{
  char **names;    /* NULL: not told */
  GArray *columns; /* gint32: which columns are told; empty: all */
  GArray *cells;
  gsize n_rows;
  gboolean is_error;
  gboolean is_either;
} Expected;

static void
cell_clear (gpointer cell)
{
  g_free (((Cell *)cell)->text);
}

static void
expected_clear (Expected *self)
{
  g_strfreev (self->names);
  g_array_unref (self->columns);
  g_array_unref (self->cells);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Expected, expected_clear)

static void
read_cell (ShsDocumentReader *reader, GArray *cells)
{
  Cell cell = { NULL, NAN };

  switch (shs_document_reader_peek (reader))
    {
    case SHS_DOCUMENT_STRING:
      cell.text = g_strdup (shs_document_reader_read_string (reader));
      break;
    case SHS_DOCUMENT_NUMBER:
      cell.number = shs_document_reader_read_number (reader);
      break;
    default:
      shs_document_reader_skip (reader);
    }
  g_array_append_val (cells, cell);
}

static void
read_rows (ShsDocumentReader *reader, Expected *expected)
{
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      shs_document_reader_begin_array (reader);
      while (shs_document_reader_next_element (reader))
        read_cell (reader, expected->cells);
      expected->n_rows++;
    }
}

static Expected
read_expected (ShsDocumentReader *reader)
{
  Expected expected = { .columns = g_array_new (FALSE, FALSE, sizeof (gint32)),
                        .cells = g_array_new (FALSE, FALSE, sizeof (Cell)) };
  const char *key;
  gsize n;

  g_array_set_clear_func (expected.cells, cell_clear);
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "names") && shs_document_reader_peek (reader) == SHS_DOCUMENT_ARRAY)
      expected.names = shs_document_reader_read_strings (reader, &n);
    else if (g_str_equal (key, "rows"))
      read_rows (reader, &expected);
    else if (g_str_equal (key, "columns"))
      {
        shs_document_reader_begin_array (reader);
        while (shs_document_reader_next_element (reader))
          {
            gint32 column = (gint32)shs_document_reader_read_integer (reader);

            g_array_append_val (expected.columns, column);
          }
      }
    else
      {
        expected.is_error |= g_str_equal (key, "error");
        expected.is_either |= g_str_equal (key, "either") || g_str_equal (key, "arrays");
        shs_document_reader_skip (reader);
      }
  return expected;
}

static void
assert_cell (ShsDataset *dataset, gsize row, gsize column, const Cell *expected, const char *file)
{
  const ShsColumn *about = &shs_dataset_get_table (dataset)->columns[column];
  double value = 0;
  ShsMatrix block = { 1, 1, 1, &value };

  ck_assert (shs_dataset_read (dataset, 0, row, &column, &block, NULL));
  if (expected->text != NULL)
    {
      ck_assert_msg (about->type == SHS_COLUMN_CATEGORY && !isnan (value)
                         && g_str_equal (about->categories[(gsize)value], expected->text),
                     "%s: row %zu, column %zu is not \"%s\"", file, row, column, expected->text);
      return;
    }
  ck_assert_msg (isnan (expected->number) ? isnan (value) : value == expected->number,
                 "%s: row %zu, column %zu is %.17g, not %.17g", file, row, column, value,
                 expected->number);
  ck_assert (isnan (value) || about->type == SHS_COLUMN_NUMBER);
}

static void
assert_dataset (ShsDataset *dataset, const Expected *expected, const char *file)
{
  gsize n_columns = expected->cells->len / MAX (1, expected->n_rows);

  ck_assert_uint_eq (shs_dataset_get_n_rows (dataset), expected->n_rows);
  for (gsize j = 0; j < n_columns; j++)
    {
      gsize column
          = expected->columns->len > 0 ? (gsize)g_array_index (expected->columns, gint32, j) : j;
      const char *name = shs_dataset_get_table (dataset)->columns[column].name;

      if (expected->names != NULL)
        ck_assert_str_eq (name, expected->names[j][0] == '\0' ? "Unnamed: 0" : expected->names[j]);
      for (gsize i = 0; i < expected->n_rows; i++)
        assert_cell (dataset, i, column, &g_array_index (expected->cells, Cell, i * n_columns + j),
                     file);
    }
  if (expected->columns->len == 0)
    ck_assert_uint_eq (shs_dataset_get_table (dataset)->n_columns, n_columns);
}

/* "book.xlsx#sheet" is one too. */
static gboolean
is_table_file (const char *name)
{
  static const char *const extensions[]
      = { ".csv", ".tsv", ".txt", ".gz", ".libsvm", ".h5", ".parquet", ".db", ".xlsx" };
  g_autofree char *file = g_strndup (name, strcspn (name, "#"));

  for (gsize i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (g_str_has_suffix (file, extensions[i]))
      return TRUE;
  return FALSE;
}

static void
check_file (const char *folder, const char *name, const Expected *expected)
{
  g_autofree char *relative = g_build_filename (folder, name, NULL);
  g_autofree char *path = shs_test_fixture (relative);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = shs_data_file_open (path, 1, NULL, &error);

  ck_assert_msg ((dataset == NULL) == (error != NULL), "%s", name);
  if (error != NULL)
    {
      g_autofree char *file = g_strndup (name, strcspn (name, "#"));

      ck_assert_msg (strstr (error->message, file) != NULL, "no name in: %s", error->message);
      ck_assert_msg (strchr (error->message, '\n') == NULL, "%s", error->message);
    }
  if (expected->is_either)
    return;
  ck_assert_msg (expected->is_error == (dataset == NULL), "%s: %s", name,
                 error != NULL ? error->message : "was read and must not be");
  if (dataset != NULL)
    assert_dataset (dataset, expected, name);
}

/* A key may name several files that hold the same: "a|b". */
static gsize
check_files (const char *folder, const char *names, const Expected *expected)
{
  g_auto (GStrv) list = g_strsplit (names, "|", -1);
  gsize n_files = 0;

  for (char **name = list; *name != NULL; name++)
    if (is_table_file (*name))
      {
        check_file (folder, *name, expected);
        n_files++;
      }
  return n_files;
}

static gsize
check_folder (const char *folder)
{
  g_autofree char *relative = g_build_filename (folder, "expected.json", NULL);
  g_autofree char *path = shs_test_fixture (relative);
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new_json (path, bytes);
  g_autoptr (GError) error = NULL;
  const char *key;
  gsize n_files = 0;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    {
      g_autofree char *names = g_strdup (key);
      g_auto (Expected) expected = read_expected (reader);

      n_files += check_files (folder, names, &expected);
    }
  shs_document_reader_finish (reader, &error);
  shs_test_assert_no_error (error);
  return n_files;
}

START_TEST (files_read_as_other_libraries_read_them)
{
  ck_assert_uint_ge (check_folder ("data"), 65);
}
END_TEST

START_TEST (tables_read_as_other_libraries_read_them)
{
  ck_assert_uint_ge (check_folder ("tables"), 60);
}
END_TEST

START_TEST (truths_are_read_as_such)
{
  static const struct
  {
    const char *path;
    gsize column;
    double values[3];
    gsize n;
  } cases[] = { { "tables/types.parquet", 8, { 1, NAN, 0 }, 3 },
                { "tables/xlsxwriter.xlsx", 3, { 1, 0, NAN }, 3 },
                { "data/bool.npy", 1, { 0, 1 }, 2 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = shs_test_fixture (cases[i].path);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDataset) dataset = shs_data_file_open (path, 1, NULL, &error);
      double values[3];
      ShsMatrix block = { cases[i].n, 1, cases[i].n, values };

      shs_test_assert_no_error (error);
      ck_assert (shs_column_is_truth (&shs_dataset_get_table (dataset)->columns[cases[i].column]));
      ck_assert (!shs_column_is_truth (&shs_dataset_get_table (dataset)->columns[0])
                 || cases[i].n == 2);
      ck_assert (shs_dataset_read (dataset, 0, 0, &cases[i].column, &block, &error));
      for (gsize k = 0; k < cases[i].n; k++)
        ck_assert (values[k] == cases[i].values[k]
                   || (isnan (values[k]) && isnan (cases[i].values[k])));
    }
}
END_TEST

static void
assert_sniffs (const char *path, const char *head, gsize length, ShsDataFormat format)
{
  ShsDataFormat found = shs_data_file_sniff (path, (const guint8 *)head, length);

  ck_assert_msg (found == format, "%s: found %d, not %d", path, found, format);
}

START_TEST (formats_are_told_by_content)
{
  static const char archive[] = "PK\3\4..........................x.npy";
  char zip[sizeof archive];

  memcpy (zip, archive, sizeof archive);
  zip[26] = 5;
  zip[27] = 0;
  assert_sniffs ("x", "\x93NUMPY\1\0", 8, SHS_DATA_NPY);
  assert_sniffs ("x", zip, sizeof zip - 1, SHS_DATA_NPZ);
  assert_sniffs ("x.xlsx", "PK\3\4", 4, SHS_DATA_XLSX);
  assert_sniffs ("x.docx", "PK\3\4", 4, SHS_DATA_UNKNOWN);
  assert_sniffs ("x", "SQLite format 3", 16, SHS_DATA_SQLITE);
  assert_sniffs ("x.npz", "PK\5\6", 4, SHS_DATA_NPZ);
  assert_sniffs ("x.csv", "\x89HDF\r\n\x1a\n", 8, SHS_DATA_HDF5);
  assert_sniffs ("x", "a,b\n1,2\n", 8, SHS_DATA_CSV);
  assert_sniffs ("x", "1 1:2 3:4.5\n-1 2:1 # more\n", 26, SHS_DATA_LIBSVM);
  assert_sniffs ("x", "1 qid:3 1:2\n", 12, SHS_DATA_LIBSVM);
  assert_sniffs ("x.txt", "1 10:30:00 5\n", 13, SHS_DATA_CSV);
  assert_sniffs ("x.txt", "1 2 3\n4 5 6\n", 12, SHS_DATA_CSV);
  assert_sniffs ("x.svm", "1 2\n", 4, SHS_DATA_LIBSVM);
  assert_sniffs ("x.svm.gz", "\x1f\x8b\x08", 3, SHS_DATA_LIBSVM);
  assert_sniffs ("x.csv.gz", "\x1f\x8b\x08", 3, SHS_DATA_CSV);
  assert_sniffs ("x", "{\"learner\": {", 13, SHS_DATA_UNKNOWN);
  assert_sniffs ("x", "PAR1", 4, SHS_DATA_PARQUET);
  assert_sniffs ("x", "", 0, SHS_DATA_UNKNOWN);
  assert_sniffs ("x", "a\0b", 3, SHS_DATA_UNKNOWN);
}
END_TEST

START_TEST (what_is_no_data_file_is_named)
{
  static const struct
  {
    const char *content;
    const char *says;
  } cases[] = { { "{\"learner\": 1}", "perhaps a model" },
                { "ARROW1xxxx", "an Arrow file" },
                { "PK\3\4xxxx", "a ZIP archive" } };
  g_autofree char *path = shs_test_temporary ("foreign");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_file_set_contents (path, cases[i].content, -1, NULL);
      ck_assert_ptr_null (shs_data_file_open (path, 1, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
      ck_assert_msg (strstr (error->message, cases[i].says) != NULL, "%s", error->message);
    }
}
END_TEST

Suite *
data_file_suite (void)
{
  Suite *suite = suite_create ("data-file");
  TCase *cases = tcase_create ("data-file");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, files_read_as_other_libraries_read_them);
  tcase_add_test (cases, tables_read_as_other_libraries_read_them);
  tcase_add_test (cases, truths_are_read_as_such);
  tcase_add_test (cases, formats_are_told_by_content);
  tcase_add_test (cases, what_is_no_data_file_is_named);
  suite_add_tcase (suite, cases);
  return suite;
}
