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

/**
 * shs_table_find_shares:
 * @frequencies: (nullable): by pattern of the unit; NULL for the shares of training weight
 * @shares: by set of conditions: share of the rows that meet at least these
 */
static inline void
shs_table_find_shares (const ShsPatternUnit *unit, const ShsPatternCondition *conditions, guint k,
                       const double *frequencies, const guint16 *pattern_of, double *shares)
{
  if (frequencies == NULL)
    {
      shares[0] = 1;
      for (guint j = 0; j < k; j++)
        for (gsize set = 0; set < (gsize)1 << j; set++)
          shares[set | (gsize)1 << j] = shares[set] * conditions[j].share;
      return;
    }
  memset (shares, 0, sizeof *shares << k);
  for (gsize i = 0; i < (gsize)1 << unit->n_bits; i++)
    shares[pattern_of[i]] += frequencies[i];
  for (guint j = 0; j < k; j++)
    for (gsize high = 0; high < (gsize)1 << k; high += (gsize)2 << j)
      for (gsize set = high; set < high + ((gsize)1 << j); set++)
        shares[set] += shares[set | (gsize)1 << j];
}

G_END_DECLS
