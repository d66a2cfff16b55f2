/* The Shapley axioms on random ensembles, for every explainer (Shapley 1953; Lundberg and Lee 2017,
 * section 2). What they leave open is fixed by comparing with all coalitions. */
#include "ensemble-algebra.h"
#include "explainers.h"
#include "shs-test.h"
#include "tree-oracle.h"
#include "tree/shs-tree-interactions.h"

#include <math.h>

Suite *axioms_suite (void);

#define N_ENSEMBLES 24
#define N_ROWS 12
#define N_BACKGROUND 17
#define N_FEATURES 7
#define BOUND 1e-11

/* A model with its data; everything follows from the number. */
typedef struct
{
  ShsTreeEnsemble *ensemble;
  ShsMatrix *rows;
  ShsMatrix *background;
} Trial;

static void
trial_clear (Trial *self)
{
  g_clear_pointer (&self->ensemble, shs_tree_ensemble_unref);
  g_clear_pointer (&self->rows, shs_matrix_free);
  g_clear_pointer (&self->background, shs_matrix_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trial, trial_clear)

static Trial
make_trial (guint64 number)
{
  const TreeShape shape = {
    .n_features = N_FEATURES,
    .n_outputs = 1 + number % 3,
    .vector_leaves = number % 3 == 2,
    .n_trees = 1 + number % 5,
    .depth = 2 + (guint)(number % 4),
    .split_chance = number % 2 == 0 ? 1.0 : 0.8,
    .all_rules = number % 4 != 0,
    .zero_covers = number % 6 == 5,
    .cast = number % 2 == 0 ? SHS_TREE_CAST_FLOAT : SHS_TREE_CAST_DOUBLE,
  };

  return (Trial){ random_ensemble (number, &shape), random_rows (number, N_ROWS, N_FEATURES),
                  random_rows (number + 1000, N_BACKGROUND, N_FEATURES) };
}

static ShsMatrix *
explain (const Explainer *explainer, const Trial *trial)
{
  return explainer->explain (trial->ensemble, trial->background, trial->rows);
}

static double
get_tolerance (const ShsTreeEnsemble *ensemble, gsize output)
{
  return BOUND * (1 + shs_tree_ensemble_max_leaf_sum (ensemble, output));
}

static void
assert_close (double value, double expected, double tolerance, const Explainer *explainer,
              const char *axiom, gsize row, gsize player)
{
  ck_assert_msg (fabs (value - expected) <= tolerance,
                 "%s of %s: row %zu, player %zu: %.17g and %.17g differ by %g", axiom,
                 explainer->name, row, player, value, expected, value - expected);
}

/* Values sum to the prediction less the base value. */
START_TEST (efficiency)
{
  g_auto (Trial) trial = make_trial ((guint64)_i);
  g_autoptr (ShsMatrix) predictions = oracle_predict (trial.ensemble, trial.rows);

  for (const Explainer *e = list_explainers (); e->name != NULL; e++)
    {
      g_autoptr (ShsMatrix) values = explain (e, &trial);

      for (gsize k = 0; e->base_value != NULL && k < trial.ensemble->n_outputs; k++)
        for (gsize i = 0; i < N_ROWS; i++)
          {
            double sum = e->base_value (trial.ensemble, trial.background, k);

            for (gsize j = 0; j < N_FEATURES; j++)
              sum += shs_matrix_get (values, i, k * N_FEATURES + j);
            assert_close (sum, shs_matrix_get (predictions, i, k),
                          get_tolerance (trial.ensemble, k), e, "efficiency", i, N_FEATURES);
          }
    }
}
END_TEST

/* A copy of rows with one more column, which no tree asks for. */
static ShsMatrix *
add_column (const ShsMatrix *rows)
{
  ShsMatrix *wider = shs_matrix_new (rows->n_rows, rows->n_columns + 1, NULL);

  for (gsize i = 0; i < rows->n_rows; i++)
    {
      for (gsize j = 0; j < rows->n_columns; j++)
        shs_matrix_set (wider, i, j, shs_matrix_get (rows, i, j));
      shs_matrix_set (wider, i, rows->n_columns, (double)i);
    }
  return wider;
}

/* A feature that changes nothing gets exactly nothing and takes nothing from the others. */
START_TEST (dummy)
{
  g_auto (Trial) trial = make_trial ((guint64)_i);
  const EnsemblePart part = { trial.ensemble, 1, NULL };
  g_auto (Trial) wider = { ensemble_sum (&part, 1, N_FEATURES + 1), add_column (trial.rows),
                           add_column (trial.background) };

  for (const Explainer *e = list_explainers (); e->name != NULL; e++)
    {
      g_autoptr (ShsMatrix) values = explain (e, &trial);
      g_autoptr (ShsMatrix) with_dummy = explain (e, &wider);

      for (gsize k = 0; k < trial.ensemble->n_outputs; k++)
        for (gsize i = 0; i < N_ROWS; i++)
          {
            gsize first = k * (N_FEATURES + 1);

            ck_assert_msg (shs_matrix_get (with_dummy, i, first + N_FEATURES) == 0,
                           "%s gives a dummy a value", e->name);
            for (gsize j = 0; j < N_FEATURES; j++)
              assert_close (shs_matrix_get (with_dummy, i, first + j),
                            shs_matrix_get (values, i, k * N_FEATURES + j),
                            get_tolerance (trial.ensemble, k), e, "dummy", i, j);
          }
    }
}
END_TEST

static const guint32 swapped[N_FEATURES] = { 0, 4, 2, 3, 1, 5, 6 }; /* 1 and 4 */

static void
make_equal (ShsMatrix *rows)
{
  for (gsize i = 0; i < rows->n_rows; i++)
    shs_matrix_set (rows, i, 4, shs_matrix_get (rows, i, 1));
}

/* Two features that the model treats alike get the same where they are the same. */
START_TEST (symmetry)
{
  g_auto (Trial) trial = make_trial ((guint64)_i);
  const EnsemblePart parts[] = { { trial.ensemble, 1, NULL }, { trial.ensemble, 1, swapped } };
  g_auto (Trial) alike = { ensemble_sum (parts, 2, N_FEATURES), NULL, NULL };

  make_equal (trial.rows);
  make_equal (trial.background);
  for (const Explainer *e = list_explainers (); e->name != NULL; e++)
    {
      g_autoptr (ShsMatrix) values
          = e->is_linear ? e->explain (alike.ensemble, trial.background, trial.rows) : NULL;

      for (gsize k = 0; values != NULL && k < alike.ensemble->n_outputs; k++)
        for (gsize i = 0; i < N_ROWS; i++)
          assert_close (shs_matrix_get (values, i, k * N_FEATURES + 1),
                        shs_matrix_get (values, i, k * N_FEATURES + 4),
                        get_tolerance (alike.ensemble, k), e, "symmetry", i, 1);
    }
}
END_TEST

static ShsMatrix *
swap_columns (const ShsMatrix *rows)
{
  ShsMatrix *other = shs_matrix_new (rows->n_rows, rows->n_columns, NULL);

  for (gsize j = 0; j < rows->n_columns; j++)
    for (gsize i = 0; i < rows->n_rows; i++)
      shs_matrix_set (other, i, swapped[j], shs_matrix_get (rows, i, j));
  return other;
}

/* Values follow their features, whatever order these stand in. */
START_TEST (the_order_of_features_does_not_matter)
{
  g_auto (Trial) trial = make_trial ((guint64)_i);
  const EnsemblePart part = { trial.ensemble, 1, swapped };
  g_auto (Trial) other = { ensemble_sum (&part, 1, N_FEATURES), swap_columns (trial.rows),
                           swap_columns (trial.background) };

  for (const Explainer *e = list_explainers (); e->name != NULL; e++)
    {
      g_autoptr (ShsMatrix) values = explain (e, &trial);
      g_autoptr (ShsMatrix) moved = explain (e, &other);

      for (gsize k = 0; k < trial.ensemble->n_outputs; k++)
        for (gsize j = 0; j < N_FEATURES; j++)
          for (gsize i = 0; i < N_ROWS; i++)
            assert_close (shs_matrix_get (moved, i, k * N_FEATURES + swapped[j]),
                          shs_matrix_get (values, i, k * N_FEATURES + j),
                          get_tolerance (trial.ensemble, k), e, "order", i, j);
    }
}
END_TEST

/* The values of 2 f - 3 g are 2 times those of f less 3 times those of g. */
START_TEST (linearity)
{
  g_auto (Trial) f = make_trial ((guint64)_i);
  g_auto (Trial) g
      = make_trial ((guint64)_i + 6 * N_ENSEMBLES); /* of the same outputs and leaves */
  const EnsemblePart parts[] = { { f.ensemble, 2, NULL }, { g.ensemble, -3, NULL } };
  g_autoptr (ShsTreeEnsemble) sum = ensemble_sum (parts, 2, N_FEATURES);

  for (const Explainer *e = list_explainers (); e->name != NULL; e++)
    {
      g_autoptr (ShsMatrix) of_sum = e->is_linear ? e->explain (sum, f.background, f.rows) : NULL;
      g_autoptr (ShsMatrix) of_f = e->explain (f.ensemble, f.background, f.rows);
      g_autoptr (ShsMatrix) of_g = e->explain (g.ensemble, f.background, f.rows);

      for (gsize c = 0; of_sum != NULL && c < of_sum->n_columns; c++)
        for (gsize i = 0; i < N_ROWS; i++)
          assert_close (shs_matrix_get (of_sum, i, c),
                        2 * shs_matrix_get (of_f, i, c) - 3 * shs_matrix_get (of_g, i, c),
                        get_tolerance (sum, c / N_FEATURES), e, "linearity", i, c % N_FEATURES);
    }
}
END_TEST

/* Where a feature adds more to every coalition, its value does not fall (consistency). */
START_TEST (monotonicity)
{
  g_auto (Trial) trial = make_trial ((guint64)_i);
  const gsize feature = (gsize)_i % N_FEATURES;
  const double value = shs_matrix_get (trial.rows, 0, feature);
  const double at = fmin (value, (float)value); /* reached, whatever the cast */
  ShsTreeBuilder *builder = shs_tree_builder_new (N_FEATURES, trial.ensemble->n_outputs,
                                                  trial.ensemble->leaf_size, trial.ensemble->cast);
  const ShsTreeNode step[] = {
    { .split = SHS_SPLIT_LESS,
      .feature = (gint32)feature,
      .threshold = at,
      .set = -1,
      .left = 1,
      .right = 2,
      .cover = 10 },
    { .split = SHS_LEAF, .cover = 6, .value = -1 },
    { .split = SHS_LEAF, .cover = 4, .value = 2 },
  };
  double vectors[3 * 3] = { 0, 0, 0, -1, -1, -1, 2, 2, 2 };
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsTreeEnsemble) more = NULL;
  g_autoptr (ShsTreeEnsemble) sum = NULL;

  if (isnan (value))
    {
      shs_tree_builder_free (builder);
      return;
    }
  shs_tree_builder_add_tree (builder, step, 3, trial.ensemble->leaf_size > 1 ? vectors : NULL, 0, 1,
                             &error);
  shs_test_assert_no_error (error);
  more = shs_tree_builder_finish (builder, NULL);
  const EnsemblePart parts[] = { { trial.ensemble, 1, NULL }, { more, 1, NULL } };
  sum = ensemble_sum (parts, 2, N_FEATURES);
  for (const Explainer *e = list_explainers (); e->name != NULL; e++)
    {
      g_autoptr (ShsMatrix) before = explain (e, &trial);
      g_autoptr (ShsMatrix) after = e->explain (sum, trial.background, trial.rows);

      if (e->is_linear)
        ck_assert_msg (shs_matrix_get (after, 0, feature)
                           >= shs_matrix_get (before, 0, feature) - get_tolerance (sum, 0),
                       "%s falls", e->name);
    }
}
END_TEST

