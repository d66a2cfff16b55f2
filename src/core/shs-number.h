/* Numbers to text and back, without the locale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_number_parse:
 * @begin: first byte
 * @end: one past the last byte; the text needs no terminator
 * @value: (out): the nearest double
 *
 * Reads a decimal number that fills the bytes exactly: optional sign, digits with an optional
 * point, optional exponent; also nan, inf, infinity in any case. Correctly rounded.
 *
 * Returns: FALSE when the bytes are anything else (empty, blanks, a rest behind the number).
 */
gboolean shs_number_parse (const char *begin, const char *end, double *value);

/**
 * shs_number_parse_prefix:
 *
 * As shs_number_parse(), but stops at the first byte that does not belong to the number.
 *
 * Returns: where it stopped; NULL when no number stands at @begin.
 */
const char *shs_number_parse_prefix (const char *begin, const char *end, double *value);

/**
 * shs_number_parse_marked: as shs_number_parse_prefix() with @decimal_mark ('.' or ',') for the
 * point.
 */
const char *shs_number_parse_marked (const char *begin, const char *end, char decimal_mark,
                                     double *value);

/**
 * shs_number_parse_float: as shs_number_parse(), rounded once to the nearest float32 (parsing to
 * double and casting rounds twice, which matters at a float32 midpoint).
 */
gboolean shs_number_parse_float (const char *begin, const char *end, float *value);

#define SHS_NUMBER_LENGTH 32

/**
 * shs_number_print:
 * @buffer: at least %SHS_NUMBER_LENGTH bytes
 *
 * The shortest decimal text that reads back as the same double: "0.1", "1e-300", "nan", "inf".
 *
 * Returns: @buffer
 */
char *shs_number_print (char *buffer, double value);

/** shs_number_print_float: the shortest text that reads back as the same float32. */
char *shs_number_print_float (char *buffer, float value);

/**
 * ShsNumberStyle: how a number is shown to a person.
 * @decimals: digits behind the point
 * @trim_zeros: whether zeros at the end are dropped ("0.50" -> "0.5")
 * @sign: whether a plus is written before positive values
 * @thousands: whether groups of three digits are parted by a comma
 */
typedef struct
{
  int decimals;
  gboolean trim_zeros;
  gboolean sign;
  gboolean thousands;
} ShsNumberStyle;

/**
 * shs_number_format:
 *
 * Text for labels: true minus sign (U+2212), never "-0", "missing" (translated) for NaN;
 * exponents (1.25e+12) only where the plain form would be longer than 12 characters.
 *
 * Returns: (transfer full): UTF-8
 */
char *shs_number_format (double value, ShsNumberStyle style);

/**
 * shs_number_decimals:
 * @spread: the scale of what is shown beside each other (range of an axis, largest |value|)
 * @significant: digits that shall differ
 *
 * Returns: decimals in 0..12 so that numbers of this scale show @significant digits.
 */
int shs_number_decimals (double spread, int significant);

G_END_DECLS
