#include "tree/shs-tree-ensemble.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-draft.h"
#include "tree/shs-tree-ensemble-private.h"
#include "tree/shs-tree-linear-leaves.h"

#include <math.h>
#include <string.h>

#define LARGEST_CATEGORY ((1 << 24) - 1)
#define FREE_SET_BYTES (64u << 20) /* of category sets, however small the file is ... */
#define SET_BYTES_PER_BYTE 64      /* ... and so many for each byte of it */

struct _ShsTreeBuilder
{
  ShsTreeEnsemble *ensemble; /* NULL after @failure */
  GError *failure;           /* kept for the first call that can tell it */
  gsize node_capacity;
  gsize leaf_capacity;
  gsize tree_capacity;
  gsize set_capacity;
  gsize word_capacity;
  gsize file_size;
  gsize set_bytes;  /* of all sets so far */
  guint32 *scratch; /* four arrays of scratch_size: place, order, stack, depth */
  gsize scratch_size;
};

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
  shs_free (self->scratch);
  g_free (self);
}

static gboolean
is_sound (const ShsTreeBuilder *self, GError **error)
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

gboolean
shs_tree_builder_reserve (ShsTreeBuilder *self, gsize n_nodes, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  if (!is_sound (self, error))
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
  if (!is_sound (self, error))
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

/* Half as much again: large models must not need twice their memory. */
static gsize
get_larger_capacity (gsize capacity, gsize needed)
{
  return MAX (needed, capacity + capacity / 2 + 16);
}

static gboolean
reserve_set (ShsTreeBuilder *self, gsize n_words, GError **error)
{
  ShsTreeEnsemble *ensemble = self->ensemble;
  gsize needed = ensemble->set_first[ensemble->n_sets] + n_words;
  gsize n_sets = self->set_capacity;
  gsize words = self->word_capacity;

  if (ensemble->n_sets + 1 <= n_sets && needed <= words)
    return TRUE;
  n_sets = get_larger_capacity (n_sets, ensemble->n_sets + 1);
  words = get_larger_capacity (words, needed);
  if (!shs_tree_ensemble_reserve_sets (ensemble, n_sets, words, error))
    return FALSE;
  self->set_capacity = n_sets;
  self->word_capacity = words;
  return TRUE;
}

/* A set costs a bit for every category up to its largest, so a few bytes of file could ask for
 * megabytes: what all sets need together is held in proportion to the file. */
static gboolean
charge_set (ShsTreeBuilder *self, gint32 largest, GError **error)
{
  gsize n_bytes = (gsize)(largest + 1) / 8 + 8;
  gsize most = self->file_size < G_MAXSIZE / SET_BYTES_PER_BYTE - FREE_SET_BYTES
                   ? FREE_SET_BYTES + SET_BYTES_PER_BYTE * self->file_size
                   : G_MAXSIZE;

  if (n_bytes <= most - self->set_bytes)
    {
      self->set_bytes += n_bytes;
      return TRUE;
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "With category set %" G_GSIZE_FORMAT " the category sets are far larger than the "
               "file; save the model again",
               self->ensemble->n_sets);
  return FALSE;
}

gint32
shs_tree_builder_add_set (ShsTreeBuilder *self, const gint32 *categories, gsize n, GError **error)
{
  gint32 largest = -1;
  gsize n_words;
  guint32 *words;

  g_return_val_if_fail (self != NULL && (categories != NULL || n == 0), -1);
  if (!is_sound (self, error))
    return -1;
  for (gsize i = 0; i < n; i++)
    {
      if (categories[i] < 0 || categories[i] > LARGEST_CATEGORY)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                       "Category set %" G_GSIZE_FORMAT " holds category %d; categories are 0 to "
                       "%d; save the model again",
                       self->ensemble->n_sets, categories[i], LARGEST_CATEGORY);
          return -1;
        }
      largest = MAX (largest, categories[i]);
    }

  n_words = (gsize)(largest + 32) / 32;
  if (!charge_set (self, largest, error) || !reserve_set (self, n_words, error))
    return -1;
  words = self->ensemble->set_words + self->ensemble->set_first[self->ensemble->n_sets];
  memset (words, 0, n_words * sizeof (guint32));
  for (gsize i = 0; i < n; i++)
    words[categories[i] / 32] |= 1u << (categories[i] % 32);
  self->ensemble->n_sets++;
  self->ensemble->set_first[self->ensemble->n_sets]
      = self->ensemble->set_first[self->ensemble->n_sets - 1] + n_words;
  return (gint32)(self->ensemble->n_sets - 1);
}

