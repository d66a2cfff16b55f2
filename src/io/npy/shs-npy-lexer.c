#include "io/npy/shs-npy-lexer.h"

#include "core/shs-error.h"

#include <string.h>

#define MAX_TEXT 65536 /* bytes of a field's name, as everywhere in the readers */

gboolean
shs_npy_lexer_fail (ShsNpyLexer *self, int code, const char *message)
{
  g_set_error (self->error, SHS_ERROR, code, "%s, byte %" G_GSIZE_FORMAT ": %s", self->name,
               self->offset + (gsize)(self->at - self->begin), message);
  return FALSE;
}

gboolean
shs_npy_lexer_fail_syntax (ShsNpyLexer *self)
{
  return shs_npy_lexer_fail (
      self, SHS_ERROR_SYNTAX,
      "the header is not one that NumPy writes; save the array again with numpy.save");
}

void
shs_npy_lexer_pass_blanks (ShsNpyLexer *self)
{
  while (self->at < self->end && strchr (" \n\t", *self->at) != NULL && *self->at != '\0')
    self->at++;
}

gboolean
shs_npy_lexer_pass (ShsNpyLexer *self, char c)
{
  shs_npy_lexer_pass_blanks (self);
  if (self->at == self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

gboolean
shs_npy_lexer_pass_word (ShsNpyLexer *self, const char *word)
{
  gsize length = strlen (word);

  shs_npy_lexer_pass_blanks (self);
  if ((gsize)(self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return FALSE;
  self->at += length;
  return TRUE;
}

gboolean
shs_npy_lexer_expect (ShsNpyLexer *self, char c)
{
  return shs_npy_lexer_pass (self, c) || shs_npy_lexer_fail_syntax (self);
}

/* The code point that @n_digits hexadecimal digits name. */
static gboolean
append_code_point (ShsNpyLexer *self, int n_digits, GString *text)
{
  gunichar c = 0;

  for (int i = 0; i < n_digits; i++, self->at++)
    {
      int digit = self->at < self->end ? g_ascii_xdigit_value (*self->at) : -1;

      if (digit < 0)
        return shs_npy_lexer_fail_syntax (self);
      c = c * 16 + (gunichar)digit;
    }
  if (c == 0 || !g_unichar_validate (c))
    return shs_npy_lexer_fail_syntax (self);
  g_string_append_unichar (text, c);
  return TRUE;
}

static gboolean
append_escape (ShsNpyLexer *self, GString *text)
{
  static const char names[] = "\\'\"nrt";
  static const char meanings[] = "\\'\"\n\r\t";
  const char *found;
  char c = self->at < self->end ? *self->at++ : '\0';

  if (c == 'x' || c == 'u' || c == 'U')
    return append_code_point (self, c == 'x' ? 2 : c == 'u' ? 4 : 8, text);
  found = c != '\0' ? strchr (names, c) : NULL;
  if (found == NULL)
    return shs_npy_lexer_fail_syntax (self);
  g_string_append_c (text, meanings[found - names]);
  return TRUE;
}

static gboolean
append_character (ShsNpyLexer *self, GString *text)
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

char *
shs_npy_lexer_take_text (ShsNpyLexer *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char quote;

  shs_npy_lexer_pass_blanks (self);
  if (self->at == self->end || (*self->at != '\'' && *self->at != '"'))
    {
      shs_npy_lexer_fail_syntax (self);
      return NULL;
    }
  for (quote = *self->at++; self->at < self->end && *self->at != quote;)
    if (text->len > MAX_TEXT || *self->at == '\0' || !append_character (self, text))
      break;
  if (*self->error == NULL
      && (self->at == self->end || *self->at != quote || !g_utf8_validate (text->str, -1, NULL)))
    shs_npy_lexer_fail_syntax (self);
  if (*self->error != NULL)
    return NULL;
  self->at++;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
shs_npy_lexer_take_size (ShsNpyLexer *self, gsize *size)
{
  const char *begin;

  shs_npy_lexer_pass_blanks (self);
  *size = 0;
  for (begin = self->at; self->at < self->end && g_ascii_isdigit (*self->at); self->at++)
    if (__builtin_mul_overflow (*size, (gsize)10, size)
        || __builtin_add_overflow (*size, (gsize)(*self->at - '0'), size))
      return shs_npy_lexer_fail (self, SHS_ERROR_INVALID, "a length is larger than any memory");
  if (self->at == begin)
    return shs_npy_lexer_fail_syntax (self);
  if (self->at < self->end && *self->at == 'L') /* as Python 2 spelled long integers */
    self->at++;
  return TRUE;
}
