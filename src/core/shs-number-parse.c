/*
 * Decimal text to binary, always correctly rounded: eight digits a step; Clinger's fast
 * path for small numbers; Eisel and Lemire's 128-bit product for nearly all others; the C library
 * for the rest.
 */
#include "core/shs-number-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define MAX_EXACT_POWER 22 /* 10^22 is the largest power of ten that is a double */
#define MAX_EXACT_MANTISSA ((guint64)1 << 53)
#define MAX_EXACT_FLOAT_POWER 10
#define MAX_EXACT_FLOAT_MANTISSA ((guint64)1 << 24)
#define MAX_DIGITS 19 /* that a mantissa of 64 bits holds whatever they are */

static const double powers_of_ten[MAX_EXACT_POWER + 1]
    = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

static const guint64 small_powers[9]
    = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000 };

/* Eight digits, the first in the lowest byte, each 0 to 9, to their number: pairs, fours, eight. */
static inline guint64
join_eight_digits (guint64 digits)
{
  const guint64 mask = 0x000000ff000000ff;
  guint64 pairs = digits * 10 + (digits >> 8);

  return ((pairs & mask) * 0x000f424000000064 + ((pairs >> 16 & mask) * 0x0000271000000001)) >> 32;
}

#ifdef __SSE2__
#define SHORT_BYTES 32 /* what scan_short() looks at */
#define SHORT_SLACK 8  /* and how far behind them it may read */

/* A bit for each of 16 bytes that is no digit. */
static inline guint32
find_others_in_16 (const char *p)
{
  __m128i bytes = _mm_loadu_si128 ((const __m128i *)p);
  __m128i shifted = _mm_sub_epi8 (bytes, _mm_set1_epi8 ((char)('0' - 128))); /* '0' is the least */

  return (guint32)_mm_movemask_epi8 (_mm_cmpgt_epi8 (shifted, _mm_set1_epi8 (9 - 128)));
}

/* @n (0 to 8) digits that begin at @p. */
static inline guint64
read_up_to_eight (const char *p, guint n)
{
  guint64 word;

  memcpy (&word, p, sizeof word);
  word = GUINT64_FROM_LE (word) - 0x3030303030303030;
  return join_eight_digits (n == 8 ? word : word << (56 - 8 * n) << 8);
}

/*
 * The common case without a loop: sign, up to eight digits, perhaps a point and up to sixteen
 * more, 19 in all, no exponent. NULL for anything else, which scan_decimal() takes.
 */
static inline const char *
scan_short (const char *p, char decimal_mark, guint64 *mantissa, guint *n_fraction)
{
  guint32 is_negative = *p == '-';
  guint32 others = (find_others_in_16 (p) | find_others_in_16 (p + 16) << 16) & ~is_negative;
  guint whole;
  guint stop;
  guint n_whole;
  guint n = 0;

  if (G_UNLIKELY (others == 0))
    return NULL;
  stop = whole = (guint)__builtin_ctz (others);
  n_whole = whole - is_negative;
  if (p[whole] == decimal_mark)
    {
      others &= others - 1;
      if (G_UNLIKELY (others == 0))
        return NULL;
      stop = (guint)__builtin_ctz (others);
      n = stop - whole - 1;
    }
  if (G_UNLIKELY (n_whole > 8 || n_whole + n - 1 >= MAX_DIGITS || n > 16
                  || (p[stop] | 0x20) == 'e'))
    return NULL;
  *mantissa = read_up_to_eight (p + is_negative, n_whole);
  p += whole + 1;
  if (n <= 8)
    *mantissa = *mantissa * small_powers[n] + read_up_to_eight (p, n);
  else
    *mantissa = (*mantissa * small_powers[8] + read_up_to_eight (p, 8)) * small_powers[n - 8]
                + read_up_to_eight (p + 8, n - 8);
  *n_fraction = n;
  return p + stop - whole - 1;
}
#endif

