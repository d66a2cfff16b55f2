#include "tree/shs-tree-deep.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-deep-leaf.h"

/* Memory of the leaves that are worked on together. */
#define LEAVES_BYTES ((gsize)64 << 20)

/* At most 64 rows of the background. */
typedef struct
{
  const ShsMatrix *rows;
  gsize first;
  gsize n_rows;
} Block;

/* What one worker writes to. */
typedef struct
{
  gpointer x;
  guint64 *words;
  guint64 *patterns; /* [64][n_words] */
  double *sums;
  ShsTreeBuffer table; /* guint32: hash table of a leaf's patterns, plus 1 */
} Worker;

typedef struct
{
  const ShsTreeBackground *background;
  const ShsTreePatterns *patterns;
  const ShsPatternBatch *batch;
  const ShsMatrix *rows;
  ShsMatrix *values;
  const ShsTreeKernels *routing;
  ShsProgress *progress;
  gsize most_players;
  ShsTreePartners partners;
  Block *blocks;
  gsize n_blocks;
  guint64 *words; /* of the background: [block][word of the batch] */
  ShsDeepLeaf *leaves;
  gsize n_leaves;
  gsize n_workers;
  Worker *workers;
} Deep;

static void
clear_leaves (Deep *run)
{
  for (gsize i = 0; run->leaves != NULL && i < run->n_leaves; i++)
    shs_deep_leaf_clear (&run->leaves[i]);
  g_clear_pointer (&run->leaves, shs_free);
}

static void
clear_deep (Deep *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_free (run->workers[i].x);
      shs_free (run->workers[i].words);
      shs_free (run->workers[i].patterns);
      shs_free (run->workers[i].sums);
      shs_tree_buffer_clear (&run->workers[i].table);
    }
  shs_free (run->workers);
  clear_leaves (run);
  shs_free (run->words);
  shs_free (run->blocks);
  shs_tree_partners_clear (&run->partners);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deep, clear_deep)

static gboolean
init_worker (Worker *self, const Deep *run, GError **error)
{
  self->x = shs_alloc (run->patterns->slots.n, SHS_TREE_BLOCK * run->routing->size, error);
  if (self->x == NULL)
    return FALSE;
  self->words = shs_alloc (run->patterns->most_words, sizeof (guint64), error);
  if (self->words == NULL)
    return FALSE;
  self->patterns = shs_alloc (shs_deep_count_words (run->most_players),
                              SHS_TREE_BLOCK * sizeof (guint64), error);
  if (self->patterns == NULL)
    return FALSE;
  self->sums = shs_alloc (shs_tree_partners_count_sums (&run->partners, run->most_players),
                          sizeof (double), error);
  return self->sums != NULL;
}

/* Go-left words of the batch for 64 rows. */
static void
route_block (const Deep *run, const ShsMatrix *rows, gsize first, gpointer x, guint64 *words)
{
  const ShsRouteNode *routes = run->patterns->routes.memory;
  const ShsTreeEnsemble *ensemble = run->background->ensemble;
  ShsRouter router = { .nodes = routes + run->batch->first_route,
                       .n_nodes = run->batch->n_routes,
                       .n_rows = SHS_TREE_BLOCK,
                       .set_first = ensemble->set_first,
                       .set_words = ensemble->set_words };

  shs_tree_slots_load (&run->patterns->slots, run->routing, rows, first, x);
  run->routing->route (&router, x, words);
}

/* The background's distinct patterns at one leaf. */
static gboolean
find_distinct (gsize number, guint worker, gpointer data, GError **error)
{
  const Deep *run = data;
  Worker *self = &run->workers[worker];
  ShsDeepLeaf *leaf = &run->leaves[number];
  const guint64 *words = run->words;

  self->table.n = 0;
  for (gsize block = 0; block < run->n_blocks; block++, words += run->batch->n_routes)
    {
      if (!shs_progress_check (run->progress, error))
        return FALSE;
      shs_deep_leaf_find_patterns (leaf, words, self->patterns);
      if (!shs_tree_distinct_add (&leaf->found, self->patterns, run->blocks[block].n_rows,
                                  &self->table, error))
        return FALSE;
    }
  return TRUE;
}

/* 64 rows at all leaves whose distinct patterns are there. */
static gboolean
explain_block (gsize block, guint worker, gpointer data, GError **error)
{
  const Deep *run = data;
  Worker *self = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);
  double n_background = (double)run->background->n_rows;

  route_block (run, run->rows, first, self->x, self->words);
  for (const ShsDeepLeaf *leaf = run->leaves; leaf < run->leaves + run->n_leaves; leaf++)
    {
      shs_deep_leaf_find_patterns (leaf, self->words, self->patterns);
      for (gsize row = 0; row < n_rows; row++)
        {
          const guint64 *pattern = self->patterns + row * leaf->found.n_words;

          if (!shs_progress_check (run->progress, error))
            return FALSE;
          if (shs_deep_leaf_explain (leaf, &run->partners, n_background, pattern, self->sums))
            shs_tree_partners_write (&run->partners, leaf->tree, leaf->place->node, leaf->columns,
                                     leaf->n_sums, self->sums, first + row, run->values);
        }
    }
  return TRUE;
}

