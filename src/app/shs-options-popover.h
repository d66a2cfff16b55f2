/* The pop-over with the options of one figure. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_OPTIONS_POPOVER (shs_options_popover_get_type ())
G_DECLARE_FINAL_TYPE (ShsOptionsPopover, shs_options_popover, SHS, OPTIONS_POPOVER, GtkPopover)

void shs_options_popover_set_session (ShsOptionsPopover *self, ShsSession *session, ShsPlace place);

G_END_DECLS
