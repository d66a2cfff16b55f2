#include "tree/shs-tree-explain.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-linear-leaves.h"
#include "tree/shs-tree-program.h"
#include "tree/shs-tree-ranking.h"

#include <string.h>

#define NODES_PER_GROUP 16384
/* A group is prepared again for each of so many rows, at most. */
#define LARGEST_TASK 16384
/* Rows of a task for which splits are ranked. */
#define LEAST_RANKED_ROWS 2048

/* What one worker writes to. */
typedef struct
{
  ShsTreeSlots slots;
  gpointer x; /* [slot][64] */
  gsize group;
  ShsRouteNode *nodes;    /* of @group's trees whose leaves are not picked */
  ShsTreeBuffer splits;   /* ShsRouteNode: of all others; those that are not ranked come first */
  gsize n_routed;         /* of these */
  ShsTreeRanking ranking; /* of the rest */
  guint64 *words;         /* of the splits */
  gsize n_words;
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
  self->words = shs_alloc0 (run->groups.most_nodes + SHS_PICK_PADDING, sizeof *self->words, error);
  if (self->words == NULL)
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
      shs_tree_buffer_clear (&run->workers[i].splits);
      shs_tree_ranking_clear (&run->workers[i].ranking);
      shs_free (run->workers[i].words);
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

/* Whether the tree is laid out as a complete one of its depth, for which no more memory is needed
 * than its nodes take. */
static gboolean
is_full (const ShsTreeEnsemble *ensemble, gsize tree)
{
  guint depth = (guint)ensemble->tree_depth[tree];

  return depth <= SHS_PICK_BITS && (gsize)1 << depth <= count_nodes (ensemble, tree);
}

static gsize
count_codes (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return is_full (ensemble, tree) ? (gsize)1 << ensemble->tree_depth[tree]
                                  : count_nodes (ensemble, tree) / 2 + 1;
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
  ShsRouteNode *route = self->nodes + (first - begin);
  guint32 n_leaves = 0;

  for (gsize node = first; node < first + count_nodes (ensemble, tree); node++, route++)
    {
      shs_tree_route_node_init (route, ensemble, node, first, &self->slots);
      if (ensemble->split[node] == SHS_LEAF)
        route->right = n_leaves++;
    }
}

/* Likewise of its splits alone. */
static gboolean
prepare_splits (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, GError **error)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gsize word = self->n_words;
  ShsRouteNode *route = shs_tree_buffer_extend (&self->splits, n_nodes / 2, sizeof *route, error);

  if (route == NULL)
    return FALSE;
  self->n_words += n_nodes / 2;
  for (gsize node = first; node < first + n_nodes; node++)
    if (ensemble->split[node] != SHS_LEAF)
      {
        shs_tree_route_node_init (route, ensemble, node, first, &self->slots);
        route++->word = (guint32)word++;
      }
  return TRUE;
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

  *picker = (ShsPicker){ .first_word = self->n_words,
                         .n_splits = n_splits,
                         .n_bits = n_splits > 0 ? g_bit_storage (n_splits) : 0 };
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

/* A complete tree, of which @node has @number at @depth. All codes that begin like the way to a
 * leaf are the leaf's. */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  gsize tree;
  gsize first_word;
  ShsRouteNode *next;
  double *values;
} FullTree;

static void
place_full (FullTree *self, ShsTreeSlots *slots, gsize node, guint depth, gsize number)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize bit = (gsize)1 << depth;
  gsize n_codes = count_codes (ensemble, self->tree);

  if (ensemble->split[node] == SHS_LEAF)
    {
      for (gsize code = ~number & (bit - 1); code < n_codes; code += bit)
        for (gsize k = 0; k < ensemble->leaf_size; k++)
          self->values[k * n_codes + code]
              = ensemble->tree_weight[self->tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k];
      return;
    }
  shs_tree_route_node_init (self->next, ensemble, node, ensemble->tree_first[self->tree], slots);
  self->next++->word = (guint32)(self->first_word + bit + number);
  place_full (self, slots, node + 1, depth + 1, number);
  place_full (self, slots, (gsize)ensemble->right[node], depth + 1, number + bit);
}

