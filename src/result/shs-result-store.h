/* Where the large arrays of a result go that memory does not hold. */
#pragma once

#include "io/hdf5/shs-hdf5-writer.h"
#include "result/shs-values.h"

G_BEGIN_DECLS

/**
 * ShsResultStore: arrays on disk, filled while they are computed.
 *
 * Either the beginning of the .h5 file that the result is going to be, which takes its name when
 * the explanation is saved there; or a file without a name. One thread at a time.
 */
typedef struct _ShsResultStore ShsResultStore;

/**
 * shs_result_store_new:
 * @path: (nullable): the .h5 file that the result is going to be; any other extension, or NULL, for
 *   a file without a name
 */
ShsResultStore *shs_result_store_new (const char *path, GError **error);
/** shs_result_store_free: values that were added stay; a file that was not saved goes with them. */
void shs_result_store_free (ShsResultStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsResultStore, shs_result_store_free)

/**
 * shs_result_store_add:
 * @name: of the array: "values", "data"; in the order of shs_explanation_write()
 * @n_axes, @shape: of one row; the product is the number of features
 *
 * Returns: (transfer full): values to be filled; NULL with %SHS_ERROR_FILE where the disk is full
 */
ShsValues *shs_result_store_add (ShsResultStore *self, const char *name, gsize n_rows, guint n_axes,
                                 const gsize *shape, gsize n_outputs, gboolean is_double,
                                 GError **error);

/** shs_result_store_has: whether an array of that name was added. */
gboolean shs_result_store_has (const ShsResultStore *self, const char *name);

/**
 * shs_result_store_take_writer:
 *
 * Returns: (transfer full) (nullable): the writer of the file, with the arrays that were added,
 *   where it was begun for @path; it can be taken once
 */
ShsHdf5Writer *shs_result_store_take_writer (ShsResultStore *self, const char *path);

G_END_DECLS
