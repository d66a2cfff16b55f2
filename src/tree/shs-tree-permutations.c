#include "tree/shs-tree-permutations.h"

#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define MOST_MIXED 1024 /* rows at a time: with many features all of them would be gigabytes */

/* What the draws need: games are n_players + 1 mixtures of the two rows each, of which a piece at a
 * time is made and predicted. */
typedef struct
{
  const ShsTreeDraws *draws;
  gsize n_games;
  gsize n_mixtures; /* of a game */
  guint32 *orders;  /* [game][position]: place among the players; for Banzhaf whether taken */
  guint32 *ranks;   /* [game][place]: position */
  gsize *place_of;  /* by player of the ensemble, plus 1; 0 for those that do not differ */
  ShsMatrix *mixtures;
  ShsMatrix *margins; /* of these mixtures */
  ShsMatrix *results; /* of all games: margins, then what follows from them */
} Draws;

static void
clear_draws (Draws *self)
{
  shs_free (self->orders);
  shs_free (self->ranks);
  shs_free (self->place_of);
  shs_matrix_free (self->mixtures);
  shs_matrix_free (self->margins);
  shs_matrix_free (self->results);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Draws, clear_draws)

static gboolean
init_draws (Draws *self, GError **error)
{
  const ShsTreeDraws *draws = self->draws;
  const ShsTreeEnsemble *ensemble = draws->ensemble;
  gsize n_rows;

  self->n_games = 2 * (gsize)draws->transform->n_permutations;
  self->n_mixtures = draws->n_players + 1;
  if (!shs_size_multiply (self->n_games, self->n_mixtures, &n_rows))
    n_rows = G_MAXSIZE / 64;
  self->orders = shs_alloc (n_rows, sizeof *self->orders, error);
  if (self->orders == NULL)
    return FALSE;
  self->ranks = shs_alloc (n_rows, sizeof *self->ranks, error);
  if (self->ranks == NULL)
    return FALSE;
  self->place_of = shs_alloc0 (ensemble->n_players, sizeof *self->place_of, error);
  if (self->place_of == NULL)
    return FALSE;
  for (gsize i = 0; i < draws->n_players; i++)
    self->place_of[draws->players[i]] = i + 1;
  self->mixtures = shs_matrix_new (MIN (n_rows, MOST_MIXED), ensemble->n_features, error);
  if (self->mixtures == NULL)
    return FALSE;
  self->margins = shs_matrix_new (self->mixtures->n_rows, ensemble->n_outputs, error);
  if (self->margins == NULL)
    return FALSE;
  self->results = shs_matrix_new (n_rows, ensemble->n_outputs, error);
  return self->results != NULL;
}

static gboolean
is_banzhaf (const Draws *self)
{
  return self->draws->options->index == SHS_TREE_INDEX_BANZHAF;
}

static void
draw_games (Draws *self, ShsRandom *random)
{
  gsize n = self->draws->n_players;

  for (gsize game = 0; game < self->n_games; game += 2)
    {
      guint32 *order = self->orders + game * n;
      guint32 *reverse = order + n;

      for (gsize i = 0; i < n; i++)
        order[i] = is_banzhaf (self) ? (guint32)shs_random_below (random, 2) : (guint32)i;
      if (!is_banzhaf (self))
        shs_random_shuffle (random, order, n);
      for (gsize i = 0; i < n; i++)
        reverse[i] = is_banzhaf (self) ? 1 - order[i] : order[n - 1 - i];
    }
  for (gsize i = 0; i < self->n_games * n && !is_banzhaf (self); i++)
    self->ranks[i / n * n + self->orders[i]] = (guint32)(i % n);
}

/* Whether mixture @number of a game takes this player from the explained row. Shapley: the first
 * @number of the order; Banzhaf: the coalition, with one player changed in all but the first. */
static gboolean
takes_part (const Draws *self, gsize game, gsize number, gsize place)
{
  gsize at = game * self->draws->n_players + place;

  if (is_banzhaf (self))
    return self->orders[at] ^ (number == place + 1);
  return self->ranks[at] < number;
}

