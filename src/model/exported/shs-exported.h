/* Opens models in Shapscope's own JSON: what data/export/shapscope.py writes, or a person by hand.
 */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_exported_is: whether a JSON text begins with the key "shapscope_model". */
gboolean shs_exported_is (const guint8 *head, gsize length);

/**
 * shs_exported_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 * @progress: (nullable): counts bytes; checked at every tree
 *
 * Reads the text twice: first everything but the feature map and the trees, then these. Memory
 * beyond @bytes: the ensemble and the largest tree. Source: data/export/README.md.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED, %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_exported_parse (const char *name, const char *model_name, GBytes *bytes,
                              ShsProgress *progress, GError **error);

G_END_DECLS
