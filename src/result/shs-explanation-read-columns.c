/* The data that were explained: names, codes and dictionaries, also from files without `meta`. */
#include "result/shs-explanation-reader.h"

#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "io/shs-text-codes.h"
#include "result/shs-explanation-private.h"

#include <math.h>
#include <string.h>

/* Codes of somebody else's categories beyond this are taken for plain numbers. */
#define MAX_CODE 65535
#define BLOCK_NUMBERS (1u << 16)

/* ---- names ---- */

static char **
make_names (const ShsInput *input)
{
  char **names = g_new0 (char *, input->n_columns + 1);

  for (gsize j = 0; j < input->n_columns; j++)
    names[j] = input->n_dimensions == 1 ? g_strdup_printf ("feature %" G_GSIZE_FORMAT, j)
                                        : shs_feature_make_name (input, j, FALSE);
  return names;
}

static gboolean
read_names (ShsExplanationReader *self, guint input, char ***names, GError **error)
{
  g_autofree char *name = g_strconcat ("feature_names", self->suffixes[input], NULL);
  g_autoptr (ShsNpyArray) array = NULL;
  gsize n_columns = self->parts.inputs[input].n_columns;

  *names = NULL;
  if (!shs_array_source_read_optional (self->source, name, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  if (array->n_items != n_columns)
    return shs_array_source_fail (self->source, error,
                                  "the array `%s` has %zu names for %zu features", name,
                                  array->n_items, n_columns);
  *names = shs_array_read_strings (array);
  return TRUE;
}

/* A table has columns always, another input where its names are more than places. */
static gboolean
settle_columns (ShsExplanationReader *self, guint index, GError **error)
{
  ShsInput *input = &self->parts.inputs[index];
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) made = make_names (input);

  if (!read_names (self, index, &names, error))
    return FALSE;
  if (names == NULL)
    names = g_steal_pointer (&made);
  if (input->columns == NULL
      && (self->is_ours
          || (input->n_dimensions > 1
              && (made == NULL
                  || g_strv_equal ((const char *const *)names, (const char *const *)made)))))
    return TRUE;
  if (input->columns == NULL)
    input->columns = g_new0 (ShsColumn, input->n_columns);
  for (gsize j = 0; j < input->n_columns; j++)
    input->columns[j].name = g_steal_pointer (&names[j]);
  g_clear_pointer (&names, g_free);
  return TRUE;
}

/* ---- dictionaries ---- */

static void
free_texts (char **texts, gsize n)
{
  for (gsize c = 0; c < n; c++)
    g_free (texts[c]);
  g_free (texts);
}

/* Takes the texts of one column as codes in order of first appearance; "" is missing. */
static gboolean
encode_texts (const ShsNpyArray *texts, gsize n_rows, gsize column, gsize n_columns,
              ShsColumn *described, double *codes, GError **error)
{
  g_autoptr (ShsTextCodes) dictionary = shs_text_codes_new ();
  char **words;
  gsize n;

  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *text = shs_npy_array_get_string (texts, 0, i * n_columns + column);
      gsize length = strlen (text);
      gint32 code = length == 0 ? 0 : shs_text_codes_add (dictionary, text, length, error);

      if (code < 0)
        return FALSE;
      codes[i] = length == 0 ? NAN : code;
    }
  n = shs_text_codes_get_n (dictionary);
  words = shs_text_codes_make_categories (dictionary, NULL, NULL, error);
  if (words == NULL)
    return FALSE;
  if (shs_column_set_truths (described, words, n))
    {
      for (gsize i = 0; i < n_rows; i++)
        codes[i] = isnan (codes[i]) ? NAN : shs_truth_find (words[(gsize)codes[i]]);
      free_texts (words, n);
      return TRUE;
    }
  described->type = SHS_COLUMN_CATEGORY;
  described->n_categories = n;
  described->categories = words;
  return TRUE;
}

static gboolean
is_code (double value)
{
  return value >= 0 && value <= MAX_CODE && value == floor (value);
}

