#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define EULER_GAMMA 0.57721566490153286061

/* @values: n x n_targets x n_classes; @missing_left: NULL before scikit-learn 1.3; @depth: edges
 * above each node, for path lengths alone */
typedef struct
{
  gsize n;
  gsize n_targets;
  gsize n_classes;
  double *left;
  double *right;
  double *feature;
  double *threshold;
  double *n_samples;
  double *cover;
  double *missing_left;
  double *values;
  double *depth;
} TreeData;

static void
tree_data_clear (TreeData *self)
{
  shs_free (self->left);
  shs_free (self->right);
  shs_free (self->feature);
  shs_free (self->threshold);
  shs_free (self->n_samples);
  shs_free (self->cover);
  shs_free (self->missing_left);
  shs_free (self->values);
  shs_free (self->depth);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TreeData, tree_data_clear)

static void
read_nodes (ShsSklearn *self, ShsSkopsRef tree, TreeData *data)
{
  ShsSkops *file = self->file;
  g_autoptr (ShsNpyArray) nodes = shs_skops_read_array (file, shs_skops_need (file, tree, "nodes"));

  if (nodes == NULL)
    return;
  data->n = nodes->n_items;
  data->left = shs_skops_read_field (file, nodes, "left_child", FALSE);
  data->right = shs_skops_read_field (file, nodes, "right_child", FALSE);
  data->feature = shs_skops_read_field (file, nodes, "feature", FALSE);
  data->threshold = shs_skops_read_field (file, nodes, "threshold", FALSE);
  data->n_samples = shs_skops_read_field (file, nodes, "n_node_samples", FALSE);
  data->cover = shs_skops_read_field (file, nodes, "weighted_n_node_samples", FALSE);
  data->missing_left = shs_skops_read_field (file, nodes, "missing_go_to_left", TRUE);
}

static void
read_values (ShsSklearn *self, ShsSkopsRef tree, TreeData *data)
{
  GError *error = NULL;
  g_autoptr (ShsNpyArray) values
      = shs_skops_read_array (self->file, shs_skops_need (self->file, tree, "values"));

  if (values == NULL)
    return;
  if (values->n_dimensions != 3 || values->shape[0] != data->n || values->n_items == 0)
    {
      shs_skops_fail (
          self->file, SHS_ERROR_INVALID,
          "the values of a tree are not nodes x targets x classes; save the model again");
      return;
    }
  data->n_targets = values->shape[1];
  data->n_classes = values->shape[2];
  data->values = shs_alloc (values->n_items, sizeof *data->values, &error);
  shs_skops_take_error (self->file, error);
  if (data->values != NULL)
    shs_npy_array_read_doubles (values, 0, 0, values->n_items, data->values);
}

/* Children stand behind their parents in what scikit-learn writes. */
static void
count_depths (ShsSklearn *self, TreeData *data)
{
  GError *error = NULL;

  data->depth = shs_alloc0 (data->n, sizeof *data->depth, &error);
  shs_skops_take_error (self->file, error);
  for (gsize v = 0; data->depth != NULL && v < data->n; v++)
    for (int side = 0; side < 2; side++)
      {
        double child = side == 0 ? data->left[v] : data->right[v];

        if (child > (double)v && child < (double)data->n)
          data->depth[(gsize)child] = data->depth[v] + 1;
        else if (child >= 0)
          shs_skops_fail (self->file, SHS_ERROR_INVALID,
                          "a node of a tree stands before its parent; save the model again");
      }
}

double
shs_sklearn_average_path_length (double n)
{
  if (n <= 1)
    return 0;
  if (n == 2)
    return 1;
  return 2 * (log (n - 1) + EULER_GAMMA) - 2 * (n - 1) / n;
}

static gsize
count_outputs (const TreeData *data, ShsSklearnLeaf leaf)
{
  if (leaf == SHS_SKLEARN_PATH)
    return 1;
  if (leaf == SHS_SKLEARN_VALUE)
    return data->n_targets;
  return data->n_classes == 2 ? 1 : data->n_classes;
}

static void
share (const double *values, gsize n_classes, double *out)
{
  double sum = 0;

  for (gsize k = 0; k < n_classes; k++)
    sum += values[k];
  if (n_classes == 2)
    out[0] = sum != 0 ? values[1] / sum : 0;
  else
    for (gsize k = 0; k < n_classes; k++)
      out[k] = sum != 0 ? values[k] / sum : 0;
}

static void
vote (const double *values, gsize n_classes, double *out)
{
  gsize largest = 0;

  for (gsize k = 1; k < n_classes; k++)
    if (values[k] > values[largest])
      largest = k;
  if (n_classes == 2)
    out[0] = largest == 1 ? 2 : -2;
  else
    for (gsize k = 0; k < n_classes; k++)
      out[k] = k == largest ? 1 : -1 / (double)(n_classes - 1);
}

