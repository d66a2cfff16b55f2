#include "tree/shs-tree-draft.h"

#include "core/shs-error.h"

#include <math.h>
#include <string.h>

#define UNREACHED G_MAXUINT32
#define PENDING (G_MAXUINT32 - 1)

static gboolean G_GNUC_PRINTF (4, 5)
    refuse_node (const ShsTreeDraft *draft, gsize node, GError **error, const char *format, ...)
{
  va_list arguments;
  g_autofree char *reason = NULL;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "Tree %" G_GSIZE_FORMAT ", node %" G_GSIZE_FORMAT
               ": %s; the model file is damaged, save it again",
               draft->number, node, reason);
  return FALSE;
}

static gboolean
reach_child (ShsTreeDraft *draft, guint32 parent, gint32 child, gsize *n_stacked, GError **error)
{
  if (child < 0 || (gsize)child >= draft->n_nodes)
    return refuse_node (draft, parent, error,
                        "child %d is outside the tree's %" G_GSIZE_FORMAT " nodes", child,
                        draft->n_nodes);
  if (draft->place[child] != UNREACHED)
    return refuse_node (draft, parent, error, "child %d is reached a second time", child);
  draft->place[child] = PENDING;
  draft->depth[child] = draft->depth[parent] + 1;
  draft->stack[(*n_stacked)++] = (guint32)child;
  return TRUE;
}

/* Depth first, left before right. Marking a node when it is stacked keeps the stack below n_nodes,
 * whatever the children say. */
gboolean
shs_tree_draft_order (ShsTreeDraft *draft, GError **error)
{
  gsize n_stacked = 1;

  memset (draft->place, 0xff, draft->n_nodes * sizeof (guint32));
  draft->stack[0] = 0;
  draft->place[0] = PENDING;
  draft->depth[0] = 0;
  while (n_stacked > 0)
    {
      guint32 node = draft->stack[--n_stacked];
      const ShsTreeNode *given = &draft->nodes[node];

      draft->place[node] = (guint32)draft->n_reached;
      draft->order[draft->n_reached++] = node;
      draft->largest_depth = MAX (draft->largest_depth, draft->depth[node]);
      if (given->split != SHS_LEAF
          && (!reach_child (draft, node, given->right, &n_stacked, error)
              || !reach_child (draft, node, given->left, &n_stacked, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_split (const ShsTreeEnsemble *ensemble, const ShsTreeDraft *draft, guint32 node,
             GError **error)
{
  const ShsTreeNode *given = &draft->nodes[node];
  gboolean takes_set = shs_tree_splits_by_set (given->split);

  if ((guint)given->split > SHS_LEAF)
    return refuse_node (draft, node, error, "split rule %d does not exist", given->split);
  if (given->feature < 0 || (gsize)given->feature >= ensemble->n_features)
    return refuse_node (draft, node, error,
                        "feature %d does not exist; the model has %" G_GSIZE_FORMAT " features",
                        given->feature, ensemble->n_features);
  if (takes_set && (given->set < 0 || (gsize)given->set >= ensemble->n_sets))
    return refuse_node (draft, node, error, "category set %d does not exist", given->set);
  if (!takes_set && isnan (given->threshold))
    return refuse_node (draft, node, error, "the threshold is not a number");
  return TRUE;
}

static gboolean
check_leaf (const ShsTreeEnsemble *ensemble, const ShsTreeDraft *draft, guint32 node,
            const double *vectors, double weight, GError **error)
{
  const double *values
      = vectors != NULL ? vectors + node * ensemble->leaf_size : &draft->nodes[node].value;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    if (!isfinite (values[k] * weight))
      return refuse_node (draft, node, error, "the leaf's value %g with weight %g is not finite",
                          values[k], weight);
  return TRUE;
}

static gboolean
check_linear (const ShsTreeEnsemble *ensemble, const ShsTreeDraft *draft, guint32 node,
              double weight, GError **error)
{
  const ShsTreeLinearLeaf *given = &draft->linear[node];

  if (!isfinite (given->constant * weight))
    return refuse_node (draft, node, error, "the leaf's constant %g with weight %g is not finite",
                        given->constant, weight);
  for (gsize i = 0; i < given->n_terms; i++)
    {
      if (given->feature[i] < 0 || (gsize)given->feature[i] >= ensemble->n_features)
        return refuse_node (draft, node, error,
                            "the leaf multiplies feature %d, which does not exist; the model has "
                            "%" G_GSIZE_FORMAT " features",
                            given->feature[i], ensemble->n_features);
      if (!isfinite (given->coefficient[i] * weight))
        return refuse_node (draft, node, error,
                            "the leaf's coefficient %g with weight %g is not finite",
                            given->coefficient[i], weight);
    }
  return TRUE;
}

gboolean
shs_tree_draft_check (ShsTreeDraft *draft, const ShsTreeEnsemble *ensemble, const double *vectors,
                      double weight, GError **error)
{
  for (gsize i = 0; i < draft->n_reached; i++)
    {
      guint32 node = draft->order[i];
      double cover = draft->nodes[node].cover;

      if (cover < 0 || isinf (cover))
        return refuse_node (draft, node, error, "the cover %g is not a weight", cover);
      draft->has_wide_covers |= !isnan (cover) && (float)cover != cover;
      draft->n_leaves += draft->nodes[node].split == SHS_LEAF;
      if (draft->nodes[node].split == SHS_LEAF
              ? !check_leaf (ensemble, draft, node, vectors, weight, error)
              : !check_split (ensemble, draft, node, error))
        return FALSE;
      if (draft->linear != NULL && draft->nodes[node].split == SHS_LEAF
          && !check_linear (ensemble, draft, node, weight, error))
        return FALSE;
    }
  return TRUE;
}
