#include "tree/shs-tree-pair-leaves.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-lone-leaves.h"
#include "tree/shs-tree-partners.h"
#include "tree/shs-tree-words.h"

#include <string.h>

#define MOST_PAIRS (SHS_PATTERN_BITS * (SHS_PATTERN_BITS - 1) / 2)
/* Memory of the background's patterns that are held at a time. */
#define PATTERN_BYTES ((gsize)64 << 20)

/* What one worker writes to. */
typedef struct
{
  ShsTreeWords words;
  gsize tree; /* of @words, plus 1 */
  double sums[MOST_PAIRS];
} Worker;

typedef struct
{
  const ShsMatrix *rows;
  ShsMatrix *values;
  const ShsTreeOptions *options;
  ShsTreePartners partners;
  ShsLoneLeaves leaves;
  ShsTreeBuffer columns; /* guint32: of a leaf's pairs, leaf by leaf */
  gsize n_workers;
  Worker *workers;
} Run;

static void
clear_run (Run *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    shs_tree_words_clear (&run->workers[i].words);
  shs_free (run->workers);
  shs_lone_leaves_clear (&run->leaves);
  shs_tree_partners_clear (&run->partners);
  shs_tree_buffer_clear (&run->columns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static void
find_sums (const Run *run, const ShsLoneLeaf *leaf, guint64 own, double *sums)
{
  guint64 all = ~G_GUINT64_CONSTANT (0) >> (64 - leaf->n_players);
  const ShsLonePattern *pattern
      = (const ShsLonePattern *)run->leaves.found.memory + leaf->first_pattern;

  memset (sums, 0, MOST_PAIRS * sizeof *sums);
  for (gsize i = 0; i < leaf->n_patterns; i++, pattern++)
    if ((own | pattern->met) == all)
      shs_tree_partners_add (&run->partners, 1, &own, &pattern->met, pattern->share, sums);
}

static gsize
count_pairs (const Run *run, const ShsLoneLeaf *leaf)
{
  return shs_tree_partners_count_sums (&run->partners, leaf->n_players);
}

static gboolean
list_columns (Run *run, const ShsLoneLeaf *leaf, GError **error)
{
  const guint32 *players = (const guint32 *)run->leaves.players.memory + leaf->first_player;
  guint32 *columns
      = shs_tree_buffer_extend (&run->columns, count_pairs (run, leaf), sizeof *columns, error);

  if (columns != NULL)
    shs_tree_partners_list_columns (&run->partners, players, leaf->n_players, columns);
  return columns != NULL;
}

static gboolean
set_tree (Worker *self, gsize tree, GError **error)
{
  if (self->tree == tree + 1)
    return TRUE;
  self->tree = tree + 1;
  return shs_tree_words_set_trees (&self->words, tree, tree + 1, error);
}

/* 64 rows at the leaves at hand. */
static gboolean
explain_block (gsize block, guint worker, gpointer data, GError **error)
{
  const Run *run = data;
  Worker *self = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);
  const ShsLoneLeaf *leaf = run->leaves.leaves.memory;
  const guint32 *columns = run->columns.memory;

  if (!set_tree (self, run->leaves.tree, error))
    return FALSE;
  shs_tree_words_route (&self->words, run->rows, first);
  for (gsize i = 0; i < run->leaves.leaves.n; i++, columns += count_pairs (run, leaf), leaf++)
    {
      guint64 met[SHS_PATTERN_BITS];

      if (!shs_progress_check (run->options->progress, error))
        return FALSE;
      shs_lone_leaves_find_met (&run->leaves, leaf, self->words.words, met);
      for (gsize row = 0; row < n_rows; row++)
        {
          find_sums (run, leaf, shs_lone_gather (met, leaf->n_players, row), self->sums);
          shs_tree_partners_write (&run->partners, run->leaves.tree, leaf->node, columns,
                                   count_pairs (run, leaf), self->sums, first + row, run->values);
        }
    }
  return TRUE;
}

static gboolean
run_leaves (Run *run, GError **error)
{
  gsize n_blocks = (run->rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
  const ShsLoneLeaf *leaves = run->leaves.leaves.memory;
  gboolean done = TRUE;

  run->columns.n = 0;
  for (gsize i = 0; i < run->leaves.leaves.n && done; i++)
    done = list_columns (run, &leaves[i], error);
  if (done && run->leaves.leaves.n > 0)
    done = shs_pool_run (run->options->n_threads, n_blocks, explain_block, run,
                         run->options->progress, error);
  shs_lone_leaves_forget (&run->leaves);
  return done;
}

static gboolean
add_leaf (Run *run, const ShsPatternUnit *unit, const ShsPatternLeaf *leaf, GError **error)
{
  return shs_lone_leaves_add (&run->leaves, unit, leaf, error)
         && (run->leaves.found.n < PATTERN_BYTES / sizeof (ShsLonePattern)
             || run_leaves (run, error));
}

static gboolean
run_tree (Run *run, const ShsPatternTree *tree, GError **error)
{
  const ShsTreePatterns *patterns = run->leaves.patterns;
  const ShsPatternLeaf *leaves = patterns->leaves.memory;
  const ShsPatternUnit *unit = (const ShsPatternUnit *)patterns->units.memory + tree->first_unit;

  if (!shs_lone_leaves_set_tree (&run->leaves, tree, error))
    return FALSE;
  for (guint32 i = 0; i < tree->n_units; i++, unit++)
    for (guint32 j = 0; unit->n_bits > SHS_PAIR_BITS && j < unit->n_leaves; j++)
      if (!add_leaf (run, unit, &leaves[unit->first_leaf + j], error))
        return FALSE;
  return run_leaves (run, error);
}

static gboolean
prepare (Run *run, const ShsTreePairs *pairs, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->leaves.background->ensemble;
  gsize most_nodes = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    most_nodes = MAX (most_nodes, ensemble->tree_first[tree + 1] - ensemble->tree_first[tree]);
  if (!shs_tree_partners_init (&run->partners, ensemble, pairs, SHS_PATTERN_BITS,
                               run->options->index, error))
    return FALSE;
  run->n_workers = shs_pool_count_workers (run->options->n_threads, G_MAXSIZE);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    if (!shs_tree_words_init (&run->workers[i].words, ensemble, most_nodes,
                              run->options->instructions, error))
      return FALSE;
  return run->workers != NULL;
}

static gboolean
has_leaves (const ShsTreePatterns *patterns)
{
  const ShsPatternUnit *units = patterns->units.memory;

  for (gsize i = 0; i < patterns->units.n; i++)
    if (units[i].n_bits > SHS_PAIR_BITS)
      return TRUE;
  return FALSE;
}

gboolean
shs_tree_pair_leaves_run (ShsTreeBackground *background, gsize group, const ShsTreePairs *pairs,
                          const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
                          GError **error)
{
  const ShsTreePatterns *patterns = background->patterns[group];
  g_auto (Run) run = { .rows = rows,
                       .values = values,
                       .options = options,
                       .leaves = { .background = background, .patterns = patterns } };
  SHS_AUTOFREE double *own_shares = NULL;
  const ShsPatternTree *trees = patterns->trees.memory;

  if (!has_leaves (patterns))
    return TRUE;
  run.leaves.shares
      = shs_tree_background_get_shares (background, group, options, &own_shares, error);
  if (run.leaves.shares == NULL || !prepare (&run, pairs, error))
    return FALSE;
  for (gsize i = 0; i < patterns->trees.n; i++)
    if (!run_tree (&run, &trees[i], error))
      return FALSE;
  return TRUE;
}
