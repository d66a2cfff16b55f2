/* Every mode against its definition: the game is played with the model's own predictions over all
 * coalitions, so that nothing of the engine but predicting is trusted. */

#include "test-explain-fixture.h"

#include "core/shs-error.h"
#include "explain/shs-explain-space.h"
#include "result/shs-interactions.h"
#include "tree/shs-tree-linear-leaves.h"

#include <math.h>
#include <string.h>

Suite *explain_modes_suite (void);

#define MAX_FEATURES 6
#define N_EXPLAINED 4
#define SINGLE_TOLERANCE 1e-6
#define DOUBLE_TOLERANCE 1e-12
#define BEYOND_DOUBLE 4e-15 /* the oracle's own sums */

/* The last of those with constant leaves has no covers; linear leaves follow. */
static const char *const names[]
    = { "xgboost/3.4.1/binary",  "xgboost/3.4.1/multi",         "xgboost/3.4.1/dart",
        "xgboost/3.4.1/deep",    "xgboost/3.4.1/leaves",        "xgboost/2.1.4/vector-leaf",
        "lightgbm/4.7.0/linear", "lightgbm/4.7.0/linear-multi", "lightgbm/4.7.0/linear-dart" };
#define N_CONSTANT 6

/* The links of all but the first three have factors. */
static const char *const names_with_links[] = { "xgboost/3.4.1/binary",
                                                "xgboost/3.4.1/multi",
                                                "lightgbm/4.7.0/linear-multi",
                                                "lightgbm/4.7.0/linear-binary",
                                                "lightgbm/4.7.0/sigmoid",
                                                "sklearn/1.9.1/ada-multi",
                                                "sklearn/1.9.1/boosting-exponential" };

typedef struct
{
  ExplainFixture fixture;
  gsize n_rows, n_features, n_outputs;
  ShsMatrix *rows;
  double *game; /* of one row: coalition x outputs */
} Oracle;

static void
oracle_clear (Oracle *self)
{
  explain_fixture_clear (&self->fixture);
  shs_matrix_free (self->rows);
  shs_free (self->game);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Oracle, oracle_clear)

static void
oracle_open (Oracle *self, const char *name)
{
  g_autofree char *stem = shs_test_fixture (name);

  explain_fixture_open (&self->fixture, stem);
  self->n_rows = shs_dataset_get_n_rows (self->fixture.dataset);
  self->n_features = shs_model_get_parts (self->fixture.model)->n_features;
  self->n_outputs = shs_model_get_parts (self->fixture.model)->n_outputs;
  ck_assert_uint_le (self->n_features, MAX_FEATURES);
  self->rows = shs_matrix_new (self->n_rows, self->n_features, NULL);
  ck_assert (shs_column_match_read (self->fixture.match, 0, self->rows, NULL));
  self->game = shs_alloc ((gsize)1 << self->n_features, self->n_outputs * sizeof (double), NULL);
}

/* v (S): the mean prediction over the rows of @background (all when n is 0) with the features of S
 * taken from @row. */
