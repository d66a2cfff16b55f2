/* How the values of one data column become those of one feature. Private to model/. */
#pragma once

#include "core/shs-dataset.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/**
 * ShsColumnTranslation: at most one of the two tables is set; none means "as it is".
 * @codes: per category of the data column, the model's value
 * @values, @value_codes: numbers in ascending order and the model's code for each
 * @unseen: the code of numbers that are not among @values
 * @missing: what a missing value becomes; NaN but for some hashed categories
 * @hashed: (nullable): borrowed from the model, where the code of a category is a hash: of @codes'
 *   texts, or of the numbers themselves as text. A person sees the data's own values then
 * @has_points: whether whole numbers were texts such as "3.0" in training, not "3"
 * @shown: name, type and dictionary (in the model's codes) as a person reads the feature
 */
typedef struct
{
  double *codes;
  gsize n_codes;
  double *values;
  double *value_codes;
  gsize n_values;
  double unseen;
  double missing;
  const ShsHashedCategories *hashed;
  gboolean has_points;
  ShsColumn shown;
} ShsColumnTranslation;

/**
 * shs_column_translation_init:
 * @feature: what the model takes
 * @column: index of the data column in the table of @dataset
 * @notes: (element-type utf8): lines a person should know are added
 *
 * Returns: FALSE with %SHS_ERROR_MISMATCH naming the column, one of its values and what to do
 */
gboolean shs_column_translation_init (ShsColumnTranslation *self, const ShsColumn *feature,
                                      ShsDataset *dataset, gsize column, GPtrArray *notes,
                                      GError **error);
/**
 * shs_hashed_translation_init: as above for the category feature @feature of @model, whose codes
 * are hashes (shs-hashed-translation.c). Fails only when the data cannot be read.
 */
gboolean shs_hashed_translation_init (ShsColumnTranslation *self, const ShsModel *model,
                                      gsize feature, ShsDataset *dataset, gsize column,
                                      GPtrArray *notes, GError **error);
/** shs_hashed_code_of_number: the code of the category that a number stands for. */
double shs_hashed_code_of_number (const ShsColumnTranslation *self, double number);

void shs_column_translation_clear (ShsColumnTranslation *self);

typedef gboolean (*ShsVisitFunc) (double value, gsize row, gpointer data);
/** shs_column_visit: goes through a whole column once, missing values too; @visit returns FALSE to
 * stop. */
gboolean shs_column_visit (ShsDataset *dataset, gsize column, ShsVisitFunc visit, gpointer data,
                           GError **error);

/** shs_column_translation_apply: in place. */
void shs_column_translation_apply (const ShsColumnTranslation *self, double *values, gsize n);

/**
 * shs_text_ranks:
 *
 * Returns: (transfer full): per text its place in the order that Python sorts texts in (by code
 *   point): what pandas' astype("category") and scikit-learn's LabelEncoder number them by
 */
double *shs_text_ranks (char *const *texts, gsize n);

/** shs_text_index: hash table from text to its index (GUINT_TO_POINTER, + 1); borrows the texts. */
GHashTable *shs_text_index (char *const *texts, gsize n);

G_END_DECLS
