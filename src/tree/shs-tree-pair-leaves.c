#include "tree/shs-tree-pair-leaves.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-lone-leaves.h"

#include <math.h>
#include <string.h>

#define MOST_PAIRS (SHS_LONE_PLAYERS * (SHS_LONE_PLAYERS - 1) / 2)
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
  const ShsTreePairs *pairs;
  const ShsMatrix *rows;
  ShsMatrix *values;
  const ShsTreeOptions *options;
  double weights[SHS_LONE_PLAYERS + 1][SHS_LONE_PLAYERS + 1]; /* a! b! / (a + b + 1)! */
  ShsLoneLeaves leaves;
  ShsTreeBuffer columns; /* guint32: of a leaf's pairs, leaf by leaf: i (i - 1) / 2 + j, j < i */
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
  shs_tree_buffer_clear (&run->columns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static double
get_weight (const Run *run, guint a, guint b)
{
  return run->options->index == SHS_TREE_INDEX_BANZHAF ? ldexp (1, -(int)(a + b))
                                                       : run->weights[a][b];
}

/* @amount to each pair of a player of @some and one of @others; of pairs within @some if equal. */
static void
add_bits (double *sums, guint64 some, guint64 others, double amount)
{
  for (guint64 rest = some; rest != 0; rest &= rest - 1)
    {
      guint i = (guint)__builtin_ctzll (rest);
      guint64 partners = some == others ? rest & (rest - 1) : others;

      for (; partners != 0; partners &= partners - 1)
        {
          guint j = (guint)__builtin_ctzll (partners);

          sums[i > j ? i * (i - 1) / 2 + j : j * (j - 1) / 2 + i] += amount;
        }
    }
}

static void
find_sums (const Run *run, const ShsLoneLeaf *leaf, guint64 own, double *sums)
{
  guint64 all = ~G_GUINT64_CONSTANT (0) >> (64 - leaf->n_players);
  const ShsLonePattern *pattern
      = (const ShsLonePattern *)run->leaves.found.memory + leaf->first_pattern;

  memset (sums, 0, leaf->n_players * (leaf->n_players - 1) / 2 * sizeof *sums);
  for (gsize i = 0; i < leaf->n_patterns; i++, pattern++)
    {
      guint64 from_row = own & ~pattern->met;
      guint64 from_background = pattern->met & ~own;
      guint p = (guint)__builtin_popcountll (from_row);
      guint q = (guint)__builtin_popcountll (from_background);

      if ((own | pattern->met) != all)
        continue;
      if (p >= 2)
        add_bits (sums, from_row, from_row, pattern->share * get_weight (run, p - 2, q));
      if (p >= 1 && q >= 1)
        add_bits (sums, from_row, from_background,
                  -pattern->share * get_weight (run, p - 1, q - 1));
      if (q >= 2)
        add_bits (sums, from_background, from_background,
                  pattern->share * get_weight (run, p, q - 2));
    }
}

static guint
count_pairs (const ShsLoneLeaf *leaf)
{
  return leaf->n_players * (leaf->n_players - 1) / 2;
}

static gboolean
list_columns (Run *run, const ShsLoneLeaf *leaf, GError **error)
{
  const guint32 *players = (const guint32 *)run->leaves.players.memory + leaf->first_player;
  guint32 *column
      = shs_tree_buffer_extend (&run->columns, count_pairs (leaf), sizeof *column, error);

  for (guint i = 0; column != NULL && i < leaf->n_players; i++)
    for (guint j = 0; j < i; j++)
      {
        gsize number = shs_tree_pairs_look_up (run->pairs, MIN (players[i], players[j]),
                                               MAX (players[i], players[j]));

        *column++ = number < G_MAXSIZE ? (guint32)number : SHS_TREE_NO_COLUMN;
      }
  return column != NULL;
}

static void
add_sums (const Run *run, const ShsLoneLeaf *leaf, const guint32 *columns, gsize row,
          const double *sums)
{
  const ShsTreeEnsemble *ensemble = run->leaves.background->ensemble;
  gsize tree = run->leaves.tree;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double value
          = ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, leaf->node)[k];
      gsize first = (ensemble->tree_output[tree] + k) * run->pairs->n;

      for (guint i = 0; i < count_pairs (leaf); i++)
        if (columns[i] != SHS_TREE_NO_COLUMN)
          shs_matrix_column (run->values, first + columns[i])[row] += value * sums[i];
    }
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
  for (gsize i = 0; i < run->leaves.leaves.n; i++, columns += count_pairs (leaf), leaf++)
    {
      guint64 met[SHS_LONE_PLAYERS];

      if (!shs_progress_check (run->options->progress, error))
        return FALSE;
      shs_lone_leaves_find_met (&run->leaves, leaf, self->words.words, met);
      for (gsize row = 0; row < n_rows; row++)
        {
          find_sums (run, leaf, shs_lone_gather (met, leaf->n_players, row), self->sums);
          add_sums (run, leaf, columns, first + row, self->sums);
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
add_leaf (Run *run, gsize node, const ShsPatternUnit *unit, const ShsPatternLeaf *place,
          GError **error)
{
  return shs_lone_leaves_add (&run->leaves, node, unit, place, error)
         && (run->leaves.found.n < PATTERN_BYTES / sizeof (ShsLonePattern)
             || run_leaves (run, error));
}

static gboolean
run_tree (Run *run, const ShsPatternTree *tree, GError **error)
{
  const ShsTreePatterns *patterns = run->leaves.patterns;
  const ShsPatternDeep *deep = patterns->deep.memory;
  const ShsPatternLeaf *leaves = patterns->leaves.memory;
  const ShsPatternUnit *unit = (const ShsPatternUnit *)patterns->units.memory + tree->first_unit;

  if (!shs_lone_leaves_set_tree (&run->leaves, tree, error))
    return FALSE;
  for (guint32 i = 0; i < tree->n_units; i++, unit++)
    for (guint32 j = 0; unit->n_bits > SHS_PAIR_BITS && j < unit->n_leaves; j++)
      if (!add_leaf (run, leaves[unit->first_leaf + j].node, unit, &leaves[unit->first_leaf + j],
                     error))
        return FALSE;
  for (gsize i = tree->first_deep; i < tree->first_deep + tree->n_deep; i++)
    if (!add_leaf (run, deep[i].node, NULL, NULL, error))
      return FALSE;
  return run_leaves (run, error);
}

static gboolean
prepare (Run *run, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->leaves.background->ensemble;
  gsize most_nodes = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    most_nodes = MAX (most_nodes, ensemble->tree_first[tree + 1] - ensemble->tree_first[tree]);
  for (int a = 0; a <= SHS_LONE_PLAYERS; a++)
    for (int b = 0; b <= SHS_LONE_PLAYERS; b++)
      run->weights[a][b]
          = b == 0 ? 1.0 / (a + 1) : run->weights[a][b - 1] * (double)b / (double)(a + b + 1);
  run->n_workers = shs_pool_count_workers (run->options->n_threads, G_MAXSIZE);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    if (!shs_tree_words_init (&run->workers[i].words, ensemble, most_nodes,
                              run->options->instructions, error))
      return FALSE;
  return run->workers != NULL
         && shs_tree_words_init (&run->leaves.words, ensemble, most_nodes,
                                 run->options->instructions, error);
}

static gboolean
has_leaves (const ShsTreePatterns *patterns)
{
  const ShsPatternUnit *units = patterns->units.memory;

  for (gsize i = 0; i < patterns->units.n; i++)
    if (units[i].n_bits > SHS_PAIR_BITS)
      return TRUE;
  return patterns->deep.n > 0;
}

gboolean
shs_tree_pair_leaves_run (const ShsTreeBackground *background, gsize group,
                          const ShsTreePairs *pairs, const ShsMatrix *rows,
                          const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  const ShsTreePatterns *patterns = background->patterns[group];
  g_auto (Run) run
      = { .pairs = pairs,
          .rows = rows,
          .values = values,
          .options = options,
          .leaves = { .background = background,
                      .patterns = patterns,
                      .frequencies = background->frequencies + background->first_count[group],
                      .progress = options->progress } };
  const ShsPatternTree *trees = patterns->trees.memory;

  if (!has_leaves (patterns))
    return TRUE;
  if (!prepare (&run, error))
    return FALSE;
  for (gsize i = 0; i < patterns->trees.n; i++)
    if (!run_tree (&run, &trees[i], error))
      return FALSE;
  return TRUE;
}
