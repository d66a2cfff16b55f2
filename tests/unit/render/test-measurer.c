#include "shs-test-explanation.h"
#include "shs-test-scene.h"
#include "shs-test.h"

#include "render/shs-render.h"

#include <string.h>

Suite *measurer_suite (void);

static ShsTextMeasurer *measurer;

static void
make_measurer (void)
{
  measurer = shs_render_measurer_new ("DejaVu Sans");
}

static void
free_measurer (void)
{
  g_clear_pointer (&measurer, shs_render_measurer_free);
}

/* DejaVu Sans: "0" advances 1303 of 2048 units, ascent 1901, descent 483. */
START_TEST (a_point_of_text_is_a_point_of_the_scene)
{
  ShsTextExtents extents;

  measurer->measure (measurer, "0000000000", (ShsFont){ 9, FALSE }, &extents);
  ck_assert_double_eq_tol (extents.width, 10 * 9 * 1303 / 2048.0, 0.05);
  ck_assert_double_eq_tol (extents.ascent, 9 * 1901 / 2048.0, 0.05);
  ck_assert_double_eq_tol (extents.descent, 9 * 483 / 2048.0, 0.05);
}
END_TEST

START_TEST (width_grows_in_proportion_to_the_size)
{
  double small = shs_text_width (measurer, "SHAP value (impact)", (ShsFont){ 5, FALSE });
  double large = shs_text_width (measurer, "SHAP value (impact)", (ShsFont){ 50, FALSE });

  ck_assert_double_eq_tol (large / small, 10, 0.02);
  ck_assert_double_gt (shs_text_width (measurer, "bold", (ShsFont){ 10, TRUE }),
                       shs_text_width (measurer, "bold", (ShsFont){ 10, FALSE }));
}
END_TEST

START_TEST (elided_text_fits_and_cuts_between_graphemes)
{
  static const char *const texts[]
      = { "serum free light chain, kappa portion",
          "e\xcc\x81"
          "e\xcc\x81"
          "e\xcc\x81"
          "e\xcc\x81"
          "e\xcc\x81",
          "中文名称中文名称", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧" };
  ShsFont font = { 10, FALSE };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (double width = 0; width < 100; width += 3)
      {
        g_autofree char *cut = measurer->elide (measurer, texts[i], font, width);
        gsize n = strlen (cut);

        ck_assert (g_utf8_validate (cut, -1, NULL));
        ck_assert_double_le (shs_text_width (measurer, cut, font), width + 1e-9);
        if (strcmp (cut, texts[i]) == 0 || n == 0)
          continue;
        ck_assert (g_str_has_suffix (cut, "…"));
        /* What follows the cut begins a new grapheme. */
        ck_assert (!g_unichar_ismark (g_utf8_get_char (texts[i] + n - strlen ("…"))));
      }
}
END_TEST

START_TEST (no_text_touches_another_in_a_real_font)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (_i);

  shs_test_assert_layouts (explanation, shs_test_case_get_name (_i), measurer);
}
END_TEST

Suite *
measurer_suite (void)
{
  Suite *suite = suite_create ("measurer");
  TCase *cases = tcase_create ("measurer");

  tcase_set_timeout (cases, 120);
  tcase_add_checked_fixture (cases, make_measurer, free_measurer);
  tcase_add_test (cases, a_point_of_text_is_a_point_of_the_scene);
  tcase_add_test (cases, width_grows_in_proportion_to_the_size);
  tcase_add_test (cases, elided_text_fits_and_cuts_between_graphemes);
  tcase_add_loop_test (cases, no_text_touches_another_in_a_real_font, 0, SHS_TEST_N_CASES);
  suite_add_tcase (suite, cases);
  return suite;
}
