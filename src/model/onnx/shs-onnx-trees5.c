/* TreeEnsemble: leaves in lists of their own, children by their place in the lists, sets of
 * members. Source: the operator's page of ai.onnx.ml, version 5. */

#include "model/onnx/shs-onnx-state.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>

#define LARGEST_MEMBER ((1 << 24) - 1)

typedef struct
{
  ShsOnnx *model;
  const ShsOnnxNode *node;
  const ShsOnnxValue *columns;
  ShsOnnxArray roots;
  ShsOnnxArray features;
  ShsOnnxArray thresholds;
  ShsOnnxArray modes;
  ShsOnnxArray missing_true;
  ShsOnnxArray true_ids;
  ShsOnnxArray true_leafs;
  ShsOnnxArray false_ids;
  ShsOnnxArray false_leafs;
  ShsOnnxArray members;
  ShsOnnxArray leaf_targets;
  ShsOnnxArray leaf_weights;
  gsize *set_of;     /* by node: which list of members is its */
  gboolean *is_used; /* by node */
  gsize n_columns;
} Lists;

static void
lists_clear (Lists *self)
{
  ShsOnnxArray *arrays[]
      = { &self->roots,        &self->features, &self->thresholds,   &self->modes,
          &self->missing_true, &self->true_ids, &self->true_leafs,   &self->false_ids,
          &self->false_leafs,  &self->members,  &self->leaf_targets, &self->leaf_weights };

  for (gsize i = 0; i < G_N_ELEMENTS (arrays); i++)
    shs_onnx_array_clear (arrays[i]);
  shs_free (self->set_of);
  shs_free (self->is_used);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lists, lists_clear)

