/* Trees as a person writes them: a node holds its children. */

#include "model/exported/shs-exported-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/shs-nested-nodes.h"

#include <math.h>
#include <string.h>

#define MOST_CATEGORIES 65536

/* @first_value, @n_values: what a leaf's "value" gave, in @NestedTree.values */
typedef struct
{
  ShsTreeNode node;
  gsize first_value;
  gsize n_values;
  gboolean has_threshold;
  gboolean has_set;
} NestedNode;

/* @node: that is being read */
typedef struct
{
  ShsExported *model;
  ShsNestedNodes nodes;
  double *values;
  gsize n_values;
  gsize n_values_allocated;
  NestedNode *node;
} NestedTree;

static void
nested_tree_clear (NestedTree *self)
{
  shs_nested_nodes_clear (&self->nodes);
  shs_free (self->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NestedTree, nested_tree_clear)

static NestedNode *
present (NestedTree *tree)
{
  return tree->node;
}

static void
fail (NestedTree *tree, const char *fault)
{
  shs_document_reader_fail (tree->model->reader, SHS_ERROR_INVALID, "%s", fault);
}

/* Makes room for @n more values; FALSE when the reader has failed. */
static gboolean
reserve (NestedTree *tree, gsize n)
{
  GError *error = NULL;
  gsize more = MAX (MAX (64, tree->n_values + n), tree->n_values_allocated * 2);
  double *values;

  if (tree->n_values + n <= tree->n_values_allocated)
    return TRUE;
  values = shs_realloc (tree->values, tree->n_values, more, sizeof *values, &error);
  shs_exported_take_error (tree->model, error);
  if (values == NULL)
    return FALSE;
  tree->values = values;
  tree->n_values_allocated = more;
  return TRUE;
}

static GHashTable *
index_features (ShsExported *self)
{
  if (self->feature_index != NULL)
    return self->feature_index;
  self->feature_index = g_hash_table_new (g_str_hash, g_str_equal);
  for (gsize j = 0; j < self->parts.n_features; j++)
    g_hash_table_insert (self->feature_index, self->parts.features[j].name,
                         GUINT_TO_POINTER ((guint)j + 1));
  return self->feature_index;
}

/* By number, or, where there is no map, by name. */
static void
read_feature (ShsExported *self, gpointer data)
{
  NestedNode *node = present (data);
  const char *name;

  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_NUMBER)
    {
      node->node.feature
          = (gint32)shs_exported_read_count (self, self->n_features - 1, "a feature");
      return;
    }
  name = shs_document_reader_read_string (self->reader);
  if (name == NULL)
    return;
  node->node.feature = self->parts.map == NULL
                           ? GPOINTER_TO_INT (g_hash_table_lookup (index_features (self), name)) - 1
                           : -1;
  if (node->node.feature < 0)
    fail (data, "no feature has this name; give one of \"features\", or its number from 0");
}

static void
read_operator (ShsExported *self, gpointer data)
{
  present (data)->node.split
      = (ShsSplit)shs_exported_read_word (self, shs_exported_split_words, "operator");
}

static void
read_threshold (ShsExported *self, gpointer data)
{
  present (data)->has_threshold = TRUE;
  present (data)->node.threshold = shs_document_reader_read_number (self->reader);
}

static void
read_missing (ShsExported *self, gpointer data)
{
  static const char *const words[] = { "left", "right", NULL };

  present (data)->node.missing
      = SHS_MISSING_NAN
        | (shs_exported_read_word (self, words, "place of missing values") == 0 ? SHS_MISSING_LEFT
                                                                                : 0);
}

static gint32
read_category (NestedTree *tree)
{
  ShsExported *self = tree->model;
  gint32 feature = present (tree)->node.feature;
  const ShsColumn *column;
  const char *name;

  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_NUMBER)
    return (gint32)shs_exported_read_count (self, G_MAXINT32, "a category");
  name = shs_document_reader_read_string (self->reader);
  if (name == NULL || feature < 0 || self->parts.map != NULL)
    {
      fail (tree, "a category by name needs the node's \"feature\" before it, and no \"map\"");
      return 0;
    }
  column = &self->parts.features[feature];
  for (gsize c = 0; c < column->n_categories; c++)
    if (g_str_equal (column->categories[c], name))
      return (gint32)c;
  fail (tree, "the node's feature has no such category");
  return 0;
}

static void
read_categories (ShsExported *self, gpointer data)
{
  NestedNode *node = present (data);
  g_autofree gint32 *categories = g_new (gint32, MOST_CATEGORIES);
  gsize n = 0;

  if (node->has_set)
    fail (data, "the categories stand here twice");
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    if (n < MOST_CATEGORIES)
      categories[n++] = read_category (data);
    else
      fail (data, "there are more categories than a split can have");
  node->has_set = shs_document_reader_check (self->reader, NULL)
                  && shs_exported_add_set (self, categories, n, &node->node.set);
}

static void
read_cover (ShsExported *self, gpointer data)
{
  present (data)->node.cover = shs_exported_read_number (self);
}

