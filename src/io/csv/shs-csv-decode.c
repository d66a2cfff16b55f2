#include "io/csv/shs-csv-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

#define REPLACEMENT 0xfffd

/* UTF-16 in either byte order. */
typedef struct
{
  const guint8 *bytes;
  gsize n_units;
  gboolean is_big_endian;
} Utf16;

static guint32
get_unit (const Utf16 *source, gsize i)
{
  const guint8 *unit = source->bytes + 2 * i;

  return source->is_big_endian ? (guint32)unit[0] << 8 | unit[1] : (guint32)unit[1] << 8 | unit[0];
}

static guint32
next_character (const Utf16 *source, gsize *i)
{
  guint32 unit = get_unit (source, (*i)++);
  guint32 low;

  if (unit < 0xd800 || unit > 0xdfff)
    return unit;
  if (unit > 0xdbff || *i == source->n_units)
    return REPLACEMENT;
  low = get_unit (source, *i);
  if (low < 0xdc00 || low > 0xdfff)
    return REPLACEMENT;
  (*i)++;
  return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

static gsize
convert_utf16 (const Utf16 *source, char *out)
{
  gsize length = 0;

  for (gsize i = 0; i < source->n_units;)
    {
      gunichar character = next_character (source, &i);

      length += (gsize)g_unichar_to_utf8 (character, out != NULL ? out + length : NULL);
    }
  return length;
}

static GBytes *
utf8_from_utf16 (const Utf16 *source, GError **error)
{
  gsize length = convert_utf16 (source, NULL);
  char *converted = shs_alloc (length, 1, error);

  if (converted == NULL)
    return NULL;
  convert_utf16 (source, converted);
  return g_bytes_new_with_free_func (converted, length, shs_free, converted);
}

GBytes *
shs_csv_decode (const char *name, GBytes *bytes, ShsCsvText *text, GError **error)
{
  gsize length;
  const guint8 *content = g_bytes_get_data (bytes, &length);
  g_autoptr (GBytes) utf8 = NULL;
  gsize n_skipped = 0;

  if (length >= 2
      && ((content[0] == 0xff && content[1] == 0xfe) || (content[0] == 0xfe && content[1] == 0xff)))
    {
      Utf16 source = { content + 2, (length - 2) / 2, content[0] == 0xfe };

      if (length % 2 != 0)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
                       "%s: byte %" G_GSIZE_FORMAT
                       ": UTF-16 ends in the middle of a character; copy the file again",
                       name, length);
          return NULL;
        }
      utf8 = utf8_from_utf16 (&source, error);
    }
  else
    {
      utf8 = g_bytes_ref (bytes);
      n_skipped = length >= 3 && memcmp (content, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    }
  if (utf8 == NULL)
    return NULL;
  content = g_bytes_get_data (utf8, &length);
  text->name = name;
  text->begin = length > 0 ? (const char *)content + n_skipped : "";
  text->end = length > 0 ? (const char *)content + length : text->begin;
  return g_steal_pointer (&utf8);
}
