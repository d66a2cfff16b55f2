/* Explanations as files: .h5, .npz, .json, .csv. */
#pragma once

#include "core/shs-progress.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/**
 * shs_explanation_save:
 * @path: the extension decides: .h5 (native, documented in data/), .npz, .json, .csv
 *
 * The old file stays whole until the new one is complete. The same explanation gives the same
 * bytes, but for `seconds`.
 *
 * Returns: FALSE with %SHS_ERROR_CHOICE for another extension, %SHS_ERROR_FILE, ...
 */
gboolean shs_explanation_save (ShsExplanation *self, const char *path, ShsProgress *progress,
                               GError **error);

/**
 * shs_explanation_load:
 *
 * Reads what shs_explanation_save() writes and any .npz in the layout of design.md: at least
 * `values`; the kind of file is found by content.
 */
ShsExplanation *shs_explanation_load (const char *path, ShsProgress *progress, GError **error);
/** shs_explanation_load_from: the same of a file that is open; it is kept where numbers stay in it.
 */
ShsExplanation *shs_explanation_load_from (ShsFile *file, ShsProgress *progress, GError **error);

/** shs_explanation_sniff: whether these first bytes of @file (and, for archives, members) are one.
 */
gboolean shs_explanation_sniff (const ShsFile *file, const guint8 *head, gsize length);

G_END_DECLS
