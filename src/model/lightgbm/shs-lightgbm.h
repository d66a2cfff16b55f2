/* Opens LightGBM models: text files of the formats v2, v3 and v4, and JSON dumps. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_lightgbm_is_text: whether a file begins as booster.save_model() begins it. */
gboolean shs_lightgbm_is_text (const guint8 *head, gsize length);

/** shs_lightgbm_is_dump: whether a JSON text begins as booster.dump_model() begins it. */
gboolean shs_lightgbm_is_dump (const guint8 *head, gsize length);

/**
 * shs_lightgbm_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 * @progress: (nullable): counts bytes; checked at every tree
 *
 * Text is read in one pass, a tree at a time; a dump in two, since its order is anyone's. Memory
 * beyond @bytes: the ensemble and the largest tree. Margins are the library's raw scores; those of
 * a random forest (average_output) are the mean of its trees, which is one round. Source: reference
 * of the formats, chapters 1.1, 1.3 and 7.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED, %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_lightgbm_parse (const char *name, const char *model_name, GBytes *bytes,
                              ShsProgress *progress, GError **error);

G_END_DECLS
