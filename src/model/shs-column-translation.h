/* How the values of one data column become those of one feature. Private to model/. */
#pragma once

#include "core/shs-dataset.h"

G_BEGIN_DECLS

/**
 * ShsColumnTranslation: at most one of the two tables is set; none means "as it is".
 * @codes: per category of the data column, the model's value
 * @values, @value_codes: numbers in ascending order and the model's code for each
 * @unseen: the code of numbers that are not among @values
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
void shs_column_translation_clear (ShsColumnTranslation *self);

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
