#include "plot/shs-number-label.h"

#include "core/shs-number.h"

#include <math.h>
#include <string.h>

#define LEAST_PLAIN 1e-4  /* smaller scales are written with an exponent */
#define LARGEST_PLAIN 1e8 /* larger ones too */
#define LEAST_PARTED 1e4  /* of a feature's values: from here on thousands are parted */

static int
get_exponent (double scale)
{
  if (!isfinite (scale) || scale <= 0 || (scale >= LEAST_PLAIN && scale < LARGEST_PLAIN))
    return 0;
  return (int)floor (log10 (scale));
}

/* In two steps, since 10^-320 is no double. */
static double
shift_decimal_point (double value, int by)
{
  int half = by / 2;

  return value * pow (10, half) * pow (10, by - half);
}

ShsNumberLabel
shs_number_label_for_scale (double scale, int digits, gboolean sign)
{
  ShsNumberLabel self = { .sign = sign, .exponent = get_exponent (scale) };

  if (self.exponent != 0)
    self.decimals = MAX (digits - 1, 0);
  else
    self.decimals = scale > 0 ? shs_number_decimals (scale, digits) : 0;
  return self;
}

ShsNumberLabel
shs_number_label_for_step (double step, double largest, gboolean sign)
{
  ShsNumberLabel self = { .sign = sign, .exponent = get_exponent (largest) };
  double relative = shift_decimal_point (step, -self.exponent);

  self.decimals = shs_number_decimals (relative * (1 + 1e-9), 1);
  return self;
}

ShsNumberLabel
shs_number_label_for_feature (double step, double largest)
{
  ShsNumberLabel self = shs_number_label_for_step (step, largest, FALSE);

  self.is_plain = largest < LEAST_PARTED;
  return self;
}

gboolean
shs_number_label_is_zero (const char *text)
{
  const char *times = strstr (text, "×");
  g_autofree char *mantissa
      = g_strndup (text, times != NULL ? (gsize)(times - text) : strlen (text));

  return strpbrk (mantissa, "123456789") == NULL && strchr (mantissa, '0') != NULL;
}

static void
append_superscript (GString *out, int number)
{
  static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char *text = g_strdup_printf ("%d", number);

  for (const char *p = text; *p != '\0'; p++)
    g_string_append (out, *p == '-' ? "⁻" : digits[*p - '0']);
}

char *
shs_number_label_format (const ShsNumberLabel *self, double value)
{
  ShsNumberStyle style = { .decimals = self->decimals,
                           .trim_zeros = self->trim_zeros,
                           .sign = self->sign,
                           .thousands = !self->is_plain };
  g_autofree char *mantissa = NULL;
  GString *out;

  if (self->exponent == 0 || !isfinite (value) || value == 0)
    return shs_number_format (value, style);
  mantissa = shs_number_format (shift_decimal_point (value, -self->exponent), style);
  out = g_string_new (mantissa);
  g_string_append (out, "×10");
  append_superscript (out, self->exponent);
  return g_string_free (out, FALSE);
}
