/* The order in which the categories of a feature stand side by side. */
#pragma once

#include "core/shs-column.h"

G_BEGIN_DECLS

/**
 * shs_category_order_sort: puts a dictionary that nobody ordered in an order that can be read.
 * @column: a copy that belongs to the caller; its categories change places
 * @codes: @n codes of it, NaN missing; become the new ones
 *
 * Names that are all numbers stand by value. Others keep the dictionary's order, which may mean
 * something (low, middle, high), unless there are many and they stand as they first appear in
 * @codes: then by name. The same everywhere, whatever the locale.
 */
gboolean shs_category_order_sort (ShsColumn *column, double *codes, gsize n, GError **error);

G_END_DECLS
