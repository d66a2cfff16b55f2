#include "shs-test-explanation.h"
#include "shs-test-measurer.h"
#include "shs-test-scene.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "plot/shs-category-order.h"

#include <math.h>
#include <string.h>

Suite *kinds_suite (void);

static ShsScene *
build (ShsExplanation *explanation, ShsPlotKind kind, gint64 row, const char *option,
       const char *value)
{
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (kind);

  options->row = row;
  if (option != NULL)
    ck_assert (shs_plot_options_set (options, option, value, explanation, NULL));
  return shs_test_build (explanation, options, shs_test_measurer ());
}

static const ShsMark *
find_mark (const ShsScene *scene, ShsRole role, gint32 feature)
{
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->key.role == role && mark->key.feature == feature)
        return mark;
    }
  return NULL;
}

static const char *
find_text (const ShsScene *scene, ShsRole role, gint32 feature)
{
  const ShsMark *mark = find_mark (scene, role, feature);

  return mark != NULL && mark->type == SHS_MARK_TEXT ? mark->text.string : NULL;
}

static gboolean
has_text (const ShsScene *scene, const char *part)
{
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->type == SHS_MARK_TEXT && strstr (mark->text.string, part) != NULL)
        return TRUE;
    }
  return FALSE;
}

static double
get_value (ShsExplanation *explanation, gsize row, gsize feature)
{
  double values[64];

  shs_values_read_row (shs_explanation_get_parts (explanation)->values, 0, row, values, NULL);
  return values[feature];
}

/* (transfer full): as tall as its width asks for. */
static ShsScene *
build_natural (ShsExplanation *explanation, ShsPlotKind kind, double width, gboolean note)
{
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (kind);

  options->row = shs_plot_kind_needs_row (kind) ? 3 : -1;
  options->note = note;
  return shs_plot_build (explanation, options, width,
                         shs_plot_get_natural_height (explanation, options, width),
                         shs_test_measurer (), NULL);
}

START_TEST (a_note_is_whole_and_takes_nothing_from_the_plot)
{
  static const double widths[] = { 252, 360, 519 };
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  ShsExplanationParts *parts = (ShsExplanationParts *)shs_explanation_get_parts (explanation);

  g_free (parts->provenance.background);
  parts->provenance.background = g_strdup ("1181 of 4000 rows of a table.parquet: smoker = 1");
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr (ShsScene) plain = build_natural (explanation, (ShsPlotKind)_i, widths[i], FALSE);
      g_autoptr (ShsScene) noted = build_natural (explanation, (ShsPlotKind)_i, widths[i], TRUE);

      ck_assert (has_text (noted, "smoker = 1"));
      ck_assert_double_gt (shs_scene_get_height (noted), shs_scene_get_height (plain));
      for (gsize k = 0; k < shs_scene_get_n_marks (plain); k++)
        {
          const ShsMark *mark = shs_scene_get_mark (plain, k);

          if (mark->type == SHS_MARK_TEXT && mark->key.role != SHS_ROLE_TICK_LABEL)
            ck_assert_msg (has_text (noted, mark->text.string), "\"%s\" is gone at %g",
                           mark->text.string, widths[i]);
        }
    }
}
END_TEST

static void
assert_order (char **names, const double *codes, gsize n, const char *wanted,
              const char *wanted_names)
{
  ShsColumn column = { .type = SHS_COLUMN_CATEGORY };
  double sorted[8];
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) all = g_string_new (NULL);

  shs_column_set_categories (&column, names, g_strv_length (names));
  memcpy (sorted, codes, n * sizeof *sorted);
  ck_assert (shs_category_order_sort (&column, sorted, n, NULL));
  for (gsize i = 0; i < n; i++)
    g_string_append_printf (text, "%g ", sorted[i]);
  for (gsize c = 0; c < column.n_categories; c++)
    g_string_append_printf (all, "%s%s", c > 0 ? " " : "", column.categories[c]);
  ck_assert_str_eq (text->str, wanted);
  ck_assert_str_eq (all->str, wanted_names);
  shs_column_clear (&column);
}

