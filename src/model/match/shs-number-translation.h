/* Numbers in the data for a feature that is a category. Private to model/match. */
#pragma once

#include "model/match/shs-column-translation.h"

G_BEGIN_DECLS

/** shs_number_translation_init: as shs_column_translation_init() for the numbers of @column. */
gboolean shs_number_translation_init (ShsColumnTranslation *self, const ShsColumn *feature,
                                      ShsDataset *dataset, gsize column, GPtrArray *notes,
                                      GError **error);
/** shs_number_translation_find: the code of @value. */
double shs_number_translation_find (const ShsColumnTranslation *self, double value);

/** shs_column_translation_set_dictionary: shows the categories of @feature, with room for @n_more.
 */
void shs_column_translation_set_dictionary (ShsColumnTranslation *self, const ShsColumn *feature,
                                            gsize n_more);
/** shs_column_translation_append: shows one more category. */
void shs_column_translation_append (ShsColumnTranslation *self, const char *name);

G_END_DECLS
