#include "shs-test.h"

#include "io/shs-npy.h"
#include "model/shs-model.h"

#include <math.h>
#include <string.h>

Suite *xgboost_suite (void);

#define TOLERANCE 1e-6

static ShsMatrix *
read_matrix (ShsNpz *oracle, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsNpyArray) array = shs_npz_read (oracle, name, &error);

  shs_test_assert_no_error (error);
  ck_assert_uint_eq (array->n_dimensions, 2);
  gsize n = array->shape[0];
  gsize m = array->shape[1];
  ShsMatrix *matrix = shs_matrix_new (n, m, NULL);
  g_autofree double *row = g_new (double, m);

  for (gsize i = 0; i < n; i++)
    {
      shs_npy_array_read_doubles (array, 0, i * m, m, row);
      for (gsize j = 0; j < m; j++)
        shs_matrix_set (matrix, i, j, row[j]);
    }
  return matrix;
}

static double
worst_difference (const ShsMatrix *found, const ShsMatrix *expected)
{
  double worst = 0;

  ck_assert_uint_eq (found->n_rows, expected->n_rows);
  ck_assert_uint_eq (found->n_columns, expected->n_columns);
  for (gsize k = 0; k < found->n_columns; k++)
    for (gsize i = 0; i < found->n_rows; i++)
      {
        double value = shs_matrix_get (expected, i, k);
        double difference = fabs (shs_matrix_get (found, i, k) - value) / MAX (1, fabs (value));

        ck_assert (!isnan (difference));
        worst = MAX (worst, difference);
      }
  return worst;
}

static void
check_against (const ShsModel *model, ShsNpz *oracle, const char *margin_name, const char *what)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  g_autoptr (ShsMatrix) x = read_matrix (oracle, "x");
  g_autoptr (ShsMatrix) expected = read_matrix (oracle, margin_name);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (x->n_rows, parts->n_outputs, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert_msg (x->n_columns == parts->n_features, "%s: features", what);
  ck_assert (shs_model_predict_margin (model, x, 1, NULL, margins, &error));
  double worst = worst_difference (margins, expected);
  ck_assert_msg (worst <= TOLERANCE, "%s: %s differs by %g", what, margin_name, worst);
  if (!g_str_equal (margin_name, "margin"))
    return;
  gsize n_outputs = shs_link_count_outputs (parts->link, parts->n_outputs);
  g_autoptr (ShsMatrix) predictions = shs_matrix_new (x->n_rows, n_outputs, NULL);
  g_autoptr (ShsMatrix) expected_predictions = read_matrix (oracle, "prediction");

  shs_link_apply (parts->link, margins, predictions);
  worst = worst_difference (predictions, expected_predictions);
  ck_assert_msg (worst <= TOLERANCE, "%s: prediction differs by %g", what, worst);
}

static char *
oracle_path (const char *folder, const char *file)
{
  g_autofree char *kind = g_strdup (file);

  *strrchr (kind, '.') = '\0';
  if (g_str_equal (kind, "ubjson-inside"))
    return g_build_filename (folder, "misnamed.npz", NULL);
  g_autofree char *name = g_strconcat (kind, ".npz", NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
is_document (const char *file)
{
  return g_str_has_suffix (file, ".json") || g_str_has_suffix (file, ".ubj")
         || g_str_has_suffix (file, ".snapshot") || g_str_equal (file, "ubjson-inside.model");
}

/* Calls @visit for every model file of every version that reads without the loader. */
static guint
visit_fixtures (void (*visit) (const char *path, const char *oracle, const char *file))
{
  g_autofree char *root = shs_test_fixture ("xgboost");
  g_autoptr (GDir) versions = g_dir_open (root, 0, NULL);
  const char *version;
  guint n = 0;

  ck_assert_ptr_nonnull (versions);
  while ((version = g_dir_read_name (versions)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, version, NULL);
      g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
      const char *file;

      while (files != NULL && (file = g_dir_read_name (files)) != NULL)
        if (is_document (file))
          {
            g_autofree char *path = g_build_filename (folder, file, NULL);
            g_autofree char *oracle = oracle_path (folder, file);

            visit (path, oracle, file);
            n++;
          }
    }
  return n;
}

static void
check_fixture (const char *path, const char *oracle_file, const char *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);

  ck_assert_msg (model != NULL, "%s: %s", path, error != NULL ? error->message : "");
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_file, &error);
  shs_test_assert_no_error (error);
  check_against (model, oracle, "margin", path);
  if (!shs_npz_has (oracle, "margin_best"))
    return;
  const ShsModelParts *parts = shs_model_get_parts (model);
  ck_assert_int_ge (parts->best_round, 0);
  g_autoptr (ShsModel) best = shs_model_limit (model, (gsize)parts->best_round + 1, &error);
  shs_test_assert_no_error (error);
  check_against (best, oracle, "margin_best", path);
}

START_TEST (every_model_gives_the_margins_and_predictions_of_its_library)
{
  ck_assert_uint_gt (visit_fixtures (check_fixture), 150);
}
END_TEST

Suite *
xgboost_suite (void)
{
  Suite *suite = suite_create ("xgboost");
  TCase *cases = tcase_create ("xgboost");

  tcase_set_timeout (cases, 120);
  tcase_add_test (cases, every_model_gives_the_margins_and_predictions_of_its_library);
  suite_add_tcase (suite, cases);
  return suite;
}
