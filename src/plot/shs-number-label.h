/* Numbers beside each other in one figure: as many decimals as their scale asks for. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsNumberLabel: made once from the scale of a figure, used for all its numbers. */
typedef struct
{
  int decimals;
  int exponent; /* not 0: numbers are written as mantissa x 10^exponent */
  gboolean sign;
  gboolean trim_zeros;
  gboolean is_plain; /* no thousands separators */
} ShsNumberLabel;

/**
 * shs_number_label_for_scale:
 * @scale: the largest magnitude that is shown
 * @digits: how many digits the largest one gets
 */
ShsNumberLabel shs_number_label_for_scale (double scale, int digits, gboolean sign);

/** shs_number_label_for_step: for ticks: decimals by their distance. */
ShsNumberLabel shs_number_label_for_step (double step, double largest, gboolean sign);

/** shs_number_label_for_feature: for ticks of a feature's values: below 10,000 these may be years,
 * so they carry no thousands separators. */
ShsNumberLabel shs_number_label_for_feature (double step, double largest);

/** shs_number_label_format: (transfer full): true minus, thousands separators, "missing". */
char *shs_number_label_format (const ShsNumberLabel *self, double value);

/** shs_number_label_is_zero: whether a number was written as zero: "0.00", though it may be less
 * than that. */
gboolean shs_number_label_is_zero (const char *text);

G_END_DECLS
