/* Opens XGBoost models, JSON and UBJSON, of every layout from 1.0 to 3.x. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/**
 * shs_xgboost_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 * @progress: (nullable): counts bytes; checked at every tree
 *
 * Two passes over the bytes: the first for parameters (which stand behind the trees in the file),
 * the second for the trees, one at a time. Memory beyond @bytes: the ensemble and the largest tree.
 * Source: reference of the formats, chapter 1.2.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED, %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_xgboost_parse (const char *name, const char *model_name, GBytes *bytes,
                             ShsProgress *progress, GError **error);

/**
 * shs_xgboost_parse_parts:
 * @map: (nullable): how the features are made of columns; the trees' players are the map's
 * @parts: zeroed; filled, also in part where this fails
 *
 * The same for a model inside another library's file, which has names of its own.
 */
gboolean shs_xgboost_parse_parts (const char *name, GBytes *bytes, const ShsFeatureMap *map,
                                  ShsProgress *progress, ShsModelParts *parts, GError **error);

/**
 * shs_xgboost_convert:
 * @bytes: a model in the old binary format (up to XGBoost 3.0)
 *
 * Lets libxgboost load it and write it as JSON. For the loader program alone: libxgboost does not
 * survive damaged files.
 *
 * Returns: (transfer full): the JSON text, still to be parsed as hostile
 */
GBytes *shs_xgboost_convert (const char *name, GBytes *bytes, GError **error);

G_END_DECLS
