#include "plot/shs-theme.h"

#include <math.h>
#include <string.h>

#define TEXT_CONTRAST 4.5

/* The red-blue map of the shap library: LCh, equal ends in lightness, darker in the middle. */
#define BLUE_LIGHTNESS 54.0
#define BLUE_CHROMA 70.0
#define BLUE_HUE 4.6588
#define RED_LIGHTNESS 54.0
#define RED_CHROMA 90.0
#define RED_HUE (0.35470565 + 2 * G_PI)
#define MIDDLE_LIGHTNESS 40.0

/* Signs, light and dark. "print" (ColorBrewer's PuOr) parts the signs by lightness too, so that it
 * survives a copy in grey. */
static const struct
{
  const char *name;
  guint32 positive[2];
  guint32 negative[2];
} palettes[] = {
  { "shap", { 0xff0051, 0xff0051 }, { 0x008bfb, 0x008bfb } },
  { "okabe-ito", { 0xd55e00, 0xd55e00 }, { 0x0072b2, 0x0072b2 } },
  { "print", { 0xb35806, 0xfdb863 }, { 0x542788, 0x8073ac } },
  { "viridis", { 0xd55e00, 0xd55e00 }, { 0x0072b2, 0x0072b2 } },
  { "cividis", { 0xd55e00, 0xd55e00 }, { 0x0072b2, 0x0072b2 } },
};

#define N_STOPS 10

/* Maps of one direction in lightness, sampled at equal distances: viridis by N. Smith and S. van
 * der Walt, cividis by J. Nunez, C. Anderton and R. Renslow; both are in the public domain (CC0).
 * Their ends are cut where they would sink into the background. */
static const struct
{
  const char *name;
  guint32 stops[N_STOPS];
} sequences[] = {
  { "viridis",
    { 0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b,
      0xfde725 } },
  { "cividis",
    { 0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xe1cc55,
      0xfee838 } },
};

#define LIGHT_END 0.88 /* of a sequence on white */
#define DARK_START 0.2 /* of a sequence on the dark background */

static const char *const palette_names[]
    = { "shap", "okabe-ito", "print", "viridis", "cividis", NULL };
static const char *const theme_names[] = { "light", "dark", NULL };

const char *const *
shs_theme_get_palettes (void)
{
  return palette_names;
}

const char *const *
shs_theme_get_names (void)
{
  return theme_names;
}

guint32
shs_color_pack (ShsColor color)
{
  const float channels[4] = { color.red, color.green, color.blue, color.alpha };
  guint32 packed = 0;

  for (guint i = 0; i < 4; i++)
    packed = packed << 8 | (guint32)lroundf (255 * CLAMP (channels[i], 0, 1));
  return packed;
}

ShsColor
shs_color_on (ShsColor color)
{
  ShsColor black = SHS_COLOR_HEX (0x000000);
  ShsColor white = SHS_COLOR_HEX (0xffffff);

  return shs_color_get_contrast (color, black) > shs_color_get_contrast (color, white) ? black
                                                                                       : white;
}

ShsColor
shs_color_make_readable (ShsColor color, ShsColor background, double contrast)
{
  ShsColor end = shs_color_on (background);

  for (double t = 0; t < 1; t += 0.02)
    {
      ShsColor mixed = shs_color_mix (color, end, t);

      if (shs_color_get_contrast (mixed, background) >= contrast)
        return mixed;
    }
  return end;
}

static double
blend (double a, double b, double t)
{
  return a + (b - a) * t;
}

static ShsColor
get_red_blue (double t)
{
  double lightness = t < 0.5 ? blend (BLUE_LIGHTNESS, MIDDLE_LIGHTNESS, 2 * t)
                             : blend (MIDDLE_LIGHTNESS, RED_LIGHTNESS, 2 * t - 1);

  return shs_color_from_lch (lightness, blend (BLUE_CHROMA, RED_CHROMA, t),
                             blend (BLUE_HUE, RED_HUE, t));
}

