/* The Explain button, which becomes progress with time left and Cancel while something runs. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_EXPLAIN_CONTROL (shs_explain_control_get_type ())
G_DECLARE_FINAL_TYPE (ShsExplainControl, shs_explain_control, SHS, EXPLAIN_CONTROL, GtkBox)

void shs_explain_control_set_session (ShsExplainControl *self, ShsSession *session);

/** shs_explain_control_set_narrow: whether it keeps to what a narrow header has room for. */
void shs_explain_control_set_narrow (ShsExplainControl *self, gboolean is_narrow);

/** shs_explain_control_describe: (transfer full): "43 % · 12 s left · 12,000 rows/s". */
char *shs_explain_control_describe (ShsSession *session);

G_END_DECLS
