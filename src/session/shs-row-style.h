/* How many digits the numbers of the row table have. */
#pragma once

#include "result/shs-explanation.h"

G_BEGIN_DECLS

/** ShsRowStyle: digits that suit all rows, found once for an explanation and output. */
typedef struct
{
  int prediction_decimals;
  int target_decimals;
  int value_decimals;
} ShsRowStyle;

/** shs_row_style_find: looks at the spread of predictions, targets and values. Any thread. */
ShsRowStyle shs_row_style_find (ShsExplanation *explanation, gsize output);

G_END_DECLS