static void
oracle_play (Oracle *self, gsize row, const gsize *background, gsize n)
{
  gsize n_background = background != NULL ? n : self->n_rows;
  g_autoptr (ShsMatrix) mixed = shs_matrix_new (n_background, self->n_features, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (n_background, self->n_outputs, NULL);

  for (gsize s = 0; s < (gsize)1 << self->n_features; s++)
    {
      for (gsize j = 0; j < self->n_features; j++)
        for (gsize i = 0; i < n_background; i++)
          {
            gsize from = s >> j & 1 ? row : background != NULL ? background[i] : i;

            shs_matrix_set (mixed, i, j, shs_matrix_get (self->rows, from, j));
          }
      ck_assert (shs_model_predict_margin (self->fixture.model, mixed, 1, NULL, margins, NULL));
      for (gsize k = 0; k < self->n_outputs; k++)
        {
          long double sum = 0;

          for (gsize i = 0; i < n_background; i++)
            sum += shs_matrix_get (margins, i, k);
          self->game[s * self->n_outputs + k] = (double)(sum / n_background);
        }
    }
}

static double
get_value (const Oracle *self, gsize coalition, gsize output)
{
  return self->game[coalition * self->n_outputs + output];
}

static double
factorial (gsize n)
{
  return n < 2 ? 1 : (double)n * factorial (n - 1);
}

/* Weight of a coalition of @s others where @d features join together. */
static double
get_weight (const Oracle *self, gsize s, gsize d, gboolean is_banzhaf)
{
  gsize m = self->n_features;

  if (is_banzhaf)
    return 1.0 / (double)((gsize)1 << (m - d));
  return factorial (s) * factorial (m - s - d) / factorial (m - d + 1);
}

static double
get_exact (const Oracle *self, gsize j, gsize output, gboolean is_banzhaf)
{
  gsize bit = (gsize)1 << j;
  double sum = 0;

  for (gsize s = 0; s < (gsize)1 << self->n_features; s++)
    if ((s & bit) == 0)
      sum += get_weight (self, (gsize)__builtin_popcountll (s), 1, is_banzhaf)
             * (get_value (self, s | bit, output) - get_value (self, s, output));
  return sum;
}

static double
get_exact_pair (const Oracle *self, gsize a, gsize b, gsize output)
{
  gsize first = (gsize)1 << a, second = (gsize)1 << b;
  double sum = 0;

  for (gsize s = 0; s < (gsize)1 << self->n_features; s++)
    if ((s & (first | second)) == 0)
      sum += get_weight (self, (gsize)__builtin_popcountll (s), 2, FALSE)
             * (get_value (self, s | first | second, output) - get_value (self, s | first, output)
                - get_value (self, s | second, output) + get_value (self, s, output));
  return sum;
}

static double
get_scale (const Oracle *self, gsize output)
{
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (self->fixture.model)->ensemble;

  return ensemble != NULL ? shs_tree_ensemble_max_leaf_sum (ensemble, output) : 1;
}

static double
get_bound (const Oracle *self, gsize output, ShsPrecision precision)
{
  double game = fabs (get_value (self, 0, output));

  return (precision == SHS_PRECISION_DOUBLE ? DOUBLE_TOLERANCE : SINGLE_TOLERANCE)
             * get_scale (self, output)
         + BEYOND_DOUBLE * game;
}

static ShsExplanation *
explain (const Oracle *self, ShsExplainOptions options)
{
  g_autoptr (GError) error = NULL;
  ShsExplanation *explanation;

  options.n_rows = N_EXPLAINED;
  options.n_threads = 1;
  explanation = shs_explain (self->fixture.match, &options, NULL, NULL, &error);
  shs_test_assert_no_error (error);
  return explanation;
}

static void
compare_values (const Oracle *self, ShsExplanation *explanation, gsize row, gboolean is_banzhaf,
                ShsPrecision precision)
{
  double values[MAX_FEATURES];

  for (gsize k = 0; k < self->n_outputs; k++)
    {
      double bound = get_bound (self, k, precision);

      ck_assert (shs_values_read_row (shs_explanation_get_parts (explanation)->values, k, row,
                                      values, NULL));
      ck_assert_double_eq_tol (shs_explanation_get_base_value (explanation, row, k),
                               get_value (self, 0, k), bound);
      for (gsize j = 0; j < self->n_features; j++)
        ck_assert_double_eq_tol (values[j], get_exact (self, j, k, is_banzhaf), bound);
    }
}

START_TEST (interventional_values_are_those_of_the_game)
{
  for (int precision = SHS_PRECISION_SINGLE; precision <= SHS_PRECISION_DOUBLE; precision++)
    {
      g_auto (Oracle) oracle = { 0 };

      oracle_open (&oracle, names[_i]);
      g_autoptr (ShsBackground) all
          = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
      g_autoptr (ShsExplanation) explanation = explain (
          &oracle, (ShsExplainOptions){ .background = all, .precision = (ShsPrecision)precision });
      const ShsProvenance *provenance = &shs_explanation_get_parts (explanation)->provenance;

      ck_assert_str_eq (provenance->method, "tree interventional");
      ck_assert_int_eq (g_str_has_prefix (provenance->kernel, "row against row"),
                        g_str_has_suffix (names[_i], "deep"));
      ck_assert_str_eq (provenance->background, "all 24 rows of rows");
      ck_assert_ptr_nonnull (
          strstr (provenance->notes[g_strv_length (provenance->notes) - 1],
                  _i < N_CONSTANT ? "differ from" : "no values without a background"));
      for (gsize row = 0; row < N_EXPLAINED; row++)
        {
          oracle_play (&oracle, row, NULL, 0);
          compare_values (&oracle, explanation, row, FALSE, (ShsPrecision)precision);
        }
    }
}
END_TEST

START_TEST (banzhaf_values_are_those_of_the_game)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, names[_i]);
  g_autoptr (ShsBackground) all
      = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
  g_autoptr (ShsExplanation) explanation
      = explain (&oracle, (ShsExplainOptions){ .explainer = SHS_EXPLAINER_BANZHAF,
                                               .background = all,
                                               .precision = SHS_PRECISION_DOUBLE });

  for (gsize row = 0; row < N_EXPLAINED; row++)
    {
      oracle_play (&oracle, row, NULL, 0);
      compare_values (&oracle, explanation, row, TRUE, SHS_PRECISION_DOUBLE);
    }
}
END_TEST

