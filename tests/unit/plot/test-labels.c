#include "shs-test-explanation.h"
#include "shs-test-measurer.h"
#include "shs-test-scene.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "plot/shs-feature-label.h"
#include "plot/shs-number-label.h"

#include <string.h>

Suite *labels_suite (void);

static ShsPlotFrame
make_frame (void)
{
  return (ShsPlotFrame){ .measurer = shs_test_measurer (),
                         .label = { 10, FALSE },
                         .tick = { 9, FALSE },
                         .caption = { 8, FALSE } };
}

static ShsScene *
build (ShsTestCase which, ShsPlotKind kind, const char *feature, double width, double height,
       GError **error)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (which);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (kind);

  options->row = shs_plot_kind_needs_row (kind) ? 0 : -1;
  if (feature != NULL)
    ck_assert (shs_plot_options_set (options, "feature", feature, explanation, NULL));
  return shs_plot_build (explanation, options, width, height, shs_test_measurer (), error);
}

static const ShsMark *
find_text (const ShsScene *scene, ShsRole role, const char *text)
{
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->type == SHS_MARK_TEXT && mark->key.role == role
          && strcmp (mark->text.string, text) == 0)
        return mark;
    }
  return NULL;
}

/* Letters of the test's font are 0.6 of its size wide: 6 points. */
START_TEST (a_long_name_takes_two_lines_where_there_is_room)
{
  ShsPlotFrame frame = make_frame ();
  g_auto (ShsFeatureLabel) one = shs_feature_label_new (&frame, "age", " = 61", 60, 30);
  g_auto (ShsFeatureLabel) two
      = shs_feature_label_new (&frame, "age at enrolment (years)", " = 61", 110, 30);
  g_auto (ShsFeatureLabel) above
      = shs_feature_label_new (&frame, "body mass g", " = missing", 70, 30);

  ck_assert_uint_eq (one.n_lines, 1);
  ck_assert_uint_eq (two.n_lines, 2);
  ck_assert_str_eq (two.lines[0], "age at enrolment");
  ck_assert_str_eq (two.lines[1], "(years)");
  ck_assert (!two.is_cut && two.width <= 110);
  ck_assert_str_eq (above.lines[0], "body mass g");
  ck_assert_str_eq (above.lines[1], "");
}
END_TEST

START_TEST (a_name_that_is_too_long_lacks_its_middle_and_keeps_its_value)
{
  ShsPlotFrame frame = make_frame ();
  const char *name = "the patient had been treated before for any kind of trouble";
  g_auto (ShsFeatureLabel) two = shs_feature_label_new (&frame, name, " = Mental", 110, 30);
  g_auto (ShsFeatureLabel) one = shs_feature_label_new (&frame, name, " = Mental", 110, 12);
  g_autofree char *middle
      = shs_plot_frame_elide_middle (&frame, "serum free (mg/dL)", frame.label, 96);

  ck_assert_uint_eq (two.n_lines, 2);
  ck_assert_uint_eq (one.n_lines, 1);
  ck_assert (two.is_cut && one.is_cut && two.width <= 110 && one.width <= 110);
  ck_assert_str_eq (two.value, " = Mental");
  ck_assert_str_eq (one.value, " = Mental");
  ck_assert (g_str_has_prefix (two.lines[0], "the patient") && strstr (two.lines[1], "…") != NULL);
  ck_assert_str_eq (middle, "serum fr…(mg/dL)");
}
END_TEST

START_TEST (no_value_of_a_feature_is_cut)
{
  static const double widths[] = { 160, 200, 252, 320, 460 };

  for (int kind = SHS_PLOT_WATERFALL; kind <= SHS_PLOT_FORCE; kind++)
    for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
      {
        g_autoptr (ShsScene) scene = build (SHS_TEST_LONG_NAMES, kind, NULL, widths[w], 200, NULL);

        for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
          {
            const ShsMark *mark = shs_scene_get_mark (scene, i);
            const char *text = mark->type == SHS_MARK_TEXT ? mark->text.string : "";

            if (*text == '=' || g_str_has_prefix (text, " ="))
              ck_assert_msg (strstr (text, "…") == NULL, "%s at %g", text, widths[w]);
          }
      }
}
END_TEST

