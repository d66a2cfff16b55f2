/* How fast a model of 100 MB is opened: read, checked and made an ensemble; as the JSON and as the
 * UBJSON that libxgboost writes, beside libxgboost reading the same file in the same run. */
#include "bench-model.h"
#include "bench-options.h"

#include "model/shs-model.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define N_FEATURES 50
#define DEPTH 8
#define N_TREES 2900 /* about 100 MB of JSON */
#define MEGA 1e6

static void
stop (const char *what)
{
  g_printerr ("%s\n", what);
  exit (EXIT_FAILURE);
}

static void
run_ours (gpointer path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);

  if (model == NULL)
    stop (error->message);
}

static void
run_peer (gpointer path)
{
  BoosterHandle booster;

  if (XGBoosterCreate (NULL, 0, &booster) != 0 || XGBoosterLoadModel (booster, path) != 0)
    stop (XGBGetLastError ());
  XGBoosterFree (booster);
}

static double
read_peak (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss * 1024;
}

static void
run_format (const BenchOptions *options, BoosterHandle booster, const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf info;
  double ours, peer;

  if (XGBoosterSaveModel (booster, path) != 0 || g_stat (path, &info) != 0)
    stop ("the model cannot be written to the temporary folder; make room there");
  ours = bench_seconds (options->quick ? 1 : 5, 1, options->processor_time, run_ours, path);
  peer = bench_seconds (options->quick ? 1 : 3, 1, options->processor_time, run_peer, path);
  g_print ("%-11s %5.0f MB %12.3f s %12.3f s %8.1f\n", name, (double)info.st_size / MEGA, ours,
           peer, peer / ours);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  BenchOptions options = bench_options_parse (argc, argv, "- time the opening of models");
  g_autofree char *folder = g_dir_make_tmp ("bench-load-XXXXXX", NULL);
  g_autoptr (ShsMatrix) rows = bench_rows (1, options.quick ? 2000 : 20000, N_FEATURES);
  g_autoptr (ShsTreeEnsemble) ensemble
      = bench_ensemble (1, rows, options.quick ? 20 : N_TREES, DEPTH);
  BoosterHandle booster = bench_booster (ensemble, 1);

  g_print ("trees of depth %d, files in the page cache\n"
           "file                   shapscope   libxgboost    ratio\n",
           DEPTH);
  run_format (&options, booster, folder, "model.json");
  run_format (&options, booster, folder, "model.ubj");
  g_print ("peak of this process, with the booster: %.0f MB\n", read_peak () / MEGA);
  XGBoosterFree (booster);
  g_rmdir (folder);
  return EXIT_SUCCESS;
}
