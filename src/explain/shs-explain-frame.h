/* What every explainer of rows shares: blocks in, parts of an explanation out. */
#pragma once

#include "explain/shs-explain.h"

G_BEGIN_DECLS

/**
 * ShsExplainFrame: rows first_row .. first_row + n_rows of a match on their way into @parts.
 * @space: that of @parts; @n_outputs are its outputs
 * @block_first: first row of the block that is worked on, counted from @first_row
 * @block_rows: rows that are worked on at a time; depends on the model's size and a small memory
 *   budget, never on the number of threads; no number depends on it
 * @result_bytes: of the values, data and whatever was added
 */
typedef struct
{
  ShsColumnMatch *match;
  const ShsModel *model;
  const ShsExplainOptions *options;
  ShsProgress *progress;
  gsize first_row;
  gsize n_rows;
  gsize n_features;
  gsize n_outputs;
  ShsExplainSpace space;
  gsize block_first;
  gsize block_rows;
  gsize result_bytes;
  ShsExplanationParts parts;
} ShsExplainFrame;

/**
 * ShsExplainBlockFunc: values of a block of rows.
 * @rows: n x n_features in the model's codes
 * @values: n x (n_features * n_outputs), to fill: column output * n_features + feature
 */
typedef gboolean (*ShsExplainBlockFunc) (ShsExplainFrame *frame, const ShsMatrix *rows,
                                         ShsMatrix *values, gpointer data, GError **error);

/** shs_explain_frame_init: checks rows and memory; allocates what @parts hold. */
gboolean shs_explain_frame_init (ShsExplainFrame *self, ShsColumnMatch *match,
                                 const ShsExplainOptions *options, gboolean in_double,
                                 ShsProgress *progress, GError **error);
void shs_explain_frame_clear (ShsExplainFrame *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsExplainFrame, shs_explain_frame_clear)

/**
 * shs_explain_frame_add_values: room for more numbers of the result, before the run: n_rows x
 * @n_features x n_outputs. Where memory does not hold all there are then, all go to disk, in the
 * order of shs_explanation_write().
 * @name: of the array in the file
 *
 * Returns: (transfer full)
 */
ShsValues *shs_explain_frame_add_values (ShsExplainFrame *self, const char *name, gsize n_features,
                                         gboolean in_double, GError **error);

/** shs_explain_frame_run: reads, predicts, explains and keeps block after block. */
gboolean shs_explain_frame_run (ShsExplainFrame *self, ShsExplainBlockFunc function, gpointer data,
                                GError **error);

/** shs_explain_path_dependent: path-dependent Tree SHAP; fills the frame's parts and method. */
gboolean shs_explain_path_dependent (ShsExplainFrame *frame, GError **error);
/** shs_explain_interventional: the same against the options' background. */
gboolean shs_explain_interventional (ShsExplainFrame *frame, GError **error);
/** shs_explain_global_path_dependent: path-dependent in all trees together. */
gboolean shs_explain_global_path_dependent (ShsExplainFrame *frame, GError **error);
/** shs_explain_saabas: Saabas' values. */
gboolean shs_explain_saabas (ShsExplainFrame *frame, GError **error);
/** shs_explain_transformed: probabilities or losses against the options' background. */
gboolean shs_explain_transformed (ShsExplainFrame *frame, GError **error);
/** shs_explain_banzhaf: Banzhaf values of either game. */
gboolean shs_explain_banzhaf (ShsExplainFrame *frame, GError **error);
/** shs_explain_linear: exact values of a linear model against the mean of the background, or of all
 * rows of the data. */
gboolean shs_explain_linear (ShsExplainFrame *frame, GError **error);

G_END_DECLS
