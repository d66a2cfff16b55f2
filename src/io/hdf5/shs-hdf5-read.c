/* The rows of a data set that passed the guards, in blocks. */
#include "io/hdf5/shs-hdf5-private.h"

#include "core/shs-memory.h"

#include <string.h>

#define BLOCK_BYTES (4u << 20)
#define MAX_TEXTS (1u << 20) /* of an attribute or a list of names */

/* ---- memory types ---- */

/* What an element is read as: doubles, the machine's own codes, or texts as they are. */
static hid_t
make_element_type (hid_t type, ShsHdf5Kind kind)
{
  hid_t text;

  switch (kind)
    {
    case SHS_HDF5_NUMBER:
      return H5Tcopy (H5T_NATIVE_DOUBLE);
    case SHS_HDF5_CODE:
      return H5Tget_native_type (type, H5T_DIR_ASCEND);
    case SHS_HDF5_TEXT:
      if (H5Tis_variable_str (type) <= 0)
        return H5Tcopy (type);
      text = H5Tcopy (H5T_C_S1);
      H5Tset_size (text, H5T_VARIABLE);
      H5Tset_cset (text, H5Tget_cset (type));
      return text;
    default:
      return H5I_INVALID_HID;
    }
}

static hid_t
wrap_in_array (hid_t array, hid_t element)
{
  hsize_t shape[H5S_MAX_RANK];
  int rank = H5Tget_array_dims2 (array, shape);

  return rank > 0 ? H5Tarray_create2 (element, (unsigned)rank, shape) : H5I_INVALID_HID;
}

static hid_t
wrap_in_field (const char *field, hid_t inner)
{
  hid_t compound = H5Tcreate (H5T_COMPOUND, H5Tget_size (inner));

  if (compound >= 0 && H5Tinsert (compound, field, 0, inner) < 0)
    {
      H5Idec_ref (compound);
      return H5I_INVALID_HID;
    }
  return compound;
}

static hid_t
get_item_type (const ShsHdf5Data *data, const char *field)
{
  int index;

  if (field == NULL)
    return H5Tcopy (data->type);
  index = H5Tget_member_index (data->type, field);
  return index >= 0 ? H5Tget_member_type (data->type, (unsigned)index) : H5I_INVALID_HID;
}

gboolean
shs_hdf5_item_init (ShsHdf5Item *self, const ShsHdf5Data *data, const char *field, GError **error)
{
  g_auto (ShsHid) type = get_item_type (data, field);
  g_auto (ShsHid) element = H5I_INVALID_HID;
  g_auto (ShsHid) inner = H5I_INVALID_HID;
  gboolean is_array = type >= 0 && H5Tget_class (type) == H5T_ARRAY;

  *self = (ShsHdf5Item){ .field = field, .memory = H5I_INVALID_HID, .element = H5I_INVALID_HID };
  element = is_array ? H5Tget_super (type) : type >= 0 ? H5Tcopy (type) : H5I_INVALID_HID;
  if (element < 0)
    return shs_hdf5_fail (error, "the type cannot be read of", data->path);
  self->kind = shs_hdf5_type_get_kind (type);
  self->element = make_element_type (element, self->kind);
  if (self->element < 0)
    return shs_hdf5_refuse (error, "%s holds neither numbers nor texts", data->path);
  inner = is_array ? wrap_in_array (type, self->element) : H5Tcopy (self->element);
  self->memory = inner < 0       ? H5I_INVALID_HID
                 : field != NULL ? wrap_in_field (field, inner)
                                 : H5Tcopy (inner);
  if (self->memory < 0 || H5Tget_size (self->element) == 0)
    return shs_hdf5_fail (error, "the type cannot be used of", data->path);
  self->count = H5Tget_size (inner) / H5Tget_size (self->element);
  return TRUE;
}

void
shs_hdf5_item_clear (ShsHdf5Item *self)
{
  shs_hid_close (self->memory);
  shs_hid_close (self->element);
  self->memory = self->element = H5I_INVALID_HID;
}

/* ---- rows ---- */

gsize
shs_hdf5_rows_per_block (const ShsHdf5Data *data, const ShsHdf5Item *item)
{
  gsize bytes = H5Tget_size (item->memory) * MAX (1, data->row_items);
  gsize n_rows = data->n_dimensions > 0 ? data->shape[0] : 1;

  return CLAMP (BLOCK_BYTES / MAX (1, bytes), 1, MAX (1, n_rows));
}

/* Reads rows as item->memory says; the caller gives back what variable texts take. */
static gboolean
read_rows (const ShsHdf5Data *data, const ShsHdf5Item *item, gsize first_row, gsize n_rows,
           gpointer buffer, hid_t *memory_space, GError **error)
{
  g_auto (ShsHid) space = H5Dget_space (data->id);
  hsize_t start[SHS_NPY_MAX_DIMENSIONS] = { first_row };
  hsize_t count[SHS_NPY_MAX_DIMENSIONS];
  hsize_t n_items = (hsize_t)(n_rows * data->row_items);

  for (guint d = 0; d < data->n_dimensions; d++)
    count[d] = d == 0 ? n_rows : data->shape[d];
  *memory_space = H5Screate_simple (1, &n_items, NULL);
  if (space < 0 || *memory_space < 0
      || (data->n_dimensions > 0
          && H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, count, NULL) < 0)
      || H5Dread (data->id, item->memory, *memory_space, space, H5P_DEFAULT, buffer) < 0)
    return shs_hdf5_fail (error, "the content cannot be read of", data->path);
  return TRUE;
}

