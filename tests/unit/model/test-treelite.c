#include "model-oracle.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "model/treelite/shs-treelite.h"

#include <math.h>
#include <string.h>

Suite *treelite_suite (void);

static const char *const kinds[]
    = { "xgboost-binary",   "xgboost-classes", "lightgbm",       "lightgbm-classes",
        "forest",           "forest-classes",  "forest-targets", "boosting",
        "boosting-classes", "histogram",       "isolation" };

static char *
treelite_file (const char *kind, const char *ending)
{
  g_autofree char *name = g_strconcat ("treelite/", kind, ending, NULL);

  return shs_test_fixture (name);
}

START_TEST (every_model_gives_the_margins_of_treelite)
{
  g_autofree char *path = treelite_file (kinds[_i], ".tl");
  g_autofree char *oracle_path = treelite_file (kinds[_i], ".npz");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsMatrix) rows = model_oracle_read (oracle, "x");
  g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, "margin");
  gsize n_outputs = shs_model_get_parts (model)->n_outputs;
  g_autoptr (ShsMatrix) margins = shs_matrix_new (rows->n_rows, n_outputs, NULL);

  ck_assert_uint_eq (expected->n_columns, n_outputs);
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
  /* treelite gives single numbers. */
  for (gsize i = 0; i < rows->n_rows; i++)
    for (gsize k = 0; k < n_outputs; k++)
      {
        double found = shs_matrix_get (margins, i, k);
        double wanted = shs_matrix_get (expected, i, k);

        ck_assert_msg (fabs (found - wanted) <= 1e-6 * MAX (1, fabs (wanted)),
                       "%s, row %zu: %.9g, not %.9g", kinds[_i], i, found, wanted);
      }
  ck_assert (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS);
}
END_TEST

START_TEST (what_comes_behind_the_sum_is_known_or_said)
{
  g_autofree char *binary = treelite_file ("xgboost-binary", ".tl");
  g_autofree char *isolation = treelite_file ("isolation", ".tl");
  g_autoptr (ShsModel) known = shs_model_open (binary, NULL, NULL);
  g_autoptr (ShsModel) unknown = shs_model_open (isolation, NULL, NULL);

  ck_assert_int_eq (shs_model_get_parts (known)->link, SHS_LINK_LOGISTIC);
  ck_assert_int_eq (shs_model_get_parts (known)->task, SHS_TASK_BINARY);
  ck_assert_uint_eq (g_strv_length (shs_model_get_parts (known)->notes), 0);
  ck_assert_uint_eq (g_strv_length (shs_model_get_parts (unknown)->notes), 1);
  ck_assert_ptr_nonnull (
      strstr (shs_model_get_parts (unknown)->notes[0], "exponential_standard_ratio"));
}
END_TEST

/* A byte of "xgboost-binary" that is made another. */
static const struct
{
  gsize at;
  guint8 byte;
  int code;
  const char *message;
} faults[] = {
  { 0, 3, SHS_ERROR_UNSUPPORTED, "treelite 3.8" }, { 12, 3, SHS_ERROR_INVALID, "of type" },
  { 14, 3, SHS_ERROR_INVALID, "wrong lengths" },   { 22, 0, SHS_ERROR_INVALID, "impossible" },
  { 28, 2, SHS_ERROR_INVALID, "num_class" },       { 40, 0, SHS_ERROR_INVALID, "0 classes" },
};

START_TEST (a_fault_is_one_clear_line)
{
  g_autofree char *path = treelite_file ("xgboost-binary", ".tl");
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  gsize length = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert_uint_ne (copy[faults[_i].at], faults[_i].byte);
  copy[faults[_i].at] = faults[_i].byte;
  changed = g_bytes_new (copy, length);
  ck_assert_ptr_null (shs_treelite_parse ("model.tl", "model", changed, NULL, &error));
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "model.tl") != NULL, "%s", error->message);
}
END_TEST

Suite *
treelite_suite (void)
{
  Suite *suite = suite_create ("treelite");
  TCase *cases = tcase_create ("treelite");

  tcase_add_loop_test (cases, every_model_gives_the_margins_of_treelite, 0, G_N_ELEMENTS (kinds));
  tcase_add_test (cases, what_comes_behind_the_sum_is_known_or_said);
  tcase_add_loop_test (cases, a_fault_is_one_clear_line, 0, G_N_ELEMENTS (faults));
  suite_add_tcase (suite, cases);
  return suite;
}
