/* TreeEnsembleRegressor and TreeEnsembleClassifier: parallel lists with one entry per node and one
 * per weight of a leaf. Source: the operators' pages of ai.onnx.ml, versions 1 to 3. */

#include "model/onnx/shs-onnx-lists.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

static gpointer
make_key (double tree, double node)
{
  /* Ids are small in real files; larger ones never meet because they are refused. */
  return GSIZE_TO_POINTER (((gsize)tree << 32 | (gsize)node) + 1);
}

static gboolean
is_id (double number)
{
  return number >= 0 && number <= G_MAXINT32 && number == floor (number);
}

static gboolean
find_entry (const ShsOnnxLists *self, double tree, double node, gsize *entry, GError **error)
{
  gpointer found = is_id (tree) && is_id (node)
                       ? g_hash_table_lookup (self->places, make_key (tree, node))
                       : NULL;

  if (found == NULL)
    {
      shs_onnx_set_invalid (self->model, self->node, error, "tree %g has no node %g", tree, node);
      return FALSE;
    }
  *entry = GPOINTER_TO_SIZE (found) - 1;
  return TRUE;
}

static gboolean
number_node (ShsOnnxLists *self, gsize entry, GHashTable *numbers, GError **error)
{
  double tree = self->tree_ids.numbers[entry];
  double node = self->node_ids.numbers[entry];
  gpointer number;
  ShsOnnxTree *of;

  if (!is_id (tree) || !is_id (node)
      || !g_hash_table_insert (self->places, make_key (tree, node), GSIZE_TO_POINTER (entry + 1)))
    {
      shs_onnx_set_invalid (self->model, self->node, error,
                            "node %g of tree %g is impossible or there twice", node, tree);
      return FALSE;
    }
  number = g_hash_table_lookup (numbers, GSIZE_TO_POINTER ((gsize)tree + 1));
  if (number == NULL)
    {
      ShsOnnxTree empty = { 0 };

      g_array_append_val (self->model->trees, empty);
      number = GSIZE_TO_POINTER (++self->n_trees);
      g_hash_table_insert (numbers, GSIZE_TO_POINTER ((gsize)tree + 1), number);
    }
  self->tree_of[entry] = self->first_tree + GPOINTER_TO_SIZE (number) - 1;
  of = &g_array_index (self->model->trees, ShsOnnxTree, self->tree_of[entry]);
  self->spot_of[entry] = of->n_nodes++;
  return TRUE;
}

/* Which trees there are, how many nodes each has, and where every node goes: the first node of a
 * tree in the lists is its root. */
