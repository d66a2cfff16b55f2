/* The functions that the standard has built in (4.4, "Built-in functions"), but for those that make
 * texts and dates. */

#include "model/pmml/shs-pmml-expression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum
{
  ANY_MISSING_IS_MISSING,
  KEEPS_MISSING,
  SKIPS_MISSING,
} Care;

struct _ShsPmmlFunction
{
  const char *name;
  guint least;
  guint most;
  Care care;
  gboolean compares;
  double (*call) (const double *x, guint n);
};

/* A function of x[0] and x[1]. */
#define PLAIN(NAME, EXPRESSION)                                                                    \
  static double call_##NAME (const double *x, guint n)                                             \
  {                                                                                                \
    return (EXPRESSION);                                                                           \
  }

PLAIN (add, x[0] + x[1])
PLAIN (subtract, x[0] - x[1])
PLAIN (multiply, x[0] * x[1])
PLAIN (divide, x[0] / x[1])
PLAIN (log10, log10 (x[0]))
PLAIN (ln, log (x[0]))
PLAIN (ln1p, log1p (x[0]))
PLAIN (sqrt, sqrt (x[0]))
PLAIN (abs, fabs (x[0]))
PLAIN (exp, exp (x[0]))
PLAIN (expm1, expm1 (x[0]))
PLAIN (pow, pow (x[0], x[1]))
PLAIN (hypot, hypot (x[0], x[1]))
PLAIN (threshold, x[0] > x[1])
PLAIN (floor, floor (x[0]))
PLAIN (ceil, ceil (x[0]))
PLAIN (round, floor (x[0] + 0.5))
PLAIN (rint, nearbyint (x[0]))
PLAIN (modulo, x[0] - floor (x[0] / x[1]) * x[1])
PLAIN (sin, sin (x[0]))
PLAIN (cos, cos (x[0]))
PLAIN (tan, tan (x[0]))
PLAIN (asin, asin (x[0]))
PLAIN (acos, acos (x[0]))
PLAIN (atan, atan (x[0]))
PLAIN (atan2, atan2 (x[0], x[1]))
PLAIN (sinh, sinh (x[0]))
PLAIN (cosh, cosh (x[0]))
PLAIN (tanh, tanh (x[0]))
PLAIN (is_missing, isnan (x[0]) ? 1 : 0)
PLAIN (is_not_missing, isnan (x[0]) ? 0 : 1)
PLAIN (never, 0)
PLAIN (equal, x[0] == x[1])
PLAIN (not_equal, x[0] != x[1])
PLAIN (less, x[0] < x[1])
PLAIN (less_equal, x[0] <= x[1])
PLAIN (greater, x[0] > x[1])
PLAIN (greater_equal, x[0] >= x[1])
PLAIN (not, x[0] == 0)

static double
call_min (const double *x, guint n)
{
  double least = x[0];

  for (guint i = 1; i < n; i++)
    least = MIN (least, x[i]);
  return least;
}

static double
call_max (const double *x, guint n)
{
  double most = x[0];

  for (guint i = 1; i < n; i++)
    most = MAX (most, x[i]);
  return most;
}

static double
call_sum (const double *x, guint n)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += x[i];
  return sum;
}

static double
call_average (const double *x, guint n)
{
  return call_sum (x, n) / n;
}

static double
call_product (const double *x, guint n)
{
  double product = 1;

  for (guint i = 0; i < n; i++)
    product *= x[i];
  return product;
}

static int
compare (const void *a, const void *b)
{
  double first = *(const double *)a;
  double second = *(const double *)b;

  return (first > second) - (first < second);
}

