/* Path-dependent values of a merged tree, one row after the other: the recurrence of
 * shs-tree-quadrature-kernels.c in double, with the points side by side. Where a row goes a way
 * that the background does not, a split of share 0 stands in the tree for this row alone. */
#include "tree/shs-tree-merge-private.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-quadrature-rule.h"

#include <string.h>

#define NOWHERE G_MAXSIZE

/* Where a row leaves the background. */
typedef struct
{
  gsize node; /* of the merged tree, above which it does; NOWHERE if it does not */
  guint32 player;
  double kept;
} Leave;

/* What one worker writes to. */
typedef struct
{
  ShsTreeWords words;
  gsize row;           /* of the block */
  guint8 *hot;         /* by player */
  guint8 *saved;       /* by level: hot of its player, above */
  double *probability; /* [level][side][point] */
  double *factor;      /* [level][point] */
  double *expectation; /* [level][side][output][point] */
  double *alone;       /* [point]: probability where the row leaves */
  double *prediction;  /* [output] */
  double *values;      /* [output][player] */
} Worker;

typedef struct
{
  const ShsTreeMerged *merged;
  const ShsMatrix *rows;
  ShsMatrix *results;
  ShsProgress *progress;
  gsize n_points;
  double *points;
  double *weights;
  gsize n_workers;
  Worker *workers;
} Global;

static void
clear_global (Global *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      Worker *worker = &run->workers[i];

      shs_tree_words_clear (&worker->words);
      shs_free (worker->hot);
      shs_free (worker->saved);
      shs_free (worker->probability);
      shs_free (worker->values);
    }
  shs_free (run->workers);
  shs_free (run->points);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Global, clear_global)

static gboolean
init_worker (Worker *self, const Global *run, ShsInstructions instructions, GError **error)
{
  const ShsTreeMerged *merged = run->merged;
  const ShsTreeEnsemble *ensemble = merged->ensemble;
  gsize n_points = run->n_points;
  gsize n_levels = merged->n_levels;
  gsize n_outputs = ensemble->n_outputs;

  if (!shs_tree_words_init (&self->words, ensemble, ensemble->n_nodes, instructions, error)
      || !shs_tree_words_set_trees (&self->words, 0, ensemble->n_trees, error))
    return FALSE;
  self->hot = shs_alloc (ensemble->n_players, 1, error);
  if (self->hot == NULL)
    return FALSE;
  memset (self->hot, TRUE, ensemble->n_players);
  self->saved = shs_alloc (n_levels, 1, error);
  if (self->saved == NULL)
    return FALSE;
  self->probability
      = shs_alloc (n_levels + 1, (3 + 2 * n_outputs) * n_points * sizeof (double), error);
  if (self->probability == NULL)
    return FALSE;
  self->values = shs_alloc (n_outputs, (ensemble->n_players + 1) * sizeof (double), error);
  if (self->values == NULL)
    return FALSE;
  self->prediction = self->values + n_outputs * ensemble->n_players;
  self->factor = self->probability + 2 * n_levels * n_points;
  self->alone = self->factor + n_levels * n_points;
  self->expectation = self->alone + n_points;
  return TRUE;
}

static inline double *
get_probability (const Worker *self, const Global *run, const ShsTreeMergedNode *node)
{
  return self->probability + (2 * (gsize)node->level + (node->is_right ? 1 : 0)) * run->n_points;
}

static inline double *
get_expectation (const Worker *self, const Global *run, gsize level, gboolean is_right)
{
  gsize n_outputs = run->merged->ensemble->n_outputs;

  return self->expectation + (2 * level + (is_right ? 1 : 0)) * n_outputs * run->n_points;
}

/* Follows the row through all trees: its prediction, and where it leaves the background. */
static Leave
follow_row (Worker *self, const Global *run)
{
  const ShsTreeMerged *merged = run->merged;
  const ShsTreeEnsemble *ensemble = merged->ensemble;
  const ShsTreeMergedNode *nodes = merged->nodes.memory;
  Leave leave = { .node = NOWHERE };
  gsize at = 0;

  memset (self->prediction, 0, ensemble->n_outputs * sizeof (double));
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      gsize node = ensemble->tree_first[tree];

      while (ensemble->split[node] != SHS_LEAF)
        {
          gboolean left = shs_tree_words_goes_left (&self->words, node, self->row);

          if (leave.node == NOWHERE && nodes[at].split == node)
            at = left ? at + 1 : nodes[at].right;
          else if (leave.node == NOWHERE
                   && left != shs_tree_routed_goes_left (&merged->background, node, nodes[at].row))
            leave = (Leave){ .node = at, .player = ensemble->player[ensemble->feature[node]] };
          node = left ? node + 1 : ensemble->right[node];
        }
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        self->prediction[ensemble->tree_output[tree] + k]
            += ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k];
    }
  if (leave.node != NOWHERE)
    leave.kept = shs_tree_merged_get_kept (merged, &nodes[leave.node], leave.player);
  return leave;
}

