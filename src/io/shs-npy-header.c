/*
 * The header of an .npy file, read by a grammar that knows nothing but what NumPy writes:
 *
 *   header := "{" entry { "," entry } [","] "}"
 *   entry  := "'descr'" ":" (text | "[" field { "," field } [","] "]")
 *           | "'fortran_order'" ":" ("True" | "False") | "'shape'" ":" "(" numbers ")"
 *   field  := "(" (text | "(" text "," text ")") "," text ")"
 */
#include "io/shs-npy-private.h"

#include "core/shs-error.h"

#include <string.h>

#define MAX_ITEM_SIZE ((gsize)1 << 30)
#define MAX_TEXT 65536 /* bytes of a field's name, as everywhere in the readers */

typedef struct
{
  const char *name;
  gsize offset;
  const char *begin;
  const char *at;
  const char *end;
  gboolean is_utf8;
  GError **error;
} Parser;

static gboolean
fail (Parser *self, int code, const char *message)
{
  g_set_error (self->error, SHS_ERROR, code, "%s, byte %" G_GSIZE_FORMAT ": %s", self->name,
               self->offset + (gsize)(self->at - self->begin), message);
  return FALSE;
}

static gboolean
fail_syntax (Parser *self)
{
  return fail (self, SHS_ERROR_SYNTAX,
               "the header is not one that NumPy writes; save the array again with numpy.save");
}

static void
pass_blanks (Parser *self)
{
  while (self->at < self->end && strchr (" \n\t", *self->at) != NULL && *self->at != '\0')
    self->at++;
}

