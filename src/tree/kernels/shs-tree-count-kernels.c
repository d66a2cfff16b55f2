/* Counts of the background's rows by pattern, without looking at any row's pattern.
 *
 * Down the tree, for each set B of the pattern's bits, a bit set of rows says which of them have
 * all bits of B. An edge that brings a new bit doubles the sets: those with the bit are those
 * without it and the rows that go the edge's way; they are written behind the others, where the
 * next edge out of the same node finds room again. An edge that asks an old bit changes sets, so
 * that it copies them first: sets lie in one region for each old bit asked on the path. At a unit
 * the sets' sizes are added to its counts, which are turned into counts of single patterns once all
 * rows are counted. */
#include "tree/kernels/shs-tree-table-parts.h"

#include <string.h>

#define N_VECTORS (SHS_COUNT_WORDS * 8 / SHS_LANES_BYTES)

typedef guint64 Words __attribute__ ((vector_size (SHS_LANES_BYTES)));

/* The sets of patterns of @n_bits behind @level edges. */
SHS_LANES_INLINE Words *
get_sets (const ShsPatternCount *task, guint32 level, guint n_bits)
{
  return (Words *)task->sets + ((gsize)(level - n_bits) << task->most_bits) * N_VECTORS;
}

SHS_LANES_INLINE void
intersect (const Words *from, const Words *way, Words *to, Words flip)
{
  for (int i = 0; i < N_VECTORS; i++)
    to[i] = from[i] & (way[i] ^ flip);
}

SHS_LANES_INLINE const Words *
get_way (const ShsPatternCount *task, const ShsPatternOp *op)
{
  return (const Words *)(task->words + (gsize)op->index * SHS_COUNT_WORDS);
}

SHS_LANES_INLINE void
run_edge (const ShsPatternCount *task, const ShsPatternOp *op)
{
  Words *from = get_sets (task, op->level, op->n_bits);
  Words *to = from + ((gsize)N_VECTORS << op->n_bits);
  const Words *way = get_way (task, op);
  Words flip = (Words){ 0 } - (op->side == 1);
  gsize n = (gsize)1 << op->n_bits;

  if (op->bit == op->n_bits)
    {
      for (gsize set = 0; set < n; set++)
        intersect (from + set * N_VECTORS, way, to + set * N_VECTORS, flip);
      return;
    }
  to = get_sets (task, op->level + 1, op->n_bits);
  memcpy (to, from, n * N_VECTORS * sizeof (Words));
  for (gsize set = 0; set < n; set++)
    if (set >> op->bit & 1)
      intersect (from + set * N_VECTORS, way, to + set * N_VECTORS, flip);
}

#if defined(__AVX512F__)
#define COUNT_BITS_TARGET __attribute__ ((target ("avx512vpopcntdq")))

/* Of the rows of a set that go left, or of all where @way is NULL. */
SHS_LANES_INLINE COUNT_BITS_TARGET guint64
count_bits_at_once (const Words *set, const Words *way)
{
  __m512i sum = _mm512_setzero_si512 ();

  for (int i = 0; i < N_VECTORS; i++)
    sum = _mm512_add_epi64 (
        sum, _mm512_popcnt_epi64 ((__m512i)(way != NULL ? set[i] & way[i] : set[i])));
  return (guint64)_mm512_reduce_add_epi64 (sum);
}
#endif

SHS_LANES_INLINE guint64
count_bits (const Words *set, const Words *way)
{
  guint64 n = 0;

  for (int i = 0; i < N_VECTORS; i++)
    for (gsize j = 0; j < sizeof (Words) / 8; j++)
      n += (guint64)__builtin_popcountll (way != NULL ? set[i][j] & way[i][j] : set[i][j]);
  return n;
}

/* @last: (nullable): an edge to the left with a new bit, whose sets are counted but not kept. */
#define DEFINE_COUNT(name, attributes, count)                                                      \
  static attributes void name (const ShsPatternCount *task, const ShsPatternOp *last,              \
                               const ShsPatternOp *op)                                             \
  {                                                                                                \
    const ShsPatternUnit *unit = &task->units[op->index];                                          \
    guint n_kept = last != NULL ? last->n_bits : unit->n_bits;                                     \
    gsize n = (gsize)1 << n_kept;                                                                  \
    const Words *sets = get_sets (task, last != NULL ? last->level : op->level, n_kept);           \
    guint64 *counts = task->counts + unit->first_count;                                            \
                                                                                                   \
    for (gsize set = 0; set < n; set++)                                                            \
      counts[set] += count (sets + set * N_VECTORS, NULL);                                         \
    for (gsize set = 0; last != NULL && set < n; set++)                                            \
      counts[n + set] += count (sets + set * N_VECTORS, get_way (task, last));                     \
  }

DEFINE_COUNT (count_unit, , count_bits)
#if defined(__AVX512F__)
DEFINE_COUNT (count_unit_at_once, COUNT_BITS_TARGET, count_bits_at_once)
#endif

typedef void (*CountFunc) (const ShsPatternCount *, const ShsPatternOp *, const ShsPatternOp *);

SHS_LANES_INLINE CountFunc
choose_count (void)
{
#if defined(__AVX512F__)
  if (__builtin_cpu_supports ("avx512vpopcntdq"))
    return count_unit_at_once;
#endif
  return count_unit;
}

void
SHS_LANES_NAME (count_patterns) (const ShsPatternCount *task)
{
  CountFunc count = choose_count ();
  const ShsPatternOp *end = task->ops + task->n_ops;

  memcpy (task->sets, task->valid, SHS_COUNT_WORDS * sizeof (guint64));
  for (const ShsPatternOp *op = task->ops; op < end; op++)
    if (op->is_unit)
      count (task, NULL, op);
    else if (op + 1 < end && op[1].is_unit && op->bit == op->n_bits && op->side == 0)
      {
        count (task, op, op + 1);
        op++;
      }
    else
      run_edge (task, op);
}
