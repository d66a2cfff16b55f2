#include "core/shs-swarm.h"

#include <string.h>

guint32
shs_swarm_rank (const guint32 *bins, const guint32 *order, gsize n, gsize n_bins, guint32 *counts,
                guint32 *ranks)
{
  guint32 fullest = 0;

  memset (counts, 0, n_bins * sizeof *counts);
  for (gsize k = 0; k < n; k++)
    {
      gsize i = order != NULL ? order[k] : k;

      if (bins[i] == SHS_SWARM_NO_BIN)
        continue;
      ranks[i] = counts[bins[i]]++;
      fullest = MAX (fullest, counts[bins[i]]);
    }
  return fullest;
}
