/* The program that waits: answers, messages, crashes, cancelling. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/shs-bytes.h"
#include "io/hdf5/shs-hdf5.h"
#include "io/shs-loader-client.h"
#include "model/xgboost/shs-xgboost.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *run_suite (void);

/* Lets a shell script stand in for the loader; it finds the file at 3 and answers at 4. */
static void
use_script (const char *body)
{
  g_autofree char *path = shs_test_temporary ("stand-in");
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", body, "\n", NULL);

  ck_assert (g_file_set_contents (path, script, -1, NULL));
  ck_assert_int_eq (chmod (path, 0700), 0);
  g_setenv ("SHAPSCOPE_LOADER", path, TRUE);
}

static void
assert_fails (const char *path, int code, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = shs_loader_run ("hdf5", path, NULL, &error);

  ck_assert_ptr_null (answer);
  shs_test_assert_error (error, code);
  ck_assert_msg (strstr (error->message, says) != NULL, "'%s' not in: %s", says, error->message);
}

START_TEST (an_old_model_becomes_the_json_that_the_library_writes)
{
  static const char *const models[]
      = { "1.0.2/binary", "1.3.3/multi", "1.7.6/dart", "1.7.6/linear" };
  guint n_found = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autofree char *relative = g_strdup_printf ("xgboost/%s.model", models[i]);
      g_autofree char *path = shs_test_fixture (relative);
      g_autoptr (GError) error = NULL;

      if (!g_file_test (path, G_FILE_TEST_EXISTS))
        continue;
      g_autoptr (GBytes) bytes = shs_bytes_open (path, NULL);
      g_autoptr (GBytes) here = shs_xgboost_convert (path, bytes, NULL);
      g_autoptr (GBytes) answer = shs_loader_run ("xgboost-binary", path, NULL, &error);

      shs_test_assert_no_error (error);
      ck_assert (g_bytes_equal (answer, here));
      n_found++;
    }
  ck_assert_uint_ge (n_found, 3);
}
END_TEST

START_TEST (progress_reaches_those_who_wait)
{
  g_autofree char *path = shs_test_fixture ("data/plain.h5");
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  use_script ("echo %30 >&2; echo %80 >&2; echo %20 >&2; echo x >&4");
  answer = shs_loader_run ("hdf5", path, progress, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_progress_get_done (progress), 80);
  ck_assert_uint_eq (g_bytes_get_size (answer), 2);
}
END_TEST

START_TEST (a_crash_is_one_clear_line)
{
  g_autofree char *path = shs_test_fixture ("data/plain.h5");

  use_script ("kill -SEGV $$");
  assert_fails (path, SHS_ERROR_INVALID, "the loader stopped (SIGSEGV)");
  use_script ("kill -KILL $$");
  assert_fails (path, SHS_ERROR_INVALID, "the loader stopped (SIGKILL)");
  use_script ("exit 3");
  assert_fails (path, SHS_ERROR_INVALID, "the loader stopped (status");
  use_script ("exec 2>&-; sleep 0.05; kill -ABRT $$");
  assert_fails (path, SHS_ERROR_INVALID, "the loader stopped (SIGABRT)");
  use_script ("exit 0");
  assert_fails (path, SHS_ERROR_INVALID, "left no answer");
}
END_TEST

START_TEST (the_loaders_own_message_is_handed_on)
{
  g_autofree char *path = shs_test_fixture ("data/plain.h5");

  use_script ("echo %5 >&2; printf 'this is\\nwhy' >&2; exit 66"); /* 64 + unsupported */
  assert_fails (path, SHS_ERROR_UNSUPPORTED, "plain.h5: this is why");
  use_script ("exit 66");
  assert_fails (path, SHS_ERROR_INVALID, "the loader stopped");
  use_script ("head -c 100000 /dev/zero | tr '\\0' 'a' >&2; exit 65");
  assert_fails (path, SHS_ERROR_INVALID, "aaaa");
}
END_TEST

