/* Every model of the fixtures: values against the definition, computed elsewhere over all
 * coalitions, and sums against the library's own margin. */

#include "test-explain-fixture.h"

#include <math.h>
#include <string.h>

Suite *explain_models_suite (void);

#define SINGLE_TOLERANCE 1e-6
#define DOUBLE_TOLERANCE 1e-12
#define LIBRARY_TOLERANCE 2e-6 /* XGBoost adds its trees in single precision */

/* What the error bounds are relative to: sum over trees of the largest |leaf|, and the base. */
static double
get_scale (const ShsModel *model, gsize output)
{
  const ShsModelParts *parts = shs_model_get_parts (model);

  if (parts->ensemble == NULL)
    return 1;
  return MAX (1e-30, shs_tree_ensemble_max_leaf_sum (parts->ensemble, output));
}

static void
compare_with_definition (const ExplainFixture *fixture, ShsExplanation *explanation,
                         double tolerance, const char *name)
{
  gsize n_exact = 0;
  SHS_AUTOFREE double *exact = explain_fixture_read (fixture, "exact", &n_exact);
  gsize n_features = shs_explanation_get_n_features (explanation);
  gsize n_outputs = shs_explanation_get_n_outputs (explanation);
  SHS_AUTOFREE double *row = shs_alloc (n_features, sizeof *row, NULL);

  if (exact == NULL)
    return;
  for (gsize i = 0; i < n_exact / (n_features * n_outputs); i++)
    for (gsize k = 0; k < n_outputs; k++)
      {
        const double *expected = exact + (i * n_outputs + k) * n_features;

        ck_assert (
            shs_values_read_row (shs_explanation_get_parts (explanation)->values, k, i, row, NULL));
        for (gsize j = 0; j < n_features; j++)
          ck_assert_msg (fabs (row[j] - expected[j]) <= tolerance * get_scale (fixture->model, k),
                         "%s: row %zu output %zu feature %zu: %.17g, by definition %.17g", name, i,
                         k, j, row[j], expected[j]);
      }
}

static void
compare_with_margin (const ExplainFixture *fixture, ShsExplanation *explanation, const char *name)
{
  gsize n_margins = 0;
  SHS_AUTOFREE double *margin = explain_fixture_read (fixture, "margin", &n_margins);
  gsize n_features = shs_explanation_get_n_features (explanation);
  gsize n_outputs = shs_explanation_get_n_outputs (explanation);
  SHS_AUTOFREE double *row = shs_alloc (n_features, sizeof *row, NULL);

  for (gsize i = 0; i < n_margins / n_outputs; i++)
    for (gsize k = 0; k < n_outputs; k++)
      {
        double sum = shs_explanation_get_base_value (explanation, i, k);
        double expected = margin[i * n_outputs + k];
        double bound
            = LIBRARY_TOLERANCE * (get_scale (fixture->model, k) + fabs (expected) + fabs (sum));

        ck_assert (
            shs_values_read_row (shs_explanation_get_parts (explanation)->values, k, i, row, NULL));
        for (gsize j = 0; j < n_features; j++)
          sum += row[j];
        ck_assert_msg (fabs (sum - expected) <= bound,
                       "%s: row %zu output %zu: values add up to %.9g, the library says %.9g", name,
                       i, k, sum, expected);
      }
}

/* H2O's own contributions; they are sums of single numbers. */
static void
compare_with_contributions (const ExplainFixture *fixture, ShsExplanation *explanation,
                            const char *name)
{
  gsize n_numbers = 0;
  SHS_AUTOFREE double *contributions = explain_fixture_read (fixture, "contribs", &n_numbers);
  gsize n_features = shs_explanation_get_n_features (explanation);
  SHS_AUTOFREE double *row = shs_alloc (n_features, sizeof *row, NULL);

  if (g_strrstr (name, "h2o") == NULL)
    return;
  for (gsize i = 0; i < n_numbers / (n_features + 1); i++)
    {
      const double *expected = contributions + i * (n_features + 1);

      ck_assert (
          shs_values_read_row (shs_explanation_get_parts (explanation)->values, 0, i, row, NULL));
      for (gsize j = 0; j < n_features; j++)
        ck_assert_msg (fabs (row[j] - expected[j])
                           <= LIBRARY_TOLERANCE * get_scale (fixture->model, 0),
                       "%s: row %zu feature %zu: %.9g, the library says %.9g", name, i, j, row[j],
                       expected[j]);
    }
}

