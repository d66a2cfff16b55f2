#include "model/treelite/shs-treelite-document.h"

#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define AGAIN "; save the model again with model.serialize()"
/* Sums of hessians that were printed with few digits and read again do not add up so well. */
#define COVER_TOLERANCE 1e-5

enum
{
  NODE_LEAF,
  NODE_NUMERICAL,
  NODE_CATEGORICAL,
};

/* The columns of one tree, in the order of the file. */
typedef struct
{
  gsize n_nodes;
  ShsTreeliteArray type;
  ShsTreeliteArray left;
  ShsTreeliteArray right;
  ShsTreeliteArray feature;
  ShsTreeliteArray default_left;
  ShsTreeliteArray leaf;
  ShsTreeliteArray threshold;
  ShsTreeliteArray comparison;
  ShsTreeliteArray set_goes_right;
  ShsTreeliteArray vectors;
  ShsTreeliteArray vector_begin;
  ShsTreeliteArray vector_end;
  ShsTreeliteArray categories;
  ShsTreeliteArray category_begin;
  ShsTreeliteArray category_end;
  ShsTreeliteArray count;
  ShsTreeliteArray has_count;
  ShsTreeliteArray hessian;
  ShsTreeliteArray has_hessian;
} Columns;

static void
read_columns (ShsTreelite *self, Columns *tree)
{
  gint32 n_nodes = shs_treelite_read_int (self);

  shs_treelite_read_byte (self);
  tree->n_nodes = n_nodes > 0 ? (gsize)n_nodes : 0;
  tree->type = shs_treelite_read_array (self, 1);
  tree->left = shs_treelite_read_array (self, 4);
  tree->right = shs_treelite_read_array (self, 4);
  tree->feature = shs_treelite_read_array (self, 4);
  tree->default_left = shs_treelite_read_array (self, 1);
  tree->leaf = shs_treelite_read_array (self, self->number_size);
  tree->threshold = shs_treelite_read_array (self, self->number_size);
  tree->comparison = shs_treelite_read_array (self, 1);
  tree->set_goes_right = shs_treelite_read_array (self, 1);
  tree->vectors = shs_treelite_read_array (self, self->number_size);
  tree->vector_begin = shs_treelite_read_array (self, 8);
  tree->vector_end = shs_treelite_read_array (self, 8);
  tree->categories = shs_treelite_read_array (self, 4);
  tree->category_begin = shs_treelite_read_array (self, 8);
  tree->category_end = shs_treelite_read_array (self, 8);
  tree->count = shs_treelite_read_array (self, 8);
  tree->has_count = shs_treelite_read_array (self, 1);
  tree->hessian = shs_treelite_read_array (self, 8);
  tree->has_hessian = shs_treelite_read_array (self, 1);
  shs_treelite_read_array (self, 8);
  shs_treelite_read_array (self, 1);
  shs_treelite_skip_extensions (self);
  shs_treelite_skip_extensions (self);
}

/* Arrays that no node needs may be empty. */
static void
check_columns (ShsTreelite *self, const Columns *tree, gsize number)
{
  const ShsTreeliteArray *needed[]
      = { &tree->type,         &tree->left, &tree->right,     &tree->feature,
          &tree->default_left, &tree->leaf, &tree->threshold, &tree->comparison };
  const ShsTreeliteArray *optional[]
      = { &tree->set_goes_right, &tree->vector_begin, &tree->vector_end,
          &tree->category_begin, &tree->category_end, &tree->count,
          &tree->has_count,      &tree->hessian,      &tree->has_hessian };
  gboolean ok = tree->n_nodes > 0 && tree->count.n == tree->has_count.n
                && tree->hessian.n == tree->has_hessian.n
                && tree->vector_begin.n == tree->vector_end.n
                && tree->category_begin.n == tree->category_end.n;

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    ok = ok && needed[i]->n == tree->n_nodes;
  for (gsize i = 0; i < G_N_ELEMENTS (optional); i++)
    ok = ok && (optional[i]->n == tree->n_nodes || optional[i]->n == 0);
  if (!ok && self->error == NULL)
    shs_treelite_fail (self, SHS_ERROR_INVALID,
                       "tree %" G_GSIZE_FORMAT " has arrays of different lengths" AGAIN, number);
}

static gboolean
has_all (const ShsTreeliteArray *present, gsize n)
{
  if (present->n != n)
    return FALSE;
  for (gsize v = 0; v < n; v++)
    if (present->data[v] == 0)
      return FALSE;
  return TRUE;
}

