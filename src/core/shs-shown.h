/* Texts of unknown origin, made fit to be shown on one line. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_text_shown:
 *
 * Returns: (transfer full): @text as valid UTF-8 on one line: control characters (a terminal would
 *   obey them) and marks that turn the direction of what follows are blanks
 */
char *shs_text_shown (const char *text);

/** shs_name_shown: (transfer full): shs_text_shown() in quotes, cut after 40 characters. */
char *shs_name_shown (const char *name);

G_END_DECLS
