#include "io/json/shs-document-reader.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader-private.h"
#include "io/shs-bytes.h"

#include <string.h>

#define RELEASE_STEP (4u << 20) /* bytes */

static const char *const type_names[] = {
  "an object", "an array", "a text", "a number", "true or false", "null", "nothing",
};

static ShsDocumentReader *
reader_new (const ShsDocumentFormat *format, const char *name, GBytes *bytes)
{
  ShsDocumentReader *self = g_new0 (ShsDocumentReader, 1);
  gsize length;

  self->format = format;
  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->begin = g_bytes_get_data (bytes, &length);
  self->end = self->begin + length;
  self->at = self->begin;
  self->token = self->begin;
  self->is_value_due = TRUE;
  return self;
}

static inline gboolean
may_belong_to_a_number (guint8 byte)
{
  return g_ascii_isdigit (byte) || byte == '-' || byte == '.' || byte == 'e' || byte == 'E'
         || byte == '+';
}

/* The number scanner stops at the first byte that is not a number's and asks for no length. */
static void
end_with_a_blank (ShsDocumentReader *self)
{
  gsize length = (gsize)(self->end - self->begin);
  g_autoptr (GError) error = NULL;
  guint8 *copy = shs_alloc (length + 1, 1, &error);

  if (copy == NULL)
    {
      self->end = self->begin;
      shs_document_reader_fail_with (self, g_steal_pointer (&error));
      return;
    }
  memcpy (copy, self->begin, length);
  copy[length] = ' ';
  g_bytes_unref (self->bytes);
  self->bytes = g_bytes_new_with_free_func (copy, length + 1, shs_free, copy);
  self->begin = self->at = self->token = copy;
  self->end = copy + length + 1;
}

ShsDocumentReader *
shs_document_reader_new_json (const char *name, GBytes *bytes)
{
  ShsDocumentReader *self = reader_new (&shs_json_format, name, bytes);

  if (self->end > self->begin && may_belong_to_a_number (self->end[-1]))
    end_with_a_blank (self);
  if (self->end - self->begin >= 3 && memcmp (self->begin, "\xef\xbb\xbf", 3) == 0)
    self->at += 3;
  return self;
}

ShsDocumentReader *
shs_document_reader_new_ubjson (const char *name, GBytes *bytes)
{
  return reader_new (&shs_ubjson_format, name, bytes);
}

ShsDocumentReader *
shs_document_reader_new (const char *name, GBytes *bytes)
{
  gsize length;
  const char *begin = g_bytes_get_data (bytes, &length);

  if (length >= 2 && begin[0] == '{' && strchr ("iUIlL$#", begin[1]) != NULL && begin[1] != '\0')
    return shs_document_reader_new_ubjson (name, bytes);
  return shs_document_reader_new_json (name, bytes);
}

void
shs_document_reader_free (ShsDocumentReader *self)
{
  if (self == NULL)
    return;
  g_clear_error (&self->error);
  g_bytes_unref (self->bytes);
  shs_free (self->scratch);
  shs_document_numbers_clear (&self->numbers);
  g_free (self->name);
  g_free (self);
}

ShsDocumentType
shs_document_reader_peek (ShsDocumentReader *self)
{
  if (self->error != NULL || !self->is_value_due)
    return SHS_DOCUMENT_FAILED;
  return self->format->peek (self);
}

/* Whether a value of @wanted comes next; from here on it counts as read. */
static gboolean
take (ShsDocumentReader *self, ShsDocumentType wanted)
{
  ShsDocumentType found;

  if (self->error != NULL)
    return FALSE;
  g_return_val_if_fail (self->is_value_due, FALSE);
  found = self->format->peek (self);
  self->token = self->at;
  self->is_value_due = FALSE;
  if (self->error == NULL && found != wanted)
    shs_document_reader_fail (self, SHS_ERROR_INVALID, "expected %s and found %s",
                              type_names[wanted], type_names[found]);
  return self->error == NULL;
}

