#include "bench-game.h"

#include <stdlib.h>

void
bench_check (const GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("%s\n", error->message);
  exit (EXIT_FAILURE);
}

void
bench_game_count (gpointer game)
{
  BenchGame *self = game;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->background, shs_tree_background_unref);
  self->background = shs_tree_background_new (self->ensemble, &self->options, &error);
  bench_check (error);
  for (gsize first = 0; first < self->n_background; first += self->at_hand.n_rows)
    {
      ShsMatrix block = shs_matrix_rows (&self->at_hand, 0,
                                         MIN (self->at_hand.n_rows, self->n_background - first));

      shs_tree_background_add (self->background, &block, &self->options, &error);
      bench_check (error);
    }
  shs_tree_background_finish (self->background, &self->options, &error);
  bench_check (error);
}

void
bench_game_explain (gpointer game)
{
  BenchGame *self = game;
  g_autoptr (GError) error = NULL;

  shs_tree_interventional (self->ensemble, self->background, &self->rows, &self->options,
                           self->values, &error);
  bench_check (error);
}
