#include "io/hdf5/shs-hdf5-writer.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-file-writer.h"
#include "io/hdf5/shs-hdf5-private.h"

#include <string.h>

#define NAMES_BYTES 4096

struct _ShsHdf5Writer
{
  ShsFileWriter *target;
  hid_t file;
  hid_t dataset; /* of the array that is open */
  guint n_dimensions;
  gsize shape[SHS_NPY_MAX_DIMENSIONS];
  gsize next_row;
};

/* The file's own failure says more than the library's. */
static gboolean
fail (ShsHdf5Writer *self, GError **error, const char *what)
{
  g_autoptr (GError) reason = NULL;

  if (!shs_file_writer_check (self->target, error))
    return FALSE;
  shs_hdf5_fail (&reason, what, NULL);
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE, "%s cannot be written: %s",
               shs_file_writer_get_path (self->target), reason->message);
  return FALSE;
}

ShsHdf5Writer *
shs_hdf5_writer_new (const char *path, GError **error)
{
  ShsFileWriter *target = shs_file_writer_new (path, error);
  g_autoptr (ShsHdf5Writer) self = NULL;
  g_auto (ShsHid) creation = H5I_INVALID_HID;

  if (target == NULL)
    return NULL;
  shs_hdf5_silence ();
  self = g_new0 (ShsHdf5Writer, 1);
  self->target = target;
  self->dataset = H5I_INVALID_HID;
  creation = H5Pcreate (H5P_FILE_CREATE);
  H5Pset_obj_track_times (creation, FALSE);
  H5Pset_local_heap_size_hint (creation, NAMES_BYTES); /* the names stand at the file's beginning */
  self->file = shs_hdf5_create_in (target, creation, error);
  return self->file >= 0 ? g_steal_pointer (&self) : NULL;
}

static gboolean
close_dataset (ShsHdf5Writer *self)
{
  gboolean is_closed = self->dataset < 0 || H5Dclose (self->dataset) >= 0;

  self->dataset = H5I_INVALID_HID;
  return is_closed;
}

void
shs_hdf5_writer_free (ShsHdf5Writer *self)
{
  if (self == NULL)
    return;
  close_dataset (self);
  if (self->file >= 0)
    H5Fclose (self->file);
  shs_file_writer_free (self->target);
  g_free (self);
}

