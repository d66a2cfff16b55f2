#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader.h"
#include "test-document.h"

#include <math.h>
#include <string.h>

Suite *ubjson_reader_suite (void);

#define READER(literal) reader_of (literal, sizeof (literal) - 1)
#define ASSERT_FAILS(literal, code, message)                                                       \
  assert_fails (literal, sizeof (literal) - 1, code, message)

static ShsDocumentReader *
reader_of (const char *bytes, gsize length)
{
  /* A block of exactly this size, so that the sanitizer sees a read past its end. */
  g_autoptr (GBytes) copy = g_bytes_new_take (g_memdup2 (bytes, MAX (length, 1)), length);

  return shs_document_reader_new_ubjson ("test.ubj", copy);
}

static void
assert_fails (const char *bytes, gsize length, int code, const char *message)
{
  g_autoptr (ShsDocumentReader) reader = reader_of (bytes, length);
  g_autoptr (GError) error = NULL;

  shs_document_reader_skip (reader);
  ck_assert_msg (!shs_document_reader_finish (reader, &error), "no failure with %s", message);
  shs_test_assert_error (error, code);
  ck_assert_msg (strstr (error->message, message) != NULL, "wanted %s, got: %s", message,
                 error->message);
}

START_TEST (scalars_of_every_type_are_read)
{
  g_autoptr (ShsDocumentReader) reader = READER ("[i\xff"
                                                 "U\xff"
                                                 "I\xff\xfe"
                                                 "l\x80\0\0\0"
                                                 "L\0\0\1\0\0\0\0\0"
                                                 "d\x40\x49\x0f\xdb"
                                                 "D\x3f\xb9\x99\x99\x99\x99\x99\x9a"
                                                 "D\xc0\x08\0\0\0\0\0\0"
                                                 "NTFZSi\2hiCx]");
  static const double numbers[] = { -1, 255, -2, G_MININT32, 1099511627776.0, 0x1.921fb6p1, 0.1 };

  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_ARRAY);
  shs_document_reader_begin_array (reader);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      ck_assert (shs_document_reader_next_element (reader));
      ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_NUMBER);
      ck_assert_double_eq (shs_document_reader_read_number (reader), numbers[i]);
    }
  shs_document_reader_next_element (reader);
  ck_assert_int_eq (shs_document_reader_read_integer (reader), -3);
  shs_document_reader_next_element (reader);
  ck_assert (shs_document_reader_read_boolean (reader));
  shs_document_reader_next_element (reader);
  ck_assert (!shs_document_reader_read_boolean (reader));
  shs_document_reader_next_element (reader);
  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_NULL);
  shs_document_reader_read_null (reader);
  shs_document_reader_next_element (reader);
  ck_assert_str_eq (shs_document_reader_read_string (reader), "hi");
  shs_document_reader_next_element (reader);
  ck_assert_str_eq (shs_document_reader_read_string (reader), "x");
  ck_assert (!shs_document_reader_next_element (reader));
  ck_assert (shs_document_reader_finish (reader, NULL));
}
END_TEST

START_TEST (lengths_may_have_any_whole_type)
{
  g_autoptr (ShsDocumentReader) reader
      = READER ("{i\1aSU\1bI\0\1cSl\0\0\0\1dL\0\0\0\0\0\0\0\1eSi\0}");

  shs_document_reader_begin_object (reader);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "a");
  ck_assert_str_eq (shs_document_reader_read_string (reader), "b");
  ck_assert_str_eq (shs_document_reader_next_key (reader), "c");
  ck_assert_str_eq (shs_document_reader_read_string (reader), "d");
  ck_assert_str_eq (shs_document_reader_next_key (reader), "e");
  ck_assert_str_eq (shs_document_reader_read_string (reader), "");
  ck_assert_ptr_null (shs_document_reader_next_key (reader));
  ck_assert (shs_document_reader_finish (reader, NULL));
}
END_TEST

