#include "session/shs-row-style.h"

#include <math.h>

#include "core/shs-number.h"

#define MOST_ROWS_LOOKED_AT 2000

ShsRowStyle
shs_row_style_find (ShsExplanation *explanation, gsize output)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  gsize n_rows = shs_explanation_get_n_rows (explanation);
  gsize n_features = shs_explanation_get_n_features (explanation);
  gsize step = MAX (1, n_rows / MOST_ROWS_LOOKED_AT);
  g_autofree ShsFeatureSummary *summaries = g_new0 (ShsFeatureSummary, MAX (n_features, 1));
  double prediction = 0, largest = 0;
  gboolean is_whole = TRUE;
  ShsRowStyle style;

  for (gsize i = 0; i < n_rows; i += step)
    {
      double value = fabs (shs_explanation_get_prediction (explanation, i, output));
      double target = parts->target != NULL ? parts->target[i] : 0;

      prediction = value > prediction ? value : prediction;
      is_whole = is_whole && (isnan (target) || target == floor (target));
    }
  if (shs_explanation_summarise (explanation, output, summaries, NULL, NULL))
    for (gsize j = 0; j < n_features; j++)
      largest = fmax (largest, summaries[j].mean_absolute);
  style.prediction_decimals = MIN (shs_number_decimals (prediction, 4), 6);
  style.value_decimals = MIN (shs_number_decimals (largest, 3), 6);
  style.target_decimals = is_whole ? 0 : style.prediction_decimals;
  return style;
}
