/* The parts of the table that stand in the files of the quadrature kernels. */
#pragma once

#include "tree/kernels/shs-lanes.h"
#include "tree/kernels/shs-tree-kernels.h"

void SHS_LANES_NAME (explain) (const ShsQuadrature *task);
void SHS_LANES_NAME (interact) (const ShsQuadrature *task);
void SHS_LANES_NAME (flush) (gpointer contributions, gsize n_slots, const ShsTreeColumns *to);
