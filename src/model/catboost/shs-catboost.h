/* Opens CatBoost models: .cbm files and JSON exports. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_catboost_is_binary: whether a file begins as model.save_model("model.cbm") begins it. */
gboolean shs_catboost_is_binary (const guint8 *head, gsize length);

/** shs_catboost_is_json: whether a JSON text begins as save_model(..., format="json") begins it. */
gboolean shs_catboost_is_json (const guint8 *head, gsize length);

/**
 * shs_catboost_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 * @progress: (nullable): counts bytes; checked at every tree
 *
 * Margins are the library's raw values (prediction_type="RawFormulaVal"). Oblivious trees become
 * ordinary ones whose root is the last split, which is the order that the library weighs branches
 * in. Features made of categories (one-hot, counters of any type) are computed by a feature map;
 * a category reaches it as the library's hash of its text (see ShsHashedCategories). Text,
 * embedding and estimated features are refused by name. Memory beyond @bytes: the ensemble, the
 * tables of the counters and the largest tree. Source: reference of the formats, chapters 1.1, 1.4
 * and 7.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED, %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_catboost_parse (const char *name, const char *model_name, GBytes *bytes,
                              ShsProgress *progress, GError **error);

G_END_DECLS
