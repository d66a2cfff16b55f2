/* The loader's answer as a data set; layout in shs-hdf5-convert.h. The answer counts as hostile. */
#include "io/hdf5/shs-hdf5.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-table-builder.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 1000000

static gboolean
fail (const char *path, GError **error, const char *message)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID, "%s: %s", path, message);
  return FALSE;
}

/* TRUE with @array NULL when there is none. */
static gboolean
read_array (ShsNpz *answer, const char *path, const char *name, ShsNpyArray **array, GError **error)
{
  *array = NULL;
  if (!shs_npz_has (answer, name))
    return TRUE;
  *array = shs_npz_read (answer, name, error);
  if (*array == NULL)
    return FALSE;
  if ((*array)->n_fields == 1 && ((*array)->stride > 0 || (*array)->n_items == 0))
    return TRUE;
  g_clear_pointer (array, shs_npy_array_free);
  return fail (path, error, "the loader's answer is damaged");
}

static gboolean
read_texts (ShsNpz *answer, const char *path, const char *name, char ***texts, gsize *n,
            GError **error)
{
  g_autoptr (ShsNpyArray) array = NULL;

  *texts = NULL;
  *n = 0;
  if (!read_array (answer, path, name, &array, error))
    return FALSE;
  if (array == NULL)
    return TRUE;
  *n = array->n_items;
  *texts = g_new0 (char *, *n + 1);
  for (gsize i = 0; i < *n; i++)
    (*texts)[i] = shs_npy_array_get_string (array, 0, i);
  return TRUE;
}

/* "file.h5", "file.h5, group/x", "file.h5, without city". */
static char *
make_name (ShsNpz *answer, const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  GString *name = g_string_new (base);
  g_auto (GStrv) source = NULL;
  g_auto (GStrv) left_out = NULL;
  gsize n_source, n_left_out;

  if (read_texts (answer, path, "source", &source, &n_source, NULL) && n_source == 1
      && source[0][0] != '\0')
    g_string_append_printf (name, ", %s", source[0]);
  if (read_texts (answer, path, "left_out", &left_out, &n_left_out, NULL) && n_left_out > 0)
    {
      g_autofree char *list = g_strjoinv (", ", left_out);

      g_string_append_printf (name, ", without %s", list);
    }
  return g_string_free (name, FALSE);
}

/* ---- tables ---- */

static void
free_numbers (double **columns, gsize n)
{
  for (gsize j = 0; columns != NULL && j < n; j++)
    shs_free (columns[j]);
  g_free (columns);
}

static double **
new_numbers (gsize n_rows, gsize n_columns, GError **error)
{
  double **columns = g_new0 (double *, n_columns + 1);

  for (gsize j = 0; j < n_columns; j++)
    {
      columns[j] = shs_alloc (n_rows, sizeof (double), error);
      if (columns[j] == NULL)
        {
          free_numbers (columns, n_columns);
          return NULL;
        }
    }
  return columns;
}

/* Rows of a grid, or whole columns, into columns. */
static gboolean
fill_columns (const ShsNpyArray *array, gboolean by_columns, gsize n_rows, gsize n_columns,
              double **columns, GError **error)
{
  SHS_AUTOFREE double *row = NULL;

  for (gsize j = 0; by_columns && j < n_columns; j++)
    shs_npy_array_read_doubles (array, 0, j * n_rows, n_rows, columns[j]);
  if (by_columns)
    return TRUE;
  row = shs_alloc (n_columns, sizeof (double), error);
  for (gsize i = 0; row != NULL && i < n_rows; i++)
    {
      shs_npy_array_read_doubles (array, 0, i * n_columns, n_columns, row);
      for (gsize j = 0; j < n_columns; j++)
        columns[j][i] = row[j];
    }
  return row != NULL;
}

static gboolean
add_categories (ShsNpz *answer, const char *path, ShsTableBuilder *builder, const char *name,
                gsize column, const double *values, gsize n_rows, gboolean *added, GError **error)
{
  g_autofree char *member = g_strdup_printf ("categories:%zu", column);
  g_auto (GStrv) categories = NULL;
  SHS_AUTOFREE gint32 *codes = NULL;
  gsize n;

  *added = FALSE;
  if (!shs_npz_has (answer, member))
    return TRUE;
  if (!read_texts (answer, path, member, &categories, &n, error))
    return FALSE;
  codes = shs_alloc (n_rows, sizeof (gint32), error);
  if (codes == NULL)
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    codes[i] = values[i] >= 0 && values[i] < (double)MIN (n, G_MAXINT32) ? (gint32)values[i] : -1;
  shs_table_builder_add_codes (builder, name, g_steal_pointer (&codes),
                               g_steal_pointer (&categories), n);
  *added = TRUE;
  return TRUE;
}

/* Whether the answer calls a column one of truths. */
static gboolean
is_truth (const ShsNpyArray *truths, gsize column)
{
  double flag = 0;

  if (truths != NULL && column < truths->n_items)
    shs_npy_array_read_doubles (truths, 0, column, 1, &flag);
  return flag == 1;
}

/* The answer counts as hostile: any number but 0 is a truth. */
static void
add_truths (ShsTableBuilder *builder, const char *name, double *values, gsize n_rows)
{
  for (gsize i = 0; i < n_rows; i++)
    values[i] = isnan (values[i]) ? NAN : values[i] != 0;
  shs_table_builder_add_truths (builder, name, values);
}

