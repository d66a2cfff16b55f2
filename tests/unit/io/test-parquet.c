#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/parquet/shs-parquet-private.h"

#include <math.h>
#include <string.h>

Suite *parquet_suite (void);

static GBytes *
fixture (const char *name)
{
  g_autofree char *relative = g_build_filename ("tables", name, NULL);
  g_autofree char *path = shs_test_fixture (relative);

  return shs_test_bytes (path);
}

/* ---- nested columns ---- */

static void
assert_numbers (const ShsParquet *file, const char *path, const gsize *first, const double *values)
{
  gssize column = shs_parquet_find (file, path);
  g_auto (ShsParquetNumbers) numbers = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert_int_ge (column, 0);
  ck_assert (shs_parquet_read_numbers (file, (gsize)column, &numbers, &error));
  shs_test_assert_no_error (error);
  for (gsize i = 0; i <= numbers.n_rows; i++)
    ck_assert_uint_eq (numbers.first[i], first[i]);
  for (gsize i = 0; i < first[numbers.n_rows]; i++)
    ck_assert (numbers.values[i] == values[i] || (isnan (numbers.values[i]) && isnan (values[i])));
}

START_TEST (lists_and_structs_are_read_row_by_row)
{
  g_autoptr (GBytes) bytes = fixture ("lists.parquet");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsParquet) file = shs_parquet_open ("lists", bytes, &error);

  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_parquet_get_n_rows (file), 5);
  assert_numbers (file, "x", (gsize[]){ 0, 2, 2, 2, 4, 5 }, (double[]){ 1, 2, 3, NAN, 4 });
  assert_numbers (file, "x.list.element", (gsize[]){ 0, 2, 2, 2, 4, 5 },
                  (double[]){ 1, 2, 3, NAN, 4 });
  assert_numbers (file, "inner.n", (gsize[]){ 0, 1, 2, 3, 4, 5 }, (double[]){ 1, NAN, NAN, 4, 5 });
  ck_assert_int_eq (shs_parquet_find (file, "y"), -1);
  ck_assert_int_eq (shs_parquet_find (file, "x.li"), -1);
}
END_TEST

START_TEST (what_is_left_out_is_named)
{
  g_autoptr (GBytes) bytes = fixture ("nested.parquet");
  g_autoptr (GBytes) lists = fixture ("only-lists.parquet");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset
      = shs_parquet_parse ("/tmp/nested.parquet", bytes, 1, NULL, &error);

  shs_test_assert_no_error (error);
  ck_assert_str_eq (shs_dataset_get_name (dataset), "nested.parquet, without tags, map, raw");
  ck_assert_ptr_null (shs_parquet_parse ("lists", lists, 1, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "without tags, map") != NULL, "%s", error->message);
}
END_TEST

START_TEST (the_index_of_a_frame_names_the_rows)
{
  static const struct
  {
    const char *file;
    gssize column;
  } cases[] = { { "pandas.parquet", -1 },
                { "pandas-names.parquet", 0 },
                { "pandas-id.parquet", 0 },
                { "pandas-twice.parquet", -1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = fixture (cases[i].file);
      g_autoptr (ShsDataset) dataset = shs_parquet_parse ("x", bytes, 2, NULL, NULL);

      ck_assert_int_eq (shs_dataset_get_row_name_column (dataset), cases[i].column);
    }
}
END_TEST

/* ---- numbers in few bits ---- */

START_TEST (runs_and_groups_are_unpacked)
{
  static const guint8 bytes[] = { 0x08, 0x05, 0x03, 0x88, 0xc6, 0xfa }; /* 4 x 5, then 0 .. 7 */
  static const guint32 expected[] = { 5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7 };
  guint32 out[12];
  ShsParquetBytes all = { bytes, sizeof bytes };

  ck_assert (shs_parquet_read_hybrid (all, 3, 7, 12, out));
  ck_assert_mem_eq (out, expected, sizeof expected);
  ck_assert (!shs_parquet_read_hybrid (all, 3, 6, 12, out));
  ck_assert (shs_parquet_read_hybrid (all, 3, 6, 11, out));
  ck_assert (!shs_parquet_read_hybrid (all, 3, 7, 13, out));
  ck_assert (!shs_parquet_read_hybrid ((ShsParquetBytes){ bytes, 5 }, 3, 7, 12, out));
  ck_assert (!shs_parquet_read_hybrid (all, 33, 7, 4, out));
}
END_TEST

/* The example of the format's own description: 7, 5, 3, 1, 2, 3, 4, 5. */
START_TEST (differences_are_summed)
{
  static const guint8 bytes[]
      = { 0x80, 0x01, 0x04, 0x08, 0x0e, 0x03, 0x02, 0, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0, 0xaa };
  static const gint64 expected[] = { 7, 5, 3, 1, 2, 3, 4, 5 };
  ShsParquetBytes all = { bytes, sizeof bytes };
  gint64 out[8];

  ck_assert (shs_parquet_read_deltas (&all, 8, out));
  ck_assert_mem_eq (out, expected, sizeof expected);
  ck_assert_uint_eq (all.length, 1);
  ck_assert_uint_eq (all.begin[0], 0xaa);
  all = (ShsParquetBytes){ bytes, sizeof bytes };
  ck_assert (!shs_parquet_read_deltas (&all, 7, out));
  all.length -= 2;
  ck_assert (!shs_parquet_read_deltas (&all, 8, out));
}
END_TEST

/* ---- dates ---- */

START_TEST (days_are_those_of_the_calendar)
{
  ShsParquetLeaf leaf = { .meaning = SHS_PARQUET_DATE };
  g_autoptr (GDateTime) epoch = g_date_time_new_utc (1970, 1, 1, 0, 0, 0);

  for (gint64 day = -719162; day < 2932000; day += 97)
    {
      g_autofree char *text = shs_parquet_format_instant (&leaf, day, FALSE);
      g_autoptr (GDateTime) date = g_date_time_add_days (epoch, (gint)day);
      g_autofree char *expected = g_date_time_format (date, "%Y-%m-%d");
      g_autofree char *padded
          = g_strdup_printf ("%*s%s", 10 - (int)strlen (expected), "", expected);

      ck_assert_str_eq (text, g_strdelimit (padded, " ", '0'));
    }
  ck_assert_ptr_null (shs_parquet_format_instant (&leaf, G_MAXINT64, FALSE));
}
END_TEST

/* ---- hostile files ---- */

static void
read_any (GBytes *bytes, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) list_error = NULL;
  g_autoptr (ShsDataset) dataset = shs_parquet_parse ("mutant", bytes, 1, NULL, &error);
  g_autoptr (ShsParquet) file = shs_parquet_open ("mutant", bytes, NULL);

  ck_assert ((dataset == NULL) == (error != NULL));
  if (error != NULL)
    ck_assert_msg (error->domain == SHS_ERROR && strchr (error->message, '\n') == NULL, "%s",
                   error->message);
  for (gsize j = 0; file != NULL && j < file->n_leaves; j++)
    {
      g_auto (ShsParquetNumbers) numbers = { 0 };

      shs_parquet_read_numbers (file, j, &numbers, NULL);
    }
}

