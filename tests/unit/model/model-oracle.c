#include "model-oracle.h"

#include "shs-test.h"

#include <math.h>

ShsMatrix *
model_oracle_read (ShsNpz *oracle, const char *name)
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

void
model_oracle_check (const ShsModel *model, ShsNpz *oracle, const char *margin_name,
                    double tolerance, const char *what)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  g_autoptr (ShsMatrix) x = model_oracle_read (oracle, "x");
  g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, margin_name);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (x->n_rows, parts->n_outputs, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert_msg (x->n_columns == parts->n_features, "%s: features", what);
  ck_assert (shs_model_predict_margin (model, x, 1, NULL, margins, &error));
  double worst = worst_difference (margins, expected);
  ck_assert_msg (worst <= tolerance, "%s: %s differs by %g", what, margin_name, worst);
  if (!g_str_equal (margin_name, "margin"))
    return;
  gsize n_outputs = shs_link_count_outputs (parts->link, parts->n_outputs);
  g_autoptr (ShsMatrix) predictions = shs_matrix_new (x->n_rows, n_outputs, NULL);
  g_autoptr (ShsMatrix) expected_predictions = model_oracle_read (oracle, "prediction");

  shs_link_apply (parts->link, parts->link_scale, margins, predictions);
  worst = worst_difference (predictions, expected_predictions);
  ck_assert_msg (worst <= tolerance, "%s: prediction differs by %g", what, worst);
}

void
model_oracle_check_codes (const ShsColumnMatch *match, ShsNpz *oracle)
{
  g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, "x");
  g_autoptr (ShsMatrix) found = shs_matrix_new (expected->n_rows, expected->n_columns, NULL);
  g_autoptr (GError) error = NULL;

  ck_assert (shs_column_match_read (match, 0, found, &error));
  for (gsize j = 0; j < expected->n_columns; j++)
    for (gsize i = 0; i < expected->n_rows; i++)
      {
        double value = shs_matrix_get (expected, i, j);

        ck_assert (shs_matrix_get (found, i, j) == value
                   || (isnan (value) && isnan (shs_matrix_get (found, i, j))));
      }
}
