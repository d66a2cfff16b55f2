#include "tree/shs-tree-draft.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-ensemble-private.h"
#include "tree/shs-tree-linear-leaves.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

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

ALWAYS_INLINE gboolean
cover_is_right (double cover)
{
  return !(cover < 0) && !(cover > DBL_MAX);
}

ALWAYS_INLINE gboolean
leaf_is_right (double value, double weight)
{
  return fabs (value * weight) <= DBL_MAX;
}

static gboolean
refuse_child (const ShsTreeDraft *draft, gsize node, gint32 child, GError **error)
{
  if (child < 0 || (gsize)child >= draft->n_nodes)
    return refuse_node (draft, node, error,
                        "child %d is outside the tree's %" G_GSIZE_FORMAT " nodes", child,
                        draft->n_nodes);
  return refuse_node (draft, node, error, "child %d is reached a second time", child);
}

/* Says what is wrong with a node that write_nodes() does not take. */
static gboolean
refuse (const ShsTreeDraft *draft, const ShsTreeEnsemble *ensemble, gsize node, GError **error)
{
  const ShsTreeNode *given = &draft->nodes[node];

  if (!cover_is_right (given->cover))
    return refuse_node (draft, node, error, "the cover %g is not a weight", given->cover);
  if (given->split == SHS_LEAF)
    return refuse_node (draft, node, error, "the leaf's value %g with weight %g is not finite",
                        given->value, draft->weight);
  if ((guint)given->split > SHS_LEAF)
    return refuse_node (draft, node, error, "split rule %d does not exist", given->split);
  if (given->feature < 0 || (gsize)given->feature >= ensemble->n_features)
    return refuse_node (draft, node, error,
                        "feature %d does not exist; the model has %" G_GSIZE_FORMAT " features",
                        given->feature, ensemble->n_features);
  if (shs_tree_splits_by_set (given->split))
    return refuse_node (draft, node, error, "category set %d does not exist", given->set);
  return refuse_node (draft, node, error, "the threshold is not a number");
}

/* Marks a child as taken; FALSE where it cannot be. */
ALWAYS_INLINE gboolean
take_child (guint8 *is_taken, gsize n_nodes, gint32 child)
{
  gsize place = (guint32)child;

  if (G_UNLIKELY (place >= n_nodes || is_taken[place]))
    return FALSE;
  is_taken[place] = TRUE;
  return TRUE;
}

/* What stands in the column of thresholds; NaN where that is nothing. */
ALWAYS_INLINE double
get_split_number (const ShsTreeNode *given, gsize n_sets)
{
  if (G_LIKELY (!shs_tree_splits_by_set (given->split)))
    return given->threshold;
  return given->set >= 0 && (gsize)given->set < n_sets ? given->set : NAN;
}

/* Depth first, left before right. Every child is taken once, so that there are never more branches,
 * nor positions, than nodes. */
static gboolean
write_nodes (ShsTreeDraft *draft, ShsTreeEnsemble *ensemble, GError **error)
{
  const ShsTreeNode *restrict nodes = draft->nodes;
  const gsize n_nodes = draft->n_nodes;
  const guint32 first = (guint32)ensemble->n_nodes;
  const gsize n_features = MIN (ensemble->n_features, (gsize)G_MAXINT32 + 1);
  const gsize n_sets = ensemble->n_sets;
  const gboolean has_values = draft->vectors == NULL;
  const double weight = draft->weight;
  guint8 *restrict split = ensemble->split + first;
  guint8 *restrict missing = ensemble->missing + first;
  gint32 *restrict feature = ensemble->feature + first;
  double *restrict threshold = ensemble->threshold + first;
  guint32 *restrict right = ensemble->right + first;
  guint32 *restrict order = draft->order;
  guint8 *restrict is_taken = draft->is_taken;
  ShsTreeDraftBranch *restrict branches = draft->branches;
  ShsTreeDraftBranch at = { 0 };
  gsize n_branches = 0;
  guint32 largest_depth = 0;
  guint32 n = 0;

  memset (is_taken, 0, n_nodes);
  is_taken[0] = TRUE;
  while (TRUE)
    {
      const ShsTreeNode *given = &nodes[at.node];

      if (G_UNLIKELY (!cover_is_right (given->cover)))
        return refuse (draft, ensemble, at.node, error);
      order[n] = at.node;
      split[n] = (guint8)given->split;
      if (given->split != SHS_LEAF)
        {
          double number = get_split_number (given, n_sets);

          if (G_UNLIKELY ((guint)given->split > SHS_LEAF || (guint32)given->feature >= n_features
                          || isnan (number)))
            return refuse (draft, ensemble, at.node, error);
          if (!take_child (is_taken, n_nodes, given->right))
            return refuse_child (draft, at.node, given->right, error);
          if (!take_child (is_taken, n_nodes, given->left))
            return refuse_child (draft, at.node, given->left, error);
          missing[n] = (guint8)given->missing;
          feature[n] = given->feature;
          threshold[n] = number;
          at.depth++;
          branches[n_branches++] = (ShsTreeDraftBranch){ (guint32)given->right, n++, at.depth };
          at.node = (guint32)given->left;
          continue;
        }
      if (G_UNLIKELY (has_values && !leaf_is_right (given->value, weight)))
        return refuse (draft, ensemble, at.node, error);
      missing[n] = 0;
      feature[n] = -1;
      threshold[n] = given->value;
      right[n] = first + n;
      n++;
      largest_depth = MAX (largest_depth, at.depth);
      if (n_branches == 0)
        break;
      at = branches[--n_branches];
      right[at.parent] = first + n;
    }
  draft->n_reached = n;
  draft->largest_depth = largest_depth;
  return TRUE;
}

