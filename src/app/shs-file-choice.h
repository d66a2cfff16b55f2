/* File choosers of GTK 4.8. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ShsFilesFunc: @paths: NULL-ended; not called when the person cancels. */
typedef void (*ShsFilesFunc) (const char *const *paths, gpointer data);

/** shs_file_choice_open: asks for one or more files. @data must live as long as @parent. */
void shs_file_choice_open (GtkWindow *parent, ShsFilesFunc chosen, gpointer data);
/** shs_file_choice_open_folder: asks for the folder that a model was saved as. */
void shs_file_choice_open_folder (GtkWindow *parent, ShsFilesFunc chosen, gpointer data);
/**
 * shs_file_choice_save: asks where to write.
 * @name: proposed file name
 * @extensions: NULL-ended: "svg", ...: what may be written
 */
void shs_file_choice_save (GtkWindow *parent, const char *title, const char *name,
                           const char *const *extensions, ShsFilesFunc chosen, gpointer data);

G_END_DECLS
