#include "shs-test.h"

#include "plot/shs-theme.h"

#include <math.h>
#include <string.h>

Suite *theme_suite (void);

#define MIN_MARK_CONTRAST 3.0
#define MIN_TEXT_CONTRAST 4.5
#define MIN_GREY_DIFFERENCE 15.0
#define MIN_SEEN_DIFFERENCE 20.0

/* Machado, Oliveira and Fernandes 2009, severity 1, for linear light. */
static const double deficiencies[3][9] = {
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
  { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 },
};

static double
to_linear (double c)
{
  return c <= 0.04045 ? c / 12.92 : pow ((c + 0.055) / 1.055, 2.4);
}

static float
from_linear (double c)
{
  c = CLAMP (c, 0, 1);
  return (float)(c <= 0.0031308 ? 12.92 * c : 1.055 * pow (c, 1 / 2.4) - 0.055);
}

static ShsColor
see_with (ShsColor color, const double matrix[9])
{
  double rgb[3] = { to_linear (color.red), to_linear (color.green), to_linear (color.blue) };
  double seen[3];

  for (guint i = 0; i < 3; i++)
    seen[i] = matrix[3 * i] * rgb[0] + matrix[3 * i + 1] * rgb[1] + matrix[3 * i + 2] * rgb[2];
  return (ShsColor){ from_linear (seen[0]), from_linear (seen[1]), from_linear (seen[2]), 1 };
}

static double
get_distance (ShsColor a, ShsColor b)
{
  double p[3], q[3];

  shs_color_to_lab (a, p);
  shs_color_to_lab (b, q);
  return sqrt ((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1])
               + (p[2] - q[2]) * (p[2] - q[2]));
}

static double
get_lightness (ShsColor color)
{
  double lab[3];

  shs_color_to_lab (color, lab);
  return lab[0];
}

static void
assert_contrast (ShsColor color, ShsColor background, double least, const char *what)
{
  double contrast = shs_color_get_contrast (color, background);

  ck_assert_msg (contrast >= least, "%s: contrast %.2f", what, contrast);
}

static void
assert_stands_out (const ShsTheme *theme, const char *palette)
{
  assert_contrast (theme->positive, theme->background, MIN_MARK_CONTRAST, palette);
  assert_contrast (theme->negative, theme->background, MIN_MARK_CONTRAST, palette);
  assert_contrast (theme->missing, theme->background, MIN_MARK_CONTRAST, "missing");
  assert_contrast (theme->neutral, theme->background, MIN_MARK_CONTRAST, "neutral");
  assert_contrast (theme->text, theme->background, MIN_TEXT_CONTRAST, "text");
  assert_contrast (theme->muted, theme->background, MIN_TEXT_CONTRAST, "muted");
  assert_contrast (theme->positive_text, theme->background, MIN_TEXT_CONTRAST, "positive");
  assert_contrast (theme->negative_text, theme->background, MIN_TEXT_CONTRAST, "negative");
  assert_contrast (shs_color_on (theme->positive), theme->positive, MIN_TEXT_CONTRAST, "inside");
  assert_contrast (shs_color_on (theme->negative), theme->negative, MIN_TEXT_CONTRAST, "inside");
}

static void
assert_signs_differ (const ShsTheme *theme, const char *palette)
{
  for (guint d = 0; d < 3; d++)
    ck_assert_msg (get_distance (see_with (theme->positive, deficiencies[d]),
                                 see_with (theme->negative, deficiencies[d]))
                       >= MIN_SEEN_DIFFERENCE,
                   "%s, deficiency %u", palette, d);
  if (strcmp (palette, "print") == 0)
    ck_assert_double_ge (fabs (get_lightness (theme->positive) - get_lightness (theme->negative)),
                         MIN_GREY_DIFFERENCE);
}

static void
for_each_theme (void (*check) (const ShsTheme *theme, const char *palette))
{
  const char *const *names = shs_theme_get_names ();
  const char *const *palettes = shs_theme_get_palettes ();

  for (gsize i = 0; names[i] != NULL; i++)
    for (gsize j = 0; palettes[j] != NULL; j++)
      {
        ShsTheme theme;

        shs_theme_init (&theme, names[i], palettes[j]);
        check (&theme, palettes[j]);
      }
}

START_TEST (marks_and_texts_of_every_theme_stand_out)
{
  for_each_theme (assert_stands_out);
}
END_TEST

START_TEST (signs_are_told_apart_by_every_eye)
{
  for_each_theme (assert_signs_differ);
}
END_TEST

START_TEST (the_value_map_has_the_colours_of_the_shap_library)
{
  static const guint32 stops[] = { 0x008bfb, 0x007cf5, 0x236cea, 0x6359da, 0x8443c6, 0x9b23ad,
                                   0xbb00a0, 0xd5008f, 0xe9007c, 0xf90067, 0xff0051 };
  ShsTheme theme;

  shs_theme_init (&theme, "light", "shap");
  for (guint i = 0; i < G_N_ELEMENTS (stops); i++)
    {
      guint32 color = shs_theme_get_color (&theme, i / 10.0);

      /* shap interpolates between 100 stops: a few steps of 255 lie between the two. */
      for (guint shift = 0; shift < 24; shift += 8)
        ck_assert_int_le (
            ABS ((int)((color >> (shift + 8)) & 255) - (int)((stops[i] >> shift) & 255)), 4);
      ck_assert_uint_eq (color & 255, 255);
    }
}
END_TEST

START_TEST (colours_are_made_readable_only_where_they_are_not)
{
  ShsColor white = SHS_COLOR_HEX (0xffffff);
  ShsColor dark = SHS_COLOR_HEX (0x123456);
  ShsColor pale = SHS_COLOR_HEX (0xeeee88);

  ck_assert (shs_color_equal (shs_color_make_readable (dark, white, 4.5), dark));
  assert_contrast (shs_color_make_readable (pale, white, 4.5), white, 4.5, "pale");
}
END_TEST

Suite *
theme_suite (void)
{
  Suite *suite = suite_create ("theme");
  TCase *cases = tcase_create ("theme");

  tcase_add_test (cases, marks_and_texts_of_every_theme_stand_out);
  tcase_add_test (cases, signs_are_told_apart_by_every_eye);
  tcase_add_test (cases, the_value_map_has_the_colours_of_the_shap_library);
  tcase_add_test (cases, colours_are_made_readable_only_where_they_are_not);
  suite_add_tcase (suite, cases);
  return suite;
}
