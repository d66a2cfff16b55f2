#include "tree/shs-tree-linear-background.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <string.h>

/* What one worker writes to. */
typedef struct
{
  ShsTreeWords words;
  guint64 *patterns; /* [64][words of a pattern] */
} Worker;

typedef struct
{
  ShsTreeLinearBackground *background;
  const ShsMatrix *rows;
  const guint64 *present;
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
      shs_free (run->workers[i].patterns);
    }
  shs_free (run->workers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Count, clear_count)

ShsTreeLinearBackground *
shs_tree_linear_background_new (const ShsTreeEnsemble *ensemble, GError **error)
{
  g_autoptr (ShsTreeLinearBackground) self = g_new0 (ShsTreeLinearBackground, 1);

  if (!shs_tree_linear_terms_init (&self->terms, ensemble, error))
    return NULL;
  self->of_place = shs_alloc0 (self->terms.places.n, sizeof *self->of_place, error);
  return self->of_place != NULL ? g_steal_pointer (&self) : NULL;
}

void
shs_tree_linear_background_free (ShsTreeLinearBackground *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; self->of_place != NULL && i < self->terms.places.n; i++)
    {
      shs_tree_buffer_clear (&self->of_place[i].patterns);
      shs_tree_buffer_clear (&self->of_place[i].shares);
      shs_tree_buffer_clear (&self->of_place[i].sums);
      shs_tree_buffer_clear (&self->of_place[i].table);
    }
  shs_free (self->of_place);
  shs_tree_linear_terms_clear (&self->terms);
  g_free (self);
}

