#include "model/catboost/shs-catboost-binary.h"

#include "core/shs-memory.h"
#include "io/shs-bytes.h"

#include <math.h>
#include <string.h>

#define RELEASE_STEP (2u << 20) /* bytes of a vector */

/* All trees' arrays, and how far they were read. */
typedef struct
{
  ShsFlatVector splits;
  ShsFlatVector sizes;
  ShsFlatVector values;
  ShsFlatVector weights;
  ShsFlatVector steps; /* two numbers of 16 bits a node: how far behind it its children stand */
  ShsFlatVector leaf_of_node;
  gsize next_split;
  gsize next_leaf;
  gsize released_leaf;
} Arrays;

static gboolean
fail (const ShsCatboost *self, const char *what, GError **error)
{
  shs_catboost_set_invalid (self, error, "tree %" G_GSIZE_FORMAT " %s", self->n_trees, what);
  return FALSE;
}

static void
release_numbers (const ShsCatboost *self, const ShsFlatVector *vector, gsize first, gsize end)
{
  const guint8 *begin = g_bytes_get_data (self->bytes, NULL);

  if (vector->n > 0)
    shs_bytes_release (self->bytes, (gsize)(vector->data - begin) + first * sizeof (double),
                       (end - first) * sizeof (double));
}

/* The leaves of oblivious trees follow each other, so that those behind may go. */
static void
release_leaves (const ShsCatboost *self, Arrays *arrays)
{
  gsize first = arrays->released_leaf;

  if ((arrays->next_leaf - first) * sizeof (double) < RELEASE_STEP)
    return;
  release_numbers (self, &arrays->values, first * self->n_outputs,
                   arrays->next_leaf * self->n_outputs);
  release_numbers (self, &arrays->weights, first, arrays->next_leaf);
  arrays->released_leaf = arrays->next_leaf;
}

static gboolean
read_oblivious (ShsCatboost *self, Arrays *arrays, gsize n_levels, GError **error)
{
  gint32 splits[SHS_CATBOOST_MAX_DEPTH];
  gsize n_leaves = n_levels <= SHS_CATBOOST_MAX_DEPTH ? (gsize)1 << n_levels : 0;
  gsize first_value = arrays->next_leaf * self->n_outputs;
  SHS_AUTOFREE double *values = NULL;
  double *weights = NULL;

  if (n_leaves == 0 || n_levels > arrays->splits.n - arrays->next_split)
    return fail (self, "is too deep, or its splits are missing", error);
  if (n_leaves * self->n_outputs > arrays->values.n - first_value
      || (arrays->weights.n > 0 && n_leaves > arrays->weights.n - arrays->next_leaf))
    return fail (self, "has no complete leaves", error);
  values = shs_alloc (n_leaves * (self->n_outputs + 1), sizeof *values, error);
  if (values == NULL)
    return FALSE;
  for (gsize level = 0; level < n_levels; level++)
    splits[level] = (gint32)shs_flat_vector_u32 (&arrays->splits, arrays->next_split + level);
  for (gsize i = 0; i < n_leaves * self->n_outputs; i++)
    values[i] = shs_flat_vector_double (&arrays->values, first_value + i);
  if (arrays->weights.n > 0)
    weights = values + n_leaves * self->n_outputs;
  for (gsize i = 0; weights != NULL && i < n_leaves; i++)
    weights[i] = shs_flat_vector_double (&arrays->weights, arrays->next_leaf + i);
  arrays->next_split += n_levels;
  arrays->next_leaf += n_leaves;
  release_leaves (self, arrays);
  return shs_catboost_add_oblivious (
      self, &(ShsCatboostOblivious){ splits, n_levels, values, weights }, error);
}

/* Leaf of node @place of all nodes: its values to @vector. */
static gboolean
make_leaf (const ShsCatboost *self, const Arrays *arrays, gsize place, ShsTreeNode *node,
           double *vector, GError **error)
{
  gsize first = shs_flat_vector_u32 (&arrays->leaf_of_node, place);
  gsize leaf = first / self->n_outputs;

  if (first + self->n_outputs > arrays->values.n
      || (arrays->weights.n > 0 && leaf >= arrays->weights.n))
    return fail (self, "has a leaf without values", error);
  *node = (ShsTreeNode){ .split = SHS_LEAF,
                         .feature = -1,
                         .set = -1,
                         .cover = arrays->weights.n > 0
                                      ? shs_flat_vector_double (&arrays->weights, leaf)
                                      : NAN };
  for (gsize k = 0; k < self->n_outputs; k++)
    vector[k] = shs_flat_vector_double (&arrays->values, first + k);
  return TRUE;
}

/* A child at no distance is a leaf, kept with its parent; it gets a node of its own at the end. */
static gint32
take_child (gsize node, guint distance, gsize *n_nodes)
{
  return distance > 0 ? (gint32)(node + distance) : (gint32)(*n_nodes)++;
}