START_TEST (counted_containers_have_no_closing_bracket)
{
  g_autoptr (ShsDocumentReader) reader
      = READER ("[#L\0\0\0\0\0\0\0\3{#i\1i\1aT{$U#i\2i\1x\7i\1y\x8[#i\1F");

  shs_document_reader_begin_array (reader);
  shs_document_reader_next_element (reader);
  shs_document_reader_begin_object (reader);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "a");
  ck_assert (shs_document_reader_read_boolean (reader));
  ck_assert_ptr_null (shs_document_reader_next_key (reader));
  shs_document_reader_next_element (reader);
  shs_document_reader_begin_object (reader);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "x");
  ck_assert_int_eq (shs_document_reader_read_integer (reader), 7);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "y");
  ck_assert_int_eq (shs_document_reader_read_integer (reader), 8);
  ck_assert_ptr_null (shs_document_reader_next_key (reader));
  shs_document_reader_next_element (reader);
  shs_document_reader_begin_array (reader);
  ck_assert (shs_document_reader_next_element (reader));
  ck_assert (!shs_document_reader_read_boolean (reader));
  ck_assert (!shs_document_reader_next_element (reader));
  ck_assert (!shs_document_reader_next_element (reader));
  ck_assert (shs_document_reader_finish (reader, NULL));
}
END_TEST

START_TEST (typed_containers_nest)
{
  g_autoptr (ShsDocumentReader) reader = READER ("{$[#i\2i\1x]i\1y$U#i\2\5\6");
  gsize count;

  shs_document_reader_begin_object (reader);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "x");
  shs_free (shs_document_reader_read_integers (reader, &count));
  ck_assert_uint_eq (count, 0);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "y");
  SHS_AUTOFREE gint32 *integers = shs_document_reader_read_integers (reader, &count);
  ck_assert_uint_eq (count, 2);
  ck_assert (integers[0] == 5 && integers[1] == 6);
  ck_assert_ptr_null (shs_document_reader_next_key (reader));
  ck_assert (shs_document_reader_finish (reader, NULL));
}
END_TEST

/* Every type of array as doubles, floats and integers; each holds 1, 2, 3. */
START_TEST (typed_arrays_are_read_at_once)
{
  static const struct
  {
    const char *bytes;
    gsize length;
  } cases[] = {
#define CASE(literal) { literal, sizeof (literal) - 1 }
    CASE ("[$i#i\3\1\2\3"),
    CASE ("[$U#L\0\0\0\0\0\0\0\3\1\2\3"),
    CASE ("[$C#i\3\1\2\3"),
    CASE ("[$I#U\3\0\1\0\2\0\3"),
    CASE ("[$l#l\0\0\0\3\0\0\0\1\0\0\0\2\0\0\0\3"),
    CASE ("[$L#I\0\3\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3"),
    CASE ("[$d#i\3\x3f\x80\0\0\x40\0\0\0\x40\x40\0\0"),
    CASE ("[$D#i\3\x3f\xf0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\x40\x08\0\0\0\0\0\0"),
    CASE ("[#i\3i\1U\2I\0\3"),
    CASE ("[TNi\2d\x40\x40\0\0]"),
#undef CASE
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ShsDocumentReader) a = reader_of (cases[i].bytes, cases[i].length);
      g_autoptr (ShsDocumentReader) b = reader_of (cases[i].bytes, cases[i].length);
      g_autoptr (ShsDocumentReader) c = reader_of (cases[i].bytes, cases[i].length);
      g_autoptr (ShsDocumentReader) d = reader_of (cases[i].bytes, cases[i].length);
      gsize count;
      SHS_AUTOFREE double *doubles = shs_document_reader_read_doubles (a, &count);
      ck_assert_uint_eq (count, 3);
      SHS_AUTOFREE float *floats = shs_document_reader_read_floats (b, &count);
      ck_assert_uint_eq (count, 3);
      SHS_AUTOFREE gint32 *integers = shs_document_reader_read_integers (c, &count);
      ck_assert_uint_eq (count, 3);

      for (int j = 0; j < 3; j++)
        ck_assert (doubles[j] == j + 1 && floats[j] == j + 1 && integers[j] == j + 1);
      ck_assert (shs_document_reader_finish (a, NULL));
      ck_assert (shs_document_reader_finish (b, NULL));
      ck_assert (shs_document_reader_finish (c, NULL));
      shs_document_reader_skip (d);
      ck_assert (shs_document_reader_finish (d, NULL));
    }
}
END_TEST

