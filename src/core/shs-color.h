/* Colours and the spaces they are computed in. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsColor: sRGB with straight alpha, each component in 0..1. */
typedef struct
{
  float red, green, blue, alpha;
} ShsColor;

/** SHS_COLOR_HEX: an opaque colour from 0xRRGGBB. */
#define SHS_COLOR_HEX(rgb)                                                                         \
  ((ShsColor){ (((rgb) >> 16) & 255) / 255.0f, (((rgb) >> 8) & 255) / 255.0f,                      \
               ((rgb)&255) / 255.0f, 1.0f })

/** shs_color_with_alpha: the same colour, @alpha in 0..1. */
ShsColor shs_color_with_alpha (ShsColor color, double alpha);
/** shs_color_mix: linear blend of the components; @t = 0 gives @a. */
ShsColor shs_color_mix (ShsColor a, ShsColor b, double t);
/** shs_color_parse: "#rgb", "#rrggbb" or "#rrggbbaa"; FALSE for anything else. */
gboolean shs_color_parse (const char *text, ShsColor *color);
/** shs_color_to_hex: (transfer full): "#rrggbb"; alpha is not written. */
char *shs_color_to_hex (ShsColor color);
gboolean shs_color_equal (ShsColor a, ShsColor b);

/** shs_color_from_lch: CIE LCh(ab), D65 (0.95047, 1, 1.08883), hue in radians, clipped to sRGB. */
ShsColor shs_color_from_lch (double lightness, double chroma, double hue);
/** shs_color_to_lab: CIE L*a*b* (D65) into @lab[3]. */
void shs_color_to_lab (ShsColor color, double lab[3]);
/** shs_color_get_luminance: relative luminance after WCAG 2.1, in 0..1. */
double shs_color_get_luminance (ShsColor color);
/** shs_color_get_contrast: the WCAG 2.1 contrast ratio, 1..21. */
double shs_color_get_contrast (ShsColor a, ShsColor b);

G_END_DECLS
