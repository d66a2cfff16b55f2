/* Spark's trees: their nodes, their categories and their weights. */
#include "model/spark/shs-spark-records.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>

#define MAX_CATEGORIES (1 << 24)

/* @weights: of each tree; NULL for the mean */
typedef struct
{
  const ShsSparkForest *forest;
  ShsSparkRecords rows;
  gsize n_outputs;
  gboolean *is_category;
  double *weights;
  ShsTreeBuilder *builder;
} Reader;

static void
reader_clear (Reader *self)
{
  shs_spark_records_clear (&self->rows);
  shs_free (self->weights);
  shs_tree_builder_free (self->builder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static gboolean
fail (const Reader *reader, const char *problem, GError **error)
{
  return shs_spark_fail (reader->forest->name, problem, error);
}

/* Spark 4.3 calls the columns _1, _2 and _3. */
static gssize
find_either (const ShsParquet *file, const char *name, const char *other)
{
  gssize column = shs_parquet_find (file, name);

  return column >= 0 ? column : shs_parquet_find (file, other);
}

static gboolean
read_weights_of (Reader *reader, GBytes *bytes, gsize *n, GError **error)
{
  g_autoptr (ShsParquet) file = shs_parquet_open (reader->forest->name, bytes, error);
  g_auto (ShsParquetNumbers) ids = { 0 };
  g_auto (ShsParquetNumbers) weights = { 0 };
  gssize id_column, weight_column;

  if (file == NULL)
    return FALSE;
  id_column = find_either (file, "treeID", "_1");
  weight_column = find_either (file, "weights", "_3");
  if (id_column < 0 || weight_column < 0)
    return fail (reader, "the weights of its trees are missing", error);
  if (!shs_parquet_read_numbers (file, (gsize)id_column, &ids, error)
      || !shs_parquet_read_numbers (file, (gsize)weight_column, &weights, error))
    return FALSE;
  if (!shs_spark_has_one_value_a_row (&ids) || !shs_spark_has_one_value_a_row (&weights))
    return fail (reader, "the weights of its trees are damaged", error);
  for (gsize i = 0; i < ids.n_rows; i++, ++*n)
    {
      double tree = ids.values[i];

      if (!(tree >= 0 && tree < (double)reader->rows.n_trees) || tree != floor (tree)
          || !isfinite (weights.values[i]))
        return fail (reader, "the weights of its trees are damaged", error);
      reader->weights[(gsize)tree] = weights.values[i];
    }
  return TRUE;
}

static gboolean
read_weights (Reader *reader, GError **error)
{
  gsize n = 0;

  reader->weights = shs_alloc (reader->rows.n_trees, sizeof *reader->weights, error);
  for (gsize i = 0; reader->weights != NULL && i < reader->rows.n_trees; i++)
    reader->weights[i] = NAN;
  for (guint i = 0; reader->weights != NULL && i < reader->forest->weights->len; i++)
    if (!read_weights_of (reader, reader->forest->weights->pdata[i], &n, error))
      return FALSE;
  for (gsize i = 0; reader->weights != NULL && i < reader->rows.n_trees; i++)
    if (isnan (reader->weights[i]) || n != reader->rows.n_trees)
      return fail (reader, "there are not as many weights as trees", error);
  return reader->weights != NULL;
}

/* The categories that are not among @left, which are more than half: so the file bounds the work.
 */
static gint32 *
invert_categories (const double *left, gsize n_left, gsize n_categories, gsize *n, GError **error)
{
  SHS_AUTOFREE guint8 *is_left = shs_alloc0 (n_categories, 1, error);
  gint32 *kept = is_left != NULL ? shs_alloc (n_categories, sizeof *kept, error) : NULL;

  *n = 0;
  if (kept == NULL)
    return NULL;
  for (gsize i = 0; i < n_left; i++)
    is_left[(gsize)left[i]] = 1;
  for (gsize c = 0; c < n_categories; c++)
    if (!is_left[c])
      kept[(*n)++] = (gint32)c;
  return kept;
}

static gint32 *
copy_categories (const double *left, gsize n_left, gsize *n, GError **error)
{
  gint32 *kept = shs_alloc (n_left, sizeof *kept, error);

  *n = n_left;
  for (gsize i = 0; kept != NULL && i < n_left; i++)
    kept[i] = (gint32)left[i];
  return kept;
}

/* Spark keeps the smaller half of the categories and asks whether a value is among these; so one
 * that training never saw goes with the other half. */
static gboolean
set_categories (Reader *reader, ShsTreeNode *node, const double *left, gsize n_left,
                gsize n_categories, GError **error)
{
  gboolean keeps_left = n_left <= n_categories / 2;
  SHS_AUTOFREE gint32 *kept = NULL;
  gsize n;

  if (n_categories > MAX_CATEGORIES)
    return fail (reader, "a split has impossibly many categories", error);
  for (gsize i = 0; i < n_left; i++)
    if (!(left[i] >= 0 && left[i] < (double)n_categories && left[i] == floor (left[i])))
      return fail (reader, "a split has a category that does not exist", error);
  kept = keeps_left ? copy_categories (left, n_left, &n, error)
                    : invert_categories (left, n_left, n_categories, &n, error);
  if (kept == NULL)
    return FALSE;
  if (n == 1) /* exact also for numbers between the categories */
    {
      node->split = keeps_left ? SHS_SPLIT_EQUAL : SHS_SPLIT_NOT_EQUAL;
      node->threshold = kept[0];
      return TRUE;
    }
  node->split = keeps_left ? SHS_SPLIT_IN_SET : SHS_SPLIT_NOT_IN_SET;
  node->set = shs_tree_builder_add_set (reader->builder, kept, n, error);
  if (node->set < 0)
    g_prefix_error (error, "%s: ", reader->forest->name);
  return node->set >= 0;
}

static gboolean
read_split (Reader *reader, const ShsSparkRecord *record, ShsTreeNode *node, GError **error)
{
  double n_categories = record->part->fields[SHS_SPARK_N_CATEGORIES].values[record->row];
  gsize n;
  const double *left = shs_spark_record_get_list (record, SHS_SPARK_LEFT_SET, &n);

  node->feature = (gint32)shs_spark_record_get_index (record, SHS_SPARK_FEATURE);
  node->right = (gint32)shs_spark_record_get_index (record, SHS_SPARK_RIGHT);
  if (node->feature < 0 || (gsize)node->feature >= reader->forest->metadata->n_features)
    return fail (reader, "a split is on a feature that does not exist", error);
  if (n_categories < 0)
    {
      if (n != 1 || isnan (left[0]))
        return fail (reader, "a split has not one threshold", error);
      node->split = SHS_SPLIT_LESS_EQUAL;
      node->threshold = left[0];
      return TRUE;
    }
  if (shs_spark_record_get_index (record, SHS_SPARK_N_CATEGORIES) < 0)
    return fail (reader, "a split has an impossible number of categories", error);
  reader->is_category[node->feature] = TRUE;
  return set_categories (reader, node, left, n,
                         (gsize)shs_spark_record_get_index (record, SHS_SPARK_N_CATEGORIES), error);
}

static double
sum (const double *values, gsize n)
{
  double total = 0;

  for (gsize i = 0; i < n; i++)
    total += values[i];
  return total;
}

static gboolean
read_node (Reader *reader, const ShsSparkRecord *record, ShsTreeNode *node, double *vector,
           GError **error)
{
  gboolean has_shares = reader->forest->kind->has_shares;
  gsize n;
  const double *statistics = shs_spark_record_get_list (record, SHS_SPARK_STATISTICS, &n);
  double total = sum (statistics, n);

  *node = (ShsTreeNode){ .split = SHS_LEAF,
                         .set = -1,
                         .left = (gint32)shs_spark_record_get_index (record, SHS_SPARK_LEFT),
                         .right = -1,
                         .cover = n == 0       ? NAN
                                  : has_shares ? total
                                               : statistics[0],
                         .value = record->part->fields[SHS_SPARK_PREDICTION].values[record->row] };
  if (has_shares && (n != reader->n_outputs || !isfinite (total)))
    return fail (reader, "a node has not one number for each class", error);
  if (node->left >= 0)
    {
      node->value = 0;
      return read_split (reader, record, node, error);
    }
  for (gsize k = 0; vector != NULL && k < n; k++)
    vector[k] = total > 0 ? statistics[k] / total : 0;
  if (has_shares && vector == NULL)
    node->value = total > 0 ? 1 : 0;
  return TRUE;
}

static gboolean
add_tree (Reader *reader, gsize tree, gsize first, gsize n, GError **error)
{
  SHS_AUTOFREE ShsTreeNode *nodes = shs_alloc (n, sizeof *nodes, error);
  gboolean has_vectors = reader->forest->kind->has_shares && reader->n_outputs > 1;
  gsize n_values = 0;
  SHS_AUTOFREE double *vectors = NULL;

  if (nodes == NULL)
    return FALSE;
  if (has_vectors && !shs_size_multiply (n, reader->n_outputs, &n_values))
    return fail (reader, "it has too many classes", error);
  if (has_vectors && (vectors = shs_alloc0 (n_values, sizeof *vectors, error)) == NULL)
    return FALSE;
  for (gsize v = 0; v < n; v++)
    if (!read_node (reader, &reader->rows.records[first + v], &nodes[v],
                    vectors != NULL ? vectors + v * reader->n_outputs : NULL, error))
      return FALSE;
  if (shs_tree_builder_add_tree (reader->builder, nodes, n, vectors, 0,
                                 reader->weights != NULL ? reader->weights[tree]
                                                         : 1.0 / (double)reader->rows.n_trees,
                                 error))
    return TRUE;
  g_prefix_error (error, "%s: ", reader->forest->name);
  return FALSE;
}

static gboolean
add_trees (Reader *reader, GError **error)
{
  gsize first = 0;

  for (gsize tree = 0; tree < reader->rows.n_trees; tree++)
    {
      gsize end = first;

      while (end < reader->rows.n_records && reader->rows.records[end].tree == (gint64)tree)
        end++;
      if (!add_tree (reader, tree, first, end - first, error))
        return FALSE;
      first = end;
    }
  return TRUE;
}

ShsTreeEnsemble *
shs_spark_read_trees (const ShsSparkForest *forest, gboolean *is_category, gsize *n_trees,
                      GError **error)
{
  g_auto (Reader) reader = { .forest = forest, .is_category = is_category };

  reader.n_outputs = forest->kind->has_shares ? forest->metadata->n_classes : 1;
  reader.builder = shs_tree_builder_new (forest->metadata->n_features, reader.n_outputs,
                                         reader.n_outputs, SHS_TREE_CAST_DOUBLE);
  if (!shs_spark_records_read (&reader.rows, forest, error))
    return NULL;
  shs_tree_builder_set_file_size (reader.builder, reader.rows.n_records);
  if (forest->metadata->n_trees > 0 && forest->metadata->n_trees != reader.rows.n_trees)
    {
      fail (&reader, "it has not as many trees as its metadata say", error);
      return NULL;
    }
  if ((forest->kind->is_sum && !read_weights (&reader, error)) || !add_trees (&reader, error))
    return NULL;
  *n_trees = reader.rows.n_trees;
  return shs_tree_builder_finish (g_steal_pointer (&reader.builder), error);
}
