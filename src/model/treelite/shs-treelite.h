/* Opens treelite checkpoints of version 4: model.serialize("model.tl"). */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_treelite_sniff: whether a file begins as checkpoints of treelite 3.9 and 4 do. */
gboolean shs_treelite_sniff (const guint8 *head, gsize length);

/**
 * shs_treelite_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 *
 * Values are compared in the type of the file's thresholds (single for models of XGBoost, double
 * for those of LightGBM and scikit-learn). Covers are the sums of hessians where children add up to
 * their parent, else the counts of rows. What comes after the sum of the trees is the link, where
 * it is known; a note says so where it is not.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED, %SHS_ERROR_MEMORY or %SHS_ERROR_CANCELLED
 */
ShsModel *shs_treelite_parse (const char *name, const char *model_name, GBytes *bytes,
                              ShsProgress *progress, GError **error);

G_END_DECLS
