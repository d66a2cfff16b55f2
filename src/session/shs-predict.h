/* The model's own predictions of the open data. */
#pragma once

#include "session/shs-session.h"

G_BEGIN_DECLS

/**
 * shs_session_predict:
 * @space: (nullable): "margin" (also NULL), "output" (what the library predicts), "logit"
 * @n_threads: 0 for all
 *
 * Predicts the rows of the view on this thread (and the pool's).
 *
 * Returns: (transfer full): rows x outputs; %SHS_ERROR_CHOICE when the model has no such space
 */
ShsMatrix *shs_session_predict (ShsSession *session, const char *space, guint n_threads,
                                ShsProgress *progress, GError **error);

/**
 * shs_predictions_save:
 * @predictions: of @session, whose rows have not changed since
 *
 * .csv (the data's row number, then the outputs by name), .npz (array `predictions`) or .npy.
 */
gboolean shs_predictions_save (const ShsMatrix *predictions, ShsSession *session, const char *path,
                               GError **error);

G_END_DECLS
