/* What was computed, of what and how: model, data, explainer, output. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_SIDEBAR (shs_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (ShsSidebar, shs_sidebar, SHS, SIDEBAR, GtkBox)

void shs_sidebar_set_session (ShsSidebar *self, ShsSession *session);

G_END_DECLS
