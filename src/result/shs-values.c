#include "result/shs-values.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

/* Element (row, feature, output) stands at [(output * n_features + feature) * n_rows + row]. */
struct _ShsValues
{
  gint references;
  gsize n_rows;
  gsize n_features;
  gsize n_outputs;
  gboolean is_double;
  gpointer numbers;
};

static ShsValues *
values_new (gsize n_rows, gsize n_features, gsize n_outputs, gboolean is_double, GError **error)
{
  gsize count, columns;
  gpointer numbers;

  if (!shs_size_multiply (n_features, n_outputs, &columns)
      || !shs_size_multiply (n_rows, columns, &count))
    count = G_MAXSIZE; /* shs_alloc() says the rest */
  numbers = shs_alloc0 (count, is_double ? sizeof (double) : sizeof (float), error);
  if (numbers == NULL)
    return NULL;

  ShsValues *self = g_new (ShsValues, 1);
  *self = (ShsValues){ 1, n_rows, n_features, n_outputs, is_double, numbers };
  return self;
}

ShsValues *
shs_values_new_floats (gsize n_rows, gsize n_features, gsize n_outputs, GError **error)
{
  return values_new (n_rows, n_features, n_outputs, FALSE, error);
}

ShsValues *
shs_values_new_doubles (gsize n_rows, gsize n_features, gsize n_outputs, GError **error)
{
  return values_new (n_rows, n_features, n_outputs, TRUE, error);
}

ShsValues *
shs_values_ref (ShsValues *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_values_unref (ShsValues *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  shs_free (self->numbers);
  g_free (self);
}

gsize
shs_values_get_n_rows (const ShsValues *self)
{
  return self->n_rows;
}

gsize
shs_values_get_n_features (const ShsValues *self)
{
  return self->n_features;
}

gsize
shs_values_get_n_outputs (const ShsValues *self)
{
  return self->n_outputs;
}

gboolean
shs_values_is_double (const ShsValues *self)
{
  return self->is_double;
}

static inline gsize
get_place (const ShsValues *self, gsize output, gsize feature, gsize row)
{
  return (output * self->n_features + feature) * self->n_rows + row;
}

static inline double
get_number (const ShsValues *self, gsize place)
{
  return self->is_double ? ((const double *)self->numbers)[place]
                         : ((const float *)self->numbers)[place];
}

static void
store (ShsValues *self, gsize place, const double *numbers, gsize count)
{
  if (self->is_double)
    memcpy ((double *)self->numbers + place, numbers, count * sizeof *numbers);
  else
    for (gsize i = 0; i < count; i++)
      ((float *)self->numbers)[place + i] = (float)numbers[i];
}

static void
load (const ShsValues *self, gsize place, double *numbers, gsize count)
{
  if (self->is_double)
    memcpy (numbers, (const double *)self->numbers + place, count * sizeof *numbers);
  else
    for (gsize i = 0; i < count; i++)
      numbers[i] = ((const float *)self->numbers)[place + i];
}

void
shs_values_write (ShsValues *self, gsize output, gsize first_row, const ShsMatrix *block)
{
  g_return_if_fail (output < self->n_outputs && block->n_columns == self->n_features);
  g_return_if_fail (first_row <= self->n_rows && block->n_rows <= self->n_rows - first_row);

  for (gsize j = 0; j < self->n_features; j++)
    store (self, get_place (self, output, j, first_row), shs_matrix_column (block, j),
           block->n_rows);
}

static gboolean
check_choice (gboolean exists, const char *what, gsize wanted, gsize n, GError **error)
{
  if (!exists)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "There is no %s %" G_GSIZE_FORMAT " among %" G_GSIZE_FORMAT
                 " (counted from 0); choose one below",
                 what, wanted, n);
  return exists;
}

static gboolean
check_output (const ShsValues *self, gsize output, GError **error)
{
  return check_choice (output < self->n_outputs, "output", output, self->n_outputs, error);
}

gboolean
shs_values_read (const ShsValues *self, gsize output, gsize first_row, ShsMatrix *block,
                 GError **error)
{
  g_return_val_if_fail (block->n_columns == self->n_features, FALSE);
  if (!check_output (self, output, error)
      || !check_choice (first_row <= self->n_rows && block->n_rows <= self->n_rows - first_row,
                        "row", first_row + block->n_rows, self->n_rows, error))
    return FALSE;

  for (gsize j = 0; j < self->n_features; j++)
    load (self, get_place (self, output, j, first_row), shs_matrix_column (block, j),
          block->n_rows);
  return TRUE;
}

gboolean
shs_values_read_feature (const ShsValues *self, gsize output, gsize feature, double *out,
                         GError **error)
{
  if (!check_output (self, output, error)
      || !check_choice (feature < self->n_features, "feature", feature, self->n_features, error))
    return FALSE;
  load (self, get_place (self, output, feature, 0), out, self->n_rows);
  return TRUE;
}

gboolean
shs_values_read_row (const ShsValues *self, gsize output, gsize row, double *out, GError **error)
{
  if (!check_output (self, output, error)
      || !check_choice (row < self->n_rows, "row", row, self->n_rows, error))
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    out[j] = get_number (self, get_place (self, output, j, row));
  return TRUE;
}

ShsValues *
shs_values_take_rows (const ShsValues *self, const gsize *rows, gsize n_rows, GError **error)
{
  g_autoptr (ShsValues) taken = NULL;
  gsize n_columns = self->n_features * self->n_outputs;

  for (gsize i = 0; i < n_rows; i++)
    if (!check_choice (rows[i] < self->n_rows, "row", rows[i], self->n_rows, error))
      return NULL;
  taken = values_new (n_rows, self->n_features, self->n_outputs, self->is_double, error);
  if (taken == NULL)
    return NULL;
  for (gsize c = 0; c < n_columns; c++)
    for (gsize i = 0; i < n_rows; i++)
      {
        double number = get_number (self, c * self->n_rows + rows[i]);

        store (taken, c * n_rows + i, &number, 1);
      }
  return g_steal_pointer (&taken);
}
