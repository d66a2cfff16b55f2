#include "model-oracle.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/spark/shs-spark-private.h"
#include "model/spark/shs-spark.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

Suite *spark_suite (void);

#define TOLERANCE 1e-12
#define ENDING ".spark"

static char *
sample_path (const char *kind)
{
  g_autofree char *relative = g_build_filename ("spark", "4.3.0", kind, NULL);

  return shs_test_fixture (relative);
}

static guint
check_version (const char *root, const char *version)
{
  g_autofree char *folder = g_build_filename (root, version, NULL);
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    if (g_str_has_suffix (name, ENDING))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autofree char *stem = g_strndup (path, strlen (path) - strlen (ENDING));
        g_autofree char *oracle_path = g_strconcat (stem, ".npz", NULL);
        g_autoptr (GError) error = NULL;
        g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);
        g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, NULL);

        shs_test_assert_no_error (error);
        model_oracle_check (model, oracle, "margin", TOLERANCE, path);
        ck_assert (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS);
        n++;
      }
  return n;
}

START_TEST (every_model_gives_the_margins_and_predictions_of_spark)
{
  g_autofree char *root = shs_test_fixture ("spark");
  g_autoptr (GDir) versions = g_dir_open (root, 0, NULL);
  const char *version;
  guint n = 0;

  ck_assert_ptr_nonnull (versions);
  while ((version = g_dir_read_name (versions)) != NULL)
    n += check_version (root, version);
  ck_assert_uint_ge (n, 18);
}
END_TEST

START_TEST (a_pipeline_names_the_columns)
{
  static const char *const names[] = { "height", "kind", "weight (kg)", "place" };
  g_autofree char *path = sample_path ("pipeline.spark");
  g_autofree char *alone = sample_path ("forest.spark");
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, NULL);
  g_autoptr (ShsModel) forest = shs_model_open (alone, NULL, NULL);

  ck_assert (shs_model_get_parts (model)->has_feature_names);
  ck_assert (!shs_model_get_parts (forest)->has_feature_names);
  for (gsize j = 0; j < G_N_ELEMENTS (names); j++)
    ck_assert_str_eq (shs_model_get_feature (model, j)->name, names[j]);
  ck_assert_int_eq (shs_model_get_feature (forest, 1)->type, SHS_COLUMN_CATEGORY);
  ck_assert_int_eq (shs_model_get_feature (forest, 0)->type, SHS_COLUMN_NUMBER);
  ck_assert_str_eq (shs_model_get_name (model), "pipeline.spark");
  ck_assert_str_eq (shs_model_get_output_name (model, 1), "class 1");
}
END_TEST