static gboolean
adds_up (const Columns *tree)
{
  for (gsize v = 0; v < tree->n_nodes; v++)
    {
      gint32 left = shs_treelite_get_int (&tree->left, v);
      gint32 right = shs_treelite_get_int (&tree->right, v);
      double whole = shs_treelite_get_number (&tree->hessian, v);
      double parts;

      if (tree->type.data[v] == NODE_LEAF || left < 0 || right < 0 || (gsize)left >= tree->n_nodes
          || (gsize)right >= tree->n_nodes)
        continue;
      parts = shs_treelite_get_number (&tree->hessian, (gsize)left)
              + shs_treelite_get_number (&tree->hessian, (gsize)right);
      if (!(fabs (parts - whole) <= COVER_TOLERANCE * fabs (whole)))
        return FALSE;
    }
  return TRUE;
}

static void
fill_covers (const Columns *tree, ShsTreeNode *nodes)
{
  gboolean has_hessian = has_all (&tree->has_hessian, tree->n_nodes);
  gboolean has_count = has_all (&tree->has_count, tree->n_nodes);

  if (has_hessian && has_count && !adds_up (tree))
    has_hessian = FALSE;
  for (gsize v = 0; v < tree->n_nodes; v++)
    nodes[v].cover = has_hessian ? shs_treelite_get_number (&tree->hessian, v)
                     : has_count ? (double)shs_treelite_get_long (&tree->count, v)
                                 : NAN;
}

/* The part of an array that belongs to node @v; FALSE where it is outside. */
static gboolean
get_range (ShsTreelite *self, const ShsTreeliteArray *begins, const ShsTreeliteArray *ends,
           gsize limit, gsize v, gsize *first, gsize *n)
{
  guint64 begin = begins->n > 0 ? shs_treelite_get_long (begins, v) : 0;
  guint64 end = begins->n > 0 ? shs_treelite_get_long (ends, v) : 0;

  if (begin > end || end > limit)
    {
      shs_treelite_fail (self, SHS_ERROR_INVALID,
                         "node %" G_GSIZE_FORMAT " has a range outside of its array" AGAIN, v);
      return FALSE;
    }
  *first = (gsize)begin;
  *n = (gsize)(end - begin);
  return TRUE;
}

