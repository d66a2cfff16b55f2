/* One data set: the guards, then its rows in blocks. */
#include "io/shs-hdf5-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define MAX_CHUNK_BYTES (64u << 20)
#define ALWAYS_ALLOWED (64u << 20) /* bytes that may be declared without being stored */
#define MAX_RATIO 1000             /* declared to stored bytes beyond that */
#define BLOCK_BYTES (4u << 20)
#define MAX_TEXTS (1u << 20) /* of an attribute or a list of names */

/* ---- types ---- */

ShsHdf5Kind
shs_hdf5_type_get_kind (hid_t type)
{
  switch (H5Tget_class (type))
    {
    case H5T_INTEGER:
    case H5T_FLOAT:
      return SHS_HDF5_NUMBER;
    case H5T_ENUM:
      return SHS_HDF5_CODE;
    case H5T_BITFIELD:
      return H5Tget_size (type) == 1 ? SHS_HDF5_CODE : SHS_HDF5_OTHER;
    case H5T_STRING:
      return SHS_HDF5_TEXT;
    case H5T_COMPOUND:
      return SHS_HDF5_COMPOUND;
    case H5T_ARRAY:
      {
        g_auto (ShsHid) element = H5Tget_super (type);
        ShsHdf5Kind kind = element >= 0 && H5Tget_class (element) != H5T_ARRAY
                               ? shs_hdf5_type_get_kind (element)
                               : SHS_HDF5_OTHER;

        return kind == SHS_HDF5_COMPOUND ? SHS_HDF5_OTHER : kind;
      }
    default:
      return SHS_HDF5_OTHER;
    }
}

