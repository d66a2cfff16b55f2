#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/npy/shs-npy-private.h"

#include <math.h>
#include <string.h>

Suite *npy_suite (void);

/* An .npy file of version 1 with this dictionary and these items behind it. */
static GBytes *
npy_of (const char *dictionary, gconstpointer items, gsize length)
{
  GByteArray *bytes = g_byte_array_new ();
  gsize n = strlen (dictionary);
  guint8 header[10] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, n & 0xff, n >> 8 };

  g_byte_array_append (bytes, header, sizeof header);
  g_byte_array_append (bytes, (const guint8 *)dictionary, n);
  g_byte_array_append (bytes, items, length);
  return g_byte_array_free_to_bytes (bytes);
}

static void
assert_refused (const char *dictionary, gsize n_bytes, int code, const char *message)
{
  static const guint8 zeros[64];
  g_autoptr (GBytes) bytes = npy_of (dictionary, zeros, n_bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpyArray) array = shs_npy_parse ("a.npy", bytes, &error);

  ck_assert_msg (array == NULL, "accepted: %s", dictionary);
  shs_test_assert_error (error, code);
  ck_assert_msg (strstr (error->message, message) != NULL, "%s gave: %s", dictionary,
                 error->message);
  ck_assert_msg (g_str_has_prefix (error->message, "a.npy"), "%s", error->message);
}

START_TEST (the_dictionary_may_be_written_in_any_order)
{
  static const char *const texts[] = {
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }   \n",
    "{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"<f8\"}",
    "{ 'fortran_order' : False , 'shape' : ( 2L , ) , 'descr' : '=f8' }",
    "{'descr': [('', '<f8')], 'fortran_order': False, 'shape': (2,)}",
  };
  const double items[] = { 1.5, -2 };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = npy_of (texts[i], items, sizeof items);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsNpyArray) array = shs_npy_parse ("a.npy", bytes, &error);
      double back[2];

      shs_test_assert_no_error (error);
      ck_assert_uint_eq (array->n_items, 2);
      shs_npy_array_read_doubles (array, 0, 0, 2, back);
      ck_assert_mem_eq (back, items, sizeof items);
    }
}
END_TEST

START_TEST (names_of_fields_are_unescaped)
{
  static const char text[] = "{'descr': [('\\x41\\u00e9\\U0001f600\\\\\\'\xe9', '|u1'), (('a "
                             "title', \"it's\"), '|u1')], "
                             "'fortran_order': False, 'shape': ()}";
  g_autoptr (GBytes) bytes = npy_of (text, "\1\2", 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpyArray) array = shs_npy_parse ("a.npy", bytes, &error);

  shs_test_assert_no_error (error);
  ck_assert_uint_eq (array->n_fields, 2);
  ck_assert_str_eq (array->fields[0].name, "Aé😀\\'é");
  ck_assert_str_eq (array->fields[1].name, "it's");
  ck_assert_uint_eq (array->fields[1].offset, 1);
}
END_TEST

