/* An explanation from named arrays, whoever wrote them. */
#pragma once

#include "result/shs-array-source.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/**
 * shs_explanation_read:
 *
 * Needs `values` (or one `values:NAME` an input) and `base_values`; takes what else it knows.
 *
 * Returns: (transfer full): NULL with the file, the array and what is wrong with it
 */
ShsExplanation *shs_explanation_read (const ShsArraySource *source, GError **error);

G_END_DECLS
