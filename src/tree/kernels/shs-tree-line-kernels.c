/* Look-ups in lines: the numbers of all players of a unit are next to each other, so that a row's
 * pattern fetches them at once. */
#include "tree/kernels/shs-tree-table-parts.h"

/* Lines are read in pieces of 16 bytes, of which a vector holds some: those of rows that far apart.
 */
#define PIECE (16 / (int)sizeof (ShsReal))
#define PIECES (SHS_LANES / PIECE)

typedef ShsReal Piece __attribute__ ((vector_size (16), may_alias));

SHS_LANES_INLINE ShsReal *
get_contributions (const ShsTableWalk *task, guint32 slot, int block, gsize row)
{
  return (ShsReal *)task->contributions[block] + (gsize)slot * SHS_TREE_BLOCK + row;
}

/* Pieces of rows 0, PIECE, 2 PIECE, ... */
SHS_LANES_INLINE ShsVector
join_pieces (const ShsReal *table, const guint32 *lines)
{
#if defined(__AVX512F__)
  __m512 pieces = _mm512_castps128_ps512 (*(const __m128 *)(table + lines[0]));

  pieces = _mm512_insertf32x4 (pieces, *(const __m128 *)(table + lines[PIECE]), 1);
  pieces = _mm512_insertf32x4 (pieces, *(const __m128 *)(table + lines[2 * PIECE]), 2);
  return (ShsVector)_mm512_insertf32x4 (pieces, *(const __m128 *)(table + lines[3 * PIECE]), 3);
#elif defined(__AVX2__)
  __m256 pieces = _mm256_castps128_ps256 (*(const __m128 *)(table + lines[0]));

  return (ShsVector)_mm256_insertf128_ps (pieces, *(const __m128 *)(table + lines[PIECE]), 1);
#else
  return *(const Piece *)(table + lines[0]);
#endif
}

/* Runs of @n numbers in turn from each of two vectors, out of the low or high halves of their
 * pieces. */
SHS_LANES_INLINE ShsVector
mix (ShsVector one, ShsVector other, int n, int is_high)
{
  ShsVectorBits from;

  for (int i = 0; i < SHS_LANES; i++)
    {
      int run = i % PIECE / n;

      from[i]
          = (run % 2) * SHS_LANES + i / PIECE * PIECE + is_high * PIECE / 2 + run / 2 * n + i % n;
    }
  return __builtin_shuffle (one, other, from);
}

/* From pieces of rows to numbers of players. */
SHS_LANES_INLINE void
tell_players_apart (ShsVector *vectors)
{
#ifdef SHS_LANES_DOUBLE
  ShsVector first = mix (vectors[0], vectors[1], 1, 0);

  vectors[1] = mix (vectors[0], vectors[1], 1, 1);
  vectors[0] = first;
#else
  ShsVector low[2] = { mix (vectors[0], vectors[1], 1, 0), mix (vectors[2], vectors[3], 1, 0) };
  ShsVector high[2] = { mix (vectors[0], vectors[1], 1, 1), mix (vectors[2], vectors[3], 1, 1) };

  vectors[0] = mix (low[0], low[1], 2, 0);
  vectors[1] = mix (low[0], low[1], 2, 1);
  vectors[2] = mix (high[0], high[1], 2, 0);
  vectors[3] = mix (high[0], high[1], 2, 1);
#endif
}

/* As many players as a piece has, from @player on, for as many rows as a vector has numbers. */
SHS_LANES_INLINE void
add_pieces (const ShsTableWalk *task, const guint32 *slots, int n, const ShsReal *table,
            const guint32 *lines, int block, gsize row)
{
  ShsVector vectors[PIECE];

  _Pragma ("GCC unroll 4") for (int i = 0; i < PIECE; i++) vectors[i]
      = join_pieces (table, lines + row + i);
  tell_players_apart (vectors);
  _Pragma ("GCC unroll 4") for (int i = 0; i < PIECE; i++) if (i < n)
      * (ShsVector *)get_contributions (task, slots[i], block, row)
      += vectors[i];
}

static void
look_up_block (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level, int block)
{
  const ShsReal *table = (const ShsReal *)task->tables + (unit->first_entry - task->first_entry);
  const guint8 *patterns = shs_table_get_patterns (task, level, block);
  const guint32 *slots = task->players + unit->first_player;
  guint32 width = SHS_LINE_WIDTH (unit->n_players);
  gsize n_rows = shs_table_count_rows (task, block);
  guint16 numbers[SHS_TREE_BLOCK];
  guint32 lines[SHS_TREE_BLOCK];

  shs_table_read_patterns (patterns, unit->n_bits, (gsize)1 << unit->n_bits, SHS_TREE_BLOCK,
                           numbers);
  for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
    lines[row] = numbers[row] * width;
  for (int player = 0; player < unit->n_players; player += PIECE)
    for (gsize row = 0; row < n_rows; row += SHS_LANES)
      add_pieces (task, slots + player, unit->n_players - player, table + player, lines, block,
                  row);
}

void
SHS_LANES_NAME (look_up_lines) (const ShsTableWalk *task, const ShsPatternUnit *unit, guint32 level)
{
  for (int block = 0; block < shs_table_count_blocks (task); block++)
    look_up_block (task, unit, level, block);
}

/* Lines that are asked for ahead of their use. */
#define PENDING 64

/* A row alone on its way through a tree. */
typedef struct
{
  const ShsTableWalk *task;
  int block;
  gsize row;
  guint n;
  const ShsPatternUnit *units[PENDING];
  const ShsReal *lines[PENDING];
} RowWalk;

static void
ask_for_line (RowWalk *self, const ShsPatternUnit *unit, guint32 pattern)
{
  const ShsTableWalk *task = self->task;
  const ShsReal *line = (const ShsReal *)task->tables + (unit->first_entry - task->first_entry)
                        + (pattern & ((1u << unit->n_bits) - 1)) * SHS_LINE_WIDTH (unit->n_players);

  __builtin_prefetch (line);
  self->units[self->n] = unit;
  self->lines[self->n++] = line;
}

static void
add_lines (RowWalk *self)
{
  const ShsTableWalk *task = self->task;

  for (guint i = 0; i < self->n; i++)
    {
      const ShsPatternUnit *unit = self->units[i];
      const ShsReal *line = self->lines[i];
      const guint32 *slots = task->players + unit->first_player;

      for (guint player = 0; player < unit->n_players; player++)
        *get_contributions (task, slots[player], self->block, self->row) += line[player];
    }
  self->n = 0;
}

/* Patterns are numbers here, and the sums those of many rows in the same order. */
void
SHS_LANES_NAME (walk_row) (const ShsTableWalk *task, gsize row)
{
  guint32 *patterns = (guint32 *)task->patterns;
  int block = (int)(row / SHS_TREE_BLOCK);
  const guint64 *words = task->words[block];
  RowWalk self;

  self.task = task;
  self.block = block;
  self.row = row % SHS_TREE_BLOCK;
  self.n = 0;
  patterns[0] = ~0u;
  for (const ShsPatternOp *op = task->ops; op < task->ops + task->n_ops; op++)
    {
      guint32 pattern = patterns[op->level];
      guint32 cold;

      if (op->is_unit)
        {
          ask_for_line (&self, &task->units[op->index], pattern);
          if (self.n == PENDING)
            add_lines (&self);
          continue;
        }
      cold = (guint32)(words[op->index] >> self.row & 1) ^ 1 ^ op->side;
      patterns[op->level + 1] = pattern & ~(cold << op->bit);
    }
  add_lines (&self);
}
