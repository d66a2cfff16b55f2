/* Gauss-Legendre quadrature on 0 .. 1. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_quadrature_rule:
 * @points: n numbers, ascending
 * @weights: n numbers; they sum to 1
 *
 * Exact for polynomials of degree 2n - 1. Newton's method on the Legendre polynomial, in long
 * double; cost about 5 n^2 operations.
 */
void shs_quadrature_rule (gsize n, double *points, double *weights);

G_END_DECLS
