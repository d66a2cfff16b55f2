#include "tree/shs-tree-builder-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-ensemble-private.h"
#include "tree/shs-tree-linear-leaves.h"

#include <math.h>
#include <string.h>

#define FEW_NODES 4096 /* say too little of the trees to come */
#define SPARE 1.05     /* trees to come may have shorter numbers than those before */

ShsTreeBuilder *
shs_tree_builder_new (gsize n_features, gsize n_outputs, gsize leaf_size, ShsTreeCast cast)
{
  ShsTreeBuilder *self;

  g_return_val_if_fail (n_outputs > 0, NULL);
  g_return_val_if_fail (leaf_size == 1 || leaf_size == n_outputs, NULL);
  self = g_new0 (ShsTreeBuilder, 1);
  self->ensemble = shs_tree_ensemble_new (n_features, n_outputs, leaf_size, cast, &self->failure);
  return self;
}

void
shs_tree_builder_free (ShsTreeBuilder *self)
{
  if (self == NULL)
    return;
  shs_tree_ensemble_unref (self->ensemble);
  g_clear_error (&self->failure);
  shs_free (self->order);
  shs_free (self->branches);
  shs_free (self->is_taken);
  g_free (self);
}

gboolean
shs_tree_builder_check (const ShsTreeBuilder *self, GError **error)
{
  if (self->failure == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->failure);
  return FALSE;
}

void
shs_tree_builder_set_base (ShsTreeBuilder *self, const double *base)
{
  g_return_if_fail (self != NULL && base != NULL);
  if (self->ensemble != NULL)
    memcpy (self->ensemble->base, base, self->ensemble->n_outputs * sizeof (double));
}

void
shs_tree_builder_set_file_size (ShsTreeBuilder *self, gsize file_size)
{
  g_return_if_fail (self != NULL);
  self->file_size = file_size;
}

void
shs_tree_builder_set_bytes_read (ShsTreeBuilder *self, gsize n_bytes)
{
  g_return_if_fail (self != NULL);
  self->n_bytes_read = n_bytes;
}

gboolean
shs_tree_builder_reserve (ShsTreeBuilder *self, gsize n_nodes, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  if (!shs_tree_builder_check (self, error))
    return FALSE;
  if (n_nodes <= self->node_capacity)
    return TRUE;
  if (!shs_tree_ensemble_reserve_nodes (self->ensemble, n_nodes, error))
    return FALSE;
  self->node_capacity = n_nodes;
  return TRUE;
}

gboolean
shs_tree_builder_set_players (ShsTreeBuilder *self, const guint32 *player, gsize n_players,
                              GError **error)
{
  g_return_val_if_fail (self != NULL && player != NULL, FALSE);
  if (!shs_tree_builder_check (self, error))
    return FALSE;
  for (gsize feature = 0; feature < self->ensemble->n_features; feature++)
    if (player[feature] >= n_players)
      {
        g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                     "Feature %" G_GSIZE_FORMAT " belongs to player %u of %" G_GSIZE_FORMAT
                     "; give each feature one that exists",
                     feature, player[feature], n_players);
        return FALSE;
      }
  memcpy (self->ensemble->player, player, self->ensemble->n_features * sizeof *player);
  self->ensemble->n_players = n_players;
  return TRUE;
}

/* Room for all trees to come, where the file tells how much of it is left: memory that is copied
 * while it grows costs time, and is needed twice. */
static gsize
choose_node_capacity (const ShsTreeBuilder *self, gsize needed)
{
  double n_nodes = (double)self->ensemble->n_nodes;
  double expected;

  if (self->n_bytes_read == 0 || self->n_bytes_read >= self->file_size || n_nodes < FEW_NODES)
    return shs_tree_builder_get_larger_capacity (self->node_capacity, needed);
  expected = SPARE * n_nodes * ((double)self->file_size / (double)self->n_bytes_read);
  return MAX (needed, (gsize)MIN (expected, (double)G_MAXUINT32));
}