START_TEST (every_category_has_its_name)
{
  static const char *const names[] = { "grade A0", "grade B1", "grade C2", "grade D3" };
  static const double widths[] = { 140, 200, 252, 400, 453 };

  for (gsize w = 0; w < G_N_ELEMENTS (widths); w++)
    {
      g_autoptr (ShsScene) scene
          = build (SHS_TEST_ORDINARY, SHS_PLOT_DEPENDENCE, "clarity", widths[w], 250, NULL);

      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        ck_assert_msg (find_text (scene, SHS_ROLE_TICK_LABEL, names[i]) != NULL, "%s at %g",
                       names[i], widths[w]);
    }
}
END_TEST

START_TEST (years_carry_no_thousands_marks)
{
  ShsNumberLabel years = shs_number_label_for_feature (5, 1980);
  ShsNumberLabel prices = shs_number_label_for_feature (5000, 15000);
  ShsNumberLabel outputs = shs_number_label_for_step (500, 2000, FALSE);
  g_autofree char *year = shs_number_label_format (&years, 1975);
  g_autofree char *price = shs_number_label_format (&prices, 5000);
  g_autofree char *output = shs_number_label_format (&outputs, 1500);

  ck_assert_str_eq (year, "1975");
  ck_assert_str_eq (price, "5,000");
  ck_assert_str_eq (output, "1,500");
}
END_TEST

START_TEST (zero_has_the_colour_of_neither_sign)
{
  g_autoptr (ShsScene) scene = build (SHS_TEST_ALL_ZERO, SHS_PLOT_WATERFALL, NULL, 400, 250, NULL);
  const ShsMark *zero = find_text (scene, SHS_ROLE_VALUE_LABEL, "0");
  ShsTheme theme;

  shs_theme_init (&theme, "light", "shap");
  ck_assert_ptr_nonnull (zero);
  ck_assert (shs_color_equal (zero->text.color, theme.muted));
}
END_TEST

/* Rows without a value of the feature are counted in a bar of their own. */
START_TEST (missing_rows_have_a_bar_in_the_histogram)
{
  g_autoptr (ShsScene) scene
      = build (SHS_TEST_ORDINARY, SHS_PLOT_DEPENDENCE, "depth (mm)", 400, 290, NULL);
  double left = 0, missing = -1;

  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->type == SHS_MARK_POINTS && mark->points.shape == SHS_POINT_TICK)
        missing = mark->points.x[0];
      if (mark->key.role == SHS_ROLE_HISTOGRAM)
        left = mark->box.x;
    }
  ck_assert (left < missing && missing - left < 10);
}
END_TEST

START_TEST (what_cannot_be_seen_is_refused)
{
  GError *small = NULL, *missing = NULL;

  for (int kind = 0; kind < SHS_N_PLOT_KINDS; kind++)
    {
      ck_assert_ptr_null (build (SHS_TEST_ORDINARY, kind, NULL, 28, 28, &small));
      shs_test_assert_error (small, SHS_ERROR_CHOICE);
      ck_assert_ptr_nonnull (strstr (small->message, "10 x 10 mm is too small"));
      g_clear_error (&small);
      ck_assert_ptr_null (build (SHS_TEST_NAN_VALUES, kind, NULL, 400, 300, &missing));
      shs_test_assert_error (missing, SHS_ERROR_CHOICE);
      ck_assert_ptr_nonnull (strstr (missing->message, "all missing"));
      g_clear_error (&missing);
    }
}
END_TEST

START_TEST (a_short_axis_title_keeps_its_unit)
{
  g_autoptr (ShsScene) scene
      = build (SHS_TEST_ORDINARY, SHS_PLOT_DEPENDENCE, "carat", 400, 160, NULL);

  ck_assert_ptr_nonnull (find_text (scene, SHS_ROLE_AXIS_LABEL, "SHAP value (dollars)"));
}
END_TEST

Suite *
labels_suite (void)
{
  Suite *suite = suite_create ("labels");
  TCase *cases = tcase_create ("labels");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, a_long_name_takes_two_lines_where_there_is_room);
  tcase_add_test (cases, a_name_that_is_too_long_lacks_its_middle_and_keeps_its_value);
  tcase_add_test (cases, no_value_of_a_feature_is_cut);
  tcase_add_test (cases, every_category_has_its_name);
  tcase_add_test (cases, years_carry_no_thousands_marks);
  tcase_add_test (cases, zero_has_the_colour_of_neither_sign);
  tcase_add_test (cases, missing_rows_have_a_bar_in_the_histogram);
  tcase_add_test (cases, what_cannot_be_seen_is_refused);
  tcase_add_test (cases, a_short_axis_title_keeps_its_unit);
  suite_add_tcase (suite, cases);
  return suite;
}
