#include "app/shs-row-item.h"

#include "core/shs-i18n.h"
#include "core/shs-number.h"

#include <math.h>

#define LEAST_REASON 1e-3 /* of the first one */

struct _ShsRowItem
{
  GObject parent;
  gsize row;
  char *texts[SHS_N_ROW_COLUMNS];
  int signs[SHS_N_ROW_COLUMNS];
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (ShsRowItem, shs_row_item, G_TYPE_OBJECT)

static char *
format (double value, int decimals, gboolean sign)
{
  return isnan (value) ? g_strdup ("")
                       : shs_number_format (value, (ShsNumberStyle){ decimals, FALSE, sign, TRUE });
}

static char *
describe_target (const ShsRowArrangement *shown, gsize row)
{
  ShsExplanation *explanation = shown->explanation;
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  double target = parts->target != NULL ? parts->target[row] : NAN;
  gsize n_outputs = shs_explanation_get_n_outputs (explanation);

  if (n_outputs > 1 && target >= 0 && target < (double)n_outputs)
    return g_strdup (parts->output_names[(gsize)target]);
  if ((target == 0 || target == 1) && shown->target_words[(int)target] != NULL)
    return g_strdup (shown->target_words[(int)target]);
  return format (target, shown->style.target_decimals, FALSE);
}

static char *
describe_error (ShsExplanation *explanation, gsize row, gsize output, ShsRowStyle style)
{
  ShsUnit unit = shs_explanation_get_unit (explanation);
  gboolean is_share = unit == SHS_UNIT_LOG_ODDS || unit == SHS_UNIT_SCORE;

  return format (shs_row_get_error (explanation, row, output),
                 is_share ? 3 : style.prediction_decimals, TRUE);
}

/* With a digit that is not zero, however small it is beside others of its column. */
static char *
format_reason (double value, int decimals)
{
  int needed = value != 0 && isfinite (value) ? shs_number_decimals (fabs (value), 1) : 0;

  return format (value, MAX (decimals, needed), TRUE);
}

static void
describe_reasons (ShsRowItem *self, ShsExplanation *explanation, gsize output, ShsRowStyle style)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  gsize n_features = shs_explanation_get_n_features (explanation);
  g_autofree double *scratch = g_new (double, MAX (n_features, 1));
  g_autofree double *data = g_new (double, MAX (n_features, 1));
  ShsRowReason reasons[SHS_ROW_N_REASONS];
  gboolean has_data
      = parts->data != NULL && shs_values_read_row (parts->data, 0, self->row, data, NULL);

  if (!shs_row_get_reasons (explanation, self->row, output, scratch, reasons, NULL))
    return;
  for (int i = 0; i < SHS_ROW_N_REASONS && reasons[i].feature >= 0; i++)
    {
      ShsRowReason reason = reasons[i];
      const char *name = shs_explanation_get_column (explanation, reason.feature)->name;
      g_autofree char *value = format_reason (reason.value, style.value_decimals);
      g_autofree char *fact
          = has_data
                ? shs_explanation_describe_value (explanation, reason.feature, data[reason.feature])
                : NULL;

      /* Next to nothing is no reason; only where there is no other is it told. */
      if (i > 0 && !(fabs (reason.value) > LEAST_REASON * fabs (reasons[0].value)))
        return;
      self->texts[SHS_ROW_FIRST_REASON + i]
          = fact != NULL ? g_strdup_printf ("%s  %s = %s", value, name, fact)
                         : g_strdup_printf ("%s  %s", value, name);
      self->signs[SHS_ROW_FIRST_REASON + i] = (reason.value > 0) - (reason.value < 0);
    }
}

static void
clear_texts (ShsRowItem *self)
{
  for (int i = 0; i < SHS_N_ROW_COLUMNS; i++)
    {
      g_clear_pointer (&self->texts[i], g_free);
      self->signs[i] = 0;
    }
}

void
shs_row_item_fill (ShsRowItem *self, const ShsRowArrangement *shown, gsize row)
{
  ShsExplanation *explanation = shown->explanation;
  gsize output = shown->output;
  ShsRowStyle style = shown->style;
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  clear_texts (self);
  self->row = row;
  self->texts[SHS_ROW_NUMBER]
      = parts->row_names != NULL
            ? g_strdup (parts->row_names[row])
            : shs_number_format ((double)row, (ShsNumberStyle){ .thousands = TRUE });
  self->texts[SHS_ROW_PREDICTION] = format (
      shs_explanation_get_prediction (explanation, row, output), style.prediction_decimals, FALSE);
  self->texts[SHS_ROW_TARGET] = describe_target (shown, row);
  self->texts[SHS_ROW_ERROR] = describe_error (explanation, row, output, style);
  describe_reasons (self, explanation, output, style);
  g_signal_emit (self, changed_signal, 0);
}

gsize
shs_row_item_get_row (ShsRowItem *self)
{
  return self->row;
}

const char *
shs_row_item_get_text (ShsRowItem *self, ShsRowColumn column)
{
  return self->texts[column] != NULL ? self->texts[column] : "";
}

int
shs_row_item_get_sign (ShsRowItem *self, ShsRowColumn column)
{
  return self->signs[column];
}

static void
shs_row_item_finalize (GObject *object)
{
  clear_texts (SHS_ROW_ITEM (object));
  G_OBJECT_CLASS (shs_row_item_parent_class)->finalize (object);
}

static void
shs_row_item_class_init (ShsRowItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = shs_row_item_finalize;
  changed_signal = g_signal_new ("changed", SHS_TYPE_ROW_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
shs_row_item_init (ShsRowItem *self)
{
}
