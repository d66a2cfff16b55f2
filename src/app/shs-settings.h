/* What the program remembers between runs. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * shs_settings_get: (transfer full) (nullable): the settings; NULL where no schema is installed,
 * and then nothing is remembered. A program that was built but not installed finds its own.
 */
GSettings *shs_settings_get (void);

G_END_DECLS
