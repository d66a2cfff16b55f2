/* Hoare's selection with the median of three; the pivot's position is found, never searched. */
#include "core/shs-quantile.h"

#include <math.h>

static inline void
swap (double *a, double *b)
{
  double t = *a;

  *a = *b;
  *b = t;
}

static double
choose_pivot (const double *values, gsize low, gsize high)
{
  double a = values[low], b = values[low + (high - low) / 2], c = values[high];

  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

/* Afterwards values[k] is the k-th smallest, nothing before it is larger, nothing behind smaller.
 */
static double
select_kth (double *values, gsize n, gsize k)
{
  gsize low = 0, high = n - 1;

  while (low < high)
    {
      double pivot = choose_pivot (values, low, high);
      gsize i = low, j = high;

      for (;;)
        {
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i >= j)
            break;
          swap (&values[i++], &values[j--]);
        }
      if (i == j && values[i] == pivot && i == k)
        return pivot;
      if (k <= j)
        high = j;
      else
        low = j + 1;
    }
  return values[k];
}

double
shs_quantile (double *values, gsize n, double q)
{
  double place, below, above;
  gsize k;

  if (n == 0)
    return NAN;
  place = CLAMP (q, 0, 1) * (double)(n - 1);
  k = (gsize)place;
  below = select_kth (values, n, k);
  if (k + 1 >= n || place == (double)k)
    return below;
  above = values[k + 1];
  for (gsize i = k + 2; i < n; i++)
    above = MIN (above, values[i]);
  return below + (above - below) * (place - (double)k);
}

gsize
shs_drop_missing (double *values, gsize n)
{
  gsize kept = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i]))
      values[kept++] = values[i];
  return kept;
}
