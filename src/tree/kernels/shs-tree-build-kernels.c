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
 * (k - s - 1)! / (k - 1)! (1 / k for s = k). Both are sums over subsets for all c at once. */
#include "tree/kernels/shs-tree-table-parts.h"
#include "tree/kernels/shs-tree-table-shares.h"

/* The players of a unit, or half of them. */
typedef double Eight __attribute__ ((vector_size (64)));

/* @parts: vectors of eight players. */
typedef struct
{
  const ShsTableBuild *task;
  const ShsPatternLeaf *leaf;
  const ShsPatternCondition *conditions;
  int parts;
  Eight *table;   /* [pattern of the unit][part] */
  Eight *hot;     /* [pattern of the leaf][part] */
  double *cold;   /* [pattern of the leaf] */
  double *shares; /* [set of the leaf's players]: P */
  guint16 *pattern_of;
} Build;

/* What each coalition S adds to the rows whose pattern is S or more. */
SHS_LANES_INLINE void
place_terms (Build *self, int parts)
{
  guint k = self->leaf->n_conditions;
  gsize full = ((gsize)1 << k) - 1;
  const double *cold = self->task->cold + k * (SHS_PATTERN_BITS + 1);
  const double *hot = self->task->hot + k * (SHS_PATTERN_BITS + 1);

  memset (self->hot, 0, sizeof (Eight) * parts);
  for (guint j = 0; j < k; j++)
    {
      double one[16] __attribute__ ((aligned (64))) = { 0 };
      gsize n = (gsize)parts << j;

      one[self->conditions[j].player] = 1;
      for (gsize i = 0; i < n; i++)
        self->hot[n + i] = self->hot[i] + ((const Eight *)one)[i % parts];
    }
  for (gsize set = 0; set <= full; set++)
    {
      int size = __builtin_popcountll (set);
      double share = self->shares[full ^ set];

      self->cold[set] = -cold[size] * share;
      for (int part = 0; part < parts; part++)
        self->hot[set * parts + part] *= hot[size] * share;
    }
}

SHS_LANES_INLINE void
sum_subsets (Build *self, int parts)
{
  gsize n = (gsize)1 << self->leaf->n_conditions;

  for (gsize bit = 1; bit < n; bit *= 2)
    for (gsize high = bit; high < n; high += 2 * bit)
      {
        for (gsize set = high; set < high + bit; set++)
          self->cold[set] += self->cold[set - bit];
        for (gsize i = high * parts; i < (high + bit) * parts; i++)
          self->hot[i] += self->hot[i - bit * parts];
      }
}

SHS_LANES_INLINE void
add_leaf (Build *self, double value, int parts)
{
  gsize n = (gsize)1 << self->task->unit->n_bits;
  double on[16] __attribute__ ((aligned (64))) = { 0 };

  for (guint j = 0; j < self->leaf->n_conditions; j++)
    on[self->conditions[j].player] = value;
  for (gsize i = 0; i < n; i++)
    for (int part = 0; part < parts; part++)
      {
        gsize pattern = self->pattern_of[i];

        self->table[i * parts + part] += self->hot[pattern * parts + part] * value
                                         + self->cold[pattern] * ((const Eight *)on)[part];
      }
}

SHS_LANES_INLINE void
build (Build *self, int parts)
{
  const ShsTableBuild *task = self->task;
  const ShsPatternUnit *unit = task->unit;

  memset (self->table, 0, sizeof (Eight) * parts << unit->n_bits);
  for (guint32 i = 0; i < unit->n_leaves; i++)
    {
      self->leaf = &task->leaves[unit->first_leaf + i];
      self->conditions = task->conditions + self->leaf->first_condition;
      shs_table_find_patterns (unit, self->conditions, self->leaf->n_conditions, self->pattern_of);
      shs_table_find_shares (unit, self->conditions, self->leaf->n_conditions, task->frequencies,
                             self->pattern_of, self->shares);
      place_terms (self, parts);
      sum_subsets (self, parts);
      add_leaf (self, task->values[i], parts);
    }
}

/* One table of @player: by the pattern's first bits, where its last ones are @last; less the table
 * where these are 0. */
static ShsReal *
put_table (const Build *self, guint player, gsize last, ShsReal *to)
{
  guint n_bits = shs_pattern_unit_index_bits (self->task->unit);
  gsize n = SHS_TABLE_ENTRIES (n_bits);
  gsize mask = ((gsize)1 << n_bits) - 1;
  gsize width = 8 * (gsize)self->parts;
  const double *from = (const double *)self->table + player;

  for (gsize i = 0; i < n; i++)
    *to++ = (ShsReal)(from[(last << n_bits | (i & mask)) * width]
                      - (last > 0 ? from[(i & mask) * width] : 0));
  return to;
}

static void
put_tables (const Build *self)
{
  const ShsPatternUnit *unit = self->task->unit;
  ShsReal *to = self->task->tables;

  for (guint player = 0; player < unit->n_players; player++)
    {
      to = put_table (self, player, 0, to);
      for (guint lower = 0; lower < 2; lower++)
        if (shs_pattern_unit_depends (unit, player, lower))
          to = put_table (self, player, (gsize)1 << lower, to);
    }
}

void
SHS_LANES_NAME (build_tables) (const ShsTableBuild *task)
{
  const ShsPatternUnit *unit = task->unit;
  gsize half = (gsize)16 << SHS_PATTERN_BITS;
  Build self = { .task = task,
                 .parts = unit->n_players > 8 ? 2 : 1,
                 .table = (Eight *)task->scratch,
                 .hot = (Eight *)(task->scratch + half),
                 .cold = task->scratch + 2 * half };

  self.shares = self.cold + ((gsize)1 << SHS_PATTERN_BITS);
  self.pattern_of = (guint16 *)(self.shares + ((gsize)1 << SHS_PATTERN_BITS));
  if (self.parts == 1)
    build (&self, 1);
  else
    build (&self, 2);
  put_tables (&self);
}
