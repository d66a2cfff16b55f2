#include "shs-test.h"

#include "core/shs-memory.h"
#include "model/catboost/shs-catboost.h"
#include "model/exported/shs-exported.h"
#include "model/h2o/shs-mojo.h"
#include "model/lightgbm/shs-lightgbm.h"
#include "model/onnx/shs-onnx.h"
#include "model/pmml/shs-pmml.h"
#include "model/sklearn/shs-skops.h"
#include "model/treelite/shs-treelite.h"
#include "model/xgboost/shs-xgboost.h"

#include <math.h>
#include <string.h>

Suite *hostile_suite (void);

#define ROWS 8
#define MUTANTS 20000
#define FEWER_MUTANTS 3000

typedef ShsModel *(*Parse) (const char *, const char *, GBytes *, ShsProgress *, GError **);

static Parse
parser_of (const char *file)
{
  if (g_str_has_prefix (file, "catboost/"))
    return shs_catboost_parse;
  if (g_str_has_suffix (file, ".skops"))
    return shs_skops_parse;
  if (g_str_has_prefix (file, "sklearn/"))
    return shs_exported_parse;
  if (g_str_has_prefix (file, "onnx/"))
    return shs_onnx_parse;
  if (g_str_has_prefix (file, "pmml/"))
    return shs_pmml_parse;
  if (g_str_has_prefix (file, "treelite/"))
    return shs_treelite_parse;
  if (g_str_has_prefix (file, "h2o/"))
    return shs_mojo_parse;
  return g_str_has_prefix (file, "lightgbm/") ? shs_lightgbm_parse : shs_xgboost_parse;
}

/* A model that is taken must also stand being used. */
static void
use_model (const ShsModel *model)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  g_autofree char *line = shs_model_describe (model);

  if (parts->n_features > 64 || parts->n_outputs > 64)
    return;
  g_autoptr (ShsMatrix) rows = shs_matrix_new (ROWS, parts->n_features, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (ROWS, parts->n_outputs, NULL);

  for (gsize j = 0; j < parts->n_features; j++)
    for (gsize i = 0; i < ROWS; i++)
      shs_matrix_set (rows, i, j, i == 3 ? NAN : i * 1.5 - (double)j);
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
}

static void
read_any (GBytes *bytes, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parser_of (data) ("hostile", "hostile", bytes, NULL, &error);

  ck_assert ((model != NULL) == (error == NULL));
  if (model != NULL)
    use_model (model);
  else
    ck_assert_msg (strchr (error->message, '\n') == NULL, "%s", error->message);
}

static void
read_part (GBytes *bytes, gpointer data)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (parser_of (data) ("part", "part", bytes, NULL, &error));
  ck_assert_ptr_nonnull (error);
}

static GBytes *
fixture_bytes (const char *name)
{
  g_autofree char *path = shs_test_fixture (name);

  return shs_test_bytes (path);
}

static const char *const cut_files[] = {
  "xgboost/1.7.6/leaves.json",
  "xgboost/1.7.6/leaves.ubj",
  "xgboost/3.4.1/partition.json",
  "xgboost/3.4.1/linear.ubj",
  "lightgbm/4.7.0/constant.json",
  "lightgbm/4.7.0/categorical.json",
  "lightgbm/4.7.0/linear.json",
  "sklearn/1.9.1/stump.json",
  "sklearn/1.9.1/pipeline-logistic.json",
  "catboost/1.2.10/means.cbm",
  "catboost/1.2.10/lossguide.json",
  "treelite/lightgbm.tl",
  "pmml/by-hand.pmml",
  "onnx/tree-classes.onnx",
  "onnx/columns.onnx",
  "sklearn/1.9.1/leaf.skops",
  "h2o/3.46.0.7/constant.zip",
};

START_TEST (no_file_that_was_cut_is_taken)
{
  g_autoptr (GBytes) bytes = fixture_bytes (cut_files[_i]);

  shs_test_truncate (bytes, read_part, (gpointer)cut_files[_i]);
}
END_TEST

