/* What the makers of tables of players and of pairs share: which patterns meet a leaf's conditions,
 * and how many rows of the background do. */
#pragma once

#include "tree/kernels/shs-tree-table-kernels.h"

#include <string.h>

G_BEGIN_DECLS

/**
 * shs_table_find_patterns:
 * @conditions: @k of a leaf
 * @pattern_of: by pattern of the unit: bit j says that condition j is met
 */
static inline void
shs_table_find_patterns (const ShsPatternUnit *unit, const ShsPatternCondition *conditions, guint k,
                         guint16 *pattern_of)
{
  gsize n = (gsize)1 << unit->n_bits;

  memset (pattern_of, 0, n * sizeof *pattern_of);
  for (guint j = 0; j < k; j++)
    {
      guint16 mask = conditions[j].mask;
      guint16 wanted = conditions[j].wanted;

      for (gsize i = 0; i < n; i++)
        pattern_of[i] |= (guint16)(((i & mask) == wanted) << j);
    }
}

/** shs_table_find_pattern: which of @k conditions a pattern of the unit meets. */
static inline guint16
shs_table_find_pattern (const ShsPatternCondition *conditions, guint k, gsize pattern)
{
  guint16 met = 0;

  for (guint j = 0; j < k; j++)
    met |= (guint16)(((pattern & conditions[j].mask) == conditions[j].wanted) << j);
  return met;
}

/**
 * shs_table_find_shares:
 * @frequencies: (nullable): by pattern of the unit; NULL for the shares of training weight
 * @shares: by set S of conditions: share of the rows that meet all conditions but those of S, and
 *   perhaps these too
 *
 * Returns: whether @shares are of the rows that meet none of S, so that sums over all subsets of S
 *   are to be formed
 */
static inline gboolean
shs_table_find_shares (const ShsPatternUnit *unit, const ShsPatternCondition *conditions, guint k,
                       const double *frequencies, const guint16 *pattern_of, double *shares)
{
  gsize full = ((gsize)1 << k) - 1;

  if (frequencies == NULL)
    {
      shares[0] = 1;
      for (guint j = 0; j < k; j++)
        for (gsize set = 0; set < (gsize)1 << j; set++)
          {
            shares[set | (gsize)1 << j] = shares[set];
            shares[set] *= conditions[j].share;
          }
      return FALSE;
    }
  memset (shares, 0, sizeof *shares << k);
  for (gsize i = 0; i < (gsize)1 << unit->n_bits; i++)
    shares[full ^ pattern_of[i]] += frequencies[i];
  return TRUE;
}

/** shs_table_add_subsets: from @n numbers by set to sums over all subsets. */
static inline void
shs_table_add_subsets (double *numbers, gsize n)
{
  for (gsize bit = 1; bit < n; bit *= 2)
    for (gsize high = bit; high < n; high += 2 * bit)
      for (gsize set = high; set < high + bit; set++)
        numbers[set] += numbers[set - bit];
}

G_END_DECLS
