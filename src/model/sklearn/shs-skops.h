/* Opens scikit-learn models as skops saves them: a ZIP archive of a schema and arrays. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_skops_is_archive: whether a file begins as an archive that skops writes. */
gboolean shs_skops_is_archive (const guint8 *head, gsize length);

/**
 * shs_skops_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 * @progress: (nullable): checked at every tree
 *
 * Interprets the estimators and transformers of scikit-learn that it knows by name; nothing is
 * constructed or run, and what it does not know is refused. Memory: that of the archive's bounds
 * (shs_npz_read()) for the schema and one array at a time, and the ensemble.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED, %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_skops_parse (const char *name, const char *model_name, GBytes *bytes,
                           ShsProgress *progress, GError **error);

G_END_DECLS