START_TEST (one_background_row_splits_the_difference_of_two_predictions)
{
  g_auto (Oracle) oracle = { 0 };
  gsize *chosen = shs_alloc (1, sizeof *chosen, NULL);
  const gsize other = 9;

  chosen[0] = other;
  oracle_open (&oracle, names[_i]);
  g_autoptr (ShsBackground) row
      = shs_background_new_row (oracle.fixture.match, chosen, "row 9", NULL);
  g_autoptr (ShsExplanation) explanation = explain (
      &oracle, (ShsExplainOptions){ .background = row, .precision = SHS_PRECISION_DOUBLE });
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  g_autoptr (ShsExplanation) of_other = explain (
      &oracle,
      (ShsExplainOptions){
          .background = row, .first_row = other, .n_rows = 1, .precision = SHS_PRECISION_DOUBLE });

  ck_assert_str_eq (parts->provenance.background_row, "row 9");
  ck_assert_uint_eq (g_strv_length (parts->background_values), oracle.n_features);
  for (gsize j = 0; j < oracle.n_features; j++)
    {
      double data[MAX_FEATURES];
      g_autofree char *text = NULL;

      ck_assert (
          shs_values_read_row (shs_explanation_get_parts (of_other)->data, 0, 0, data, NULL));
      text = shs_explanation_describe_value (of_other, j, data[j]);
      ck_assert_str_eq (parts->background_values[j], text);
    }
  for (gsize i = 0; i < N_EXPLAINED; i++)
    {
      oracle_play (&oracle, i, &other, 1);
      compare_values (&oracle, explanation, i, FALSE, SHS_PRECISION_DOUBLE);
      for (gsize k = 0; k < oracle.n_outputs; k++)
        {
          double values[MAX_FEATURES], sum = 0;

          ck_assert (shs_values_read_row (parts->values, k, i, values, NULL));
          for (gsize j = 0; j < oracle.n_features; j++)
            sum += values[j];
          ck_assert_double_eq_tol (
              sum, shs_matrix_get (parts->predictions, i, k) - get_value (&oracle, 0, k),
              get_bound (&oracle, k, SHS_PRECISION_DOUBLE));
        }
    }
}
END_TEST

/* The matrix of one row and output. */
static void
read_matrix (ShsExplanation *explanation, gsize row, gsize output, double *matrix)
{
  gsize m = shs_explanation_get_n_features (explanation);
  ShsMatrix block = { 1, m * m, 1, matrix };

  ck_assert (shs_explanation_read_interaction_rows (explanation, output, row, &block, NULL));
}

static void
check_sums (const Oracle *self, ShsExplanation *explanation, ShsPrecision precision)
{
  gsize m = self->n_features;

  for (gsize i = 0; i < N_EXPLAINED; i++)
    for (gsize k = 0; k < self->n_outputs; k++)
      {
        double matrix[MAX_FEATURES * MAX_FEATURES], values[MAX_FEATURES];
        double bound = precision == SHS_PRECISION_DOUBLE ? DOUBLE_TOLERANCE : SINGLE_TOLERANCE;

        read_matrix (explanation, i, k, matrix);
        ck_assert (shs_values_read_row (shs_explanation_get_parts (explanation)->values, k, i,
                                        values, NULL));
        for (gsize a = 0; a < m; a++)
          {
            double sum = 0;

            for (gsize b = 0; b < m; b++)
              {
                sum += matrix[a * m + b];
                ck_assert_double_eq (matrix[a * m + b], matrix[b * m + a]);
              }
            ck_assert_double_eq_tol (sum, values[a], bound * get_scale (self, k));
          }
      }
}

START_TEST (interventional_interactions_are_those_of_the_game)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, names[_i]);
  gsize m = oracle.n_features;
  g_autoptr (ShsBackground) all
      = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
  g_autoptr (ShsExplanation) explanation = explain (
      &oracle, (ShsExplainOptions){
                   .background = all, .interactions = TRUE, .precision = SHS_PRECISION_DOUBLE });

  check_sums (&oracle, explanation, SHS_PRECISION_DOUBLE);
  for (gsize i = 0; i < N_EXPLAINED; i++)
    {
      oracle_play (&oracle, i, NULL, 0);
      for (gsize k = 0; k < oracle.n_outputs; k++)
        {
          double matrix[MAX_FEATURES * MAX_FEATURES];

          read_matrix (explanation, i, k, matrix);
          for (gsize a = 0; a < m; a++)
            for (gsize b = a + 1; b < m; b++)
              ck_assert_double_eq_tol (2 * matrix[a * m + b], get_exact_pair (&oracle, a, b, k),
                                       get_bound (&oracle, k, SHS_PRECISION_DOUBLE));
        }
    }
}
END_TEST