START_TEST (what_numpy_does_not_write_is_refused)
{
  static const char *const texts[] = {
    "",
    "{",
    "{}",
    "{'descr': '<f8', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': [1]}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1 2)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1+1,)}",
    "{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,)}",
    "{'descr': 'f8', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f8x', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f8, 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a', '<f8'], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a', '<f8' 'b')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [(('t' 'a'), '<f8')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [(('t', 'a', '<f8')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a\\q', '<f8')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a\\x0', '<f8')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a\\x00', '<f8')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a\\ud800', '<f8')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a\\",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_refused (texts[i], 8, SHS_ERROR_SYNTAX, "byte ");
}
END_TEST

START_TEST (kinds_that_cannot_be_read_are_named)
{
#define TYPE(type) "{'descr': " type ", 'fortran_order': False, 'shape': (1,)}"
  assert_refused (TYPE ("'|O'"), 8, SHS_ERROR_UNSUPPORTED, "pickle");
  assert_refused (TYPE ("'|O8'"), 8, SHS_ERROR_UNSUPPORTED, "pickle");
  assert_refused (TYPE ("'<M8[ns]'"), 8, SHS_ERROR_UNSUPPORTED, "dates");
  assert_refused (TYPE ("'<m8[s]'"), 8, SHS_ERROR_UNSUPPORTED, "dates");
  assert_refused (TYPE ("'<c16'"), 16, SHS_ERROR_UNSUPPORTED, "complex");
  assert_refused (TYPE ("'|V8'"), 8, SHS_ERROR_UNSUPPORTED, "raw bytes");
  assert_refused (TYPE ("'<f16'"), 16, SHS_ERROR_UNSUPPORTED, "float64");
  assert_refused (TYPE ("'<i3'"), 8, SHS_ERROR_UNSUPPORTED, "<i3");
  assert_refused (TYPE ("'<q8'"), 8, SHS_ERROR_UNSUPPORTED, "<q8");
  assert_refused (TYPE ("'<f\\n8'"), 8, SHS_ERROR_SYNTAX, "this is no type");
  assert_refused (TYPE ("'<U0'"), 8, SHS_ERROR_UNSUPPORTED, "<U0");
  assert_refused (TYPE ("[('a', [('b', '<f8')])]"), 8, SHS_ERROR_UNSUPPORTED, "fields of its own");
  assert_refused (TYPE ("[('a', '<f8', (2,))]"), 16, SHS_ERROR_UNSUPPORTED, "holds arrays");
  assert_refused (TYPE ("[('a', '|O')]"), 8, SHS_ERROR_UNSUPPORTED, "pickle");
#undef TYPE
}
END_TEST

START_TEST (declared_shapes_are_compared_with_the_bytes)
{
#define SHAPE(shape) "{'descr': '<f8', 'fortran_order': False, 'shape': " shape "}"
  assert_refused (SHAPE ("(2,)"), 15, SHS_ERROR_SYNTAX, "16 bytes of numbers are declared and 15");
  assert_refused (SHAPE ("()"), 7, SHS_ERROR_SYNTAX, "declared");
  assert_refused (SHAPE ("(1099511627776, 1048576)"), 8, SHS_ERROR_SYNTAX, "declared");
  assert_refused (SHAPE ("(4294967296, 4294967296)"), 8, SHS_ERROR_INVALID, "any memory");
  assert_refused (SHAPE ("(0, 4294967296, 4294967296)"), 8, SHS_ERROR_INVALID, "any memory");
  assert_refused (SHAPE ("(99999999999999999999,)"), 8, SHS_ERROR_INVALID, "any memory");
  assert_refused (SHAPE ("(1,1,1,1,1,1,1,1,1)"), 8, SHS_ERROR_UNSUPPORTED, "eight axes");
  assert_refused ("{'descr': '<U1073741824', 'fortran_order': False, 'shape': (2,)}", 8,
                  SHS_ERROR_SYNTAX, "declared");
#undef SHAPE
}
END_TEST

START_TEST (other_files_and_versions_are_refused)
{
  static const struct
  {
    const char *bytes;
    gsize length;
    int code;
  } cases[] = {
    { "", 0, SHS_ERROR_SYNTAX },
    { "NUMPY", 5, SHS_ERROR_SYNTAX },
    { "\x93NUMPX\1\0\0\0", 10, SHS_ERROR_SYNTAX },
    { "\x93NUMPY\0\0\0\0", 10, SHS_ERROR_UNSUPPORTED },
    { "\x93NUMPY\4\0\0\0", 10, SHS_ERROR_UNSUPPORTED },
    { "\x93NUMPY\1\0\0", 9, SHS_ERROR_SYNTAX },
    { "\x93NUMPY\2\0\xff\xff\xff\xff{", 13, SHS_ERROR_SYNTAX },
  };
  gsize large = 5u << 20;
  g_autofree char *header = g_malloc0 (large);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (cases[i].bytes, cases[i].length);
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_npy_parse ("a.npy", bytes, &error));
      shs_test_assert_error (error, cases[i].code);
    }
  memcpy (header, "\x93NUMPY\2\0\0\0\x48\0", 12);
  g_autoptr (GBytes) bytes = g_bytes_new (header, large);
  g_autoptr (GError) error = NULL;
  ck_assert_ptr_null (shs_npy_parse ("a.npy", bytes, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
}
END_TEST

START_TEST (half_precision_is_exact)
{
  static const struct
  {
    guint16 bits;
    double value;
  } cases[]
      = { { 0x0000, 0 },        { 0x8000, -0.0 },     { 0x0001, 0x1p-24 }, { 0x03ff, 0x3ffp-24 },
          { 0x0400, 0x1p-14 },  { 0x3c00, 1 },        { 0xc000, -2 },      { 0x7bff, 65504 },
          { 0x7c00, INFINITY }, { 0xfc00, -INFINITY } };
  ShsNpyField field = { .kind = 'f', .item_size = 2 };
  double value;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      shs_npy_convert (&field, (const guint8 *)&cases[i].bits, 2, 1, &value);
      ck_assert_msg (memcmp (&value, &cases[i].value, sizeof value) == 0, "%04x is %g",
                     cases[i].bits, value);
    }
  shs_npy_convert (&field, (const guint8 *)"\x01\x7e", 2, 1, &value);
  ck_assert (isnan (value));
}
END_TEST

