/* What the numbers of a model's output are: the one place that knows the words for it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsUnit:
 * @SHS_UNIT_UNKNOWN: nothing is said
 * @SHS_UNIT_OWN: the target's own unit, whatever its name ("dollars", or none)
 * @SHS_UNIT_LOG_ODDS: the logistic function gives probabilities (the softmax, in files of several
 *   outputs that were written before there were scores)
 * @SHS_UNIT_SCORE: the softmax of all outputs gives probabilities
 * @SHS_UNIT_LOG: the exponential function gives the target's unit
 * @SHS_UNIT_PROBABILITY: a share of 1
 * @SHS_UNIT_LOSS: how far the prediction is off already
 */
typedef enum
{
  SHS_UNIT_UNKNOWN,
  SHS_UNIT_OWN,
  SHS_UNIT_LOG_ODDS,
  SHS_UNIT_SCORE,
  SHS_UNIT_LOG,
  SHS_UNIT_PROBABILITY,
  SHS_UNIT_LOSS,
} ShsUnit;

/** shs_unit_parse: @word: (nullable): "log-odds", "score", "log", "probability", or a loss
 * ("log-loss", "squared error"); anything else is an own unit. */
ShsUnit shs_unit_parse (const char *word);
/** shs_unit_get_word: the same backwards; "" for an own unit, NULL for an unknown one. */
const char *shs_unit_get_word (ShsUnit unit);

G_END_DECLS
