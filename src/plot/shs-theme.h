/* What a figure's colours are: one value made from the names of a theme and a palette. */
#pragma once

#include "core/shs-color.h"

G_BEGIN_DECLS

#define SHS_COLOR_MAP_SIZE 256

/**
 * ShsTheme:
 * @text: names, numbers of axes
 * @muted: values beside names, captions; contrast >= 4.5 as all text
 * @axis: axis lines and ticks
 * @zero: the line at zero
 * @grid: leaders and row lines
 * @missing: marks of missing values
 * @neutral: marks that have no sign and no value
 * @positive, @negative: marks of either sign; contrast >= 3
 * @positive_text, @negative_text: the same, as text
 * @map: colours of a feature's value from low to high, 0xRRGGBBAA
 */
typedef struct
{
  gboolean is_dark;
  ShsColor background;
  ShsColor text;
  ShsColor muted;
  ShsColor axis;
  ShsColor zero;
  ShsColor grid;
  ShsColor missing;
  ShsColor neutral;
  ShsColor histogram;
  ShsColor positive;
  ShsColor negative;
  ShsColor positive_text;
  ShsColor negative_text;
  guint32 map[SHS_COLOR_MAP_SIZE];
} ShsTheme;

/** shs_theme_get_palettes, shs_theme_get_names: NULL-ended: what shs_theme_init() understands. */
const char *const *shs_theme_get_palettes (void);
const char *const *shs_theme_get_names (void);

/** shs_theme_init: unknown or NULL names give the first of each list. */
void shs_theme_init (ShsTheme *theme, const char *name, const char *palette);

/** shs_theme_get_color: of a value at @t in 0..1 between low and high. */
guint32 shs_theme_get_color (const ShsTheme *theme, double t);

/** shs_color_pack: 0xRRGGBBAA. */
guint32 shs_color_pack (ShsColor color);

/** shs_color_on: black or white, whichever stands out more on @color. */
ShsColor shs_color_on (ShsColor color);

/** shs_color_make_readable: @color, moved towards black or white until it has @contrast. */
ShsColor shs_color_make_readable (ShsColor color, ShsColor background, double contrast);

G_END_DECLS
