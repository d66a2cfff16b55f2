#include "app/shs-window-private.h"

static gboolean
files_dropped (GtkDropTarget *target, const GValue *value, double x, double y, ShsWindow *self)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) uris = NULL;

  for (GSList *file = files; file != NULL; file = file->next)
    {
      g_autofree char *uri = g_file_get_uri (file->data);

      g_strv_builder_add (names, uri);
    }
  g_slist_free (files);
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-here");
  uris = g_strv_builder_end (names);
  if (uris[0] == NULL)
    return FALSE;
  shs_window_open (self, (const char *const *)uris);
  return TRUE;
}

static GdkDragAction
drag_entered (GtkDropTarget *target, double x, double y, ShsWindow *self)
{
  gtk_widget_add_css_class (GTK_WIDGET (self), "drop-here");
  return GDK_ACTION_COPY;
}

static void
drag_left (GtkDropTarget *target, ShsWindow *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), "drop-here");
}

void
shs_window_add_drop (ShsWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (files_dropped), self);
  g_signal_connect (target, "enter", G_CALLBACK (drag_entered), self);
  g_signal_connect (target, "leave", G_CALLBACK (drag_left), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}
