#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/zip/shs-zip-reader.h"
#include "io/zip/shs-zip-writer.h"

#include <string.h>

Suite *zip_suite (void);

#define REPEATED 3000

/* Texts that are packed, that are not worth it, and none at all. */
static const struct
{
  const char *name;
  const char *text;
  gsize times;
} files[] = {
  { "folder/words.txt", "again and ", REPEATED },
  { "short", "xyz", 1 },
  { "empty", "", 1 },
  { "H\303\266he \360\237\230\200.txt", "named in UTF-8", 1 },
};

static char *
make_text (gsize file, gsize *length)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < files[file].times; i++)
    g_string_append (text, files[file].text);
  *length = text->len;
  return g_string_free (text, FALSE);
}

static GBytes *
make_sample (void)
{
  g_autofree char *path = shs_test_temporary ("sample.zip");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsZipWriter) writer = shs_zip_writer_new (path, &error);

  shs_test_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gsize length;
      g_autofree char *text = make_text (i, &length);

      ck_assert (shs_zip_writer_begin (writer, files[i].name, length, NULL));
      ck_assert (shs_zip_writer_write (writer, text, length, NULL));
      ck_assert (shs_zip_writer_end (writer, NULL));
    }
  shs_zip_writer_commit (writer, &error);
  shs_test_assert_no_error (error);
  return shs_test_bytes (path);
}

START_TEST (what_is_written_reads_back)
{
  g_autoptr (GBytes) sample = make_sample ();
  g_autoptr (ShsZipReader) reader = shs_zip_reader_open ("sample", sample, NULL);

  ck_assert_str_eq (shs_zip_reader_get_name (reader), "sample");
  ck_assert_uint_eq (shs_zip_reader_count (reader), G_N_ELEMENTS (files));
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gsize length;
      g_autofree char *text = make_text (i, &length);
      g_autoptr (GBytes) by_name = shs_zip_reader_read (reader, files[i].name, NULL);
      g_autoptr (GBytes) by_index = shs_zip_reader_unpack (reader, i, "it", NULL, NULL);

      ck_assert_str_eq (shs_zip_reader_get_file_name (reader, i), files[i].name);
      ck_assert_ptr_nonnull (by_name);
      ck_assert (g_bytes_equal (by_name, by_index));
      ck_assert_uint_eq (g_bytes_get_size (by_name), length);
      ck_assert_mem_eq (g_bytes_get_data (by_name, NULL), text, length);
    }
}
END_TEST

START_TEST (a_file_that_is_not_there_is_named)
{
  g_autoptr (GBytes) sample = make_sample ();
  g_autoptr (ShsZipReader) reader = shs_zip_reader_open ("sample", sample, NULL);
  g_autoptr (GError) by_name = NULL;
  g_autoptr (GError) by_index = NULL;

  ck_assert_ptr_null (shs_zip_reader_read (reader, "words.txt", &by_name));
  shs_test_assert_error (by_name, SHS_ERROR_CHOICE);
  ck_assert_ptr_nonnull (strstr (by_name->message, "\"words.txt\""));
  ck_assert_ptr_null (shs_zip_reader_unpack (reader, 99, "it", NULL, &by_index));
  shs_test_assert_error (by_index, SHS_ERROR_SYNTAX);
}
END_TEST

/* All that can be read of it; how many files that are. */
static guint
read_all (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsZipReader) reader = shs_zip_reader_open ("hostile", bytes, &error);
  guint n = 0;

  if (reader == NULL)
    shs_test_assert_error (error, SHS_ERROR_SYNTAX);
  for (guint64 i = 0; reader != NULL && i < shs_zip_reader_count (reader); i++)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (GBytes) content = shs_zip_reader_unpack (reader, i, "it", NULL, &failure);

      shs_zip_reader_get_file_name (reader, i);
      n += content != NULL;
      if (content == NULL)
        shs_test_assert_error (failure, failure->code);
    }
  return n;
}

static void
read_mutant (GBytes *bytes, gpointer data)
{
  read_all (bytes);
}

static void
read_truncated (GBytes *bytes, gpointer whole)
{
  ck_assert_uint_eq (read_all (bytes), bytes == whole ? G_N_ELEMENTS (files) : 0);
}

START_TEST (truncated_archives_are_refused)
{
  g_autoptr (GBytes) sample = make_sample ();

  read_truncated (sample, sample);
  shs_test_truncate (sample, read_truncated, sample);
}
END_TEST

START_TEST (mutants_are_read_or_refused)
{
  g_autoptr (GBytes) sample = make_sample ();

  shs_test_mutate (sample, 20000, 5, read_mutant, NULL);
}
END_TEST

/* @place: in the first entry of the archive's directory */
static const struct
{
  gsize place;
  const char *patch;
  gsize length;
  int code;
  const char *message;
} patches[] = {
  { 16, "abcd", 4, SHS_ERROR_SYNTAX, "CRC" },
  { 24, "\x10\0\0\0", 4, SHS_ERROR_SYNTAX, "damaged" },
  { 24, "\0\x80\0\0", 4, SHS_ERROR_SYNTAX, "damaged" },
  { 24, "\0\0\0\xf0", 4, SHS_ERROR_INVALID, "thousandfold" },
  { 8, "\x09", 1, SHS_ERROR_UNSUPPORTED, "encrypted" },
  { 10, "\x0c", 1, SHS_ERROR_UNSUPPORTED, "\"deflate\"" },
};

START_TEST (what_the_directory_says_is_not_believed)
{
  g_autoptr (GBytes) sample = make_sample ();
  gsize size;
  gconstpointer content = g_bytes_get_data (sample, &size);
  guint8 *patched = g_memdup2 (content, size);
  guint8 *entry = memmem (patched, size, "PK\1\2", 4);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ShsZipReader) reader = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_nonnull (entry);
  memcpy (entry + patches[_i].place, patches[_i].patch, patches[_i].length);
  bytes = g_bytes_new_take (patched, size);
  reader = shs_zip_reader_open ("patched", bytes, &error);
  shs_test_assert_no_error (error);
  ck_assert_ptr_null (shs_zip_reader_read (reader, files[0].name, &error));
  shs_test_assert_error (error, patches[_i].code);
  ck_assert_msg (strstr (error->message, patches[_i].message) != NULL, "%s", error->message);
  ck_assert_msg (g_str_has_prefix (error->message, "patched, file \"folder/words.txt\": "), "%s",
                 error->message);
}
END_TEST

START_TEST (a_failed_allocation_is_an_error)
{
  g_autoptr (GBytes) sample = make_sample ();
  g_autoptr (ShsZipReader) reader = shs_zip_reader_open ("sample", sample, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) later = NULL;

  shs_alloc_fail_at (1);
  ck_assert_ptr_null (shs_zip_reader_read (reader, "short", &error));
  shs_alloc_fail_at (0);
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  later = shs_zip_reader_read (reader, "short", NULL);
  ck_assert_ptr_nonnull (later);
}
END_TEST

Suite *
zip_suite (void)
{
  Suite *suite = suite_create ("zip");
  TCase *cases = tcase_create ("zip");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, what_is_written_reads_back);
  tcase_add_test (cases, a_file_that_is_not_there_is_named);
  tcase_add_test (cases, truncated_archives_are_refused);
  tcase_add_test (cases, mutants_are_read_or_refused);
  tcase_add_loop_test (cases, what_the_directory_says_is_not_believed, 0, G_N_ELEMENTS (patches));
  tcase_add_test (cases, a_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
