/* What of an explanation is no array: one JSON object, the same in every file format. */
#pragma once

#include "result/shs-explanation.h"

G_BEGIN_DECLS

#define SHS_EXPLANATION_FORMAT "shapscope-explanation"

/** shs_explanation_meta_write: (transfer full): the object on one line; layout in
 * data/explanation-file.md. */
char *shs_explanation_meta_write (const ShsExplanation *self);

/**
 * shs_explanation_meta_read:
 * @name: of the file, for messages
 * @parts: gets provenance, target_name, output_unit, and (where the text tells) inputs whose
 * columns have types and dictionaries and no names yet
 * @is_ours: (out): whether this program wrote it
 *
 * An object of somebody else's is searched for the same keys; others are passed over.
 */
gboolean shs_explanation_meta_read (const char *name, const char *text, ShsExplanationParts *parts,
                                    gboolean *is_ours, GError **error);

G_END_DECLS