START_TEST (null_is_a_missing_number)
{
  g_autoptr (ShsDocumentReader) reader = READER ("[ZF]");
  g_autoptr (ShsDocumentReader) whole = READER ("[ZF]");
  gsize count;

  SHS_AUTOFREE double *doubles = shs_document_reader_read_doubles (reader, &count);
  ck_assert_uint_eq (count, 2);
  ck_assert (isnan (doubles[0]) && doubles[1] == 0);
  ck_assert_ptr_null (shs_document_reader_read_integers (whole, &count));
}
END_TEST

START_TEST (numbers_that_do_not_fit_are_refused_where_they_stand)
{
  static const struct
  {
    const char *bytes;
    gsize length;
    const char *message;
  } cases[] = {
#define CASE(literal, message) { literal, sizeof (literal) - 1, message }
    CASE ("[$L#i\2\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\0", "byte 14, at [1]: expected a whole number"),
    CASE ("[$d#i\1\x3f\0\0\0", "byte 6, at [0]: expected a whole number"),
    CASE ("[D\x7f\xf8\0\0\0\0\0\0]", "expected a whole number"),
    CASE ("[i\1Si\1a]", "at [1]: expected an array of numbers"),
    CASE ("[$S#i\1i\1a", "expected an array of numbers"),
    CASE ("{}", "expected an array and found an object"),
#undef CASE
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ShsDocumentReader) reader = reader_of (cases[i].bytes, cases[i].length);
      g_autoptr (GError) error = NULL;
      gsize count;

      ck_assert_ptr_null (shs_document_reader_read_integers (reader, &count));
      ck_assert (!shs_document_reader_check (reader, &error));
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_msg (strstr (error->message, cases[i].message) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (unsigned_values_beyond_int32_keep_their_bits)
{
  g_autoptr (ShsDocumentReader) reader = READER ("[$L#i\1\0\0\0\0\xff\xff\xff\xff");
  gsize count;
  SHS_AUTOFREE gint32 *integers = shs_document_reader_read_integers (reader, &count);

  ck_assert_uint_eq (count, 1);
  ck_assert_int_eq (integers[0], -1);
}
END_TEST

START_TEST (whole_numbers_are_read_exactly_or_refused)
{
  g_autoptr (ShsDocumentReader) large = READER ("L\x7f\xff\xff\xff\xff\xff\xff\xff");
  g_autoptr (ShsDocumentReader) fraction = READER ("d\x3f\0\0\0");
  g_autoptr (ShsDocumentReader) cut = READER ("d\x3f");

  ck_assert (shs_document_reader_read_integer (large) == G_MAXINT64);
  ck_assert_int_eq (shs_document_reader_read_integer (fraction), 0);
  ck_assert (!shs_document_reader_check (fraction, NULL));
  ck_assert_int_eq (shs_document_reader_read_integer (cut), 0);
  ck_assert (!shs_document_reader_check (cut, NULL));
}
END_TEST

START_TEST (counts_larger_than_the_file_are_refused)
{
  ASSERT_FAILS ("[$d#L\x7f\xff\xff\xff\xff\xff\xff\xff", SHS_ERROR_SYNTAX,
                "a count of 9223372036854775807");
  ASSERT_FAILS ("[$d#L\x20\0\0\0\0\0\0\1\0\0\0\0", SHS_ERROR_SYNTAX, "more than the rest");
  ASSERT_FAILS ("[$d#i\2\0\0\0\0", SHS_ERROR_SYNTAX, "a count of 2 is more");
  ASSERT_FAILS ("[#l\x7f\xff\xff\xff", SHS_ERROR_SYNTAX, "byte 2: a count");
  ASSERT_FAILS ("[#i\xff", SHS_ERROR_SYNTAX, "a count of -1");
  ASSERT_FAILS ("{#i\2i\1aT", SHS_ERROR_SYNTAX, "a count of 2");
  ASSERT_FAILS ("{$L#i\1i\1a\0\0\0", SHS_ERROR_SYNTAX, "more than the rest");
  ASSERT_FAILS ("SL\x7f\xff\xff\xff\xff\xff\xff\xff", SHS_ERROR_SYNTAX,
                "a text of 9223372036854775807");
  ASSERT_FAILS ("{L\x80\0\0\0\0\0\0\0", SHS_ERROR_SYNTAX, "a text of -9223372036854775808");
}
END_TEST

START_TEST (values_without_bytes_cannot_be_counted)
{
  ASSERT_FAILS ("[$T#L\x7f\xff\xff\xff\xff\xff\xff\xff", SHS_ERROR_SYNTAX,
                "whose values take room");
  ASSERT_FAILS ("[$Z#i\1", SHS_ERROR_SYNTAX, "whose values take room");
  ASSERT_FAILS ("[$N#i\1", SHS_ERROR_SYNTAX, "whose values take room");
  ASSERT_FAILS ("[$Ui\1", SHS_ERROR_SYNTAX, "the count of a typed container");
}
END_TEST

START_TEST (malformed_documents_are_refused_with_their_place)
{
  ASSERT_FAILS ("", SHS_ERROR_SYNTAX, "byte 0: the file ends too early");
  ASSERT_FAILS ("[", SHS_ERROR_SYNTAX, "cut short");
  ASSERT_FAILS ("{i\1a[i\1x", SHS_ERROR_SYNTAX,
                "byte 7, at a[1]: expected a value and found the byte 0x78");
  ASSERT_FAILS ("{xy", SHS_ERROR_SYNTAX, "expected the type of a length");
  ASSERT_FAILS ("{\0y", SHS_ERROR_SYNTAX, "expected the type of a length");
  ASSERT_FAILS ("[Hi\0011]", SHS_ERROR_UNSUPPORTED, "arbitrary precision");
  ASSERT_FAILS ("Si\1\xff", SHS_ERROR_SYNTAX, "UTF-8");
  ASSERT_FAILS ("Si\1\0", SHS_ERROR_SYNTAX, "zero byte");
  ASSERT_FAILS ("C\xff", SHS_ERROR_SYNTAX, "UTF-8");
  ASSERT_FAILS ("C", SHS_ERROR_SYNTAX, "cut short");
  ASSERT_FAILS ("TT", SHS_ERROR_SYNTAX, "byte 1: something follows");
  ASSERT_FAILS ("[$", SHS_ERROR_SYNTAX, "cut short");
  ASSERT_FAILS ("[#", SHS_ERROR_SYNTAX, "cut short");
  ASSERT_FAILS ("[#L\0", SHS_ERROR_SYNTAX, "cut short");
}
END_TEST

START_TEST (nesting_has_a_limit)
{
  gsize n = 200000;
  g_autofree char *bomb = g_malloc (n);
  g_autoptr (GString) typed = g_string_new ("[");

  memset (bomb, '[', n);
  assert_fails (bomb, n, SHS_ERROR_INVALID, "nested deeper");
  for (int i = 0; i < 2000; i++)
    g_string_append_len (typed, "$[#i\1", 5);
  assert_fails (typed->str, typed->len, SHS_ERROR_INVALID, "nested deeper");
}
END_TEST

START_TEST (the_first_bytes_tell_the_spelling)
{
  g_autoptr (GBytes) binary = g_bytes_new_static ("{L\0\0\0\0\0\0\0\1aT}", 13);
  g_autoptr (GBytes) text = g_bytes_new_static ("{\"a\":true}", 10);
  g_autoptr (GBytes) zero = g_bytes_new_static ("{\0", 2);
  g_autoptr (ShsDocumentReader) a = shs_document_reader_new ("a", binary);
  g_autoptr (ShsDocumentReader) b = shs_document_reader_new ("b", text);
  g_autoptr (ShsDocumentReader) c = shs_document_reader_new ("c", zero);
  g_autoptr (GError) error = NULL;

  shs_document_reader_skip (a);
  shs_document_reader_skip (b);
  shs_document_reader_skip (c);
  ck_assert (shs_document_reader_finish (a, NULL));
  ck_assert (shs_document_reader_finish (b, NULL));
  ck_assert (!shs_document_reader_finish (c, &error));
  ck_assert_msg (strstr (error->message, "line 1") != NULL, "%s", error->message);
}
END_TEST

/* The walk meets the inner arrays as doubles, floats, integers and texts. */
static const char sample[] = "{L\0\0\0\0\0\0\0\7learner{"
                             "i\1a[$d#L\0\0\0\0\0\0\0\2\x3f\x80\0\0\x40\0\0\0"
                             "i\1b[#i\2d\x3f\x80\0\0U\2"
                             "i\1c[$l#i\2\0\0\0\1\xff\xff\xff\xff"
                             "i\1d[Si\1xSi\2\xc3\xa9]"
                             "i\1e{$S#i\1i\1ni\0013"
                             "i\1fTi\1gZ}"
                             "i\1vi\3}";

START_TEST (truncated_documents_are_refused)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (sample, sizeof sample - 1);

  ck_assert (test_document_walk (bytes, FALSE));
  for (gsize i = 0; i < sizeof sample - 1; i++)
    {
      g_autoptr (GBytes) prefix = g_bytes_new_take (g_memdup2 (sample, MAX (i, 1)), i);

      ck_assert_msg (!test_document_walk (prefix, FALSE), "%zu bytes pass", i);
    }
}
END_TEST

START_TEST (mutants_are_read_or_refused)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (sample, sizeof sample - 1);
  gboolean is_json = FALSE;

  shs_test_mutate (bytes, 20000, 2, test_document_mutant, &is_json);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (sample, sizeof sample - 1);

  ck_assert_uint_gt (test_document_fail_allocations (bytes, FALSE), 3);
}
END_TEST