/* phi += coefficient x sum of kappa A D, and H_right + u D over H_left. */
static void
combine (Worker *self, const Global *run, guint32 player, double kept, double coefficient,
         const double *probability, const double *factor, double *left, const double *right)
{
  gsize n_players = run->merged->ensemble->n_players;

  for (gsize k = 0; k < run->merged->ensemble->n_outputs; k++)
    {
      double sum = 0;

      for (gsize q = 0; q < run->n_points; q++)
        {
          gsize i = k * run->n_points + q;
          double below = run->points[q] + kept * (1 - run->points[q]);
          double difference = left[i] - right[i];

          sum += kept / (below * below) * probability[q] * difference;
          left[i] = right[i] + factor[q] * difference;
        }
      self->values[k * n_players + player] += coefficient * sum;
    }
}

static void
go_down (Worker *self, const Global *run, const ShsTreeMergedNode *node)
{
  guint32 player = shs_tree_merged_get_player (run->merged, node);
  gboolean left = shs_tree_words_goes_left (&self->words, node->split, self->row);
  const double *probability = get_probability (self, run, node);
  double *factor = self->factor + node->level * run->n_points;
  double *to_left = self->probability + 2 * (node->level + 1) * run->n_points;
  double *to_right = to_left + run->n_points;

  self->saved[node->level] = self->hot[player];
  for (gsize q = 0; q < run->n_points; q++)
    {
      double point = run->points[q];
      double part = self->hot[player] ? point / (point + node->kept * (1 - point)) : 0;

      factor[q] = (left ? part : 0) + (1 - part) * node->share;
      to_left[q] = probability[q] * factor[q];
      to_right[q] = probability[q] * ((left ? 0 : part) + (1 - part) * (1 - node->share));
    }
  self->hot[player] = self->hot[player] && left;
}

/* The left side is done: the row's state on the right one. */
static void
change_sides (Worker *self, const Global *run, const ShsTreeMergedNode *parent)
{
  gboolean left = shs_tree_words_goes_left (&self->words, parent->split, self->row);

  self->hot[shs_tree_merged_get_player (run->merged, parent)] = self->saved[parent->level] && !left;
}

static void
come_up (Worker *self, const Global *run, const ShsTreeMergedNode *node)
{
  guint32 player = shs_tree_merged_get_player (run->merged, node);
  gboolean left = shs_tree_words_goes_left (&self->words, node->split, self->row);
  double coefficient = self->saved[node->level] ? (left ? 1 : 0) - node->share : 0;
  double *below = get_expectation (self, run, node->level + 1, FALSE);
  double *here = get_expectation (self, run, node->level, node->is_right);

  combine (self, run, player, node->kept, coefficient, get_probability (self, run, node),
           self->factor + node->level * run->n_points, below,
           get_expectation (self, run, node->level + 1, TRUE));
  memcpy (here, below, run->n_points * run->merged->ensemble->n_outputs * sizeof *here);
  self->hot[player] = self->saved[node->level];
}

/* Above this node the row's player takes the row away from the background. */
static void
leave_down (Worker *self, const Global *run, const Leave *leave, const ShsTreeMergedNode *node)
{
  double *probability = get_probability (self, run, node);

  memcpy (self->alone, probability, run->n_points * sizeof *probability);
  for (gsize q = 0; q < run->n_points; q++)
    {
      double point = run->points[q];

      probability[q] *= leave->kept * (1 - point) / (point + leave->kept * (1 - point));
    }
  self->hot[leave->player] = FALSE;
}

static void
leave_up (Worker *self, const Global *run, const Leave *leave, const ShsTreeMergedNode *node)
{
  gsize n_points = run->n_points;
  gsize n_outputs = run->merged->ensemble->n_outputs;
  double *here = get_expectation (self, run, node->level, node->is_right);
  double *factor = get_probability (self, run, node);
  double *alone = get_expectation (self, run, run->merged->n_levels, FALSE);

  for (gsize q = 0; q < n_points; q++)
    factor[q] = run->points[q] / (run->points[q] + leave->kept * (1 - run->points[q]));
  for (gsize i = 0; i < n_outputs * n_points; i++)
    alone[i] = self->prediction[i / n_points];
  combine (self, run, leave->player, leave->kept, 1, self->alone, factor, alone, here);
  memcpy (here, alone, n_outputs * n_points * sizeof *here);
  self->hot[leave->player] = TRUE;
}

