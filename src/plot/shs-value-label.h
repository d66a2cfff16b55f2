/* The number of a bar: inside where it fits, else beyond its tip, else on its other side. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/**
 * ShsValueBar: a horizontal bar that grows from @start to @tip.
 * @height: of the bar
 * @can_hold: whether the number may stand inside
 */
typedef struct
{
  double start, tip, y, height;
  gboolean can_hold;
  ShsColor fill;
  ShsColor text_color;
} ShsValueBar;

#define SHS_VALUE_LABEL_GAP 3.5
#define SHS_VALUE_DIGITS 3 /* of the largest number beside bars */

/** shs_value_bar_holds: whether a text of @width fits inside. */
gboolean shs_value_bar_holds (const ShsValueBar *bar, double width, ShsFont font);

/**
 * shs_value_label_add: @text beside or on @bar, within @left .. @right.
 *
 * Returns: the left end of bar and number together
 */
double shs_value_label_add (ShsPlotFrame *frame, ShsMarkKey key, const char *text,
                            const ShsValueBar *bar, double left, double right);

/**
 * shs_value_leader: a dotted line from @from to what stands at @to, when there is a way to go.
 */
void shs_value_leader (ShsPlotFrame *frame, double from, double to, double y);

/** shs_local_values: the values of one row: n_features numbers; sums up what lies behind @first of
 * @order into the last of @n lines. */
double shs_sum_behind (const double *values, const gsize *order, gsize first, gsize n);

G_END_DECLS