static gboolean
begin (ShsHdf5Writer *self, const char *name, hid_t type, guint n_dimensions, const gsize *shape,
       GError **error)
{
  g_auto (ShsHid) space = H5I_INVALID_HID;
  g_auto (ShsHid) creation = H5Pcreate (H5P_DATASET_CREATE);
  hsize_t lengths[SHS_NPY_MAX_DIMENSIONS];

  g_return_val_if_fail (n_dimensions <= SHS_NPY_MAX_DIMENSIONS, FALSE);
  if (!close_dataset (self))
    return fail (self, error, "a data set cannot be completed");
  for (guint d = 0; d < n_dimensions; d++)
    lengths[d] = self->shape[d] = shape[d];
  self->n_dimensions = n_dimensions;
  self->next_row = 0;
  space = n_dimensions > 0 ? H5Screate_simple ((int)n_dimensions, lengths, NULL)
                           : H5Screate (H5S_SCALAR);
  H5Pset_obj_track_times (creation, FALSE);
  H5Pset_alloc_time (creation, H5D_ALLOC_TIME_EARLY); /* places follow the order of beginning */
  H5Pset_fill_time (creation, H5D_FILL_TIME_NEVER);
  self->dataset = H5Dcreate2 (self->file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  if (self->dataset < 0)
    return fail (self, error, "a data set cannot be created");
  return shs_file_writer_check (self->target, error);
}

gboolean
shs_hdf5_writer_begin_numbers (ShsHdf5Writer *self, const char *name, ShsHdf5Number kind,
                               guint n_dimensions, const gsize *shape, GError **error)
{
  hid_t type = kind == SHS_HDF5_STORE_DOUBLE  ? H5T_IEEE_F64LE
               : kind == SHS_HDF5_STORE_FLOAT ? H5T_IEEE_F32LE
                                              : H5T_STD_I64LE;

  return begin (self, name, type, n_dimensions, shape, error);
}

gboolean
shs_hdf5_writer_reserve_numbers (ShsHdf5Writer *self, const char *name, ShsHdf5Number kind,
                                 guint n_dimensions, const gsize *shape, guint64 *offset,
                                 GError **error)
{
  haddr_t place;

  if (!shs_hdf5_writer_begin_numbers (self, name, kind, n_dimensions, shape, error))
    return FALSE;
  place = H5Dget_offset (self->dataset);
  *offset = place != HADDR_UNDEF ? place : 0; /* an empty data set has no place and needs none */
  return close_dataset (self) || fail (self, error, "a data set cannot be completed");
}

ShsFile *
shs_hdf5_writer_open_file (ShsHdf5Writer *self, GError **error)
{
  return shs_file_new_for_descriptor (shs_file_writer_get_path (self->target),
                                      shs_file_writer_get_descriptor (self->target), error);
}

gboolean
shs_hdf5_writer_write_numbers (ShsHdf5Writer *self, const double *numbers, gsize count,
                               GError **error)
{
  g_auto (ShsHid) space = H5Dget_space (self->dataset);
  g_auto (ShsHid) memory = H5I_INVALID_HID;
  hsize_t start[SHS_NPY_MAX_DIMENSIONS] = { self->next_row };
  hsize_t lengths[SHS_NPY_MAX_DIMENSIONS];
  hsize_t n_items = count;
  gsize per_row = 1;

  for (guint d = 1; d < self->n_dimensions; d++)
    per_row *= lengths[d] = self->shape[d];
  lengths[0] = per_row > 0 ? count / per_row : 0;
  g_return_val_if_fail (lengths[0] * per_row == count, FALSE);
  if (count == 0)
    return TRUE;
  memory = H5Screate_simple (1, &n_items, NULL);
  if ((self->n_dimensions > 0
       && H5Sselect_hyperslab (space, H5S_SELECT_SET, start, NULL, lengths, NULL) < 0)
      || H5Dwrite (self->dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, numbers) < 0)
    return fail (self, error, "numbers cannot be written");
  self->next_row += lengths[0];
  return shs_file_writer_check (self->target, error);
}

gboolean
shs_hdf5_writer_add_texts (ShsHdf5Writer *self, const char *name, const char *const *texts,
                           gsize count, guint n_dimensions, GError **error)
{
  g_auto (ShsHid) type = H5Tcopy (H5T_C_S1);
  SHS_AUTOFREE char *cells = NULL;
  gsize width = 1;

  for (gsize i = 0; i < count; i++)
    width = MAX (width, strlen (texts[i]));
  cells = shs_alloc0 (count, width, error);
  if (cells == NULL)
    return FALSE;
  for (gsize i = 0; i < count; i++)
    memcpy (cells + i * width, texts[i], strlen (texts[i]));
  H5Tset_size (type, width);
  H5Tset_cset (type, H5T_CSET_UTF8);
  H5Tset_strpad (type, H5T_STR_NULLPAD);
  if (!begin (self, name, type, n_dimensions, &count, error))
    return FALSE;
  if (count > 0 && H5Dwrite (self->dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, cells) < 0)
    return fail (self, error, "texts cannot be written");
  return shs_file_writer_check (self->target, error);
}

gboolean
shs_hdf5_writer_commit (ShsHdf5Writer *self, GError **error)
{
  gboolean is_complete = close_dataset (self);

  if (!is_complete || H5Fclose (self->file) < 0)
    return fail (self, error, "the file cannot be completed");
  self->file = H5I_INVALID_HID;
  return shs_file_writer_commit (self->target, error);
}
