/* What a quick model is trained on: task, classes, features, rows. Private to model/. */
#pragma once

#include "model/quick/shs-quick-model.h"

G_BEGIN_DECLS

/** ShsRowPart: what a row is for. */
typedef enum
{
  SHS_ROW_LEFT_OUT,
  SHS_ROW_TRAINING,
  SHS_ROW_HOLD_OUT,
  SHS_N_ROW_PARTS,
} ShsRowPart;

/**
 * ShsQuickPlan:
 * @target: column of the target
 * @class_names: (nullable): NULL-ended, in the order of the labels
 * @features: @n_features columns of the table
 * @labels: per row of the data set: class index or number; NaN where missing
 * @parts: per row of the data set: a #ShsRowPart
 * @n_rows: how many rows of each part there are
 * @start: mean of the training labels (the share of the second class, when there are two)
 */
typedef struct
{
  ShsTask task;
  gsize target;
  char **class_names;
  gsize n_classes;
  gsize *features;
  gsize n_features;
  double *labels;
  guint8 *parts;
  gsize n_rows[SHS_N_ROW_PARTS];
  double start;
} ShsQuickPlan;

gboolean shs_quick_plan_init (ShsQuickPlan *self, ShsDataset *dataset,
                              const ShsQuickModelOptions *options, GError **error);
void shs_quick_plan_clear (ShsQuickPlan *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsQuickPlan, shs_quick_plan_clear)

G_END_DECLS
