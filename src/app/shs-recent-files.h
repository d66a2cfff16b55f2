/* Files opened before, as a menu. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** shs_recent_files_add: remembers files (NULL-ended paths). */
void shs_recent_files_add (const char *const *paths);
/** shs_recent_files_menu_new: (transfer full): follows the recent files; items open one file. */
GMenu *shs_recent_files_menu_new (void);

G_END_DECLS
