/* How a figure leaves the program: size, resolution, theme, with a preview. */
#pragma once

#include "app/shs-window.h"

G_BEGIN_DECLS

#define SHS_TYPE_EXPORT_DIALOG (shs_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ShsExportDialog, shs_export_dialog, SHS, EXPORT_DIALOG, AdwWindow)

/** shs_export_dialog_present: for the figure of @place, as it is now. */
void shs_export_dialog_present (ShsWindow *window, ShsSession *session, ShsPlace place);

G_END_DECLS
