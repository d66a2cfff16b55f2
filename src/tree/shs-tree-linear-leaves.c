#include "tree/shs-tree-linear-leaves.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-words.h"

#include <string.h>

ShsTreeLinearLeaves *
shs_tree_linear_leaves_new (void)
{
  return g_new0 (ShsTreeLinearLeaves, 1);
}

void
shs_tree_linear_leaves_free (ShsTreeLinearLeaves *self)
{
  if (self == NULL)
    return;
  shs_free (self->first);
  shs_free (self->constant);
  shs_free (self->feature);
  shs_free (self->coefficient);
  g_free (self);
}

static gboolean
grow (gpointer *memory, gsize kept, gsize capacity, gsize size, GError **error)
{
  gpointer grown = shs_realloc (*memory, kept, capacity, size, error);

  if (grown != NULL)
    *memory = grown;
  return grown != NULL;
}

static gsize
count_terms (const ShsTreeLinearLeaves *self)
{
  return self->first != NULL ? self->first[self->n_nodes] : 0;
}

static gboolean
reserve_nodes (ShsTreeLinearLeaves *self, gsize needed, GError **error)
{
  gsize capacity = MAX (needed, self->node_capacity + self->node_capacity / 2 + 16);
  gboolean is_new = self->first == NULL;

  if (!is_new && needed <= self->node_capacity)
    return TRUE;
  if (!grow ((gpointer *)&self->constant, self->n_nodes, capacity, sizeof (double), error)
      || !grow ((gpointer *)&self->first, is_new ? 0 : self->n_nodes + 1, capacity + 1,
                sizeof (gsize), error))
    return FALSE;
  if (is_new)
    self->first[0] = 0;
  self->node_capacity = capacity;
  return TRUE;
}

static gboolean
reserve_terms (ShsTreeLinearLeaves *self, gsize needed, GError **error)
{
  gsize capacity = MAX (needed, self->term_capacity + self->term_capacity / 2 + 16);
  gsize kept = count_terms (self);

  if (self->feature != NULL && needed <= self->term_capacity)
    return TRUE;
  if (!grow ((gpointer *)&self->feature, kept, capacity, sizeof (gint32), error)
      || !grow ((gpointer *)&self->coefficient, kept, capacity, sizeof (double), error))
    return FALSE;
  self->term_capacity = capacity;
  return TRUE;
}

gboolean
shs_tree_linear_leaves_reserve (ShsTreeLinearLeaves *self, gsize n_nodes, gsize n_terms,
                                GError **error)
{
  gsize needed;

  if (!shs_size_add (count_terms (self), n_terms, &needed))
    needed = G_MAXSIZE;
  return reserve_terms (self, needed, error)
         && reserve_nodes (self, self->n_nodes + n_nodes, error);
}

void
shs_tree_linear_leaves_append (ShsTreeLinearLeaves *self, const ShsTreeLinearLeaf *leaf)
{
  gsize first = self->first[self->n_nodes];

  self->constant[self->n_nodes++] = leaf->constant;
  self->first[self->n_nodes] = first + leaf->n_terms;
  if (leaf->n_terms == 0)
    return;
  memcpy (self->feature + first, leaf->feature, leaf->n_terms * sizeof *self->feature);
  memcpy (self->coefficient + first, leaf->coefficient, leaf->n_terms * sizeof *self->coefficient);
}

gboolean
shs_tree_linear_leaves_pad (ShsTreeLinearLeaves *self, gsize n_nodes, GError **error)
{
  static const ShsTreeLinearLeaf none;

  if (!shs_tree_linear_leaves_reserve (self, n_nodes - self->n_nodes, 0, error))
    return FALSE;
  while (self->n_nodes < n_nodes)
    shs_tree_linear_leaves_append (self, &none);
  return TRUE;
}

gboolean
shs_tree_linear_leaves_finish (ShsTreeLinearLeaves **self, gsize n_nodes, GError **error)
{
  if (*self == NULL)
    return TRUE;
  if (count_terms (*self) > 0)
    return shs_tree_linear_leaves_pad (*self, n_nodes, error);
  g_clear_pointer (self, shs_tree_linear_leaves_free);
  return TRUE;
}

