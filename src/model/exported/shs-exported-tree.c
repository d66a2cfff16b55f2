/* A tree of our own JSON: parallel arrays with an entry per node, or nested nodes under "root". */

#include "model/exported/shs-exported-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

const char *const shs_exported_split_words[]
    = { "<", "<=", ">", ">=", "==", "!=", "in", "not in", NULL };

/* @sets: (element-type gint32): indices in the builder of the tree's sets */
typedef struct
{
  gsize output;
  double weight;
  gint32 *feature;
  gint32 *left;
  gint32 *right;
  gint32 *set;
  double *threshold;
  double *missing_left;
  double *cover;
  double *value;
  char **splits;
  gsize n_feature, n_left, n_right, n_set, n_threshold, n_missing_left, n_cover, n_value, n_splits;
  GArray *sets;
  ShsExportedNodes nested;
} TreeDraft;

static void
tree_draft_clear (TreeDraft *self)
{
  shs_free (self->feature);
  shs_free (self->left);
  shs_free (self->right);
  shs_free (self->set);
  shs_free (self->threshold);
  shs_free (self->missing_left);
  shs_free (self->cover);
  shs_free (self->value);
  g_strfreev (self->splits);
  g_clear_pointer (&self->sets, g_array_unref);
  shs_free (self->nested.nodes);
  shs_free (self->nested.vectors);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TreeDraft, tree_draft_clear)

gboolean
shs_exported_add_set (ShsExported *self, const gint32 *categories, gsize n, gint32 *set)
{
  GError *error = NULL;

  if (!shs_document_reader_check (self->reader, NULL))
    return FALSE;
  *set = shs_tree_builder_add_set (self->builder, categories, n, &error);
  shs_exported_take_error (self, error);
  return *set >= 0;
}

static void
read_output (ShsExported *self, gpointer data)
{
  ((TreeDraft *)data)->output
      = shs_exported_read_count (self, self->n_outputs - 1, "the output of a tree");
}

static void
read_weight (ShsExported *self, gpointer data)
{
  ((TreeDraft *)data)->weight = shs_document_reader_read_number (self->reader);
}

#define READ_ARRAY(field, type)                                                                    \
  static void read_##field (ShsExported *self, gpointer data)                                      \
  {                                                                                                \
    TreeDraft *draft = data;                                                                       \
                                                                                                   \
    shs_free (draft->field);                                                                       \
    draft->field = shs_document_reader_read_##type (self->reader, &draft->n_##field);              \
  }

READ_ARRAY (feature, integers)
READ_ARRAY (left, integers)
READ_ARRAY (right, integers)
READ_ARRAY (set, integers)
READ_ARRAY (threshold, doubles)
READ_ARRAY (missing_left, doubles)
READ_ARRAY (cover, doubles)
READ_ARRAY (value, doubles)

static void
read_splits (ShsExported *self, gpointer data)
{
  TreeDraft *draft = data;

  g_strfreev (draft->splits);
  draft->splits = shs_document_reader_read_strings (self->reader, &draft->n_splits);
}

static void
read_sets (ShsExported *self, gpointer data)
{
  TreeDraft *draft = data;

  if (draft->sets->len > 0)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "the sets stand here twice");
  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    {
      gsize n = 0;
      SHS_AUTOFREE gint32 *categories = shs_document_reader_read_integers (self->reader, &n);
      gint32 set;

      if (categories != NULL && shs_exported_add_set (self, categories, n, &set))
        g_array_append_val (draft->sets, set);
    }
}

static void
read_root (ShsExported *self, gpointer data)
{
  TreeDraft *draft = data;

  if (draft->nested.nodes != NULL)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "the root stands here twice");
  else
    shs_exported_read_root (self, &draft->nested);
}

/* Sets need the builder before the first tree is whole. */
static gboolean
start_builder (ShsExported *self)
{
  GError *error = NULL;

  if (self->builder != NULL || !shs_document_reader_check (self->reader, NULL))
    return self->builder != NULL;
  self->builder
      = shs_tree_builder_new (self->n_features, self->n_outputs, self->leaf_size, self->cast);
  shs_tree_builder_set_file_size (self->builder, self->file_size);
  if (self->n_base > 0)
    shs_tree_builder_set_base (self->builder, self->base);
  if (self->parts.map != NULL)
    shs_feature_map_set_players (self->parts.map, self->builder, &error);
  shs_exported_take_error (self, error);
  return shs_document_reader_check (self->reader, NULL);
}

