#include "core/shs-matrix.h"

#include "core/shs-memory.h"

#include <string.h>

ShsMatrix *
shs_matrix_new (gsize n_rows, gsize n_columns, GError **error)
{
  gsize stride = (n_rows + 7) & ~(gsize)7; /* every column starts on a cache line */
  double *values;
  gsize rows_in_bytes;

  if (stride < n_rows || !shs_size_multiply (stride, sizeof (double), &rows_in_bytes))
    stride = G_MAXSIZE; /* shs_alloc() says the rest */
  values = shs_alloc (n_columns, stride == G_MAXSIZE ? stride : rows_in_bytes, error);
  if (values == NULL)
    return NULL;

  ShsMatrix *self = g_new (ShsMatrix, 1);
  *self = (ShsMatrix){ n_rows, n_columns, stride, values };
  return self;
}

ShsMatrix *
shs_matrix_new0 (gsize n_rows, gsize n_columns, GError **error)
{
  ShsMatrix *self = shs_matrix_new (n_rows, n_columns, error);

  if (self != NULL)
    memset (self->values, 0, self->stride * self->n_columns * sizeof (double));
  return self;
}

void
shs_matrix_free (ShsMatrix *self)
{
  if (self == NULL)
    return;
  shs_free (self->values);
  g_free (self);
}
