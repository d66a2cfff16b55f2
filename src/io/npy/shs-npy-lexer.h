/* The words of an .npy file's header: the marks, texts and numbers of a Python literal. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * ShsNpyLexer: a place in the text of a header.
 * @offset: bytes of the file before @begin, for messages
 * @is_utf8: otherwise Latin-1
 * @error: where the first failure goes
 */
typedef struct
{
  const char *name;
  gsize offset;
  const char *begin;
  const char *at;
  const char *end;
  gboolean is_utf8;
  GError **error;
} ShsNpyLexer;

/* Returns FALSE, with an error that names the place. */
gboolean shs_npy_lexer_fail (ShsNpyLexer *self, int code, const char *message);
gboolean shs_npy_lexer_fail_syntax (ShsNpyLexer *self);

void shs_npy_lexer_pass_blanks (ShsNpyLexer *self);
/* Whether @c comes next, which is passed then. */
gboolean shs_npy_lexer_pass (ShsNpyLexer *self, char c);
gboolean shs_npy_lexer_pass_word (ShsNpyLexer *self, const char *word);
/* Passes @c, or fails. */
gboolean shs_npy_lexer_expect (ShsNpyLexer *self, char c);

/* (transfer full): a text in quotes as UTF-8; NULL after failing. */
char *shs_npy_lexer_take_text (ShsNpyLexer *self);
gboolean shs_npy_lexer_take_size (ShsNpyLexer *self, gsize *size);

G_END_DECLS
