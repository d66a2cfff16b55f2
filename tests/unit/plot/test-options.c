#include "shs-test-explanation.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "plot/shs-plot.h"

#include <string.h>

Suite *options_suite (void);

static void
set (ShsPlotOptions *options, const ShsExplanation *explanation, const char *name,
     const char *value)
{
  GError *error = NULL;

  ck_assert_msg (shs_plot_options_set (options, name, value, explanation, &error), "%s",
                 error != NULL ? error->message : "");
}

START_TEST (names_of_rows_features_and_outputs_are_understood)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_DEPENDENCE);

  set (options, explanation, "feature", "clarity");
  ck_assert_int_eq (options->feature, 1);
  set (options, explanation, "feature", "#4");
  ck_assert_int_eq (options->feature, 4);
  set (options, explanation, "feature", "");
  ck_assert_int_eq (options->feature, -1);
  set (options, explanation, "row", "59");
  ck_assert_int_eq (options->row, 59);
  set (options, explanation, "row", "none");
  ck_assert_int_eq (options->row, -1);
  set (options, explanation, "output", "class 1");
  ck_assert_uint_eq (options->output, 1);
  set (options, explanation, "kind", "scatter");
  ck_assert_int_eq (options->kind, SHS_PLOT_DEPENDENCE);
}
END_TEST

START_TEST (every_word_reads_back_what_was_set)
{
  static const char *const values[][2]
      = { { "kind", "waterfall" },  { "row", "3" },         { "output", "1" },
          { "feature", "#2" },      { "color", "clarity" }, { "max-display", "7" },
          { "order", "max" },       { "link", "logit" },    { "palette", "print" },
          { "theme", "dark" },      { "title", "A = b" },   { "font-size", "8.5" },
          { "seed", "12345" },      { "note", "on" },       { "interaction", "clarity" },
          { "x-limits", "-1.5:2" }, { "y-limits", "0:" } };
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_BAR);
  g_autoptr (ShsPlotOptions) copy = NULL;

  ck_assert_uint_eq (G_N_ELEMENTS (values), g_strv_length ((char **)shs_plot_options_get_names ()));
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = NULL;

      copy = shs_plot_options_copy (options);
      ck_assert (shs_plot_options_equal (copy, options));
      set (options, explanation, values[i][0], values[i][1]);
      ck_assert_msg (!shs_plot_options_equal (copy, options), "%s", values[i][0]);
      g_clear_pointer (&copy, shs_plot_options_free);
      text = shs_plot_options_get (options, values[i][0]);
      ck_assert_str_eq (text, values[i][1]);
    }
  ck_assert_ptr_null (shs_plot_options_get (options, "colour"));
}
END_TEST

START_TEST (impossible_choices_are_refused_and_change_nothing)
{
  static const char *const values[][2] = {
    { "kind", "pie" },       { "row", "60" },       { "row", "x" },         { "output", "2" },
    { "feature", "weight" }, { "color", "weight" }, { "max-display", "0" }, { "order", "random" },
    { "link", "probit" },    { "palette", "jet" },  { "theme", "blue" },    { "font-size", "200" },
    { "font-size", "0" },    { "seed", "-1" },      { "note", "maybe" },    { "colour", "none" },
    { "x-limits", "2:1" },   { "x-limits", "a:3" }, { "y-limits", "3" }
  };
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_BAR);
  g_autoptr (ShsPlotOptions) before = shs_plot_options_copy (options);

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_msg (
          !shs_plot_options_set (options, values[i][0], values[i][1], explanation, &error), "%s=%s",
          values[i][0], values[i][1]);
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
      ck_assert (shs_plot_options_equal (before, options));
    }
}
END_TEST

Suite *
options_suite (void)
{
  Suite *suite = suite_create ("options");
  TCase *cases = tcase_create ("options");

  tcase_add_test (cases, names_of_rows_features_and_outputs_are_understood);
  tcase_add_test (cases, every_word_reads_back_what_was_set);
  tcase_add_test (cases, impossible_choices_are_refused_and_change_nothing);
  suite_add_tcase (suite, cases);
  return suite;
}
