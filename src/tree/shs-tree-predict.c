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
  gsize group;
  ShsRouteNode *nodes; /* of @group: splits alone of trees whose leaves are picked, else all */
  ShsPick *picks;      /* by node */
  double *leaves;      /* [rank][leaf value], tree by tree, times the tree's weight */
  double *sums;        /* [output][64] */
  guint64 *stack;
  guint8 *ranks;
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
  self->picks = shs_alloc (run->groups.most_nodes, sizeof (ShsPick), error);
  if (self->picks == NULL)
    return FALSE;
  self->leaves = shs_alloc (run->groups.most_nodes, ensemble->leaf_size * sizeof (double), error);
  if (self->leaves == NULL)
    return FALSE;
  self->ranks = shs_alloc (SHS_PICK_BYTES, 1, error);
  if (self->ranks == NULL)
    return FALSE;
  for (gsize rank = 0; rank < SHS_PICK_LEAVES; rank++)
    memset (self->ranks + rank * SHS_TREE_BLOCK, (int)rank, SHS_TREE_BLOCK);
  self->sums = shs_alloc (ensemble->n_outputs, SHS_TREE_BLOCK * sizeof (double), error);
  if (self->sums == NULL)
    return FALSE;
  self->stack = shs_alloc (MAX (deepest + 1, SHS_PICK_LEAVES / 2), 2 * sizeof (guint64), error);
  return self->stack != NULL;
}

static void
clear_run (Predict *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_tree_slots_clear (&run->workers[i].slots);
      shs_free (run->workers[i].nodes);
      shs_free (run->workers[i].picks);
      shs_free (run->workers[i].leaves);
      shs_free (run->workers[i].sums);
      shs_free (run->workers[i].stack);
      shs_free (run->workers[i].ranks);
    }
  shs_free (run->workers);
  shs_tree_groups_clear (&run->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Predict, clear_run)

static gsize
count_nodes (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
}

static gboolean
is_picked (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return count_nodes (ensemble, tree) < 2 * SHS_PICK_LEAVES;
}

/* What of a tree the kernels read, at the places that belong to its nodes in the group. */
static void
prepare_tree (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, gsize place)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gboolean picked = is_picked (ensemble, tree);
  guint32 n_splits = 0;
  guint32 n_leaves = 0;

  for (gsize node = 0; node < n_nodes; node++)
    {
      gboolean is_leaf = ensemble->split[first + node] == SHS_LEAF;
      ShsRouteNode *route = &self->nodes[place + (picked ? n_splits : node)];

      if (!is_leaf || !picked)
        shs_tree_route_node_init (route, ensemble, first + node, first, &self->slots);
      n_splits += !is_leaf;
      if (!is_leaf)
        continue;
      if (!picked)
        route->right = n_leaves;
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        self->leaves[(place + n_leaves) * ensemble->leaf_size + k]
            = ensemble->tree_weight[tree]
              * ensemble->value[(first + node) * ensemble->leaf_size + k];
      n_leaves++;
    }
}

/* Of n nodes in depth-first order, the splits' numbers and the leaves' ranks come up in order. */
static void
prepare_picks (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, gsize place)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  guint16 name[2 * SHS_PICK_LEAVES];
  guint16 n_splits = 0;
  guint16 n_leaves = 0;

  for (gsize node = 0; node < n_nodes; node++)
    name[node]
        = ensemble->split[first + node] == SHS_LEAF ? n_leaves++ : SHS_PICK_LEAVES + n_splits++;
  for (gsize node = 0; node < n_nodes; node++)
    if (ensemble->split[first + node] != SHS_LEAF)
      self->picks[place + name[node] - SHS_PICK_LEAVES]
          = (ShsPick){ name[node + 1], name[ensemble->right[first + node] - first] };
}

static void
prepare_group (Worker *self, const Predict *run, gsize group)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize begin = ensemble->tree_first[run->groups.first[group]];

  if (self->group == group)
    return;
  self->group = group;
  shs_tree_slots_reset (&self->slots);
  for (gsize tree = run->groups.first[group]; tree < run->groups.first[group + 1]; tree++)
    {
      gsize place = ensemble->tree_first[tree] - begin;

      prepare_tree (self, ensemble, tree, place);
      if (is_picked (ensemble, tree))
        prepare_picks (self, ensemble, tree, place);
    }
}

static void
add_leaves (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, gsize place,
            const guint32 *leaf)
{
  const double *values = self->leaves + place * ensemble->leaf_size;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double *sums = self->sums + (ensemble->tree_output[tree] + k) * SHS_TREE_BLOCK;

      for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
        sums[row] += values[leaf[row] * ensemble->leaf_size + k];
    }
}

static void
add_group (Worker *self, const Predict *run, gsize group)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize begin = ensemble->tree_first[run->groups.first[group]];
  guint32 leaf[SHS_TREE_BLOCK];

  for (gsize tree = run->groups.first[group]; tree < run->groups.first[group + 1]; tree++)
    {
      gsize place = ensemble->tree_first[tree] - begin;
      ShsRouter router = { .nodes = self->nodes + place,
                           .n_nodes = count_nodes (ensemble, tree) / 2,
                           .set_first = ensemble->set_first,
                           .set_words = ensemble->set_words };

      if (is_picked (ensemble, tree))
        run->kernels->pick_leaves (&router, self->picks + place, self->slots.x, self->stack,
                                   self->ranks, leaf);
      else
        run->kernels->find_leaves (&router, self->slots.x, self->stack, leaf);
      add_leaves (self, ensemble, tree, place, leaf);
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
