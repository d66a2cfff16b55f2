/* Figures in words: what is under the pointer, and what a whole figure shows. */
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "plot/shs-plot-builders.h"
#include "result/shs-interactions.h"

#include <math.h>

#define SHOWN_DIGITS 4
#define N_NAMED 5

static char *
format_value (double value, gboolean sign)
{
  ShsNumberLabel label = shs_number_label_for_scale (fabs (value), SHOWN_DIGITS, sign);

  label.trim_zeros = TRUE;
  return shs_number_label_format (&label, value);
}

static void
append_line (GString *out, char *line)
{
  if (line != NULL && line[0] != '\0')
    {
      g_string_append (out, out->len > 0 ? "\n" : "");
      g_string_append (out, line);
    }
  g_free (line);
}

/* One number of all features of a row; NaN when it cannot be read. */
static double
read_one (const ShsValues *values, gsize output, gsize row, gsize feature)
{
  gsize n = shs_values_get_n_features (values);
  SHS_AUTOFREE double *numbers = shs_alloc (n, sizeof *numbers, NULL);

  if (numbers == NULL || feature >= n || !shs_values_read_row (values, output, row, numbers, NULL))
    return NAN;
  return numbers[feature];
}

/* "feature = value" where a row and data are known, else the name. */
static char *
describe_feature (ShsExplanation *explanation, gint64 row, gint32 feature)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  const char *name;
  g_autofree char *text = NULL;

  if (feature == SHS_FEATURE_REST)
    return g_strdup (_ ("other features together"));
  name = shs_explanation_get_column (explanation, (gsize)feature)->name;
  if (row < 0 || parts->data == NULL)
    return g_strdup (name);
  text = shs_explanation_describe_value (explanation, (gsize)feature,
                                         read_one (parts->data, 0, (gsize)row, (gsize)feature));
  return g_strdup_printf ("%s = %s", name, text);
}

static void
append_shap_value (GString *out, ShsExplanation *explanation, gsize output, gint64 row,
                   gint32 feature)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  g_autofree char *number = NULL;

  if (feature < 0 || row < 0)
    return;
  number = format_value (read_one (parts->values, output, (gsize)row, (gsize)feature), TRUE);
  append_line (out, g_strdup_printf (_ ("SHAP value %s"), number));
}

static void
append_summary (GString *out, ShsExplanation *explanation, gsize output, gint32 feature)
{
  gsize n = shs_explanation_get_n_features (explanation);
  SHS_AUTOFREE ShsFeatureSummary *summaries = shs_alloc (n, sizeof *summaries, NULL);
  g_autofree char *mean = NULL;
  g_autofree char *largest = NULL;

  if (feature < 0 || summaries == NULL
      || !shs_explanation_summarise (explanation, output, summaries, NULL, NULL))
    return;
  mean = format_value (summaries[feature].mean_absolute, FALSE);
  if (shs_explanation_get_n_rows (explanation) == 1)
    {
      append_line (out, g_strdup_printf (_ ("|SHAP value| %s"), mean));
      return;
    }
  largest = format_value (summaries[feature].max_absolute, FALSE);
  append_line (out, g_strdup_printf (_ ("mean |SHAP value| %s, largest %s"), mean, largest));
}

/* The value that colours the point, also where the partner was chosen by itself. */
static void
append_partner (GString *out, ShsExplanation *explanation, const ShsScene *scene, gint64 row)
{
  gint32 partner = shs_scene_get_partner (scene);

  if (row >= 0 && partner >= 0)
    append_line (out, describe_feature (explanation, row, partner));
}

static void
append_output (GString *out, ShsExplanation *explanation, const ShsMarkKey *key, gsize output)
{
  g_autofree char *number = NULL;

  if (key->row < 0)
    return;
  if (key->role == SHS_ROLE_BASE_VALUE)
    {
      number = format_value (shs_explanation_get_base_value (explanation, (gsize)key->row, output),
                             FALSE);
      append_line (out, g_strdup_printf (_ ("base value %s"), number));
      return;
    }
  number
      = format_value (shs_explanation_get_prediction (explanation, (gsize)key->row, output), FALSE);
  if (!isnan (shs_explanation_get_prediction (explanation, (gsize)key->row, output)))
    append_line (out, g_strdup_printf (_ ("prediction %s"), number));
}

