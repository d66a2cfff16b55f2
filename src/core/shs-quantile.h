/* Quantiles without sorting. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_quantile:
 * @values: @n numbers, none of them NaN; rearranged
 * @q: in 0..1
 *
 * The quantile with linear interpolation between order statistics (type 7 of Hyndman, Fan 1996:
 * what NumPy and R do). Expected cost O(n).
 *
 * Returns: NaN for n = 0
 */
double shs_quantile (double *values, gsize n, double q);

/** shs_drop_missing: moves the numbers that are not NaN to the front; returns how many. */
gsize shs_drop_missing (double *values, gsize n);

G_END_DECLS
