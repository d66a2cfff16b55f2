/* The table of rows with its filter: row, prediction, target, error, three reasons. */
#pragma once

#include <gtk/gtk.h>

#include "app/shs-row-model.h"

G_BEGIN_DECLS

#define SHS_TYPE_ROW_VIEW (shs_row_view_get_type ())
G_DECLARE_FINAL_TYPE (ShsRowView, shs_row_view, SHS, ROW_VIEW, GtkBox)

/** shs_row_view_set_session: two tables may share one @model and so their order and filter. */
void shs_row_view_set_session (ShsRowView *self, ShsSession *session, ShsRowModel *model);
/** shs_row_view_find: puts the keyboard into the filter. */
void shs_row_view_find (ShsRowView *self);

G_END_DECLS
