/* Library by library and mode by mode: every fixture's predictions against what the library said,
 * its values against all coalitions; prints the largest errors as a table. */

#include "library-case.h"
#include "pair-oracle.h"
#include "shs-test.h"
#include "transform-oracle.h"

#include "core/shs-memory.h"
#include "tree/shs-tree-background.h"
#include "tree/shs-tree-interactions.h"
#include "tree/shs-tree-merge.h"

#include <math.h>

#define N_EXPLAINED 4
#define N_BACKGROUND 5
#define MOST_PLAYERS_OF_TREE 12 /* coalitions of the slow twin */
#define MOST_PLAYERS 8          /* where they are formed of all trees' players */
#define SLOPE 1.25              /* of links */
#define PREDICTION_BOUND 2e-6   /* of libraries that add up in single precision */

static const double bounds[] = { [SHS_PRECISION_SINGLE] = 1e-6, [SHS_PRECISION_DOUBLE] = 1e-12 };

/* The models of a library, and how many there are at least. */
static const struct
{
  const char *library;
  guint n_models;
} libraries[] = { { "xgboost", 200 }, { "lightgbm", 90 }, { "catboost", 85 }, { "sklearn", 110 },
                  { "exported", 46 }, { "onnx", 26 },     { "pmml", 13 },     { "spark", 18 },
                  { "treelite", 11 }, { "h2o", 44 } };

/* Largest errors, relative to the largest leaves; n: numbers compared. */
typedef struct
{
  gsize n_models;
  gsize n;
  double worst[2];
} Score;

/* One model's part of a comparison. */
typedef struct
{
  const char *name;
  const char *mode;
  ShsTreeEnsemble *ensemble;
  ShsMatrix rows;
  ShsMatrix others;
  ShsTreeIndex index;
  Score *score;
} Trial;

static ShsTreeOptions
make_options (const Trial *trial, ShsPrecision precision)
{
  return (ShsTreeOptions){ .precision = precision, .index = trial->index, .n_threads = 1 };
}

/* What the errors of an output are relative to: the sum over trees of the largest |leaf|. */
static double
get_scale (const Trial *trial, gsize output)
{
  return MAX (1e-30, shs_tree_ensemble_max_leaf_sum (trial->ensemble, output));
}

static void
count (const Trial *trial, ShsPrecision precision, double scale, double value, double expected)
{
  double error = fabs (value - expected) / scale;

  ck_assert_msg (error <= bounds[precision], "%s, %s: %.17g, expected %.17g, off by %g of %g",
                 trial->name, trial->mode, value, expected, error, scale);
  trial->score->n++;
  trial->score->worst[precision] = MAX (trial->score->worst[precision], error);
}

static ShsTreeBackground *
make_background (const Trial *trial, const ShsTreeOptions *options)
{
  g_autoptr (ShsTreeBackground) self = shs_tree_background_new (trial->ensemble, options, NULL);

  ck_assert_ptr_nonnull (self);
  ck_assert (shs_tree_background_add (self, &trial->others, options, NULL));
  ck_assert (shs_tree_background_finish (self, options, NULL));
  return g_steal_pointer (&self);
}

/* Values of all rows against the definition; @others: (nullable). */
static void
try_values (const Trial *trial, const ShsMatrix *others)
{
  gsize n_cells = trial->ensemble->n_players * trial->ensemble->n_outputs;
  g_autoptr (ShsMatrix) values = shs_matrix_new (trial->rows.n_rows, n_cells, NULL);
  g_autofree double *expected = g_new (double, n_cells);

  for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
    {
      ShsTreeOptions options = make_options (trial, p);
      g_autoptr (GError) error = NULL;

      if (others == NULL)
        shs_tree_path_dependent (trial->ensemble, &trial->rows, &options, values, &error);
      else
        {
          g_autoptr (ShsTreeBackground) background = make_background (trial, &options);

          shs_tree_interventional (trial->ensemble, background, &trial->rows, &options, values,
                                   &error);
        }
      shs_test_assert_no_error (error);
      for (gsize row = 0; row < trial->rows.n_rows; row++)
        {
          oracle_interventional (trial->ensemble, others, &trial->rows, row, trial->index,
                                 expected);
          for (gsize i = 0; i < n_cells; i++)
            count (trial, p, get_scale (trial, i / trial->ensemble->n_players),
                   shs_matrix_get (values, row, i), expected[i]);
        }
    }
}

