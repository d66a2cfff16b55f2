#include "tree/shs-tree-pair-leaves.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/kernels/shs-tree-table-shares.h"
#include "tree/shs-tree-words.h"

#include <math.h>
#include <stdlib.h>

#define MOST_PLAYERS 64
#define MOST_PAIRS (MOST_PLAYERS * (MOST_PLAYERS - 1) / 2)
/* Memory of the background's patterns that are held at a time. */
#define PATTERN_BYTES ((gsize)64 << 20)

/* Rows of the background with the same pattern: bit j: the conditions of player j are met. */
typedef struct
{
  guint64 met;
  double share;
} Pattern;

/* A split on the path to a leaf. */
typedef struct
{
  gsize node;
  gboolean is_right;
  guint player; /* number on the path */
} Term;

/* A leaf of the tree at hand. */
typedef struct
{
  gsize node;
  guint n_players;
  gsize first_term;
  gsize n_terms;
  gsize first_pattern;
  gsize n_patterns;
  gsize first_column; /* of its pairs: i (i - 1) / 2 + j for j < i */
} Leaf;

/* What one worker writes to. */
typedef struct
{
  ShsTreeWords words;
  gsize tree; /* of @words, plus 1 */
  double sums[MOST_PAIRS];
} Worker;

typedef struct
{
  const ShsTreeBackground *background;
  const ShsTreePatterns *patterns;
  const ShsTreePairs *pairs;
  const ShsMatrix *rows;
  ShsMatrix *values;
  const ShsTreeOptions *options;
  double weights[MOST_PLAYERS + 1][MOST_PLAYERS + 1]; /* a! b! / (a + b + 1)! */
  gsize tree;
  ShsTreeBuffer parents; /* guint32: by node of the tree */
  ShsTreeBuffer routed;  /* guint64: [block of the background][node of the tree] */
  ShsTreeBuffer leaves;
  ShsTreeBuffer terms;
  ShsTreeBuffer found;   /* Pattern */
  ShsTreeBuffer columns; /* guint32 */
  gsize n_workers;
  Worker *workers;
} Run;

