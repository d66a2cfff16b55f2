/* Values, base values and their kin: which axes an array has, and its numbers. */
#include "result/shs-explanation-reader.h"

#include "core/shs-memory.h"
#include "result/shs-explanation-private.h"

#include <math.h>
#include <string.h>

#define BLOCK_NUMBERS (1u << 16)

/* ---- numbers in C order to rows x features of one output ---- */

/* Into columns output * m + first_column + j of @block, m being all features. */
static void
spread (const double *flat, gsize n_columns, gsize n_outputs, gsize first_column, ShsMatrix *block)
{
  gsize m = block->n_columns / n_outputs;

  for (gsize k = 0; k < n_outputs; k++)
    for (gsize j = 0; j < n_columns; j++)
      {
        double *column = shs_matrix_column (block, k * m + first_column + j);

        for (gsize i = 0; i < block->n_rows; i++)
          column[i] = flat[(i * n_columns + j) * n_outputs + k];
      }
}

static gboolean
fill_rows (ShsValues *values, ShsNpyArray *const *arrays, guint n_arrays, const gsize *n_columns,
           gsize first_row, ShsMatrix *block, double *flat, GError **error)
{
  gsize k = shs_values_get_n_outputs (values);
  gsize first_column = 0;

  for (guint a = 0; a < n_arrays; a++)
    {
      gsize per_row = n_columns[a] * k;

      shs_npy_array_read_doubles (arrays[a], 0, first_row * per_row, block->n_rows * per_row, flat);
      spread (flat, n_columns[a], k, first_column, block);
      first_column += n_columns[a];
    }
  return shs_values_write (values, first_row, block, error);
}

ShsValues *
shs_explanation_reader_locate (ShsExplanationReader *self, const char *name,
                               const ShsNpyArray *array, gsize n_columns, gsize n_rows,
                               gsize n_outputs)
{
  g_autoptr (ShsFile) file = NULL;
  guint64 offset;

  if (self->source->locate == NULL || self->parts.n_inputs > 1
      || !self->source->locate (self->source->data, name, &file, &offset))
    return NULL;
  return shs_values_new_in_file (file, offset, n_rows, n_columns, n_outputs,
                                 array->fields[0].item_size == sizeof (double), NULL);
}

ShsValues *
shs_explanation_reader_fill (ShsNpyArray *const *arrays, guint n_arrays, const gsize *n_columns,
                             gsize n_rows, gsize n_outputs, GError **error)
{
  g_autoptr (ShsValues) values = NULL;
  g_autoptr (ShsMatrix) block = NULL;
  SHS_AUTOFREE double *flat = NULL;
  gboolean single = TRUE;
  gsize m = 0, n_block;

  for (guint a = 0; a < n_arrays; a++)
    {
      m += n_columns[a];
      single = single && shs_array_is_single (arrays[a]);
    }
  values = single ? shs_values_new_floats (n_rows, m, n_outputs, error)
                  : shs_values_new_doubles (n_rows, m, n_outputs, error);
  if (values == NULL)
    return NULL;
  n_block = CLAMP (BLOCK_NUMBERS / MAX (1, m * n_outputs), 1, MAX (1, n_rows));
  block = shs_matrix_new (n_block, m * n_outputs, error);
  flat = block != NULL ? shs_alloc (n_block * m, n_outputs * sizeof (double), error) : NULL;
  if (flat == NULL)
    return NULL;
  for (gsize first = 0; first < n_rows; first += n_block)
    {
      ShsMatrix view = shs_matrix_rows (block, 0, MIN (n_block, n_rows - first));

      if (!fill_rows (values, arrays, n_arrays, n_columns, first, &view, flat, error))
        return NULL;
    }
  return g_steal_pointer (&values);
}

/* ---- checked opening ---- */

static gboolean
has_size (const ShsNpyArray *array, gsize n_rows, gsize per_row)
{
  gsize n_items;

  return array->n_dimensions >= 1 && array->shape[0] == n_rows
         && shs_size_multiply (n_rows, per_row, &n_items) && array->n_items == n_items;
}

