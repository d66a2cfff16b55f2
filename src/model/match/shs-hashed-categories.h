/* Category features without dictionaries: a model knows their categories by hashes alone. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsHashedCategories: immutable once given to a model, reference counted.
 *
 * The code of a category, as the model takes it, is the hash of its text, a number from 0 to
 * 2^32 - 1; so codes mean the same for every data set. A missing value is no category, unless the
 * model was trained with a word for it.
 */
typedef struct _ShsHashedCategories ShsHashedCategories;

/** ShsTextHash: the hash of @length bytes of UTF-8. */
typedef guint32 (*ShsTextHash) (const char *text, gsize length);

/** shs_hashed_categories_new: nothing is known of the categories yet. */
ShsHashedCategories *shs_hashed_categories_new (ShsTextHash hash, gsize n_features);
ShsHashedCategories *shs_hashed_categories_ref (ShsHashedCategories *self);
void shs_hashed_categories_unref (ShsHashedCategories *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsHashedCategories, shs_hashed_categories_unref)

/** shs_hashed_categories_add_known: training saw @code in @feature; while the model is loaded. */
void shs_hashed_categories_add_known (ShsHashedCategories *self, gsize feature, guint32 code);
/** shs_hashed_categories_set_complete: no other categories of @feature are in the training data. */
void shs_hashed_categories_set_complete (ShsHashedCategories *self, gsize feature);

/** shs_hashed_categories_get_code: the code of the category called @text. */
guint32 shs_hashed_categories_get_code (const ShsHashedCategories *self, const char *text);
/** shs_hashed_categories_knows: whether the file tells that training saw @code in @feature. */
gboolean shs_hashed_categories_knows (const ShsHashedCategories *self, gsize feature, guint32 code);
/** shs_hashed_categories_is_complete: whether categories of @feature that are not known were not in
 * the training data. */
gboolean shs_hashed_categories_is_complete (const ShsHashedCategories *self, gsize feature);

G_END_DECLS
