#include "result/shs-result-store.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/npy/shs-npy.h"

#include <string.h>

/* @writer: NULL for a file without a name, or once it was taken; @end: of the arrays in a file
 * without a name */
struct _ShsResultStore
{
  char *path;
  ShsHdf5Writer *writer;
  ShsFile *file;
  guint64 end;
  GPtrArray *names;
};

static gboolean
is_h5 (const char *path)
{
  return path != NULL && strlen (path) > 3
         && g_ascii_strcasecmp (path + strlen (path) - 3, ".h5") == 0;
}

ShsResultStore *
shs_result_store_new (const char *path, GError **error)
{
  g_autoptr (ShsResultStore) self = g_new0 (ShsResultStore, 1);

  self->names = g_ptr_array_new_with_free_func (g_free);
  self->path = g_strdup (path);
  if (is_h5 (path))
    {
      self->writer = shs_hdf5_writer_new (path, error);
      if (self->writer == NULL)
        return NULL;
      self->file = shs_hdf5_writer_open_file (self->writer, error);
    }
  else
    self->file = shs_file_new_scratch (error);
  return self->file != NULL ? g_steal_pointer (&self) : NULL;
}

void
shs_result_store_free (ShsResultStore *self)
{
  if (self == NULL)
    return;
  shs_hdf5_writer_free (self->writer);
  shs_file_unref (self->file);
  g_ptr_array_unref (self->names);
  g_free (self->path);
  g_free (self);
}

/* Where an array of @bytes is going to stand. */
static gboolean
reserve (ShsResultStore *self, const char *name, gboolean is_double, guint n_dimensions,
         const gsize *shape, gsize bytes, guint64 *offset, GError **error)
{
  if (self->writer != NULL)
    return shs_hdf5_writer_reserve_numbers (
        self->writer, name, is_double ? SHS_HDF5_STORE_DOUBLE : SHS_HDF5_STORE_FLOAT, n_dimensions,
        shape, offset, error);
  *offset = self->end;
  self->end += bytes;
  return TRUE;
}

ShsValues *
shs_result_store_add (ShsResultStore *self, const char *name, gsize n_rows, guint n_axes,
                      const gsize *shape, gsize n_outputs, gboolean is_double, GError **error)
{
  gsize whole[SHS_NPY_MAX_DIMENSIONS] = { n_rows };
  guint n_dimensions = 1;
  gsize n_features = 1;
  gsize bytes;
  guint64 offset;

  g_return_val_if_fail (n_axes + 2 <= SHS_NPY_MAX_DIMENSIONS, NULL);
  for (guint d = 0; d < n_axes; d++)
    {
      whole[n_dimensions++] = shape[d];
      if (!shs_size_multiply (n_features, shape[d], &n_features))
        n_features = G_MAXSIZE;
    }
  if (n_outputs > 1)
    whole[n_dimensions++] = n_outputs;
  if (!shs_values_count_bytes (n_rows, n_features, n_outputs, is_double, &bytes))
    bytes = G_MAXSIZE;
  if (!shs_file_check_space (self->file, bytes, error)
      || !reserve (self, name, is_double, n_dimensions, whole, bytes, &offset, error))
    return NULL;
  g_ptr_array_add (self->names, g_strdup (name));
  return shs_values_new_in_file (self->file, offset, n_rows, n_features, n_outputs, is_double,
                                 error);
}

gboolean
shs_result_store_has (const ShsResultStore *self, const char *name)
{
  return g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, NULL);
}

ShsHdf5Writer *
shs_result_store_take_writer (ShsResultStore *self, const char *path)
{
  return g_strcmp0 (self->path, path) == 0 ? g_steal_pointer (&self->writer) : NULL;
}