/* Whether @c comes next, which is passed then. */
static gboolean
pass (Parser *self, char c)
{
  pass_blanks (self);
  if (self->at == self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
pass_word (Parser *self, const char *word)
{
  gsize length = strlen (word);

  pass_blanks (self);
  if ((gsize)(self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return FALSE;
  self->at += length;
  return TRUE;
}

static gboolean
expect (Parser *self, char c)
{
  return pass (self, c) || fail_syntax (self);
}

/* The code point that @n_digits hexadecimal digits name. */
static gboolean
append_code_point (Parser *self, int n_digits, GString *text)
{
  gunichar c = 0;

  for (int i = 0; i < n_digits; i++, self->at++)
    {
      int digit = self->at < self->end ? g_ascii_xdigit_value (*self->at) : -1;

      if (digit < 0)
        return fail_syntax (self);
      c = c * 16 + (gunichar)digit;
    }
  if (c == 0 || !g_unichar_validate (c))
    return fail_syntax (self);
  g_string_append_unichar (text, c);
  return TRUE;
}

static gboolean
append_escape (Parser *self, GString *text)
{
  static const char names[] = "\\'\"nrt";
  static const char meanings[] = "\\'\"\n\r\t";
  const char *found;
  char c = self->at < self->end ? *self->at++ : '\0';

  if (c == 'x' || c == 'u' || c == 'U')
    return append_code_point (self, c == 'x' ? 2 : c == 'u' ? 4 : 8, text);
  found = c != '\0' ? strchr (names, c) : NULL;
  if (found == NULL)
    return fail_syntax (self);
  g_string_append_c (text, meanings[found - names]);
  return TRUE;
}

static gboolean
append_character (Parser *self, GString *text)
{
  char c = *self->at++;

  if (c == '\\')
    return append_escape (self, text);
  if (self->is_utf8 || (guchar)c < 0x80)
    g_string_append_c (text, c);
  else
    g_string_append_unichar (text, (guchar)c);
  return TRUE;
}

/* A text in quotes as UTF-8; NULL after failing. */
static char *
parse_text (Parser *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char quote;

  pass_blanks (self);
  if (self->at == self->end || (*self->at != '\'' && *self->at != '"'))
    {
      fail_syntax (self);
      return NULL;
    }
  for (quote = *self->at++; self->at < self->end && *self->at != quote;)
    if (text->len > MAX_TEXT || *self->at == '\0' || !append_character (self, text))
      break;
  if (*self->error == NULL
      && (self->at == self->end || *self->at != quote || !g_utf8_validate (text->str, -1, NULL)))
    fail_syntax (self);
  if (*self->error != NULL)
    return NULL;
  self->at++;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
parse_size (Parser *self, gsize *size)
{
  const char *begin;

  pass_blanks (self);
  *size = 0;
  for (begin = self->at; self->at < self->end && g_ascii_isdigit (*self->at); self->at++)
    if (__builtin_mul_overflow (*size, (gsize)10, size)
        || __builtin_add_overflow (*size, (gsize)(*self->at - '0'), size))
      return fail (self, SHS_ERROR_INVALID, "a length is larger than any memory");
  if (self->at == begin)
    return fail_syntax (self);
  if (self->at < self->end && *self->at == 'L') /* as Python 2 spelled long integers */
    self->at++;
  return TRUE;
}

static gboolean
parse_shape (Parser *self, ShsNpyArray *array)
{
  if (!expect (self, '('))
    return FALSE;
  while (!pass (self, ')'))
    {
      if (array->n_dimensions == SHS_NPY_MAX_DIMENSIONS)
        return fail (self, SHS_ERROR_UNSUPPORTED, "the array has more than eight axes");
      if (!parse_size (self, &array->shape[array->n_dimensions]))
        return FALSE;
      array->n_dimensions++;
      if (!pass (self, ','))
        return expect (self, ')');
    }
  return TRUE;
}

static gboolean
parse_order (Parser *self, ShsNpyArray *array)
{
  array->is_fortran = pass_word (self, "True");
  return array->is_fortran || pass_word (self, "False") || fail_syntax (self);
}

static const char *
why_unsupported (char kind)
{
  switch (kind)
    {
    case 'O':
      return "Python objects (a pickle), which are never read because they can run programs; save "
             "numbers or text";
    case 'M':
    case 'm':
      return "dates; save them as numbers or as text";
    case 'c':
      return "complex numbers; save real numbers";
    case 'V':
      return "raw bytes; save numbers or text";
    default:
      return NULL;
    }
}

static gboolean
is_known_size (char kind, gsize size)
{
  switch (kind)
    {
    case 'f':
      return size == 2 || size == 4 || size == 8;
    case 'i':
    case 'u':
      return size == 1 || size == 2 || size == 4 || size == 8;
    case 'b':
      return size == 1;
    default:
      return (kind == 'U' || kind == 'S' || kind == 'V') && size > 0;
    }
}

/* Byte order, kind and size, with no judgement on the kind. */
static gboolean
split_type (const char *text, gsize length, ShsNpyField *field)
{
  gsize i = 2;

  if (length < 2 || strchr ("<>|=", text[0]) == NULL || text[0] == '\0')
    return FALSE;
  field->kind = text[1];
  for (field->item_size = 0; i < length && g_ascii_isdigit (text[i]); i++)
    field->item_size = MIN (field->item_size * 10 + (gsize)(text[i] - '0'), MAX_ITEM_SIZE);
  field->swap_bytes = text[0] == (G_BYTE_ORDER == G_LITTLE_ENDIAN ? '>' : '<');
  if (field->kind == 'U')
    field->item_size *= 4;
  return i == length || strchr ("Mm", field->kind) != NULL;
}

/* Whether a type text may stand in a message. */
static gboolean
can_be_shown (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isprint (text[i]))
      return FALSE;
  return length <= 24;
}

gboolean
shs_npy_parse_type (const char *text, gsize length, ShsNpyField *field, GError **error)
{
  const char *shown = can_be_shown (text, length) ? text : "this";
  const char *reason;

  if (!split_type (text, length, field))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "%s is no type of NumPy", shown);
      return FALSE;
    }
  reason = why_unsupported (field->kind);
  if (reason == NULL && is_known_size (field->kind, field->item_size))
    return TRUE;
  if (reason != NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED, "the array holds %s", reason);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                 "items of type %s cannot be read; save them as float64", shown);
  return FALSE;
}

/* A type text whose place is told in messages. */
static gboolean
parse_type (Parser *self, ShsNpyField *field)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (pass (self, '['))
    return fail (self, SHS_ERROR_UNSUPPORTED,
                 "a field holds fields of its own; save each as a field beside the others");
  text = parse_text (self);
  if (text == NULL)
    return FALSE;
  if (shs_npy_parse_type (text, strlen (text), field, &error))
    return TRUE;
  return fail (self, error->code, error->message);
}

/* A field's name: the text, or the second of (title, name). */
static char *
parse_field_name (Parser *self)
{
  char *name;

  if (!pass (self, '('))
    return parse_text (self);
  g_free (parse_text (self));
  if (*self->error != NULL || !expect (self, ','))
    return NULL;
  name = parse_text (self);
  if (name != NULL && !expect (self, ')'))
    g_clear_pointer (&name, g_free);
  return name;
}

/* Bytes between fields are spelled as a nameless field of raw bytes: ('', '|V4'). */
static gboolean
parse_padding (Parser *self, gsize *size)
{
  const char *begin = self->at;
  ShsNpyField field = { 0 };
  g_autofree char *text = NULL;

  pass_blanks (self);
  if (self->at < self->end && (*self->at == '\'' || *self->at == '"'))
    text = parse_text (self);
  if (text != NULL && split_type (text, strlen (text), &field) && field.kind == 'V')
    {
      *size = field.item_size;
      return TRUE;
    }
  if (*self->error == NULL)
    self->at = begin;
  return FALSE;
}

