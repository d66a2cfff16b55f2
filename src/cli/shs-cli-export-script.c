#include "cli/shs-cli.h"

#include "core/shs-error.h"
#include "io/shs-bytes.h"

#include <stdio.h>

#define WORD "export-script"

/* Installed, or in the source tree. */
static GBytes *
read_script (GError **error)
{
  static const char *const folders[] = { SHS_EXPORT_INSTALLED, SHS_EXPORT_SOURCE };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folders[i], "shapscope.py", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return shs_bytes_open (path, error);
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_FILE,
               "shapscope.py is not in %s; install Shapscope again, or take data/export from its "
               "source",
               folders[0]);
  return NULL;
}

ShsExit
shs_cli_export_script (int argc, char **argv)
{
  static const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_auto (GStrv) files = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) script = NULL;
  ShsExit parsed = shs_cli_parse (WORD, entries, argc, argv, 0, 0, &files);
  gsize length;
  gconstpointer text;

  if (parsed != SHS_EXIT_DONE)
    return parsed;
  script = read_script (&error);
  if (script == NULL)
    return shs_cli_fail (error);
  text = g_bytes_get_data (script, &length);
  fwrite (text, 1, length, stdout); /* main() looks whether standard output took everything */
  return SHS_EXIT_DONE;
}
