/* Patterns of rows, and the look-up of their contributions. */
#include "tree/kernels/shs-tree-table-parts.h"

#include <string.h>

#define UNROLL _Pragma ("GCC unroll 8")

SHS_LANES_INLINE guint8 *
get_patterns (const ShsTableWalk *task, guint32 level)
{
  return task->patterns + (gsize)level * SHS_PATTERN_BYTES;
}

SHS_LANES_INLINE void
run_edge (const ShsTableWalk *task, const ShsPatternOp *op)
{
  const guint8 *from = get_patterns (task, op->level);
  guint8 *to = get_patterns (task, op->level + 1);
  guint plane = op->bit / 8;
  guint8 bit = (guint8)(1u << op->bit % 8);
  const ShsBytes *old = (const ShsBytes *)(from + plane * SHS_TREE_BLOCK);
  ShsBytes *new = (ShsBytes *)(to + plane * SHS_TREE_BLOCK);
  const guint64 *word = &task->words[op->index];
  gboolean is_first = plane > 0 && op->n_bits == 8;

  UNROLL for (int i = 0; i < SHS_BYTES_VECTORS; i++)
  {
    ShsBytes hot = is_first ? (ShsBytes){ 0 } - 1 : old[i];
    ShsBytes cold = hot & (guint8)~bit;

    new[i] = op->side == 0 ? shs_lanes_select_bytes (word, i, hot, cold)
                           : shs_lanes_select_bytes (word, i, cold, hot);
  }
  if (MAX (op->n_bits, op->bit + 1) > 8)
    memcpy (to + (1 - plane) * SHS_TREE_BLOCK, from + (1 - plane) * SHS_TREE_BLOCK, SHS_TREE_BLOCK);
}

/* One table after the other, row by row: for any width. */
static void
look_up_in_memory (const ShsTableWalk *task, const ShsPatternUnit *unit, const guint8 *patterns)
{
  const ShsReal *table = (const ShsReal *)task->tables + unit->first_entry;
  gsize n_entries = SHS_TABLE_ENTRIES (unit->n_bits);
  guint16 index[SHS_TREE_BLOCK];

  for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
    {
      guint high = unit->n_bits > 8 ? patterns[SHS_TREE_BLOCK + row] : 0;

      index[row] = (guint16)((patterns[row] | high << 8) & (n_entries - 1));
    }
  for (guint i = 0; i < unit->n_players; i++, table += n_entries)
    {
      ShsReal *to = (ShsReal *)task->contributions
                    + (gsize)task->players[unit->first_player + i] * SHS_TREE_BLOCK;

      for (gsize row = 0; row < task->n_rows; row++)
        to[row] += table[index[row]];
    }
}

void
SHS_LANES_NAME (walk_tables) (const ShsTableWalk *task)
{
  memset (task->patterns, 0xff, SHS_TREE_BLOCK);
  for (const ShsPatternOp *op = task->ops; op < task->ops + task->n_ops; op++)
    if (op->is_unit)
      look_up_in_memory (task, &task->units[op->index], get_patterns (task, op->level));
    else
      run_edge (task, op);
}

const ShsTableKernels SHS_LANES_NAME (table_kernels) = {
  .walk = SHS_LANES_NAME (walk_tables),
  .count = SHS_LANES_NAME (count_patterns),
  .build = SHS_LANES_NAME (build_tables),
};
