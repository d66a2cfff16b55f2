/* A figure on the clipboard as SVG, PDF and PNG at once. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

/** shs_figure_copy: the figure of @place, light unless its theme says otherwise. */
gboolean shs_figure_copy (GtkWidget *widget, ShsSession *session, ShsPlace place, GError **error);

G_END_DECLS
