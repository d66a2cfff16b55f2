/* Files of lines: the domains of columns. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-memory.h"

#include <string.h>

#define LEAST_TEXT 32
#define TEXTS_ALLOWED ((gsize)256 << 20)
#define TEXTS_PER_BYTE 100 /* of the file */
#define MISCOUNTED "%s has not the %" G_GSIZE_FORMAT " lines that model.ini says" SHS_MOJO_AGAIN

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

/* A text takes its pointer, its end, and what the allocator rounds up to, however short it is. */
static gboolean
charge_texts (ShsMojo *self, const char *member, gsize n, gsize length, GError **error)
{
  gsize bytes = n * (sizeof (char *) + LEAST_TEXT) + length;

  /* A line has at least its end, but for the last. */
  if (n > length + 1)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID, MISCOUNTED, member, n);
  self->text_bytes += bytes;
  if (self->text_bytes > TEXTS_ALLOWED + self->file_size * TEXTS_PER_BYTE)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "%s would grow several hundredfold when it is read; it may be a bomb",
                          member);
  if (shs_memory_check (self->text_bytes, "keeping its categories", error))
    return TRUE;
  g_prefix_error (error, "%s, %s: ", self->name, member);
  return FALSE;
}

/* No two columns share a file; were it read for each that names it, a few lines would fill the
 * memory. */
static gboolean
note_member (ShsMojo *self, const char *member, GError **error)
{
  if (g_hash_table_add (self->texts_read, g_strdup (member)))
    return TRUE;
  return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                        "%s is named as the categories of two columns" SHS_MOJO_AGAIN, member);
}

char **
shs_mojo_read_texts (ShsMojo *self, const char *member, gsize n, gboolean is_escaped,
                     GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_auto (GStrv) texts = NULL;
  gsize length;
  const char *at;
  const char *end;
  gsize found = 0;

  if (!note_member (self, member, error))
    return NULL;
  bytes = shs_mojo_read_member (self, member, error);
  if (bytes == NULL)
    return NULL;
  at = g_bytes_get_data (bytes, &length);
  end = at + length;
  if (!charge_texts (self, member, n, length, error))
    return NULL;
  texts = g_new0 (char *, n + 1);
  while (at < end && found <= n)
    {
      const char *next;
      const char *stop = find_end (at, end, &next);

      if (found < n)
        texts[found] = make_text (at, (gsize)(stop - at), is_escaped);
      found++;
      at = next;
    }
  if (found != n)
    {
      shs_mojo_fail (self, error, SHS_ERROR_INVALID, MISCOUNTED, member, n);
      return NULL;
    }
  return g_steal_pointer (&texts);
}

gboolean
shs_mojo_set_categories (ShsMojo *self, ShsColumn *column, const char *member, gsize n,
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
