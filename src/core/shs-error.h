/* Errors that a person caused or can mend: one domain for every module. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SHS_ERROR (shs_error_quark ())

/**
 * ShsError:
 * @SHS_ERROR_SYNTAX: the bytes do not follow their format
 * @SHS_ERROR_INVALID: well formed, but it says something impossible (a cycle in a tree)
 * @SHS_ERROR_UNSUPPORTED: a correct file or choice that this version cannot handle
 * @SHS_ERROR_MISMATCH: two inputs do not fit each other (model and data)
 * @SHS_ERROR_MEMORY: more memory than the budget or the machine allows
 * @SHS_ERROR_FILE: opening, reading or writing failed
 * @SHS_ERROR_CHOICE: an option, name or range that does not exist here
 * @SHS_ERROR_CANCELLED: the person stopped the work
 *
 * Every message says what happened, where (file, line, column, byte offset, path inside the
 * document) and what to do.
 */
typedef enum
{
  SHS_ERROR_SYNTAX,
  SHS_ERROR_INVALID,
  SHS_ERROR_UNSUPPORTED,
  SHS_ERROR_MISMATCH,
  SHS_ERROR_MEMORY,
  SHS_ERROR_FILE,
  SHS_ERROR_CHOICE,
  SHS_ERROR_CANCELLED,
} ShsError;

GQuark shs_error_quark (void);

G_END_DECLS
