#include "tree/shs-tree-linear-values.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <string.h>

/* Additions between two looks at the progress: about a millisecond. */
#define WORK_PER_CHECK 500000

/* What one worker writes to. */
typedef struct
{
  ShsTreeWords words;
  guint64 *patterns;    /* [64][words of a pattern] */
  double *row_terms;    /* by term: coefficient x value; 0 where the row has not its player */
  double *free_parts;   /* by player of the leaf: d_i of the free ones, else 0 */
  double *phi;          /* by player, or [player][player] */
  guint32 *columns;     /* by player, or [player][player]: of the result */
  guint32 *row_members; /* players of A, then of B, then free */
  gsize n_done;         /* patterns since the last look at the progress */
  gsize work;           /* additions since then */
} Worker;

typedef struct
{
  const ShsTreeLinearBackground *background;
  const ShsTreePairs *pairs;
  const ShsMatrix *rows;
  ShsMatrix *values;
  ShsProgress *progress;
  guint64 *present;
  double *weights; /* [p][q]: u */
  gsize n_weights;
  gsize n_workers;
  Worker *workers;
} Run;

/* One background pattern at one row: the sets, K and the sum of all d_i. */
typedef struct
{
  gsize n_row;
  gsize n_background;
  gsize n_free;
  const guint32 *row;
  const guint32 *background;
  const guint32 *free;
  const double *parts;
  double constant;
  double varying;
} Game;

static void
clear_run (Run *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      shs_tree_words_clear (&run->workers[i].words);
      shs_free (run->workers[i].patterns);
      shs_free (run->workers[i].row_terms);
      shs_free (run->workers[i].free_parts);
      shs_free (run->workers[i].phi);
      shs_free (run->workers[i].columns);
      shs_free (run->workers[i].row_members);
    }
  shs_free (run->workers);
  shs_free (run->present);
  shs_free (run->weights);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static gboolean
find_weights (Run *run, ShsTreeIndex index, GError **error)
{
  gsize n = run->n_weights = run->background->terms.most_players + 2;

  run->weights = shs_alloc0 (n, n * sizeof *run->weights, error);
  for (gsize p = 0; run->weights != NULL && p < n; p++)
    for (gsize q = 0; p + q < n; q++)
      {
        double *weight = &run->weights[p * n + q];

        if (index == SHS_TREE_INDEX_BANZHAF)
          *weight = ldexp (1, -(int)(p + q));
        else
          *weight = q == 0 ? 1 / (double)(p + 1) : weight[-1] * (double)q / (double)(p + q + 1);
      }
  return run->weights != NULL;
}

static gboolean
init_worker (Worker *self, const Run *run, const ShsTreeOptions *options, GError **error)
{
  const ShsTreeLinearTerms *terms = &run->background->terms;
  gsize n_players = terms->most_players;
  gsize n_keys = run->pairs != NULL ? n_players : 1;

  if (!shs_tree_words_init (&self->words, terms->ensemble, terms->ensemble->n_nodes,
                            options->instructions, error)
      || !shs_tree_words_set_trees (&self->words, 0, terms->ensemble->n_trees, error))
    return FALSE;
  self->patterns = shs_alloc (shs_tree_linear_terms_count_words (n_players),
                              SHS_TREE_BLOCK * sizeof *self->patterns, error);
  if (self->patterns == NULL)
    return FALSE;
  self->row_terms = shs_alloc (terms->most_terms, sizeof *self->row_terms, error);
  if (self->row_terms == NULL)
    return FALSE;
  self->free_parts = shs_alloc (n_players, sizeof *self->free_parts, error);
  if (self->free_parts == NULL)
    return FALSE;
  self->phi = shs_alloc (n_players, n_keys * sizeof *self->phi, error);
  if (self->phi == NULL)
    return FALSE;
  self->columns = shs_alloc (n_players, n_keys * sizeof *self->columns, error);
  if (self->columns == NULL)
    return FALSE;
  self->row_members = shs_alloc (n_players, 3 * sizeof *self->row_members, error);
  return self->row_members != NULL;
}

