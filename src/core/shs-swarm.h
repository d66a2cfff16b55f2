/* Beeswarms: the place of each point among those that share its bin, by counting. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SHS_SWARM_NO_BIN: of points that are not drawn. */
#define SHS_SWARM_NO_BIN G_MAXUINT32

/**
 * shs_swarm_rank:
 * @bins: bin of each of @n points, below @n_bins or %SHS_SWARM_NO_BIN
 * @order: (nullable): a permutation of 0 .. n - 1: who comes first gets the lower rank
 * @counts: @n_bins numbers, filled with the size of each bin
 * @ranks: @n numbers, filled: 0, 1, 2, ... within the bin
 *
 * Returns: the size of the fullest bin. Cost O(n + n_bins).
 */
guint32 shs_swarm_rank (const guint32 *bins, const guint32 *order, gsize n, gsize n_bins,
                        guint32 *counts, guint32 *ranks);

/**
 * shs_swarm_offset:
 *
 * Returns: where the point of @rank among @count lies, centred on 0: @spacing between neighbours,
 *   less where the bin would be higher than @height
 */
static inline double
shs_swarm_offset (guint32 rank, guint32 count, double spacing, double height)
{
  double gaps = (double)count - 1;

  if (gaps > 0 && gaps * spacing > height)
    spacing = height / gaps;
  return ((double)rank - gaps / 2) * spacing;
}

G_END_DECLS
