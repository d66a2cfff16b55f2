#include "tree/shs-tree-ensemble.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-cache.h"
#include "tree/shs-tree-ensemble-private.h"
#include "tree/shs-tree-linear-leaves.h"

#include <math.h>
#include <string.h>

/* One column of the struct of arrays: where its pointer is, and bytes per element. */
typedef struct
{
  gsize offset;
  gsize size;
} Column;

static const Column node_columns[] = {
  { G_STRUCT_OFFSET (ShsTreeEnsemble, split), sizeof (guint8) },
  { G_STRUCT_OFFSET (ShsTreeEnsemble, missing), sizeof (guint8) },
  { G_STRUCT_OFFSET (ShsTreeEnsemble, feature), sizeof (gint32) },
  { G_STRUCT_OFFSET (ShsTreeEnsemble, threshold), sizeof (double) },
  { G_STRUCT_OFFSET (ShsTreeEnsemble, right), sizeof (guint32) },
};

static const Column tree_columns[] = {
  { G_STRUCT_OFFSET (ShsTreeEnsemble, tree_output), sizeof (guint32) },
  { G_STRUCT_OFFSET (ShsTreeEnsemble, tree_weight), sizeof (double) },
  { G_STRUCT_OFFSET (ShsTreeEnsemble, tree_depth), sizeof (guint32) },
};

static gpointer *
get_column (const ShsTreeEnsemble *self, Column column)
{
  return (gpointer *)((char *)self + column.offset);
}

static gboolean
grow (gpointer *memory, gsize kept, gsize capacity, gsize size, GError **error)
{
  gpointer grown = shs_realloc (*memory, kept, capacity, size, error);

  if (grown == NULL)
    return FALSE;
  *memory = grown;
  return TRUE;
}

static gboolean
grow_columns (ShsTreeEnsemble *self, const Column *columns, gsize n, gsize kept, gsize capacity,
              GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (!grow (get_column (self, columns[i]), kept, capacity, columns[i].size, error))
      return FALSE;
  return TRUE;
}

gboolean
shs_tree_ensemble_reserve_nodes (ShsTreeEnsemble *self, gsize capacity, GError **error)
{
  return grow_columns (self, node_columns, G_N_ELEMENTS (node_columns), self->n_nodes, capacity,
                       error)
         && (self->wide_cover != NULL
                 ? grow ((gpointer *)&self->wide_cover, self->n_nodes, capacity, sizeof (double),
                         error)
                 : grow ((gpointer *)&self->cover, self->n_nodes, capacity, sizeof (float), error));
}

gboolean
shs_tree_ensemble_reserve_leaves (ShsTreeEnsemble *self, gsize capacity, GError **error)
{
  gsize leaf_bytes;

  if (!shs_size_multiply (self->leaf_size, sizeof (double), &leaf_bytes))
    leaf_bytes = G_MAXSIZE;
  return grow ((gpointer *)&self->value, self->n_leaves, capacity, leaf_bytes, error);
}

gboolean
shs_tree_ensemble_widen_covers (ShsTreeEnsemble *self, gsize capacity, GError **error)
{
  double *wide;

  if (self->wide_cover != NULL)
    return TRUE;
  wide = shs_alloc (capacity, sizeof (double), error);
  if (wide == NULL)
    return FALSE;
  for (gsize node = 0; node < self->n_nodes; node++)
    wide[node] = self->cover[node];
  self->wide_cover = wide;
  g_clear_pointer (&self->cover, shs_free);
  return TRUE;
}

gboolean
shs_tree_ensemble_reserve_trees (ShsTreeEnsemble *self, gsize capacity, GError **error)
{
  return grow_columns (self, tree_columns, G_N_ELEMENTS (tree_columns), self->n_trees, capacity,
                       error)
         && grow ((gpointer *)&self->tree_first, self->n_trees + 1, capacity + 1, sizeof (gsize),
                  error);
}

gboolean
shs_tree_ensemble_reserve_sets (ShsTreeEnsemble *self, gsize n_sets, gsize n_words, GError **error)
{
  return grow ((gpointer *)&self->set_first, self->n_sets + 1, n_sets + 1, sizeof (gsize), error)
         && grow ((gpointer *)&self->set_words, self->set_first[self->n_sets], n_words,
                  sizeof (guint32), error);
}

gboolean
shs_tree_ensemble_set_shape (ShsTreeEnsemble *self, gsize n_features, gsize n_outputs,
                             GError **error)
{
  SHS_AUTOFREE double *base = shs_alloc0 (n_outputs, sizeof *base, error);
  SHS_AUTOFREE guint32 *player = NULL;

  if (base == NULL)
    return FALSE;
  player = shs_alloc (n_features, sizeof *player, error);
  if (player == NULL)
    return FALSE;
  for (gsize feature = 0; feature < n_features; feature++)
    player[feature] = (guint32)feature;
  shs_free (self->base);
  shs_free (self->player);
  self->base = g_steal_pointer (&base);
  self->player = g_steal_pointer (&player);
  self->n_features = self->n_players = n_features;
  self->n_outputs = n_outputs;
  return TRUE;
}