static gboolean
read_lists (Lists *self, GError **error)
{
  const struct
  {
    const char *name;
    ShsOnnxArray *array;
  } lists[] = {
    { "tree_roots", &self->roots },
    { "nodes_featureids", &self->features },
    { "nodes_splits", &self->thresholds },
    { "nodes_modes", &self->modes },
    { "nodes_missing_value_tracks_true", &self->missing_true },
    { "nodes_truenodeids", &self->true_ids },
    { "nodes_trueleafs", &self->true_leafs },
    { "nodes_falsenodeids", &self->false_ids },
    { "nodes_falseleafs", &self->false_leafs },
    { "membership_values", &self->members },
    { "leaf_targetids", &self->leaf_targets },
    { "leaf_weights", &self->leaf_weights },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    if (!shs_onnx_attribute_read (self->model->graph, self->node, lists[i].name, lists[i].array,
                                  error))
      return FALSE;
  return TRUE;
}

static gboolean
check_lists (const Lists *self, GError **error)
{
  const ShsOnnxArray *of_nodes[] = { &self->thresholds, &self->modes,     &self->true_ids,
                                     &self->true_leafs, &self->false_ids, &self->false_leafs };
  gsize n = self->features.n;
  gboolean ok
      = n > 0 && self->features.numbers != NULL && self->roots.n > 0 && self->roots.numbers != NULL
        && self->leaf_weights.n > 0 && self->leaf_weights.numbers != NULL
        && self->leaf_targets.n == self->leaf_weights.n && self->leaf_targets.numbers != NULL
        && (self->missing_true.n == 0
            || (self->missing_true.n == n && self->missing_true.numbers != NULL))
        && (self->members.n == 0 || self->members.numbers != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (of_nodes); i++)
    ok = ok && of_nodes[i]->n == n && of_nodes[i]->numbers != NULL;
  if (!ok)
    shs_onnx_set_invalid (self->model, self->node, error,
                          "its lists of nodes and leaves are not equally long");
  return ok;
}

/* The members of all nodes with sets follow each other, each list closed by NaN. */
static gboolean
read_members (Lists *self, GError **error)
{
  gsize at = 0;

  self->set_of = shs_alloc0 (self->modes.n, sizeof (gsize), error);
  if (self->set_of == NULL)
    return FALSE;
  for (gsize v = 0; v < self->modes.n; v++)
    {
      GArray *set;

      if (self->modes.numbers[v] != SHS_ONNX_MODE_MEMBER)
        continue;
      set = g_array_new (FALSE, FALSE, sizeof (gint32));
      self->set_of[v] = self->model->sets->len;
      g_ptr_array_add (self->model->sets, set);
      for (; at < self->members.n && !isnan (self->members.numbers[at]); at++)
        {
          double member = self->members.numbers[at];
          gint32 code = (gint32)CLAMP (member, 0, LARGEST_MEMBER);

          if (member != code)
            {
              shs_onnx_set_unsupported (self->model, self->node, error,
                                        "has a set with the member %g; members must be whole "
                                        "numbers from 0 to %d",
                                        member, LARGEST_MEMBER);
              return FALSE;
            }
          g_array_append_val (set, code);
        }
      at++;
    }
  return TRUE;
}

/* Each node is reached once, so that the nodes are trees; leaves may be shared. */
static gboolean
take (Lists *self, double index, gboolean is_leaf, gsize *taken, GError **error)
{
  gsize n = is_leaf ? self->leaf_weights.n : self->features.n;

  if (!(index >= 0 && index < (double)n) || index != floor (index))
    {
      shs_onnx_set_invalid (self->model, self->node, error, "%s %g does not exist",
                            is_leaf ? "leaf" : "node", index);
      return FALSE;
    }
  *taken = (gsize)index;
  if (is_leaf)
    return TRUE;
  if (self->is_used[*taken])
    {
      shs_onnx_set_invalid (self->model, self->node, error,
                            "node %g is reached twice: the nodes are no trees", index);
      return FALSE;
    }
  self->is_used[*taken] = TRUE;
  return TRUE;
}

/* A tree while it is followed from its root. */
typedef struct
{
  GArray *nodes;   /* ShsTreeNode */
  GArray *entries; /* gsize by node: node or leaf of the lists */
} Draft;

static gint32
add_node (Draft *draft, gboolean is_leaf, gsize entry)
{
  ShsTreeNode node = { .split = is_leaf ? SHS_LEAF : SHS_SPLIT_LESS, .set = -1, .cover = NAN };

  g_array_append_val (draft->nodes, node);
  g_array_append_val (draft->entries, entry);
  return (gint32)draft->nodes->len - 1;
}

static gboolean
fill_split (Lists *self, Draft *draft, guint place, GError **error)
{
  gsize entry = g_array_index (draft->entries, gsize, place);
  double mode = self->modes.numbers[entry];
  double feature = self->features.numbers[entry];
  gboolean leaf_left = self->true_leafs.numbers[entry] != 0;
  gboolean leaf_right = self->false_leafs.numbers[entry] != 0;
  gsize left;
  gsize right;
  ShsTreeNode split = { .set = -1, .cover = NAN };

  if (!(mode >= 0 && mode <= SHS_ONNX_MODE_MEMBER) || mode != floor (mode) || !(feature >= 0)
      || feature >= (double)self->columns->n_columns)
    {
      shs_onnx_set_invalid (self->model, self->node, error,
                            "node %" G_GSIZE_FORMAT " has an impossible rule or feature", entry);
      return FALSE;
    }
  if (!take (self, self->true_ids.numbers[entry], leaf_left, &left, error)
      || !take (self, self->false_ids.numbers[entry], leaf_right, &right, error))
    return FALSE;
  split.split = shs_onnx_get_split ((ShsOnnxMode)mode);
  split.feature = (gint32)self->columns->features[(gsize)feature];
  split.threshold = self->thresholds.numbers[entry];
  if (split.split == SHS_SPLIT_IN_SET)
    split.set = (gint32)self->set_of[entry];
  if (self->missing_true.n > 0 && self->missing_true.numbers[entry] != 0)
    split.missing = SHS_MISSING_NAN | SHS_MISSING_LEFT;
  split.left = add_node (draft, leaf_left, left);
  split.right = add_node (draft, leaf_right, right);
  g_array_index (draft->nodes, ShsTreeNode, place) = split;
  return TRUE;
}

/* A tree of one leaf is a node whose branches are the same leaf. */
static gboolean
add_root (Lists *self, Draft *draft, double root, GError **error)
{
  gsize entry;
  gsize leaf;

  if (!take (self, root, FALSE, &entry, error))
    return FALSE;
  if (self->true_leafs.numbers[entry] == 0 || self->false_leafs.numbers[entry] == 0
      || self->true_ids.numbers[entry] != self->false_ids.numbers[entry])
    {
      add_node (draft, FALSE, entry);
      return TRUE;
    }
  if (!take (self, self->true_ids.numbers[entry], TRUE, &leaf, error))
    return FALSE;
  add_node (draft, TRUE, leaf);
  return TRUE;
}

/* Fills the leaf's numbers and gives it a rank. */
static gboolean
fill_leaf (const Lists *self, ShsOnnxTree *tree, const Draft *draft, guint place, ShsOnnxTerm *term,
           GError **error)
{
  gsize leaf = g_array_index (draft->entries, gsize, place);
  double target = self->leaf_targets.numbers[leaf];

  if (!(target >= 0 && target < (double)self->n_columns) || target != floor (target))
    {
      shs_onnx_set_invalid (self->model, self->node, error,
                            "leaf %" G_GSIZE_FORMAT " belongs to output %g of %" G_GSIZE_FORMAT,
                            leaf, target, self->n_columns);
      return FALSE;
    }
  tree->ranks[place] = tree->n_leaves++;
  term->leaves[tree->ranks[place] * self->n_columns + (gsize)target]
      = self->leaf_weights.numbers[leaf];
  return TRUE;
}

static gboolean
keep_tree (Lists *self, const Draft *draft, ShsOnnxValue *scores, GError **error)
{
  ShsOnnxTree empty = { .n_nodes = draft->nodes->len };
  ShsOnnxTree *tree;
  ShsOnnxTerm *term;

  g_array_append_val (self->model->trees, empty);
  tree = &g_array_index (self->model->trees, ShsOnnxTree, self->model->trees->len - 1);
  tree->nodes = shs_alloc (tree->n_nodes, sizeof *tree->nodes, error);
  if (tree->nodes == NULL)
    return FALSE;
  tree->ranks = shs_alloc0 (tree->n_nodes, sizeof *tree->ranks, error);
  if (tree->ranks == NULL)
    return FALSE;
  term = shs_onnx_term_new (self->model->trees->len - 1, (draft->nodes->len + 1) / 2,
                            self->n_columns, error);
  if (term == NULL)
    return FALSE;
  g_ptr_array_add (scores->terms, term);
  for (guint v = 0; v < draft->nodes->len; v++)
    {
      tree->nodes[v] = g_array_index (draft->nodes, ShsTreeNode, v);
      if (tree->nodes[v].split == SHS_LEAF && !fill_leaf (self, tree, draft, v, term, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_tree (Lists *self, double root, ShsOnnxValue *scores, GError **error)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (ShsTreeNode));
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gsize));
  Draft draft = { nodes, entries };

  if (!add_root (self, &draft, root, error))
    return FALSE;
  for (guint place = 0; place < nodes->len; place++)
    if (g_array_index (nodes, ShsTreeNode, place).split != SHS_LEAF
        && !fill_split (self, &draft, place, error))
      return FALSE;
  return keep_tree (self, &draft, scores, error);
}

static gboolean
read_trees (Lists *self, ShsOnnxValue *scores, GError **error)
{
  self->is_used = shs_alloc0 (self->features.n, sizeof *self->is_used, error);
  if (self->is_used == NULL)
    return FALSE;
  for (gsize i = 0; i < self->roots.n; i++)
    if (!read_tree (self, self->roots.numbers[i], scores, error))
      return FALSE;
  return TRUE;
}

gboolean
shs_onnx_read_trees5 (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  g_auto (Lists) lists = { .model = self, .node = node };
  g_autoptr (ShsOnnxValue) scores = NULL;
  ShsOnnxEnding ending = { 0 };
  double n_targets;
  double aggregate;
  double transform;

  lists.columns = shs_onnx_get_input (self, node, 0);
  if (!shs_onnx_check_columns (self, node, error) || !read_lists (&lists, error)
      || !check_lists (&lists, error) || !read_members (&lists, error)
      || !shs_onnx_attribute_read_number (self->graph, node, "n_targets", 1, &n_targets, error)
      || !shs_onnx_attribute_read_number (self->graph, node, "aggregate_function", 1, &aggregate,
                                          error)
      || !shs_onnx_attribute_read_number (self->graph, node, "post_transform", 0, &transform,
                                          error))
    return FALSE;
  if (lists.thresholds.type == SHS_ONNX_DOUBLE)
    self->is_double = TRUE;
  lists.n_columns = n_targets >= 1 && n_targets <= G_MAXINT32 ? (gsize)n_targets : 0;
  if (lists.n_columns == 0)
    {
      shs_onnx_set_invalid (self, node, error, "it has no outputs");
      return FALSE;
    }
  scores = shs_onnx_value_new (SHS_ONNX_SCORES, lists.n_columns, error);
  if (scores == NULL || !read_trees (&lists, scores, error))
    return FALSE;
  ending.n_trees = lists.roots.n;
  /* 0 mean, 1 sum, 2 least, 3 greatest. */
  ending.aggregate = aggregate == 1 ? 0 : aggregate == 0 ? 1 : -1;
  ending.transform = transform == 0 ? 0 : transform == 1 ? 1 : transform == 2 ? 2 : -1;
  if (!shs_onnx_end_trees (self, node, &ending, &scores, error))
    return FALSE;
  shs_onnx_set_output (self, node, 0, g_steal_pointer (&scores));
  return TRUE;
}
