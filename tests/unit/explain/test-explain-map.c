/* Values through a feature map against the definition: columns are the players, whatever number of
 * features each is made into. */

#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "core/shs-table-builder.h"
#include "explain/shs-explain.h"
#include "result/shs-interactions.h"
#include "shs-test.h"

#include <math.h>
#include <string.h>

Suite *explain_map_suite (void);

/* Three columns: a number that is imputed and scaled, a category of three that becomes indicators,
 * and a number that is taken twice, once as it is and once as "is it missing". One more feature is
 * made of the first and the last column together. */
#define N_COLUMNS 3
#define N_FEATURES 7
#define N_PLAYERS 4
#define N_COALITIONS (1u << N_PLAYERS)
#define N_ROWS 40
#define DEPTH 5
#define N_TREES 6
#define MEAN 0.25
#define SCALE 1.75

static const guint32 player_of[N_FEATURES] = { 0, 1, 1, 1, 2, 2, 3 };

static void
multiply_columns (gconstpointer data, const double *const *columns, gsize n_rows, double *out)
{
  const double *factor = data;

  for (gsize i = 0; i < n_rows; i++)
    out[i] = *factor * columns[0][i] * columns[1][i];
}

static ShsFeatureMap *
make_map (void)
{
  ShsFeatureMap *map = shs_feature_map_new (N_COLUMNS);
  static const gsize both[] = { 0, 2 };
  double *factor = g_new (double, 1);

  shs_feature_map_add_column (map, 0);
  shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_IMPUTE, .a = 0.5 });
  shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_SUBTRACT, .a = MEAN });
  shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_DIVIDE, .a = SCALE });
  for (int code = 0; code < 3; code++)
    {
      shs_feature_map_add_column (map, 1);
      shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_EQUALS, .a = code });
    }
  shs_feature_map_add_column (map, 2);
  shs_feature_map_add_column (map, 2);
  shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_IS_MISSING });
  *factor = 2;
  shs_feature_map_add_function (map, both, 2, multiply_columns, factor, g_free);
  return map;
}

/* The same by hand. */
static void
map_by_hand (const double *row, double *features)
{
  features[0] = ((isnan (row[0]) ? 0.5 : row[0]) - MEAN) / SCALE;
  for (int code = 0; code < 3; code++)
    features[1 + code] = row[1] == code;
  features[4] = row[2];
  features[5] = isnan (row[2]);
  features[6] = 2 * row[0] * row[2];
}

typedef struct
{
  ShsModel *model;
  ShsColumnMatch *match;
  ShsDataset *dataset;
  double rows[N_ROWS][N_COLUMNS];
} Fixture;

