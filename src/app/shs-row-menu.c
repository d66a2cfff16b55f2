#include "app/shs-row-menu.h"

#include "app/shs-row-item.h"
#include "core/shs-i18n.h"

static void
append_item (GMenu *menu, const char *label, const char *action, gsize row)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "i", (gint32)row);
  g_menu_append_item (menu, item);
}

static gboolean
unparent_later (gpointer popover)
{
  gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

/* The chosen item acts after the menu has closed. */
static void
closed (GtkPopover *popover, gpointer unused)
{
  g_idle_add (unparent_later, popover);
}

static void
pressed (GtkGestureClick *gesture, int n_presses, double x, double y, GtkListItem *item)
{
  GtkWidget *cell = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  ShsRowItem *row = gtk_list_item_get_item (item);
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *popover;

  if (row == NULL)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  append_item (menu, _ ("_Compare with This Row"), "win.compare", shs_row_item_get_row (row));
  popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
  gtk_widget_set_parent (popover, cell);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &(GdkRectangle){ (int)x, (int)y, 1, 1 });
  g_signal_connect (popover, "closed", G_CALLBACK (closed), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}

void
shs_row_menu_attach (GtkWidget *cell, GtkListItem *item)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (pressed), item);
  gtk_widget_add_controller (cell, GTK_EVENT_CONTROLLER (gesture));
}