static void
read_value (ShsExported *self, gpointer data)
{
  NestedTree *tree = data;
  NestedNode *node = present (tree);
  gsize n = 1;
  SHS_AUTOFREE double *list = NULL;
  double number = 0;

  if (node->n_values > 0)
    fail (tree, "the value stands here twice");
  if (shs_document_reader_peek (self->reader) == SHS_DOCUMENT_ARRAY)
    list = shs_document_reader_read_doubles (self->reader, &n);
  else
    number = shs_document_reader_read_number (self->reader);
  if (!shs_document_reader_check (self->reader, NULL) || !reserve (tree, n))
    return;
  memcpy (tree->values + tree->n_values, list != NULL ? list : &number, n * sizeof number);
  node->first_value = tree->n_values;
  node->n_values = n;
  tree->n_values += n;
}

static const ShsExportedField fields[] = {
  { "feature", read_feature }, { "operator", read_operator },     { "threshold", read_threshold },
  { "missing", read_missing }, { "categories", read_categories }, { "cover", read_cover },
  { "value", read_value }
};

static void
read_field (gpointer data, gpointer node, const char *key)
{
  NestedTree *tree = data;

  tree->node = node;
  for (gsize f = 0; f < G_N_ELEMENTS (fields); f++)
    if (g_str_equal (key, fields[f].key))
      {
        fields[f].read (tree->model, tree);
        return;
      }
  fail (tree, "this key is not known here; data/export/README.md lists those that are");
}

static const char *
find_fault (const NestedTree *tree, const NestedNode *node)
{
  gboolean takes_set
      = node->node.split == SHS_SPLIT_IN_SET || node->node.split == SHS_SPLIT_NOT_IN_SET;

  if (node->node.left < 0 && node->node.right < 0)
    return node->n_values == tree->model->leaf_size
               ? NULL
               : "a leaf needs a \"value\" (with \"vector_leaves\" one for each output)";
  if (node->node.left < 0 || node->node.right < 0)
    return "a split needs both \"left\" and \"right\"";
  if (node->node.feature < 0)
    return "a split needs a \"feature\"";
  if (takes_set ? !node->has_set : !node->has_threshold)
    return "a split needs a \"threshold\", or \"categories\" with \"in\" or \"not in\"";
  return NULL;
}

static const NestedNode *
get_node (const NestedTree *tree, gsize v)
{
  return &((const NestedNode *)tree->nodes.nodes)[v];
}

static void
check_node (const NestedTree *tree, gsize v)
{
  const char *fault = find_fault (tree, get_node (tree, v));

  if (fault != NULL)
    shs_document_reader_fail (tree->model->reader, SHS_ERROR_INVALID,
                              "node %" G_GSIZE_FORMAT " of this tree: %s", v, fault);
}

/* Children stand behind their parents, so that going backwards a parent can add up their covers. */
static void
finish_node (const NestedTree *tree, gsize v, ShsExportedNodes *result)
{
  const NestedNode *from = get_node (tree, v);
  gsize leaf_size = tree->model->leaf_size;

  result->nodes[v] = from->node;
  if (from->node.left >= 0)
    {
      if (isnan (from->node.cover))
        result->nodes[v].cover
            = result->nodes[from->node.left].cover + result->nodes[from->node.right].cover;
      return;
    }
  result->nodes[v].split = SHS_LEAF;
  result->nodes[v].value = tree->values[from->first_value];
  if (leaf_size > 1)
    memcpy (result->vectors + v * leaf_size, tree->values + from->first_value,
            leaf_size * sizeof (double));
}

/* Every leaf has its values in the file by then, so that the vectors, which inner nodes have too,
 * are at most about twice as many. */
void
shs_exported_read_root (ShsExported *self, ShsExportedNodes *result)
{
  const NestedNode blank = {
    .node
    = { .split = self->split, .feature = -1, .set = -1, .left = -1, .right = -1, .cover = NAN }
  };
  const ShsNestedKind kind
      = { "left", "right", sizeof blank, &blank, "leave one of them out", read_field };
  g_auto (NestedTree) tree = { .model = self };
  GError *error = NULL;
  gsize n_vectors;

  shs_nested_nodes_read (&tree.nodes, &kind, self->reader, &tree);
  for (gsize v = 0; v < tree.nodes.n; v++)
    check_node (&tree, v);
  if (!shs_document_reader_check (self->reader, NULL))
    return;
  if (!shs_size_multiply (tree.nodes.n, self->leaf_size, &n_vectors))
    n_vectors = G_MAXSIZE;
  result->nodes = shs_alloc (tree.nodes.n, sizeof *result->nodes, &error);
  if (result->nodes != NULL && self->leaf_size > 1)
    result->vectors = shs_alloc0 (n_vectors, sizeof *result->vectors, &error);
  shs_exported_take_error (self, error);
  for (gsize v = tree.nodes.n; shs_document_reader_check (self->reader, NULL) && v > 0; v--)
    finish_node (&tree, v - 1, result);
  result->n = tree.nodes.n;
}
