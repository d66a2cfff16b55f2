#include "model/catboost/shs-catboost-document.h"

#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

void
shs_catboost_set_split (ShsTreeNode *node, const ShsCatboostSplit *split)
{
  node->split = split->split;
  node->missing = split->missing;
  node->feature = split->feature;
  node->threshold = split->threshold;
}

/* Children stand behind their parents, so one pass from the end sums them. A tree of which one leaf
 * has no weight has none at all. */
static void
sum_covers (ShsTreeNode *nodes, gsize n_nodes)
{
  for (gsize v = n_nodes; v-- > 0;)
    if (nodes[v].split != SHS_LEAF)
      nodes[v].cover = nodes[nodes[v].left].cover + nodes[nodes[v].right].cover;
}

gboolean
shs_catboost_add_tree (ShsCatboost *self, ShsTreeNode *nodes, gsize n_nodes, const double *vectors,
                       GError **error)
{
  gboolean is_scalar = self->n_outputs == 1;

  sum_covers (nodes, n_nodes);
  for (gsize v = 0; is_scalar && v < n_nodes; v++)
    nodes[v].value = vectors[v];
  if (!shs_tree_builder_add_tree (self->builder, nodes, n_nodes, is_scalar ? NULL : vectors, 0,
                                  self->scale, error))
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  self->n_trees++;
  return shs_progress_check (self->progress, error);
}

/* Heap order: level l, from the root, asks the split that stands l from the end, so that leaf i of
 * the file is leaf i of the last level. */
static gboolean
make_inner_nodes (const ShsCatboost *self, const ShsCatboostOblivious *tree, ShsTreeNode *nodes,
                  GError **error)
{
  for (gsize level = 0; level < tree->n_levels; level++)
    {
      gint32 number = tree->splits[tree->n_levels - 1 - level];
      const ShsCatboostSplit *split = shs_catboost_get_split (self, number, error);
      gsize first = ((gsize)1 << level) - 1;

      if (split == NULL)
        return FALSE;
      for (gsize v = first; v < 2 * first + 1; v++)
        {
          nodes[v] = (ShsTreeNode){ .set = -1,
                                    .left = (gint32)(2 * v + 1),
                                    .right = (gint32)(2 * v + 2) };
          shs_catboost_set_split (&nodes[v], split);
        }
    }
  return TRUE;
}

gboolean
shs_catboost_add_oblivious (ShsCatboost *self, const ShsCatboostOblivious *tree, GError **error)
{
  gsize n_leaves = (gsize)1 << tree->n_levels;
  gsize first_leaf = n_leaves - 1;
  gsize n_nodes = first_leaf + n_leaves;
  SHS_AUTOFREE ShsTreeNode *nodes = shs_alloc (n_nodes, sizeof *nodes, error);
  SHS_AUTOFREE double *vectors = NULL;
  gsize n_values;

  if (nodes == NULL || !make_inner_nodes (self, tree, nodes, error))
    return FALSE;
  if (!shs_size_multiply (n_nodes, self->n_outputs, &n_values))
    n_values = G_MAXSIZE;
  vectors = shs_alloc (n_values, sizeof *vectors, error);
  if (vectors == NULL)
    return FALSE;
  memset (vectors, 0, first_leaf * self->n_outputs * sizeof *vectors);
  memcpy (vectors + first_leaf * self->n_outputs, tree->values,
          n_leaves * self->n_outputs * sizeof *vectors);
  for (gsize i = 0; i < n_leaves; i++)
    nodes[first_leaf + i]
        = (ShsTreeNode){ .split = SHS_LEAF,
                         .feature = -1,
                         .set = -1,
                         .cover = tree->weights != NULL ? tree->weights[i] : NAN };
  return shs_catboost_add_tree (self, nodes, n_nodes, vectors, error);
}
