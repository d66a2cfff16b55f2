/* The colour of points by a feature's value, and its legend. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/** ShsValueColors: values from @low to @high get the colours of the theme's map; beyond them its
 * ends. */
typedef struct
{
  double low, high;
  gboolean has_missing;
} ShsValueColors;

/**
 * shs_value_colors_init:
 * @values: n of them; @scratch: room for as many
 *
 * Between the 5 % and 95 % quantiles; if those are equal the 1 % and 99 % ones, else the extremes.
 */
void shs_value_colors_init (ShsValueColors *self, const double *values, gsize n, double *scratch);
/** shs_value_colors_init_for: of @column: categories keep apart, from the first to the last. */
void shs_value_colors_init_for (ShsValueColors *self, const ShsColumn *column, const double *values,
                                gsize n, double *scratch);

/** shs_value_colors_get: 0xRRGGBBAA; of a missing value the theme's colour for that. */
guint32 shs_value_colors_get (const ShsValueColors *self, const ShsTheme *theme, double value);

/** shs_plot_color_bar: the map as a vertical bar in @box, low values below. */
void shs_plot_color_bar (ShsPlotFrame *frame, ShsRectangle box);

/** ShsPointLegend: points that have none of the map's colours. */
typedef enum
{
  SHS_LEGEND_CATEGORY, /* a grey disc: categories are neither low nor high */
  SHS_LEGEND_MISSING,  /* a ring */
} ShsPointLegend;

/** shs_plot_point_legend: the mark and its name behind @left; nothing where there is no room. */
void shs_plot_point_legend (ShsPlotFrame *frame, ShsPointLegend which, double left, double y);
/** shs_plot_point_legend_width: what it takes. */
double shs_plot_point_legend_width (const ShsPlotFrame *frame, ShsPointLegend which);

/** shs_plot_point_radius: of @n points in @plot. */
double shs_plot_point_radius (gsize n, ShsRectangle plot);

/** ShsCloud: points that are collected, one shape for values and one for missing values. */
typedef struct
{
  ShsPoints points[2]; /* discs, rings */
} ShsCloud;

gboolean shs_cloud_init (ShsCloud *self, gsize n, double radius, GError **error);
void shs_cloud_add (ShsCloud *self, gboolean missing, double x, double y, guint32 rgba,
                    guint32 row);
/** shs_cloud_finish: gives the points to the scene. */
void shs_cloud_finish (ShsCloud *self, ShsScene *scene, ShsMarkKey key);
void shs_cloud_clear (ShsCloud *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsCloud, shs_cloud_clear)

G_END_DECLS
