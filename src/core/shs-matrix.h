/* A column-major block of numbers: the one shape in which rows travel between modules. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsMatrix:
 * @n_rows: rows
 * @n_columns: columns
 * @stride: distance between the first elements of two neighbouring columns, >= @n_rows
 * @values: element (row i, column j) is values[j * stride + i]; NaN means missing
 *
 * Column-major, because every kernel works on one feature of many rows at a time.
 */
typedef struct
{
  gsize n_rows;
  gsize n_columns;
  gsize stride;
  double *values;
} ShsMatrix;

/** shs_matrix_new: an uninitialised matrix, or NULL with %SHS_ERROR_MEMORY. */
ShsMatrix *shs_matrix_new (gsize n_rows, gsize n_columns, GError **error);
/** shs_matrix_new0: as shs_matrix_new(), filled with 0. */
ShsMatrix *shs_matrix_new0 (gsize n_rows, gsize n_columns, GError **error);
void shs_matrix_free (ShsMatrix *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsMatrix, shs_matrix_free)

/** shs_matrix_rows: a view of @count rows from @first on; it owns nothing. */
static inline ShsMatrix
shs_matrix_rows (const ShsMatrix *self, gsize first, gsize count)
{
  return (ShsMatrix){ count, self->n_columns, self->stride, self->values + first };
}

/** shs_matrix_column: the first element of column @column. */
static inline double *
shs_matrix_column (const ShsMatrix *self, gsize column)
{
  return self->values + column * self->stride;
}

/** shs_matrix_get: one element. */
static inline double
shs_matrix_get (const ShsMatrix *self, gsize row, gsize column)
{
  return self->values[column * self->stride + row];
}

/** shs_matrix_set: writes one element. */
static inline void
shs_matrix_set (ShsMatrix *self, gsize row, gsize column, double value)
{
  self->values[column * self->stride + row] = value;
}

G_END_DECLS
