#include "tree/shs-tree-transformed.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-game.h"
#include "tree/shs-tree-permutations.h"

#include <math.h>
#include <string.h>

#define LEAST_EXACT 10
#define USUAL_EXACT 20
/* Coalitions of all pairs of rows together: a few minutes of one processor. */
#define MOST_COALITIONS 1e10

/* What one worker writes to. */
typedef struct
{
  ShsTreeWords words;
  gsize block; /* that @words are of, plus 1 */
  ShsTreeHybrids hybrids;
  ShsTreeGame game;
  guint32 *players;
  double *values; /* [output][player]; then their squared standard errors */
  double *squares;
  double *results; /* [output] */
  gsize n_sampled;
  gsize most_different;
} Worker;

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsMatrix *background;
  const ShsMatrix *rows;
  const ShsTreeTransform *transform;
  const ShsTreeOptions *options;
  ShsTreeTransformed *result;
  gsize n_outputs;    /* of the link */
  ShsMatrix *margins; /* of the background */
  ShsTreeRouted routed;
  gsize n_workers;
  Worker *workers;
} Run;

static void
clear_run (Run *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      Worker *worker = &run->workers[i];

      shs_tree_words_clear (&worker->words);
      shs_tree_hybrids_clear (&worker->hybrids);
      shs_tree_game_clear (&worker->game);
      shs_free (worker->players);
      shs_free (worker->values);
    }
  shs_free (run->workers);
  shs_tree_routed_clear (&run->routed);
  shs_matrix_free (run->margins);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

guint
shs_tree_transformed_choose_exact (gsize n_rows, gsize n_background, gsize n_outputs)
{
  double n_pairs = (double)n_rows * (double)n_background * (double)n_outputs;
  guint most = USUAL_EXACT;

  while (most > LEAST_EXACT && ldexp (n_pairs, (int)most) > MOST_COALITIONS)
    most--;
  return most;
}

static gboolean
init_worker (Worker *self, const Run *run, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  gsize n_values = run->n_outputs * ensemble->n_players;

  if (!shs_tree_words_init (&self->words, ensemble, ensemble->n_nodes, run->options->instructions,
                            error)
      || !shs_tree_words_set_trees (&self->words, 0, ensemble->n_trees, error)
      || !shs_tree_hybrids_init (&self->hybrids, ensemble, error))
    return FALSE;
  self->players = shs_alloc (ensemble->n_players, sizeof *self->players, error);
  if (self->players == NULL)
    return FALSE;
  self->values = shs_alloc (ensemble->n_players + 1,
                            (2 * run->n_outputs + ensemble->n_outputs) * sizeof (double), error);
  if (self->values == NULL)
    return FALSE;
  self->squares = self->values + n_values;
  self->results = self->squares + n_values;
  return TRUE;
}

static ShsTreeLinkUse
get_use (const Run *run, gsize row)
{
  const ShsTreeTransform *transform = run->transform;

  return (ShsTreeLinkUse){ transform->link, transform->slope,
                           transform->targets != NULL ? transform->targets[row] : 0 };
}

static gboolean
sample_pair (Worker *self, Run *run, gsize row, const ShsTreeTwoRows *two, ShsRandom *random,
             GError **error)
{
  ShsTreeDraws draws = { .ensemble = run->ensemble,
                         .transform = run->transform,
                         .options = run->options,
                         .rows = run->rows,
                         .row = row,
                         .background = run->background,
                         .background_row = two->background_row,
                         .players = self->players,
                         .factor = 1 / (double)run->background->n_rows,
                         .values = self->values,
                         .squares = self->squares };

  draws.n_players = shs_tree_hybrids_list_players (&self->hybrids, two, self->players);
  self->n_sampled++;
  self->most_different = MAX (self->most_different, draws.n_players);
  return shs_tree_draws_run (&draws, random, error);
}