START_TEST (path_dependent_interactions_add_up)
{
  for (int precision = SHS_PRECISION_SINGLE; precision <= SHS_PRECISION_DOUBLE; precision++)
    {
      g_auto (Oracle) oracle = { 0 };

      oracle_open (&oracle, names[_i]);
      g_autoptr (ShsExplanation) explanation
          = explain (&oracle, (ShsExplainOptions){ .interactions = TRUE,
                                                   .precision = (ShsPrecision)precision });

      check_sums (&oracle, explanation, (ShsPrecision)precision);
    }
}
END_TEST

START_TEST (the_strongest_pairs_are_kept_and_said)
{
  g_auto (Oracle) oracle = { 0 };
  double means[MAX_FEATURES * MAX_FEATURES];

  oracle_open (&oracle, "xgboost/3.4.1/binary");
  g_autoptr (ShsExplanation) all = explain (&oracle, (ShsExplainOptions){ .interactions = TRUE });
  g_autoptr (ShsExplanation) few
      = explain (&oracle, (ShsExplainOptions){ .interactions = TRUE, .n_pairs = 2 });
  const ShsExplanationParts *parts = shs_explanation_get_parts (few);

  ck_assert_uint_gt (shs_explanation_get_n_pairs (all), oracle.n_features + 2);
  ck_assert_uint_eq (shs_explanation_get_n_pairs (few), oracle.n_features + 2);
  ck_assert_ptr_nonnull (strstr (parts->provenance.notes[0], "2 strongest of"));
  ck_assert_uint_eq (shs_explanation_count_strongest_pairs (all), 0);
  ck_assert_uint_eq (shs_explanation_count_strongest_pairs (few), 2);
  ck_assert_uint_eq (parts->n_met, shs_explanation_get_n_pairs (all));
  check_sums (&oracle, few, SHS_PRECISION_SINGLE);
  ck_assert (shs_explanation_summarise_interactions (few, 0, means, NULL));
  for (gsize p = 0; p < shs_explanation_get_n_pairs (few); p++)
    {
      double kept[N_EXPLAINED], before[N_EXPLAINED];
      gsize a, b;

      shs_explanation_get_pair (few, p, &a, &b);
      if (a == b)
        continue;
      ck_assert (shs_explanation_read_interaction (few, 0, a, b, kept, NULL));
      ck_assert (shs_explanation_read_interaction (all, 0, a, b, before, NULL));
      ck_assert_mem_eq (kept, before, sizeof kept);
    }
}
END_TEST

START_TEST (covers_can_be_counted_from_a_background)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, "xgboost/2.1.4/vector-leaf");
  g_autoptr (ShsBackground) all
      = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
  g_autoptr (ShsExplanation) explanation
      = explain (&oracle, (ShsExplainOptions){ .explainer = SHS_EXPLAINER_PATH_DEPENDENT,
                                               .background = all,
                                               .precision = SHS_PRECISION_DOUBLE });
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  ck_assert_str_eq (parts->provenance.method, "tree path-dependent");
  ck_assert_str_eq (parts->provenance.background, "covers counted from all 24 rows of rows");
  ck_assert_ptr_nonnull (strstr (parts->provenance.notes[0], "not taken from the training"));
  oracle_play (&oracle, 0, NULL, 0);
  for (gsize k = 0; k < oracle.n_outputs; k++)
    {
      double values[MAX_FEATURES], sum = 0;

      /* The mean over the rows that covers were counted from is the mean prediction. */
      ck_assert_double_eq_tol (shs_explanation_get_base_value (explanation, 0, k),
                               get_value (&oracle, 0, k),
                               get_bound (&oracle, k, SHS_PRECISION_DOUBLE));
      ck_assert (shs_values_read_row (parts->values, k, 0, values, NULL));
      for (gsize j = 0; j < oracle.n_features; j++)
        sum += values[j];
      ck_assert_double_eq_tol (sum + get_value (&oracle, 0, k),
                               shs_matrix_get (parts->predictions, 0, k),
                               get_bound (&oracle, k, SHS_PRECISION_DOUBLE));
    }
}
END_TEST

