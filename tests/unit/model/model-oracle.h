/* What a library said of its model: the arrays of a fixture's .npz. */
#pragma once

#include "io/npy/shs-npy.h"
#include "model/match/shs-column-match.h"

/** model_oracle_read: (transfer full): an array of two dimensions. */
ShsMatrix *model_oracle_read (ShsNpz *oracle, const char *name);

/**
 * model_oracle_check: the margins of @model for "x" are those of @margin_name, and where that is
 * "margin", its predictions are those of "prediction".
 * @tolerance: relative to the larger of 1 and the number
 * @what: for messages
 */
void model_oracle_check (const ShsModel *model, ShsNpz *oracle, const char *margin_name,
                         double tolerance, const char *what);

/** model_oracle_check_codes: the match reads exactly "x". */
void model_oracle_check_codes (const ShsColumnMatch *match, ShsNpz *oracle);