static void
value_of_leaf (const TreeData *data, gsize v, ShsSklearnLeaf leaf, double *out)
{
  const double *values = data->values + v * data->n_targets * data->n_classes;

  if (leaf == SHS_SKLEARN_PATH)
    out[0] = data->depth[v] + shs_sklearn_average_path_length (data->n_samples[v]);
  else if (leaf == SHS_SKLEARN_SHARE)
    share (values, data->n_classes, out);
  else if (leaf == SHS_SKLEARN_VOTE)
    vote (values, data->n_classes, out);
  else
    for (gsize k = 0; k < data->n_targets; k++)
      out[k] = values[k * data->n_classes];
}

static gint32
choose_feature (const TreeData *data, gsize v, const double *selected, gsize n_selected)
{
  gint32 feature = shs_sklearn_index (data->feature[v]);

  if (selected == NULL || feature < 0)
    return feature;
  return (gsize)feature < n_selected ? shs_sklearn_index (selected[feature]) : -1;
}

static ShsTreeNode
convert_node (const TreeData *data, gsize v, const double *selected, gsize n_selected)
{
  ShsTreeNode node = { .split = SHS_SPLIT_LESS_EQUAL,
                       .feature = choose_feature (data, v, selected, n_selected),
                       .threshold = data->threshold[v],
                       .set = -1,
                       .left = shs_sklearn_index (data->left[v]),
                       .right = shs_sklearn_index (data->right[v]),
                       .cover = data->cover[v] };

  if (data->left[v] < 0)
    node.split = SHS_LEAF;
  if (data->missing_left != NULL)
    node.missing = SHS_MISSING_NAN | (data->missing_left[v] != 0 ? SHS_MISSING_LEFT : 0);
  return node;
}

static void
check_data (ShsSklearn *self, const TreeData *data, ShsSklearnLeaf leaf)
{
  gboolean has_classes = leaf == SHS_SKLEARN_SHARE || leaf == SHS_SKLEARN_VOTE;
  gsize n_outputs = count_outputs (data, leaf);

  if (has_classes && data->n_targets != 1)
    shs_sklearn_refuse (self, "a tree of several targets with classes");
  else if (has_classes && data->n_classes < 2)
    shs_sklearn_refuse (self, "a tree that has seen one class only");
  else if (self->builder == NULL)
    shs_sklearn_start_trees (self, n_outputs, n_outputs > 1, SHS_TREE_CAST_FLOAT, NULL);
  else if (self->leaf_size != n_outputs)
    shs_skops_fail (self->file, SHS_ERROR_INVALID,
                    "the trees have not all as many outputs; save the model again");
}

static void
add_tree (ShsSklearn *self, const TreeData *data, ShsSklearnLeaf leaf, gsize output, double weight,
          const double *selected, gsize n_selected)
{
  GError *error = NULL;
  gsize n_values = 0;
  SHS_AUTOFREE ShsTreeNode *nodes = shs_alloc (data->n, sizeof *nodes, &error);
  SHS_AUTOFREE double *values = NULL;

  if (!shs_size_multiply (data->n, self->leaf_size, &n_values))
    n_values = G_MAXSIZE;
  if (nodes != NULL)
    values = shs_alloc0 (n_values, sizeof *values, &error);
  shs_skops_take_error (self->file, error);
  if (values == NULL)
    return;
  for (gsize v = 0; v < data->n; v++)
    {
      nodes[v] = convert_node (data, v, selected, n_selected);
      if (nodes[v].split == SHS_LEAF)
        value_of_leaf (data, v, leaf, values + v * self->leaf_size);
      nodes[v].value = values[v * self->leaf_size];
    }
  shs_sklearn_add_tree (self, nodes, data->n, values, output, weight);
}

void
shs_sklearn_read_one_tree (ShsSklearn *self, ShsSkopsRef estimator, ShsSklearnLeaf leaf,
                           gsize output, double weight, const double *selected, gsize n_selected)
{
  g_auto (TreeData) data = { 0 };
  ShsSkopsRef tree = shs_skops_need (self->file, estimator, "tree_");

  read_nodes (self, tree, &data);
  if (shs_skops_check (self->file, NULL))
    read_values (self, tree, &data);
  if (shs_skops_check (self->file, NULL) && leaf == SHS_SKLEARN_PATH)
    count_depths (self, &data);
  if (shs_skops_check (self->file, NULL))
    check_data (self, &data, leaf);
  if (shs_skops_check (self->file, NULL))
    add_tree (self, &data, leaf, output, weight, selected, n_selected);
}