START_TEST (categories_that_nobody_ordered_are_sorted)
{
  char *zip[] = { "00057", "00001", "10", NULL };
  char *jobs[] = { "nurse", "Baker", "smith", "author", "miller", NULL };
  char *grades[] = { "low", "middle", "high", NULL };
  const double given[] = { 2, 0, 1, NAN, 2, 7, 4, 3 };
  const double appearing[] = { 0, 1, 0, NAN, 2, 3, 4, 1 };

  assert_order (zip, given, 6, "1 2 0 nan 1 7 ", "00001 10 00057");
  assert_order (jobs, appearing, 8, "3 1 3 nan 4 0 2 1 ", "author Baker miller nurse smith");
  assert_order (jobs, given, 8, "2 0 1 nan 2 7 4 3 ", "nurse Baker smith author miller");
  assert_order (grades, appearing, 5, "0 1 0 nan 2 ", "low middle high");
}
END_TEST

START_TEST (one_row_has_no_mean_and_no_colours)
{
  g_autoptr (ShsExplanation) one = shs_test_explanation_new (SHS_TEST_ONE_ROW);
  g_autoptr (ShsExplanation) many = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) bars = build (one, SHS_PLOT_BAR, -1, NULL, NULL);
  g_autoptr (ShsScene) swarm = build (one, SHS_PLOT_BEESWARM, -1, NULL, NULL);
  g_autoptr (ShsScene) mean = build (many, SHS_PLOT_BAR, -1, NULL, NULL);
  g_autoptr (ShsScene) colored = build (many, SHS_PLOT_BEESWARM, -1, NULL, NULL);

  ck_assert (has_text (bars, "|SHAP value|"));
  ck_assert (!has_text (bars, "mean("));
  ck_assert (has_text (mean, "mean(|SHAP value|)"));
  ck_assert (!has_text (swarm, "High"));
  ck_assert (has_text (colored, "High"));
}
END_TEST

/* Every row is there once for every feature, in the order of the values, missing ones as rings. */
START_TEST (a_beeswarm_shows_every_row_of_every_feature)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) scene = build (explanation, SHS_PLOT_BEESWARM, -1, NULL, NULL);
  double where[6][60], data[60];
  gsize seen[6] = { 0 }, n_rings = 0, n_missing = 0;

  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->type != SHS_MARK_POINTS)
        continue;
      for (gsize k = 0; k < mark->points.n; k++)
        where[mark->key.feature][mark->points.rows[k]] = mark->points.x[k];
      seen[mark->key.feature] += mark->points.n;
      n_rings += mark->points.shape == SHS_POINT_RING ? mark->points.n : 0;
    }
  for (gsize j = 0; j < 6; j++)
    {
      double slope = (where[j][1] - where[j][0])
                     / (get_value (explanation, 1, j) - get_value (explanation, 0, j));

      ck_assert_uint_eq (seen[j], 60);
      for (gsize i = 0; i < 60; i++)
        ck_assert_double_eq_tol (
            where[j][i],
            where[j][0] + slope * (get_value (explanation, i, j) - get_value (explanation, 0, j)),
            1e-3);
    }
  shs_values_read_feature (shs_explanation_get_parts (explanation)->data, 0, 2, data, NULL);
  for (gsize i = 0; i < 60; i++)
    n_missing += isnan (data[i]) ? 1 : 0;
  ck_assert_uint_gt (n_missing, 0);
  ck_assert_uint_eq (n_rings, n_missing);
  ck_assert (has_text (scene, "missing"));
}
END_TEST

/* No category is low or high. */
START_TEST (categories_are_grey_in_a_beeswarm)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) scene = build (explanation, SHS_PLOT_BEESWARM, -1, NULL, NULL);
  gsize n_colors[2] = { 0 };

  ck_assert (has_text (scene, "category"));
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->type != SHS_MARK_POINTS || mark->points.shape != SHS_POINT_DISC
          || mark->key.feature > 1)
        continue;
      for (gsize k = 1; k < mark->points.n; k++)
        n_colors[mark->key.feature] += mark->points.rgba[k] != mark->points.rgba[0];
    }
  ck_assert_uint_gt (n_colors[0], 0);
  ck_assert_uint_eq (n_colors[1], 0); /* clarity */
}
END_TEST

