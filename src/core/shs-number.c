#include "core/shs-number.h"

#include "core/shs-i18n.h"

#include <math.h>
#include <string.h>

#define PLAIN_LENGTH 12

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
      if (i > 0 && (n_whole - i) % 3 == 0 && n_whole > 3)
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