/* Tells whether a float holds every cover. */
static gboolean
write_narrow_covers (const ShsTreeDraft *draft, ShsTreeEnsemble *ensemble)
{
  float *cover = ensemble->cover + ensemble->n_nodes;
  gboolean is_cut = FALSE;

  for (gsize i = 0; i < draft->n_reached; i++)
    {
      double given = draft->nodes[draft->order[i]].cover;

      cover[i] = (float)given;
      is_cut |= islessgreater (cover[i], given);
    }
  return !is_cut;
}

static void
write_wide_covers (const ShsTreeDraft *draft, ShsTreeEnsemble *ensemble)
{
  for (gsize i = 0; i < draft->n_reached; i++)
    ensemble->wide_cover[ensemble->n_nodes + i] = draft->nodes[draft->order[i]].cover;
}

gboolean
shs_tree_draft_write (ShsTreeDraft *draft, ShsTreeEnsemble *ensemble, gsize capacity,
                      GError **error)
{
  if (!write_nodes (draft, ensemble, error))
    return FALSE;
  if (ensemble->wide_cover == NULL && write_narrow_covers (draft, ensemble))
    return TRUE;
  if (!shs_tree_ensemble_widen_covers (ensemble, capacity, error))
    return FALSE;
  write_wide_covers (draft, ensemble);
  return TRUE;
}

gsize
shs_tree_draft_count_leaves (const ShsTreeDraft *draft)
{
  return (draft->n_reached + 1) / 2;
}

static gboolean
write_vector (const ShsTreeDraft *draft, const ShsTreeEnsemble *ensemble, guint32 node,
              double *vector, GError **error)
{
  const double *given = draft->vectors + node * ensemble->leaf_size;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      vector[k] = given[k];
      if (!leaf_is_right (given[k], draft->weight))
        return refuse_node (draft, node, error, "the leaf's value %g with weight %g is not finite",
                            given[k], draft->weight);
    }
  return TRUE;
}

gboolean
shs_tree_draft_write_vectors (const ShsTreeDraft *draft, ShsTreeEnsemble *ensemble, GError **error)
{
  gsize n_leaves = ensemble->n_leaves;

  for (gsize i = 0; i < draft->n_reached; i++)
    if (ensemble->split[ensemble->n_nodes + i] == SHS_LEAF)
      {
        if (!write_vector (draft, ensemble, draft->order[i],
                           ensemble->value + n_leaves * ensemble->leaf_size, error))
          return FALSE;
        ensemble->threshold[ensemble->n_nodes + i] = (double)n_leaves++;
      }
  return TRUE;
}

static gboolean
check_linear (const ShsTreeDraft *draft, const ShsTreeEnsemble *ensemble, guint32 node,
              GError **error)
{
  const ShsTreeLinearLeaf *given = &draft->linear[node];

  if (!leaf_is_right (given->constant, draft->weight))
    return refuse_node (draft, node, error, "the leaf's constant %g with weight %g is not finite",
                        given->constant, draft->weight);
  for (gsize i = 0; i < given->n_terms; i++)
    {
      if (given->feature[i] < 0 || (gsize)given->feature[i] >= ensemble->n_features)
        return refuse_node (draft, node, error,
                            "the leaf multiplies feature %d, which does not exist; the model has "
                            "%" G_GSIZE_FORMAT " features",
                            given->feature[i], ensemble->n_features);
      if (!leaf_is_right (given->coefficient[i], draft->weight))
        return refuse_node (draft, node, error,
                            "the leaf's coefficient %g with weight %g is not finite",
                            given->coefficient[i], draft->weight);
    }
  return TRUE;
}

/* Checks the leaves, and makes room for what they multiply. */
static gboolean
reserve_linear (const ShsTreeDraft *draft, ShsTreeEnsemble *ensemble, GError **error)
{
  gsize n_terms = 0;

  for (gsize i = 0; i < draft->n_reached; i++)
    {
      guint32 node = draft->order[i];

      if (draft->nodes[node].split != SHS_LEAF)
        continue;
      if (!check_linear (draft, ensemble, node, error))
        return FALSE;
      if (!shs_size_add (n_terms, draft->linear[node].n_terms, &n_terms))
        n_terms = G_MAXSIZE;
    }
  if (ensemble->linear == NULL)
    ensemble->linear = shs_tree_linear_leaves_new ();
  return shs_tree_linear_leaves_pad (ensemble->linear, ensemble->n_nodes, error)
         && shs_tree_linear_leaves_reserve (ensemble->linear, draft->n_reached, n_terms, error);
}

/* A leaf that multiplies nothing is a constant one. */
gboolean
shs_tree_draft_write_linear (const ShsTreeDraft *draft, ShsTreeEnsemble *ensemble, GError **error)
{
  static const ShsTreeLinearLeaf none;

  if (!reserve_linear (draft, ensemble, error))
    return FALSE;
  for (gsize i = 0; i < draft->n_reached; i++)
    {
      const ShsTreeLinearLeaf *given = &draft->linear[draft->order[i]];
      gboolean is_leaf = draft->nodes[draft->order[i]].split == SHS_LEAF;

      if (is_leaf && given->n_terms == 0)
        ensemble->threshold[ensemble->n_nodes + i] = given->constant;
      shs_tree_linear_leaves_append (ensemble->linear, is_leaf ? given : &none);
    }
  return TRUE;
}
