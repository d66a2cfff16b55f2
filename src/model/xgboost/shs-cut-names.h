/* Category names that a model's file holds only in part, and the texts of data they stand for. */
#pragma once

#include "core/shs-dataset.h"

G_BEGIN_DECLS

/** SHS_CUT_MARK: ends a category name that its file has only in part. */
#define SHS_CUT_MARK "\u2026"

typedef struct _ShsCutNames ShsCutNames;

/** shs_cut_names_new: (transfer full): those of @feature, which stays alive. O(categories). */
ShsCutNames *shs_cut_names_new (const ShsColumn *feature);
void shs_cut_names_free (ShsCutNames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsCutNames, shs_cut_names_free)

/**
 * shs_cut_names_find:
 * @column: (name of) the data's column
 * @text: one of its texts, which is no whole name of the model; each is asked for once
 * @category: (out): number of the one category it can be, -1 where it can be none
 *
 * Returns: FALSE with %SHS_ERROR_MISMATCH where nobody can say which category @text is: nothing is
 *   left of a name, or several texts fit one name, or one text several names
 */
gboolean shs_cut_names_find (ShsCutNames *self, const char *column, const char *text,
                             gssize *category, GError **error);

G_END_DECLS
