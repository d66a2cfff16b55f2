/* Recognises model files that cannot be opened yet, so that a person hears what to do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** shs_foreign_model_sniff: what the file is ("a Python pickle"), or NULL when nothing is known. */
const char *shs_foreign_model_sniff (const guint8 *head, gsize length);

/** shs_foreign_model_fail: %SHS_ERROR_UNSUPPORTED: what the file is and how to export the model.
 * Returns: FALSE when @head is nothing that is known */
gboolean shs_foreign_model_fail (const char *name, const guint8 *head, gsize length,
                                 GError **error);

G_END_DECLS