static gboolean
parse_field (Parser *self, GArray *fields, gsize *stride)
{
  ShsNpyField field = { .offset = *stride };
  g_autofree char *name = NULL;

  if (!expect (self, '('))
    return FALSE;
  name = parse_field_name (self);
  if (name == NULL || !expect (self, ','))
    return FALSE;
  if (name[0] != '\0' || !parse_padding (self, &field.item_size))
    {
      if (*self->error != NULL || !parse_type (self, &field))
        return FALSE;
      field.name = g_steal_pointer (&name);
      g_array_append_val (fields, field);
    }
  *stride += field.item_size; /* at most 4 GiB for each of the fields that 4 MiB of header hold */
  if (pass (self, ')'))
    return TRUE;
  if (pass (self, ',') && pass (self, '('))
    return fail (self, SHS_ERROR_UNSUPPORTED,
                 "a field holds arrays; save each of their columns as a field");
  return fail_syntax (self);
}

static gboolean
parse_fields (Parser *self, GArray *fields, gsize *stride)
{
  while (!pass (self, ']'))
    {
      if (!parse_field (self, fields, stride))
        return FALSE;
      if (!pass (self, ','))
        return expect (self, ']');
    }
  return TRUE;
}

static gboolean
parse_descr (Parser *self, ShsNpyArray *array)
{
  GArray *fields = g_array_new (FALSE, TRUE, sizeof (ShsNpyField));
  ShsNpyField field = { 0 };
  gboolean is_good;

  if (pass (self, '['))
    is_good = parse_fields (self, fields, &array->stride);
  else
    {
      is_good = parse_type (self, &field);
      field.name = g_strdup ("");
      array->stride = field.item_size;
      g_array_append_val (fields, field);
    }
  array->n_fields = fields->len;
  array->fields = (ShsNpyField *)g_array_free (fields, FALSE);
  return is_good && (array->n_fields > 0 || fail_syntax (self));
}

/* One of the three entries, each of which may come once; @seen has a bit for each. */
static gboolean
parse_entry (Parser *self, ShsNpyArray *array, guint *seen)
{
  g_autofree char *key = parse_text (self);
  static const char *const keys[] = { "descr", "fortran_order", "shape" };
  guint i = 0;

  if (key == NULL || !expect (self, ':'))
    return FALSE;
  while (i < G_N_ELEMENTS (keys) && !g_str_equal (key, keys[i]))
    i++;
  if (i == G_N_ELEMENTS (keys) || (*seen & 1u << i) != 0)
    return fail_syntax (self);
  *seen |= 1u << i;
  return i == 0   ? parse_descr (self, array)
         : i == 1 ? parse_order (self, array)
                  : parse_shape (self, array);
}

gboolean
shs_npy_parse_header (const char *name, gsize offset, const char *text, gsize length,
                      gboolean is_utf8, ShsNpyArray *array, GError **error)
{
  g_autoptr (GError) own_error = NULL;
  Parser parser = { name, offset, text, text, text + length, is_utf8, &own_error };
  guint seen = 0;
  gboolean is_good = expect (&parser, '{');

  while (is_good && !pass (&parser, '}'))
    {
      is_good = parse_entry (&parser, array, &seen);
      if (is_good && !pass (&parser, ','))
        {
          is_good = expect (&parser, '}');
          break;
        }
    }
  pass_blanks (&parser);
  if (is_good && (seen != 7 || parser.at != parser.end))
    is_good = fail_syntax (&parser);
  if (!is_good)
    g_propagate_error (error, g_steal_pointer (&own_error));
  return is_good;
}

static void
append_shape (GString *text, guint n_dimensions, const gsize *shape)
{
  g_string_append_c (text, '(');
  for (guint i = 0; i < n_dimensions; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i > 0 ? ", " : "", shape[i]);
  g_string_append (text, n_dimensions == 1 ? ",)" : ")");
}

GString *
shs_npy_make_header (const char *descr, guint n_dimensions, const gsize *shape)
{
  GString *header = g_string_new (NULL);
  gsize length;

  g_string_append_len (header, "\x93NUMPY\x01\x00??", 10);
  g_string_append_printf (header, "{'descr': '%s', 'fortran_order': False, 'shape': ", descr);
  append_shape (header, n_dimensions, shape);
  g_string_append (header, ", }");
  while ((header->len + 1) % 64 != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  length = header->len - 10;
  header->str[8] = (char)(length & 0xff);
  header->str[9] = (char)(length >> 8);
  return header;
}