START_TEST (global_path_dependent_values_add_up)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, names[_i]);
  g_autoptr (ShsBackground) all
      = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
  g_autoptr (ShsExplanation) explanation
      = explain (&oracle, (ShsExplainOptions){ .explainer = SHS_EXPLAINER_GLOBAL_PATH_DEPENDENT,
                                               .background = all });

  oracle_play (&oracle, 0, NULL, 0);
  for (gsize k = 0; k < oracle.n_outputs; k++)
    {
      double residual;
      ShsFeatureSummary summaries[MAX_FEATURES];

      ck_assert_double_eq_tol (shs_explanation_get_base_value (explanation, 0, k),
                               get_value (&oracle, 0, k),
                               get_bound (&oracle, k, SHS_PRECISION_DOUBLE));
      ck_assert (shs_explanation_summarise (explanation, k, summaries, &residual, NULL));
      ck_assert_double_le (residual, get_bound (&oracle, k, SHS_PRECISION_DOUBLE));
    }
}
END_TEST

START_TEST (saabas_values_add_up_and_are_named)
{
  g_auto (Oracle) oracle = { 0 };
  double residual;
  ShsFeatureSummary summaries[MAX_FEATURES];

  oracle_open (&oracle, "xgboost/3.4.1/binary");
  g_autoptr (ShsExplanation) explanation
      = explain (&oracle, (ShsExplainOptions){ .explainer = SHS_EXPLAINER_SAABAS });

  ck_assert_str_eq (shs_explanation_get_parts (explanation)->provenance.method, "tree saabas");
  ck_assert (shs_explanation_summarise (explanation, 0, summaries, &residual, NULL));
  ck_assert_double_lt (residual, 1e-6 * get_scale (&oracle, 0));
}
END_TEST

START_TEST (a_linear_model_s_probability_is_refused_by_its_name)
{
  g_auto (Oracle) oracle = { 0 };
  const ShsExplainOptions options = { .space = SHS_SPACE_PROBABILITY };
  g_autoptr (GError) error = NULL;

  oracle_open (&oracle, "xgboost/3.4.1/linear-multi");
  ck_assert_ptr_null (shs_explain (oracle.fixture.match, &options, NULL, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "not yet explained for linear") != NULL, "%s",
                 error->message);
}
END_TEST

START_TEST (a_forest_s_probability_is_its_margin)
{
  g_autofree char *path = shs_test_fixture ("onnx/forest-classes.onnx");
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) covers = NULL;
  ShsExplainSpace space;
  ShsExplainer chosen;

  ck_assert (!shs_explain_space_choose (model, SHS_SPACE_PROBABILITY, &space, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "its margin is the probability") != NULL, "%s",
                 error->message);
  ck_assert (!shs_explain_choose (model, SHS_EXPLAINER_AUTO, FALSE, &chosen, &covers));
  ck_assert_msg (strstr (covers->message, "--background all") != NULL
                     && strstr (covers->message, "save the model again") == NULL,
                 "%s", covers->message);
}
END_TEST

START_TEST (a_linear_model_is_compared_with_its_background)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, "xgboost/3.4.1/linear-multi");
  g_autoptr (ShsBackground) some = shs_background_new_drawn (oracle.fixture.match, 7, 1, NULL);
  g_autoptr (ShsExplanation) explanation
      = explain (&oracle, (ShsExplainOptions){ .background = some });
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  ck_assert_str_eq (parts->provenance.background,
                    "mean of 7 of 24 rows of rows, drawn with seed 1");
  for (gsize k = 0; k < oracle.n_outputs; k++)
    {
      double residual;
      ShsFeatureSummary summaries[MAX_FEATURES];

      ck_assert (shs_explanation_summarise (explanation, k, summaries, &residual, NULL));
      ck_assert_double_lt (residual, 1e-9);
    }
}
END_TEST

/* g of all margins of a coalition, times the link's factor, background row by background row, then
 * the mean. */
static double
transform (const double *margins, gsize n, gsize output, gboolean is_loss, double target)
{
  double largest = -INFINITY, sum = 0;

  if (n == 1 && is_loss)
    return log1p (exp (margins[0])) - target * margins[0];
  if (n == 1)
    return 1 / (1 + exp (-margins[0]));
  for (gsize k = 0; k < n; k++)
    largest = fmax (largest, margins[k]);
  for (gsize k = 0; k < n; k++)
    sum += exp (margins[k] - largest);
  if (is_loss)
    return largest + log (sum) - margins[(gsize)target];
  return exp (margins[output] - largest) / sum;
}

