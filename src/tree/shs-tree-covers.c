#include "tree/shs-tree-covers.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-ensemble-private.h"
#include "tree/shs-tree-words.h"

/* What one worker writes to. */
typedef struct
{
  ShsTreeWords words;
  ShsTreeBuffer reached; /* by node of a tree: the rows of the block */
} Worker;

typedef struct
{
  ShsTreeEnsemble *ensemble; /* the copy */
  const ShsMatrix *rows;
  ShsProgress *progress;
  gsize n_workers;
  Worker *workers;
} Count;

static void
clear_count (Count *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_tree_words_clear (&run->workers[i].words);
      shs_tree_buffer_clear (&run->workers[i].reached);
    }
  shs_free (run->workers);
  shs_tree_ensemble_unref (run->ensemble);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Count, clear_count)

static void
count_block (Worker *self, const Count *run, gsize tree, gsize first_row)
{
  ShsTreeEnsemble *ensemble = run->ensemble;
  gsize first = ensemble->tree_first[tree];
  gsize end = ensemble->tree_first[tree + 1];
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first_row);
  guint64 *reached = (guint64 *)self->reached.memory;

  shs_tree_words_route (&self->words, run->rows, first_row);
  reached[0] = ~G_GUINT64_CONSTANT (0) >> (SHS_TREE_BLOCK - n_rows);
  for (gsize node = first; node < end; node++)
    {
      guint64 here = reached[node - first];

      ensemble->wide_cover[node] += __builtin_popcountll (here);
      if (ensemble->split[node] == SHS_LEAF)
        continue;
      reached[node + 1 - first] = here & self->words.words[node - first];
      reached[ensemble->right[node] - first] = here & ~self->words.words[node - first];
    }
}

static gboolean
count_tree (gsize tree, guint worker, gpointer data, GError **error)
{
  Count *run = data;
  Worker *self = &run->workers[worker];
  ShsTreeEnsemble *ensemble = run->ensemble;
  gsize n_nodes = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];

  self->reached.n = 0;
  if (!shs_tree_words_set_trees (&self->words, tree, tree + 1, error)
      || shs_tree_buffer_extend (&self->reached, n_nodes, sizeof (guint64), error) == NULL)
    return FALSE;
  for (gsize node = ensemble->tree_first[tree]; node < ensemble->tree_first[tree + 1]; node++)
    ensemble->wide_cover[node] = 0;
  for (gsize first = 0; first < run->rows->n_rows; first += SHS_TREE_BLOCK)
    {
      if (!shs_progress_check (run->progress, error))
        return FALSE;
      count_block (self, run, tree, first);
      shs_progress_add (run->progress, MIN (SHS_TREE_BLOCK, run->rows->n_rows - first));
    }
  return TRUE;
}

static gsize
find_largest_tree (const ShsTreeEnsemble *ensemble)
{
  gsize largest = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    largest = MAX (largest, ensemble->tree_first[tree + 1] - ensemble->tree_first[tree]);
  return largest;
}

static gsize
count_unreached (const ShsTreeEnsemble *ensemble)
{
  gsize n = 0;

  for (gsize node = 0; node < ensemble->n_nodes; node++)
    n += ensemble->split[node] == SHS_LEAF && ensemble->wide_cover[node] == 0;
  return n;
}

static gboolean
prepare_workers (Count *run, const ShsTreeOptions *options, GError **error)
{
  gsize most_nodes = find_largest_tree (run->ensemble);

  run->n_workers = shs_pool_count_workers (options->n_threads, run->ensemble->n_trees);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    if (!shs_tree_words_init (&run->workers[i].words, run->ensemble, most_nodes,
                              options->instructions, error))
      return FALSE;
  return run->workers != NULL;
}

static gboolean
check_rows (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows, GError **error)
{
  if (!shs_tree_check_width (ensemble, rows, error))
    return FALSE;
  if (rows->n_rows > 0)
    return TRUE;
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_INVALID,
                       "There are no rows to count covers from; give a background with rows");
  return FALSE;
}

ShsTreeEnsemble *
shs_tree_ensemble_count_covers (const ShsTreeEnsemble *self, const ShsMatrix *rows,
                                const ShsTreeOptions *options, gsize *n_unreached, GError **error)
{
  g_auto (Count) run = { .rows = rows };

  g_return_val_if_fail (self != NULL && rows != NULL && options != NULL, NULL);
  if (!check_rows (self, rows, error))
    return NULL;
  run.progress = options->progress;
  run.ensemble = shs_tree_ensemble_limit (self, self->n_trees, error);
  if (run.ensemble == NULL
      || !shs_tree_ensemble_widen_covers (run.ensemble, run.ensemble->n_nodes, error)
      || !prepare_workers (&run, options, error)
      || !shs_pool_run (options->n_threads, run.ensemble->n_trees, count_tree, &run, run.progress,
                        error)
      || !shs_tree_ensemble_summarise (run.ensemble, error))
    return NULL;
  if (n_unreached != NULL)
    *n_unreached = count_unreached (run.ensemble);
  return g_steal_pointer (&run.ensemble);
}