static void
try_path_dependent (const Trial *trial)
{
  try_values (trial, NULL);
}

static void
try_interventional (const Trial *trial)
{
  try_values (trial, &trial->others);
}

static void
try_pairs (const Trial *trial, const ShsMatrix *others)
{
  const ShsTreeEnsemble *ensemble = trial->ensemble;
  gsize n = ensemble->n_players;
  g_autoptr (ShsTreePairs) pairs = shs_tree_pairs_find (ensemble, NULL);
  g_autoptr (ShsMatrix) values
      = shs_matrix_new (trial->rows.n_rows, pairs->n * ensemble->n_outputs, NULL);
  g_autofree double *expected = g_new (double, ensemble->n_outputs *n *n);

  for (ShsPrecision p = SHS_PRECISION_SINGLE; p <= SHS_PRECISION_DOUBLE; p++)
    {
      ShsTreeOptions options = make_options (trial, p);
      g_autoptr (ShsTreeBackground) background
          = others != NULL ? make_background (trial, &options) : NULL;
      g_autoptr (GError) error = NULL;

      shs_tree_interactions (ensemble, background, pairs, &trial->rows, &options, values, &error);
      shs_test_assert_no_error (error);
      for (gsize row = 0; row < trial->rows.n_rows; row++)
        {
          oracle_interactions (ensemble, others, &trial->rows, row, trial->index, expected);
          for (gsize k = 0; k < ensemble->n_outputs; k++)
            for (gsize i = 0; i < pairs->n; i++)
              count (trial, p, get_scale (trial, k), shs_matrix_get (values, row, k * pairs->n + i),
                     expected[(k * n + pairs->first[i]) * n + pairs->second[i]]);
        }
    }
}

static void
try_path_dependent_pairs (const Trial *trial)
{
  try_pairs (trial, NULL);
}

static void
try_interventional_pairs (const Trial *trial)
{
  try_pairs (trial, &trial->others);
}

/* What has no definition over coalitions of one tree: base and values add up to the margin. */
static void
check_sums (const Trial *trial, const ShsMatrix *values, const double *bases)
{
  const ShsTreeEnsemble *ensemble = trial->ensemble;
  g_autoptr (ShsMatrix) margins = oracle_predict (ensemble, &trial->rows);

  for (gsize row = 0; row < values->n_rows; row++)
    for (gsize k = 0; k < ensemble->n_outputs; k++)
      {
        double sum = bases[k];

        for (gsize i = 0; i < ensemble->n_players; i++)
          sum += shs_matrix_get (values, row, k * ensemble->n_players + i);
        count (trial, SHS_PRECISION_DOUBLE, get_scale (trial, k) + fabs (bases[k]), sum,
               shs_matrix_get (margins, row, k));
      }
}

static void
try_saabas (const Trial *trial)
{
  const ShsTreeEnsemble *ensemble = trial->ensemble;
  ShsTreeOptions options = make_options (trial, SHS_PRECISION_DOUBLE);
  g_autoptr (ShsMatrix) values
      = shs_matrix_new (trial->rows.n_rows, ensemble->n_players * ensemble->n_outputs, NULL);
  g_autofree double *bases = g_new (double, ensemble->n_outputs);

  for (gsize k = 0; k < ensemble->n_outputs; k++)
    bases[k] = shs_tree_ensemble_expected_value (ensemble, k);
  ck_assert (shs_tree_saabas (ensemble, &trial->rows, &options, values, NULL));
  check_sums (trial, values, bases);
}

static void
try_global (const Trial *trial)
{
  const ShsTreeEnsemble *ensemble = trial->ensemble;
  ShsTreeOptions options = make_options (trial, SHS_PRECISION_DOUBLE);
  g_autoptr (ShsMatrix) values
      = shs_matrix_new (trial->rows.n_rows, ensemble->n_players * ensemble->n_outputs, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsTreeMerged) merged
      = shs_tree_merge (trial->ensemble, &trial->others, &options, &error);
  g_autofree double *bases = g_new (double, ensemble->n_outputs);

  shs_test_assert_no_error (error);
  for (gsize k = 0; k < ensemble->n_outputs; k++)
    bases[k] = shs_tree_merged_get_expected_value (merged, k);
  ck_assert (shs_tree_global_path_dependent (merged, &trial->rows, &options, values, NULL));
  check_sums (trial, values, bases);
}

