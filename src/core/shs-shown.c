#include "core/shs-shown.h"

#define LONGEST_NAME 40

/* Controls, line and paragraph separators, and Unicode's overrides and isolates of direction. */
static gboolean
is_dangerous (gunichar letter)
{
  return g_unichar_iscntrl (letter) || (letter >= 0x2028 && letter <= 0x202e)
         || (letter >= 0x2066 && letter <= 0x2069);
}

char *
shs_text_shown (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *shown = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);

      g_string_append_unichar (shown, is_dangerous (letter) ? ' ' : letter);
    }
  return g_string_free (shown, FALSE);
}

char *
shs_name_shown (const char *name)
{
  g_autofree char *text = shs_text_shown (name);
  gboolean is_long = g_utf8_strlen (text, -1) > LONGEST_NAME;

  if (is_long)
    *g_utf8_offset_to_pointer (text, LONGEST_NAME) = '\0';
  return g_strconcat ("\"", text, is_long ? "\u2026" : "", "\"", NULL);
}
