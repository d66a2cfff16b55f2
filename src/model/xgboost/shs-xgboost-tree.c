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

static const struct
{
  const char *key;
  char type;
} arrays[N_ARRAYS] = {
  [LEFT] = { "left_children", 'i' },
  [RIGHT] = { "right_children", 'i' },
  [FEATURE] = { "split_indices", 'i' },
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

/* One tree of the file after the other, in the same memory.
 * @is_there: which arrays the tree has
 * @id: -1 where it has none; @n_declared: 0 where it declares no number of nodes */
typedef struct
{
  ShsDocumentNumbers values[N_ARRAYS];
  gboolean is_there[N_ARRAYS];
  gsize n_nodes;
  gint64 id;
  gsize n_declared;
  gsize leaf_size;
  ShsTreeNode *nodes;
  gsize node_capacity;
} Tree;

static void
tree_free (Tree *tree)
{
  for (int a = 0; a < N_ARRAYS; a++)
    shs_document_numbers_clear (&tree->values[a]);
  shs_free (tree->nodes);
  g_free (tree);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tree, tree_free)

static void
read_array (ShsDocumentReader *reader, Tree *tree, Array a)
{
  tree->is_there[a] = TRUE;
  if (arrays[a].type == 'i')
    shs_document_reader_fill_integers (reader, &tree->values[a]);
  else
    shs_document_reader_fill_floats (reader, &tree->values[a]);
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

  for (int a = 0; a < N_ARRAYS; a++)
    {
      tree->is_there[a] = FALSE;
      tree->values[a].count = 0;
    }
  tree->id = -1;
  tree->n_declared = 0;
  tree->leaf_size = 1;
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
  tree->n_nodes = tree->values[LEFT].count;
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
  if (tree->values[a].count == expected)
    return TRUE;
  set_tree_invalid (self, error,
                    "has %" G_GSIZE_FORMAT " nodes, but %s has %" G_GSIZE_FORMAT
                    " entries where %" G_GSIZE_FORMAT " belong",
                    tree->n_nodes, arrays[a].key, tree->values[a].count, expected);
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
    if (tree->values[sometimes[i]].count != 0
        && !check_length (self, tree, sometimes[i], tree->n_nodes, error))
      return FALSE;
  return check_length (self, tree, CATEGORY_FIRST, tree->values[CATEGORY_NODE].count, error)
         && check_length (self, tree, CATEGORY_SIZE, tree->values[CATEGORY_NODE].count, error);
}

static gboolean
check_place (const ShsXgboost *self, const Tree *tree, GError **error)
{
  if (tree->id >= 0 && (gsize)tree->id != self->n_trees_read)
    {
      set_tree_invalid (self, error, "calls itself tree %" G_GINT64_FORMAT, tree->id);
      return FALSE;
    }
  if (tree->leaf_size > SHS_XGBOOST_MAX_OUTPUTS)
    {
      set_tree_invalid (self, error,
                        "has %" G_GSIZE_FORMAT " values per leaf; at most %d can be opened",
                        tree->leaf_size, SHS_XGBOOST_MAX_OUTPUTS);
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

/* What is no leaf's or no split's own is ignored there. Without branches: leaves come in no order
 * that a processor could foresee. */
static void
fill_nodes (const Tree *tree, ShsTreeNode *nodes)
{
  static const float no_cover = NAN;
  static const gint32 no_type = 0;
  gsize cover_step = tree->values[COVER].count != 0;
  gsize type_step = tree->values[SPLIT_TYPE].count != 0;
  const float *cover = cover_step ? tree->values[COVER].floats : &no_cover;
  const gint32 *type = type_step ? tree->values[SPLIT_TYPE].integers : &no_type;
  const gint32 *left = tree->values[LEFT].integers;
  const gint32 *right = tree->values[RIGHT].integers;
  const gint32 *feature = tree->values[FEATURE].integers;
  const gint32 *default_left = tree->values[DEFAULT_LEFT].integers;
  const float *condition = tree->values[CONDITION].floats;

  for (gsize v = 0; v < tree->n_nodes; v++)
    {
      ShsSplit split = type[v * type_step] == 1 ? SHS_SPLIT_NOT_IN_SET : SHS_SPLIT_LESS;

      nodes[v] = (ShsTreeNode){
        .split = left[v] == -1 ? SHS_LEAF : split,
        .missing = SHS_MISSING_NAN | (default_left[v] != 0 ? SHS_MISSING_LEFT : 0),
        .feature = feature[v],
        .threshold = condition[v],
        .set = -1,
        .left = left[v],
        .right = right[v],
        .cover = cover[v * cover_step],
        .value = condition[v],
      };
    }
}

static gboolean
add_set (ShsXgboost *self, Tree *tree, gsize k, gsize *n_used, GError **error)
{
  ShsTreeNode *nodes = tree->nodes;
  gint32 v = tree->values[CATEGORY_NODE].integers[k];
  gint32 first = tree->values[CATEGORY_FIRST].integers[k];
  gint32 size = tree->values[CATEGORY_SIZE].integers[k];
  gsize n_categories = tree->values[CATEGORY].count;
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
  return TRUE;
}

static gboolean
make_nodes (ShsXgboost *self, Tree *tree, GError **error)
{
  gsize n_used = 0;

  if (tree->n_nodes > tree->node_capacity)
    {
      ShsTreeNode *nodes = shs_alloc (tree->n_nodes, sizeof *nodes, error);

      if (nodes == NULL)
        return FALSE;
      shs_free (tree->nodes);
      tree->nodes = nodes;
      tree->node_capacity = tree->n_nodes;
    }
  fill_nodes (tree, tree->nodes);
  for (gsize k = 0; k < tree->values[CATEGORY_NODE].count; k++)
    if (!add_set (self, tree, k, &n_used, error))
      return FALSE;
  return TRUE;
}

/* Up to 3.1 base_weights holds the leaf vectors, from 3.2 on leaf_weights does, and the right
 * child of a leaf says which row of it. A row that does not exist becomes NaN, which the builder
 * refuses should the leaf be reached. */
static double *
make_vectors (const ShsXgboost *self, const Tree *tree, GError **error)
{
  gboolean has_rows = tree->is_there[LEAF_WEIGHT];
  Array from = has_rows ? LEAF_WEIGHT : BASE_WEIGHT;
  gsize n_rows = tree->values[from].count / tree->leaf_size;
  SHS_AUTOFREE double *vectors = NULL;
  gsize n_values;

  if (!shs_size_multiply (tree->n_nodes, tree->leaf_size, &n_values)
      || tree->values[from].count % tree->leaf_size != 0)
    n_values = G_MAXSIZE;
  if ((!has_rows && tree->values[from].count != n_values) || n_values == G_MAXSIZE)
    {
      set_tree_invalid (self, error,
                        "has %" G_GSIZE_FORMAT " numbers in %s for %" G_GSIZE_FORMAT
                        " nodes and %" G_GSIZE_FORMAT " values per leaf",
                        tree->values[from].count, arrays[from].key, tree->n_nodes, tree->leaf_size);
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

static void
start_builder (ShsXgboost *self, gsize leaf_size)
{
  self->leaf_size = leaf_size;
  self->builder = shs_tree_builder_new_open (leaf_size, SHS_TREE_CAST_FLOAT);
  shs_tree_builder_set_file_size (self->builder, self->file_size);
}

static gboolean
add_tree (ShsXgboost *self, Tree *tree, GError **error)
{
  SHS_AUTOFREE double *vectors = NULL;

  if (!make_nodes (self, tree, error))
    return FALSE;
  if (tree->leaf_size > 1 && (vectors = make_vectors (self, tree, error)) == NULL)
    return FALSE;
  if (shs_tree_builder_add_tree (self->builder, tree->nodes, tree->n_nodes, vectors, 0, 1, error))
    return TRUE;
  g_prefix_error (error, "%s: ", self->name);
  return FALSE;
}

static void
read_next_tree (ShsXgboost *self, Tree *tree, GError **error)
{
  read_tree (self->reader, tree);
  if (!shs_document_reader_check (self->reader, error) || !check_lengths (self, tree, error)
      || !check_place (self, tree, error))
    return;
  if (self->builder == NULL)
    start_builder (self, tree->leaf_size);
  if (!add_tree (self, tree, error))
    return;
  self->n_trees_read++;
  shs_tree_builder_set_bytes_read (self->builder, shs_document_reader_get_offset (self->reader));
}

static void
report_progress (ShsXgboost *self, gsize *reported)
{
  gsize offset = shs_document_reader_get_offset (self->reader);

  shs_progress_add (self->progress, offset - *reported);
  *reported = offset;
}

void
shs_xgboost_read_trees (ShsXgboost *self)
{
  g_autoptr (Tree) tree = g_new0 (Tree, 1);
  gsize reported = 0;

  if (self->has_trees)
    {
      shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "this stands here a second time");
      return;
    }
  self->has_trees = TRUE;
  shs_document_reader_begin_array (self->reader);
  while (self->problem == NULL && shs_document_reader_next_element (self->reader))
    {
      read_next_tree (self, tree, &self->problem);
      if (self->problem == NULL)
        shs_progress_check (self->progress, &self->problem);
      report_progress (self, &reported);
    }
  if (self->problem != NULL)
    shs_document_reader_fail (self->reader, self->problem->code, "%s", self->problem->message);
}

static gboolean
place_tree (ShsXgboost *self, gsize t, GError **error)
{
  double weight = t < self->n_weight_drop ? self->weight_drop[t] : 1;
  gsize output = self->leaf_size > 1 ? 0 : (gsize)(gint64)self->tree_info[t];

  if (output >= self->n_outputs || !isfinite (weight))
    {
      shs_xgboost_set_invalid (self, error,
                               "learner.gradient_booster.model.trees[%" G_GSIZE_FORMAT
                               "] belongs to output %d of %" G_GSIZE_FORMAT " with weight %g",
                               t, self->tree_info[t], self->n_outputs, weight);
      return FALSE;
    }
  return shs_tree_builder_set_tree (self->builder, t, output, weight, error);
}

static gboolean
check_trees (const ShsXgboost *self, GError **error)
{
  if (self->n_trees_read != self->n_trees)
    {
      shs_xgboost_set_invalid (self, error,
                               "learner.gradient_booster.model has %" G_GSIZE_FORMAT
                               " trees, but tree_info speaks of %" G_GSIZE_FORMAT,
                               self->n_trees_read, self->n_trees);
      return FALSE;
    }
  if (self->leaf_size > 1 && self->leaf_size != self->n_outputs)
    {
      shs_xgboost_set_invalid (self, error,
                               "its trees have %" G_GSIZE_FORMAT
                               " values per leaf for %" G_GSIZE_FORMAT " outputs",
                               self->leaf_size, self->n_outputs);
      return FALSE;
    }
  return TRUE;
}

gboolean
shs_xgboost_finish_trees (ShsXgboost *self, GError **error)
{
  SHS_AUTOFREE double *base = NULL;

  if (!check_trees (self, error))
    return FALSE;
  if (self->builder == NULL)
    start_builder (self, 1);
  base = shs_xgboost_make_base (self, error);
  if (base == NULL)
    return FALSE;
  if (!shs_tree_builder_close (self->builder, self->n_features, self->n_outputs, error))
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  shs_tree_builder_set_base (self->builder, base);
  for (gsize t = 0; t < self->n_trees; t++)
    if (!place_tree (self, t, error))
      return FALSE;
  return self->map == NULL || shs_feature_map_set_players (self->map, self->builder, error);
}