/* Which columns of the result the leaf's players, or pairs of them, are. */
static void
find_columns (Worker *self, const Run *run, const ShsTreeLinearPlace *place)
{
  const guint32 *players
      = (const guint32 *)run->background->terms.players.memory + place->first_player;
  gsize n = place->n_players;

  if (run->pairs == NULL)
    memcpy (self->columns, players, n * sizeof *players);
  for (gsize i = 0; run->pairs != NULL && i < n; i++)
    for (gsize j = 0; j < i; j++)
      {
        gsize number = shs_tree_pairs_look_up (run->pairs, MIN (players[i], players[j]),
                                               MAX (players[i], players[j]));

        self->columns[i * n + j] = number < G_MAXUINT32 ? (guint32)number : G_MAXUINT32;
      }
}

/* Sets A, B and the free players; FALSE where a player can come from neither row. */
static gboolean
find_members (Worker *self, const guint64 *row, const guint64 *other, gsize n_players, Game *game)
{
  guint32 *members[]
      = { self->row_members, self->row_members + n_players, self->row_members + 2 * n_players };
  gsize n[3] = { 0, 0, 0 };

  for (gsize word = 0; word < shs_tree_linear_terms_count_words (n_players); word++)
    {
      gsize left = n_players - 64 * word;
      guint64 all = left < 64 ? ~(~G_GUINT64_CONSTANT (0) << left) : ~G_GUINT64_CONSTANT (0);

      if ((row[word] | other[word]) != all)
        return FALSE;
    }
  for (gsize word = 0; word < shs_tree_linear_terms_count_words (n_players); word++)
    {
      const guint64 sets[]
          = { row[word] & ~other[word], other[word] & ~row[word], row[word] & other[word] };

      for (gsize set = 0; set < 3; set++)
        for (guint64 bits = sets[set]; bits != 0; bits &= bits - 1)
          members[set][n[set]++] = (guint32)(64 * word + (gsize)__builtin_ctzll (bits));
    }
  *game = (Game){ .n_row = n[0],
                  .n_background = n[1],
                  .n_free = n[2],
                  .row = members[0],
                  .background = members[1],
                  .free = members[2],
                  .parts = self->free_parts };
  return TRUE;
}

/* K and d_i, times the share of the background's rows that have the pattern @number. */
static void
find_parts (Worker *self, const Run *run, const ShsTreeLinearPlace *place, gsize number,
            const guint64 *row, const guint64 *other, Game *game)
{
  const ShsTreeLinearTerm *terms
      = (const ShsTreeLinearTerm *)run->background->terms.terms.memory + place->first_term;
  const ShsTreeLinearPatterns *patterns
      = &run->background
             ->of_place[place - (const ShsTreeLinearPlace *)run->background->terms.places.memory];
  const double *sums = (const double *)patterns->sums.memory + number * place->n_terms;
  double share = ((const double *)patterns->shares.memory)[number];

  memset (self->free_parts, 0, place->n_players * sizeof *self->free_parts);
  game->constant = share * place->difference;
  for (gsize i = 0; i < place->n_terms; i++)
    {
      guint32 word = terms[i].player / 64;
      guint64 bit = G_GUINT64_CONSTANT (1) << terms[i].player % 64;

      game->constant += other[word] & bit ? sums[i] : share * self->row_terms[i];
      if (row[word] & other[word] & bit)
        self->free_parts[terms[i].player] += share * self->row_terms[i] - sums[i];
    }
  for (gsize i = 0; i < game->n_free; i++)
    game->varying += self->free_parts[game->free[i]];
}

static inline double
u (const Run *run, gsize p, gsize q)
{
  return run->weights[p * run->n_weights + q];
}

