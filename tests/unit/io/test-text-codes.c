#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-cell-table.h"
#include "io/shs-text-codes.h"

#include <math.h>
#include <string.h>

Suite *text_codes_suite (void);

START_TEST (texts_get_codes_in_order_of_appearance)
{
  static const char *const texts[] = { "", "b", "", "a", "b", "Åland" };
  static const gint32 codes[] = { 0, 1, 0, 2, 1, 3 };
  g_autoptr (ShsTextCodes) self = shs_text_codes_new ();
  g_auto (GStrv) categories = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    ck_assert_int_eq (shs_text_codes_add (self, texts[i], strlen (texts[i]), NULL), codes[i]);
  ck_assert_uint_eq (shs_text_codes_get_n (self), 4);
  categories = shs_text_codes_make_categories (self, NULL, NULL, NULL);
  ck_assert (g_strv_equal ((const char *const *)categories,
                           (const char *const[]){ "", "b", "a", "Åland", NULL }));
}
END_TEST

START_TEST (many_texts_are_kept_apart)
{
  g_autoptr (ShsTextCodes) self = shs_text_codes_new ();
  g_autofree char *too_long = g_strnfill ((2 << 20), 'x');
  g_autoptr (GError) error = NULL;

  for (int round = 0; round < 2; round++)
    for (gint32 i = 0; i < 20000; i++)
      {
        g_autofree char *text = g_strdup_printf ("text number %d", i);

        ck_assert_int_eq (shs_text_codes_add (self, text, strlen (text), NULL), i);
      }
  ck_assert_int_eq (shs_text_codes_add (self, too_long, 2 << 20, &error), -1);
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
}
END_TEST

static double
read_value (ShsDataset *dataset, gsize row, gsize column)
{
  double value = 0;
  ShsMatrix block = { 1, 1, 1, &value };

  ck_assert (shs_dataset_read (dataset, 0, row, &column, &block, NULL));
  return value;
}

/* Numbers, texts and gaps in one column; a column that begins late; one that never does. */
START_TEST (cells_become_columns_of_one_type)
{
  static const char *const names[] = { "mixed", "late", "spelled", "empty", "none" };
  g_autoptr (ShsCellTable) table = shs_cell_table_new ();
  ShsCellTableOptions options
      = { .name = "x", .names = names, .n_names = 5, .numbers_in_texts = TRUE };
  g_autoptr (ShsDataset) dataset = NULL;
  const ShsInput *input;

  shs_cell_table_add_row (table);
  ck_assert (shs_cell_table_set_number (table, 0, 1.5, NULL));
  ck_assert (shs_cell_table_set_text (table, 2, "7", 1, NULL));
  ck_assert (shs_cell_table_set_text (table, 3, "", 0, NULL));
  shs_cell_table_add_row (table);
  ck_assert (shs_cell_table_set_text (table, 0, "b", 1, NULL));
  ck_assert (shs_cell_table_set_text (table, 2, "", 0, NULL));
  shs_cell_table_add_row (table);
  ck_assert (shs_cell_table_set_number (table, 1, 3, NULL));
  dataset = shs_cell_table_finish (table, &options, NULL);
  input = shs_dataset_get_table (dataset);
  ck_assert_uint_eq (input->n_columns, 5);
  ck_assert_str_eq (input->columns[0].categories[(gsize)read_value (dataset, 0, 0)], "1.5");
  ck_assert_str_eq (input->columns[0].categories[(gsize)read_value (dataset, 1, 0)], "b");
  ck_assert (isnan (read_value (dataset, 2, 0)));
  ck_assert (isnan (read_value (dataset, 0, 1)) && read_value (dataset, 2, 1) == 3);
  ck_assert (read_value (dataset, 0, 2) == 7 && isnan (read_value (dataset, 1, 2)));
  ck_assert (isnan (read_value (dataset, 0, 3)) && isnan (read_value (dataset, 1, 4)));
}
END_TEST

START_TEST (columns_that_are_left_out_are_named)
{
  g_autoptr (ShsCellTable) table = shs_cell_table_new ();
  ShsCellTableOptions options
      = { .name = "x", .names = (const char *const[]){ "a", "b" }, .n_names = 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsDataset) dataset = NULL;

  shs_cell_table_add_row (table);
  ck_assert (shs_cell_table_set_text (table, 0, "gone", 4, NULL));
  shs_cell_table_leave_out (table, 0);
  ck_assert (shs_cell_table_set_number (table, 0, 1, NULL));
  dataset = shs_cell_table_finish (table, &options, NULL);
  ck_assert_str_eq (shs_dataset_get_name (dataset), "x, without a");
  ck_assert_str_eq (shs_dataset_get_table (dataset)->columns[0].name, "b");
  shs_cell_table_leave_out (table, 1);
  ck_assert_ptr_null (shs_cell_table_finish (table, &options, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
}
END_TEST

Suite *
text_codes_suite (void)
{
  Suite *suite = suite_create ("text-codes");
  TCase *cases = tcase_create ("text-codes");

  tcase_add_test (cases, texts_get_codes_in_order_of_appearance);
  tcase_add_test (cases, many_texts_are_kept_apart);
  tcase_add_test (cases, cells_become_columns_of_one_type);
  tcase_add_test (cases, columns_that_are_left_out_are_named);
  suite_add_tcase (suite, cases);
  return suite;
}
