#include "shs-test.h"

#include "core/shs-error.h"
#include "io/hdf5/shs-hdf5-writer.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

Suite *hdf5_writer_suite (void);

#define N_ROWS 500
#define STEP 700
#define MAX_BYTES 40000

static gboolean
write_arrays (const char *path, GError **error)
{
  static const double numbers[N_ROWS];
  static const char *const texts[] = { "one", "two" };
  const gsize shape[] = { N_ROWS };
  g_autoptr (ShsHdf5Writer) writer = shs_hdf5_writer_new (path, error);

  return writer != NULL
         && shs_hdf5_writer_add_texts (writer, "texts", texts, G_N_ELEMENTS (texts), 1, error)
         && shs_hdf5_writer_begin_numbers (writer, "a", SHS_HDF5_STORE_DOUBLE, 1, shape, error)
         && shs_hdf5_writer_write_numbers (writer, numbers, N_ROWS, error)
         && shs_hdf5_writer_begin_numbers (writer, "b", SHS_HDF5_STORE_FLOAT, 1, shape, error)
         && shs_hdf5_writer_write_numbers (writer, numbers, N_ROWS / 2, error)
         && shs_hdf5_writer_write_numbers (writer, numbers, N_ROWS / 2, error)
         && shs_hdf5_writer_commit (writer, error);
}

static void
set_limit (rlim_t bytes)
{
  struct rlimit limit = { bytes, RLIM_INFINITY };

  ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &limit), 0);
}

/* The library itself crashes later, at the latest when the program ends, after a write that failed;
 * so this test's process must end well too. */
START_TEST (a_disk_that_fills_up_at_any_place_is_an_error_and_harms_nothing)
{
  g_autofree char *folder = shs_test_temporary ("h5");
  g_autofree char *path = g_build_filename (folder, "a.h5", NULL);
  gboolean is_written = FALSE;
  guint n_failures = 0;

  ck_assert_int_eq (g_mkdir (folder, 0755), 0);
  signal (SIGXFSZ, SIG_IGN);
  for (rlim_t bytes = 0; !is_written && bytes < MAX_BYTES; bytes += STEP)
    {
      g_autoptr (GError) error = NULL;

      set_limit (bytes);
      is_written = write_arrays (path, &error);
      set_limit (RLIM_INFINITY);
      ck_assert (g_file_test (path, G_FILE_TEST_EXISTS) == is_written);
      if (is_written)
        break;
      n_failures++;
      shs_test_assert_error (error, SHS_ERROR_FILE);
      ck_assert_msg (strstr (error->message, path) != NULL, "%s", error->message);
      ck_assert_msg (strstr (error->message, "make room") != NULL, "%s", error->message);
      ck_assert_msg (g_rmdir (folder) == 0, "a temporary file was left");
      ck_assert_int_eq (g_mkdir (folder, 0755), 0);
    }
  ck_assert (is_written);
  ck_assert_uint_ge (n_failures, 8);
}
END_TEST

Suite *
hdf5_writer_suite (void)
{
  Suite *suite = suite_create ("hdf5-writer");
  TCase *cases = tcase_create ("hdf5-writer");

  tcase_add_test (cases, a_disk_that_fills_up_at_any_place_is_an_error_and_harms_nothing);
  suite_add_tcase (suite, cases);
  return suite;
}
