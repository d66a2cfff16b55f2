/* The words of shapscope-cli; each is one file. */
#pragma once

#include <glib.h>

#include "core/shs-progress.h"
#include "session/shs-session.h"

G_BEGIN_DECLS

/** Exit statuses: a stable contract. */
typedef enum
{
  SHS_EXIT_DONE = 0,
  SHS_EXIT_FAULT = 1, /* the input or the model is at fault */
  SHS_EXIT_USAGE = 2, /* wrong usage, or a word that is not built yet */
  SHS_EXIT_CANCELLED = 130,
} ShsExit;

/**
 * ShsCliWord: one word of the command line.
 * @run: gets the arguments behind the word
 */
typedef struct
{
  const char *name;
  const char *usage;
  const char *summary;
  ShsExit (*run) (int argc, char **argv);
} ShsCliWord;

ShsExit shs_cli_info (int argc, char **argv);
ShsExit shs_cli_predict (int argc, char **argv);
ShsExit shs_cli_explain (int argc, char **argv);
ShsExit shs_cli_plot (int argc, char **argv);
ShsExit shs_cli_export_script (int argc, char **argv);

/** shs_cli_find_word: by name, or NULL. */
const ShsCliWord *shs_cli_find_word (const char *name);

/**
 * shs_cli_parse:
 * @word: whose usage is shown
 * @entries: options
 * @min_files, @max_files: arguments that are not options
 * @files: (out) (transfer full): them
 *
 * Returns: %SHS_EXIT_DONE; %SHS_EXIT_USAGE after a line on standard error. `--help` prints and
 *   leaves the program.
 */
ShsExit shs_cli_parse (const char *word, const GOptionEntry *entries, int argc, char **argv,
                       guint min_files, guint max_files, char ***files);

/**
 * shs_cli_open: opens @files through a session; on failure prints why.
 *
 * @target, @rows, @trees: (nullable): choices of the person
 * Returns: the exit status; @session: (out) (transfer full)
 */
ShsExit shs_cli_open (const char *const *files, const char *target, const char *rows,
                      const char *trees, ShsSession **session);

/** shs_cli_check_ranges: a line of usage unless @rows reads as A:B (A < B), and @trees as a number
 * or "best"; (nullable). Whether the files have so many is asked later. */
ShsExit shs_cli_check_ranges (const char *word, const char *rows, const char *trees);

/** shs_cli_check_output: a line of usage unless @path is given and ends in one of @endings; a line
 * about the folder, %SHS_EXIT_FAULT, unless a file can be written there. */
ShsExit shs_cli_check_output (const char *word, const char *path, const char *const *endings);

/** shs_cli_find_largest_residual: over all rows and outputs; NaN when there are no predictions. */
double shs_cli_find_largest_residual (ShsExplanation *explanation);

/** shs_cli_count: (transfer full): "1 row" or "12 rows". */
char *shs_cli_count (gsize n, const char *one, const char *many);

/** shs_cli_usage: prints "shapscope-cli WORD: message" and gives %SHS_EXIT_USAGE. */
ShsExit shs_cli_usage (const char *word, const char *format, ...) G_GNUC_PRINTF (2, 3);
/** shs_cli_unknown: usage: there is no @sort called @name; the names (NULL-ended) that there are,
 * and the one that was perhaps meant. */
ShsExit shs_cli_unknown (const char *word, const char *sort, const char *name,
                         const char *const *names);
/** shs_cli_fail: prints one line for @error; the status that its code stands for. */
ShsExit shs_cli_fail (const GError *error);

/**
 * shs_cli_progress_begin:
 * @what: "Explaining"
 *
 * Returns: (transfer none): the program's one progress, which SIGINT and SIGTERM cancel; shown on
 *   standard error while that is a terminal
 */
ShsProgress *shs_cli_progress_begin (const char *what);
/** shs_cli_progress_end: ends the display. */
void shs_cli_progress_end (void);

G_END_DECLS
