/*
 * Stand-ins for the models that papers about Tree SHAP measure: the same rows, features, trees,
 * depth and leaves a tree, on normal numbers. Path-dependent values: the models of GPUTreeShap
 * (Mitchell et al., PeerJ CS 2022) beside libxgboost; interventional ones: those of WOODELF (Nadel
 * and Wettenstein, AAAI 2026). Few rows stand for many where the time is proportional to them.
 */
#include "bench-game.h"
#include "bench-model.h"
#include "bench-options.h"

#include <stdlib.h>

#define N_EXPLAINED 10000 /* rows that path-dependent times are for */

static const struct
{
  const char *name;
  gsize n_features;
  gsize n_trees;
  guint depth;
  gsize n_leaves; /* of a tree */
  gsize n_rows;   /* measured */
  gsize n_peer_rows;
} models[] = {
  { "cal_housing small", 8, 10, 3, 8, 10000, 10000 },
  { "cal_housing med", 8, 100, 8, 216, 10000, 200 },
  { "cal_housing large", 8, 1000, 16, 3370, 64, 1 },
  { "adult small", 14, 10, 3, 8, 10000, 10000 },
  { "adult med", 14, 100, 8, 131, 10000, 200 },
  { "adult large", 14, 1000, 16, 643, 256, 2 },
  { "covtype small", 54, 80, 3, 7, 10000, 10000 },
  { "covtype med", 54, 800, 8, 142, 10000, 50 },
  { "covtype large", 54, 8000, 16, 838, 64, 1 },
  { "fashion_mnist small", 784, 100, 3, 8, 10000, 2000 },
  { "fashion_mnist med", 784, 1000, 8, 144, 5000, 50 },
  { "fashion_mnist large", 784, 10000, 16, 293, 64, 1 },
};

static const struct
{
  const char *name;
  gsize n_features;
  gsize n_background;
  gsize n_rows;
  guint depth;
  gsize n_at_hand; /* rows in memory, used again and again */
} games[] = {
  { "cal_housing", 8, 16512, 4128, 6, 16512 },
  { "cal_housing", 8, 16512, 4128, 9, 16512 },
  { "IEEE-CIS", 397, 472432, 118108, 6, 118108 },
  { "KDD Cup 99", 127, 4898431, 2984154, 6, 200000 },
  { "HIGGS", 28, 8800000, 2200000, 6, 500000 },
};

typedef struct
{
  ShsTreeEnsemble *ensemble;
  ShsMatrix rows;
  ShsMatrix *values;
  ShsTreeOptions options;
  BoosterHandle booster;
  DMatrixHandle matrix;
} Job;

static void
run_path_dependent (gpointer data)
{
  Job *job = data;
  g_autoptr (GError) error = NULL;

  shs_tree_path_dependent (job->ensemble, &job->rows, &job->options, job->values, &error);
  bench_check (error);
}

static void
run_peer (gpointer data)
{
  Job *job = data;

  bench_booster_run (job->booster, job->matrix, 2);
}

static double
count_leaves (const ShsTreeEnsemble *ensemble)
{
  return (double)(ensemble->n_nodes + ensemble->n_trees) / 2 / (double)ensemble->n_trees;
}

/* Trees of about @n_leaves leaves: they stop for want of rows, so fewer rows make smaller trees. */
static ShsTreeEnsemble *
make_model (gsize n_features, gsize n_trees, guint depth, gsize n_leaves)
{
  gsize least = 16, most = 65536;
  g_autoptr (ShsMatrix) rows = bench_rows (1, most, n_features);

  while (most - least > least / 32)
    {
      gsize n = (least + most) / 2;
      ShsMatrix some = shs_matrix_rows (rows, 0, n);
      g_autoptr (ShsTreeEnsemble) tried = bench_ensemble (1, &some, MIN (n_trees, 20), depth);

      if (count_leaves (tried) < (double)n_leaves)
        least = n;
      else
        most = n;
    }
  rows->n_rows = most;
  return bench_ensemble (1, rows, n_trees, depth);
}

static ShsTreeOptions
choose_options (const BenchOptions *options, guint n_threads)
{
  return (ShsTreeOptions){ .n_threads = n_threads,
                           .precision = options->precision,
                           .instructions = options->instructions,
                           .n_rows_total = N_EXPLAINED };
}

