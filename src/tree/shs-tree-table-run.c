#include "tree/shs-tree-table-run.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <string.h>

/* Numbers of the rows of a task, and as many of their contributions: half of the second cache. */
#define LARGEST_TASK (1u << 16)
#define MOST_BLOCKS 16
/* Of a task whose contributions are flushed after every few blocks. */
#define MOST_ONE_BATCH_BLOCKS 32
/* Contributions are added up in the lanes' precision before they go to the values in double. */
#define TREES_PER_FLUSH 32
/* Pairs are many, and each tree adds to few of them; their tables are large. */
#define TREES_PER_PAIR_FLUSH 128
#define LEAST_PAIR_BLOCKS 8
#define WALKED_ROWS (SHS_TABLE_BLOCKS * SHS_TREE_BLOCK)

/* What one worker writes to. */
typedef struct
{
  gsize begin;         /* the task's first row */
  char *x;             /* [block][slot][64] in the type of the routing */
  char *contributions; /* [block][player's slot][64] in the type of the lanes */
  guint64 *words;
  guint8 *patterns;
} Worker;

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsTreePatterns *patterns;
  const ShsTreeTables *tables;
  const ShsMatrix *rows;
  ShsMatrix *values;
  const ShsTreeKernels *routing;
  const ShsTreeKernels *lanes;
  ShsProgress *progress;
  guint32 *columns; /* by player's slot */
  gsize n_keys;     /* columns of one output */
  gsize n_blocks;   /* of a task */
  gboolean overwrites;
  gsize n_workers;
  Worker *workers;
} Run;

