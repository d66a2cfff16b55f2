/* A widget that shows one figure of a session and lets a person pick rows and features in it. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

/** ShsPlotView: emits "drawn" when another scene is on screen. */
#define SHS_TYPE_PLOT_VIEW (shs_plot_view_get_type ())
G_DECLARE_FINAL_TYPE (ShsPlotView, shs_plot_view, SHS, PLOT_VIEW, GtkWidget)

/** shs_plot_view_set_session: which figure of which session it shows. */
void shs_plot_view_set_session (ShsPlotView *self, ShsSession *session, ShsPlace place);

/** shs_plot_view_get_scene: (transfer none) (nullable): what is on screen now. */
ShsScene *shs_plot_view_get_scene (ShsPlotView *self);

G_END_DECLS
