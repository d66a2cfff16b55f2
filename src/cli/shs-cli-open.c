#include "cli/shs-cli.h"

#include <string.h>

ShsExit
shs_cli_open (const char *const *files, const char *target, const char *rows, const char *trees,
              ShsSession **session)
{
  g_autoptr (ShsSession) self = shs_session_new ();
  ShsProgress *progress = shs_cli_progress_begin ("Opening");
  g_autoptr (GError) error = NULL;
  gboolean is_open = shs_session_open (self, files, progress, &error);

  shs_cli_progress_end ();
  /* A target that was named can be what makes model and data match. */
  if (!is_open && (target == NULL || shs_session_get_match_error (self) == NULL))
    return shs_cli_fail (error);
  g_clear_error (&error);
  if ((target != NULL && !shs_session_set_target (self, target, &error))
      || (rows != NULL && !shs_session_set_rows (self, rows, &error))
      || (trees != NULL && !shs_session_set_trees (self, trees, &error)))
    return shs_cli_fail (error);
  if (shs_session_get_match_error (self) != NULL)
    return shs_cli_fail (shs_session_get_match_error (self));
  *session = g_steal_pointer (&self);
  return SHS_EXIT_DONE;
}

ShsExit
shs_cli_check_output (const char *word, const char *path, const char *const *endings)
{
  g_autofree char *list = g_strjoinv (", ", (char **)endings);

  if (path == NULL)
    return shs_cli_usage (word, "-o FILE is missing");
  for (gsize i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (path, endings[i]))
      return SHS_EXIT_DONE;
  return shs_cli_usage (word, "\"%s\" does not end in one of %s", path, list);
}