/* Fills the game of one row and one output of the space; the game then has one output. */
static void
oracle_play_transformed (Oracle *self, gsize row, gsize output, gboolean is_loss, double target)
{
  gsize n_margins = shs_model_get_parts (self->fixture.model)->n_outputs;
  double slope = shs_model_get_parts (self->fixture.model)->link_scale;
  g_autoptr (ShsMatrix) mixed = shs_matrix_new (self->n_rows, self->n_features, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (self->n_rows, n_margins, NULL);

  for (gsize s = 0; s < (gsize)1 << self->n_features; s++)
    {
      long double sum = 0;

      for (gsize j = 0; j < self->n_features; j++)
        for (gsize i = 0; i < self->n_rows; i++)
          shs_matrix_set (mixed, i, j, shs_matrix_get (self->rows, s >> j & 1 ? row : i, j));
      ck_assert (shs_model_predict_margin (self->fixture.model, mixed, 1, NULL, margins, NULL));
      for (gsize i = 0; i < self->n_rows; i++)
        {
          double own[8];

          for (gsize k = 0; k < n_margins; k++)
            own[k] = slope * shs_matrix_get (margins, i, k);
          sum += transform (own, n_margins, output, is_loss, target);
        }
      self->game[s] = (double)(sum / self->n_rows);
    }
}

static void
compare_transformed (Oracle *self, ShsExplanation *explanation, gboolean is_loss)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  gsize n_outputs = shs_explanation_get_n_outputs (explanation);

  for (gsize i = 0; i < N_EXPLAINED; i++)
    for (gsize k = 0; k < n_outputs; k++)
      {
        double values[MAX_FEATURES], residual = shs_explanation_get_prediction (explanation, i, k);
        double base = shs_explanation_get_base_value (explanation, i, k);

        self->n_outputs = shs_model_get_parts (self->fixture.model)->n_outputs;
        oracle_play_transformed (self, i, k, is_loss, is_loss ? parts->target[i] : 0);
        self->n_outputs = 1;
        ck_assert (shs_values_read_row (parts->values, k, i, values, NULL));
        ck_assert_double_eq_tol (base, get_value (self, 0, 0), 1e-12);
        residual -= base;
        for (gsize j = 0; j < self->n_features; j++)
          {
            ck_assert_double_eq_tol (values[j], get_exact (self, j, 0, FALSE), 1e-12);
            residual -= values[j];
          }
        ck_assert_double_eq_tol (residual, 0, 1e-12);
      }
}

START_TEST (probabilities_are_explained_themselves)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, names_with_links[_i]);
  g_autoptr (ShsBackground) all
      = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
  g_autoptr (ShsExplanation) explanation
      = explain (&oracle, (ShsExplainOptions){ .background = all, .space = SHS_SPACE_PROBABILITY });
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  ck_assert_str_eq (parts->provenance.space, "probability");
  ck_assert_str_eq (parts->output_unit, "probability");
  ck_assert_ptr_null (parts->std_errors);
  compare_transformed (&oracle, explanation, FALSE);
}
END_TEST

/* The fixture's rows with a column of classes that is the target. */
static void
add_target (Oracle *oracle)
{
  gsize n_classes = MAX (2, oracle->n_outputs);
  ShsTableBuilder *builder = shs_table_builder_new (oracle->n_rows);
  double *target = shs_alloc (oracle->n_rows, sizeof *target, NULL);
  g_autoptr (GError) error = NULL;

  for (gsize j = 0; j < oracle->n_features; j++)
    {
      double *column = shs_alloc (oracle->n_rows, sizeof *column, NULL);

      memcpy (column, shs_matrix_column (oracle->rows, j), oracle->n_rows * sizeof *column);
      shs_table_builder_add_doubles (
          builder, shs_model_get_feature (oracle->fixture.model, j)->name, column);
    }
  for (gsize i = 0; i < oracle->n_rows; i++)
    target[i] = (double)(i % n_classes);
  shs_table_builder_add_doubles (builder, "truth", target);
  shs_column_match_unref (oracle->fixture.match);
  shs_dataset_unref (oracle->fixture.dataset);
  oracle->fixture.dataset = shs_table_builder_finish (builder, "rows");
  oracle->fixture.match
      = shs_column_match_new (oracle->fixture.model, oracle->fixture.dataset, "truth", &error);
  shs_test_assert_no_error (error);
}

START_TEST (losses_are_explained_with_the_target)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, names_with_links[_i]);
  add_target (&oracle);
  g_autoptr (ShsBackground) all
      = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
  g_autoptr (ShsExplanation) explanation
      = explain (&oracle, (ShsExplainOptions){ .background = all, .space = SHS_SPACE_LOG_LOSS });

  ck_assert (shs_explanation_get_parts (explanation)->base_per_row);
  ck_assert_uint_eq (shs_explanation_get_n_outputs (explanation), 1);
  compare_transformed (&oracle, explanation, TRUE);
}
END_TEST

