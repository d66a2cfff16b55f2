/* Failing with a place and a path, and the memory of a document reader. */
#include "io/json/shs-document-reader-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

#define MAX_SHOWN_KEY 60
#define MAX_SHOWN_LEVELS 24
#define FIRST_ROOM 1024

static void
append_key (GString *path, const ShsDocumentLevel *level)
{
  gsize length = MIN (level->key_length, MAX_SHOWN_KEY);
  g_autofree char *key = g_utf8_make_valid ((const char *)level->key, (gssize)length);

  for (char *p = key; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = '?';
  if (path->len > 0)
    g_string_append_c (path, '.');
  g_string_append (path, key);
}

static char *
describe_path (const ShsDocumentReader *self)
{
  GString *path = g_string_new (NULL);

  for (guint i = 0; i < MIN (self->depth, MAX_SHOWN_LEVELS); i++)
    {
      const ShsDocumentLevel *level = &self->levels[i];

      if (level->is_array && level->index > 0)
        g_string_append_printf (path, "[%" G_GSIZE_FORMAT "]", level->index - 1);
      else if (!level->is_array && level->key != NULL)
        append_key (path, level);
    }
  if (self->depth > MAX_SHOWN_LEVELS)
    g_string_append (path, "...");
  return g_string_free (path, FALSE);
}

static void
fail_at_va (ShsDocumentReader *self, int code, const guint8 *place, const char *format,
            va_list arguments)
{
  g_autofree char *message = NULL;
  g_autofree char *where = NULL;
  g_autofree char *path = NULL;

  if (self->error != NULL)
    return;
  message = g_strdup_vprintf (format, arguments);
  where = self->format->describe_place (self, place);
  path = describe_path (self);
  self->error = g_error_new (SHS_ERROR, code, "%s, %s%s%s: %s", self->name, where,
                             path[0] != '\0' ? ", at " : "", path, message);
}

void
shs_document_reader_fail_at (ShsDocumentReader *self, int code, const guint8 *place,
                             const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  fail_at_va (self, code, place, format, arguments);
  va_end (arguments);
}

void
shs_document_reader_fail (ShsDocumentReader *self, int code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  fail_at_va (self, code, self->token, format, arguments);
  va_end (arguments);
}

void
shs_document_reader_pass_error (ShsDocumentReader *self, GError *error)
{
  if (error == NULL)
    return;
  shs_document_reader_fail (self, error->code, "%s", error->message);
  g_error_free (error);
}

void
shs_document_reader_fail_with (ShsDocumentReader *self, GError *error)
{
  g_prefix_error (&error, "%s: ", self->name);
  self->error = error;
}

gboolean
shs_document_reader_reserve (ShsDocumentReader *self, gsize used, gsize size)
{
  g_autoptr (GError) error = NULL;
  guint8 *grown;

  if (size <= self->scratch_size)
    return TRUE;
  size = MAX (size, 256);
  grown = shs_realloc (self->scratch, used, size, 1, &error);
  if (grown == NULL)
    {
      shs_document_reader_fail_with (self, g_steal_pointer (&error));
      return FALSE;
    }
  self->scratch = grown;
  self->scratch_size = size;
  return TRUE;
}

void
shs_document_numbers_clear (ShsDocumentNumbers *numbers)
{
  shs_free (numbers->any);
  *numbers = (ShsDocumentNumbers){ 0 };
}

gboolean
shs_document_reader_reserve_numbers (ShsDocumentReader *self, ShsDocumentNumbers *numbers,
                                     gsize count, ShsNumberKind kind)
{
  gsize size = shs_number_kind_size (kind);
  g_autoptr (GError) error = NULL;
  gpointer grown;

  if (count <= numbers->size / size)
    return TRUE;
  count = MAX (count, FIRST_ROOM);
  grown = shs_realloc (numbers->any, numbers->count, count, size, &error);
  if (grown == NULL)
    {
      shs_document_reader_fail_with (self, g_steal_pointer (&error));
      return FALSE;
    }
  numbers->any = grown;
  numbers->size = count * size;
  return TRUE;
}

const char *
shs_document_reader_finish_text (ShsDocumentReader *self, gsize length)
{
  char *text = (char *)self->scratch;

  text[length] = '\0';
  if (memchr (text, '\0', length) != NULL)
    shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->token,
                                 "a text holds a zero byte; names must not");
  else if (!g_utf8_validate_len (text, length, NULL))
    shs_document_reader_fail_at (self, SHS_ERROR_SYNTAX, self->token,
                                 "a text is not UTF-8; write the file again as UTF-8");
  return self->error == NULL ? text : NULL;
}