static gboolean
route_background (gsize block, guint worker, gpointer data, GError **error)
{
  const Deep *run = data;

  route_block (run, run->blocks[block].rows, run->blocks[block].first, run->workers[worker].x,
               run->words + block * run->batch->n_routes);
  return TRUE;
}

/* @run->n_leaves leaves, from number @first on, are held together. */
static gboolean
run_leaves (Deep *run, const ShsPatternTree *tree, gsize first, const ShsTreeOptions *options,
            GError **error)
{
  gsize n_blocks = (run->rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;

  run->leaves = shs_alloc0 (run->n_leaves, sizeof *run->leaves, error);
  if (run->leaves == NULL)
    return FALSE;
  for (gsize i = 0; i < run->n_leaves; i++)
    if (!shs_deep_leaf_init (&run->leaves[i], run->patterns, tree, first + i, &run->partners,
                             error))
      return FALSE;
  if (!shs_pool_run (options->n_threads, run->n_leaves, find_distinct, run, run->progress, error)
      || !shs_pool_run (options->n_threads, n_blocks, explain_block, run, run->progress, error))
    return FALSE;
  clear_leaves (run);
  return TRUE;
}

static gboolean
run_tree (Deep *run, const ShsPatternTree *tree, const ShsTreeOptions *options, GError **error)
{
  gsize n_bytes
      = (shs_deep_count_words (run->most_players) + 1) * sizeof (guint64) * run->background->n_rows
        + shs_tree_partners_count_sums (&run->partners, run->most_players) * sizeof (guint32);
  gsize together = MAX (1, LEAVES_BYTES / n_bytes);
  gsize end = tree->first_deep + tree->n_deep;

  for (gsize first = tree->first_deep; first < end; first += together)
    {
      run->n_leaves = MIN (together, end - first);
      if (!run_leaves (run, tree, first, options, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_batch (Deep *run, const ShsTreeOptions *options, GError **error)
{
  const ShsPatternTree *trees = run->patterns->trees.memory;

  run->words = shs_alloc (run->n_blocks, run->batch->n_routes * sizeof (guint64), error);
  if (run->words == NULL
      || !shs_pool_run (options->n_threads, run->n_blocks, route_background, run, run->progress,
                        error))
    return FALSE;
  for (gsize i = 0; i < run->batch->n_trees; i++)
    if (!run_tree (run, &trees[run->batch->first_tree + i], options, error))
      return FALSE;
  g_clear_pointer (&run->words, shs_free);
  return TRUE;
}

static gboolean
list_blocks (Deep *run, GError **error)
{
  const GPtrArray *kept = run->background->kept;

  run->blocks
      = shs_alloc (run->background->n_rows / SHS_TREE_BLOCK + kept->len, sizeof (Block), error);
  if (run->blocks == NULL)
    return FALSE;
  for (guint i = 0; i < kept->len; i++)
    {
      const ShsMatrix *rows = g_ptr_array_index (kept, i);

      for (gsize first = 0; first < rows->n_rows; first += SHS_TREE_BLOCK)
        run->blocks[run->n_blocks++]
            = (Block){ rows, first, MIN (SHS_TREE_BLOCK, rows->n_rows - first) };
    }
  return TRUE;
}

static gboolean
prepare (Deep *run, const ShsTreePairs *pairs, const ShsTreeOptions *options, GError **error)
{
  const ShsPatternDeep *deep = run->patterns->deep.memory;

  for (gsize i = 0; i < run->patterns->deep.n; i++)
    run->most_players = MAX (run->most_players, deep[i].n_players);
  if (!shs_tree_check_path (run->most_players, error))
    return FALSE;
  run->routing = shs_tree_kernels_get (options->instructions,
                                       run->background->ensemble->cast == SHS_TREE_CAST_DOUBLE
                                           ? SHS_PRECISION_DOUBLE
                                           : SHS_PRECISION_SINGLE,
                                       error);
  if (run->routing == NULL || !list_blocks (run, error)
      || !shs_tree_partners_init (&run->partners, run->background->ensemble, pairs,
                                  run->most_players, options->index, error))
    return FALSE;
  run->n_workers = shs_pool_count_workers (options->n_threads, G_MAXSIZE);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  if (run->workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run->n_workers; i++)
    if (!init_worker (&run->workers[i], run, error))
      return FALSE;
  return TRUE;
}

gboolean
shs_tree_deep_run (const ShsTreeBackground *background, gsize group, const ShsTreePairs *pairs,
                   const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
                   GError **error)
{
  g_auto (Deep) run = { .background = background,
                        .patterns = background->patterns[group],
                        .rows = rows,
                        .values = values,
                        .progress = options->progress };
  const ShsPatternBatch *batches = run.patterns->batches.memory;

  if (run.patterns->deep.n == 0)
    return TRUE;
  if (!prepare (&run, pairs, options, error))
    return FALSE;
  for (gsize i = 0; i < run.patterns->batches.n; i++)
    {
      run.batch = &batches[i];
      if (!run_batch (&run, options, error))
        return FALSE;
    }
  return TRUE;
}
