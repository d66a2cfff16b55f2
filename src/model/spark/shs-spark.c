#include "model/spark/shs-spark.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-bytes.h"
#include "io/shs-folder.h"
#include "model/spark/shs-spark-private.h"

#include <string.h>

#define CLASS_KEY "{\"class\":\"org.apache.spark.ml."
#define MAX_FILES 10000

gboolean
shs_spark_is_metadata (const guint8 *head, gsize length)
{
  return length >= strlen (CLASS_KEY) && memcmp (head, CLASS_KEY, strlen (CLASS_KEY)) == 0;
}

/* ---- files ---- */

/* The paths of the files that Spark calls "part-...", in order; empty where there are none. */
static GPtrArray *
list_parts (const char *folder, const char *inner, const char *ending, GError **error)
{
  g_autofree char *path = g_build_filename (folder, inner, NULL);
  g_autoptr (GPtrArray) names = shs_folder_list (path, MAX_FILES, error);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; names != NULL && i < names->len; i++)
    if (g_str_has_prefix (names->pdata[i], "part-") && g_str_has_suffix (names->pdata[i], ending))
      g_ptr_array_add (paths, g_build_filename (path, names->pdata[i], NULL));
  return names != NULL ? g_steal_pointer (&paths) : NULL;
}

static GPtrArray *
open_parts (const char *folder, const char *inner, GError **error)
{
  g_autoptr (GPtrArray) paths = list_parts (folder, inner, ".parquet", error);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  if (paths == NULL)
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    {
      GBytes *bytes = shs_bytes_open (paths->pdata[i], error);

      if (bytes == NULL)
        return NULL;
      g_ptr_array_add (parts, bytes);
    }
  return g_steal_pointer (&parts);
}

static gboolean
read_metadata (const char *folder, ShsSparkMetadata *metadata, GError **error)
{
  g_autoptr (GPtrArray) paths = list_parts (folder, "metadata", "", error);
  g_autoptr (GBytes) bytes = NULL;

  if (paths == NULL)
    return FALSE;
  if (paths->len == 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s is a folder that holds no Spark ML model (there is no metadata/part-...); "
                   "choose the folder that model.save() made, or a file",
                   folder);
      return FALSE;
    }
  bytes = shs_bytes_open (paths->pdata[0], error);
  return bytes != NULL && shs_spark_metadata_parse (metadata, paths->pdata[0], bytes, error);
}

/* ---- the model ---- */

static void
describe_classes (const ShsSparkForest *forest, ShsModelParts *parts)
{
  gsize n_classes = forest->metadata->n_classes;

  if (forest->kind->has_shares)
    {
      parts->task = n_classes == 2 ? SHS_TASK_BINARY : SHS_TASK_MULTICLASS;
      parts->margin_unit = "probability";
      parts->output_names = g_new0 (char *, n_classes + 1);
      for (gsize k = 0; k < n_classes; k++)
        parts->output_names[k] = g_strdup_printf ("class %" G_GSIZE_FORMAT, k);
    }
  else if (forest->kind->is_binary)
    {
      parts->task = SHS_TASK_BINARY;
      parts->link = SHS_LINK_LOGISTIC;
      parts->link_scale = 2; /* so that the log-odds are twice the margin */
    }
}

static gboolean
name_features (ShsModelParts *parts, const char *const *input_columns, const gboolean *is_category,
               GError **error)
{
  parts->has_feature_names = input_columns != NULL;
  parts->features = shs_alloc0 (parts->n_features, sizeof *parts->features, error);
  if (parts->features == NULL)
    return FALSE;
  for (gsize j = 0; j < parts->n_features; j++)
    {
      parts->features[j].name = input_columns != NULL ? g_strdup (input_columns[j])
                                                      : g_strdup_printf ("f%" G_GSIZE_FORMAT, j);
      parts->features[j].type = is_category[j] ? SHS_COLUMN_CATEGORY : SHS_COLUMN_NUMBER;
    }
  return TRUE;
}

static gboolean
check_counts (const ShsSparkForest *forest, GError **error)
{
  const ShsSparkMetadata *metadata = forest->metadata;

  if (metadata->n_features == 0 || metadata->n_features > SHS_SPARK_MAX_FEATURES)
    return shs_spark_fail (forest->name, "numFeatures is missing or impossible", error);
  if (forest->kind->has_shares
      && (metadata->n_classes == 0 || metadata->n_classes > SHS_SPARK_MAX_CLASSES))
    return shs_spark_fail (forest->name, "numClasses is missing or impossible", error);
  return TRUE;
}

