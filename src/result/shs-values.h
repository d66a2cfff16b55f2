/* Numbers (rows x features x outputs) in the precision they were computed in. */
#pragma once

#include "core/shs-matrix.h"

G_BEGIN_DECLS

/**
 * ShsValues: immutable after filling, reference counted; readable from any thread.
 *
 * Sums over rows of one feature are cheapest: a feature's numbers lie side by side.
 */
typedef struct _ShsValues ShsValues;

/** shs_values_new_floats: zeros in single precision, or NULL with %SHS_ERROR_MEMORY. */
ShsValues *shs_values_new_floats (gsize n_rows, gsize n_features, gsize n_outputs, GError **error);
/** shs_values_new_doubles: zeros in double precision, or NULL with %SHS_ERROR_MEMORY. */
ShsValues *shs_values_new_doubles (gsize n_rows, gsize n_features, gsize n_outputs, GError **error);
ShsValues *shs_values_ref (ShsValues *self);
void shs_values_unref (ShsValues *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsValues, shs_values_unref)

gsize shs_values_get_n_rows (const ShsValues *self);
gsize shs_values_get_n_features (const ShsValues *self);
gsize shs_values_get_n_outputs (const ShsValues *self);
gboolean shs_values_is_double (const ShsValues *self);

/**
 * shs_values_write:
 * @block: rows x features of @output, from @first_row on; stored rounded to the precision
 *
 * Only while the object is being filled; different rows may be written from different threads.
 */
void shs_values_write (ShsValues *self, gsize output, gsize first_row, const ShsMatrix *block);

/** shs_values_read: block->n_rows rows from @first_row on, all features, of one output. */
gboolean shs_values_read (const ShsValues *self, gsize output, gsize first_row, ShsMatrix *block,
                          GError **error);
/** shs_values_read_feature: one feature of all rows into @out (n_rows numbers). */
gboolean shs_values_read_feature (const ShsValues *self, gsize output, gsize feature, double *out,
                                  GError **error);
/** shs_values_read_row: all features of one row into @out (n_features numbers). */
gboolean shs_values_read_row (const ShsValues *self, gsize output, gsize row, double *out,
                              GError **error);

/**
 * shs_values_take_rows:
 *
 * Returns: (transfer full): some rows, in this order, in the same precision; NULL with
 *   %SHS_ERROR_CHOICE for a row that does not exist, or %SHS_ERROR_MEMORY
 */
ShsValues *shs_values_take_rows (const ShsValues *self, const gsize *rows, gsize n_rows,
                                 GError **error);

G_END_DECLS
