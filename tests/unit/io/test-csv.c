#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-missing.h"
#include "io/csv/shs-csv.h"

#include <math.h>
#include <string.h>

Suite *csv_suite (void);

static ShsDataset *
parse_bytes (const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GError) error = NULL;
  ShsDataset *table = shs_csv_parse ("folder/table.csv", bytes, NULL, 1, NULL, &error);

  shs_test_assert_no_error (error);
  ck_assert_ptr_nonnull (table);
  return table;
}

static ShsDataset *
parse (const char *text)
{
  return parse_bytes (text, strlen (text));
}

static double
get (ShsDataset *table, gsize row, gsize column)
{
  double value = 0;
  ShsMatrix block = { 1, 1, 1, &value };
  g_autoptr (GError) error = NULL;

  shs_dataset_read (table, 0, row, &column, &block, &error);
  shs_test_assert_no_error (error);
  return value;
}

/* One line for a whole table: "name:value,value|name:..." with missing values as "_". */
static char *
describe (ShsDataset *table)
{
  const ShsInput *input = shs_dataset_get_table (table);
  GString *out = g_string_new (NULL);

  for (gsize j = 0; j < input->n_columns; j++)
    {
      g_string_append_printf (out, "%s%s%s", j > 0 ? "|" : "", input->columns[j].name,
                              input->columns[j].type == SHS_COLUMN_CATEGORY ? "$" : ":");
      for (gsize i = 0; i < shs_dataset_get_n_rows (table); i++)
        {
          double value = get (table, i, j);

          g_string_append (out, i > 0 ? "," : "");
          if (isnan (value))
            g_string_append_c (out, '_');
          else if (input->columns[j].type == SHS_COLUMN_CATEGORY)
            g_string_append (out, input->columns[j].categories[(gsize)value]);
          else
            g_string_append_printf (out, "%.15g", value);
        }
    }
  return g_string_free (out, FALSE);
}

static void
assert_bytes_read_as (const char *text, gsize length, const char *expected)
{
  g_autoptr (ShsDataset) table = parse_bytes (text, length);
  g_autofree char *found = describe (table);

  ck_assert_msg (strcmp (found, expected) == 0, "\"%s\"\n  gave %s\n  not  %s", text, found,
                 expected);
}

static void
assert_reads_as (const char *text, const char *expected)
{
  assert_bytes_read_as (text, strlen (text), expected);
}

static void
assert_refused (const char *text, gsize length, int code, const char *says)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) table = shs_csv_parse ("folder/table.csv", bytes, NULL, 1, NULL, &error);

  ck_assert_msg (table == NULL, "\"%s\" was read", text);
  shs_test_assert_error (error, code);
  ck_assert_msg (g_str_has_prefix (error->message, "folder/table.csv: "), "%s", error->message);
  ck_assert_msg (strstr (error->message, says) != NULL, "'%s' not in: %s", says, error->message);
}

START_TEST (numbers_are_doubles)
{
  g_autoptr (ShsDataset) table = parse ("a,b\n1,-2.5e3\n0.1,7\n");

  assert_reads_as ("a,b\n1,-2.5e3\n0.1,7\n", "a:1,0.1|b:-2500,7");
  ck_assert_str_eq (shs_dataset_get_name (table), "table.csv");
  ck_assert_double_eq (get (table, 1, 0), 0.1);
}
END_TEST

START_TEST (texts_dates_and_answers_become_categories_in_order_of_appearance)
{
  assert_reads_as ("city,day,member,n\nUlm,2024-05-01,yes,1\nBonn,2024-05-02,no,2\n"
                   "Ulm,2024-05-01,yes,3\n",
                   "city$Ulm,Bonn,Ulm|day$2024-05-01,2024-05-02,2024-05-01|member$yes,no,yes|"
                   "n:1,2,3");
  assert_reads_as ("a,b\ntrue,1\nfalse,2\n", "a$true,false|b:1,2");
}
END_TEST

START_TEST (integer_codes_stay_numbers)
{
  assert_reads_as ("zip,y\n01234,1\n99999,0\n", "zip:1234,99999|y:1,0");
}
END_TEST