static void
write_leaf (ShsTreeEnsemble *ensemble, gsize node, const double *values)
{
  double *vector = ensemble->value;

  ensemble->right[node] = (guint32)node;
  if (ensemble->leaf_size == 1)
    {
      ensemble->threshold[node] = values[0];
      return;
    }
  ensemble->threshold[node] = (double)ensemble->n_leaves;
  vector += ensemble->n_leaves++ * ensemble->leaf_size;
  memcpy (vector, values, ensemble->leaf_size * sizeof (double));
}

static void
write_node (ShsTreeEnsemble *ensemble, const ShsTreeDraft *draft, gsize position,
            const double *vectors)
{
  gsize first = ensemble->n_nodes;
  gsize node = first + position;
  guint32 source = draft->order[position];
  const ShsTreeNode *given = &draft->nodes[source];
  gboolean is_leaf = given->split == SHS_LEAF;

  ensemble->split[node] = (guint8)given->split;
  ensemble->missing[node] = is_leaf ? 0 : (guint8)given->missing;
  ensemble->feature[node] = is_leaf ? -1 : given->feature;
  if (ensemble->wide_cover != NULL)
    ensemble->wide_cover[node] = given->cover;
  else
    ensemble->cover[node] = (float)given->cover;
  if (is_leaf)
    {
      write_leaf (ensemble, node,
                  vectors != NULL ? vectors + source * ensemble->leaf_size : &given->value);
      return;
    }
  ensemble->right[node] = (guint32)(first + draft->place[given->right]);
  ensemble->threshold[node]
      = shs_tree_splits_by_set (given->split) ? (double)given->set : given->threshold;
}

static gboolean
reserve_nodes (ShsTreeBuilder *self, const ShsTreeDraft *draft, GError **error)
{
  ShsTreeEnsemble *ensemble = self->ensemble;
  gsize n_nodes = ensemble->n_nodes + draft->n_reached;
  gsize n_leaves = ensemble->n_leaves + draft->n_leaves;

  if (n_nodes > G_MAXUINT32)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "With tree %" G_GSIZE_FORMAT " the model has more than 4294967295 nodes; "
                   "explain fewer trees of it",
                   draft->number);
      return FALSE;
    }
  if (n_nodes > self->node_capacity)
    {
      gsize capacity = get_larger_capacity (self->node_capacity, n_nodes);

      if (!shs_tree_ensemble_reserve_nodes (ensemble, capacity, error))
        return FALSE;
      self->node_capacity = capacity;
    }
  if (ensemble->leaf_size > 1 && n_leaves > self->leaf_capacity)
    {
      gsize capacity = get_larger_capacity (self->leaf_capacity, n_leaves);

      if (!shs_tree_ensemble_reserve_leaves (ensemble, capacity, error))
        return FALSE;
      self->leaf_capacity = capacity;
    }
  return !draft->has_wide_covers
         || shs_tree_ensemble_widen_covers (ensemble, self->node_capacity, error);
}

static gboolean
reserve_tree (ShsTreeBuilder *self, const ShsTreeDraft *draft, GError **error)
{
  ShsTreeEnsemble *ensemble = self->ensemble;

  if (!reserve_nodes (self, draft, error))
    return FALSE;
  if (ensemble->n_trees + 1 > self->tree_capacity)
    {
      gsize capacity = get_larger_capacity (self->tree_capacity, ensemble->n_trees + 1);

      if (!shs_tree_ensemble_reserve_trees (ensemble, capacity, error))
        return FALSE;
      self->tree_capacity = capacity;
    }
  return TRUE;
}

/* Room for what the draft's leaves multiply; those before them are made constant. */
static gboolean
reserve_linear (ShsTreeEnsemble *ensemble, const ShsTreeDraft *draft, GError **error)
{
  gsize n_terms = 0;

  if (draft->linear == NULL)
    return TRUE;
  for (gsize i = 0; i < draft->n_reached; i++)
    if (draft->nodes[draft->order[i]].split == SHS_LEAF
        && !shs_size_add (n_terms, draft->linear[draft->order[i]].n_terms, &n_terms))
      n_terms = G_MAXSIZE;
  if (ensemble->linear == NULL)
    ensemble->linear = shs_tree_linear_leaves_new ();
  return shs_tree_linear_leaves_pad (ensemble->linear, ensemble->n_nodes, error)
         && shs_tree_linear_leaves_reserve (ensemble->linear, draft->n_reached, n_terms, error);
}

/* A leaf that multiplies nothing is a constant one. */
static void
write_linear (ShsTreeEnsemble *ensemble, const ShsTreeDraft *draft, gsize position)
{
  static const ShsTreeLinearLeaf none;
  guint32 source = draft->order[position];
  gboolean is_leaf = draft->nodes[source].split == SHS_LEAF;

  if (is_leaf && draft->linear[source].n_terms == 0)
    write_leaf (ensemble, ensemble->n_nodes + position, &draft->linear[source].constant);
  shs_tree_linear_leaves_append (ensemble->linear, is_leaf ? &draft->linear[source] : &none);
}

