#include "ensemble-algebra.h"

#include "shs-test.h"

#include <string.h>

/* The members of a set by bits. */
static gint32
copy_set (const ShsTreeEnsemble *from, gint32 set, ShsTreeBuilder *builder)
{
  g_autoptr (GArray) categories = g_array_new (FALSE, FALSE, sizeof (gint32));
  gsize first = from->set_first[set];
  gsize n_words = from->set_first[set + 1] - first;

  for (gsize c = 0; c < n_words * 32; c++)
    if (from->set_words[first + c / 32] >> (c % 32) & 1)
      {
        gint32 category = (gint32)c;

        g_array_append_val (categories, category);
      }
  return shs_tree_builder_add_set (builder, (const gint32 *)(gpointer)categories->data,
                                   categories->len, NULL);
}

static ShsTreeNode
copy_node (const EnsemblePart *part, gsize tree, gsize node, ShsTreeBuilder *builder)
{
  const ShsTreeEnsemble *from = part->ensemble;
  gsize first = from->tree_first[tree];
  ShsTreeNode copy = { .split = (ShsSplit)from->split[node],
                       .missing = from->missing[node],
                       .cover = from->has_cover ? shs_tree_ensemble_get_cover (from, node) : 1,
                       .set = -1 };

  if (copy.split == SHS_LEAF)
    {
      copy.value = shs_tree_ensemble_get_leaf (from, node)[0];
      return copy;
    }
  copy.feature
      = part->renamed != NULL ? (gint32)part->renamed[from->feature[node]] : from->feature[node];
  copy.threshold = from->threshold[node];
  copy.left = (gint32)(node + 1 - first);
  copy.right = (gint32)(from->right[node] - first);
  if (shs_tree_splits_by_set (copy.split))
    copy.set = copy_set (from, shs_tree_ensemble_get_set (from, node), builder);
  return copy;
}

static void
add_tree (const EnsemblePart *part, gsize tree, ShsTreeBuilder *builder)
{
  const ShsTreeEnsemble *from = part->ensemble;
  gsize first = from->tree_first[tree];
  gsize n = from->tree_first[tree + 1] - first;
  g_autofree ShsTreeNode *nodes = g_new (ShsTreeNode, n);
  g_autofree double *vectors = g_new0 (double, n * from->leaf_size);
  g_autoptr (GError) error = NULL;

  for (gsize v = 0; v < n; v++)
    {
      nodes[v] = copy_node (part, tree, first + v, builder);
      if (nodes[v].split == SHS_LEAF)
        memcpy (vectors + v * from->leaf_size, shs_tree_ensemble_get_leaf (from, first + v),
                from->leaf_size * sizeof (double));
    }
  shs_tree_builder_add_tree (builder, nodes, n, from->leaf_size > 1 ? vectors : NULL,
                             from->tree_output[tree], part->factor * from->tree_weight[tree],
                             &error);
  shs_test_assert_no_error (error);
}

ShsTreeEnsemble *
ensemble_sum (const EnsemblePart *parts, gsize n_parts, gsize n_features)
{
  const ShsTreeEnsemble *first = parts[0].ensemble;
  ShsTreeBuilder *builder
      = shs_tree_builder_new (n_features, first->n_outputs, first->leaf_size, first->cast);
  g_autofree double *base = g_new0 (double, first->n_outputs);
  g_autoptr (GError) error = NULL;
  ShsTreeEnsemble *sum;

  for (gsize p = 0; p < n_parts; p++)
    {
      for (gsize k = 0; k < first->n_outputs; k++)
        base[k] += parts[p].factor * parts[p].ensemble->base[k];
      for (gsize t = 0; t < parts[p].ensemble->n_trees; t++)
        add_tree (&parts[p], t, builder);
    }
  shs_tree_builder_set_base (builder, base);
  sum = shs_tree_builder_finish (builder, &error);
  shs_test_assert_no_error (error);
  return sum;
}
