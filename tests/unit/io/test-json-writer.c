#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader.h"
#include "io/json/shs-json-writer.h"

#include <float.h>
#include <math.h>
#include <string.h>

Suite *json_writer_suite (void);

static void
write_sample (ShsJsonWriter *writer)
{
  shs_json_writer_begin_object (writer);
  shs_json_writer_key (writer, "a");
  shs_json_writer_begin_array (writer);
  shs_json_writer_integer (writer, 1);
  shs_json_writer_boolean (writer, TRUE);
  shs_json_writer_boolean (writer, FALSE);
  shs_json_writer_null (writer);
  shs_json_writer_string (writer, NULL);
  shs_json_writer_end_array (writer);
  shs_json_writer_key (writer, "b");
  shs_json_writer_begin_array (writer);
  shs_json_writer_begin_object (writer);
  shs_json_writer_end_object (writer);
  shs_json_writer_begin_array (writer);
  shs_json_writer_end_array (writer);
  shs_json_writer_end_array (writer);
  shs_json_writer_key (writer, "c");
  shs_json_writer_string (writer, "x");
  shs_json_writer_end_object (writer);
}

START_TEST (without_indentation_all_stands_on_one_line)
{
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (0);

  write_sample (writer);
  ck_assert_str_eq (shs_json_writer_get_text (writer),
                    "{\"a\":[1,true,false,null,null],\"b\":[{},[]],\"c\":\"x\"}");
}
END_TEST

START_TEST (with_indentation_only_containers_break_lines)
{
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (2);

  write_sample (writer);
  ck_assert_str_eq (shs_json_writer_get_text (writer), "{\n"
                                                       "  \"a\": [1, true, false, null, null],\n"
                                                       "  \"b\": [\n"
                                                       "    {},\n"
                                                       "    []\n"
                                                       "  ],\n"
                                                       "  \"c\": \"x\"\n"
                                                       "}");
}
END_TEST

START_TEST (texts_are_escaped_and_made_valid)
{
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (0);

  shs_json_writer_string (writer, "\"\\/\n\r\t\b\f\x01\x1f é😀\x7f\xff");
  ck_assert_str_eq (shs_json_writer_get_text (writer),
                    "\"\\\"\\\\/\\n\\r\\t\\b\\f\\u0001\\u001f é😀\x7f\xef\xbf\xbd\"");
}
END_TEST

START_TEST (numbers_are_the_shortest_that_read_back)
{
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (0);

  shs_json_writer_begin_array (writer);
  shs_json_writer_double (writer, 0.1);
  shs_json_writer_double (writer, -0.0);
  shs_json_writer_double (writer, 1e300);
  shs_json_writer_float (writer, 0.1f);
  shs_json_writer_integer (writer, G_MININT64);
  shs_json_writer_double (writer, NAN);
  shs_json_writer_float (writer, -INFINITY);
  shs_json_writer_end_array (writer);
  ck_assert_str_eq (shs_json_writer_get_text (writer),
                    "[0.1,-0,1e+300,0.1,-9223372036854775808,null,null]");
}
END_TEST

START_TEST (bare_words_stand_for_special_numbers_where_allowed)
{
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (0);

  shs_json_writer_set_bare_nan (writer, TRUE);
  shs_json_writer_begin_array (writer);
  shs_json_writer_double (writer, NAN);
  shs_json_writer_double (writer, INFINITY);
  shs_json_writer_double (writer, -INFINITY);
  shs_json_writer_end_array (writer);
  ck_assert_str_eq (shs_json_writer_get_text (writer), "[NaN,Infinity,-Infinity]");
}
END_TEST

START_TEST (the_reader_gives_back_what_was_written)
{
  static const double numbers[]
      = { 0.1, 1.0 / 3, DBL_MAX, DBL_MIN, 5e-324, -2.1070242e-2, 1e22, 1e23, 9007199254740993.0 };
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (2);
  gsize count;

  shs_json_writer_begin_array (writer);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    shs_json_writer_double (writer, numbers[i]);
  shs_json_writer_end_array (writer);
  g_autofree char *text = shs_json_writer_take_text (writer);
  ck_assert_str_eq (shs_json_writer_get_text (writer), "");
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new ("test", bytes);
  double *back = shs_document_reader_read_doubles (reader, &count);
  ck_assert_uint_eq (count, G_N_ELEMENTS (numbers));
  ck_assert_mem_eq (back, numbers, sizeof numbers);
  shs_free (back);
}
END_TEST

START_TEST (a_long_document_goes_to_the_file_in_pieces)
{
  g_autofree char *path = shs_test_temporary ("long.json");
  g_autoptr (ShsFileWriter) file = shs_file_writer_new (path, NULL);
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new_for_file (file, 0);
  gsize largest = 0;
  gsize count;

  shs_json_writer_begin_array (writer);
  for (int i = 0; i < 100000; i++)
    {
      shs_json_writer_double (writer, i + 0.5);
      largest = MAX (largest, strlen (shs_json_writer_get_text (writer)));
      if (largest > 70000)
        break;
    }
  shs_json_writer_end_array (writer);
  ck_assert_uint_lt (largest, 70000);
  ck_assert (shs_json_writer_flush (writer, NULL));
  ck_assert (shs_file_writer_commit (file, NULL));
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new ("test", bytes);
  double *back = shs_document_reader_read_doubles (reader, &count);
  ck_assert_uint_eq (count, 100000);
  ck_assert_double_eq (back[99999], 99999.5);
  shs_free (back);
}
END_TEST

START_TEST (a_full_disk_is_told_at_the_end)
{
  g_autoptr (ShsFileWriter) file = shs_file_writer_new ("/dev/full", NULL);
  g_autoptr (ShsJsonWriter) writer = shs_json_writer_new_for_file (file, 0);
  g_autoptr (GError) error = NULL;

  shs_json_writer_begin_array (writer);
  for (int i = 0; i < 60000; i++)
    shs_json_writer_integer (writer, i);
  shs_json_writer_end_array (writer);
  ck_assert (!shs_json_writer_flush (writer, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
}
END_TEST

Suite *
json_writer_suite (void)
{
  Suite *suite = suite_create ("json-writer");
  TCase *cases = tcase_create ("json-writer");

  tcase_add_test (cases, without_indentation_all_stands_on_one_line);
  tcase_add_test (cases, with_indentation_only_containers_break_lines);
  tcase_add_test (cases, texts_are_escaped_and_made_valid);
  tcase_add_test (cases, numbers_are_the_shortest_that_read_back);
  tcase_add_test (cases, bare_words_stand_for_special_numbers_where_allowed);
  tcase_add_test (cases, the_reader_gives_back_what_was_written);
  tcase_add_test (cases, a_long_document_goes_to_the_file_in_pieces);
  tcase_add_test (cases, a_full_disk_is_told_at_the_end);
  suite_add_tcase (suite, cases);
  return suite;
}
