#include "model/spark/shs-spark-records.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <stdlib.h>

static const char *const field_paths[SHS_SPARK_N_FIELDS]
    = { [SHS_SPARK_ID] = "id",
        [SHS_SPARK_PREDICTION] = "prediction",
        [SHS_SPARK_LEFT] = "leftChild",
        [SHS_SPARK_RIGHT] = "rightChild",
        [SHS_SPARK_FEATURE] = "split.featureIndex",
        [SHS_SPARK_N_CATEGORIES] = "split.numCategories",
        [SHS_SPARK_STATISTICS] = "impurityStats",
        [SHS_SPARK_LEFT_SET] = "split.leftCategoriesOrThreshold",
        [SHS_SPARK_TREE] = "treeID" };

void
shs_spark_records_clear (ShsSparkRecords *self)
{
  for (gsize i = 0; self->parts != NULL && i < self->n_parts; i++)
    for (ShsSparkField f = 0; f < SHS_SPARK_N_FIELDS; f++)
      shs_parquet_numbers_clear (&self->parts[i].fields[f]);
  shs_free (self->parts);
  shs_free (self->records);
}

static gboolean
fail (const ShsSparkRecords *self, const char *problem, GError **error)
{
  return shs_spark_fail (self->forest->name, problem, error);
}

static gboolean
read_field (const ShsSparkRecords *self, const ShsParquet *file, gboolean is_forest,
            ShsSparkField field, ShsParquetNumbers *numbers, GError **error)
{
  g_autofree char *path = g_strconcat (is_forest && field != SHS_SPARK_TREE ? "nodeData." : "",
                                       field_paths[field], NULL);
  gssize column = shs_parquet_find (file, path);

  if (column >= 0)
    return shs_parquet_read_numbers (file, (gsize)column, numbers, error);
  if (field == SHS_SPARK_TREE)
    return TRUE;
  g_set_error (
      error, SHS_ERROR, SHS_ERROR_INVALID,
      "%s: its nodes have no column \"%s\", which Spark writes from 2.0 on; save the model "
      "with a newer Spark",
      self->forest->name, path);
  return FALSE;
}

gboolean
shs_spark_has_one_value_a_row (const ShsParquetNumbers *numbers)
{
  return numbers->first == NULL || numbers->first[numbers->n_rows] == numbers->n_rows;
}

static gboolean
read_part (ShsSparkRecords *self, GBytes *bytes, ShsSparkPart *part, GError **error)
{
  g_autoptr (ShsParquet) file = shs_parquet_open (self->forest->name, bytes, error);
  gboolean is_forest;

  if (file == NULL)
    return FALSE;
  is_forest = shs_parquet_find (file, "nodeData.id") >= 0;
  for (ShsSparkField f = 0; f < SHS_SPARK_N_FIELDS; f++)
    if (!read_field (self, file, is_forest, f, &part->fields[f], error))
      return FALSE;
    else if (f != SHS_SPARK_STATISTICS && f != SHS_SPARK_LEFT_SET
             && !shs_spark_has_one_value_a_row (&part->fields[f]))
      return fail (self, "a column of its nodes is a list where it must not be", error);
  return shs_size_add (self->n_records, shs_parquet_get_n_rows (file), &self->n_records)
         || fail (self, "it has too many nodes", error);
}

static gboolean
read_parts (ShsSparkRecords *self, GError **error)
{
  const GPtrArray *data = self->forest->data;

  self->parts = shs_alloc0 (data->len, sizeof *self->parts, error);
  if (self->parts == NULL)
    return FALSE;
  self->n_parts = data->len;
  for (guint i = 0; i < data->len; i++)
    if (!read_part (self, data->pdata[i], &self->parts[i], error))
      return FALSE;
  return self->n_records > 0 || fail (self, "it has no nodes", error);
}

gint64
shs_spark_record_get_index (const ShsSparkRecord *self, ShsSparkField field)
{
  const ShsParquetNumbers *numbers = &self->part->fields[field];
  double value = numbers->values != NULL ? numbers->values[self->row] : 0;

  return value >= 0 && value <= G_MAXINT32 && value == floor (value) ? (gint64)value : -1;
}

const double *
shs_spark_record_get_list (const ShsSparkRecord *self, ShsSparkField field, gsize *n)
{
  const ShsParquetNumbers *numbers = &self->part->fields[field];

  *n = numbers->first[self->row + 1] - numbers->first[self->row];
  return numbers->values + numbers->first[self->row];
}

static int
compare_records (const void *a, const void *b)
{
  const ShsSparkRecord *first = a;
  const ShsSparkRecord *second = b;

  if (first->tree != second->tree)
    return first->tree < second->tree ? -1 : 1;
  return (first->id > second->id) - (first->id < second->id);
}

/* Nodes are counted from 0 in each tree, and trees from 0. */
static gboolean
check_records (ShsSparkRecords *self, GError **error)
{
  gint64 tree = 0;
  gint64 id = 0;

  for (gsize i = 0; i < self->n_records; i++, id++)
    {
      const ShsSparkRecord *record = &self->records[i];

      if (record->tree == tree + 1 && i > 0)
        {
          tree++;
          id = 0;
        }
      if (record->tree != tree || record->id != id)
        return fail (self, "a node is missing, or is there twice", error);
    }
  self->n_trees = (gsize)tree + 1;
  return TRUE;
}

static gboolean
sort_records (ShsSparkRecords *self, GError **error)
{
  gsize n = 0;

  self->records = shs_alloc (self->n_records, sizeof *self->records, error);
  if (self->records == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n_parts; i++)
    for (gsize row = 0; row < self->parts[i].fields[SHS_SPARK_ID].n_rows; row++)
      {
        ShsSparkRecord *record = &self->records[n++];

        *record = (ShsSparkRecord){ .part = &self->parts[i], .row = row };
        record->tree = shs_spark_record_get_index (record, SHS_SPARK_TREE);
        record->id = shs_spark_record_get_index (record, SHS_SPARK_ID);
      }
  qsort (self->records, n, sizeof *self->records, compare_records);
  return check_records (self, error);
}

gboolean
shs_spark_records_read (ShsSparkRecords *self, const ShsSparkForest *forest, GError **error)
{
  self->forest = forest;
  return read_parts (self, error) && sort_records (self, error);
}