static double
decode_code (const guint8 *bytes, gsize size, gboolean is_signed)
{
  guint64 value = 0;

  memcpy (&value, bytes, MIN (size, sizeof value));
  if (is_signed && size < sizeof value && (value >> (8 * size - 1)) != 0)
    value |= ~(guint64)0 << (8 * size);
  return is_signed ? (double)(gint64)value : (double)value;
}

static void
decode_codes (const guint8 *bytes, hid_t element, gsize count, double *out)
{
  gsize size = H5Tget_size (element);
  gboolean is_signed = FALSE;

  if (H5Tget_class (element) == H5T_ENUM)
    {
      g_auto (ShsHid) base = H5Tget_super (element);

      is_signed = H5Tget_sign (base) == H5T_SGN_2;
    }
  for (gsize i = 0; i < count; i++)
    out[i] = decode_code (bytes + i * size, size, is_signed);
}

gboolean
shs_hdf5_read_numbers (const ShsHdf5Data *data, const ShsHdf5Item *item, gsize first_row,
                       gsize n_rows, double *out, GError **error)
{
  g_auto (ShsHid) space = H5I_INVALID_HID;
  gsize count = n_rows * data->row_items * item->count;
  SHS_AUTOFREE guint8 *raw = NULL;

  if (count == 0)
    return TRUE;
  if (item->kind == SHS_HDF5_NUMBER)
    return read_rows (data, item, first_row, n_rows, out, &space, error);
  raw = shs_alloc (count, H5Tget_size (item->element), error);
  if (raw == NULL || !read_rows (data, item, first_row, n_rows, raw, &space, error))
    return FALSE;
  decode_codes (raw, item->element, count, out);
  return TRUE;
}

/* ---- texts ---- */

static char *
take_text (const char *bytes, gsize size)
{
  gsize length = bytes != NULL ? strnlen (bytes, size) : 0;

  while (length > 0 && bytes[length - 1] == ' ')
    length--; /* Fortran pads with blanks */
  return bytes != NULL ? g_utf8_make_valid (bytes, (gssize)length) : g_strdup ("");
}

static char **
take_texts (const guint8 *raw, hid_t element, gsize count)
{
  gboolean is_variable = H5Tis_variable_str (element) > 0;
  gsize size = H5Tget_size (element);
  char **texts = g_new0 (char *, count + 1);

  for (gsize i = 0; i < count; i++)
    if (is_variable)
      {
        const char *text = ((char *const *)raw)[i];

        texts[i] = take_text (text, text != NULL ? strlen (text) : 0);
      }
    else
      texts[i] = take_text ((const char *)raw + i * size, size);
  return texts;
}

char **
shs_hdf5_read_texts (const ShsHdf5Data *data, const ShsHdf5Item *item, gsize first_row,
                     gsize n_rows, GError **error)
{
  g_auto (ShsHid) space = H5I_INVALID_HID;
  gsize count = n_rows * data->row_items * item->count;
  SHS_AUTOFREE guint8 *raw = NULL;
  char **texts;

  if (count == 0)
    return g_new0 (char *, 1);
  raw = shs_alloc0 (count, H5Tget_size (item->element), error);
  if (raw == NULL || !read_rows (data, item, first_row, n_rows, raw, &space, error))
    return NULL;
  texts = take_texts (raw, item->element, count);
  if (H5Tis_variable_str (item->element) > 0)
    H5Dvlen_reclaim (item->memory, space, H5P_DEFAULT, raw);
  return texts;
}

char **
shs_hdf5_read_all_texts (const ShsHdf5Data *data, GError **error)
{
  g_auto (ShsHdf5Item) item = { .memory = H5I_INVALID_HID, .element = H5I_INVALID_HID };

  if (data->n_items > MAX_TEXTS * 16)
    {
      shs_hdf5_refuse (error, "%s holds too many texts", data->path);
      return NULL;
    }
  if (!shs_hdf5_item_init (&item, data, NULL, error))
    return NULL;
  return shs_hdf5_read_texts (data, &item, 0, data->n_dimensions > 0 ? data->shape[0] : 1, error);
}

char **
shs_hdf5_attribute_texts (hid_t object, const char *name)
{
  g_auto (ShsHid) attribute = H5I_INVALID_HID;
  g_auto (ShsHid) type = H5I_INVALID_HID;
  g_auto (ShsHid) space = H5I_INVALID_HID;
  g_auto (ShsHid) memory = H5I_INVALID_HID;
  SHS_AUTOFREE guint8 *raw = NULL;
  gssize count;
  char **texts;

  if (H5Aexists (object, name) <= 0)
    return NULL;
  attribute = H5Aopen (object, name, H5P_DEFAULT);
  type = attribute >= 0 ? H5Aget_type (attribute) : H5I_INVALID_HID;
  space = attribute >= 0 ? H5Aget_space (attribute) : H5I_INVALID_HID;
  count = space >= 0 ? (gssize)H5Sget_simple_extent_npoints (space) : 0;
  if (type < 0 || H5Tget_class (type) != H5T_STRING || count < 1 || count > MAX_TEXTS)
    return NULL;
  memory = make_element_type (type, SHS_HDF5_TEXT);
  raw = memory >= 0 ? shs_alloc0 ((gsize)count, H5Tget_size (memory), NULL) : NULL;
  if (raw == NULL || H5Aread (attribute, memory, raw) < 0)
    return NULL;
  texts = take_texts (raw, memory, (gsize)count);
  if (H5Tis_variable_str (memory) > 0)
    H5Dvlen_reclaim (memory, space, H5P_DEFAULT, raw);
  return texts;
}