static void
clear_run (Run *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_free (run->workers[i].x);
      shs_free (run->workers[i].contributions);
      shs_free (run->workers[i].words);
      shs_free (run->workers[i].patterns);
    }
  shs_free (run->workers);
  shs_free (run->columns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static gboolean
init_worker (Worker *self, const Run *run, GError **error)
{
  const ShsTreePatterns *patterns = run->patterns;
  gsize n_rows = run->n_blocks * SHS_TREE_BLOCK;

  self->x = shs_alloc (patterns->slots.n, n_rows * run->routing->size, error);
  if (self->x == NULL)
    return FALSE;
  self->contributions = shs_alloc0 (patterns->players.n, n_rows * run->lanes->size, error);
  if (self->contributions == NULL)
    return FALSE;
  self->words = shs_alloc (patterns->most_words, SHS_TABLE_BLOCKS * sizeof (guint64), error);
  if (self->words == NULL)
    return FALSE;
  self->patterns = shs_alloc (patterns->most_levels, SHS_PATTERN_BYTES, error);
  return self->patterns != NULL;
}

static char *
get_block (char *blocks, gsize n_slots, gsize size, gsize block)
{
  return blocks + block * n_slots * SHS_TREE_BLOCK * size;
}

/* At most WALKED_ROWS from @first on through the trees of a batch; contributions begin with those
 * of row @begin. */
static void
walk_blocks (Worker *self, const Run *run, const ShsPatternBatch *batch, gsize leaf_value,
             gsize begin, gsize first, gsize n_rows)
{
  const ShsTreePatterns *patterns = run->patterns;
  const ShsPatternTree *trees = (const ShsPatternTree *)patterns->trees.memory + batch->first_tree;
  gsize first_entry = leaf_value * run->tables->n_entries;
  ShsRouter router = { .nodes = (const ShsRouteNode *)patterns->routes.memory + batch->first_route,
                       .n_nodes = batch->n_routes,
                       .set_first = run->ensemble->set_first,
                       .set_words = run->ensemble->set_words };
  ShsTableWalk task
      = { .units = patterns->units.memory,
          .wide_lines = !run->tables->variant.pairs,
          .narrow_lines = run->tables->narrow_lines,
          .players = patterns->unit_players.memory,
          .tables = (const char *)run->tables->entries + first_entry * run->lanes->size,
          .first_entry = run->tables->portion.first_entry,
          .n_rows = n_rows,
          .patterns = self->patterns };

  for (gsize i = 0; i * SHS_TREE_BLOCK < n_rows; i++)
    {
      gsize block = (first - begin) / SHS_TREE_BLOCK + i;

      router.n_rows = MIN (SHS_TREE_BLOCK, n_rows - i * SHS_TREE_BLOCK);
      run->routing->route (&router,
                           get_block (self->x, patterns->slots.n, run->routing->size,
                                      (first - self->begin) / SHS_TREE_BLOCK + i),
                           self->words + i * patterns->most_words);
      task.contributions[i]
          = get_block (self->contributions, patterns->players.n, run->lanes->size, block);
    }
  for (gsize tree = 0; tree < batch->n_trees; tree++)
    {
      task.ops = (const ShsPatternOp *)patterns->ops.memory + trees[tree].first_op;
      task.n_ops = trees[tree].n_ops;
      for (gsize i = 0; i < SHS_TABLE_BLOCKS; i++)
        task.words[i] = self->words + i * patterns->most_words + trees[tree].first_word;
      run->lanes->tables->walk (&task);
    }
}

static void
flush (Worker *self, const Run *run, gsize begin, gsize end, ShsTreeColumns *to)
{
  const ShsTreePatterns *patterns = run->patterns;

  to->column = run->columns;
  to->stride = run->values->stride;
  for (gsize first = begin; first < end; first += SHS_TREE_BLOCK, to->values += SHS_TREE_BLOCK)
    {
      to->n_rows = MIN (SHS_TREE_BLOCK, end - first);
      run->lanes->flush (get_block (self->contributions, patterns->players.n, run->lanes->size,
                                    (first - begin) / SHS_TREE_BLOCK),
                         patterns->players.n, to);
    }
  to->overwrites = FALSE;
}

/* A leaf value of all batches, from @begin to @end: each batch's tables stay in the cache while all
 * blocks go through. */
static gboolean
walk_batches (Worker *self, const Run *run, gsize leaf_value, gsize begin, gsize end,
              GError **error)
{
  const ShsTreePatterns *patterns = run->patterns;
  const ShsPatternPortion *portion = &run->tables->portion;
  const ShsPatternBatch *batches
      = (const ShsPatternBatch *)patterns->batches.memory + portion->first_batch;
  const ShsPatternTree *trees = patterns->trees.memory;
  gsize per_flush = run->tables->variant.pairs ? TREES_PER_PAIR_FLUSH : TREES_PER_FLUSH;
  gsize n_trees = 0;
  ShsTreeColumns to = { .overwrites = run->overwrites };

  for (gsize i = 0; i < portion->n_batches; i++)
    {
      gsize output = run->ensemble->tree_output[trees[batches[i].first_tree].tree];
      gsize after = i + 1 == portion->n_batches
                        ? G_MAXSIZE
                        : run->ensemble->tree_output[trees[batches[i + 1].first_tree].tree];

      for (gsize first = begin; first < end; first += WALKED_ROWS)
        {
          if (!shs_progress_check (run->progress, error))
            return FALSE;
          walk_blocks (self, run, &batches[i], leaf_value, begin, first,
                       MIN (WALKED_ROWS, end - first));
        }
      n_trees += batches[i].n_trees;
      if (leaf_value == 0)
        shs_progress_add (run->progress, (end - begin) * batches[i].n_whole);
      if (n_trees < per_flush && after == output)
        continue;
      to.values = shs_matrix_column (run->values, (output + leaf_value) * run->n_keys) + begin;
      to.is_last = i + 1 == patterns->batches.n;
      flush (self, run, begin, end, &to);
      n_trees = 0;
    }
  return TRUE;
}

static gboolean
run_task (gsize number, guint worker, gpointer data, GError **error)
{
  const Run *run = data;
  Worker *self = &run->workers[worker];
  gsize n_rows = run->n_blocks * SHS_TREE_BLOCK;
  gsize begin = number * n_rows;
  gsize end = MIN (run->rows->n_rows, begin + n_rows);
  gsize step = run->patterns->batches.n == 1 ? WALKED_ROWS : n_rows;

  self->begin = begin;
  shs_tree_slots_load_blocks (&run->patterns->slots, run->routing, run->rows, begin, run->n_blocks,
                              self->x);
  for (gsize k = 0; k < run->ensemble->leaf_size; k++)
    for (gsize first = begin; first < end; first += step)
      if (!walk_batches (self, run, k, first, MIN (end, first + step), error))
        return FALSE;
  return TRUE;
}

static gboolean
list_columns (Run *run, GError **error)
{
  const ShsTreeSlots *players = &run->patterns->players;

  run->columns = shs_alloc (players->n, sizeof *run->columns, error);
  if (run->columns == NULL)
    return FALSE;
  run->columns[0] = SHS_TREE_NO_COLUMN;
  memcpy (run->columns + 1, players->key_of + 1, (players->n - 1) * sizeof *run->columns);
  return TRUE;
}

static gboolean
choose_kernels (Run *run, const ShsTreeOptions *options, GError **error)
{
  run->routing = shs_tree_kernels_get (
      options->instructions,
      run->ensemble->cast == SHS_TREE_CAST_DOUBLE ? SHS_PRECISION_DOUBLE : SHS_PRECISION_SINGLE,
      error);
  if (run->routing == NULL)
    return FALSE;
  run->lanes = shs_tree_kernels_get (options->instructions, options->precision, error);
  return run->lanes != NULL;
}

static gsize
count_blocks (const Run *run, const ShsTreeOptions *options)
{
  gsize n_slots = MAX (run->patterns->slots.n, run->patterns->players.n);
  gboolean is_one = run->patterns->batches.n == 1;
  gsize n_blocks = CLAMP ((is_one ? 2 : 1) * LARGEST_TASK / SHS_TREE_BLOCK / n_slots,
                          run->tables->variant.pairs ? LEAST_PAIR_BLOCKS : 1,
                          is_one ? MOST_ONE_BATCH_BLOCKS : MOST_BLOCKS);

  return MIN (n_blocks,
              shs_tree_superblock (run->rows->n_rows, options->n_threads) / SHS_TREE_BLOCK);
}

static gboolean
run_tasks (Run *run, const ShsTreeOptions *options, GError **error)
{
  gsize n_tasks;

  run->n_keys = run->values->n_columns / run->ensemble->n_outputs;
  if (!choose_kernels (run, options, error) || !list_columns (run, error))
    return FALSE;
  run->n_blocks = count_blocks (run, options);
  n_tasks
      = (run->rows->n_rows + run->n_blocks * SHS_TREE_BLOCK - 1) / (run->n_blocks * SHS_TREE_BLOCK);
  run->n_workers = shs_pool_count_workers (options->n_threads, n_tasks);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  if (run->workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run->n_workers; i++)
    if (!init_worker (&run->workers[i], run, error))
      return FALSE;
  return shs_pool_run (options->n_threads, n_tasks, run_task, run, options->progress, error);
}

gboolean
shs_tree_table_run (const ShsTreeEnsemble *ensemble, const ShsTreePatterns *patterns,
                    const ShsTreeTables *tables, const ShsMatrix *rows,
                    const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_auto (Run) run = { .ensemble = ensemble,
                       .patterns = patterns,
                       .tables = tables,
                       .rows = rows,
                       .values = values,
                       .progress = options->progress };

  return patterns->trees.n == 0 || run_tasks (&run, options, error);
}

/* All columns, or with one output those that no tree adds to: the others are set. */
static gboolean
clear_columns (const Run *run, GError **error)
{
  const ShsTreeSlots *players = &run->patterns->players;
  SHS_AUTOFREE guint8 *is_set = shs_alloc0 (run->values->n_columns, 1, error);

  if (is_set == NULL)
    return FALSE;
  for (gsize slot = 1; run->overwrites && slot < players->n; slot++)
    is_set[players->key_of[slot]] = TRUE;
  for (gsize column = 0; column < run->values->n_columns; column++)
    if (!is_set[column])
      memset (shs_matrix_column (run->values, column), 0, run->values->n_rows * sizeof (double));
  return TRUE;
}

gboolean
shs_tree_table_run_first (const ShsTreeEnsemble *ensemble, const ShsTreePatterns *patterns,
                          const ShsTreeTables *tables, const ShsMatrix *rows,
                          const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_auto (Run) run = { .ensemble = ensemble,
                       .patterns = patterns,
                       .tables = tables,
                       .rows = rows,
                       .values = values,
                       .progress = options->progress,
                       .overwrites = ensemble->n_outputs == 1 && patterns->trees.n > 0 };

  return clear_columns (&run, error)
         && (patterns->trees.n == 0 || run_tasks (&run, options, error));
}