ShsTreeEnsemble *
shs_tree_ensemble_new (gsize n_features, gsize n_outputs, gsize leaf_size, ShsTreeCast cast,
                       GError **error)
{
  g_autoptr (ShsTreeEnsemble) self = g_new0 (ShsTreeEnsemble, 1);

  self->references = 1;
  self->cache = g_new0 (ShsTreeCache *, 1);
  self->leaf_size = leaf_size;
  self->cast = cast;
  if (!shs_tree_ensemble_set_shape (self, n_features, n_outputs, error))
    return NULL;
  self->tree_first = shs_alloc0 (1, sizeof (gsize), error);
  if (self->tree_first == NULL)
    return NULL;
  self->set_first = shs_alloc0 (1, sizeof (gsize), error);
  if (self->set_first == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

ShsTreeEnsemble *
shs_tree_ensemble_ref (ShsTreeEnsemble *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_tree_ensemble_unref (ShsTreeEnsemble *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (node_columns); i++)
    shs_free (*get_column (self, node_columns[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (tree_columns); i++)
    shs_free (*get_column (self, tree_columns[i]));
  shs_free (self->cover);
  shs_free (self->wide_cover);
  shs_free (self->player);
  shs_free (self->base);
  shs_free (self->tree_first);
  shs_free (self->value);
  shs_free (self->set_first);
  shs_free (self->set_words);
  shs_tree_linear_leaves_free (self->linear);
  shs_free (self->expected);
  shs_free (self->max_leaf_sum);
  shs_tree_cache_free (*self->cache);
  g_free (self->cache);
  g_free (self);
}

/* What the leaves of one tree come to.
 * @share: by node: of the training weight
 * @mean, @largest: leaf_size numbers: of the leaves by share, and of their size */
typedef struct
{
  double *share;
  double *mean;
  double *largest;
} TreeSummary;

static inline void
add_leaf (const TreeSummary *summary, double share, const double *values, gsize n)
{
  for (gsize k = 0; k < n; k++)
    {
      summary->mean[k] += share * values[k];
      summary->largest[k] = MAX (summary->largest[k], fabs (values[k]));
    }
}

/* A child's share is its parent's times its own, and parents come first. Tells whether every node
 * has a cover, which a lone leaf does not need. */
static gboolean
add_nodes (const ShsTreeEnsemble *self, gsize tree, const TreeSummary *summary)
{
  gsize first = self->tree_first[tree];
  gsize end = self->tree_first[tree + 1];
  double *share = summary->share;
  gboolean has_cover = TRUE;

  share[0] = 1;
  for (gsize node = first; node < end; node++)
    {
      double here = share[node - first];

      has_cover &= !isnan (shs_tree_ensemble_get_cover (self, node));
      if (self->split[node] == SHS_LEAF)
        add_leaf (summary, here, shs_tree_ensemble_get_leaf (self, node), self->leaf_size);
      else
        {
          double left = shs_tree_ensemble_get_left_share (self, node);

          share[node + 1 - first] = here * left;
          share[self->right[node] - first] = here * (1 - left);
        }
    }
  return has_cover || end - first == 1;
}

static void
summarise_tree (ShsTreeEnsemble *self, gsize tree, const TreeSummary *summary)
{
  double weight = self->tree_weight[tree];
  double *expected = self->expected + self->tree_output[tree];
  double *max_leaf_sum = self->max_leaf_sum + self->tree_output[tree];

  memset (summary->mean, 0, self->leaf_size * sizeof (double));
  memset (summary->largest, 0, self->leaf_size * sizeof (double));
  self->has_cover &= add_nodes (self, tree, summary);
  for (gsize k = 0; k < self->leaf_size; k++)
    {
      expected[k] += weight * summary->mean[k];
      max_leaf_sum[k] += fabs (weight) * summary->largest[k];
    }
}

static gsize
find_largest_tree (const ShsTreeEnsemble *self)
{
  gsize largest = 0;

  for (gsize tree = 0; tree < self->n_trees; tree++)
    largest = MAX (largest, self->tree_first[tree + 1] - self->tree_first[tree]);
  return largest;
}

gboolean
shs_tree_ensemble_summarise (ShsTreeEnsemble *self, GError **error)
{
  SHS_AUTOFREE double *share = shs_alloc (find_largest_tree (self), sizeof (double), error);
  SHS_AUTOFREE double *leaves = NULL;
  TreeSummary summary;

  if (share == NULL)
    return FALSE;
  leaves = shs_alloc (self->leaf_size, 2 * sizeof (double), error);
  if (leaves == NULL)
    return FALSE;
  g_clear_pointer (&self->expected, shs_free); /* of covers that were counted anew */
  g_clear_pointer (&self->max_leaf_sum, shs_free);
  self->expected = shs_alloc (self->n_outputs, sizeof (double), error);
  if (self->expected == NULL)
    return FALSE;
  self->max_leaf_sum = shs_alloc0 (self->n_outputs, sizeof (double), error);
  if (self->max_leaf_sum == NULL)
    return FALSE;

  summary = (TreeSummary){ share, leaves, leaves + self->leaf_size };
  memcpy (self->expected, self->base, self->n_outputs * sizeof (double));
  self->has_cover = TRUE;
  for (gsize tree = 0; tree < self->n_trees; tree++)
    summarise_tree (self, tree, &summary);
  for (gsize k = 0; k < self->n_outputs && (!self->has_cover || self->linear != NULL); k++)
    self->expected[k] = NAN;
  return TRUE;
}

double
shs_tree_ensemble_expected_value (const ShsTreeEnsemble *self, gsize output)
{
  g_return_val_if_fail (output < self->n_outputs, NAN);
  return self->expected[output];
}

double
shs_tree_ensemble_max_leaf_sum (const ShsTreeEnsemble *self, gsize output)
{
  g_return_val_if_fail (output < self->n_outputs, NAN);
  return self->max_leaf_sum[output];
}

gboolean
shs_tree_ensemble_check_constant_leaves (const ShsTreeEnsemble *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  if (self->linear == NULL)
    return TRUE;
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                       "The leaves of the trees are linear functions of features, so that values "
                       "exist only against rows to compare with; choose a background");
  return FALSE;
}

static void
copy_columns (ShsTreeEnsemble *to, const ShsTreeEnsemble *from, const Column *columns, gsize n,
              gsize count)
{
  for (gsize i = 0; i < n; i++)
    if (count > 0)
      memcpy (*get_column (to, columns[i]), *get_column (from, columns[i]),
              count * columns[i].size);
}

/* How many vectors the leaves among the first @n_nodes have: they are numbered in order. */
static gsize
count_vectors (const ShsTreeEnsemble *self, gsize n_nodes)
{
  gsize n = 0;

  for (gsize node = 0; self->leaf_size > 1 && node < n_nodes; node++)
    n += self->split[node] == SHS_LEAF;
  return n;
}

/* Room for as much as the first @n_trees of another need. */
static gboolean
reserve_content (ShsTreeEnsemble *self, const ShsTreeEnsemble *from, gsize n_trees, GError **error)
{
  gsize n_nodes = from->tree_first[n_trees];

  return shs_tree_ensemble_reserve_trees (self, n_trees, error)
         && shs_tree_ensemble_reserve_nodes (self, n_nodes, error)
         && (from->wide_cover == NULL || shs_tree_ensemble_widen_covers (self, n_nodes, error))
         && (from->leaf_size == 1
             || shs_tree_ensemble_reserve_leaves (self, count_vectors (from, n_nodes), error))
         && shs_tree_ensemble_reserve_sets (self, from->n_sets, from->set_first[from->n_sets],
                                            error);
}

static void
copy_content (ShsTreeEnsemble *to, const ShsTreeEnsemble *from, gsize n_trees)
{
  gsize n_nodes = from->tree_first[n_trees];
  gsize n_words = from->set_first[from->n_sets];
  gsize n_leaves = count_vectors (from, n_nodes);

  copy_columns (to, from, node_columns, G_N_ELEMENTS (node_columns), n_nodes);
  copy_columns (to, from, tree_columns, G_N_ELEMENTS (tree_columns), n_trees);
  memcpy (to->player, from->player, from->n_features * sizeof *from->player);
  memcpy (to->base, from->base, from->n_outputs * sizeof (double));
  memcpy (to->tree_first, from->tree_first, (n_trees + 1) * sizeof (gsize));
  memcpy (to->set_first, from->set_first, (from->n_sets + 1) * sizeof (gsize));
  if (from->cover != NULL && n_nodes > 0)
    memcpy (to->cover, from->cover, n_nodes * sizeof (float));
  if (from->wide_cover != NULL && n_nodes > 0)
    memcpy (to->wide_cover, from->wide_cover, n_nodes * sizeof (double));
  if (from->leaf_size > 1 && n_nodes > 0)
    memcpy (to->value, from->value, n_leaves * from->leaf_size * sizeof (double));
  if (n_words > 0)
    memcpy (to->set_words, from->set_words, n_words * sizeof (guint32));
  to->n_players = from->n_players;
  to->n_trees = n_trees;
  to->n_nodes = n_nodes;
  to->n_leaves = n_leaves;
  to->n_sets = from->n_sets;
}

ShsTreeEnsemble *
shs_tree_ensemble_limit (const ShsTreeEnsemble *self, gsize n_trees, GError **error)
{
  g_autoptr (ShsTreeEnsemble) limited = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  n_trees = MIN (n_trees, self->n_trees);
  limited = shs_tree_ensemble_new (self->n_features, self->n_outputs, self->leaf_size, self->cast,
                                   error);
  if (limited == NULL || !reserve_content (limited, self, n_trees, error))
    return NULL;
  copy_content (limited, self, n_trees);
  if (self->linear != NULL
      && !shs_tree_linear_leaves_copy (self->linear, limited->n_nodes, &limited->linear, error))
    return NULL;
  return shs_tree_ensemble_summarise (limited, error) ? g_steal_pointer (&limited) : NULL;
}