/* A file chooser cannot give a folder: the file of metadata in it stands for it. */
START_TEST (the_file_of_metadata_opens_its_model)
{
  g_autofree char *path = sample_path ("gbt.spark/metadata");
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  g_autofree char *file = g_build_filename (path, g_dir_read_name (entries), NULL);
  g_autoptr (GBytes) bytes = shs_test_bytes (file);
  gsize length;
  const guint8 *head = g_bytes_get_data (bytes, &length);
  g_autoptr (GError) error = NULL;

  ck_assert (shs_model_sniff (file, head, length));
  g_autoptr (ShsModel) model = shs_model_open (file, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_str_eq (shs_model_get_name (model), "gbt.spark");
  ck_assert_uint_eq (shs_model_get_parts (model)->n_rounds, 5);
}
END_TEST

/* ---- what is refused ---- */

/* A folder with one line of metadata. */
static char *
write_folder (const char *metadata)
{
  char *folder = shs_test_temporary ("model");
  g_autofree char *inner = g_build_filename (folder, "metadata", NULL);
  g_autofree char *file = g_build_filename (inner, "part-00000", NULL);

  ck_assert_int_eq (g_mkdir_with_parents (inner, 0700), 0);
  ck_assert (g_file_set_contents (file, metadata, -1, NULL));
  return folder;
}

#define CLASS(name) "{\"class\":\"org.apache.spark.ml." name "\","

START_TEST (what_cannot_be_opened_is_told)
{
  static const struct
  {
    const char *metadata;
    int code;
    const char *says;
  } cases[] = {
    { CLASS ("classification.LogisticRegressionModel") "\"numFeatures\":3}", SHS_ERROR_UNSUPPORTED,
      "LogisticRegressionModel; of Spark's models decision trees" },
    { CLASS ("PipelineModel") "\"paramMap\":{\"stageUids\":[\"a\",\"b\",\"c\"]}}",
      SHS_ERROR_UNSUPPORTED, "a pipeline of 3 stages" },
    { CLASS ("PipelineModel") "\"paramMap\":{\"stageUids\":[\"a\",\"b\"]}}", SHS_ERROR_INVALID,
      "has no folder" },
    { CLASS ("classification.GBTClassificationModel") "\"numFeatures\":0}", SHS_ERROR_INVALID,
      "numFeatures" },
    { CLASS ("classification.GBTClassificationModel") "\"numFeatures\":99999999}",
      SHS_ERROR_INVALID, "numFeatures" },
    { CLASS ("classification.DecisionTreeClassificationModel") "\"numFeatures\":2}",
      SHS_ERROR_INVALID, "numClasses" },
    { CLASS ("regression.GBTRegressionModel") "\"numFeatures\":2}", SHS_ERROR_INVALID,
      "it has no nodes" },
    { CLASS ("regression.GBTRegressionModel") "\"numFeatures\":2", SHS_ERROR_SYNTAX, "part-00000" },
    { "{\"x\":1}", SHS_ERROR_INVALID, "does not say what it is" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folder = write_folder (cases[i].metadata);
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_model_open (folder, NULL, &error));
      shs_test_assert_error (error, cases[i].code);
      ck_assert_msg (strstr (error->message, cases[i].says) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (another_folder_is_no_model)
{
  g_autofree char *folder = shs_test_fixture ("spark");
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_model_open (folder, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "holds no Spark ML model") != NULL, "%s", error->message);
}
END_TEST

/* ---- hostile files ---- */

/* The one Parquet file of an inner folder of a model. */
static GBytes *
part_bytes (const char *kind, const char *inner)
{
  g_autofree char *path = sample_path (kind);
  g_autofree char *folder = g_build_filename (path, inner, NULL);
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name = entries != NULL ? g_dir_read_name (entries) : NULL;
  g_autofree char *file = name != NULL ? g_build_filename (folder, name, NULL) : NULL;

  return file != NULL ? shs_test_bytes (file) : NULL;
}

typedef struct
{
  ShsSparkMetadata metadata;
  ShsSparkForest forest;
} Sample;

static void
sample_init (Sample *self, const char *kind, const char *class_name)
{
  GBytes *weights = part_bytes (kind, "treesMetadata");

  self->metadata = (ShsSparkMetadata){ .n_features = 4, .n_classes = 3 };
  self->forest = (ShsSparkForest){ .name = "mutant",
                                   .kind = shs_spark_find_kind (class_name),
                                   .metadata = &self->metadata };
  self->forest.data = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  self->forest.weights = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_ptr_array_add (self->forest.data, part_bytes (kind, "data"));
  if (weights != NULL)
    g_ptr_array_add (self->forest.weights, weights);
}

static void
sample_clear (Sample *self)
{
  g_ptr_array_unref (self->forest.data);
  g_ptr_array_unref (self->forest.weights);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

static void
build_mutant (GBytes *bytes, gpointer data)
{
  ShsSparkForest forest = *(const ShsSparkForest *)data;
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (parts, bytes);
  forest.data = parts;
  g_autoptr (ShsModel) model = shs_spark_build (&forest, "mutant", NULL, &error);

  ck_assert ((model == NULL) == (error != NULL));
  if (error != NULL)
    ck_assert_msg (error->domain == SHS_ERROR && strchr (error->message, '\n') == NULL, "%s",
                   error->message);
}

static const struct
{
  const char *kind;
  const char *class_name;
} samples[] = { { "forest.spark", "RandomForestClassificationModel" },
                { "gbt.spark", "GBTClassificationModel" },
                { "tree-regression.spark", "DecisionTreeRegressionModel" } };

START_TEST (mutants_are_read_or_refused)
{
  g_auto (Sample) sample = { 0 };

  sample_init (&sample, samples[_i].kind, samples[_i].class_name);
  shs_test_mutate (sample.forest.data->pdata[0], 7000, 31 + (guint64)_i, build_mutant,
                   &sample.forest);
}
END_TEST

START_TEST (nodes_that_are_cut_short_are_refused)
{
  g_auto (Sample) sample = { 0 };

  sample_init (&sample, samples[_i].kind, samples[_i].class_name);
  shs_test_truncate (sample.forest.data->pdata[0], build_mutant, &sample.forest);
}
END_TEST

/* Nodes of all files together must be complete, each there once. */
START_TEST (nodes_that_are_there_twice_are_refused)
{
  g_auto (Sample) sample = { 0 };
  g_autoptr (GError) error = NULL;

  sample_init (&sample, samples[_i].kind, samples[_i].class_name);
  g_ptr_array_add (sample.forest.data, g_bytes_ref (sample.forest.data->pdata[0]));
  ck_assert_ptr_null (shs_spark_build (&sample.forest, "twice", NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, "twice") != NULL, "%s", error->message);
}
END_TEST

START_TEST (every_failed_allocation_is_an_error)
{
  g_auto (Sample) sample = { 0 };
  guint64 n = 0;

  sample_init (&sample, samples[_i].kind, samples[_i].class_name);
  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsModel) model = NULL;

      shs_alloc_fail_at (++n);
      model = shs_spark_build (&sample.forest, "x", NULL, &error);
      shs_alloc_fail_at (0);
      if (model != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (n, 20);
}
END_TEST

Suite *
spark_suite (void)
{
  Suite *suite = suite_create ("spark");
  TCase *cases = tcase_create ("spark");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, every_model_gives_the_margins_and_predictions_of_spark);
  tcase_add_test (cases, a_pipeline_names_the_columns);
  tcase_add_test (cases, the_file_of_metadata_opens_its_model);
  tcase_add_test (cases, what_cannot_be_opened_is_told);
  tcase_add_test (cases, another_folder_is_no_model);
  tcase_add_loop_test (cases, mutants_are_read_or_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_loop_test (cases, nodes_that_are_cut_short_are_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_loop_test (cases, nodes_that_are_there_twice_are_refused, 0, G_N_ELEMENTS (samples));
  tcase_add_loop_test (cases, every_failed_allocation_is_an_error, 0, G_N_ELEMENTS (samples));
  suite_add_tcase (suite, cases);
  return suite;
}