static gboolean
begin (ShsDocumentReader *self, ShsDocumentType type)
{
  ShsDocumentLevel level = { .is_array = type == SHS_DOCUMENT_ARRAY, .n_left = -1 };

  if (!take (self, type))
    return FALSE;
  if (self->depth == SHS_DOCUMENT_MAX_DEPTH)
    {
      shs_document_reader_fail (self, SHS_ERROR_INVALID,
                                "objects and arrays are nested deeper than %d",
                                SHS_DOCUMENT_MAX_DEPTH);
      return FALSE;
    }
  self->format->enter (self, &level);
  self->levels[self->depth++] = level;
  return self->error == NULL;
}

/* A document is read once, so that what lies behind may go. */
static void
release (ShsDocumentReader *self)
{
  gsize n_read = (gsize)(self->at - self->begin);

  if (G_LIKELY (n_read - self->n_released < RELEASE_STEP))
    return;
  shs_bytes_release (self->bytes, self->n_released, n_read - self->n_released);
  self->n_released = n_read;
}

/* Whether the container entered last has another value; leaves it otherwise. */
static gboolean
advance (ShsDocumentReader *self, gboolean is_array)
{
  ShsDocumentLevel *level;

  if (self->error != NULL)
    return FALSE;
  g_return_val_if_fail (self->depth > 0 && !self->is_value_due, FALSE);
  level = &self->levels[self->depth - 1];
  g_return_val_if_fail (level->is_array == is_array, FALSE);
  if (!self->format->advance (self, level))
    {
      self->depth -= self->error == NULL;
      return FALSE;
    }
  level->index++;
  level->key = NULL;
  self->is_value_due = TRUE;
  release (self);
  return TRUE;
}

gboolean
shs_document_reader_begin_object (ShsDocumentReader *self)
{
  return begin (self, SHS_DOCUMENT_OBJECT);
}

const char *
shs_document_reader_next_key (ShsDocumentReader *self)
{
  if (!advance (self, FALSE))
    return NULL;
  return self->format->read_key (self, &self->levels[self->depth - 1]);
}

gboolean
shs_document_reader_begin_array (ShsDocumentReader *self)
{
  return begin (self, SHS_DOCUMENT_ARRAY);
}

gboolean
shs_document_reader_next_element (ShsDocumentReader *self)
{
  return advance (self, TRUE);
}

const char *
shs_document_reader_read_string (ShsDocumentReader *self)
{
  return take (self, SHS_DOCUMENT_STRING) ? self->format->read_string (self) : NULL;
}

double
shs_document_reader_read_number (ShsDocumentReader *self)
{
  return take (self, SHS_DOCUMENT_NUMBER) ? self->format->read_number (self) : 0;
}

gint64
shs_document_reader_read_integer (ShsDocumentReader *self)
{
  return take (self, SHS_DOCUMENT_NUMBER) ? self->format->read_integer (self) : 0;
}

gboolean
shs_document_reader_read_boolean (ShsDocumentReader *self)
{
  return take (self, SHS_DOCUMENT_BOOLEAN) && self->format->read_boolean (self);
}

void
shs_document_reader_read_null (ShsDocumentReader *self)
{
  if (take (self, SHS_DOCUMENT_NULL))
    self->format->read_null (self);
}

static void
skip_scalar_or_begin (ShsDocumentReader *self)
{
  switch (shs_document_reader_peek (self))
    {
    case SHS_DOCUMENT_OBJECT:
      begin (self, SHS_DOCUMENT_OBJECT);
      break;
    case SHS_DOCUMENT_ARRAY:
      if (begin (self, SHS_DOCUMENT_ARRAY))
        self->format->skip_numbers (self, &self->levels[self->depth - 1]);
      break;
    case SHS_DOCUMENT_STRING:
      shs_document_reader_read_string (self);
      break;
    case SHS_DOCUMENT_NUMBER:
      shs_document_reader_read_number (self);
      break;
    case SHS_DOCUMENT_BOOLEAN:
      shs_document_reader_read_boolean (self);
      break;
    case SHS_DOCUMENT_NULL:
      shs_document_reader_read_null (self);
      break;
    case SHS_DOCUMENT_FAILED:
      break;
    }
}

