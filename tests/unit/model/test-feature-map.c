#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/shs-feature-map.h"
#include "shs-test.h"

#include <math.h>

Suite *feature_map_suite (void);

static void
assert_number (double found, double expected)
{
  ck_assert_msg (found == expected || (isnan (found) && isnan (expected)), "%.17g, not %.17g",
                 found, expected);
}

/* A single column with one step. */
static double
apply (const ShsMapStep *step, double value)
{
  g_autoptr (ShsFeatureMap) map = shs_feature_map_new (1);
  double result = -77;
  ShsMatrix rows = { 1, 1, 1, &value };
  ShsMatrix features = { 1, 1, 1, &result };

  shs_feature_map_add_column (map, 0);
  shs_feature_map_append (map, step);
  ck_assert (shs_feature_map_apply (map, &rows, 1, &features, NULL));
  return result;
}

static const struct
{
  ShsMapStep step;
  double value;
  double result;
} steps[] = {
  { { .kind = SHS_MAP_ADD, .a = 0.1 }, 0.2, 0.1 + 0.2 },
  { { .kind = SHS_MAP_SUBTRACT, .a = 0.1 }, 0.3, 0.3 - 0.1 },
  { { .kind = SHS_MAP_MULTIPLY, .a = 0.1 }, 3, 3 * 0.1 },
  { { .kind = SHS_MAP_DIVIDE, .a = 3 }, 1, 1.0 / 3 },
  { { .kind = SHS_MAP_ADD, .a = 1 }, NAN, NAN },
  { { .kind = SHS_MAP_CLIP, .a = 0, .b = 1 }, 1.5, 1 },
  { { .kind = SHS_MAP_CLIP, .a = 0, .b = 1 }, -1, 0 },
  { { .kind = SHS_MAP_CLIP, .a = 0, .b = 1 }, 0.25, 0.25 },
  { { .kind = SHS_MAP_CLIP, .a = 0, .b = 1 }, NAN, NAN },
  { { .kind = SHS_MAP_FLOAT }, 0.1, 0.1f },
  { { .kind = SHS_MAP_IMPUTE, .a = 4 }, NAN, 4 },
  { { .kind = SHS_MAP_IMPUTE, .a = 4 }, 5, 5 },
  { { .kind = SHS_MAP_MISSING_IF, .a = -999 }, -999, NAN },
  { { .kind = SHS_MAP_MISSING_IF, .a = -999 }, -998, -998 },
  { { .kind = SHS_MAP_IS_MISSING }, NAN, 1 },
  { { .kind = SHS_MAP_IS_MISSING }, 0, 0 },
  { { .kind = SHS_MAP_EQUALS, .a = 2 }, 2, 1 },
  { { .kind = SHS_MAP_EQUALS, .a = 2 }, 3, 0 },
  { { .kind = SHS_MAP_EQUALS, .a = 2 }, NAN, 0 },
  { { .kind = SHS_MAP_GREATER, .a = 2 }, 2, 0 },
  { { .kind = SHS_MAP_GREATER, .a = 2 }, 2.5, 1 },
  { { .kind = SHS_MAP_GREATER, .a = 2 }, NAN, NAN },
};

START_TEST (each_step_does_what_it_says)
{
  assert_number (apply (&steps[_i].step, steps[_i].value), steps[_i].result);
}
END_TEST

START_TEST (tables_know_keys_others_and_missing)
{
  static const double counting[] = { 0, 1, 2 };
  static const double scattered[] = { 7, -2.5, 1e300, 7, NAN };
  static const double values[] = { 10, 11, 12, 13, 14 };
  g_autoptr (ShsMapTable) codes = shs_map_table_new (counting, values, 3, -1, NAN, NULL);
  g_autoptr (ShsMapTable) numbers = shs_map_table_new (scattered, values, 5, NAN, 99, NULL);
  g_autoptr (ShsMapTable) none = shs_map_table_new (NULL, NULL, 0, 5, 6, NULL);

  assert_number (shs_map_table_look_up (codes, 0), 10);
  assert_number (shs_map_table_look_up (codes, 2), 12);
  assert_number (shs_map_table_look_up (codes, 3), -1);
  assert_number (shs_map_table_look_up (codes, 1.5), -1);
  assert_number (shs_map_table_look_up (codes, -0.5), -1);
  assert_number (shs_map_table_look_up (codes, NAN), NAN);
  assert_number (shs_map_table_look_up (numbers, 7), 10);
  assert_number (shs_map_table_look_up (numbers, -2.5), 11);
  assert_number (shs_map_table_look_up (numbers, 1e300), 12);
  assert_number (shs_map_table_look_up (numbers, INFINITY), NAN);
  assert_number (shs_map_table_look_up (numbers, NAN), 99);
  assert_number (shs_map_table_look_up (none, 0), 5);
  assert_number (shs_map_table_look_up (none, NAN), 6);
  assert_number (apply (&(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = codes }, 1), 11);
}
END_TEST

START_TEST (tables_fail_when_there_is_no_memory)
{
  static const double numbers[] = { 1, 2, 3 };

  for (guint64 nth = 1;; nth++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsMapTable) table = NULL;

      shs_alloc_fail_at (nth);
      table = shs_map_table_new (numbers, numbers, 3, 0, 0, &error);
      shs_alloc_fail_at (0);
      if (table != NULL)
        {
          ck_assert_uint_gt (nth, 3);
          return;
        }
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
}
END_TEST

static void
add_columns (gconstpointer data, const double *const *columns, gsize n_rows, double *out)
{
  gsize n = GPOINTER_TO_SIZE (data);

  for (gsize i = 0; i < n_rows; i++)
    {
      out[i] = 0;
      for (gsize c = 0; c < n; c++)
        out[i] = 10 * out[i] + columns[c][i];
    }
}

