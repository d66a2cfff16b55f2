/* Opens H2O's models as MOJOs: model.download_mojo("model.zip"). */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_mojo_sniff: whether a file begins as the archives that H2O writes. */
gboolean shs_mojo_sniff (const guint8 *head, gsize length);

/**
 * shs_mojo_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 * @progress: (nullable): counts trees; checked at every tree
 *
 * Gradient boosting, XGBoost, forests, isolation forests and generalized linear models; any other
 * algorithm is refused by its name. Values are compared in double with thresholds in single
 * precision, as H2O does. A category that training never saw goes where missing values go (from
 * format 1.20 on). Source: the behaviour of h2o-genmodel 3.46, measured; reference of the formats,
 * chapter 1.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED, %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_mojo_parse (const char *name, const char *model_name, GBytes *bytes,
                          ShsProgress *progress, GError **error);

G_END_DECLS
