#include "cli/shs-cli.h"

#include "session/shs-predict.h"

#include <stdio.h>

#define WORD "predict"

static const char *const endings[] = { ".npz", ".npy", ".csv", NULL };

typedef struct
{
  char *output;
  char *space;
  char *target;
  char *rows;
  char *trees;
  gint threads;
} Choices;

static ShsExit
predict_and_save (ShsSession *session, const Choices *choices)
{
  ShsProgress *progress = shs_cli_progress_begin ("Predicting");
  g_autofree char *rounds = shs_model_describe_rounds (shs_session_get_model (session));
  g_autofree char *rows = NULL, *numbers = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsMatrix) predictions
      = shs_session_predict (session, choices->space, (guint)choices->threads, progress, &error);

  shs_cli_progress_end ();
  if (predictions == NULL || !shs_predictions_save (predictions, session, choices->output, &error))
    return shs_cli_fail (error);
  rows = shs_cli_count (predictions->n_rows, "row", "rows");
  numbers = shs_cli_count (predictions->n_columns, "prediction", "predictions");
  printf ("%s: %s x %s\n", choices->output, rows, numbers);
  for (const char *const *note = shs_column_match_get_notes (shs_session_get_match (session));
       *note != NULL; note++)
    printf ("  note        %s\n", *note);
  if (rounds != NULL)
    printf ("  note        %s\n", rounds);
  return SHS_EXIT_DONE;
}

ShsExit
shs_cli_predict (int argc, char **argv)
{
  static const char *const spaces[] = { "margin", "output", "probability", "logit", NULL };
  static Choices choices;
  const GOptionEntry entries[]
      = { { "out", 'o', 0, G_OPTION_ARG_FILENAME, &choices.output,
            "Where the predictions go: .npz, .npy or .csv", "FILE" },
          { "space", 0, 0, G_OPTION_ARG_STRING, &choices.space,
            "margin (default), output (or probability, which is the same) or "
            "logit",
            "NAME" },
          { "target", 0, 0, G_OPTION_ARG_STRING, &choices.target, "Column that is no feature",
            "COLUMN" },
          { "rows", 0, 0, G_OPTION_ARG_STRING, &choices.rows, "Rows from A up to, not including, B",
            "A:B" },
          { "trees", 0, 0, G_OPTION_ARG_STRING, &choices.trees, "Boosting rounds to use, or best",
            "N|best" },
          { "threads", 0, 0, G_OPTION_ARG_INT, &choices.threads,
            "Threads (default: all processors)", "N" },
          G_OPTION_ENTRY_NULL };
  g_auto (GStrv) files = NULL;
  g_autoptr (ShsSession) session = NULL;
  ShsExit status = shs_cli_parse (WORD, entries, argc, argv, 2, 2, &files);

  if (status == SHS_EXIT_DONE && choices.space != NULL && !g_strv_contains (spaces, choices.space))
    status = shs_cli_unknown (WORD, "space", choices.space, spaces);
  if (status == SHS_EXIT_DONE && choices.threads < 0)
    status = shs_cli_usage (WORD, "--threads cannot be negative");
  if (status == SHS_EXIT_DONE)
    status = shs_cli_check_ranges (WORD, choices.rows, choices.trees);
  if (status == SHS_EXIT_DONE)
    status = shs_cli_check_output (WORD, choices.output, endings);
  if (status == SHS_EXIT_DONE)
    status = shs_cli_open ((const char *const *)files, choices.target, choices.rows, choices.trees,
                           &session);
  return status == SHS_EXIT_DONE ? predict_and_save (session, &choices) : status;
}
