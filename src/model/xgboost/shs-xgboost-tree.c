#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

/* A tree of the file is a handful of arrays beside each other. */
typedef enum
{
  LEFT,
  RIGHT,
  FEATURE,
  CONDITION,
  DEFAULT_LEFT,
  COVER,
  SPLIT_TYPE,
  BASE_WEIGHT,
  LEAF_WEIGHT,
  CATEGORY,
  CATEGORY_NODE,
  CATEGORY_FIRST,
  CATEGORY_SIZE,
  N_ARRAYS,
} Array;

/* 'd': pruned nodes have feature indices beyond int32. */
static const struct
{
  const char *key;
  char type;
} arrays[N_ARRAYS] = {
  [LEFT] = { "left_children", 'i' },
  [RIGHT] = { "right_children", 'i' },
  [FEATURE] = { "split_indices", 'd' },
  [CONDITION] = { "split_conditions", 'f' },
  [DEFAULT_LEFT] = { "default_left", 'i' },
  [COVER] = { "sum_hessian", 'f' },
  [SPLIT_TYPE] = { "split_type", 'i' },
  [BASE_WEIGHT] = { "base_weights", 'f' },
  [LEAF_WEIGHT] = { "leaf_weights", 'f' },
  [CATEGORY] = { "categories", 'i' },
  [CATEGORY_NODE] = { "categories_nodes", 'i' },
  [CATEGORY_FIRST] = { "categories_segments", 'i' },
  [CATEGORY_SIZE] = { "categories_sizes", 'i' },
};

typedef struct
{
  union
  {
    gpointer any;
    gint32 *integers;
    float *floats;
    double *doubles;
  } values[N_ARRAYS];
  gsize count[N_ARRAYS];
  gsize n_nodes;
  gint64 id;
  gsize n_declared;
  gsize leaf_size;
} Tree;

static void
tree_clear (Tree *tree)
{
  for (int a = 0; a < N_ARRAYS; a++)
    shs_free (tree->values[a].any);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Tree, tree_clear)

static void
read_array (ShsDocumentReader *reader, Tree *tree, Array a)
{
  shs_free (g_steal_pointer (&tree->values[a].any));
  tree->count[a] = 0;
  if (arrays[a].type == 'i')
    tree->values[a].integers = shs_document_reader_read_integers (reader, &tree->count[a]);
  else if (arrays[a].type == 'f')
    tree->values[a].floats = shs_document_reader_read_floats (reader, &tree->count[a]);
  else
    tree->values[a].doubles = shs_document_reader_read_doubles (reader, &tree->count[a]);
}

static gsize
read_size (ShsDocumentReader *reader)
{
  const char *text;
  double value = 0;

  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_NUMBER)
    value = shs_document_reader_read_number (reader);
  else if ((text = shs_document_reader_read_string (reader)) != NULL
           && !shs_number_parse (text, text + strlen (text), &value))
    value = -1;
  if (value >= 0 && value <= G_MAXINT32 && value == (gsize)value)
    return (gsize)value;
  shs_document_reader_fail (reader, SHS_ERROR_INVALID, "a whole number should stand here");
  return 0;
}

static void
read_tree_param (ShsDocumentReader *reader, Tree *tree)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "num_nodes"))
      tree->n_declared = read_size (reader);
    else if (g_str_equal (key, "size_leaf_vector"))
      tree->leaf_size = read_size (reader);
    else
      shs_document_reader_skip (reader);
}

static int
find_array (const char *key)
{
  for (int a = 0; a < N_ARRAYS; a++)
    if (g_str_equal (key, arrays[a].key))
      return a;
  return -1;
}

static void
read_tree (ShsDocumentReader *reader, Tree *tree)
{
  const char *key;

  *tree = (Tree){ .id = -1, .leaf_size = 1 };
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    {
      int a = find_array (key);

      if (a >= 0)
        read_array (reader, tree, (Array)a);
      else if (g_str_equal (key, "id"))
        tree->id = shs_document_reader_read_integer (reader);
      else if (g_str_equal (key, "tree_param"))
        read_tree_param (reader, tree);
      else
        shs_document_reader_skip (reader);
    }
  tree->n_nodes = tree->count[LEFT];
  tree->leaf_size = MAX (1, tree->leaf_size); /* 0 in the oldest files */
}

static void
set_tree_invalid (const ShsXgboost *self, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  shs_xgboost_set_invalid (self, error,
                           "learner.gradient_booster.model.trees[%" G_GSIZE_FORMAT "] %s",
                           self->n_trees_read, what);
}

static gboolean
check_length (const ShsXgboost *self, const Tree *tree, Array a, gsize expected, GError **error)
{
  if (tree->count[a] == expected)
    return TRUE;
  set_tree_invalid (self, error,
                    "has %" G_GSIZE_FORMAT " nodes, but %s has %" G_GSIZE_FORMAT
                    " entries where %" G_GSIZE_FORMAT " belong",
                    tree->n_nodes, arrays[a].key, tree->count[a], expected);
  return FALSE;
}

