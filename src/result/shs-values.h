/* Numbers (rows x features x outputs) in the precision they were computed in. */
#pragma once

#include "core/shs-matrix.h"
#include "io/shs-file.h"

G_BEGIN_DECLS

/**
 * ShsValues: immutable after filling, reference counted; readable from any thread.
 *
 * In memory a feature's numbers lie side by side: sums over rows of one feature are cheapest. What
 * memory does not hold lies in a file row after row: blocks of rows are cheapest there, and one
 * feature of all rows costs a pass over the file.
 */
typedef struct _ShsValues ShsValues;

/** shs_values_new_floats: zeros in single precision, or NULL with %SHS_ERROR_MEMORY. */
ShsValues *shs_values_new_floats (gsize n_rows, gsize n_features, gsize n_outputs, GError **error);
/** shs_values_new_doubles: zeros in double precision, or NULL with %SHS_ERROR_MEMORY. */
ShsValues *shs_values_new_doubles (gsize n_rows, gsize n_features, gsize n_outputs, GError **error);
/**
 * shs_values_new_in_file:
 * @offset: where the numbers stand or will stand, row after row, little-endian, outputs fastest
 *
 * Keeps a reference to @file. What is not there when it is read is an error then.
 *
 * Returns: (transfer full): NULL with %SHS_ERROR_INVALID when no file can be that large
 */
ShsValues *shs_values_new_in_file (ShsFile *file, guint64 offset, gsize n_rows, gsize n_features,
                                   gsize n_outputs, gboolean is_double, GError **error);
/**
 * shs_values_new_beside:
 * @taken: bytes of memory that are spoken for already
 *
 * Returns: (transfer full): room for numbers in memory where they fit into the budget beside
 *   @taken, else in a file without a name; all of them are to be written before they are read
 */
ShsValues *shs_values_new_beside (guint64 taken, gsize n_rows, gsize n_features, gsize n_outputs,
                                  gboolean is_double, GError **error);
/** shs_values_count_bytes: of so many numbers; FALSE on overflow. */
gboolean shs_values_count_bytes (gsize n_rows, gsize n_features, gsize n_outputs,
                                 gboolean is_double, gsize *bytes);
gboolean shs_values_are_in_file (const ShsValues *self);
ShsValues *shs_values_ref (ShsValues *self);
void shs_values_unref (ShsValues *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsValues, shs_values_unref)

gsize shs_values_get_n_rows (const ShsValues *self);
gsize shs_values_get_n_features (const ShsValues *self);
gsize shs_values_get_n_outputs (const ShsValues *self);
gboolean shs_values_is_double (const ShsValues *self);

/**
 * shs_values_write:
 * @block: rows x (features * outputs), column output * n_features + feature, from @first_row on;
 *   stored rounded to the precision
 *
 * Only while the object is being filled; different rows may be written from different threads.
 *
 * Returns: TRUE always for numbers in memory; FALSE with %SHS_ERROR_FILE when the disk is full
 */
gboolean shs_values_write (ShsValues *self, gsize first_row, const ShsMatrix *block,
                           GError **error);

/** shs_values_read: block->n_rows rows from @first_row on, all features, of one output. */
gboolean shs_values_read (const ShsValues *self, gsize output, gsize first_row, ShsMatrix *block,
                          GError **error);
/** ShsValuesBlockFunc: @block: all features of some rows from @first_row on, of one output. Returns
 * FALSE to end the pass. */
typedef gboolean (*ShsValuesBlockFunc) (gsize first_row, const ShsMatrix *block, gpointer data);

/**
 * shs_values_foreach: one streaming pass over all rows, in order, in bounded memory.
 *
 * Returns: FALSE with %SHS_ERROR_FILE or %SHS_ERROR_MEMORY; TRUE also where @function ended it
 */
gboolean shs_values_foreach (const ShsValues *self, gsize output, ShsValuesBlockFunc function,
                             gpointer data, GError **error);
/** shs_values_read_feature: one feature of all rows into @out (n_rows numbers). */
gboolean shs_values_read_feature (const ShsValues *self, gsize output, gsize feature, double *out,
                                  GError **error);
/** shs_values_read_row: all features of one row into @out (n_features numbers). */
gboolean shs_values_read_row (const ShsValues *self, gsize output, gsize row, double *out,
                              GError **error);

/**
 * shs_values_take_rows:
 *
 * Returns: (transfer full): some rows, in this order, in the same precision, in memory where they
 *   fit; NULL with %SHS_ERROR_CHOICE for a row that does not exist, %SHS_ERROR_MEMORY or
 *   %SHS_ERROR_FILE
 */
ShsValues *shs_values_take_rows (const ShsValues *self, const gsize *rows, gsize n_rows,
                                 GError **error);

G_END_DECLS