static gboolean
reserve_nodes (ShsTreeBuilder *self, const ShsTreeDraft *draft, GError **error)
{
  gsize n_nodes = self->ensemble->n_nodes + draft->n_nodes;
  gsize capacity;

  if (n_nodes > G_MAXUINT32)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "With tree %" G_GSIZE_FORMAT " the model has more than 4294967295 nodes; "
                   "explain fewer trees of it",
                   draft->number);
      return FALSE;
    }
  if (n_nodes <= self->node_capacity)
    return TRUE;
  capacity = choose_node_capacity (self, n_nodes);
  if (!shs_tree_ensemble_reserve_nodes (self->ensemble, capacity, error))
    return FALSE;
  self->node_capacity = capacity;
  return TRUE;
}

static gboolean
reserve_tree (ShsTreeBuilder *self, GError **error)
{
  ShsTreeEnsemble *ensemble = self->ensemble;
  gsize capacity
      = shs_tree_builder_get_larger_capacity (self->tree_capacity, ensemble->n_trees + 1);

  if (ensemble->n_trees + 1 <= self->tree_capacity)
    return TRUE;
  if (!shs_tree_ensemble_reserve_trees (ensemble, capacity, error))
    return FALSE;
  self->tree_capacity = capacity;
  return TRUE;
}

static gboolean
reserve_leaves (ShsTreeBuilder *self, gsize n_leaves, GError **error)
{
  gsize needed = self->ensemble->n_leaves + n_leaves;
  gsize capacity = shs_tree_builder_get_larger_capacity (self->leaf_capacity, needed);

  if (needed <= self->leaf_capacity)
    return TRUE;
  if (!shs_tree_ensemble_reserve_leaves (self->ensemble, capacity, error))
    return FALSE;
  self->leaf_capacity = capacity;
  return TRUE;
}

static gboolean
grow_scratch (gpointer *scratch, gsize n, gsize size, GError **error)
{
  gpointer grown = shs_alloc (n, size, error);

  if (grown == NULL)
    return FALSE;
  shs_free (*scratch);
  *scratch = grown;
  return TRUE;
}

static gboolean
prepare_draft (ShsTreeBuilder *self, ShsTreeDraft *draft, GError **error)
{
  gsize n = draft->n_nodes;

  if (n > self->draft_capacity)
    {
      if (!grow_scratch ((gpointer *)&self->order, n, sizeof *self->order, error)
          || !grow_scratch ((gpointer *)&self->branches, n, sizeof *self->branches, error)
          || !grow_scratch ((gpointer *)&self->is_taken, n, sizeof *self->is_taken, error))
        return FALSE;
      self->draft_capacity = n;
    }
  draft->order = self->order;
  draft->branches = self->branches;
  draft->is_taken = self->is_taken;
  return TRUE;
}

static gboolean
check_tree (const ShsTreeBuilder *self, const ShsTreeDraft *draft, gsize output, GError **error)
{
  const char *fault = NULL;

  if (draft->n_nodes == 0 || draft->n_nodes > G_MAXINT32)
    fault = "it needs 1 to 2147483647 nodes";
  else if (self->ensemble->leaf_size == 1 && output >= self->ensemble->n_outputs)
    fault = "it adds to an output that the model does not have";
  else if (!isfinite (draft->weight))
    fault = "its weight is not finite";
  if (fault == NULL)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "Tree %" G_GSIZE_FORMAT ": %s; the model file is damaged, save it again",
               draft->number, fault);
  return FALSE;
}

/* What not every tree has: leaves that are more than a number. */
static gboolean
write_leaves (ShsTreeBuilder *self, const ShsTreeDraft *draft, GError **error)
{
  if (draft->linear != NULL)
    return shs_tree_draft_write_linear (draft, self->ensemble, error);
  return draft->vectors == NULL
         || (reserve_leaves (self, shs_tree_draft_count_leaves (draft), error)
             && shs_tree_draft_write_vectors (draft, self->ensemble, error));
}

