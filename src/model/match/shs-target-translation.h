/* How the values of the target column become numbers that predictions are compared with. Private to
 * model/. */
#pragma once

#include "model/shs-model.h"

G_BEGIN_DECLS

/**
 * ShsTargetTranslation:
 * @n_classes: 0 when the target is a number
 * @codes: (nullable): per category of the column, the class
 * @spelled: (nullable): per spelling of a missing value the class that is named so, or NaN
 * @values: (nullable): n_classes numbers that stand for the classes, where classes are named by
 *   numbers
 * @class_names: (nullable): NULL-ended: classes found in the data for a model without class names
 * @problem: (nullable): why the target cannot be read
 */
typedef struct
{
  gsize n_classes;
  double *codes;
  gsize n_codes;
  double *spelled;
  double *values;
  char **class_names;
  GError *problem;
} ShsTargetTranslation;

/** shs_target_translation_init: @column: of the target; what does not fit is kept in @problem. */
void shs_target_translation_init (ShsTargetTranslation *self, const ShsModel *model,
                                  const ShsColumn *column, GPtrArray *notes);
void shs_target_translation_clear (ShsTargetTranslation *self);

/** shs_target_translation_apply: in place; %SHS_ERROR_MISMATCH names the first value that is no
 * class. */
gboolean shs_target_translation_apply (const ShsTargetTranslation *self, const char *column,
                                       double *values, gsize n, GError **error);

G_END_DECLS
