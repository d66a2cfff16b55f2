/* Names for screen readers where GTK 4.8 makes poor ones. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * shs_accessible_name_buttons: gives every button below @root the name that is read on it.
 *
 * GTK 4.8 names a button with a mnemonic twice, once with the underscore: "_Open Open".
 */
void shs_accessible_name_buttons (GtkWidget *root);

/** shs_accessible_name_icon: gives a button with nothing but an icon a name; GTK 4.8 would call it
 * by the icon. */
void shs_accessible_name_icon (GtkWidget *button, const char *name);

/**
 * shs_accessible_name_parts: images and lists inside rows and switchers of libadwaita, which have
 * no name of their own, get that of the row or switch around them.
 */
void shs_accessible_name_parts (GtkWidget *root);

G_END_DECLS
