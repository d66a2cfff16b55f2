#include "tree/shs-tree-deep.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-distinct.h"

#include <math.h>
#include <string.h>

/* Memory of the distinct patterns of the leaves that are worked on together. */
#define DISTINCT_BYTES ((gsize)64 << 20)
/* Patterns that are looked through at a time. */
#define PARTNERS 256

/* The distinct patterns of the background at a leaf. */
typedef struct
{
  const ShsPatternDeep *leaf;
  gsize first_word;
  gsize output;
  double weight;
  ShsTreeDistinct found;
} Distinct;

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
  double *phi;
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
  double *weights; /* [p][q]: (p - 1)! q! / (p + q)! */
  Block *blocks;
  gsize n_blocks;
  guint64 *words; /* of the background: [block][word of the batch] */
  Distinct *distinct;
  gsize n_distinct;
  gsize n_workers;
  Worker *workers;
} Deep;

static void
clear_distinct (Deep *run)
{
  for (gsize i = 0; run->distinct != NULL && i < run->n_distinct; i++)
    shs_tree_distinct_clear (&run->distinct[i].found);
  g_clear_pointer (&run->distinct, shs_free);
}

static void
clear_deep (Deep *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_free (run->workers[i].x);
      shs_free (run->workers[i].words);
      shs_free (run->workers[i].patterns);
      shs_free (run->workers[i].phi);
      shs_tree_buffer_clear (&run->workers[i].table);
    }
  shs_free (run->workers);
  clear_distinct (run);
  shs_free (run->words);
  shs_free (run->blocks);
  shs_free (run->weights);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deep, clear_deep)

static gsize
count_words (gsize n_players)
{
  return (n_players + 63) / 64;
}

static gboolean
init_worker (Worker *self, const Deep *run, GError **error)
{
  self->x = shs_alloc (run->patterns->slots.n, SHS_TREE_BLOCK * run->routing->size, error);
  if (self->x == NULL)
    return FALSE;
  self->words = shs_alloc (run->patterns->most_words, sizeof (guint64), error);
  if (self->words == NULL)
    return FALSE;
  self->patterns
      = shs_alloc (count_words (run->most_players), SHS_TREE_BLOCK * sizeof (guint64), error);
  if (self->patterns == NULL)
    return FALSE;
  self->phi = shs_alloc (run->most_players, sizeof (double), error);
  return self->phi != NULL;
}

