/* The parts of a dependence plot. */
#pragma once

#include "plot/shs-plot-color.h"
#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/**
 * ShsDependence:
 * @feature: on the x axis; @partner: whose value colours the points, or -1
 * @with: the feature whose interaction with @feature is shown, or -1
 * @values: SHAP values of @feature, or their part that is an interaction; @x: its values;
 * @color_data: the partner's; by row
 * @columns: the feature's and the partner's, categories in the order in which they are shown
 * @plot: within the axes
 * @missing_x: where rows without a value of @feature stand; only if @n_missing > 0
 */
typedef struct
{
  ShsPlotFrame *frame;
  gsize feature;
  gssize partner;
  gssize with;
  const ShsColumn *column;
  const ShsColumn *partner_column;
  ShsColumn columns[2];
  double *values;
  double *x;
  double *color_data;
  double *scratch;
  gsize n_missing;
  double jitter;
  ShsValueColors colors;
  ShsRectangle plot;
  ShsScale x_scale, y_scale;
  double missing_x;
  double name_room;                    /* height of upright category names, 0 for names that lie */
  ShsFont name_font;                   /* smaller where many categories stand close */
  gsize n_legend_lines, n_label_lines; /* of the labels of colour bar and upright axis */
} ShsDependence;

/** shs_dependence_choose: the feature and its partner, with their columns. */
gboolean shs_dependence_choose (ShsDependence *self, GError **error);

gboolean shs_is_categorical (const ShsColumn *column);

/** shs_dependence_get_legend_width: of colour bar, its numbers or names, and its label; decides how
 * many lines that has in the height of the plot. */
double shs_dependence_get_legend_width (ShsDependence *self);
void shs_dependence_add_legend (ShsDependence *self);

/** shs_dependence_get_names_height: of the categories below the x axis; decides how they stand. */
double shs_dependence_get_names_height (ShsDependence *self, double width);
void shs_dependence_add_names (ShsDependence *self);

/** shs_dependence_add_histogram: how often each value of the feature occurs. */
void shs_dependence_add_histogram (ShsDependence *self);

G_END_DECLS
