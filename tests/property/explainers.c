#include "explainers.h"

#include "shs-test.h"
#include "tree/shs-tree-background.h"
#include "tree/shs-tree-explain.h"
#include "tree/shs-tree-merge.h"

static ShsMatrix *
new_values (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows)
{
  return shs_matrix_new (rows->n_rows, ensemble->n_players * ensemble->n_outputs, NULL);
}

static ShsMatrix *
explain_along_paths (ShsTreeEnsemble *ensemble, const ShsMatrix *rows, ShsTreeIndex index)
{
  const ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE, .index = index };
  ShsMatrix *values = new_values (ensemble, rows);
  g_autoptr (GError) error = NULL;

  shs_tree_path_dependent (ensemble, rows, &options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

static ShsMatrix *
explain_path_dependent (ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                        const ShsMatrix *rows)
{
  return explain_along_paths (ensemble, rows, SHS_TREE_INDEX_SHAPLEY);
}

static ShsMatrix *
explain_banzhaf (ShsTreeEnsemble *ensemble, const ShsMatrix *background, const ShsMatrix *rows)
{
  return explain_along_paths (ensemble, rows, SHS_TREE_INDEX_BANZHAF);
}

static ShsMatrix *
explain_saabas (ShsTreeEnsemble *ensemble, const ShsMatrix *background, const ShsMatrix *rows)
{
  const ShsTreeOptions options = { 0 };
  ShsMatrix *values = new_values (ensemble, rows);
  g_autoptr (GError) error = NULL;

  shs_tree_saabas (ensemble, rows, &options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

static double
get_expected_value (ShsTreeEnsemble *ensemble, const ShsMatrix *background, gsize output)
{
  return shs_tree_ensemble_expected_value (ensemble, output);
}

static ShsTreeMerged *
merge (ShsTreeEnsemble *ensemble, const ShsMatrix *background)
{
  const ShsTreeOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  ShsTreeMerged *merged = shs_tree_merge (ensemble, background, &options, &error);

  shs_test_assert_no_error (error);
  return merged;
}

static ShsMatrix *
explain_global (ShsTreeEnsemble *ensemble, const ShsMatrix *background, const ShsMatrix *rows)
{
  const ShsTreeOptions options = { 0 };
  g_autoptr (ShsTreeMerged) merged = merge (ensemble, background);
  ShsMatrix *values = new_values (ensemble, rows);
  g_autoptr (GError) error = NULL;

  shs_tree_global_path_dependent (merged, rows, &options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

static double
get_merged_mean (ShsTreeEnsemble *ensemble, const ShsMatrix *background, gsize output)
{
  g_autoptr (ShsTreeMerged) merged = merge (ensemble, background);

  return shs_tree_merged_get_expected_value (merged, output);
}

static ShsTreeBackground *
count_background (ShsTreeEnsemble *ensemble, const ShsMatrix *rows)
{
  const ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (GError) error = NULL;
  ShsTreeBackground *background = shs_tree_background_new (ensemble, &options, &error);

  shs_test_assert_no_error (error);
  ck_assert (shs_tree_background_add (background, rows, &options, &error));
  ck_assert (shs_tree_background_finish (background, &options, &error));
  return background;
}

static ShsMatrix *
explain_interventional (ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                        const ShsMatrix *rows)
{
  const ShsTreeOptions options = { .precision = SHS_PRECISION_DOUBLE };
  g_autoptr (ShsTreeBackground) counted = count_background (ensemble, background);
  ShsMatrix *values = new_values (ensemble, rows);
  g_autoptr (GError) error = NULL;

  shs_tree_interventional (ensemble, counted, rows, &options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

static double
get_background_mean (ShsTreeEnsemble *ensemble, const ShsMatrix *background, gsize output)
{
  g_autoptr (ShsTreeBackground) counted = count_background (ensemble, background);

  return shs_tree_background_get_expected_value (counted, output);
}

const Explainer *
list_explainers (void)
{
  static const Explainer all[] = {
    { "path-dependent", explain_path_dependent, get_expected_value, TRUE },
    { "banzhaf", explain_banzhaf, NULL, TRUE },
    { "interventional", explain_interventional, get_background_mean, TRUE },
    { "saabas", explain_saabas, get_expected_value, TRUE },
    { "global path-dependent", explain_global, get_merged_mean, FALSE },
    { NULL, NULL, NULL, FALSE },
  };

  return all;
}
