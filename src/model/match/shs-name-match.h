/* Names that a person would call the same, and names that are nearly right. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** shs_name_fold: (transfer full): @name without case, blanks, underscores, dashes and dots. */
char *shs_name_fold (const char *name);

/** shs_name_fold_letters: (transfer full): letters and digits alone, without case: exporters write
 * underscores for whatever else a name has. */
char *shs_name_fold_letters (const char *name);

/**
 * shs_name_distance:
 * @limit: distances from here on need not be told apart
 *
 * Levenshtein's distance of two names in characters, or @limit where it is not smaller. Cost:
 * product of the lengths, of which at most 200 characters count.
 */
guint shs_name_distance (const char *a, const char *b, guint limit);

/**
 * shs_name_nearest:
 * @names: @n names
 *
 * Returns: index of the name nearest to @name when it is near (a third of its letters differ at
 *   most, or one name contains the other), else -1
 */
gssize shs_name_nearest (const char *name, const char *const *names, gsize n);

/** shs_names_list: (transfer full): the first of them as a person reads them: "a", "b" and 7 more.
 */
char *shs_names_list (const char *const *names, gsize n);

G_END_DECLS
