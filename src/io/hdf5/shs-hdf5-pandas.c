/*
 * Frames as pandas' HDFStore writes them, "fixed" and "table".
 *
 * Fixed: axis0 holds the columns' names; block N holds some of them, block N_items says which. Text
 * blocks are pickles and are left out. Table: one compound; its array fields values_block_N have
 * their names in attributes that are pickles of protocol 0, read here as data: a few line-wise
 * opcodes, of which the texts are taken.
 */
#include "io/hdf5/shs-hdf5-private.h"

#include "core/shs-error.h"

#include <string.h>

#define MAX_BLOCKS 100000

/* ---- names in pickles of protocol 0 ---- */

static gunichar
read_escape (const char **at)
{
  guint n_digits = (*at)[1] == 'u' ? 4 : (*at)[1] == 'U' ? 8 : 0;
  gunichar value = 0;

  for (guint i = 0; i < n_digits; i++)
    {
      int digit = g_ascii_xdigit_value ((*at)[2 + i]);

      if (digit < 0)
        return 0;
      value = value * 16 + (gunichar)digit;
    }
  if (n_digits == 0 || !g_unichar_validate (value) || value == 0)
    return 0;
  *at += 1 + n_digits;
  return value;
}

/* Python's raw-unicode-escape: only \uXXXX and \UXXXXXXXX mean something else. */
static char *
unescape (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      gunichar value = *at == '\\' ? read_escape (&at) : 0;

      if (value != 0)
        g_string_append_unichar (out, value);
      else
        g_string_append_c (out, *at);
    }
  return g_string_free (out, FALSE);
}

/* Opcodes without an argument may stand in front of one with: "aVname", "(lp0", "atp6". */
static const char *
skip_marks (const char *line)
{
  return line + strspn (line, "(ldat)s.0");
}

/* The texts of a list; NULL when there is an opcode that no list of names needs. */
static char **
read_pickled_names (const char *pickle)
{
  g_auto (GStrv) lines = g_strsplit (pickle, "\n", -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *opcode = skip_marks (lines[i]);

      if (opcode[0] == 'V')
        g_ptr_array_add (names, unescape (opcode + 1));
      else if (opcode[0] == 'S' && strlen (opcode) >= 3)
        g_ptr_array_add (names, g_strndup (opcode + 2, strlen (opcode) - 3));
      else if (opcode[0] != '\0' && strchr ("pIgN", opcode[0]) == NULL)
        return NULL;
    }
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static char **
read_name_attribute (hid_t object, const char *name)
{
  g_auto (GStrv) texts = shs_hdf5_attribute_texts (object, name);

  return texts != NULL && texts[0] != NULL ? read_pickled_names (texts[0]) : NULL;
}

/* ---- columns in the frame's order ---- */

static char *
child_path (const char *group, const char *name)
{
  return group[0] != '\0' ? g_strconcat (group, "/", name, NULL) : g_strdup (name);
}

/* Moves the columns into the order of @names; what has no place there follows. */
static void
order_columns (ShsHdf5Table *table, char *const *names)
{
  GPtrArray *from = table->columns;
  guint next = 0;

  for (gsize n = 0; names != NULL && names[n] != NULL; n++)
    for (guint j = next; j < from->len; j++)
      if (g_strcmp0 (((ShsHdf5Column *)from->pdata[j])->name, names[n]) == 0)
        {
          gpointer column = from->pdata[j];

          memmove (&from->pdata[next + 1], &from->pdata[next], (j - next) * sizeof (gpointer));
          from->pdata[next++] = column;
          break;
        }
}

/* ---- fixed ---- */

static char **
read_text_list (hid_t file, const char *group, const char *name, GError **error)
{
  g_autofree char *path = child_path (group, name);
  g_auto (ShsHdf5Data) data = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };

  if (!shs_hdf5_data_open (&data, file, path, error))
    return NULL;
  if (data.kind != SHS_HDF5_TEXT)
    {
      shs_hdf5_refuse (error, "%s holds no names of columns", path);
      return NULL;
    }
  return shs_hdf5_read_all_texts (&data, error);
}

static void
leave_out (ShsHdf5Table *table, char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (table->left_out, g_strdup (names[i]));
}

static gboolean
add_fixed_block (ShsHdf5Table *table, hid_t file, const char *group, gint64 block, GError **error)
{
  g_autofree char *items = g_strdup_printf ("block%" G_GINT64_FORMAT "_items", block);
  g_autofree char *values = g_strdup_printf ("block%" G_GINT64_FORMAT "_values", block);
  g_autofree char *path = child_path (group, values);
  g_auto (GStrv) names = read_text_list (file, group, items, error);
  g_auto (ShsHdf5Data) data = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
  g_auto (ShsHdf5Item) item = { .memory = H5I_INVALID_HID, .element = H5I_INVALID_HID };

  if (names == NULL || !shs_hdf5_data_open (&data, file, path, error))
    return FALSE;
  if (data.kind != SHS_HDF5_NUMBER && data.kind != SHS_HDF5_CODE)
    {
      leave_out (table, names);
      return TRUE;
    }
  if (data.n_dimensions != 2 || data.shape[1] != g_strv_length (names)
      || (table->columns->len > 0 && data.shape[0] != table->n_rows))
    return shs_hdf5_refuse (error, "%s does not fit its names or the other blocks", path);
  table->n_rows = data.shape[0];
  return shs_hdf5_item_init (&item, &data, NULL, error)
         && shs_hdf5_table_add (table, &data, &item, names, NULL, error);
}

