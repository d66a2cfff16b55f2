/* Opens ONNX files whose graph is a tree ensemble or a linear model with what comes around it. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_onnx_sniff: whether a file begins as ONNX files do. */
gboolean shs_onnx_sniff (const guint8 *head, gsize length);

/**
 * shs_onnx_parse:
 * @name: what messages call the file
 * @model_name: what the model is called
 * @bytes: the whole file
 *
 * The graph is followed operation by operation without running it: what prepares the columns
 * becomes the model's feature map, trees (ai.onnx.ml 1 to 5) become the ensemble, sums, factors,
 * means and lookups of single trees are worked into the leaves, and what comes last is the link.
 * The sums are made in double. ONNX has no covers. Nothing but the file is read: tensors in other
 * files are refused.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_SYNTAX, %SHS_ERROR_INVALID,
 *   %SHS_ERROR_UNSUPPORTED (which names the operation and what to do), %SHS_ERROR_MEMORY or
 *   %SHS_ERROR_CANCELLED
 */
ShsModel *shs_onnx_parse (const char *name, const char *model_name, GBytes *bytes,
                          ShsProgress *progress, GError **error);

G_END_DECLS
