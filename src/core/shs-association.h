/* How much one column varies with another, given a third that is held nearly still. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_association_binned:
 * @order: @n rows, sorted by the feature that is held still
 * @values: what is explained, by row
 * @other: the column that may explain it, by row; NaN is missing
 *
 * The sum over bins of @bin_size neighbours in @order of |correlation (values, other)|, or of the
 * same with "other is missing" where that is larger: the measure by which the shap library finds
 * the feature that interacts most (utils.approximate_interactions).
 */
double shs_association_binned (const guint32 *order, const double *values, const double *other,
                               gsize n, gsize bin_size);

/** shs_association_bin_size: a tenth of @n, at most 50, at least 1. */
gsize shs_association_bin_size (gsize n);

/** shs_order_by: fills @order with 0 .. n - 1 sorted by @values, missing last, ties by index. */
void shs_order_by (const double *values, gsize n, guint32 *order);

G_END_DECLS
