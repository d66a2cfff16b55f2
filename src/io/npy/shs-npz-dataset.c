#include "io/npy/shs-npy.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-bytes.h"
#include "io/npy/shs-npy-private.h"

#include <math.h>
#include <string.h>

/* Arrays that speak of the data instead of being data. */
static const char *const note_names[] = { "feature_names", "columns", "shape", NULL };

/* An array of the archive. */
typedef struct
{
  const char *name;
  ShsNpyArray *array;
} Entry;

static void
entry_clear (gpointer entry)
{
  shs_npy_array_free (((Entry *)entry)->array);
}

static gboolean
fail (const char *path, int code, const char *message, GError **error)
{
  g_set_error (error, SHS_ERROR, code, "%s: %s", path, message);
  return FALSE;
}

/* Arrays of Python objects are passed over: the others can be read without them. */
static gboolean
load_entry (ShsNpz *archive, const char *name, GArray *entries, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  Entry entry = { name, shs_npz_read (archive, name, &own_error) };

  if (entry.array != NULL)
    {
      g_array_append_val (entries, entry);
      return TRUE;
    }
  if (g_error_matches (own_error, SHS_ERROR, SHS_ERROR_UNSUPPORTED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

/*
 * An explanation ("data" beside "values") is the data that it explains; other archives are all
 * their arrays but the notes and single values.
 */
static GArray *
load_entries (ShsNpz *archive, GError **error)
{
  GArray *entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  const char *const *names = shs_npz_get_names (archive);
  gboolean is_explanation = shs_npz_has (archive, "data") && shs_npz_has (archive, "values");

  g_array_set_clear_func (entries, entry_clear);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      if (is_explanation ? !g_str_equal (names[i], "data") : g_strv_contains (note_names, names[i]))
        continue;
      if (!load_entry (archive, names[i], entries, error))
        {
          g_array_unref (entries);
          return NULL;
        }
      if (entries->len > 0
          && g_array_index (entries, Entry, entries->len - 1).array->n_dimensions == 0)
        g_array_set_size (entries, entries->len - 1);
    }
  return entries;
}

static gboolean
check_rows (const char *path, GArray *entries, GError **error)
{
  const Entry *first;

  if (entries->len == 0)
    return fail (path, SHS_ERROR_INVALID, "it holds no array that can be read as data", error);
  first = &g_array_index (entries, Entry, 0);
  for (guint i = 1; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (entry->array->shape[0] == first->array->shape[0])
        continue;
      g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
                   "%s: the arrays \"%s\" and \"%s\" have %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT
                   " rows; keep the arrays of one data set in a file of their own",
                   path, first->name, entry->name, first->array->shape[0], entry->array->shape[0]);
      return FALSE;
    }
  return TRUE;
}

static gboolean
has_fields (const ShsNpyArray *array)
{
  return array->fields[0].name[0] != '\0';
}

/* Whether the arrays are columns of one table: at most one has two axes, none has more. */
static gboolean
are_columns (GArray *entries)
{
  guint n_wide = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const ShsNpyArray *array = g_array_index (entries, Entry, i).array;

      n_wide += array->n_dimensions == 2;
      if (array->n_dimensions > 2)
        return FALSE;
    }
  return n_wide <= 1;
}

/* The names of the columns of the wide array as the archive tells them; none is no error. */
static gboolean
read_names (ShsNpz *archive, const char *path, gsize n_columns, char ***names, GError **error)
{
  const char *name = shs_npz_has (archive, "feature_names") ? "feature_names" : "columns";
  g_autoptr (ShsNpyArray) array = NULL;

  *names = NULL;
  if (!shs_npz_has (archive, name))
    return TRUE;
  array = shs_npz_read (archive, name, error);
  if (array == NULL)
    return FALSE;
  if (array->n_items != n_columns)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
                   "%s: \"%s\" has %" G_GSIZE_FORMAT " names for %" G_GSIZE_FORMAT " columns", path,
                   name, array->n_items, n_columns);
      return FALSE;
    }
  *names = g_new0 (char *, n_columns + 1);
  for (gsize i = 0; i < n_columns; i++)
    (*names)[i] = shs_npy_array_get_string (array, 0, i);
  return TRUE;
}

