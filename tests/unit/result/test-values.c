#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "result/shs-values.h"

#include <math.h>

Suite *values_suite (void);

#define N 11
#define M 3
#define K 2

static double
expected (gsize row, gsize feature, gsize output)
{
  return (double)(row + 1) / 7 + 100.0 * (double)feature - 1000.0 * (double)output;
}

/* Filled in blocks of 4 rows, as explainers do. */
static void
fill (ShsValues *values)
{
  for (gsize first = 0; first < N; first += 4)
    {
      g_autoptr (ShsMatrix) block = shs_matrix_new (MIN (4, N - first), M * K, NULL);

      for (gsize c = 0; c < M * K; c++)
        for (gsize i = 0; i < block->n_rows; i++)
          shs_matrix_set (block, i, c, expected (first + i, c % M, c / M));
      ck_assert (shs_values_write (values, first, block, NULL));
    }
}

static double
round_to (const ShsValues *values, double number)
{
  return shs_values_is_double (values) ? number : (double)(float)number;
}

static void
assert_readable (const ShsValues *values)
{
  g_autoptr (ShsMatrix) block = shs_matrix_new (5, M, NULL);
  double feature[N], row[M];

  for (gsize k = 0; k < K; k++)
    {
      ck_assert (shs_values_read (values, k, 6, block, NULL));
      for (gsize j = 0; j < M; j++)
        {
          ck_assert (shs_values_read_feature (values, k, j, feature, NULL));
          for (gsize i = 0; i < N; i++)
            {
              double number = round_to (values, expected (i, j, k));

              ck_assert (shs_values_read_row (values, k, i, row, NULL));
              ck_assert (row[j] == number && feature[i] == number);
              ck_assert (i < 6 || shs_matrix_get (block, i - 6, j) == number);
            }
        }
    }
}

START_TEST (what_is_written_in_blocks_is_read_in_every_direction)
{
  g_autoptr (ShsValues) doubles = shs_values_new_doubles (N, M, K, NULL);
  g_autoptr (ShsValues) floats = shs_values_new_floats (N, M, K, NULL);

  fill (doubles);
  fill (floats);
  assert_readable (doubles);
  assert_readable (floats);
}
END_TEST

START_TEST (what_does_not_exist_is_refused)
{
  g_autoptr (ShsValues) values = shs_values_new_doubles (N, M, K, NULL);
  g_autoptr (ShsMatrix) block = shs_matrix_new (5, M, NULL);
  const gsize rows[] = { 0, N };
  double out[N];
  GError *error = NULL;

  ck_assert (!shs_values_read (values, K, 0, block, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  g_clear_error (&error);
  ck_assert (!shs_values_read (values, 0, N - 4, block, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  g_clear_error (&error);
  ck_assert (!shs_values_read_feature (values, 0, M, out, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  g_clear_error (&error);
  ck_assert (!shs_values_read_row (values, 0, N, out, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  g_clear_error (&error);
  ck_assert_ptr_null (shs_values_take_rows (values, rows, 2, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  g_clear_error (&error);
}
END_TEST

START_TEST (sizes_that_overflow_are_an_error)
{
  GError *error = NULL;

  ck_assert_ptr_null (shs_values_new_doubles (G_MAXSIZE / 2, 3, 1, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  g_clear_error (&error);
  ck_assert_ptr_null (shs_values_new_floats (1, G_MAXSIZE / 2, 4, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  g_clear_error (&error);
}
END_TEST

START_TEST (rows_are_taken_in_the_order_asked_for)
{
  g_autoptr (ShsValues) values = shs_values_new_floats (N, M, K, NULL);
  g_autoptr (ShsValues) taken = NULL;
  const gsize rows[] = { 7, 0, 7 };
  double a[M], b[M];

  fill (values);
  taken = shs_values_take_rows (values, rows, 3, NULL);
  ck_assert_uint_eq (shs_values_get_n_rows (taken), 3);
  ck_assert (!shs_values_is_double (taken));
  for (gsize k = 0; k < K; k++)
    for (gsize i = 0; i < 3; i++)
      {
        shs_values_read_row (values, k, rows[i], a, NULL);
        shs_values_read_row (taken, k, i, b, NULL);
        for (gsize j = 0; j < M; j++)
          ck_assert (a[j] == b[j]);
      }
}
END_TEST

Suite *
values_suite (void)
{
  Suite *suite = suite_create ("values");
  TCase *cases = tcase_create ("values");

  tcase_add_test (cases, what_is_written_in_blocks_is_read_in_every_direction);
  tcase_add_test (cases, what_does_not_exist_is_refused);
  tcase_add_test (cases, sizes_that_overflow_are_an_error);
  tcase_add_test (cases, rows_are_taken_in_the_order_asked_for);
  suite_add_tcase (suite, cases);
  return suite;
}
