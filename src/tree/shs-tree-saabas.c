#include "tree/shs-tree-explain.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-words.h"

#include <string.h>

#define NODES_PER_GROUP 16384

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *rows;
  ShsMatrix *values;
  ShsProgress *progress;
  ShsTreeGroups groups;
  double *expected; /* by node and leaf value, times the tree's weight */
  gsize superblock;
  gsize n_workers;
  ShsTreeWords *workers;
} Saabas;

static void
clear_saabas (Saabas *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    shs_tree_words_clear (&run->workers[i]);
  shs_free (run->workers);
  shs_free (run->expected);
  shs_tree_groups_clear (&run->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Saabas, clear_saabas)

/* Children before parents: a node's expectation is its children's, by their covers. */
static void
expect_tree (const Saabas *run, gsize tree)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize size = ensemble->leaf_size;

  for (gsize node = ensemble->tree_first[tree + 1]; node-- > ensemble->tree_first[tree];)
    {
      gboolean is_leaf = ensemble->split[node] == SHS_LEAF;
      double left = is_leaf ? 0 : shs_tree_ensemble_get_left_share (ensemble, node);
      const double *from_left = run->expected + (node + 1) * size;
      const double *from_right = run->expected + ensemble->right[node] * size;

      for (gsize k = 0; k < size; k++)
        run->expected[node * size + k]
            = is_leaf ? ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k]
                      : left * from_left[k] + (1 - left) * from_right[k];
    }
}

/* What each step of the row's own path changes goes to the player that the step asks for. */
static void
walk (const Saabas *run, const ShsTreeWords *words, gsize tree, gsize first_row, gsize row)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize size = ensemble->leaf_size;
  gsize node = ensemble->tree_first[tree];

  while (ensemble->split[node] != SHS_LEAF)
    {
      gsize player = ensemble->player[ensemble->feature[node]];
      gsize next = shs_tree_words_goes_left (words, node, row) ? node + 1 : ensemble->right[node];

      for (gsize k = 0; k < size; k++)
        {
          gsize output = ensemble->tree_output[tree] + k;
          gsize column = output * ensemble->n_players + player;

          shs_matrix_column (run->values, column)[first_row + row]
              += run->expected[next * size + k] - run->expected[node * size + k];
        }
      node = next;
    }
}

static gboolean
explain_superblock (gsize block, guint worker, gpointer data, GError **error)
{
  Saabas *run = data;
  ShsTreeWords *words = &run->workers[worker];
  gsize begin = block * run->superblock;
  gsize end = MIN (run->rows->n_rows, begin + run->superblock);

  for (gsize column = 0; column < run->values->n_columns; column++)
    memset (shs_matrix_column (run->values, column) + begin, 0, (end - begin) * sizeof (double));
  for (gsize group = 0; group < run->groups.n; group++)
    {
      gsize first_tree = run->groups.first[group];
      gsize end_tree = run->groups.first[group + 1];

      if (!shs_tree_words_set_trees (words, first_tree, end_tree, error))
        return FALSE;
      for (gsize first = begin; first < end; first += SHS_TREE_BLOCK)
        {
          gsize n_rows = MIN (SHS_TREE_BLOCK, end - first);

          if (!shs_progress_check (run->progress, error))
            return FALSE;
          shs_tree_words_route (words, run->rows, first);
          for (gsize tree = first_tree; tree < end_tree; tree++)
            for (gsize row = 0; row < n_rows; row++)
              walk (run, words, tree, first, row);
          shs_progress_add (run->progress, n_rows * (end_tree - first_tree));
        }
    }
  return TRUE;
}

static gboolean
prepare (Saabas *run, const ShsTreeOptions *options, gsize n_blocks, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;

  if (!shs_tree_groups_init (&run->groups, ensemble, NODES_PER_GROUP, error))
    return FALSE;
  run->expected = shs_alloc (ensemble->n_nodes, ensemble->leaf_size * sizeof (double), error);
  if (run->expected == NULL)
    return FALSE;
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    expect_tree (run, tree);
  run->n_workers = shs_pool_count_workers (options->n_threads, n_blocks);
  run->workers = shs_alloc0 (run->n_workers, sizeof *run->workers, error);
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    if (!shs_tree_words_init (&run->workers[i], ensemble, run->groups.most_nodes,
                              options->instructions, error))
      return FALSE;
  return run->workers != NULL;
}

gboolean
shs_tree_saabas (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                 const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_auto (Saabas) run = { .ensemble = ensemble, .rows = rows, .values = values };
  gsize n_blocks;

  g_return_val_if_fail (ensemble != NULL && rows != NULL && values != NULL, FALSE);
  if (!shs_tree_check_shapes (ensemble, rows, values, ensemble->n_players * ensemble->n_outputs,
                              error)
      || !shs_tree_check_covers (ensemble, error))
    return FALSE;
  run.progress = options->progress;
  run.superblock = shs_tree_superblock (rows->n_rows, options->n_threads);
  n_blocks = (rows->n_rows + run.superblock - 1) / run.superblock;
  return prepare (&run, options, n_blocks, error)
         && shs_pool_run (options->n_threads, n_blocks, explain_superblock, &run, run.progress,
                          error);
}