START_TEST (fortran_order_is_read_as_c_order)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ShsNpyArray) array = NULL;
  double items[24];
  double back[24];

  /* Item (i, j, k) of a 2 x 3 x 4 array stands at i + 2 j + 6 k. */
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 4; k++)
        items[i + 2 * j + 6 * k] = 12 * i + 4 * j + k;
  bytes
      = npy_of ("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3, 4)}", items, sizeof items);
  array = shs_npy_parse ("a.npy", bytes, NULL);
  for (gsize first = 0; first < 24; first++)
    for (gsize count = 0; first + count <= 24; count++)
      {
        shs_npy_array_read_doubles (array, 0, first, count, back);
        for (gsize i = 0; i < count; i++)
          ck_assert_double_eq (back[i], first + i);
      }
}
END_TEST

START_TEST (items_are_told_as_text)
{
  static const struct
  {
    const char *descr;
    const char *bytes;
    const char *text;
  } cases[] = {
    { "<f8", "\0\0\0\0\0\0\xf8\x3f", "1.5" },
    { "<f2", "\0\x3e", "1.5" },
    { "<f4", "\xcd\xcc\xcc\x3d", "0.1" },
    { "|b1", "\1", "True" },
    { "|b1", "\0", "False" },
    { "<i2", "\xff\xff", "-1" },
    { "<u8", "\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615" },
    { "<i8", "\xff\xff\xff\xff\xff\xff\xff\x7f", "9223372036854775807" },
    { ">U2", "\0\0\0\x41\0\1\xf6\0", "A😀" },
    { "<U2", "\x41\0\0\0\0\0\0\0", "A" },
    { "<U2", "\0\xd8\0\0\0\0\0\x80", "\xef\xbf\xbd\xef\xbf\xbd" },
    { "<U2", "\0\0\0\0\x41\0\0\0",
      "\xef\xbf\xbd"
      "A" },
    { "|S3", "ab", "ab" },
    { "|S3", "\xc3\xa9", "é" },
    { "|S3", "\xe9\0x", "é\xef\xbf\xbdx" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ShsNpyField field = { 0 };
      g_autofree char *text = NULL;

      ck_assert (shs_npy_parse_type (cases[i].descr, strlen (cases[i].descr), &field, NULL));
      text = shs_npy_item_to_text (&field, (const guint8 *)cases[i].bytes);
      ck_assert_msg (g_str_equal (text, cases[i].text), "%s: %s", cases[i].descr, text);
    }
}
END_TEST

START_TEST (text_items_are_missing_numbers)
{
  ShsNpyField field = { .kind = 'S', .item_size = 1 };
  double values[2] = { 0, 0 };

  shs_npy_convert (&field, (const guint8 *)"12", 1, 2, values);
  ck_assert (isnan (values[0]) && isnan (values[1]));
}
END_TEST

START_TEST (what_is_written_reads_back)
{
  const double values[] = { 0.1, -0.0, NAN, INFINITY, 5e-324, 1e300 };
  const gsize shapes[][3] = { { 6 }, { 2, 3 }, { 1, 2, 3 } };
  g_autofree char *path = shs_test_temporary ("written.npy");

  for (guint n = 1; n <= 3; n++)
    {
      g_autoptr (GError) error = NULL;
      double back[6];

      ck_assert (shs_npy_write (path, values, n, shapes[n - 1], &error));
      g_autoptr (GBytes) bytes = shs_test_bytes (path);
      g_autoptr (ShsNpyArray) array = shs_npy_parse (path, bytes, &error);
      shs_test_assert_no_error (error);
      ck_assert_uint_eq (array->n_dimensions, n);
      ck_assert_mem_eq (array->shape, shapes[n - 1], n * sizeof (gsize));
      ck_assert_uint_eq ((gsize)(array->data - (const guint8 *)g_bytes_get_data (bytes, NULL)) % 64,
                         0);
      shs_npy_array_read_doubles (array, 0, 0, 6, back);
      ck_assert_mem_eq (back, values, sizeof values);
    }
}
END_TEST

START_TEST (a_full_disk_is_an_error)
{
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_npy_write ("/dev/full", (double[]){ 1 }, 1, (gsize[]){ 1 }, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert (!shs_npy_write ("/nowhere/a.npy", (double[]){ 1 }, 1, (gsize[]){ 1 }, NULL));
}
END_TEST

/* Reads all there is, as numbers and as texts. */
static void
read_all (GBytes *bytes, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpyArray) array = shs_npy_parse ("mutant.npy", bytes, &error);

  if (array == NULL)
    {
      shs_test_assert_error (error, error->code);
      return;
    }
  for (guint field = 0; field < array->n_fields; field++)
    for (gsize i = 0; i < array->n_items; i += MAX (1, array->n_items / 50))
      {
        g_autofree char *text = shs_npy_array_get_string (array, field, i);
        double value;

        ck_assert (g_utf8_validate (text, -1, NULL));
        shs_npy_array_read_doubles (array, field, i, 1, &value);
      }
}

static GBytes *
fixture_bytes (const char *name)
{
  g_autofree char *relative = g_build_filename ("data", name, NULL);
  g_autofree char *path = shs_test_fixture (relative);

  return shs_test_bytes (path);
}

START_TEST (truncated_files_are_refused)
{
  g_autoptr (GBytes) bytes = fixture_bytes ("structured.npy");

  for (gsize i = 0; i < g_bytes_get_size (bytes); i++)
    {
      g_autoptr (GBytes) prefix
          = g_bytes_new_take (g_memdup2 (g_bytes_get_data (bytes, NULL), MAX (i, 1)), i);
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_npy_parse ("cut.npy", prefix, &error));
      shs_test_assert_error (error, SHS_ERROR_SYNTAX);
    }
}
END_TEST