static gboolean
check_lengths (const ShsXgboost *self, const Tree *tree, GError **error)
{
  static const Array always[] = { RIGHT, FEATURE, CONDITION, DEFAULT_LEFT };
  static const Array sometimes[] = { COVER, SPLIT_TYPE };

  if (tree->n_nodes == 0 || (tree->n_declared != 0 && tree->n_declared != tree->n_nodes))
    {
      set_tree_invalid (self, error, "declares %" G_GSIZE_FORMAT " nodes and has %" G_GSIZE_FORMAT,
                        tree->n_declared, tree->n_nodes);
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (always); i++)
    if (!check_length (self, tree, always[i], tree->n_nodes, error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (sometimes); i++)
    if (tree->count[sometimes[i]] != 0
        && !check_length (self, tree, sometimes[i], tree->n_nodes, error))
      return FALSE;
  return check_length (self, tree, CATEGORY_FIRST, tree->count[CATEGORY_NODE], error)
         && check_length (self, tree, CATEGORY_SIZE, tree->count[CATEGORY_NODE], error);
}

static gboolean
check_place (const ShsXgboost *self, const Tree *tree, GError **error)
{
  if (tree->id >= 0 && (gsize)tree->id != self->n_trees_read)
    {
      set_tree_invalid (self, error, "calls itself tree %" G_GINT64_FORMAT, tree->id);
      return FALSE;
    }
  if (tree->leaf_size > 1 && tree->leaf_size != self->n_outputs)
    {
      set_tree_invalid (self, error,
                        "has %" G_GSIZE_FORMAT " values per leaf for %" G_GSIZE_FORMAT " outputs",
                        tree->leaf_size, self->n_outputs);
      return FALSE;
    }
  if (self->builder != NULL && tree->leaf_size != self->leaf_size)
    {
      set_tree_invalid (self, error,
                        "has %" G_GSIZE_FORMAT
                        " values per leaf, the trees before it %" G_GSIZE_FORMAT,
                        tree->leaf_size, self->leaf_size);
      return FALSE;
    }
  return TRUE;
}

static ShsTreeNode
make_node (const Tree *tree, gsize v)
{
  ShsTreeNode node = { .split = SHS_LEAF, .left = -1, .right = -1, .feature = -1, .set = -1 };
  double feature = tree->values[FEATURE].doubles[v];

  node.cover = tree->count[COVER] != 0 ? tree->values[COVER].floats[v] : NAN;
  if (tree->values[LEFT].integers[v] == -1)
    {
      node.value = tree->leaf_size == 1 ? tree->values[CONDITION].floats[v] : 0;
      return node;
    }
  node.split = tree->count[SPLIT_TYPE] != 0 && tree->values[SPLIT_TYPE].integers[v] == 1
                   ? SHS_SPLIT_NOT_IN_SET
                   : SHS_SPLIT_LESS;
  node.missing
      = SHS_MISSING_NAN | (tree->values[DEFAULT_LEFT].integers[v] != 0 ? SHS_MISSING_LEFT : 0);
  node.left = tree->values[LEFT].integers[v];
  node.right = tree->values[RIGHT].integers[v];
  node.threshold = tree->values[CONDITION].floats[v];
  if (feature >= 0 && feature <= G_MAXINT32 && feature == (gint32)feature)
    node.feature = (gint32)feature;
  return node;
}

static gboolean
add_set (ShsXgboost *self, const Tree *tree, gsize k, gsize *n_used, ShsTreeNode *nodes,
         GError **error)
{
  gint32 v = tree->values[CATEGORY_NODE].integers[k];
  gint32 first = tree->values[CATEGORY_FIRST].integers[k];
  gint32 size = tree->values[CATEGORY_SIZE].integers[k];
  gsize n_categories = tree->count[CATEGORY];
  const gint32 *categories = tree->values[CATEGORY].integers;

  /* Segments do not overlap, so their sizes together cannot pass the number of categories. */
  *n_used += size >= 0 ? (gsize)size : 0;
  if (v < 0 || (gsize)v >= tree->n_nodes || first < 0 || size < 0 || *n_used > n_categories
      || (gsize)first + (gsize)size > n_categories)
    {
      set_tree_invalid (self, error,
                        "has wrong categories_nodes, _segments or _sizes at entry %" G_GSIZE_FORMAT,
                        k);
      return FALSE;
    }
  if (nodes[v].split != SHS_SPLIT_NOT_IN_SET)
    return TRUE;
  nodes[v].set = shs_tree_builder_add_set (self->builder, categories + first, (gsize)size, error);
  if (nodes[v].set < 0)
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  if (nodes[v].feature >= 0 && (gsize)nodes[v].feature < self->n_features)
    self->is_category[nodes[v].feature] = 1;
  return TRUE;
}

static ShsTreeNode *
make_nodes (ShsXgboost *self, const Tree *tree, GError **error)
{
  SHS_AUTOFREE ShsTreeNode *nodes = shs_alloc (tree->n_nodes, sizeof *nodes, error);
  gsize n_used = 0;

  if (nodes == NULL)
    return NULL;
  for (gsize v = 0; v < tree->n_nodes; v++)
    nodes[v] = make_node (tree, v);
  for (gsize k = 0; k < tree->count[CATEGORY_NODE]; k++)
    if (!add_set (self, tree, k, &n_used, nodes, error))
      return NULL;
  return g_steal_pointer (&nodes);
}

/* Up to 3.1 base_weights holds the leaf vectors, from 3.2 on leaf_weights does, and the right
 * child of a leaf says which row of it. A row that does not exist becomes NaN, which the builder
 * refuses should the leaf be reached. */
static double *
make_vectors (const ShsXgboost *self, const Tree *tree, GError **error)
{
  gboolean has_rows = tree->values[LEAF_WEIGHT].any != NULL;
  Array from = has_rows ? LEAF_WEIGHT : BASE_WEIGHT;
  gsize n_rows = tree->count[from] / tree->leaf_size;
  SHS_AUTOFREE double *vectors = NULL;
  gsize n_values;

  if (!shs_size_multiply (tree->n_nodes, tree->leaf_size, &n_values)
      || tree->count[from] % tree->leaf_size != 0)
    n_values = G_MAXSIZE;
  if ((!has_rows && tree->count[from] != n_values) || n_values == G_MAXSIZE)
    {
      set_tree_invalid (self, error,
                        "has %" G_GSIZE_FORMAT " numbers in %s for %" G_GSIZE_FORMAT " nodes",
                        tree->count[from], arrays[from].key, tree->n_nodes);
      return NULL;
    }
  vectors = shs_alloc (n_values, sizeof *vectors, error);
  for (gsize v = 0; vectors != NULL && v < tree->n_nodes; v++)
    {
      gsize row = has_rows ? (gsize)(gint64)tree->values[RIGHT].integers[v] : v;
      gboolean is_leaf = tree->values[LEFT].integers[v] == -1;

      for (gsize k = 0; k < tree->leaf_size; k++)
        if (!is_leaf)
          vectors[v * tree->leaf_size + k] = 0;
        else
          vectors[v * tree->leaf_size + k]
              = row < n_rows ? tree->values[from].floats[row * tree->leaf_size + k] : NAN;
    }
  return g_steal_pointer (&vectors);
}

gboolean
shs_xgboost_start_builder (ShsXgboost *self, gsize leaf_size, GError **error)
{
  SHS_AUTOFREE double *base = shs_xgboost_make_base (self, error);

  if (base == NULL)
    return FALSE;
  self->is_category = shs_alloc0 (self->n_features, 1, error);
  if (self->is_category == NULL)
    return FALSE;
  self->leaf_size = leaf_size;
  self->builder = shs_tree_builder_new (self->n_features, self->n_outputs, self->leaf_size,
                                        SHS_TREE_CAST_FLOAT);
  shs_tree_builder_set_file_size (self->builder, self->file_size);
  shs_tree_builder_set_base (self->builder, base);
  return self->map == NULL || shs_feature_map_set_players (self->map, self->builder, error);
}

static gboolean
add_tree (ShsXgboost *self, const Tree *tree, GError **error)
{
  gsize t = self->n_trees_read;
  double weight = t < self->n_weight_drop ? self->weight_drop[t] : 1;
  gsize output = tree->leaf_size > 1 ? 0 : (gsize)(gint64)self->tree_info[t];
  SHS_AUTOFREE ShsTreeNode *nodes = NULL;
  SHS_AUTOFREE double *vectors = NULL;

  if (output >= self->n_outputs || !isfinite (weight))
    {
      set_tree_invalid (self, error, "belongs to output %d of %" G_GSIZE_FORMAT " with weight %g",
                        self->tree_info[t], self->n_outputs, weight);
      return FALSE;
    }
  nodes = make_nodes (self, tree, error);
  if (nodes == NULL)
    return FALSE;
  if (tree->leaf_size > 1 && (vectors = make_vectors (self, tree, error)) == NULL)
    return FALSE;
  if (shs_tree_builder_add_tree (self->builder, nodes, tree->n_nodes, vectors, output, weight,
                                 error))
    return TRUE;
  g_prefix_error (error, "%s: ", self->name);
  return FALSE;
}

void
shs_xgboost_read_tree (ShsXgboost *self, GError **error)
{
  g_auto (Tree) tree = { 0 };

  read_tree (self->reader, &tree);
  if (!shs_document_reader_check (self->reader, error))
    return;
  if (self->n_trees_read >= self->n_trees)
    {
      set_tree_invalid (self, error, "has no entry in tree_info");
      return;
    }
  if (!check_lengths (self, &tree, error) || !check_place (self, &tree, error))
    return;
  if (self->builder == NULL && !shs_xgboost_start_builder (self, tree.leaf_size, error))
    return;
  if (add_tree (self, &tree, error))
    self->n_trees_read++;
}
