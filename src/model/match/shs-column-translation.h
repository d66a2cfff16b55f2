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
 * @spelled: (nullable): what missing values become by their spelling (shs-missing.h), @missing
 *   where that is no category of the model; NULL where no spelling is one
 * @shown_spelled: (nullable): the same in the codes of @shown, where those are the data's own
 * @reads_spellings: whether the column's spellings are read, not its numbers
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
  double *spelled;
  double *shown_spelled;
  gboolean reads_spellings;
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
/** shs_column_visit_spellings: the same for the indices of the column's spellings. */
gboolean shs_column_visit_spellings (ShsDataset *dataset, gsize column, ShsVisitFunc visit,
                                     gpointer data, GError **error);

/** shs_column_translation_apply: in place; missing values lose their spelling. */
void shs_column_translation_apply (const ShsColumnTranslation *self, double *values, gsize n);
/** shs_column_translation_show: the data's own values, in place, in the codes of @shown. */
void shs_column_translation_show (const ShsColumnTranslation *self, double *values, gsize n);

/**
 * shs_spelled_codes_new:
 *
 * Returns: (transfer full) (nullable): per spelling of a missing value the index of the text among
 *   @texts that is spelled so, @missing for the others; NULL where there is none
 */
double *shs_spelled_codes_new (char *const *texts, gsize n, double missing);
/** shs_spelled_codes_alloc: (transfer full): every spelling becomes @missing. */
double *shs_spelled_codes_alloc (double missing);
/** shs_spelled_codes_find: what a NaN becomes. @spelled: (nullable) */
double shs_spelled_codes_find (const double *spelled, double missing, double value);

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
