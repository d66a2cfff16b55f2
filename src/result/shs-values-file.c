/* Numbers that lie in a file row after row: read and written in pieces, by pread() and pwrite(), so
 * that a file that another program shortens is an error and never a signal. */
#include "result/shs-values-private.h"

#include "core/shs-memory.h"

#include <string.h>

#define PIECE_BYTES (1u << 20)

_Static_assert(G_BYTE_ORDER == G_LITTLE_ENDIAN, "explanation files are little-endian");

static gsize
get_width (const ShsValues *self)
{
  return self->is_double ? sizeof (double) : sizeof (float);
}

static gsize
get_row_bytes (const ShsValues *self)
{
  return self->n_features * self->n_outputs * get_width (self);
}

static gsize
get_piece_rows (const ShsValues *self, gsize n_rows)
{
  return CLAMP (PIECE_BYTES / MAX (1, get_row_bytes (self)), 1, MAX (1, n_rows));
}

static guint64
get_place (const ShsValues *self, gsize row)
{
  return self->offset + (guint64)row * get_row_bytes (self);
}

/* Every @stride-th of @count numbers of a piece. */
static void
decode (const ShsValues *self, gconstpointer piece, gsize first, gsize stride, gsize count,
        double *out)
{
  if (self->is_double)
    for (gsize i = 0; i < count; i++)
      out[i] = ((const double *)piece)[first + i * stride];
  else
    for (gsize i = 0; i < count; i++)
      out[i] = ((const float *)piece)[first + i * stride];
}

static void
encode (const ShsValues *self, gpointer piece, gsize first, gsize stride, gsize count,
        const double *numbers)
{
  if (self->is_double)
    for (gsize i = 0; i < count; i++)
      ((double *)piece)[first + i * stride] = numbers[i];
  else
    for (gsize i = 0; i < count; i++)
      ((float *)piece)[first + i * stride] = (float)numbers[i];
}

gboolean
shs_values_file_write (ShsValues *self, gsize first_row, const ShsMatrix *block, GError **error)
{
  gsize n_piece = get_piece_rows (self, block->n_rows);
  gsize per_row = self->n_features * self->n_outputs;
  SHS_AUTOFREE guint8 *piece = shs_alloc (n_piece, get_row_bytes (self), error);

  if (piece == NULL)
    return FALSE;
  for (gsize first = 0; first < block->n_rows; first += n_piece)
    {
      gsize n = MIN (n_piece, block->n_rows - first);

      for (gsize k = 0; k < self->n_outputs; k++)
        for (gsize j = 0; j < self->n_features; j++)
          encode (self, piece, j * self->n_outputs + k, per_row, n,
                  shs_matrix_column (block, k * self->n_features + j) + first);
      if (!shs_file_write_at (self->file, get_place (self, first_row + first), piece,
                              n * get_row_bytes (self), error))
        return FALSE;
    }
  return TRUE;
}

/* Features first .. first + n_features of one output, in pieces; column j goes to @block's. */
static gboolean
read_columns (const ShsValues *self, gsize output, gsize first_feature, gsize first_row,
              ShsMatrix *block, GError **error)
{
  gsize n_piece = get_piece_rows (self, block->n_rows);
  gsize per_row = self->n_features * self->n_outputs;
  SHS_AUTOFREE guint8 *piece = shs_alloc (n_piece, get_row_bytes (self), error);

  if (piece == NULL)
    return FALSE;
  for (gsize first = 0; first < block->n_rows; first += n_piece)
    {
      gsize n = MIN (n_piece, block->n_rows - first);

      if (!shs_file_read_at (self->file, get_place (self, first_row + first), piece,
                             n * get_row_bytes (self), error))
        return FALSE;
      for (gsize j = 0; j < block->n_columns; j++)
        decode (self, piece, (first_feature + j) * self->n_outputs + output, per_row, n,
                shs_matrix_column (block, j) + first);
    }
  return TRUE;
}

gboolean
shs_values_file_read (const ShsValues *self, gsize output, gsize first_row, ShsMatrix *block,
                      GError **error)
{
  return read_columns (self, output, 0, first_row, block, error);
}

gboolean
shs_values_file_read_feature (const ShsValues *self, gsize output, gsize feature, double *out,
                              GError **error)
{
  ShsMatrix block = { self->n_rows, 1, self->n_rows, out };

  return read_columns (self, output, feature, 0, &block, error);
}

/* How many of the next rows follow each other in the file. */
static gsize
count_neighbours (const gsize *rows, gsize n)
{
  gsize count = 1;

  while (count < n && rows[count] == rows[0] + count)
    count++;
  return count;
}

gboolean
shs_values_file_gather (const ShsValues *self, const gsize *rows, ShsMatrix *block, GError **error)
{
  gsize per_row = self->n_features * self->n_outputs;
  SHS_AUTOFREE guint8 *piece = shs_alloc (block->n_rows, get_row_bytes (self), error);

  if (piece == NULL)
    return FALSE;
  for (gsize i = 0, n; i < block->n_rows; i += n)
    {
      n = count_neighbours (rows + i, block->n_rows - i);
      if (!shs_file_read_at (self->file, get_place (self, rows[i]),
                             piece + i * get_row_bytes (self), n * get_row_bytes (self), error))
        return FALSE;
    }
  for (gsize k = 0; k < self->n_outputs; k++)
    for (gsize j = 0; j < self->n_features; j++)
      decode (self, piece, j * self->n_outputs + k, per_row, block->n_rows,
              shs_matrix_column (block, k * self->n_features + j));
  return TRUE;
}
