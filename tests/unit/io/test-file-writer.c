#include "shs-test.h"

#include "core/shs-error.h"
#include "io/shs-file-writer.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *file_writer_suite (void);

static char *
fresh_folder (const char *name)
{
  char *folder = shs_test_temporary (name);

  ck_assert_int_eq (g_mkdir (folder, 0755), 0);
  return folder;
}

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (entries) != NULL)
    n++;
  return n;
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;

  ck_assert (g_file_get_contents (path, &content, NULL, NULL));
  ck_assert_str_eq (content, expected);
}

START_TEST (a_new_file_appears_at_the_commit)
{
  g_autofree char *folder = fresh_folder ("new");
  g_autofree char *path = g_build_filename (folder, "a.txt", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsFileWriter) writer = shs_file_writer_new (path, &error);

  shs_test_assert_no_error (error);
  ck_assert (shs_file_writer_write_text (writer, "one ", &error));
  ck_assert (shs_file_writer_write (writer, "two", 3, &error));
  ck_assert (shs_file_writer_write (writer, NULL, 0, &error));
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
  ck_assert_int_eq (access (shs_file_writer_get_temporary_path (writer), F_OK), 0);
  ck_assert_str_eq (shs_file_writer_get_path (writer), path);
  ck_assert (shs_file_writer_commit (writer, &error));
  shs_test_assert_no_error (error);
  assert_content (path, "one two");
  ck_assert_uint_eq (count_entries (folder), 1);
}
END_TEST

START_TEST (a_new_file_follows_the_umask)
{
  g_autofree char *path = shs_test_temporary ("umask.txt");
  mode_t old = umask (027);
  struct stat status;

  ck_assert (shs_file_write (path, "x", 1, NULL));
  umask (old);
  ck_assert_int_eq (stat (path, &status), 0);
  ck_assert_int_eq (status.st_mode & 07777, 0640);
}
END_TEST

START_TEST (freeing_without_commit_leaves_the_old_file)
{
  g_autofree char *folder = fresh_folder ("free");
  g_autofree char *path = g_build_filename (folder, "a.txt", NULL);

  ck_assert (shs_file_write (path, "old", 3, NULL));
  ShsFileWriter *writer = shs_file_writer_new (path, NULL);
  ck_assert (shs_file_writer_write_text (writer, "new", NULL));
  shs_file_writer_free (writer);
  assert_content (path, "old");
  ck_assert_uint_eq (count_entries (folder), 1);
}
END_TEST

START_TEST (the_mode_of_the_old_file_is_kept)
{
  g_autofree char *path = shs_test_temporary ("mode.txt");
  struct stat status;

  ck_assert (shs_file_write (path, "old", 3, NULL));
  ck_assert_int_eq (chmod (path, 0604), 0);
  ck_assert (shs_file_write (path, "new", 3, NULL));
  ck_assert_int_eq (stat (path, &status), 0);
  ck_assert_int_eq (status.st_mode & 07777, 0604);
  assert_content (path, "new");
}
END_TEST

START_TEST (a_symbolic_link_stays_and_its_file_is_replaced)
{
  g_autofree char *folder = fresh_folder ("links");
  g_autofree char *real = g_build_filename (folder, "real.txt", NULL);
  g_autofree char *near = g_build_filename (folder, "near", NULL);
  g_autofree char *far = g_build_filename (folder, "far", NULL);

  ck_assert_int_eq (symlink ("real.txt", near), 0);
  ck_assert_int_eq (symlink (near, far), 0);
  ck_assert (shs_file_write (far, "through a dangling link", 23, NULL));
  assert_content (real, "through a dangling link");
  ck_assert (shs_file_write (near, "again", 5, NULL));
  assert_content (real, "again");
  ck_assert (g_file_test (far, G_FILE_TEST_IS_SYMLINK));
  ck_assert (g_file_test (near, G_FILE_TEST_IS_SYMLINK));
}
END_TEST

