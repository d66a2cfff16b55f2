#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader.h"
#include "test-document.h"

#include <math.h>
#include <string.h>

Suite *json_reader_suite (void);

static ShsDocumentReader *
reader_of (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return shs_document_reader_new_json ("test.json", bytes);
}

static void
assert_fails (const char *text, int code, const char *message)
{
  g_autoptr (ShsDocumentReader) reader = reader_of (text);
  g_autoptr (GError) error = NULL;

  shs_document_reader_skip (reader);
  ck_assert (!shs_document_reader_finish (reader, &error));
  shs_test_assert_error (error, code);
  ck_assert_msg (strstr (error->message, message) != NULL, "%s gave: %s", text, error->message);
}

static double
number_of (const char *text)
{
  g_autoptr (ShsDocumentReader) reader = reader_of (text);
  g_autoptr (GError) error = NULL;
  double value = shs_document_reader_read_number (reader);

  ck_assert_msg (shs_document_reader_finish (reader, &error), "%s", text);
  return value;
}

START_TEST (an_object_is_read_key_by_key)
{
  g_autoptr (ShsDocumentReader) reader
      = reader_of (" {\"a\" : 1.5, \"b\":[true,false,null],\"c\":{},\"d\":\"x\"} \n");
  g_autoptr (GError) error = NULL;

  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_OBJECT);
  ck_assert (shs_document_reader_begin_object (reader));
  ck_assert_str_eq (shs_document_reader_next_key (reader), "a");
  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_NUMBER);
  ck_assert_double_eq (shs_document_reader_read_number (reader), 1.5);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "b");
  ck_assert (shs_document_reader_begin_array (reader));
  ck_assert (shs_document_reader_next_element (reader));
  ck_assert (shs_document_reader_read_boolean (reader));
  ck_assert (shs_document_reader_next_element (reader));
  ck_assert (!shs_document_reader_read_boolean (reader));
  ck_assert (shs_document_reader_next_element (reader));
  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_NULL);
  shs_document_reader_read_null (reader);
  ck_assert (!shs_document_reader_next_element (reader));
  ck_assert_str_eq (shs_document_reader_next_key (reader), "c");
  ck_assert (shs_document_reader_begin_object (reader));
  ck_assert_ptr_null (shs_document_reader_next_key (reader));
  ck_assert_str_eq (shs_document_reader_next_key (reader), "d");
  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_STRING);
  ck_assert_str_eq (shs_document_reader_read_string (reader), "x");
  ck_assert_ptr_null (shs_document_reader_next_key (reader));
  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_FAILED);
  ck_assert (shs_document_reader_finish (reader, &error));
  shs_test_assert_no_error (error);
}
END_TEST

START_TEST (repeated_keys_are_passed_through)
{
  g_autoptr (ShsDocumentReader) reader = reader_of ("{\"a\":1,\"a\":2}");

  shs_document_reader_begin_object (reader);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "a");
  ck_assert_int_eq (shs_document_reader_read_integer (reader), 1);
  ck_assert_str_eq (shs_document_reader_next_key (reader), "a");
  ck_assert_int_eq (shs_document_reader_read_integer (reader), 2);
}
END_TEST

