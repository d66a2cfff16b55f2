/* shapscope-cli: models, data and explanations without a display. */

#include "cli/shs-cli.h"

#include "model/match/shs-name-match.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const ShsCliWord words[] = {
  { "info", "FILE...",
    "Tell what models, data and explanations are; with a model and data, how "
    "columns match.",
    shs_cli_info },
  { "predict", "MODEL DATA -o FILE", "Write the model's predictions.", shs_cli_predict },
  { "explain", "MODEL DATA -o FILE", "Explain predictions with SHAP values.", shs_cli_explain },
  { "plot", "EXPLANATION KIND|all -o FILE",
    "Draw an explanation as SVG, PDF or PNG. KIND is beeswarm, bar, waterfall, force, dependence "
    "(scatter) or interactions.",
    shs_cli_plot },
  { "export-script", "",
    "Print the Python script that exports scikit-learn models: shapscope-cli export-script > "
    "shapscope.py",
    shs_cli_export_script },
};

/* Words of the contract that a later version fills. */
static const char *const announced[] = { "report", "compare", "columns", NULL };

const ShsCliWord *
shs_cli_find_word (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].name, name))
      return &words[i];
  return NULL;
}

static void
print_unknown (const char *name)
{
  const char *names[G_N_ELEMENTS (words)];
  gssize nearest;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    names[i] = words[i].name;
  nearest = shs_name_nearest (name, names, G_N_ELEMENTS (names));
  fprintf (stderr, "shapscope-cli: there is no word \"%s\"; ", name);
  if (nearest >= 0)
    fprintf (stderr, "did you mean \"%s\"? ", names[nearest]);
  fputs (nearest >= 0 ? "There is:" : "there is:", stderr);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    fprintf (stderr, "%s %s", i > 0 ? "," : "", names[i]);
  fputs (" (see shapscope-cli --help)\n", stderr);
}

static void
print_words (FILE *file)
{
  fputs ("Usage: shapscope-cli WORD ...\n\nExplains machine-learning models with SHAP values.\n\n",
         file);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    fprintf (file, "  %-13s %s\n", words[i].name, words[i].summary);
  fputs ("\n\"shapscope-cli WORD --help\" tells the options of a word.\n", file);
}

/* What was printed to a full disk was not told to anyone. */
static ShsExit
check_output (ShsExit status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  fprintf (stderr,
           "shapscope-cli: standard output could not be written: %s; make room or choose another "
           "place\n",
           g_strerror (errno));
  return status == SHS_EXIT_DONE ? SHS_EXIT_FAULT : status;
}

static ShsExit
run_word (int argc, char **argv)
{
  const ShsCliWord *word;

  if (argc < 2)
    {
      print_words (stderr);
      return SHS_EXIT_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_words (stdout);
      return SHS_EXIT_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      printf ("Shapscope %s\n", SHS_VERSION);
      return SHS_EXIT_DONE;
    }
  word = shs_cli_find_word (argv[1]);
  if (word != NULL)
    return word->run (argc - 1, argv + 1);
  if (g_strv_contains (announced, argv[1]))
    fprintf (stderr, "shapscope-cli: \"%s\" is not built yet in version %s\n", argv[1],
             SHS_VERSION);
  else
    print_unknown (argv[1]);
  return SHS_EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  signal (SIGXFSZ, SIG_IGN); /* a limit to the size of files is an error of writing, no death */
  return (int)check_output (run_word (argc, argv));
}
