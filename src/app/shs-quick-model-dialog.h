/* Trains a model on the open data, for a person who has none. */
#pragma once

#include "app/shs-window.h"

G_BEGIN_DECLS

#define SHS_TYPE_QUICK_MODEL_DIALOG (shs_quick_model_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ShsQuickModelDialog, shs_quick_model_dialog, SHS, QUICK_MODEL_DIALOG,
                      AdwWindow)

void shs_quick_model_dialog_present (ShsWindow *window, ShsSession *session);

G_END_DECLS
