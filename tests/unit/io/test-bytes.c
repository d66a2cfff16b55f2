#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-bytes.h"
#include "io/shs-folder-hash.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

Suite *bytes_suite (void);

static void
write_file (const char *path, gconstpointer content, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, (gssize)length, &error);
  shs_test_assert_no_error (error);
}

static GByteArray *
compress_member (const char *content, gsize length)
{
  z_stream stream = { 0 };
  GByteArray *packed = g_byte_array_new ();

  g_byte_array_set_size (packed, (guint)(length / 2 + 1024));
  ck_assert_int_eq (deflateInit2 (&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY),
                    Z_OK);
  stream.next_in = (guint8 *)content;
  stream.avail_in = (guint)length;
  stream.next_out = packed->data;
  stream.avail_out = packed->len;
  ck_assert_int_eq (deflate (&stream, Z_FINISH), Z_STREAM_END);
  g_byte_array_set_size (packed, (guint)stream.total_out);
  deflateEnd (&stream);
  return packed;
}

static void
assert_content (const char *path, const char *expected, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = shs_bytes_open (path, &error);

  shs_test_assert_no_error (error);
  ck_assert_uint_eq (g_bytes_get_size (bytes), length);
  ck_assert_int_eq (memcmp (g_bytes_get_data (bytes, NULL), expected, length), 0);
}

static void
assert_refused (const char *path, int code, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = shs_bytes_open (path, &error);

  ck_assert_ptr_null (bytes);
  shs_test_assert_error (error, code);
  ck_assert_msg (strstr (error->message, path) != NULL, "no path in: %s", error->message);
  ck_assert_msg (strstr (error->message, says) != NULL, "'%s' not in: %s", says, error->message);
}

START_TEST (small_and_large_files_give_their_bytes)
{
  const gsize sizes[] = { 0, 1, 1000, SHS_BYTES_READ_LIMIT, SHS_BYTES_READ_LIMIT + 1, 3000000 };
  g_autofree char *path = shs_test_temporary ("plain");

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *content = g_malloc (sizes[i] + 1);

      for (gsize j = 0; j < sizes[i]; j++)
        content[j] = (char)('a' + j % 23);
      write_file (path, content, sizes[i]);
      assert_content (path, content, sizes[i]);
    }
}
END_TEST

/* A page at either end belongs to what is still needed. */
START_TEST (bytes_that_were_released_can_be_read_again)
{
  const gsize sizes[] = { 5000, 3000000 };
  g_autofree char *path = shs_test_temporary ("released");

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *content = g_malloc (sizes[i]);
      g_autoptr (GBytes) bytes = NULL;

      memset (content, 'x', sizes[i]);
      write_file (path, content, sizes[i]);
      bytes = shs_bytes_open (path, NULL);
      for (gsize offset = 0; offset < sizes[i]; offset += 777)
        shs_bytes_release (bytes, offset, MIN (20000, sizes[i] - offset));
      ck_assert_mem_eq (g_bytes_get_data (bytes, NULL), content, sizes[i]);
    }
}
END_TEST

START_TEST (a_small_file_may_change_after_it_was_read)
{
  g_autofree char *path = shs_test_temporary ("changing");
  g_autoptr (GBytes) bytes = NULL;

  write_file (path, "before", 6);
  bytes = shs_bytes_open (path, NULL);
  ck_assert_int_eq (truncate (path, 0), 0);
  ck_assert_int_eq (memcmp (g_bytes_get_data (bytes, NULL), "before", 6), 0);
}
END_TEST

START_TEST (gzip_is_unpacked_by_content)
{
  g_autofree char *path = shs_test_temporary ("packed.csv");
  g_autofree char *content = g_malloc (5000000);
  g_autoptr (GByteArray) packed = NULL;

  for (gsize i = 0; i < 5000000; i++)
    content[i] = (char)('0' + i * i % 7);
  packed = compress_member (content, 5000000);
  write_file (path, packed->data, packed->len);
  assert_content (path, content, 5000000);
}
END_TEST

