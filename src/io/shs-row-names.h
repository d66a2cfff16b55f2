/* Whether a column can be the names of the rows. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_row_names_are_different:
 * @different: (out): whether none of the @n numbers is missing and no two are equal
 *
 * Returns: FALSE with %SHS_ERROR_MEMORY. Cost: one pass where the numbers rise, else a sort
 */
gboolean shs_row_names_are_different (const double *values, gsize n, gboolean *different,
                                      GError **error);

G_END_DECLS
