#include "tree/shs-tree-quadrature-rule.h"

#include <float.h>
#include <math.h>

/* P_n and its derivative at x, by the three-term recurrence. */
static long double
get_legendre (gsize n, long double x, long double *derivative)
{
  long double before = 1;
  long double value = x;

  for (gsize i = 2; i <= n; i++)
    {
      long double next = ((2 * i - 1) * x * value - (i - 1) * before) / i;

      before = value;
      value = next;
    }
  *derivative = n * (x * value - before) / (x * x - 1);
  return value;
}

void
shs_quadrature_rule (gsize n, double *points, double *weights)
{
  for (gsize i = 0; i < (n + 1) / 2; i++)
    {
      long double x = cosl (G_PI * (i + 0.75L) / (n + 0.5L));
      long double derivative;
      long double step = 1;

      for (int round = 0; round < 20 && fabsl (step) > 4 * LDBL_EPSILON; round++)
        {
          step = get_legendre (n, x, &derivative) / derivative;
          x -= step;
        }
      get_legendre (n, x, &derivative);
      points[i] = (double)((1 - x) / 2);
      points[n - 1 - i] = (double)((1 + x) / 2);
      weights[i] = (double)(1 / ((1 - x * x) * derivative * derivative));
      weights[n - 1 - i] = weights[i];
    }
}
