#include "core/shs-number.h"

#include "core/shs-i18n.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_EXACT_POWER 22 /* 10^22 is the largest power of ten that is a double */
#define MAX_EXACT_MANTISSA ((guint64)1 << 53)
#define PLAIN_LENGTH 12

static const double powers_of_ten[MAX_EXACT_POWER + 1]
    = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* A decimal number as it is written: mantissa x 10^exponent, as far as 19 digits carry it. */
typedef struct
{
  guint64 mantissa;
  int exponent;
  gboolean is_negative;
  gboolean is_cut; /* digits beyond the 19th were dropped */
} Decimal;

static inline gboolean
is_digit (char c)
{
  return (guchar)(c - '0') < 10;
}

static const char *
scan_exponent (const char *at, const char *end, int *exponent)
{
  const char *p = at + 1;
  gboolean is_negative = FALSE;
  int value = 0;

  if (p < end && (*p == '+' || *p == '-'))
    is_negative = *p++ == '-';
  if (p == end || !is_digit (*p))
    return at; /* a lone "e" belongs to whatever follows */
  for (; p < end && is_digit (*p); p++)
    value = MIN (value * 10 + (*p - '0'), 100000);
  *exponent += is_negative ? -value : value;
  return p;
}

/* Returns where the number ends, or NULL when there is none. */
static inline const char *
scan_decimal (const char *p, const char *end, Decimal *decimal)
{
  int n_digits = 0;
  gboolean any = FALSE;
  gboolean behind_point = FALSE;

  *decimal = (Decimal){ 0 };
  if (p < end && (*p == '-' || *p == '+'))
    decimal->is_negative = *p++ == '-';
  for (; p < end; p++)
    {
      if (*p == '.' && !behind_point)
        {
          behind_point = TRUE;
          continue;
        }
      if (!is_digit (*p))
        break;
      any = TRUE;
      if (n_digits < 19)
        {
          decimal->mantissa = decimal->mantissa * 10 + (guint)(*p - '0');
          n_digits += decimal->mantissa != 0;
          decimal->exponent -= behind_point;
        }
      else
        {
          decimal->is_cut |= *p != '0';
          decimal->exponent += !behind_point;
        }
    }
  if (!any)
    return NULL;
  if (p < end && (*p == 'e' || *p == 'E'))
    p = scan_exponent (p, end, &decimal->exponent);
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

/* Clinger's fast path: both factors are exact doubles, so one rounding gives the nearest. */
static inline gboolean
convert_exactly (const Decimal *decimal, double *value)
{
  double mantissa = (double)decimal->mantissa;

  if (decimal->is_cut || decimal->mantissa > MAX_EXACT_MANTISSA
      || decimal->exponent < -MAX_EXACT_POWER || decimal->exponent > MAX_EXACT_POWER)
    return FALSE;
  mantissa = decimal->exponent < 0 ? mantissa / powers_of_ten[-decimal->exponent]
                                   : mantissa * powers_of_ten[decimal->exponent];
  *value = decimal->is_negative ? -mantissa : mantissa;
  return TRUE;
}

static double
convert_slowly (const char *begin, const char *end, gboolean to_float)
{
  char buffer[128];
  gsize length = (gsize)(end - begin);
  g_autofree char *copy = length < sizeof buffer ? NULL : g_strndup (begin, length);
  const char *text = copy;
  double value;

  if (text == NULL)
    {
      memcpy (buffer, begin, length);
      buffer[length] = '\0';
      text = buffer;
    }
  /* LC_NUMERIC stays C in our programs; g_ascii_strtod guards against hosts that change it. */
  value = g_ascii_strtod (text, NULL);
  if (to_float && (float)value != value)
    value = strtof (text, NULL);
  return value;
}

const char *
shs_number_parse_prefix (const char *begin, const char *end, double *value)
{
  Decimal decimal;
  const char *stop = scan_decimal (begin, end, &decimal);

  if (stop == NULL)
    return scan_word (begin, end, value);
  if (!convert_exactly (&decimal, value))
    *value = convert_slowly (begin, stop, FALSE);
  return stop;
}

gboolean
shs_number_parse (const char *begin, const char *end, double *value)
{
  double parsed;

  if (shs_number_parse_prefix (begin, end, &parsed) != end || begin == end)
    return FALSE;
  *value = parsed;
  return TRUE;
}

gboolean
shs_number_parse_float (const char *begin, const char *end, float *value)
{
  double parsed;
  guint64 bits;

  if (!shs_number_parse (begin, end, &parsed))
    return FALSE;
  *value = (float)parsed;
  /* Only a double that lies on the midpoint of two float32 may have been rounded twice. */
  memcpy (&bits, &parsed, sizeof bits);
  if ((bits & 0x1fffffff) == 0x10000000 || fabs (parsed) < 0x1p-126)
    *value = (float)convert_slowly (begin, end, TRUE);
  return TRUE;
}

static gboolean
print_special (char *buffer, double value)
{
  if (isfinite (value))
    return FALSE;
  strcpy (buffer, isnan (value) ? "nan" : value > 0 ? "inf" : "-inf");
  return TRUE;
}

char *
shs_number_print (char *buffer, double value)
{
  if (print_special (buffer, value))
    return buffer;
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8] = { '%', '.', '1', (char)('0' + digits - 10), 'g', 0 };

      g_ascii_formatd (buffer, SHS_NUMBER_LENGTH, format, value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return buffer;
}

char *
shs_number_print_float (char *buffer, float value)
{
  if (print_special (buffer, value))
    return buffer;
  for (int digits = 6; digits <= 9; digits++)
    {
      char format[8] = { '%', '.', (char)('0' + digits), 'g', 0 };

      g_ascii_formatd (buffer, SHS_NUMBER_LENGTH, format, value);
      if (strtof (buffer, NULL) == value)
        break;
    }
  return buffer;
}

static void
trim_zeros (char *text)
{
  char *end = text + strlen (text);

  if (strchr (text, '.') == NULL || strchr (text, 'e') != NULL)
    return;
  while (end[-1] == '0')
    *--end = '\0';
  if (end[-1] == '.')
    end[-1] = '\0';
}

static gboolean
reads_as_zero (const char *text)
{
  return strpbrk (text, "123456789") == NULL;
}

static void
append_grouped (GString *out, const char *digits)
{
  gsize n_whole = strcspn (digits, ".e");

  for (gsize i = 0; i < n_whole; i++)
    {
      if (i > 0 && (n_whole - i) % 3 == 0 && n_whole > 4)
        g_string_append_c (out, ',');
      g_string_append_c (out, digits[i]);
    }
  g_string_append (out, digits + n_whole);
}

char *
shs_number_format (double value, ShsNumberStyle style)
{
  char format[16];
  char text[400];
  GString *out;

  if (isnan (value))
    return g_strdup (_ ("missing"));
  if (isinf (value))
    return g_strdup (value > 0 ? (style.sign ? "+∞" : "∞") : "−∞");

  g_snprintf (format, sizeof format, "%%.%df", CLAMP (style.decimals, 0, 12));
  g_ascii_formatd (text, sizeof text, format, fabs (value));
  if (strlen (text) > PLAIN_LENGTH && strcspn (text, ".") > PLAIN_LENGTH - 3)
    g_ascii_formatd (text, sizeof text, "%.3g", fabs (value));
  if (style.trim_zeros)
    trim_zeros (text);

  out = g_string_new (NULL);
  if (value < 0 && !reads_as_zero (text))
    g_string_append (out, "−");
  else if (style.sign && !reads_as_zero (text))
    g_string_append_c (out, '+');
  if (style.thousands)
    append_grouped (out, text);
  else
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

int
shs_number_decimals (double spread, int significant)
{
  if (!isfinite (spread) || spread <= 0)
    return 0;
  return CLAMP (significant - 1 - (int)floor (log10 (spread)), 0, 12);
}
