#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-matrix.h"
#include "core/shs-memory.h"

Suite *memory_suite (void);

START_TEST (an_overflowing_size_is_an_error)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_alloc (G_MAXSIZE / 2, 3, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
}
END_TEST

START_TEST (more_than_the_budget_is_an_error_that_says_so)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_alloc (G_MAXSSIZE / 4, 2, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
  ck_assert (!shs_memory_check (G_MAXUINT64 / 2, "The values", NULL));
  ck_assert (shs_memory_check (1, NULL, NULL));
}
END_TEST

START_TEST (memory_is_aligned_to_a_vector_register)
{
  for (gsize n = 0; n < 70; n += 7)
    {
      SHS_AUTOFREE char *memory = shs_alloc (n, 1, NULL);

      ck_assert_uint_eq ((gsize)memory % 64, 0);
    }
}
END_TEST

START_TEST (the_nth_allocation_fails_when_asked)
{
  g_autoptr (GError) error = NULL;

  shs_alloc_fail_at (2);
  SHS_AUTOFREE char *first = shs_alloc (1, 1, NULL);
  SHS_AUTOFREE char *second = shs_alloc (1, 1, &error);
  SHS_AUTOFREE char *third = shs_alloc (1, 1, NULL);
  ck_assert_ptr_nonnull (first);
  ck_assert_ptr_null (second);
  ck_assert_ptr_nonnull (third);
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
}
END_TEST

START_TEST (growing_keeps_the_old_elements)
{
  int *numbers = shs_alloc0 (4, sizeof *numbers, NULL);

  numbers[3] = 7;
  numbers = shs_realloc (numbers, 4, 100, sizeof *numbers, NULL);
  ck_assert_int_eq (numbers[3], 7);
  shs_free (numbers);
}
END_TEST

START_TEST (a_matrix_too_large_is_an_error)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_matrix_new (G_MAXSIZE - 3, 2, &error));
  shs_test_assert_error (error, SHS_ERROR_MEMORY);
}
END_TEST

START_TEST (a_view_of_rows_shares_the_numbers)
{
  g_autoptr (ShsMatrix) matrix = shs_matrix_new0 (5, 2, NULL);
  ShsMatrix rows = shs_matrix_rows (matrix, 3, 2);

  shs_matrix_set (&rows, 1, 1, 4.5);
  ck_assert_double_eq (shs_matrix_get (matrix, 4, 1), 4.5);
}
END_TEST

Suite *
memory_suite (void)
{
  Suite *suite = suite_create ("memory");
  TCase *cases = tcase_create ("memory");

  tcase_add_test (cases, an_overflowing_size_is_an_error);
  tcase_add_test (cases, more_than_the_budget_is_an_error_that_says_so);
  tcase_add_test (cases, memory_is_aligned_to_a_vector_register);
  tcase_add_test (cases, the_nth_allocation_fails_when_asked);
  tcase_add_test (cases, growing_keeps_the_old_elements);
  tcase_add_test (cases, a_matrix_too_large_is_an_error);
  tcase_add_test (cases, a_view_of_rows_shares_the_numbers);
  suite_add_tcase (suite, cases);
  return suite;
}