static void
try_transformed (const Trial *trial, ShsTreeLink link)
{
  const ShsTreeEnsemble *ensemble = trial->ensemble;
  gsize n_players = ensemble->n_players;
  gsize n_outputs = shs_tree_link_count_outputs (link, ensemble->n_outputs);
  double targets[N_EXPLAINED] = { 0, 1, 1, 0 };
  g_autoptr (ShsMatrix) values = shs_matrix_new (N_EXPLAINED, n_outputs * n_players, NULL);
  g_autoptr (ShsMatrix) bases = shs_matrix_new (N_EXPLAINED, n_outputs, NULL);
  ShsTreeTransform transform = {
    .link = link,
    .slope = SLOPE,
    .targets = targets,
    .most_exact = MOST_PLAYERS,
    .n_permutations = 2,
    .seed = 1,
  };
  ShsTreeTransformed result = { .values = values, .bases = bases };
  ShsTreeOptions options = make_options (trial, SHS_PRECISION_DOUBLE);
  g_autofree double *expected = g_new (double, n_players);
  double base;

  if (n_players > MOST_PLAYERS || trial->rows.n_rows != N_EXPLAINED)
    return;
  ck_assert (shs_tree_transformed (ensemble, &trial->others, &trial->rows, &transform, &options,
                                   &result, NULL));
  for (gsize row = 0; row < N_EXPLAINED; row++)
    {
      g_autoptr (ShsMatrix) margins = oracle_mixtures (ensemble, &trial->others, &trial->rows, row);

      for (gsize k = 0; k < n_outputs; k++)
        {
          ShsTreeLinkUse use = { link, SLOPE, targets[row] };

          oracle_transformed (ensemble, margins, &use, k, trial->index, expected, &base);
          for (gsize i = 0; i < n_players; i++)
            count (trial, SHS_PRECISION_DOUBLE, MAX (1, fabs (expected[i])),
                   shs_matrix_get (values, row, k * n_players + i), expected[i]);
        }
    }
}

static void
try_probability (const Trial *trial)
{
  try_transformed (trial,
                   trial->ensemble->n_outputs > 1 ? SHS_TREE_LINK_SOFTMAX : SHS_TREE_LINK_LOGISTIC);
}

static void
try_log_loss (const Trial *trial)
{
  try_transformed (trial, trial->ensemble->n_outputs > 1 ? SHS_TREE_LINK_CROSS_ENTROPY
                                                         : SHS_TREE_LINK_LOG_LOSS);
}

static const struct
{
  const char *title;
  void (*try) (const Trial *trial);
  ShsTreeIndex index;
  gboolean needs_covers;
  gboolean needs_constant_leaves;
} modes[] = {
  { "path-dependent", try_path_dependent, SHS_TREE_INDEX_SHAPLEY, TRUE, TRUE },
  { "interventional", try_interventional, SHS_TREE_INDEX_SHAPLEY, FALSE, FALSE },
  { "Banzhaf", try_path_dependent, SHS_TREE_INDEX_BANZHAF, TRUE, TRUE },
  { "Banzhaf, background", try_interventional, SHS_TREE_INDEX_BANZHAF, FALSE, FALSE },
  { "pairs", try_path_dependent_pairs, SHS_TREE_INDEX_SHAPLEY, TRUE, TRUE },
  { "pairs, background", try_interventional_pairs, SHS_TREE_INDEX_SHAPLEY, FALSE, FALSE },
  { "probability", try_probability, SHS_TREE_INDEX_SHAPLEY, FALSE, FALSE },
  { "log-loss", try_log_loss, SHS_TREE_INDEX_SHAPLEY, FALSE, FALSE },
  { "Saabas (sum)", try_saabas, SHS_TREE_INDEX_SHAPLEY, TRUE, TRUE },
  { "global (sum)", try_global, SHS_TREE_INDEX_SHAPLEY, FALSE, TRUE },
};