static gint64
read_integer_attribute (hid_t object, const char *name)
{
  g_auto (ShsHid) attribute
      = H5Aexists (object, name) > 0 ? H5Aopen (object, name, H5P_DEFAULT) : H5I_INVALID_HID;
  g_auto (ShsHid) type = attribute >= 0 ? H5Aget_type (attribute) : H5I_INVALID_HID;
  g_auto (ShsHid) space = attribute >= 0 ? H5Aget_space (attribute) : H5I_INVALID_HID;
  gint64 value = -1;

  if (type >= 0 && space >= 0 && H5Tget_class (type) == H5T_INTEGER
      && H5Sget_simple_extent_npoints (space) == 1)
    H5Aread (attribute, H5T_NATIVE_INT64, &value);
  return value;
}

static gboolean
convert_fixed (hid_t file, hid_t object, const char *group, ShsNpzWriter *answer, GError **error)
{
  g_auto (ShsHdf5Table) table = { 0 };
  gint64 n_blocks = read_integer_attribute (object, "nblocks");
  g_auto (GStrv) order = read_text_list (file, group, "axis0", error);

  if (order == NULL)
    return FALSE;
  if (n_blocks < 0 || n_blocks > MAX_BLOCKS)
    return shs_hdf5_refuse (error, "the frame %s does not tell its blocks", group);
  shs_hdf5_table_init (&table, 0);
  for (gint64 b = 0; b < n_blocks; b++)
    if (!add_fixed_block (&table, file, group, b, error))
      return FALSE;
  order_columns (&table, order);
  return shs_hdf5_table_write (&table, answer, error);
}

/* ---- table ---- */

static gboolean
add_field (ShsHdf5Table *table, const ShsHdf5Data *data, const char *field, const char *missing,
           GError **error)
{
  g_autofree char *kind = g_strconcat (field, "_kind", NULL);
  g_auto (GStrv) names = NULL;
  g_auto (ShsHdf5Item) item = { .memory = H5I_INVALID_HID, .element = H5I_INVALID_HID };

  if (g_str_has_prefix (field, "values_block_"))
    names = read_name_attribute (data->id, kind);
  else
    names = g_strsplit (field, "\n", 1);
  return shs_hdf5_item_init (&item, data, field, error)
         && shs_hdf5_table_add (table, data, &item, names, missing, error);
}

static gboolean
convert_table (hid_t file, hid_t object, const char *group, ShsNpzWriter *answer, GError **error)
{
  g_autofree char *path = child_path (group, "table");
  g_auto (ShsHdf5Table) table = { 0 };
  g_auto (ShsHdf5Data) data = { .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
  g_auto (GStrv) order = read_name_attribute (object, "non_index_axes");
  g_auto (GStrv) missing = shs_hdf5_attribute_texts (object, "nan_rep");
  int n_fields;

  if (!shs_hdf5_data_open (&data, file, path, error))
    return FALSE;
  if (data.kind != SHS_HDF5_COMPOUND || data.n_dimensions != 1)
    return shs_hdf5_refuse (error, "%s is not the table that pandas writes", path);
  shs_hdf5_table_init (&table, data.shape[0]);
  n_fields = H5Tget_nmembers (data.type);
  for (int f = 0; f < n_fields; f++)
    {
      char *field = H5Tget_member_name (data.type, (unsigned)f);
      gboolean is_added
          = field != NULL
            && (g_str_equal (field, "index")
                || add_field (&table, &data, field, missing != NULL ? missing[0] : NULL, error));

      if (field == NULL)
        shs_hdf5_fail (error, "a field cannot be read of", path);
      H5free_memory (field);
      if (!is_added)
        return FALSE;
    }
  order_columns (&table, order);
  return shs_hdf5_table_write (&table, answer, error);
}

gboolean
shs_hdf5_convert_pandas (hid_t file, const char *group, ShsNpzWriter *answer, GError **error)
{
  g_auto (ShsHid) object = H5Gopen2 (file, group[0] != '\0' ? group : "/", H5P_DEFAULT);
  g_auto (GStrv) kind = NULL;

  if (object < 0)
    return shs_hdf5_fail (error, "a group cannot be opened:", group);
  kind = shs_hdf5_attribute_texts (object, "pandas_type");
  if (kind != NULL && g_strcmp0 (kind[0], "frame") == 0)
    return convert_fixed (file, object, group, answer, error);
  if (kind != NULL && g_strcmp0 (kind[0], "frame_table") == 0)
    return convert_table (file, object, group, answer, error);
  return shs_hdf5_refuse (error, "%s is of pandas and no frame; write a DataFrame", group);
}
