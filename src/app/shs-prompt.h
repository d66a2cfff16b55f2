/* Asks for one line of text. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ShsPromptFunc: @text as entered, blanks around it removed; not called on cancel. */
typedef void (*ShsPromptFunc) (const char *text, gpointer data);

/** shs_prompt: @data: (transfer full), freed with @free_data when the dialog is gone. */
void shs_prompt (GtkWindow *parent, const char *heading, const char *body, const char *present,
                 ShsPromptFunc entered, gpointer data, GDestroyNotify free_data);

G_END_DECLS
