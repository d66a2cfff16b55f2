#include "core/shs-color.h"

#include <math.h>
#include <string.h>

static const double white[3] = { 0.95047, 1.0, 1.08883 };

ShsColor
shs_color_with_alpha (ShsColor color, double alpha)
{
  color.alpha = (float)alpha;
  return color;
}

ShsColor
shs_color_mix (ShsColor a, ShsColor b, double t)
{
  float s = (float)CLAMP (t, 0.0, 1.0);

  return (ShsColor){ a.red + (b.red - a.red) * s, a.green + (b.green - a.green) * s,
                     a.blue + (b.blue - a.blue) * s, a.alpha + (b.alpha - a.alpha) * s };
}

gboolean
shs_color_equal (ShsColor a, ShsColor b)
{
  return a.red == b.red && a.green == b.green && a.blue == b.blue && a.alpha == b.alpha;
}

gboolean
shs_color_parse (const char *text, ShsColor *color)
{
  guint channel[4] = { 0, 0, 0, 255 };
  gsize length;
  guint digits_each;

  if (text == NULL || text[0] != '#')
    return FALSE;
  length = strlen (++text);
  if (length != 3 && length != 6 && length != 8)
    return FALSE;
  digits_each = length == 3 ? 1 : 2;
  for (gsize i = 0; i < length; i++)
    {
      int digit = g_ascii_xdigit_value (text[i]);

      if (digit < 0)
        return FALSE;
      if (digits_each == 1)
        channel[i] = digit * 17;
      else
        channel[i / 2] = i % 2 == 0 ? (guint)digit : channel[i / 2] * 16 + digit;
    }
  *color = (ShsColor){ channel[0] / 255.0f, channel[1] / 255.0f, channel[2] / 255.0f,
                       channel[3] / 255.0f };
  return TRUE;
}

static guint
to_byte (float component)
{
  return (guint)lroundf (CLAMP (component, 0.0f, 1.0f) * 255);
}

char *
shs_color_to_hex (ShsColor color)
{
  return g_strdup_printf ("#%02x%02x%02x", to_byte (color.red), to_byte (color.green),
                          to_byte (color.blue));
}

static double
to_linear (double component)
{
  return component <= 0.04045 ? component / 12.92 : pow ((component + 0.055) / 1.055, 2.4);
}

static double
from_linear (double component)
{
  double encoded
      = component <= 0.0031308 ? component * 12.92 : 1.055 * pow (component, 1 / 2.4) - 0.055;

  return CLAMP (encoded, 0.0, 1.0);
}

static double
lab_curve (double t)
{
  return t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
}

static double
lab_curve_inverse (double f)
{
  return f > 6.0 / 29 ? f * f * f : (116 * f - 16) / (24389.0 / 27);
}

ShsColor
shs_color_from_lch (double lightness, double chroma, double hue)
{
  double fy = (lightness + 16) / 116;
  double x = white[0] * lab_curve_inverse (fy + chroma * cos (hue) / 500);
  double y = white[1] * lab_curve_inverse (fy);
  double z = white[2] * MAX (0.0, lab_curve_inverse (fy - chroma * sin (hue) / 200));

  return (ShsColor){
    (float)from_linear (3.24048134 * x - 1.53715152 * y - 0.49853633 * z),
    (float)from_linear (-0.96925495 * x + 1.87599 * y + 0.04155593 * z),
    (float)from_linear (0.05564664 * x - 0.20404134 * y + 1.05731107 * z),
    1.0f,
  };
}

void
shs_color_to_lab (ShsColor color, double lab[3])
{
  double r = to_linear (color.red);
  double g = to_linear (color.green);
  double b = to_linear (color.blue);
  double fx = lab_curve ((0.412453 * r + 0.357580 * g + 0.180423 * b) / white[0]);
  double fy = lab_curve ((0.212671 * r + 0.715160 * g + 0.072169 * b) / white[1]);
  double fz = lab_curve ((0.019334 * r + 0.119193 * g + 0.950227 * b) / white[2]);

  lab[0] = 116 * fy - 16;
  lab[1] = 500 * (fx - fy);
  lab[2] = 200 * (fy - fz);
}

double
shs_color_get_luminance (ShsColor color)
{
  return 0.2126 * to_linear (color.red) + 0.7152 * to_linear (color.green)
         + 0.0722 * to_linear (color.blue);
}

double
shs_color_get_contrast (ShsColor a, ShsColor b)
{
  double la = shs_color_get_luminance (a);
  double lb = shs_color_get_luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}