static const struct
{
  const char *file;
  gsize n;
} mutated_files[] = {
  { "xgboost/1.7.6/onehot.json", MUTANTS },
  { "xgboost/1.7.6/onehot.ubj", MUTANTS },
  { "xgboost/3.4.1/named-categories.ubj", FEWER_MUTANTS },
  { "xgboost/3.4.1/vector-leaf.ubj", FEWER_MUTANTS },
  { "xgboost/2.0.3/vector-leaf.json", FEWER_MUTANTS },
  { "xgboost/3.2.0/dart.ubj", FEWER_MUTANTS },
  { "xgboost/3.4.1/linear-multi.json", FEWER_MUTANTS },
  { "xgboost/3.4.1/snapshot.snapshot", FEWER_MUTANTS },
  { "lightgbm/4.7.0/categorical.txt", MUTANTS },
  { "lightgbm/4.7.0/categorical.json", MUTANTS },
  { "lightgbm/4.7.0/linear.txt", MUTANTS },
  { "lightgbm/4.7.0/linear-categories.json", FEWER_MUTANTS },
  { "lightgbm/4.7.0/named-categories.txt", FEWER_MUTANTS },
  { "lightgbm/3.3.5/named-categories.json", FEWER_MUTANTS },
  { "lightgbm/3.3.5/mixed.txt", FEWER_MUTANTS },
  { "lightgbm/2.2.3/forest.txt", FEWER_MUTANTS },
  { "catboost/1.2.10/combinations.cbm", MUTANTS },
  { "catboost/1.2.10/combinations.json", MUTANTS },
  { "catboost/1.2.10/lossguide-multi.cbm", FEWER_MUTANTS },
  { "catboost/1.2.10/lossguide-multi.json", FEWER_MUTANTS },
  { "catboost/1.2.10/means.json", FEWER_MUTANTS },
  { "catboost/0.26.1/combinations-multi.cbm", FEWER_MUTANTS },
  { "sklearn/1.9.1/stump.json", MUTANTS },
  { "sklearn/1.9.1/histogram-named-categories.json", FEWER_MUTANTS },
  { "sklearn/1.9.1/forest-targets.json", FEWER_MUTANTS },
  { "sklearn/1.9.1/pipeline-logistic.json", FEWER_MUTANTS },
  { "sklearn/hand-written.json", MUTANTS },
  { "pmml/by-hand.pmml", MUTANTS },
  { "pmml/rules-1.pmml", FEWER_MUTANTS },
  { "pmml/rules-4.pmml", FEWER_MUTANTS },
  { "pmml/rules-7.pmml", FEWER_MUTANTS },
  { "pmml/derived.pmml", FEWER_MUTANTS },
  { "treelite/lightgbm.tl", MUTANTS },
  { "treelite/forest-classes.tl", FEWER_MUTANTS },
  { "onnx/columns.onnx", MUTANTS },
  { "onnx/sets.onnx", MUTANTS },
  { "onnx/ada.onnx", FEWER_MUTANTS },
  { "onnx/bins.onnx", FEWER_MUTANTS },
  { "onnx/products.onnx", FEWER_MUTANTS },
  { "onnx/gradient-descent.onnx", FEWER_MUTANTS },
  { "onnx/support-binary.onnx", FEWER_MUTANTS },
  { "onnx/isolation.onnx", FEWER_MUTANTS },
  { "onnx/softmax.onnx", FEWER_MUTANTS },
  { "onnx/xgboost-poisson.onnx", FEWER_MUTANTS },
  { "sklearn/1.9.1/tree.skops", FEWER_MUTANTS },
  { "sklearn/1.9.1/linear.skops", FEWER_MUTANTS },
  { "h2o/3.46.0.7/binary.zip", FEWER_MUTANTS },
  { "h2o/3.46.0.7/encoded-binary.zip", FEWER_MUTANTS },
  { "h2o/3.46.0.7/linear-multi.zip", FEWER_MUTANTS },
};

START_TEST (mutants_are_refused_or_can_be_used)
{
  g_autoptr (GBytes) bytes = fixture_bytes (mutated_files[_i].file);

  shs_test_mutate (bytes, mutated_files[_i].n, 20260 + (guint64)_i, read_any,
                   (gpointer)mutated_files[_i].file);
}
END_TEST

START_TEST (every_failing_allocation_is_an_error)
{
  g_autoptr (GBytes) bytes = fixture_bytes (mutated_files[_i].file);
  gboolean is_done = FALSE;

  for (guint64 nth = 1; !is_done; nth++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_uint_lt (nth, 100000);
      shs_alloc_fail_at (nth);
      g_autoptr (ShsModel) model
          = parser_of (mutated_files[_i].file) ("memory", "memory", bytes, NULL, &error);
      shs_alloc_fail_at (0);
      ck_assert ((model != NULL) == (error == NULL));
      is_done = model != NULL;
    }
}
END_TEST

START_TEST (reading_can_be_cancelled)
{
  g_autoptr (GBytes) bytes = fixture_bytes ("xgboost/3.4.1/deep.json");
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  g_autoptr (GError) error = NULL;

  shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_xgboost_parse ("deep", "deep", bytes, progress, &error));
  ck_assert_ptr_nonnull (error);
}
END_TEST

Suite *
hostile_suite (void)
{
  Suite *suite = suite_create ("hostile");
  TCase *cases = tcase_create ("hostile");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, no_file_that_was_cut_is_taken, 0, G_N_ELEMENTS (cut_files));
  tcase_add_loop_test (cases, mutants_are_refused_or_can_be_used, 0, G_N_ELEMENTS (mutated_files));
  tcase_add_loop_test (cases, every_failing_allocation_is_an_error, 0,
                       G_N_ELEMENTS (mutated_files));
  tcase_add_test (cases, reading_can_be_cancelled);
  suite_add_tcase (suite, cases);
  return suite;
}
