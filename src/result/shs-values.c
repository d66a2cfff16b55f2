#include "result/shs-values-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "result/shs-result-store.h"

#include <string.h>

#define BLOCK_NUMBERS ((gsize)1 << 16)

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
  *self = (ShsValues){ 1, n_rows, n_features, n_outputs, is_double, numbers, NULL, 0 };
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
shs_values_new_in_file (ShsFile *file, guint64 offset, gsize n_rows, gsize n_features,
                        gsize n_outputs, gboolean is_double, GError **error)
{
  ShsValues *self;
  gsize bytes, end;

  if (!shs_values_count_bytes (n_rows, n_features, n_outputs, is_double, &bytes)
      || !shs_size_add (offset, bytes, &end) || end > G_MAXINT64)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "%s: %" G_GSIZE_FORMAT " rows of %" G_GSIZE_FORMAT
                   " features and %" G_GSIZE_FORMAT
                   " outputs are more than any file holds; it may be damaged",
                   shs_file_get_path (file), n_rows, n_features, n_outputs);
      return NULL;
    }
  self = g_new (ShsValues, 1);
  *self = (ShsValues){ 1,         n_rows, n_features,          n_outputs,
                       is_double, NULL,   shs_file_ref (file), offset };
  return self;
}

gboolean
shs_values_count_bytes (gsize n_rows, gsize n_features, gsize n_outputs, gboolean is_double,
                        gsize *bytes)
{
  return shs_size_multiply (n_features, n_outputs, bytes)
         && shs_size_multiply (*bytes, n_rows, bytes)
         && shs_size_multiply (*bytes, is_double ? sizeof (double) : sizeof (float), bytes);
}

gboolean
shs_values_are_in_file (const ShsValues *self)
{
  return self->file != NULL;
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
  shs_file_unref (self->file);
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

gboolean
shs_values_write (ShsValues *self, gsize first_row, const ShsMatrix *block, GError **error)
{
  g_return_val_if_fail (block->n_columns == self->n_features * self->n_outputs, FALSE);
  g_return_val_if_fail (first_row <= self->n_rows && block->n_rows <= self->n_rows - first_row,
                        FALSE);

  if (self->file != NULL)
    return shs_values_file_write (self, first_row, block, error);
  for (gsize c = 0; c < block->n_columns; c++)
    store (self, c * self->n_rows + first_row, shs_matrix_column (block, c), block->n_rows);
  return TRUE;
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

  if (self->file != NULL)
    return shs_values_file_read (self, output, first_row, block, error);
  for (gsize j = 0; j < self->n_features; j++)
    load (self, get_place (self, output, j, first_row), shs_matrix_column (block, j),
          block->n_rows);
  return TRUE;
}

gboolean
shs_values_foreach (const ShsValues *self, gsize output, ShsValuesBlockFunc function, gpointer data,
                    GError **error)
{
  gsize n = self->n_rows;
  gsize n_block = CLAMP (BLOCK_NUMBERS / MAX (1, self->n_features), 1, MAX (1, n));
  g_autoptr (ShsMatrix) block = shs_matrix_new (n_block, self->n_features, error);

  for (gsize row = 0; block != NULL && row < n; row += n_block)
    {
      ShsMatrix part = shs_matrix_rows (block, 0, MIN (n_block, n - row));

      if (!shs_values_read (self, output, row, &part, error))
        return FALSE;
      if (!function (row, &part, data))
        return TRUE;
    }
  return block != NULL;
}

gboolean
shs_values_read_feature (const ShsValues *self, gsize output, gsize feature, double *out,
                         GError **error)
{
  if (!check_output (self, output, error)
      || !check_choice (feature < self->n_features, "feature", feature, self->n_features, error))
    return FALSE;
  if (self->file != NULL)
    return shs_values_file_read_feature (self, output, feature, out, error);
  load (self, get_place (self, output, feature, 0), out, self->n_rows);
  return TRUE;
}

gboolean
shs_values_read_row (const ShsValues *self, gsize output, gsize row, double *out, GError **error)
{
  if (!check_output (self, output, error)
      || !check_choice (row < self->n_rows, "row", row, self->n_rows, error))
    return FALSE;
  if (self->file != NULL)
    {
      ShsMatrix block = { 1, self->n_features, 1, out };

      return shs_values_file_read (self, output, row, &block, error);
    }
  for (gsize j = 0; j < self->n_features; j++)
    out[j] = get_number (self, get_place (self, output, j, row));
  return TRUE;
}

/* @rows into a block of rows x (features * outputs). */
static gboolean
gather (const ShsValues *self, const gsize *rows, ShsMatrix *block, GError **error)
{
  if (self->file != NULL)
    return shs_values_file_gather (self, rows, block, error);
  for (gsize c = 0; c < block->n_columns; c++)
    for (gsize i = 0; i < block->n_rows; i++)
      shs_matrix_set (block, i, c, get_number (self, c * self->n_rows + rows[i]));
  return TRUE;
}

ShsValues *
shs_values_new_beside (guint64 taken, gsize n_rows, gsize n_features, gsize n_outputs,
                       gboolean is_double, GError **error)
{
  g_autoptr (ShsResultStore) store = NULL;
  guint64 budget = shs_memory_budget ();
  gsize bytes;

  if (shs_values_count_bytes (n_rows, n_features, n_outputs, is_double, &bytes) && taken <= budget
      && bytes <= budget - taken)
    return values_new (n_rows, n_features, n_outputs, is_double, error);
  store = shs_result_store_new (NULL, error);
  return store != NULL ? shs_result_store_add (store, "rows", n_rows, 1, &n_features, n_outputs,
                                               is_double, error)
                       : NULL;
}

ShsValues *
shs_values_take_rows (const ShsValues *self, const gsize *rows, gsize n_rows, GError **error)
{
  gsize per_row = self->n_features * self->n_outputs;
  gsize n_block = CLAMP (BLOCK_NUMBERS / MAX (1, per_row), 1, MAX (1, n_rows));
  g_autoptr (ShsValues) taken = NULL;
  g_autoptr (ShsMatrix) block = NULL;

  for (gsize i = 0; i < n_rows; i++)
    if (!check_choice (rows[i] < self->n_rows, "row", rows[i], self->n_rows, error))
      return NULL;
  taken = shs_values_new_beside (0, n_rows, self->n_features, self->n_outputs, self->is_double,
                                 error);
  block = taken != NULL ? shs_matrix_new (n_block, per_row, error) : NULL;
  if (block == NULL)
    return NULL;
  for (gsize first = 0; first < n_rows; first += n_block)
    {
      ShsMatrix view = shs_matrix_rows (block, 0, MIN (n_block, n_rows - first));

      if (!gather (self, rows + first, &view, error)
          || !shs_values_write (taken, first, &view, error))
        return NULL;
    }
  return g_steal_pointer (&taken);
}