static gboolean
fill_set (ShsTreelite *self, const Columns *tree, gsize v, ShsTreeNode *node, GError **error)
{
  gsize first;
  gsize n;
  SHS_AUTOFREE gint32 *categories = NULL;

  if (!get_range (self, &tree->category_begin, &tree->category_end, tree->categories.n, v, &first,
                  &n))
    return shs_treelite_check (self, error);
  categories = shs_alloc (n, sizeof *categories, error);
  if (categories == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    categories[i] = shs_treelite_get_int (&tree->categories, first + i);
  if (!shs_treelite_check (self, error))
    return FALSE;
  node->split = tree->set_goes_right.n > 0 && tree->set_goes_right.data[v] != 0
                    ? SHS_SPLIT_NOT_IN_SET
                    : SHS_SPLIT_IN_SET;
  node->set = shs_tree_builder_add_set (self->builder, categories, n, error);
  if (node->set < 0)
    g_prefix_error (error, "%s: ", self->name);
  return node->set >= 0;
}

static gboolean
fill_split (ShsTreelite *self, const Columns *tree, gsize v, ShsTreeNode *node, GError **error)
{
  static const ShsSplit splits[]
      = { SHS_LEAF,          SHS_SPLIT_EQUAL,        SHS_SPLIT_LESS, SHS_SPLIT_LESS_EQUAL,
          SHS_SPLIT_GREATER, SHS_SPLIT_GREATER_EQUAL };
  guint8 comparison = tree->comparison.data[v];

  node->feature = shs_treelite_get_int (&tree->feature, v);
  node->left = shs_treelite_get_int (&tree->left, v);
  node->right = shs_treelite_get_int (&tree->right, v);
  node->missing = SHS_MISSING_NAN | (tree->default_left.data[v] != 0 ? SHS_MISSING_LEFT : 0);
  if (tree->type.data[v] == NODE_CATEGORICAL)
    return fill_set (self, tree, v, node, error);
  if (comparison == 0 || comparison >= G_N_ELEMENTS (splits))
    shs_treelite_fail (self, SHS_ERROR_INVALID,
                       "node %" G_GSIZE_FORMAT " compares in an unknown way" AGAIN, v);
  else
    node->split = splits[comparison];
  node->threshold = shs_treelite_get_number (&tree->threshold, v);
  return shs_treelite_check (self, error);
}

/* The share of one tree in output @k: trees of an average count once for each output they add to.
 */
static double
get_share (const ShsTreelite *self, gsize output)
{
  return self->is_average ? 1.0 / (double)MAX (self->n_parts[output], 1) : 1;
}

/* Outputs of target and class; -1 is all of them. A leaf vector is [target][class] of its shape. */
static gboolean
fill_vector (ShsTreelite *self, const Columns *tree, gsize number, gsize v, double *vector,
             double scalar)
{
  gint32 only_target = shs_treelite_get_int (&self->target_of, number);
  gint32 only_class = shs_treelite_get_int (&self->class_of, number);
  gsize width = (gsize)self->vector_shape[1];
  gsize first;
  gsize n;

  if (!get_range (self, &tree->vector_begin, &tree->vector_end, tree->vectors.n, v, &first, &n))
    return FALSE;
  if (n > 0 && n != width * (gsize)self->vector_shape[0])
    {
      shs_treelite_fail (self, SHS_ERROR_INVALID,
                         "a leaf has %" G_GSIZE_FORMAT " numbers instead of %d x %d" AGAIN, n,
                         self->vector_shape[0], self->vector_shape[1]);
      return FALSE;
    }
  for (gsize target = 0; target < self->n_targets; target++)
    for (gsize k = self->first_output[target]; k < self->first_output[target + 1]; k++)
      {
        gsize class = k - self->first_output[target];
        gsize row = self->vector_shape[0] == 1 ? 0 : target;
        gsize column = width == 1 ? 0 : class;

        if ((only_target >= 0 && (gsize)only_target != target)
            || (only_class >= 0 && (gsize)only_class != class))
          continue;
        vector[k]
            = get_share (self, k)
              * (n > 0 ? shs_treelite_get_number (&tree->vectors, first + row * width + column)
                       : scalar);
      }
  return TRUE;
}

static gboolean
fill_node (ShsTreelite *self, const Columns *tree, gsize number, gsize v, ShsTreeNode *node,
           double *vectors, GError **error)
{
  *node = (ShsTreeNode){ .split = SHS_LEAF, .set = -1, .cover = node->cover };
  if (tree->type.data[v] == NODE_NUMERICAL || tree->type.data[v] == NODE_CATEGORICAL)
    return fill_split (self, tree, v, node, error);
  if (tree->type.data[v] != NODE_LEAF)
    shs_treelite_fail (self, SHS_ERROR_INVALID, "node %" G_GSIZE_FORMAT " has type %d" AGAIN, v,
                       tree->type.data[v]);
  node->value = shs_treelite_get_number (&tree->leaf, v);
  if (vectors != NULL && self->error == NULL)
    fill_vector (self, tree, number, v, vectors + v * self->n_outputs, node->value);
  return shs_treelite_check (self, error);
}

static gboolean
add_tree (ShsTreelite *self, gsize number, const ShsTreeNode *nodes, gsize n_nodes,
          const double *vectors, GError **error)
{
  gint32 target = shs_treelite_get_int (&self->target_of, number);
  gint32 class = shs_treelite_get_int (&self->class_of, number);
  gsize output = vectors != NULL ? 0 : self->first_output[MAX (target, 0)] + (gsize)MAX (class, 0);

  if (!shs_tree_builder_add_tree (self->builder, nodes, n_nodes, vectors, output,
                                  vectors != NULL ? 1 : get_share (self, output), error))
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  return shs_progress_check (self->progress, error);
}

gboolean
shs_treelite_read_tree (ShsTreelite *self, gsize number, GError **error)
{
  Columns tree = { 0 };
  SHS_AUTOFREE ShsTreeNode *nodes = NULL;
  SHS_AUTOFREE double *vectors = NULL;
  gsize n_numbers;

  read_columns (self, &tree);
  check_columns (self, &tree, number);
  if (!shs_treelite_check (self, error))
    return FALSE;
  nodes = shs_alloc (tree.n_nodes, sizeof *nodes, error);
  if (nodes == NULL)
    return FALSE;
  if (self->has_vectors)
    {
      if (!shs_size_multiply (tree.n_nodes, self->n_outputs, &n_numbers))
        n_numbers = G_MAXSIZE;
      vectors = shs_alloc0 (n_numbers, sizeof *vectors, error);
      if (vectors == NULL)
        return FALSE;
    }
  fill_covers (&tree, nodes);
  for (gsize v = 0; v < tree.n_nodes; v++)
    if (!fill_node (self, &tree, number, v, &nodes[v], vectors, error))
      return FALSE;
  return add_tree (self, number, nodes, tree.n_nodes, vectors, error);
}
