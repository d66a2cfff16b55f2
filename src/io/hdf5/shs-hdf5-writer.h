/* Writes arrays as data sets at the top of an HDF5 file. */
#pragma once

#include "io/shs-file.h"

G_BEGIN_DECLS

/**
 * ShsHdf5Writer: contiguous data sets without times or filters, so that equal arrays give equal
 * bytes. The old file stays whole until shs_hdf5_writer_commit(). Any thread, one at a time each.
 */
typedef struct _ShsHdf5Writer ShsHdf5Writer;

/** ShsHdf5Number: what numbers are stored as, little-endian. */
typedef enum
{
  SHS_HDF5_STORE_DOUBLE,
  SHS_HDF5_STORE_FLOAT,
  SHS_HDF5_STORE_INTEGER,
} ShsHdf5Number;

/** shs_hdf5_writer_new: NULL with %SHS_ERROR_FILE. */
ShsHdf5Writer *shs_hdf5_writer_new (const char *path, GError **error);
void shs_hdf5_writer_free (ShsHdf5Writer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsHdf5Writer, shs_hdf5_writer_free)

/** shs_hdf5_writer_begin_numbers: @n_dimensions: at most 8; 0 for one number. */
gboolean shs_hdf5_writer_begin_numbers (ShsHdf5Writer *self, const char *name, ShsHdf5Number kind,
                                        guint n_dimensions, const gsize *shape, GError **error);
/**
 * shs_hdf5_writer_reserve_numbers: a whole data set whose numbers somebody else puts into the
 * temporary file, in C order from byte @offset on, before shs_hdf5_writer_commit().
 */
gboolean shs_hdf5_writer_reserve_numbers (ShsHdf5Writer *self, const char *name, ShsHdf5Number kind,
                                          guint n_dimensions, const gsize *shape, guint64 *offset,
                                          GError **error);
/** shs_hdf5_writer_open_file: (transfer full): the file that grows. */
ShsFile *shs_hdf5_writer_open_file (ShsHdf5Writer *self, GError **error);
/** shs_hdf5_writer_write_numbers: the next @count numbers in C order: whole rows of the first axis.
 */
gboolean shs_hdf5_writer_write_numbers (ShsHdf5Writer *self, const double *numbers, gsize count,
                                        GError **error);
/**
 * shs_hdf5_writer_add_texts: UTF-8 of fixed length, padded with zero bytes.
 * @n_dimensions: 0 (one text) or 1
 */
gboolean shs_hdf5_writer_add_texts (ShsHdf5Writer *self, const char *name, const char *const *texts,
                                    gsize count, guint n_dimensions, GError **error);
/** shs_hdf5_writer_commit: completes the file and puts it in place. */
gboolean shs_hdf5_writer_commit (ShsHdf5Writer *self, GError **error);

G_END_DECLS