/* One class against all others: every output has its own loss, whose truth is 1 for one class. */
START_TEST (losses_of_one_class_against_all_know_their_class)
{
  g_auto (Oracle) self = { 0 };

  oracle_open (&self, "catboost/1.2.10/one-versus-all");
  add_target (&self);
  g_autoptr (ShsBackground) all
      = shs_background_new (self.fixture.match, NULL, 0, NULL, NULL, NULL);
  g_autoptr (ShsExplanation) explanation
      = explain (&self, (ShsExplainOptions){ .background = all, .space = SHS_SPACE_LOG_LOSS });
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (self.n_rows, self.n_outputs, NULL);

  ck_assert_uint_eq (shs_explanation_get_n_outputs (explanation), self.n_outputs);
  ck_assert (shs_model_predict_margin (self.fixture.model, self.rows, 1, NULL, margins, NULL));
  for (gsize i = 0; i < shs_explanation_get_n_rows (explanation); i++)
    for (gsize k = 0; k < self.n_outputs; k++)
      {
        double margin = shs_matrix_get (margins, i, k);
        double sign = parts->target[i] == (double)k ? -1 : 1;
        double values[64], sum = shs_explanation_get_base_value (explanation, i, k);
        double mean = 0;

        for (gsize z = 0; z < self.n_rows; z++)
          mean += log1p (exp (sign * shs_matrix_get (margins, z, k))) / (double)self.n_rows;
        ck_assert_double_eq_tol (sum, mean, 1e-12);
        ck_assert (shs_values_read_row (parts->values, k, i, values, NULL));
        for (gsize j = 0; j < self.n_features; j++)
          sum += values[j];
        ck_assert_double_eq_tol (sum, log1p (exp (sign * margin)), 1e-11);
      }
}
END_TEST

START_TEST (what_a_space_needs_is_said)
{
  static const struct
  {
    const char *name;
    ShsSpace space;
    gboolean has_background;
    const char *says;
  } cases[] = {
    { "xgboost/3.4.1/binary", SHS_SPACE_PROBABILITY, FALSE, "choose a background" },
    { "xgboost/3.4.1/binary", SHS_SPACE_LOG_LOSS, TRUE, "true values" },
    { "xgboost/3.4.1/regression", SHS_SPACE_PROBABILITY, TRUE, "has no probability" },
    { "catboost/1.2.10/multi-logloss", SHS_SPACE_LOG_LOSS, TRUE, "outputs with true values" },
  };
  g_auto (Oracle) oracle = { 0 };
  g_autoptr (GError) error = NULL;

  oracle_open (&oracle, cases[_i].name);
  g_autoptr (ShsBackground) all
      = shs_background_new (oracle.fixture.match, NULL, 0, NULL, NULL, NULL);
  ShsExplainOptions options
      = { .space = cases[_i].space, .background = cases[_i].has_background ? all : NULL };
  ck_assert_ptr_null (shs_explain (oracle.fixture.match, &options, NULL, NULL, &error));
  ck_assert_msg (strstr (error->message, cases[_i].says) != NULL, "%s", error->message);
}
END_TEST

START_TEST (infinite_predictions_of_linear_leaves_are_said)
{
  g_auto (Oracle) oracle = { 0 };

  oracle_open (&oracle, "lightgbm/4.7.0/linear");
  gsize *finite = shs_alloc (1, sizeof *finite, NULL);
  gsize *infinite = shs_alloc (1, sizeof *infinite, NULL);
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (oracle.fixture.model)->ensemble;
  gsize used = (gsize)ensemble->linear->feature[0];

  ck_assert (!isnan (shs_matrix_get (oracle.rows, 2, used)));
  shs_matrix_set (oracle.rows, 2, used, INFINITY);
  add_target (&oracle);
  *finite = 0;
  *infinite = 2;
  g_autoptr (ShsBackground) against_finite
      = shs_background_new_row (oracle.fixture.match, finite, "row 0", NULL);
  g_autoptr (ShsBackground) against_infinite
      = shs_background_new_row (oracle.fixture.match, infinite, "row 2", NULL);
  g_autoptr (ShsExplanation) rows
      = explain (&oracle, (ShsExplainOptions){ .background = against_finite });
  g_autoptr (ShsExplanation) base
      = explain (&oracle, (ShsExplainOptions){ .background = against_infinite });
  g_autofree char *of_rows = g_strjoinv ("\n", shs_explanation_get_parts (rows)->provenance.notes);
  g_autofree char *of_base = g_strjoinv ("\n", shs_explanation_get_parts (base)->provenance.notes);

  ck_assert_msg (strstr (of_rows, "for 1 of 4 rows the prediction is no finite number") != NULL,
                 "%s", of_rows);
  ck_assert_ptr_null (strstr (of_rows, "base value is no finite"));
  ck_assert_msg (strstr (of_base, "base value is no finite number") != NULL, "%s", of_base);
}
END_TEST

