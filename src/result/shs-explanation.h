/* What an explainer found out: values, and everything that says what they mean. */
#pragma once

#include "core/shs-dataset.h"
#include "result/shs-values.h"

G_BEGIN_DECLS

/**
 * ShsProvenance: how the values came about; texts are untranslated.
 * @method: "tree path-dependent", "linear", ...; "" when the file does not tell
 * @kernel: what ran: "quadrature, avx512, single"
 * @options: JSON object of the options, NULL for none
 * @space: "margin", "probability", ...
 * @background: "in the model", "100 rows of adult.csv, seed 0", ...
 * @model_name, @model_hash, @data_name, @data_hash: base names and SHA-256 (hexadecimal)
 * @model_text: one line about the model
 * @program: "Shapscope 0.1.0"
 * @seed: of everything random
 * @notes: (nullable): NULL-ended lines that must be shown: reduced background, unseen categories...
 */
typedef struct
{
  char *method;
  char *kernel;
  char *options;
  char *space;
  char *background;
  char *model_name;
  char *model_hash;
  char *model_text;
  char *data_name;
  char *data_hash;
  char *program;
  guint64 seed;
  char **notes;
} ShsProvenance;

/**
 * ShsExplanationParts: what makes an explanation; everything is taken over.
 *
 * n rows, M features (of all inputs, one input after the other), K outputs.
 *
 * @inputs: @n_inputs of them; a table has named, typed columns (dictionary in the codes of @data)
 * @output_names: K, NULL-ended
 * @values: n x M x K
 * @std_errors: (nullable): as @values
 * @base_values: K numbers, or n x K (element row * K + output) when @base_per_row
 * @predictions: (nullable): n x K, the model's own output in the space of the values
 * @data: (nullable): n x M x 1, what was explained; categories as codes, NaN missing
 * @target: (nullable): n true values, in the unit of the predictions or as class index
 * @target_name: (nullable)
 * @row_index: (nullable): n indices into the data file; NULL for 0, 1, 2, ...
 * @row_names: (nullable): n names
 * @interactions: (nullable): n x (M * M) x K
 * @clustering: (nullable): (M - 1) x 4, a SciPy linkage
 * @hierarchical_values: (nullable): (2 M - 1) x 1 x K of one row, leaves first
 * @output_unit: (nullable): unit of the values and predictions: "log-odds", "dollars"
 * @seconds: the explaining alone
 */
typedef struct
{
  ShsInput *inputs;
  guint n_inputs;
  char **output_names;
  ShsValues *values;
  ShsValues *std_errors;
  double *base_values;
  gboolean base_per_row;
  ShsMatrix *predictions;
  ShsValues *data;
  double *target;
  char *target_name;
  gsize *row_index;
  char **row_names;
  ShsValues *interactions;
  ShsMatrix *clustering;
  ShsValues *hierarchical_values;
  char *output_unit;
  double seconds;
  ShsProvenance provenance;
} ShsExplanationParts;

void shs_explanation_parts_clear (ShsExplanationParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsExplanationParts, shs_explanation_parts_clear)

/** ShsExplanation: immutable, reference counted, readable from any thread. */
typedef struct _ShsExplanation ShsExplanation;

/**
 * shs_explanation_new: takes over what @parts own and zeroes it, also on failure.
 *
 * Returns: NULL with %SHS_ERROR_INVALID when sizes disagree, naming both
 */
ShsExplanation *shs_explanation_new (ShsExplanationParts *parts, GError **error);
ShsExplanation *shs_explanation_ref (ShsExplanation *self);
void shs_explanation_unref (ShsExplanation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsExplanation, shs_explanation_unref)

/** shs_explanation_get_parts: everything, read only. */
const ShsExplanationParts *shs_explanation_get_parts (const ShsExplanation *self);
gsize shs_explanation_get_n_rows (const ShsExplanation *self);
gsize shs_explanation_get_n_features (const ShsExplanation *self);
gsize shs_explanation_get_n_outputs (const ShsExplanation *self);

/** shs_explanation_get_column: name, type and dictionary of a feature; never NULL (features of
 * inputs that are not tables have made names: "pixel 3, 4"). */
const ShsColumn *shs_explanation_get_column (const ShsExplanation *self, gsize feature);
/** shs_explanation_find_feature: by name, or by index written as "#3"; -1 for none. */
gssize shs_explanation_find_feature (const ShsExplanation *self, const char *name);
/** shs_explanation_find_output: by name, or by index written as a number; -1 for none. */
gssize shs_explanation_find_output (const ShsExplanation *self, const char *name);
/** shs_explanation_find_row: by row name, or by index (the explanation's rows); -1 for none. */
gssize shs_explanation_find_row (const ShsExplanation *self, const char *name);
/** shs_explanation_describe_row: (transfer full): "row 17", or its name. */
char *shs_explanation_describe_row (const ShsExplanation *self, gsize row);
/** shs_explanation_describe_value: (transfer full): a feature's value as a person reads it. */
char *shs_explanation_describe_value (const ShsExplanation *self, gsize feature, double value);

double shs_explanation_get_base_value (const ShsExplanation *self, gsize row, gsize output);
/** shs_explanation_get_prediction: NaN when the explanation has none. */
double shs_explanation_get_prediction (const ShsExplanation *self, gsize row, gsize output);

/**
 * ShsFeatureSummary: of one feature's values over all rows.
 */
typedef struct
{
  double mean_absolute;
  double max_absolute;
  double mean;
  double minimum;
  double maximum;
} ShsFeatureSummary;

/**
 * shs_explanation_summarise:
 * @summaries: n_features of them, filled
 * @largest_residual: (out) (nullable): largest |prediction - base - sum|; NaN without predictions
 *
 * One streaming pass over the values of @output, cached by the explanation.
 */
gboolean shs_explanation_summarise (ShsExplanation *self, gsize output,
                                    ShsFeatureSummary *summaries, double *largest_residual,
                                    GError **error);

/**
 * shs_explanation_order:
 * @order: n_features indices, filled: largest mean |value| first; ties by index
 */
gboolean shs_explanation_order (ShsExplanation *self, gsize output, gsize *order, GError **error);

/** shs_explanation_take_rows: (transfer full): the explanation of some rows, in this order. */
ShsExplanation *shs_explanation_take_rows (ShsExplanation *self, const gsize *rows, gsize n_rows,
                                           GError **error);

G_END_DECLS
