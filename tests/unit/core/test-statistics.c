#include "shs-test.h"

#include "core/shs-association.h"
#include "core/shs-quantile.h"
#include "core/shs-random.h"
#include "core/shs-swarm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *statistics_suite (void);

#define N 500

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x > y) - (x < y);
}

static double
quantile_by_sorting (const double *values, gsize n, double q)
{
  double sorted[N];
  double place = q * (double)(n - 1);
  gsize k = (gsize)place;

  memcpy (sorted, values, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  return k + 1 < n ? sorted[k] + (sorted[k + 1] - sorted[k]) * (place - (double)k) : sorted[k];
}

/* Few distinct values, sorted and reversed runs are what breaks a careless partition. */
START_TEST (quantiles_equal_those_of_sorting)
{
  static const double shares[] = { 0, 0.01, 0.05, 0.25, 0.5, 0.95, 0.99, 1 };
  ShsRandom random = shs_random_init (3, (guint64)_i);
  gsize n = 1 + shs_random_below (&random, N);
  double values[N], scratch[N];

  for (gsize i = 0; i < n; i++)
    values[i] = _i % 4 == 0   ? shs_random_normal (&random)
                : _i % 4 == 1 ? (double)shs_random_below (&random, 3)
                : _i % 4 == 2 ? (double)i
                              : -(double)i;
  for (gsize k = 0; k < G_N_ELEMENTS (shares); k++)
    {
      memcpy (scratch, values, n * sizeof *scratch);
      ck_assert_double_eq_tol (shs_quantile (scratch, n, shares[k]),
                               quantile_by_sorting (values, n, shares[k]), 1e-12);
    }
}
END_TEST

START_TEST (missing_values_are_dropped_and_nothing_has_no_quantile)
{
  double values[] = { NAN, 3, NAN, 1, 2 };

  ck_assert_uint_eq (shs_drop_missing (values, 5), 3);
  ck_assert_double_eq (shs_quantile (values, 3, 0.5), 2);
  ck_assert (isnan (shs_quantile (values, 0, 0.5)));
}
END_TEST

START_TEST (ranks_number_the_points_of_each_bin)
{
  static const guint32 bins[] = { 2, 0, 2, SHS_SWARM_NO_BIN, 2, 1 };
  static const guint32 order[] = { 4, 5, 3, 2, 1, 0 };
  guint32 counts[3], ranks[6];

  ck_assert_uint_eq (shs_swarm_rank (bins, order, 6, 3, counts, ranks), 3);
  ck_assert_uint_eq (counts[0], 1);
  ck_assert_uint_eq (counts[1], 1);
  ck_assert_uint_eq (counts[2], 3);
  ck_assert_uint_eq (ranks[4], 0);
  ck_assert_uint_eq (ranks[2], 1);
  ck_assert_uint_eq (ranks[0], 2);
}
END_TEST

START_TEST (offsets_are_centred_and_bounded)
{
  ck_assert_double_eq (shs_swarm_offset (0, 1, 3, 20), 0);
  ck_assert_double_eq (shs_swarm_offset (0, 3, 3, 20), -3);
  ck_assert_double_eq (shs_swarm_offset (2, 3, 3, 20), 3);
  ck_assert_double_eq (shs_swarm_offset (0, 101, 3, 20), -10);
  ck_assert_double_eq (shs_swarm_offset (100, 101, 3, 20), 10);
}
END_TEST

/* By the definition: |correlation| of each bin, of the numbers or of the flags. */
static double
associate_slowly (const guint32 *order, const double *values, const double *other, gsize n,
                  gsize bin_size)
{
  double sums[2] = { 0, 0 };

  for (gsize first = 0; first < n; first += bin_size)
    for (guint flags = 0; flags < 2; flags++)
      {
        gsize end = MIN (n, first + bin_size);
        long double x = 0, y = 0, xx = 0, yy = 0, xy = 0;

        for (gsize i = first; i < end; i++)
          {
            x += values[order[i]];
            y += flags == 1                ? isnan (other[order[i]])
                 : isnan (other[order[i]]) ? 0
                                           : other[order[i]];
          }
        x /= end - first;
        y /= end - first;
        for (gsize i = first; i < end; i++)
          {
            double number = isnan (other[order[i]]) ? 0 : other[order[i]];
            long double dx = values[order[i]] - x;
            long double dy = (flags == 1 ? isnan (other[order[i]]) : number) - y;

            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
          }
        if (xx > 0 && yy > 0)
          sums[flags] += (double)(fabsl (xy) / sqrtl (xx) / sqrtl (yy));
      }
  return MAX (sums[0], sums[1]);
}

/* Rows in pieces of growing size; must be what the definition says. */
static double
associate (const guint32 *order, const double *values, const double *other, gsize n, gsize bin_size)
{
  g_autoptr (ShsAssociations) associations
      = shs_associations_new (order, values, n, bin_size, 2, NULL);
  double found;

  for (gsize first = 0, piece = 1; first < n; first += piece++)
    {
      shs_associations_add (associations, 0, first, values + first, MIN (piece, n - first));
      shs_associations_add (associations, 1, first, other + first, MIN (piece, n - first));
    }
  found = shs_associations_get (associations, 1);
  ck_assert_double_eq_tol (found, associate_slowly (order, values, other, n, bin_size),
                           1e-9 * (double)n);
  return found;
}

/* values = x * z: z explains them where x is held still, w does not. */
START_TEST (association_finds_the_column_that_interacts)
{
  ShsRandom random = shs_random_init (5, 0);
  double x[N], z[N], w[N], hidden[N], values[N];
  guint32 order[N];
  gsize bin = shs_association_bin_size (N);

  for (gsize i = 0; i < N; i++)
    {
      x[i] = shs_random_normal (&random);
      z[i] = shs_random_normal (&random);
      w[i] = shs_random_normal (&random);
      values[i] = x[i] * z[i];
      hidden[i] = z[i] > 0 ? NAN : 1;
    }
  shs_order_by (x, N, order);
  for (gsize i = 1; i < N; i++)
    ck_assert_double_le (x[order[i - 1]], x[order[i]]);
  ck_assert_double_gt (associate (order, values, z, N, bin),
                       3 * associate (order, values, w, N, bin));
  ck_assert_double_gt (associate (order, values, hidden, N, bin),
                       2 * associate (order, values, w, N, bin));
}
END_TEST

/* Instants in seconds: large numbers that differ by little. */
START_TEST (association_does_not_suffer_from_large_numbers)
{
  ShsRandom random = shs_random_init (6, 0);
  double x[N], z[N], far[N], values[N];
  guint32 order[N];
  gsize bin = shs_association_bin_size (N);

  for (gsize i = 0; i < N; i++)
    {
      x[i] = shs_random_normal (&random);
      z[i] = floor (8 * shs_random_normal (&random));
      far[i] = z[i] + 1.6e9;
      values[i] = x[i] * z[i];
    }
  shs_order_by (x, N, order);
  ck_assert_double_eq_tol (associate (order, values, far, N, bin),
                           associate (order, values, z, N, bin), 1e-9);
}
END_TEST

START_TEST (association_of_a_constant_is_nothing)
{
  double values[] = { 1, 2, 3, 4 }, other[] = { 7, 7, 7, 7 };
  guint32 order[] = { 0, 1, 2, 3 };

  ck_assert_double_eq (associate (order, values, other, 4, 4), 0);
  ck_assert_double_eq_tol (associate (order, values, values, 4, 4), 1, 1e-12);
}
END_TEST

START_TEST (missing_values_are_ordered_last)
{
  double values[] = { NAN, 2, 1, NAN, 1 };
  guint32 order[5];
  static const guint32 expected[] = { 2, 4, 1, 0, 3 };

  shs_order_by (values, 5, order);
  ck_assert_int_eq (memcmp (order, expected, sizeof expected), 0);
}
END_TEST

Suite *
statistics_suite (void)
{
  Suite *suite = suite_create ("statistics");
  TCase *cases = tcase_create ("statistics");

  tcase_add_loop_test (cases, quantiles_equal_those_of_sorting, 0, 40);
  tcase_add_test (cases, missing_values_are_dropped_and_nothing_has_no_quantile);
  tcase_add_test (cases, ranks_number_the_points_of_each_bin);
  tcase_add_test (cases, offsets_are_centred_and_bounded);
  tcase_add_test (cases, association_finds_the_column_that_interacts);
  tcase_add_test (cases, association_does_not_suffer_from_large_numbers);
  tcase_add_test (cases, association_of_a_constant_is_nothing);
  tcase_add_test (cases, missing_values_are_ordered_last);
  suite_add_tcase (suite, cases);
  return suite;
}
