/* Texts, met one after the other, to codes and a dictionary. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsTextCodes: keeps a copy of every different text, in order of first appearance. */
typedef struct _ShsTextCodes ShsTextCodes;

ShsTextCodes *shs_text_codes_new (void);
void shs_text_codes_free (ShsTextCodes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsTextCodes, shs_text_codes_free)

/**
 * shs_text_codes_add:
 * @text: any bytes
 *
 * Returns: the code of the text, counted from 0; -1 with %SHS_ERROR_MEMORY or, beyond 2^31
 *   different texts or 1 MiB in one, %SHS_ERROR_UNSUPPORTED
 */
gint32 shs_text_codes_add (ShsTextCodes *self, const char *text, gsize length, GError **error);

gsize shs_text_codes_get_n (const ShsTextCodes *self);
/** shs_text_codes_get: the text of a code, not ended by a zero; owned by @self. */
const char *shs_text_codes_get (const ShsTextCodes *self, gsize code, gsize *length);

/**
 * ShsTextFormat: (transfer full): how a kept text is shown; NULL when it cannot be.
 */
typedef char *(*ShsTextFormat) (const char *text, gsize length, gpointer data);

/**
 * shs_text_codes_make_categories:
 * @format: (nullable): NULL for texts that are UTF-8 already
 *
 * Returns: (transfer full): the dictionary for shs_table_builder_add_codes(), or NULL with
 *   %SHS_ERROR_MEMORY, or with %SHS_ERROR_SYNTAX for what @format refused
 */
char **shs_text_codes_make_categories (const ShsTextCodes *self, ShsTextFormat format,
                                       gpointer data, GError **error);

G_END_DECLS
