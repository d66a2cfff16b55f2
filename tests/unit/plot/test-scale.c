#include "shs-test.h"

#include "plot/shs-number-label.h"
#include "plot/shs-scale.h"

#include <math.h>

Suite *scale_suite (void);

static void
assert_nice_ticks (const ShsScale *scale, gsize n)
{
  ShsTicks ticks;
  double digit;

  shs_scale_find_ticks (scale, n, &ticks);
  ck_assert_uint_ge (ticks.n, 1);
  ck_assert_uint_le (ticks.n, n);
  digit = ticks.step / pow (10, floor (log10 (ticks.step) + 1e-9));
  ck_assert (fabs (digit - 1) < 1e-6 || fabs (digit - 2) < 1e-6 || fabs (digit - 5) < 1e-6);
  for (gsize k = 0; k < ticks.n; k++)
    {
      ck_assert_double_ge (ticks.positions[k], scale->low - 1e-9 * ticks.step);
      ck_assert_double_le (ticks.positions[k], scale->high + 1e-9 * ticks.step);
      ck_assert (k == 0 || ticks.positions[k] > ticks.positions[k - 1]);
    }
}

START_TEST (ticks_are_nice_ascending_and_within_the_axis)
{
  static const double ends[][2] = { { 0, 1 },       { -1348, 577 },  { -2.5, 5.7 },
                                    { 1e-9, 3e-9 }, { -1e12, 1e13 }, { 0.001, 0.0011 } };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    for (gsize n = 3; n <= 12; n++)
      {
        ShsScale scale = shs_scale_new (ends[i][0], ends[i][1], 0.03, 0, 300);

        assert_nice_ticks (&scale, n);
      }
}
END_TEST

START_TEST (a_scale_is_usable_whatever_the_numbers)
{
  static const double ends[][2]
      = { { 0, 0 }, { 5, 5 },           { NAN, 1 },        { -INFINITY, 3 },
          { 4, 2 }, { 1e308, 1.7e308 }, { -1e308, 1e308 }, { 5e-324, 5e-324 } };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      ShsScale scale = shs_scale_new (ends[i][0], ends[i][1], 0.05, 10, 110);
      ShsTicks ticks;

      ck_assert (isfinite (scale.low) && isfinite (scale.high) && scale.low < scale.high);
      ck_assert (isfinite (shs_scale_map (&scale, NAN)));
      ck_assert (isfinite (shs_scale_map (&scale, INFINITY)));
      ck_assert_double_eq_tol (shs_scale_map (&scale, scale.high), 110, 1e-6);
      shs_scale_find_ticks (&scale, 6, &ticks);
      ck_assert_uint_le (ticks.n, SHS_SCALE_MAX_TICKS);
    }
}
END_TEST

START_TEST (a_logit_axis_is_labelled_with_probabilities_at_their_places)
{
  static const double ends[][2] = { { -5, 5 }, { -0.94, -0.82 }, { 2, 30 } };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      ShsScale scale = shs_scale_new (ends[i][0], ends[i][1], 0, 0, 400);
      ShsTicks ticks;

      scale.is_logit = TRUE;
      shs_scale_find_ticks (&scale, 9, &ticks);
      ck_assert_uint_ge (ticks.n, 3);
      for (gsize k = 0; k < ticks.n; k++)
        {
          ck_assert (ticks.shown[k] > 0 && ticks.shown[k] < 1);
          ck_assert_double_eq_tol (shs_logistic (ticks.positions[k]), ticks.shown[k], 1e-12);
          ck_assert (k == 0 || ticks.positions[k] > ticks.positions[k - 1]);
        }
    }
}
END_TEST

START_TEST (numbers_of_a_figure_share_their_decimals)
{
  static const struct
  {
    double scale, value;
    const char *text;
  } cases[] = { { 2773.52, 2773.52, "+2,774" },
                { 2773.52, -10.06, "−10" },
                { 0.66, 0.1516, "+0.152" },
                { 0.66, -0.0001, "0.000" },
                { 26, 3.14159, "+3.1" },
                { 3e-7, -1.234e-7, "−1.23×10⁻⁷" },
                { 2e300, 1e300, "+1.00×10³⁰⁰" },
                { 1e-310, 1e-310, "+1.00×10⁻³¹⁰" },
                { 0, 0, "0" },
                { 5, NAN, "missing" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ShsNumberLabel label = shs_number_label_for_scale (cases[i].scale, 3, TRUE);
      g_autofree char *text = shs_number_label_format (&label, cases[i].value);

      ck_assert_str_eq (text, cases[i].text);
    }
}
END_TEST

START_TEST (ticks_have_the_decimals_of_their_step)
{
  static const struct
  {
    double step, largest, value;
    const char *text;
  } cases[] = { { 0.5, 2, 1.5, "1.5" },
                { 0.05, 2, 1.5, "1.50" },
                { 2000, 6000, -2000, "−2,000" },
                { 5e-8, 2e-7, 1e-7, "1.0×10⁻⁷" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ShsNumberLabel label = shs_number_label_for_step (cases[i].step, cases[i].largest, FALSE);
      g_autofree char *text = shs_number_label_format (&label, cases[i].value);

      ck_assert_str_eq (text, cases[i].text);
    }
}
END_TEST

Suite *
scale_suite (void)
{
  Suite *suite = suite_create ("scale");
  TCase *cases = tcase_create ("scale");

  tcase_add_test (cases, ticks_are_nice_ascending_and_within_the_axis);
  tcase_add_test (cases, a_scale_is_usable_whatever_the_numbers);
  tcase_add_test (cases, a_logit_axis_is_labelled_with_probabilities_at_their_places);
  tcase_add_test (cases, numbers_of_a_figure_share_their_decimals);
  tcase_add_test (cases, ticks_have_the_decimals_of_their_step);
  suite_add_tcase (suite, cases);
  return suite;
}
