#include "tree/shs-tree-duels.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-partners.h"
#include "tree/shs-tree-words.h"

#include <string.h>

/* Nanoseconds, measured on forests of depth 20 to 60: a node that a pair visits; what tables need
 * for a node, and more for it by each row of the background, and by each that is explained. */
#define VISIT 6.0
#define TABLES 5000.0
#define TABLES_PER_BACKGROUND 5.0
#define TABLES_PER_ROW 45.0
/* Nodes that a pair visits for each level of a tree. */
#define VISITS_PER_LEVEL 12
/* Shallower trees are looked up in tables in next to no time. */
#define DEEP 13
/* Of a thread: the ways of the background through one tree, as bits. */
#define MOST_BYTES ((gsize)256 << 20)

#define NOBODY G_MAXUINT32

typedef enum
{
  FREE,
  OWN,   /* the player's features come from the explained row */
  OTHER, /* ... from the background's */
} Side;

/* A subtree to come back to. @player comes from the background's row there. */
typedef struct
{
  gsize node;
  gsize n_own;
  gsize n_other;
  guint32 player;
} Branch;

/* Of one thread.
 * @words: of the explained rows and the tree at hand
 * @others: of the background: [block][node of the tree]
 * @side: by player
 * @own, @other: players with that side, in the order of the path
 * @values: [row of the block][output][player] */
typedef struct
{
  ShsTreeWords words;
  guint64 *others;
  guint8 *side;
  guint32 *own;
  guint32 *other;
  gsize n_own;
  gsize n_other;
  Branch *stack;
  double *values;
} Worker;

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *rows;
  const ShsTreeOptions *options;
  ShsMatrix *result;
  const ShsMatrix *background;
  gsize n_values; /* of a row */
  gsize most_players;
  gsize most_nodes; /* of a tree */
  ShsTreePartners partners;
  gsize n_workers;
  Worker *workers;
} Run;

static void
clear_run (Run *self)
{
  for (gsize i = 0; self->workers != NULL && i < self->n_workers; i++)
    {
      shs_tree_words_clear (&self->workers[i].words);
      shs_free (self->workers[i].others);
      shs_free (self->workers[i].side);
      shs_free (self->workers[i].own);
      shs_free (self->workers[i].other);
      shs_free (self->workers[i].stack);
      shs_free (self->workers[i].values);
    }
  shs_free (self->workers);
  shs_tree_partners_clear (&self->partners);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static gsize
find_depth (const ShsTreeEnsemble *ensemble)
{
  gsize deepest = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    deepest = MAX (deepest, ensemble->tree_depth[tree]);
  return deepest;
}

static gsize
count_nodes (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
}

static gsize
find_most_nodes (const ShsTreeEnsemble *ensemble)
{
  gsize most = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    most = MAX (most, count_nodes (ensemble, tree));
  return most;
}

static gsize
count_blocks (gsize n_rows)
{
  return (n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
}

gboolean
shs_tree_duels_pay (const ShsTreeEnsemble *ensemble, gsize n_rows, gsize n_background)
{
  double visits = 0;
  double tables = 0;

  g_return_val_if_fail (ensemble != NULL, FALSE);
  if (ensemble->linear != NULL
      || MIN (find_depth (ensemble), ensemble->n_players) > SHS_TREE_MAX_PATH_FEATURES
      || (double)count_blocks (n_background) * (double)find_most_nodes (ensemble)
             > MOST_BYTES / sizeof (guint64))
    return FALSE;
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      double n_nodes = (double)count_nodes (ensemble, tree);

      visits += MIN (n_nodes, (double)VISITS_PER_LEVEL * (double)ensemble->tree_depth[tree]);
      tables += ensemble->tree_depth[tree] >= DEEP ? n_nodes : 0;
    }
  return (double)n_rows * (double)n_background * visits * VISIT
         < tables
               * (TABLES + TABLES_PER_BACKGROUND * (double)n_background
                  + TABLES_PER_ROW * (double)n_rows);
}

static gboolean
init_worker (Worker *self, const Run *run, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;

  if (!shs_tree_words_init (&self->words, ensemble, run->most_nodes, run->options->instructions,
                            error))
    return FALSE;
  self->others = shs_alloc (count_blocks (run->background->n_rows),
                            run->most_nodes * sizeof (guint64), error);
  if (self->others == NULL)
    return FALSE;
  self->side = shs_alloc0 (ensemble->n_players, 1, error);
  if (self->side == NULL)
    return FALSE;
  self->own = shs_alloc (run->most_players, sizeof *self->own, error);
  if (self->own == NULL)
    return FALSE;
  self->other = shs_alloc (run->most_players, sizeof *self->other, error);
  if (self->other == NULL)
    return FALSE;
  self->stack = shs_alloc (run->most_players + 1, sizeof *self->stack, error);
  if (self->stack == NULL)
    return FALSE;
  self->values = shs_alloc (run->n_values, SHS_TREE_BLOCK * sizeof (double), error);
  return self->values != NULL;
}

/* Back to where @branch was put aside. */
static void
go_back (Worker *self, const Branch *branch)
{
  while (self->n_own > branch->n_own)
    self->side[self->own[--self->n_own]] = FREE;
  while (self->n_other > branch->n_other)
    self->side[self->other[--self->n_other]] = FREE;
  if (branch->player == NOBODY)
    return;
  self->side[branch->player] = OTHER;
  self->other[self->n_other++] = branch->player;
}

/* The leaf counts where all of @own and none of @other take part. */
static void
add_leaf (const Worker *self, const Run *run, gsize tree, gsize node, double *values)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  const double *leaf = shs_tree_ensemble_get_leaf (ensemble, node);
  double own = shs_tree_partners_get_weight (&run->partners, self->n_own, self->n_other);
  double other = shs_tree_partners_get_weight (&run->partners, self->n_other, self->n_own);

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double *to = values + (ensemble->tree_output[tree] + k) * ensemble->n_players;
      double value = ensemble->tree_weight[tree] * leaf[k];

      for (gsize i = 0; i < self->n_own; i++)
        to[self->own[i]] += own * value;
      for (gsize i = 0; i < self->n_other; i++)
        to[self->other[i]] -= other * value;
    }
}

