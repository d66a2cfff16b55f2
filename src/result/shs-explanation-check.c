#include "result/shs-explanation-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

static gboolean
agree (const char *what, gsize have, const char *of_what, gsize need, GError **error)
{
  if (have == need)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "The explanation does not fit together: %s has %" G_GSIZE_FORMAT
               " where %s asks for %" G_GSIZE_FORMAT,
               what, have, of_what, need);
  return FALSE;
}

static gboolean
check_values (const char *what, const ShsValues *values, gsize n_rows, gsize n_features,
              gsize n_outputs, GError **error)
{
  g_autofree char *rows = g_strdup_printf ("the number of rows of %s", what);
  g_autofree char *features = g_strdup_printf ("the number of features of %s", what);
  g_autofree char *outputs = g_strdup_printf ("the number of outputs of %s", what);

  if (values == NULL)
    return TRUE;
  return agree (rows, shs_values_get_n_rows (values), "the explanation", n_rows, error)
         && agree (features, shs_values_get_n_features (values), "the explanation", n_features,
                   error)
         && agree (outputs, shs_values_get_n_outputs (values), "the explanation", n_outputs, error);
}

static gboolean
check_matrix (const char *what, const ShsMatrix *matrix, gsize n_rows, gsize n_columns,
              GError **error)
{
  g_autofree char *rows = g_strdup_printf ("the number of rows of %s", what);
  g_autofree char *columns = g_strdup_printf ("the number of columns of %s", what);

  if (matrix == NULL)
    return TRUE;
  return agree (rows, matrix->n_rows, "the explanation", n_rows, error)
         && agree (columns, matrix->n_columns, "the explanation", n_columns, error);
}

static gboolean
check_input (const ShsInput *input, GError **error)
{
  gsize product = 1;

  if (input->n_dimensions < 1 || input->n_dimensions > SHS_INPUT_MAX_DIMENSIONS)
    return agree ("the number of axes of an input", input->n_dimensions, "this program (at most)",
                  SHS_INPUT_MAX_DIMENSIONS, error);
  for (guint d = 0; d < input->n_dimensions; d++)
    if (!shs_size_multiply (product, input->shape[d], &product))
      product = G_MAXSIZE;
  return agree ("an input's shape", product, "its number of features", input->n_columns, error);
}

static gboolean
check_lists (const ShsExplanationParts *parts, gsize n_rows, gsize n_features, gsize n_outputs,
             GError **error)
{
  gsize n_names = parts->output_names != NULL ? g_strv_length (parts->output_names) : 0;

  if (!agree ("the list of output names", n_names, "the number of outputs", n_outputs, error))
    return FALSE;
  if (parts->row_names != NULL
      && !agree ("the list of row names", g_strv_length (parts->row_names), "the number of rows",
                 n_rows, error))
    return FALSE;
  if (parts->background_values != NULL
      && !agree ("the list of the background's values", g_strv_length (parts->background_values),
                 "the number of features", n_features, error))
    return FALSE;
  if (parts->base_values == NULL)
    return agree ("the list of base values", 0, "the number of outputs", n_outputs, error);
  return TRUE;
}

/* Lists of names grow with features and outputs, so both are held within reason. */
static gboolean
check_counts (gsize n_features, gsize n_outputs, GError **error)
{
  if (n_features >= 1 && n_features <= SHS_EXPLANATION_MAX_FEATURES && n_outputs >= 1
      && n_outputs <= SHS_EXPLANATION_MAX_OUTPUTS)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "An explanation of %" G_GSIZE_FORMAT " features and %" G_GSIZE_FORMAT
               " outputs cannot be used; there must be 1 to %d features and 1 to %d outputs",
               n_features, n_outputs, SHS_EXPLANATION_MAX_FEATURES, SHS_EXPLANATION_MAX_OUTPUTS);
  return FALSE;
}

/* @width: numbers of an entry: the pair, and what else there is. */
static gboolean
check_pairs (const guint32 *pairs, gsize n, gsize width, gsize n_features, GError **error)
{
  for (gsize p = 0; pairs != NULL && p < n; p++)
    {
      const guint32 *pair = pairs + p * width;
      const guint32 *former = p > 0 ? pair - width : NULL;

      if (pair[0] <= pair[1] && pair[1] < n_features
          && (former == NULL || former[0] < pair[0]
              || (former[0] == pair[0] && former[1] < pair[1])))
        continue;
      g_set_error (
          error, SHS_ERROR, SHS_ERROR_INVALID,
          "Pair %" G_GSIZE_FORMAT " of the interactions is none, or stands in the wrong place", p);
      return FALSE;
    }
  return TRUE;
}

/* Where both are there, the computed ones of the pairs that meet are those stored. */
static gboolean
check_computed (const ShsExplanationParts *parts, GError **error)
{
  gsize n = 0;

  for (gsize p = 0; parts->pairs != NULL && parts->met != NULL && p < parts->n_met; p++)
    {
      const guint32 *met = parts->met + 3 * p;
      const guint32 *pair = parts->pairs + 2 * n;

      if (met[2] == 0)
        continue;
      if (n >= parts->n_pairs || pair[0] != met[0] || pair[1] != met[1])
        break;
      n++;
    }
  return parts->pairs == NULL || parts->met == NULL
         || agree ("the list of pairs that were computed", n, "the list of stored ones",
                   parts->n_pairs, error);
}

gboolean
shs_explanation_check_parts (const ShsExplanationParts *parts, GError **error)
{
  gsize n, m, k;

  if (parts->values == NULL)
    return agree ("the number of values", 0, "an explanation", 1, error);
  n = shs_values_get_n_rows (parts->values);
  m = shs_values_get_n_features (parts->values);
  k = shs_values_get_n_outputs (parts->values);
  if (!check_counts (m, k, error))
    return FALSE;
  for (guint i = 0; i < parts->n_inputs; i++)
    if (!check_input (&parts->inputs[i], error))
      return FALSE;
  if (parts->hierarchical_values != NULL
      && !agree ("an explanation with hierarchical values", n, "one text (rows)", 1, error))
    return FALSE;
  return agree ("the number of features of the values", m, "the inputs",
                shs_explanation_count_features (parts), error)
         && check_lists (parts, n, m, k, error)
         && check_values ("the standard errors", parts->std_errors, n, m, k, error)
         && check_values ("the data", parts->data, n, m, 1, error)
         && check_pairs (parts->pairs, parts->n_pairs, 2, m, error)
         && check_pairs (parts->met, parts->n_met, 3, m, error) && check_computed (parts, error)
         && check_values ("the interactions", parts->interactions, n,
                          parts->pairs != NULL ? parts->n_pairs : m * m, k, error)
         && check_values ("the hierarchical values", parts->hierarchical_values, 2 * m - 1, 1, k,
                          error)
         && check_matrix ("the predictions", parts->predictions, n, k, error)
         && check_matrix ("the clustering", parts->clustering, m - 1, 4, error);
}