START_TEST (what_a_mode_needs_is_said)
{
  static const struct
  {
    ShsExplainer explainer;
    gboolean interactions;
    const char *name;
    const char *says;
  } cases[] = {
    { SHS_EXPLAINER_INTERVENTIONAL, FALSE, "xgboost/3.4.1/binary", "choose one" },
    { SHS_EXPLAINER_AUTO, FALSE, "xgboost/2.1.4/vector-leaf", "choose a background" },
    { SHS_EXPLAINER_SAABAS, FALSE, "xgboost/2.1.4/vector-leaf", "choose a background" },
    { SHS_EXPLAINER_SAABAS, TRUE, "xgboost/3.4.1/binary", "no interactions" },
    { SHS_EXPLAINER_AUTO, TRUE, "xgboost/3.4.1/linear", "no interactions" },
    { SHS_EXPLAINER_AUTO, FALSE, "lightgbm/4.7.0/linear", "--background all" },
    { SHS_EXPLAINER_BANZHAF, FALSE, "lightgbm/4.7.0/linear", "choose a background" },
    { SHS_EXPLAINER_SAABAS, FALSE, "lightgbm/4.7.0/linear", "the automatic explainer" },
  };
  g_auto (Oracle) oracle = { 0 };
  ShsExplainOptions options
      = { .explainer = cases[_i].explainer, .interactions = cases[_i].interactions };
  g_autoptr (GError) error = NULL;

  oracle_open (&oracle, cases[_i].name);
  ck_assert_ptr_null (shs_explain (oracle.fixture.match, &options, NULL, NULL, &error));
  ck_assert (error->domain == SHS_ERROR);
  ck_assert_msg (strstr (error->message, cases[_i].says) != NULL, "%s", error->message);
}
END_TEST

START_TEST (every_failing_allocation_of_interactions_is_an_error)
{
  g_auto (Oracle) oracle = { 0 };
  guint n_failures = 0;

  oracle_open (&oracle, "xgboost/3.4.1/binary");
  ShsExplainOptions options = { .interactions = TRUE, .n_pairs = 3, .n_threads = 1 };
  for (guint64 n = 1; n < 10000; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation = NULL;

      shs_alloc_fail_at (n);
      explanation = shs_explain (oracle.fixture.match, &options, NULL, NULL, &error);
      shs_alloc_fail_at (0);
      if (explanation != NULL)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
      n_failures++;
    }
  ck_assert_uint_gt (n_failures, 10);
  ck_assert_uint_lt (n_failures, 9000);
}
END_TEST

Suite *
explain_modes_suite (void)
{
  Suite *suite = suite_create ("modes");
  TCase *cases = tcase_create ("modes");
  const int n = G_N_ELEMENTS (names);
  const int n_with_links = G_N_ELEMENTS (names_with_links);

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, interventional_values_are_those_of_the_game, 0, n);
  tcase_add_loop_test (cases, banzhaf_values_are_those_of_the_game, 0, n);
  tcase_add_loop_test (cases, one_background_row_splits_the_difference_of_two_predictions, 0, n);
  tcase_add_loop_test (cases, interventional_interactions_are_those_of_the_game, 0, n);
  tcase_add_loop_test (cases, path_dependent_interactions_add_up, 0, N_CONSTANT - 1);
  tcase_add_test (cases, the_strongest_pairs_are_kept_and_said);
  tcase_add_test (cases, covers_can_be_counted_from_a_background);
  tcase_add_loop_test (cases, global_path_dependent_values_add_up, 0, N_CONSTANT);
  tcase_add_test (cases, saabas_values_add_up_and_are_named);
  tcase_add_test (cases, a_linear_model_s_probability_is_refused_by_its_name);
  tcase_add_test (cases, a_forest_s_probability_is_its_margin);
  tcase_add_test (cases, a_linear_model_is_compared_with_its_background);
  tcase_add_loop_test (cases, probabilities_are_explained_themselves, 0, n_with_links);
  tcase_add_loop_test (cases, losses_are_explained_with_the_target, 0, n_with_links);
  tcase_add_test (cases, losses_of_one_class_against_all_know_their_class);
  tcase_add_loop_test (cases, what_a_space_needs_is_said, 0, 4);
  tcase_add_test (cases, infinite_predictions_of_linear_leaves_are_said);
  tcase_add_loop_test (cases, what_a_mode_needs_is_said, 0, 8);
  tcase_add_test (cases, every_failing_allocation_of_interactions_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