START_TEST (mutants_are_read_or_refused)
{
  static const char *const names[]
      = { "structured.npy", "fortran.npy", "text.npy", "float64-v2.npy", "structured-v3.npy" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) bytes = fixture_bytes (names[i]);

      shs_test_mutate (bytes, 4000, i, read_all, NULL);
    }
}
END_TEST

Suite *
npy_suite (void)
{
  Suite *suite = suite_create ("npy");
  TCase *cases = tcase_create ("npy");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, the_dictionary_may_be_written_in_any_order);
  tcase_add_test (cases, names_of_fields_are_unescaped);
  tcase_add_test (cases, what_numpy_does_not_write_is_refused);
  tcase_add_test (cases, kinds_that_cannot_be_read_are_named);
  tcase_add_test (cases, declared_shapes_are_compared_with_the_bytes);
  tcase_add_test (cases, other_files_and_versions_are_refused);
  tcase_add_test (cases, half_precision_is_exact);
  tcase_add_test (cases, fortran_order_is_read_as_c_order);
  tcase_add_test (cases, items_are_told_as_text);
  tcase_add_test (cases, text_items_are_missing_numbers);
  tcase_add_test (cases, what_is_written_reads_back);
  tcase_add_test (cases, a_full_disk_is_an_error);
  tcase_add_test (cases, truncated_files_are_refused);
  tcase_add_test (cases, mutants_are_read_or_refused);
  suite_add_tcase (suite, cases);
  return suite;
}
