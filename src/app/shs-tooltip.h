/* Tooltips that change. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * shs_tooltip_set: gtk_widget_set_tooltip_text() where the text is a new one: GTK asks the display
 * server where the pointer is each time, and waits for the answer.
 * @text: (nullable): NULL or "" for none
 */
void shs_tooltip_set (GtkWidget *widget, const char *text);

G_END_DECLS
