/* Patterns of rows, and the look-up of their contributions. */
#include "tree/kernels/shs-tree-table-parts.h"

#include <string.h>

/* One byte of the patterns; @to and @from are those of the block. */
SHS_LANES_INLINE void
clear_bit (guint64 word, guint bit, const guint8 *from, guint8 *to)
{
  const ShsBytes *old = (const ShsBytes *)from;
  ShsBytes *new = (ShsBytes *)to;
  ShsBytes kept = (ShsBytes){ 0 } + (guint8) ~(1u << bit);

  UNROLL for (int i = 0; i < SHS_BYTES_VECTORS; i++) new[i]
      = shs_lanes_select_bytes (&word, i, old[i], old[i] & kept);
}

SHS_LANES_INLINE void
run_narrow_edge (const ShsTableWalk *task, const ShsPatternOp *op, int n_blocks)
{
  guint64 turned = -(guint64)op->side;

  UNROLL for (int block = 0; block < n_blocks; block++)
      clear_bit (task->words[block][op->index] ^ turned, op->bit,
                 shs_table_get_patterns (task, op->level, block),
                 shs_table_get_patterns (task, op->level + 1, block));
}

/* Patterns of two bytes. */
static void
run_wide_edge (const ShsTableWalk *task, const ShsPatternOp *op, int block)
{
  const guint8 *from = shs_table_get_patterns (task, op->level, block);
  guint8 *to = shs_table_get_patterns (task, op->level + 1, block);
  gsize changed = op->bit / 8 * SHS_TREE_BLOCK;
  gsize other = SHS_TREE_BLOCK - changed;

  memcpy (to + other, from + other, SHS_TREE_BLOCK);
  if (op->n_bits == 8 && op->bit == 8)
    memset (to + changed, 0xff, SHS_TREE_BLOCK);
  else
    memcpy (to + changed, from + changed, SHS_TREE_BLOCK);
  clear_bit (task->words[block][op->index] ^ -(guint64)op->side, op->bit % 8, to + changed,
             to + changed);
}

SHS_LANES_INLINE void
run_edge (const ShsTableWalk *task, const ShsPatternOp *op)
{
  if (MAX (op->n_bits, op->bit + 1) > 8)
    for (int block = 0; block < shs_table_count_blocks (task); block++)
      run_wide_edge (task, op, block);
  else if (shs_table_count_blocks (task) == 1)
    run_narrow_edge (task, op, 1);
  else
    run_narrow_edge (task, op, 2);
}

SHS_LANES_INLINE ShsReal *
get_contributions (const ShsTableWalk *task, const ShsPatternUnit *unit, guint player, int block)
{
  return (ShsReal *)task->contributions[block]
         + (gsize)task->players[unit->first_player + player] * SHS_TREE_BLOCK;
}

/* One table after the other, row by row: for any width. */
static void
look_up_in_memory (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level, int block)
{
  const guint8 *patterns = shs_table_get_patterns (task, level, block);
  const ShsReal *table = (const ShsReal *)task->tables + (unit->first_entry - task->first_entry);
  gsize n_entries = SHS_TABLE_ENTRIES (shs_pattern_unit_index_bits (unit));
  gsize n_rows = shs_table_count_rows (task, block);
  guint16 index[SHS_TREE_BLOCK];

  shs_table_read_patterns (patterns, unit->n_bits, n_entries, n_rows, index);
  for (guint i = 0; i < unit->n_players; i++)
    {
      ShsReal *to = get_contributions (task, unit, i, block);
      const ShsReal *base = table;
      ShsReal sums[SHS_TREE_BLOCK] = { 0 };

      table += n_entries;
      for (guint lower = 0; lower < 2; lower++)
        if (shs_pattern_unit_depends (unit, i, lower))
          {
            guint64 rows = task->words[block][unit->lower[lower]];

            for (gsize row = 0; row < n_rows; row++)
              sums[row] += rows >> row & 1 ? table[index[row]] : 0;
            table += n_entries;
          }
      for (gsize row = 0; row < n_rows; row++)
        to[row] += sums[row] + base[index[row]];
    }
}

#if defined(__AVX512BW__) && !defined(SHS_LANES_DOUBLE)
/* The entries of 16 rows out of a table of 2^n_bits in registers: pairs of registers by the low
 * five bits of the index, then choices by the higher ones. */
SHS_LANES_INLINE __m512
choose_5 (const __m512 *table, __m512i index)
{
  return _mm512_permutex2var_ps (table[0], index, table[1]);
}

SHS_LANES_INLINE __m512
choose_6 (const __m512 *table, __m512i index, const __mmask16 *high)
{
  return _mm512_mask_blend_ps (high[0], choose_5 (table, index), choose_5 (table + 2, index));
}

