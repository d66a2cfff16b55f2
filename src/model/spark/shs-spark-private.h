/* What the parts of the reader of Spark's models share. */
#pragma once

#include "model/shs-model.h"

G_BEGIN_DECLS

#define SHS_SPARK_MAX_FEATURES 1000000
#define SHS_SPARK_MAX_CLASSES 100000

/**
 * ShsSparkMetadata: one line of JSON.
 * @class_name: "org.apache.spark.ml.classification.GBTClassificationModel"
 * @stages: (nullable): of a pipeline, their uids
 * @input_columns: (nullable): of a VectorAssembler
 * @n_features, @n_classes, @n_trees: 0 where nothing is said
 */
typedef struct
{
  char *class_name;
  char *version;
  char **stages;
  char **input_columns;
  gsize n_features;
  gsize n_classes;
  gsize n_trees;
} ShsSparkMetadata;

void shs_spark_metadata_clear (ShsSparkMetadata *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsSparkMetadata, shs_spark_metadata_clear)

/** shs_spark_metadata_parse: @name is for messages. */
gboolean shs_spark_metadata_parse (ShsSparkMetadata *self, const char *name, GBytes *bytes,
                                   GError **error);

/**
 * ShsSparkKind: one of the classes that can be opened.
 * @has_shares: leaves are shares of classes
 * @is_sum: trees are added, each with its weight, instead of averaged
 * @is_binary: two classes by one margin
 */
typedef struct
{
  const char *class_name;
  gboolean has_shares;
  gboolean is_sum;
  gboolean is_binary;
} ShsSparkKind;

/** shs_spark_find_kind: by the last word of the class; NULL for others. */
const ShsSparkKind *shs_spark_find_kind (const char *class_name);

/**
 * ShsSparkForest: what the trees are made of.
 * @name: what messages call the model
 * @data: (element-type GBytes): the Parquet files of the nodes
 * @weights: (element-type GBytes): those of the trees; empty for a single tree
 */
typedef struct
{
  const char *name;
  const ShsSparkKind *kind;
  const ShsSparkMetadata *metadata;
  GPtrArray *data;
  GPtrArray *weights;
} ShsSparkForest;

/**
 * shs_spark_read_trees:
 * @is_category: n_features flags, set where a split is by categories
 * @n_trees: (out)
 */
ShsTreeEnsemble *shs_spark_read_trees (const ShsSparkForest *forest, gboolean *is_category,
                                       gsize *n_trees, GError **error);

/** shs_spark_build: the model of @forest; @input_columns: (nullable): names of its features. */
ShsModel *shs_spark_build (const ShsSparkForest *forest, const char *model_name,
                           const char *const *input_columns, GError **error);

/** shs_spark_fail: %SHS_ERROR_INVALID: the model, what is wrong, what to do; FALSE. */
gboolean shs_spark_fail (const char *name, const char *problem, GError **error);

G_END_DECLS