/* The axioms and all coalitions say the same. */
START_TEST (values_are_those_of_all_coalitions)
{
  g_auto (Trial) trial = make_trial ((guint64)_i);
  gsize n = N_FEATURES * trial.ensemble->n_outputs;
  g_autofree double *expected = g_new (double, n);
  const ShsTreeIndex indices[] = { SHS_TREE_INDEX_SHAPLEY, SHS_TREE_INDEX_BANZHAF };

  for (gsize e = 0; e < G_N_ELEMENTS (indices); e++)
    {
      const Explainer *explainer = &list_explainers ()[e];
      g_autoptr (ShsMatrix) values = explain (explainer, &trial);

      for (gsize i = 0; i < N_ROWS; i++)
        {
          oracle_path_dependent (trial.ensemble, trial.rows, i, indices[e], expected);
          for (gsize c = 0; c < n; c++)
            assert_close (shs_matrix_get (values, i, c), expected[c],
                          get_tolerance (trial.ensemble, c / N_FEATURES), explainer, "coalitions",
                          i, c % N_FEATURES);
        }
    }
}
END_TEST

Suite *
axioms_suite (void)
{
  Suite *suite = suite_create ("axioms");
  TCase *cases = tcase_create ("axioms");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, efficiency, 0, N_ENSEMBLES);
  tcase_add_loop_test (cases, dummy, 0, N_ENSEMBLES);
  tcase_add_loop_test (cases, symmetry, 0, N_ENSEMBLES);
  tcase_add_loop_test (cases, the_order_of_features_does_not_matter, 0, N_ENSEMBLES);
  tcase_add_loop_test (cases, linearity, 0, N_ENSEMBLES);
  tcase_add_loop_test (cases, monotonicity, 0, N_ENSEMBLES);
  tcase_add_loop_test (cases, values_are_those_of_all_coalitions, 0, N_ENSEMBLES);
  suite_add_tcase (suite, cases);
  return suite;
}

int
main (void)
{
  Suite *(*const suites[]) (void) = { axioms_suite, NULL };

  return shs_test_main ("property", suites);
}