/* Compares every model of one version that was saved both ways; returns how many there are. */
static guint
compare_version (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    if (g_str_has_suffix (name, ".ubj"))
      {
        g_autofree char *binary_path = g_build_filename (folder, name, NULL);
        g_autofree char *stem = g_strndup (binary_path, strlen (binary_path) - strlen (".ubj"));
        g_autofree char *text_path = g_strconcat (stem, ".json", NULL);
        g_autoptr (GBytes) text = shs_test_bytes (text_path);
        g_autoptr (GBytes) binary = shs_test_bytes (binary_path);

        ck_assert_uint_gt (test_document_compare (text, binary), 20);
        n++;
      }
  return n;
}

START_TEST (models_say_the_same_in_both_spellings)
{
  g_autofree char *root = shs_test_fixture ("xgboost");
  g_autoptr (GDir) versions = g_dir_open (root, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (versions)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, name, NULL);

      n += compare_version (folder);
    }
  ck_assert_uint_gt (n, 20);
}
END_TEST

Suite *
ubjson_reader_suite (void)
{
  Suite *suite = suite_create ("ubjson-reader");
  TCase *cases = tcase_create ("ubjson-reader");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, scalars_of_every_type_are_read);
  tcase_add_test (cases, lengths_may_have_any_whole_type);
  tcase_add_test (cases, counted_containers_have_no_closing_bracket);
  tcase_add_test (cases, typed_containers_nest);
  tcase_add_test (cases, typed_arrays_are_read_at_once);
  tcase_add_test (cases, null_is_a_missing_number);
  tcase_add_test (cases, numbers_that_do_not_fit_are_refused_where_they_stand);
  tcase_add_test (cases, unsigned_values_beyond_int32_keep_their_bits);
  tcase_add_test (cases, whole_numbers_are_read_exactly_or_refused);
  tcase_add_test (cases, counts_larger_than_the_file_are_refused);
  tcase_add_test (cases, values_without_bytes_cannot_be_counted);
  tcase_add_test (cases, malformed_documents_are_refused_with_their_place);
  tcase_add_test (cases, nesting_has_a_limit);
  tcase_add_test (cases, the_first_bytes_tell_the_spelling);
  tcase_add_test (cases, truncated_documents_are_refused);
  tcase_add_test (cases, mutants_are_read_or_refused);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  tcase_add_test (cases, models_say_the_same_in_both_spellings);
  suite_add_tcase (suite, cases);
  return suite;
}
