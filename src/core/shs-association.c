#include "core/shs-association.h"

#include "core/shs-memory.h"

#include <math.h>

#define LARGEST_BIN 50

gsize
shs_association_bin_size (gsize n)
{
  return CLAMP (n / 10, 1, LARGEST_BIN);
}

/* Of a bin: the mean of its values, and the sum of squares around it. */
typedef struct
{
  double mean;
  double squares;
} Bin;

/**
 * Sums: of one column in one bin.
 * @shift: the first number, from which the others are counted, so that nothing cancels out
 * @products: with the values less their mean; @missing, @missing_products: the same of flags
 */
typedef struct
{
  gsize n;
  double shift;
  double sum, squares, products;
  double missing, missing_products;
} Sums;

struct _ShsAssociations
{
  const double *values;
  gsize n;
  gsize bin_size;
  gsize n_bins;
  guint32 *bin_of; /* each row */
  Bin *bins;
  Sums *sums; /* columns x bins */
};

static void
describe_bins (ShsAssociations *self, const guint32 *order)
{
  for (gsize b = 0; b < self->n_bins; b++)
    {
      const guint32 *rows = order + b * self->bin_size;
      gsize n = MIN (self->bin_size, self->n - b * self->bin_size);
      Bin *bin = &self->bins[b];

      *bin = (Bin){ 0 };
      for (gsize i = 0; i < n; i++)
        {
          self->bin_of[rows[i]] = (guint32)b;
          bin->mean += self->values[rows[i]];
        }
      bin->mean /= (double)n;
      for (gsize i = 0; i < n; i++)
        {
          double x = self->values[rows[i]] - bin->mean;

          bin->squares += x * x;
        }
    }
}

ShsAssociations *
shs_associations_new (const guint32 *order, const double *values, gsize n, gsize bin_size,
                      gsize n_columns, GError **error)
{
  g_autoptr (ShsAssociations) self = g_new0 (ShsAssociations, 1);

  self->values = values;
  self->n = n;
  self->bin_size = bin_size;
  self->n_bins = (n + bin_size - 1) / bin_size;
  if (!(self->bin_of = shs_alloc (n, sizeof *self->bin_of, error))
      || !(self->bins = shs_alloc (self->n_bins, sizeof *self->bins, error))
      || !(self->sums = shs_alloc0 (n_columns, shs_associations_count_bytes (n, bin_size), error)))
    return NULL;
  describe_bins (self, order);
  return g_steal_pointer (&self);
}

void
shs_associations_free (ShsAssociations *self)
{
  if (self == NULL)
    return;
  shs_free (self->bin_of);
  shs_free (self->bins);
  shs_free (self->sums);
  g_free (self);
}

gsize
shs_associations_count_bytes (gsize n, gsize bin_size)
{
  return (n + bin_size - 1) / bin_size * sizeof (Sums);
}

void
shs_associations_add (ShsAssociations *self, gsize column, gsize first_row, const double *numbers,
                      gsize n)
{
  Sums *of_column = self->sums + column * self->n_bins;

  for (gsize i = 0; i < n; i++)
    {
      guint32 bin = self->bin_of[first_row + i];
      double x = self->values[first_row + i] - self->bins[bin].mean;
      double y = isnan (numbers[i]) ? 0 : numbers[i];
      Sums *sums = &of_column[bin];

      if (sums->n++ == 0)
        sums->shift = y;
      y -= sums->shift;
      sums->sum += y;
      sums->squares += y * y;
      sums->products += x * y;
      if (isnan (numbers[i]))
        {
          sums->missing += 1;
          sums->missing_products += x;
        }
    }
}

/* |correlation| of one bin, 0 where one side is constant. */
static double
correlate (double xx, double sum, double squares, double products, gsize n)
{
  double yy = squares - sum * sum / (double)n;

  return xx > 0 && yy > 0 && isfinite (products) ? fabs (products) / sqrt (xx) / sqrt (yy) : 0;
}

double
shs_associations_get (const ShsAssociations *self, gsize column)
{
  double of_numbers = 0, of_missing = 0;

  for (gsize b = 0; b < self->n_bins; b++)
    {
      const Sums *sums = &self->sums[column * self->n_bins + b];
      double xx = self->bins[b].squares;

      of_numbers += correlate (xx, sums->sum, sums->squares, sums->products, sums->n);
      of_missing += correlate (xx, sums->missing, sums->missing, sums->missing_products, sums->n);
    }
  return MAX (of_numbers, of_missing);
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
