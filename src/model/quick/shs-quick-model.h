/* Trains a quick model with libxgboost on data of our own. */
#pragma once

#include "core/shs-dataset.h"
#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/**
 * ShsQuickModelOptions:
 * @target: name of the target column
 * @n_rounds: boosting rounds, 1 .. 10000
 * @max_depth: 1 .. 16
 * @learning_rate: in (0, 1]
 * @hold_out: share of the rows that are kept apart for the score, in [0, 0.9]
 * @seed: of the split
 * @n_threads: for libxgboost; 0 for all
 */
typedef struct
{
  const char *target;
  guint n_rounds;
  guint max_depth;
  double learning_rate;
  double hold_out;
  guint64 seed;
  guint n_threads;
} ShsQuickModelOptions;

#define SHS_QUICK_MODEL_DEFAULTS                                                                   \
  ((ShsQuickModelOptions){                                                                         \
      .n_rounds = 100, .max_depth = 4, .learning_rate = 0.1, .hold_out = 0.2, .seed = 0 })

/** ShsQuickModelScore: after each round, from the training thread. @score: of the hold-out rows. */
typedef void (*ShsQuickModelScoreFunc) (guint round, const char *metric, double score,
                                        gpointer data);

/**
 * shs_quick_model_train:
 * @path: where the model is saved as XGBoost JSON, with feature names, types, categories and class
 *   names
 * @score: (nullable): called after each round
 *
 * Regression, binary or multi-class by the target: two distinct values are binary, text or up to 20
 * distinct whole numbers are classes, everything else is regression. Category columns are
 * categories. Rows without a target are left out. A column whose values all differ and are text (an
 * id) is left out.
 *
 * Returns: (transfer full): the model as shs_model_open() reads it back
 */
ShsModel *shs_quick_model_train (ShsDataset *dataset, const ShsQuickModelOptions *options,
                                 const char *path, ShsQuickModelScoreFunc score,
                                 gpointer score_data, ShsProgress *progress, GError **error);

G_END_DECLS
