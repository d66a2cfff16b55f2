/* The ranking kernel, where the instructions have tables in registers. */
#pragma once

#include "tree/kernels/shs-lanes.h"
#include "tree/kernels/shs-tree-kernels.h"

#if defined(__AVX512BW__) && !defined(SHS_LANES_DOUBLE)
void SHS_LANES_NAME (rank) (const ShsRanking *self, gconstpointer x, guint64 *left);
#define SHS_LANES_RANK SHS_LANES_NAME (rank)
#else
#define SHS_LANES_RANK NULL
#endif
