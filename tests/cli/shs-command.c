#include "shs-command.h"

#include "shs-test.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct rlimit file_limit = { RLIM_INFINITY, RLIM_INFINITY };

void
shs_command_limit_files (gint64 bytes)
{
  file_limit.rlim_cur = bytes >= 0 ? (rlim_t)bytes : RLIM_INFINITY;
}

/* In the child alone: Check writes files too. */
static void
set_limits (gpointer unused)
{
  setrlimit (RLIMIT_FSIZE, &file_limit);
}

void
shs_command_result_clear (ShsCommandResult *self)
{
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->errors, g_free);
}

ShsCommandResult
shs_command (const char *first, ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  ShsCommandResult result = { 0 };
  va_list list;

  g_ptr_array_add (arguments, (char *)g_getenv ("SHAPSCOPE_CLI"));
  va_start (list, first);
  for (const char *argument = first; argument != NULL; argument = va_arg (list, const char *))
    g_ptr_array_add (arguments, (char *)argument);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  environment = g_environ_setenv (environment, "LC_ALL", "de_DE.UTF-8", TRUE);
  environment = g_environ_setenv (environment, "LANGUAGE", "C", TRUE);
  ck_assert_msg (g_spawn_sync (NULL, (char **)arguments->pdata, environment, G_SPAWN_DEFAULT,
                               set_limits, NULL, &result.output, &result.errors, &result.status,
                               &error),
                 "%s", error != NULL ? error->message : "");
  ck_assert_msg (WIFEXITED (result.status), "%s %s ended by signal %d", first, result.errors,
                 WTERMSIG (result.status));
  result.status = WEXITSTATUS (result.status);
  return result;
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}

void
shs_command_assert (const ShsCommandResult *result, int status)
{
  ck_assert_msg (result->status == status, "exit status %d instead of %d: %s", result->status,
                 status, result->errors);
  if (status != 0)
    ck_assert_msg (count_lines (result->errors) == 1, "not one line: %s", result->errors);
}
