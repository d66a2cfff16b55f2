/* shapscope-loader: reads one foreign file behind a wall. Started by shs_loader_run() alone. */
#include "core/shs-error.h"
#include "io/shs-loader-client.h"
#include "loader/shs-loader-task.h"
#include "loader/shs-sandbox.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_FD 3
#define ANSWER_FD 4
#define FIRST_UNKNOWN_FD 5

/* No exit handlers: after a damaged file the libraries' own may well fail. */
static void G_GNUC_NORETURN
end_with_error (const GError *error)
{
  int code = error->domain == SHS_ERROR ? error->code : SHS_ERROR_INVALID;
  gsize length = strlen (error->message);

  while (length > 0)
    {
      ssize_t put = write (STDERR_FILENO, error->message, length);

      if (put <= 0 || (gsize)put == length)
        break;
      memmove (error->message, error->message + put, length - (gsize)put + 1);
      length -= (gsize)put;
    }
  _exit (SHS_LOADER_EXIT + code);
}

static int
explain_usage (void)
{
  fputs ("shapscope-loader is started by Shapscope alone; open the file with shapscope or "
         "shapscope-cli\n",
         stderr);
  return 2;
}

int
main (int argc, char **argv)
{
  const ShsLoaderTask *task = argc == 4 ? shs_loader_task_find (argv[1]) : NULL;
  ShsSandboxLimits limits;
  GError *error = NULL;

  if (task == NULL || fcntl (INPUT_FD, F_GETFD) < 0 || fcntl (ANSWER_FD, F_GETFD) < 0)
    return explain_usage ();
  limits.memory = g_ascii_strtoull (argv[2], NULL, 10);
  limits.answer = MIN (limits.memory, (guint64)G_MAXINT64);
  limits.seconds = g_ascii_strtoull (argv[3], NULL, 10);
  shs_sandbox_prepare (&limits, FIRST_UNKNOWN_FD);
  if (!task->prepare (&error))
    end_with_error (error);
  shs_sandbox_enter ();
  if (!task->run (INPUT_FD, ANSWER_FD, &error))
    end_with_error (error);
  _exit (EXIT_SUCCESS);
}
