#include "core/shs-error.h"
#include "core/shs-missing.h"
#include "core/shs-number.h"
#include "io/csv/shs-csv-private.h"

#include <math.h>
#include <string.h>

static inline gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

#define EACH_BYTE 0x0101010101010101u
#define HIGH_BITS 0x8080808080808080u

/* High bits of the bytes of @word that are zero; bytes above the lowest such one may be wrong. */
static inline guint64
mark_zeros (guint64 word)
{
  return (word - EACH_BYTE) & ~word & HIGH_BITS;
}

/* The first @a or @b, or @end; eight bytes at a time. */
static inline const char *
find_either (const char *p, const char *end, char a, char b)
{
  const guint64 all_a = EACH_BYTE * (guint8)a;
  const guint64 all_b = EACH_BYTE * (guint8)b;

  for (; end - p >= 8; p += 8)
    {
      guint64 word, marks;

      memcpy (&word, p, sizeof word);
      word = GUINT64_FROM_LE (word);
      marks = mark_zeros (word ^ all_a) | mark_zeros (word ^ all_b);
      if (marks != 0)
        return p + __builtin_ctzll (marks) / 8;
    }
  while (p < end && *p != a && *p != b)
    p++;
  return p;
}

/* What stands behind a cell: the delimiter, the end of the line, or something wrong. */
static gboolean
finish_cell (const ShsCsvText *text, const char *at, ShsCsvCell *cell)
{
  if (text->delimiter == ' ')
    while (at < text->end && *at == ' ')
      at++;
  if (at < text->end && *at == '\r' && text->line_end == '\n'
      && (at + 1 == text->end || at[1] == '\n'))
    at++;
  cell->ends_line = at == text->end || *at == text->line_end;
  cell->next = at + (at < text->end);
  if (cell->ends_line || *at == text->delimiter)
    return TRUE;
  cell->next = at;
  return text->delimiter == ' ';
}

static const char *
read_quoted (const ShsCsvText *text, const char *at, ShsCsvCell *cell)
{
  const char *p = at + 1;

  cell->begin = p;
  cell->has_escapes = FALSE;
  for (;;)
    {
      p = memchr (p, '"', (gsize)(text->end - p));
      if (p == NULL)
        return "a quote is opened and never closed; close it";
      if (p + 1 == text->end || p[1] != '"')
        break;
      cell->has_escapes = TRUE;
      p += 2;
    }
  cell->end = p++;
  while (text->delimiter != ' ' && p < text->end && is_blank (*p) && *p != text->delimiter)
    p++;
  if (p < text->end && text->delimiter == ' ' && !is_blank (*p) && *p != '\r'
      && *p != text->line_end)
    return "text follows a closing quote; write quotes inside a cell twice";
  if (!finish_cell (text, p, cell))
    return "text follows a closing quote; write quotes inside a cell twice";
  return NULL;
}

const char *
shs_csv_read_cell (const ShsCsvText *text, const char *at, ShsCsvCell *cell)
{
  const char delimiter = text->delimiter;
  const char line_end = text->line_end;
  const char *end = text->end;
  const char *p = at;

  while (p < end && is_blank (*p) && (*p != delimiter || delimiter == ' '))
    p++;
  if (p < end && *p == '"')
    return read_quoted (text, p, cell);
  cell->begin = delimiter == ' ' ? p : at;
  p = find_either (p, end, delimiter, line_end);
  cell->end = p;
  cell->has_escapes = FALSE;
  if (delimiter == ' ')
    finish_cell (text, p, cell);
  else
    {
      cell->ends_line = p == end || *p == line_end;
      cell->next = p + (p < end);
    }
  if (cell->ends_line && line_end == '\n' && cell->end > cell->begin && cell->end[-1] == '\r')
    cell->end--;
  return NULL;
}

static ShsCsvCell
trim (const ShsCsvCell *cell)
{
  ShsCsvCell trimmed = *cell;

  while (trimmed.begin < trimmed.end && is_blank (trimmed.begin[0]))
    trimmed.begin++;
  while (trimmed.begin < trimmed.end && is_blank (trimmed.end[-1]))
    trimmed.end--;
  return trimmed;
}

