#include "io/hdf5/shs-hdf5-convert.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/hdf5/shs-hdf5-private.h"
#include "io/hdf5/shs-hdf5.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

gboolean
shs_hdf5_convert_prepare (GError **error)
{
  H5dont_atexit ();
  if (H5open () < 0 || H5PLset_loading_state (0) < 0)
    return shs_hdf5_fail (error, "the HDF5 library does not start", NULL);
  shs_hdf5_silence ();
  return shs_hdf5_prepare_driver (error);
}

void
shs_hdf5_report (gsize done, gsize total)
{
  static guint last;
  guint percent = total > 0 ? (guint)(100.0 * (double)done / (double)total) : 0;
  char line[16];

  if (percent <= last)
    return;
  last = percent;
  snprintf (line, sizeof line, "%%%u\n", percent);
  if (write (STDERR_FILENO, line, strlen (line)) < 0)
    return; /* nobody listens any more */
}

/* ---- numbers as they are ---- */

static gboolean
write_block (ShsNpzWriter *answer, double *numbers, gsize count, gboolean single, GError **error)
{
  float *narrow = (float *)numbers;

  if (!single)
    return shs_npz_writer_write (answer, numbers, count * sizeof *numbers, error);
  for (gsize i = 0; i < count; i++)
    narrow[i] = (float)numbers[i];
  return shs_npz_writer_write (answer, narrow, count * sizeof *narrow, error);
}

static gboolean
write_numbers (ShsNpzWriter *answer, const char *name, const ShsHdf5Data *data, GError **error)
{
  g_auto (ShsHdf5Item) item = { .memory = H5I_INVALID_HID, .element = H5I_INVALID_HID };
  gboolean single = shs_hdf5_type_is_single (data->type);
  gsize n_rows = data->n_dimensions > 0 ? data->shape[0] : 1;
  gsize per_row = data->row_items;
  SHS_AUTOFREE double *block = NULL;
  gsize n_block;

  if (!shs_hdf5_item_init (&item, data, NULL, error))
    return FALSE;
  if (item.count != 1)
    return shs_hdf5_refuse (error, "%s holds arrays inside its items", data->path);
  n_block = shs_hdf5_rows_per_block (data, &item);
  block = data->n_items > 0 ? shs_alloc (n_block, per_row * sizeof (double), error)
                            : shs_alloc (1, 1, error);
  if (block == NULL
      || !shs_npz_writer_begin (answer, name, single ? "<f4" : "<f8", data->n_dimensions,
                                data->shape, error))
    return FALSE;
  for (gsize first = 0; data->n_items > 0 && first < n_rows; first += n_block)
    {
      gsize n = MIN (n_block, n_rows - first);

      if (!shs_hdf5_read_numbers (data, &item, first, n, block, error)
          || !write_block (answer, block, n * per_row, single, error))
        return FALSE;
      shs_hdf5_report (first, n_rows);
    }
  return TRUE;
}

/* ---- explanations ---- */

static gboolean
write_texts (ShsNpzWriter *answer, const char *name, const ShsHdf5Data *data, GError **error)
{
  g_auto (GStrv) texts = shs_hdf5_read_all_texts (data, error);

  return texts != NULL
         && shs_npz_writer_add_texts (answer, name, (const char *const *)texts, data->n_dimensions,
                                      data->shape, error);
}

/* Tells where a large data set stands, where that can be told; FALSE with no error otherwise. */
static gboolean
write_place (ShsNpzWriter *answer, const char *name, const ShsHdf5Data *data, GError **error)
{
  g_autofree char *member = g_strconcat (SHS_HDF5_PLACE, name, NULL);
  double numbers[2 + SHS_NPY_MAX_DIMENSIONS];
  gsize count = 2;
  guint64 offset;
  gsize width;

  if (!shs_hdf5_data_find_place (data, &offset, &width)
      || data->n_items <= SHS_HDF5_PLACED_BYTES / width)
    return FALSE;
  numbers[0] = (double)offset;
  numbers[1] = (double)width;
  for (guint d = 0; d < data->n_dimensions; d++)
    numbers[count++] = (double)data->shape[d];
  return shs_npz_writer_begin (answer, member, "<f8", 1, &count, error)
         && shs_npz_writer_write (answer, numbers, count * sizeof *numbers, error);
}