static void
clear_run (Run *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    shs_tree_words_clear (&run->workers[i].words);
  shs_free (run->workers);
  shs_tree_buffer_clear (&run->parents);
  shs_tree_buffer_clear (&run->routed);
  shs_tree_buffer_clear (&run->leaves);
  shs_tree_buffer_clear (&run->terms);
  shs_tree_buffer_clear (&run->found);
  shs_tree_buffer_clear (&run->columns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static gboolean
check_players (guint n, GError **error)
{
  if (n <= MOST_PLAYERS)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "A path asks for more than %d different features, and interactions against a "
               "background can be found for so many at most; leave out the background, or train "
               "with a smaller depth",
               MOST_PLAYERS);
  return FALSE;
}

static gboolean
find_parents (Run *run, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->background->ensemble;
  gsize first = ensemble->tree_first[run->tree];
  gsize n = ensemble->tree_first[run->tree + 1] - first;
  guint32 *parents;

  run->parents.n = 0;
  parents = shs_tree_buffer_extend (&run->parents, n, sizeof *parents, error);
  for (gsize i = 0; parents != NULL && i < n; i++)
    if (ensemble->split[first + i] != SHS_LEAF)
      parents[i + 1] = parents[ensemble->right[first + i] - first] = (guint32)i;
  return parents != NULL;
}

/* The players of a path get their numbers in the order of @numbers, others after them. */
static gboolean
list_terms (Run *run, Leaf *leaf, guint32 players[MOST_PLAYERS], GError **error)
{
  const ShsTreeEnsemble *ensemble = run->background->ensemble;
  const guint32 *parents = run->parents.memory;
  gsize first = ensemble->tree_first[run->tree];
  gsize node = leaf->node;

  leaf->first_term = run->terms.n;
  while (node > first)
    {
      gsize parent = first + parents[node - first];
      guint32 player = ensemble->player[ensemble->feature[parent]];
      Term *term = shs_tree_buffer_extend (&run->terms, 1, sizeof *term, error);
      guint number = 0;

      if (term == NULL)
        return FALSE;
      while (number < leaf->n_players && players[number] != player)
        number++;
      if (number == leaf->n_players && !check_players (number + 1, error))
        return FALSE;
      if (number == leaf->n_players)
        players[leaf->n_players++] = player;
      *term = (Term){ parent, node != parent + 1, number };
      node = parent;
    }
  leaf->n_terms = run->terms.n - leaf->first_term;
  return TRUE;
}

static gboolean
list_columns (Run *run, Leaf *leaf, const guint32 *players, GError **error)
{
  guint32 *column;

  leaf->first_column = run->columns.n;
  column = shs_tree_buffer_extend (&run->columns, leaf->n_players * (leaf->n_players - 1) / 2,
                                   sizeof *column, error);
  for (guint i = 0; column != NULL && i < leaf->n_players; i++)
    for (guint j = 0; j < i; j++)
      {
        gsize number = shs_tree_pairs_look_up (run->pairs, MIN (players[i], players[j]),
                                               MAX (players[i], players[j]));

        *column++ = number < G_MAXSIZE ? (guint32)number : SHS_TREE_NO_COLUMN;
      }
  return column != NULL;
}

static gboolean
add_pattern (Run *run, Leaf *leaf, guint64 met, double share, GError **error)
{
  Pattern *pattern = shs_tree_buffer_extend (&run->found, 1, sizeof *pattern, error);

  if (pattern == NULL)
    return FALSE;
  *pattern = (Pattern){ met, share };
  leaf->n_patterns++;
  return TRUE;
}

/* Of a leaf that a unit has: @players is in the order of its conditions. */
static gboolean
read_patterns (Run *run, Leaf *leaf, const double *frequencies, const ShsPatternUnit *unit,
               const ShsPatternLeaf *place, GError **error)
{
  const ShsPatternCondition *conditions
      = (const ShsPatternCondition *)run->patterns->conditions.memory + place->first_condition;
  guint16 pattern_of[1 << SHS_PATTERN_BITS];
  double shares[1 << SHS_PATTERN_BITS] = { 0 };

  shs_table_find_patterns (unit, conditions, place->n_conditions, pattern_of);
  for (gsize i = 0; i < (gsize)1 << unit->n_bits; i++)
    shares[pattern_of[i]] += frequencies[unit->first_count + i];
  for (gsize met = 0; met < (gsize)1 << place->n_conditions; met++)
    if (shares[met] > 0 && !add_pattern (run, leaf, met, shares[met], error))
      return FALSE;
  return TRUE;
}

/* Which of 64 rows meet the conditions of each player; @words: by node of the tree. */
static void
find_met (const Run *run, const Leaf *leaf, const guint64 *words, guint64 met[MOST_PLAYERS])
{
  gsize first = run->background->ensemble->tree_first[run->tree];
  const Term *terms = (const Term *)run->terms.memory + leaf->first_term;

  memset (met, 0xff, leaf->n_players * sizeof *met);
  for (gsize i = 0; i < leaf->n_terms; i++)
    {
      guint64 left = words[terms[i].node - first];

      met[terms[i].player] &= terms[i].is_right ? ~left : left;
    }
}

static guint64
gather (const guint64 *met, guint n_players, gsize row)
{
  guint64 bits = 0;

  for (guint j = 0; j < n_players; j++)
    bits |= (met[j] >> row & 1) << j;
  return bits;
}

static int
compare_patterns (gconstpointer a, gconstpointer b)
{
  guint64 left = ((const Pattern *)a)->met;
  guint64 right = ((const Pattern *)b)->met;

  return left < right ? -1 : left > right;
}

static void
join_equal (Run *run, Leaf *leaf)
{
  Pattern *patterns = (Pattern *)run->found.memory + leaf->first_pattern;
  gsize n = 0;

  qsort (patterns, leaf->n_patterns, sizeof *patterns, compare_patterns);
  for (gsize i = 0; i < leaf->n_patterns; i++)
    if (n > 0 && patterns[n - 1].met == patterns[i].met)
      patterns[n - 1].share += patterns[i].share;
    else
      patterns[n++] = patterns[i];
  run->found.n -= leaf->n_patterns - n;
  leaf->n_patterns = n;
}

static gboolean
set_tree (Worker *self, const Run *run, GError **error)
{
  if (self->tree == run->tree + 1)
    return TRUE;
  self->tree = run->tree + 1;
  return shs_tree_words_set_trees (&self->words, run->tree, run->tree + 1, error);
}

/* The ways of the background's rows through the tree at hand. */
static gboolean
route_background (Run *run, GError **error)
{
  const GPtrArray *kept = run->background->kept;
  ShsTreeWords *words = &run->workers[0].words;
  gsize n = run->parents.n;

  run->routed.n = 0;
  if (!set_tree (&run->workers[0], run, error))
    return FALSE;
  for (guint i = 0; i < kept->len; i++)
    {
      const ShsMatrix *rows = g_ptr_array_index (kept, i);

      for (gsize first = 0; first < rows->n_rows; first += SHS_TREE_BLOCK)
        {
          guint64 *to = shs_tree_buffer_extend (&run->routed, n, sizeof *to, error);

          if (to == NULL || !shs_progress_check (run->options->progress, error))
            return FALSE;
          shs_tree_words_route (words, rows, first);
          memcpy (to, words->words, n * sizeof *to);
        }
    }
  return TRUE;
}

/* Of a leaf that no unit has: from the rows themselves. */
static gboolean
find_patterns (Run *run, Leaf *leaf, GError **error)
{
  const GPtrArray *kept = run->background->kept;
  const guint64 *words = run->routed.memory;
  double share = 1 / (double)run->background->n_rows;

  for (guint i = 0; i < kept->len; i++)
    {
      gsize n_rows = ((const ShsMatrix *)g_ptr_array_index (kept, i))->n_rows;

      for (gsize first = 0; first < n_rows; first += SHS_TREE_BLOCK, words += run->parents.n)
        {
          guint64 met[MOST_PLAYERS];

          if (!shs_progress_check (run->options->progress, error))
            return FALSE;
          find_met (run, leaf, words, met);
          for (gsize row = 0; row < MIN (SHS_TREE_BLOCK, n_rows - first); row++)
            if (!add_pattern (run, leaf, gather (met, leaf->n_players, row), share, error))
              return FALSE;
        }
    }
  join_equal (run, leaf);
  return TRUE;
}

/* @unit: NULL for a leaf that no unit has. */
static gboolean
add_leaf (Run *run, gsize node, const ShsPatternUnit *unit, const ShsPatternLeaf *place,
          const double *frequencies, GError **error)
{
  const guint32 *slots = (const guint32 *)run->patterns->unit_players.memory;
  Leaf *leaf = shs_tree_buffer_extend (&run->leaves, 1, sizeof *leaf, error);
  guint32 players[MOST_PLAYERS];

  if (leaf == NULL)
    return FALSE;
  *leaf = (Leaf){ .node = node, .first_pattern = run->found.n };
  for (guint32 j = 0; unit != NULL && j < place->n_conditions; j++)
    {
      const ShsPatternCondition *conditions
          = (const ShsPatternCondition *)run->patterns->conditions.memory + place->first_condition;

      players[leaf->n_players++]
          = run->patterns->players.key_of[slots[unit->first_player + conditions[j].player]];
    }
  if (!list_terms (run, leaf, players, error))
    return FALSE;
  if (leaf->n_players < 2)
    {
      run->leaves.n--;
      return TRUE;
    }
  return list_columns (run, leaf, players, error)
         && (unit != NULL ? read_patterns (run, leaf, frequencies, unit, place, error)
                          : find_patterns (run, leaf, error));
}

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
find_sums (const Run *run, const Leaf *leaf, guint64 own, double *sums)
{
  guint64 all = ~G_GUINT64_CONSTANT (0) >> (64 - leaf->n_players);
  const Pattern *pattern = (const Pattern *)run->found.memory + leaf->first_pattern;

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

static void
add_sums (const Run *run, const Leaf *leaf, gsize row, const double *sums)
{
  const ShsTreeEnsemble *ensemble = run->background->ensemble;
  const guint32 *columns = (const guint32 *)run->columns.memory + leaf->first_column;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    {
      double value = ensemble->tree_weight[run->tree]
                     * ensemble->value[leaf->node * ensemble->leaf_size + k];
      gsize first = (ensemble->tree_output[run->tree] + k) * run->pairs->n;

      for (guint i = 0; i < leaf->n_players * (leaf->n_players - 1) / 2; i++)
        if (columns[i] != SHS_TREE_NO_COLUMN)
          shs_matrix_column (run->values, first + columns[i])[row] += value * sums[i];
    }
}

/* 64 rows at the leaves at hand. */
static gboolean
explain_block (gsize block, guint worker, gpointer data, GError **error)
{
  Run *run = data;
  Worker *self = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);
  const Leaf *leaf = run->leaves.memory;

  if (!set_tree (self, run, error))
    return FALSE;
  shs_tree_words_route (&self->words, run->rows, first);
  for (gsize i = 0; i < run->leaves.n; i++, leaf++)
    {
      guint64 met[MOST_PLAYERS];

      if (!shs_progress_check (run->options->progress, error))
        return FALSE;
      find_met (run, leaf, self->words.words, met);
      for (gsize row = 0; row < n_rows; row++)
        {
          find_sums (run, leaf, gather (met, leaf->n_players, row), self->sums);
          add_sums (run, leaf, first + row, self->sums);
        }
    }
  return TRUE;
}

static gboolean
run_leaves (Run *run, GError **error)
{
  gsize n_blocks = (run->rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
  gboolean done = run->leaves.n == 0
                  || shs_pool_run (run->options->n_threads, n_blocks, explain_block, run,
                                   run->options->progress, error);

  run->leaves.n = run->terms.n = run->found.n = run->columns.n = 0;
  return done;
}

static gboolean
run_when_full (Run *run, GError **error)
{
  return run->found.n < PATTERN_BYTES / sizeof (Pattern) || run_leaves (run, error);
}

static gboolean
run_unit (Run *run, const ShsPatternUnit *unit, const double *frequencies, GError **error)
{
  const ShsPatternLeaf *leaves = run->patterns->leaves.memory;

  for (gsize i = unit->first_leaf; i < unit->first_leaf + unit->n_leaves; i++)
    if (!add_leaf (run, leaves[i].node, unit, &leaves[i], frequencies, error)
        || !run_when_full (run, error))
      return FALSE;
  return TRUE;
}

static gboolean
run_tree (Run *run, const ShsPatternTree *tree, const double *frequencies, GError **error)
{
  const ShsPatternUnit *units = run->patterns->units.memory;
  const ShsPatternDeep *deep = run->patterns->deep.memory;

  run->tree = tree->tree;
  if (!find_parents (run, error) || (tree->n_deep > 0 && !route_background (run, error)))
    return FALSE;
  for (gsize i = tree->first_unit; i < tree->first_unit + tree->n_units; i++)
    if (units[i].n_bits > SHS_PAIR_BITS && !run_unit (run, &units[i], frequencies, error))
      return FALSE;
  for (gsize i = tree->first_deep; i < tree->first_deep + tree->n_deep; i++)
    if (!add_leaf (run, deep[i].node, NULL, NULL, NULL, error) || !run_when_full (run, error))
      return FALSE;
  return run_leaves (run, error);
}

static gboolean
prepare (Run *run, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->background->ensemble;
  gsize most_nodes = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    most_nodes = MAX (most_nodes, ensemble->tree_first[tree + 1] - ensemble->tree_first[tree]);
  for (int a = 0; a <= MOST_PLAYERS; a++)
    for (int b = 0; b <= MOST_PLAYERS; b++)
      run->weights[a][b]
          = b == 0 ? 1.0 / (a + 1) : run->weights[a][b - 1] * (double)b / (double)(a + b + 1);
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
  return patterns->deep.n > 0;
}

gboolean
shs_tree_pair_leaves_run (const ShsTreeBackground *background, gsize group,
                          const ShsTreePairs *pairs, const ShsMatrix *rows,
                          const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_auto (Run) run = { .background = background,
                       .patterns = background->patterns[group],
                       .pairs = pairs,
                       .rows = rows,
                       .values = values,
                       .options = options };
  const double *frequencies = background->frequencies + background->first_count[group];
  const ShsPatternTree *trees = run.patterns->trees.memory;

  if (!has_leaves (run.patterns))
    return TRUE;
  if (!prepare (&run, error))
    return FALSE;
  for (gsize i = 0; i < run.patterns->trees.n; i++)
    if (!run_tree (&run, &trees[i], frequencies, error))
      return FALSE;
  return TRUE;
}
