/* Opens PMML documents (3.x to 4.4): trees, sums, means and chains of trees, linear regressions. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_pmml_sniff: whether a file begins as a PMML document does. */
gboolean shs_pmml_sniff (const guint8 *head, gsize length);

/**
 * shs_pmml_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file, UTF-8
 *
 * Nodes of any number of children become chains of splits, derived fields of one column steps of
 * the feature map. Covers are the record counts of the leaves, where all have one and it is not 1
 * everywhere (shares). Notes say where the document leaves a row without a prediction.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED (each names the line), %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_pmml_parse (const char *name, const char *model_name, GBytes *bytes,
                          ShsProgress *progress, GError **error);

G_END_DECLS
