/* The menu of a row in the table. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** shs_row_menu_attach: a secondary click on @cell opens the menu of the row that @item is bound to
 * then. */
void shs_row_menu_attach (GtkWidget *cell, GtkListItem *item);

G_END_DECLS
