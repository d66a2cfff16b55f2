/* Predictions: ns per (row, tree), against libxgboost on the same model and rows. */
#include "bench-model.h"
#include "bench-options.h"

#include "tree/shs-tree-explain.h"

#include <math.h>
#include <stdlib.h>

#define N_FEATURES 50

static const struct
{
  guint depth;
  gsize n_trees;
} settings[] = { { 3, 100 }, { 6, 100 }, { 6, 1000 }, { 8, 100 }, { 12, 100 }, { 16, 20 } };

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  ShsMatrix rows;
  ShsMatrix *margins;
  ShsTreeOptions options;
  BoosterHandle booster;
  DMatrixHandle matrix;
  const float *peer_margins;
} Contest;

static void
run_ours (gpointer data)
{
  Contest *contest = data;
  g_autoptr (GError) error = NULL;

  if (!shs_tree_predict (contest->ensemble, &contest->rows, &contest->options, contest->margins,
                         &error))
    {
      g_printerr ("%s\n", error->message);
      exit (EXIT_FAILURE);
    }
}

static void
run_peer (gpointer data)
{
  Contest *contest = data;

  contest->peer_margins = bench_booster_run (contest->booster, contest->matrix, 1);
}

static void
run_setting (const BenchOptions *options, const ShsMatrix *rows, gsize index, guint n_threads)
{
  gsize n_trees = options->quick ? 5 : settings[index].n_trees;
  gsize n_rows = rows->n_rows;
  g_autoptr (ShsTreeEnsemble) ensemble
      = bench_ensemble (index, rows, n_trees, settings[index].depth);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (n_rows, 1, NULL);
  Contest contest = { .ensemble = ensemble,
                      .rows = *rows,
                      .margins = margins,
                      .booster = bench_booster (ensemble, n_threads),
                      .matrix = bench_matrix (rows, n_rows) };
  double unit = 1e9 / (double)(n_rows * n_trees);
  double largest = 0;
  double ours;
  double peer;

  contest.options.n_threads = n_threads;
  contest.options.instructions = options->instructions;
  ours = bench_seconds (options->quick ? 1 : 7, n_threads, options->processor_time, run_ours,
                        &contest)
         * unit;
  /* libxgboost keeps what it predicted for a matrix: only the first call works. */
  peer = bench_seconds (1, n_threads, options->processor_time, run_peer, &contest) * unit;
  for (gsize i = 0; i < n_rows; i++)
    largest = MAX (largest, fabs (contest.peer_margins[i] - shs_matrix_get (margins, i, 0)));
  g_print ("%5u %6zu %12.0f %12.2f %14.1f %8.1f %12.2g\n", settings[index].depth, n_trees,
           (double)(ensemble->n_nodes + n_trees) / 2 / (double)n_trees, ours, peer, peer / ours,
           largest);
  XGBoosterFree (contest.booster);
  XGDMatrixFree (contest.matrix);
}

int
main (int argc, char **argv)
{
  BenchOptions options = bench_options_parse (argc, argv, "- time predictions");
  g_autoptr (ShsMatrix) rows = bench_rows (1, options.quick ? 2000 : 100000, N_FEATURES);

  for (gint n_threads = 1; n_threads <= options.threads; n_threads++)
    {
      bench_options_print_setting (&options, n_threads);
      g_print ("; ns per (row, tree); libxgboost's margins\n");
      g_print ("depth  trees  leaves/tree    shapscope     libxgboost    ratio   difference\n");
      for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
        if (options.depth == 0 || options.depth == (gint)settings[i].depth)
          run_setting (&options, rows, i, (guint)n_threads);
    }
  return EXIT_SUCCESS;
}
