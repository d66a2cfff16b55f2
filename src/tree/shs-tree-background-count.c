#include "tree/shs-tree-background-private.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <string.h>

#define ROWS_AT_A_TIME (SHS_COUNT_WORDS * SHS_TREE_BLOCK)
#define SLICES_PER_THREAD 2

/* What one worker writes to. */
typedef struct
{
  char *x; /* [word][slot][64] in the type of the routing */
  ShsRouteNode *routes;
  guint64 *words;
  guint64 *sets;
} Worker;

typedef struct
{
  const ShsTreeBackground *background;
  const ShsMatrix *rows;
  const ShsTreeKernels *routing;
  ShsProgress *progress;
  const ShsTreePatterns *patterns; /* of the group at work */
  guint64 *counts;
  guint64 *reached; /* NULL when rows are counted again */
  gsize n_slices;
  gsize n_workers;
  Worker *workers;
} Counting;

static void
clear_counting (Counting *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_free (run->workers[i].x);
      shs_free (run->workers[i].routes);
      shs_free (run->workers[i].words);
      shs_free (run->workers[i].sets);
    }
  g_clear_pointer (&run->workers, shs_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Counting, clear_counting)

static gboolean
init_worker (Worker *self, const Counting *run, GError **error)
{
  const ShsTreePatterns *patterns = run->patterns;

  self->x = shs_alloc (patterns->slots.n, ROWS_AT_A_TIME * run->routing->size, error);
  if (self->x == NULL)
    return FALSE;
  self->routes = shs_alloc (patterns->most_words, sizeof (ShsRouteNode), error);
  if (self->routes == NULL)
    return FALSE;
  self->words = shs_alloc0 (patterns->most_words, SHS_COUNT_WORDS * sizeof (guint64), error);
  if (self->words == NULL)
    return FALSE;
  self->sets = shs_alloc (patterns->most_sets, SHS_COUNT_WORDS * sizeof (guint64), error);
  return self->sets != NULL;
}

static char *
get_block (const Worker *self, const Counting *run, gsize block)
{
  return self->x + block * run->patterns->slots.n * SHS_TREE_BLOCK * run->routing->size;
}

/* Go-left words of the batch: [word][SHS_COUNT_WORDS]. */
static void
find_words (Worker *self, const Counting *run, const ShsPatternBatch *batch, gsize n_rows)
{
  const ShsRouteNode *routes = run->patterns->routes.memory;
  ShsRouter router = { .nodes = self->routes,
                       .n_nodes = batch->n_routes,
                       .n_rows = SHS_TREE_BLOCK,
                       .set_first = run->background->ensemble->set_first,
                       .set_words = run->background->ensemble->set_words };

  memcpy (self->routes, routes + batch->first_route, batch->n_routes * sizeof *routes);
  for (gsize i = 0; i < batch->n_routes; i++)
    self->routes[i].word *= SHS_COUNT_WORDS;
  for (gsize block = 0; block * SHS_TREE_BLOCK < n_rows; block++)
    run->routing->route (&router, get_block (self, run, block), self->words + block);
}

static void
count_deep (const Counting *run, gsize leaf, const guint64 *words, const guint64 *valid)
{
  const ShsPatternDeep *deep = (const ShsPatternDeep *)run->patterns->deep.memory + leaf;
  const ShsPatternTerm *terms = run->patterns->terms.memory;

  for (int i = 0; i < SHS_COUNT_WORDS; i++)
    {
      guint64 rows = valid[i];

      for (gsize term = deep->first_term; term < deep->first_term + deep->n_terms; term++)
        {
          guint64 left = words[terms[term].word * SHS_COUNT_WORDS + i];

          rows &= terms[term].side == 0 ? left : ~left;
        }
      run->reached[leaf] += (guint64)__builtin_popcountll (rows);
    }
}

