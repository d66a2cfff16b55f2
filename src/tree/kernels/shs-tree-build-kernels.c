/* Tables of a unit, in double: the subset sums of WOODELF (Nadel and Wettenstein 2026).
 *
 * Of a leaf of value V below k players let P[B] be the share of the background that meets the
 * conditions of all players in B (path-dependent: the product of their shares of training weight).
 * A row that meets those of the players c has v(S) = V P[all \ S] for S in c, else 0. Then
 *
 *   cold i:  phi_i = V sum over S in c of -cold[|S|] P[all \ S]
 *   hot i:   the same + V sum over S in c with i in S of hot[|S|] P[all \ S]
 *
 * with, for Shapley values, cold[s] = s! (k - s - 1)! / k! (0 for s = k) and hot[s] = (s - 1)!
 * (k - s - 1)! / (k - 1)! (1 / k for s = k). Let C[c] and H[c] be the sums over all S in c. The sum
 * over those with i is H[c] - H[c \ i], so that two sums over subsets, for all c at once, are
 * enough for all players. */
#include "tree/kernels/shs-tree-table-parts.h"
#include "tree/kernels/shs-tree-table-shares.h"

/* Numbers of a vector. */
#define NUMBERS (SHS_LANES_BYTES / (int)sizeof (double))

typedef double Numbers __attribute__ ((vector_size (SHS_LANES_BYTES)));
typedef gint64 Places __attribute__ ((vector_size (SHS_LANES_BYTES)));

/* @blocks: by bits of the unit's tests: the leaf's first pattern, and which bits of the players
 *   above the unit count; where @in_blocks
 * @shares, @cold, @hot: [set or pattern of the leaf's players]; whole vectors
 * @player: [pattern of the leaf]: contributions of one player
 * @tables: [player][pattern of the unit], rows of @stride */
typedef struct
{
  const ShsTableBuild *task;
  const ShsPatternLeaf *leaf;
  const ShsPatternCondition *conditions;
  gsize n; /* patterns of the leaf */
  gboolean in_blocks;
  struct
  {
    guint16 first;
    guint16 kept;
  } blocks[(1 << SHS_PATTERN_BITS) / NUMBERS];
  double *shares;
  double *cold;
  double *hot;
  double *player;
  guint16 *pattern_of;
  double *tables;
  gsize stride;
} Build;

/* Each number moves up by @bit places to where this bit is set; 0 stays elsewhere. */
SHS_LANES_INLINE Numbers
move_up (Numbers numbers, int bit)
{
  Places from;

  for (int i = 0; i < NUMBERS; i++)
    from[i] = i & bit ? i - bit : NUMBERS;
  return __builtin_shuffle (numbers, (Numbers){ 0 }, from);
}

SHS_LANES_INLINE void
add_subsets_of_bit (Numbers *x, gsize n_vectors, int bit)
{
  for (gsize i = 0; i < n_vectors; i++)
    x[i] += move_up (x[i], bit);
}

/* From numbers by set to sums over all subsets. */
static void
add_subsets (double *numbers, gsize n)
{
  Numbers *x = (Numbers *)numbers;
  gsize n_vectors = (n + NUMBERS - 1) / NUMBERS;

  if (n > 1)
    add_subsets_of_bit (x, n_vectors, 1);
  if (n > 2 && NUMBERS > 2)
    add_subsets_of_bit (x, n_vectors, 2);
  if (n > 4 && NUMBERS > 4)
    add_subsets_of_bit (x, n_vectors, 4);
  for (gsize step = 1; step < n_vectors; step *= 2)
    for (gsize high = step; high < n_vectors; high += 2 * step)
      for (gsize i = high; i < high + step; i++)
        x[i] += x[i - step];
}

/* What each coalition S adds to the rows whose pattern is S or more. */
static void
place_terms (Build *self)
{
  guint k = self->leaf->n_conditions;
  const double *cold = self->task->cold + k * (SHS_PATTERN_BITS + 1);
  const double *hot = self->task->hot + k * (SHS_PATTERN_BITS + 1);
  Numbers colds[SHS_PATTERN_BITS + 1];
  Numbers hots[SHS_PATTERN_BITS + 1];
  const Numbers *shares = (const Numbers *)self->shares;

  for (guint size = 0; size <= k; size++)
    for (int i = 0; i < NUMBERS; i++)
      {
        guint all = MIN (size + (guint)__builtin_popcount ((guint)i), k);

        colds[size][i] = -cold[all];
        hots[size][i] = hot[all];
      }
  for (gsize i = 0; i * NUMBERS < self->n; i++)
    {
      int size = __builtin_popcountll (i);

      ((Numbers *)self->cold)[i] = colds[size] * shares[i];
      ((Numbers *)self->hot)[i] = hots[size] * shares[i];
    }
}

