/* The program: one instance, a window for each session. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SHS_TYPE_APPLICATION (shs_application_get_type ())
G_DECLARE_FINAL_TYPE (ShsApplication, shs_application, SHS, APPLICATION, AdwApplication)

ShsApplication *shs_application_new (void);

G_END_DECLS