static double
call_median (const double *x, guint n)
{
  g_autofree double *sorted = g_memdup2 (x, n * sizeof *x);

  qsort (sorted, n, sizeof *sorted, compare);
  return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double
call_is_in (const double *x, guint n)
{
  for (guint i = 1; i < n; i++)
    if (x[0] == x[i])
      return 1;
  return 0;
}

static double
call_is_not_in (const double *x, guint n)
{
  return !call_is_in (x, n);
}

static double
call_and (const double *x, guint n)
{
  double truth = 1;

  for (guint i = 0; i < n; i++)
    if (x[i] == 0)
      return 0;
    else if (isnan (x[i]))
      truth = NAN;
  return truth;
}

static double
call_or (const double *x, guint n)
{
  double truth = 0;

  for (guint i = 0; i < n; i++)
    if (isnan (x[i]))
      truth = isnan (truth) || truth == 0 ? NAN : truth;
    else if (x[i] != 0)
      return 1;
  return truth;
}

static double
call_if (const double *x, guint n)
{
  if (isnan (x[0]))
    return NAN;
  return x[0] != 0 ? x[1] : n > 2 ? x[2] : NAN;
}

#define MANY 4096

static const ShsPmmlFunction functions[] = {
  { "+", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_add },
  { "-", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_subtract },
  { "*", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_multiply },
  { "/", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_divide },
  { "min", 1, MANY, SKIPS_MISSING, FALSE, call_min },
  { "max", 1, MANY, SKIPS_MISSING, FALSE, call_max },
  { "sum", 1, MANY, SKIPS_MISSING, FALSE, call_sum },
  { "avg", 1, MANY, SKIPS_MISSING, FALSE, call_average },
  { "median", 1, MANY, SKIPS_MISSING, FALSE, call_median },
  { "product", 1, MANY, SKIPS_MISSING, FALSE, call_product },
  { "log10", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_log10 },
  { "ln", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_ln },
  { "ln1p", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_ln1p },
  { "sqrt", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_sqrt },
  { "abs", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_abs },
  { "exp", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_exp },
  { "expm1", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_expm1 },
  { "pow", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_pow },
  { "hypot", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_hypot },
  { "threshold", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_threshold },
  { "floor", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_floor },
  { "ceil", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_ceil },
  { "round", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_round },
  { "rint", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_rint },
  { "modulo", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_modulo },
  { "sin", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_sin },
  { "cos", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_cos },
  { "tan", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_tan },
  { "asin", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_asin },
  { "acos", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_acos },
  { "atan", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_atan },
  { "atan2", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_atan2 },
  { "sinh", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_sinh },
  { "cosh", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_cosh },
  { "tanh", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_tanh },
  { "isMissing", 1, 1, KEEPS_MISSING, TRUE, call_is_missing },
  { "isNotMissing", 1, 1, KEEPS_MISSING, TRUE, call_is_not_missing },
  { "isValid", 1, 1, KEEPS_MISSING, TRUE, call_is_not_missing },
  { "isNotValid", 1, 1, KEEPS_MISSING, TRUE, call_never },
  { "equal", 2, 2, ANY_MISSING_IS_MISSING, TRUE, call_equal },
  { "notEqual", 2, 2, ANY_MISSING_IS_MISSING, TRUE, call_not_equal },
  { "lessThan", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_less },
  { "lessOrEqual", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_less_equal },
  { "greaterThan", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_greater },
  { "greaterOrEqual", 2, 2, ANY_MISSING_IS_MISSING, FALSE, call_greater_equal },
  { "isIn", 2, MANY, KEEPS_MISSING, TRUE, call_is_in },
  { "isNotIn", 2, MANY, KEEPS_MISSING, TRUE, call_is_not_in },
  { "and", 2, MANY, KEEPS_MISSING, FALSE, call_and },
  { "or", 2, MANY, KEEPS_MISSING, FALSE, call_or },
  { "not", 1, 1, ANY_MISSING_IS_MISSING, FALSE, call_not },
  { "if", 2, 3, KEEPS_MISSING, TRUE, call_if },
};

const ShsPmmlFunction *
shs_pmml_function_find (const char *name, guint n_arguments)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (g_str_equal (functions[i].name, name) && n_arguments >= functions[i].least
        && n_arguments <= functions[i].most)
      return &functions[i];
  return NULL;
}

gboolean
shs_pmml_function_compares (const ShsPmmlFunction *self)
{
  return self->compares;
}

gboolean
shs_pmml_function_passes (const ShsPmmlFunction *self)
{
  return self->call == call_if;
}

static double
call_without_missing (const ShsPmmlFunction *self, const double *arguments, guint n)
{
  g_autofree double *present = g_new (double, n);
  guint n_present = 0;

  for (guint i = 0; i < n; i++)
    if (!isnan (arguments[i]))
      present[n_present++] = arguments[i];
  return n_present > 0 ? self->call (present, n_present) : NAN;
}

double
shs_pmml_function_call (const ShsPmmlFunction *self, const double *arguments, guint n)
{
  if (self->care == SKIPS_MISSING)
    return call_without_missing (self, arguments, n);
  for (guint i = 0; i < n && self->care == ANY_MISSING_IS_MISSING; i++)
    if (isnan (arguments[i]))
      return NAN;
  return self->call (arguments, n);
}
