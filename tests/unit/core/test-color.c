#include "shs-test.h"

#include "core/shs-color.h"

#include <math.h>

Suite *color_suite (void);

START_TEST (lch_ends_of_the_red_blue_map_are_its_published_colours)
{
  g_autofree char *blue = shs_color_to_hex (shs_color_from_lch (54, 70, 4.6588));
  g_autofree char *red = shs_color_to_hex (shs_color_from_lch (54, 90, 0.35470565 + 2 * G_PI));

  ck_assert_str_eq (blue, "#008bfb");
  ck_assert_str_eq (red, "#ff0051");
}
END_TEST

START_TEST (lab_of_a_colour_leads_back_to_it)
{
  ShsColor color = SHS_COLOR_HEX (0x336699);
  double lab[3];

  shs_color_to_lab (color, lab);
  ShsColor back = shs_color_from_lch (lab[0], hypot (lab[1], lab[2]), atan2 (lab[2], lab[1]));
  ck_assert_float_eq_tol (back.red, color.red, 1e-5);
  ck_assert_float_eq_tol (back.green, color.green, 1e-5);
  ck_assert_float_eq_tol (back.blue, color.blue, 1e-5);
}
END_TEST

START_TEST (contrast_runs_from_one_to_twenty_one)
{
  ShsColor black = SHS_COLOR_HEX (0x000000);
  ShsColor white = SHS_COLOR_HEX (0xffffff);

  ck_assert_double_eq_tol (shs_color_get_contrast (black, white), 21, 1e-6);
  ck_assert_double_eq_tol (shs_color_get_contrast (white, white), 1, 1e-6);
}
END_TEST

START_TEST (hexadecimal_text_is_parsed_strictly)
{
  ShsColor color;

  ck_assert (shs_color_parse ("#08f", &color));
  ck_assert (shs_color_equal (color, SHS_COLOR_HEX (0x0088ff)));
  ck_assert (shs_color_parse ("#11223380", &color));
  ck_assert_float_eq_tol (color.alpha, 128 / 255.0f, 1e-6);
  ck_assert (!shs_color_parse ("#12345", &color));
  ck_assert (!shs_color_parse ("#12345g", &color));
  ck_assert (!shs_color_parse ("red", &color));
}
END_TEST

Suite *
color_suite (void)
{
  Suite *suite = suite_create ("color");
  TCase *cases = tcase_create ("color");

  tcase_add_test (cases, lch_ends_of_the_red_blue_map_are_its_published_colours);
  tcase_add_test (cases, lab_of_a_colour_leads_back_to_it);
  tcase_add_test (cases, contrast_runs_from_one_to_twenty_one);
  tcase_add_test (cases, hexadecimal_text_is_parsed_strictly);
  suite_add_tcase (suite, cases);
  return suite;
}
