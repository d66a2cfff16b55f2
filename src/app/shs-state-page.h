/* What stands where the figures will be: what is missing, what runs, what went wrong. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_STATE_PAGE (shs_state_page_get_type ())
G_DECLARE_FINAL_TYPE (ShsStatePage, shs_state_page, SHS, STATE_PAGE, GtkBox)

void shs_state_page_set_session (ShsStatePage *self, ShsSession *session);

G_END_DECLS
