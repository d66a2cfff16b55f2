/* From a model and its data to an explanation. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-column-match.h"
#include "result/shs-explanation.h"
#include "tree/shs-tree-explain.h"

G_BEGIN_DECLS

/** ShsExplainer: which explainer; the automatic choice takes the exact one that the model allows.
 */
typedef enum
{
  SHS_EXPLAINER_AUTO,
  SHS_EXPLAINER_TREE,
  SHS_EXPLAINER_LINEAR,
} ShsExplainer;

/** shs_explainer_parse: the command line's word, or -1. */
int shs_explainer_parse (const char *name);
const char *shs_explainer_get_name (ShsExplainer explainer);

/**
 * ShsExplainOptions:
 * @explainer: which
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
 *
 * Returns: FALSE with %SHS_ERROR_UNSUPPORTED naming what the model lacks and what to do
 */
gboolean shs_explain_choose (const ShsModel *model, ShsExplainer explainer, ShsExplainer *chosen,
                             GError **error);

/** shs_explain_describe_method: (transfer full): a person's word: "Tree, exact". Translated. */
char *shs_explain_describe_method (ShsExplainer chosen);

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