static void
fixture_clear (Fixture *self)
{
  g_clear_pointer (&self->match, shs_column_match_unref);
  g_clear_pointer (&self->dataset, shs_dataset_unref);
  g_clear_pointer (&self->model, shs_model_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static gint32
grow (GArray *nodes, ShsRandom *random, guint depth, double cover)
{
  ShsTreeNode leaf
      = { .split = SHS_LEAF, .cover = cover, .value = 2 * shs_random_uniform (random) - 1 };
  gint32 place = (gint32)nodes->len;
  double share = 0.1 + 0.8 * shs_random_uniform (random);

  g_array_append_val (nodes, leaf);
  if (depth == DEPTH)
    return place;
  gint32 left = grow (nodes, random, depth + 1, cover * share);
  gint32 right = grow (nodes, random, depth + 1, cover - cover * share);
  ShsTreeNode *node = &g_array_index (nodes, ShsTreeNode, place);

  node->split = SHS_SPLIT_LESS_EQUAL;
  node->missing = SHS_MISSING_NAN | (shs_random_below (random, 2) ? SHS_MISSING_LEFT : 0);
  node->feature = (gint32)shs_random_below (random, N_FEATURES);
  node->threshold = node->feature >= 1 && node->feature <= 3 ? 0.5 : shs_random_normal (random) / 2;
  node->left = left;
  node->right = right;
  return place;
}

static ShsTreeEnsemble *
make_ensemble (const ShsFeatureMap *map, ShsRandom *random)
{
  ShsTreeBuilder *builder = shs_tree_builder_new (N_FEATURES, 1, 1, SHS_TREE_CAST_DOUBLE);
  g_autoptr (GError) error = NULL;
  ShsTreeEnsemble *ensemble;

  ck_assert (shs_feature_map_set_players (map, builder, &error));
  for (int t = 0; t < N_TREES; t++)
    {
      g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (ShsTreeNode));

      grow (nodes, random, 0, 100);
      ck_assert (shs_tree_builder_add_tree (builder, (const ShsTreeNode *)nodes->data, nodes->len,
                                            NULL, 0, 1, &error));
    }
  ensemble = shs_tree_builder_finish (builder, &error);
  shs_test_assert_no_error (error);
  return ensemble;
}

static ShsLinear *
make_linear (ShsRandom *random)
{
  ShsLinear *linear = shs_linear_new (N_FEATURES, 1, NULL);

  for (int f = 0; f < N_FEATURES; f++)
    linear->weight[f] = shs_random_normal (random);
  linear->bias[0] = 0.75;
  return linear;
}

static void
draw_rows (Fixture *self, ShsRandom *random)
{
  ShsTableBuilder *builder = shs_table_builder_new (N_ROWS);
  static const char *const names[] = { "height", "colour", "weight" };

  for (int j = 0; j < N_COLUMNS; j++)
    {
      double *column = shs_alloc (N_ROWS, sizeof *column, NULL);

      for (int i = 0; i < N_ROWS; i++)
        {
          double value = j == 1 ? (double)shs_random_below (random, 4) : shs_random_normal (random);

          self->rows[i][j] = column[i] = shs_random_below (random, 5) == 0 ? NAN : value;
        }
      shs_table_builder_add_doubles (builder, names[j], column);
    }
  self->dataset = shs_table_builder_finish (builder, "rows");
}

static void
fixture_init (Fixture *self, gboolean is_linear)
{
  ShsRandom random = shs_random_init (11, 0);
  g_auto (ShsModelParts) parts = { .library = "test", .n_features = N_COLUMNS, .n_outputs = 1 };
  g_autoptr (GError) error = NULL;

  parts.features = shs_alloc0 (N_COLUMNS, sizeof *parts.features, NULL);
  for (int j = 0; j < N_COLUMNS; j++)
    parts.features[j].name = g_strdup_printf ("column %d", j);
  parts.map = make_map ();
  if (is_linear)
    parts.linear = make_linear (&random);
  else
    parts.ensemble = make_ensemble (parts.map, &random);
  self->model = shs_model_new ("model", &parts);
  draw_rows (self, &random);
  self->match = shs_column_match_new (self->model, self->dataset, NULL, &error);
  shs_test_assert_no_error (error);
}

/* The worth of a coalition: features of players outside it are averaged by the covers. */
static double
play (const ShsTreeEnsemble *ensemble, gsize node, const double *features, guint coalition)
{
  gsize right = ensemble->right[node];

  if (ensemble->split[node] == SHS_LEAF)
    return ensemble->threshold[node];
  gint32 feature = ensemble->feature[node];
  if (coalition >> player_of[feature] & 1)
    {
      double x = features[feature];
      gboolean goes_left = isnan (x) ? (ensemble->missing[node] & SHS_MISSING_LEFT) != 0
                                     : x <= ensemble->threshold[node];

      return play (ensemble, goes_left ? node + 1 : right, features, coalition);
    }
  double share = shs_tree_ensemble_get_cover (ensemble, node + 1)
                 / (shs_tree_ensemble_get_cover (ensemble, node + 1)
                    + shs_tree_ensemble_get_cover (ensemble, right));
  return share * play (ensemble, node + 1, features, coalition)
         + (1 - share) * play (ensemble, right, features, coalition);
}

static double
worth (const ShsTreeEnsemble *ensemble, const double *features, guint coalition)
{
  double sum = 0;

  for (gsize t = 0; t < ensemble->n_trees; t++)
    sum += play (ensemble, ensemble->tree_first[t], features, coalition);
  return sum;
}

/* Shapley values of the players' game, a combination's split evenly. */
static void
share_out (const double *worth_of, double *columns)
{
  static const double weight_of_size[N_PLAYERS] = { 1 / 4.0, 1 / 12.0, 1 / 12.0, 1 / 4.0 };
  double players[N_PLAYERS] = { 0 };

  for (guint p = 0; p < N_PLAYERS; p++)
    for (guint s = 0; s < N_COALITIONS; s++)
      if (!(s >> p & 1))
        players[p]
            += weight_of_size[__builtin_popcount (s)] * (worth_of[s | 1u << p] - worth_of[s]);
  columns[0] = players[0] + players[3] / 2;
  columns[1] = players[1];
  columns[2] = players[2] + players[3] / 2;
}

static void
explain_by_definition (const ShsTreeEnsemble *ensemble, const double *features, double *columns)
{
  double worth_of[N_COALITIONS];

  for (guint s = 0; s < N_COALITIONS; s++)
    worth_of[s] = worth (ensemble, features, s);
  share_out (worth_of, columns);
}

/* Against the rows of a background: features of players outside the coalition are theirs. */
static void
compare_by_definition (const Fixture *self, const double *row, const gsize *background,
                       gsize n_background, double *columns)
{
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (self->model)->ensemble;
  double worth_of[N_COALITIONS] = { 0 };
  double own[N_FEATURES];
  double mixed[N_FEATURES];

  map_by_hand (row, own);
  for (guint s = 0; s < N_COALITIONS; s++)
    for (gsize b = 0; b < n_background; b++)
      {
        map_by_hand (self->rows[background[b]], mixed);
        for (int f = 0; f < N_FEATURES; f++)
          if (s >> player_of[f] & 1)
            mixed[f] = own[f];
        worth_of[s] += worth (ensemble, mixed, N_COALITIONS - 1) / (double)n_background;
      }
  share_out (worth_of, columns);
}

static ShsExplanation *
explain (const Fixture *self, ShsBackground *background)
{
  ShsExplainOptions options = { .precision = SHS_PRECISION_DOUBLE, .background = background };
  g_autoptr (GError) error = NULL;
  ShsExplanation *explanation = shs_explain (self->match, &options, NULL, NULL, &error);

  shs_test_assert_no_error (error);
  return explanation;
}

static void
assert_row (const ShsExplanation *explanation, gsize row, const double *expected)
{
  double found[N_COLUMNS];

  ck_assert (
      shs_values_read_row (shs_explanation_get_parts (explanation)->values, 0, row, found, NULL));
  for (int j = 0; j < N_COLUMNS; j++)
    ck_assert_msg (fabs (found[j] - expected[j]) < 1e-12, "row %zu column %d: %.17g, not %.17g",
                   row, j, found[j], expected[j]);
}

START_TEST (columns_are_the_players_of_tree_values)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (ShsExplanation) explanation = NULL;
  const ShsTreeEnsemble *ensemble;

  fixture_init (&self, FALSE);
  explanation = explain (&self, NULL);
  ensemble = shs_model_get_parts (self.model)->ensemble;
  for (gsize i = 0; i < N_ROWS; i++)
    {
      double features[N_FEATURES];
      double expected[N_COLUMNS];

      map_by_hand (self.rows[i], features);
      explain_by_definition (ensemble, features, expected);
      assert_row (explanation, i, expected);
      ck_assert_double_eq_tol (
          shs_matrix_get (shs_explanation_get_parts (explanation)->predictions, i, 0),
          worth (ensemble, features, N_COALITIONS - 1), 1e-12);
    }
}
END_TEST

