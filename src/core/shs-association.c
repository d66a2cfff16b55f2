#include "core/shs-association.h"

#include <math.h>

#define LARGEST_BIN 50

gsize
shs_association_bin_size (gsize n)
{
  return CLAMP (n / 10, 1, LARGEST_BIN);
}

static double
get_number (const double *other, gsize row, gboolean of_missing)
{
  if (of_missing)
    return isnan (other[row]) ? 1 : 0;
  return isnan (other[row]) ? 0 : other[row];
}

/* |correlation| of one bin, 0 where one side is constant. */
static double
correlate (const guint32 *rows, gsize n, const double *values, const double *other,
           gboolean of_missing)
{
  double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;

  for (gsize i = 0; i < n; i++)
    {
      mean_x += values[rows[i]];
      mean_y += get_number (other, rows[i], of_missing);
    }
  mean_x /= (double)n;
  mean_y /= (double)n;
  for (gsize i = 0; i < n; i++)
    {
      double x = values[rows[i]] - mean_x;
      double y = get_number (other, rows[i], of_missing) - mean_y;

      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
  return xx > 0 && yy > 0 && isfinite (xy) ? fabs (xy) / sqrt (xx) / sqrt (yy) : 0;
}

double
shs_association_binned (const guint32 *order, const double *values, const double *other, gsize n,
                        gsize bin_size)
{
  double sums[2] = { 0, 0 };

  for (gsize first = 0; first < n; first += bin_size)
    for (guint of_missing = 0; of_missing < 2; of_missing++)
      sums[of_missing]
          += correlate (order + first, MIN (bin_size, n - first), values, other, of_missing != 0);
  return MAX (sums[0], sums[1]);
}

static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *values = data;
  guint32 i = *(const guint32 *)a, j = *(const guint32 *)b;
  double x = values[i], y = values[j];

  if (isnan (x) != isnan (y))
    return isnan (x) ? 1 : -1;
  if (x != y && !isnan (x))
    return x < y ? -1 : 1;
  return (i > j) - (i < j);
}

void
shs_order_by (const double *values, gsize n, guint32 *order)
{
  for (gsize i = 0; i < n; i++)
    order[i] = (guint32)i;
  g_qsort_with_data (order, (int)n, sizeof *order, compare_numbers, (gpointer)values);
}
