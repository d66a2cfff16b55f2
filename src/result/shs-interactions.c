#include "result/shs-interactions.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "result/shs-explanation-private.h"

#include <string.h>

gboolean
shs_explanation_has_interactions (const ShsExplanation *self)
{
  return self->parts.interactions != NULL;
}

gsize
shs_explanation_get_n_pairs (const ShsExplanation *self)
{
  gsize m = self->n_features;

  if (self->parts.interactions == NULL)
    return 0;
  return self->parts.pairs != NULL ? self->parts.n_pairs : m * (m + 1) / 2;
}

/* Where the pairs of whole matrices begin whose first feature is @a. */
static gsize
get_triangle_start (gsize a, gsize m)
{
  return a * m - a * (a - 1) / 2;
}

void
shs_explanation_get_pair (const ShsExplanation *self, gsize pair, gsize *a, gsize *b)
{
  gsize low = 0;
  gsize high = self->n_features;

  g_return_if_fail (pair < shs_explanation_get_n_pairs (self));
  if (self->parts.pairs != NULL)
    {
      *a = self->parts.pairs[2 * pair];
      *b = self->parts.pairs[2 * pair + 1];
      return;
    }
  while (low + 1 < high)
    {
      gsize middle = (low + high) / 2;

      if (get_triangle_start (middle, self->n_features) <= pair)
        low = middle;
      else
        high = middle;
    }
  *a = low;
  *b = low + pair - get_triangle_start (low, self->n_features);
}

/* Where the pair stands among @n entries of @width numbers, or -1. */
static gssize
find_pair (const guint32 *pairs, gsize n, gsize width, gsize a, gsize b)
{
  gsize low = 0;
  gsize high = n;

  while (low < high)
    {
      gsize middle = (low + high) / 2;
      guint32 first = pairs[width * middle], second = pairs[width * middle + 1];

      if (first == a && second == b)
        return (gssize)middle;
      if (first < a || (first == a && second < b))
        low = middle + 1;
      else
        high = middle;
    }
  return -1;
}

/* The stored column of any two features, or -1. */
static gssize
find_column (const ShsExplanation *self, gsize a, gsize b)
{
  if (self->parts.pairs == NULL)
    return (gssize)(a * self->n_features + b);
  return find_pair (self->parts.pairs, self->parts.n_pairs, 2, MIN (a, b), MAX (a, b));
}

gboolean
shs_explanation_lacks_pair (const ShsExplanation *self, gsize a, gsize b)
{
  const guint32 *met = self->parts.met;
  gssize place = met != NULL ? find_pair (met, self->parts.n_met, 3, MIN (a, b), MAX (a, b)) : -1;

  return place >= 0 && met[3 * place + 2] == 0;
}

gsize
shs_explanation_count_strongest_pairs (const ShsExplanation *self)
{
  const guint32 *met = self->parts.met;
  gsize n = 0;

  for (gsize p = 0; met != NULL && p < self->parts.n_met; p++)
    n += met[3 * p] != met[3 * p + 1] && met[3 * p + 2] != 0;
  return n;
}

gboolean
shs_explanation_need_interactions (const ShsExplanation *self, GError **error)
{
  if (self->parts.interactions != NULL)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "This explanation carries no interaction values; explain with interactions again");
  return FALSE;
}

gboolean
shs_explanation_read_interaction (const ShsExplanation *self, gsize output, gsize a, gsize b,
                                  double *out, GError **error)
{
  gssize column;

  if (!shs_explanation_need_interactions (self, error))
    return FALSE;
  g_return_val_if_fail (a < self->n_features && b < self->n_features, FALSE);
  column = find_column (self, a, b);
  if (column >= 0)
    return shs_values_read_feature (self->parts.interactions, output, (gsize)column, out, error);
  memset (out, 0, self->n_rows * sizeof *out);
  return TRUE;
}

gboolean
shs_explanation_read_interaction_rows (const ShsExplanation *self, gsize output, gsize first_row,
                                       ShsMatrix *block, GError **error)
{
  const guint32 *pairs = self->parts.pairs;
  gsize m = self->n_features;
  g_autoptr (ShsMatrix) stored = NULL;

  if (!shs_explanation_need_interactions (self, error))
    return FALSE;
  if (pairs == NULL)
    return shs_values_read (self->parts.interactions, output, first_row, block, error);
  stored = shs_matrix_new (block->n_rows, self->parts.n_pairs, error);
  if (stored == NULL
      || !shs_values_read (self->parts.interactions, output, first_row, stored, error))
    return FALSE;
  for (gsize c = 0; c < block->n_columns; c++)
    memset (shs_matrix_column (block, c), 0, block->n_rows * sizeof (double));
  for (gsize p = 0; p < self->parts.n_pairs; p++)
    {
      const double *from = shs_matrix_column (stored, p);
      gsize a = pairs[2 * p];
      gsize b = pairs[2 * p + 1];

      memcpy (shs_matrix_column (block, a * m + b), from, block->n_rows * sizeof *from);
      memcpy (shs_matrix_column (block, b * m + a), from, block->n_rows * sizeof *from);
    }
  return TRUE;
}
