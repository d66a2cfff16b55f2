#include "io/json/shs-json-private.h"
#include "io/json/shs-json-scan.h"

#include "core/shs-error.h"

#include <math.h>
#include <string.h>

#define MAX_EXACT_INTEGER 9007199254740992.0 /* 2^53 */

static void
pass_blanks (ShsDocumentReader *self)
{
  self->at = shs_json_pass_blanks (self->at, self->end);
}

/* Fails because of the byte at @at: it ends the file or does not belong there. */
static void
fail_at_byte (ShsDocumentReader *self, const char *expected)
{
  if (self->at >= self->end)
    shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->end, SHS_JSON_CUT_SHORT);
  else if (g_ascii_isprint ((char)*self->at))
    shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->at,
                                 "expected %s and found \"%c\"; the file may be damaged", expected,
                                 *self->at);
  else
    shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->at,
                                 "expected %s and found the byte 0x%02x; the file may be damaged",
                                 expected, *self->at);
}

ShsDocumentType
shs_json_peek (ShsDocumentReader *self)
{
  pass_blanks (self);
  switch (self->at < self->end ? *self->at : 0)
    {
    case '{':
      return SHS_DOCUMENT_OBJECT;
    case '[':
      return SHS_DOCUMENT_ARRAY;
    case '"':
      return SHS_DOCUMENT_STRING;
    case 't':
    case 'f':
      return SHS_DOCUMENT_BOOLEAN;
    case 'n':
      return SHS_DOCUMENT_NULL;
    case 'N':
    case 'I':
    case '-':
    case '0' ... '9':
      return SHS_DOCUMENT_NUMBER;
    default:
      fail_at_byte (self, "a value");
      return SHS_DOCUMENT_FAILED;
    }
}

static void
enter (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  self->at++;
}

gboolean
shs_json_advance (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  guint8 bracket = level->is_array ? ']' : '}';

  pass_blanks (self);
  if (self->at < self->end && *self->at == bracket)
    {
      self->at++;
      return FALSE;
    }
  if (level->index == 0)
    return TRUE;
  if (self->at >= self->end || *self->at != ',')
    {
      fail_at_byte (self, level->is_array ? "\",\" or \"]\"" : "\",\" or \"}\"");
      return FALSE;
    }
  self->at++;
  return TRUE;
}

static const char *
read_key (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  const char *text;

  pass_blanks (self);
  self->token = self->at;
  if (self->at >= self->end || *self->at != '"')
    {
      fail_at_byte (self, "a name in quotes");
      return NULL;
    }
  text = shs_json_read_text (self);
  if (text == NULL)
    return NULL;
  level->key = self->token + 1;
  level->key_length = (gsize)(self->at - level->key) - 1;
  pass_blanks (self);
  if (self->at >= self->end || *self->at != ':')
    {
      fail_at_byte (self, "\":\"");
      return NULL;
    }
  self->at++;
  return text;
}

double
shs_json_read_number (ShsDocumentReader *self)
{
  ShsJsonNumber number;
  const guint8 *begin = self->at;
  double value;
  const guint8 *end = shs_json_scan_word (begin, self->end, &value);

  if (end == NULL && (shs_json_is_digit (*begin) || *begin == '-'))
    {
      end = shs_json_scan_number (begin, &number);
      if (end != NULL && !shs_json_number_to_double (&number, &value))
        value = shs_json_number_to_double_slowly (begin, end);
    }
  if (end == NULL)
    {
      shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, begin,
                                   "a number is misspelled; the file may be damaged");
      return 0;
    }
  self->at = end;
  return value;
}

static gint64
read_integer (ShsDocumentReader *self)
{
  double value = shs_json_read_number (self);

  if (self->error == NULL && !(fabs (value) <= MAX_EXACT_INTEGER && value == trunc (value)))
    shs_document_reader_fail (self, SHS_ERROR_INVALID,
                              "expected a whole number of at most 53 bits");
  return self->error == NULL ? (gint64)value : 0;
}

static void
read_word (ShsDocumentReader *self, const char *word)
{
  gsize length = strlen (word);

  if (shs_document_reader_bytes_left (self) >= length && memcmp (self->at, word, length) == 0)
    self->at += length;
  else
    shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->at,
                                 "expected the word %s; the file may be damaged", word);
}

gboolean
shs_json_read_boolean (ShsDocumentReader *self)
{
  gboolean value = *self->at == 't';

  read_word (self, value ? "true" : "false");
  return value && self->error == NULL;
}

void
shs_json_read_null (ShsDocumentReader *self)
{
  read_word (self, "null");
}

static char *
describe_place (ShsDocumentReader *self, const guint8 *place)
{
  gsize line = 1;
  gsize column = 1;

  for (const guint8 *p = self->begin; p < place; p++)
    {
      gboolean ends_line = *p == '\n';

      line += ends_line;
      column = ends_line ? 1 : column + ((*p & 0xc0) != 0x80);
    }
  return g_strdup_printf ("line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT, line, column);
}

const ShsDocumentFormat shs_json_format = {
  .peek = shs_json_peek,
  .enter = enter,
  .advance = shs_json_advance,
  .read_key = read_key,
  .read_string = shs_json_read_text,
  .read_number = shs_json_read_number,
  .read_integer = read_integer,
  .read_boolean = shs_json_read_boolean,
  .read_null = shs_json_read_null,
  .read_numbers = shs_json_read_numbers,
  .skip_numbers = shs_json_skip_numbers,
  .pass_blanks = pass_blanks,
  .describe_place = describe_place,
};
