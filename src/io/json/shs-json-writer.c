#include "io/json/shs-json-writer.h"

#include "core/shs-number.h"

#include <math.h>
#include <string.h>

#define HAND_ON_AT (1u << 16) /* bytes of text that go to the file at once */

/*
 * Level: a container that has begun.
 * @is_broken: its last value stands on a line of its own, and so shall the closing bracket
 */
typedef struct
{
  gboolean is_array;
  gboolean has_values;
  gboolean is_broken;
} Level;

struct _ShsJsonWriter
{
  GString *text;
  ShsFileWriter *file;
  GError *error;
  guint indent;
  gboolean bare_nan;
  gboolean is_after_key;
  GArray *levels; /* Level */
};

ShsJsonWriter *
shs_json_writer_new (guint indent)
{
  ShsJsonWriter *self = g_new0 (ShsJsonWriter, 1);

  self->text = g_string_new (NULL);
  self->indent = indent;
  self->levels = g_array_new (FALSE, TRUE, sizeof (Level));
  return self;
}

ShsJsonWriter *
shs_json_writer_new_for_file (ShsFileWriter *file, guint indent)
{
  ShsJsonWriter *self = shs_json_writer_new (indent);

  self->file = file;
  return self;
}

void
shs_json_writer_free (ShsJsonWriter *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_clear_error (&self->error);
  g_array_unref (self->levels);
  g_free (self);
}

void
shs_json_writer_set_bare_nan (ShsJsonWriter *self, gboolean allowed)
{
  self->bare_nan = allowed;
}

static void
hand_on (ShsJsonWriter *self)
{
  if (self->error == NULL)
    shs_file_writer_write (self->file, self->text->str, self->text->len, &self->error);
  g_string_truncate (self->text, 0);
}

gboolean
shs_json_writer_flush (ShsJsonWriter *self, GError **error)
{
  if (self->file != NULL)
    hand_on (self);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}

static Level *
top_level (ShsJsonWriter *self)
{
  return self->levels->len > 0 ? &g_array_index (self->levels, Level, self->levels->len - 1) : NULL;
}

static void
break_line (ShsJsonWriter *self)
{
  g_string_append_c (self->text, '\n');
  for (guint i = 0; i < self->levels->len * self->indent; i++)
    g_string_append_c (self->text, ' ');
}

/* What stands between the value before and the key or value that comes now. */
static void
separate (ShsJsonWriter *self, gboolean is_scalar)
{
  Level *level = top_level (self);

  if (self->file != NULL && self->text->len >= HAND_ON_AT)
    hand_on (self);
  if (self->is_after_key || level == NULL)
    {
      self->is_after_key = FALSE;
      return;
    }
  if (level->has_values)
    g_string_append_c (self->text, ',');
  if (self->indent > 0 && !(level->is_array && is_scalar))
    {
      break_line (self);
      level->is_broken = TRUE;
    }
  else if (self->indent > 0 && level->has_values)
    g_string_append_c (self->text, ' ');
  level->has_values = TRUE;
}

static void
begin (ShsJsonWriter *self, gboolean is_array)
{
  Level level = { .is_array = is_array };

  separate (self, FALSE);
  g_string_append_c (self->text, is_array ? '[' : '{');
  g_array_append_val (self->levels, level);
}

static void
end (ShsJsonWriter *self, gboolean is_array)
{
  Level *level = top_level (self);
  gboolean is_broken;

  g_return_if_fail (level != NULL && level->is_array == is_array && !self->is_after_key);
  is_broken = level->is_broken;
  g_array_set_size (self->levels, self->levels->len - 1);
  if (is_broken)
    break_line (self);
  g_string_append_c (self->text, is_array ? ']' : '}');
}

void
shs_json_writer_begin_object (ShsJsonWriter *self)
{
  begin (self, FALSE);
}

void
shs_json_writer_end_object (ShsJsonWriter *self)
{
  end (self, FALSE);
}

void
shs_json_writer_begin_array (ShsJsonWriter *self)
{
  begin (self, TRUE);
}

void
shs_json_writer_end_array (ShsJsonWriter *self)
{
  end (self, TRUE);
}

static void
append_escaped (GString *text, char c)
{
  static const char escaped[] = "\"\\\n\r\t\b\f";
  static const char names[] = "\"\\nrtbf";
  const char *found = memchr (escaped, c, sizeof escaped - 1);

  if (found != NULL)
    g_string_append_printf (text, "\\%c", names[found - escaped]);
  else if ((guchar)c < 0x20)
    g_string_append_printf (text, "\\u%04x", c);
  else
    g_string_append_c (text, c);
}

static void
append_quoted (GString *text, const char *value)
{
  g_autofree char *valid = g_utf8_validate (value, -1, NULL) ? NULL : g_utf8_make_valid (value, -1);

  g_string_append_c (text, '"');
  for (const char *p = valid != NULL ? valid : value; *p != '\0'; p++)
    append_escaped (text, *p);
  g_string_append_c (text, '"');
}

void
shs_json_writer_key (ShsJsonWriter *self, const char *key)
{
  Level *level = top_level (self);

  g_return_if_fail (level != NULL && !level->is_array && !self->is_after_key);
  separate (self, TRUE);
  append_quoted (self->text, key);
  g_string_append (self->text, self->indent > 0 ? ": " : ":");
  self->is_after_key = TRUE;
}

static void
append_scalar (ShsJsonWriter *self, const char *text)
{
  separate (self, TRUE);
  g_string_append (self->text, text);
}

void
shs_json_writer_string (ShsJsonWriter *self, const char *value)
{
  if (value == NULL)
    {
      shs_json_writer_null (self);
      return;
    }
  separate (self, TRUE);
  append_quoted (self->text, value);
}

static void
append_number (ShsJsonWriter *self, double value, const char *text)
{
  if (isfinite (value))
    append_scalar (self, text);
  else if (!self->bare_nan)
    append_scalar (self, "null");
  else
    append_scalar (self, isnan (value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}

void
shs_json_writer_double (ShsJsonWriter *self, double value)
{
  char text[SHS_NUMBER_LENGTH];

  append_number (self, value, shs_number_print (text, value));
}

void
shs_json_writer_float (ShsJsonWriter *self, float value)
{
  char text[SHS_NUMBER_LENGTH];

  append_number (self, value, shs_number_print_float (text, value));
}

void
shs_json_writer_integer (ShsJsonWriter *self, gint64 value)
{
  char text[SHS_NUMBER_LENGTH];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  append_scalar (self, text);
}

void
shs_json_writer_boolean (ShsJsonWriter *self, gboolean value)
{
  append_scalar (self, value ? "true" : "false");
}

void
shs_json_writer_null (ShsJsonWriter *self)
{
  append_scalar (self, "null");
}

const char *
shs_json_writer_get_text (ShsJsonWriter *self)
{
  return self->text->str;
}

char *
shs_json_writer_take_text (ShsJsonWriter *self)
{
  char *text = g_string_free (self->text, FALSE);

  self->text = g_string_new (NULL);
  self->is_after_key = FALSE;
  g_array_set_size (self->levels, 0);
  return text;
}