static void
run_model (const BenchOptions *options, gsize i, guint n_threads)
{
  Job job = { .options = choose_options (options, n_threads) };
  gsize n_trees = options->quick ? 5 : models[i].n_trees;
  gsize n_rows = options->quick ? 32 : models[i].n_rows;
  gsize n_peer_rows = options->quick ? 1 : models[i].n_peer_rows;
  g_autoptr (ShsTreeEnsemble) ensemble
      = make_model (models[i].n_features, n_trees, models[i].depth, models[i].n_leaves);
  g_autoptr (ShsMatrix) rows = bench_rows (2, n_rows, models[i].n_features);
  double ours, peer;

  job.ensemble = ensemble;
  job.rows = *rows;
  job.values = shs_matrix_new (n_rows, models[i].n_features, NULL);
  job.booster = bench_booster (ensemble, n_threads);
  job.matrix = bench_matrix (rows, n_peer_rows);
  ours = bench_seconds (2, n_threads, options->processor_time, run_path_dependent, &job)
         * N_EXPLAINED / (double)n_rows;
  peer = bench_seconds (1, n_threads, options->processor_time, run_peer, &job) * N_EXPLAINED
         / (double)n_peer_rows;
  g_print ("%-20s %5zu %6zu %5u %8.0f %11.4f %12.3f %8.0f\n", models[i].name, models[i].n_features,
           n_trees, models[i].depth, count_leaves (ensemble), ours, peer, peer / ours);
  shs_matrix_free (job.values);
  XGBoosterFree (job.booster);
  XGDMatrixFree (job.matrix);
}

static void
run_game (const BenchOptions *options, gsize i, guint n_threads)
{
  gsize n_at_hand = options->quick ? 500 : games[i].n_at_hand;
  gsize n_explained = MIN (n_at_hand, games[i].n_rows);
  g_autoptr (ShsMatrix) rows = bench_rows (3, n_at_hand, games[i].n_features);
  g_autoptr (ShsMatrix) values = shs_matrix_new (n_explained, games[i].n_features, NULL);
  ShsMatrix some = shs_matrix_rows (rows, 0, MIN (n_at_hand, 20000));
  g_autoptr (ShsTreeEnsemble) ensemble
      = bench_ensemble (3, &some, options->quick ? 5 : 100, games[i].depth);
  BenchGame game = { .ensemble = ensemble,
                     .options = choose_options (options, n_threads),
                     .at_hand = *rows,
                     .n_background = options->quick ? 1000 : games[i].n_background,
                     .rows = shs_matrix_rows (rows, 0, n_explained),
                     .values = values };
  double count = bench_seconds (1, n_threads, options->processor_time, bench_game_count, &game);
  double first = bench_seconds (1, n_threads, options->processor_time, bench_game_explain, &game);
  double later = bench_seconds (1, n_threads, options->processor_time, bench_game_explain, &game);

  g_print ("%-20s %5zu %10zu %9zu %5u %10.3f %10.3f %10.3f\n", games[i].name, games[i].n_features,
           game.n_background, games[i].n_rows, games[i].depth, count, MAX (0, first - later),
           later * (double)games[i].n_rows / (double)n_explained);
  shs_tree_background_unref (game.background);
}

int
main (int argc, char **argv)
{
  BenchOptions options = bench_options_parse (argc, argv, "- time the models of papers");
  guint n_threads = (guint)MAX (1, options.threads);

  bench_options_print_setting (&options, (gint)n_threads);
  g_print ("; path-dependent, seconds for %d rows\n", N_EXPLAINED);
  g_print (
      "model               features  trees depth   leaves   shapscope   libxgboost    ratio\n");
  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    if (options.depth == 0 || options.depth == (gint)models[i].depth)
      run_model (&options, i, n_threads);
  g_print ("interventional, 100 trees, seconds\n");
  g_print ("data                features background      rows depth   counting   building"
           " explaining\n");
  for (gsize i = 0; i < G_N_ELEMENTS (games); i++)
    if (options.depth == 0 || options.depth == (gint)games[i].depth)
      run_game (&options, i, n_threads);
  return EXIT_SUCCESS;
}