START_TEST (features_beyond_the_limit_are_summed_up)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) bars = build (explanation, SHS_PLOT_BAR, 5, "max-display", "3");
  g_autoptr (ShsScene) falls = build (explanation, SHS_PLOT_WATERFALL, 5, "max-display", "3");

  ck_assert_str_eq (find_text (bars, SHS_ROLE_FEATURE_LABEL, SHS_FEATURE_REST),
                    "Sum of 4 other features");
  ck_assert_str_eq (find_text (falls, SHS_ROLE_FEATURE_LABEL, SHS_FEATURE_REST),
                    "4 other features");
  ck_assert_str_eq (find_text (bars, SHS_ROLE_VALUE_LABEL, SHS_FEATURE_REST),
                    find_text (falls, SHS_ROLE_VALUE_LABEL, SHS_FEATURE_REST));
}
END_TEST

/* Whoever looks features up in their order finds all of them. */
START_TEST (values_written_as_zero_share_a_line_unless_features_are_looked_up)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ALL_ZERO);
  g_autoptr (ShsScene) falls = build (explanation, SHS_PLOT_WATERFALL, 3, NULL, NULL);
  g_autoptr (ShsScene) bars = build (explanation, SHS_PLOT_BAR, 3, NULL, NULL);
  g_autoptr (ShsScene) sorted = build (explanation, SHS_PLOT_WATERFALL, 3, "order", "original");
  g_autoptr (ShsScene) all = build (explanation, SHS_PLOT_BAR, -1, NULL, NULL);

  ck_assert_str_eq (find_text (falls, SHS_ROLE_FEATURE_LABEL, SHS_FEATURE_REST),
                    "5 other features");
  ck_assert_str_eq (find_text (bars, SHS_ROLE_FEATURE_LABEL, SHS_FEATURE_REST),
                    "Sum of 5 other features");
  ck_assert_ptr_null (find_text (sorted, SHS_ROLE_FEATURE_LABEL, SHS_FEATURE_REST));
  ck_assert_ptr_null (find_text (all, SHS_ROLE_FEATURE_LABEL, SHS_FEATURE_REST));
}
END_TEST

START_TEST (bars_are_as_long_as_the_mean_magnitude)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) scene = build (explanation, SHS_PLOT_BAR, -1, NULL, NULL);
  double per_unit = 0;

  for (gsize j = 0; j < 6; j++)
    {
      const ShsMark *bar = find_mark (scene, SHS_ROLE_VALUE, (gint32)j);
      double sum = 0;

      for (gsize i = 0; i < 60; i++)
        sum += fabs (get_value (explanation, i, j));
      ck_assert_ptr_nonnull (bar);
      per_unit = j == 0 ? bar->box.width / sum : per_unit;
      ck_assert_double_eq_tol (bar->box.width, per_unit * sum, 1e-6);
      ck_assert_ptr_null (strchr (find_text (scene, SHS_ROLE_VALUE_LABEL, (gint32)j), '+'));
    }
}
END_TEST

/* The arrows lead from the base value to the output without a gap. */
START_TEST (a_waterfall_is_a_chain_from_the_base_value_to_the_output)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) scene = build (explanation, SHS_PLOT_WATERFALL, 7, NULL, NULL);
  const ShsMark *base = find_mark (scene, SHS_ROLE_BASE_VALUE, -1);
  const ShsMark *output = find_mark (scene, SHS_ROLE_PREDICTION, -1);
  double at = output->path.coordinates[0];
  gsize n = 0;

  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);
      const double *c;
      double value;

      if (mark->key.role != SHS_ROLE_VALUE)
        continue;
      c = mark->path.coordinates;
      value = get_value (explanation, 7, (gsize)mark->key.feature);
      ck_assert_double_eq_tol (c[4], at, 1e-9);
      ck_assert (value == 0 || (value > 0) == (c[4] > c[0]));
      at = c[0];
      n++;
    }
  ck_assert_uint_eq (n, 6);
  ck_assert_double_eq_tol (at, base->path.coordinates[0], 1e-9);
}
END_TEST

