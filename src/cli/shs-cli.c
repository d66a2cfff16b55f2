#include "cli/shs-cli.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"
#include "core/shs-memory.h"
#include "model/match/shs-name-match.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *
shs_cli_count (gsize n, const char *one, const char *many)
{
  return g_strdup_printf ("%" G_GSIZE_FORMAT " %s", n, n == 1 ? one : many);
}

ShsExit
shs_cli_usage (const char *word, const char *format, ...)
{
  va_list arguments;
  g_autofree char *message = NULL;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "shapscope-cli %s: %s (see shapscope-cli %s --help)\n", word, message, word);
  return SHS_EXIT_USAGE;
}

ShsExit
shs_cli_unknown (const char *word, const char *sort, const char *name, const char *const *names)
{
  gssize nearest = shs_name_nearest (name, names, g_strv_length ((char **)names));
  g_autofree char *list = g_strjoinv (", ", (char **)names);

  if (nearest >= 0)
    return shs_cli_usage (word, "there is no %s \"%s\"; did you mean \"%s\"? There is: %s", sort,
                          name, names[nearest], list);
  return shs_cli_usage (word, "there is no %s \"%s\"; there is: %s", sort, name, list);
}

ShsExit
shs_cli_fail (const GError *error)
{
  g_autofree char *line = shs_text_shown (error->message);

  shs_cli_progress_end ();
  if (g_error_matches (error, SHS_ERROR, SHS_ERROR_CANCELLED))
    {
      fprintf (stderr, "shapscope-cli: cancelled\n");
      return SHS_EXIT_CANCELLED;
    }
  fprintf (stderr, "shapscope-cli: %s\n", line);
  return SHS_EXIT_FAULT;
}

double
shs_cli_find_largest_residual (ShsExplanation *explanation)
{
  gsize n_features = shs_explanation_get_n_features (explanation);
  SHS_AUTOFREE ShsFeatureSummary *summaries = shs_alloc (n_features, sizeof *summaries, NULL);
  double largest = 0;

  if (shs_explanation_get_parts (explanation)->predictions == NULL)
    return NAN;
  for (gsize k = 0; summaries != NULL && k < shs_explanation_get_n_outputs (explanation); k++)
    {
      double residual = 0;

      if (shs_explanation_summarise (explanation, k, summaries, &residual, NULL))
        largest = MAX (largest, residual);
    }
  return largest;
}

static void
print_help (GOptionContext *context)
{
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

  fputs (help, stdout);
}

static gboolean
wants_help (int argc, char **argv)
{
  for (int i = 1; i < argc && !g_str_equal (argv[i], "--"); i++)
    if (g_str_equal (argv[i], "--help") || g_str_equal (argv[i], "-h"))
      return TRUE;
  return FALSE;
}

ShsExit
shs_cli_parse (const char *word, const GOptionEntry *entries, int argc, char **argv,
               guint min_files, guint max_files, char ***files)
{
  const ShsCliWord *description = shs_cli_find_word (word);
  g_autofree char *parameters = g_strdup (description->usage);
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("shapscope-cli %s", word);
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();
  guint n_files = 0;

  g_set_prgname (name);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, description->summary);
  g_option_context_add_main_entries (context, entries, NULL);
  if (wants_help (argc, argv))
    {
      print_help (context);
      exit (SHS_EXIT_DONE);
    }
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return shs_cli_usage (word, "%s", error->message);
  for (int i = 1; i < argc; i++)
    if (!g_str_equal (argv[i], "--"))
      {
        g_strv_builder_add (rest, argv[i]);
        n_files++;
      }
  if (n_files < min_files || n_files > max_files)
    return shs_cli_usage (
        word, "%s", n_files < min_files ? "a file is missing" : "there are too many arguments");
  *files = g_strv_builder_end (rest);
  return SHS_EXIT_DONE;
}