static void
assert_refused (const char *path)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_file_writer_new (path, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_msg (strstr (error->message, path) != NULL, "%s", error->message);
}

START_TEST (a_target_that_cannot_be_is_refused_by_name)
{
  g_autofree char *folder = fresh_folder ("refused");
  g_autofree char *no_folder = g_build_filename (folder, "none", "a.txt", NULL);
  g_autofree char *circle = g_build_filename (folder, "circle", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);
  g_autofree char *in_file = g_build_filename (file, "a.txt", NULL);

  ck_assert_int_eq (symlink ("circle", circle), 0);
  ck_assert (shs_file_write (file, "x", 1, NULL));
  assert_refused (folder);
  assert_refused (no_folder);
  assert_refused (circle);
  assert_refused (in_file);
}
END_TEST

START_TEST (a_name_of_full_length_can_be_written)
{
  g_autofree char *name = g_strnfill (255, 'n');
  g_autofree char *path = shs_test_temporary (name);

  ck_assert (shs_file_write (path, "x", 1, NULL));
  assert_content (path, "x");
}
END_TEST

START_TEST (a_full_device_is_an_error)
{
  static const char block[200000] = { 1 };
  g_autoptr (GError) small = NULL;
  g_autoptr (GError) large = NULL;

  ck_assert (!shs_file_write ("/dev/full", "x", 1, &small));
  shs_test_assert_error (small, SHS_ERROR_FILE);
  ck_assert_msg (strstr (small->message, "/dev/full") != NULL, "%s", small->message);
  ck_assert (!shs_file_write ("/dev/full", block, sizeof block, &large));
  shs_test_assert_error (large, SHS_ERROR_FILE);
  ck_assert (shs_file_write ("/dev/null", block, sizeof block, NULL));
  ck_assert (!g_file_test ("/dev/null", G_FILE_TEST_IS_REGULAR));
}
END_TEST

/* Check runs every test in a process of its own, so the limit ends with it. */
START_TEST (a_full_disk_leaves_the_old_file_and_nothing_else)
{
  static const char block[1000] = { 'b' };
  g_autofree char *folder = fresh_folder ("full");
  g_autofree char *path = g_build_filename (folder, "a.txt", NULL);
  struct rlimit limit = { 150000, 150000 };

  ck_assert (shs_file_write (path, "old", 3, NULL));
  signal (SIGXFSZ, SIG_IGN);
  ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
  for (int n_blocks = 100; n_blocks <= 300; n_blocks += 40)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsFileWriter) writer = shs_file_writer_new (path, NULL);
      gboolean is_good = TRUE;

      for (int i = 0; i < n_blocks && is_good; i++)
        is_good = shs_file_writer_write (writer, block, sizeof block, &error);
      if (n_blocks < 150)
        {
          ck_assert (is_good);
          continue;
        }
      is_good = is_good && shs_file_writer_commit (writer, &error);
      ck_assert (!is_good);
      shs_test_assert_error (error, SHS_ERROR_FILE);
      ck_assert_msg (strstr (error->message, path) != NULL, "%s", error->message);
      ck_assert_msg (strstr (error->message, "bytes") != NULL, "%s", error->message);
    }
  assert_content (path, "old");
  ck_assert_uint_eq (count_entries (folder), 1);
}
END_TEST

