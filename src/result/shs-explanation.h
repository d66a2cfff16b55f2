/* What an explainer found out: values, and everything that says what they mean. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-unit.h"
#include "result/shs-provenance.h"
#include "result/shs-result-store.h"
#include "result/shs-values.h"

G_BEGIN_DECLS

#define SHS_EXPLANATION_MAX_FEATURES (1 << 22)
#define SHS_EXPLANATION_MAX_OUTPUTS 100000

/**
 * ShsExplanationParts: what makes an explanation; everything is taken over.
 *
 * n rows, M features (of all inputs, one input after the other), K outputs. Arrays of numbers and
 * indices are memory of shs_alloc(), texts of g_strdup(), NULL-ended lists for g_strfreev(), inputs
 * of shs_dataset_inputs_new().
 *
 * @inputs: @n_inputs of them; a table has named, typed columns (dictionary in the codes of @data);
 *   other inputs may have columns too, when their features have names of their own
 * @output_names: K, NULL-ended
 * @values: n x M x K
 * @std_errors: (nullable): as @values
 * @base_values: K numbers, or n x K (element row * K + output) when @base_per_row
 * @predictions: (nullable): n x K, the model's own output in the space of the values
 * @data: (nullable): n x M x 1, what was explained; categories as codes, NaN missing; a code beyond
 *   the dictionary is a category that the model has never seen
 * @target: (nullable): n true values, in the unit of the predictions or as class index
 * @target_name: (nullable)
 * @row_index: (nullable): n indices into the data file; NULL for 0, 1, 2, ...
 * @row_names: (nullable): n names
 * @background_values: (nullable): M texts: what the features are in the one row that is the
 *   background, as shs_explanation_describe_value() writes them
 * @interactions: (nullable): n x (M * M) x K, or n x n_pairs x K where there are @pairs; read them
 *   with the functions of shs-interactions.h
 * @pairs: (nullable): @n_pairs pairs of features a <= b, ascending, memory of shs_alloc()
 * @met: (nullable): @n_met triples (a, b, computed), a <= b, ascending: the pairs that can
 * interact, where only the strongest were computed; @interactions hold 0 for the others. NULL: all
 * were computed
 * @clustering: (nullable): (M - 1) x 4, a SciPy linkage
 * @hierarchical_values: (nullable): (2 M - 1) x 1 x K, leaves first; only where n is 1
 * @output_unit: (nullable): unit of the values and predictions: "log-odds", "dollars"
 * @seconds: the explaining alone
 * @store: (nullable): where values lie that memory does not hold
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
  char **background_values;
  ShsValues *interactions;
  guint32 *pairs;
  gsize n_pairs;
  guint32 *met;
  gsize n_met;
  ShsMatrix *clustering;
  ShsValues *hierarchical_values;
  char *output_unit;
  double seconds;
  ShsProvenance provenance;
  ShsResultStore *store;
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
/** shs_explanation_get_unit: what kind of numbers values and predictions are; see output_unit. */
ShsUnit shs_explanation_get_unit (const ShsExplanation *self);

/** shs_explanation_get_column: name, type and dictionary of a feature; never NULL (features of
 * inputs that are not tables have made names: "pixel 3, 4"). */
const ShsColumn *shs_explanation_get_column (const ShsExplanation *self, gsize feature);
/** shs_explanation_find_feature: by name, or by index written as "3" or "#3"; -1 for none. */
gssize shs_explanation_find_feature (const ShsExplanation *self, const char *name);
/** shs_explanation_find_output: by name, or by index written as a number; -1 for none. */
gssize shs_explanation_find_output (const ShsExplanation *self, const char *name);
/** shs_explanation_find_row: by row name, or by index (the explanation's rows); -1 for none. */
gssize shs_explanation_find_row (const ShsExplanation *self, const char *name);
/** shs_explanation_describe_row: (transfer full): "row 17", or its name. The number is that of the
 * row in the data (row_index), which a person knows; options count the explanation's rows. */
char *shs_explanation_describe_row (const ShsExplanation *self, gsize row);
/** shs_explanation_describe_rows: (transfer full): which rows may be asked for, in both countings:
 * "rows 0 to 2 of the explanation, which are rows 17 to 19 of the data". Untranslated: for errors.
 */
char *shs_explanation_describe_rows (const ShsExplanation *self);
/** shs_explanation_describe_comparison: (transfer full): "row 5 compared with row 17" where one row
 * is the background, else as shs_explanation_describe_row(). */
char *shs_explanation_describe_comparison (const ShsExplanation *self, gsize row);
/** shs_explanation_describe_value: (transfer full): a feature's value as a person reads it. */
char *shs_explanation_describe_value (const ShsExplanation *self, gsize feature, double value);
/** shs_column_describe_value: (transfer full): the same of any column. */
char *shs_column_describe_value (const ShsColumn *column, double value);

double shs_explanation_get_base_value (const ShsExplanation *self, gsize row, gsize output);
/** shs_explanation_get_prediction: NaN when the explanation has none. */
double shs_explanation_get_prediction (const ShsExplanation *self, gsize row, gsize output);

/**
 * ShsFeatureSummary: of one feature's values over all rows; values that are not numbers are left
 * out. Without any number the means are 0 and the rest NaN.
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
 * One streaming pass over the values of @output on all processors, cached by the explanation; the
 * numbers do not depend on how many there are. Any thread.
 */
gboolean shs_explanation_summarise (ShsExplanation *self, gsize output,
                                    ShsFeatureSummary *summaries, double *largest_residual,
                                    GError **error);

/**
 * shs_explanation_order:
 * @output: which one; G_MAXSIZE for the sum over all outputs
 * @order: n_features indices, filled: largest mean |value| first; ties by index
 */
gboolean shs_explanation_order (ShsExplanation *self, gsize output, gsize *order, GError **error);

/**
 * shs_explanation_take_rows: the explanation of some rows, in this order; everything that belongs
 * to rows follows, and row_index tells where they were.
 *
 * Returns: (transfer full): NULL with %SHS_ERROR_CHOICE for a row that does not exist
 */
ShsExplanation *shs_explanation_take_rows (ShsExplanation *self, const gsize *rows, gsize n_rows,
                                           GError **error);

G_END_DECLS
