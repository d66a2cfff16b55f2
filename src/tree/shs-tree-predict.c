#include "tree/shs-tree-explain.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-layout.h"
#include "tree/shs-tree-linear-leaves.h"

#include <string.h>

#define NODES_PER_GROUP 16384
/* A group is prepared again for each of so many rows, at most. */
#define LARGEST_TASK 16384
/* Rows of a task for which splits are ranked. */
#define LEAST_RANKED_ROWS 2048

/* What one worker writes to. */
typedef struct
{
  ShsTreeLayout layout;
  gpointer x;     /* [slot][64] */
  guint64 *words; /* of the splits */
  double *sums;   /* [output][64] */
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
  if (!shs_tree_layout_init (&self->layout, ensemble, &run->groups, error))
    return FALSE;
  self->x = shs_tree_slots_alloc (ensemble->n_features, &run->groups, run->kernels->size, error);
  if (self->x == NULL)
    return FALSE;
  self->words = shs_alloc0 (run->groups.most_nodes + SHS_PICK_PADDING, sizeof *self->words, error);
  if (self->words == NULL)
    return FALSE;
  self->sums = shs_alloc (ensemble->n_outputs, SHS_TREE_BLOCK * sizeof (double), error);
  if (self->sums == NULL)
    return FALSE;
  self->stack = shs_alloc (MAX (2 * (deepest + 1), SHS_PICK_WORDS), sizeof (guint64), error);
  return self->stack != NULL;
}

static void
clear_run (Predict *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_tree_layout_clear (&run->workers[i].layout);
      shs_free (run->workers[i].x);
      shs_free (run->workers[i].words);
      shs_free (run->workers[i].sums);
      shs_free (run->workers[i].stack);
    }
  shs_free (run->workers);
  shs_tree_groups_clear (&run->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Predict, clear_run)

static void
add_tree (Worker *self, const Predict *run, gsize tree, gsize place, const ShsPicker *picker)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize n_splits = (ensemble->tree_first[tree + 1] - ensemble->tree_first[tree]) / 2;
  const double *values = self->layout.leaves + place * ensemble->leaf_size;
  guint32 leaf[SHS_TREE_BLOCK];
  ShsRouter router = { .nodes = self->layout.nodes + place,
                       .n_nodes = n_splits,
                       .n_rows = SHS_TREE_BLOCK,
                       .set_first = ensemble->set_first,
                       .set_words = ensemble->set_words };

  if (shs_tree_layout_has_codes (ensemble, tree))
    run->kernels->pick_leaves (picker, self->words, self->stack, leaf);
  else
    run->kernels->find_leaves (&router, self->x, self->stack, leaf);
  for (gsize k = 0; k < ensemble->leaf_size; k++)
    run->kernels->add_leaves (values + k * shs_tree_layout_count_codes (ensemble, tree), leaf,
                              self->sums + (ensemble->tree_output[tree] + k) * SHS_TREE_BLOCK);
}

static void
find_words (Worker *self, const Predict *run)
{
  ShsRouter router = { .nodes = self->layout.splits.memory,
                       .n_nodes = self->layout.n_routed,
                       .n_rows = SHS_TREE_BLOCK,
                       .set_first = run->ensemble->set_first,
                       .set_words = run->ensemble->set_words };

  run->kernels->route (&router, self->x, self->words);
  shs_tree_ranking_run (&self->layout.ranking, run->kernels, self->x, self->words);
}

static void
add_group (Worker *self, const Predict *run, gsize group)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize first = run->groups.first[group];

  for (gsize tree = first; tree < run->groups.first[group + 1]; tree++)
    add_tree (self, run, tree, ensemble->tree_first[tree] - ensemble->tree_first[first],
              &self->layout.pickers[tree - first]);
}

/* 64 rows from @first on: the sums so far are in the margins, which hold the base at first. */
static void
predict_block (Worker *self, const Predict *run, gsize group, gsize first)
{
  gsize count = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  shs_tree_slots_load (&self->layout.slots, run->kernels, run->rows, first, self->x);
  for (gsize k = 0; k < run->ensemble->n_outputs; k++)
    memcpy (self->sums + k * SHS_TREE_BLOCK, shs_matrix_column (run->margins, k) + first,
            count * sizeof (double));
  find_words (self, run);
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
  gboolean ranks = run->kernels->rank != NULL && run->superblock >= LEAST_RANKED_ROWS;

  for (gsize k = 0; k < run->ensemble->n_outputs; k++)
    for (gsize row = begin; row < end; row++)
      shs_matrix_set (run->margins, row, k, run->ensemble->base[k]);
  for (gsize group = 0; group < run->groups.n; group++)
    {
      gsize n_trees = run->groups.first[group + 1] - run->groups.first[group];

      if (!shs_tree_layout_prepare (&self->layout, run->ensemble, &run->groups, group, ranks,
                                    error))
        return FALSE;
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
  if (ensemble->linear != NULL)
    return shs_tree_linear_predict (ensemble, rows, options, margins, error);
  run.kernels = shs_tree_kernels_get (
      options->instructions,
      ensemble->cast == SHS_TREE_CAST_DOUBLE ? SHS_PRECISION_DOUBLE : SHS_PRECISION_SINGLE, error);
  if (run.kernels == NULL || !shs_tree_groups_init (&run.groups, ensemble, NODES_PER_GROUP, error))
    return FALSE;

  run.progress = options->progress;
  run.superblock = shs_tree_superblock_up_to (LARGEST_TASK, rows->n_rows, options->n_threads);
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
