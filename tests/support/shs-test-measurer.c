#include "shs-test-measurer.h"

#define WIDTH 0.6
#define BOLD_FACTOR 1.1

static gsize
count_graphemes (const char *text)
{
  gsize n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    n += !g_unichar_ismark (g_utf8_get_char (p));
  return n;
}

static double
get_width (ShsFont font)
{
  return WIDTH * font.size * (font.is_bold ? BOLD_FACTOR : 1);
}

static void
measure (ShsTextMeasurer *self, const char *text, ShsFont font, ShsTextExtents *extents)
{
  *extents = (ShsTextExtents){ (double)count_graphemes (text) * get_width (font), 0.9 * font.size,
                               0.25 * font.size };
}

static char *
elide (ShsTextMeasurer *self, const char *text, ShsFont font, double width)
{
  gsize n = (gsize)MAX (0, width / get_width (font));
  const char *p = text;

  if (count_graphemes (text) <= n)
    return g_strdup (text);
  if (n == 0)
    return g_strdup ("");
  for (gsize kept = 0; *p != '\0'; p = g_utf8_next_char (p))
    {
      kept += !g_unichar_ismark (g_utf8_get_char (p));
      if (kept == n)
        break;
    }
  return g_strdup_printf ("%.*s…", (int)(p - text), text);
}

ShsTextMeasurer *
shs_test_measurer (void)
{
  static ShsTextMeasurer measurer = { measure, elide };

  return &measurer;
}
