#include "session/shs-row-column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/shs-memory.h"

const char *
shs_row_get_unit (const ShsExplanation *explanation, ShsRowColumn column)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  const char *unit = parts->output_unit;

  if (column == SHS_ROW_PREDICTION)
    return parts->predictions != NULL ? unit : NULL;
  if (column != SHS_ROW_ERROR || unit == NULL || parts->target == NULL
      || parts->predictions == NULL)
    return NULL;
  switch (shs_explanation_get_unit (explanation))
    {
    case SHS_UNIT_LOSS:
      return NULL;
    case SHS_UNIT_LOG_ODDS:
    case SHS_UNIT_SCORE:
      return shs_unit_get_word (SHS_UNIT_PROBABILITY);
    case SHS_UNIT_LOG:
      return "";
    default:
      return unit;
    }
}

gboolean
shs_row_has_column (const ShsExplanation *explanation, ShsRowColumn column)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  switch (column)
    {
    case SHS_ROW_PREDICTION:
      return parts->predictions != NULL;
    case SHS_ROW_TARGET:
      return parts->target != NULL;
    case SHS_ROW_ERROR:
      return shs_row_get_unit (explanation, SHS_ROW_ERROR) != NULL;
    default:
      return column < SHS_ROW_FIRST_REASON
             || column - SHS_ROW_FIRST_REASON < shs_explanation_get_n_features (explanation);
    }
}

/* The share of one class among all of them. */
static double
find_share (const ShsExplanation *explanation, gsize row, gsize output)
{
  gsize n_outputs = shs_explanation_get_n_outputs (explanation);
  double largest = -INFINITY, sum = 0;

  for (gsize k = 0; k < n_outputs; k++)
    largest = fmax (largest, shs_explanation_get_prediction (explanation, row, k));
  for (gsize k = 0; k < n_outputs; k++)
    sum += exp (shs_explanation_get_prediction (explanation, row, k) - largest);
  return exp (shs_explanation_get_prediction (explanation, row, output) - largest) / sum;
}

/* Of one class among several, whose index the target is. */
static double
find_class_error (const ShsExplanation *explanation, gsize row, gsize output, double target)
{
  double share = shs_explanation_get_unit (explanation) == SHS_UNIT_PROBABILITY
                     ? shs_explanation_get_prediction (explanation, row, output)
                     : find_share (explanation, row, output);

  if (!(target >= 0 && target < (double)shs_explanation_get_n_outputs (explanation)))
    return NAN;
  return share - (target == (double)output);
}

double
shs_row_get_error (const ShsExplanation *explanation, gsize row, gsize output)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  double prediction = shs_explanation_get_prediction (explanation, row, output);
  double target = parts->target != NULL ? parts->target[row] : NAN;
  ShsUnit unit = shs_explanation_get_unit (explanation);
  gboolean is_share
      = unit == SHS_UNIT_LOG_ODDS || unit == SHS_UNIT_SCORE || unit == SHS_UNIT_PROBABILITY;

  if (isnan (target) || isnan (prediction) || shs_row_get_unit (explanation, SHS_ROW_ERROR) == NULL)
    return NAN;
  if (is_share && shs_explanation_get_n_outputs (explanation) > 1)
    return find_class_error (explanation, row, output, target);
  if ((unit == SHS_UNIT_LOG_ODDS || unit == SHS_UNIT_SCORE) && !(target >= 0 && target <= 1))
    return NAN;
  if (unit == SHS_UNIT_LOG_ODDS || unit == SHS_UNIT_SCORE)
    return 1 / (1 + exp (-prediction)) - target;
  if (unit == SHS_UNIT_LOG)
    return exp (prediction) - target;
  return prediction - target;
}

static void
insert_reason (ShsRowReason *reasons, ShsRowReason candidate)
{
  for (int i = 0; i < SHS_ROW_N_REASONS; i++)
    if (reasons[i].feature < 0 || fabs (candidate.value) > fabs (reasons[i].value))
      {
        memmove (reasons + i + 1, reasons + i, sizeof *reasons * (SHS_ROW_N_REASONS - 1 - i));
        reasons[i] = candidate;
        return;
      }
}

gboolean
shs_row_get_reasons (const ShsExplanation *explanation, gsize row, gsize output, double *scratch,
                     ShsRowReason reasons[SHS_ROW_N_REASONS], GError **error)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  gsize n_features = shs_explanation_get_n_features (explanation);

  for (int i = 0; i < SHS_ROW_N_REASONS; i++)
    reasons[i] = (ShsRowReason){ -1, NAN };
  if (!shs_values_read_row (parts->values, output, row, scratch, error))
    return FALSE;
  for (gsize j = 0; j < n_features; j++)
    if (!isnan (scratch[j]))
      insert_reason (reasons, (ShsRowReason){ (gssize)j, scratch[j] });
  return TRUE;
}

static gboolean
read_reasons (const ShsExplanation *explanation, gsize output, int rank, double *out,
              GError **error)
{
  gsize n_rows = shs_explanation_get_n_rows (explanation);
  SHS_AUTOFREE double *scratch
      = shs_alloc (shs_explanation_get_n_features (explanation), sizeof (double), error);

  if (scratch == NULL)
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    {
      ShsRowReason reasons[SHS_ROW_N_REASONS];

      if (!shs_row_get_reasons (explanation, i, output, scratch, reasons, error))
        return FALSE;
      out[i] = reasons[rank].value;
    }
  return TRUE;
}

gboolean
shs_row_column_read (const ShsExplanation *explanation, gsize output, ShsRowColumn column,
                     double *out, GError **error)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  gsize n_rows = shs_explanation_get_n_rows (explanation);

  if (column >= SHS_ROW_FIRST_REASON)
    return read_reasons (explanation, output, column - SHS_ROW_FIRST_REASON, out, error);
  for (gsize i = 0; i < n_rows; i++)
    switch (column)
      {
      case SHS_ROW_PREDICTION:
        out[i] = shs_explanation_get_prediction (explanation, i, output);
        break;
      case SHS_ROW_TARGET:
        out[i] = parts->target != NULL ? parts->target[i] : NAN;
        break;
      case SHS_ROW_ERROR:
        out[i] = shs_row_get_error (explanation, i, output);
        break;
      default:
        out[i] = (double)i;
      }
  return TRUE;
}

typedef struct
{
  const double *keys;
  gboolean descending;
} SortOrder;

static int
compare_rows (const void *a, const void *b, void *data)
{
  const SortOrder *order = data;
  guint32 first = *(const guint32 *)a, second = *(const guint32 *)b;
  double x = order->keys[first], y = order->keys[second];

  if (isnan (x) || isnan (y))
    return isnan (x) == isnan (y) ? (first > second) - (first < second) : isnan (x) - isnan (y);
  if (x != y)
    return ((x > y) - (x < y)) * (order->descending ? -1 : 1);
  return (first > second) - (first < second);
}

void
shs_row_sort (guint32 *rows, gsize n, const double *keys, gboolean descending)
{
  SortOrder order = { keys, descending };

  qsort_r (rows, n, sizeof *rows, compare_rows, &order);
}