START_TEST (a_force_plot_balances_both_sides_at_the_output)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) scene = build (explanation, SHS_PLOT_FORCE, 7, NULL, NULL);
  double output = find_mark (scene, SHS_ROLE_PREDICTION, -1)->path.coordinates[0];
  double base = find_mark (scene, SHS_ROLE_BASE_VALUE, -1)->path.coordinates[0];
  double left = output, right = output;

  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->key.role != SHS_ROLE_VALUE)
        continue;
      left = MIN (left, mark->path.coordinates[0]);
      right = MAX (right, mark->path.coordinates[0]);
    }
  /* output - base = positive - negative: the ends lie as far from f(x) as the sums are large. */
  ck_assert_double_eq_tol ((output - left) - (right - output), output - base, 1e-6);
  ck_assert (has_text (scene, "higher"));
}
END_TEST

START_TEST (a_dependence_plot_puts_categories_by_name_and_missing_values_aside)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsScene) names = build (explanation, SHS_PLOT_DEPENDENCE, -1, "feature", "clarity");
  g_autoptr (ShsScene) missing
      = build (explanation, SHS_PLOT_DEPENDENCE, -1, "feature", "depth (mm)");
  gsize n_ticks = 0, n_points = 0;

  ck_assert (has_text (names, "grade A0") && has_text (names, "grade D3"));
  for (gsize i = 0; i < shs_scene_get_n_marks (missing); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (missing, i);

      if (mark->type == SHS_MARK_POINTS && mark->points.shape == SHS_POINT_TICK)
        n_ticks += mark->points.n;
      else if (mark->type == SHS_MARK_POINTS)
        n_points += mark->points.n;
    }
  ck_assert_uint_gt (n_ticks, 0);
  ck_assert_uint_eq (n_ticks + n_points, 60);
  ck_assert (has_text (missing, "missing"));
}
END_TEST

START_TEST (the_output_that_is_shown_is_named)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  static const ShsPlotKind kinds[] = { SHS_PLOT_BEESWARM, SHS_PLOT_BAR, SHS_PLOT_WATERFALL,
                                       SHS_PLOT_FORCE, SHS_PLOT_DEPENDENCE };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (ShsScene) scene = build (explanation, kinds[i], 0, "output", "class 1");

      ck_assert_msg (has_text (scene, "class 1"), "%s", shs_plot_kind_get_name (kinds[i]));
    }
}
END_TEST

START_TEST (a_figure_depends_on_nothing_but_its_arguments)
{
  for (int kind = 0; kind < SHS_N_PLOT_KINDS; kind++)
    {
      g_autoptr (ShsExplanation) a = shs_test_explanation_new (SHS_TEST_ORDINARY);
      g_autoptr (ShsExplanation) b = shs_test_explanation_new (SHS_TEST_ORDINARY);
      g_autoptr (ShsScene) first = build (a, kind, 3, NULL, NULL);
      g_autoptr (ShsScene) second = build (b, kind, 3, NULL, NULL);
      g_autofree char *one = shs_scene_to_text (first);
      g_autofree char *two = shs_scene_to_text (second);

      ck_assert_str_eq (one, two);
    }
}
END_TEST

