/* What stands in a folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_folder_list:
 * @most: more names than that are refused
 *
 * Returns: (transfer full) (element-type utf8): the names in the folder @path, in order; empty
 * where there is none; NULL with %SHS_ERROR_UNSUPPORTED where there are too many
 */
GPtrArray *shs_folder_list (const char *path, guint most, GError **error);
/** shs_folder_compare: the order of names, for sorting arrays of them. */
int shs_folder_compare (gconstpointer a, gconstpointer b);

G_END_DECLS