SHS_LANES_INLINE __m512
choose_7 (const __m512 *table, __m512i index, const __mmask16 *high)
{
  return _mm512_mask_blend_ps (high[1], choose_6 (table, index, high),
                               choose_6 (table + 4, index, high));
}

SHS_LANES_INLINE __m512
choose_8 (const __m512 *table, __m512i index, const __mmask16 *high)
{
  return _mm512_mask_blend_ps (high[2], choose_7 (table, index, high),
                               choose_7 (table + 8, index, high));
}

SHS_LANES_INLINE __m512
choose_entries (const __m512 *table, int n_bits, __m512i index, const __mmask16 *high)
{
  switch (n_bits)
    {
    case 4:
      return _mm512_permutexvar_ps (index, table[0]);
    case 5:
      return choose_5 (table, index);
    case 6:
      return choose_6 (table, index, high);
    case 7:
      return choose_7 (table, index, high);
    default:
      return choose_8 (table, index, high);
    }
}

#define WIDEST_IN_REGISTERS 8
/* So few rows need less of a table than filling the registers would fetch. */
#define FEW_ROWS 2

/* The patterns of the blocks, in the form that choose_entries() takes. */
typedef struct
{
  __m512i index[SHS_TABLE_BLOCKS][SHS_LANES_VECTORS];
  __mmask16 high[SHS_TABLE_BLOCKS][SHS_LANES_VECTORS][WIDEST_IN_REGISTERS - 5];
} Indices;

SHS_LANES_INLINE void
find_indices (const ShsTableWalk *task, guint32 level, int n_bits, int n_blocks, int n_vectors,
              Indices *to)
{
  UNROLL for (int block = 0; block < n_blocks; block++) UNROLL for (int i = 0; i < n_vectors; i++)
  {
    const guint8 *patterns = shs_table_get_patterns (task, level, block) + 16 * i;
    __m512i index = _mm512_cvtepu8_epi32 (_mm_load_si128 ((const __m128i *)patterns));

    to->index[block][i] = index;
    for (int bit = 5; bit < n_bits; bit++)
      to->high[block][i][bit - 5] = _mm512_test_epi32_mask (index, _mm512_set1_epi32 (1 << bit));
  }
}

SHS_LANES_INLINE void
load_table (const float *table, int n_bits, __m512 *entries)
{
  UNROLL for (int i = 0; i < 1 << (n_bits - 4); i++) entries[i] = _mm512_load_ps (table + 16 * i);
}

SHS_LANES_INLINE void
look_up_in_registers (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level,
                      int n_bits, int n_blocks, int n_vectors)
{
  const float *table = (const float *)task->tables + (unit->first_entry - task->first_entry);
  Indices indices;

  find_indices (task, level, n_bits, n_blocks, n_vectors, &indices);
  for (guint player = 0; player < unit->n_players; player++, table += SHS_TABLE_ENTRIES (n_bits))
    {
      __m512 entries[1 << (WIDEST_IN_REGISTERS - 4)];

      load_table (table, n_bits, entries);
      UNROLL for (int block = 0; block < n_blocks; block++)
      {
        float *to = get_contributions (task, unit, player, block);

        UNROLL for (int i = 0; i < n_vectors; i++) _mm512_store_ps (
            to + 16 * i, _mm512_add_ps (_mm512_load_ps (to + 16 * i),
                                        choose_entries (entries, n_bits, indices.index[block][i],
                                                        indices.high[block][i])));
      }
    }
}

/* The entries of the rows that @rows has, 0 for others. */
SHS_LANES_INLINE __m512
choose_of_rows (const __m512 *table, int n_bits, __m512i index, const __mmask16 *high,
                __mmask16 rows)
{
  if (n_bits == 5)
    return _mm512_maskz_permutex2var_ps (rows, table[0], index, table[1]);
  return _mm512_maskz_mov_ps (rows, choose_entries (table, n_bits, index, high));
}

/* One player of a fork, and @n_lower of its lower tests. */
SHS_LANES_INLINE const float *
add_fork (const ShsTableWalk *task, const ShsPatternUnit *unit, guint player, const float *table,
          const Indices *indices, int n_bits, int n_lower, int n_blocks, int n_vectors)
{
  __m512 entries[3][1 << (WIDEST_IN_REGISTERS - 6)];
  guint32 first = unit->lower[n_lower == 1 ? unit->lower_of[player - unit->n_shared] : 0];

  for (int i = 0; i <= n_lower; i++, table += SHS_TABLE_ENTRIES (n_bits))
    load_table (table, n_bits, entries[i]);
  UNROLL for (int block = 0; block < n_blocks; block++)
  {
    float *to = get_contributions (task, unit, player, block);
    const ShsLaneMask *rows[] = { (const ShsLaneMask *)&task->words[block][first],
                                  (const ShsLaneMask *)&task->words[block][unit->lower[1]] };

    UNROLL for (int i = 0; i < n_vectors; i++)
    {
      __m512i index = indices->index[block][i];
      const __mmask16 *high = indices->high[block][i];
      __m512 sum = choose_of_rows (entries[1], n_bits, index, high, rows[0][i]);

      if (n_lower > 1)
        sum += choose_of_rows (entries[2], n_bits, index, high, rows[1][i]);
      sum += choose_entries (entries[0], n_bits, index, high);
      _mm512_store_ps (to + 16 * i, _mm512_load_ps (to + 16 * i) + sum);
    }
  }
  return table;
}