static gboolean
convert_array (const ShsHdf5Data *data, const char *name, gboolean with_places,
               ShsNpzWriter *answer, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (data->n_dimensions == 0 && data->n_items == 0)
    return TRUE; /* HDF5's own "nothing" */
  if (data->kind == SHS_HDF5_TEXT)
    return write_texts (answer, name, data, error);
  if (data->kind != SHS_HDF5_NUMBER && data->kind != SHS_HDF5_CODE)
    return TRUE;
  if (with_places && write_place (answer, name, data, &problem))
    return TRUE;
  if (problem == NULL)
    return write_numbers (answer, name, data, error);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
convert_explanation (hid_t file, const ShsHdf5Contents *contents, gboolean with_places,
                     ShsNpzWriter *answer, GError **error)
{
  for (guint i = 0; i < contents->datasets->len; i++)
    {
      const char *path = contents->datasets->pdata[i];
      g_auto (ShsHdf5Data) data = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };

      if (strchr (path, '/') != NULL || g_str_has_prefix (path, SHS_HDF5_PLACE))
        continue;
      if (!shs_hdf5_data_open (&data, file, path, error)
          || !convert_array (&data, path, with_places, answer, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- tables ---- */

static gboolean
contains (const ShsHdf5Contents *contents, const char *path)
{
  return g_ptr_array_find_with_equal_func (contents->datasets, path, g_str_equal, NULL);
}

/* Names in a dimension scale of the second axis. */
static char **
read_scale_names (hid_t file, const ShsHdf5Data *data)
{
  g_auto (ShsHid) attribute = H5I_INVALID_HID;
  g_auto (ShsHid) type = H5I_INVALID_HID;
  g_auto (ShsHid) space = H5I_INVALID_HID;
  g_auto (ShsHid) memory = H5I_INVALID_HID;
  g_auto (ShsHid) scale = H5I_INVALID_HID;
  g_auto (ShsHdf5Data) texts = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
  hvl_t lists[2] = { { 0 } };
  char path[1024];

  if (H5Aexists (data->id, "DIMENSION_LIST") <= 0)
    return NULL;
  attribute = H5Aopen (data->id, "DIMENSION_LIST", H5P_DEFAULT);
  type = attribute >= 0 ? H5Aget_type (attribute) : H5I_INVALID_HID;
  space = attribute >= 0 ? H5Aget_space (attribute) : H5I_INVALID_HID;
  memory = H5Tvlen_create (H5T_STD_REF_OBJ);
  if (type < 0 || space < 0 || H5Tget_class (type) != H5T_VLEN
      || H5Sget_simple_extent_npoints (space) != 2 || H5Aread (attribute, memory, lists) < 0)
    return NULL;
  if (lists[1].len > 0)
    scale = H5Rdereference2 (data->id, H5P_DEFAULT, H5R_OBJECT, lists[1].p);
  H5Dvlen_reclaim (memory, space, H5P_DEFAULT, lists);
  if (scale < 0 || H5Iget_type (scale) != H5I_DATASET || H5Iget_name (scale, path, sizeof path) <= 0
      || !shs_hdf5_data_open (&texts, file, path, NULL) || texts.kind != SHS_HDF5_TEXT)
    return NULL;
  return shs_hdf5_read_all_texts (&texts, NULL);
}

static char **
read_sibling_names (hid_t file, const ShsHdf5Contents *contents, const ShsHdf5Data *data,
                    const char *sibling)
{
  const char *slash = strrchr (data->path, '/');
  g_autofree char *folder
      = slash != NULL ? g_strndup (data->path, (gsize)(slash + 1 - data->path)) : g_strdup ("");
  g_autofree char *path = g_strconcat (folder, sibling, NULL);
  g_auto (ShsHdf5Data) texts = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };

  if (!contains (contents, path) || !shs_hdf5_data_open (&texts, file, path, NULL)
      || texts.kind != SHS_HDF5_TEXT)
    return NULL;
  return shs_hdf5_read_all_texts (&texts, NULL);
}

/* Names count only when there is one for each column. */
static char **
find_names (hid_t file, const ShsHdf5Contents *contents, const ShsHdf5Data *data)
{
  static const char *const words[] = { "columns", "feature_names", "column_names" };

  for (gsize i = 0; i <= 2 * G_N_ELEMENTS (words); i++)
    {
      gsize word = i % G_N_ELEMENTS (words);
      g_auto (GStrv) names = NULL;

      if (i < G_N_ELEMENTS (words))
        names = shs_hdf5_attribute_texts (data->id, words[word]);
      else if (i < 2 * G_N_ELEMENTS (words))
        names = read_sibling_names (file, contents, data, words[word]);
      else
        names = read_scale_names (file, data);
      if (names != NULL && g_strv_length (names) == data->row_items)
        return g_steal_pointer (&names);
    }
  return NULL;
}

static gboolean
convert_grid (hid_t file, const ShsHdf5Contents *contents, const ShsHdf5Data *data,
              ShsNpzWriter *answer, GError **error)
{
  g_auto (GStrv) names = data->n_dimensions == 2 ? find_names (file, contents, data) : NULL;

  if (names != NULL
      && !shs_npz_writer_add_strings (answer, "names", (const char *const *)names,
                                      g_strv_length (names), error))
    return FALSE;
  return write_numbers (answer, "numbers", data, error);
}

static gboolean
add_field (ShsHdf5Table *table, const ShsHdf5Data *data, unsigned index, GError **error)
{
  char *field = H5Tget_member_name (data->type, index);
  g_auto (ShsHid) type = H5Tget_member_type (data->type, index);
  ShsHdf5Kind kind = type >= 0 ? shs_hdf5_type_get_kind (type) : SHS_HDF5_OTHER;
  g_auto (ShsHdf5Item) item = { .memory = H5I_INVALID_HID, .element = H5I_INVALID_HID };
  g_auto (GStrv) names = NULL;
  gboolean is_added = TRUE;

  if (field == NULL)
    return shs_hdf5_fail (error, "a field cannot be read of", data->path);
  names = g_new0 (char *, 2);
  names[0] = g_utf8_make_valid (field, -1);
  if (kind == SHS_HDF5_OTHER || kind == SHS_HDF5_COMPOUND)
    g_ptr_array_add (table->left_out, g_strdup (names[0]));
  else
    is_added = shs_hdf5_item_init (&item, data, field, error)
               && shs_hdf5_table_add (table, data, &item, names, NULL, error);
  H5free_memory (field);
  return is_added;
}

static gboolean
convert_compound (const ShsHdf5Data *data, ShsNpzWriter *answer, GError **error)
{
  g_auto (ShsHdf5Table) table = { 0 };
  int n_fields = H5Tget_nmembers (data->type);

  if (data->n_dimensions != 1)
    return shs_hdf5_refuse (error,
                            "%s is a grid of compound items (complex numbers, perhaps); write a "
                            "table of plain numbers",
                            data->path);
  shs_hdf5_table_init (&table, data->shape[0]);
  for (int f = 0; f < n_fields; f++)
    if (!add_field (&table, data, (unsigned)f, error))
      return FALSE;
  return shs_hdf5_table_write (&table, answer, error);
}

/* ---- choosing ---- */

static char *
find_frame (hid_t file, const ShsHdf5Contents *contents, guint *n_frames)
{
  g_autofree char *first = NULL;

  for (guint i = 0; i < contents->groups->len; i++)
    {
      const char *path = contents->groups->pdata[i];
      g_auto (ShsHid) group = H5Gopen2 (file, path[0] != '\0' ? path : "/", H5P_DEFAULT);
      g_auto (GStrv) kind = group >= 0 ? shs_hdf5_attribute_texts (group, "pandas_type") : NULL;

      if (kind == NULL || kind[0] == NULL || !g_str_has_prefix (kind[0], "frame"))
        continue;
      (*n_frames)++;
      if (first == NULL)
        first = g_strdup (path);
    }
  return g_steal_pointer (&first);
}

/* Numbers that a data set would give as a table; 0 for none. */
static gsize
count_numbers (const ShsHdf5Data *data)
{
  gsize count = 0;

  if (data->kind == SHS_HDF5_COMPOUND && data->n_dimensions >= 1)
    shs_size_multiply (data->n_items, (gsize)MAX (1, H5Tget_nmembers (data->type)), &count);
  else if ((data->kind == SHS_HDF5_NUMBER || data->kind == SHS_HDF5_CODE)
           && data->n_dimensions >= 1)
    count = data->n_items;
  return count;
}

static gboolean
choose (hid_t file, const ShsHdf5Contents *contents, char **chosen, guint *n_tables, GError **error)
{
  gsize most = 0;

  for (guint i = 0; i < contents->datasets->len; i++)
    {
      const char *path = contents->datasets->pdata[i];
      g_auto (ShsHdf5Data) data = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };

      if (!shs_hdf5_data_open (&data, file, path, error))
        return FALSE;
      *n_tables += count_numbers (&data) > 0;
      if (count_numbers (&data) <= most)
        continue;
      most = count_numbers (&data);
      g_free (*chosen);
      *chosen = g_strdup (path);
    }
  if (*chosen != NULL)
    return TRUE;
  return shs_hdf5_refuse (error,
                          "it holds no table of numbers%s%s%s; write a two-dimensional data "
                          "set",
                          contents->refused != NULL ? " (" : "",
                          contents->refused != NULL ? contents->refused : "",
                          contents->refused != NULL ? ")" : "");
}

/* Which one was taken, where there was a choice. */
static gboolean
write_source (ShsNpzWriter *answer, const char *path, guint n_choices, GError **error)
{
  return n_choices < 2 || shs_npz_writer_add_texts (answer, "source", &path, 0, NULL, error);
}

static gboolean
convert_chosen (hid_t file, const ShsHdf5Contents *contents, ShsNpzWriter *answer, GError **error)
{
  g_autofree char *path = NULL;
  guint n_tables = 0;
  g_auto (ShsHdf5Data) data = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };

  if (!choose (file, contents, &path, &n_tables, error)
      || !shs_hdf5_data_open (&data, file, path, error)
      || !write_source (answer, path, n_tables, error))
    return FALSE;
  return data.kind == SHS_HDF5_COMPOUND ? convert_compound (&data, answer, error)
                                        : convert_grid (file, contents, &data, answer, error);
}

static gboolean
convert (hid_t file, gboolean with_places, ShsNpzWriter *answer, GError **error)
{
  g_auto (ShsHdf5Contents) contents = { 0 };
  g_autofree char *frame = NULL;
  guint n_frames = 0;

  if (!shs_hdf5_list (file, &contents, error))
    return FALSE;
  if (contains (&contents, "base_values"))
    return convert_explanation (file, &contents, with_places, answer, error);
  frame = find_frame (file, &contents, &n_frames);
  if (frame == NULL)
    return convert_chosen (file, &contents, answer, error);
  return write_source (answer, frame, n_frames, error)
         && shs_hdf5_convert_pandas (file, frame, answer, error);
}

gboolean
shs_hdf5_convert (int input, int answer, gboolean with_places, GError **error)
{
  g_autoptr (ShsNpzWriter) writer = shs_answer_writer_new (answer);
  hid_t file = shs_hdf5_open_descriptor (input, error);

  /* The file is not closed: the process ends at once, and closing has failed on damaged files. */
  return file >= 0 && convert (file, with_places, writer, error)
         && shs_npz_writer_commit (writer, error);
}
