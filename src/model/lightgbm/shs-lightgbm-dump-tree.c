#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

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
  gboolean has_children[2];
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
  DumpNode *nodes;
  gsize n_nodes;
  gsize n_allocated;
  gboolean is_linear;
} DumpTree;

static void
dump_tree_clear (DumpTree *self)
{
  for (gsize v = 0; v < self->n_nodes; v++)
    {
      shs_free (self->nodes[v].categories);
      shs_free (self->nodes[v].features);
      shs_free (self->nodes[v].coefficients);
    }
  shs_free (self->nodes);
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
read_node_field (DumpTree *tree, DumpNode *node, const char *key)
{
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

/* The index of a new node; the reader fails where there is no memory. */
static gsize
append_node (DumpTree *tree)
{
  GError *error = NULL;

  if (tree->n_nodes == tree->n_allocated)
    {
      gsize n = MAX (64, tree->n_allocated * 2);
      DumpNode *nodes = shs_realloc (tree->nodes, tree->n_nodes, n, sizeof *nodes, &error);

      shs_document_reader_pass_error (tree->reader, error);
      if (nodes == NULL)
        return 0;
      tree->nodes = nodes;
      tree->n_allocated = n;
    }
  tree->nodes[tree->n_nodes] = (DumpNode){ .node = { .split = SHS_LEAF, .feature = -1, .set = -1 },
                                           .threshold = NAN,
                                           .missing = -1,
                                           .leaf_count = NAN,
                                           .internal_count = NAN,
                                           .linear = { .constant = NAN } };
  return tree->n_nodes++;
}

static gsize
append_child (DumpTree *tree, gsize parent, gboolean is_right)
{
  gsize child = append_node (tree);
  DumpNode *node = tree->nodes != NULL ? &tree->nodes[parent] : NULL;

  if (!shs_document_reader_check (tree->reader, NULL))
    return 0;
  if (node->has_children[is_right])
    shs_document_reader_fail (tree->reader, SHS_ERROR_INVALID,
                              "this child stands here a second time; dump the model again");
  node->has_children[is_right] = TRUE;
  *(is_right ? &node->node.right : &node->node.left) = (gint32)child;
  return child;
}

/* Nested objects, a node each; the reader bounds how deep. */
static void
read_structure (DumpTree *tree)
{
  gsize path[SHS_DOCUMENT_MAX_DEPTH + 1];
  gsize depth = 0;

  path[0] = append_node (tree);
  shs_document_reader_begin_object (tree->reader);
  while (shs_document_reader_check (tree->reader, NULL))
    {
      const char *key = shs_document_reader_next_key (tree->reader);
      gboolean is_right = key != NULL && g_str_equal (key, "right_child");

      if (key == NULL && depth-- == 0)
        return;
      if (key != NULL && (is_right || g_str_equal (key, "left_child")))
        {
          path[depth + 1] = append_child (tree, path[depth], is_right);
          if (shs_document_reader_begin_object (tree->reader)
              && depth + 1 < G_N_ELEMENTS (path) - 1)
            depth++;
        }
      else if (key != NULL)
        read_node_field (tree, &tree->nodes[path[depth]], key);
    }
}

static gboolean
convert_node (DumpTree *tree, gsize v, ShsTreeNode *node, GError **error)
{
  const DumpNode *from = &tree->nodes[v];
  gboolean is_split = from->has_children[0] && from->has_children[1];
  const char *fault = NULL;

  *node = from->node;
  node->cover = is_split ? from->internal_count : from->leaf_count;
  if (is_split ? from->has_value
               : !from->has_value || from->has_children[0] || from->has_children[1])
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

  if (tree->n_nodes == 0)
    {
      shs_lightgbm_set_invalid (tree->model, error,
                                "tree_info[%" G_GSIZE_FORMAT "] has no tree_structure",
                                tree->model->n_trees_read);
      return FALSE;
    }
  nodes = shs_alloc (tree->n_nodes, sizeof *nodes, error);
  for (gsize v = 0; v < tree->n_nodes; v++)
    if (nodes == NULL || !convert_node (tree, v, &nodes[v], error))
      return FALSE;
  if (tree->n_nodes == 1)
    nodes[0].cover = NAN;
  linear = tree->is_linear ? shs_alloc (tree->n_nodes, sizeof *linear, error) : NULL;
  if (tree->is_linear && linear == NULL)
    return FALSE;
  for (gsize v = 0; tree->is_linear && v < tree->n_nodes; v++)
    linear[v] = tree->nodes[v].linear;
  return shs_lightgbm_add_tree (tree->model, nodes, tree->n_nodes, linear, error);
}

gboolean
shs_lightgbm_read_dump_tree (ShsLightgbm *self, ShsDocumentReader *reader, GError **error)
{
  g_auto (DumpTree) tree = { .model = self, .reader = reader };
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "tree_structure") && tree.n_nodes == 0)
      read_structure (&tree);
    else
      shs_document_reader_skip (reader);
  return shs_document_reader_check (reader, error) && add_tree (&tree, error);
}