START_TEST (gzip_members_follow_each_other_and_may_be_padded)
{
  g_autofree char *path = shs_test_temporary ("members.gz");
  g_autoptr (GByteArray) packed = compress_member ("one,", 4);
  g_autoptr (GByteArray) second = compress_member ("two", 3);
  const guint8 zeros[100] = { 0 };

  g_byte_array_append (packed, second->data, second->len);
  g_byte_array_append (packed, zeros, sizeof zeros);
  write_file (path, packed->data, packed->len);
  assert_content (path, "one,two", 7);
}
END_TEST

START_TEST (damaged_gzip_says_so)
{
  g_autofree char *path = shs_test_temporary ("damaged.gz");
  g_autoptr (GByteArray) packed = compress_member ("some text that is packed", 24);

  for (guint length = 3; length < packed->len; length++)
    {
      write_file (path, packed->data, length);
      assert_refused (path, SHS_ERROR_SYNTAX, "ends too early");
    }
  g_byte_array_append (packed, (const guint8 *)"rest", 4);
  write_file (path, packed->data, packed->len);
  assert_refused (path, SHS_ERROR_SYNTAX, "other bytes follow");
  packed->data[14] ^= 0x55;
  write_file (path, packed->data, packed->len);
  assert_refused (path, SHS_ERROR_SYNTAX, "damaged at byte");
}
END_TEST

START_TEST (a_gzip_bomb_is_refused)
{
  const gsize length = 300u << 20;
  g_autofree char *path = shs_test_temporary ("bomb.gz");
  g_autofree char *zeros = g_malloc0 (length);
  g_autoptr (GByteArray) packed = compress_member (zeros, length);

  g_clear_pointer (&zeros, g_free);
  write_file (path, packed->data, packed->len);
  assert_refused (path, SHS_ERROR_INVALID, "times its size");
}
END_TEST