static void
write_leaf (Worker *self, const Global *run, const ShsTreeMergedNode *node)
{
  gsize n_outputs = run->merged->ensemble->n_outputs;
  const double *leaf = (double *)run->merged->leaves.memory + node->leaf * n_outputs;
  double *here = get_expectation (self, run, node->level, node->is_right);

  for (gsize i = 0; i < n_outputs * run->n_points; i++)
    here[i] = leaf[i / run->n_points];
}

/* What is complete once the leaf @node is: nodes whose right side it ends. */
static void
finish (Worker *self, const Global *run, const Leave *leave, gsize node)
{
  const ShsTreeMergedNode *nodes = run->merged->nodes.memory;

  for (;; node = nodes[node].parent)
    {
      if (nodes[node].split != G_MAXSIZE)
        come_up (self, run, &nodes[node]);
      if (node == leave->node)
        leave_up (self, run, leave, &nodes[node]);
      if (!nodes[node].is_right)
        return;
    }
}

static void
explain_row (Worker *self, const Global *run)
{
  const ShsTreeMerged *merged = run->merged;
  const ShsTreeMergedNode *nodes = merged->nodes.memory;
  Leave leave = follow_row (self, run);

  memset (self->values, 0,
          merged->ensemble->n_outputs * merged->ensemble->n_players * sizeof (double));
  memcpy (self->probability, run->weights, run->n_points * sizeof (double));
  for (gsize node = 0; node < merged->nodes.n; node++)
    {
      if (nodes[node].is_right)
        change_sides (self, run, &nodes[nodes[node].parent]);
      if (node == leave.node)
        leave_down (self, run, &leave, &nodes[node]);
      if (nodes[node].split != G_MAXSIZE)
        go_down (self, run, &nodes[node]);
      else
        {
          write_leaf (self, run, &nodes[node]);
          finish (self, run, &leave, node);
        }
    }
}

static gboolean
explain_block (gsize block, guint worker, gpointer data, GError **error)
{
  Global *run = data;
  Worker *self = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  shs_tree_words_route (&self->words, run->rows, first);
  for (self->row = 0; self->row < n_rows; self->row++)
    {
      if (!shs_progress_check (run->progress, error))
        return FALSE;
      explain_row (self, run);
      for (gsize column = 0; column < run->results->n_columns; column++)
        shs_matrix_set (run->results, first + self->row, column, self->values[column]);
      shs_progress_add (run->progress, run->merged->ensemble->n_trees);
    }
  return TRUE;
}

/* The split of the row alone may add a player to the longest path. */
static gboolean
choose_points (Global *run, ShsTreeIndex index, GError **error)
{
  gsize n_players = MIN (run->merged->most_players + 1, run->merged->ensemble->n_players);

  run->n_points = index == SHS_TREE_INDEX_BANZHAF ? 1 : MAX (1, (n_players + 1) / 2);
  run->points = shs_alloc (run->n_points, 2 * sizeof (double), error);
  if (run->points == NULL)
    return FALSE;
  run->weights = run->points + run->n_points;
  shs_quadrature_rule (run->n_points, run->points, run->weights);
  return TRUE;
}

gboolean
shs_tree_global_path_dependent (const ShsTreeMerged *self, const ShsMatrix *rows,
                                const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_auto (Global) run = { .merged = self, .rows = rows, .results = values };
  gsize n_blocks;

  g_return_val_if_fail (self != NULL && rows != NULL && values != NULL, FALSE);
  if (!shs_tree_check_shapes (self->ensemble, rows, values,
                              self->ensemble->n_players * self->ensemble->n_outputs, error)
      || !choose_points (&run, options->index, error))
    return FALSE;
  run.progress = options->progress;
  n_blocks = (rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
  run.n_workers = shs_pool_count_workers (options->n_threads, n_blocks);
  run.workers = shs_alloc0 (run.n_workers, sizeof (Worker), error);
  if (run.workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run.n_workers; i++)
    if (!init_worker (&run.workers[i], &run, options->instructions, error))
      return FALSE;
  return shs_pool_run (options->n_threads, n_blocks, explain_block, &run, run.progress, error);
}
