/* Pair interactions of a leaf of value V below k players, for all patterns c of a row at once: with
 * P as in shs-tree-build-kernels.c, the interaction of i and j is the sum over S in c of
 *
 *   V (-1)^(2 - |S and {i, j}|) w(|S without i, j|) P[all without S]
 *
 * with w(m) = m! (k - m - 2)! / (k - 1)! (Shapley) or 2^(2 - k) (Banzhaf): sums over subsets. */
#include "tree/shs-tree-pair-tables.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/kernels/shs-tree-table-shares.h"

#include <math.h>

#define MOST_PLAYERS SHS_PAIR_BITS
#define MOST_PAIRS (MOST_PLAYERS * (MOST_PLAYERS - 1) / 2)
#define N_PATTERNS (1 << SHS_PAIR_BITS)
#define NO_PAIR 0xff

/* What one worker writes to. */
typedef struct
{
  double tables[MOST_PAIRS][N_PATTERNS];
  double terms[N_PATTERNS];
  double shares[N_PATTERNS];
  guint16 pattern_of[N_PATTERNS];
} Scratch;

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsTreePatterns *patterns;
  const double *frequencies;
  ShsTreePairTables *tables;
  ShsProgress *progress;
  double weights[SHS_PAIR_BITS + 1][SHS_PAIR_BITS + 1]; /* by k, then by m */
  Scratch *scratch;
} Construction;

/* Numbers of the pairs of a unit's players that meet at one of its leaves. */
typedef guint8 PairNumbers[MOST_PLAYERS][MOST_PLAYERS];

static guint
number_pairs (const ShsTreePatterns *patterns, const ShsPatternUnit *unit, PairNumbers numbers)
{
  const ShsPatternLeaf *leaf = (const ShsPatternLeaf *)patterns->leaves.memory + unit->first_leaf;
  guint n = 0;

  memset (numbers, NO_PAIR, sizeof (PairNumbers));
  for (guint32 i = 0; i < unit->n_leaves; i++, leaf++)
    {
      const ShsPatternCondition *conditions
          = (const ShsPatternCondition *)patterns->conditions.memory + leaf->first_condition;

      for (guint32 a = 0; a < leaf->n_conditions; a++)
        for (guint32 b = 0; b < a; b++)
          if (numbers[conditions[a].player][conditions[b].player] == NO_PAIR)
            {
              numbers[conditions[a].player][conditions[b].player] = (guint8)n;
              numbers[conditions[b].player][conditions[a].player] = (guint8)n++;
            }
    }
  return n;
}

static gboolean
is_narrow (const ShsPatternUnit *unit)
{
  return unit->n_bits <= SHS_PAIR_BITS;
}

static gboolean
add_pairs (ShsTreePairTables *self, const ShsTreePatterns *patterns, const ShsPatternUnit *unit,
           PairNumbers numbers, guint n_pairs, GError **error)
{
  const guint32 *slot = (const guint32 *)patterns->unit_players.memory + unit->first_player;
  guint32 *to = shs_tree_buffer_extend (&self->slots, n_pairs, sizeof *to, error);

  if (to == NULL)
    return FALSE;
  for (guint a = 0; a < unit->n_players; a++)
    for (guint b = 0; b < a; b++)
      {
        guint32 number;

        if (numbers[a][b] == NO_PAIR)
          continue;
        if (!shs_tree_pair_set_add (&self->pairs, patterns->players.key_of[slot[a]],
                                    patterns->players.key_of[slot[b]], &number, error))
          return FALSE;
        to[numbers[a][b]] = number + 1;
      }
  return TRUE;
}

static gboolean
list_units (ShsTreePairTables *self, const ShsTreePatterns *patterns, GError **error)
{
  const ShsPatternUnit *units = patterns->units.memory;

  for (gsize i = 0; i < patterns->units.n; i++)
    {
      ShsPatternUnit *unit = shs_tree_buffer_extend (&self->units, 1, sizeof *unit, error);
      PairNumbers numbers;
      guint n_pairs;

      if (unit == NULL)
        return FALSE;
      n_pairs = is_narrow (&units[i]) ? number_pairs (patterns, &units[i], numbers) : 0;
      *unit = units[i];
      unit->n_players = (guint8)n_pairs;
      unit->first_player = (guint32)self->slots.n;
      unit->first_entry = self->tables.n_entries;
      self->tables.n_entries += n_pairs * SHS_TABLE_ENTRIES (unit->n_bits);
      if (n_pairs > 0 && !add_pairs (self, patterns, &units[i], numbers, n_pairs, error))
        return FALSE;
    }
  shs_tree_pair_set_seal (&self->pairs);
  return TRUE;
}

static void
fill_weights (Construction *self, ShsTreeIndex index)
{
  for (int k = 2; k <= SHS_PAIR_BITS; k++)
    for (int m = 0; m + 2 <= k; m++)
      self->weights[k][m] = index == SHS_TREE_INDEX_BANZHAF
                                ? ldexp (1, 2 - k)
                                : tgamma (m + 1) * tgamma (k - m - 1) / tgamma (k);
}

static void
find_interactions (const Construction *self, Scratch *scratch, guint k, guint i, guint j)
{
  gsize both = (gsize)1 << i | (gsize)1 << j;
  gsize full = ((gsize)1 << k) - 1;
  double *terms = scratch->terms;

  for (gsize set = 0; set <= full; set++)
    {
      double weight = self->weights[k][__builtin_popcountll (set & ~both)];

      terms[set] = (__builtin_parityll (set & both) ? -weight : weight) * scratch->shares[set];
    }
  shs_table_add_subsets (terms, full + 1);
}

