/* Models and rows for the benchmarks, the same for us and for libxgboost. */
#pragma once

#include "core/shs-matrix.h"
#include "tree/shs-tree-ensemble.h"

#include <xgboost/c_api.h>

G_BEGIN_DECLS

/** bench_rows: standard normal numbers that are floats. */
ShsMatrix *bench_rows (guint64 seed, gsize n, gsize n_features);

/**
 * bench_ensemble:
 * @rows: training rows; covers are how many of them reach a node
 *
 * Trees whose nodes split at a random feature and quantile until @depth or too few rows are left:
 * shaped like those that gradient boosting grows on such rows, without its time.
 */
ShsTreeEnsemble *bench_ensemble (guint64 seed, const ShsMatrix *rows, gsize n_trees, guint depth);

/** bench_oblivious: trees of one test a level, as CatBoost makes them. */
ShsTreeEnsemble *bench_oblivious (guint64 seed, const ShsMatrix *rows, gsize n_trees, guint depth);

/** bench_booster: the same model in libxgboost, from JSON in the layout of XGBoost 1.7. */
BoosterHandle bench_booster (const ShsTreeEnsemble *ensemble, guint n_threads);

/** bench_matrix: the first @n rows for libxgboost. */
DMatrixHandle bench_matrix (const ShsMatrix *rows, gsize n);

/** bench_booster_run: XGBoosterPredictFromDMatrix(); @type: 1 margin, 2 contributions; result: row
 * by row, owned by the booster. */
const float *bench_booster_run (BoosterHandle booster, DMatrixHandle matrix, int type);

/**
 * bench_seconds:
 * @processor_time: on a machine that others use too: time that the processors spent on this
 *   program, divided by @n_threads
 *
 * Returns: the time of the best of @repetitions calls
 */
double bench_seconds (guint repetitions, guint n_threads, gboolean processor_time,
                      void (*run) (gpointer data), gpointer data);

G_END_DECLS