gboolean
shs_hdf5_type_is_single (hid_t type)
{
  gsize size = H5Tget_size (type);

  switch (H5Tget_class (type))
    {
    case H5T_FLOAT:
      return size <= 4;
    case H5T_INTEGER:
    case H5T_ENUM:
      return size <= 2;
    case H5T_BITFIELD:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
shs_hdf5_type_is_flag (hid_t type)
{
  gboolean is_flag = H5Tget_class (type) == H5T_BITFIELD;

  if (H5Tget_class (type) != H5T_ENUM || H5Tget_nmembers (type) != 2)
    return is_flag;
  is_flag = TRUE;
  for (unsigned i = 0; i < 2; i++)
    {
      char *name = H5Tget_member_name (type, i);

      is_flag
          = is_flag && name != NULL
            && (g_ascii_strcasecmp (name, "false") == 0 || g_ascii_strcasecmp (name, "true") == 0);
      H5free_memory (name);
    }
  return is_flag;
}

/* ---- guards ---- */

static gboolean
check_filters (hid_t properties, const char *path, GError **error)
{
  static const H5Z_filter_t known[]
      = { H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32,
          H5Z_FILTER_SZIP,    H5Z_FILTER_NBIT,    H5Z_FILTER_SCALEOFFSET };
  int n = H5Pget_nfilters (properties);

  for (int i = 0; i < n; i++)
    {
      unsigned flags, config;
      size_t n_values = 0;
      char name[64] = "";
      H5Z_filter_t filter = H5Pget_filter2 (properties, (unsigned)i, &flags, &n_values, NULL,
                                            sizeof name, name, &config);
      gboolean is_known = FALSE;

      for (gsize k = 0; k < G_N_ELEMENTS (known); k++)
        is_known = is_known || filter == known[k];
      if (!is_known || H5Zfilter_avail (filter) <= 0)
        return shs_hdf5_refuse (error,
                                "%s is compressed by a filter (number %d, %s) that is not part of "
                                "HDF5; write it with gzip",
                                path, (int)filter, name[0] != '\0' ? name : "without a name");
    }
  return TRUE;
}

static gboolean
check_chunks (hid_t properties, const ShsHdf5Data *self, GError **error)
{
  hsize_t chunk[H5S_MAX_RANK];
  gsize bytes = H5Tget_size (self->type);
  int n = H5Pget_chunk (properties, H5S_MAX_RANK, chunk);

  for (int i = 0; i < n; i++)
    if (!shs_size_multiply (bytes, (gsize)chunk[i], &bytes))
      bytes = G_MAXSIZE;
  if (n >= 0 && bytes <= MAX_CHUNK_BYTES)
    return TRUE;
  return shs_hdf5_refuse (
      error, "the chunks of %s are larger than 64 MiB; write it in smaller ones", self->path);
}

static gboolean
check_storage (const ShsHdf5Data *self, GError **error)
{
  g_auto (ShsHid) properties = H5Dget_create_plist (self->id);
  H5D_layout_t layout = properties >= 0 ? H5Pget_layout (properties) : H5D_LAYOUT_ERROR;

  if (layout == H5D_LAYOUT_ERROR)
    return shs_hdf5_fail (error, "the storage cannot be read of", self->path);
  if (layout == H5D_VIRTUAL)
    return shs_hdf5_refuse (error,
                            "%s is a virtual data set, whose numbers are in other files; copy "
                            "them into one file",
                            self->path);
  if (layout == H5D_CONTIGUOUS && H5Pget_external_count (properties) != 0)
    return shs_hdf5_refuse (error,
                            "%s keeps its numbers in another file, which is not read; copy them "
                            "into one file",
                            self->path);
  return check_filters (properties, self->path, error)
         && (layout != H5D_CHUNKED || check_chunks (properties, self, error));
}

/* A few bytes may well stand for many, but not for all of the memory. */
static gboolean
check_size (const ShsHdf5Data *self, GError **error)
{
  gsize stored = (gsize)H5Dget_storage_size (self->id);
  gsize bytes, allowed;

  if (!shs_size_multiply (self->n_items, H5Tget_size (self->type), &bytes))
    bytes = G_MAXSIZE;
  if (!shs_size_multiply (stored, MAX_RATIO, &allowed))
    allowed = G_MAXSIZE;
  if (bytes <= ALWAYS_ALLOWED || bytes <= allowed)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s declares %zu bytes and stores %zu; such a file is taken for a damaged one",
               self->path, bytes, stored);
  return FALSE;
}

static gboolean
read_shape (ShsHdf5Data *self, GError **error)
{
  g_auto (ShsHid) space = H5Dget_space (self->id);
  hsize_t shape[H5S_MAX_RANK];
  int rank = space >= 0 ? H5Sget_simple_extent_dims (space, shape, NULL) : -1;

  if (rank < 0)
    return shs_hdf5_fail (error, "the shape cannot be read of", self->path);
  if (rank > SHS_NPY_MAX_DIMENSIONS)
    return shs_hdf5_refuse (error, "%s has %d axes; at most %d are read", self->path, rank,
                            SHS_NPY_MAX_DIMENSIONS);
  self->n_dimensions = (guint)rank;
  self->n_items = H5Sget_simple_extent_type (space) == H5S_NULL ? 0 : 1;
  for (int d = 0; d < rank; d++)
    {
      self->shape[d] = (gsize)shape[d];
      if (!shs_size_multiply (self->n_items, self->shape[d], &self->n_items))
        self->n_items = G_MAXSIZE;
    }
  return TRUE;
}

gboolean
shs_hdf5_data_open (ShsHdf5Data *self, hid_t file, const char *path, GError **error)
{
  *self = (ShsHdf5Data){ .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
  self->path = g_strdup (path);
  self->id = H5Dopen2 (file, path, H5P_DEFAULT);
  self->type = self->id >= 0 ? H5Dget_type (self->id) : H5I_INVALID_HID;
  if (self->type < 0)
    return shs_hdf5_fail (error, "the data set cannot be opened:", path);
  self->kind = shs_hdf5_type_get_kind (self->type);
  return read_shape (self, error) && check_storage (self, error) && check_size (self, error);
}

void
shs_hdf5_data_clear (ShsHdf5Data *self)
{
  shs_hid_close (self->type);
  shs_hid_close (self->id);
  g_free (self->path);
  *self = (ShsHdf5Data){ .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
}

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
shs_hdf5_row_items (const ShsHdf5Data *data)
{
  gsize n = 1;

  for (guint d = 1; d < data->n_dimensions; d++)
    n *= data->shape[d];
  return n;
}

gsize
shs_hdf5_rows_per_block (const ShsHdf5Data *data, const ShsHdf5Item *item)
{
  gsize bytes = H5Tget_size (item->memory) * MAX (1, shs_hdf5_row_items (data));
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
  hsize_t n_items = (hsize_t)(n_rows * shs_hdf5_row_items (data));

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
  gsize count = n_rows * shs_hdf5_row_items (data) * item->count;
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
  gsize count = n_rows * shs_hdf5_row_items (data) * item->count;
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
