/* What stored values stand for. */
#include "io/parquet/shs-parquet-private.h"

#include "core/shs-number.h"
#include "io/shs-half.h"
#include "io/shs-instant.h"

#include <math.h>
#include <string.h>

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

char *
shs_parquet_format_instant (const ShsParquetLeaf *leaf, gint64 value, gboolean only_date)
{
  if (leaf->meaning == SHS_PARQUET_DATE)
    return shs_instant_format_date (value);
  if (leaf->meaning == SHS_PARQUET_TIME)
    return shs_instant_format_time (value, leaf->unit);
  return shs_instant_format (value, leaf->unit, only_date);
}
