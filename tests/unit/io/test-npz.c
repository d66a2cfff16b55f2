#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "io/shs-file-writer.h"
#include "io/npy/shs-npy-private.h"
#include "io/zip/shs-zip-writer.h"

#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <zip.h>

Suite *npz_suite (void);

/* Writes the same arrays, the numbers in pieces of @piece bytes. */
static void
write_sample (const char *path, gsize n_rows, gsize piece)
{
  static const char *const names[] = { "a", "Höhe 😀", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, &error);
  g_autofree double *values = g_new (double, 2 * n_rows + 1);
  gsize size = 2 * n_rows * sizeof *values;
  ShsRandom random = shs_random_init (1, 1);

  shs_test_assert_no_error (error);
  for (gsize i = 0; i < 2 * n_rows; i++)
    values[i] = i % 3 == 0 ? NAN : (double)shs_random_below (&random, 1000) / 8;
  ck_assert (shs_npz_writer_begin (writer, "data", "<f8", 2, (gsize[]){ n_rows, 2 }, &error));
  for (gsize at = 0; at < size; at += piece)
    ck_assert (
        shs_npz_writer_write (writer, (guint8 *)values + at, MIN (piece, size - at), &error));
  ck_assert (shs_npz_writer_add_strings (writer, "feature_names", names, 3 - 1, &error));
  ck_assert (shs_npz_writer_add_strings (writer, "none", NULL, 0, &error));
  ck_assert (shs_npz_writer_add_text (writer, "meta", "{\"é\": 1}", &error));
  ck_assert (shs_npz_writer_begin (writer, "flag", "|b1", 0, NULL, &error));
  ck_assert (shs_npz_writer_write (writer, "\1", 1, &error));
  ck_assert (shs_npz_writer_commit (writer, &error));
  shs_test_assert_no_error (error);
}