static gboolean
prepare_weights (Deep *run, ShsTreeIndex index, GError **error)
{
  gsize n = run->most_players + 1;

  run->weights = shs_alloc0 (n, n * sizeof (double), error);
  if (run->weights == NULL)
    return FALSE;
  for (gsize p = 1; p < n; p++)
    for (gsize q = 0; q + p < n; q++)
      {
        double *weight = &run->weights[p * n + q];

        if (index == SHS_TREE_INDEX_BANZHAF)
          *weight = ldexp (1, 1 - (int)(p + q));
        else
          *weight = q == 0 ? 1 / (double)p : weight[-1] * (double)q / (double)(p + q);
      }
  return TRUE;
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

/* The patterns of 64 rows at a leaf, whose tree's words these are: [row][word of the pattern]. */
static void
find_patterns (const Deep *run, const ShsPatternDeep *leaf, const guint64 *words, guint64 *patterns)
{
  const ShsPatternTerm *terms = run->patterns->terms.memory;
  gsize n_words = count_words (leaf->n_players);

  memset (patterns, 0xff, n_words * SHS_TREE_BLOCK * sizeof *patterns);
  for (gsize i = leaf->first_term; i < leaf->first_term + leaf->n_terms; i++)
    {
      guint64 cold = terms[i].side == 0 ? ~words[terms[i].word] : words[terms[i].word];
      guint64 *word = patterns + terms[i].player / 64;

      for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
        word[row * n_words] &= ~((cold >> row & 1) << terms[i].player % 64);
    }
  if (leaf->n_players % 64 > 0)
    for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
      patterns[row * n_words + n_words - 1] &= ~(~G_GUINT64_CONSTANT (0) << leaf->n_players % 64);
}

/* The distinct patterns of one leaf. */
static gboolean
find_distinct (gsize number, guint worker, gpointer data, GError **error)
{
  const Deep *run = data;
  Worker *self = &run->workers[worker];
  Distinct *distinct = &run->distinct[number];
  const guint64 *words = run->words + distinct->first_word;

  self->table.n = 0;
  for (gsize block = 0; block < run->n_blocks; block++, words += run->batch->n_routes)
    {
      if (!shs_progress_check (run->progress, error))
        return FALSE;
      find_patterns (run, distinct->leaf, words, self->patterns);
      if (!shs_tree_distinct_add (&distinct->found, self->patterns, run->blocks[block].n_rows,
                                  &self->table, error))
        return FALSE;
    }
  return TRUE;
}

static void
add_bits (double *phi, guint64 bits, gsize first, double amount)
{
  for (; bits != 0; bits &= bits - 1)
    phi[first + (gsize)__builtin_ctzll (bits)] += amount;
}

static gboolean
is_full (const guint64 *c, const guint64 *b, gsize n_players)
{
  gsize n = n_players / 64;

  for (gsize i = 0; i < n; i++)
    if (~(c[i] | b[i]) != 0)
      return FALSE;
  return n_players % 64 == 0 || (~(c[n] | b[n]) << (64 - n_players % 64)) == 0;
}

/* Patterns out of @n of one word each, from number @first on, that fill up @c; few do, so that
 * nothing branches on them. */
static gsize
find_partners (const Distinct *distinct, guint64 c, gsize first, gsize n, guint8 *partners)
{
  const guint64 *b = (const guint64 *)distinct->found.patterns.memory + first;
  guint64 missing = ~c & (~G_GUINT64_CONSTANT (0) >> (64 - distinct->leaf->n_players));
  gsize found = 0;

  for (gsize i = 0; i < n; i++)
    {
      partners[found] = (guint8)i;
      found += (missing & ~b[i]) == 0;
    }
  return found;
}

/* What pattern @number of the background tells of a row of pattern @c; both are full together. */
static void
add_partner (const Deep *run, const Distinct *distinct, const guint64 *c, gsize number, double *phi)
{
  gsize n_words = distinct->found.n_words;
  gsize n_weights = run->most_players + 1;
  const guint64 *b = (const guint64 *)distinct->found.patterns.memory + number * n_words;
  double count = (double)((const guint64 *)distinct->found.counts.memory)[number];
  gsize p = 0;
  gsize q = 0;

  for (gsize word = 0; word < n_words; word++)
    {
      p += (gsize)__builtin_popcountll (c[word] & ~b[word]);
      q += (gsize)__builtin_popcountll (b[word] & ~c[word]);
    }
  for (gsize word = 0; word < n_words; word++)
    {
      add_bits (phi, c[word] & ~b[word], 64 * word, count * run->weights[p * n_weights + q]);
      add_bits (phi, b[word] & ~c[word], 64 * word, -count * run->weights[q * n_weights + p]);
    }
}

/* The contributions of a leaf of value 1 to a row of pattern @c. Returns: whether there are any. */
static gboolean
explain_row (const Deep *run, const Distinct *distinct, const guint64 *c, double *phi)
{
  const guint64 *b = distinct->found.patterns.memory;
  guint8 partners[PARTNERS];
  gboolean any = FALSE;

  memset (phi, 0, distinct->leaf->n_players * sizeof *phi);
  for (gsize i = 0; distinct->found.n_words > 1 && i < distinct->found.n; i++)
    if (is_full (c, b + i * distinct->found.n_words, distinct->leaf->n_players))
      {
        add_partner (run, distinct, c, i, phi);
        any = TRUE;
      }
  for (gsize first = 0; distinct->found.n_words == 1 && first < distinct->found.n;
       first += PARTNERS)
    {
      gsize n = find_partners (distinct, *c, first, MIN (PARTNERS, distinct->found.n - first),
                               partners);

      for (gsize i = 0; i < n; i++)
        add_partner (run, distinct, c, first + partners[i], phi);
      any |= n > 0;
    }
  return any;
}

static void
add_leaf (const Deep *run, const Distinct *distinct, gsize row, const double *phi)
{
  const ShsTreeEnsemble *ensemble = run->background->ensemble;
  const guint32 *slots
      = (const guint32 *)run->patterns->unit_players.memory + distinct->leaf->first_player;
  const guint32 *players = run->patterns->players.key_of;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double value
          = distinct->weight * shs_tree_ensemble_get_leaf (ensemble, distinct->leaf->node)[k];

      for (gsize j = 0; j < distinct->leaf->n_players; j++)
        shs_matrix_column (run->values,
                           (distinct->output + k) * ensemble->n_players + players[slots[j]])[row]
            += value * phi[j];
    }
}

