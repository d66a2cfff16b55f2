/* The table of rows with its filter: row, prediction, target, error, three reasons. */
#pragma once

#include <gtk/gtk.h>

#include "app/shs-row-model.h"

G_BEGIN_DECLS

#define SHS_TYPE_ROW_TABLE (shs_row_table_get_type ())
G_DECLARE_FINAL_TYPE (ShsRowTable, shs_row_table, SHS, ROW_TABLE, GtkBox)

/** shs_row_table_set_session: two tables may share one @model and so their order and filter. */
void shs_row_table_set_session (ShsRowTable *self, ShsSession *session, ShsRowModel *model);
/** shs_row_table_find: puts the keyboard into the filter. */
void shs_row_table_find (ShsRowTable *self);

G_END_DECLS
