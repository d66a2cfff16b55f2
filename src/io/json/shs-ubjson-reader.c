#include "io/json/shs-ubjson-private.h"

#include "core/shs-error.h"

#include <math.h>

#define MIN_KEY_SIZE 2 /* a length marker and a length of one byte */

gboolean
shs_ubjson_need (ShsDocumentReader *self, guint64 n)
{
  if (n <= shs_document_reader_bytes_left (self))
    return TRUE;
  shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->end, SHS_UBJSON_CUT_SHORT);
  return FALSE;
}

gsize
shs_ubjson_value_size (char marker)
{
  switch (marker)
    {
    case 'i':
    case 'U':
    case 'C':
      return 1;
    case 'I':
      return 2;
    case 'l':
    case 'd':
      return 4;
    case 'L':
    case 'D':
      return 8;
    default:
      return 0;
    }
}

static void
fail_at_marker (ShsDocumentReader *self, const char *expected)
{
  if (!shs_ubjson_need (self, 1))
    return;
  shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->at,
                               "expected %s and found the byte 0x%02x; the file may be damaged",
                               expected, *self->at);
}

/* A length or count: a whole number of any type, not negative, at most @limit. */
static guint64
read_length (ShsDocumentReader *self, const char *what, guint64 limit)
{
  const guint8 *place = self->at;
  gsize size;
  gint64 length;

  if (!shs_ubjson_need (self, 1))
    return 0;
  size = strchr ("iUIlL", *self->at) != NULL ? shs_ubjson_value_size ((char)*self->at) : 0;
  if (size == 0)
    {
      fail_at_marker (self, "the type of a length");
      return 0;
    }
  if (!shs_ubjson_need (self, 1 + size))
    return 0;
  length = shs_ubjson_load_integer ((char)*self->at, self->at + 1);
  self->at += 1 + size;
  if (length >= 0 && (guint64)length <= MIN (limit, shs_document_reader_bytes_left (self)))
    return (guint64)length;
  shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, place,
                               "%s of %" G_GINT64_FORMAT
                               " is more than the rest of the file holds; it may be damaged or cut "
                               "short",
                               what, length);
  return 0;
}

static const char *
read_text (ShsDocumentReader *self)
{
  gsize length = read_length (self, "a text", G_MAXUINT64);

  if (self->error != NULL || !shs_document_reader_reserve (self, 0, length + 1))
    return NULL;
  memcpy (self->scratch, self->at, length);
  self->at += length;
  return shs_document_reader_finish_text (self, length);
}

static const ShsDocumentLevel *
top_level (const ShsDocumentReader *self)
{
  return self->depth > 0 ? &self->levels[self->depth - 1] : NULL;
}

static void
pass_no_operations (ShsDocumentReader *self)
{
  while (self->at < self->end && *self->at == 'N')
    self->at++;
}

static ShsDocumentType
type_of_marker (char marker)
{
  switch (marker)
    {
    case '{':
      return SHS_DOCUMENT_OBJECT;
    case '[':
      return SHS_DOCUMENT_ARRAY;
    case 'S':
    case 'C':
      return SHS_DOCUMENT_STRING;
    case 'T':
    case 'F':
      return SHS_DOCUMENT_BOOLEAN;
    case 'Z':
      return SHS_DOCUMENT_NULL;
    default:
      return shs_ubjson_value_size (marker) > 0 ? SHS_DOCUMENT_NUMBER : SHS_DOCUMENT_FAILED;
    }
}

ShsDocumentType
shs_ubjson_peek (ShsDocumentReader *self)
{
  const ShsDocumentLevel *level = top_level (self);
  ShsDocumentType type;

  if (level != NULL && level->marker != 0)
    return type_of_marker (level->marker);
  pass_no_operations (self);
  if (!shs_ubjson_need (self, 1))
    return SHS_DOCUMENT_FAILED;
  type = type_of_marker ((char)*self->at);
  if (*self->at == 'H')
    shs_document_reader_fail_at (self, SHS_ERROR_UNSUPPORTED, self->at,
                                 "numbers of arbitrary precision cannot be read; write them as "
                                 "float64");
  else if (type == SHS_DOCUMENT_FAILED)
    fail_at_marker (self, "a value");
  return type;
}

char
shs_ubjson_take_marker (ShsDocumentReader *self, const ShsDocumentLevel *level)
{
  if (level != NULL && level->marker != 0)
    return level->marker;
  return (char)*self->at++;
}

