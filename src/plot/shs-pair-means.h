/* How strongly the pairs of features interact, the strongest features first. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/**
 * ShsPairMeans:
 * @strength: of all features, for the order
 * @order: all features, the first @n shown
 * @means: n x n: mean |interaction| of a pair, mean |main effect| on the diagonal
 * @largest: beside the diagonal; @largest_main: on it
 */
typedef struct
{
  double *strength;
  gsize *order;
  double *means;
  gsize n;
  double largest, largest_main;
} ShsPairMeans;

/** shs_pair_means_read: @self: zeroed; @n: how many features are shown. */
gboolean shs_pair_means_read (ShsPairMeans *self, const ShsPlotFrame *frame, gsize n,
                              GError **error);
void shs_pair_means_clear (ShsPairMeans *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsPairMeans, shs_pair_means_clear)

G_END_DECLS