static void
check_model (const char *stem)
{
  g_auto (ExplainFixture) fixture = { 0 };
  ShsExplainer chosen;

  /* Dictionaries of categories are for the match, and tested with it. */
  if (g_str_has_suffix (stem, "named-categories"))
    return;
  explain_fixture_open (&fixture, stem);
  if (!shs_explain_choose (fixture.model, SHS_EXPLAINER_AUTO, FALSE, &chosen, NULL))
    {
      /* Only vector leaves and the oldest MOJOs, which have no covers, cannot be explained. */
      ck_assert_msg (g_strrstr (stem, "vector-leaf") != NULL || g_str_has_suffix (stem, "old-1.00"),
                     "%s", stem);
      return;
    }
  for (int precision = SHS_PRECISION_SINGLE; precision <= SHS_PRECISION_DOUBLE; precision++)
    {
      ShsExplainOptions options = { .precision = (ShsPrecision)precision };
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation
          = shs_explain (fixture.match, &options, NULL, NULL, &error);

      shs_test_assert_no_error (error);
      compare_with_margin (&fixture, explanation, stem);
      compare_with_contributions (&fixture, explanation, stem);
      if (chosen == SHS_EXPLAINER_PATH_DEPENDENT)
        compare_with_definition (
            &fixture, explanation,
            precision == SHS_PRECISION_DOUBLE ? DOUBLE_TOLERANCE : SINGLE_TOLERANCE, stem);
    }
}

static gboolean
is_linear_trees (const char *library, const char *name)
{
  return g_str_equal (library, "lightgbm") && g_str_has_prefix (name, "linear");
}

/* The models of a library whose files end in @ending, but for LightGBM's linear trees, which have
 * no values without a background. */
static GPtrArray *
list_stems (const char *library, const char *ending)
{
  GPtrArray *stems = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *root = shs_test_fixture (library);
  g_autoptr (GDir) versions = g_dir_open (root, 0, NULL);
  const char *version;

  ck_assert_ptr_nonnull (versions);
  while ((version = g_dir_read_name (versions)) != NULL)
    {
      g_autofree char *folder = g_build_filename (root, version, NULL);
      g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
      const char *name;

      while (files != NULL && (name = g_dir_read_name (files)) != NULL)
        if (g_str_has_suffix (name, ending) && !is_linear_trees (library, name))
          {
            char *stem = g_build_filename (folder, name, NULL);

            stem[strlen (stem) - strlen (ending)] = '\0';
            g_ptr_array_add (stems, stem);
          }
    }
  return stems;
}

static const struct
{
  const char *library;
  const char *ending;
  guint n_models;
} libraries[]
    = { { "xgboost", ".json", 100 }, { "lightgbm", ".txt", 60 }, { "sklearn", ".json", 80 },
        { "catboost", ".npz", 60 },  { "spark", ".npz", 16 },    { "h2o", ".npz", 44 } };

START_TEST (values_of_every_version_are_those_of_the_definition)
{
  g_autoptr (GPtrArray) stems = list_stems (libraries[_i].library, libraries[_i].ending);

  ck_assert_uint_gt (stems->len, libraries[_i].n_models);
  for (guint i = 0; i < stems->len; i++)
    check_model (g_ptr_array_index (stems, i));
}
END_TEST

Suite *
explain_models_suite (void)
{
  Suite *suite = suite_create ("models");
  TCase *cases = tcase_create ("models");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, values_of_every_version_are_those_of_the_definition, 0,
                       G_N_ELEMENTS (libraries));
  suite_add_tcase (suite, cases);
  return suite;
}