/* Each player of a path comes from one of the rows, and stays with it. */
static void
fight (Worker *self, const Run *run, gsize tree, gsize row, gsize other_row, double *values)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize first = ensemble->tree_first[tree];
  const guint64 *others = self->others + other_row / SHS_TREE_BLOCK * count_nodes (ensemble, tree);
  gsize n_stacked = 1;

  self->stack[0] = (Branch){ .node = first, .player = NOBODY };
  while (n_stacked > 0)
    {
      Branch branch = self->stack[--n_stacked];
      gsize node = branch.node;

      go_back (self, &branch);
      while (ensemble->split[node] != SHS_LEAF)
        {
          gboolean left = shs_tree_words_goes_left (&self->words, node, row);
          gboolean other = others[node - first] >> (other_row % SHS_TREE_BLOCK) & 1;
          gsize right = ensemble->right[node];

          if (left != other)
            {
              guint32 player = ensemble->player[ensemble->feature[node]];

              if (self->side[player] == FREE)
                {
                  self->stack[n_stacked++]
                      = (Branch){ other ? node + 1 : right, self->n_own, self->n_other, player };
                  self->side[player] = OWN;
                  self->own[self->n_own++] = player;
                }
              left = self->side[player] == OWN ? left : other;
            }
          node = left ? node + 1 : right;
        }
      add_leaf (self, run, tree, node, values);
    }
  go_back (self, &(Branch){ .player = NOBODY });
}

static void
write_block (const Worker *self, const Run *run, gsize first, gsize n_rows)
{
  for (gsize column = 0; column < run->n_values; column++)
    for (gsize row = 0; row < n_rows; row++)
      shs_matrix_set (run->result, first + row, column,
                      self->values[row * run->n_values + column] / (double)run->background->n_rows);
}

/* The ways of all rows of the background, and of the explained ones from @first on, through @tree.
 */
static gboolean
route_tree (Worker *self, const Run *run, gsize tree, gsize first, GError **error)
{
  gsize n_nodes = count_nodes (run->ensemble, tree);

  if (!shs_tree_words_set_trees (&self->words, tree, tree + 1, error))
    return FALSE;
  for (gsize block = 0; block < count_blocks (run->background->n_rows); block++)
    {
      shs_tree_words_route (&self->words, run->background, block * SHS_TREE_BLOCK);
      memcpy (self->others + block * n_nodes, self->words.words, n_nodes * sizeof (guint64));
    }
  shs_tree_words_route (&self->words, run->rows, first);
  return TRUE;
}

static gboolean
explain_block (gsize block, guint worker, gpointer data, GError **error)
{
  const Run *run = data;
  Worker *self = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  memset (self->values, 0, SHS_TREE_BLOCK * run->n_values * sizeof (double));
  for (gsize tree = 0; tree < run->ensemble->n_trees; tree++)
    {
      if (!route_tree (self, run, tree, first, error))
        return FALSE;
      for (gsize row = 0; row < n_rows; row++)
        {
          double *values = self->values + row * run->n_values;

          for (gsize other = 0; other < run->background->n_rows; other++)
            {
              if (other % SHS_TREE_BLOCK == 0
                  && !shs_progress_check (run->options->progress, error))
                return FALSE;
              fight (self, run, tree, row, other, values);
            }
        }
      shs_progress_add (run->options->progress, n_rows);
    }
  write_block (self, run, first, n_rows);
  return TRUE;
}

static gboolean
prepare (Run *run, gsize n_blocks, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;

  run->most_nodes = find_most_nodes (ensemble);
  run->most_players = MIN (find_depth (ensemble), ensemble->n_players);
  if (!shs_tree_check_path (run->most_players, error)
      || !shs_tree_partners_init (&run->partners, ensemble, NULL, run->most_players,
                                  run->options->index, error))
    return FALSE;
  run->n_workers = shs_pool_count_workers (run->options->n_threads, n_blocks);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    if (!init_worker (&run->workers[i], run, error))
      return FALSE;
  return run->workers != NULL;
}

gboolean
shs_tree_duels (const ShsTreeEnsemble *ensemble, const ShsMatrix *background, const ShsMatrix *rows,
                const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_auto (Run) run = { .ensemble = ensemble,
                       .rows = rows,
                       .background = background,
                       .options = options,
                       .result = values };
  gsize n_blocks;

  g_return_val_if_fail (ensemble != NULL && background != NULL && rows != NULL, FALSE);
  g_return_val_if_fail (options != NULL && values != NULL, FALSE);
  g_return_val_if_fail (ensemble->linear == NULL && background->n_rows > 0, FALSE);
  run.n_values = ensemble->n_players * ensemble->n_outputs;
  n_blocks = count_blocks (rows->n_rows);
  return shs_tree_check_shapes (ensemble, rows, values, run.n_values, error)
         && shs_tree_check_width (ensemble, background, error) && prepare (&run, n_blocks, error)
         && shs_pool_run (options->n_threads, n_blocks, explain_block, &run, options->progress,
                          error);
}