static gboolean
prepare_full (Worker *self, const ShsTreeEnsemble *ensemble, gsize tree, double *values,
              ShsPicker *picker, GError **error)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_splits = count_nodes (ensemble, tree) / 2;
  FullTree full
      = { .ensemble = ensemble,
          .tree = tree,
          .first_word = self->n_words,
          .next = shs_tree_buffer_extend (&self->splits, n_splits, sizeof *full.next, error),
          .values = values };

  if (full.next == NULL)
    return FALSE;
  *picker = (ShsPicker){ .first_word = self->n_words,
                         .n_splits = n_splits,
                         .n_bits = (guint)ensemble->tree_depth[tree],
                         .is_full = TRUE };
  self->n_words += count_codes (ensemble, tree);
  place_full (&full, &self->slots, first, 0, 0);
  return TRUE;
}

static gboolean
prepare_tree (Worker *self, const ShsTreeEnsemble *ensemble, gsize first, gsize tree,
              GError **error)
{
  gsize begin = ensemble->tree_first[first];

  if (is_full (ensemble, tree))
    return prepare_full (self, ensemble, tree,
                         self->leaves + (ensemble->tree_first[tree] - begin) * ensemble->leaf_size,
                         &self->pickers[tree - first], error);
  prepare_leaves (self, ensemble, tree, begin);
  if (is_picked (ensemble, tree))
    return prepare_picks (self, ensemble, tree, &self->pickers[tree - first], error)
           && prepare_splits (self, ensemble, tree, error);
  prepare_routes (self, ensemble, tree, begin);
  return TRUE;
}

static gboolean
rank_splits (Worker *self, const Predict *run, GError **error)
{
  self->n_routed = self->splits.n;
  self->ranking.slots.n = 0;
  if (self->splits.n == 0)
    return TRUE;
  if (run->kernels->rank != NULL && run->superblock >= LEAST_RANKED_ROWS
      && !shs_tree_ranking_build (&self->ranking, self->splits.memory, self->splits.n,
                                  &self->n_routed, error))
    return FALSE;
  if (self->n_routed > 0)
    shs_tree_routes_sort (self->splits.memory, self->n_routed);
  return TRUE;
}

static gboolean
prepare_group (Worker *self, const Predict *run, gsize group, GError **error)
{
  gsize first = run->groups.first[group];
  gsize n_trees = run->groups.first[group + 1] - first;
  const ShsPick *picks;

  if (self->group == group)
    return TRUE;
  self->group = G_MAXSIZE;
  self->picks.n = self->splits.n = self->n_words = 0;
  shs_tree_slots_reset (&self->slots);
  for (gsize i = 0; i < n_trees; i++)
    if (!prepare_tree (self, run->ensemble, first, first + i, error))
      return FALSE;
  /* The picks have found their place. */
  picks = self->picks.memory;
  for (gsize i = 0; i < n_trees; i++)
    if (is_picked (run->ensemble, first + i) && !is_full (run->ensemble, first + i))
      {
        self->pickers[i].picks = picks;
        picks += self->pickers[i].n_picks;
      }
  if (!rank_splits (self, run, error))
    return FALSE;
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

  if (is_picked (ensemble, tree) || is_full (ensemble, tree))
    run->kernels->pick_leaves (picker, self->words, self->stack, leaf);
  else
    run->kernels->find_leaves (&router, self->x, self->stack, leaf);
  for (gsize k = 0; k < ensemble->leaf_size; k++)
    run->kernels->add_leaves (values + k * count_codes (ensemble, tree), leaf,
                              self->sums + (ensemble->tree_output[tree] + k) * SHS_TREE_BLOCK);
}

static void
find_words (Worker *self, const Predict *run)
{
  ShsRouter router = { .nodes = self->splits.memory,
                       .n_nodes = self->n_routed,
                       .n_rows = SHS_TREE_BLOCK,
                       .set_first = run->ensemble->set_first,
                       .set_words = run->ensemble->set_words };

  run->kernels->route (&router, self->x, self->words);
  shs_tree_ranking_run (&self->ranking, run->kernels, self->x, self->words);
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
