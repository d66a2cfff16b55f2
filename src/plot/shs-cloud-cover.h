/* Points that nobody would see. */
#pragma once

#include "plot/shs-plot-color.h"

G_BEGIN_DECLS

/**
 * shs_cloud_drop_covered: drops points on which a later, opaque one of the same shape lies: those
 * that share a square of %SHS_COVER_CELL with it. What is left paints the same picture, in memory
 * that its area bounds. For figures in which nothing is picked or highlighted.
 */
gboolean shs_cloud_drop_covered (ShsCloud *self, GError **error);

#define SHS_COVER_CELL 0.0625 /* points, 0.02 mm */

G_END_DECLS