/* The mixtures of all games from @first on. */
static void
mix_feature (Draws *self, gsize feature, gsize first)
{
  const ShsTreeDraws *draws = self->draws;
  double own = shs_matrix_get (draws->rows, draws->row, feature);
  double other = shs_matrix_get (draws->background, draws->background_row, feature);
  gsize place = self->place_of[draws->ensemble->player[feature]];
  double *column = shs_matrix_column (self->mixtures, feature);

  for (gsize i = 0; i < self->mixtures->n_rows; i++)
    {
      gsize game = (first + i) / self->n_mixtures;
      gsize number = (first + i) % self->n_mixtures;

      column[i] = place > 0 && takes_part (self, game, number, place - 1) ? own : other;
    }
}

static gboolean
play_games (Draws *self, GError **error)
{
  const ShsTreeDraws *draws = self->draws;
  const ShsTreeEnsemble *ensemble = draws->ensemble;
  ShsTreeOptions options = { .instructions = draws->options->instructions, .n_threads = 1 };
  const ShsTreeTransform *transform = draws->transform;
  ShsTreeLinkUse use = { transform->link, transform->slope,
                         transform->targets != NULL ? transform->targets[draws->row] : 0 };
  gsize n_mixed = self->mixtures->n_rows;

  for (gsize begin = 0; begin < self->results->n_rows; begin += n_mixed)
    {
      gsize first = MIN (begin, self->results->n_rows - n_mixed);

      for (gsize feature = 0; feature < ensemble->n_features; feature++)
        mix_feature (self, feature, first);
      if (!shs_tree_predict (ensemble, self->mixtures, &options, self->margins, error))
        return FALSE;
      for (gsize output = 0; output < ensemble->n_outputs; output++)
        memcpy (shs_matrix_column (self->results, output) + first,
                shs_matrix_column (self->margins, output), n_mixed * sizeof (double));
    }
  shs_tree_link_apply (&use, ensemble->n_outputs, self->results->stride, self->results->values,
                       self->results->values);
  return TRUE;
}

static double
get_change (const Draws *self, const double *results, gsize game, gsize place)
{
  const double *of_game = results + game * self->n_mixtures;
  gsize at = game * self->draws->n_players + place;

  if (!is_banzhaf (self))
    return of_game[self->ranks[at] + 1] - of_game[self->ranks[at]];
  return self->orders[at] ? of_game[0] - of_game[place + 1] : of_game[place + 1] - of_game[0];
}

/* Welford's mean and squared deviations over the pairs of games. */
static void
add_player (const Draws *self, gsize output, gsize place)
{
  const ShsTreeDraws *draws = self->draws;
  const double *results = shs_matrix_column (self->results, output);
  gsize at = output * draws->ensemble->n_players + draws->players[place];
  double n = 0;
  double mean = 0;
  double deviations = 0;

  for (gsize game = 0; game < self->n_games; game += 2)
    {
      double change
          = (get_change (self, results, game, place) + get_change (self, results, game + 1, place))
            / 2;
      double off = change - mean;

      n++;
      mean += off / n;
      deviations += off * (change - mean);
    }
  draws->values[at] += draws->factor * mean;
  draws->squares[at] += draws->factor * draws->factor * deviations / (n * (n - 1));
}

gboolean
shs_tree_draws_run (const ShsTreeDraws *self, ShsRandom *random, GError **error)
{
  g_auto (Draws) draws = { .draws = self };
  gsize n_outputs = shs_tree_link_count_outputs (self->transform->link, self->ensemble->n_outputs);

  if (!init_draws (&draws, error))
    return FALSE;
  draw_games (&draws, random);
  if (!play_games (&draws, error))
    return FALSE;
  for (gsize output = 0; output < n_outputs; output++)
    for (gsize place = 0; place < self->n_players; place++)
      add_player (&draws, output, place);
  return TRUE;
}