static gboolean
number_nodes (ShsOnnxLists *self, GError **error)
{
  gsize n = self->tree_ids.n;
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);

  self->places = g_hash_table_new (NULL, NULL);
  self->first_tree = self->model->trees->len;
  self->tree_of = shs_alloc (n, sizeof (gsize), error);
  if (self->tree_of == NULL)
    return FALSE;
  self->spot_of = shs_alloc (n, sizeof (gsize), error);
  if (self->spot_of == NULL)
    return FALSE;
  for (gsize entry = 0; entry < n; entry++)
    if (!number_node (self, entry, numbers, error))
      return FALSE;
  for (gsize tree = self->first_tree; tree < self->model->trees->len; tree++)
    {
      ShsOnnxTree *of = &g_array_index (self->model->trees, ShsOnnxTree, tree);

      of->nodes = shs_alloc (of->n_nodes, sizeof *of->nodes, error);
      if (of->nodes == NULL)
        return FALSE;
      of->ranks = shs_alloc0 (of->n_nodes, sizeof *of->ranks, error);
      if (of->ranks == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_mode (const ShsOnnxLists *self, gsize entry, ShsOnnxMode *mode, GError **error)
{
  static const char *const names[] = { "BRANCH_LEQ", "BRANCH_LT",  "BRANCH_GTE", "BRANCH_GT",
                                       "BRANCH_EQ",  "BRANCH_NEQ", "",           "LEAF" };
  const char *name = g_ptr_array_index (self->modes.texts, entry);
  g_autofree char *shown = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      {
        *mode = (ShsOnnxMode)i;
        return TRUE;
      }
  shown = shs_name_shown (name);
  shs_onnx_set_invalid (self->model, self->node, error, "%s is no mode of a node", shown);
  return FALSE;
}

static gboolean
find_child (const ShsOnnxLists *self, gsize entry, double id, gint32 *child, GError **error)
{
  gsize found;

  if (!find_entry (self, self->tree_ids.numbers[entry], id, &found, error))
    return FALSE;
  *child = (gint32)self->spot_of[found];
  return TRUE;
}

static gboolean
find_feature (const ShsOnnxLists *self, gsize entry, gint32 *feature, GError **error)
{
  const ShsOnnxValue *columns = shs_onnx_get_input (self->model, self->node, 0);
  double id = self->features.numbers[entry];

  if (!is_id (id) || id >= (double)columns->n_columns)
    {
      shs_onnx_set_invalid (self->model, self->node, error,
                            "a node asks for feature %g of %" G_GSIZE_FORMAT, id,
                            columns->n_columns);
      return FALSE;
    }
  *feature = (gint32)columns->features[(gsize)id];
  return TRUE;
}

static gboolean
fill_node (const ShsOnnxLists *self, gsize entry, GError **error)
{
  ShsOnnxTree *tree = &g_array_index (self->model->trees, ShsOnnxTree, self->tree_of[entry]);
  ShsTreeNode *node = &tree->nodes[self->spot_of[entry]];
  ShsOnnxMode mode;

  *node = (ShsTreeNode){ .split = SHS_LEAF, .set = -1, .cover = NAN };
  if (!find_mode (self, entry, &mode, error))
    return FALSE;
  if (mode == SHS_ONNX_MODE_LEAF)
    {
      tree->ranks[self->spot_of[entry]] = tree->n_leaves++;
      return TRUE;
    }
  node->split = shs_onnx_get_split (mode);
  node->threshold = self->thresholds.numbers[entry];
  if (self->missing_true.n > 0 && self->missing_true.numbers[entry] != 0)
    node->missing = SHS_MISSING_NAN | SHS_MISSING_LEFT;
  return find_feature (self, entry, &node->feature, error)
         && find_child (self, entry, self->true_ids.numbers[entry], &node->left, error)
         && find_child (self, entry, self->false_ids.numbers[entry], &node->right, error);
}

static gboolean
add_weight (const ShsOnnxLists *self, ShsOnnxValue *scores, gsize entry, gsize target,
            double weight, GError **error)
{
  const ShsOnnxTree *tree = &g_array_index (self->model->trees, ShsOnnxTree, self->tree_of[entry]);
  ShsOnnxTerm *term = g_ptr_array_index (scores->terms, self->tree_of[entry] - self->first_tree);
  gsize spot = self->spot_of[entry];

  if (tree->nodes[spot].split != SHS_LEAF || target >= scores->n_columns)
    {
      shs_onnx_set_invalid (self->model, self->node, error,
                            "a weight belongs to no leaf or to output %" G_GSIZE_FORMAT
                            " of %" G_GSIZE_FORMAT,
                            target, scores->n_columns);
      return FALSE;
    }
  term->leaves[tree->ranks[spot] * scores->n_columns + target] += weight;
  return TRUE;
}

static gboolean
add_weights (const ShsOnnxLists *self, ShsOnnxValue *scores, GError **error)
{
  for (gsize i = 0; i < self->leaf_trees.n; i++)
    {
      double target = self->n_columns == 1 ? 0 : self->leaf_targets.numbers[i];
      gsize entry;

      if (!find_entry (self, self->leaf_trees.numbers[i], self->leaf_nodes.numbers[i], &entry,
                       error)
          || !add_weight (self, scores, entry, is_id (target) ? (gsize)target : G_MAXSIZE,
                          self->leaf_weights.numbers[i], error))
        return FALSE;
    }
  return TRUE;
}

/* A classifier of two classes may give one number only: that of the class that weights name. */
static gboolean
has_one_class (const ShsOnnxLists *self)
{
  for (gsize i = 1; i < self->leaf_targets.n; i++)
    if (self->leaf_targets.numbers[i] != self->leaf_targets.numbers[0])
      return FALSE;
  return TRUE;
}

static gboolean
count_columns (ShsOnnxLists *self, GError **error)
{
  double n;

  if (!self->is_classifier)
    {
      if (!shs_onnx_attribute_read_number (self->model->graph, self->node, "n_targets", 1, &n,
                                           error))
        return FALSE;
      self->n_columns = is_id (n) ? (gsize)n : 0;
    }
  else
    {
      self->n_columns = self->model->classes != NULL ? self->model->classes->len : 0;
      if (self->n_columns == 2 && has_one_class (self))
        self->n_columns = 1;
    }
  if (self->n_columns > 0)
    return TRUE;
  shs_onnx_set_invalid (self->model, self->node, error, "it has no outputs");
  return FALSE;
}

static ShsOnnxValue *
make_scores (const ShsOnnxLists *self, GError **error)
{
  g_autoptr (ShsOnnxValue) scores = shs_onnx_value_new (SHS_ONNX_SCORES, self->n_columns, error);

  for (gsize i = 0; scores != NULL && i < self->n_trees; i++)
    {
      const ShsOnnxTree *tree
          = &g_array_index (self->model->trees, ShsOnnxTree, self->first_tree + i);
      ShsOnnxTerm *term
          = shs_onnx_term_new (self->first_tree + i, tree->n_leaves, self->n_columns, error);

      if (term == NULL)
        return NULL;
      g_ptr_array_add (scores->terms, term);
    }
  if (scores == NULL || !add_weights (self, scores, error))
    return NULL;
  return g_steal_pointer (&scores);
}

static void
add_base (const ShsOnnxLists *self, ShsOnnxValue *scores)
{
  gsize n = self->base.n;

  for (gsize k = 0; k < scores->n_columns && n > 0; k++)
    if (n == scores->n_columns)
      scores->constant[k] += self->base.numbers[k];
    else if (n == 2 && scores->n_columns == 1)
      scores->constant[k] += self->base.numbers[1];
}

static int
find_word (const char *const *words, guint n, const char *word)
{
  for (guint i = 0; word != NULL && i < n; i++)
    if (g_str_equal (words[i], word))
      return (int)i;
  return word == NULL ? 0 : -1;
}

static gboolean
finish (const ShsOnnxLists *self, ShsOnnxValue **scores, GError **error)
{
  static const char *const aggregates[] = { "SUM", "AVERAGE", "MIN", "MAX" };
  static const char *const transforms[]
      = { "NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT" };
  ShsOnnx *model = self->model;
  g_autofree char *aggregate = NULL;
  g_autofree char *transform = NULL;
  ShsOnnxEnding ending
      = { .n_trees = self->n_trees, .n_classes = self->is_classifier ? model->classes->len : 0 };

  if (!shs_onnx_attribute_dup_text (model->graph, self->node, "aggregate_function", &aggregate,
                                    error)
      || !shs_onnx_attribute_dup_text (model->graph, self->node, "post_transform", &transform,
                                       error))
    return FALSE;
  ending.aggregate = find_word (aggregates, G_N_ELEMENTS (aggregates), aggregate);
  ending.transform = find_word (transforms, G_N_ELEMENTS (transforms), transform);
  for (gsize i = 0; i < self->leaf_weights.n; i++)
    ending.has_negative |= self->leaf_weights.numbers[i] < 0;
  if (!shs_onnx_end_trees (model, self->node, &ending, scores, error))
    return FALSE;
  if (self->is_classifier)
    shs_onnx_set_output (model, self->node, 0, shs_onnx_value_new_other (self->node->op, *scores));
  shs_onnx_set_output (model, self->node, self->is_classifier ? 1 : 0, g_steal_pointer (scores));
  return TRUE;
}

static gboolean
fill_nodes (const ShsOnnxLists *self, GError **error)
{
  for (gsize entry = 0; entry < self->tree_ids.n; entry++)
    if (!fill_node (self, entry, error))
      return FALSE;
  return TRUE;
}

gboolean
shs_onnx_read_trees (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  g_auto (ShsOnnxLists) lists = { .model = self, .node = node };
  g_autoptr (ShsOnnxValue) scores = NULL;

  lists.is_classifier = g_str_equal (node->op, "TreeEnsembleClassifier");
  if (!shs_onnx_check_columns (self, node, error) || !shs_onnx_lists_read (&lists, error)
      || (lists.is_classifier && !shs_onnx_read_classes (self, node, error))
      || !count_columns (&lists, error) || !number_nodes (&lists, error)
      || !fill_nodes (&lists, error))
    return FALSE;
  scores = make_scores (&lists, error);
  if (scores == NULL)
    return FALSE;
  add_base (&lists, scores);
  return finish (&lists, &scores, error);
}