static gboolean
open_sized (ShsExplanationReader *self, const char *name, gsize n_rows, gsize per_row,
            gboolean texts_too, ShsNpyArray **array, GError **error)
{
  g_autofree char *shape = NULL;

  if (!shs_array_source_read_optional (self->source, name, array, error))
    return FALSE;
  if (*array == NULL)
    return TRUE;
  shape = shs_shape_to_text ((*array)->shape, (*array)->n_dimensions);
  if (shs_array_is_text (*array) && !texts_too)
    shs_array_source_fail (self->source, error, "the array `%s` holds text where numbers belong",
                           name);
  else if (!has_size (*array, n_rows, per_row))
    shs_array_source_fail (self->source, error,
                           "the array `%s` has shape %s; to fit `values` it must have %zu rows of "
                           "%zu items",
                           name, shape, n_rows, per_row);
  else
    return TRUE;
  g_clear_pointer (array, shs_npy_array_free);
  return FALSE;
}

gboolean
shs_explanation_reader_open (ShsExplanationReader *self, const char *name, guint input,
                             gsize per_row, gboolean texts_too, ShsNpyArray **array, GError **error)
{
  g_autofree char *whole = g_strconcat (name, self->suffixes[input], NULL);

  return open_sized (self, whole, self->n_rows, per_row, texts_too, array, error);
}

gboolean
shs_explanation_reader_open_whole (ShsExplanationReader *self, const char *name, gsize n_rows,
                                   gsize n_columns, ShsNpyArray **array, GError **error)
{
  gsize per_row;

  if (!shs_size_multiply (n_columns, self->n_outputs, &per_row))
    per_row = G_MAXSIZE;
  return open_sized (self, name, n_rows, per_row, FALSE, array, error);
}

/* ---- which axis is what ---- */

static gboolean
open_values (ShsExplanationReader *self, guint input, ShsNpyArray **values, GError **error)
{
  g_autofree char *name = g_strconcat ("values", self->suffixes[input], NULL);
  g_autofree char *shape = NULL;

  *values = shs_array_source_read (self->source, name, error);
  if (*values == NULL)
    return FALSE;
  shape = shs_shape_to_text ((*values)->shape, (*values)->n_dimensions);
  if (shs_array_is_text (*values) || (*values)->n_dimensions < 2)
    return shs_array_source_fail (self->source, error,
                                  "the array `%s` has shape %s; it must hold numbers of shape "
                                  "(rows, features), or (rows, features, outputs)",
                                  name, shape);
  if (input > 0 && (*values)->shape[0] != self->n_rows)
    return shs_array_source_fail (self->source, error,
                                  "the array `%s` has %zu rows where the first input has %zu", name,
                                  (*values)->shape[0], self->n_rows);
  self->n_rows = (*values)->shape[0];
  return TRUE;
}

/* Whether `data` has one axis less than the values, that is, the last one counts outputs. */
static gboolean
data_lack_the_last_axis (ShsExplanationReader *self, guint input, const ShsNpyArray *values)
{
  g_autofree char *name = g_strconcat ("data", self->suffixes[input], NULL);
  g_autoptr (ShsNpyArray) data = NULL;

  if (!shs_array_source_read_optional (self->source, name, &data, NULL) || data == NULL)
    return values->n_dimensions == 3 || values->shape[values->n_dimensions - 1] > 1;
  return data->n_dimensions + 1 == values->n_dimensions;
}

/* How many outputs `base_values` speaks of, and whether they depend on the row. */
static gboolean
find_outputs (ShsExplanationReader *self, const ShsNpyArray *base, const ShsNpyArray *values,
              GError **error)
{
  g_autofree char *base_shape = shs_shape_to_text (base->shape, base->n_dimensions);
  g_autofree char *shape = shs_shape_to_text (values->shape, values->n_dimensions);
  gsize n = self->n_rows;
  gsize last = values->shape[values->n_dimensions - 1];
  gboolean fits = TRUE;

  self->n_outputs = 1;
  self->parts.base_per_row = FALSE;
  if (base->n_dimensions == 1 && values->n_dimensions >= 3 && base->shape[0] == last
      && data_lack_the_last_axis (self, 0, values))
    self->n_outputs = last;
  else if (base->n_dimensions == 1 && base->shape[0] != 1)
    {
      self->parts.base_per_row = TRUE;
      fits = base->shape[0] == n;
    }
  else if (base->n_dimensions == 2)
    {
      self->n_outputs = base->shape[1];
      self->parts.base_per_row = base->shape[0] != 1 || n == 1;
      fits = base->shape[0] == 1 || base->shape[0] == n;
    }
  else if (base->n_dimensions > 2)
    fits = FALSE;
  if (fits && !shs_array_is_text (base) && self->n_outputs >= 1)
    return TRUE;
  return shs_array_source_fail (self->source, error,
                                "the array `base_values` has shape %s, which does not fit values "
                                "of shape %s; it must hold one number per output, or one per row "
                                "and output",
                                base_shape, shape);
}

