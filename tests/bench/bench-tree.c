/* Path-dependent Tree SHAP: ns per (row, tree), against libxgboost on the same model and rows. */
#include "bench-model.h"
#include "bench-options.h"

#include "tree/shs-tree-explain.h"

#include <math.h>
#include <stdlib.h>

#define N_FEATURES 50

/* Rows are chosen so that a run takes about a second. */
static const struct
{
  guint depth;
  gboolean is_oblivious;
  gsize n_trees;
  gsize n_rows;
  gsize n_peer_rows;
} settings[] = {
  { 3, FALSE, 100, 100000, 20000 }, { 6, FALSE, 100, 100000, 2000 }, { 6, TRUE, 100, 100000, 2000 },
  { 8, FALSE, 100, 50000, 400 },    { 12, FALSE, 100, 4096, 16 },    { 16, FALSE, 20, 2048, 8 },
};

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  ShsMatrix rows;
  ShsMatrix *values;
  ShsTreeOptions options;
  BoosterHandle booster;
  DMatrixHandle matrix;
  const float *contributions;
} Contest;

static void
run_ours (gpointer data)
{
  Contest *contest = data;
  g_autoptr (GError) error = NULL;

  if (!shs_tree_path_dependent (contest->ensemble, &contest->rows, &contest->options,
                                contest->values, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (EXIT_FAILURE);
    }
}

static void
run_peer (gpointer data)
{
  Contest *contest = data;

  contest->contributions = bench_booster_run (contest->booster, contest->matrix, 2);
}

static double
find_largest_difference (const Contest *contest, gsize n_rows)
{
  double largest = 0;

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < N_FEATURES; j++)
      largest = MAX (largest, fabs (contest->contributions[i * (N_FEATURES + 1) + j]
                                    - shs_matrix_get (contest->values, i, j)));
  return largest;
}

static void
run_setting (const BenchOptions *options, const ShsMatrix *rows, gsize index, guint n_threads)
{
  gsize n_trees = options->quick ? 5 : settings[index].n_trees;
  gsize n_rows = options->quick ? 256 : settings[index].n_rows;
  gsize n_peer_rows = options->quick ? 8 : settings[index].n_peer_rows;
  g_autoptr (ShsTreeEnsemble) ensemble
      = (settings[index].is_oblivious ? bench_oblivious : bench_ensemble) (index, rows, n_trees,
                                                                           settings[index].depth);
  g_autoptr (ShsMatrix) values = shs_matrix_new (n_rows, N_FEATURES, NULL);
  Contest contest = { .ensemble = ensemble,
                      .rows = shs_matrix_rows (rows, 0, n_rows),
                      .values = values,
                      .booster = bench_booster (ensemble, n_threads),
                      .matrix = bench_matrix (rows, n_peer_rows) };
  double ours;
  double peer;

  contest.options.n_threads = n_threads;
  contest.options.precision = options->precision;
  contest.options.kernel = options->kernel;
  contest.options.instructions = options->instructions;
  ours = bench_seconds (options->quick ? 1 : 5, n_threads, options->processor_time, run_ours,
                        &contest)
         * 1e9 / (double)(n_rows * n_trees);
  peer = bench_seconds (options->quick ? 1 : 3, n_threads, options->processor_time, run_peer,
                        &contest)
         * 1e9 / (double)(n_peer_rows * n_trees);
  g_print ("%5u%s %5zu %12.0f %12.2f %14.0f %8.0f %12.2g\n", settings[index].depth,
           settings[index].is_oblivious ? "o" : " ", n_trees,
           (double)(ensemble->n_nodes + n_trees) / 2 / (double)n_trees, ours, peer, peer / ours,
           find_largest_difference (&contest, n_peer_rows));
  XGBoosterFree (contest.booster);
  XGDMatrixFree (contest.matrix);
}

/* The window asks for one row again and again, with one value changed. */
static void
run_one_row (const BenchOptions *options, const ShsMatrix *rows)
{
  g_autoptr (ShsTreeEnsemble) ensemble = bench_ensemble (1, rows, options->quick ? 5 : 100, 6);
  g_autoptr (ShsMatrix) values = shs_matrix_new (1, N_FEATURES, NULL);
  Contest contest = { .ensemble = ensemble,
                      .rows = shs_matrix_rows (rows, 0, 1),
                      .values = values,
                      .options.n_threads = 1 };
  double first = bench_seconds (1, 1, options->processor_time, run_ours, &contest);
  double later
      = bench_seconds (options->quick ? 1 : 1000, 1, options->processor_time, run_ours, &contest);

  g_print ("one row, depth 6, %zu trees: first call %.0f us, later calls %.1f us\n",
           ensemble->n_trees, first * 1e6, later * 1e6);
}

int
main (int argc, char **argv)
{
  BenchOptions options = bench_options_parse (argc, argv, "- time Tree SHAP");
  g_autoptr (ShsMatrix) rows = bench_rows (1, options.quick ? 2000 : 100000, N_FEATURES);

  for (gint n_threads = 1; n_threads <= options.threads; n_threads++)
    {
      bench_options_print_setting (&options, n_threads);
      g_print ("; ns per (row, tree); libxgboost's pred_contribs; o: oblivious\n");
      g_print ("depth  trees  leaves/tree    shapscope     libxgboost    ratio   difference\n");
      for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
        if (options.depth == 0 || options.depth == (gint)settings[i].depth)
          run_setting (&options, rows, i, (guint)n_threads);
    }
  run_one_row (&options, rows);
  return EXIT_SUCCESS;
}
