/* Opens the folders in which Spark ML saves tree models. */
#pragma once

#include "core/shs-progress.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** shs_spark_is_metadata: whether a file begins as the metadata of a Spark ML model do. */
gboolean shs_spark_is_metadata (const guint8 *head, gsize length);

/**
 * shs_spark_open:
 * @path: the model's folder, or the file of metadata in it
 *
 * Opens decision trees, random forests and gradient-boosted trees, for classes and for numbers, of
 * Spark 2.0 to 4.3, alone or behind a VectorAssembler in a pipeline, which gives the names of the
 * columns. Margins are the shares of the classes (trees and forests), the undoubled sum (boosted
 * trees of two classes, whose probability is 1 / (1 + exp (-2 margin))), or the prediction. Covers
 * are the sums of impurityStats, or their first number (the weight) where impurity is variance.
 *
 * Splits compare doubles by <=, so missing values go right; categories that training never saw go
 * with the larger half, as in Spark. Source: org.apache.spark.ml.tree.treeModels, Split.
 *
 * Returns: (transfer full): the model; NULL with %SHS_ERROR_FILE, %SHS_ERROR_SYNTAX,
 *   %SHS_ERROR_INVALID, %SHS_ERROR_UNSUPPORTED (another class of model or stage) or
 *   %SHS_ERROR_MEMORY
 */
ShsModel *shs_spark_open (const char *path, ShsProgress *progress, GError **error);

G_END_DECLS
