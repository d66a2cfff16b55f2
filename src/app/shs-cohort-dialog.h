/* Asks for the name and the rule of a group of rows. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

/** shs_cohort_dialog_present: the rule that rows are filtered by is offered as the group's. */
void shs_cohort_dialog_present (GtkWindow *parent, ShsSession *session);

G_END_DECLS