START_TEST (what_is_not_a_file_is_refused)
{
  g_autofree char *missing = shs_test_temporary ("missing");
  g_autofree char *pipe = shs_test_temporary ("pipe");
  g_autofree char *folder = g_path_get_dirname (missing);
  g_autoptr (GError) error = NULL;

  assert_refused (missing, SHS_ERROR_FILE, "No such file");
  assert_refused (folder, SHS_ERROR_FILE, "is a folder");
  ck_assert_int_eq (mkfifo (pipe, 0600), 0);
  assert_refused (pipe, SHS_ERROR_FILE, "not a regular file");
  ck_assert_ptr_null (shs_file_open (missing, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
}
END_TEST

START_TEST (the_head_is_what_the_file_begins_with)
{
  g_autofree char *path = shs_test_temporary ("head");
  guint8 head[8] = "";
  gsize length = 99;

  write_file (path, "0123456789", 10);
  ck_assert (shs_bytes_read_head (path, head, sizeof head, &length, NULL));
  ck_assert_uint_eq (length, sizeof head);
  ck_assert_mem_eq (head, "01234567", sizeof head);
  write_file (path, "abc", 3);
  ck_assert (shs_bytes_read_head (path, head, sizeof head, &length, NULL));
  ck_assert_uint_eq (length, 3);
  write_file (path, "", 0);
  ck_assert (shs_bytes_read_head (path, head, sizeof head, &length, NULL));
  ck_assert_uint_eq (length, 0);
}
END_TEST

/* A pipe without a writer would hold whoever opens it without care. */
START_TEST (only_files_have_heads)
{
  g_autofree char *missing = shs_test_temporary ("no-head");
  g_autofree char *pipe = shs_test_temporary ("head-pipe");
  g_autofree char *folder = g_path_get_dirname (missing);
  const char *const paths[] = { missing, folder, pipe, "/dev/null" };
  static const char *const says[]
      = { "No such file", "is a folder", "not a regular file", "not a regular file" };

  ck_assert_int_eq (mkfifo (pipe, 0600), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      guint8 head[8];
      gsize length;

      ck_assert (!shs_bytes_read_head (paths[i], head, sizeof head, &length, &error));
      shs_test_assert_error (error, SHS_ERROR_FILE);
      ck_assert_msg (strstr (error->message, says[i]) != NULL, "%s", error->message);
      ck_assert_msg (strstr (error->message, paths[i]) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (every_failing_allocation_is_an_error)
{
  g_autofree char *path = shs_test_temporary ("allocation.gz");
  g_autofree char *content = g_malloc0 (3u << 20);
  g_autoptr (GByteArray) packed = compress_member (content, 3u << 20);
  guint n_failures = 0;

  write_file (path, packed->data, packed->len);
  for (guint n = 1;; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = NULL;

      shs_alloc_fail_at (n);
      bytes = shs_bytes_open (path, &error);
      shs_alloc_fail_at (0);
      if (bytes != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
      n_failures++;
    }
  ck_assert_uint_ge (n_failures, 3);
}
END_TEST

static char *
hash_file (const char *path)
{
  g_autoptr (ShsFile) file = shs_file_open (path, NULL);

  return shs_file_hash (file, NULL, NULL);
}

START_TEST (the_hash_is_sha_256_of_the_file_itself)
{
  g_autofree char *path = shs_test_temporary ("hashed");
  g_autofree char *hash = NULL;
  g_autofree char *empty = NULL;

  write_file (path, "abc", 3);
  hash = hash_file (path);
  ck_assert_str_eq (hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  write_file (path, "", 0);
  empty = hash_file (path);
  ck_assert_str_eq (empty, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
END_TEST

static void
write_text (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  ck_assert_int_eq (g_mkdir_with_parents (parent, 0700), 0);
  ck_assert (g_file_set_contents (path, text, -1, NULL));
}

/* Names and contents count; what Hadoop leaves beside them does not. */
START_TEST (a_folder_has_a_hash_of_all_its_files)
{
  g_autofree char *folder = shs_test_temporary ("folder");
  g_autofree char *first = NULL;
  g_autofree char *same = NULL;
  g_autofree char *other = NULL;
  g_autofree char *renamed = NULL;

  write_text (folder, "data/part-0", "one");
  write_text (folder, "metadata/part-0", "two");
  first = shs_folder_hash (folder, NULL, NULL);
  ck_assert_uint_eq (strlen (first), 64);
  write_text (folder, "data/.part-0.crc", "x");
  write_text (folder, "data/_SUCCESS", "");
  same = shs_folder_hash (folder, NULL, NULL);
  ck_assert_str_eq (first, same);
  write_text (folder, "metadata/part-0", "three");
  other = shs_folder_hash (folder, NULL, NULL);
  ck_assert_str_ne (first, other);
  write_text (folder, "metadata/part-0", "two");
  write_text (folder, "metadata/part-1", "");
  renamed = shs_folder_hash (folder, NULL, NULL);
  ck_assert_str_ne (first, renamed);
}
END_TEST

Suite *
bytes_suite (void)
{
  Suite *suite = suite_create ("bytes");
  TCase *cases = tcase_create ("bytes");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, small_and_large_files_give_their_bytes);
  tcase_add_test (cases, bytes_that_were_released_can_be_read_again);
  tcase_add_test (cases, a_small_file_may_change_after_it_was_read);
  tcase_add_test (cases, gzip_is_unpacked_by_content);
  tcase_add_test (cases, gzip_members_follow_each_other_and_may_be_padded);
  tcase_add_test (cases, damaged_gzip_says_so);
  tcase_add_test (cases, a_gzip_bomb_is_refused);
  tcase_add_test (cases, what_is_not_a_file_is_refused);
  tcase_add_test (cases, the_head_is_what_the_file_begins_with);
  tcase_add_test (cases, only_files_have_heads);
  tcase_add_test (cases, every_failing_allocation_is_an_error);
  tcase_add_test (cases, the_hash_is_sha_256_of_the_file_itself);
  tcase_add_test (cases, a_folder_has_a_hash_of_all_its_files);
  suite_add_tcase (suite, cases);
  return suite;
}
