/* The numbers that one exact division does not give: 128-bit products, then the C library. */
#include "core/shs-number-private.h"

#include <locale.h>
#include <stdlib.h>

#define MAX_SLOW_DIGITS 800 /* more than decide any rounding: 767 (double) and one */
#define MAX_EXPONENT G_GINT64_CONSTANT (1000000000000)

const char *
shs_number_scan_exponent (const char *at, const char *end, gint64 *exponent)
{
  const char *p = at + 1;
  gboolean is_negative = FALSE;
  gint64 value = 0;

  if (p < end && (*p == '+' || *p == '-'))
    is_negative = *p++ == '-';
  if (p == end || !shs_number_is_digit (*p))
    return at; /* a lone "e" belongs to whatever follows */
  for (; p < end && shs_number_is_digit (*p); p++)
    value = MIN (value * 10 + (*p - '0'), MAX_EXPONENT);
  *exponent += is_negative ? -value : value;
  return p;
}

static guint64
multiply_high (guint64 a, guint64 b, guint64 *low)
{
  unsigned __int128 product = (unsigned __int128)a * b;

  *low = (guint64)product;
  return (guint64)(product >> 64);
}

/* The top 128 bits of @mantissa times the power of five, as exact as the rounding needs. */
static guint64
multiply_by_power (guint64 mantissa, int power, int n_needed, guint64 *low)
{
  const guint64 *factor = shs_number_powers[power - SHS_NUMBER_MIN_POWER];
  guint64 mask = G_MAXUINT64 >> n_needed;
  guint64 high = multiply_high (mantissa, factor[0], low);

  if ((high & mask) == mask)
    {
      guint64 unused;
      guint64 more = multiply_high (mantissa, factor[1], &unused);

      *low += more;
      high += *low < more;
    }
  return high;
}

/*
 * Lemire, "Number parsing at a gigabyte per second" (2021), algorithm 1, with its section 7 on
 * subnormal numbers and section 8 on ties. Gives the bits of the nearest number without its sign;
 * FALSE where 128 bits do not decide it.
 */
static gboolean
convert_by_product (guint64 mantissa, gint64 exponent, const ShsNumberLayout *layout, guint64 *bits)
{
  const int n_bits = layout->n_mantissa_bits;
  const gboolean is_double = n_bits == 52;
  const guint64 infinity = (guint64)layout->max_exponent << n_bits;
  guint64 high;
  guint64 low;
  guint64 result;
  int n_zeros;
  int top;
  int shift;
  int binary;

  *bits = mantissa == 0 || exponent < SHS_NUMBER_MIN_POWER ? 0 : infinity;
  if (mantissa == 0 || exponent < SHS_NUMBER_MIN_POWER || exponent > 308)
    return TRUE;
  n_zeros = __builtin_clzll (mantissa);
  high = multiply_by_power (mantissa << n_zeros, (int)exponent, n_bits + 3, &low);
  if (low == G_MAXUINT64
      && (exponent < SHS_NUMBER_MIN_ROUNDED_UP_POWER || exponent > SHS_NUMBER_MAX_EXACT_POWER))
    return FALSE;
  top = (int)(high >> 63);
  shift = top + 64 - n_bits - 3;
  result = high >> shift; /* one bit more than the mantissa, which decides the rounding */
  binary = (int)((217706 * exponent) >> 16) + 63 + top - n_zeros + layout->exponent_bias;
  if (binary <= 0)
    {
      if (1 - binary >= 64)
        {
          *bits = 0;
          return TRUE;
        }
      result >>= 1 - binary;
      *bits = (result + (result & 1)) >> 1; /* rounding up to the least normal sets its exponent */
      return TRUE;
    }
  /* A tie is possible only where the product is exact: then to even. */
  if (low <= 1 && exponent >= (is_double ? -4 : -17) && exponent <= (is_double ? 23 : 10)
      && (result & 3) == 1 && result << shift == high)
    result &= ~(guint64)1;
  result = (result + (result & 1)) >> 1;
  if (result >> (n_bits + 1) != 0)
    {
      result >>= 1;
      binary++;
    }
  if (binary < layout->max_exponent)
    *bits = (result & (((guint64)1 << n_bits) - 1)) | (guint64)binary << n_bits;
  return TRUE;
}

gboolean
shs_number_convert (const ShsNumberDecimal *decimal, const ShsNumberLayout *layout, guint64 *bits)
{
  guint64 next;

  if (!convert_by_product (decimal->mantissa, decimal->exponent, layout, bits))
    return FALSE;
  /* With digits dropped the number lies between the mantissa and the one after it. */
  return !decimal->is_cut
         || (convert_by_product (decimal->mantissa + 1, decimal->exponent, layout, &next)
             && next == *bits);
}

/* Digits without a point, then the exponent; a 1 stands for all digits beyond the 800th. */
static void
write_plainly (const char *p, const char *end, char decimal_mark, char *out)
{
  gint64 exponent = 0;
  gboolean behind_point = FALSE;
  gboolean is_cut = FALSE;
  int n = 0;

  if (*p == '-' || *p == '+')
    p++;
  for (; p < end && (shs_number_is_digit (*p) || *p == decimal_mark); p++)
    if (*p == decimal_mark)
      behind_point = TRUE;
    else if (n < MAX_SLOW_DIGITS)
      {
        out[n] = *p;
        n += n > 0 || *p != '0';
        exponent -= behind_point;
      }
    else
      {
        is_cut |= *p != '0';
        exponent += !behind_point;
      }
  if (p < end)
    shs_number_scan_exponent (p, end, &exponent);
  if (is_cut)
    {
      out[n++] = '1';
      exponent--;
    }
  g_snprintf (out + n, 24, "e%" G_GINT64_FORMAT, CLAMP (exponent, -99999999, 99999999));
}

static locale_t
get_c_locale (void)
{
  static locale_t c_locale;
  static gsize made;

  if (g_once_init_enter (&made))
    {
      c_locale = newlocale (LC_ALL_MASK, "C", (locale_t)0);
      g_once_init_leave (&made, 1);
    }
  return c_locale;
}

double
shs_number_convert_slowly (const char *begin, const char *end, char decimal_mark, gboolean to_float)
{
  char text[MAX_SLOW_DIGITS + 32];
  double value;

  write_plainly (begin, end, decimal_mark, text);
  value = to_float ? (double)strtof_l (text, NULL, get_c_locale ())
                   : strtod_l (text, NULL, get_c_locale ());
  return *begin == '-' ? -value : value;
}
