#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/xlsx/shs-xlsx-private.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

Suite *xlsx_suite (void);

static GBytes *
fixture (const char *name)
{
  g_autofree char *relative = g_build_filename ("tables", name, NULL);
  g_autofree char *path = shs_test_fixture (relative);

  return shs_test_bytes (path);
}

/* ---- dates ---- */

START_TEST (formats_tell_dates_from_numbers)
{
  static const struct
  {
    const char *code;
    ShsXlsxFormat format;
  } cases[] = { { "General", SHS_XLSX_NUMBER },
                { "0.00E+00", SHS_XLSX_NUMBER },
                { "#,##0.00 \"dollars\"", SHS_XLSX_NUMBER },
                { "[Red]#,##0;[Blue]-#,##0", SHS_XLSX_NUMBER },
                { "[h]:mm:ss", SHS_XLSX_NUMBER },
                { "\\d0", SHS_XLSX_NUMBER },
                { "yyyy\\-mm\\-dd;@", SHS_XLSX_DATE },
                { "[$-409]d\\ mmm\\ yy", SHS_XLSX_DATE },
                { "mmm", SHS_XLSX_DATE },
                { "hh:mm AM/PM", SHS_XLSX_TIME },
                { "mm:ss.0", SHS_XLSX_TIME },
                { "yyyy-mm-dd\"T\"hh:mm", SHS_XLSX_DATE_TIME },
                { "\"open", SHS_XLSX_NUMBER },
                { "", SHS_XLSX_NUMBER } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    ck_assert_msg (shs_xlsx_format_from_code (cases[i].code) == cases[i].format, "%s",
                   cases[i].code);
}
END_TEST

START_TEST (serial_numbers_are_days)
{
  static const struct
  {
    ShsXlsxFormat format;
    double value;
    gboolean since_1904;
    const char *text;
  } cases[] = { { SHS_XLSX_DATE, 1, FALSE, "1900-01-01" },
                { SHS_XLSX_DATE, 59, FALSE, "1900-02-28" },
                { SHS_XLSX_DATE, 61, FALSE, "1900-03-01" },
                { SHS_XLSX_DATE, 45351, FALSE, "2024-02-29" },
                { SHS_XLSX_DATE, 0, TRUE, "1904-01-01" },
                { SHS_XLSX_DATE, 43889, TRUE, "2024-02-29" },
                { SHS_XLSX_DATE_TIME, 45351.5, FALSE, "2024-02-29 12:00:00" },
                { SHS_XLSX_DATE_TIME, 45351.999999999, FALSE, "2024-03-01 00:00:00" },
                { SHS_XLSX_TIME, 0.25, FALSE, "06:00:00" },
                { SHS_XLSX_DATE, 2958465, FALSE, "9999-12-31" },
                { SHS_XLSX_DATE, 2958466, FALSE, NULL },
                { SHS_XLSX_DATE, -1, FALSE, NULL } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text
          = shs_xlsx_format_value (cases[i].format, cases[i].value, cases[i].since_1904);

      ck_assert_msg (g_strcmp0 (text, cases[i].text) == 0, "%g: %s", cases[i].value, text);
    }
}
END_TEST

START_TEST (the_name_tells_the_sheet_where_there_are_several)
{
  g_autoptr (GBytes) several = fixture ("openpyxl.xlsx");
  g_autoptr (GBytes) one = fixture ("pandas.xlsx");
  g_autoptr (ShsDataset) first = shs_xlsx_dataset_parse ("a/b.xlsx", NULL, several, NULL, NULL);
  g_autoptr (ShsDataset) only = shs_xlsx_dataset_parse ("a/c.xlsx", NULL, one, NULL, NULL);

  ck_assert_str_eq (shs_dataset_get_name (first), "b.xlsx, Sheet");
  ck_assert_str_eq (shs_dataset_get_name (only), "c.xlsx");
  ck_assert_int_eq (shs_dataset_get_row_name_column (first), -1);
  ck_assert_int_eq (shs_dataset_get_row_name_column (only), 0);
}
END_TEST

/* ---- hostile files ---- */

static void
read_any (GBytes *bytes, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset
      = shs_xlsx_dataset_parse ("mutant.xlsx", NULL, bytes, NULL, &error);

  ck_assert ((dataset == NULL) == (error != NULL));
  if (error != NULL)
    ck_assert_msg (error->domain == SHS_ERROR && strchr (error->message, '\n') == NULL, "%s",
                   error->message);
}

/* The archive @book with @content for one of its members, not packed. */
static GBytes *
replace_member (GBytes *book, const char *member, GBytes *content)
{
  gsize length = g_bytes_get_size (book);
  gpointer copy = memcpy (malloc (length), g_bytes_get_data (book, NULL), length);
  zip_source_t *source = zip_source_buffer_create (copy, length, 1, NULL);
  zip_t *archive;
  zip_source_t *replacement;
  zip_int64_t index;
  zip_stat_t stat;
  guint8 *bytes;

  zip_source_keep (source);
  archive = zip_open_from_source (source, 0, NULL);
  index = zip_name_locate (archive, member, 0);
  ck_assert_int_ge (index, 0);
  replacement = zip_source_buffer (archive, g_bytes_get_data (content, NULL),
                                   g_bytes_get_size (content), 0);
  ck_assert_int_eq (zip_file_replace (archive, (zip_uint64_t)index, replacement, 0), 0);
  zip_set_file_compression (archive, (zip_uint64_t)index, ZIP_CM_STORE, 0);
  ck_assert_int_eq (zip_close (archive), 0);
  ck_assert_int_eq (zip_source_stat (source, &stat), 0);
  bytes = g_malloc (stat.size);
  ck_assert_int_eq (zip_source_open (source), 0);
  ck_assert_int_eq (zip_source_read (source, bytes, stat.size), (zip_int64_t)stat.size);
  zip_source_close (source);
  zip_source_free (source);
  return g_bytes_new_take (bytes, stat.size);
}

typedef struct
{
  GBytes *book;
  const char *member;
} Place;

static void
read_with_member (GBytes *bytes, gpointer data)
{
  const Place *place = data;
  g_autoptr (GBytes) book = replace_member (place->book, place->member, bytes);

  read_any (book, NULL);
}

static const struct
{
  const char *file;
  const char *member;
} places[] = { { "openpyxl.xlsx", "xl/worksheets/sheet1.xml" },
               { "xlsxwriter.xlsx", "xl/worksheets/sheet1.xml" },
               { "xlsxwriter.xlsx", "xl/sharedStrings.xml" },
               { "openpyxl.xlsx", "xl/styles.xml" },
               { "openpyxl.xlsx", "xl/workbook.xml" },
               { "openpyxl.xlsx", "xl/_rels/workbook.xml.rels" },
               { "inline.xlsx", "xl/worksheets/sheet1.xml" },
               { "prefixed.xlsx", "deep/er/sheet.xml" } };

static GBytes *
member_bytes (GBytes *book, const char *member)
{
  g_autoptr (ShsZipReader) archive = shs_zip_reader_open ("book", book, NULL);
  GBytes *bytes = shs_zip_reader_read (archive, member, NULL);

  ck_assert_ptr_nonnull (bytes);
  return bytes;
}

START_TEST (mutated_members_are_read_or_refused)
{
  g_autoptr (GBytes) book = fixture (places[_i].file);
  g_autoptr (GBytes) member = member_bytes (book, places[_i].member);
  Place place = { book, places[_i].member };

  shs_test_mutate (member, 2000, 51 + (guint64)_i, read_with_member, &place);
}
END_TEST

START_TEST (members_that_are_cut_short_are_refused)
{
  g_autoptr (GBytes) book = fixture ("prefixed.xlsx");
  g_autoptr (GBytes) member = member_bytes (book, "deep/er/sheet.xml");
  Place place = { book, "deep/er/sheet.xml" };

  shs_test_truncate (member, read_with_member, &place);
}
END_TEST

static const char *const samples[] = { "openpyxl.xlsx", "xlsxwriter.xlsx", "prefixed.xlsx" };

START_TEST (mutated_archives_are_read_or_refused)
{
  g_autoptr (GBytes) bytes = fixture (samples[_i]);

  shs_test_mutate (bytes, 1500, 61 + (guint64)_i, read_any, NULL);
}
END_TEST

START_TEST (archives_that_are_cut_short_are_refused)
{
  g_autoptr (GBytes) bytes = fixture (samples[_i]);

  for (gsize i = 0; i < g_bytes_get_size (bytes); i++)
    {
      g_autoptr (GBytes) prefix = g_bytes_new_from_bytes (bytes, 0, i);

      ck_assert_ptr_null (shs_xlsx_dataset_parse ("cut.xlsx", NULL, prefix, NULL, NULL));
    }
}
END_TEST

/* One cell in the last column makes 16384 columns of every row. */
START_TEST (a_sheet_is_held_to_the_budget_as_a_whole)
{
  g_autoptr (GBytes) book = fixture ("inline.xlsx");
  g_autoptr (GString) sheet = g_string_new (
      "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>"
      "<row><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row>");
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 2; i < 200; i++)
    g_string_append_printf (sheet, "<row><c r=\"A%d\"><v>1</v></c></row>", i);
  g_string_append (sheet, "<row><c r=\"XFD200\"><v>1</v></c></row></sheetData></worksheet>");
  content = g_bytes_new (sheet->str, sheet->len);
  changed = replace_member (book, "xl/worksheets/sheet1.xml", content);
  shs_memory_set_limit (16 << 20);
  g_autoptr (ShsDataset) dataset = shs_xlsx_dataset_parse ("x.xlsx", NULL, changed, NULL, &error);
  shs_memory_set_limit (0);
  ck_assert_ptr_null (dataset);
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  ck_assert_msg (strstr (error->message, "rows and columns") != NULL, "%s", error->message);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_autoptr (GBytes) bytes = fixture (samples[_i]);
  guint64 n = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDataset) dataset = NULL;

      shs_alloc_fail_at (++n);
      dataset = shs_xlsx_dataset_parse ("x.xlsx", NULL, bytes, NULL, &error);
      shs_alloc_fail_at (0);
      if (dataset != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (n, 10);
}
END_TEST

START_TEST (reading_can_be_cancelled)
{
  g_autoptr (GBytes) bytes = fixture (samples[0]);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;

  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_xlsx_dataset_parse ("x.xlsx", NULL, bytes, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

Suite *
xlsx_suite (void)
{
  Suite *suite = suite_create ("xlsx");
  TCase *cases = tcase_create ("xlsx");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, formats_tell_dates_from_numbers);
  tcase_add_test (cases, serial_numbers_are_days);
  tcase_add_test (cases, the_name_tells_the_sheet_where_there_are_several);
  tcase_add_loop_test (cases, mutated_members_are_read_or_refused, 0, G_N_ELEMENTS (places));
  tcase_add_test (cases, members_that_are_cut_short_are_refused);
  tcase_add_loop_test (cases, mutated_archives_are_read_or_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_loop_test (cases, archives_that_are_cut_short_are_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_test (cases, a_sheet_is_held_to_the_budget_as_a_whole);
  tcase_add_loop_test (cases, every_failed_allocation_is_an_error, 0, G_N_ELEMENTS (samples));
  tcase_add_test (cases, reading_can_be_cancelled);
  suite_add_tcase (suite, cases);
  return suite;
}