static gboolean
add_table (ShsNpyDatasetBuilder *builder, ShsNpz *archive, const char *path, GArray *entries,
           GError **error)
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);
      ShsNpyArray *array = entry->array;
      g_auto (GStrv) names = NULL;

      if (array->n_dimensions == 2 && !has_fields (array)
          && !read_names (archive, path, array->shape[1], &names, error))
        return FALSE;
      if (!shs_npy_dataset_builder_add_columns (builder,
                                                array->n_dimensions == 2 ? "" : entry->name, names,
                                                g_steal_pointer (&entry->array), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_inputs (ShsNpyDatasetBuilder *builder, GArray *entries, GError **error)
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = &g_array_index (entries, Entry, i);

      if (!shs_npy_dataset_builder_add_input (builder, entries->len == 1 ? "" : entry->name,
                                              g_steal_pointer (&entry->array), error))
        {
          g_prefix_error (error, "array \"%s\": ", entry->name);
          return FALSE;
        }
    }
  return TRUE;
}

/* Whether the axes are lengths of at least one whose product is @n_columns. */
static gboolean
axes_make_row (const double *axes, gsize n_axes, gsize n_columns)
{
  gsize product = 1;

  for (gsize i = 0; i < n_axes; i++)
    if (!(axes[i] >= 1 && axes[i] <= (double)n_columns) || axes[i] != floor (axes[i])
        || !shs_size_multiply (product, (gsize)axes[i], &product))
      return FALSE;
  return product == n_columns;
}

/* Rows that were flattened get the axes back that "shape" tells; FALSE when those do not fit. */
static gboolean
restore_shape (ShsNpz *archive, const char *path, GArray *entries, GError **error)
{
  ShsNpyArray *array = g_array_index (entries, Entry, 0).array;
  g_autoptr (ShsNpyArray) shape = NULL;
  double axes[SHS_NPY_MAX_DIMENSIONS];

  if (entries->len != 1 || array->n_dimensions != 2 || array->shape[1] == 0 || array->is_fortran
      || has_fields (array) || !shs_npz_has (archive, "shape"))
    return TRUE;
  shape = shs_npz_read (archive, "shape", error);
  if (shape == NULL)
    return FALSE;
  if (shape->n_items == 0 || shape->n_items >= SHS_NPY_MAX_DIMENSIONS)
    return fail (path, SHS_ERROR_INVALID, "\"shape\" must tell between one and seven axes", error);
  shs_npy_array_read_doubles (shape, 0, 0, shape->n_items, axes);
  if (!axes_make_row (axes, shape->n_items, array->shape[1]))
    return fail (path, SHS_ERROR_MISMATCH, "\"shape\" does not fit the columns of \"data\"", error);
  array->n_dimensions = 1 + (guint)shape->n_items;
  for (gsize i = 0; i < shape->n_items; i++)
    array->shape[1 + i] = (gsize)axes[i];
  return TRUE;
}

/* Curves of a metric are what benchmarks of explainers leave. */
static gboolean
check_content (ShsNpz *archive, const char *path, GError **error)
{
  if (!shs_npz_has (archive, "metric") || !shs_npz_has (archive, "curve_x"))
    return TRUE;
  return fail (path, SHS_ERROR_UNSUPPORTED,
               "it holds the results of a benchmark (the array \"metric\"), which are neither data "
               "nor an explanation and cannot be shown yet; open one of these",
               error);
}

ShsDataset *
shs_npz_dataset_open (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = shs_bytes_open (path, error);

  return bytes != NULL ? shs_npz_dataset_parse (path, bytes, error) : NULL;
}

ShsDataset *
shs_npz_dataset_parse (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsNpz) archive = shs_npz_open_bytes (name, bytes, error);
  g_autoptr (ShsNpyDatasetBuilder) builder = shs_npy_dataset_builder_new (name);
  g_autoptr (GArray) entries = NULL;

  if (archive == NULL || !check_content (archive, name, error))
    return NULL;
  entries = load_entries (archive, error);
  if (entries == NULL || !check_rows (name, entries, error)
      || !restore_shape (archive, name, entries, error))
    return NULL;
  if (are_columns (entries) ? !add_table (builder, archive, name, entries, error)
                            : !add_inputs (builder, entries, error))
    return NULL;
  return shs_npy_dataset_builder_finish (builder);
}
