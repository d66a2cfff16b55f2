#include "app/shs-row-cells.h"

#include "app/shs-row-item.h"
#include "app/shs-row-menu.h"
#include "app/shs-table-cell.h"

static ShsRowColumn
get_column (gpointer object)
{
  return (ShsRowColumn)GPOINTER_TO_INT (g_object_get_data (object, "shs-column"));
}

static gboolean
is_text (ShsRowColumn column)
{
  return column >= SHS_ROW_FIRST_REASON;
}

static void
set_up_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  ShsRowColumn column = get_column (factory);
  GtkWidget *cell = is_text (column)
                        ? shs_table_cell_new (FALSE, 8, 24)
                        : shs_table_cell_new (TRUE, 3, column == SHS_ROW_NUMBER ? 6 : 8);

  g_object_set_data (G_OBJECT (cell), "shs-column", GINT_TO_POINTER (column));
  gtk_list_item_set_child (item, cell);
  shs_row_menu_attach (cell, item);
}

static void
fill_cell (ShsRowItem *row, GtkWidget *cell)
{
  static const char *const no_classes[] = { NULL };
  static const char *const up_classes[] = { "positive", NULL };
  static const char *const down_classes[] = { "negative", NULL };
  ShsRowColumn column = get_column (cell);
  int sign = shs_row_item_get_sign (row, column);

  shs_table_cell_set_text (SHS_TABLE_CELL (cell), shs_row_item_get_text (row, column));
  if (is_text (column))
    gtk_widget_set_css_classes (cell, (const char **)(sign > 0   ? up_classes
                                                      : sign < 0 ? down_classes
                                                                 : no_classes));
}

static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  ShsRowItem *row = gtk_list_item_get_item (item);
  GtkWidget *cell = gtk_list_item_get_child (item);

  g_signal_connect (row, "changed", G_CALLBACK (fill_cell), cell);
  fill_cell (row, cell);
}

static void
unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), fill_cell,
                                        gtk_list_item_get_child (item));
}

GtkListItemFactory *
shs_row_cells_new (ShsRowColumn column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_object_set_data (G_OBJECT (factory), "shs-column", GINT_TO_POINTER (column));
  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), NULL);
  return factory;
}
