/* HDF5 files as data sets and arrays, read by the loader program. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"
#include "io/shs-file.h"
#include "io/npy/shs-npy.h"

G_BEGIN_DECLS

/**
 * shs_hdf5_dataset_open:
 *
 * Opens the table of an HDF5 file: the frame of pandas (fixed or table), or the data set with the
 * most numbers: two-dimensional (columns' names from its attributes or the data sets beside it
 * `columns`, `feature_names`, `column_names`, or a dimension scale), one-dimensional, compound
 * (text and enumerations become categories), or with more axes (an input of that shape). The data
 * set's name tells which was taken of several, and what could not be read.
 *
 * Returns: (transfer full): NULL with the path and what is wrong
 */
ShsDataset *shs_hdf5_dataset_open (const char *path, ShsProgress *progress, GError **error);
/** shs_hdf5_dataset_read: the same of a file that is open. */
ShsDataset *shs_hdf5_dataset_read (const ShsFile *file, ShsProgress *progress, GError **error);

#define SHS_HDF5_PLACE "place:"

/**
 * shs_hdf5_arrays_open:
 * @with_places: whether large numbers of an explanation may stay in the file: instead of NAME the
 *   archive has "place:NAME" then, see shs_hdf5_arrays_find_place()
 *
 * Returns: (transfer full): the loader's answer as an archive of arrays
 */
ShsNpz *shs_hdf5_arrays_open (const ShsFile *file, gboolean with_places, ShsProgress *progress,
                              GError **error);

/**
 * ShsHdf5Place: numbers that stayed in the file: IEEE floats in C order, little-endian.
 * @width: bytes of one: 4 or 8
 */
typedef struct
{
  guint64 offset;
  gsize width;
  guint n_dimensions;
  gsize shape[SHS_NPY_MAX_DIMENSIONS];
} ShsHdf5Place;

/** shs_hdf5_arrays_find_place: reads "place:NAME", which counts as hostile: FALSE with
 * %SHS_ERROR_INVALID unless all its bytes lie inside @file. */
gboolean shs_hdf5_arrays_find_place (ShsNpz *arrays, const char *name, const ShsFile *file,
                                     ShsHdf5Place *place, GError **error);

/**
 * shs_hdf5_arrays_map: such numbers as an array.
 * @content: of the whole file, not unpacked
 */
ShsNpyArray *shs_hdf5_arrays_map (const ShsHdf5Place *place, GBytes *content, GError **error);

G_END_DECLS
