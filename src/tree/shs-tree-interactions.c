#include "tree/shs-tree-interactions.h"

#include "core/shs-error.h"
#include "tree/shs-tree-path-dependent.h"

gboolean
shs_tree_interactions (const ShsTreeEnsemble *ensemble, const ShsTreeBackground *background,
                       const ShsTreePairs *pairs, const ShsMatrix *rows,
                       const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_return_val_if_fail (ensemble != NULL && pairs != NULL && rows != NULL && values != NULL, FALSE);
  if (background == NULL)
    return shs_tree_path_dependent_run (ensemble, pairs, rows, options, values, error);
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                       "Interaction values need the path-dependent game; leave out the background");
  return FALSE;
}
