/* Figures with one line a feature: which features, their labels on the left, where each line is. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/**
 * ShsPlotRows:
 * @order: (nullable): all features, the first of them shown
 * @n_features: features that have a line of their own
 * @n_rest: features in the last line together; 0 when there is none
 * @n: lines
 * @plot: where marks go: right of the labels
 * @pitch: height of a line
 * @data: (nullable): values of all features in the row that is shown
 * @is_brief: whether two rows that are compared stand as "name 1 → 0", since "name = 0 (row 3: 1)"
 *   has no room
 * @is_sum: whether the last line is called "Sum of N other features"; to be set before init
 */
typedef struct
{
  gsize *order;
  double *data;
  gboolean is_sum;
  gboolean is_brief;
  gsize n_features;
  gsize n_rest;
  gsize n;
  ShsRectangle plot;
  double pitch;
  double label_width;
} ShsPlotRows;

/** shs_plot_order_features: fills @order with all features, as the options say; by the magnitude
 * of @values where they do not say otherwise. */
void shs_plot_order_features (const ShsPlotFrame *frame, const double *values, gsize *order);

void shs_plot_rows_clear (ShsPlotRows *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsPlotRows, shs_plot_rows_clear)

/**
 * shs_plot_rows_init:
 * @self: zeroed, but for is_sum
 * @values: n_features numbers by whose magnitude features are ordered, unless the options say
 *   otherwise
 * @area: for labels and lines
 * @row: the row whose values stand beside the names, or -1
 *
 * No more lines than have room for a label; where one row is shown in the order of its values, all
 * features whose numbers are written as zero share the last line.
 */
gboolean shs_plot_rows_init (ShsPlotRows *self, const ShsPlotFrame *frame, const double *values,
                             ShsRectangle area, gint64 row, GError **error);

/** shs_plot_rows_get_y: middle of line @index. */
double shs_plot_rows_get_y (const ShsPlotRows *self, gsize index);
/** shs_plot_rows_get_feature: of line @index; %SHS_FEATURE_REST for the last one. */
gint32 shs_plot_rows_get_feature (const ShsPlotRows *self, gsize index);

/** shs_plot_rows_draw_labels: "name" or "name = value"; where one row is the background, its value
 * too. */
void shs_plot_rows_draw_labels (const ShsPlotRows *self, ShsPlotFrame *frame);

/** shs_plot_rows_sum_rest: adds up the values of the last line's features over each row: n_rows
 * numbers. */
gboolean shs_plot_rows_sum_rest (const ShsPlotRows *self, const ShsPlotFrame *frame, double *sums,
                                 GError **error);

G_END_DECLS
