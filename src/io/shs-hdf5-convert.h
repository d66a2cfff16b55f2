/* HDF5 to arrays: for the loader program alone, behind its wall. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** shs_hdf5_convert_prepare: initialises the library: no plug-ins, no output, its own driver. */
gboolean shs_hdf5_convert_prepare (GError **error);

/**
 * shs_hdf5_convert:
 * @input: descriptor of the file
 * @answer: descriptor of the memory for the answer
 *
 * Writes an .npz archive. A file with `values` and `base_values` at its top is an explanation: its
 * data sets follow under their own names. Otherwise the one table is chosen: the frame of pandas,
 * or the data set with the most numbers, the first by name of equal ones; the answer has
 *   `source`: its path, where there were several
 *   `numbers` (rows, ...): a data set of numbers, with `names` where the file has them; or
 *   `columns` (columns, rows), `names`, `categories:N` for columns that hold codes of texts, and
 *   `left_out`: names of columns that cannot be read
 */
gboolean shs_hdf5_convert (int input, int answer, GError **error);

G_END_DECLS
