#include "result/shs-explanation-read.h"

#include "core/shs-memory.h"
#include "result/shs-explanation-meta.h"
#include "result/shs-explanation-private.h"
#include "result/shs-explanation-reader.h"

#include <math.h>
#include <string.h>

#define MAX_SHOWN_BYTES 200              /* of the names in a message */
#define LARGEST_INDEX 9007199254740992.0 /* 2^53 */

static void
explanation_reader_clear (ShsExplanationReader *self)
{
  shs_explanation_parts_clear (&self->parts);
  g_strfreev (self->suffixes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsExplanationReader, explanation_reader_clear)

/* ---- meta and inputs ---- */

static gboolean
read_meta (ShsExplanationReader *self, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;
  g_autofree char *text = NULL;

  if (!shs_array_source_read_optional (self->source, "meta", &array, error))
    return FALSE;
  if (array == NULL || array->n_items != 1 || !shs_array_is_text (array))
    return TRUE;
  text = shs_npy_array_get_string (array, 0, 0);
  if (text[0] == '{')
    return shs_explanation_meta_read (self->source->name, text, &self->parts, &self->is_ours,
                                      error);
  return TRUE;
}

static gboolean
fail_as_no_explanation (ShsExplanationReader *self, GError **error)
{
  g_autofree char *names = g_strjoinv (", ", (char **)self->source->names);
  g_autoptr (GString) shown = g_string_new (names[0] != '\0' ? names : "nothing");

  if (shown->len > MAX_SHOWN_BYTES)
    {
      gsize n_whole = (gsize)g_utf8_strlen (shown->str, MAX_SHOWN_BYTES);

      g_string_truncate (
          shown, (gsize)(g_utf8_offset_to_pointer (shown->str, (glong)n_whole) - shown->str));
      g_string_append (shown, "...");
    }
  return shs_array_source_fail (self->source, error,
                                "it is no explanation, since it has no array `values`; it holds %s",
                                shown->str);
}

/* One input without a name, or one for each `values:NAME`. */
static gboolean
find_inputs (ShsExplanationReader *self, GError **error)
{
  const char *const *names = self->source->names;
  g_autoptr (GPtrArray) suffixes = g_ptr_array_new_with_free_func (g_free);

  if (self->is_ours && self->parts.n_inputs > 1)
    for (guint i = 0; i < self->parts.n_inputs; i++)
      g_ptr_array_add (suffixes, g_strconcat (":", self->parts.inputs[i].name, NULL));
  else if (shs_array_source_has (self->source, "values"))
    g_ptr_array_add (suffixes, g_strdup (""));
  else
    for (gsize i = 0; names[i] != NULL; i++)
      if (g_str_has_prefix (names[i], "values:"))
        g_ptr_array_add (suffixes, g_strdup (names[i] + strlen ("values")));
  for (guint i = 0; i < suffixes->len; i++)
    {
      g_autofree char *name = g_strconcat ("values", suffixes->pdata[i], NULL);

      if (!shs_array_source_has (self->source, name))
        return shs_array_source_fail (self->source, error, "it has no array `%s`", name);
    }
  if (suffixes->len == 0)
    return fail_as_no_explanation (self, error);
  if (self->parts.n_inputs == 0)
    {
      self->parts.n_inputs = suffixes->len;
      self->parts.inputs = shs_dataset_inputs_new (suffixes->len);
      for (guint i = 0; i < suffixes->len; i++)
        {
          const char *suffix = suffixes->pdata[i];

          self->parts.inputs[i].name = g_strdup (suffix[0] == ':' ? suffix + 1 : suffix);
        }
    }
  g_ptr_array_add (suffixes, NULL);
  self->suffixes = (char **)g_ptr_array_free (g_steal_pointer (&suffixes), FALSE);
  return TRUE;
}

/* ---- arrays that have no input ---- */

static gboolean
open_numbers (ShsExplanationReader *self, const char *name, gsize n_items, ShsNpyArray **array,
              GError **error)
{
  g_autofree char *shape = NULL;

  if (!shs_array_source_read_optional (self->source, name, array, error))
    return FALSE;
  if (*array == NULL
      || (!shs_array_is_text (*array) && (*array)->n_items == n_items
          && (*array)->n_dimensions <= 4))
    return TRUE;
  shape = shs_shape_to_text ((*array)->shape, (*array)->n_dimensions);
  shs_array_source_fail (self->source, error,
                         "the array `%s` has shape %s%s; %zu numbers belong there", name, shape,
                         shs_array_is_text (*array) ? " and holds text" : "", n_items);
  g_clear_pointer (array, shs_npy_array_free);
  return FALSE;
}

static gboolean
read_matrix (ShsExplanationReader *self, const char *name, gsize n_rows, gsize n_columns,
             ShsMatrix **matrix, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;
  g_autofree double *row = NULL;

  if (!open_numbers (self, name, n_rows * n_columns, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  *matrix = shs_matrix_new (n_rows, n_columns, error);
  if (*matrix == NULL)
    return FALSE;
  row = g_new (double, n_columns);
  for (gsize i = 0; i < n_rows; i++)
    {
      shs_npy_array_read_doubles (array, 0, i * n_columns, n_columns, row);
      for (gsize j = 0; j < n_columns; j++)
        shs_matrix_set (*matrix, i, j, row[j]);
    }
  return TRUE;
}

/* Class names as true values stand for the index of the output. */
static double
find_output (ShsExplanationReader *self, const char *text)
{
  for (gsize k = 0; k < self->n_outputs; k++)
    if (g_str_equal (self->parts.output_names[k], text))
      return (double)k;
  return NAN;
}

static gboolean
read_target (ShsExplanationReader *self, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;

  if (!shs_array_source_read_optional (self->source, "target", &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  if (array->n_items != self->n_rows)
    return shs_array_source_fail (self->source, error,
                                  "the array `target` has %zu items for %zu rows", array->n_items,
                                  self->n_rows);
  self->parts.target = shs_alloc (self->n_rows, sizeof (double), error);
  if (self->parts.target == NULL)
    return FALSE;
  if (!shs_array_is_text (array))
    shs_npy_array_read_doubles (array, 0, 0, self->n_rows, self->parts.target);
  else
    for (gsize i = 0; i < self->n_rows; i++)
      {
        g_autofree char *text = shs_npy_array_get_string (array, 0, i);

        self->parts.target[i] = find_output (self, text);
      }
  return TRUE;
}

static gboolean
read_row_index (ShsExplanationReader *self, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;

  if (!open_numbers (self, "row_index", self->n_rows, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  self->parts.row_index = shs_alloc (self->n_rows, sizeof (gsize), error);
  if (self->parts.row_index == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n_rows; i++)
    {
      double index;

      shs_npy_array_read_doubles (array, 0, i, 1, &index);
      if (!(index >= 0 && index < LARGEST_INDEX && index == floor (index)))
        return shs_array_source_fail (self->source, error,
                                      "item %zu of `row_index` is %g; it must be a whole number "
                                      "from 0 on",
                                      i, index);
      self->parts.row_index[i] = (gsize)index;
    }
  return TRUE;
}

static gboolean
read_strings (ShsExplanationReader *self, const char *name, gsize count, char ***strings,
              GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;

  if (!shs_array_source_read_optional (self->source, name, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  if (array->n_items != count)
    return shs_array_source_fail (self->source, error,
                                  "the array `%s` has %zu items; it must have %zu", name,
                                  array->n_items, count);
  *strings = shs_array_read_strings (array);
  return TRUE;
}

static gboolean
read_output_names (ShsExplanationReader *self, GError **error)
{
  if (self->n_outputs > SHS_EXPLANATION_MAX_OUTPUTS)
    return shs_array_source_fail (self->source, error, "more than %d outputs cannot be used",
                                  SHS_EXPLANATION_MAX_OUTPUTS);
  if (!read_strings (self, "output_names", self->n_outputs, &self->parts.output_names, error))
    return FALSE;
  if (self->parts.output_names != NULL)
    return TRUE;
  self->parts.output_names = g_new0 (char *, self->n_outputs + 1);
  for (gsize k = 0; k < self->n_outputs; k++)
    self->parts.output_names[k]
        = self->n_outputs == 1 ? g_strdup ("output") : g_strdup_printf ("output %zu", k);
  return TRUE;
}

static gboolean
read_hierarchy (ShsExplanationReader *self, GError **error)
{
  const gsize one = 1;
  gsize n = 2 * shs_explanation_count_features (&self->parts) - 1;
  g_autoptr (ShsNpyArray) array = NULL;

  if (!shs_explanation_reader_open_whole (self, "hierarchical_values", n, 1, &array, error))
    return FALSE;
  if (array != NULL)
    self->parts.hierarchical_values
        = shs_explanation_reader_fill (&array, 1, &one, n, self->n_outputs, error);
  return array == NULL || self->parts.hierarchical_values != NULL;
}

static gboolean
read_seconds (ShsExplanationReader *self, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;

  if (!open_numbers (self, "seconds", 1, &array, error))
    return FALSE;
  if (array != NULL)
    shs_npy_array_read_doubles (array, 0, 0, 1, &self->parts.seconds);
  return TRUE;
}

ShsExplanation *
shs_explanation_read (const ShsArraySource *source, GError **error)
{
  g_auto (ShsExplanationReader) self = { .source = source };

  if (!read_meta (&self, error) || !find_inputs (&self, error)
      || !shs_explanation_reader_read_values (&self, error) || !read_output_names (&self, error)
      || !shs_explanation_reader_read_columns (&self, error)
      || !read_matrix (&self, "predictions", self.n_rows, self.n_outputs, &self.parts.predictions,
                       error)
      || !read_target (&self, error) || !read_row_index (&self, error)
      || !read_strings (&self, "row_names", self.n_rows, &self.parts.row_names, error)
      || !read_strings (&self, SHS_BACKGROUND_VALUES, shs_explanation_count_features (&self.parts),
                        &self.parts.background_values, error)
      || !shs_explanation_reader_read_interactions (&self, error)
      || !read_matrix (&self, "clustering", shs_explanation_count_features (&self.parts) - 1, 4,
                       &self.parts.clustering, error)
      || !read_hierarchy (&self, error) || !read_seconds (&self, error))
    return NULL;
  return shs_explanation_new (&self.parts, error);
}
