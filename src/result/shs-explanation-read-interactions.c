/* Interactions: whole matrices, as anyone writes them, or only the pairs that can meet. */
#include "result/shs-explanation-reader.h"

#include "core/shs-memory.h"
#include "result/shs-explanation-private.h"

#include <math.h>

#define PIECE_PAIRS 1024u

/* Whether the numbers are pairs, and in their order, is checked with the other parts. */
static gboolean
keep_triples (ShsExplanationReader *self, const double *numbers, gsize first, gsize count,
              GError **error)
{
  for (gsize i = 0; i < count; i++)
    {
      double number = numbers[i];
      double end = (first + i) % 3 == 2 ? 2 : SHS_EXPLANATION_MAX_FEATURES;

      if (!(number >= 0 && number < end && number == floor (number)))
        return shs_array_source_fail (self->source, error,
                                      "item %zu of `" SHS_INTERACTION_PAIRS "` is %g; it must be "
                                      "%s",
                                      first + i, number,
                                      end > 2 ? "a whole number from 0 on" : "0 or 1");
      self->parts.met[first + i] = (guint32)number;
    }
  return TRUE;
}

static gboolean
fill_met (ShsExplanationReader *self, const ShsNpyArray *array, GError **error)
{
  double piece[3 * PIECE_PAIRS];

  self->parts.met = shs_alloc (MAX (1, array->n_items), sizeof *self->parts.met, error);
  if (self->parts.met == NULL)
    return FALSE;
  self->parts.n_met = array->n_items / 3;
  for (gsize first = 0; first < array->n_items; first += G_N_ELEMENTS (piece))
    {
      gsize count = MIN (G_N_ELEMENTS (piece), array->n_items - first);

      shs_npy_array_read_doubles (array, 0, first, count, piece);
      if (!keep_triples (self, piece, first, count, error))
        return FALSE;
    }
  return TRUE;
}

/* Triples (a, b, computed) of pairs that meet. */
static gboolean
read_met (ShsExplanationReader *self, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;
  g_autofree char *shape = NULL;
  gsize m = shs_explanation_count_features (&self->parts);

  if (!shs_array_source_read_optional (self->source, SHS_INTERACTION_PAIRS, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  shape = shs_shape_to_text (array->shape, array->n_dimensions);
  if (shs_array_is_text (array) || array->n_dimensions != 2 || array->shape[1] != 3
      || array->shape[0] > m * (m + 1) / 2)
    return shs_array_source_fail (self->source, error,
                                  "the array `" SHS_INTERACTION_PAIRS "` has shape %s%s; it must "
                                  "hold three numbers for each pair of %zu features",
                                  shape, shs_array_is_text (array) ? " and holds text" : "", m);
  return fill_met (self, array, error);
}

static gboolean
read_numbers (ShsExplanationReader *self, const char *name, gsize n_columns, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;

  if (!shs_explanation_reader_open_whole (self, name, self->n_rows, n_columns, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  self->parts.interactions
      = shs_explanation_reader_locate (self, name, array, n_columns, self->n_rows, self->n_outputs);
  if (self->parts.interactions == NULL)
    self->parts.interactions
        = shs_explanation_reader_fill (&array, 1, &n_columns, self->n_rows, self->n_outputs, error);
  return self->parts.interactions != NULL;
}

/* The computed ones of the pairs that meet are the columns of the values. */
static gboolean
read_by_pairs (ShsExplanationReader *self, GError **error)
{
  ShsExplanationParts *parts = &self->parts;
  gsize n = 0;

  for (gsize p = 0; p < parts->n_met; p++)
    n += parts->met[3 * p + 2];
  parts->pairs = shs_alloc (MAX (1, n), 2 * sizeof *parts->pairs, error);
  if (parts->pairs == NULL)
    return FALSE;
  for (gsize p = 0; p < parts->n_met; p++)
    if (parts->met[3 * p + 2] != 0)
      {
        parts->pairs[2 * parts->n_pairs] = parts->met[3 * p];
        parts->pairs[2 * parts->n_pairs++ + 1] = parts->met[3 * p + 1];
      }
  if (n == parts->n_met)
    {
      g_clear_pointer (&parts->met, shs_free);
      parts->n_met = 0;
    }
  return read_numbers (self, SHS_INTERACTION_VALUES, n, error);
}

gboolean
shs_explanation_reader_read_interactions (ShsExplanationReader *self, GError **error)
{
  gsize m = shs_explanation_count_features (&self->parts);

  if (!read_met (self, error))
    return FALSE;
  if (shs_array_source_has (self->source, "interactions"))
    return read_numbers (self, "interactions", m * m, error);
  if (!shs_array_source_has (self->source, SHS_INTERACTION_VALUES))
    return TRUE;
  if (self->parts.met != NULL)
    return read_by_pairs (self, error);
  return shs_array_source_fail (self->source, error,
                                "it has an array `" SHS_INTERACTION_VALUES "`, but none called "
                                "`" SHS_INTERACTION_PAIRS "`, which tells of which pairs they are");
}
