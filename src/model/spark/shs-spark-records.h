/* The rows of the files that hold Spark's trees, in the order of trees and nodes. Private to
 * model/.
 */
#pragma once

#include "io/parquet/shs-parquet.h"
#include "model/spark/shs-spark-private.h"

G_BEGIN_DECLS

/** ShsSparkField: what is known of a node. */
typedef enum
{
  SHS_SPARK_ID,
  SHS_SPARK_PREDICTION,
  SHS_SPARK_LEFT,
  SHS_SPARK_RIGHT,
  SHS_SPARK_FEATURE,
  SHS_SPARK_N_CATEGORIES,
  SHS_SPARK_STATISTICS,
  SHS_SPARK_LEFT_SET,
  SHS_SPARK_TREE,
  SHS_SPARK_N_FIELDS,
} ShsSparkField;

/** ShsSparkPart: the columns of one file. */
typedef struct
{
  ShsParquetNumbers fields[SHS_SPARK_N_FIELDS];
} ShsSparkPart;

/** ShsSparkRecord: a row of a file. */
typedef struct
{
  const ShsSparkPart *part;
  gsize row;
  gint64 tree;
  gint64 id;
} ShsSparkRecord;

/** ShsSparkRecords: @records: by tree and node, each of which is there once, from 0 on. */
typedef struct
{
  const ShsSparkForest *forest;
  ShsSparkPart *parts;
  gsize n_parts;
  ShsSparkRecord *records;
  gsize n_records;
  gsize n_trees;
} ShsSparkRecords;

/** shs_spark_records_read: @forest must outlive @self. */
gboolean shs_spark_records_read (ShsSparkRecords *self, const ShsSparkForest *forest,
                                 GError **error);
void shs_spark_records_clear (ShsSparkRecords *self);

/** shs_spark_record_get_index: a whole number; -1 for a null, and for anything else that is none.
 */
gint64 shs_spark_record_get_index (const ShsSparkRecord *self, ShsSparkField field);
/** shs_spark_record_get_list: @n numbers, borrowed. */
const double *shs_spark_record_get_list (const ShsSparkRecord *self, ShsSparkField field, gsize *n);

/** shs_spark_has_one_value_a_row: whether a column is no list. */
gboolean shs_spark_has_one_value_a_row (const ShsParquetNumbers *numbers);

G_END_DECLS