/* The type that all values of a container share, behind its "$". */
static void
read_shared_marker (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  ShsDocumentType type;

  self->at++;
  if (!shs_ubjson_need (self, 2))
    return;
  type = type_of_marker ((char)*self->at);
  if (type == SHS_DOCUMENT_FAILED || type == SHS_DOCUMENT_BOOLEAN || type == SHS_DOCUMENT_NULL)
    {
      fail_at_marker (self, "a type whose values take room");
      return;
    }
  level->marker = (char)*self->at++;
  if (*self->at != '#')
    fail_at_marker (self, "the count of a typed container");
}

static void
read_count (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  gsize least = MAX (1, shs_ubjson_value_size (level->marker));
  const guint8 *place = self->at++;

  least += level->is_array ? 0 : MIN_KEY_SIZE;
  level->n_left = (gint64)read_length (self, "a count", G_MAXUINT64);
  if (self->error == NULL && (guint64)level->n_left > shs_document_reader_bytes_left (self) / least)
    shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, place,
                                 "a count of %" G_GINT64_FORMAT
                                 " is more than the rest of the file holds; it may be damaged or "
                                 "cut short",
                                 level->n_left);
}

void
shs_ubjson_enter (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  shs_ubjson_take_marker (self, top_level (self));
  if (shs_document_reader_bytes_left (self) > 0 && *self->at == '$')
    read_shared_marker (self, level);
  if (self->error == NULL && shs_document_reader_bytes_left (self) > 0 && *self->at == '#')
    read_count (self, level);
}

gboolean
shs_ubjson_advance (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  if (level->n_left >= 0)
    return level->n_left-- > 0;
  pass_no_operations (self);
  if (!shs_ubjson_need (self, 1))
    return FALSE;
  if (*self->at != (level->is_array ? ']' : '}'))
    return TRUE;
  self->at++;
  return FALSE;
}

static const char *
read_key (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  const char *text;

  self->token = self->at;
  text = read_text (self);
  if (text != NULL)
    {
      level->key_length = strlen (text);
      level->key = self->at - level->key_length;
    }
  return text;
}

static const char *
read_string (ShsDocumentReader *self)
{
  if (shs_ubjson_take_marker (self, top_level (self)) == 'S')
    return read_text (self);
  if (!shs_ubjson_need (self, 1) || !shs_document_reader_reserve (self, 0, 2))
    return NULL;
  self->scratch[0] = *self->at++;
  return shs_document_reader_finish_text (self, 1);
}

/* Passes the number that comes next and returns where its bytes are; NULL after failing. */
static const guint8 *
take_number (ShsDocumentReader *self, char *marker)
{
  const guint8 *place;

  *marker = shs_ubjson_take_marker (self, top_level (self));
  if (!shs_ubjson_need (self, shs_ubjson_value_size (*marker)))
    return NULL;
  place = self->at;
  self->at += shs_ubjson_value_size (*marker);
  return place;
}

static double
read_number (ShsDocumentReader *self)
{
  char marker;
  const guint8 *place = take_number (self, &marker);

  if (place == NULL)
    return 0;
  return shs_ubjson_is_real (marker) ? shs_ubjson_load_real (marker, place)
                                     : (double)shs_ubjson_load_integer (marker, place);
}

static gint64
read_integer (ShsDocumentReader *self)
{
  char marker;
  const guint8 *place = take_number (self, &marker);
  double value;

  if (place == NULL)
    return 0;
  if (!shs_ubjson_is_real (marker))
    return shs_ubjson_load_integer (marker, place);
  value = shs_ubjson_load_real (marker, place);
  if (fabs (value) <= 0x1p53 && value == trunc (value))
    return (gint64)value;
  shs_document_reader_fail (self, SHS_ERROR_INVALID, "expected a whole number of at most 53 bits");
  return 0;
}

static gboolean
read_boolean (ShsDocumentReader *self)
{
  return shs_ubjson_take_marker (self, top_level (self)) == 'T';
}

static void
read_null (ShsDocumentReader *self)
{
  shs_ubjson_take_marker (self, top_level (self));
}

static char *
describe_place (ShsDocumentReader *self, const guint8 *place)
{
  return g_strdup_printf ("byte %" G_GSIZE_FORMAT, (gsize)(place - self->begin));
}

const ShsDocumentFormat shs_ubjson_format = {
  .peek = shs_ubjson_peek,
  .enter = shs_ubjson_enter,
  .advance = shs_ubjson_advance,
  .read_key = read_key,
  .read_string = read_string,
  .read_number = read_number,
  .read_integer = read_integer,
  .read_boolean = read_boolean,
  .read_null = read_null,
  .read_numbers = shs_ubjson_read_numbers,
  .skip_numbers = shs_ubjson_skip_numbers,
  .pass_blanks = pass_no_operations,
  .describe_place = describe_place,
};