gboolean
shs_tree_linear_leaves_copy (const ShsTreeLinearLeaves *self, gsize n_nodes,
                             ShsTreeLinearLeaves **copy, GError **error)
{
  g_autoptr (ShsTreeLinearLeaves) made = shs_tree_linear_leaves_new ();
  gsize n_terms = self->first[n_nodes];

  *copy = NULL;
  if (!shs_tree_linear_leaves_reserve (made, n_nodes, n_terms, error))
    return FALSE;
  made->n_nodes = n_nodes;
  memcpy (made->first, self->first, (n_nodes + 1) * sizeof *made->first);
  memcpy (made->constant, self->constant, n_nodes * sizeof *made->constant);
  memcpy (made->feature, self->feature, n_terms * sizeof *made->feature);
  memcpy (made->coefficient, self->coefficient, n_terms * sizeof *made->coefficient);
  *copy = g_steal_pointer (&made);
  return shs_tree_linear_leaves_finish (copy, n_nodes, error);
}

static double
find_value (const ShsTreeEnsemble *ensemble, gsize leaf, const ShsMatrix *rows, gsize row)
{
  const ShsTreeLinearLeaves *linear = ensemble->linear;
  gsize end = linear->first[leaf + 1];
  double sum = linear->constant[leaf];

  if (linear->first[leaf] == end)
    return *shs_tree_ensemble_get_leaf (ensemble, leaf);
  for (gsize i = linear->first[leaf]; i < end; i++)
    {
      double value = shs_matrix_get (rows, row, (gsize)linear->feature[i]);

      if (isnan (value))
        return *shs_tree_ensemble_get_leaf (ensemble, leaf);
      sum += linear->coefficient[i] * value;
    }
  return sum;
}

static gsize
find_leaf (const ShsTreeWords *words, gsize tree, gsize row)
{
  const ShsTreeEnsemble *ensemble = words->ensemble;
  gsize node = ensemble->tree_first[tree];

  while (ensemble->split[node] != SHS_LEAF)
    node = shs_tree_words_goes_left (words, node, row) ? node + 1 : ensemble->right[node];
  return node;
}

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *rows;
  ShsMatrix *margins;
  ShsProgress *progress;
  gsize n_workers;
  ShsTreeWords *workers;
} Predict;

static void
clear_predict (Predict *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    shs_tree_words_clear (&run->workers[i]);
  shs_free (run->workers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Predict, clear_predict)

static gboolean
predict_block (gsize block, guint worker, gpointer data, GError **error)
{
  const Predict *run = data;
  const ShsTreeEnsemble *ensemble = run->ensemble;
  ShsTreeWords *words = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  shs_tree_words_route (words, run->rows, first);
  for (gsize k = 0; k < ensemble->n_outputs; k++)
    for (gsize row = 0; row < n_rows; row++)
      shs_matrix_set (run->margins, first + row, k, ensemble->base[k]);
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      double *sums = shs_matrix_column (run->margins, ensemble->tree_output[tree]) + first;

      for (gsize row = 0; row < n_rows; row++)
        sums[row] += ensemble->tree_weight[tree]
                     * find_value (ensemble, find_leaf (words, tree, row), run->rows, first + row);
    }
  shs_progress_add (run->progress, n_rows * ensemble->n_trees);
  return TRUE;
}

gboolean
shs_tree_linear_predict (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                         const ShsTreeOptions *options, ShsMatrix *margins, GError **error)
{
  gsize n_blocks = (rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
  g_auto (Predict) run = { .ensemble = ensemble,
                           .rows = rows,
                           .margins = margins,
                           .progress = options->progress,
                           .n_workers = shs_pool_count_workers (options->n_threads, n_blocks) };

  run.workers = shs_alloc0 (run.n_workers, sizeof *run.workers, error);
  for (gsize i = 0; run.workers != NULL && i < run.n_workers; i++)
    if (!shs_tree_words_init (&run.workers[i], ensemble, ensemble->n_nodes, options->instructions,
                              error)
        || !shs_tree_words_set_trees (&run.workers[i], 0, ensemble->n_trees, error))
      return FALSE;
  return run.workers != NULL
         && shs_pool_run (options->n_threads, n_blocks, predict_block, &run, run.progress, error);
}
