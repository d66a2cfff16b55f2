/*
 * The header of an .npy file, read by a grammar that knows nothing but what NumPy writes:
 *
 *   header := "{" entry { "," entry } [","] "}"
 *   entry  := "'descr'" ":" (text | "[" field { "," field } [","] "]")
 *           | "'fortran_order'" ":" ("True" | "False") | "'shape'" ":" "(" numbers ")"
 *   field  := "(" (text | "(" text "," text ")") "," text ")"
 */
#include "io/npy/shs-npy-private.h"

#include "core/shs-error.h"
#include "io/npy/shs-npy-lexer.h"

#include <string.h>

static gboolean
parse_shape (ShsNpyLexer *self, ShsNpyArray *array)
{
  if (!shs_npy_lexer_expect (self, '('))
    return FALSE;
  while (!shs_npy_lexer_pass (self, ')'))
    {
      if (array->n_dimensions == SHS_NPY_MAX_DIMENSIONS)
        return shs_npy_lexer_fail (self, SHS_ERROR_UNSUPPORTED,
                                   "the array has more than eight axes");
      if (!shs_npy_lexer_take_size (self, &array->shape[array->n_dimensions]))
        return FALSE;
      array->n_dimensions++;
      if (!shs_npy_lexer_pass (self, ','))
        return shs_npy_lexer_expect (self, ')');
    }
  return TRUE;
}

static gboolean
parse_order (ShsNpyLexer *self, ShsNpyArray *array)
{
  array->is_fortran = shs_npy_lexer_pass_word (self, "True");
  return array->is_fortran || shs_npy_lexer_pass_word (self, "False")
         || shs_npy_lexer_fail_syntax (self);
}

/* A type text whose place is told in messages. */
static gboolean
parse_type (ShsNpyLexer *self, ShsNpyField *field)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (shs_npy_lexer_pass (self, '['))
    return shs_npy_lexer_fail (
        self, SHS_ERROR_UNSUPPORTED,
        "a field holds fields of its own; save each as a field beside the others");
  text = shs_npy_lexer_take_text (self);
  if (text == NULL)
    return FALSE;
  if (shs_npy_parse_type (text, strlen (text), field, &error))
    return TRUE;
  return shs_npy_lexer_fail (self, error->code, error->message);
}

/* A field's name: the text, or the second of (title, name). */
static char *
parse_field_name (ShsNpyLexer *self)
{
  char *name;

  if (!shs_npy_lexer_pass (self, '('))
    return shs_npy_lexer_take_text (self);
  g_free (shs_npy_lexer_take_text (self));
  if (*self->error != NULL || !shs_npy_lexer_expect (self, ','))
    return NULL;
  name = shs_npy_lexer_take_text (self);
  if (name != NULL && !shs_npy_lexer_expect (self, ')'))
    g_clear_pointer (&name, g_free);
  return name;
}

/* Bytes between fields are spelled as a nameless field of raw bytes: ('', '|V4'). */
static gboolean
parse_padding (ShsNpyLexer *self, gsize *size)
{
  const char *begin = self->at;
  ShsNpyField field = { 0 };
  g_autofree char *text = NULL;

  shs_npy_lexer_pass_blanks (self);
  if (self->at < self->end && (*self->at == '\'' || *self->at == '"'))
    text = shs_npy_lexer_take_text (self);
  if (text != NULL && shs_npy_split_type (text, strlen (text), &field) && field.kind == 'V')
    {
      *size = field.item_size;
      return TRUE;
    }
  if (*self->error == NULL)
    self->at = begin;
  return FALSE;
}

static gboolean
parse_field (ShsNpyLexer *self, GArray *fields, gsize *stride)
{
  ShsNpyField field = { .offset = *stride };
  g_autofree char *name = NULL;

  if (!shs_npy_lexer_expect (self, '('))
    return FALSE;
  name = parse_field_name (self);
  if (name == NULL || !shs_npy_lexer_expect (self, ','))
    return FALSE;
  if (name[0] != '\0' || !parse_padding (self, &field.item_size))
    {
      if (*self->error != NULL || !parse_type (self, &field))
        return FALSE;
      field.name = g_steal_pointer (&name);
      g_array_append_val (fields, field);
    }
  *stride += field.item_size; /* at most 4 GiB for each of the fields that 4 MiB of header hold */
  if (shs_npy_lexer_pass (self, ')'))
    return TRUE;
  if (shs_npy_lexer_pass (self, ',') && shs_npy_lexer_pass (self, '('))
    return shs_npy_lexer_fail (self, SHS_ERROR_UNSUPPORTED,
                               "a field holds arrays; save each of their columns as a field");
  return shs_npy_lexer_fail_syntax (self);
}

static gboolean
parse_fields (ShsNpyLexer *self, GArray *fields, gsize *stride)
{
  while (!shs_npy_lexer_pass (self, ']'))
    {
      if (!parse_field (self, fields, stride))
        return FALSE;
      if (!shs_npy_lexer_pass (self, ','))
        return shs_npy_lexer_expect (self, ']');
    }
  return TRUE;
}

static gboolean
parse_descr (ShsNpyLexer *self, ShsNpyArray *array)
{
  GArray *fields = g_array_new (FALSE, TRUE, sizeof (ShsNpyField));
  ShsNpyField field = { 0 };
  gboolean is_good;

  if (shs_npy_lexer_pass (self, '['))
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
  return is_good && (array->n_fields > 0 || shs_npy_lexer_fail_syntax (self));
}

/* One of the three entries, each of which may come once; @seen has a bit for each. */
static gboolean
parse_entry (ShsNpyLexer *self, ShsNpyArray *array, guint *seen)
{
  g_autofree char *key = shs_npy_lexer_take_text (self);
  static const char *const keys[] = { "descr", "fortran_order", "shape" };
  guint i = 0;

  if (key == NULL || !shs_npy_lexer_expect (self, ':'))
    return FALSE;
  while (i < G_N_ELEMENTS (keys) && !g_str_equal (key, keys[i]))
    i++;
  if (i == G_N_ELEMENTS (keys) || (*seen & 1u << i) != 0)
    return shs_npy_lexer_fail_syntax (self);
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
  ShsNpyLexer lexer = { name, offset, text, text, text + length, is_utf8, &own_error };
  guint seen = 0;
  gboolean is_good = shs_npy_lexer_expect (&lexer, '{');

  while (is_good && !shs_npy_lexer_pass (&lexer, '}'))
    {
      is_good = parse_entry (&lexer, array, &seen);
      if (is_good && !shs_npy_lexer_pass (&lexer, ','))
        {
          is_good = shs_npy_lexer_expect (&lexer, '}');
          break;
        }
    }
  shs_npy_lexer_pass_blanks (&lexer);
  if (is_good && (seen != 7 || lexer.at != lexer.end))
    is_good = shs_npy_lexer_fail_syntax (&lexer);
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
