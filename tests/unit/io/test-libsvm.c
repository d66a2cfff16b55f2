#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-libsvm.h"

#include <math.h>
#include <string.h>

Suite *libsvm_suite (void);

static ShsDataset *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return shs_libsvm_parse ("folder/rows.libsvm", bytes, NULL, error);
}

/* "name:value,value|..." with missing values as "_". */
static char *
describe (ShsDataset *dataset)
{
  const ShsInput *table = shs_dataset_get_table (dataset);
  gsize n_rows = shs_dataset_get_n_rows (dataset);
  g_autoptr (ShsMatrix) block = shs_matrix_new (n_rows, table->n_columns, NULL);
  GString *out = g_string_new (NULL);

  ck_assert (shs_dataset_read (dataset, 0, 0, NULL, block, NULL));
  for (gsize j = 0; j < table->n_columns; j++)
    {
      g_string_append_printf (out, "%s%s:", j > 0 ? "|" : "", table->columns[j].name);
      for (gsize i = 0; i < n_rows; i++)
        {
          double value = shs_matrix_get (block, i, j);

          g_string_append (out, i > 0 ? "," : "");
          if (isnan (value))
            g_string_append_c (out, '_');
          else
            g_string_append_printf (out, "%g", value);
        }
    }
  return g_string_free (out, FALSE);
}

static void
assert_reads_as (const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = parse (text, &error);
  g_autofree char *found = NULL;

  shs_test_assert_no_error (error);
  found = describe (dataset);
  ck_assert_str_eq (found, expected);
}

static void
assert_refused (const char *text, const char *says)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (parse (text, &error));
  shs_test_assert_error (error, SHS_ERROR_SYNTAX);
  ck_assert_msg (strstr (error->message, says) != NULL, "'%s' not in: %s", says, error->message);
}

START_TEST (absent_entries_are_missing)
{
  assert_reads_as ("1 2:1.5 4:-2\n-1 1:3\n0.5 4:0.25\n",
                   "label:1,-1,0.5|f1:_,3,_|f2:1.5,_,_|f3:_,_,_|f4:-2,_,0.25");
}
END_TEST

START_TEST (an_index_zero_makes_the_numbering_begin_there)
{
  assert_reads_as ("1 1:2\n0 0:3\n", "label:1,0|f0:_,3|f1:2,_");
}
END_TEST

START_TEST (queries_become_a_column)
{
  assert_reads_as ("1 qid:7 1:2\n0 1:3\n", "label:1,0|qid:7,_|f1:2,3");
}
END_TEST

START_TEST (comments_blank_lines_and_any_order_are_fine)
{
  assert_reads_as ("# made by hand\n\n1 3:1 1:2 # tail 9:9\r\n  \n0\n-1\t2:5",
                   "label:1,0,-1|f1:2,_,_|f2:_,_,5|f3:1,_,_");
}
END_TEST

START_TEST (errors_tell_line_and_column)
{
  assert_refused ("1 1:2\n0 2:1 x:3\n", "line 2, column 7");
  assert_refused ("1 1:2\nyes 1:1\n", "line 2, column 1: a row must begin with its label");
  assert_refused ("1 1:2 1:3\n", "stands twice");
  assert_refused ("1 99999999999999999999999:4\n",
                  "line 1, column 3: the index is above 1,000,000");
  assert_refused ("1 1:\n", "column 5: the value of an entry must be a number");
  assert_refused ("1 1:2x\n", "must be a number");
  assert_refused ("1,2 1:2\n", "a row must begin with its label");
  assert_refused ("", "no entry");
  assert_refused ("1\n2\n", "no entry");
}
END_TEST

START_TEST (blocks_of_rows_and_columns_agree_with_the_whole)
{
  GString *text = g_string_new (NULL);
  g_autoptr (ShsDataset) dataset = NULL;
  const gsize columns[] = { 5, 0, 3 };

  for (int i = 0; i < 100; i++)
    g_string_append_printf (text, "%d %d:%d 7:1\n", i, 1 + i % 6, i * i);
  dataset = parse (text->str, NULL);
  g_string_free (text, TRUE);
  for (gsize first = 0; first < 100; first += 7)
    {
      gsize n = MIN (7, 100 - first);
      g_autoptr (ShsMatrix) block = shs_matrix_new (n, 3, NULL);

      ck_assert (shs_dataset_read (dataset, 0, first, columns, block, NULL));
      for (gsize i = 0; i < n; i++)
        {
          gsize row = first + i;

          ck_assert_double_eq (shs_matrix_get (block, i, 1), (double)row);
          ck_assert (row % 6 == 4 ? shs_matrix_get (block, i, 0) == (double)(row * row)
                                  : isnan (shs_matrix_get (block, i, 0)));
          ck_assert (row % 6 == 2 ? shs_matrix_get (block, i, 2) == (double)(row * row)
                                  : isnan (shs_matrix_get (block, i, 2)));
        }
    }
}
END_TEST

static void
read_anything (GBytes *bytes, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = shs_libsvm_parse ("hostile", bytes, NULL, &error);

  ck_assert ((dataset == NULL) == (error != NULL));
  if (dataset != NULL && shs_dataset_get_table (dataset)->n_columns < 100)
    {
      g_autofree char *text = describe (dataset);

      ck_assert_ptr_nonnull (text);
    }
}

static const char small_file[]
    = "# a\n1 qid:1 2:1.5 4:-2e3\n-1 qid:1 1:3 # b\n0.5 4:0.25 12:nan\n2 1:1e-07 3:4 4:5\n";

START_TEST (hostile_bytes_neither_crash_nor_hang)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (small_file, sizeof small_file - 1);

  shs_test_truncate (bytes, read_anything, NULL);
  shs_test_mutate (bytes, 20000, 11, read_anything, NULL);
}
END_TEST

START_TEST (every_failing_allocation_is_an_error)
{
  guint n_failures = 0;

  for (guint n = 1;; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDataset) dataset = NULL;

      shs_alloc_fail_at (n);
      dataset = parse (small_file, &error);
      shs_alloc_fail_at (0);
      if (dataset != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
      n_failures++;
    }
  ck_assert_uint_ge (n_failures, 6);
}
END_TEST

START_TEST (reading_can_be_cancelled)
{
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (small_file, sizeof small_file - 1);
  g_autoptr (GError) error = NULL;

  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_libsvm_parse ("x", bytes, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

Suite *
libsvm_suite (void)
{
  Suite *suite = suite_create ("libsvm");
  TCase *cases = tcase_create ("libsvm");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, absent_entries_are_missing);
  tcase_add_test (cases, an_index_zero_makes_the_numbering_begin_there);
  tcase_add_test (cases, queries_become_a_column);
  tcase_add_test (cases, comments_blank_lines_and_any_order_are_fine);
  tcase_add_test (cases, errors_tell_line_and_column);
  tcase_add_test (cases, blocks_of_rows_and_columns_agree_with_the_whole);
  tcase_add_test (cases, hostile_bytes_neither_crash_nor_hang);
  tcase_add_test (cases, every_failing_allocation_is_an_error);
  tcase_add_test (cases, reading_can_be_cancelled);
  suite_add_tcase (suite, cases);
  return suite;
}
