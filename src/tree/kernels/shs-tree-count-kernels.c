/* Counts of the background's rows by pattern, without looking at any row's pattern.
 *
 * Down the tree, for each set B of the pattern's bits, a bit set of rows says which of them have
 * all bits of B. An edge that brings a new bit doubles the sets: those with the bit are those
 * without it and the rows that go the edge's way. At a unit the sets' sizes are added to its
 * counts, which are turned into counts of single patterns once all rows are counted. */
#include "tree/kernels/shs-tree-table-parts.h"

#include <string.h>

#define N_VECTORS (SHS_COUNT_WORDS * 8 / SHS_LANES_BYTES)

typedef guint64 Words __attribute__ ((vector_size (SHS_LANES_BYTES)));

SHS_LANES_INLINE Words *
get_sets (const ShsPatternCount *task, guint32 level)
{
  return (Words *)(task->sets + shs_pattern_sets_before (level, task->most_bits) * SHS_COUNT_WORDS);
}

SHS_LANES_INLINE void
intersect (const Words *from, const Words *way, Words *to, Words flip)
{
  for (int i = 0; i < N_VECTORS; i++)
    to[i] = from[i] & (way[i] ^ flip);
}

static void
run_edge (const ShsPatternCount *task, const ShsPatternOp *op)
{
  const Words *from = get_sets (task, op->level);
  Words *to = get_sets (task, op->level + 1);
  const Words *way = (const Words *)(task->words + (gsize)op->index * SHS_COUNT_WORDS);
  Words flip = (Words){ 0 } - (op->side == 1);
  gsize n = (gsize)1 << op->n_bits;

  memcpy (to, from, n * SHS_COUNT_WORDS * sizeof (guint64));
  if (op->bit == op->n_bits)
    for (gsize set = 0; set < n; set++)
      intersect (from + set * N_VECTORS, way, to + (n + set) * N_VECTORS, flip);
  else
    for (gsize set = 0; set < n; set++)
      if (set >> op->bit & 1)
        intersect (from + set * N_VECTORS, way, to + set * N_VECTORS, flip);
}

SHS_LANES_INLINE guint64
count_bits (const guint64 *words)
{
  guint64 n = 0;

  for (int i = 0; i < SHS_COUNT_WORDS; i++)
    n += (guint64)__builtin_popcountll (words[i]);
  return n;
}

static void
count_unit (const ShsPatternCount *task, const ShsPatternUnit *unit, guint32 level)
{
  const guint64 *sets = (const guint64 *)get_sets (task, level);
  guint64 *counts = task->counts + unit->first_count;

  for (gsize set = 0; set < (gsize)1 << unit->n_bits; set++)
    counts[set] += count_bits (sets + set * SHS_COUNT_WORDS);
}

void
SHS_LANES_NAME (count_patterns) (const ShsPatternCount *task)
{
  memcpy (task->sets, task->valid, SHS_COUNT_WORDS * sizeof (guint64));
  for (const ShsPatternOp *op = task->ops; op < task->ops + task->n_ops; op++)
    if (op->is_unit)
      count_unit (task, &task->units[op->index], op->level);
    else
      run_edge (task, op);
}