static gboolean
read_base_values (ShsExplanationReader *self, const ShsNpyArray *values, GError **error)
{
  g_autoptr (ShsNpyArray) base = NULL;
  gboolean all_equal = TRUE;
  gsize n;

  if (!shs_array_source_read_optional (self->source, "base_values", &base, error))
    return FALSE;
  if (base == NULL)
    return shs_array_source_fail (self->source, error,
                                  "it has no array `base_values`; add one with the model's mean "
                                  "output, one number per output");
  if (!find_outputs (self, base, values, error))
    return FALSE;
  n = base->n_items;
  self->parts.base_values = shs_alloc (n, sizeof (double), error);
  if (self->parts.base_values == NULL)
    return FALSE;
  shs_npy_array_read_doubles (base, 0, 0, n, self->parts.base_values);
  for (gsize i = self->n_outputs; i < n; i++)
    all_equal
        = all_equal && self->parts.base_values[i] == self->parts.base_values[i % self->n_outputs];
  if (!self->is_ours && all_equal && n > 0)
    self->parts.base_per_row = FALSE; /* shap repeats one base value for every row */
  return TRUE;
}

/* The `shape` of features that stand flattened in the values. */
static gboolean
read_flattened_shape (ShsExplanationReader *self, guint input, ShsInput *found, GError **error)
{
  g_autofree char *name = g_strconcat ("shape", self->suffixes[input], NULL);
  g_autoptr (ShsNpyArray) array = NULL;
  double lengths[SHS_INPUT_MAX_DIMENSIONS];
  double product = 1;

  if (!shs_array_source_read_optional (self->source, name, &array, error))
    return FALSE;
  if (array == NULL || found->n_dimensions != 1)
    return TRUE;
  if (shs_array_is_text (array) || array->n_dimensions != 1 || array->n_items < 1
      || array->n_items > SHS_INPUT_MAX_DIMENSIONS)
    return shs_array_source_fail (self->source, error,
                                  "the array `%s` must hold 1 to %d lengths of axes", name,
                                  SHS_INPUT_MAX_DIMENSIONS);
  shs_npy_array_read_doubles (array, 0, 0, array->n_items, lengths);
  for (gsize d = 0; d < array->n_items; d++)
    product *= lengths[d] >= 1 && lengths[d] == floor (lengths[d]) ? lengths[d] : NAN;
  if (product != (double)found->n_columns)
    return shs_array_source_fail (self->source, error,
                                  "the array `%s` does not multiply to the %zu features", name,
                                  found->n_columns);
  found->n_dimensions = (guint)array->n_items;
  for (gsize d = 0; d < array->n_items; d++)
    found->shape[d] = (gsize)lengths[d];
  return TRUE;
}

