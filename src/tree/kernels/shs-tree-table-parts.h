/* The pattern kernels of one instruction set and precision: a file each. */
#pragma once

#include "tree/kernels/shs-lanes.h"
#include "tree/kernels/shs-tree-table-kernels.h"

void SHS_LANES_NAME (walk_tables) (const ShsTableWalk *task);
void SHS_LANES_NAME (count_patterns) (const ShsPatternCount *task);
void SHS_LANES_NAME (build_tables) (const ShsTableBuild *task);
extern const ShsTableKernels SHS_LANES_NAME (table_kernels);
