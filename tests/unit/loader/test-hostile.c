/* Files that reach for others, declare too much, or are damaged. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "io/hdf5/shs-hdf5.h"
#include "io/shs-loader-client.h"

#include <hdf5.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

Suite *hostile_suite (void);

#define N_MUTANTS 150

START_TEST (what_lies_outside_the_file_is_refused)
{
  static const struct
  {
    const char *file;
    const char *says;
  } cases[] = {
    { "external-absolute.h5", "another file" },  { "external-storage.h5", "another file" },
    { "external-link.h5", "into another file" }, { "soft-link.h5", "soft link" },
    { "virtual-missing.h5", "virtual" },         { "virtual-present.h5", "virtual" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *relative = g_build_filename ("data", cases[i].file, NULL);
      g_autofree char *path = shs_test_fixture (relative);
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_hdf5_dataset_open (path, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
      ck_assert_msg (strstr (error->message, cases[i].says) != NULL, "'%s' not in: %s",
                     cases[i].says, error->message);
    }
}
END_TEST

START_TEST (too_much_is_refused_at_once)
{
  static const char *const files[] = { "huge-chunk.h5",     "huge-rows.h5", "huge-shape.h5",
                                       "deflated-twice.h5", "loop.h5",      "deep.h5" };
  gint64 started_at = g_get_monotonic_time ();

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *relative = g_build_filename ("data", files[i], NULL);
      g_autofree char *path = shs_test_fixture (relative);
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_hdf5_dataset_open (path, NULL, &error));
      ck_assert_ptr_null (strchr (error->message, '\n'));
    }
  ck_assert_int_lt (g_get_monotonic_time () - started_at, 10 * G_USEC_PER_SEC);
}
END_TEST

/* A file of small integers whose shape and size were made so large that a count of doubles wraps
 * round to one. */
static GBytes *
make_wrapping_file (const char *path, guint64 length)
{
  const hsize_t shape[2] = { 1, 4321 };
  guint8 numbers[4321] = { 1 };
  hid_t file = H5Fcreate (path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t space = H5Screate_simple (2, shape, NULL);
  hid_t data = H5Dcreate2 (file, "x", H5T_STD_I8LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  guint64 old = GUINT64_TO_LE (shape[1]);
  guint n_found = 0;

  ck_assert_int_ge (H5Dwrite (data, H5T_NATIVE_INT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers), 0);
  H5Dclose (data);
  H5Sclose (space);
  H5Fclose (file);
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  gsize size = g_bytes_get_size (bytes);
  char *content = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
  length = GUINT64_TO_LE (length);
  for (char *at = content;
       (at = memmem (at, size - (gsize)(at - content), &old, sizeof old)) != NULL; n_found++)
    memcpy (at, &length, sizeof length);
  ck_assert_uint_ge (n_found, 2); /* the axis, and the size of the storage */
  return g_bytes_new_take (content, size);
}

START_TEST (a_size_that_wraps_round_is_refused)
{
  static const guint64 lengths[] = { (1ull << 61) + 1, (1ull << 60) + 1, G_MAXUINT64 / 8 };

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *path = shs_test_temporary ("wrapping.h5");
      g_autoptr (GBytes) bytes = make_wrapping_file (path, lengths[i]);
      g_autoptr (GError) error = NULL;

      ck_assert (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize)g_bytes_get_size (bytes), NULL));
      ck_assert_ptr_null (shs_hdf5_dataset_open (path, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_msg (strstr (error->message, "more items than any memory") != NULL, "%s",
                     error->message);
    }
}
END_TEST

typedef struct
{
  int fd;
  char *path;
  const char *task;
  guint n_read;
  guint n_refused;
} Victim;

static void
read_hostile (GBytes *bytes, gpointer data)
{
  Victim *victim = data;
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);
  gboolean is_read;

  ck_assert_int_eq (ftruncate (victim->fd, 0), 0);
  ck_assert_int_eq (pwrite (victim->fd, content, length, 0), (ssize_t)length);
  if (g_str_equal (victim->task, "hdf5"))
    {
      g_autoptr (ShsDataset) dataset = shs_hdf5_dataset_open (victim->path, NULL, &error);

      is_read = dataset != NULL;
    }
  else
    {
      g_autoptr (GBytes) answer = shs_loader_run (victim->task, victim->path, NULL, &error);

      is_read = answer != NULL;
    }
  ck_assert (is_read == (error == NULL));
  if (error != NULL)
    ck_assert_msg (strchr (error->message, '\n') == NULL, "%s", error->message);
  victim->n_read += is_read;
  victim->n_refused += !is_read;
}

static void
attack (const char *task, const char *fixture, gsize n)
{
  g_autofree char *path = shs_test_fixture (fixture);
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  Victim victim = { .fd = memfd_create ("victim", 0), .task = task };

  victim.path = g_strdup_printf ("/proc/self/fd/%d", victim.fd);
  shs_test_mutate (bytes, n, 11, read_hostile, &victim);
  ck_assert_uint_eq (victim.n_read + victim.n_refused, n);
  ck_assert_uint_gt (victim.n_refused, 0);
  close (victim.fd);
  g_free (victim.path);
}

START_TEST (the_program_survives_damaged_hdf5_files)
{
  attack ("hdf5", "data/compound.h5", N_MUTANTS);
  attack ("hdf5", "data/plain.h5", N_MUTANTS);
  attack ("hdf5", "data/newer.h5", N_MUTANTS);
  attack ("hdf5", "data/scales.h5", N_MUTANTS / 2);
}
END_TEST

START_TEST (the_program_survives_damaged_old_models)
{
  attack ("xgboost-binary", "xgboost/1.7.6/binary.model", N_MUTANTS);
}
END_TEST

START_TEST (no_plug_in_is_looked_for)
{
  g_autofree char *path = shs_test_fixture ("data/lzf.h5");
  g_autoptr (GError) error = NULL;

  g_setenv ("HDF5_PLUGIN_PATH", "/tmp", TRUE);
  ck_assert_ptr_null (shs_hdf5_dataset_open (path, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_ptr_nonnull (strstr (error->message, "filter"));
}
END_TEST

Suite *
hostile_suite (void)
{
  Suite *suite = suite_create ("hostile");
  TCase *cases = tcase_create ("hostile");

  tcase_set_timeout (cases, 150);
  tcase_add_test (cases, what_lies_outside_the_file_is_refused);
  tcase_add_test (cases, too_much_is_refused_at_once);
  tcase_add_test (cases, a_size_that_wraps_round_is_refused);
  tcase_add_test (cases, the_program_survives_damaged_hdf5_files);
  tcase_add_test (cases, the_program_survives_damaged_old_models);
  tcase_add_test (cases, no_plug_in_is_looked_for);
  suite_add_tcase (suite, cases);
  return suite;
}
