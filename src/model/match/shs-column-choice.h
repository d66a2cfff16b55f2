/* Which data column feeds which feature: by name, else by position. Private to model/. */
#pragma once

#include "core/shs-dataset.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/**
 * shs_column_choice_make:
 * @target: column that is the target, or -1
 * @columns: (out caller-allocates): n_features column indices
 * @notes: (element-type utf8): lines a person should know are added
 *
 * Returns: FALSE with %SHS_ERROR_MISMATCH
 */
gboolean shs_column_choice_make (const ShsModel *model, ShsDataset *dataset, gssize target,
                                 gsize *columns, GPtrArray *notes, GError **error);

G_END_DECLS