/* What each of A, each of B, and each free player gets. */
static void
add_values (const Run *run, const Game *game, double *phi)
{
  gsize p = game->n_row;
  gsize q = game->n_background;

  if (p > 0)
    {
      double amount = game->constant * u (run, p - 1, q) + game->varying * u (run, p, q);

      for (gsize i = 0; i < p; i++)
        phi[game->row[i]] += amount;
    }
  if (q > 0)
    {
      double amount = game->constant * u (run, p, q - 1) + game->varying * u (run, p + 1, q - 1);

      for (gsize i = 0; i < q; i++)
        phi[game->background[i]] -= amount;
    }
  for (gsize i = 0; i < game->n_free; i++)
    phi[game->free[i]] += game->parts[game->free[i]] * u (run, p, q);
}

static double *
get_cell (double *phi, gsize n, guint32 a, guint32 b)
{
  return phi + MAX (a, b) * n + MIN (a, b);
}

static void
add_within (const guint32 *members, gsize n_members, double amount, double *phi, gsize n)
{
  for (gsize i = 0; i < n_members; i++)
    for (gsize j = 0; j < i; j++)
      *get_cell (phi, n, members[i], members[j]) += amount;
}

static void
add_between (const Run *run, const Game *game, double *phi, gsize n)
{
  gsize p = game->n_row;
  gsize q = game->n_background;

  for (gsize i = 0; i < p && q > 0; i++)
    for (gsize j = 0; j < q; j++)
      *get_cell (phi, n, game->row[i], game->background[j])
          -= game->constant * u (run, p - 1, q - 1) + game->varying * u (run, p, q - 1);
  for (gsize k = 0; k < game->n_free; k++)
    {
      double part = game->parts[game->free[k]];

      for (gsize i = 0; i < p; i++)
        *get_cell (phi, n, game->row[i], game->free[k]) += part * u (run, p - 1, q);
      for (gsize j = 0; j < q; j++)
        *get_cell (phi, n, game->background[j], game->free[k]) -= part * u (run, p, q - 1);
    }
}

/* The same for pairs of the leaf's @n players. */
static void
add_interactions (const Run *run, const Game *game, double *phi, gsize n)
{
  gsize p = game->n_row;
  gsize q = game->n_background;

  if (p > 1)
    add_within (game->row, p,
                game->constant * u (run, p - 2, q) + game->varying * u (run, p - 1, q), phi, n);
  if (q > 1)
    add_within (game->background, q,
                game->constant * u (run, p, q - 2) + game->varying * u (run, p + 1, q - 2), phi, n);
  add_between (run, game, phi, n);
}

static void
find_row_terms (Worker *self, const Run *run, const ShsTreeLinearPlace *place, gsize row,
                const guint64 *pattern)
{
  const ShsTreeLinearTerms *all = &run->background->terms;
  const ShsTreeLinearTerm *terms = (const ShsTreeLinearTerm *)all->terms.memory + place->first_term;

  for (gsize i = 0; i < place->n_terms; i++)
    self->row_terms[i]
        = pattern[terms[i].player / 64] >> terms[i].player % 64 & 1
              ? terms[i].coefficient * shs_matrix_get (run->rows, row, all->features[terms[i].slot])
              : 0;
}

static gboolean
report (Worker *self, const Run *run, GError **error)
{
  shs_progress_add (run->progress, self->n_done);
  self->n_done = self->work = 0;
  return shs_progress_check (run->progress, error);
}

/* A pattern that costs so many additions is behind. */
static inline gboolean
count_pattern (Worker *self, const Run *run, gsize cost, GError **error)
{
  self->n_done++;
  self->work += cost;
  return self->work < WORK_PER_CHECK || report (self, run, error);
}

/* What a row's mixtures with all of the background give at a leaf, in phi; @is_reached: whether any
 * reaches the leaf. */