static gboolean
find_shape (ShsExplanationReader *self, guint input, const ShsNpyArray *values, ShsInput *found,
            GError **error)
{
  g_autofree char *shape = shs_shape_to_text (values->shape, values->n_dimensions);
  guint n_axes = values->n_dimensions - 1;
  gsize last = values->shape[n_axes];

  if (self->n_outputs > 1
      || (n_axes >= 2 && last == 1 && data_lack_the_last_axis (self, input, values)))
    n_axes--;
  if (n_axes < 1 || n_axes > SHS_INPUT_MAX_DIMENSIONS
      || (self->n_outputs > 1 && last != self->n_outputs))
    return shs_array_source_fail (self->source, error,
                                  "the array `values%s` has shape %s, which does not fit the %zu "
                                  "outputs of `base_values`",
                                  self->suffixes[input], shape, self->n_outputs);
  *found = (ShsInput){ .n_dimensions = n_axes, .n_columns = 1 };
  for (guint d = 0; d < n_axes; d++)
    {
      found->shape[d] = values->shape[d + 1];
      if (!shs_size_multiply (found->n_columns, found->shape[d], &found->n_columns))
        found->n_columns = G_MAXSIZE;
    }
  if (found->n_columns < 1 || found->n_columns > SHS_EXPLANATION_MAX_FEATURES)
    return shs_array_source_fail (self->source, error,
                                  "%zu features cannot be used; there must be 1 to %d",
                                  found->n_columns, SHS_EXPLANATION_MAX_FEATURES);
  return read_flattened_shape (self, input, found, error);
}

/* Files of this program tell the shape; anyone else's is taken from the arrays. */
static gboolean
settle_input (ShsExplanationReader *self, guint input, const ShsNpyArray *values, GError **error)
{
  ShsInput *known = &self->parts.inputs[input];
  ShsInput found;

  if (!find_shape (self, input, values, &found, error))
    return FALSE;
  if (known->n_dimensions == 0)
    {
      known->n_dimensions = found.n_dimensions;
      known->n_columns = found.n_columns;
      memcpy (known->shape, found.shape, sizeof found.shape);
      return TRUE;
    }
  if (known->n_columns == found.n_columns)
    return TRUE;
  return shs_array_source_fail (self->source, error,
                                "`meta` speaks of %zu features and `values%s` has %zu",
                                known->n_columns, self->suffixes[input], found.n_columns);
}

/* ---- arrays shaped as the values ---- */

static gboolean
fill (ShsExplanationReader *self, const char *name, GPtrArray *arrays, ShsValues **values,
      GError **error)
{
  g_autofree gsize *n_columns = g_new (gsize, self->parts.n_inputs);
  g_autofree char *whole = g_strconcat (name, self->suffixes[0], NULL);

  for (guint i = 0; i < self->parts.n_inputs; i++)
    n_columns[i] = self->parts.inputs[i].n_columns;
  *values = shs_explanation_reader_locate (self, whole, arrays->pdata[0], n_columns[0],
                                           self->n_rows, self->n_outputs);
  if (*values != NULL)
    return TRUE;
  *values = shs_explanation_reader_fill ((ShsNpyArray *const *)arrays->pdata, arrays->len,
                                         n_columns, self->n_rows, self->n_outputs, error);
  return *values != NULL;
}

static gboolean
read_std_errors (ShsExplanationReader *self, GError **error)
{
  g_autoptr (GPtrArray) arrays
      = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_npy_array_free);

  for (guint i = 0; i < self->parts.n_inputs; i++)
    {
      ShsNpyArray *array;

      if (!shs_explanation_reader_open (self, "std_errors", i,
                                        self->parts.inputs[i].n_columns * self->n_outputs, FALSE,
                                        &array, error))
        return FALSE;
      if (array != NULL)
        g_ptr_array_add (arrays, array);
    }
  if (arrays->len == 0)
    return TRUE;
  if (arrays->len < self->parts.n_inputs)
    return shs_array_source_fail (self->source, error,
                                  "only some of the inputs have `std_errors`; all must have them");
  return fill (self, "std_errors", arrays, &self->parts.std_errors, error);
}

gboolean
shs_explanation_reader_read_values (ShsExplanationReader *self, GError **error)
{
  g_autoptr (GPtrArray) arrays
      = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_npy_array_free);

  for (guint i = 0; i < self->parts.n_inputs; i++)
    {
      ShsNpyArray *array = NULL;
      gboolean is_open = open_values (self, i, &array, error);

      if (array != NULL)
        g_ptr_array_add (arrays, array);
      if (!is_open)
        return FALSE;
      if ((i == 0 && !read_base_values (self, array, error))
          || !settle_input (self, i, array, error))
        return FALSE;
    }
  return fill (self, "values", arrays, &self->parts.values, error) && read_std_errors (self, error);
}