static const char *const samples[]
    = { "encodings-1.parquet",  "encodings-2.parquet",    "lists.parquet",
        "types.parquet",        "codec-snappy-1.parquet", "codec-zstd-2.parquet",
        "codec-gzip-1.parquet", "codec-lz4-1.parquet",    "codec-brotli-2.parquet",
        "int96.parquet",        "pandas-names.parquet",   "checksums.parquet" };

START_TEST (files_that_are_cut_short_are_refused)
{
  g_autoptr (GBytes) bytes = fixture (samples[_i]);
  gsize length = g_bytes_get_size (bytes);

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (GBytes) prefix
          = g_bytes_new_take (g_memdup2 (g_bytes_get_data (bytes, NULL), MAX (i, 1)), i);
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_parquet_parse ("cut", prefix, 1, NULL, &error));
      ck_assert (error->domain == SHS_ERROR && strchr (error->message, '\n') == NULL);
    }
}
END_TEST

START_TEST (mutants_are_read_or_refused)
{
  g_autoptr (GBytes) bytes = fixture (samples[_i]);

  shs_test_mutate (bytes, _i < 4 ? 4000 : 500, 21 + (guint64)_i, read_any, NULL);
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
      dataset = shs_parquet_parse ("x", bytes, 1, NULL, &error);
      shs_alloc_fail_at (0);
      if (dataset != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (n, 5);
}
END_TEST

/* A page that says it unpacks to much more than any page does. */
START_TEST (bombs_are_refused)
{
  static const guint8 zeros[64] = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_parquet_unpack (6, zeros, sizeof zeros, (gsize)1 << 40, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, "bomb") != NULL, "%s", error->message);
  g_clear_error (&error);
  ck_assert_ptr_null (shs_parquet_unpack (3, zeros, sizeof zeros, 64, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "LZO") != NULL, "%s", error->message);
}
END_TEST

START_TEST (reading_can_be_cancelled)
{
  g_autoptr (GBytes) bytes = fixture (samples[0]);
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;

  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_parquet_parse ("x", bytes, 1, progress, &error));
  shs_test_assert_error (error, SHS_ERROR_CANCELLED);
}
END_TEST

Suite *
parquet_suite (void)
{
  Suite *suite = suite_create ("parquet");
  TCase *cases = tcase_create ("parquet");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, lists_and_structs_are_read_row_by_row);
  tcase_add_test (cases, what_is_left_out_is_named);
  tcase_add_test (cases, the_index_of_a_frame_names_the_rows);
  tcase_add_test (cases, runs_and_groups_are_unpacked);
  tcase_add_test (cases, differences_are_summed);
  tcase_add_test (cases, days_are_those_of_the_calendar);
  tcase_add_loop_test (cases, files_that_are_cut_short_are_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_loop_test (cases, mutants_are_read_or_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_loop_test (cases, every_failed_allocation_is_an_error, 0, G_N_ELEMENTS (samples));
  tcase_add_test (cases, bombs_are_refused);
  tcase_add_test (cases, reading_can_be_cancelled);
  suite_add_tcase (suite, cases);
  return suite;
}
