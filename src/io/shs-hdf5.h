/* HDF5 files as data sets and arrays, read by the loader program. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"
#include "io/shs-npy.h"

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

/** shs_hdf5_arrays_open: (transfer full): the loader's answer as an archive of arrays. */
ShsNpz *shs_hdf5_arrays_open (const char *path, ShsProgress *progress, GError **error);

G_END_DECLS