static void
add_sum (ShsFeatureMap *map, const gsize *columns, gsize n)
{
  shs_feature_map_add_function (map, columns, n, add_columns, GSIZE_TO_POINTER (n), NULL);
}

START_TEST (sets_of_columns_are_players_behind_the_columns)
{
  g_autoptr (ShsFeatureMap) map = shs_feature_map_new (4);
  gsize n = 0;
  const gsize *columns;

  add_sum (map, (const gsize[]){ 3, 1 }, 2);
  add_sum (map, (const gsize[]){ 2 }, 1);
  add_sum (map, (const gsize[]){ 0, 1, 2 }, 3);
  add_sum (map, (const gsize[]){ 1, 3 }, 2);
  shs_feature_map_add_column (map, 3);
  ck_assert_uint_eq (shs_feature_map_get_n_players (map), 6);
  ck_assert_uint_eq (shs_feature_map_get_player (map, 0), 4);
  ck_assert_uint_eq (shs_feature_map_get_player (map, 1), 2);
  ck_assert_uint_eq (shs_feature_map_get_player (map, 2), 5);
  ck_assert_uint_eq (shs_feature_map_get_player (map, 3), 4);
  ck_assert_uint_eq (shs_feature_map_get_player (map, 4), 3);
  columns = shs_feature_map_get_player_columns (map, 4, &n);
  ck_assert_uint_eq (n, 2);
  ck_assert_uint_eq (columns[0], 1);
  ck_assert_uint_eq (columns[1], 3);
  columns = shs_feature_map_get_player_columns (map, 2, &n);
  ck_assert_uint_eq (n, 1);
  ck_assert_uint_eq (columns[0], 2);
}
END_TEST

/* The second stage begins where the first ended; what is shared outlives the first. */
START_TEST (stages_follow_each_other)
{
  g_autoptr (ShsFeatureMap) first = shs_feature_map_new (3);
  g_autoptr (ShsFeatureMap) second = shs_feature_map_new (3);
  static const double numbers[] = { 1, 2 };
  g_autoptr (ShsMapTable) table = shs_map_table_new (numbers, numbers, 2, 50, 60, NULL);
  double row[] = { 1, 2, NAN };
  double result[3];
  ShsMatrix rows = { 1, 3, 1, row };
  ShsMatrix features = { 1, 3, 1, result };

  add_sum (first, (const gsize[]){ 1, 0 }, 2);
  shs_feature_map_append (first, &(ShsMapStep){ .kind = SHS_MAP_SUBTRACT, .a = 1 });
  shs_feature_map_add_column (first, 2);
  shs_feature_map_append (first, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
  shs_feature_map_add_feature (second, first, 1);
  shs_feature_map_append (second, &(ShsMapStep){ .kind = SHS_MAP_DIVIDE, .a = 4 });
  shs_feature_map_add_feature (second, first, 0);
  shs_feature_map_append (second, &(ShsMapStep){ .kind = SHS_MAP_ADD, .a = 100 });
  shs_feature_map_add_feature (second, second, 0);
  g_clear_pointer (&first, shs_feature_map_unref);
  ck_assert (shs_feature_map_apply (second, &rows, 2, &features, NULL));
  assert_number (result[0], 15);
  assert_number (result[1], 120);
  assert_number (result[2], 15);
  ck_assert_uint_eq (shs_feature_map_get_n_players (second), 4);
  ck_assert_uint_eq (shs_feature_map_get_player (second, 1), 3);
  ck_assert_uint_eq (shs_feature_map_get_player (second, 2), 2);
}
END_TEST

START_TEST (folding_splits_combinations_evenly)
{
  g_autoptr (ShsFeatureMap) map = shs_feature_map_new (3);
  double of_players[] = { 1, 2, 4, 8, 100, 200, 400, 800 };
  double of_columns[6];
  ShsMatrix from = { 1, 8, 1, of_players };
  ShsMatrix to = { 1, 6, 1, of_columns };

  add_sum (map, (const gsize[]){ 0, 2 }, 2);
  shs_feature_map_fold (map, 2, &from, &to);
  assert_number (of_columns[0], 1 + 4);
  assert_number (of_columns[1], 2);
  assert_number (of_columns[2], 4 + 4);
  assert_number (of_columns[3], 100 + 400);
  assert_number (of_columns[4], 200);
  assert_number (of_columns[5], 400 + 400);
}
END_TEST

START_TEST (a_map_knows_whether_it_does_anything)
{
  g_autoptr (ShsFeatureMap) map = shs_feature_map_new (2);

  ck_assert (!shs_feature_map_is_identity (map));
  shs_feature_map_add_column (map, 0);
  ck_assert (shs_feature_map_uses_column (map, 0));
  ck_assert (!shs_feature_map_uses_column (map, 1));
  shs_feature_map_add_column (map, 1);
  ck_assert (shs_feature_map_is_identity (map));
  shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_FLOAT });
  ck_assert (!shs_feature_map_is_identity (map));
}
END_TEST

Suite *
feature_map_suite (void)
{
  Suite *suite = suite_create ("feature-map");
  TCase *cases = tcase_create ("feature-map");

  tcase_add_loop_test (cases, each_step_does_what_it_says, 0, G_N_ELEMENTS (steps));
  tcase_add_test (cases, tables_know_keys_others_and_missing);
  tcase_add_test (cases, tables_fail_when_there_is_no_memory);
  tcase_add_test (cases, sets_of_columns_are_players_behind_the_columns);
  tcase_add_test (cases, stages_follow_each_other);
  tcase_add_test (cases, folding_splits_combinations_evenly);
  tcase_add_test (cases, a_map_knows_whether_it_does_anything);
  suite_add_tcase (suite, cases);
  return suite;
}
