#include "tree/shs-tree-explain.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-linear-leaves.h"
#include "tree/shs-tree-program.h"

#include <string.h>

#define NODES_PER_GROUP 16384

/* What one worker writes to. */
typedef struct
{
  ShsTreeSlots slots;
  gpointer x; /* [slot][64] */
  gsize group;
  ShsRouteNode *nodes; /* of @group: splits alone of trees whose leaves are picked, else all */
  ShsTreeBuffer picks; /* ShsPick */
  ShsPicker *pickers;  /* by tree of the group; their picks count from the first */
  double *leaves;      /* [leaf value][rank or code], tree by tree, times the tree's weight */
  double *sums;        /* [output][64] */
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
  if (!shs_tree_slots_init (&self->slots, ensemble->n_features, run->groups.most_nodes, error))
    return FALSE;
  self->x = shs_tree_slots_alloc (ensemble->n_features, &run->groups, run->kernels->size, error);
  if (self->x == NULL)
    return FALSE;
  self->nodes = shs_alloc (run->groups.most_nodes, sizeof (ShsRouteNode), error);
  if (self->nodes == NULL)
    return FALSE;
  self->pickers = shs_alloc (run->groups.most_trees, sizeof (ShsPicker), error);
  if (self->pickers == NULL)
    return FALSE;
  self->leaves = shs_alloc (run->groups.most_nodes, ensemble->leaf_size * sizeof (double), error);
  if (self->leaves == NULL)
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
      shs_tree_slots_clear (&run->workers[i].slots);
      shs_free (run->workers[i].x);
      shs_free (run->workers[i].nodes);
      shs_tree_buffer_clear (&run->workers[i].picks);
      shs_free (run->workers[i].pickers);
      shs_free (run->workers[i].leaves);
      shs_free (run->workers[i].sums);
      shs_free (run->workers[i].stack);
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

/* Leaves of a tree of the group that starts at node @begin, column by column; ranks count from the
 * first leaf, codes from the last. */
static void
prepare_leaves (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, gsize begin)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gsize n_leaves = n_nodes / 2 + 1;
  double *values = self->leaves + (first - begin) * ensemble->leaf_size;
  gsize rank = 0;

  for (gsize node = first; node < first + n_nodes; node++)
    {
      gsize place = is_picked (ensemble, tree) ? n_leaves - 1 - rank : rank;

      if (ensemble->split[node] != SHS_LEAF)
        continue;
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        values[k * n_leaves + place]
            = ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k];
      rank++;
    }
}

/* What routing reads of a tree, at the places that belong to its nodes in the group. */
static void
prepare_routes (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, gsize begin)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gboolean picked = is_picked (ensemble, tree);
  ShsRouteNode *routes = self->nodes + (first - begin);
  guint32 n_splits = 0;
  guint32 n_leaves = 0;

  for (gsize node = 0; node < n_nodes; node++)
    {
      gboolean is_leaf = ensemble->split[first + node] == SHS_LEAF;
      ShsRouteNode *route = &routes[picked ? n_splits : node];

      if (!is_leaf || !picked)
        shs_tree_route_node_init (route, ensemble, first + node, first, &self->slots);
      if (is_leaf && !picked)
        route->right = n_leaves;
      if (!is_leaf)
        route->word = 2 + n_splits;
      n_splits += !is_leaf;
      n_leaves += is_leaf;
    }
  if (picked)
    shs_tree_routes_sort (routes, n_splits);
}

/* The word of a bit below a split, given those below its children. */
static guint16
choose_word (ShsPick *picks, gsize *n_picks, gsize n_splits, ShsPick pick)
{
  if (pick.left == pick.right)
    return pick.left;
  if (pick.left == 1 && pick.right == 0)
    return pick.split;
  picks[*n_picks] = pick;
  return (guint16)(2 + n_splits + (*n_picks)++);
}

/* Codes count from the last leaf to the first, so that the one bit in which two sibling leaves
 * differ mostly is their split's go-left word itself. */