/* A cell of the matrix of interactions. */
static char *
describe_pair (ShsExplanation *explanation, gsize output, gsize a, gsize b)
{
  gsize n = shs_explanation_get_n_rows (explanation);
  SHS_AUTOFREE double *numbers = shs_alloc (MAX (1, n), sizeof *numbers, NULL);
  const char *first = shs_explanation_get_column (explanation, a)->name;
  const char *second = shs_explanation_get_column (explanation, b)->name;
  g_autofree char *text = NULL;
  double sum = 0;
  gsize count = 0;

  if (shs_explanation_lacks_pair (explanation, a, b))
    return g_strdup_printf (_ ("%s × %s\nnot computed: not among the strongest pairs"), first,
                            second);
  if (numbers == NULL
      || !shs_explanation_read_interaction (explanation, output, a, b, numbers, NULL))
    return NULL;
  for (gsize i = 0; i < n; i++)
    if (!isnan (numbers[i]))
      {
        sum += fabs (numbers[i]);
        count++;
      }
  text = format_value ((a == b ? 1 : 2) * sum / (double)MAX (1, count), FALSE);
  if (n == 1)
    return g_strdup_printf (a == b ? _ ("%s alone\n|main effect| %s")
                                   : _ ("%s × %s\n|interaction| %s"),
                            first, a == b ? text : second, text);
  if (a == b)
    return g_strdup_printf (_ ("%s alone\nmean |main effect| %s"), first, text);
  return g_strdup_printf (_ ("%s × %s\nmean |interaction| %s"), first, second, text);
}

char *
shs_plot_describe_hit (ShsExplanation *explanation, const ShsPlotOptions *options,
                       const ShsScene *scene, const ShsHit *hit)
{
  const ShsMark *mark = shs_scene_get_mark (scene, hit->mark);
  GString *out = g_string_new (NULL);
  gsize output = options->output;
  gint32 feature = hit->key.feature;
  gint64 row = hit->key.row;

  if (row >= 0)
    append_line (out, shs_explanation_describe_row (explanation, (gsize)row));
  if (hit->key.partner >= 0)
    append_line (out, describe_pair (explanation, output, (gsize)feature, (gsize)hit->key.partner));
  else if (feature != -1)
    {
      append_line (out, describe_feature (explanation, row, feature));
      append_shap_value (out, explanation, output, row, feature);
      if (row < 0)
        append_summary (out, explanation, output, feature);
    }
  else if (mark->type == SHS_MARK_TEXT && mark->text.whole != NULL)
    append_line (out, g_strdup (mark->text.whole));
  append_partner (out, explanation, scene, row);
  append_output (out, explanation, &hit->key, output);
  if (out->len == 0)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  return g_string_free (out, FALSE);
}

static void
append_important (GString *out, const ShsPlotFrame *frame)
{
  SHS_AUTOFREE gsize *order = shs_alloc (frame->n_features, sizeof *order, NULL);
  SHS_AUTOFREE ShsFeatureSummary *summaries
      = shs_alloc (frame->n_features, sizeof *summaries, NULL);

  if (order == NULL || summaries == NULL
      || !shs_explanation_order (frame->explanation, frame->output, order, NULL)
      || !shs_explanation_summarise (frame->explanation, frame->output, summaries, NULL, NULL))
    return;
  g_string_append (out, frame->n_rows == 1 ? _ ("Largest |SHAP value|: ")
                                           : _ ("Largest mean |SHAP value|: "));
  for (gsize i = 0; i < MIN (N_NAMED, frame->n_features); i++)
    {
      g_autofree char *number = format_value (summaries[order[i]].mean_absolute, FALSE);

      g_string_append_printf (out, "%s%s %s", i > 0 ? ", " : "",
                              shs_explanation_get_column (frame->explanation, order[i])->name,
                              number);
    }
  g_string_append_c (out, '.');
}

typedef struct
{
  double value;
  gsize feature;
} Reason;

static int
compare_reasons (gconstpointer a, gconstpointer b, gpointer data)
{
  const Reason *x = a, *y = b;
  double p = fabs (x->value), q = fabs (y->value);

  if (p != q)
    return p < q ? 1 : -1;
  return (x->feature > y->feature) - (x->feature < y->feature);
}

