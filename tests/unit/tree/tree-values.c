#include "tree-values.h"

#include "shs-test.h"

#include <math.h>
#include <string.h>

ShsTreeBackground *
make_background (ShsTreeEnsemble *ensemble, const ShsMatrix *rows, gsize n_first,
                 const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsTreeBackground *background = shs_tree_background_new (ensemble, options, &error);
  ShsMatrix first = shs_matrix_rows (rows, 0, n_first);
  ShsMatrix rest = shs_matrix_rows (rows, n_first, rows->n_rows - n_first);

  shs_test_assert_no_error (error);
  shs_tree_background_add (background, &first, options, &error);
  shs_test_assert_no_error (error);
  shs_tree_background_add (background, &rest, options, &error);
  shs_test_assert_no_error (error);
  shs_tree_background_finish (background, options, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_tree_background_get_n_rows (background), rows->n_rows);
  return background;
}

/* Full of NaN, so that what is not written is seen. */
static ShsMatrix *
new_values (const ShsTreeEnsemble *ensemble, gsize n_rows)
{
  ShsMatrix *values = shs_matrix_new (n_rows, ensemble->n_players * ensemble->n_outputs, NULL);

  memset (values->values, 0xff, values->stride * values->n_columns * sizeof (double));
  return values;
}

ShsMatrix *
explain_by_background (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                       const ShsMatrix *rows, const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsMatrix *values = new_values (ensemble, rows->n_rows);

  shs_tree_interventional (ensemble, background, rows, options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

ShsMatrix *
explain_by_covers (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                   const ShsTreeOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsMatrix *values = new_values (ensemble, rows->n_rows);

  shs_tree_path_dependent (ensemble, rows, options, values, &error);
  shs_test_assert_no_error (error);
  return values;
}

void
assert_close (const ShsTreeEnsemble *ensemble, const ShsMatrix *values, gsize row,
              const double *expected, double bound, const char *what)
{
  for (gsize k = 0; k < ensemble->n_outputs; k++)
    for (gsize j = 0; j < ensemble->n_players; j++)
      {
        gsize column = k * ensemble->n_players + j;
        double value = shs_matrix_get (values, row, column);
        double tolerance = bound * shs_tree_ensemble_max_leaf_sum (ensemble, k);

        ck_assert_msg (fabs (value - expected[column]) <= tolerance,
                       "%s: row %zu output %zu player %zu: %.17g, expected %.17g, off by %g "
                       "where %g is allowed",
                       what, row, k, j, value, expected[column], value - expected[column],
                       tolerance);
      }
}