SHS_LANES_INLINE void
find_player_of_bit (Build *self, int bit)
{
  const Numbers *cold = (const Numbers *)self->cold;
  const Numbers *hot = (const Numbers *)self->hot;
  Places is_hot;

  for (int i = 0; i < NUMBERS; i++)
    is_hot[i] = i & bit ? -1 : 0;
  for (gsize i = 0; i * NUMBERS < self->n; i++)
    ((Numbers *)self->player)[i]
        = cold[i] + ((Numbers)((Places)hot[i] & is_hot) - move_up (hot[i], bit));
}

/* The contributions of the leaf's player @j, by pattern of the leaf. */
static void
find_player (Build *self, guint j)
{
  const Numbers *cold = (const Numbers *)self->cold;
  const Numbers *hot = (const Numbers *)self->hot;
  Numbers *to = (Numbers *)self->player;
  gsize step = ((gsize)1 << j) / NUMBERS;

  if (j == 0)
    find_player_of_bit (self, 1);
  else if (j == 1 && NUMBERS > 2)
    find_player_of_bit (self, 2);
  else if (j == 2 && NUMBERS > 4)
    find_player_of_bit (self, 4);
  else
    for (gsize low = 0; low * NUMBERS < self->n; low += 2 * step)
      for (gsize i = low; i < low + step; i++)
        {
          to[i] = cold[i];
          to[i + step] = cold[i + step] + (hot[i + step] - hot[i]);
        }
}

/* Patterns of the unit whose bits of tests are equal are next to each other, and so are the leaf's
 * that they belong to, unless a test rules out a player that is above the unit, too. */
static void
find_blocks (Build *self)
{
  const ShsPatternUnit *unit = self->task->unit;
  guint last = (1u << unit->n_above) - 1;
  gsize n_blocks = (gsize)1 << (unit->n_bits - unit->n_above);

  self->in_blocks = last >= NUMBERS - 1;
  for (gsize block = 0; block < n_blocks && self->in_blocks; block++)
    {
      gsize first = block << unit->n_above;
      guint16 all
          = shs_table_find_pattern (self->conditions, self->leaf->n_conditions, first | last);

      self->blocks[block].first
          = shs_table_find_pattern (self->conditions, self->leaf->n_conditions, first);
      self->blocks[block].kept = all & last;
      self->in_blocks = (all & (NUMBERS - 1)) == NUMBERS - 1;
    }
}

static void
start_leaf (Build *self, const ShsPatternLeaf *leaf)
{
  self->leaf = leaf;
  self->conditions = self->task->conditions + leaf->first_condition;
  self->n = (gsize)1 << leaf->n_conditions;
  find_blocks (self);
  if (!self->in_blocks)
    shs_table_find_patterns (self->task->unit, self->conditions, leaf->n_conditions,
                             self->pattern_of);
}

/* Shares of the rows by the set of conditions that they do not meet: the other way round. */
static void
turn_frequencies (Build *self)
{
  const ShsPatternUnit *unit = self->task->unit;
  gsize n = (gsize)1 << unit->n_above;
  Places from;

  for (int i = 0; i < NUMBERS; i++)
    from[i] = NUMBERS - 1 - i;
  memset (self->shares, 0, self->n * sizeof (double));
  for (gsize block = 0; block << unit->n_above < (gsize)1 << unit->n_bits; block++)
    for (gsize i = 0; i < n; i += NUMBERS)
      {
        gsize pattern = self->blocks[block].first | (i & self->blocks[block].kept);
        Numbers there;

        memcpy (&there, self->task->frequencies + block * n + i, sizeof there);
        *(Numbers *)(self->shares + (self->n - NUMBERS - pattern))
            += __builtin_shuffle (there, from);
      }
}

static void
find_shares (Build *self)
{
  const ShsTableBuild *task = self->task;
  gboolean sums = TRUE;

  memset (self->shares, 0, NUMBERS * sizeof (double));
  if (self->in_blocks && task->frequencies != NULL)
    turn_frequencies (self);
  else
    sums = shs_table_find_shares (task->unit, self->conditions, self->leaf->n_conditions,
                                  task->frequencies, self->pattern_of, self->shares);
  if (sums)
    add_subsets (self->shares, self->n);
}

