#include "tree/shs-tree-explain.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-block.h"

#include <string.h>

#define NODES_PER_GROUP 8192

/* What one worker writes to. */
typedef struct
{
  ShsTreeSlots slots;
  ShsRouteNode *nodes; /* of the group in @group */
  gsize group;
  double *sums; /* [output][64] */
  guint64 *stack;
} Worker;

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *rows;
  ShsMatrix *margins;
  const ShsTreeKernels *kernels;
  ShsProgress *progress;
  ShsTreeGroups groups;
  gsize superblock;
  gsize n_workers;
  Worker *workers;
} Predict;

static gboolean
init_worker (Worker *self, const Predict *run, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize deepest = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    deepest = MAX (deepest, ensemble->tree_depth[tree]);
  self->group = G_MAXSIZE;
  if (!shs_tree_slots_init (&self->slots, ensemble->n_features, run->groups.most_nodes,
                            run->kernels->size, error))
    return FALSE;
  self->nodes = shs_alloc (run->groups.most_nodes, sizeof (ShsRouteNode), error);
  if (self->nodes == NULL)
    return FALSE;
  self->sums = shs_alloc (ensemble->n_outputs, SHS_TREE_BLOCK * sizeof (double), error);
  if (self->sums == NULL)
    return FALSE;
  self->stack = shs_alloc (deepest + 1, 2 * sizeof (guint64), error);
  return self->stack != NULL;
}

static void
clear_run (Predict *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_tree_slots_clear (&run->workers[i].slots);
      shs_free (run->workers[i].nodes);
      shs_free (run->workers[i].sums);
      shs_free (run->workers[i].stack);
    }
  shs_free (run->workers);
  shs_tree_groups_clear (&run->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Predict, clear_run)

static void
prepare_group (Worker *self, const Predict *run, gsize group)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  ShsRouteNode *next = self->nodes;

  if (self->group == group)
    return;
  self->group = group;
  shs_tree_slots_reset (&self->slots);
  for (gsize tree = run->groups.first[group]; tree < run->groups.first[group + 1]; tree++)
    for (gsize node = ensemble->tree_first[tree]; node < ensemble->tree_first[tree + 1]; node++)
      shs_tree_route_node_init (next++, ensemble, node, ensemble->tree_first[tree], &self->slots);
}

static void
add_leaves (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, const guint32 *leaf)
{
  const double *values = ensemble->value + ensemble->tree_first[tree] * ensemble->leaf_size;
  double weight = ensemble->tree_weight[tree];

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double *sums = self->sums + (ensemble->tree_output[tree] + k) * SHS_TREE_BLOCK;

      for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
        sums[row] += weight * values[leaf[row] * ensemble->leaf_size + k];
    }
}

static void
add_group (Worker *self, const Predict *run, gsize group)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  ShsRouter router = { .nodes = self->nodes,
                       .set_first = ensemble->set_first,
                       .set_words = ensemble->set_words };
  guint32 leaf[SHS_TREE_BLOCK];

  for (gsize tree = run->groups.first[group]; tree < run->groups.first[group + 1]; tree++)
    {
      router.n_nodes = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
      run->kernels->find_leaves (&router, self->slots.x, self->stack, leaf);
      add_leaves (self, ensemble, tree, leaf);
      router.nodes += router.n_nodes;
    }
}

/* 64 rows from @first on: the sums so far are in the margins, which hold the base at first. */
static void
predict_block (Worker *self, const Predict *run, gsize group, gsize first)
{
  gsize count = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  shs_tree_slots_load (&self->slots, run->kernels, run->rows, first);
  for (gsize k = 0; k < run->ensemble->n_outputs; k++)
    memcpy (self->sums + k * SHS_TREE_BLOCK, shs_matrix_column (run->margins, k) + first,
            count * sizeof (double));
  add_group (self, run, group);
  for (gsize k = 0; k < run->ensemble->n_outputs; k++)
    memcpy (shs_matrix_column (run->margins, k) + first, self->sums + k * SHS_TREE_BLOCK,
            count * sizeof (double));
}

static gboolean
predict_superblock (gsize block, guint worker, gpointer data, GError **error)
{
  Predict *run = data;
  Worker *self = &run->workers[worker];
  gsize begin = block * run->superblock;
  gsize end = MIN (run->rows->n_rows, begin + run->superblock);

  for (gsize k = 0; k < run->ensemble->n_outputs; k++)
    for (gsize row = begin; row < end; row++)
      shs_matrix_set (run->margins, row, k, run->ensemble->base[k]);
  for (gsize group = 0; group < run->groups.n; group++)
    {
      gsize n_trees = run->groups.first[group + 1] - run->groups.first[group];

      prepare_group (self, run, group);
      for (gsize first = begin; first < end; first += SHS_TREE_BLOCK)
        {
          if (!shs_progress_check (run->progress, error))
            return FALSE;
          predict_block (self, run, group, first);
          shs_progress_add (run->progress, MIN (SHS_TREE_BLOCK, end - first) * n_trees);
        }
    }
  return TRUE;
}

gboolean
shs_tree_predict (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                  const ShsTreeOptions *options, ShsMatrix *margins, GError **error)
{
  g_auto (Predict) run = { .ensemble = ensemble, .rows = rows, .margins = margins };
  gsize n_blocks;

  g_return_val_if_fail (ensemble != NULL && rows != NULL && margins != NULL, FALSE);
  if (!shs_tree_check_shapes (ensemble, rows, margins, ensemble->n_outputs, error))
    return FALSE;
  run.kernels = shs_tree_kernels_get (
      options->instructions,
      ensemble->cast == SHS_TREE_CAST_DOUBLE ? SHS_PRECISION_DOUBLE : SHS_PRECISION_SINGLE, error);
  if (run.kernels == NULL || !shs_tree_groups_init (&run.groups, ensemble, NODES_PER_GROUP, error))
    return FALSE;

  run.progress = options->progress;
  run.superblock = shs_tree_superblock (rows->n_rows, options->n_threads);
  n_blocks = (rows->n_rows + run.superblock - 1) / run.superblock;
  run.n_workers = shs_pool_count_workers (options->n_threads, n_blocks);
  run.workers = shs_alloc0 (run.n_workers, sizeof (Worker), error);
  if (run.workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run.n_workers; i++)
    if (!init_worker (&run.workers[i], &run, error))
      return FALSE;
  return shs_pool_run (options->n_threads, n_blocks, predict_superblock, &run, run.progress, error);
}