ShsModel *
shs_spark_build (const ShsSparkForest *forest, const char *model_name,
                 const char *const *input_columns, GError **error)
{
  const ShsSparkMetadata *metadata = forest->metadata;
  g_auto (ShsModelParts) parts = { .library = "Spark ML", .margin_unit = "", .best_round = -1 };
  SHS_AUTOFREE gboolean *is_category = NULL;
  gsize n_trees;

  if (!check_counts (forest, error))
    return NULL;
  is_category = shs_alloc0 (metadata->n_features, sizeof *is_category, error);
  if (is_category == NULL)
    return NULL;
  parts.ensemble = shs_spark_read_trees (forest, is_category, &n_trees, error);
  if (parts.ensemble == NULL)
    return NULL;
  parts.version = g_strdup (metadata->version);
  parts.objective = g_strdup (forest->kind->class_name);
  parts.n_features = metadata->n_features;
  parts.n_outputs = forest->kind->has_shares ? metadata->n_classes : 1;
  parts.n_rounds = forest->kind->is_sum ? n_trees : 1;
  parts.trees_per_round = forest->kind->is_sum ? 1 : n_trees;
  describe_classes (forest, &parts);
  if (!name_features (&parts, input_columns, is_category, error))
    return NULL;
  return shs_model_new (model_name, &parts);
}

/* @assembler: (nullable): what made the features */
static ShsModel *
open_trees (const char *folder, const char *model_name, const ShsSparkMetadata *metadata,
            const ShsSparkMetadata *assembler, GError **error)
{
  ShsSparkForest forest = { .name = folder,
                            .kind = shs_spark_find_kind (metadata->class_name),
                            .metadata = metadata };
  g_autoptr (GPtrArray) data = NULL;
  g_autoptr (GPtrArray) weights = NULL;
  const char *const *names
      = assembler != NULL ? (const char *const *)assembler->input_columns : NULL;

  if (forest.kind == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s: it is a %s; of Spark's models decision trees, random forests and "
                   "gradient-boosted trees can be opened",
                   folder, metadata->class_name);
      return NULL;
    }
  if (names != NULL && g_strv_length ((char **)names) != metadata->n_features)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s: its VectorAssembler takes columns that are vectors themselves (%u columns "
                   "for %" G_GSIZE_FORMAT " features); save the tree model alone, and open it with "
                   "data of one column per feature",
                   folder, g_strv_length ((char **)names), metadata->n_features);
      return NULL;
    }
  data = open_parts (folder, "data", error);
  weights = data != NULL ? open_parts (folder, "treesMetadata", error) : NULL;
  if (weights == NULL)
    return NULL;
  forest.data = data;
  forest.weights = weights;
  return shs_spark_build (&forest, model_name, names, error);
}

/* ---- pipelines ---- */

/* The folder "stages/0_uid" of a stage. */
static char *
find_stage (const char *folder, const char *uid)
{
  g_autofree char *stages = g_build_filename (folder, "stages", NULL);
  g_autofree char *ending = g_strconcat ("_", uid, NULL);
  g_autoptr (GDir) entries = g_dir_open (stages, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    if (g_str_has_suffix (name, ending)
        && strspn (name, "0123456789") == strlen (name) - strlen (ending))
      return g_build_filename (stages, name, NULL);
  return NULL;
}

static char *
read_stage (const char *folder, const char *uid, ShsSparkMetadata *metadata, GError **error)
{
  g_autofree char *stage = find_stage (folder, uid);

  if (stage == NULL)
    {
      shs_spark_fail (folder, "a stage of the pipeline has no folder", error);
      return NULL;
    }
  return read_metadata (stage, metadata, error) ? g_steal_pointer (&stage) : NULL;
}

static ShsModel *
open_pipeline (const char *folder, const char *model_name, const ShsSparkMetadata *pipeline,
               GError **error)
{
  g_auto (ShsSparkMetadata) assembler = { 0 };
  g_auto (ShsSparkMetadata) model = { 0 };
  gsize n_stages = g_strv_length (pipeline->stages);
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  if (n_stages == 0 || n_stages > 2)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s: a pipeline of %" G_GSIZE_FORMAT " stages; one of a VectorAssembler and a "
                   "tree model can be opened: save pipeline.stages[-1] alone, and open it with the "
                   "columns that the stages before it make",
                   folder, n_stages);
      return NULL;
    }
  last = read_stage (folder, pipeline->stages[n_stages - 1], &model, error);
  if (last == NULL || n_stages == 1)
    return last != NULL ? open_trees (last, model_name, &model, NULL, error) : NULL;
  first = read_stage (folder, pipeline->stages[0], &assembler, error);
  if (first == NULL)
    return NULL;
  if (assembler.input_columns == NULL
      || !g_str_has_suffix (assembler.class_name, ".VectorAssembler"))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s: the first stage of the pipeline is a %s, which cannot be read; save "
                   "pipeline.stages[-1] alone, and open it with the columns that the stage makes",
                   folder, assembler.class_name);
      return NULL;
    }
  return open_trees (last, model_name, &model, &assembler, error);
}

ShsModel *
shs_spark_open (const char *path, ShsProgress *progress, GError **error)
{
  g_autofree char *inner
      = g_file_test (path, G_FILE_TEST_IS_DIR) ? NULL : g_path_get_dirname (path);
  g_autofree char *folder = inner != NULL ? g_path_get_dirname (inner) : g_strdup (path);
  g_autofree char *name = g_path_get_basename (folder);
  g_auto (ShsSparkMetadata) metadata = { 0 };

  if (!shs_progress_check (progress, error) || !read_metadata (folder, &metadata, error))
    return NULL;
  return metadata.stages != NULL ? open_pipeline (folder, name, &metadata, error)
                                 : open_trees (folder, name, &metadata, NULL, error);
}
