#include "shs-test.h"

#include "core/shs-error.h"
#include "io/shs-flatbuffer.h"

#include <string.h>

Suite *flatbuffer_suite (void);

/* A table of a number (-7), a list (5, 6), a table without fields, and a text. */
static const guint8 example[] = {
  20,   0,    0,    0,                                           /* 0: the root stands at 20 */
  12,   0,    20,   0,    4,   0,   8,    0, 12, 0, 16, 0, 0, 0, /* 4: places of four fields */
  0,    0,    16,   0,    0,   0, /* 20: the root: its places stand 16 before */
  0xf9, 0xff, 0xff, 0xff,         /* 24: -7 */
  12,   0,    0,    0,            /* 28: the list stands at 40 */
  24,   0,    0,    0,            /* 32: the table stands at 56 */
  24,   0,    0,    0,            /* 36: the text stands at 60 */
  2,    0,    0,    0,    5,   0,   0,    0, 6,  0, 0,  0, /* 40: two numbers */
  4,    0,    4,    0,                                     /* 52: places of no fields */
  4,    0,    0,    0,                                     /* 56: a table without fields */
  3,    0,    0,    0,    'a', 'b', 0xff, 0,               /* 60: a text that is no UTF-8 */
};

/* Goes through everything that a buffer of that schema can hold. */
static void
read_all (ShsFlatbuffer *buffer)
{
  ShsFlatTable root = shs_flatbuffer_get_root (buffer);
  ShsFlatVector list = shs_flat_get_vector (buffer, &root, 1, 4);
  ShsFlatTable table = shs_flat_get_table (buffer, &root, 2);
  g_autofree char *text = shs_flat_get_text (buffer, &root, 3);
  volatile guint64 sum = (guint64)shs_flat_get_int32 (buffer, &root, 0, 1);

  for (gsize i = 0; i < list.n; i++)
    sum += shs_flat_vector_u32 (&list, i);
  for (gsize i = 0; i < list.n; i++)
    {
      ShsFlatTable element = shs_flat_get_table_at (buffer, &list, i);
      ShsFlatVector bytes = shs_flat_get_bytes_at (buffer, &list, i);

      sum += element.size;
      for (gsize b = 0; b < bytes.n; b++)
        sum += bytes.data[b];
    }
  sum += shs_flat_get_double (buffer, &table, 0, 2) > 0;
  ck_assert (text == NULL || g_utf8_validate (text, -1, NULL));
}

START_TEST (fields_are_read_and_absent_ones_have_their_default)
{
  g_auto (ShsFlatbuffer) buffer = { 0 };

  shs_flatbuffer_init (&buffer, "example", example, sizeof example, 0);
  ShsFlatTable root = shs_flatbuffer_get_root (&buffer);
  ShsFlatVector list = shs_flat_get_vector (&buffer, &root, 1, 4);
  ShsFlatTable table = shs_flat_get_table (&buffer, &root, 2);
  g_autofree char *text = shs_flat_get_text (&buffer, &root, 3);

  ck_assert_int_eq (shs_flat_get_int32 (&buffer, &root, 0, 1), -7);
  ck_assert_uint_eq (list.n, 2);
  ck_assert_uint_eq (shs_flat_vector_u32 (&list, 1), 6);
  ck_assert_str_eq (text, "ab\xef\xbf\xbd");
  ck_assert_double_eq (shs_flat_get_double (&buffer, &table, 0, 2.5), 2.5);
  ck_assert_int_eq (shs_flat_get_int8 (&buffer, &root, 9, -3), -3);
  ck_assert_uint_eq (shs_flat_get_table (&buffer, &table, 0).at, 0);
  ck_assert (shs_flatbuffer_check (&buffer, NULL));
}
END_TEST

static const struct
{
  gsize at;
  guint8 byte;
  const char *message;
} faults[] = {
  { 0, 200, "an offset leads out of the file" },
  { 3, 200, "an offset leads out of the file" },
  { 0, 0, "an offset leads out of the file" },
  { 20, 90, "list of fields lies outside the file" },
  { 4, 2, "impossible size" },
  { 6, 200, "a table is cut off" },
  { 4, 200, "list of fields is cut off" },
  { 10, 18, "a field lies outside its table" },
  { 8, 2, "a field lies outside its table" },
  { 40, 9, "a list says that it is longer than the file" },
  { 43, 200, "a list says that it is longer than the file" },
};

START_TEST (what_leads_out_of_the_buffer_is_refused_with_its_place)
{
  guint8 bytes[sizeof example];
  g_auto (ShsFlatbuffer) buffer = { 0 };
  g_autoptr (GError) error = NULL;

  memcpy (bytes, example, sizeof bytes);
  bytes[faults[_i].at] = faults[_i].byte;
  shs_flatbuffer_init (&buffer, "example", bytes, sizeof bytes, 1000);
  read_all (&buffer);
  ck_assert (!shs_flatbuffer_check (&buffer, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
  ck_assert_ptr_nonnull (strstr (error->message, "at byte 10"));
}
END_TEST

START_TEST (the_same_bytes_cannot_be_asked_for_endlessly)
{
  g_auto (ShsFlatbuffer) buffer = { 0 };
  gsize n = 0;

  shs_flatbuffer_init (&buffer, "example", example, sizeof example, 0);
  ShsFlatTable root = shs_flatbuffer_get_root (&buffer);
  for (; n < 1000000 && shs_flatbuffer_check (&buffer, NULL); n++)
    shs_flat_get_vector (&buffer, &root, 1, 4);
  ck_assert_uint_lt (n, 10000);
  ck_assert_ptr_nonnull (strstr (buffer.error->message, "over and over"));
}
END_TEST

static void
read_bytes (GBytes *bytes, gpointer data)
{
  g_auto (ShsFlatbuffer) buffer = { 0 };
  gsize size;
  const guint8 *content = g_bytes_get_data (bytes, &size);

  shs_flatbuffer_init (&buffer, "hostile", content, size, 0);
  read_all (&buffer);
}

START_TEST (cut_and_changed_buffers_are_read_inside_their_bounds)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (example, sizeof example);

  shs_test_truncate (bytes, read_bytes, NULL);
  shs_test_mutate (bytes, 20000, 20261, read_bytes, NULL);
}
END_TEST

Suite *
flatbuffer_suite (void)
{
  Suite *suite = suite_create ("flatbuffer");
  TCase *cases = tcase_create ("flatbuffer");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, fields_are_read_and_absent_ones_have_their_default);
  tcase_add_loop_test (cases, what_leads_out_of_the_buffer_is_refused_with_its_place, 0,
                       G_N_ELEMENTS (faults));
  tcase_add_test (cases, the_same_bytes_cannot_be_asked_for_endlessly);
  tcase_add_test (cases, cut_and_changed_buffers_are_read_inside_their_bounds);
  suite_add_tcase (suite, cases);
  return suite;
}
