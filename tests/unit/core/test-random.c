#include "shs-test.h"

#include "core/shs-random.h"

#include <math.h>

Suite *random_suite (void);

#define N 100000

START_TEST (streams_are_reproducible_and_differ)
{
  ShsRandom a = shs_random_init (7, 1);
  ShsRandom b = shs_random_init (7, 1);
  ShsRandom other_stream = shs_random_init (7, 2);
  ShsRandom other_seed = shs_random_init (8, 1);
  guint64 number = shs_random_next (&a);

  ck_assert_uint_eq (number, shs_random_next (&b));
  ck_assert_uint_ne (number, shs_random_next (&other_stream));
  ck_assert_uint_ne (number, shs_random_next (&other_seed));
}
END_TEST

START_TEST (normal_numbers_have_mean_0_and_variance_1)
{
  ShsRandom random = shs_random_init (1, 0);
  double sum = 0;
  double squares = 0;

  for (int i = 0; i < N; i++)
    {
      double x = shs_random_normal (&random);

      sum += x;
      squares += x * x;
    }
  ck_assert_double_lt (fabs (sum / N), 5 / sqrt (N));
  ck_assert_double_lt (fabs (squares / N - 1), 5 * sqrt (2.0 / N));
}
END_TEST

START_TEST (numbers_below_n_are_uniform)
{
  ShsRandom random = shs_random_init (2, 0);
  int counts[10] = { 0 };
  double chi_square = 0;

  for (int i = 0; i < N; i++)
    counts[shs_random_below (&random, 10)]++;
  for (int i = 0; i < 10; i++)
    chi_square += pow (counts[i] - N / 10.0, 2) / (N / 10.0);
  ck_assert_double_lt (chi_square, 33.7); /* 9 degrees of freedom, p = 0.0001 */
}
END_TEST

START_TEST (a_shuffle_is_a_permutation)
{
  ShsRandom random = shs_random_init (3, 0);
  guint32 indices[50];
  gboolean seen[50] = { FALSE };

  for (guint32 i = 0; i < 50; i++)
    indices[i] = i;
  shs_random_shuffle (&random, indices, 50);
  for (guint32 i = 0; i < 50; i++)
    {
      ck_assert_uint_lt (indices[i], 50);
      ck_assert (!seen[indices[i]]);
      seen[indices[i]] = TRUE;
    }
}
END_TEST

Suite *
random_suite (void)
{
  Suite *suite = suite_create ("random");
  TCase *cases = tcase_create ("random");

  tcase_add_test (cases, streams_are_reproducible_and_differ);
  tcase_add_test (cases, normal_numbers_have_mean_0_and_variance_1);
  tcase_add_test (cases, numbers_below_n_are_uniform);
  tcase_add_test (cases, a_shuffle_is_a_permutation);
  suite_add_tcase (suite, cases);
  return suite;
}
