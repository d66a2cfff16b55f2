/* The window: one session, shown. */
#pragma once

#include <adwaita.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_WINDOW (shs_window_get_type ())
G_DECLARE_FINAL_TYPE (ShsWindow, shs_window, SHS, WINDOW, AdwApplicationWindow)

ShsWindow *shs_window_new (GtkApplication *application);
ShsSession *shs_window_get_session (ShsWindow *self);

/** shs_window_is_empty: whether nothing was opened in it yet. */
gboolean shs_window_is_empty (ShsWindow *self);

/** shs_window_open: opens paths or URIs (NULL-ended) and remembers them as recent files. */
void shs_window_open (ShsWindow *self, const char *const *names);
/** shs_window_open_example: opens a bundled example and explains it. */
void shs_window_open_example (ShsWindow *self, const char *name);

/** shs_window_show_problem: says what went wrong, where, and what to do, until it is dismissed. */
void shs_window_show_problem (ShsWindow *self, const GError *error);
/** shs_window_show_done: a short word about something that succeeded. */
void shs_window_show_done (ShsWindow *self, const char *text);

/** shs_window_export_figure: writes a figure in the background and tells when it is done; sizes in
 * points, 0 for natural ones. */
void shs_window_export_figure (ShsWindow *self, const ShsPlotOptions *options, double width,
                               double height, double dpi, const char *path);
/** shs_window_save_explanation: the same for the values; the extension decides. */
void shs_window_save_explanation (ShsWindow *self, const char *path);

G_END_DECLS
