#include "model/catboost/shs-catboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/shs-nested-nodes.h"

#include <math.h>
#include <string.h>

static gint64
read_split (ShsDocumentReader *reader)
{
  const char *key;
  gint64 number = -1;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "split_index"))
      number = shs_document_reader_read_integer (reader);
    else
      shs_document_reader_skip (reader);
  return number;
}

/* An oblivious tree. */
typedef struct
{
  gint32 splits[SHS_CATBOOST_MAX_DEPTH];
  gsize n_levels;
  double *values;
  double *weights;
  gsize n_values;
  gsize n_weights;
} Levels;

static void
levels_clear (Levels *self)
{
  shs_free (self->values);
  shs_free (self->weights);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Levels, levels_clear)

/* No splits are null in some versions. */
static void
read_levels (Levels *self, ShsDocumentReader *reader)
{
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_NULL)
    {
      shs_document_reader_read_null (reader);
      return;
    }
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      gint64 number = read_split (reader);

      if (self->n_levels < G_N_ELEMENTS (self->splits) && number >= 0 && number <= G_MAXINT32)
        self->splits[self->n_levels++] = (gint32)number;
      else
        shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                  "this split has no sound split_index, or the tree is deeper than "
                                  "%d; save the model again",
                                  SHS_CATBOOST_MAX_DEPTH);
    }
}

gboolean
shs_catboost_read_oblivious_json (ShsCatboost *self, ShsDocumentReader *reader, GError **error)
{
  g_auto (Levels) levels = { 0 };
  const char *key;
  gsize n_leaves;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "splits") && levels.n_levels == 0)
      read_levels (&levels, reader);
    else if (g_str_equal (key, "leaf_values") && levels.values == NULL)
      levels.values = shs_document_reader_read_doubles (reader, &levels.n_values);
    else if (g_str_equal (key, "leaf_weights") && levels.weights == NULL
             && shs_document_reader_peek (reader) == SHS_DOCUMENT_ARRAY)
      levels.weights = shs_document_reader_read_doubles (reader, &levels.n_weights);
    else
      shs_document_reader_skip (reader);
  if (!shs_document_reader_check (reader, error))
    return FALSE;
  n_leaves = (gsize)1 << levels.n_levels;
  if (levels.values == NULL || levels.n_values % n_leaves != 0
      || (levels.n_weights > 0 && levels.n_weights != n_leaves))
    {
      shs_catboost_set_invalid (self, error,
                                "oblivious_trees[%" G_GSIZE_FORMAT "] has %" G_GSIZE_FORMAT
                                " leaf values and %" G_GSIZE_FORMAT " weights for %" G_GSIZE_FORMAT
                                " leaves",
                                self->n_trees, levels.n_values, levels.n_weights, n_leaves);
      return FALSE;
    }
  return shs_catboost_start_trees (self, levels.n_values / n_leaves, error)
         && shs_catboost_add_oblivious (
             self,
             &(ShsCatboostOblivious){ levels.splits, levels.n_levels, levels.values,
                                      levels.n_weights > 0 ? levels.weights : NULL },
             error);
}

/* A tree of nested nodes: with the number of the split in "set", and that of a leaf's values in
 * "feature", until all is read. */
typedef struct
{
  ShsCatboost *model;
  ShsDocumentReader *reader;
  ShsNestedNodes nodes;
  double *values;
  gsize n_values;
  gsize values_allocated;
} Nested;

