#include "tree/shs-tree-block.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_SUPERBLOCK 4096
#define TASKS_PER_THREAD 4

gboolean
shs_tree_check_width (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows, GError **error)
{
  if (rows->n_columns == ensemble->n_features)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
               "The rows have %" G_GSIZE_FORMAT " features and the model has %" G_GSIZE_FORMAT
               "; match the data's columns to the model",
               rows->n_columns, ensemble->n_features);
  return FALSE;
}

gboolean
shs_tree_check_shapes (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                       const ShsMatrix *result, gsize n_columns, GError **error)
{
  g_return_val_if_fail (result->n_rows == rows->n_rows && result->n_columns == n_columns, FALSE);
  return shs_tree_check_width (ensemble, rows, error);
}

gboolean
shs_tree_check_covers (const ShsTreeEnsemble *ensemble, GError **error)
{
  if (!shs_tree_ensemble_check_constant_leaves (ensemble, error))
    return FALSE;
  if (ensemble->has_cover)
    return TRUE;
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                       "The model does not say how much training data reached its nodes, which "
                       "path-dependent Tree SHAP needs; choose an explainer with a background");
  return FALSE;
}

/* The constants of a tree grow with its nodes times the points: no real model comes near, a file
 * made to exhaust the machine would. */
gboolean
shs_tree_check_path (gsize n_players, GError **error)
{
  if (n_players <= SHS_TREE_MAX_PATH_FEATURES)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "A tree asks for %" G_GSIZE_FORMAT " different features on one path, and at most %d "
               "can be explained; train with a smaller depth",
               n_players, SHS_TREE_MAX_PATH_FEATURES);
  return FALSE;
}

gboolean
shs_tree_groups_init (ShsTreeGroups *self, const ShsTreeEnsemble *ensemble, gsize nodes_per_group,
                      GError **error)
{
  gsize n_nodes = 0;

  *self = (ShsTreeGroups){ 0 };
  self->first = shs_alloc (ensemble->n_trees + 1, sizeof (gsize), error);
  if (self->first == NULL)
    return FALSE;
  self->first[0] = 0;
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      gsize size = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];

      if (tree > self->first[self->n] && n_nodes + size > nodes_per_group)
        {
          self->first[++self->n] = tree;
          n_nodes = 0;
        }
      n_nodes += size;
      self->most_nodes = MAX (self->most_nodes, n_nodes);
      self->most_trees = MAX (self->most_trees, tree + 1 - self->first[self->n]);
    }
  if (ensemble->n_trees > 0)
    self->first[++self->n] = ensemble->n_trees;
  return TRUE;
}

void
shs_tree_groups_clear (ShsTreeGroups *self)
{
  g_clear_pointer (&self->first, shs_free);
}

gboolean
shs_tree_slots_init (ShsTreeSlots *self, gsize n_keys, gsize most, GError **error)
{
  *self = (ShsTreeSlots){ .n = 1 };
  self->slot_of = shs_alloc0 (n_keys, sizeof (guint32), error);
  if (self->slot_of == NULL)
    return FALSE;
  self->key_of = shs_alloc (MIN (n_keys, most) + 1, sizeof (guint32), error);
  return self->key_of != NULL;
}

gpointer
shs_tree_slots_alloc (gsize n_keys, const ShsTreeGroups *groups, gsize size, GError **error)
{
  return shs_alloc0 (MIN (n_keys, groups->most_nodes) + 1, SHS_TREE_BLOCK * size, error);
}

void
shs_tree_slots_clear (ShsTreeSlots *self)
{
  g_clear_pointer (&self->slot_of, shs_free);
  g_clear_pointer (&self->key_of, shs_free);
}

void
shs_tree_slots_reset (ShsTreeSlots *self)
{
  for (gsize slot = 1; slot < self->n; slot++)
    self->slot_of[self->key_of[slot]] = 0;
  self->n = 1;
}

guint32
shs_tree_slots_add (ShsTreeSlots *self, guint32 key)
{
  if (self->slot_of[key] == 0)
    {
      self->key_of[self->n] = key;
      self->slot_of[key] = (guint32)self->n++;
    }
  return self->slot_of[key];
}

void
shs_tree_slots_load (const ShsTreeSlots *self, const ShsTreeKernels *kernels, const ShsMatrix *rows,
                     gsize first_row, gpointer x)
{
  shs_tree_slots_load_blocks (self, kernels, rows, first_row, 1, x);
}

