/* The parts of the table that stand in the file of the quadrature kernels. */
#pragma once

#include "tree/kernels/shs-lanes.h"
#include "tree/kernels/shs-tree-kernels.h"

/** Points per pass: A, its left part and H of three levels must fit into the registers. */
#ifdef __AVX512F__
#define SHS_QUADRATURE_FIT 4
#else
#define SHS_QUADRATURE_FIT 4
#endif

void SHS_LANES_NAME (explain) (const ShsQuadrature *task);
void SHS_LANES_NAME (flush) (gpointer contributions, double *sums, gsize n_slots);
