/* The named groups of rows: to list the rows of one, to add and to remove some. */
#pragma once

#include <adwaita.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_COHORT_GROUP (shs_cohort_group_get_type ())
G_DECLARE_FINAL_TYPE (ShsCohortGroup, shs_cohort_group, SHS, COHORT_GROUP, AdwPreferencesGroup)

void shs_cohort_group_set_session (ShsCohortGroup *self, ShsSession *session);

G_END_DECLS
