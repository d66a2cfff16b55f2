/* Trees that were added before the model's shape was known. */
#include "tree/shs-tree-builder-private.h"

#include "core/shs-error.h"
#include "tree/shs-tree-ensemble-private.h"

#include <math.h>

#define MOST_FEATURES ((gsize)G_MAXINT32 + 1)

ShsTreeBuilder *
shs_tree_builder_new_open (gsize leaf_size, ShsTreeCast cast)
{
  ShsTreeBuilder *self = shs_tree_builder_new (0, leaf_size, leaf_size, cast);

  if (self->ensemble != NULL)
    self->ensemble->n_features = MOST_FEATURES;
  self->is_open = TRUE;
  return self;
}

/* Which tree @node belongs to. */
static gsize
find_tree (const ShsTreeEnsemble *ensemble, gsize node)
{
  gsize tree = 0;

  while (ensemble->tree_first[tree + 1] <= node)
    tree++;
  return tree;
}

static gboolean
check_features (const ShsTreeEnsemble *ensemble, gsize n_features, GError **error)
{
  for (gsize node = 0; node < ensemble->n_nodes; node++)
    if (ensemble->feature[node] >= (gint64)n_features)
      {
        g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                     "Tree %" G_GSIZE_FORMAT
                     ": feature %d does not exist; the model has %" G_GSIZE_FORMAT
                     " features; the model file is damaged, save it again",
                     find_tree (ensemble, node), ensemble->feature[node], n_features);
        return FALSE;
      }
  return TRUE;
}

gboolean
shs_tree_builder_close (ShsTreeBuilder *self, gsize n_features, gsize n_outputs, GError **error)
{
  g_return_val_if_fail (self != NULL && self->is_open && n_outputs > 0, FALSE);
  if (!shs_tree_builder_check (self, error))
    return FALSE;
  g_return_val_if_fail (self->ensemble->leaf_size == 1 || self->ensemble->leaf_size == n_outputs,
                        FALSE);
  if (!check_features (self->ensemble, n_features, error)
      || !shs_tree_ensemble_set_shape (self->ensemble, n_features, n_outputs, error))
    return FALSE;
  self->is_open = FALSE;
  return TRUE;
}

static double
find_largest_leaf (const ShsTreeEnsemble *ensemble, gsize tree)
{
  double largest = 0;

  for (gsize node = ensemble->tree_first[tree]; node < ensemble->tree_first[tree + 1]; node++)
    if (ensemble->split[node] == SHS_LEAF)
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        largest = MAX (largest, fabs (shs_tree_ensemble_get_leaf (ensemble, node)[k]));
  return largest;
}

gboolean
shs_tree_builder_set_tree (ShsTreeBuilder *self, gsize tree, gsize output, double weight,
                           GError **error)
{
  ShsTreeEnsemble *ensemble;
  const char *fault = NULL;

  g_return_val_if_fail (self != NULL && self->ensemble != NULL && !self->is_open, FALSE);
  ensemble = self->ensemble;
  g_return_val_if_fail (tree < ensemble->n_trees && ensemble->linear == NULL, FALSE);
  if (output >= (ensemble->leaf_size == 1 ? ensemble->n_outputs : 1))
    fault = "it adds to an output that the model does not have";
  else if (!isfinite (weight))
    fault = "its weight is not finite";
  else if (fabs (weight) > 1 && !isfinite (weight * find_largest_leaf (ensemble, tree)))
    fault = "a leaf's value with the tree's weight is not finite";
  if (fault != NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "Tree %" G_GSIZE_FORMAT ": %s; the model file is damaged, save it again", tree,
                   fault);
      return FALSE;
    }
  ensemble->tree_output[tree] = (guint32)output;
  ensemble->tree_weight[tree] = weight;
  return TRUE;
}
