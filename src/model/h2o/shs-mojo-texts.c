/* Files of lines: the domains of columns. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-memory.h"

#include <string.h>

/* "\n", "\r" and "\\"; a backslash before any other letter is left out. */
static char *
unescape (const char *line, gsize length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      char c = line[i];

      if (c == '\\' && ++i < length)
        c = line[i] == 'n' ? '\n' : line[i] == 'r' ? '\r' : line[i];
      else if (c == '\\')
        break;
      g_string_append_c (text, c);
    }
  return g_strndup (text->str, text->len);
}

static char *
make_text (const char *line, gsize length, gboolean is_escaped)
{
  g_autofree char *raw = is_escaped ? unescape (line, length) : g_strndup (line, length);

  return g_utf8_make_valid (raw, -1);
}

/* The end of the line that begins at @at, and where the next begins; lines end as Java reads them:
 * with LF, CR or both. */
static const char *
find_end (const char *at, const char *end, const char **next)
{
  const char *stop = at;

  while (stop < end && *stop != '\n' && *stop != '\r')
    stop++;
  *next = stop == end ? end : stop + (stop + 1 < end && stop[0] == '\r' && stop[1] == '\n' ? 2 : 1);
  return stop;
}

char **
shs_mojo_read_texts (const ShsMojo *self, const char *member, gsize n, gboolean is_escaped,
                     GError **error)
{
  g_autoptr (GBytes) bytes = shs_mojo_read_member (self, member, error);
  g_auto (GStrv) texts = NULL;
  gsize length;
  const char *at;
  const char *end;
  gsize found = 0;

  if (bytes == NULL)
    return NULL;
  at = g_bytes_get_data (bytes, &length);
  end = at + length;
  /* A line has at least its end, but for the last. */
  texts = n <= length + 1 ? g_try_new0 (char *, n + 1) : NULL;
  while (texts != NULL && at < end && found <= n)
    {
      const char *next;
      const char *stop = find_end (at, end, &next);

      if (found < n)
        texts[found] = make_text (at, (gsize)(stop - at), is_escaped);
      found++;
      at = next;
    }
  if (texts == NULL || found != n)
    {
      shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                     "%s has not the %" G_GSIZE_FORMAT " lines that model.ini says" SHS_MOJO_AGAIN,
                     member, n);
      return NULL;
    }
  return g_steal_pointer (&texts);
}

gboolean
shs_mojo_set_categories (const ShsMojo *self, ShsColumn *column, const char *member, gsize n,
                         gboolean is_escaped, GError **error)
{
  char **texts = shs_mojo_read_texts (self, member, n, is_escaped, error);

  if (texts == NULL)
    return FALSE;
  column->type = n > 0 ? SHS_COLUMN_CATEGORY : SHS_COLUMN_NUMBER;
  column->categories = texts;
  column->n_categories = n;
  return TRUE;
}