START_TEST (a_task_cancelled_before_ends_at_once)
{
  g_autofree char *path = shs_test_fixture ("data/plain.h5");
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;
  gint64 asked_at = g_get_monotonic_time ();

  use_script ("exec sleep 30");
  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_loader_run ("hdf5", path, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
  ck_assert_int_lt (g_get_monotonic_time () - asked_at, 1000000);
}
END_TEST

static gpointer
cancel_later (gpointer progress)
{
  g_usleep (300000);
  shs_progress_cancel (progress);
  return NULL;
}

START_TEST (cancelling_while_it_works_leaves_no_process)
{
  g_autofree char *path = shs_test_fixture ("data/plain.h5");
  g_autofree char *alive = shs_test_temporary ("alive");
  g_autofree char *script = g_strdup_printf ("echo $$ > %s; exec sleep 30", alive);
  g_autofree char *text = NULL;
  g_autofree char *process = NULL;
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;
  gint64 started_at = g_get_monotonic_time ();

  use_script (script);
  thread = g_thread_new ("canceller", cancel_later, progress);
  ck_assert_ptr_null (shs_loader_run ("hdf5", path, progress, &error));
  g_thread_join (thread);
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
  ck_assert_int_lt (g_get_monotonic_time () - started_at, 2000000);
  ck_assert (g_file_get_contents (alive, &text, NULL, NULL));
  process = g_strdup_printf ("/proc/%s", g_strstrip (text));
  ck_assert (!g_file_test (process, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (what_cannot_be_started_or_opened_is_named)
{
  g_autofree char *path = shs_test_fixture ("data/plain.h5");
  g_autofree char *missing = shs_test_temporary ("missing.h5");
  g_autofree char *folder = g_path_get_dirname (missing);

  assert_fails (missing, SHS_ERROR_FILE, "missing.h5: cannot be opened: No such file");
  assert_fails (folder, SHS_ERROR_FILE, "is a folder");
  assert_fails ("/dev/null", SHS_ERROR_FILE, "not a regular file");
  g_setenv ("SHAPSCOPE_LOADER", missing, TRUE);
  assert_fails (path, SHS_ERROR_FILE, "does not start");
}
END_TEST

START_TEST (an_answer_that_is_none_is_refused)
{
  static const char *const scripts[] = { "echo garbage >&4", "head -c 100000 /dev/urandom >&4",
                                         "cat <&3 >&4", "printf 'PK\\3\\4' >&4" };
  g_autofree char *path = shs_test_fixture ("data/plain.h5");

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (GError) error = NULL;

      use_script (scripts[i]);
      ck_assert_ptr_null (shs_hdf5_dataset_open (path, NULL, &error));
      ck_assert_ptr_nonnull (error);
      ck_assert_msg (strstr (error->message, "plain.h5") != NULL, "%s", error->message);
    }
}
END_TEST

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

START_TEST (no_descriptor_stays_open)
{
  g_autofree char *good = shs_test_fixture ("data/plain.h5");
  g_autofree char *bad = shs_test_fixture ("data/virtual-present.h5");
  guint before = count_descriptors ();

  for (int i = 0; i < 5; i++)
    {
      g_autoptr (ShsDataset) dataset = shs_hdf5_dataset_open (i % 2 == 0 ? good : bad, NULL, NULL);

      ck_assert_int_eq (dataset != NULL, i % 2 == 0);
    }
  ck_assert_uint_eq (count_descriptors (), before);
}
END_TEST

Suite *
run_suite (void)
{
  Suite *suite = suite_create ("run");
  TCase *cases = tcase_create ("run");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, an_old_model_becomes_the_json_that_the_library_writes);
  tcase_add_test (cases, progress_reaches_those_who_wait);
  tcase_add_test (cases, a_crash_is_one_clear_line);
  tcase_add_test (cases, the_loaders_own_message_is_handed_on);
  tcase_add_test (cases, a_task_cancelled_before_ends_at_once);
  tcase_add_test (cases, cancelling_while_it_works_leaves_no_process);
  tcase_add_test (cases, what_cannot_be_started_or_opened_is_named);
  tcase_add_test (cases, an_answer_that_is_none_is_refused);
  tcase_add_test (cases, no_descriptor_stays_open);
  suite_add_tcase (suite, cases);
  return suite;
}