START_TEST (what_is_written_reads_back)
{
  g_autofree char *path = shs_test_temporary ("sample.npz");
  g_autoptr (GError) error = NULL;
  gsize n_rows = 20000;
  ShsRandom random = shs_random_init (1, 1);

  write_sample (path, n_rows, 1 << 20);
  g_autoptr (ShsNpz) archive = shs_npz_open (path, &error);
  shs_test_assert_no_error (error);
  static const char *const expected[] = { "data", "feature_names", "none", "meta", "flag", NULL };
  ck_assert (g_strv_equal (shs_npz_get_names (archive), expected));
  ck_assert (shs_npz_has (archive, "meta") && !shs_npz_has (archive, "meta.npy"));
  g_autoptr (ShsNpyArray) data = shs_npz_read (archive, "data", &error);
  ck_assert_uint_eq (data->n_dimensions, 2);
  ck_assert (data->shape[0] == n_rows && data->shape[1] == 2);
  for (gsize i = 0; i < 2 * n_rows; i++)
    {
      double value;
      double wanted = i % 3 == 0 ? NAN : (double)shs_random_below (&random, 1000) / 8;

      shs_npy_array_read_doubles (data, 0, i, 1, &value);
      ck_assert (value == wanted || (isnan (value) && isnan (wanted)));
    }
  g_autoptr (ShsNpyArray) names = shs_npz_read (archive, "feature_names", &error);
  g_autofree char *name = shs_npy_array_get_string (names, 0, 1);
  ck_assert_str_eq (name, "Höhe 😀");
  g_autoptr (ShsNpyArray) none = shs_npz_read (archive, "none", &error);
  ck_assert_uint_eq (none->n_items, 0);
  g_autoptr (ShsNpyArray) meta = shs_npz_read (archive, "meta", &error);
  g_autofree char *text = shs_npy_array_get_string (meta, 0, 0);
  ck_assert_uint_eq (meta->n_dimensions, 0);
  ck_assert_str_eq (text, "{\"é\": 1}");
  g_autoptr (ShsNpyArray) flag = shs_npz_read (archive, "flag", &error);
  ck_assert_int_eq (flag->fields[0].kind, 'b');
  ck_assert_ptr_null (shs_npz_read (archive, "other", &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (equal_arrays_give_equal_bytes)
{
  g_autofree char *one = shs_test_temporary ("one.npz");
  g_autofree char *two = shs_test_temporary ("two.npz");

  write_sample (one, 30000, 1 << 20);
  write_sample (two, 30000, 333);
  g_autoptr (GBytes) a = shs_test_bytes (one);
  g_autoptr (GBytes) b = shs_test_bytes (two);
  ck_assert (g_bytes_equal (a, b));
}
END_TEST

/* Numbers that do not pack are only wrapped, and so are members that take long to pack. */
START_TEST (numbers_are_packed_where_that_is_worth_it)
{
  static const struct
  {
    gsize n;
    gboolean is_random;
    gboolean is_packed;
  } cases[] = { { 100000, FALSE, TRUE }, { 100000, TRUE, FALSE }, { 2100000, FALSE, FALSE } };
  ShsRandom random = shs_random_init (3, 3);

  for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
    {
      gsize n = cases[k].n;
      g_autofree char *path = shs_test_temporary ("packed.npz");
      g_autofree double *values = g_new0 (double, n);
      g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);

      for (gsize i = 0; i < n && cases[k].is_random; i++)
        values[i] = sqrt ((double)shs_random_below (&random, G_MAXUINT32));
      ck_assert (shs_npz_writer_begin (writer, "x", "<f8", 1, &n, NULL));
      ck_assert (shs_npz_writer_write (writer, values, n * sizeof *values, NULL));
      ck_assert (shs_npz_writer_commit (writer, NULL));
      g_autoptr (GBytes) bytes = shs_test_bytes (path);
      ck_assert_int_eq (g_bytes_get_size (bytes) < n, cases[k].is_packed);
      ck_assert_int_eq (g_bytes_get_size (bytes) > 7 * n, !cases[k].is_packed);
      g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);
      g_autoptr (ShsNpyArray) array = shs_npz_read (archive, "x", NULL);
      ck_assert_mem_eq (array->data, values, n * sizeof *values);
    }
}
END_TEST

/* The records that archives of more than 4 GiB need, in a small one. */
START_TEST (large_archives_are_understood)
{
  g_autofree char *path = shs_test_temporary ("zip64.npz");
  g_autoptr (ShsZipWriter) writer = shs_zip_writer_new (path, NULL);
  g_autoptr (GString) header = shs_npy_make_header ("|u1", 1, (gsize[]){ 3 });
  g_autoptr (GError) error = NULL;

  shs_zip_writer_force_large (writer);
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.npy", i);

      ck_assert (shs_zip_writer_begin (writer, name, header->len + 3, NULL));
      ck_assert (shs_zip_writer_write (writer, header->str, header->len, NULL));
      ck_assert (shs_zip_writer_write (writer, "\1\2\3", 3, NULL));
      ck_assert (shs_zip_writer_end (writer, NULL));
    }
  ck_assert (shs_zip_writer_commit (writer, NULL));
  g_autoptr (ShsNpz) archive = shs_npz_open (path, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsNpyArray) array = shs_npz_read (archive, "2", &error);
  shs_test_assert_no_error (error);
  ck_assert_mem_eq (array->data, "\1\2\3", 3);
}
END_TEST