/* 64 rows at all leaves whose distinct patterns are there. */
static gboolean
explain_block (gsize block, guint worker, gpointer data, GError **error)
{
  const Deep *run = data;
  Worker *self = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  route_block (run, run->rows, first, self->x, self->words);
  for (gsize i = 0; i < run->n_distinct; i++)
    {
      const Distinct *distinct = &run->distinct[i];

      find_patterns (run, distinct->leaf, self->words + distinct->first_word, self->patterns);
      for (gsize row = 0; row < n_rows; row++)
        {
          if (!shs_progress_check (run->progress, error))
            return FALSE;
          if (explain_row (run, distinct, self->patterns + row * distinct->found.n_words,
                           self->phi))
            add_leaf (run, distinct, first + row, self->phi);
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

static void
start_leaf (const Deep *run, Distinct *distinct, const ShsPatternTree *tree, gsize leaf)
{
  const ShsTreeEnsemble *ensemble = run->background->ensemble;

  distinct->leaf = (const ShsPatternDeep *)run->patterns->deep.memory + leaf;
  distinct->first_word = tree->first_word;
  distinct->output = ensemble->tree_output[tree->tree];
  distinct->weight = ensemble->tree_weight[tree->tree] / (double)run->background->n_rows;
  distinct->found.n_words = count_words (distinct->leaf->n_players);
}

/* The distinct patterns at @run->n_distinct leaves are held together. */
static gboolean
run_leaves (Deep *run, const ShsTreeOptions *options, GError **error)
{
  gsize n_blocks = (run->rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;

  return shs_pool_run (options->n_threads, run->n_distinct, find_distinct, run, run->progress,
                       error)
         && shs_pool_run (options->n_threads, n_blocks, explain_block, run, run->progress, error);
}

static gboolean
run_tree (Deep *run, const ShsPatternTree *tree, const ShsTreeOptions *options, GError **error)
{
  gsize n_bytes = (count_words (run->most_players) + 1) * sizeof (guint64);
  gsize together = MAX (1, DISTINCT_BYTES / n_bytes / run->background->n_rows);
  gsize end = tree->first_deep + tree->n_deep;

  for (gsize first = tree->first_deep; first < end; first += together)
    {
      run->n_distinct = MIN (together, end - first);
      run->distinct = shs_alloc0 (run->n_distinct, sizeof (Distinct), error);
      if (run->distinct == NULL)
        return FALSE;
      for (gsize i = 0; i < run->n_distinct; i++)
        start_leaf (run, &run->distinct[i], tree, first + i);
      if (!run_leaves (run, options, error))
        return FALSE;
      clear_distinct (run);
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
prepare (Deep *run, const ShsTreeOptions *options, GError **error)
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
      || !prepare_weights (run, options->index, error))
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
shs_tree_deep_run (const ShsTreeBackground *background, gsize group, const ShsMatrix *rows,
                   const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_auto (Deep) run = { .background = background,
                        .patterns = background->patterns[group],
                        .rows = rows,
                        .values = values,
                        .progress = options->progress };
  const ShsPatternBatch *batches = run.patterns->batches.memory;

  if (run.patterns->deep.n == 0)
    return TRUE;
  if (!prepare (&run, options, error))
    return FALSE;
  for (gsize i = 0; i < run.patterns->batches.n; i++)
    {
      run.batch = &batches[i];
      if (!run_batch (&run, options, error))
        return FALSE;
    }
  return TRUE;
}
