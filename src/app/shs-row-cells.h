/* The cells of one column of the table of rows. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-row-column.h"

G_BEGIN_DECLS

/** shs_row_cells_new: (transfer full): makes a cell of each #ShsRowItem. */
GtkListItemFactory *shs_row_cells_new (ShsRowColumn column);

G_END_DECLS