START_TEST (missing_values_have_many_spellings)
{
  assert_reads_as ("a,b,c\n1,x,5\nNA,,?\nN/A,None,-\nnan,NULL,#N/A\n2,y,6\n",
                   "a:1,_,_,_,2|b$x,_,_,_,y|c:5,_,_,_,6");
  assert_reads_as ("a,b\n1,\n2,\n", "a:1,2|b:_,_");
  assert_reads_as ("a,b\ninf,1\n-Infinity,2\n", "a:inf,-inf|b:1,2");
}
END_TEST

/* How the missing values of a column are spelled, "." where that is not known. */
static char *
spell_missing (ShsDataset *table, gsize column)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < shs_dataset_get_n_rows (table); i++)
    {
      double value = get (table, i, column);
      g_autofree char *text = shs_missing_to_text (shs_missing_get_spelling (value));

      ck_assert (isnan (value) || text == NULL);
      g_string_append_printf (out, "[%s]", text != NULL ? text : ".");
    }
  return g_string_free (out, FALSE);
}

START_TEST (missing_values_remember_their_spelling)
{
  g_autoptr (ShsDataset) table
      = parse ("n,t\n1,x\n?,NA\n,\n \"none\", ?\nnan,  -\n2,NULL \nNAn,n/a\n");
  g_autofree char *numbers = spell_missing (table, 0);
  g_autofree char *texts = spell_missing (table, 1);

  ck_assert_str_eq (numbers, "[.][?][][none][nan][.][.]");
  ck_assert_str_eq (texts, "[.][NA][][ ?][  -][NULL][n/a]");
  ck_assert (isnan (get (table, 6, 0)));
}
END_TEST

