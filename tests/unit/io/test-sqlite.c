#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-sqlite-dataset.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

Suite *sqlite_suite (void);

static char *
fixture_path (const char *name)
{
  g_autofree char *relative = g_build_filename ("tables", name, NULL);

  return shs_test_fixture (relative);
}

START_TEST (several_tables_are_named_with_how_to_choose)
{
  g_autofree char *path = fixture_path ("several.db");
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_sqlite_dataset_open (path, NULL, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert_msg (strstr (error->message, "\"people\", \"place#1\"; choose one by opening "
                                         "\"several.db#people\"")
                     != NULL,
                 "%s", error->message);
  g_clear_error (&error);
  ck_assert_ptr_null (shs_sqlite_dataset_open (path, "sqlite_schema", NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (what_is_left_out_is_named)
{
  g_autofree char *path = fixture_path ("types.db");
  g_autoptr (ShsDataset) dataset = shs_sqlite_dataset_open (path, NULL, NULL, NULL);

  ck_assert_str_eq (shs_dataset_get_name (dataset), "types.db, Messwerte \"neu\", without raw");
}
END_TEST

static void
run (sqlite3 *database, const char *statement)
{
  ck_assert_int_eq (sqlite3_exec (database, statement, NULL, NULL, NULL), SQLITE_OK);
}

/* What another program has written, but not yet moved into the database itself. */
START_TEST (rows_of_a_write_ahead_log_are_read)
{
  g_autofree char *path = shs_test_temporary ("ahead of #1 ?.db");
  g_autoptr (GError) error = NULL;
  sqlite3 *writer = NULL;

  ck_assert_int_eq (sqlite3_open (path, &writer), SQLITE_OK);
  run (writer, "PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)");
  g_autoptr (ShsDataset) dataset = shs_sqlite_dataset_open (path, NULL, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_dataset_get_n_rows (dataset), 2);
  sqlite3_close (writer);
}
END_TEST

START_TEST (nothing_is_written_beside_the_database)
{
  g_autofree char *source = fixture_path ("types.db");
  g_autofree char *path = shs_test_temporary ("alone.db");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = shs_test_bytes (source);
  g_autoptr (GDir) entries = NULL;

  ck_assert (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                  (gssize)g_bytes_get_size (bytes), NULL));
  g_autoptr (ShsDataset) dataset = shs_sqlite_dataset_open (path, NULL, NULL, NULL);
  ck_assert_ptr_nonnull (dataset);
  entries = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (entries)) != NULL;)
    ck_assert_msg (!g_str_has_prefix (name, "alone.db-"), "%s", name);
}
END_TEST

/* A database whose only table is a view. */
static char *
write_view (const char *query)
{
  char *path = shs_test_temporary ("view.db");
  g_autofree char *statement = g_strconcat ("CREATE VIEW v AS ", query, NULL);
  sqlite3 *writer = NULL;

  g_unlink (path);
  ck_assert_int_eq (sqlite3_open (path, &writer), SQLITE_OK);
  run (writer, statement);
  sqlite3_close (writer);
  return path;
}

#define ENDLESS "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT "

START_TEST (endless_views_are_refused)
{
  static const char *const queries[] = { ENDLESS "max(n) AS n FROM c", ENDLESS "n FROM c" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *path = write_view (queries[i]);
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_sqlite_dataset_open (path, NULL, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_msg (strstr (error->message, "it may never end") != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (a_table_is_held_to_the_budget_as_a_whole)
{
  g_autoptr (GString) query = g_string_new (
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 20000) SELECT n");
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 100; i++)
    g_string_append_printf (query, ", n AS n%d", i);
  g_string_append (query, " FROM c");
  path = write_view (query->str);
  shs_memory_set_limit (8 << 20);
  g_autoptr (ShsDataset) dataset = shs_sqlite_dataset_open (path, NULL, NULL, &error);
  shs_memory_set_limit (0);
  ck_assert_ptr_null (dataset);
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  ck_assert_msg (strstr (error->message, "rows and columns") != NULL, "%s", error->message);
}
END_TEST

START_TEST (rows_of_a_huge_cell_are_refused)
{
  g_autofree char *path = write_view ("SELECT 1 AS n, zeroblob(17000000) AS b");
  g_autofree char *table = shs_test_temporary ("huge.db");
  const char *const paths[] = { path, table };
  sqlite3 *writer = NULL;

  g_unlink (table);
  ck_assert_int_eq (sqlite3_open (table, &writer), SQLITE_OK);
  run (writer, "CREATE TABLE t (n, b); INSERT INTO t VALUES (1, zeroblob(17000000))");
  sqlite3_close (writer);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_sqlite_dataset_open (paths[i], NULL, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
      ck_assert_msg (strstr (error->message, "16 MiB") != NULL, "%s", error->message);
    }
  g_unlink (table);
}
END_TEST

START_TEST (a_view_may_not_take_all_memory_or_disk)
{
  g_autofree char *path
      = write_view ("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 100) "
                    "SELECT n, length(b) AS l FROM (SELECT n, zeroblob(1000000) || n AS b FROM c "
                    "ORDER BY b DESC LIMIT 1000)");
  g_autoptr (GError) error = NULL;

  shs_memory_set_limit (32 << 20);
  g_autoptr (ShsDataset) dataset = shs_sqlite_dataset_open (path, NULL, NULL, &error);
  shs_memory_set_limit (0);
  ck_assert_ptr_null (dataset);
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  ck_assert_msg (strstr (error->message, "instead of a view") != NULL, "%s", error->message);
}
END_TEST

static gpointer
cancel_soon (gpointer progress)
{
  g_usleep (10000);
  shs_progress_cancel (progress);
  return NULL;
}

START_TEST (reading_can_be_cancelled)
{
  g_autofree char *path = write_view (ENDLESS "max(n) AS n FROM c");
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_soon, progress);

  ck_assert_ptr_null (shs_sqlite_dataset_open (path, NULL, progress, &error));
  g_thread_join (thread);
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

START_TEST (numbers_that_are_texts_keep_them_where_they_say_more)
{
  g_autofree char *path = shs_test_temporary ("zips.db");
  g_autoptr (GError) error = NULL;
  sqlite3 *writer = NULL;
  const ShsColumn *columns;
  double codes[2];
  double value = 0;
  ShsMatrix block = { 1, 1, 1, &value };

  ck_assert_int_eq (sqlite3_open (path, &writer), SQLITE_OK);
  run (writer, "CREATE TABLE t (zip TEXT, n TEXT)");
  run (writer, "INSERT INTO t VALUES ('01067', '12'), ('80331', '0.5')");
  sqlite3_close (writer);
  g_autoptr (ShsDataset) dataset = shs_sqlite_dataset_open (path, NULL, NULL, &error);
  shs_test_assert_no_error (error);
  columns = shs_dataset_get_table (dataset)->columns;
  ck_assert (shs_dataset_read (dataset, 0, 0, NULL, &block, NULL));
  ck_assert_double_eq (value, 1067);
  ck_assert_int_eq (columns[0].type, SHS_COLUMN_NUMBER);
  ck_assert_uint_eq (columns[1].n_spellings, 0);
  ck_assert (shs_dataset_read_spellings (dataset, 0, 0, 2, codes, &error));
  ck_assert_str_eq (columns[0].spellings[(gsize)codes[0]], "01067");
  ck_assert_str_eq (columns[0].spellings[(gsize)codes[1]], "80331");
}
END_TEST

/* ---- hostile files ---- */

static void
read_any (GBytes *bytes, gpointer path)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);

  int file = g_open (path, O_RDWR | O_CREAT, 0600);
  ck_assert (pwrite (file, content, length, 0) == (gssize)length);
  ck_assert (ftruncate (file, (off_t)length) == 0 && close (file) == 0);
  g_autoptr (ShsDataset) dataset = shs_sqlite_dataset_open (path, NULL, NULL, &error);
  ck_assert ((dataset == NULL) == (error != NULL));
  if (error != NULL)
    ck_assert_msg (error->domain == SHS_ERROR && strchr (error->message, '\n') == NULL, "%s",
                   error->message);
}

static const char *const samples[] = { "types.db", "pages.db", "view.db", "several.db" };

START_TEST (mutants_are_read_or_refused)
{
  g_autofree char *source = fixture_path (samples[_i]);
  g_autofree char *path = shs_test_temporary ("mutant.db");
  g_autoptr (GBytes) bytes = shs_test_bytes (source);

  shs_test_mutate (bytes, _i == 2 ? 500 : 6500, 41 + (guint64)_i, read_any, path);
}
END_TEST

START_TEST (databases_that_are_cut_short_do_no_harm)
{
  g_autofree char *source = fixture_path ("pages.db");
  g_autofree char *path = shs_test_temporary ("cut.db");
  g_autoptr (GBytes) bytes = shs_test_bytes (source);

  for (gsize i = 0; i < g_bytes_get_size (bytes); i += i < 700 ? 1 : 37)
    {
      g_autoptr (GBytes) prefix = g_bytes_new_from_bytes (bytes, 0, i);

      read_any (prefix, path);
    }
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autofree char *path = fixture_path (samples[_i]);
  guint64 n = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDataset) dataset = NULL;

      shs_alloc_fail_at (++n);
      dataset = shs_sqlite_dataset_open (path, _i == 3 ? "people" : NULL, NULL, &error);
      shs_alloc_fail_at (0);
      if (dataset != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (n, 1);
}
END_TEST

Suite *
sqlite_suite (void)
{
  Suite *suite = suite_create ("sqlite");
  TCase *cases = tcase_create ("sqlite");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, numbers_that_are_texts_keep_them_where_they_say_more);
  tcase_add_test (cases, several_tables_are_named_with_how_to_choose);
  tcase_add_test (cases, what_is_left_out_is_named);
  tcase_add_test (cases, rows_of_a_write_ahead_log_are_read);
  tcase_add_test (cases, nothing_is_written_beside_the_database);
  tcase_add_test (cases, endless_views_are_refused);
  tcase_add_test (cases, rows_of_a_huge_cell_are_refused);
  tcase_add_test (cases, a_view_may_not_take_all_memory_or_disk);
  tcase_add_test (cases, a_table_is_held_to_the_budget_as_a_whole);
  tcase_add_test (cases, reading_can_be_cancelled);
  tcase_add_loop_test (cases, mutants_are_read_or_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_test (cases, databases_that_are_cut_short_do_no_harm);
  tcase_add_loop_test (cases, every_failed_allocation_is_an_error, 0, G_N_ELEMENTS (samples));
  suite_add_tcase (suite, cases);
  return suite;
}