static void
add_player (Build *self, double *table, double value)
{
  const ShsPatternUnit *unit = self->task->unit;
  gsize n = (gsize)1 << unit->n_above;

  if (!self->in_blocks)
    {
      for (gsize i = 0; i < (gsize)1 << unit->n_bits; i++)
        table[i] += value * self->player[self->pattern_of[i]];
      return;
    }
  for (gsize block = 0; block << unit->n_above < (gsize)1 << unit->n_bits; block++, table += n)
    {
      const double *player = self->player + self->blocks[block].first;
      gsize kept = self->blocks[block].kept;

      for (gsize i = 0; i < n; i += NUMBERS)
        *(Numbers *)(table + i) += value * *(const Numbers *)(player + (i & kept));
    }
}

static void
add_leaf (Build *self, double value)
{
  for (guint j = 0; j < self->leaf->n_conditions; j++)
    {
      find_player (self, j);
      add_player (self, self->tables + self->conditions[j].player * self->stride, value);
    }
}

static void
build (Build *self)
{
  const ShsTableBuild *task = self->task;
  const ShsPatternUnit *unit = task->unit;

  for (guint32 i = 0; i < unit->n_leaves; i++)
    {
      start_leaf (self, &task->leaves[unit->first_leaf + i]);
      find_shares (self);
      place_terms (self);
      add_subsets (self->cold, self->n);
      add_subsets (self->hot, self->n);
      add_leaf (self, task->values[i]);
    }
}

/* One table of @player: by the pattern's first bits, where its last ones are @last; less the table
 * where these are 0. */
static ShsReal *
write_column (const Build *self, guint player, gsize last, ShsReal *to)
{
  guint n_bits = shs_pattern_unit_index_bits (self->task->unit);
  gsize n = SHS_TABLE_ENTRIES (n_bits);
  gsize mask = ((gsize)1 << n_bits) - 1;
  const double *table = self->tables + player * self->stride;
  const double *from = table + (last << n_bits);

  if (last == 0 && mask + 1 == n)
    for (gsize i = 0; i < n; i++)
      to[i] = (ShsReal)table[i];
  else
    for (gsize i = 0; i < n; i++)
      to[i] = (ShsReal)(from[i & mask] - (last > 0 ? table[i & mask] : 0));
  return to + n;
}

static void
write_columns (const Build *self, ShsReal *to)
{
  const ShsPatternUnit *unit = self->task->unit;

  for (guint player = 0; player < unit->n_players; player++)
    {
      to = write_column (self, player, 0, to);
      for (guint lower = 0; lower < 2; lower++)
        if (shs_pattern_unit_depends (unit, player, lower))
          to = write_column (self, player, (gsize)1 << lower, to);
    }
}

static void
write_lines (const Build *self, ShsReal *to, guint width)
{
  const ShsPatternUnit *unit = self->task->unit;
  gsize n = (gsize)1 << unit->n_bits;

  memset (to, 0, n * width * sizeof *to);
  for (gsize first = 0; first < n; first += NUMBERS)
    for (guint player = 0; player < unit->n_players; player++)
      {
        const double *table = self->tables + player * self->stride + first;
        ShsReal *line = to + first * width + player;

        for (gsize i = 0; i < MIN (NUMBERS, n - first); i++)
          line[i * width] = (ShsReal)table[i];
      }
}

void
SHS_LANES_NAME (build_tables) (const ShsTableBuild *task)
{
  const ShsPatternUnit *unit = task->unit;
  gsize most = (gsize)1 << SHS_PATTERN_BITS;
  Build self;

  self.task = task;
  self.shares = task->scratch;
  self.cold = task->scratch + most;
  self.hot = task->scratch + 2 * most;
  self.player = task->scratch + 3 * most;
  self.pattern_of = (guint16 *)(task->scratch + 4 * most);
  self.tables = task->scratch + 5 * most;
  self.stride = MAX (NUMBERS, (gsize)1 << unit->n_bits);
  memset (self.tables, 0, unit->n_players * self.stride * sizeof (double));
  build (&self);
  if (task->width > 0)
    write_lines (&self, task->tables, task->width);
  else
    write_columns (&self, task->tables);
}
