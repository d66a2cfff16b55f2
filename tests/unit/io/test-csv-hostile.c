/* The CSV reader against broken, huge and awkward input; chunks and threads change nothing. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "io/csv/shs-csv-private.h"

#include <math.h>
#include <string.h>

Suite *csv_hostile_suite (void);

static void
append_value (GString *out, const ShsColumn *column, double value)
{
  if (isnan (value))
    g_string_append_c (out, '_');
  else if (column->type == SHS_COLUMN_CATEGORY)
    g_string_append (out, column->categories[(gsize)value]);
  else
    g_string_append_printf (out, "%a", value);
}

/* Everything a table holds, or the message of its error. */
static char *
describe (GBytes *bytes, gsize chunk_bytes, guint n_threads)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset
      = shs_csv_parse_in_chunks ("t", bytes, NULL, chunk_bytes, n_threads, NULL, &error);
  g_autoptr (ShsMatrix) block = NULL;
  const ShsInput *table;
  GString *out;

  if (dataset == NULL)
    return g_strdup (error->message);
  ck_assert_ptr_null (error);
  table = shs_dataset_get_table (dataset);
  out = g_string_new (NULL);
  block = shs_matrix_new (shs_dataset_get_n_rows (dataset), table->n_columns, NULL);
  ck_assert (shs_dataset_read (dataset, 0, 0, NULL, block, NULL));
  for (gsize j = 0; j < table->n_columns; j++)
    {
      g_string_append_printf (out, "\n[%s]", table->columns[j].name);
      for (gsize i = 0; i < block->n_rows; i++)
        {
          append_value (out, &table->columns[j], shs_matrix_get (block, i, j));
          g_string_append_c (out, ';');
        }
    }
  return g_string_free (out, FALSE);
}

static void
assert_chunks_change_nothing (GBytes *bytes, gsize chunk_bytes, guint n_threads)
{
  g_autofree char *whole = describe (bytes, SHS_CSV_CHUNK, 1);
  g_autofree char *parted = describe (bytes, chunk_bytes, n_threads);

  ck_assert_msg (g_str_equal (whole, parted), "%.*s\nwhole: %s\nin chunks of %zu: %s",
                 (int)g_bytes_get_size (bytes), (const char *)g_bytes_get_data (bytes, NULL), whole,
                 chunk_bytes, parted);
}

static void
append_random_cell (GString *out, ShsRandom *random)
{
  static const char *const cells[] = { "1",       "-2.5",   "",
                                       "NA",      "3e5",    "\"4\"",
                                       "\"\"",    "7.0",    "\"a \"\"b\"\"\"",
                                       "\"x,y\"", "plain",  "\"two\nlines\"",
                                       "5\" in",  "\"\n\"", "\"\"\"\"",
                                       "\" \"" };

  g_string_append (out, cells[shs_random_below (random, G_N_ELEMENTS (cells))]);
}

START_TEST (chunks_and_threads_change_nothing)
{
  for (guint64 seed = 0; seed < 150; seed++)
    {
      ShsRandom random = shs_random_init (seed, 5);
      g_autoptr (GString) text = g_string_new ("p,q,r\n");
      const char *line_end = seed % 3 == 0 ? "\r\n" : "\n";
      gsize n_rows = 1 + shs_random_below (&random, 30);

      for (gsize i = 0; i < n_rows; i++)
        for (int j = 0; j < 3; j++)
          {
            append_random_cell (text, &random);
            g_string_append (text, j < 2 ? "," : line_end);
          }
      g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);

      for (gsize chunk_bytes = 1; chunk_bytes < 40; chunk_bytes += 1 + chunk_bytes / 4)
        assert_chunks_change_nothing (bytes, chunk_bytes, 1 + (guint)(seed % 3));
    }
}
END_TEST

START_TEST (many_threads_give_the_same_large_table)
{
  g_autoptr (GString) text = g_string_new ("id,name,x,late\n");

  for (int i = 0; i < 60000; i++)
    g_string_append_printf (text, "%d,\"n, %d\",%g,%s\n", i, (i * 7919) % 1000, i / 7.0,
                            i == 55555 ? "oops" : "1");
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);

  assert_chunks_change_nothing (bytes, 10000, 4);
  assert_chunks_change_nothing (bytes, 33333, 2);
}
END_TEST

/* Small chunks, so that a few dozen bytes go through all of the reader. */
static void
read_anything (GBytes *bytes, gpointer data)
{
  assert_chunks_change_nothing (bytes, 16, 1);
}

static const char *const samples[] = {
  "id,name,x\n1,\"a, b\",0.5\n2,\"say \"\"hi\"\"\",NA\n3,\"two\nlines\",1e5\n4,d,-3\n",
  "a;b\r\n1,5;x\r\n\"2,5\";y\r\n;NA\r\n",
  "\xff\xfe"
  "a\0,\0b\0\n\0"
  "1\0,\0\xe9\0\n\0"
  "2\0,\0x\0\n\0",
  "a b\n1 2\n 3  4 \n",
};

static const gsize sample_lengths[] = { 0, 0, 26, 0 };

static GBytes *
get_sample (gsize i)
{
  return g_bytes_new_static (samples[i],
                             sample_lengths[i] > 0 ? sample_lengths[i] : strlen (samples[i]));
}

START_TEST (truncated_files_neither_crash_nor_hang)
{
  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (GBytes) bytes = get_sample (i);

      shs_test_truncate (bytes, read_anything, NULL);
    }
}
END_TEST