static void
add_leaf (const Construction *self, Scratch *scratch, const ShsPatternUnit *unit,
          const ShsPatternLeaf *leaf, PairNumbers numbers, double value)
{
  const ShsPatternCondition *conditions
      = (const ShsPatternCondition *)self->patterns->conditions.memory + leaf->first_condition;
  guint k = leaf->n_conditions;

  shs_table_find_patterns (unit, conditions, k, scratch->pattern_of);
  if (shs_table_find_shares (unit, conditions, k, self->frequencies + unit->first_count,
                             scratch->pattern_of, scratch->shares))
    shs_table_add_subsets (scratch->shares, (gsize)1 << k);
  for (guint i = 0; i < k; i++)
    for (guint j = 0; j < i; j++)
      {
        double *table = scratch->tables[numbers[conditions[i].player][conditions[j].player]];

        find_interactions (self, scratch, k, i, j);
        for (gsize pattern = 0; pattern < (gsize)1 << unit->n_bits; pattern++)
          table[pattern] += value * scratch->terms[scratch->pattern_of[pattern]];
      }
}

static void
write_tables (const Construction *self, const Scratch *scratch, const ShsPatternUnit *pairs,
              gsize leaf_value)
{
  const ShsTreeTables *tables = &self->tables->tables;
  gsize first = leaf_value * tables->n_entries + pairs->first_entry;
  gsize n = SHS_TABLE_ENTRIES (pairs->n_bits);
  gsize mask = ((gsize)1 << pairs->n_bits) - 1;

  for (gsize i = 0; i < pairs->n_players * n; i++)
    {
      double value = scratch->tables[i / n][i % n & mask];

      if (tables->variant.size == sizeof (double))
        ((double *)tables->entries)[first + i] = value;
      else
        ((float *)tables->entries)[first + i] = (float)value;
    }
}

static void
build_unit (const Construction *self, Scratch *scratch, gsize tree, gsize number, gsize leaf_value)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  const ShsPatternUnit *unit = (const ShsPatternUnit *)self->patterns->units.memory + number;
  const ShsPatternUnit *pairs = (const ShsPatternUnit *)self->tables->units.memory + number;
  const ShsPatternLeaf *leaf = (const ShsPatternLeaf *)self->patterns->leaves.memory;
  PairNumbers numbers;

  if (pairs->n_players == 0)
    return;
  number_pairs (self->patterns, unit, numbers);
  memset (scratch->tables, 0, pairs->n_players * sizeof *scratch->tables);
  leaf += unit->first_leaf;
  for (guint32 i = 0; i < unit->n_leaves; i++)
    add_leaf (self, scratch, unit, &leaf[i], numbers,
              ensemble->tree_weight[tree]
                  * shs_tree_ensemble_get_leaf (ensemble, leaf[i].node)[leaf_value]);
  write_tables (self, scratch, pairs, leaf_value);
}

static gboolean
build_tree (gsize number, guint worker, gpointer data, GError **error)
{
  const Construction *self = data;
  const ShsPatternTree *tree = (const ShsPatternTree *)self->patterns->trees.memory + number;

  for (gsize unit = tree->first_unit; unit < tree->first_unit + tree->n_units; unit++)
    {
      if (!shs_progress_check (self->progress, error))
        return FALSE;
      for (gsize k = 0; k < self->ensemble->leaf_size; k++)
        build_unit (self, &self->scratch[worker], tree->tree, unit, k);
    }
  return TRUE;
}

static gboolean
fill_tables (Construction *self, const ShsTreeOptions *options, GError **error)
{
  ShsTreeTables *tables = &self->tables->tables;
  gsize size = options->precision == SHS_PRECISION_DOUBLE ? sizeof (double) : sizeof (float);
  gsize n_trees = self->patterns->trees.n;
  gboolean done;

  tables->variant = (ShsTreeVariant){ size, options->index, TRUE };
  if (!shs_size_multiply (tables->n_entries, self->ensemble->leaf_size * size, &tables->n_bytes))
    tables->n_bytes = G_MAXSIZE;
  tables->portion.n_batches = self->patterns->batches.n;
  tables->entries = shs_alloc (tables->n_bytes, 1, error);
  if (tables->entries == NULL)
    return FALSE;
  fill_weights (self, options->index);
  self->scratch
      = shs_alloc (shs_pool_count_workers (options->n_threads, n_trees), sizeof (Scratch), error);
  if (self->scratch == NULL)
    return FALSE;
  done = shs_pool_run (options->n_threads, n_trees, build_tree, self, options->progress, error);
  shs_free (self->scratch);
  return done;
}

ShsTreePairTables *
shs_tree_pair_tables_build (const ShsTreeEnsemble *ensemble, const ShsTreePatterns *patterns,
                            const double *frequencies, const ShsTreeOptions *options,
                            GError **error)
{
  g_autoptr (ShsTreePairTables) self = g_new0 (ShsTreePairTables, 1);
  Construction work = { .ensemble = ensemble,
                        .patterns = patterns,
                        .frequencies = frequencies,
                        .tables = self,
                        .progress = options->progress };

  if (!list_units (self, patterns, error) || !fill_tables (&work, options, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
shs_tree_pair_tables_free (ShsTreePairTables *self)
{
  if (self == NULL)
    return;
  shs_tree_pair_set_clear (&self->pairs);
  shs_tree_buffer_clear (&self->units);
  shs_tree_buffer_clear (&self->slots);
  shs_free (self->tables.entries);
  g_free (self);
}
