/* From numbers to places: linear axes, also such that are labelled through the logistic function.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsScale:
 * @low, @high: the numbers at its ends, low < high
 * @start, @end: where they lie, in points
 * @is_logit: labels are 1 / (1 + exp (-x)) of the numbers
 * @is_feature: the numbers are values of a feature; @is_whole: all of them are whole numbers
 */
typedef struct
{
  double low, high;
  double start, end;
  gboolean is_logit;
  gboolean is_feature;
  gboolean is_whole;
} ShsScale;

#define SHS_SCALE_MAX_TICKS 64

/**
 * ShsTicks:
 * @positions: numbers of the axis
 * @shown: what is written there: the same, or probabilities
 * @step: the distance of two shown numbers; the least one on a logit axis
 */
typedef struct
{
  gsize n;
  double positions[SHS_SCALE_MAX_TICKS];
  double shown[SHS_SCALE_MAX_TICKS];
  double step;
} ShsTicks;

/**
 * shs_scale_new: @low and @high in any state: not finite, equal, in the wrong order; the scale is
 *   always usable. @padding: share of the span added at both ends.
 */
ShsScale shs_scale_new (double low, double high, double padding, double start, double end);

/** shs_scale_map: the place of @value; what lies far outside or is not finite stays finite. */
double shs_scale_map (const ShsScale *self, double value);

/** shs_scale_find_ticks: nice numbers, at most @max_n of them (and of SHS_SCALE_MAX_TICKS). */
void shs_scale_find_ticks (const ShsScale *self, gsize max_n, ShsTicks *ticks);

double shs_logistic (double x);

G_END_DECLS