START_TEST (columns_are_the_players_against_a_background)
{
  static const gsize numbers[] = { 3, 8, 21, 30 };
  g_auto (Fixture) self = { 0 };
  g_autoptr (ShsBackground) background = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  g_autoptr (GError) error = NULL;
  gsize *rows = shs_alloc (G_N_ELEMENTS (numbers), sizeof *rows, NULL);

  fixture_init (&self, FALSE);
  memcpy (rows, numbers, sizeof numbers);
  background = shs_background_new (self.match, rows, G_N_ELEMENTS (numbers), NULL, NULL, &error);
  shs_test_assert_no_error (error);
  explanation = explain (&self, background);
  for (gsize i = 0; i < N_ROWS; i++)
    {
      double expected[N_COLUMNS];

      compare_by_definition (&self, self.rows[i], numbers, G_N_ELEMENTS (numbers), expected);
      assert_row (explanation, i, expected);
    }
}
END_TEST

START_TEST (columns_collect_what_a_linear_model_gives_their_features)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (ShsExplanation) explanation = NULL;
  const ShsLinear *linear;
  double features[N_ROWS][N_FEATURES];
  double mean[N_FEATURES] = { 0 };

  fixture_init (&self, TRUE);
  explanation = explain (&self, NULL);
  linear = shs_model_get_parts (self.model)->linear;
  for (int i = 0; i < N_ROWS; i++)
    map_by_hand (self.rows[i], features[i]);
  for (int f = 0; f < N_FEATURES; f++)
    for (int i = 0; i < N_ROWS; i++)
      mean[f] += (isnan (features[i][f]) ? 0 : features[i][f]) / N_ROWS;
  for (gsize i = 0; i < N_ROWS; i++)
    {
      double players[N_PLAYERS] = { 0 };

      for (int f = 0; f < N_FEATURES; f++)
        players[player_of[f]]
            += linear->weight[f] * ((isnan (features[i][f]) ? 0 : features[i][f]) - mean[f]);
      assert_row (
          explanation, i,
          (double[]){ players[0] + players[3] / 2, players[1], players[2] + players[3] / 2 });
    }
}
END_TEST