static gboolean
make_node (const ShsCatboost *self, const Arrays *arrays, gsize node, ShsTreeNode *nodes,
           double *vectors, gsize *n_nodes, GError **error)
{
  gsize place = arrays->next_split + node;
  guint left = shs_flat_vector_u16 (&arrays->steps, 2 * place);
  guint right = shs_flat_vector_u16 (&arrays->steps, 2 * place + 1);
  const ShsCatboostSplit *split;
  gsize first_own = *n_nodes;

  if (left == 0 && right == 0)
    return make_leaf (self, arrays, place, &nodes[node], vectors + node * self->n_outputs, error);
  split
      = shs_catboost_get_split (self, (gint32)shs_flat_vector_u32 (&arrays->splits, place), error);
  if (split == NULL)
    return FALSE;
  nodes[node] = (ShsTreeNode){ .set = -1 };
  shs_catboost_set_split (&nodes[node], split);
  nodes[node].left = take_child (node, left, n_nodes);
  nodes[node].right = take_child (node, right, n_nodes);
  return *n_nodes == first_own
         || make_leaf (self, arrays, place, &nodes[first_own],
                       vectors + first_own * self->n_outputs, error);
}

static gboolean
read_nested (ShsCatboost *self, Arrays *arrays, gsize size, GError **error)
{
  SHS_AUTOFREE ShsTreeNode *nodes = NULL;
  SHS_AUTOFREE double *vectors = NULL;
  gsize n_nodes = size;
  gsize n_numbers;

  if (size == 0 || size > arrays->splits.n - arrays->next_split)
    return fail (self, "has no nodes, or their splits are missing", error);
  /* At least every second node has values. */
  if (!shs_size_multiply (2 * size, self->n_outputs, &n_numbers)
      || n_numbers / 4 > arrays->values.n)
    return fail (self, "has more nodes than the leaf values are for", error);
  nodes = shs_alloc (2 * size, sizeof *nodes, error);
  if (nodes == NULL)
    return FALSE;
  vectors = shs_alloc0 (n_numbers, sizeof *vectors, error);
  if (vectors == NULL)
    return FALSE;
  for (gsize v = 0; v < size; v++)
    if (!make_node (self, arrays, v, nodes, vectors, &n_nodes, error))
      return FALSE;
  for (gsize v = 0; v < size; v++)
    if (nodes[v].split != SHS_LEAF
        && ((gsize)nodes[v].left >= n_nodes || (gsize)nodes[v].right >= n_nodes))
      return fail (self, "has a node with a child outside it", error);
  arrays->next_split += size;
  return shs_catboost_add_tree (self, nodes, n_nodes, vectors, error);
}

/* An oblivious tree has 2 nodes for each of its leaves, but one; each leaf is in the file. */
static gboolean
reserve_nodes (ShsCatboost *self, const Arrays *arrays, GError **error)
{
  gsize n_leaves = arrays->values.n / self->n_outputs;

  return shs_tree_builder_reserve (self->builder, 2 * n_leaves - MIN (arrays->sizes.n, n_leaves),
                                   error);
}

gboolean
shs_catboost_read_trees (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *trees,
                         GError **error)
{
  Arrays arrays = {
    .splits = shs_flat_get_vector (buffer, trees, SHS_CBM_SPLITS, 4),
    .sizes = shs_flat_get_vector (buffer, trees, SHS_CBM_SIZES, 4),
    .values = shs_flat_get_vector (buffer, trees, SHS_CBM_LEAF_VALUES, 8),
    .weights = shs_flat_get_vector (buffer, trees, SHS_CBM_LEAF_WEIGHTS, 8),
    .steps = shs_flat_get_vector (buffer, trees, SHS_CBM_STEPS, 4),
    .leaf_of_node = shs_flat_get_vector (buffer, trees, SHS_CBM_LEAF_OF_NODE, 4),
  };
  gint32 n_outputs = shs_flat_get_int32 (buffer, trees, SHS_CBM_DIMENSION, 0);
  gboolean is_nested = arrays.steps.n > 0;

  if (is_nested && (arrays.steps.n != arrays.splits.n || arrays.leaf_of_node.n != arrays.splits.n))
    shs_flatbuffer_fail (buffer, "the lists of nodes differ in length");
  if (!shs_flatbuffer_check (buffer, error)
      || !shs_catboost_start_trees (self, (gsize)MAX (n_outputs, 0), error)
      || !reserve_nodes (self, &arrays, error))
    return FALSE;
  for (gsize t = 0; t < arrays.sizes.n; t++)
    {
      gsize size = shs_flat_vector_u32 (&arrays.sizes, t);

      if (is_nested ? !read_nested (self, &arrays, size, error)
                    : !read_oblivious (self, &arrays, size, error))
        return FALSE;
      shs_progress_add (self->progress, g_bytes_get_size (self->bytes) / arrays.sizes.n);
    }
  return TRUE;
}