void
shs_tree_slots_load_blocks (const ShsTreeSlots *self, const ShsTreeKernels *kernels,
                            const ShsMatrix *rows, gsize first_row, gsize n_blocks, gpointer x)
{
  gsize n_rows = MIN (n_blocks * SHS_TREE_BLOCK, rows->n_rows - first_row);

  for (gsize slot = 1; slot < self->n; slot++)
    {
      const double *column = shs_matrix_column (rows, self->key_of[slot]) + first_row;
      char *to = (char *)x + slot * SHS_TREE_BLOCK * kernels->size;

      for (gsize row = 0; row < n_rows; row += SHS_TREE_BLOCK)
        {
          kernels->load (column + row, MIN (SHS_TREE_BLOCK, n_rows - row), to);
          to += self->n * SHS_TREE_BLOCK * kernels->size;
        }
    }
}

/* Where NaN counts as zero, zero is compared here, once. */
static gboolean
sends_nan_left (ShsSplit split, guint missing, double threshold)
{
  if (missing & SHS_MISSING_NAN)
    return (missing & SHS_MISSING_LEFT) != 0;
  return (missing & SHS_MISSING_NAN_IS_ZERO) != 0
         && (split == SHS_SPLIT_LESS ? 0 < threshold : 0 <= threshold);
}

static guint8
choose_rule (ShsSplit split, guint missing, double threshold)
{
  if (split == SHS_LEAF)
    return SHS_ROUTE_LEAF;
  if ((missing & SHS_MISSING_ZERO) || (split != SHS_SPLIT_LESS && split != SHS_SPLIT_LESS_EQUAL))
    return SHS_ROUTE_GENERAL;
  if (split == SHS_SPLIT_LESS)
    return sends_nan_left (split, missing, threshold) ? SHS_ROUTE_LESS_OR_NAN : SHS_ROUTE_LESS;
  return sends_nan_left (split, missing, threshold) ? SHS_ROUTE_LESS_EQUAL_OR_NAN
                                                    : SHS_ROUTE_LESS_EQUAL;
}

/* The float that splits floats as @threshold does: x < t is x < the least float >= t, x <= t is
 * x <= the greatest float <= t. No float equals a threshold that is none: NaN. */
static double
round_threshold (ShsSplit split, double threshold)
{
  float nearest = (float)threshold;
  gboolean up = split == SHS_SPLIT_LESS || split == SHS_SPLIT_GREATER_EQUAL;

  if ((double)nearest == threshold)
    return threshold;
  if (split == SHS_SPLIT_EQUAL || split == SHS_SPLIT_NOT_EQUAL)
    return NAN;
  if (up)
    return nearest > threshold ? nearest : nextafterf (nearest, INFINITY);
  return nearest < threshold ? nearest : nextafterf (nearest, -INFINITY);
}

void
shs_tree_route_node_init (ShsRouteNode *self, const ShsTreeEnsemble *ensemble, gsize node,
                          gsize first_node, ShsTreeSlots *slots)
{
  ShsSplit split = ensemble->split[node];

  *self = (ShsRouteNode){ .split = (guint8)split,
                          .missing = ensemble->missing[node],
                          .rule
                          = choose_rule (split, ensemble->missing[node], ensemble->threshold[node]),
                          .threshold = ensemble->threshold[node],
                          .right = (guint32)(ensemble->right[node] - first_node) };
  if (split == SHS_LEAF)
    return;
  self->slot = shs_tree_slots_add (slots, (guint32)ensemble->feature[node]);
  if (shs_tree_splits_by_set (split))
    {
      self->set = (guint32)shs_tree_ensemble_get_set (ensemble, node);
      self->threshold = 0;
    }
  else if (ensemble->cast == SHS_TREE_CAST_FLOAT)
    self->threshold = round_threshold (split, self->threshold);
}

static int
compare_rules (gconstpointer a, gconstpointer b)
{
  const ShsRouteNode *left = a;
  const ShsRouteNode *right = b;

  if (left->rule != right->rule)
    return left->rule < right->rule ? -1 : 1;
  return left->word < right->word ? -1 : left->word > right->word;
}

void
shs_tree_routes_sort (ShsRouteNode *nodes, gsize n)
{
  for (gsize i = 1; i < n; i++)
    if (nodes[i].rule != nodes[0].rule)
      {
        qsort (nodes, n, sizeof *nodes, compare_rules);
        return;
      }
}

gsize
shs_tree_superblock (gsize n_rows, guint n_threads)
{
  return shs_tree_superblock_up_to (LARGEST_SUPERBLOCK, n_rows, n_threads);
}

gsize
shs_tree_superblock_up_to (gsize largest, gsize n_rows, guint n_threads)
{
  gsize threads = n_threads > 0 ? n_threads : shs_pool_get_n_threads ();
  gsize wanted = n_rows / (threads * TASKS_PER_THREAD);

  wanted = (wanted + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK * SHS_TREE_BLOCK;
  return CLAMP (wanted, SHS_TREE_BLOCK, largest);
}