/* The player of two columns has its row and column of the matrix split, so that a line still sums
 * to the column's value. */
START_TEST (interactions_of_combinations_are_split_among_columns)
{
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, FALSE);
  g_autoptr (ShsBackground) all = shs_background_new (fixture.match, NULL, 0, NULL, NULL, NULL);
  ShsExplainOptions options = { .precision = SHS_PRECISION_DOUBLE,
                                .background = _i == 0 ? NULL : all,
                                .interactions = TRUE };
  g_autoptr (ShsExplanation) explanation
      = shs_explain (fixture.match, &options, NULL, NULL, &error);
  shs_test_assert_no_error (error);
  for (gsize i = 0; i < N_ROWS; i++)
    {
      double cells[N_COLUMNS * N_COLUMNS], values[N_COLUMNS];
      ShsMatrix block = { 1, N_COLUMNS * N_COLUMNS, 1, cells };

      ck_assert (shs_explanation_read_interaction_rows (explanation, 0, i, &block, NULL));
      ck_assert (shs_values_read_row (shs_explanation_get_parts (explanation)->values, 0, i, values,
                                      NULL));
      for (gsize a = 0; a < N_COLUMNS; a++)
        {
          double sum = 0;

          for (gsize b = 0; b < N_COLUMNS; b++)
            sum += cells[a * N_COLUMNS + b];
          ck_assert_double_eq_tol (sum, values[a], 1e-12 * N_TREES);
        }
    }
}
END_TEST

START_TEST (the_result_says_that_combinations_are_split)
{
  g_auto (Fixture) self = { 0 };
  g_autoptr (ShsExplanation) explanation = NULL;
  char *const *notes;

  fixture_init (&self, FALSE);
  explanation = explain (&self, NULL);
  notes = shs_explanation_get_parts (explanation)->provenance.notes;
  while (*notes != NULL && strstr (*notes, "\"column 0\" \303\227 \"column 2\"") == NULL)
    notes++;
  ck_assert_ptr_nonnull (*notes);
}
END_TEST

Suite *
explain_map_suite (void)
{
  Suite *suite = suite_create ("map");
  TCase *cases = tcase_create ("map");

  tcase_add_test (cases, columns_are_the_players_of_tree_values);
  tcase_add_test (cases, columns_are_the_players_against_a_background);
  tcase_add_test (cases, columns_collect_what_a_linear_model_gives_their_features);
  tcase_add_loop_test (cases, interactions_of_combinations_are_split_among_columns, 0, 2);
  tcase_add_test (cases, the_result_says_that_combinations_are_split);
  suite_add_tcase (suite, cases);
  return suite;
}