START_TEST (what_an_explanation_lacks_is_said)
{
  g_autoptr (ShsExplanation) bare = shs_test_explanation_new (SHS_TEST_NO_DATA);
  static const struct
  {
    ShsPlotKind kind;
    gint64 row;
    gsize output;
    gssize feature;
    const char *part;
  } cases[] = { { SHS_PLOT_DEPENDENCE, -1, 0, -1, "needs the values of the features" },
                { SHS_PLOT_WATERFALL, -1, 0, -1, "choose it with --row (0 to " },
                { SHS_PLOT_FORCE, -1, 0, -1, "choose it with --row (0 to " },
                { SHS_PLOT_WATERFALL, 60, 0, -1, "no row 60" },
                { SHS_PLOT_BAR, -1, 2, -1, "no output 2" },
                { SHS_PLOT_DEPENDENCE, -1, 0, 6, "no feature 6" },
                { SHS_PLOT_INTERACTIONS, -1, 0, -1, "no interaction values" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ShsPlotOptions) options = shs_plot_options_new (cases[i].kind);
      g_autoptr (GError) error = NULL;

      options->row = cases[i].row;
      options->output = cases[i].output;
      options->feature = cases[i].feature;
      ck_assert_ptr_null (shs_plot_build (bare, options, 400, 300, shs_test_measurer (), &error));
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
      ck_assert_msg (strstr (error->message, cases[i].part) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (a_hit_tells_row_feature_and_value)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_BEESWARM);
  g_autoptr (ShsScene) scene = shs_test_build (explanation, options, shs_test_measurer ());
  const ShsMark *cloud = find_mark (scene, SHS_ROLE_POINT, 0);
  g_autofree char *text = NULL;
  g_autofree char *row = NULL;
  ShsHit hit;

  ck_assert (shs_scene_pick (scene, cloud->points.x[4], cloud->points.y[4], 1, &hit));
  row = g_strdup_printf ("row %u\n", cloud->points.rows[4]);
  text = shs_plot_describe_hit (explanation, options, scene, &hit);
  ck_assert_msg (g_str_has_prefix (text, row), "%s", text);
  ck_assert_ptr_nonnull (strstr (text, "carat = "));
  ck_assert_ptr_nonnull (strstr (text, "SHAP value "));
  ck_assert_ptr_nonnull (strstr (text, "prediction "));
}
END_TEST

/* Every allocation in turn fails: the builder says so or leaves the figure poorer, never crashes.
 */
START_TEST (a_lack_of_memory_is_an_error)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);

  for (int kind = 0; kind < SHS_N_PLOT_KINDS; kind++)
    {
      g_autoptr (ShsPlotOptions) options = shs_plot_options_new (kind);
      gsize n_errors = 0;

      options->row = 3;
      for (guint64 nth = 1; nth < 200; nth++)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (ShsScene) scene = NULL;

          shs_alloc_fail_at (nth);
          scene = shs_plot_build (explanation, options, 400, 300, shs_test_measurer (), &error);
          shs_alloc_fail_at (0);
          n_errors += scene == NULL;
          if (scene == NULL)
            shs_test_assert_error (error, SHS_ERROR_MEMORY);
        }
      ck_assert_uint_gt (n_errors, 0);
      ck_assert_uint_lt (n_errors, 199);
    }
}
END_TEST

Suite *
kinds_suite (void)
{
  Suite *suite = suite_create ("kinds");
  TCase *cases = tcase_create ("kinds");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, a_beeswarm_shows_every_row_of_every_feature);
  tcase_add_test (cases, categories_are_grey_in_a_beeswarm);
  tcase_add_test (cases, features_beyond_the_limit_are_summed_up);
  tcase_add_test (cases, bars_are_as_long_as_the_mean_magnitude);
  tcase_add_test (cases, values_written_as_zero_share_a_line_unless_features_are_looked_up);
  tcase_add_test (cases, a_waterfall_is_a_chain_from_the_base_value_to_the_output);
  tcase_add_test (cases, a_force_plot_balances_both_sides_at_the_output);
  tcase_add_test (cases, categories_that_nobody_ordered_are_sorted);
  tcase_add_test (cases, one_row_has_no_mean_and_no_colours);
  tcase_add_loop_test (cases, a_note_is_whole_and_takes_nothing_from_the_plot, 0, SHS_N_PLOT_KINDS);
  tcase_add_test (cases, a_dependence_plot_puts_categories_by_name_and_missing_values_aside);
  tcase_add_test (cases, the_output_that_is_shown_is_named);
  tcase_add_test (cases, a_figure_depends_on_nothing_but_its_arguments);
  tcase_add_test (cases, what_an_explanation_lacks_is_said);
  tcase_add_test (cases, a_hit_tells_row_feature_and_value);
  tcase_add_test (cases, a_lack_of_memory_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
