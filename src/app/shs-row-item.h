/* One place of the table, with the texts of the row that stands there; lives while it is shown. */
#pragma once

#include <glib-object.h>

#include "session/shs-row-arrangement.h"

G_BEGIN_DECLS

/** ShsRowItem: emits "changed" when another row stands here. */
#define SHS_TYPE_ROW_ITEM (shs_row_item_get_type ())
G_DECLARE_FINAL_TYPE (ShsRowItem, shs_row_item, SHS, ROW_ITEM, GObject)

/** shs_row_item_fill: puts a row here; emits "changed". */
void shs_row_item_fill (ShsRowItem *self, const ShsRowArrangement *shown, gsize row);
gsize shs_row_item_get_row (ShsRowItem *self);
/** shs_row_item_get_text: what stands in a cell; never NULL. */
const char *shs_row_item_get_text (ShsRowItem *self, ShsRowColumn column);
/** shs_row_item_get_sign: -1, 0 or 1: the colour of a reason. */
int shs_row_item_get_sign (ShsRowItem *self, ShsRowColumn column);

G_END_DECLS
