/* An explanation as a sequence of named arrays. */
#pragma once

#include "core/shs-progress.h"
#include "result/shs-array-sink.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/** shs_explanation_write: gives every array that exists to @sink, always in the same order; block
 * by block, so that no array is in memory twice. */
gboolean shs_explanation_write (const ShsExplanation *self, const ShsArraySink *sink,
                                gpointer sink_data, ShsProgress *progress, GError **error);

G_END_DECLS
