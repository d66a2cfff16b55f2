/* The tables that the compilations of the kernels define. */
#pragma once

#include "tree/kernels/shs-tree-kernels.h"

extern const ShsTreeKernels shs_tree_kernels_baseline_single;
extern const ShsTreeKernels shs_tree_kernels_baseline_double;
extern const ShsTreeKernels shs_tree_kernels_avx2_single;
extern const ShsTreeKernels shs_tree_kernels_avx2_double;
extern const ShsTreeKernels shs_tree_kernels_avx512_single;
extern const ShsTreeKernels shs_tree_kernels_avx512_double;