/* Reads all digits from @p on; @mantissa overflows when there are too many. */
static inline const char *
scan_digits (const char *p, const char *end, guint64 *mantissa)
{
  while (end - p >= 8)
    {
      guint64 word;
      guint64 digits;
      guint64 others; /* its lowest set bit stands in the first byte that is no digit */
      int n;

      memcpy (&word, p, sizeof word);
      word = GUINT64_FROM_LE (word);
      digits = word - 0x3030303030303030;
      others = ((word + 0x4646464646464646) | digits) & 0x8080808080808080;
      if (others == 0)
        {
          *mantissa = *mantissa * 100000000 + join_eight_digits (digits);
          p += 8;
          continue;
        }
      n = __builtin_ctzll (others) >> 3;
      digits = digits << (56 - 8 * n) << 8;
      *mantissa = *mantissa * small_powers[n] + join_eight_digits (digits);
      return p + n;
    }
  for (; p < end && shs_number_is_digit (*p); p++)
    *mantissa = *mantissa * 10 + (guint64)(*p - '0');
  return p;
}

/* More than 19 digits: the first 19 that count, and whether anything but zeros follows. */
static void
scan_long (const char *p, const char *end, char decimal_mark, ShsNumberDecimal *decimal)
{
  gboolean behind_point = FALSE;
  int n_digits = 0;

  decimal->mantissa = 0;
  decimal->exponent = 0;
  for (; p < end && (shs_number_is_digit (*p) || *p == decimal_mark); p++)
    {
      if (*p == decimal_mark)
        behind_point = TRUE;
      else if (n_digits < MAX_DIGITS)
        {
          decimal->mantissa = decimal->mantissa * 10 + (guint64)(*p - '0');
          n_digits += decimal->mantissa != 0;
          decimal->exponent -= behind_point;
        }
      else
        {
          decimal->is_cut |= *p != '0';
          decimal->exponent += !behind_point;
        }
    }
}

/* Returns where the number ends, or NULL when there is none. */
static const char *
scan_decimal (const char *p, const char *end, char decimal_mark, ShsNumberDecimal *decimal)
{
  const char *whole;
  gsize n_digits;

  *decimal = (ShsNumberDecimal){ 0 };
  if (p < end && (*p == '-' || *p == '+'))
    decimal->is_negative = *p++ == '-';
  whole = p;
  p = scan_digits (p, end, &decimal->mantissa);
  n_digits = (gsize)(p - whole);
  if (p < end && *p == decimal_mark)
    {
      const char *fraction = p + 1;

      p = scan_digits (fraction, end, &decimal->mantissa);
      decimal->exponent = fraction - p;
      n_digits += (gsize)(p - fraction);
    }
  if (G_UNLIKELY (n_digits == 0))
    return NULL;
  if (G_UNLIKELY (n_digits > MAX_DIGITS))
    scan_long (whole, p, decimal_mark, decimal);
  if (p < end && (*p | 0x20) == 'e')
    p = shs_number_scan_exponent (p, end, &decimal->exponent);
  return p;
}

static const char *
scan_word (const char *begin, const char *end, double *value)
{
  static const struct
  {
    const char *text;
    double value;
  } words[] = { { "infinity", INFINITY }, { "inf", INFINITY }, { "nan", NAN } };
  const char *p = begin;
  gboolean is_negative = FALSE;

  if (p < end && (*p == '-' || *p == '+'))
    is_negative = *p++ == '-';
  if (p == end || strchr ("iInN", *p) == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i].text);

      if ((gsize)(end - p) >= length && g_ascii_strncasecmp (p, words[i].text, length) == 0)
        {
          *value = is_negative ? -words[i].value : words[i].value;
          return p + length;
        }
    }
  return NULL;
}

/* Without a branch: signs are as good as random. */
static inline double
change_sign (double value, gboolean is_negative)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  bits ^= (guint64)is_negative << 63;
  memcpy (&value, &bits, sizeof value);
  return value;
}

/* Clinger's fast path: both factors are exact doubles, so one rounding gives the nearest. */
static inline gboolean
convert_exactly (const ShsNumberDecimal *decimal, double *value)
{
  double mantissa = (double)decimal->mantissa;

  if (decimal->mantissa > MAX_EXACT_MANTISSA || decimal->is_cut
      || decimal->exponent < -MAX_EXACT_POWER || decimal->exponent > MAX_EXACT_POWER)
    return FALSE;
  mantissa = decimal->exponent < 0 ? mantissa / powers_of_ten[-decimal->exponent]
                                   : mantissa * powers_of_ten[decimal->exponent];
  *value = change_sign (mantissa, decimal->is_negative);
  return TRUE;
}

