#include "model/match/shs-name-match.h"

#include "core/shs-shown.h"

#include <string.h>

#define LONGEST_COMPARED 200
#define SHORTEST_CONTAINED 3
#define MOST_LISTED 8

static gboolean
is_kept (gunichar letter, gboolean letters_only)
{
  if (letters_only)
    return g_unichar_isalnum (letter) || g_unichar_ismark (letter);
  return !g_unichar_isspace (letter) && (letter > 127 || strchr ("_-.", (int)letter) == NULL);
}

static char *
fold (const char *name, gboolean letters_only)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  GString *kept = g_string_new (NULL);

  for (const char *at = folded; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);

      if (is_kept (letter, letters_only))
        g_string_append_unichar (kept, letter);
    }
  return g_string_free (kept, FALSE);
}

char *
shs_name_fold (const char *name)
{
  return fold (name, FALSE);
}

char *
shs_name_fold_letters (const char *name)
{
  return fold (name, TRUE);
}

static gunichar *
to_letters (const char *text, gsize *length)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  glong n;
  gunichar *letters = g_utf8_to_ucs4_fast (valid, -1, &n);

  *length = (gsize)MIN (n, LONGEST_COMPARED);
  return letters;
}

guint
shs_name_distance (const char *a, const char *b, guint limit)
{
  gsize n, m;
  g_autofree gunichar *from = to_letters (a, &n);
  g_autofree gunichar *to = to_letters (b, &m);
  guint row[LONGEST_COMPARED + 1];

  if ((n > m ? n - m : m - n) >= limit)
    return limit;
  for (gsize j = 0; j <= m; j++)
    row[j] = (guint)j;
  for (gsize i = 1; i <= n; i++)
    {
      guint diagonal = row[0];

      row[0] = (guint)i;
      for (gsize j = 1; j <= m; j++)
        {
          guint replaced = diagonal + (from[i - 1] != to[j - 1]);

          diagonal = row[j];
          row[j] = MIN (replaced, 1 + MIN (row[j], row[j - 1]));
        }
    }
  return MIN (row[m], limit);
}

static gboolean
contains (const char *folded, const char *other)
{
  gboolean is_long = strlen (folded) >= SHORTEST_CONTAINED && strlen (other) >= SHORTEST_CONTAINED;

  return is_long && (strstr (folded, other) != NULL || strstr (other, folded) != NULL);
}

gssize
shs_name_nearest (const char *name, const char *const *names, gsize n)
{
  g_autofree char *folded = shs_name_fold (name);
  guint best = (guint)strlen (folded) / 3 + 1;
  gssize nearest = -1;

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *other = shs_name_fold (names[i]);
      guint distance = shs_name_distance (folded, other, best);

      if (distance < best || (nearest < 0 && contains (folded, other)))
        {
          best = MIN (best, distance);
          nearest = (gssize)i;
        }
    }
  return nearest;
}

char *
shs_names_list (const char *const *names, gsize n)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < MIN (n, MOST_LISTED); i++)
    {
      g_autofree char *shown = shs_name_shown (names[i]);

      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", shown);
    }
  if (n > MOST_LISTED)
    g_string_append_printf (list, " and %" G_GSIZE_FORMAT " more", n - MOST_LISTED);
  return g_string_free (list, FALSE);
}
