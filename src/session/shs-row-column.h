/* What the row table shows of each row of an explanation, as numbers to sort and filter by. */
#pragma once

#include "result/shs-explanation.h"

G_BEGIN_DECLS

#define SHS_ROW_N_REASONS 3

/**
 * ShsRowColumn: columns of the row table.
 * @SHS_ROW_NUMBER: the explanation's row
 * @SHS_ROW_PREDICTION: the model's output in the space of the values
 * @SHS_ROW_TARGET: the true value; a class index for classes
 * @SHS_ROW_ERROR: see shs_row_get_error()
 * @SHS_ROW_FIRST_REASON: and the two after it: signed SHAP value of the largest features
 */
typedef enum
{
  SHS_ROW_NUMBER,
  SHS_ROW_PREDICTION,
  SHS_ROW_TARGET,
  SHS_ROW_ERROR,
  SHS_ROW_FIRST_REASON,
  SHS_N_ROW_COLUMNS = SHS_ROW_FIRST_REASON + SHS_ROW_N_REASONS,
} ShsRowColumn;

/** ShsRowReason: one feature's share in a row; @feature is -1 where there are fewer features. */
typedef struct
{
  gssize feature;
  double value;
} ShsRowReason;

/** shs_row_has_column: whether the explanation carries what @column needs. */
gboolean shs_row_has_column (const ShsExplanation *explanation, ShsRowColumn column);

/**
 * shs_row_get_unit: what the numbers of a column are in: "log-odds", "probability", "dollars"; ""
 * for the target's own unit, NULL where that is not known. Without a known unit there is no error.
 */
const char *shs_row_get_unit (const ShsExplanation *explanation, ShsRowColumn column);

/**
 * shs_row_get_error: how far the prediction is from the target, NaN where one of them is missing,
 * or where it is not known whether both have the same unit.
 *
 * Prediction - target of the output that is asked for, in the target's unit: log-odds are turned
 * into probabilities, logarithms into their exponentials. The target of one class among several is
 * 1 where it is the true one, else 0.
 */
double shs_row_get_error (const ShsExplanation *explanation, gsize row, gsize output);

/**
 * shs_row_get_reasons:
 * @scratch: n_features numbers
 * @reasons: filled, largest |value| first; ties by index
 */
gboolean shs_row_get_reasons (const ShsExplanation *explanation, gsize row, gsize output,
                              double *scratch, ShsRowReason reasons[SHS_ROW_N_REASONS],
                              GError **error);

/**
 * shs_row_column_read: one column of all rows.
 * @out: n_rows numbers
 *
 * Cost: one pass over the values for reasons, O(rows) for the others. Any thread.
 */
gboolean shs_row_column_read (const ShsExplanation *explanation, gsize output, ShsRowColumn column,
                              double *out, GError **error);

/**
 * shs_row_sort: sorts row numbers by keys, NaN last, ties by row.
 * @rows: @n rows, each an index into @keys
 */
void shs_row_sort (guint32 *rows, gsize n, const double *keys, gboolean descending);

G_END_DECLS
