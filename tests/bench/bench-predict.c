/* Predictions: ns per (row, tree), against libxgboost on the same model and rows. */
#include "bench-model.h"

#include "tree/shs-tree-explain.h"

#include <math.h>
#include <stdlib.h>

#define N_FEATURES 50

static gboolean quick;
static gboolean processor_time;
static gint depth_only;
static gint most_threads = 2;
static char *instructions_name = "best";

static const GOptionEntry entries[] = {
  { "quick", 0, 0, G_OPTION_ARG_NONE, &quick, "A smoke run", NULL },
  { "processor-time", 0, 0, G_OPTION_ARG_NONE, &processor_time,
    "Count processor time: for a machine that is busy with other things", NULL },
  { "depth", 0, 0, G_OPTION_ARG_INT, &depth_only, "This depth alone", "D" },
  { "threads", 0, 0, G_OPTION_ARG_INT, &most_threads, "Tables for 1 to N threads", "N" },
  { "instructions", 0, 0, G_OPTION_ARG_STRING, &instructions_name, "best, baseline, avx2 or avx512",
    "I" },
  { NULL },
};

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
run_setting (const ShsMatrix *rows, gsize index, guint n_threads)
{
  gsize n_trees = quick ? 5 : settings[index].n_trees;
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
  for (ShsInstructions i = SHS_INSTRUCTIONS_BASELINE; i <= SHS_INSTRUCTIONS_AVX512; i++)
    if (g_str_equal (instructions_name, shs_tree_instructions_get_name (i)))
      contest.options.instructions = i;
  ours = bench_seconds (quick ? 1 : 7, n_threads, processor_time, run_ours, &contest) * unit;
  /* libxgboost keeps what it predicted for a matrix: only the first call works. */
  peer = bench_seconds (1, n_threads, processor_time, run_peer, &contest) * unit;
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
  g_autoptr (GOptionContext) context = g_option_context_new ("- time predictions");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsMatrix) rows = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  rows = bench_rows (1, quick ? 2000 : 100000, N_FEATURES);
  for (gint n_threads = 1; n_threads <= most_threads; n_threads++)
    {
      g_print ("%d thread%s, %s; ns per (row, tree); libxgboost's margins\n", n_threads,
               n_threads > 1 ? "s" : "", instructions_name);
      g_print ("depth  trees  leaves/tree    shapscope     libxgboost    ratio   difference\n");
      for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
        if (depth_only == 0 || depth_only == (gint)settings[i].depth)
          run_setting (rows, i, (guint)n_threads);
    }
  return EXIT_SUCCESS;
}