static gboolean
explain_row (Worker *self, const Run *run, const ShsTreeLinearPlace *place, gsize row,
             const guint64 *pattern, gboolean *is_reached, GError **error)
{
  const ShsTreeLinearPlace *places = run->background->terms.places.memory;
  const ShsTreeLinearPatterns *of_place = &run->background->of_place[place - places];
  const guint64 *other = of_place->patterns.memory;
  gsize n_words = shs_tree_linear_terms_count_words (place->n_players);
  gsize n = place->n_players;
  gsize n_keys = n * (run->pairs != NULL ? n : 1);
  Game game;

  *is_reached = FALSE;
  for (gsize i = 0; i < of_place->n; i++, other += n_words)
    {
      if (!count_pattern (self, run, n_keys + place->n_terms, error))
        return FALSE;
      if (!find_members (self, pattern, other, n, &game))
        continue;
      if (!*is_reached)
        {
          memset (self->phi, 0, n_keys * sizeof *self->phi);
          find_row_terms (self, run, place, row, pattern);
        }
      *is_reached = TRUE;
      find_parts (self, run, place, i, pattern, other, &game);
      if (run->pairs != NULL)
        add_interactions (run, &game, self->phi, n);
      else
        add_values (run, &game, self->phi);
    }
  return TRUE;
}

static void
write_row (const Worker *self, const Run *run, const ShsTreeLinearPlace *place, gsize row)
{
  gsize n = place->n_players;
  gsize n_columns = run->values->n_columns / run->background->terms.ensemble->n_outputs;
  gsize first = place->output * n_columns;

  for (gsize i = 0; i < n && run->pairs == NULL; i++)
    shs_matrix_column (run->values, first + self->columns[i])[row] += self->phi[i];
  for (gsize i = 0; i < n && run->pairs != NULL; i++)
    for (gsize j = 0; j < i; j++)
      if (self->columns[i * n + j] != G_MAXUINT32)
        shs_matrix_column (run->values, first + self->columns[i * n + j])[row]
            += self->phi[i * n + j];
}

/* 64 rows at a leaf. */
static gboolean
explain_place (Worker *self, const Run *run, const ShsTreeLinearPlace *place, gsize first,
               GError **error)
{
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);
  gsize n_words = shs_tree_linear_terms_count_words (place->n_players);

  for (gsize row = 0; row < n_rows; row++)
    {
      gboolean is_reached;

      if (!explain_row (self, run, place, first + row, self->patterns + row * n_words, &is_reached,
                        error))
        return FALSE;
      if (is_reached)
        write_row (self, run, place, first + row);
    }
  return TRUE;
}

static gboolean
explain_block (gsize block, guint worker, gpointer data, GError **error)
{
  const Run *run = data;
  const ShsTreeLinearTerms *terms = &run->background->terms;
  const ShsTreeLinearPlace *places = terms->places.memory;
  Worker *self = &run->workers[worker];
  gsize first = block * SHS_TREE_BLOCK;

  shs_tree_words_route (&self->words, run->rows, first);
  for (gsize i = 0; i < terms->places.n; i++)
    {
      if (!shs_progress_check (run->progress, error))
        return FALSE;
      shs_tree_linear_terms_find_patterns (terms, &places[i], &self->words,
                                           run->present + block * terms->n_slots, self->patterns);
      find_columns (self, run, &places[i]);
      if (!explain_place (self, run, &places[i], first, error))
        return FALSE;
    }
  return report (self, run, error);
}

gboolean
shs_tree_linear_values (const ShsTreeLinearBackground *background, const ShsTreePairs *pairs,
                        const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
                        GError **error)
{
  gsize n_blocks = (rows->n_rows + SHS_TREE_BLOCK - 1) / SHS_TREE_BLOCK;
  g_auto (Run) run = { .background = background,
                       .pairs = pairs,
                       .rows = rows,
                       .values = values,
                       .progress = options->progress,
                       .n_workers = shs_pool_count_workers (options->n_threads, n_blocks) };

  run.present = shs_tree_linear_terms_find_present (&background->terms, rows, error);
  if (run.present == NULL || !find_weights (&run, options->index, error))
    return FALSE;
  run.workers = shs_alloc0 (run.n_workers, sizeof *run.workers, error);
  if (run.workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run.n_workers; i++)
    if (!init_worker (&run.workers[i], &run, options, error))
      return FALSE;
  return shs_pool_run (options->n_threads, n_blocks, explain_block, &run, run.progress, error);
}