void
shs_document_reader_skip (ShsDocumentReader *self)
{
  guint depth = self->depth;

  skip_scalar_or_begin (self);
  while (self->error == NULL && self->depth > depth)
    {
      gboolean is_array = self->levels[self->depth - 1].is_array;

      if (is_array ? advance (self, TRUE) : shs_document_reader_next_key (self) != NULL)
        skip_scalar_or_begin (self);
    }
}

static gboolean
fill_numbers (ShsDocumentReader *self, ShsNumberKind kind, ShsDocumentNumbers *numbers)
{
  numbers->count = 0;
  if (begin (self, SHS_DOCUMENT_ARRAY))
    self->format->read_numbers (self, &self->levels[self->depth - 1], kind, numbers);
  if (self->error == NULL)
    {
      self->depth--;
      return TRUE;
    }
  numbers->count = 0;
  return FALSE;
}

void
shs_document_reader_fill_floats (ShsDocumentReader *self, ShsDocumentNumbers *numbers)
{
  fill_numbers (self, SHS_NUMBERS_FLOAT, numbers);
}

void
shs_document_reader_fill_integers (ShsDocumentReader *self, ShsDocumentNumbers *numbers)
{
  fill_numbers (self, SHS_NUMBERS_INTEGER, numbers);
}

/* The numbers in memory of their own, which has no room to spare. */
static gpointer
read_numbers (ShsDocumentReader *self, ShsNumberKind kind, gsize *count)
{
  gsize size = shs_number_kind_size (kind);
  g_autoptr (GError) error = NULL;
  gpointer numbers;

  *count = 0;
  if (!fill_numbers (self, kind, &self->numbers))
    return NULL;
  numbers = shs_alloc (self->numbers.count, size, &error);
  if (numbers == NULL)
    {
      shs_document_reader_fail_with (self, g_steal_pointer (&error));
      return NULL;
    }
  *count = self->numbers.count;
  if (*count > 0)
    memcpy (numbers, self->numbers.any, *count * size);
  return numbers;
}

double *
shs_document_reader_read_doubles (ShsDocumentReader *self, gsize *count)
{
  return read_numbers (self, SHS_NUMBERS_DOUBLE, count);
}

float *
shs_document_reader_read_floats (ShsDocumentReader *self, gsize *count)
{
  return read_numbers (self, SHS_NUMBERS_FLOAT, count);
}

gint32 *
shs_document_reader_read_integers (ShsDocumentReader *self, gsize *count)
{
  return read_numbers (self, SHS_NUMBERS_INTEGER, count);
}

char **
shs_document_reader_read_strings (ShsDocumentReader *self, gsize *count)
{
  g_autoptr (GPtrArray) strings = g_ptr_array_new_with_free_func (g_free);

  *count = 0;
  begin (self, SHS_DOCUMENT_ARRAY);
  while (shs_document_reader_next_element (self))
    {
      const char *text = shs_document_reader_read_string (self);

      if (text != NULL)
        g_ptr_array_add (strings, g_strdup (text));
    }
  if (self->error != NULL)
    return NULL;
  *count = strings->len;
  g_ptr_array_add (strings, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&strings), FALSE);
}

gboolean
shs_document_reader_check (ShsDocumentReader *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->error);
  return FALSE;
}

gboolean
shs_document_reader_finish (ShsDocumentReader *self, GError **error)
{
  if (self->error == NULL)
    {
      g_return_val_if_fail (self->depth == 0 && !self->is_value_due, FALSE);
      self->format->pass_blanks (self);
      if (self->at < self->end)
        shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->at,
                                     "something follows the end of the document; the file may be "
                                     "two files in one");
    }
  return shs_document_reader_check (self, error);
}

gsize
shs_document_reader_get_offset (ShsDocumentReader *self)
{
  return (gsize)(self->at - self->begin);
}