static double
convert (const ShsNumberDecimal *decimal, const char *begin, const char *stop, char decimal_mark)
{
  guint64 bits;
  double value;

  if (!shs_number_convert (decimal, &shs_number_double, &bits))
    return shs_number_convert_slowly (begin, stop, decimal_mark, FALSE);
  memcpy (&value, &bits, sizeof value);
  return decimal->is_negative ? -value : value;
}

static G_NO_INLINE const char *
parse_any (const char *begin, const char *end, char decimal_mark, double *value)
{
  ShsNumberDecimal decimal;
  const char *stop = scan_decimal (begin, end, decimal_mark, &decimal);

  if (stop == NULL)
    return scan_word (begin, end, value);
  if (!convert_exactly (&decimal, value))
    *value = convert (&decimal, begin, stop, decimal_mark);
  return stop;
}

#ifdef __SSE2__
/* The digits of scan_short() that are too many for one exact division. */
static G_NO_INLINE double
convert_short (guint64 mantissa, guint n_fraction, const char *begin, const char *stop,
               char decimal_mark)
{
  ShsNumberDecimal decimal = { mantissa, -(gint64)n_fraction, *begin == '-', FALSE };

  return convert (&decimal, begin, stop, decimal_mark);
}
#endif

const char *
shs_number_parse_marked (const char *begin, const char *end, char decimal_mark, double *value)
{
#ifdef __SSE2__
  guint64 mantissa;
  guint n_fraction;
  const char *stop = NULL;

  if (G_LIKELY (end - begin >= SHORT_BYTES + SHORT_SLACK))
    stop = scan_short (begin, decimal_mark, &mantissa, &n_fraction);
  if (G_LIKELY (stop != NULL))
    {
      *value
          = G_LIKELY (mantissa <= MAX_EXACT_MANTISSA)
                ? change_sign ((double)(gint64)mantissa / powers_of_ten[n_fraction], *begin == '-')
                : convert_short (mantissa, n_fraction, begin, stop, decimal_mark);
      return stop;
    }
#endif
  return parse_any (begin, end, decimal_mark, value);
}

const char *
shs_number_parse_prefix (const char *begin, const char *end, double *value)
{
  return shs_number_parse_marked (begin, end, '.', value);
}

gboolean
shs_number_parse (const char *begin, const char *end, double *value)
{
  double parsed;

  if (begin == end || shs_number_parse_marked (begin, end, '.', &parsed) != end)
    return FALSE;
  *value = parsed;
  return TRUE;
}

static float
convert_to_float (const ShsNumberDecimal *decimal, const char *begin, const char *stop)
{
  guint64 bits;
  guint32 bits_of_float;
  float value;

  if (decimal->mantissa <= MAX_EXACT_FLOAT_MANTISSA && !decimal->is_cut
      && ABS (decimal->exponent) <= MAX_EXACT_FLOAT_POWER)
    {
      float power = (float)powers_of_ten[ABS (decimal->exponent)];

      value = decimal->exponent < 0 ? (float)decimal->mantissa / power
                                    : (float)decimal->mantissa * power;
    }
  else if (shs_number_convert (decimal, &shs_number_float, &bits))
    {
      bits_of_float = (guint32)bits;
      memcpy (&value, &bits_of_float, sizeof value);
    }
  else
    return (float)shs_number_convert_slowly (begin, stop, '.', TRUE);
  return decimal->is_negative ? -value : value;
}

gboolean
shs_number_parse_float (const char *begin, const char *end, float *value)
{
  ShsNumberDecimal decimal;
  const char *stop = scan_decimal (begin, end, '.', &decimal);
  double word;

  if (begin == end || (stop != NULL && stop != end)
      || (stop == NULL && scan_word (begin, end, &word) != end))
    return FALSE;
  *value = stop == NULL ? (float)word : convert_to_float (&decimal, begin, stop);
  return TRUE;
}