static const char *
find_length_fault (const TreeDraft *draft, gsize leaf_size)
{
  gsize n = draft->n_left;

  if (n == 0)
    return "it needs \"left\" (or \"root\")";
  if (draft->n_right != n)
    return "\"right\" has not one number per node";
  if (draft->n_feature != n)
    return "\"feature\" has not one number per node";
  if (draft->n_threshold != n)
    return "\"threshold\" has not one number per node";
  if (draft->n_value / leaf_size != n || draft->n_value % leaf_size != 0)
    return "\"value\" has not one number per node and output of the tree";
  if (draft->cover != NULL && draft->n_cover != n)
    return "\"cover\" has not one number per node";
  if (draft->missing_left != NULL && draft->n_missing_left != n)
    return "\"missing_left\" has not one number per node";
  if (draft->splits != NULL && draft->n_splits != n)
    return "\"operator\" has not one word per node";
  if (draft->set != NULL && draft->n_set != n)
    return "\"set\" has not one number per node";
  return NULL;
}

static gboolean
find_split (const TreeDraft *draft, gsize v, ShsSplit *split)
{
  if (draft->splits == NULL)
    return TRUE;
  for (guint i = 0; shs_exported_split_words[i] != NULL; i++)
    if (g_str_equal (draft->splits[v], shs_exported_split_words[i]))
      {
        *split = (ShsSplit)i;
        return TRUE;
      }
  return FALSE;
}

static const char *
convert_node (const ShsExported *self, const TreeDraft *draft, gsize v, ShsTreeNode *node)
{
  *node = (ShsTreeNode){ .split = self->split,
                         .feature = draft->feature[v],
                         .threshold = draft->threshold[v],
                         .left = draft->left[v],
                         .right = draft->right[v],
                         .set = -1,
                         .cover = draft->cover != NULL ? draft->cover[v] : NAN,
                         .value = self->leaf_size == 1 ? draft->value[v] : 0 };
  if (draft->left[v] < 0)
    {
      node->split = SHS_LEAF;
      return NULL;
    }
  if (!find_split (draft, v, &node->split))
    return "an \"operator\" is not known";
  if (draft->missing_left != NULL)
    node->missing = SHS_MISSING_NAN | (draft->missing_left[v] != 0 ? SHS_MISSING_LEFT : 0);
  if (node->split != SHS_SPLIT_IN_SET && node->split != SHS_SPLIT_NOT_IN_SET)
    return NULL;
  if (draft->set == NULL || draft->set[v] < 0 || (guint)draft->set[v] >= draft->sets->len)
    return "a split by categories needs a \"set\" that is among the tree's \"sets\"";
  node->set = g_array_index (draft->sets, gint32, draft->set[v]);
  return NULL;
}

static void
add_tree (ShsExported *self, const TreeDraft *draft, const ShsTreeNode *nodes, gsize n,
          const double *vectors)
{
  GError *error = NULL;

  shs_tree_builder_add_tree (self->builder, nodes, n, self->leaf_size > 1 ? vectors : NULL,
                             draft->output, draft->weight, &error);
  shs_exported_take_error (self, error);
}

static void
add_arrays (ShsExported *self, const TreeDraft *draft)
{
  const char *fault = find_length_fault (draft, self->leaf_size);
  GError *error = NULL;
  gsize n = draft->n_left;
  SHS_AUTOFREE ShsTreeNode *nodes = fault == NULL ? shs_alloc (n, sizeof *nodes, &error) : NULL;

  for (gsize v = 0; fault == NULL && nodes != NULL && v < n; v++)
    fault = convert_node (self, draft, v, &nodes[v]);
  shs_exported_take_error (self, error);
  if (fault != NULL)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID, "%s; export the model again", fault);
  if (shs_document_reader_check (self->reader, NULL))
    add_tree (self, draft, nodes, n, draft->value);
}

void
shs_exported_read_tree (ShsExported *self)
{
  static const ShsExportedField fields[] = { { "output", read_output },
                                             { "weight", read_weight },
                                             { "feature", read_feature },
                                             { "operator", read_splits },
                                             { "threshold", read_threshold },
                                             { "left", read_left },
                                             { "right", read_right },
                                             { "missing_left", read_missing_left },
                                             { "set", read_set },
                                             { "sets", read_sets },
                                             { "cover", read_cover },
                                             { "value", read_value },
                                             { "root", read_root } };
  g_auto (TreeDraft) draft = { .weight = 1 };

  if (!start_builder (self))
    return;
  draft.sets = g_array_new (FALSE, FALSE, sizeof (gint32));
  shs_exported_read_object (self, fields, G_N_ELEMENTS (fields), &draft);
  if (!shs_document_reader_check (self->reader, NULL))
    return;
  if (draft.nested.nodes == NULL)
    add_arrays (self, &draft);
  else if (draft.left != NULL)
    shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                              "a tree has either \"root\" or arrays");
  else
    add_tree (self, &draft, draft.nested.nodes, draft.nested.n, draft.nested.vectors);
  self->n_trees_read++;
}