/* A straight line in CIE Lab, so that steps look equal. */
static ShsColor
get_between (ShsColor low, ShsColor high, double t)
{
  double a[3], b[3];

  shs_color_to_lab (low, a);
  shs_color_to_lab (high, b);
  for (guint i = 0; i < 3; i++)
    a[i] = blend (a[i], b[i], t);
  return shs_color_from_lch (a[0], hypot (a[1], a[2]), atan2 (a[2], a[1]));
}

static ShsColor
get_in_sequence (const guint32 *stops, double t)
{
  double place = t * (N_STOPS - 1);
  guint low = (guint)CLAMP (floor (place), 0, N_STOPS - 2);

  return get_between (SHS_COLOR_HEX (stops[low]), SHS_COLOR_HEX (stops[low + 1]), place - low);
}

static const guint32 *
find_sequence (const char *palette)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sequences); i++)
    if (g_strcmp0 (palette, sequences[i].name) == 0)
      return sequences[i].stops;
  return NULL;
}

static ShsColor
get_map_color (const ShsTheme *theme, const char *palette, const guint32 *stops, double t)
{
  double start = theme->is_dark ? DARK_START : 0, end = theme->is_dark ? 1 : LIGHT_END;

  if (stops != NULL)
    return get_in_sequence (stops, blend (start, end, t));
  return g_strcmp0 (palette, palettes[0].name) == 0
             ? get_red_blue (t)
             : get_between (theme->negative, theme->positive, t);
}

static void
fill_map (ShsTheme *theme, const char *palette)
{
  const guint32 *stops = find_sequence (palette);

  for (guint i = 0; i < SHS_COLOR_MAP_SIZE; i++)
    theme->map[i] = shs_color_pack (
        get_map_color (theme, palette, stops, (double)i / (SHS_COLOR_MAP_SIZE - 1)));
}

static void
set_surroundings (ShsTheme *theme)
{
  gboolean dark = theme->is_dark;

  theme->background = dark ? SHS_COLOR_HEX (0x1e1e1e) : SHS_COLOR_HEX (0xffffff);
  theme->text = dark ? SHS_COLOR_HEX (0xe6e6e6) : SHS_COLOR_HEX (0x333333);
  theme->muted = dark ? SHS_COLOR_HEX (0x9e9e9e) : SHS_COLOR_HEX (0x6e6e6e);
  theme->axis = dark ? SHS_COLOR_HEX (0x8f8f8f) : SHS_COLOR_HEX (0x555555);
  theme->zero = dark ? SHS_COLOR_HEX (0x7d7d7d) : SHS_COLOR_HEX (0x999999);
  theme->grid = dark ? SHS_COLOR_HEX (0x4a4a4a) : SHS_COLOR_HEX (0xcccccc);
  theme->missing = dark ? SHS_COLOR_HEX (0x9a9a9a) : SHS_COLOR_HEX (0x777777);
  theme->neutral = dark ? SHS_COLOR_HEX (0x8a8a8a) : SHS_COLOR_HEX (0x848484);
  theme->histogram = dark ? SHS_COLOR_HEX (0x343434) : SHS_COLOR_HEX (0xe6e6e6);
}

void
shs_theme_init (ShsTheme *theme, const char *name, const char *palette)
{
  gsize which = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (palettes); i++)
    if (g_strcmp0 (palette, palettes[i].name) == 0)
      which = i;
  theme->is_dark = g_strcmp0 (name, "dark") == 0;
  set_surroundings (theme);
  theme->positive = SHS_COLOR_HEX (palettes[which].positive[theme->is_dark]);
  theme->negative = SHS_COLOR_HEX (palettes[which].negative[theme->is_dark]);
  theme->positive_text
      = shs_color_make_readable (theme->positive, theme->background, TEXT_CONTRAST);
  theme->negative_text
      = shs_color_make_readable (theme->negative, theme->background, TEXT_CONTRAST);
  fill_map (theme, palettes[which].name);
}

guint32
shs_theme_get_color (const ShsTheme *theme, double t)
{
  return theme->map[(gsize)lround (CLAMP (t, 0, 1) * (SHS_COLOR_MAP_SIZE - 1))];
}
