/* Runs shapscope-cli as a person would. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsCommandResult: what a run gave back. */
typedef struct
{
  int status;
  char *output;
  char *errors;
} ShsCommandResult;

void shs_command_result_clear (ShsCommandResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsCommandResult, shs_command_result_clear)

/** shs_command: @...: arguments, NULL-ended; runs under a locale with decimal commas if there is
 * one. */
ShsCommandResult shs_command (const char *first, ...) G_GNUC_NULL_TERMINATED;

/** shs_command_limit_files: no file of the runs that follow grows beyond @bytes, as on a disk that
 * is full; -1: no limit. */
void shs_command_limit_files (gint64 bytes);

/** shs_command_assert: the run ended with @status; faults are one line on standard error. */
void shs_command_assert (const ShsCommandResult *result, int status);

G_END_DECLS