static gboolean
explain_pair (Worker *self, Run *run, gsize row, gsize other, ShsRandom *random, GError **error)
{
  const ShsTreeTransform *transform = run->transform;
  ShsTreeLinkUse use = get_use (run, row);
  ShsTreeTwoRows two = { &self->words, row % SHS_TREE_BLOCK, &run->routed, other, run->rows,
                         row,          run->background };

  if (!shs_tree_hybrids_find (&self->hybrids, &two, transform->most_exact, error))
    return FALSE;
  if (self->hybrids.n > transform->most_exact)
    return sample_pair (self, run, row, &two, random, error);
  if (!shs_tree_game_reserve (&self->game, self->hybrids.n, run->ensemble->n_outputs, error))
    return FALSE;
  self->most_different = MAX (self->most_different, self->hybrids.n);
  shs_tree_game_fill (&self->game, &self->hybrids);
  shs_tree_game_solve (&self->game, &self->hybrids, &use, run->options->index,
                       1 / (double)run->background->n_rows, self->values);
  return TRUE;
}

/* The mean of g over the background, for this row's target. */
static void
write_base (Worker *self, const Run *run, gsize row)
{
  ShsTreeLinkUse use = get_use (run, row);
  gsize m = run->background->n_rows;

  for (gsize k = 0; k < run->n_outputs; k++)
    shs_matrix_set (run->result->bases, row, k, 0);
  for (gsize other = 0; other < m; other++)
    {
      for (gsize k = 0; k < run->ensemble->n_outputs; k++)
        self->results[k] = shs_matrix_get (run->margins, other, k);
      shs_tree_link_apply (&use, run->ensemble->n_outputs, 1, self->results, self->results);
      for (gsize k = 0; k < run->n_outputs; k++)
        shs_matrix_column (run->result->bases, k)[row] += self->results[k] / (double)m;
    }
}

static void
write_row (const Worker *self, const Run *run, gsize row)
{
  for (gsize i = 0; i < run->n_outputs * run->ensemble->n_players; i++)
    {
      shs_matrix_set (run->result->values, row, i, self->values[i]);
      if (run->result->errors != NULL)
        shs_matrix_set (run->result->errors, row, i, sqrt (self->squares[i]));
    }
}

static gboolean
explain_row (gsize row, guint worker, gpointer data, GError **error)
{
  Run *run = data;
  Worker *self = &run->workers[worker];
  gsize block = row / SHS_TREE_BLOCK;
  ShsRandom random = shs_random_init (run->transform->seed, run->transform->first_row + row);
  gsize n_values = run->n_outputs * run->ensemble->n_players;

  if (self->block != block + 1)
    shs_tree_words_route (&self->words, run->rows, block * SHS_TREE_BLOCK);
  self->block = block + 1;
  memset (self->values, 0, 2 * n_values * sizeof (double));
  for (gsize other = 0; other < run->background->n_rows; other++)
    if (!shs_progress_check (run->options->progress, error)
        || !explain_pair (self, run, row, other, &random, error))
      return FALSE;
  write_base (self, run, row);
  write_row (self, run, row);
  shs_progress_add (run->options->progress, run->ensemble->n_trees);
  return TRUE;
}

static gboolean
check_target (const Run *run, gsize row, GError **error)
{
  ShsTreeLink link = run->transform->link;
  double target = run->transform->targets[row];
  double last_class = (double)run->ensemble->n_outputs - 1;
  gsize number = run->transform->first_row + row;
  gboolean is_sound;

  if (link == SHS_TREE_LINK_SQUARED_ERROR)
    is_sound = isfinite (target);
  else if (link == SHS_TREE_LINK_LOG_LOSS)
    is_sound = target >= 0 && target <= 1;
  else
    is_sound = target >= 0 && target <= last_class && target == floor (target);
  if (is_sound)
    return TRUE;
  if (!isfinite (target) || link == SHS_TREE_LINK_SQUARED_ERROR)
    g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                 "Row %" G_GSIZE_FORMAT ": the true value %g is none that the loss is defined for; "
                 "leave out rows without a true value",
                 number, target);
  else if (link == SHS_TREE_LINK_LOG_LOSS)
    g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                 "Row %" G_GSIZE_FORMAT ": the true value %g lies outside of 0 to 1, where alone "
                 "the log-loss is defined; choose a target of zeros and ones",
                 number, target);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                 "Row %" G_GSIZE_FORMAT ": the true value %g is no number of a class; classes run "
                 "from 0 to %g",
                 number, target, last_class);
  return FALSE;
}