START_TEST (mutants_neither_crash_nor_hang)
{
  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (GBytes) bytes = get_sample (i);

      shs_test_mutate (bytes, i == 0 ? 20000 : 5000, 3 + i, read_anything, NULL);
    }
}
END_TEST

static char *
get_message (const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) table = shs_csv_parse ("t", bytes, NULL, 1, NULL, &error);

  ck_assert_ptr_null (table);
  return g_strdup (error->message);
}

START_TEST (a_million_columns_are_refused)
{
  g_autofree char *text = g_strnfill (2000000, ',');
  g_autofree char *message = get_message (text, 2000000);

  ck_assert_msg (strstr (message, "more than 500000 columns") != NULL, "%s", message);
}
END_TEST

START_TEST (a_huge_line_is_read_or_refused_quickly)
{
  g_autofree char *text = g_strnfill (20000000, 'x');
  g_autofree char *message = get_message (text, 20000000);

  ck_assert_msg (strstr (message, "longer than a mebibyte") != NULL, "%s", message);
}
END_TEST

START_TEST (a_huge_cell_is_refused)
{
  g_autoptr (GString) text = g_string_new ("a,b\n1,2\n3,\"");
  g_autofree char *message = NULL;

  for (int i = 0; i < 300000; i++)
    g_string_append (text, "text\n");
  g_string_append (text, "\"\n");
  message = get_message (text->str, text->len);
  ck_assert_msg (strstr (message, "line 3, column 2: the cell holds more than a mebibyte") != NULL,
                 "%s", message);
}
END_TEST

START_TEST (many_equal_names_do_not_take_long)
{
  g_autoptr (GString) text = g_string_new ("a");

  for (int i = 1; i < 50000; i++)
    g_string_append (text, ",a");
  for (int i = 0; i < 50000; i++)
    g_string_append (text, i == 0 ? "\n1" : ",1");
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (ShsDataset) table = shs_csv_parse ("t", bytes, NULL, 1, NULL, NULL);

  ck_assert_str_eq (shs_dataset_get_table (table)->columns[49999].name, "a (50000)");
}
END_TEST

START_TEST (a_column_of_all_different_texts_is_read)
{
  g_autoptr (GString) text = g_string_new ("id,x\n");
  const gsize n = 300000;

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "row-%zu,%zu\n", i * 2654435761u % 1000000007u, i);
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (ShsDataset) table = shs_csv_parse ("t", bytes, NULL, 2, NULL, NULL);

  ck_assert_uint_eq (shs_dataset_get_table (table)->columns[0].n_categories, n);
  ck_assert_str_eq (shs_dataset_get_table (table)->columns[0].categories[1], "row-654435747");
}
END_TEST

START_TEST (every_failing_allocation_is_an_error)
{
  g_autoptr (GString) text = g_string_new ("a,b,late\n");
  guint n_failures = 0;

  for (int i = 0; i < 40; i++)
    g_string_append_printf (text, "%d,\"t%d\",%s\n", i, i % 3, i == 35 ? "x" : "1");
  g_autoptr (GBytes) bytes = g_bytes_new (text->str, text->len);
  g_autoptr (GBytes) utf16 = get_sample (2);

  for (guint n = 1;; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDataset) table = NULL;

      shs_alloc_fail_at (n);
      table = shs_csv_parse_in_chunks ("t", bytes, NULL, 4096, 1, NULL, &error);
      shs_alloc_fail_at (0);
      if (table != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
      n_failures++;
    }
  ck_assert_uint_ge (n_failures, 20);
  for (guint n = 1; n < 3; n++)
    {
      g_autoptr (GError) error = NULL;

      shs_alloc_fail_at (n);
      ck_assert_ptr_null (shs_csv_parse ("t", utf16, NULL, 1, NULL, &error));
      shs_alloc_fail_at (0);
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
}
END_TEST

START_TEST (reading_can_be_cancelled)
{
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GBytes) bytes = get_sample (0);
  g_autoptr (GError) error = NULL;

  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_csv_parse ("t", bytes, NULL, 1, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

START_TEST (progress_ends_at_its_total)
{
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GBytes) bytes = get_sample (0);
  g_autoptr (ShsDataset) table = shs_csv_parse ("t", bytes, NULL, 1, progress, NULL);

  ck_assert_ptr_nonnull (table);
  ck_assert_uint_gt (shs_progress_get_total (progress), 0);
  ck_assert_uint_eq (shs_progress_get_done (progress), shs_progress_get_total (progress));
}
END_TEST

Suite *
csv_hostile_suite (void)
{
  Suite *suite = suite_create ("csv-hostile");
  TCase *cases = tcase_create ("csv-hostile");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, chunks_and_threads_change_nothing);
  tcase_add_test (cases, many_threads_give_the_same_large_table);
  tcase_add_test (cases, truncated_files_neither_crash_nor_hang);
  tcase_add_test (cases, mutants_neither_crash_nor_hang);
  tcase_add_test (cases, a_million_columns_are_refused);
  tcase_add_test (cases, a_huge_line_is_read_or_refused_quickly);
  tcase_add_test (cases, a_huge_cell_is_refused);
  tcase_add_test (cases, many_equal_names_do_not_take_long);
  tcase_add_test (cases, a_column_of_all_different_texts_is_read);
  tcase_add_test (cases, every_failing_allocation_is_an_error);
  tcase_add_test (cases, reading_can_be_cancelled);
  tcase_add_test (cases, progress_ends_at_its_total);
  suite_add_tcase (suite, cases);
  return suite;
}
