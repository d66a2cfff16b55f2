/* Patterns of rows, and the look-up of their contributions. */
#include "tree/kernels/shs-tree-table-parts.h"

#include <string.h>

/* With the sanitizers some loops are gone before they are unrolled, which is a warning. */
#ifdef __SANITIZE_ADDRESS__
#define UNROLL
#else
#define UNROLL _Pragma ("GCC unroll 8")
#endif

SHS_LANES_INLINE guint8 *
get_patterns (const ShsTableWalk *task, guint32 level, int block)
{
  return task->patterns + (gsize)level * SHS_PATTERN_BYTES + block * 2 * SHS_TREE_BLOCK;
}

SHS_LANES_INLINE int
count_blocks (const ShsTableWalk *task)
{
  return task->n_rows > SHS_TREE_BLOCK ? 2 : 1;
}

SHS_LANES_INLINE void
run_edge_of_block (const ShsTableWalk *task, const ShsPatternOp *op, int block)
{
  const guint8 *from = get_patterns (task, op->level, block);
  guint8 *to = get_patterns (task, op->level + 1, block);
  guint plane = op->bit / 8;
  guint8 bit = (guint8)(1u << op->bit % 8);
  const ShsBytes *old = (const ShsBytes *)(from + plane * SHS_TREE_BLOCK);
  ShsBytes *new = (ShsBytes *)(to + plane * SHS_TREE_BLOCK);
  guint64 word = task->words[block][op->index] ^ (op->side == 0 ? 0 : ~G_GUINT64_CONSTANT (0));
  gboolean is_first = plane > 0 && op->n_bits == 8;

  UNROLL for (int i = 0; i < SHS_BYTES_VECTORS; i++)
  {
    ShsBytes hot = is_first ? (ShsBytes){ 0 } - 1 : old[i];

    new[i] = shs_lanes_select_bytes (&word, i, hot, hot & (guint8)~bit);
  }
  if (MAX (op->n_bits, op->bit + 1) > 8)
    memcpy (to + (1 - plane) * SHS_TREE_BLOCK, from + (1 - plane) * SHS_TREE_BLOCK, SHS_TREE_BLOCK);
}

SHS_LANES_INLINE void
run_edge (const ShsTableWalk *task, const ShsPatternOp *op)
{
  run_edge_of_block (task, op, 0);
  if (count_blocks (task) > 1)
    run_edge_of_block (task, op, 1);
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
  const guint8 *patterns = get_patterns (task, level, block);
  const ShsReal *table = (const ShsReal *)task->tables + unit->first_entry;
  gsize n_entries = SHS_TABLE_ENTRIES (unit->n_bits);
  gsize n_rows = MIN (SHS_TREE_BLOCK, task->n_rows - (gsize)block * SHS_TREE_BLOCK);
  guint16 index[SHS_TREE_BLOCK];

  for (gsize row = 0; row < n_rows; row++)
    {
      guint high = unit->n_bits > 8 ? patterns[SHS_TREE_BLOCK + row] : 0;

      index[row] = (guint16)((patterns[row] | high << 8) & (n_entries - 1));
    }
  for (guint i = 0; i < unit->n_players; i++, table += n_entries)
    {
      ShsReal *to = get_contributions (task, unit, i, block);

      for (gsize row = 0; row < n_rows; row++)
        to[row] += table[index[row]];
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

SHS_LANES_INLINE void
look_up_in_registers (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level,
                      int n_bits, int n_blocks, int n_vectors)
{
  const float *table = (const float *)task->tables + unit->first_entry;
  __m512i index[SHS_TABLE_BLOCKS][SHS_LANES_VECTORS];
  __mmask16 high[SHS_TABLE_BLOCKS][SHS_LANES_VECTORS][WIDEST_IN_REGISTERS - 5];

  UNROLL for (int block = 0; block < n_blocks; block++) UNROLL for (int i = 0; i < n_vectors; i++)
  {
    const guint8 *patterns = get_patterns (task, level, block) + 16 * i;

    index[block][i] = _mm512_cvtepu8_epi32 (_mm_load_si128 ((const __m128i *)patterns));
    for (int bit = 5; bit < n_bits; bit++)
      high[block][i][bit - 5]
          = _mm512_test_epi32_mask (index[block][i], _mm512_set1_epi32 (1 << bit));
  }
  for (guint player = 0; player < unit->n_players; player++, table += SHS_TABLE_ENTRIES (n_bits))
    {
      __m512 entries[1 << (WIDEST_IN_REGISTERS - 4)];

      UNROLL for (int i = 0; i < 1 << (n_bits - 4); i++) entries[i]
          = _mm512_load_ps (table + 16 * i);
      UNROLL for (int block = 0; block < n_blocks; block++)
      {
        float *to = get_contributions (task, unit, player, block);

        UNROLL for (int i = 0; i < n_vectors; i++) _mm512_store_ps (
            to + 16 * i,
            _mm512_add_ps (_mm512_load_ps (to + 16 * i),
                           choose_entries (entries, n_bits, index[block][i], high[block][i])));
      }
    }
}

#define DEFINE_LOOK_UP(n_bits)                                                                     \
  static __attribute__ ((noinline)) void look_up_##n_bits (                                        \
      const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level)                         \
  {                                                                                                \
    if (task->n_rows <= SHS_LANES)                                                                 \
      look_up_in_registers (task, unit, level, n_bits, 1, 1);                                      \
    else if (task->n_rows <= SHS_TREE_BLOCK)                                                       \
      look_up_in_registers (task, unit, level, n_bits, 1, SHS_LANES_VECTORS);                      \
    else                                                                                           \
      look_up_in_registers (task, unit, level, n_bits, 2, SHS_LANES_VECTORS);                      \
  }

DEFINE_LOOK_UP (4)
DEFINE_LOOK_UP (5)
DEFINE_LOOK_UP (6)
DEFINE_LOOK_UP (7)
DEFINE_LOOK_UP (8)
#endif

static void
look_up (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level)
{
#if defined(__AVX512BW__) && !defined(SHS_LANES_DOUBLE)
  static void (*const by_bits[]) (const ShsTableWalk *, const ShsPatternUnit *, guint32)
      = { look_up_4, look_up_4, look_up_4, look_up_4, look_up_4,
          look_up_5, look_up_6, look_up_7, look_up_8 };

  if (unit->n_bits <= WIDEST_IN_REGISTERS && task->n_rows > FEW_ROWS)
    {
      by_bits[unit->n_bits](task, unit, level);
      return;
    }
#endif
  for (int block = 0; block < count_blocks (task); block++)
    look_up_in_memory (task, unit, level, block);
}

void
SHS_LANES_NAME (walk_tables) (const ShsTableWalk *task)
{
  for (int block = 0; block < SHS_TABLE_BLOCKS; block++)
    memset (get_patterns (task, 0, block), 0xff, SHS_TREE_BLOCK);
  for (const ShsPatternOp *op = task->ops; op < task->ops + task->n_ops; op++)
    if (op->is_unit)
      look_up (task, &task->units[op->index], op->level);
    else
      run_edge (task, op);
}

const ShsTableKernels SHS_LANES_NAME (table_kernels) = {
  .walk = SHS_LANES_NAME (walk_tables),
  .count = SHS_LANES_NAME (count_patterns),
  .build = SHS_LANES_NAME (build_tables),
};
