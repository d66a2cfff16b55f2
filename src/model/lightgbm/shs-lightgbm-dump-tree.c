#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "model/shs-nested-nodes.h"

#include <math.h>
#include <string.h>

/* What a node of a dump says, before it is known whether it is a leaf. */
typedef struct
{
  ShsTreeNode node;
  double threshold;
  gint32 *categories;
  gsize n_categories;
  gboolean has_categories;
  gboolean has_value;
  gboolean default_left;
  gboolean by_category;
  int missing;
  double leaf_count;
  double internal_count;
  ShsTreeLinearLeaf linear; /* of @features and @coefficients */
  gint32 *features;
  double *coefficients;
  gsize n_coefficients;
} DumpNode;

typedef struct
{
  ShsLightgbm *model;
  ShsDocumentReader *reader;
  ShsNestedNodes nodes;
  gboolean is_linear;
} DumpTree;

static void
dump_tree_clear (DumpTree *self)
{
  DumpNode *nodes = self->nodes.nodes;

  for (gsize v = 0; v < self->nodes.n; v++)
    {
      shs_free (nodes[v].categories);
      shs_free (nodes[v].features);
      shs_free (nodes[v].coefficients);
    }
  shs_nested_nodes_clear (&self->nodes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DumpTree, dump_tree_clear)

/* "0||3||5" */
static void
read_category_list (DumpTree *tree, DumpNode *node)
{
  const char *text = shs_document_reader_read_string (tree->reader);
  const char *end = text != NULL ? text + strlen (text) : NULL;
  const char *p = text;
  GError *error = NULL;

  if (text == NULL)
    return;
  shs_free (node->categories);
  node->n_categories = 0;
  node->has_categories = TRUE;
  node->categories = shs_alloc (strlen (text) / 3 + 1, sizeof (gint32), &error);
  shs_document_reader_pass_error (tree->reader, error);
  while (p < end && node->categories != NULL)
    {
      double category;

      p = shs_number_parse_prefix (p, end, &category);
      if (p == NULL || !(category >= 0 && category <= G_MAXINT32) || category != (gint32)category
          || (p < end && (end - p < 3 || p[0] != '|' || p[1] != '|')))
        {
          shs_document_reader_fail (tree->reader, SHS_ERROR_INVALID,
                                    "the categories of a split are not numbers parted by ||; dump "
                                    "the model again");
          return;
        }
      node->categories[node->n_categories++] = (gint32)category;
      p += p < end ? 2 : 0;
    }
}

static void
read_threshold (DumpTree *tree, DumpNode *node)
{
  if (shs_document_reader_peek (tree->reader) == SHS_DOCUMENT_STRING)
    read_category_list (tree, node);
  else
    node->threshold = shs_document_reader_read_number (tree->reader);
}

static int
find_word (DumpTree *tree, const char *const *words, const char *what)
{
  const char *word = shs_document_reader_read_string (tree->reader);

  for (int i = 0; word != NULL && words[i] != NULL; i++)
    if (g_str_equal (word, words[i]))
      return i;
  shs_document_reader_fail (tree->reader, SHS_ERROR_INVALID,
                            "this %s does not exist; dump the model again", what);
  return 0;
}

static void
read_feature (DumpTree *tree, DumpNode *node)
{
  gint64 feature = shs_document_reader_read_integer (tree->reader);

  node->node.feature = feature >= 0 && feature < G_MAXINT32 ? (gint32)feature : -1;
}

/* "leaf_const": 0.5, "leaf_features": [0, 3], "leaf_coeff": [1.5, -2] */
static void
read_linear_field (DumpTree *tree, DumpNode *node, const char *key)
{
  ShsDocumentReader *reader = tree->reader;

  if (g_str_equal (key, "leaf_const"))
    {
      tree->is_linear = TRUE;
      node->linear.constant = shs_document_reader_read_number (reader);
    }
  else if (g_str_equal (key, "leaf_features"))
    {
      shs_free (node->features);
      node->features = shs_document_reader_read_integers (reader, &node->linear.n_terms);
      node->linear.feature = node->features;
    }
  else if (g_str_equal (key, "leaf_coeff"))
    {
      shs_free (node->coefficients);
      node->coefficients = shs_document_reader_read_doubles (reader, &node->n_coefficients);
      node->linear.coefficient = node->coefficients;
    }
  else
    shs_document_reader_skip (reader);
}

static void
read_node_field (gpointer data, gpointer of_node, const char *key)
{
  DumpTree *tree = data;
  DumpNode *node = of_node;
  static const char *const missing_types[] = { "None", "Zero", "NaN", NULL };
  static const char *const decisions[] = { "<=", "==", NULL };
  ShsDocumentReader *reader = tree->reader;

  if (g_str_equal (key, "split_feature"))
    read_feature (tree, node);
  else if (g_str_equal (key, "threshold"))
    read_threshold (tree, node);
  else if (g_str_equal (key, "decision_type"))
    node->by_category = find_word (tree, decisions, "decision_type") == 1;
  else if (g_str_equal (key, "default_left"))
    node->default_left = shs_document_reader_read_boolean (reader);
  else if (g_str_equal (key, "missing_type"))
    node->missing = find_word (tree, missing_types, "missing_type");
  else if (g_str_equal (key, "internal_count"))
    node->internal_count = shs_document_reader_read_number (reader);
  else if (g_str_equal (key, "leaf_count"))
    node->leaf_count = shs_document_reader_read_number (reader);
  else if (g_str_equal (key, "leaf_value"))
    {
      node->has_value = TRUE;
      node->node.value = shs_document_reader_read_number (reader);
    }
  else
    read_linear_field (tree, node, key);
}

static const DumpNode blank = {
  .node = { .split = SHS_LEAF, .feature = -1, .set = -1, .left = -1, .right = -1 },
  .threshold = NAN,
  .missing = -1,
  .leaf_count = NAN,
  .internal_count = NAN,
  .linear = { .constant = NAN },
};
static const ShsNestedKind nested_kind = { "left_child", "right_child",          sizeof (DumpNode),
                                           &blank,       "dump the model again", read_node_field };

static gboolean
convert_node (DumpTree *tree, gsize v, ShsTreeNode *node, GError **error)
{
  const DumpNode *from = shs_nested_nodes_get (&tree->nodes, &nested_kind, v);
  gboolean is_split = from->node.left >= 0 && from->node.right >= 0;
  const char *fault = NULL;

  *node = from->node;
  node->cover = is_split ? from->internal_count : from->leaf_count;
  if (is_split ? from->has_value
               : !from->has_value || from->node.left >= 0 || from->node.right >= 0)
    fault = "is neither a leaf nor a split";
  else if (is_split && (from->has_categories != from->by_category || from->missing < 0))
    fault = "has no complete rule";
  else if (!is_split && from->linear.n_terms != from->n_coefficients)
    fault = "has not as many leaf_features as leaf_coeff";
  if (fault != NULL)
    {
      shs_lightgbm_set_invalid (tree->model, error,
                                "tree_info[%" G_GSIZE_FORMAT "], node %" G_GSIZE_FORMAT " %s",
                                tree->model->n_trees_read, v, fault);
      return FALSE;
    }
  if (!is_split)
    return TRUE;
  if (from->by_category)
    return shs_lightgbm_set_categories (tree->model, node, from->categories, from->n_categories,
                                        error);
  shs_lightgbm_set_numeric (node, from->threshold, (ShsLightgbmMissing)from->missing,
                            from->default_left);
  return TRUE;
}

static gboolean
add_tree (DumpTree *tree, GError **error)
{
  SHS_AUTOFREE ShsTreeNode *nodes = NULL;
  SHS_AUTOFREE ShsTreeLinearLeaf *linear = NULL;

  if (tree->nodes.n == 0)
    {
      shs_lightgbm_set_invalid (tree->model, error,
                                "tree_info[%" G_GSIZE_FORMAT "] has no tree_structure",
                                tree->model->n_trees_read);
      return FALSE;
    }
  nodes = shs_alloc (tree->nodes.n, sizeof *nodes, error);
  for (gsize v = 0; v < tree->nodes.n; v++)
    if (nodes == NULL || !convert_node (tree, v, &nodes[v], error))
      return FALSE;
  if (tree->nodes.n == 1)
    nodes[0].cover = NAN;
  linear = tree->is_linear ? shs_alloc (tree->nodes.n, sizeof *linear, error) : NULL;
  if (tree->is_linear && linear == NULL)
    return FALSE;
  for (gsize v = 0; tree->is_linear && v < tree->nodes.n; v++)
    linear[v] = ((DumpNode *)shs_nested_nodes_get (&tree->nodes, &nested_kind, v))->linear;
  return shs_lightgbm_add_tree (tree->model, nodes, tree->nodes.n, linear, error);
}

gboolean
shs_lightgbm_read_dump_tree (ShsLightgbm *self, ShsDocumentReader *reader, GError **error)
{
  g_auto (DumpTree) tree = { .model = self, .reader = reader };
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "tree_structure") && tree.nodes.n == 0)
      shs_nested_nodes_read (&tree.nodes, &nested_kind, reader, &tree);
    else
      shs_document_reader_skip (reader);
  return shs_document_reader_check (reader, error) && add_tree (&tree, error);
}
