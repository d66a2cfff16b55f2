#include "cli/shs-cli.h"

#include "core/shs-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

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

static gboolean
is_range (const char *text)
{
  g_auto (GStrv) ends = g_strsplit (text, ":", -1);
  guint64 numbers[2] = { 0, G_MAXUINT64 };

  if (g_strv_length (ends) != 2)
    return FALSE;
  for (int i = 0; i < 2; i++)
    if (ends[i][0] != '\0'
        && !g_ascii_string_to_unsigned (ends[i], 10, 0, G_MAXUINT64, &numbers[i], NULL))
      return FALSE;
  return numbers[0] < numbers[1];
}

ShsExit
shs_cli_check_ranges (const char *word, const char *rows, const char *trees)
{
  guint64 number;

  if (rows != NULL && !is_range (rows))
    return shs_cli_usage (word,
                          "--rows %s is no range; write A:B, counted from 0, with B, which is not "
                          "included, above A",
                          rows);
  if (trees != NULL && !g_str_equal (trees, "best")
      && !g_ascii_string_to_unsigned (trees, 10, 0, G_MAXUINT64, &number, NULL))
    return shs_cli_usage (word, "--trees is a number of rounds, or best");
  return SHS_EXIT_DONE;
}

/* Asked before the work, not when there is nowhere to put it. */
static ShsExit
check_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (&error, SHS_ERROR, SHS_ERROR_FILE,
                 "%s cannot be written: there is no folder %s; make it, or choose another", path,
                 folder);
  else if (g_file_test (path, G_FILE_TEST_IS_DIR))
    g_set_error (&error, SHS_ERROR, SHS_ERROR_FILE,
                 "%s cannot be written: it is a folder; choose another name", path);
  else if (g_access (folder, W_OK | X_OK) != 0)
    g_set_error (&error, SHS_ERROR, SHS_ERROR_FILE,
                 "%s cannot be written: the folder %s takes no new files; choose another", path,
                 folder);
  return error == NULL ? SHS_EXIT_DONE : shs_cli_fail (error);
}

ShsExit
shs_cli_check_output (const char *word, const char *path, const char *const *endings)
{
  g_autofree char *list = g_strjoinv (", ", (char **)endings);

  if (path == NULL)
    return shs_cli_usage (word, "-o FILE is missing");
  for (gsize i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (path, endings[i]))
      return check_folder (path);
  return shs_cli_usage (word, "\"%s\" does not end in one of %s", path, list);
}
