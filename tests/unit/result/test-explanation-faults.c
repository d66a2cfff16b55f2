/* Files that are none, saves that fail, damage. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "example.h"
#include "result/shs-explanation-file.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

Suite *explanation_faults_suite (void);

static const char *const whole_formats[] = { ".npz", ".json", ".h5" };

START_TEST (an_unknown_extension_is_refused)
{
  ExampleOptions options = example_kind (0);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  static const char *const names[] = { "x.txt", "x", "folder.npz/x", ".json.bak" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert (!shs_explanation_save (explanation, names[i], NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
    }
}
END_TEST

START_TEST (what_is_no_explanation_is_refused)
{
  g_autofree char *path = shs_test_temporary ("other");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *missing = shs_test_temporary ("not-there.npz");
  static const char *const contents[] = { "", "a,b\n1,2\n", "[1, 2]", "{\"a\": 1}", "PK\003\004" };

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert (g_file_set_contents (path, contents[i], -1, NULL));
      ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
      ck_assert_ptr_nonnull (error);
      ck_assert_msg (strstr (error->message, path) != NULL, "no path in: %s", error->message);
    }
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_explanation_load (i == 0 ? folder : missing, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_FILE);
    }
}
END_TEST

START_TEST (a_pipe_is_refused_without_waiting)
{
  g_autofree char *path = shs_test_temporary ("pipe.npz");
  g_autoptr (GError) error = NULL;

  ck_assert_int_eq (mkfifo (path, 0600), 0);
  ck_assert_ptr_null (shs_explanation_load (path, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_msg (strstr (error->message, "not a regular file") != NULL, "%s", error->message);
}
END_TEST

/* Any step of a save may run out of memory; what was there before stays. */
START_TEST (a_save_that_fails_leaves_the_old_file_whole)
{
  ExampleOptions options = example_kind (4);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);

  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    {
      g_autofree char *name = g_strconcat ("kept", whole_formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);

      ck_assert (g_file_set_contents (path, "old", -1, NULL));
      for (guint64 n = 1;; n++)
        {
          g_autoptr (GError) error = NULL;
          g_autofree char *content = NULL;
          gboolean saved;

          shs_alloc_fail_at (n);
          saved = shs_explanation_save (explanation, path, NULL, &error);
          shs_alloc_fail_at (0);
          if (saved)
            {
              ck_assert_uint_ge (n, 3);
              break;
            }
          shs_test_assert_error (error, SHS_ERROR_MEMORY);
          ck_assert (g_file_get_contents (path, &content, NULL, NULL));
          ck_assert_str_eq (content, "old");
        }
    }
}
END_TEST

START_TEST (a_cancelled_save_leaves_the_old_file_whole)
{
  ExampleOptions options = example_kind (4);
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autofree char *path = shs_test_temporary ("cancelled.npz");
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (path, "old", -1, NULL));
  shs_progress_cancel (progress);
  ck_assert (!shs_explanation_save (explanation, path, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
  ck_assert (g_file_get_contents (path, &content, NULL, NULL));
  ck_assert_str_eq (content, "old");
}
END_TEST

START_TEST (every_failing_allocation_of_a_load_is_an_error)
{
  ExampleOptions options = example_kind (14);
  g_autoptr (ShsExplanation) explanation = NULL;

  options.with_rows = options.with_target = options.with_predictions = TRUE;
  explanation = example_new (&options, 1);
  for (gsize f = 0; f < G_N_ELEMENTS (whole_formats); f++)
    {
      g_autofree char *name = g_strconcat ("memory", whole_formats[f], NULL);
      g_autofree char *path = shs_test_temporary (name);

      ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
      for (guint64 n = 1;; n++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (ShsExplanation) back = NULL;

          shs_alloc_fail_at (n);
          back = shs_explanation_load (path, NULL, &error);
          shs_alloc_fail_at (0);
          if (back != NULL)
            break;
          ck_assert_msg (error->code == SHS_ERROR_MEMORY, "%" G_GUINT64_FORMAT ": %s", n,
                         error->message);
          ck_assert_uint_lt (n, 1000);
        }
    }
}
END_TEST

typedef struct
{
  int fd;
  char *path; /* of the descriptor: memory is faster than any disk */
} Victim;

static void
load_hostile (GBytes *bytes, gpointer data)
{
  Victim *victim = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);

  ck_assert_int_eq (ftruncate (victim->fd, 0), 0);
  ck_assert_int_eq (pwrite (victim->fd, content, length, 0), (ssize_t)length);
  explanation = shs_explanation_load (victim->path, NULL, &error);
  ck_assert ((explanation == NULL) == (error != NULL));
  if (explanation == NULL)
    ck_assert_msg (strchr (error->message, '\n') == NULL, "more than a line: %s", error->message);
}

static void
attack (const char *extension, gsize n)
{
  ExampleOptions options = { .n_rows = 2,
                             .n_features = 3,
                             .n_outputs = 2,
                             .with_data = TRUE,
                             .with_categories = TRUE,
                             .with_rows = TRUE,
                             .with_target = TRUE,
                             .with_interactions = TRUE,
                             .with_provenance = TRUE };
  g_autoptr (ShsExplanation) explanation = example_new (&options, 1);
  g_autofree char *name = g_strconcat ("victim", extension, NULL);
  g_autofree char *path = shs_test_temporary (name);
  g_autoptr (GBytes) bytes = NULL;
  Victim victim = { .fd = memfd_create ("victim", 0) };

  victim.path = g_strdup_printf ("/proc/self/fd/%d", victim.fd);
  ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
  bytes = shs_test_bytes (path);
  shs_test_truncate (bytes, load_hostile, &victim);
  shs_test_mutate (bytes, n, 7, load_hostile, &victim);
  close (victim.fd);
  g_free (victim.path);
}

START_TEST (damaged_json_is_an_error_or_an_explanation)
{
  attack (".json", 20000);
}
END_TEST

START_TEST (damaged_archives_are_an_error_or_an_explanation)
{
  attack (".npz", 20000);
}
END_TEST

START_TEST (damaged_tables_are_an_error_or_an_explanation)
{
  attack (".csv", 5000);
}
END_TEST

Suite *
explanation_faults_suite (void)
{
  Suite *suite = suite_create ("explanation faults");
  TCase *cases = tcase_create ("explanation faults");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, an_unknown_extension_is_refused);
  tcase_add_test (cases, what_is_no_explanation_is_refused);
  tcase_add_test (cases, a_pipe_is_refused_without_waiting);
  tcase_add_test (cases, a_save_that_fails_leaves_the_old_file_whole);
  tcase_add_test (cases, a_cancelled_save_leaves_the_old_file_whole);
  tcase_add_test (cases, every_failing_allocation_of_a_load_is_an_error);
  tcase_add_test (cases, damaged_json_is_an_error_or_an_explanation);
  tcase_add_test (cases, damaged_archives_are_an_error_or_an_explanation);
  tcase_add_test (cases, damaged_tables_are_an_error_or_an_explanation);
  suite_add_tcase (suite, cases);
  return suite;
}
