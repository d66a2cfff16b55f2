/* How much one column varies with another, given a third that is held nearly still. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsAssociations: of many columns with the same values, whose rows come in pieces: one streaming
 * pass tells which column may explain the values best.
 *
 * The measure is the sum over bins of neighbours in an order of |correlation (values, column)|, or
 * of the same with "column is missing" where that is larger: by it the shap library finds the
 * feature that interacts most (utils.approximate_interactions).
 */
typedef struct _ShsAssociations ShsAssociations;

/**
 * shs_associations_new:
 * @order: @n rows, sorted by the feature that is held still
 * @values: what is explained, by row; must outlive the object
 * @bin_size: rows of a bin: shs_association_bin_size() of @n
 */
ShsAssociations *shs_associations_new (const guint32 *order, const double *values, gsize n,
                                       gsize bin_size, gsize n_columns, GError **error);
void shs_associations_free (ShsAssociations *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsAssociations, shs_associations_free)
/** shs_associations_count_bytes: memory for one column. */
gsize shs_associations_count_bytes (gsize n, gsize bin_size);

/** shs_associations_add: numbers of @column in the rows from @first_row on; NaN is missing. Each
 * row once; the order in which they come changes the last bits. */
void shs_associations_add (ShsAssociations *self, gsize column, gsize first_row,
                           const double *numbers, gsize n);
/** shs_associations_get: when all rows were added. */
double shs_associations_get (const ShsAssociations *self, gsize column);

/** shs_association_bin_size: a tenth of @n, at most 50, at least 1. */
gsize shs_association_bin_size (gsize n);

/** shs_order_by: fills @order with 0 .. n - 1 sorted by @values, missing last, ties by index. */
void shs_order_by (const double *values, gsize n, guint32 *order);

G_END_DECLS