/* Nothing of the tree counts before all of it is written. */
static gboolean
add_draft (ShsTreeBuilder *self, ShsTreeDraft *draft, gsize output, GError **error)
{
  ShsTreeEnsemble *ensemble = self->ensemble;

  draft->number = ensemble->n_trees;
  if (!check_tree (self, draft, output, error) || !prepare_draft (self, draft, error)
      || !reserve_nodes (self, draft, error) || !reserve_tree (self, error)
      || !shs_tree_draft_write (draft, ensemble, self->node_capacity, error)
      || !write_leaves (self, draft, error))
    return FALSE;
  ensemble->tree_output[draft->number] = ensemble->leaf_size == 1 ? (guint32)output : 0;
  ensemble->tree_weight[draft->number] = draft->weight;
  ensemble->tree_depth[draft->number] = draft->largest_depth;
  ensemble->n_nodes += draft->n_reached;
  ensemble->n_leaves += draft->vectors != NULL ? shs_tree_draft_count_leaves (draft) : 0;
  ensemble->n_trees++;
  ensemble->tree_first[ensemble->n_trees] = ensemble->n_nodes;
  return TRUE;
}

gboolean
shs_tree_builder_add_tree (ShsTreeBuilder *self, const ShsTreeNode *nodes, gsize n_nodes,
                           const double *vectors, gsize output, double weight, GError **error)
{
  ShsTreeDraft draft = { .nodes = nodes, .n_nodes = n_nodes, .vectors = vectors, .weight = weight };

  g_return_val_if_fail (self != NULL && (nodes != NULL || n_nodes == 0), FALSE);
  if (!shs_tree_builder_check (self, error))
    return FALSE;
  g_return_val_if_fail ((vectors != NULL) == (self->ensemble->leaf_size > 1), FALSE);
  return add_draft (self, &draft, output, error);
}

gboolean
shs_tree_builder_add_linear_tree (ShsTreeBuilder *self, const ShsTreeNode *nodes, gsize n_nodes,
                                  const ShsTreeLinearLeaf *linear, gsize output, double weight,
                                  GError **error)
{
  ShsTreeDraft draft = { .nodes = nodes, .n_nodes = n_nodes, .linear = linear, .weight = weight };

  g_return_val_if_fail (self != NULL && (nodes != NULL || n_nodes == 0), FALSE);
  g_return_val_if_fail (linear != NULL || n_nodes == 0, FALSE);
  if (!shs_tree_builder_check (self, error))
    return FALSE;
  g_return_val_if_fail (self->ensemble->leaf_size == 1, FALSE);
  return add_draft (self, &draft, output, error);
}

static gboolean
check_base (const ShsTreeEnsemble *ensemble, GError **error)
{
  for (gsize k = 0; k < ensemble->n_outputs; k++)
    if (!isfinite (ensemble->base[k]))
      {
        g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                     "The base score of output %" G_GSIZE_FORMAT
                     " is %g; it must be finite; the model file is damaged, save it again",
                     k, ensemble->base[k]);
        return FALSE;
      }
  return TRUE;
}

ShsTreeEnsemble *
shs_tree_builder_finish (ShsTreeBuilder *self, GError **error)
{
  g_autoptr (ShsTreeBuilder) owned = self;

  g_return_val_if_fail (self != NULL && !self->is_open, NULL);
  if (!shs_tree_builder_check (owned, error) || !check_base (owned->ensemble, error)
      || !shs_tree_linear_leaves_finish (&owned->ensemble->linear, owned->ensemble->n_nodes, error)
      || !shs_tree_ensemble_summarise (owned->ensemble, error))
    return NULL;
  return g_steal_pointer (&owned->ensemble);
}
