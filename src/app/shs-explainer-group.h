/* How values are computed: which explainer, compared with which rows, in which numbers. */
#pragma once

#include <adwaita.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_EXPLAINER_GROUP (shs_explainer_group_get_type ())
G_DECLARE_FINAL_TYPE (ShsExplainerGroup, shs_explainer_group, SHS, EXPLAINER_GROUP,
                      AdwPreferencesGroup)

void shs_explainer_group_set_session (ShsExplainerGroup *self, ShsSession *session);

G_END_DECLS
