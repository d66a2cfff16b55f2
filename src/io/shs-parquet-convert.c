/* What stored values stand for: numbers, and dates as text. */
#include "io/shs-parquet-private.h"

#include "core/shs-number.h"
#include "io/shs-half.h"

#include <math.h>
#include <string.h>

#define SECONDS_PER_DAY 86400
#define EXACT G_GINT64_CONSTANT (9007199254740992) /* 2^53: whole numbers up to it are doubles */
#define MAX_EXACT_SCALE 22                         /* powers of ten up to it are doubles */
#define DECIMAL_BYTES 32
#define DECIMAL_DIGITS 80 /* of a number of 256 bits, and its sign */

gboolean
shs_parquet_is_numeric (const ShsParquetLeaf *leaf)
{
  return leaf->meaning <= SHS_PARQUET_HALF;
}

/* ---- numbers ---- */

/* Divides a big-endian number by ten; the remainder. */
static guint
divide_by_ten (guint8 *number, gsize length)
{
  guint rest = 0;

  for (gsize i = 0; i < length; i++)
    {
      guint digit = rest << 8 | number[i];

      number[i] = (guint8)(digit / 10);
      rest = digit % 10;
    }
  return rest;
}

/* The nearest double to a big-endian two's complement number of @length bytes x 10^-scale. */
static double
decimal_to_double (const guint8 *bytes, gsize length, gint scale)
{
  guint8 number[DECIMAL_BYTES];
  char text[DECIMAL_DIGITS + 8];
  char *end = text + DECIMAL_DIGITS;
  char *at = end;
  gboolean is_negative = length > 0 && (bytes[0] & 0x80) != 0;
  double value = NAN;

  if (length > DECIMAL_BYTES)
    return NAN;
  for (gsize i = length, carry = is_negative; i-- > 0;)
    {
      guint digit = is_negative ? (guint)(guint8)~bytes[i] + (guint)carry : bytes[i];

      number[i] = (guint8)digit;
      carry = digit >> 8;
    }
  for (guint i = 0; i < DECIMAL_DIGITS - 2; i++)
    *--at = (char)('0' + divide_by_ten (number, length));
  if (is_negative)
    *--at = '-';
  end += g_snprintf (end, 8, "e-%d", scale);
  return shs_number_parse (at, end, &value) ? value : NAN;
}

static double
whole_to_decimal (gint64 unscaled, gint scale)
{
  static const double powers[MAX_EXACT_SCALE + 1]
      = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
          1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  guint64 big_endian = GUINT64_TO_BE ((guint64)unscaled);

  if (unscaled >= -EXACT && unscaled <= EXACT && scale <= MAX_EXACT_SCALE)
    return (double)unscaled / powers[scale];
  return decimal_to_double ((const guint8 *)&big_endian, sizeof big_endian, scale);
}

static double
whole_to_double (const ShsParquetLeaf *leaf, gint64 value)
{
  if (leaf->meaning == SHS_PARQUET_DECIMAL)
    return whole_to_decimal (value, leaf->scale);
  if (leaf->meaning == SHS_PARQUET_UNSIGNED)
    return leaf->type == SHS_PARQUET_INT32 ? (double)(guint32)value : (double)(guint64)value;
  return (double)value;
}

static double
bytes_to_double (const ShsParquetLeaf *leaf, ShsParquetBytes bytes)
{
  if (leaf->meaning == SHS_PARQUET_HALF)
    return shs_half_to_double ((guint16)(bytes.begin[0] | bytes.begin[1] << 8));
  return decimal_to_double (bytes.begin, bytes.length, leaf->scale);
}

void
shs_parquet_to_doubles (const ShsParquetLeaf *leaf, const ShsParquetValues *values, double *out)
{
  if (values->reals != NULL && values->n > 0)
    memcpy (out, values->reals, values->n * sizeof *out);
  for (gsize i = 0; values->integers != NULL && i < values->n; i++)
    out[i] = whole_to_double (leaf, values->integers[i]);
  for (gsize i = 0; values->bytes != NULL && i < values->n; i++)
    out[i] = bytes_to_double (leaf, values->bytes[i]);
}

/* ---- dates and times ---- */

/* Whole part and rest of a division, the rest never negative. */
static gint64
divide_down (gint64 value, gint64 by, gint64 *rest)
{
  gint64 whole = value / by - (value % by < 0);

  *rest = value - whole * by;
  return whole;
}

/* The day of the proleptic Gregorian calendar, @days after 1970-01-01; after H. Hinnant,
 * "chrono-compatible low-level date algorithms". */
static void
append_date (GString *text, gint64 days)
{
  gint64 day_of_era, era, year_of_era, day_of_year, month;

  era = divide_down (days + 719468, 146097, &day_of_era);
  year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  month = (5 * day_of_year + 2) / 153;
  g_string_append_printf (
      text, "%04" G_GINT64_FORMAT "-%02d-%02d", year_of_era + era * 400 + (month >= 10),
      (int)(month < 10 ? month + 3 : month - 9), (int)(day_of_year - (153 * month + 2) / 5 + 1));
}

/* "12:30:00", and behind it as many groups of three decimals as are not zero. */
static void
append_time (GString *text, gint64 seconds, gint64 fraction, gint64 unit)
{
  g_string_append_printf (text, "%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                          (int)(seconds % 60));
  if (fraction == 0)
    return;
  g_string_append_c (text, '.');
  for (; fraction > 0; fraction %= unit)
    {
      unit /= 1000;
      g_string_append_printf (text, "%03d", (int)(fraction / unit));
    }
}

char *
shs_parquet_format_instant (const ShsParquetLeaf *leaf, gint64 value, gboolean only_date)
{
  GString *text = g_string_new (NULL);
  gint64 seconds = 0;
  gint64 fraction = 0;
  gint64 of_day = 0;

  if (leaf->meaning == SHS_PARQUET_DATE)
    {
      if (value >= G_MININT32 && value <= G_MAXINT32)
        append_date (text, value);
      return g_string_free (text, text->len == 0);
    }
  seconds = divide_down (value, leaf->unit, &fraction);
  if (leaf->meaning == SHS_PARQUET_TIME)
    {
      if (seconds >= 0 && seconds <= SECONDS_PER_DAY)
        append_time (text, seconds, fraction, leaf->unit);
      return g_string_free (text, text->len == 0);
    }
  append_date (text, divide_down (seconds, SECONDS_PER_DAY, &of_day));
  if (!only_date)
    {
      g_string_append_c (text, ' ');
      append_time (text, of_day, fraction, leaf->unit);
    }
  return g_string_free (text, FALSE);
}
