/* Which column of a data set feeds which feature of a model, and how its values are translated. */
#pragma once

#include "core/shs-dataset.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** ShsColumnMatch: immutable, reference counted. Categories reach models only through it. */
typedef struct _ShsColumnMatch ShsColumnMatch;

/**
 * shs_column_match_new:
 * @target: (nullable): a column that is the target, never a feature
 *
 * Matches by name when the model has names (exactly, then ignoring case, blanks and underscores),
 * by position otherwise. Category strings become the model's codes; a string that the model does
 * not know becomes an unseen category (a code beyond its dictionary) and is counted in the notes.
 *
 * Returns: (transfer full): the match; %SHS_ERROR_MISMATCH names the features without a column, the
 *   nearest column names, and what to do
 */
ShsColumnMatch *shs_column_match_new (ShsModel *model, ShsDataset *dataset, const char *target,
                                      GError **error);
ShsColumnMatch *shs_column_match_ref (ShsColumnMatch *self);
void shs_column_match_unref (ShsColumnMatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsColumnMatch, shs_column_match_unref)

/** shs_column_match_get_column: the data column that feeds @feature. */
gsize shs_column_match_get_column (const ShsColumnMatch *self, gsize feature);
/** shs_column_match_get_target: the target's data column, or -1. */
gssize shs_column_match_get_target (const ShsColumnMatch *self);
/** shs_column_match_get_notes: NULL-ended lines a person should know ("by position", unseen...). */
const char *const *shs_column_match_get_notes (const ShsColumnMatch *self);

/**
 * shs_column_match_describe_features:
 *
 * Returns: (transfer full): one table input that describes the features as a person reads them: the
 *   model's names, and for categories the dictionary in the model's codes; free with
 *   shs_dataset_inputs_free (..., 1)
 */
ShsInput *shs_column_match_describe_features (const ShsColumnMatch *self);

/**
 * shs_column_match_read:
 * @block: n x n_features of the model: rows from @first_row on, in the model's codes
 */
gboolean shs_column_match_read (const ShsColumnMatch *self, gsize first_row, ShsMatrix *block,
                                GError **error);

/**
 * shs_column_match_show:
 * @block: what shs_column_match_read() gave for the same rows
 *
 * Puts the codes that shs_column_match_describe_features() describes in the place of the model's,
 * where those are another thing: categories that the model knows by hashes alone.
 */
gboolean shs_column_match_show (const ShsColumnMatch *self, gsize first_row, ShsMatrix *block,
                                GError **error);

/**
 * shs_column_match_read_target:
 * @out: n numbers; for classes the index into the model's outputs (0 and 1 for binary), found by
 *   name where the target is text
 *
 * Returns: FALSE with %SHS_ERROR_MISMATCH when there is no target or its values do not fit
 */
gboolean shs_column_match_read_target (const ShsColumnMatch *self, gsize first_row, gsize n_rows,
                                       double *out, GError **error);

/**
 * shs_column_match_get_output_name: the model's own name of an output, or, where the model has none
 *   and the target is text with as many classes, the class (classes in sorted order, as
 *   scikit-learn and pandas number them).
 */
const char *shs_column_match_get_output_name (const ShsColumnMatch *self, gsize output);

ShsModel *shs_column_match_get_model (const ShsColumnMatch *self);
ShsDataset *shs_column_match_get_dataset (const ShsColumnMatch *self);

/** shs_column_match_find_column: the column called @name, or -1 and an error that names the
 * nearest.
 */
gssize shs_column_match_find_column (const ShsDataset *dataset, const char *name, GError **error);

G_END_DECLS
