/* HDF5 to arrays: for the loader program alone, behind its wall. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SHS_HDF5_PLACED_BYTES 4096

/** shs_hdf5_convert_prepare: initialises the library: no plug-ins, no output, its own driver. */
gboolean shs_hdf5_convert_prepare (GError **error);

/**
 * shs_hdf5_convert:
 * @input: descriptor of the file
 * @answer: descriptor of the memory for the answer
 * @with_places: whether large numbers of an explanation stay in the file
 *
 * Writes an .npz archive. A file with `values` and `base_values` at its top is an explanation: its
 * data sets follow under their own names. Otherwise the one table is chosen: the frame of pandas,
 * or the data set with the most numbers, the first by name of equal ones; the answer has
 *   `source`: its path, where there were several
 *   `numbers` (rows, ...): a data set of numbers, with `names` where the file has them; or
 *   `columns` (columns, rows), `names`, `categories:N` for columns that hold codes of texts, and
 *   `left_out`: names of columns that cannot be read
 *
 * @with_places: a data set of an explanation that is contiguous, little-endian and larger than
 * %SHS_HDF5_PLACED_BYTES is not copied: the answer has `place:NAME` instead, the numbers offset in
 * the file, bytes of an item (4 or 8, IEEE) and lengths of the axes.
 */
gboolean shs_hdf5_convert (int input, int answer, gboolean with_places, GError **error);

G_END_DECLS
