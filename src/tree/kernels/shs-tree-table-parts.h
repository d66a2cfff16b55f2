/* The pattern kernels of one instruction set and precision: a file each. */
#pragma once

#include "tree/kernels/shs-lanes.h"
#include "tree/kernels/shs-tree-table-kernels.h"

void SHS_LANES_NAME (look_up_lines) (const ShsTableWalk *task, const ShsPatternUnit *unit,
                                     guint32 level);
void SHS_LANES_NAME (walk_row) (const ShsTableWalk *task, gsize row);
void SHS_LANES_NAME (walk_tables) (const ShsTableWalk *task);

/* The two bytes of the patterns of 64 rows. */
SHS_LANES_INLINE guint8 *
shs_table_get_patterns (const ShsTableWalk *task, guint32 level, int block)
{
  return task->patterns + (gsize)level * SHS_PATTERN_BYTES + block * 2 * SHS_TREE_BLOCK;
}

SHS_LANES_INLINE int
shs_table_count_blocks (const ShsTableWalk *task)
{
  return task->n_rows > SHS_TREE_BLOCK ? 2 : 1;
}

/* Rows of a block that count. */
SHS_LANES_INLINE gsize
shs_table_count_rows (const ShsTableWalk *task, int block)
{
  return MIN (SHS_TREE_BLOCK, task->n_rows - (gsize)block * SHS_TREE_BLOCK);
}

/* The pattern of each of @n rows as a number below @n_entries. */
SHS_LANES_INLINE void
shs_table_read_patterns (const guint8 *patterns, guint n_bits, gsize n_entries, gsize n,
                         guint16 *numbers)
{
  for (gsize row = 0; row < n; row++)
    {
      guint high = n_bits > 8 ? patterns[SHS_TREE_BLOCK + row] : 0;

      numbers[row] = (guint16)((patterns[row] | high << 8) & (n_entries - 1));
    }
}

void SHS_LANES_NAME (count_patterns) (const ShsPatternCount *task);
void SHS_LANES_NAME (build_tables) (const ShsTableBuild *task);
extern const ShsTableKernels SHS_LANES_NAME (table_kernels);
