/* The bytes of JSON: blanks, words and numbers. Knows nothing of readers and errors. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * ShsJsonNumber: a number as it is written: mantissa x 10^exponent.
 * @is_whole: digits alone
 * @is_cut: there were too many digits for the mantissa, which is then meaningless
 */
typedef struct
{
  guint64 mantissa;
  int exponent;
  gboolean is_negative;
  gboolean is_whole;
  gboolean is_cut;
} ShsJsonNumber;

#define SHS_JSON_MAX_DIGITS 19

/* The number as a double, correctly rounded; @begin to @end are its bytes. */
double shs_json_number_to_double_slowly (const guint8 *begin, const guint8 *end);
float shs_json_number_to_float_slowly (const guint8 *begin, const guint8 *end);

/* Passes the bare words that stand for numbers (NaN, Infinity, -Infinity); NULL for others. */
const guint8 *shs_json_scan_word (const guint8 *p, const guint8 *end, double *value);

extern const double shs_json_powers_of_ten[23];

static inline gboolean
shs_json_is_digit (guint8 byte)
{
  return (guint8)(byte - '0') < 10;
}

static inline const guint8 *
shs_json_pass_blanks (const guint8 *p, const guint8 *end)
{
  while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
    p++;
  return p;
}

static inline const guint8 *
shs_json_scan_digits (const guint8 *p, guint64 *mantissa)
{
  guint64 value = *mantissa;

  for (; shs_json_is_digit (*p); p++)
    value = value * 10 + (guint)(*p - '0');
  *mantissa = value;
  return p;
}

static inline const guint8 *
shs_json_scan_exponent (const guint8 *p, int *exponent)
{
  gboolean is_negative = *p == '-';
  const guint8 *digits;
  int value = 0;

  p += *p == '-' || *p == '+';
  for (digits = p; shs_json_is_digit (*p); p++)
    value = MIN (value * 10 + (*p - '0'), 100000);
  *exponent += is_negative ? -value : value;
  return p > digits ? p : NULL;
}

/*
 * Scans a number by the JSON grammar and returns its end, or NULL when it breaks the grammar.
 * Looks at no length: a byte that is no number's must follow somewhere.
 */
static inline const guint8 *
shs_json_scan_number (const guint8 *p, ShsJsonNumber *number)
{
  const guint8 *digits = p + (*p == '-');
  gsize n_digits;

  *number = (ShsJsonNumber){ .is_negative = *p == '-', .is_whole = TRUE };
  p = shs_json_scan_digits (digits, &number->mantissa);
  n_digits = (gsize)(p - digits);
  if (n_digits == 0 || (*digits == '0' && n_digits > 1))
    return NULL;
  if (*p == '.')
    {
      const guint8 *fraction = p + 1;
      gsize n_behind;

      p = shs_json_scan_digits (fraction, &number->mantissa);
      n_behind = (gsize)(p - fraction);
      if (n_behind == 0)
        return NULL;
      n_digits += n_behind;
      number->exponent = -(int)MIN (n_behind, 100000);
      number->is_whole = FALSE;
    }
  number->is_cut = n_digits > SHS_JSON_MAX_DIGITS;
  if ((*p | 0x20) != 'e')
    return p;
  number->is_whole = FALSE;
  return shs_json_scan_exponent (p + 1, &number->exponent);
}

/* Clinger's fast path: both factors are exact doubles, so one rounding gives the nearest. */
static inline gboolean
shs_json_number_to_double (const ShsJsonNumber *number, double *value)
{
  double magnitude = (double)number->mantissa;

  if (number->is_cut || number->mantissa > (guint64)1 << 53 || ABS (number->exponent) > 22)
    return FALSE;
  if (number->exponent < 0)
    magnitude /= shs_json_powers_of_ten[-number->exponent];
  else
    magnitude *= shs_json_powers_of_ten[number->exponent];
  *value = number->is_negative ? -magnitude : magnitude;
  return TRUE;
}

G_END_DECLS