guint
shs_csv_cell_find_missing (const ShsCsvCell *cell)
{
  return shs_missing_find (cell->begin, (gsize)(cell->end - cell->begin));
}

gboolean
shs_csv_cell_read_number (const ShsCsvText *text, const ShsCsvCell *cell, double *value)
{
  ShsCsvCell trimmed = trim (cell);
  gboolean is_number;
  guint spelling;

  *value = NAN;
  is_number = trimmed.begin < trimmed.end
              && shs_number_parse_marked (trimmed.begin, trimmed.end, text->decimal_mark, value)
                     == trimmed.end;
  if (is_number && !isnan (*value))
    return TRUE;
  spelling = shs_csv_cell_find_missing (cell);
  *value = shs_missing_new (spelling);
  return is_number || spelling > 0;
}

gboolean
shs_csv_is_padded_number (const char *at, const char *end)
{
  if (at < end && *at == '-')
    at++;
  return at + 1 < end && (*at == '+' || (*at == '0' && g_ascii_isdigit (at[1])));
}

/* Bytes that are no UTF-8 come from Windows: code page 1252, Latin-1 with signs at 0x80-0x9f. */
static char *
decode_single_bytes (const char *text, gsize length)
{
  static const guint16 windows_signs[32]
      = { 0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
          0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
          0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178 };
  GString *decoded = g_string_sized_new (length + 8);

  for (gsize i = 0; i < length; i++)
    {
      guint8 byte = (guint8)text[i];

      g_string_append_unichar (decoded,
                               byte >= 0x80 && byte < 0xa0 ? windows_signs[byte - 0x80] : byte);
    }
  return g_string_free (decoded, FALSE);
}

char *
shs_csv_cell_to_name (const ShsCsvCell *cell)
{
  ShsCsvCell trimmed = trim (cell);

  return shs_csv_cell_to_text (trimmed.begin, (gsize)(trimmed.end - trimmed.begin),
                               cell->has_escapes);
}

char *
shs_csv_cell_to_text (const char *begin, gsize length, gboolean has_escapes)
{
  g_autofree char *copy = NULL;
  gsize n = 0;

  if (memchr (begin, '\0', length) != NULL)
    return NULL;
  copy = g_strndup (begin, length);
  if (has_escapes)
    {
      for (gsize i = 0; i < length; i++)
        {
          copy[n++] = copy[i];
          i += copy[i] == '"';
        }
      copy[n] = '\0';
      length = n;
    }
  if (g_utf8_validate (copy, (gssize)length, NULL))
    return g_steal_pointer (&copy);
  return decode_single_bytes (copy, length);
}

gboolean
shs_csv_is_blank_line (const ShsCsvText *text, const char *at)
{
  while (at < text->end && *at != text->line_end && (is_blank (*at) || *at == '\r')
         && (*at != text->delimiter || text->delimiter == ' '))
    at++;
  return at == text->end || *at == text->line_end;
}

const char *
shs_csv_skip_blank_lines (const ShsCsvText *text, const char *at)
{
  while (at < text->end && shs_csv_is_blank_line (text, at))
    {
      const char *line_end = memchr (at, text->line_end, (gsize)(text->end - at));

      at = line_end != NULL ? line_end + 1 : text->end;
    }
  return at;
}

static gsize
count_lines (const ShsCsvText *text, const char *at)
{
  gsize line = 1;
  const char *p = text->begin;

  while (p < at && (p = memchr (p, text->line_end, (gsize)(at - p))) != NULL)
    {
      line++;
      p++;
    }
  return line;
}

gboolean
shs_csv_fail (const ShsCsvText *text, const char *at, gsize column, const char *problem,
              GError **error)
{
  if (column == 0)
    g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "%s: line %" G_GSIZE_FORMAT ": %s", text->name,
                 count_lines (text, at), problem);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
                 "%s: line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": %s", text->name,
                 count_lines (text, at), column, problem);
  return FALSE;
}