static gboolean
check_input (const Run *run, GError **error)
{
  gboolean needs_target = shs_tree_link_needs_target (run->transform->link);

  g_return_val_if_fail (!needs_target || run->transform->targets != NULL, FALSE);
  g_return_val_if_fail (run->transform->most_exact <= SHS_TREE_MOST_EXACT, FALSE);
  g_return_val_if_fail (run->transform->n_permutations >= 2, FALSE);
  g_return_val_if_fail (run->transform->slope > 0, FALSE);
  if (!shs_tree_check_width (run->ensemble, run->background, error))
    return FALSE;
  if (run->background->n_rows == 0)
    {
      g_set_error_literal (error, SHS_ERROR, SHS_ERROR_INVALID,
                           "The background has no rows; give one with rows");
      return FALSE;
    }
  for (gsize row = 0; needs_target && row < run->rows->n_rows; row++)
    if (!check_target (run, row, error))
      return FALSE;
  return TRUE;
}

static gboolean
prepare (Run *run, GError **error)
{
  ShsTreeOptions quiet = *run->options;

  quiet.progress = NULL;
  run->margins = shs_matrix_new (run->background->n_rows, run->ensemble->n_outputs, error);
  if (run->margins == NULL
      || !shs_tree_predict (run->ensemble, run->background, &quiet, run->margins, error)
      || !shs_tree_routed_init (&run->routed, run->ensemble, run->background, run->options, error))
    return FALSE;
  run->n_workers = shs_pool_count_workers (run->options->n_threads, run->rows->n_rows);
  run->workers = shs_alloc0 (run->n_workers, sizeof (Worker), error);
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    if (!init_worker (&run->workers[i], run, error))
      return FALSE;
  return run->workers != NULL;
}

static void
count_pairs (const Run *run)
{
  ShsTreeTransformed *result = run->result;

  result->n_sampled = result->most_different = 0;
  for (gsize i = 0; i < run->n_workers; i++)
    {
      result->n_sampled += run->workers[i].n_sampled;
      result->most_different = MAX (result->most_different, run->workers[i].most_different);
    }
  result->n_exact = run->rows->n_rows * run->background->n_rows - result->n_sampled;
}

gboolean
shs_tree_transformed (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                      const ShsMatrix *rows, const ShsTreeTransform *transform,
                      const ShsTreeOptions *options, ShsTreeTransformed *result, GError **error)
{
  g_auto (Run) run = { .ensemble = ensemble,
                       .background = background,
                       .rows = rows,
                       .transform = transform,
                       .options = options,
                       .result = result };

  g_return_val_if_fail (ensemble != NULL && background != NULL && rows != NULL, FALSE);
  g_return_val_if_fail (transform != NULL && options != NULL && result != NULL, FALSE);
  run.n_outputs = shs_tree_link_count_outputs (transform->link, ensemble->n_outputs);
  if (!shs_tree_check_shapes (ensemble, rows, result->values, run.n_outputs * ensemble->n_players,
                              error)
      || !check_input (&run, error) || !prepare (&run, error)
      || !shs_pool_run (options->n_threads, rows->n_rows, explain_row, &run, options->progress,
                        error))
    return FALSE;
  count_pairs (&run);
  return TRUE;
}