static void
check_predictions (const LibraryCase *model, Score *score)
{
  const ShsModelParts *parts = shs_model_get_parts (model->model);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (model->rows->n_rows, parts->n_outputs, NULL);
  g_autoptr (ShsMatrix) found = shs_matrix_new (model->rows->n_rows, model->said->n_columns, NULL);

  ck_assert (shs_model_predict_margin (model->model, model->rows, 1, NULL,
                                       model->said_margins ? found : margins, NULL));
  if (!model->said_margins)
    shs_link_apply (parts->link, parts->link_scale, margins, found);
  ck_assert_uint_eq (model->said->n_rows, found->n_rows);
  score->n_models++;
  for (gsize k = 0; k < found->n_columns; k++)
    for (gsize i = 0; i < found->n_rows; i++)
      {
        double said = shs_matrix_get (model->said, i, k);
        double error = fabs (shs_matrix_get (found, i, k) - said) / MAX (1, fabs (said));

        if (isnan (said)) /* nothing, where a standard lets a row go without an answer */
          continue;
        ck_assert_msg (error <= PREDICTION_BOUND, "%s, row %zu: %.17g, the library says %.17g",
                       model->name, i, shs_matrix_get (found, i, k), said);
        score->n++;
        score->worst[SHS_PRECISION_DOUBLE] = MAX (score->worst[SHS_PRECISION_DOUBLE], error);
      }
}

static gboolean
is_small (const ShsTreeEnsemble *ensemble)
{
  g_autofree gint32 *bit_of = g_new (gint32, ensemble->n_players);
  g_autofree guint32 *players = g_new (guint32, ensemble->n_players);

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    if (oracle_list_players (ensemble, tree, bit_of, players) > MOST_PLAYERS_OF_TREE)
      return FALSE;
  return TRUE;
}

static void
try_modes (const LibraryCase *model, Score *scores)
{
  ShsTreeEnsemble *ensemble = shs_model_get_parts (model->model)->ensemble;
  gsize n_rows = model->rows->n_rows;

  if (ensemble == NULL || !is_small (ensemble))
    return;
  ck_assert_uint_ge (n_rows, N_EXPLAINED + N_BACKGROUND);
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      Trial trial
          = { .name = model->name,
              .mode = modes[i].title,
              .ensemble = ensemble,
              .rows = shs_matrix_rows (model->mapped, 0, N_EXPLAINED),
              .others = shs_matrix_rows (model->mapped, n_rows - N_BACKGROUND, N_BACKGROUND),
              .index = modes[i].index,
              .score = &scores[i] };
      gsize n = scores[i].n;

      if ((modes[i].needs_covers && !ensemble->has_cover)
          || (modes[i].needs_constant_leaves
              && !shs_tree_ensemble_check_constant_leaves (ensemble, NULL)))
        continue;
      modes[i].try (&trial);
      scores[i].n_models += scores[i].n > n;
    }
}

static void
print_score (const char *library, const char *mode, const Score *score)
{
  double single = score->worst[SHS_PRECISION_SINGLE];
  g_autofree char *second = single > 0 ? g_strdup_printf ("%.1e", single) : g_strdup ("");

  if (score->n > 0)
    g_print ("| %-10s | %-20s | %6zu | %7zu | %8.1e | %8s |\n", library, mode, score->n_models,
             score->n, score->worst[SHS_PRECISION_DOUBLE], second);
}

START_TEST (predictions_and_values_of_every_model_are_right)
{
  const char *library = libraries[_i].library;
  g_autoptr (GPtrArray) paths = library_case_list (library);
  Score predictions = { 0 };
  Score scores[G_N_ELEMENTS (modes)] = { 0 };

  for (guint i = 0; i < paths->len; i++)
    {
      g_auto (LibraryCase) model = { 0 };

      if (!library_case_open (&model, g_ptr_array_index (paths, i)))
        continue;
      check_predictions (&model, &predictions);
      try_modes (&model, scores);
    }
  ck_assert_uint_ge (predictions.n_models, libraries[_i].n_models);
  print_score (library, "prediction", &predictions);
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    print_score (library, modes[i].title, &scores[i]);
}
END_TEST

static Suite *
libraries_suite (void)
{
  Suite *suite = suite_create ("libraries");
  TCase *cases = tcase_create ("libraries");

  g_print ("| library    | values               | models | numbers |   double |   single |\n");
  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, predictions_and_values_of_every_model_are_right, 0,
                       G_N_ELEMENTS (libraries));
  suite_add_tcase (suite, cases);
  return suite;
}

int
main (void)
{
  Suite *(*const suites[]) (void) = { libraries_suite, NULL };

  return shs_test_main ("libraries", suites);
}