static ShsDataset *
build_table (ShsNpz *answer, const char *path, const ShsNpyArray *array, gboolean by_columns,
             gsize n_rows, gsize n_columns, GError **error)
{
  g_autoptr (ShsTableBuilder) builder = shs_table_builder_new (n_rows);
  g_autofree char *name = make_name (answer, path);
  g_auto (GStrv) names = NULL;
  g_autoptr (ShsNpyArray) truths = NULL;
  gsize n_names;
  double **columns = NULL;
  gboolean is_built = read_texts (answer, path, "names", &names, &n_names, error)
                      && read_array (answer, path, "truths", &truths, error);

  if (is_built)
    columns = new_numbers (n_rows, n_columns, error);
  is_built = columns != NULL && fill_columns (array, by_columns, n_rows, n_columns, columns, error);
  for (gsize j = 0; is_built && j < n_columns; j++)
    {
      const char *column_name = j < n_names ? names[j] : "";
      gboolean added;

      is_built = add_categories (answer, path, builder, column_name, j, columns[j], n_rows, &added,
                                 error);
      if (is_built && !added && is_truth (truths, j))
        add_truths (builder, column_name, g_steal_pointer (&columns[j]), n_rows);
      else if (is_built && !added)
        shs_table_builder_add_doubles (builder, column_name, g_steal_pointer (&columns[j]));
    }
  free_numbers (columns, n_columns);
  return is_built ? shs_table_builder_finish (g_steal_pointer (&builder), name) : NULL;
}

/* ---- inputs with more axes ---- */

static gboolean
read_grid (gpointer source, guint input, gsize first_row, const gsize *columns, ShsMatrix *block,
           GError **error)
{
  const ShsNpyArray *array = source;
  gsize per_row = 1;
  SHS_AUTOFREE double *row = NULL;

  for (guint d = 1; d < array->n_dimensions; d++)
    per_row *= array->shape[d];
  row = shs_alloc (per_row, sizeof (double), error);
  for (gsize i = 0; row != NULL && i < block->n_rows; i++)
    {
      shs_npy_array_read_doubles (array, 0, (first_row + i) * per_row, per_row, row);
      for (gsize j = 0; j < block->n_columns; j++)
        shs_matrix_set (block, i, j, row[columns[j]]);
    }
  return row != NULL;
}

static void
free_grid (gpointer source)
{
  shs_npy_array_free (source);
}

static const ShsDatasetSource grid_source = { read_grid, free_grid };

static ShsDataset *
build_grid (ShsNpz *answer, const char *path, ShsNpyArray *array, GError **error)
{
  g_autofree char *name = make_name (answer, path);
  ShsInput *input;

  if (array->n_dimensions - 1 > SHS_INPUT_MAX_DIMENSIONS)
    {
      fail (path, error, "the data have more axes than this version handles");
      return NULL;
    }
  input = shs_dataset_inputs_new (1);
  input->name = g_strdup ("");
  input->n_dimensions = array->n_dimensions - 1;
  input->n_columns = 1;
  for (guint d = 1; d < array->n_dimensions; d++)
    {
      input->shape[d - 1] = array->shape[d];
      input->n_columns *= array->shape[d];
    }
  return shs_dataset_new (name, array->shape[0], input, 1, &grid_source, array);
}

/* ---- what the answer is ---- */

static ShsDataset *
take_numbers (ShsNpz *answer, const char *path, ShsNpyArray *array, GError **error)
{
  g_autoptr (ShsNpyArray) numbers = array;
  ShsDataset *dataset;

  if (numbers->n_dimensions > 2)
    {
      dataset = build_grid (answer, path, numbers, error);
      if (dataset != NULL)
        g_steal_pointer (&numbers);
      return dataset;
    }
  return build_table (answer, path, numbers, FALSE, numbers->shape[0],
                      numbers->n_dimensions == 2 ? numbers->shape[1] : 1, error);
}

ShsDataset *
shs_hdf5_dataset_open (const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsFile) file = shs_file_open (path, error);

  return file != NULL ? shs_hdf5_dataset_read (file, progress, error) : NULL;
}

ShsDataset *
shs_hdf5_dataset_read (const ShsFile *file, ShsProgress *progress, GError **error)
{
  const char *path = shs_file_get_path (file);
  g_autoptr (ShsNpz) answer = shs_hdf5_arrays_open (file, FALSE, progress, error);
  g_autoptr (ShsNpyArray) numbers = NULL;
  g_autoptr (ShsNpyArray) columns = NULL;

  if (answer == NULL || !read_array (answer, path, "numbers", &numbers, error)
      || !read_array (answer, path, "columns", &columns, error))
    return NULL;
  if (columns != NULL && columns->n_dimensions == 2 && columns->shape[0] <= MAX_COLUMNS)
    return build_table (answer, path, columns, TRUE, columns->shape[1], columns->shape[0], error);
  if (numbers != NULL && numbers->n_dimensions >= 1
      && (numbers->n_dimensions != 2 || numbers->shape[1] <= MAX_COLUMNS))
    return take_numbers (answer, path, g_steal_pointer (&numbers), error);
  fail (path, error,
        shs_npz_has (answer, "base_values") && shs_npz_has (answer, "values")
            ? "this is an explanation, not a table of data; open it as an explanation"
            : "it holds no table that can be used");
  return NULL;
}
