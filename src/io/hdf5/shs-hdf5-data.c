/* What a data set is, and the guards before anything of it is read. */
#include "io/hdf5/shs-hdf5-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#define MAX_CHUNK_BYTES (64u << 20)
#define ALWAYS_ALLOWED (64u << 20) /* bytes that may be declared without being stored */
#define MAX_RATIO 1000             /* declared to stored bytes beyond that */

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

static gboolean
fail_size (const ShsHdf5Data *self, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s declares more items than any memory holds; it is damaged, write it again",
               self->path);
  return FALSE;
}

/* An element of one byte becomes a double: what this allows, no count of bytes can overflow. */
static gboolean
check_overflow (const ShsHdf5Data *self, GError **error)
{
  gsize n_items = MAX (self->n_items, self->row_items);
  gsize bytes;

  return (shs_size_multiply (n_items, H5Tget_size (self->type), &bytes)
          && shs_size_multiply (bytes, sizeof (double), &bytes) && bytes <= G_MAXSSIZE)
         || fail_size (self, error);
}

/* A few bytes may well stand for many, but not for all of the memory. */
static gboolean
check_size (const ShsHdf5Data *self, GError **error)
{
  gsize stored = (gsize)H5Dget_storage_size (self->id);
  gsize bytes = self->n_items * MAX (H5Tget_size (self->type), sizeof (double));

  if (bytes <= ALWAYS_ALLOWED || bytes / MAX_RATIO <= stored)
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
  self->row_items = 1;
  for (int d = 0; d < rank; d++)
    {
      self->shape[d] = (gsize)shape[d];
      if (d > 0 && !shs_size_multiply (self->row_items, self->shape[d], &self->row_items))
        return fail_size (self, error);
    }
  if (!shs_size_multiply (rank > 0 ? self->shape[0] : 1, self->row_items, &self->n_items))
    return fail_size (self, error);
  if (H5Sget_simple_extent_type (space) == H5S_NULL)
    self->n_items = 0;
  return check_overflow (self, error);
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

/* Bytes in front of the file's own would shift every place. */
static gboolean
file_begins_at_once (hid_t dataset)
{
  g_auto (ShsHid) file = H5Iget_file_id (dataset);
  g_auto (ShsHid) creation = file >= 0 ? H5Fget_create_plist (file) : H5I_INVALID_HID;
  hsize_t size;

  return creation >= 0 && H5Pget_userblock (creation, &size) >= 0 && size == 0;
}

gboolean
shs_hdf5_data_find_place (const ShsHdf5Data *self, guint64 *offset, gsize *width)
{
  g_auto (ShsHid) properties = H5Dget_create_plist (self->id);
  haddr_t place = H5Dget_offset (self->id);

  if (H5Tequal (self->type, H5T_IEEE_F32LE) > 0)
    *width = 4;
  else if (H5Tequal (self->type, H5T_IEEE_F64LE) > 0)
    *width = 8;
  else
    return FALSE;
  *offset = place;
  return place != HADDR_UNDEF && properties >= 0 && H5Pget_layout (properties) == H5D_CONTIGUOUS
         && H5Dget_storage_size (self->id) == self->n_items * *width
         && file_begins_at_once (self->id);
}

void
shs_hdf5_data_clear (ShsHdf5Data *self)
{
  shs_hid_close (self->type);
  shs_hid_close (self->id);
  g_free (self->path);
  *self = (ShsHdf5Data){ .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
}
