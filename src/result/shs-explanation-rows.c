/* The explanation of some of the rows. */
#include "result/shs-explanation-private.h"

#include "core/shs-memory.h"

#include <string.h>

static gboolean
take_values (ShsValues **taken, const ShsValues *values, const gsize *rows, gsize n_rows,
             GError **error)
{
  if (values != NULL)
    *taken = shs_values_take_rows (values, rows, n_rows, error);
  return values == NULL || *taken != NULL;
}

static gboolean
take_matrix (ShsMatrix **taken, const ShsMatrix *matrix, const gsize *rows, gsize n_rows,
             GError **error)
{
  if (matrix == NULL)
    return TRUE;
  *taken = shs_matrix_new (n_rows, matrix->n_columns, error);
  for (gsize j = 0; *taken != NULL && j < matrix->n_columns; j++)
    for (gsize i = 0; i < n_rows; i++)
      shs_matrix_set (*taken, i, j, shs_matrix_get (matrix, rows[i], j));
  return *taken != NULL;
}

/* Rows of a row-major array of doubles. */
static gboolean
take_numbers (double **taken, const double *numbers, gsize per_row, const gsize *rows, gsize n_rows,
              GError **error)
{
  if (numbers == NULL)
    return TRUE;
  *taken = shs_alloc (n_rows, per_row * sizeof (double), error);
  for (gsize i = 0; *taken != NULL && i < n_rows; i++)
    memcpy (*taken + i * per_row, numbers + rows[i] * per_row, per_row * sizeof (double));
  return *taken != NULL;
}

static gboolean
take_base_values (ShsExplanationParts *taken, const ShsExplanation *self, const gsize *rows,
                  gsize n_rows, GError **error)
{
  static const gsize only_row = 0;
  gboolean per_row = self->parts.base_per_row;

  taken->base_per_row = per_row;
  return take_numbers (&taken->base_values, self->parts.base_values, self->n_outputs,
                       per_row ? rows : &only_row, per_row ? n_rows : 1, error);
}

static gboolean
take_row_identity (ShsExplanationParts *taken, const ShsExplanationParts *parts, const gsize *rows,
                   gsize n_rows, GError **error)
{
  taken->row_index = shs_alloc (n_rows, sizeof (gsize), error);
  if (taken->row_index == NULL)
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    taken->row_index[i] = parts->row_index != NULL ? parts->row_index[rows[i]] : rows[i];
  if (parts->row_names == NULL)
    return TRUE;
  taken->row_names = g_new0 (char *, n_rows + 1);
  for (gsize i = 0; i < n_rows; i++)
    taken->row_names[i] = g_strdup (parts->row_names[rows[i]]);
  return TRUE;
}

static gboolean
take_what_is_of_all_rows (ShsExplanationParts *taken, const ShsExplanation *self, gsize n_rows,
                          GError **error)
{
  const ShsExplanationParts *parts = &self->parts;

  taken->inputs = shs_dataset_inputs_copy (parts->inputs, parts->n_inputs);
  taken->n_inputs = parts->n_inputs;
  taken->output_names = g_strdupv (parts->output_names);
  taken->background_values = g_strdupv (parts->background_values);
  taken->target_name = g_strdup (parts->target_name);
  taken->output_unit = g_strdup (parts->output_unit);
  taken->seconds = parts->seconds;
  taken->provenance = shs_provenance_copy (&parts->provenance);
  if (parts->hierarchical_values != NULL && n_rows == 1)
    taken->hierarchical_values = shs_values_ref (parts->hierarchical_values);
  if (parts->clustering == NULL)
    return TRUE;
  taken->clustering = shs_matrix_new (parts->clustering->n_rows, 4, error);
  if (taken->clustering == NULL)
    return FALSE;
  for (gsize j = 0; j < 4; j++)
    memcpy (shs_matrix_column (taken->clustering, j), shs_matrix_column (parts->clustering, j),
            parts->clustering->n_rows * sizeof (double));
  return TRUE;
}

static gboolean
take_features (guint32 **taken, const guint32 *features, gsize n, GError **error)
{
  if (features == NULL)
    return TRUE;
  *taken = shs_alloc (MAX (1, n), sizeof **taken, error);
  if (*taken == NULL)
    return FALSE;
  memcpy (*taken, features, n * sizeof **taken);
  return TRUE;
}

static gboolean
take_pairs (ShsExplanationParts *taken, const ShsExplanationParts *parts, GError **error)
{
  taken->n_pairs = parts->n_pairs;
  taken->n_met = parts->n_met;
  return take_features (&taken->pairs, parts->pairs, 2 * parts->n_pairs, error)
         && take_features (&taken->met, parts->met, 3 * parts->n_met, error);
}

ShsExplanation *
shs_explanation_take_rows (ShsExplanation *self, const gsize *rows, gsize n_rows, GError **error)
{
  g_auto (ShsExplanationParts) taken = { 0 };
  const ShsExplanationParts *parts = &self->parts;

  /* The values come first: they refuse rows that do not exist. */
  if (!take_values (&taken.values, parts->values, rows, n_rows, error)
      || !take_values (&taken.std_errors, parts->std_errors, rows, n_rows, error)
      || !take_values (&taken.data, parts->data, rows, n_rows, error)
      || !take_values (&taken.interactions, parts->interactions, rows, n_rows, error)
      || !take_pairs (&taken, parts, error)
      || !take_matrix (&taken.predictions, parts->predictions, rows, n_rows, error)
      || !take_numbers (&taken.target, parts->target, 1, rows, n_rows, error)
      || !take_base_values (&taken, self, rows, n_rows, error)
      || !take_row_identity (&taken, parts, rows, n_rows, error)
      || !take_what_is_of_all_rows (&taken, self, n_rows, error))
    return NULL;
  return shs_explanation_new (&taken, error);
}