static void
append_reasons (GString *out, const ShsPlotFrame *frame)
{
  gsize row = (gsize)frame->options->row;
  SHS_AUTOFREE double *values = shs_alloc (frame->n_features, sizeof *values, NULL);
  SHS_AUTOFREE Reason *reasons = shs_alloc (frame->n_features, sizeof *reasons, NULL);
  g_autofree char *base = format_value (
      shs_explanation_get_base_value (frame->explanation, row, frame->output), FALSE);

  if (values == NULL || reasons == NULL
      || !shs_values_read_row (frame->parts->values, frame->output, row, values, NULL))
    return;
  for (gsize j = 0; j < frame->n_features; j++)
    reasons[j] = (Reason){ isnan (values[j]) ? 0 : values[j], j };
  g_qsort_with_data (reasons, (int)frame->n_features, sizeof *reasons, compare_reasons, NULL);
  g_string_append_printf (out, _ ("Base value %s; largest reasons: "), base);
  for (gsize i = 0; i < MIN (N_NAMED, frame->n_features); i++)
    {
      g_autofree char *number = format_value (reasons[i].value, TRUE);
      g_autofree char *name
          = describe_feature (frame->explanation, (gint64)row, (gint32)reasons[i].feature);

      g_string_append_printf (out, "%s%s %s", i > 0 ? ", " : "", name, number);
    }
  g_string_append_c (out, '.');
}

typedef struct
{
  double mean;
  gsize pair;
} Strength;

static int
compare_strengths (gconstpointer a, gconstpointer b, gpointer data)
{
  const Strength *x = a, *y = b;

  if (x->mean != y->mean)
    return x->mean < y->mean ? 1 : -1;
  return (x->pair > y->pair) - (x->pair < y->pair);
}

static void
append_strongest_pairs (GString *out, const ShsPlotFrame *frame)
{
  gsize n = shs_explanation_get_n_pairs (frame->explanation), n_named = 0;
  SHS_AUTOFREE double *means = shs_alloc (MAX (1, n), sizeof *means, NULL);
  SHS_AUTOFREE Strength *order = shs_alloc (MAX (1, n), sizeof *order, NULL);

  if (means == NULL || order == NULL
      || !shs_explanation_summarise_interactions (frame->explanation, frame->output, means, NULL))
    return;
  for (gsize p = 0; p < n; p++)
    order[p] = (Strength){ means[p], p };
  g_qsort_with_data (order, (int)n, sizeof *order, compare_strengths, NULL);
  g_string_append (out, frame->n_rows == 1 ? _ ("Strongest |interaction|: ")
                                           : _ ("Strongest mean |interaction|: "));
  for (gsize i = 0; i < n && n_named < N_NAMED; i++)
    {
      g_autofree char *number = format_value (2 * order[i].mean, FALSE);
      gsize a, b;

      shs_explanation_get_pair (frame->explanation, order[i].pair, &a, &b);
      if (a == b)
        continue;
      g_string_append_printf (out, "%s%s × %s %s", n_named++ > 0 ? ", " : "",
                              shs_explanation_get_column (frame->explanation, a)->name,
                              shs_explanation_get_column (frame->explanation, b)->name, number);
    }
  g_string_append_c (out, '.');
}

char *
shs_plot_describe (const ShsPlotFrame *frame)
{
  GString *out = g_string_new (NULL);
  g_autofree char *rows
      = shs_number_format ((double)frame->n_rows, (ShsNumberStyle){ .thousands = TRUE });

  if (frame->options->row >= 0 && frame->options->kind != SHS_PLOT_BEESWARM
      && frame->options->kind != SHS_PLOT_INTERACTIONS
      && frame->options->kind != SHS_PLOT_DEPENDENCE)
    append_reasons (out, frame);
  else
    {
      g_string_append_printf (out, _ ("%s rows. "), rows);
      if (frame->options->kind == SHS_PLOT_INTERACTIONS)
        append_strongest_pairs (out, frame);
      else
        append_important (out, frame);
    }
  return g_string_free (out, FALSE);
}