static gboolean
prepare_draft (ShsTreeBuilder *self, ShsTreeDraft *draft, GError **error)
{
  if (draft->n_nodes > self->scratch_size)
    {
      guint32 *scratch = shs_alloc (draft->n_nodes, 4 * sizeof (guint32), error);

      if (scratch == NULL)
        return FALSE;
      shs_free (self->scratch);
      self->scratch = scratch;
      self->scratch_size = draft->n_nodes;
    }
  draft->place = self->scratch;
  draft->order = draft->place + self->scratch_size;
  draft->stack = draft->order + self->scratch_size;
  draft->depth = draft->stack + self->scratch_size;
  return TRUE;
}

static gboolean
check_tree (const ShsTreeBuilder *self, gsize n_nodes, gsize output, double weight, GError **error)
{
  const char *fault = NULL;

  if (n_nodes == 0 || n_nodes > G_MAXINT32)
    fault = "it needs 1 to 2147483647 nodes";
  else if (self->ensemble->leaf_size == 1 && output >= self->ensemble->n_outputs)
    fault = "it adds to an output that the model does not have";
  else if (!isfinite (weight))
    fault = "its weight is not finite";
  if (fault == NULL)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "Tree %" G_GSIZE_FORMAT ": %s; the model file is damaged, save it again",
               self->ensemble->n_trees, fault);
  return FALSE;
}

static gboolean
add_draft (ShsTreeBuilder *self, ShsTreeDraft *draft, const double *vectors, gsize output,
           double weight, GError **error)
{
  ShsTreeEnsemble *ensemble = self->ensemble;

  draft->number = ensemble->n_trees;
  if (!check_tree (self, draft->n_nodes, output, weight, error)
      || !prepare_draft (self, draft, error) || !shs_tree_draft_order (draft, error)
      || !shs_tree_draft_check (draft, ensemble, vectors, weight, error)
      || !reserve_tree (self, draft, error) || !reserve_linear (ensemble, draft, error))
    return FALSE;

  for (gsize i = 0; i < draft->n_reached; i++)
    {
      write_node (ensemble, draft, i, vectors);
      if (draft->linear != NULL)
        write_linear (ensemble, draft, i);
    }
  ensemble->tree_output[draft->number] = ensemble->leaf_size == 1 ? (guint32)output : 0;
  ensemble->tree_weight[draft->number] = weight;
  ensemble->tree_depth[draft->number] = draft->largest_depth;
  ensemble->n_nodes += draft->n_reached;
  ensemble->n_trees++;
  ensemble->tree_first[ensemble->n_trees] = ensemble->n_nodes;
  return TRUE;
}

gboolean
shs_tree_builder_add_tree (ShsTreeBuilder *self, const ShsTreeNode *nodes, gsize n_nodes,
                           const double *vectors, gsize output, double weight, GError **error)
{
  ShsTreeDraft draft = { .nodes = nodes, .n_nodes = n_nodes };

  g_return_val_if_fail (self != NULL && (nodes != NULL || n_nodes == 0), FALSE);
  if (!is_sound (self, error))
    return FALSE;
  g_return_val_if_fail ((vectors != NULL) == (self->ensemble->leaf_size > 1), FALSE);
  return add_draft (self, &draft, vectors, output, weight, error);
}

gboolean
shs_tree_builder_add_linear_tree (ShsTreeBuilder *self, const ShsTreeNode *nodes, gsize n_nodes,
                                  const ShsTreeLinearLeaf *linear, gsize output, double weight,
                                  GError **error)
{
  ShsTreeDraft draft = { .nodes = nodes, .linear = linear, .n_nodes = n_nodes };

  g_return_val_if_fail (self != NULL && (nodes != NULL || n_nodes == 0), FALSE);
  g_return_val_if_fail (linear != NULL || n_nodes == 0, FALSE);
  if (!is_sound (self, error))
    return FALSE;
  g_return_val_if_fail (self->ensemble->leaf_size == 1, FALSE);
  return add_draft (self, &draft, NULL, output, weight, error);
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

  g_return_val_if_fail (self != NULL, NULL);
  if (!is_sound (owned, error) || !check_base (owned->ensemble, error)
      || !shs_tree_linear_leaves_finish (&owned->ensemble->linear, owned->ensemble->n_nodes, error)
      || !shs_tree_ensemble_summarise (owned->ensemble, error))
    return NULL;
  return g_steal_pointer (&owned->ensemble);
}