static gsize
hash_pattern (const guint64 *pattern, gsize n_words)
{
  guint64 hash = 0;

  for (gsize i = 0; i < n_words; i++)
    hash = (hash ^ pattern[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (gsize)(hash ^ hash >> 32);
}

/* Where the pattern stands in the table, or the free place where it belongs. */
static gsize
find_place (const ShsTreeLinearPatterns *self, const guint64 *pattern, gsize n_words)
{
  const guint32 *table = self->table.memory;
  const guint64 *known = self->patterns.memory;
  gsize mask = self->table.n - 1;
  gsize place = hash_pattern (pattern, n_words) & mask;

  while (table[place] > 0
         && memcmp (known + (table[place] - 1) * n_words, pattern, n_words * sizeof *pattern) != 0)
    place = (place + 1) & mask;
  return place;
}

/* Room for 64 more; the table is at most half full. */
static gboolean
ensure_table (ShsTreeLinearPatterns *self, gsize n_words, GError **error)
{
  gsize needed = (gsize)2 << g_bit_storage (self->n + SHS_TREE_BLOCK);
  const guint64 *known = self->patterns.memory;
  guint32 *table;

  if (self->table.n == needed)
    return TRUE;
  self->table.n = 0;
  table = shs_tree_buffer_extend (&self->table, needed, sizeof *table, error);
  if (table == NULL)
    return FALSE;
  memset (table, 0, needed * sizeof *table);
  for (gsize i = 0; i < self->n; i++)
    table[find_place (self, known + i * n_words, n_words)] = (guint32)i + 1;
  return TRUE;
}

/* The number of the pattern, a new one if need be; G_MAXSIZE where there is no memory. */
static gsize
find_number (ShsTreeLinearPatterns *self, const guint64 *pattern, gsize n_words, gsize n_terms,
             GError **error)
{
  gsize place = find_place (self, pattern, n_words);
  guint32 *entry = (guint32 *)self->table.memory + place;
  guint64 *added;
  double *share;
  double *sums;

  if (*entry > 0)
    return *entry - 1;
  added = shs_tree_buffer_extend (&self->patterns, n_words, sizeof *added, error);
  if (added == NULL)
    return G_MAXSIZE;
  share = shs_tree_buffer_extend (&self->shares, 1, sizeof *share, error);
  if (share == NULL)
    return G_MAXSIZE;
  sums = shs_tree_buffer_extend (&self->sums, n_terms, sizeof *sums, error);
  if (sums == NULL)
    return G_MAXSIZE;
  memcpy (added, pattern, n_words * sizeof *pattern);
  memset (sums, 0, n_terms * sizeof *sums);
  *share = 0;
  *entry = (guint32)++self->n;
  return self->n - 1;
}

static gboolean
add_row (ShsTreeLinearPatterns *self, const Count *run, const ShsTreeLinearPlace *place, gsize row,
         const guint64 *pattern, GError **error)
{
  const ShsTreeLinearTerms *all = &run->background->terms;
  const ShsTreeLinearTerm *terms = (const ShsTreeLinearTerm *)all->terms.memory + place->first_term;
  gsize number = find_number (self, pattern, shs_tree_linear_terms_count_words (place->n_players),
                              place->n_terms, error);
  double *sums;

  if (number == G_MAXSIZE)
    return FALSE;
  ((double *)self->shares.memory)[number]++;
  sums = (double *)self->sums.memory + number * place->n_terms;
  for (gsize i = 0; i < place->n_terms; i++)
    if (pattern[terms[i].player / 64] >> terms[i].player % 64 & 1)
      sums[i] += shs_matrix_get (run->rows, row, all->features[terms[i].slot]);
  return TRUE;
}

static gboolean
count_block (Worker *self, const Count *run, gsize tree, gsize first, GError **error)
{
  ShsTreeLinearBackground *background = run->background;
  const ShsTreeLinearTerms *terms = &background->terms;
  const ShsTreeLinearPlace *places = terms->places.memory;
  const guint64 *present = run->present + first / SHS_TREE_BLOCK * terms->n_slots;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  for (gsize i = terms->first_place[tree]; i < terms->first_place[tree + 1]; i++)
    {
      gsize n_words = shs_tree_linear_terms_count_words (places[i].n_players);

      shs_tree_linear_terms_find_patterns (terms, &places[i], &self->words, present,
                                           self->patterns);
      if (!ensure_table (&background->of_place[i], n_words, error))
        return FALSE;
      for (gsize row = 0; row < n_rows; row++)
        if (!add_row (&background->of_place[i], run, &places[i], first + row,
                      self->patterns + row * n_words, error))
          return FALSE;
    }
  return TRUE;
}

/* A tree's places belong to one worker, which goes through all rows. */
static gboolean
count_tree (gsize tree, guint worker, gpointer data, GError **error)
{
  const Count *run = data;
  const gsize *first_place = run->background->terms.first_place;
  Worker *self = &run->workers[worker];

  if (first_place[tree] == first_place[tree + 1])
    return TRUE;
  if (!shs_tree_words_set_trees (&self->words, tree, tree + 1, error))
    return FALSE;
  for (gsize first = 0; first < run->rows->n_rows; first += SHS_TREE_BLOCK)
    {
      if (!shs_progress_check (run->progress, error))
        return FALSE;
      shs_tree_words_route (&self->words, run->rows, first);
      if (!count_block (self, run, tree, first, error))
        return FALSE;
      shs_progress_add (run->progress, MIN (SHS_TREE_BLOCK, run->rows->n_rows - first)
                                           * (first_place[tree + 1] - first_place[tree]));
    }
  return TRUE;
}

static gboolean
init_worker (Worker *self, const Count *run, const ShsTreeOptions *options, GError **error)
{
  const ShsTreeLinearTerms *terms = &run->background->terms;

  if (!shs_tree_words_init (&self->words, terms->ensemble, terms->ensemble->n_nodes,
                            options->instructions, error))
    return FALSE;
  self->patterns = shs_alloc (shs_tree_linear_terms_count_words (terms->most_players),
                              SHS_TREE_BLOCK * sizeof *self->patterns, error);
  return self->patterns != NULL;
}

gboolean
shs_tree_linear_background_add (ShsTreeLinearBackground *self, const ShsMatrix *rows,
                                const ShsTreeOptions *options, GError **error)
{
  gsize n_trees = self->terms.ensemble->n_trees;
  SHS_AUTOFREE guint64 *present = shs_tree_linear_terms_find_present (&self->terms, rows, error);
  g_auto (Count) run = { .background = self,
                         .rows = rows,
                         .present = present,
                         .progress = options->progress,
                         .n_workers = shs_pool_count_workers (options->n_threads, n_trees) };

  if (present == NULL)
    return FALSE;
  run.workers = shs_alloc0 (run.n_workers, sizeof *run.workers, error);
  if (run.workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run.n_workers; i++)
    if (!init_worker (&run.workers[i], &run, options, error))
      return FALSE;
  return shs_pool_run (options->n_threads, n_trees, count_tree, &run, run.progress, error);
}

static gboolean
is_met (const guint64 *pattern, gsize n_players)
{
  gsize n_bits = 0;

  for (gsize i = 0; i < shs_tree_linear_terms_count_words (n_players); i++)
    n_bits += (gsize)__builtin_popcountll (pattern[i]);
  return n_bits == n_players;
}

static void
finish_place (ShsTreeLinearPatterns *self, const ShsTreeLinearTerms *all,
              const ShsTreeLinearPlace *place, double n_rows, double *expected)
{
  const ShsTreeLinearTerm *terms = (const ShsTreeLinearTerm *)all->terms.memory + place->first_term;
  gsize n_words = shs_tree_linear_terms_count_words (place->n_players);
  double *shares = self->shares.memory;

  for (gsize i = 0; i < self->n; i++)
    {
      double *sums = (double *)self->sums.memory + i * place->n_terms;
      gboolean reaches
          = is_met ((const guint64 *)self->patterns.memory + i * n_words, place->n_players);

      shares[i] /= n_rows;
      expected[place->output] += reaches ? shares[i] * place->difference : 0;
      for (gsize j = 0; j < place->n_terms; j++)
        {
          sums[j] *= terms[j].coefficient / n_rows;
          expected[place->output] += reaches ? sums[j] : 0;
        }
    }
  shs_tree_buffer_clear (&self->table);
}

gboolean
shs_tree_linear_background_finish (ShsTreeLinearBackground *self, guint64 n_rows, double *expected,
                                   ShsProgress *progress, GError **error)
{
  const ShsTreeLinearPlace *places = self->terms.places.memory;

  for (gsize i = 0; i < self->terms.places.n; i++)
    {
      if (!shs_progress_check (progress, error))
        return FALSE;
      finish_place (&self->of_place[i], &self->terms, &places[i], (double)n_rows, expected);
    }
  return TRUE;
}

gsize
shs_tree_linear_background_count_patterns (const ShsTreeLinearBackground *self)
{
  gsize n = 0;

  for (gsize i = 0; i < self->terms.places.n; i++)
    n += self->of_place[i].n;
  return n;
}