static gboolean
prepare_picks (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, ShsPicker *picker,
               GError **error)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gsize n_splits = n_nodes / 2;
  gsize split = n_splits;
  gsize code = 0;
  guint16 words[2 * SHS_PICK_LEAVES][SHS_PICK_BITS];
  ShsPick *picks;

  *picker = (ShsPicker){ .n_bits = n_splits > 0 ? g_bit_storage (n_splits) : 0 };
  picks
      = shs_tree_buffer_extend (&self->picks, n_splits * picker->n_bits + 1, sizeof *picks, error);
  if (picks == NULL)
    return FALSE;
  picker->picks = picks;
  for (gsize node = n_nodes; node-- > 0;)
    {
      gboolean is_leaf = ensemble->split[first + node] == SHS_LEAF;
      const guint16 *left = words[node + 1];
      const guint16 *right = words[ensemble->right[first + node] - first];

      split -= !is_leaf;
      for (guint bit = 0; bit < picker->n_bits; bit++)
        words[node][bit]
            = is_leaf ? code >> bit & 1
                      : choose_word (picks, &picker->n_picks, n_splits,
                                     (ShsPick){ (guint16)(2 + split), left[bit], right[bit] });
      code += is_leaf;
    }
  memcpy (picker->bits, words[0], sizeof picker->bits);
  self->picks.n -= n_splits * picker->n_bits + 1 - picker->n_picks;
  return TRUE;
}

static gboolean
prepare_group (Worker *self, const Predict *run, gsize group, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize first = run->groups.first[group];
  gsize n_trees = run->groups.first[group + 1] - first;
  const ShsPick *picks;

  if (self->group == group)
    return TRUE;
  self->group = G_MAXSIZE;
  self->picks.n = 0;
  shs_tree_slots_reset (&self->slots);
  for (gsize i = 0; i < n_trees; i++)
    {
      prepare_routes (self, ensemble, first + i, ensemble->tree_first[first]);
      prepare_leaves (self, ensemble, first + i, ensemble->tree_first[first]);
      if (is_picked (ensemble, first + i)
          && !prepare_picks (self, ensemble, first + i, &self->pickers[i], error))
        return FALSE;
    }
  /* The picks have found their place. */
  picks = self->picks.memory;
  for (gsize i = 0; i < n_trees; i++)
    if (is_picked (ensemble, first + i))
      {
        self->pickers[i].picks = picks;
        picks += self->pickers[i].n_picks;
      }
  self->group = group;
  return TRUE;
}

static void
add_tree (Worker *self, const Predict *run, gsize tree, gsize place, const ShsPicker *picker)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize n_splits = count_nodes (ensemble, tree) / 2;
  const double *values = self->leaves + place * ensemble->leaf_size;
  guint32 leaf[SHS_TREE_BLOCK];
  ShsRouter router = { .nodes = self->nodes + place,
                       .n_nodes = n_splits,
                       .n_rows = SHS_TREE_BLOCK,
                       .set_first = ensemble->set_first,
                       .set_words = ensemble->set_words };

  if (is_picked (ensemble, tree))
    run->kernels->pick_leaves (&router, picker, self->x, self->stack, leaf);
  else
    run->kernels->find_leaves (&router, self->x, self->stack, leaf);
  for (gsize k = 0; k < ensemble->leaf_size; k++)
    run->kernels->add_leaves (values + k * (n_splits + 1), leaf,
                              self->sums + (ensemble->tree_output[tree] + k) * SHS_TREE_BLOCK);
}

static void
add_group (Worker *self, const Predict *run, gsize group)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize first = run->groups.first[group];

  for (gsize tree = first; tree < run->groups.first[group + 1]; tree++)
    add_tree (self, run, tree, ensemble->tree_first[tree] - ensemble->tree_first[first],
              &self->pickers[tree - first]);
}

/* 64 rows from @first on: the sums so far are in the margins, which hold the base at first. */
static void
predict_block (Worker *self, const Predict *run, gsize group, gsize first)
{
  gsize count = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  shs_tree_slots_load (&self->slots, run->kernels, run->rows, first, self->x);
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

      if (!prepare_group (self, run, group, error))
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