SHS_LANES_INLINE void
look_up_fork (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level, int n_bits,
              int n_blocks, int n_vectors)
{
  const float *table = (const float *)task->tables + (unit->first_entry - task->first_entry);
  guint player = 0;
  Indices indices;

  find_indices (task, level, n_bits, n_blocks, n_vectors, &indices);
  for (; player < unit->n_shared; player++)
    table = add_fork (task, unit, player, table, &indices, n_bits, 2, n_blocks, n_vectors);
  for (; player < unit->n_players; player++)
    table = add_fork (task, unit, player, table, &indices, n_bits, 1, n_blocks, n_vectors);
}

typedef void (*LookUp) (const ShsTableWalk *, const ShsPatternUnit *, guint32);

#define DEFINE_LOOK_UP(name, look_up, n_bits)                                                      \
  static __attribute__ ((noinline)) void name##_##n_bits (                                         \
      const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level)                         \
  {                                                                                                \
    if (task->n_rows <= SHS_LANES)                                                                 \
      look_up (task, unit, level, n_bits, 1, 1);                                                   \
    else if (task->n_rows <= SHS_TREE_BLOCK)                                                       \
      look_up (task, unit, level, n_bits, 1, SHS_LANES_VECTORS);                                   \
    else                                                                                           \
      look_up (task, unit, level, n_bits, 2, SHS_LANES_VECTORS);                                   \
  }

DEFINE_LOOK_UP (look_up, look_up_in_registers, 4)
DEFINE_LOOK_UP (look_up, look_up_in_registers, 5)
DEFINE_LOOK_UP (look_up, look_up_in_registers, 6)
DEFINE_LOOK_UP (look_up, look_up_in_registers, 7)
DEFINE_LOOK_UP (look_up, look_up_in_registers, 8)
DEFINE_LOOK_UP (fork, look_up_fork, 5)
DEFINE_LOOK_UP (fork, look_up_fork, 6)

/* By the bits of the index. */
static const LookUp plain[] = { look_up_4, look_up_4, look_up_4, look_up_4, look_up_4,
                                look_up_5, look_up_6, look_up_7, look_up_8 };
static const LookUp forks[] = { fork_5, fork_5, fork_5, fork_5, fork_5, fork_5, fork_6 };
#endif

static void
look_up (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level)
{
#if defined(__AVX512BW__) && !defined(SHS_LANES_DOUBLE)
  guint n_bits = shs_pattern_unit_index_bits (unit);

  if (n_bits <= (unit->is_fork ? 6 : WIDEST_IN_REGISTERS) && task->n_rows > FEW_ROWS)
    {
      (unit->is_fork ? forks : plain)[n_bits](task, unit, level);
      return;
    }
#endif
  for (int block = 0; block < shs_table_count_blocks (task); block++)
    look_up_in_memory (task, unit, level, block);
}

void
SHS_LANES_NAME (walk_tables) (const ShsTableWalk *task)
{
  if (task->narrow_lines)
    {
      for (gsize row = 0; row < task->n_rows; row++)
        SHS_LANES_NAME (walk_row) (task, row);
      return;
    }
  for (int block = 0; block < SHS_TABLE_BLOCKS; block++)
    memset (shs_table_get_patterns (task, 0, block), 0xff, SHS_TREE_BLOCK);
  for (const ShsPatternOp *op = task->ops; op < task->ops + task->n_ops; op++)
    if (op->is_unit && task->wide_lines && shs_pattern_unit_is_wide (&task->units[op->index]))
      SHS_LANES_NAME (look_up_lines) (task, &task->units[op->index], op->level);
    else if (op->is_unit)
      look_up (task, &task->units[op->index], op->level - (task->units[op->index].is_fork ? 2 : 0));
    else if (!op->is_lower)
      run_edge (task, op);
}

const ShsTableKernels SHS_LANES_NAME (table_kernels) = {
  .walk = SHS_LANES_NAME (walk_tables),
  .count = SHS_LANES_NAME (count_patterns),
  .build = SHS_LANES_NAME (build_tables),
};