/* Whether the texts say the same as the numbers. */
static gboolean
texts_are_the_numbers (char *const *texts, const double *values, gsize n_rows)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      double number;

      if (texts[i][0] == '\0' || isnan (values[i]))
        continue;
      if (!shs_number_parse (texts[i], texts[i] + strlen (texts[i]), &number)
          || fabs (number - values[i]) > 1e-3 * fabs (values[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_largest_code (const double *values, gsize n_rows, gsize *largest)
{
  *largest = 0;
  for (gsize i = 0; i < n_rows; i++)
    if (is_code (values[i]))
      *largest = MAX (*largest, (gsize)values[i]);
    else if (!isnan (values[i]))
      return FALSE;
  return TRUE;
}

/* Whether 0 and 1, as far as they occur, are called "false" and "true". */
static gboolean
take_truths (char *const *texts, gsize largest, ShsColumn *column)
{
  gsize first = texts[0] == NULL ? largest : 0;

  for (gsize c = first; c <= largest; c++)
    if (largest > 1 || texts[c] == NULL || shs_truth_find (texts[c]) != (int)c)
      return FALSE;
  return shs_column_set_truths (column, texts + first, largest + 1 - first);
}

/* A dictionary from the texts beside codes; FALSE when a code has two texts or is none. */
static gboolean
build_dictionary (char *const *texts, const double *values, gsize n_rows, ShsColumn *column)
{
  gsize largest;
  char **categories;

  if (!find_largest_code (values, n_rows, &largest))
    return FALSE;
  categories = g_new0 (char *, largest + 2);
  for (gsize i = 0; i < n_rows; i++)
    {
      char **category = isnan (values[i]) ? NULL : &categories[(gsize)values[i]];

      if (category == NULL || texts[i][0] == '\0')
        continue;
      if (*category != NULL && !g_str_equal (*category, texts[i]))
        {
          free_texts (categories, largest + 1);
          return FALSE;
        }
      if (*category == NULL)
        *category = g_strdup (texts[i]);
    }
  if (take_truths (categories, largest, column))
    {
      free_texts (categories, largest + 1);
      return TRUE;
    }
  for (gsize c = 0; c <= largest; c++)
    if (categories[c] == NULL)
      categories[c] = g_strdup_printf ("%" G_GSIZE_FORMAT, c);
  column->type = SHS_COLUMN_CATEGORY;
  column->n_categories = largest + 1;
  column->categories = categories;
  return TRUE;
}

static void
use_display_of_column (ShsExplanationReader *self, const ShsNpyArray *display, gsize column,
                       gsize n_columns, const double *values, ShsColumn *described)
{
  g_auto (GStrv) texts = g_new0 (char *, self->n_rows + 1);

  for (gsize i = 0; i < self->n_rows; i++)
    texts[i] = shs_npy_array_get_string (display, 0, i * n_columns + column);
  if (texts_are_the_numbers (texts, values, self->n_rows)
      || build_dictionary (texts, values, self->n_rows, described))
    return;
  shs_provenance_add_note (
      &self->parts.provenance,
      g_strdup_printf ("display_data of %s is not used: its texts do not stand for whole codes",
                       described->name));
}

static gboolean
use_display (ShsExplanationReader *self, guint index, const ShsMatrix *data, GError **error)
{
  ShsInput *input = &self->parts.inputs[index];
  g_autoptr (ShsNpyArray) display = NULL;

  if (self->is_ours || input->columns == NULL)
    return TRUE;
  if (!shs_explanation_reader_open (self, "display_data", index, input->n_columns, TRUE, &display,
                                    error))
    return FALSE;
  if (display == NULL || !shs_array_is_text (display))
    return TRUE;
  for (gsize j = 0; j < input->n_columns; j++)
    if (input->columns[j].type == SHS_COLUMN_NUMBER)
      use_display_of_column (self, display, j, input->n_columns, shs_matrix_column (data, j),
                             &input->columns[j]);
  return TRUE;
}

/* ---- data ---- */

/* A code beyond the dictionary is a category that the model has never seen. */
static gboolean
check_codes (ShsExplanationReader *self, const ShsColumn *column, const double *codes, gsize n_rows,
             gsize first_row, GError **error)
{
  double largest = shs_column_is_truth (column) ? 1 : G_MAXINT32;

  for (gsize i = 0; i < n_rows; i++)
    {
      if (isnan (codes[i])
          || (codes[i] >= 0 && codes[i] <= largest && codes[i] == floor (codes[i])))
        continue;
      if (shs_column_is_truth (column))
        return shs_array_source_fail (self->source, error,
                                      "row %zu of `data` has %g for %s, whose values are 0 (%s) "
                                      "and 1 (%s)",
                                      first_row + i, codes[i], column->name, column->categories[0],
                                      column->categories[1]);
      return shs_array_source_fail (self->source, error,
                                    "row %zu of `data` has %g for %s, whose values are codes of "
                                    "categories, whole numbers from 0 on",
                                    first_row + i, codes[i], column->name);
    }
  return TRUE;
}

static gboolean
check_all_codes (ShsExplanationReader *self, const ShsInput *input, const ShsMatrix *data,
                 gsize first_row, GError **error)
{
  for (gsize j = 0; input->columns != NULL && j < input->n_columns; j++)
    if (input->columns[j].n_categories > 0
        && !check_codes (self, &input->columns[j], shs_matrix_column (data, j), data->n_rows,
                         first_row, error))
      return FALSE;
  return TRUE;
}

/* Data that stay in the file: their codes are checked in one pass. */
static gboolean
check_located (ShsExplanationReader *self, const ShsValues *data, GError **error)
{
  const ShsInput *input = &self->parts.inputs[0];
  gsize n_block = CLAMP (BLOCK_NUMBERS / input->n_columns, 1, MAX (1, self->n_rows));
  g_autoptr (ShsMatrix) block = shs_matrix_new (n_block, input->n_columns, error);

  for (gsize first = 0; block != NULL && first < self->n_rows; first += n_block)
    {
      ShsMatrix view = shs_matrix_rows (block, 0, MIN (n_block, self->n_rows - first));

      if (!shs_values_read (data, 0, first, &view, error)
          || !check_all_codes (self, input, &view, first, error))
        return FALSE;
    }
  return block != NULL;
}

/* Fills the data where they may stay in the file; TRUE with none where they must be read. */
static gboolean
locate_data (ShsExplanationReader *self, GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;
  g_autoptr (ShsValues) data = NULL;
  gsize n_columns = self->parts.inputs[0].n_columns;

  if (self->source->locate == NULL || self->parts.n_inputs > 1)
    return TRUE;
  if (!shs_explanation_reader_open (self, "data", 0, n_columns, TRUE, &array, error))
    return FALSE;
  if (array != NULL)
    data = shs_explanation_reader_locate (self, "data", array, n_columns, self->n_rows, 1);
  if (data == NULL)
    return TRUE;
  if (!self->is_ours && shs_array_source_has (self->source, "display_data"))
    shs_provenance_add_note (&self->parts.provenance,
                             g_strdup ("display_data is not used: the file is too large for it"));
  if (!check_located (self, data, error))
    return FALSE;
  self->parts.data = g_steal_pointer (&data);
  return TRUE;
}

static void
copy_numbers (const ShsNpyArray *array, ShsMatrix *data, double *row)
{
  for (gsize i = 0; i < data->n_rows; i++)
    {
      shs_npy_array_read_doubles (array, 0, i * data->n_columns, data->n_columns, row);
      for (gsize j = 0; j < data->n_columns; j++)
        shs_matrix_set (data, i, j, row[j]);
    }
}

/* NumPy's own truths of somebody else's file. */
static void
name_truths (const ShsExplanationReader *self, ShsInput *input, const ShsNpyArray *array)
{
  for (gsize j = 0; !self->is_ours && array->fields[0].kind == 'b' && j < input->n_columns; j++)
    if (input->columns != NULL && input->columns[j].n_categories == 0)
      shs_column_set_truths (&input->columns[j], NULL, 0);
}

/* Fills the input's columns of @all; @found tells whether the file has them. */
static gboolean
read_data (ShsExplanationReader *self, guint index, ShsMatrix *all, gsize first_column,
           gboolean *found, gboolean *single, GError **error)
{
  ShsInput *input = &self->parts.inputs[index];
  ShsMatrix data
      = { self->n_rows, input->n_columns, all->stride, shs_matrix_column (all, first_column) };
  g_autoptr (ShsNpyArray) array = NULL;
  SHS_AUTOFREE double *row = NULL;

  if (!shs_explanation_reader_open (self, "data", index, input->n_columns, TRUE, &array, error))
    return FALSE;
  *found = array != NULL;
  if (array == NULL)
    return TRUE;
  name_truths (self, input, array);
  *single = *single && shs_array_is_single (array);
  if (!shs_array_is_text (array))
    {
      row = shs_alloc (input->n_columns, sizeof (double), error);
      if (row == NULL)
        return FALSE;
      copy_numbers (array, &data, row);
      return use_display (self, index, &data, error)
             && check_all_codes (self, input, &data, 0, error);
    }
  if (input->columns == NULL || self->is_ours)
    return shs_array_source_fail (self->source, error,
                                  "the array `data%s` holds text where numbers belong",
                                  self->suffixes[index]);
  for (gsize j = 0; j < input->n_columns; j++)
    if (!encode_texts (array, self->n_rows, j, input->n_columns, &input->columns[j],
                       shs_matrix_column (&data, j), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_all_data (ShsExplanationReader *self, GError **error)
{
  gsize n_features = shs_explanation_count_features (&self->parts);
  g_autoptr (ShsMatrix) all = shs_matrix_new (self->n_rows, n_features, error);
  gsize first_column = 0;
  guint n_found = 0;
  gboolean single = TRUE;

  for (guint i = 0; i < self->parts.n_inputs; i++)
    {
      gboolean found;

      if (all == NULL || !read_data (self, i, all, first_column, &found, &single, error))
        return FALSE;
      first_column += self->parts.inputs[i].n_columns;
      n_found += found;
    }
  if (n_found == 0)
    return TRUE;
  if (n_found < self->parts.n_inputs)
    return shs_array_source_fail (self->source, error,
                                  "only some of the inputs have `data`; all must have them");
  self->parts.data = single ? shs_values_new_floats (self->n_rows, n_features, 1, error)
                            : shs_values_new_doubles (self->n_rows, n_features, 1, error);
  if (self->parts.data == NULL)
    return FALSE;
  return shs_values_write (self->parts.data, 0, all, error);
}

gboolean
shs_explanation_reader_read_columns (ShsExplanationReader *self, GError **error)
{
  for (guint i = 0; i < self->parts.n_inputs; i++)
    if (!settle_columns (self, i, error))
      return FALSE;
  return locate_data (self, error) && (self->parts.data != NULL || read_all_data (self, error));
}