static gboolean
count_batch (Worker *self, const Counting *run, const ShsPatternBatch *batch, const guint64 *valid,
             GError **error)
{
  const ShsTreePatterns *patterns = run->patterns;
  const ShsPatternTree *trees = (const ShsPatternTree *)patterns->trees.memory + batch->first_tree;

  for (gsize i = 0; i < batch->n_trees; i++)
    {
      const guint64 *words = self->words + trees[i].first_word * SHS_COUNT_WORDS;
      ShsPatternCount task
          = { .ops = (const ShsPatternOp *)patterns->ops.memory + trees[i].first_op,
              .n_ops = trees[i].n_ops,
              .units = patterns->units.memory,
              .words = words,
              .valid = valid,
              .most_bits = trees[i].most_bits,
              .sets = self->sets,
              .counts = run->counts };

      if (!shs_progress_check (run->progress, error))
        return FALSE;
      run->routing->tables->count (&task);
      for (gsize leaf = trees[i].first_deep;
           run->reached != NULL && leaf < trees[i].first_deep + trees[i].n_deep; leaf++)
        count_deep (run, leaf, words, valid);
    }
  return TRUE;
}

/* Some of the batches, and all rows: no two workers add to one count. */
static gboolean
count_slice (gsize slice, guint worker, gpointer data, GError **error)
{
  const Counting *run = data;
  Worker *self = &run->workers[worker];
  const ShsPatternBatch *batches = run->patterns->batches.memory;
  gsize begin = slice * run->patterns->batches.n / run->n_slices;
  gsize end = (slice + 1) * run->patterns->batches.n / run->n_slices;

  for (gsize first = 0; first < run->rows->n_rows; first += ROWS_AT_A_TIME)
    {
      gsize n_rows = MIN (ROWS_AT_A_TIME, run->rows->n_rows - first);
      guint64 valid[SHS_COUNT_WORDS] __attribute__ ((aligned (64))) = { 0 };

      for (gsize i = 0; i < n_rows; i += SHS_TREE_BLOCK)
        {
          valid[i / SHS_TREE_BLOCK]
              = ~G_GUINT64_CONSTANT (0) >> (SHS_TREE_BLOCK - MIN (SHS_TREE_BLOCK, n_rows - i));
          shs_tree_slots_load (&run->patterns->slots, run->routing, run->rows, first + i,
                               get_block (self, run, i / SHS_TREE_BLOCK));
        }
      for (gsize batch = begin; batch < end; batch++)
        {
          find_words (self, run, &batches[batch], n_rows);
          if (!count_batch (self, run, &batches[batch], valid, error))
            return FALSE;
          if (run->reached != NULL)
            shs_progress_add (run->progress, n_rows * batches[batch].n_whole);
        }
    }
  return TRUE;
}

static gboolean
run_slices (Counting *run, const ShsTreeOptions *options, GError **error)
{
  gsize n_threads = shs_pool_count_workers (options->n_threads, G_MAXSIZE);

  run->n_slices = MIN (run->patterns->batches.n, SLICES_PER_THREAD * n_threads);
  run->n_workers = shs_pool_count_workers (options->n_threads, run->n_slices);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  if (run->workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run->n_workers; i++)
    if (!init_worker (&run->workers[i], run, error))
      return FALSE;
  return shs_pool_run (options->n_threads, run->n_slices, count_slice, run, run->progress, error);
}

gboolean
shs_tree_background_count (const ShsTreeBackground *self, gsize group, const ShsMatrix *rows,
                           guint64 *counts, guint64 *reached, const ShsTreeOptions *options,
                           GError **error)
{
  g_auto (Counting) run = { .background = self,
                            .rows = rows,
                            .progress = options->progress,
                            .patterns = self->patterns[group],
                            .counts = counts,
                            .reached = reached };
  gsize n_trees = self->groups.first[group + 1] - self->groups.first[group];

  run.routing = shs_tree_kernels_get (
      options->instructions,
      self->ensemble->cast == SHS_TREE_CAST_DOUBLE ? SHS_PRECISION_DOUBLE : SHS_PRECISION_SINGLE,
      error);
  if (run.routing == NULL || !run_slices (&run, options, error))
    return FALSE;
  if (reached != NULL)
    shs_progress_add (run.progress, rows->n_rows * (n_trees - run.patterns->n_whole));
  return TRUE;
}

gboolean
shs_tree_background_count_kept (const ShsTreeBackground *self, gsize group, guint64 *counts,
                                guint64 *reached, const ShsTreeOptions *options, GError **error)
{
  for (guint i = 0; i < self->kept->len; i++)
    if (!shs_tree_background_count (self, group, g_ptr_array_index (self->kept, i), counts, reached,
                                    options, error))
      return FALSE;
  return TRUE;
}
