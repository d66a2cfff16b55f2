/* Interventional Tree SHAP: counting the background, building tables, explaining rows. */
#include "bench-game.h"
#include "bench-model.h"
#include "bench-options.h"

#include <stdlib.h>

#define N_FEATURES 50

static const struct
{
  guint depth;
  gboolean is_oblivious;
  gsize n_trees;
  gsize n_rows;
  gsize n_background;
} settings[] = {
  { 3, FALSE, 100, 100000, 100000 },  { 6, FALSE, 100, 100000, 100000 },
  { 6, FALSE, 100, 100000, 1000000 }, { 6, FALSE, 100, 100000, 1 },
  { 6, TRUE, 100, 100000, 100000 },   { 8, FALSE, 100, 20000, 20000 },
  { 10, FALSE, 20, 4096, 4096 },      { 14, FALSE, 1, 256, 100 },
};

static void
run_setting (const BenchOptions *options, const ShsMatrix *rows, gsize index, guint n_threads)
{
  gsize n_trees = options->quick ? MIN (5, settings[index].n_trees) : settings[index].n_trees;
  gsize n_rows = MIN (rows->n_rows, settings[index].n_rows);
  g_autoptr (ShsTreeEnsemble) ensemble
      = (settings[index].is_oblivious ? bench_oblivious : bench_ensemble) (
          settings[index].depth, rows, n_trees, settings[index].depth);
  g_autoptr (ShsMatrix) values = shs_matrix_new (n_rows, N_FEATURES, NULL);
  BenchGame game
      = { .ensemble = ensemble,
          .at_hand = shs_matrix_rows (rows, 0, MIN (rows->n_rows, settings[index].n_background)),
          .n_background = MIN (settings[index].n_background, 10 * rows->n_rows),
          .rows = shs_matrix_rows (rows, 0, n_rows),
          .values = values,
          .options = { .n_threads = n_threads,
                       .precision = options->precision,
                       .instructions = options->instructions } };
  double count = bench_seconds (1, n_threads, options->processor_time, bench_game_count, &game);
  double first = bench_seconds (1, n_threads, options->processor_time, bench_game_explain, &game);
  double later = bench_seconds (options->quick ? 1 : 3, n_threads, options->processor_time,
                                bench_game_explain, &game);

  g_print ("%5u%s %6zu %8zu %10zu %10.3f %8.2f %10.3f %10.3f %10.2f\n", settings[index].depth,
           settings[index].is_oblivious ? "o" : " ", n_trees, n_rows, game.n_background, count,
           count * 1e9 / (double)(game.n_background * n_trees), first - later, later,
           later * 1e9 / (double)(n_rows * n_trees));
  shs_tree_background_unref (game.background);
}

/* One row against many, and one row against one other. */
static void
run_one_row (const BenchOptions *options, const ShsMatrix *rows, gsize n_background)
{
  g_autoptr (ShsTreeEnsemble) ensemble = bench_ensemble (6, rows, options->quick ? 5 : 100, 6);
  g_autoptr (ShsMatrix) values = shs_matrix_new (1, N_FEATURES, NULL);
  BenchGame game = { .ensemble = ensemble,
                     .at_hand = shs_matrix_rows (rows, 1, n_background),
                     .n_background = n_background,
                     .rows = shs_matrix_rows (rows, 0, 1),
                     .values = values,
                     .options = { .n_threads = 1,
                                  .precision = options->precision,
                                  .instructions = options->instructions } };
  double count = bench_seconds (1, 1, options->processor_time, bench_game_count, &game);
  double first = bench_seconds (1, 1, options->processor_time, bench_game_explain, &game);
  double later = bench_seconds (options->quick ? 1 : 1000, 1, options->processor_time,
                                bench_game_explain, &game);

  g_print ("one row against %zu, depth 6, %zu trees: counting %.0f us, first call %.0f us, later "
           "calls %.1f us\n",
           n_background, ensemble->n_trees, count * 1e6, first * 1e6, later * 1e6);
  shs_tree_background_unref (game.background);
}

int
main (int argc, char **argv)
{
  BenchOptions options = bench_options_parse (argc, argv, "- time interventional Tree SHAP");
  g_autoptr (ShsMatrix) rows = bench_rows (1, options.quick ? 2000 : 100000, N_FEATURES);

  for (gint n_threads = 1; n_threads <= options.threads; n_threads++)
    {
      bench_options_print_setting (&options, n_threads);
      g_print ("; seconds, and ns per (row, tree); o: oblivious\n");
      g_print ("depth   trees     rows background   counting       ns   building explaining"
               "         ns\n");
      for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
        if (options.depth == 0 || options.depth == (gint)settings[i].depth)
          run_setting (&options, rows, i, (guint)n_threads);
    }
  if (options.depth == 0 || options.depth == 6)
    {
      run_one_row (&options, rows, 1000);
      run_one_row (&options, rows, 1);
    }
  return EXIT_SUCCESS;
}