START_TEST (numbers_are_the_nearest_double)
{
  static const struct
  {
    const char *text;
    double value;
  } cases[] = {
    { "0", 0.0 },
    { "-0", -0.0 },
    { "-2.1070242E-2", -2.1070242e-2 },
    { "1E0", 1 },
    { "1e+2", 100 },
    { "0.1", 0.1 },
    { "123456789012345678901234567890", 123456789012345678901234567890.0 },
    { "0.30000000000000004441", 0.30000000000000004441 },
    { "9007199254740993", 9007199254740993.0 },
    { "1.7976931348623157e308", 1.7976931348623157e308 },
    { "5e-324", 5e-324 },
    { "1e400", HUGE_VAL },
    { "1e-400", 0.0 },
    { "1e99999999999", HUGE_VAL },
    { "Infinity", INFINITY },
    { "-Infinity", -INFINITY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double value = number_of (cases[i].text);

      ck_assert_msg (memcmp (&value, &cases[i].value, sizeof value) == 0, "%s is read as %.17g",
                     cases[i].text, value);
    }
  ck_assert (isnan (number_of ("NaN")));
}
END_TEST

START_TEST (whole_numbers_are_read_exactly_or_refused)
{
  g_autoptr (ShsDocumentReader) good = reader_of ("[9007199254740992,-9007199254740992,3.0,1E2]");
  const char *bad[] = { "[9007199254740994]", "[0.5]", "[NaN]", "[-Infinity]", "[1e300]" };

  shs_document_reader_begin_array (good);
  shs_document_reader_next_element (good);
  ck_assert_int_eq (shs_document_reader_read_integer (good), 9007199254740992);
  shs_document_reader_next_element (good);
  ck_assert_int_eq (shs_document_reader_read_integer (good), -9007199254740992);
  shs_document_reader_next_element (good);
  ck_assert_int_eq (shs_document_reader_read_integer (good), 3);
  shs_document_reader_next_element (good);
  ck_assert_int_eq (shs_document_reader_read_integer (good), 100);
  ck_assert (shs_document_reader_check (good, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (ShsDocumentReader) reader = reader_of (bad[i]);
      g_autoptr (GError) error = NULL;

      shs_document_reader_begin_array (reader);
      shs_document_reader_next_element (reader);
      ck_assert_int_eq (shs_document_reader_read_integer (reader), 0);
      ck_assert (!shs_document_reader_check (reader, &error));
      shs_test_assert_error (error, SHS_ERROR_INVALID);
    }
}
END_TEST

START_TEST (escapes_become_utf8)
{
  g_autoptr (ShsDocumentReader) reader
      = reader_of ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00é\"");

  ck_assert_str_eq (shs_document_reader_read_string (reader), "\"\\/\b\f\n\r\té€😀é");
}
END_TEST

START_TEST (malformed_texts_are_refused)
{
  assert_fails ("\"\\x\"", SHS_ERROR_SYNTAX, "column 2");
  assert_fails ("\"\\u12\"", SHS_ERROR_SYNTAX, "escape");
  assert_fails ("\"\\u12g4\"", SHS_ERROR_SYNTAX, "escape");
  assert_fails ("\"\\u0000\"", SHS_ERROR_SYNTAX, "escape");
  assert_fails ("\"\\ud83d\"", SHS_ERROR_SYNTAX, "escape");
  assert_fails ("\"\\ud83dabcdef\"", SHS_ERROR_SYNTAX, "escape");
  assert_fails ("\"\\ud83d\\u0041\"", SHS_ERROR_SYNTAX, "escape");
  assert_fails ("\"\\ude00\"", SHS_ERROR_SYNTAX, "escape");
  assert_fails ("\"a\nb\"", SHS_ERROR_SYNTAX, "closing quote");
  assert_fails ("\"abc", SHS_ERROR_SYNTAX, "cut short");
  assert_fails ("\"abc\\", SHS_ERROR_SYNTAX, "cut short");
  assert_fails ("\"\xff\"", SHS_ERROR_SYNTAX, "UTF-8");
  assert_fails ("\"\xc0\xaf\"", SHS_ERROR_SYNTAX, "UTF-8");
  assert_fails ("\"\xed\xa0\x80\"", SHS_ERROR_SYNTAX, "UTF-8");
  assert_fails ("{\"\xff\":1}", SHS_ERROR_SYNTAX, "UTF-8");
}
END_TEST

START_TEST (malformed_documents_are_refused_with_their_place)
{
  assert_fails ("", SHS_ERROR_SYNTAX, "line 1, column 1: the file ends too early");
  assert_fails ("[1,]", SHS_ERROR_SYNTAX, "line 1, column 4, at [1]: expected a value");
  assert_fails ("[\n 1,\n é 2]", SHS_ERROR_SYNTAX, "line 3, column 2");
  assert_fails ("[1 2]", SHS_ERROR_SYNTAX, "expected \",\" or \"]\" and found \"2\"");
  assert_fails ("{\"a\":1,}", SHS_ERROR_SYNTAX, "a name in quotes");
  assert_fails ("{\"a\" 1}", SHS_ERROR_SYNTAX, "expected \":\"");
  assert_fails ("{\"a\":1 \"b\":2}", SHS_ERROR_SYNTAX, "expected \",\" or \"}\"");
  assert_fails ("{a:1}", SHS_ERROR_SYNTAX, "a name in quotes and found \"a\"");
  assert_fails ("{\"a\":{\"b\":[0,{\"c\":tru}]}}", SHS_ERROR_SYNTAX,
                "at a.b[1].c: expected the word true");
  assert_fails ("[1]\n[2]", SHS_ERROR_SYNTAX, "line 2, column 1: something follows");
  assert_fails ("[\x01]", SHS_ERROR_SYNTAX, "the byte 0x01");
  assert_fails ("{\"a\"", SHS_ERROR_SYNTAX, "cut short");
  assert_fails ("nul", SHS_ERROR_SYNTAX, "the word null");
}
END_TEST

START_TEST (misspelled_numbers_are_refused)
{
  const char *const texts[] = { "01", "-",   "+1",  ".5",  "1.",   "1.e3", "1e",   "1e+",
                                "-a", "--1", "Nan", "Inf", "-NaN", "0x1",  "1.5.5" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *array = g_strdup_printf ("[%s]", texts[i]);
      g_autofree char *pair = g_strdup_printf ("[7,%s, 8]", texts[i]);

      assert_fails (texts[i], SHS_ERROR_SYNTAX, "test.json, line 1");
      assert_fails (array, SHS_ERROR_SYNTAX, "test.json, line 1");
      assert_fails (pair, SHS_ERROR_SYNTAX, "test.json, line 1");
    }
}
END_TEST

START_TEST (a_wrong_type_says_what_was_expected_and_found)
{
  g_autoptr (ShsDocumentReader) reader = reader_of ("{\"a\":[{}, \"x\"]}");
  g_autoptr (GError) error = NULL;

  shs_document_reader_begin_object (reader);
  shs_document_reader_next_key (reader);
  shs_document_reader_begin_array (reader);
  shs_document_reader_next_element (reader);
  shs_document_reader_skip (reader);
  shs_document_reader_next_element (reader);
  ck_assert_double_eq (shs_document_reader_read_number (reader), 0);
  ck_assert (!shs_document_reader_check (reader, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_str_eq (error->message, "test.json, line 1, column 11, at a[1]: expected a number and "
                                    "found a text");
}
END_TEST

START_TEST (the_first_failure_sticks)
{
  g_autoptr (ShsDocumentReader) reader = reader_of ("{\"a\":1}");
  g_autoptr (GError) error = NULL;
  gsize count = 9;

  shs_document_reader_begin_object (reader);
  shs_document_reader_next_key (reader);
  shs_document_reader_fail (reader, SHS_ERROR_UNSUPPORTED, "version %d", 7);
  shs_document_reader_fail (reader, SHS_ERROR_INVALID, "second");
  ck_assert_int_eq (shs_document_reader_peek (reader), SHS_DOCUMENT_FAILED);
  ck_assert_ptr_null (shs_document_reader_next_key (reader));
  ck_assert (!shs_document_reader_next_element (reader));
  ck_assert (!shs_document_reader_begin_object (reader));
  ck_assert (!shs_document_reader_begin_array (reader));
  ck_assert_ptr_null (shs_document_reader_read_string (reader));
  ck_assert_ptr_null (shs_document_reader_read_doubles (reader, &count));
  ck_assert_uint_eq (count, 0);
  ck_assert_ptr_null (shs_document_reader_read_strings (reader, &count));
  ck_assert (!shs_document_reader_read_boolean (reader));
  ck_assert_int_eq (shs_document_reader_read_integer (reader), 0);
  shs_document_reader_read_null (reader);
  shs_document_reader_skip (reader);
  ck_assert (!shs_document_reader_finish (reader, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_str_eq (error->message, "test.json, line 1, column 2, at a: version 7");
}
END_TEST

START_TEST (arrays_of_numbers_are_read_at_once)
{
  g_autoptr (ShsDocumentReader) reader
      = reader_of ("[[1, -2.5 ,\n3e2,NaN,true,false,null,Infinity], [], [0.1,16777217,1e-45,-0.0,"
                   "1.00000005960464477540], [1,-1,3.0,2147483647,4294967295,-2147483648,true,1E2],"
                   "[\"a\",\"\"]]");
  gsize count;

  shs_document_reader_begin_array (reader);
  shs_document_reader_next_element (reader);
  SHS_AUTOFREE double *doubles = shs_document_reader_read_doubles (reader, &count);
  ck_assert_uint_eq (count, 8);
  ck_assert (doubles[0] == 1 && doubles[1] == -2.5 && doubles[2] == 300 && isnan (doubles[3]));
  ck_assert (doubles[4] == 1 && doubles[5] == 0 && isnan (doubles[6]) && isinf (doubles[7]));
  shs_document_reader_next_element (reader);
  SHS_AUTOFREE double *none = shs_document_reader_read_doubles (reader, &count);
  ck_assert_uint_eq (count, 0);
  ck_assert_ptr_nonnull (none);
  shs_document_reader_next_element (reader);
  SHS_AUTOFREE float *floats = shs_document_reader_read_floats (reader, &count);
  ck_assert_uint_eq (count, 5);
  ck_assert (floats[0] == 0.1f && floats[1] == 16777217.0f && floats[2] == 0x1p-149f);
  ck_assert (floats[3] == 0 && signbit (floats[3]));
  ck_assert_msg (floats[4] == 0x1.000002p0f, "rounded twice: %a", floats[4]);
  shs_document_reader_next_element (reader);
  SHS_AUTOFREE gint32 *integers = shs_document_reader_read_integers (reader, &count);
  ck_assert_uint_eq (count, 8);
  ck_assert (integers[0] == 1 && integers[1] == -1 && integers[2] == 3);
  ck_assert (integers[3] == G_MAXINT32 && integers[4] == -1 && integers[5] == G_MININT32);
  ck_assert (integers[6] == 1 && integers[7] == 100);
  shs_document_reader_next_element (reader);
  g_auto (GStrv) strings = shs_document_reader_read_strings (reader, &count);
  ck_assert_uint_eq (count, 2);
  ck_assert_str_eq (strings[0], "a");
  ck_assert_str_eq (strings[1], "");
  ck_assert_ptr_null (strings[2]);
  ck_assert (!shs_document_reader_next_element (reader));
  ck_assert (shs_document_reader_finish (reader, NULL));
}
END_TEST

START_TEST (arrays_longer_than_the_first_room_are_whole)
{
  g_autoptr (GString) text = g_string_new ("[");
  gsize count;

  for (int i = 0; i < 100000; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", i % 1000 == 7 ? "NaN" : "0.25");
  g_string_append_c (text, ']');
  g_autoptr (ShsDocumentReader) reader = reader_of (text->str);
  SHS_AUTOFREE float *floats = shs_document_reader_read_floats (reader, &count);
  ck_assert_uint_eq (count, 100000);
  for (int i = 0; i < 100000; i++)
    ck_assert (i % 1000 == 7 ? isnan (floats[i]) : floats[i] == 0.25f);
}
END_TEST

START_TEST (an_array_of_other_things_is_refused_where_they_stand)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "[1,2,\"x\"]", "at [2]: expected an array of numbers" },
    { "[1,[2]]", "at [1]: expected an array of numbers" },
    { "[1,2", "cut short" },
    { "[1,0.5]", "at [1]: expected a whole number" },
    { "[4294967296]", "at [0]: expected a whole number" },
    { "[-2147483649]", "at [0]: expected a whole number" },
    { "[null]", "at [0]: expected a whole number" },
    { "{}", "expected an array and found an object" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ShsDocumentReader) reader = reader_of (cases[i].text);
      g_autoptr (GError) error = NULL;
      gsize count;

      ck_assert_ptr_null (shs_document_reader_read_integers (reader, &count));
      ck_assert (!shs_document_reader_check (reader, &error));
      ck_assert_msg (strstr (error->message, cases[i].message) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (skip_passes_over_anything)
{
  g_autoptr (ShsDocumentReader) reader = reader_of (
      "[{\"a\":[1,2.5,NaN,[true,null,\"x\"],3],\"b\":{\"c\":{}}},[],[7,8],-Infinity,1]");

  shs_document_reader_begin_array (reader);
  for (int i = 0; i < 4; i++)
    {
      ck_assert (shs_document_reader_next_element (reader));
      shs_document_reader_skip (reader);
    }
  ck_assert (shs_document_reader_next_element (reader));
  ck_assert_int_eq (shs_document_reader_read_integer (reader), 1);
  ck_assert (!shs_document_reader_next_element (reader));
  ck_assert (shs_document_reader_finish (reader, NULL));
}
END_TEST

START_TEST (nesting_has_a_limit)
{
  gsize n = 200000;
  g_autofree char *bomb = g_malloc (n + 1);
  char fits[2 * SHS_DOCUMENT_MAX_DEPTH + 1];

  memset (bomb, '[', n);
  bomb[n] = '\0';
  assert_fails (bomb, SHS_ERROR_INVALID, "nested deeper");
  memset (fits, '[', SHS_DOCUMENT_MAX_DEPTH);
  memset (fits + SHS_DOCUMENT_MAX_DEPTH, ']', SHS_DOCUMENT_MAX_DEPTH);
  fits[2 * SHS_DOCUMENT_MAX_DEPTH] = '\0';
  g_autoptr (ShsDocumentReader) reader = reader_of (fits);
  shs_document_reader_skip (reader);
  ck_assert (shs_document_reader_finish (reader, NULL));
}
END_TEST

START_TEST (a_byte_order_mark_is_passed)
{
  g_autoptr (ShsDocumentReader) reader = reader_of ("\xef\xbb\xbf{}");

  shs_document_reader_skip (reader);
  ck_assert (shs_document_reader_finish (reader, NULL));
  ck_assert_uint_eq (shs_document_reader_get_offset (reader), 5);
}
END_TEST

START_TEST (a_message_stays_one_line_of_reasonable_length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 200; i++)
    g_string_append_printf (text, "{\"%0500d\":", i);
  g_autoptr (ShsDocumentReader) reader = reader_of (text->str);
  g_autoptr (GError) error = NULL;
  shs_document_reader_skip (reader);
  ck_assert (!shs_document_reader_finish (reader, &error));
  ck_assert_uint_lt (strlen (error->message), 2000);
}
END_TEST

/* Its inner arrays stand in the order in which the walk takes them: doubles, floats, integers,
 * texts. */
static const char sample[]
    = "{\"learner\":{\"x\":[1.5,NaN,-2E-3],\"y\":[1e-3,true],\"left\":[1,-1,-1],"
      "\"names\":[\"a\\u00e9\",\"b\"],\"on\":true,\"none\":null,\"param\":{\"n\":\"3\"}},"
      "\"v\":3}";

START_TEST (truncated_documents_are_refused)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (sample, sizeof sample - 1);
  gboolean is_json = TRUE;

  ck_assert (test_document_walk (bytes, is_json));
  for (gsize i = 0; i < sizeof sample - 1; i++)
    {
      g_autoptr (GBytes) prefix = g_bytes_new (sample, i);

      ck_assert_msg (!test_document_walk (prefix, is_json), "%zu bytes pass", i);
    }
}
END_TEST

START_TEST (mutants_are_read_or_refused)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (sample, sizeof sample - 1);
  gboolean is_json = TRUE;

  shs_test_mutate (bytes, 20000, 1, test_document_mutant, &is_json);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (sample, sizeof sample - 1);

  ck_assert_uint_gt (test_document_fail_allocations (bytes, TRUE), 3);
}
END_TEST

START_TEST (a_document_that_is_a_number_needs_a_copy)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("12", 2);
  g_autoptr (GError) error = NULL;

  shs_alloc_fail_at (1);
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new_json ("n.json", bytes);
  shs_alloc_fail_at (0);
  ck_assert (!shs_document_reader_check (reader, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
}
END_TEST

Suite *
json_reader_suite (void)
{
  Suite *suite = suite_create ("json-reader");
  TCase *cases = tcase_create ("json-reader");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, an_object_is_read_key_by_key);
  tcase_add_test (cases, repeated_keys_are_passed_through);
  tcase_add_test (cases, numbers_are_the_nearest_double);
  tcase_add_test (cases, whole_numbers_are_read_exactly_or_refused);
  tcase_add_test (cases, escapes_become_utf8);
  tcase_add_test (cases, malformed_texts_are_refused);
  tcase_add_test (cases, malformed_documents_are_refused_with_their_place);
  tcase_add_test (cases, misspelled_numbers_are_refused);
  tcase_add_test (cases, a_wrong_type_says_what_was_expected_and_found);
  tcase_add_test (cases, the_first_failure_sticks);
  tcase_add_test (cases, arrays_of_numbers_are_read_at_once);
  tcase_add_test (cases, arrays_longer_than_the_first_room_are_whole);
  tcase_add_test (cases, an_array_of_other_things_is_refused_where_they_stand);
  tcase_add_test (cases, skip_passes_over_anything);
  tcase_add_test (cases, nesting_has_a_limit);
  tcase_add_test (cases, a_byte_order_mark_is_passed);
  tcase_add_test (cases, a_message_stays_one_line_of_reasonable_length);
  tcase_add_test (cases, truncated_documents_are_refused);
  tcase_add_test (cases, mutants_are_read_or_refused);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  tcase_add_test (cases, a_document_that_is_a_number_needs_a_copy);
  suite_add_tcase (suite, cases);
  return suite;
}
