/* What the colours of a beeswarm stand for: the map of numbers, and points that it does not colour.
 */
#pragma once

#include "plot/shs-plot-rows.h"

G_BEGIN_DECLS

/**
 * ShsSwarmLegend:
 * @has_colors: whether the values of features are known; to be set first
 * @has_missing: whether any is missing; the others are set by shs_swarm_legend_make_room()
 * @has_categories: shown, which are grey
 * @has_numbers: shown, which are coloured; not if each has the same value in all rows
 */
typedef struct
{
  gboolean has_colors;
  gboolean has_missing;
  gboolean has_categories;
  gboolean has_numbers;
} ShsSwarmLegend;

/** shs_swarm_legend_is_category: whether the points of a line are grey. */
gboolean shs_swarm_legend_is_category (const ShsPlotFrame *frame, const ShsPlotRows *rows,
                                       gsize line);

/** shs_swarm_legend_get_room: width of the map with its names; 0 in a narrow figure. */
double shs_swarm_legend_get_room (const ShsSwarmLegend *self, const ShsPlotFrame *frame);

/**
 * shs_swarm_legend_make_room: finds out what is shown; where the names of points need more room
 * than the map, the lines of @rows become shorter, and longer where there is no map. One pass over
 * the data.
 */
gboolean shs_swarm_legend_make_room (ShsSwarmLegend *self, const ShsPlotFrame *frame,
                                     ShsPlotRows *rows, GError **error);

/** shs_swarm_legend_add: right of @plot, in the same height; below the map stand the points that it
 * does not colour. */
void shs_swarm_legend_add (const ShsSwarmLegend *self, ShsPlotFrame *frame, ShsRectangle plot);

G_END_DECLS