START_TEST (nothing_is_committed_after_a_failed_write)
{
  static const char block[200000] = { 1 };
  g_autoptr (ShsFileWriter) writer = shs_file_writer_new ("/dev/full", NULL);
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_file_writer_write (writer, block, sizeof block, NULL));
  ck_assert (!shs_file_writer_write (writer, "x", 1, NULL));
  ck_assert (!shs_file_writer_commit (writer, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
}
END_TEST

START_TEST (a_lost_temporary_file_leaves_the_old_one)
{
  g_autofree char *path = shs_test_temporary ("lost.txt");
  g_autoptr (GError) error = NULL;

  ck_assert (shs_file_write (path, "old", 3, NULL));
  g_autoptr (ShsFileWriter) writer = shs_file_writer_new (path, NULL);
  ck_assert (shs_file_writer_name_temporary (writer));
  ck_assert (shs_file_writer_write_text (writer, "new", NULL));
  ck_assert_int_eq (unlink (shs_file_writer_get_temporary_path (writer)), 0);
  ck_assert (!shs_file_writer_commit (writer, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  assert_content (path, "old");
}
END_TEST

/* A path leads to the nameless file too, as HDF5 takes it. */
START_TEST (a_library_writes_by_path)
{
  g_autofree char *folder = fresh_folder ("by-path");
  g_autofree char *path = g_build_filename (folder, "a.txt", NULL);
  g_autoptr (ShsFileWriter) writer = shs_file_writer_new (path, NULL);
  FILE *file = fopen (shs_file_writer_get_temporary_path (writer), "w+");

  ck_assert_ptr_nonnull (file);
  ck_assert_int_ge (fputs ("by path", file), 0);
  ck_assert_int_eq (fclose (file), 0);
  ck_assert (shs_file_writer_commit (writer, NULL));
  assert_content (path, "by path");
  ck_assert_uint_eq (count_entries (folder), 1);
}
END_TEST

/* Where the file system has nameless files; elsewhere one hidden file is left. */
START_TEST (a_program_that_is_killed_leaves_nothing_but_the_old_file)
{
  g_autofree char *folder = fresh_folder ("killed");
  g_autofree char *path = g_build_filename (folder, "a.txt", NULL);
  int probe = open (folder, O_WRONLY | O_TMPFILE, 0600);
  pid_t child;
  int status;

  ck_assert (shs_file_write (path, "old", 3, NULL));
  child = fork ();
  if (child == 0)
    {
      ShsFileWriter *writer = shs_file_writer_new (path, NULL);

      shs_file_writer_write_text (writer, "new", NULL);
      kill (getpid (), SIGKILL);
    }
  ck_assert_int_eq (waitpid (child, &status, 0), child);
  assert_content (path, "old");
  ck_assert_uint_eq (count_entries (folder), probe >= 0 ? 1 : 2);
  if (probe >= 0)
    close (probe);
}
END_TEST

START_TEST (a_library_may_replace_the_temporary_file)
{
  g_autofree char *path = shs_test_temporary ("library.txt");
  g_autoptr (ShsFileWriter) writer = shs_file_writer_new (path, NULL);

  ck_assert (shs_file_writer_name_temporary (writer));
  ck_assert (
      g_file_set_contents (shs_file_writer_get_temporary_path (writer), "by path", -1, NULL));
  ck_assert (shs_file_writer_commit (writer, NULL));
  assert_content (path, "by path");
}
END_TEST

Suite *
file_writer_suite (void)
{
  Suite *suite = suite_create ("file-writer");
  TCase *cases = tcase_create ("file-writer");

  tcase_add_test (cases, a_new_file_appears_at_the_commit);
  tcase_add_test (cases, a_new_file_follows_the_umask);
  tcase_add_test (cases, freeing_without_commit_leaves_the_old_file);
  tcase_add_test (cases, the_mode_of_the_old_file_is_kept);
  tcase_add_test (cases, a_symbolic_link_stays_and_its_file_is_replaced);
  tcase_add_test (cases, a_target_that_cannot_be_is_refused_by_name);
  tcase_add_test (cases, a_name_of_full_length_can_be_written);
  tcase_add_test (cases, a_full_device_is_an_error);
  tcase_add_test (cases, a_full_disk_leaves_the_old_file_and_nothing_else);
  tcase_add_test (cases, nothing_is_committed_after_a_failed_write);
  tcase_add_test (cases, a_lost_temporary_file_leaves_the_old_one);
  tcase_add_test (cases, a_library_writes_by_path);
  tcase_add_test (cases, a_program_that_is_killed_leaves_nothing_but_the_old_file);
  tcase_add_test (cases, a_library_may_replace_the_temporary_file);
  suite_add_tcase (suite, cases);
  return suite;
}