START_TEST (numbers_with_a_sign_or_zeros_too_many_keep_their_texts)
{
  g_autoptr (ShsDataset) table
      = parse ("zip,n,age\n01067,1,0.5\n80331,\"+7\",0\n?,2,30\n-01,,1\n01067,3,2\n");
  const ShsColumn *columns = shs_dataset_get_table (table)->columns;
  double codes[5], more[5];
  g_autoptr (GError) error = NULL;

  ck_assert_int_eq (columns[0].type, SHS_COLUMN_NUMBER);
  ck_assert_uint_eq (columns[0].n_spellings, 3);
  ck_assert_uint_eq (columns[1].n_spellings, 4);
  ck_assert_uint_eq (columns[2].n_spellings, 0);
  ck_assert_double_eq (get (table, 0, 0), 1067);
  ck_assert_double_eq (get (table, 3, 0), -1);
  ck_assert (shs_dataset_read_spellings (table, 0, 0, 5, codes, &error));
  ck_assert (shs_dataset_read_spellings (table, 1, 1, 1, more, &error));
  shs_test_assert_no_error (error);
  ck_assert_str_eq (columns[0].spellings[(gsize)codes[0]], "01067");
  ck_assert_double_eq (codes[0], codes[4]);
  ck_assert_str_eq (columns[0].spellings[(gsize)codes[1]], "80331");
  ck_assert (isnan (codes[2]));
  ck_assert_str_eq (columns[1].spellings[(gsize)more[0]], "+7");
  ck_assert (!shs_dataset_read_spellings (table, 0, 4, 2, codes, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

/* As pandas reads them, from whom CatBoost takes the text of the number. */
START_TEST (digits_behind_the_point_and_blanks_are_no_texts)
{
  g_autoptr (ShsDataset) table = parse ("a,b,c\n1.50, 7,1e3\n2.0,7 ,0\n");
  const ShsColumn *columns = shs_dataset_get_table (table)->columns;

  for (gsize j = 0; j < 3; j++)
    {
      ck_assert_int_eq (columns[j].type, SHS_COLUMN_NUMBER);
      ck_assert_uint_eq (columns[j].n_spellings, 0);
    }
  ck_assert_double_eq (get (table, 0, 0), 1.5);
  ck_assert_double_eq (get (table, 0, 1), 7);
}
END_TEST

START_TEST (quotes_hold_delimiters_line_ends_and_quotes)
{
  assert_reads_as ("a,b\n\"x, y\",1\n\"two\nlines\",2\n\"say \"\"hi\"\"\",3\n",
                   "a$x, y,two\nlines,say \"hi\"|b:1,2,3");
  assert_reads_as ("\"a,1\",\"b\"\n\"1.5\",\"2\"\n\"3\",\"\"\n", "a,1:1.5,3|b:2,_");
  assert_reads_as ("a,b\n5\" pipe,1\n6\" pipe,2\n", "a$5\" pipe,6\" pipe|b:1,2");
  assert_reads_as (" a , b\n x , 1 \n\" x \" , 2\n ? ,3\n", "a$ x , x ,_|b:1,2,3");
  assert_reads_as ("a,b\n\"q\"\"q\",1\nq\"q,2\n", "a$q\"q,q\"q|b:1,2");
}
END_TEST

START_TEST (one_text_is_one_category_however_it_is_written)
{
  g_autoptr (ShsDataset) table = parse ("a,b\n\"q\"\"q\",1\nq\"q,2\n\"plain\",3\nplain,4\n");

  ck_assert_uint_eq (shs_dataset_get_table (table)->columns[0].n_categories, 2);
}
END_TEST

START_TEST (line_ends_of_every_system_are_read)
{
  assert_reads_as ("a,b\r\n1,x\r\n2,y\r\n", "a:1,2|b$x,y");
  assert_reads_as ("a,b\r1,x\r2,y\r", "a:1,2|b$x,y");
  assert_reads_as ("a,b\n1,x\n2,y", "a:1,2|b$x,y");
  assert_reads_as ("a,b\r\n\"1\",\"x\"\r\n2,3\r\n", "a:1,2|b$x,3");
  assert_reads_as ("\n\na,b\n\n1,2\n  \n3,4\n\n\n", "a:1,3|b:2,4");
}
END_TEST

START_TEST (delimiters_are_found_out)
{
  assert_reads_as ("a;b;c\n1;2;3\n", "a:1|b:2|c:3");
  assert_reads_as ("a\tb\tc\n1\t\t3\n\t2\t\n", "a:1,_|b:_,2|c:3,_");
  assert_reads_as ("a|b\n1|x y\n2|z, w\n", "a:1,2|b$x y,z, w");
  assert_reads_as ("a b   c\n 1  2 3 \n4 5 6\n", "a:1,4|b:2,5|c:3,6");
  assert_reads_as ("name;city\n\"Smith, J\";Ulm\nJones, K;Bonn\n",
                   "name$Smith, J,Jones, K|city$Ulm,Bonn");
  assert_reads_as ("value\n1\n2\n", "value:1,2");
  assert_reads_as ("city\nNew York\nLos Angeles\n", "city$New York,Los Angeles");
  assert_reads_as ("when,n\n2020-01-01 10:00:00,5\n2020-01-02 11:30:00,6\n",
                   "when$2020-01-01 10:00:00,2020-01-02 11:30:00|n:5,6");
}
END_TEST

START_TEST (a_decimal_comma_is_found_out)
{
  assert_reads_as ("a;b\n1,5;2\n-0,25;3,125\n", "a:1.5,-0.25|b:2,3.125");
  assert_reads_as ("a\tb\n1,5e2\t2\n3\t4\n", "a:150,3|b:2,4");
  assert_reads_as ("1,5;2,5\n3,5;4,5\n", "column 1:1.5,3.5|column 2:2.5,4.5");
}
END_TEST

START_TEST (marks_of_thousands_are_not_guessed)
{
  assert_reads_as ("a;b\n1,234;x\n5,678;y\n", "a$1,234,5,678|b$x,y");
  assert_reads_as ("a;b\n1.234,5;1\n2.345,5;2\n", "a$1.234,5,2.345,5|b:1,2");
}
END_TEST

START_TEST (a_header_is_found_out)
{
  assert_reads_as ("1,2\n3,4\n", "column 1:1,3|column 2:2,4");
  assert_reads_as ("x,22,S\ny,38,C\n", "column 1$x,y|column 2:22,38|column 3$S,C");
  assert_reads_as ("age,2019,2020\n1,2,3\n4,5,6\n", "age:1,4|2019:2,5|2020:3,6");
  assert_reads_as ("0,1,2\n0.5,0.25,7\n", "0:0.5|1:0.25|2:7");
  assert_reads_as ("name,city\nA,B\n", "name$A|city$B");
  assert_reads_as (",a,a,\n0,1,2,3\n", "Unnamed: 0:0|a:1|a (2):2|column 4:3");
}
END_TEST

START_TEST (row_names_without_a_header_get_one)
{
  assert_reads_as ("\"mpg\",\"cyl\"\n\"Mazda\",21,6\n\"Fiat\",30,4\n",
                   "Unnamed: 0$Mazda,Fiat|mpg:21,30|cyl:6,4");
  assert_reads_as ("a,b\n1,2,\n3,4,\n", "a:1,3|b:2,4|column 3:_,_");
}
END_TEST

START_TEST (a_first_column_without_a_name_whose_values_differ_is_the_row_index)
{
  static const struct
  {
    const char *text;
    gssize column;
  } cases[] = {
    { ",a\n0,1\n1,2\n", 0 },           { ",a\n7,1\n3,2\n5,2\n", 0 }, { ",a\nx,1\ny,2\n", 0 },
    { "Unnamed: 0,a\n0,1\n1,2\n", 0 }, { "a,b\nx,1,2\ny,3,4\n", 0 }, { ",a\n7,1\n3,2\n7,2\n", -1 },
    { ",a\nx,1\nx,2\n", -1 },          { ",a\n0,1\n,2\n", -1 },      { ",a\nx,1\n,2\n", -1 },
    { "id,a\n0,1\n1,2\n", -1 },        { "1,2\n3,4\n", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ShsDataset) table = parse (cases[i].text);

      ck_assert_msg (shs_dataset_get_row_name_column (table) == cases[i].column, "%s",
                     cases[i].text);
      ck_assert (shs_dataset_has_column_names (table) == (cases[i].text[0] != '1'));
    }
}
END_TEST

START_TEST (options_overrule_what_is_found)
{
  const ShsCsvOptions options = { .delimiter = ';', .decimal_mark = ',', .header = -1 };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("1,234;x\n5,678;y\n", 16);
  g_autoptr (ShsDataset) table = shs_csv_parse ("t", bytes, &options, 1, NULL, NULL);
  g_autofree char *found = describe (table);

  ck_assert_str_eq (found, "column 1:1.234,5.678|column 2$x,y");
}
END_TEST

START_TEST (impossible_options_are_refused)
{
  const ShsCsvOptions wrong[] = { { .delimiter = 'x' },
                                  { .decimal_mark = ';' },
                                  { .delimiter = ',', .decimal_mark = ',' } };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a,b\n1,2\n", 8);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_csv_parse ("t", bytes, &wrong[i], 1, NULL, &error));
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
    }
}
END_TEST

START_TEST (every_encoding_becomes_utf_8)
{
  static const char utf16_le[] = "\xff\xfe"
                                 "a\0,\0b\0\n\0\xe9\0,\0"
                                 "1\0\n\0=\xd8\0\xde,\0"
                                 "2\0\n";
  static const char utf16_be[] = "\xfe\xff\0a\0,\0b\0\n\0\xe9\0,\0"
                                 "1\0\n";

  assert_reads_as ("\xef\xbb\xbf"
                   "a,b\né,1\n",
                   "a$é|b:1");
  assert_bytes_read_as (utf16_le, sizeof utf16_le, "a$é,😀|b:1,2");
  assert_bytes_read_as (utf16_be, sizeof utf16_be - 1, "a$é|b:1");
  assert_reads_as ("gr\xf6\xdf"
                   "e,b\n\xe9\x80,1\n",
                   "größe$é€|b:1");
}
END_TEST

START_TEST (a_late_text_turns_the_column_into_text)
{
  GString *text = g_string_new ("a,b,c\n");
  g_autoptr (ShsDataset) table = NULL;
  const ShsInput *input;
  const gsize n = 200000;

  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%zu,%zu%s,%zu\n", i, i % 10, i == 150001 ? "kg" : "", i * 2);
  table = parse_bytes (text->str, text->len);
  g_string_free (text, TRUE);
  input = shs_dataset_get_table (table);
  ck_assert_int_eq (input->columns[0].type, SHS_COLUMN_NUMBER);
  ck_assert_int_eq (input->columns[1].type, SHS_COLUMN_CATEGORY);
  ck_assert_int_eq (input->columns[2].type, SHS_COLUMN_NUMBER);
  ck_assert_uint_eq (input->columns[1].n_categories, 11);
  ck_assert_str_eq (input->columns[1].categories[10], "1kg");
  ck_assert_double_eq (get (table, 150001, 1), 10);
  ck_assert_double_eq (get (table, 150002, 1), 2);
  ck_assert_double_eq (get (table, n - 1, 2), 2.0 * (double)(n - 1));
}
END_TEST

START_TEST (ragged_rows_are_errors_with_their_line)
{
  const char *few = "a,b,c\n1,2,3\n4,5\n";
  const char *many = "a,b\n1,2\n\"x\ny\",2\n4,5,6\n";

  assert_refused (few, strlen (few), SHS_ERROR_SYNTAX,
                  "line 3: it has 2 cells and the first line 3");
  assert_refused (many, strlen (many), SHS_ERROR_SYNTAX, "line 5: it has more than the 2 cells");
}
END_TEST

START_TEST (bad_quotes_are_errors_with_line_and_column)
{
  const char *open = "a,b\n1,2\n3,\"4\n5,6\n";
  const char *rest = "a,b\n1,\"x\"y\n3,4\n";

  assert_refused (open, strlen (open), SHS_ERROR_SYNTAX, "line 3, column 2: a quote is opened");
  assert_refused (rest, strlen (rest), SHS_ERROR_SYNTAX,
                  "line 2, column 2: text follows a closing");
}
END_TEST

START_TEST (what_holds_no_table_is_refused)
{
  assert_refused ("", 0, SHS_ERROR_INVALID, "no table");
  assert_refused ("\n \n", 3, SHS_ERROR_INVALID, "no table");
  assert_refused ("a,b\n", 4, SHS_ERROR_INVALID, "no row");
  assert_refused ("a,b\nx\0y,1\n", 10, SHS_ERROR_SYNTAX, "NUL byte");
  assert_refused ("a\0b,b\n1,1\n", 10, SHS_ERROR_SYNTAX, "NUL byte");
}
END_TEST

START_TEST (a_cell_is_quoted_where_it_must_be)
{
  static const char *const texts[][2] = {
    { "plain", "plain" },
    { "", "" },
    { "a,b", "\"a,b\"" },
    { "say \"x\"", "\"say \"\"x\"\"\"" },
    { "two\nlines", "\"two\nlines\"" },
    { "=1+2", "=1+2" },
    { " padded", "\" padded\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) line = g_string_new ("x,");

      shs_csv_append_cell (line, texts[i][0]);
      ck_assert_str_eq (line->str + 2, texts[i][1]);
    }
}
END_TEST

Suite *
csv_suite (void)
{
  Suite *suite = suite_create ("csv");
  TCase *cases = tcase_create ("csv");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, numbers_are_doubles);
  tcase_add_test (cases, texts_dates_and_answers_become_categories_in_order_of_appearance);
  tcase_add_test (cases, integer_codes_stay_numbers);
  tcase_add_test (cases, missing_values_have_many_spellings);
  tcase_add_test (cases, missing_values_remember_their_spelling);
  tcase_add_test (cases, numbers_with_a_sign_or_zeros_too_many_keep_their_texts);
  tcase_add_test (cases, digits_behind_the_point_and_blanks_are_no_texts);
  tcase_add_test (cases, quotes_hold_delimiters_line_ends_and_quotes);
  tcase_add_test (cases, one_text_is_one_category_however_it_is_written);
  tcase_add_test (cases, line_ends_of_every_system_are_read);
  tcase_add_test (cases, delimiters_are_found_out);
  tcase_add_test (cases, a_decimal_comma_is_found_out);
  tcase_add_test (cases, marks_of_thousands_are_not_guessed);
  tcase_add_test (cases, a_header_is_found_out);
  tcase_add_test (cases, row_names_without_a_header_get_one);
  tcase_add_test (cases, a_first_column_without_a_name_whose_values_differ_is_the_row_index);
  tcase_add_test (cases, options_overrule_what_is_found);
  tcase_add_test (cases, impossible_options_are_refused);
  tcase_add_test (cases, every_encoding_becomes_utf_8);
  tcase_add_test (cases, a_late_text_turns_the_column_into_text);
  tcase_add_test (cases, ragged_rows_are_errors_with_their_line);
  tcase_add_test (cases, bad_quotes_are_errors_with_line_and_column);
  tcase_add_test (cases, what_holds_no_table_is_refused);
  tcase_add_test (cases, a_cell_is_quoted_where_it_must_be);
  suite_add_tcase (suite, cases);
  return suite;
}
