/* Binary to the shortest decimal text that reads back. */
#include "core/shs-number-private.h"

#include <math.h>
#include <string.h>

/* Plain digits are written for 1e-4 <= |value| < 1e16, as Python does. */
#define LEAST_PLAIN_EXPONENT -4
#define PLAIN_EXPONENT_LIMIT 16
#define MAX_DIGITS 17

/* digits x 10^exponent */
typedef struct
{
  guint64 digits;
  int exponent;
} Decimal;

/* floor (log2 (10^e)) */
static int
floor_log2_of_power (int e)
{
  return (e * 1741647) >> 19;
}

/* The 128-bit power of ten rounded up where it is not exact. */
static void
get_power_up (int power, guint64 *high, guint64 *low)
{
  const guint64 *factor = shs_number_powers[power - SHS_NUMBER_MIN_POWER];
  gboolean is_below = power > SHS_NUMBER_MAX_EXACT_POWER || power < SHS_NUMBER_MIN_ROUNDED_UP_POWER;

  *low = factor[1] + is_below;
  *high = factor[0] + (is_below && *low == 0);
}

/* The product's top 64 bits; their last one is set where anything below is not zero. */
static guint64
round_to_odd (guint64 high, guint64 low, guint64 factor)
{
  guint64 middle = (guint64)((unsigned __int128)low * factor >> 64);
  unsigned __int128 product = (unsigned __int128)high * factor + middle;

  return (guint64)(product >> 64) | ((guint64)product > 1);
}

/*
 * R. Giulietti, "The Schubfach way to render doubles" (2020), figure 4: of the decimals that round
 * to @mantissa x 2^@exponent the shortest, of these the nearest.
 */
static Decimal
find_shortest (guint64 mantissa, int exponent, gboolean lower_is_closer)
{
  guint64 outside = mantissa & 1; /* an odd mantissa does not own the ends of its interval */
  int k = (exponent * 1262611 - (lower_is_closer ? 524031 : 0)) >> 22;
  int shift = exponent + floor_log2_of_power (-k) + 1;
  guint64 high;
  guint64 low;
  guint64 lower;
  guint64 upper;
  guint64 middle;
  guint64 s;
  guint64 half;

  get_power_up (-k, &high, &low);
  lower
      = round_to_odd (high, low, (4 * mantissa - 2 + (guint64)lower_is_closer) << shift) + outside;
  middle = round_to_odd (high, low, (4 * mantissa) << shift);
  upper = round_to_odd (high, low, (4 * mantissa + 2) << shift) - outside;
  s = middle / 4;
  if (s >= 10)
    {
      guint64 tens = s / 10;
      gboolean down_is_inside = lower <= 40 * tens;
      gboolean up_is_inside = 40 * tens + 40 <= upper;

      if (down_is_inside != up_is_inside)
        return (Decimal){ tens + (guint64)up_is_inside, k + 1 };
    }
  if ((lower <= 4 * s) != (4 * s + 4 <= upper))
    return (Decimal){ s + (4 * s + 4 <= upper), k };
  half = 4 * s + 2;
  return (Decimal){ s + (middle > half || (middle == half && (s & 1) != 0)), k };
}

static Decimal
get_shortest (guint64 bits, const ShsNumberLayout *layout)
{
  guint64 hidden_bit = (guint64)1 << layout->n_mantissa_bits;
  guint64 mantissa = bits & (hidden_bit - 1);
  int exponent = (int)(bits >> layout->n_mantissa_bits) & layout->max_exponent;
  int binary = MAX (exponent, 1) - layout->exponent_bias - layout->n_mantissa_bits;
  guint64 whole = exponent > 0 ? mantissa | hidden_bit : mantissa;
  Decimal decimal;

  if (binary <= 0 && -binary <= layout->n_mantissa_bits
      && (whole & (((guint64)1 << -binary) - 1)) == 0)
    decimal = (Decimal){ whole >> -binary, 0 };
  else
    decimal = find_shortest (whole, binary, mantissa == 0 && exponent > 1);
  while (decimal.digits != 0 && decimal.digits % 10 == 0)
    {
      decimal.digits /= 10;
      decimal.exponent++;
    }
  return decimal;
}

static int
write_digits (guint64 digits, char *out)
{
  char reversed[20];
  int n = 0;

  do
    {
      reversed[n++] = (char)('0' + digits % 10);
      digits /= 10;
    }
  while (digits != 0);
  for (int i = 0; i < n; i++)
    out[i] = reversed[n - 1 - i];
  return n;
}

static char *
write_exponent (char *out, int exponent)
{
  *out++ = 'e';
  *out++ = exponent < 0 ? '-' : '+';
  exponent = ABS (exponent);
  if (exponent < 10)
    *out++ = '0';
  return out + write_digits ((guint64)exponent, out);
}

static char *
write_zeros (char *out, int n)
{
  memset (out, '0', (gsize)MAX (n, 0));
  return out + MAX (n, 0);
}

static void
write_decimal (char *out, Decimal decimal)
{
  char digits[MAX_DIGITS + 3];
  int n = write_digits (decimal.digits, digits);
  int exponent = decimal.exponent + n - 1; /* of the first digit */
  int n_whole
      = exponent < LEAST_PLAIN_EXPONENT || exponent >= PLAIN_EXPONENT_LIMIT ? 1 : exponent + 1;
  int n_from_digits = CLAMP (n_whole, 0, n);

  if (n_whole <= 0)
    *out++ = '0';
  memcpy (out, digits, (gsize)n_from_digits);
  out = write_zeros (out + n_from_digits, n_whole - n);
  if (n > n_whole)
    {
      *out++ = '.';
      out = write_zeros (out, -n_whole);
      memcpy (out, digits + n_from_digits, (gsize)(n - n_from_digits));
      out += n - n_from_digits;
    }
  if (n_whole != exponent + 1)
    out = write_exponent (out, exponent);
  *out = '\0';
}

static char *
print (char *buffer, double value, guint64 bits, const ShsNumberLayout *layout)
{
  char *out = buffer;

  if (isnan (value))
    return strcpy (buffer, "nan");
  if (signbit (value))
    *out++ = '-';
  if (isinf (value))
    strcpy (out, "inf");
  else if (value == 0)
    strcpy (out, "0");
  else
    write_decimal (out, get_shortest (bits, layout));
  return buffer;
}

char *
shs_number_print (char *buffer, double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return print (buffer, value, bits, &shs_number_double);
}

char *
shs_number_print_float (char *buffer, float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return print (buffer, (double)value, bits, &shs_number_float);
}
