#include "io/shs-row-names.h"

#include "core/shs-memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
compare_doubles (const void *a, const void *b)
{
  double first = *(const double *)a;
  double second = *(const double *)b;

  return (first > second) - (first < second);
}

/* Numbers that rise need no sorting; the row index of a data frame mostly does. */
gboolean
shs_row_names_are_different (const double *values, gsize n, gboolean *different, GError **error)
{
  SHS_AUTOFREE double *sorted = NULL;
  gboolean rises = TRUE;

  *different = TRUE;
  for (gsize i = 0; i < n && *different; i++)
    {
      *different = !isnan (values[i]);
      rises = rises && (i == 0 || values[i] > values[i - 1]);
    }
  if (rises || !*different)
    return TRUE;
  sorted = shs_alloc (n, sizeof *sorted, error);
  if (sorted == NULL)
    return FALSE;
  memcpy (sorted, values, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  for (gsize i = 1; i < n && *different; i++)
    *different = sorted[i] != sorted[i - 1];
  return TRUE;
}