static void
nested_clear (Nested *self)
{
  shs_nested_nodes_clear (&self->nodes);
  shs_free (self->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Nested, nested_clear)

/* "value": a number, or an array of one per output. It goes behind all values read so far. */
static void
read_value (Nested *tree, ShsTreeNode *node)
{
  SHS_AUTOFREE double *numbers = NULL;
  gsize n = 1;
  GError *error = NULL;
  double one = 0;

  if (node->feature >= 0)
    {
      shs_document_reader_fail (tree->reader, SHS_ERROR_INVALID, "this leaf has two values");
      return;
    }
  if (shs_document_reader_peek (tree->reader) == SHS_DOCUMENT_ARRAY)
    numbers = shs_document_reader_read_doubles (tree->reader, &n);
  else
    one = shs_document_reader_read_number (tree->reader);
  if (!shs_document_reader_check (tree->reader, NULL)
      || !shs_catboost_start_trees (tree->model, n, &error))
    {
      shs_document_reader_pass_error (tree->reader, error);
      return;
    }
  node->feature = (gint32)(tree->n_values / n);
  for (gsize k = 0; k < n; k++)
    {
      double *values = shs_catboost_grow (tree->values, tree->n_values, &tree->values_allocated,
                                          sizeof *values, &error);

      shs_document_reader_pass_error (tree->reader, error);
      if (values == NULL)
        return;
      tree->values = values;
      values[tree->n_values++] = numbers != NULL ? numbers[k] : one;
    }
}

static void
read_field (gpointer data, gpointer of_node, const char *key)
{
  Nested *tree = data;
  ShsTreeNode *node = of_node;

  if (g_str_equal (key, "value"))
    read_value (tree, node);
  else if (g_str_equal (key, "weight"))
    node->cover = shs_document_reader_read_number (tree->reader);
  else if (g_str_equal (key, "split"))
    {
      gint64 number = read_split (tree->reader);

      node->set = number >= 0 && number < G_MAXINT32 ? (gint32)number : G_MAXINT32;
    }
  else
    shs_document_reader_skip (tree->reader);
}

static const ShsTreeNode blank
    = { .split = SHS_LEAF, .feature = -1, .set = -1, .left = -1, .right = -1, .cover = NAN };
static const ShsNestedKind nested_kind
    = { "left", "right", sizeof (ShsTreeNode), &blank, "save the model again", read_field };

/* What was read becomes a node: @vector gets the leaf's values. */
static gboolean
convert_node (const Nested *tree, ShsTreeNode *node, double *vector, GError **error)
{
  const ShsCatboost *model = tree->model;
  gint32 number = node->set;
  gint32 value = node->feature;
  gboolean is_split = number >= 0;
  const ShsCatboostSplit *split;

  node->set = -1;
  node->feature = -1;
  if (is_split != (node->left >= 0) || is_split != (node->right >= 0) || is_split == (value >= 0))
    {
      shs_catboost_set_invalid (model, error,
                                "trees[%" G_GSIZE_FORMAT "] has a node that is neither a leaf nor "
                                "a split",
                                model->n_trees);
      return FALSE;
    }
  if (!is_split)
    {
      memcpy (vector, tree->values + (gsize)value * model->n_outputs,
              model->n_outputs * sizeof *vector);
      return TRUE;
    }
  split = shs_catboost_get_split (model, number, error);
  if (split != NULL)
    shs_catboost_set_split (node, split);
  return split != NULL;
}

gboolean
shs_catboost_read_tree_json (ShsCatboost *self, ShsDocumentReader *reader, GError **error)
{
  g_auto (Nested) tree = { .model = self, .reader = reader };
  SHS_AUTOFREE double *vectors = NULL;
  ShsTreeNode *nodes;
  gsize n_numbers;

  shs_nested_nodes_read (&tree.nodes, &nested_kind, reader, &tree);
  if (!shs_document_reader_check (reader, error))
    return FALSE;
  /* At least every second node is a leaf. */
  if (!shs_size_multiply (tree.nodes.n, self->n_outputs, &n_numbers)
      || n_numbers / 2 > tree.n_values || self->n_outputs == 0)
    {
      shs_catboost_set_invalid (self, error, "trees[%" G_GSIZE_FORMAT "] has too few leaves",
                                self->n_trees);
      return FALSE;
    }
  vectors = shs_alloc0 (n_numbers, sizeof *vectors, error);
  if (vectors == NULL)
    return FALSE;
  nodes = tree.nodes.nodes;
  for (gsize v = 0; v < tree.nodes.n; v++)
    if (!convert_node (&tree, &nodes[v], vectors + v * self->n_outputs, error))
      return FALSE;
  return shs_catboost_add_tree (self, nodes, tree.nodes.n, vectors, error);
}
