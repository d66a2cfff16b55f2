/* Pair interactions: ns per (row, tree), against libxgboost on the same model and rows. */
#include "bench-game.h"
#include "bench-model.h"
#include "bench-options.h"

#include "tree/shs-tree-interactions.h"

#include <math.h>
#include <stdlib.h>

#define N_FEATURES 50
#define N_TREES 100
#define N_BACKGROUND 1000

/* Rows are chosen so that a run takes about a second. */
static const struct
{
  guint depth;
  gsize n_rows;
  gsize n_peer_rows;
} settings[] = {
  { 3, 8000, 200 },
  { 6, 8000, 8 },
  { 8, 4000, 2 },
};

typedef struct
{
  ShsTreeEnsemble *ensemble;
  ShsTreeBackground *background; /* NULL for the path-dependent game */
  const ShsTreePairs *pairs;
  ShsMatrix rows;
  ShsMatrix *values;
  ShsTreeOptions options;
  BoosterHandle booster;
  DMatrixHandle matrix;
  const float *interactions;
} Contest;

static void
run_ours (gpointer data)
{
  Contest *contest = data;
  g_autoptr (GError) error = NULL;

  if (!shs_tree_interactions (contest->ensemble, contest->background, contest->pairs,
                              &contest->rows, &contest->options, contest->values, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (EXIT_FAILURE);
    }
}

static ShsTreeBackground *
count_background (const Contest *contest, const ShsMatrix *rows)
{
  BenchGame game = { .ensemble = contest->ensemble,
                     .options = contest->options,
                     .at_hand = shs_matrix_rows (rows, 0, MIN (N_BACKGROUND, rows->n_rows)) };

  game.n_background = game.at_hand.n_rows;
  bench_game_count (&game);
  return game.background;
}

static void
run_peer (gpointer data)
{
  Contest *contest = data;

  contest->interactions = bench_booster_run (contest->booster, contest->matrix, 4);
}

/* libxgboost gives half of each interaction in both of its cells. */
static double
find_largest_difference (const Contest *contest, gsize n_rows)
{
  const ShsTreePairs *pairs = contest->pairs;
  double largest = 0;

  for (gsize row = 0; row < n_rows; row++)
    for (gsize i = 0; i < pairs->n; i++)
      {
        gsize cell
            = (row * (N_FEATURES + 1) + pairs->first[i]) * (N_FEATURES + 1) + pairs->second[i];

        largest = MAX (largest, fabs (contest->interactions[cell]
                                      - shs_matrix_get (contest->values, row, i) / 2));
      }
  return largest;
}

static void
run_setting (const BenchOptions *options, const ShsMatrix *rows, gsize index, guint n_threads)
{
  gsize n_trees = options->quick ? 5 : N_TREES;
  gsize n_rows = options->quick ? 256 : settings[index].n_rows;
  gsize n_peer_rows = options->quick ? 2 : settings[index].n_peer_rows;
  g_autoptr (ShsTreeEnsemble) ensemble
      = bench_ensemble (index, rows, n_trees, settings[index].depth);
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsMatrix) values = shs_matrix_new (n_rows, pairs->n, NULL);
  Contest contest = { .ensemble = ensemble,
                      .pairs = pairs,
                      .rows = shs_matrix_rows (rows, 0, n_rows),
                      .values = values,
                      .options = { .n_threads = n_threads,
                                   .precision = options->precision,
                                   .instructions = options->instructions },
                      .booster = bench_booster (ensemble, n_threads),
                      .matrix = bench_matrix (rows, n_peer_rows) };
  double ours = bench_seconds (options->quick ? 1 : 5, n_threads, options->processor_time, run_ours,
                               &contest)
                * 1e9 / (double)(n_rows * n_trees);
  double difference;
  double against;
  double tables;
  double peer = bench_seconds (1, n_threads, options->processor_time, run_peer, &contest) * 1e9
                / (double)(n_peer_rows * n_trees);

  difference = find_largest_difference (&contest, n_peer_rows);
  contest.background = count_background (&contest, rows);
  tables = bench_seconds (1, n_threads, options->processor_time, run_ours, &contest);
  against = bench_seconds (options->quick ? 1 : 5, n_threads, options->processor_time, run_ours,
                           &contest);
  g_print ("%5u %6zu %6zu %12.2f %14.0f %8.0f %12.2g %14.2f %9.3f\n", settings[index].depth,
           n_trees, pairs->n, ours, peer, peer / ours, difference,
           against * 1e9 / (double)(n_rows * n_trees), tables - against);
  shs_tree_background_unref (contest.background);
  XGBoosterFree (contest.booster);
  XGDMatrixFree (contest.matrix);
}

int
main (int argc, char **argv)
{
  BenchOptions options = bench_options_parse (argc, argv, "- time pair interactions");
  g_autoptr (ShsMatrix) rows = bench_rows (1, options.quick ? 2000 : 100000, N_FEATURES);

  for (gint n_threads = 1; n_threads <= options.threads; n_threads++)
    {
      bench_options_print_setting (&options, n_threads);
      g_print ("; ns per (row, tree); libxgboost's pred_interactions; against a background of %d "
               "rows, and seconds for its tables\n",
               N_BACKGROUND);
      g_print ("depth  trees  pairs    shapscope     libxgboost    ratio   difference "
               "interventional    tables\n");
      for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
        if (options.depth == 0 || options.depth == (gint)settings[i].depth)
          run_setting (&options, rows, i, (guint)n_threads);
    }
  return EXIT_SUCCESS;
}
