/* The words typed above the row table, as a question about each row. */
#pragma once

#include "result/shs-explanation.h"

G_BEGIN_DECLS

/**
 * ShsRowFilter: an immutable question; it refers to the explanation it was parsed for.
 *
 *     carat > 1 and error > 200
 *     island = Biscoe or not (sex = female)
 *     "bill depth" <= 17.5
 *     biscoe                      (text: in the row's name or a text column)
 *
 * Names: features, "row", "prediction", "error", "target" or the target's own name; any case,
 * blanks within; in double quotes where they contain operators. Comparisons: < <= > >= = == != ~
 * (contains). A comparison with a missing value is false; "carat = missing", "carat is missing" and
 * "carat is not missing" ask for it. Words beside each other must all hold.
 */
typedef struct _ShsRowFilter ShsRowFilter;

/**
 * shs_row_filter_new: %SHS_ERROR_SYNTAX with the column where it fails. Blank text: every row.
 * @output: the output whose prediction and error are meant
 */
ShsRowFilter *shs_row_filter_new (ShsExplanation *explanation, gsize output, const char *text,
                                  GError **error);
/** shs_row_filter_new_with_data: the same, also of the columns of what was explained that are no
 * features. @dataset: (nullable). */
ShsRowFilter *shs_row_filter_new_with_data (ShsExplanation *explanation, ShsDataset *dataset,
                                            gsize output, const char *text, GError **error);
/**
 * shs_row_filter_new_for_data: the same question of a table of data: its columns, "row", and the
 * words in its text columns. %SHS_ERROR_UNSUPPORTED when the data are no table.
 */
ShsRowFilter *shs_row_filter_new_for_data (ShsDataset *dataset, const char *text, GError **error);
void shs_row_filter_free (ShsRowFilter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsRowFilter, shs_row_filter_free)

/** shs_row_filter_compares: whether it compares a column, and does not only look for words. */
gboolean shs_row_filter_compares (const ShsRowFilter *self);

/**
 * shs_row_filter_apply:
 * @mask: n_rows bytes, set to 1 where the row answers the question, else 0
 *
 * Cost: one pass over the rows for each comparison. Any thread.
 */
gboolean shs_row_filter_apply (const ShsRowFilter *self, guint8 *mask, GError **error);

G_END_DECLS