START_TEST (an_archive_given_up_leaves_nothing)
{
  static const guint8 zeros[100000];
  g_autofree char *path = shs_test_temporary ("given-up.npz");
  ShsNpzWriter *writer = shs_npz_writer_new (path, NULL);

  ck_assert (shs_npz_writer_begin (writer, "x", "|u1", 1, (gsize[]){ 200000 }, NULL));
  ck_assert (shs_npz_writer_write (writer, zeros, sizeof zeros, NULL));
  shs_npz_writer_free (writer);
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (a_wrong_number_of_bytes_is_refused)
{
  g_autofree char *path = shs_test_temporary ("count.npz");
  g_autoptr (GError) many = NULL;
  g_autoptr (GError) few = NULL;
  g_autoptr (GError) kind = NULL;
  g_autoptr (GError) large = NULL;
  g_autoptr (GError) none = NULL;
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  gsize n = 2;

  ck_assert (!shs_npz_writer_write (writer, "x", 1, &none));
  shs_test_assert_error (none, SHS_ERROR_INVALID);
  ck_assert (!shs_npz_writer_begin (writer, "x", "|O", 1, &n, &kind));
  shs_test_assert_error (kind, SHS_ERROR_UNSUPPORTED);
  ck_assert (!shs_npz_writer_begin (writer, "x", "<f8", 2, (gsize[]){ G_MAXSIZE, 2 }, &large));
  shs_test_assert_error (large, SHS_ERROR_INVALID);
  ck_assert (shs_npz_writer_begin (writer, "x", "<f8", 1, &n, NULL));
  ck_assert (!shs_npz_writer_write (writer, "12345678901234567", 17, &many));
  shs_test_assert_error (many, SHS_ERROR_INVALID);
  ck_assert (shs_npz_writer_write (writer, "12345678", 8, NULL));
  ck_assert (!shs_npz_writer_commit (writer, &few));
  shs_test_assert_error (few, SHS_ERROR_INVALID);
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (a_full_disk_is_an_error)
{
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new ("/dev/full", NULL);
  g_autoptr (GError) error = NULL;

  ck_assert (shs_npz_writer_add_text (writer, "a", "b", NULL));
  ck_assert (!shs_npz_writer_commit (writer, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_ptr_null (shs_npz_writer_new ("/nowhere/a.npz", NULL));
}
END_TEST

static GBytes *
sample_bytes (void)
{
  g_autofree char *path = shs_test_temporary ("small.npz");

  write_sample (path, 5, 80);
  return shs_test_bytes (path);
}

/* Opens the archive and reads every array of it; how many could be read. */
static guint
read_archive (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpz) archive = shs_npz_open_bytes ("mutant.npz", bytes, &error);
  const char *const *names = archive != NULL ? shs_npz_get_names (archive) : NULL;
  guint n = 0;

  if (archive == NULL)
    shs_test_assert_error (error, SHS_ERROR_SYNTAX);
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (ShsNpyArray) array = shs_npz_read (archive, names[i], &failure);

      n += array != NULL;
      if (array == NULL)
        shs_test_assert_error (failure, failure->code);
    }
  return n;
}

static void
read_mutant (GBytes *bytes, gpointer data)
{
  read_archive (bytes);
}

START_TEST (truncated_archives_are_refused)
{
  g_autoptr (GBytes) bytes = sample_bytes ();

  ck_assert_uint_eq (read_archive (bytes), 5);
  for (gsize i = 0; i < g_bytes_get_size (bytes); i++)
    {
      g_autoptr (GBytes) prefix
          = g_bytes_new_take (g_memdup2 (g_bytes_get_data (bytes, NULL), MAX (i, 1)), i);

      ck_assert_uint_eq (read_archive (prefix), 0);
    }
}
END_TEST

START_TEST (mutants_are_read_or_refused)
{
  g_autoptr (GBytes) bytes = sample_bytes ();

  shs_test_mutate (bytes, 20000, 4, read_mutant, NULL);
}
END_TEST

/* Overwrites bytes of the sample @distance behind where @pattern stands first. */
static GBytes *
patched_sample (const char *pattern, gsize pattern_length, gsize distance, const char *patch,
                gsize length)
{
  g_autoptr (GBytes) bytes = sample_bytes ();
  gsize size;
  guint8 *content = g_memdup2 (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  guint8 *found = memmem (content, size, pattern, pattern_length);

  ck_assert_ptr_nonnull (found);
  memcpy (found + distance, patch, length);
  return g_bytes_new_take (content, size);
}

static void
assert_data_refused (GBytes *bytes, int code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpz) archive = shs_npz_open_bytes ("patched.npz", bytes, &error);
  g_autoptr (ShsNpyArray) array = NULL;

  shs_test_assert_no_error (error);
  array = shs_npz_read (archive, "data", &error);
  ck_assert_msg (array == NULL, "read in spite of %s", message);
  shs_test_assert_error (error, code);
  ck_assert_msg (strstr (error->message, message) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "patched.npz, array \"data\"") != NULL, "%s",
                 error->message);
}

#define DIRECTORY_ENTRY "PK\1\2"

START_TEST (a_wrong_checksum_is_refused)
{
  g_autoptr (GBytes) bytes = patched_sample (DIRECTORY_ENTRY, 4, 16, "abcd", 4);

  assert_data_refused (bytes, SHS_ERROR_SYNTAX, "CRC");
}
END_TEST

START_TEST (a_wrong_size_is_refused)
{
  g_autoptr (GBytes) small = patched_sample (DIRECTORY_ENTRY, 4, 24, "\x10\0\0\0", 4);
  g_autoptr (GBytes) large = patched_sample (DIRECTORY_ENTRY, 4, 24, "\0\4\0\0", 4);

  assert_data_refused (small, SHS_ERROR_SYNTAX, "damaged");
  assert_data_refused (large, SHS_ERROR_SYNTAX, "damaged");
}
END_TEST

START_TEST (a_bomb_is_refused_before_it_is_unpacked)
{
  g_autoptr (GBytes) declared = patched_sample (DIRECTORY_ENTRY, 4, 24, "\0\0\0\xf0", 4);

  assert_data_refused (declared, SHS_ERROR_INVALID, "thousandfold");
}
END_TEST

START_TEST (encrypted_and_foreign_packing_is_refused)
{
  g_autoptr (GBytes) encrypted = patched_sample (DIRECTORY_ENTRY, 4, 8, "\x09", 1);
  g_autoptr (GBytes) method = patched_sample (DIRECTORY_ENTRY, 4, 10, "\x0c", 1);

  assert_data_refused (encrypted, SHS_ERROR_UNSUPPORTED, "encrypted");
  assert_data_refused (method, SHS_ERROR_UNSUPPORTED, "NumPy does not use");
}
END_TEST

START_TEST (names_with_control_bytes_are_not_listed)
{
  g_autoptr (GBytes) bytes = patched_sample (DIRECTORY_ENTRY, 4, 46, "\n", 1);
  g_autoptr (ShsNpz) archive = shs_npz_open_bytes ("patched.npz", bytes, NULL);

  ck_assert_str_eq (shs_npz_get_names (archive)[0], "feature_names");
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (GBytes) bytes = sample_bytes ();
  g_autoptr (ShsNpz) archive = shs_npz_open_bytes ("a.npz", bytes, NULL);
  g_autoptr (GError) error = NULL;

  shs_alloc_fail_at (1);
  ck_assert_ptr_null (shs_npz_read (archive, "data", &error));
  shs_alloc_fail_at (0);
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  g_autofree char *path = shs_test_temporary ("memory.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  g_autoptr (GError) failure = NULL;
  static const char *const names[] = { "a" };
  shs_alloc_fail_at (1);
  ck_assert (!shs_npz_writer_add_strings (writer, "a", names, 1, &failure));
  shs_alloc_fail_at (0);
  shs_test_assert_error (failure, SHS_ERROR_MEMORY);
}
END_TEST

#define LARGE_MEMBER (60u << 20)

/* Arrays of zeros, each of which may be unpacked for itself, packed as tightly as can be. */
static char *
write_zeros (const char *name, guint n_arrays)
{
  char *path = shs_test_temporary (name);
  g_autoptr (GString) header = shs_npy_make_header ("|u1", 1, (gsize[]){ LARGE_MEMBER });
  gsize size = header->len + LARGE_MEMBER;
  g_autofree guint8 *content = g_malloc0 (size);
  zip_t *archive = zip_open (path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

  memcpy (content, header->str, header->len);
  for (guint i = 0; i < n_arrays; i++)
    {
      g_autofree char *array = g_strdup_printf ("x%u.npy", i);
      zip_source_t *source = zip_source_buffer (archive, content, size, 0);

      ck_assert_int_eq (zip_file_add (archive, array, source, 0), i);
    }
  ck_assert_int_eq (zip_close (archive), 0);
  return path;
}

static gboolean
read_one (ShsNpz *archive, guint i, GError **error)
{
  g_autofree char *name = g_strdup_printf ("x%u", i);
  g_autoptr (ShsNpyArray) array = shs_npz_read (archive, name, error);

  return array != NULL;
}

START_TEST (members_that_are_a_bomb_together_are_refused)
{
  g_autofree char *path = write_zeros ("together.npz", 5);
  g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    ck_assert (read_one (archive, i, NULL));
  ck_assert (!read_one (archive, 4, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, "bomb") != NULL, "%s", error->message);
  ck_assert (read_one (archive, 3, NULL)); /* counts once */
}
END_TEST

static gboolean
read_one_file (ShsNpz *archive, guint i, GError **error)
{
  g_autofree char *name = g_strdup_printf ("x%u.npy", i);
  g_autoptr (GBytes) bytes = shs_zip_reader_read (shs_npz_get_archive (archive), name, error);

  return bytes != NULL;
}

/* Not every archive is NumPy's. */
START_TEST (files_that_are_a_bomb_together_are_refused_without_a_word_of_arrays)
{
  g_autofree char *path = write_zeros ("files.npz", 5);
  g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    ck_assert (read_one_file (archive, i, NULL));
  ck_assert (!read_one_file (archive, 4, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, "bomb") != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "numpy") == NULL, "%s", error->message);
  ck_assert (read_one_file (archive, 3, NULL)); /* counts once */
  ck_assert (read_one (archive, 3, NULL));      /* as what it is beside */
}
END_TEST

START_TEST (a_member_that_is_read_again_and_again_is_refused)
{
  g_autofree char *path = write_zeros ("again.npz", 1);
  g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  while (n < 10 && read_one (archive, 0, &error))
    n++;
  ck_assert_uint_lt (n, 10);
  ck_assert_uint_ge (n, 3);
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, "bomb") != NULL, "%s", error->message);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* it takes terabytes of address space itself */
START_TEST (members_that_need_too_much_memory_together_are_refused)
{
  g_autofree char *path = write_zeros ("memory.npz", 3);
  struct rlimit limit = { 250u << 20, RLIM_INFINITY };
  g_autoptr (GError) error = NULL;

  ck_assert_int_eq (setrlimit (RLIMIT_AS, &limit), 0);
  g_usleep (G_USEC_PER_SEC * 11 / 10); /* until the budget is read anew */
  g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);
  ck_assert (read_one (archive, 0, NULL) && read_one (archive, 1, NULL));
  ck_assert (!read_one (archive, 2, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  ck_assert_msg (strstr (error->message, "together") != NULL, "%s", error->message);
}
END_TEST
#endif

Suite *
npz_suite (void)
{
  Suite *suite = suite_create ("npz");
  TCase *cases = tcase_create ("npz");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, what_is_written_reads_back);
  tcase_add_test (cases, equal_arrays_give_equal_bytes);
  tcase_add_test (cases, numbers_are_packed_where_that_is_worth_it);
  tcase_add_test (cases, large_archives_are_understood);
  tcase_add_test (cases, an_archive_given_up_leaves_nothing);
  tcase_add_test (cases, a_wrong_number_of_bytes_is_refused);
  tcase_add_test (cases, a_full_disk_is_an_error);
  tcase_add_test (cases, truncated_archives_are_refused);
  tcase_add_test (cases, mutants_are_read_or_refused);
  tcase_add_test (cases, a_wrong_checksum_is_refused);
  tcase_add_test (cases, a_wrong_size_is_refused);
  tcase_add_test (cases, a_bomb_is_refused_before_it_is_unpacked);
  tcase_add_test (cases, encrypted_and_foreign_packing_is_refused);
  tcase_add_test (cases, names_with_control_bytes_are_not_listed);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  tcase_add_test (cases, members_that_are_a_bomb_together_are_refused);
  tcase_add_test (cases, files_that_are_a_bomb_together_are_refused_without_a_word_of_arrays);
  tcase_add_test (cases, a_member_that_is_read_again_and_again_is_refused);
#ifndef __SANITIZE_ADDRESS__
  tcase_add_test (cases, members_that_need_too_much_memory_together_are_refused);
#endif
  suite_add_tcase (suite, cases);
  return suite;
}
