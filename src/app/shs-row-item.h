/* One place of the table, with the texts of the row that stands there; lives while it is shown. */
#pragma once

#include <glib-object.h>

#include "session/shs-row-column.h"

G_BEGIN_DECLS

#define SHS_TYPE_ROW_ITEM (shs_row_item_get_type ())
G_DECLARE_FINAL_TYPE (ShsRowItem, shs_row_item, SHS, ROW_ITEM, GObject)

/** ShsRowStyle: digits that suit all rows, found once for an explanation and output. */
typedef struct
{
  int prediction_decimals;
  int target_decimals;
  int value_decimals;
} ShsRowStyle;

/** shs_row_style_find: looks at the spread of predictions, targets and values. */
ShsRowStyle shs_row_style_find (ShsExplanation *explanation, gsize output);

/** Signal "changed": another row stands here now. */
ShsRowItem *shs_row_item_new (void);
/** shs_row_item_fill: puts a row here; emits "changed". */
void shs_row_item_fill (ShsRowItem *self, ShsExplanation *explanation, gsize row, gsize output,
                        ShsRowStyle style);
gsize shs_row_item_get_row (ShsRowItem *self);
/** shs_row_item_get_text: what stands in a cell; never NULL. */
const char *shs_row_item_get_text (ShsRowItem *self, ShsRowColumn column);
/** shs_row_item_get_sign: -1, 0 or 1: the colour of a reason. */
int shs_row_item_get_sign (ShsRowItem *self, ShsRowColumn column);

G_END_DECLS
