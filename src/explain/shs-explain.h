/* From a model and its data to an explanation. */
#pragma once

#include "core/shs-progress.h"
#include "explain/shs-background.h"
#include "explain/shs-explain-space.h"
#include "model/match/shs-column-match.h"
#include "result/shs-explanation.h"
#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/**
 * ShsExplainer: which explainer.
 * @SHS_EXPLAINER_AUTO: the exact one that the model allows
 * @SHS_EXPLAINER_TREE: path-dependent, or interventional once a background is chosen
 */
typedef enum
{
  SHS_EXPLAINER_AUTO,
  SHS_EXPLAINER_TREE,
  SHS_EXPLAINER_PATH_DEPENDENT,
  SHS_EXPLAINER_INTERVENTIONAL,
  SHS_EXPLAINER_GLOBAL_PATH_DEPENDENT,
  SHS_EXPLAINER_SAABAS,
  SHS_EXPLAINER_BANZHAF,
  SHS_EXPLAINER_LINEAR,
  SHS_N_EXPLAINERS,
} ShsExplainer;

/** shs_explainer_parse: the command line's word, or -1. */
int shs_explainer_parse (const char *name);
const char *shs_explainer_get_name (ShsExplainer explainer);
/** shs_explainer_get_title: what a person reads: "Tree, path-dependent". Translated. */
const char *shs_explainer_get_title (ShsExplainer explainer);
/** shs_explainer_get_summary: one sentence on what its values mean. Translated. */
const char *shs_explainer_get_summary (ShsExplainer explainer);

/**
 * ShsExplainOptions:
 * @explainer: which
 * @background: (nullable): the rows to compare with; NULL for what the model itself holds, or, for
 *   linear models, all rows of the data
 * @space: in which numbers the output is explained; other than margins only against a background
 * @interactions: whether interaction values are computed too
 * @n_pairs: keeps only so many of the strongest pairs; 0 for all
 * @precision: of the tree kernels' lanes
 * @first_row, @n_rows: half-open range of the data; @n_rows 0 for all rows from @first_row on
 * @seed: of everything random
 * @n_threads: 0 for all processors
 * @result_path: (nullable): the .h5 file that the explanation is going to be saved as: one that
 *   memory does not hold is written there at once; must outlive the call
 * @target_may_fail: whether a target whose values do not fit is left out with a note (it was
 *   guessed) or is an error (it was chosen)
 */
typedef struct
{
  ShsExplainer explainer;
  ShsBackground *background;
  ShsSpace space;
  gboolean interactions;
  gsize n_pairs;
  ShsPrecision precision;
  gsize first_row;
  gsize n_rows;
  guint64 seed;
  guint n_threads;
  const char *result_path;
  gboolean target_may_fail;
} ShsExplainOptions;

/**
 * shs_explain_choose: the explainer that @explainer means for @model.
 * @has_background: whether a background is chosen
 * @chosen: (out): never auto or tree
 *
 * Returns: FALSE with %SHS_ERROR_UNSUPPORTED naming what the model lacks and what to do
 */
gboolean shs_explain_choose (const ShsModel *model, ShsExplainer explainer, gboolean has_background,
                             ShsExplainer *chosen, GError **error);

/** shs_explain_uses_background: whether the values of @chosen depend on a background. */
gboolean shs_explain_uses_background (ShsExplainer chosen);

/**
 * shs_explain:
 * @progress: (nullable): counts rows x trees; cancel is heard within 100 ms
 *
 * Explains rows of the match's data set. A result larger than the memory budget lies on disk. The
 * result carries values, base values, predictions, data, target (where the match has one) and
 * provenance; hashes of the files are the caller's
 * (@provenance.model_hash, data_hash).
 *
 * Thread: any; cost: that of the kernels. Results do not depend on the number of threads.
 */
ShsExplanation *shs_explain (ShsColumnMatch *match, const ShsExplainOptions *options,
                             const ShsProvenance *files, ShsProgress *progress, GError **error);

G_END_DECLS
