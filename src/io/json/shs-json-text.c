#include "io/json/shs-json-private.h"

#include "core/shs-error.h"

#include <string.h>

/* Where the closing quote of the text that begins at @p stands; NULL after failing. */
static const guint8 *
find_closing_quote (ShsDocumentReader *self, const guint8 *p, gboolean *has_escapes)
{
  *has_escapes = FALSE;
  for (; p < self->end; p++)
    {
      if (*p == '"')
        return p;
      if (*p < 0x20)
        {
          shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, p,
                                       "a text holds a raw line end or control byte; its closing "
                                       "quote may be missing");
          return NULL;
        }
      if (*p == '\\')
        {
          *has_escapes = TRUE;
          p++;
        }
    }
  shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->end, SHS_JSON_CUT_SHORT);
  return NULL;
}

/* Four hexadecimal digits, or -1. */
static int
read_hexadecimal (const guint8 *p, const guint8 *end)
{
  int value = 0;

  if (end - p < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value ((char)p[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

/* Decodes \uXXXX (a pair of them for a surrogate pair) behind the "u"; NULL when malformed. */
static const guint8 *
decode_code_point (const guint8 *p, const guint8 *end, char **out)
{
  int high = read_hexadecimal (p, end);
  int low;

  if (high <= 0 || (high >= 0xdc00 && high <= 0xdfff))
    return NULL;
  p += 4;
  if (high < 0xd800 || high > 0xdbff)
    {
      *out += g_unichar_to_utf8 ((gunichar)high, *out);
      return p;
    }
  if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return NULL;
  low = read_hexadecimal (p + 2, end);
  if (low < 0xdc00 || low > 0xdfff)
    return NULL;
  *out += g_unichar_to_utf8 (0x10000 + (((gunichar)high - 0xd800) << 10) + ((gunichar)low - 0xdc00),
                             *out);
  return p + 6;
}

/* Decodes one escape behind its backslash; NULL when there is no such escape. */
static const guint8 *
decode_escape (const guint8 *p, const guint8 *end, char **out)
{
  static const char names[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  const char *name;

  if (*p == 'u')
    return decode_code_point (p + 1, end, out);
  name = memchr (names, *p, sizeof names - 1);
  if (name == NULL)
    return NULL;
  *(*out)++ = meanings[name - names];
  return p + 1;
}

/* Returns the length of the decoded text in scratch memory, which never exceeds the raw length. */
static gsize
decode (ShsDocumentReader *self, const guint8 *p, const guint8 *end)
{
  char *out = (char *)self->scratch;

  while (p < end)
    {
      const guint8 *rest;

      if (*p != '\\')
        {
          *out++ = (char)*p++;
          continue;
        }
      rest = decode_escape (p + 1, end, &out);
      if (rest == NULL)
        {
          shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, p,
                                       "a text holds a backslash that begins no known escape; the "
                                       "file may be damaged");
          return 0;
        }
      p = rest;
    }
  return (gsize)(out - (char *)self->scratch);
}

const char *
shs_json_read_text (ShsDocumentReader *self)
{
  const guint8 *begin = self->at + 1;
  gboolean has_escapes;
  const guint8 *quote = find_closing_quote (self, begin, &has_escapes);
  gsize length;

  if (quote == NULL)
    return NULL;
  length = (gsize)(quote - begin);
  if (!shs_document_reader_reserve (self, 0, length + 1))
    return NULL;
  if (has_escapes)
    length = decode (self, begin, quote);
  else
    memcpy (self->scratch, begin, length);
  if (self->error != NULL)
    return NULL;
  self->at = quote + 1;
  return shs_document_reader_finish_text (self, length);
}
