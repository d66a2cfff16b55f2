#include "cli/shs-cli.h"

#include "core/shs-shown.h"
#include "io/json/shs-json-writer.h"
#include "result/shs-interactions.h"
#include "session/shs-background-choice.h"

#include <stdio.h>
#include <string.h>

#define WORD "explain"

/* Explainers and spaces of the contract that later versions fill. */
static const char *const later_explainers[]
    = { "kernel", "permutation", "exact",    "sampling", "partition",
        "deep",   "gradient",    "additive", "owen",     NULL };
static const char *const later_spaces[] = { "output", "logit", NULL };

typedef struct
{
  char *output;
  char *explainer;
  char *background;
  char **cohorts;
  char *space;
  char *target;
  char *rows;
  char *trees;
  char *precision;
  char *layer;
  char *groups;
  gint samples;
  gint top_outputs;
  gint64 seed;
  gint threads;
  gboolean interactions;
  gint64 pairs;
  gboolean json;
} Choices;

static const char *const precisions[] = { "single", "double", NULL };
static const char *const endings[] = { ".h5", ".npz", ".json", ".csv", NULL };

static ShsExit
check_later (const Choices *choices)
{
  if (choices->explainer != NULL && g_strv_contains (later_explainers, choices->explainer))
    return shs_cli_usage (WORD, "the explainer \"%s\" is not built yet", choices->explainer);
  if (choices->space != NULL && g_strv_contains (later_spaces, choices->space))
    return shs_cli_usage (WORD, "the space \"%s\" is not built yet", choices->space);
  if (choices->samples != 0)
    return shs_cli_usage (WORD, "--samples is for explainers that sample, which are not built yet");
  if (choices->layer != NULL || choices->top_outputs != 0)
    return shs_cli_usage (WORD, "--layer and --top-outputs are for networks, not built yet");
  if (choices->groups != NULL)
    return shs_cli_usage (WORD, "--group is not built yet");
  return SHS_EXIT_DONE;
}

static ShsExit
check_cohorts (char **cohorts)
{
  for (; cohorts != NULL && *cohorts != NULL; cohorts++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsCohort) cohort = shs_cohort_parse (*cohorts, &error);

      if (cohort == NULL)
        return shs_cli_usage (WORD, "--cohort: %s", error->message);
    }
  return SHS_EXIT_DONE;
}

/* What can be told without the data. */
static gboolean
check_background (const char *text)
{
  ShsBackgroundKind kind = shs_background_choice_find_kind (text);

  if (g_str_equal (text, "row:") || g_str_equal (text, "row:#"))
    return FALSE;
  return kind != SHS_BACKGROUND_DRAWN || shs_background_choice_check (kind, text, NULL, NULL, NULL);
}

static ShsExit
refuse_explainer (const char *name)
{
  const char *names[SHS_N_EXPLAINERS + 1] = { NULL };

  for (int i = 0; i < SHS_N_EXPLAINERS; i++)
    names[i] = shs_explainer_get_name ((ShsExplainer)i);
  return shs_cli_unknown (WORD, "explainer", name, names);
}

static ShsExit
refuse_space (const char *name)
{
  const char *names[SHS_N_SPACES + 1] = { NULL };

  for (int i = 0; i < SHS_N_SPACES; i++)
    names[i] = shs_space_get_name ((ShsSpace)i);
  return shs_cli_unknown (WORD, "space", name, names);
}

static ShsExit
check_choices (const Choices *choices)
{
  ShsExit status = check_later (choices);

  if (status != SHS_EXIT_DONE)
    return status;
  if (choices->explainer != NULL && shs_explainer_parse (choices->explainer) < 0)
    return refuse_explainer (choices->explainer);
  if (choices->space != NULL && shs_space_parse (choices->space) < 0)
    return refuse_space (choices->space);
  if (choices->precision != NULL && !g_strv_contains (precisions, choices->precision))
    return shs_cli_unknown (WORD, "precision", choices->precision, precisions);
  status = check_cohorts (choices->cohorts);
  if (status != SHS_EXIT_DONE)
    return status;
  if (choices->background != NULL && !check_background (choices->background))
    return shs_cli_usage (WORD, "--background is a number of rows from 1, row:N, a rule such as "
                                "\"age < 30\", a file, all or none");
  if (choices->pairs < 0)
    return shs_cli_usage (WORD, "--pairs is a number of pairs from 1");
  if (choices->threads < 0)
    return shs_cli_usage (WORD, "--threads cannot be negative");
  if (choices->seed < 0)
    return shs_cli_usage (WORD, "--seed cannot be negative");
  status = shs_cli_check_ranges (WORD, choices->rows, choices->trees);
  if (status != SHS_EXIT_DONE)
    return status;
  return shs_cli_check_output (WORD, choices->output, endings);
}

/* Pairs of two features. */
static gsize
count_pairs (ShsExplanation *explanation)
{
  return shs_explanation_get_n_pairs (explanation) - shs_explanation_get_n_features (explanation);
}

/* What is explained: for numbers the loss is their squared error. */
static const char *
name_space (const ShsExplanationParts *parts)
{
  return g_strcmp0 (parts->output_unit, "squared error") == 0 ? parts->output_unit
                                                              : parts->provenance.space;
}

static void
print_json (ShsExplanation *explanation, const char *path)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  g_autoptr (ShsJsonWriter) json = shs_json_writer_new (2);

  shs_json_writer_begin_object (json);
  shs_json_writer_key (json, "file");
  shs_json_writer_string (json, path);
  shs_json_writer_key (json, "rows");
  shs_json_writer_integer (json, (gint64)shs_explanation_get_n_rows (explanation));
  shs_json_writer_key (json, "features");
  shs_json_writer_integer (json, (gint64)shs_explanation_get_n_features (explanation));
  shs_json_writer_key (json, "outputs");
  shs_json_writer_integer (json, (gint64)shs_explanation_get_n_outputs (explanation));
  shs_json_writer_key (json, "method");
  shs_json_writer_string (json, parts->provenance.method);
  shs_json_writer_key (json, "kernel");
  shs_json_writer_string (json, parts->provenance.kernel);
  shs_json_writer_key (json, "background");
  shs_json_writer_string (json, parts->provenance.background);
  shs_json_writer_key (json, "space");
  shs_json_writer_string (json, parts->provenance.space);
  if (parts->target_name != NULL)
    {
      shs_json_writer_key (json, "target");
      shs_json_writer_string (json, parts->target_name);
    }
  if (shs_explanation_has_interactions (explanation))
    {
      shs_json_writer_key (json, "pairs");
      shs_json_writer_integer (json, (gint64)count_pairs (explanation));
    }
  shs_json_writer_key (json, "largest_residual");
  shs_json_writer_double (json, shs_cli_find_largest_residual (explanation));
  shs_json_writer_key (json, "seconds");
  shs_json_writer_double (json, parts->seconds);
  shs_json_writer_key (json, "notes");
  shs_json_writer_begin_array (json);
  for (char **note = parts->provenance.notes; note != NULL && *note != NULL; note++)
    shs_json_writer_string (json, *note);
  shs_json_writer_end_array (json);
  shs_json_writer_end_object (json);
  puts (shs_json_writer_get_text (json));
}

static void
print_lines (ShsExplanation *explanation, const char *path)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  g_autofree char *rows = shs_cli_count (shs_explanation_get_n_rows (explanation), "row", "rows");
  g_autofree char *features
      = shs_cli_count (shs_explanation_get_n_features (explanation), "feature", "features");

  printf ("%s: %s x %s", path, rows, features);
  if (shs_explanation_get_n_outputs (explanation) > 1)
    printf (" x %" G_GSIZE_FORMAT " outputs", shs_explanation_get_n_outputs (explanation));
  printf (" in %.3g s\n", parts->seconds);
  printf ("  method      %s (%s)\n", parts->provenance.method, parts->provenance.kernel);
  printf ("  background  %s\n", parts->provenance.background);
  if (!g_str_equal (parts->provenance.space, "margin"))
    printf ("  space       %s\n", name_space (parts));
  if (parts->target_name != NULL)
    {
      g_autofree char *target = shs_text_shown (parts->target_name);

      printf ("  target      %s\n", target);
    }
  if (shs_explanation_has_interactions (explanation))
    printf ("  pairs       %" G_GSIZE_FORMAT "\n", count_pairs (explanation));
  printf ("  residual    at most %.2g\n", shs_cli_find_largest_residual (explanation));
  for (char **note = parts->provenance.notes; note != NULL && *note != NULL; note++)
    printf ("  note        %s\n", *note);
}

static gboolean
set_interactions (ShsSession *session, const Choices *choices, GError **error)
{
  g_autofree char *pairs = g_strdup_printf ("%" G_GINT64_FORMAT, choices->pairs);

  if (choices->pairs > 0)
    return shs_session_set_interactions (session, pairs, error);
  return !choices->interactions || shs_session_set_interactions (session, "all", error);
}

static gboolean
set_cohorts (ShsSession *session, char **cohorts, GError **error)
{
  for (; cohorts != NULL && *cohorts != NULL; cohorts++)
    if (!shs_session_set_cohort (session, *cohorts, error))
      {
        g_prefix_error (error, "--cohort \"%s\": ", *cohorts);
        return FALSE;
      }
  return TRUE;
}

static ShsExit
explain_and_save (ShsSession *session, const Choices *choices)
{
  ShsExplainOptions options = {
    .precision = choices->precision != NULL && g_str_equal (choices->precision, "double")
                     ? SHS_PRECISION_DOUBLE
                     : SHS_PRECISION_SINGLE,
    .seed = (guint64)choices->seed,
    .n_threads = (guint)choices->threads,
    .result_path = choices->output,
  };
  ShsProgress *progress;
  g_autoptr (GError) error = NULL;

  if ((choices->explainer != NULL
       && !shs_session_set_explainer (session, choices->explainer, &error))
      || !set_cohorts (session, choices->cohorts, &error)
      || (choices->background != NULL
          && !shs_session_set_background (session, choices->background, &error))
      || (choices->space != NULL && !shs_session_set_space (session, choices->space, &error))
      || !set_interactions (session, choices, &error))
    return shs_cli_fail (error);
  progress = shs_cli_progress_begin ("Explaining");
  if (!shs_session_explain (session, &options, progress, &error))
    return shs_cli_fail (error);
  shs_cli_progress_end ();
  if (!shs_session_save_explanation (session, choices->output, progress, &error))
    return shs_cli_fail (error);
  if (choices->json)
    print_json (shs_session_get_explanation (session), choices->output);
  else
    print_lines (shs_session_get_explanation (session), choices->output);
  return SHS_EXIT_DONE;
}

ShsExit
shs_cli_explain (int argc, char **argv)
{
  static Choices choices;
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &choices.output,
      "Where the explanation goes: .h5, .npz, .json or .csv", "FILE" },
    { "explainer", 0, 0, G_OPTION_ARG_STRING, &choices.explainer,
      "auto (default), tree, path-dependent, interventional, global-path-dependent, saabas, "
      "banzhaf or linear",
      "NAME" },
    { "background", 0, 0, G_OPTION_ARG_STRING, &choices.background,
      "Rows to compare with: the name of a --cohort, a file, N rows of DATA drawn with the seed, "
      "row:NAME or row:#N (the "
      "row's number from 0), a rule such as \"age < 30\", all, or none (default: trees have theirs "
      "in the model). Rules compare columns (= != < <= > >=, ~ for contains, \"age is missing\"), "
      "joined by and, or, not and brackets; names and texts with signs stand in quotes",
      "COHORT|FILE|N|row:NAME|RULE|none" },
    { "cohort", 0, 0, G_OPTION_ARG_STRING_ARRAY, &choices.cohorts,
      "Names a group of rows, such as \"Women: sex = female\"; can be given several times",
      "NAME: RULE" },
    { "space", 0, 0, G_OPTION_ARG_STRING, &choices.space,
      "margin (default), probability or log-loss (needs --target)", "NAME" },
    { "interactions", 0, 0, G_OPTION_ARG_NONE, &choices.interactions,
      "Interaction values of all pairs of features too", NULL },
    { "pairs", 0, 0, G_OPTION_ARG_INT64, &choices.pairs,
      "Interaction values of the N strongest pairs alone", "N" },
    { "target", 0, 0, G_OPTION_ARG_STRING, &choices.target,
      "Column with the true values, kept beside the predictions", "COLUMN" },
    { "rows", 0, 0, G_OPTION_ARG_STRING, &choices.rows, "Rows from A up to, not including, B",
      "A:B" },
    { "samples", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &choices.samples, NULL, NULL },
    { "trees", 0, 0, G_OPTION_ARG_STRING, &choices.trees,
      "Boosting rounds to use, or best (default: all in the file)", "N|best" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &choices.seed, "Seed of everything random", "N" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &choices.threads, "Threads (default: all processors)",
      "N" },
    { "precision", 0, 0, G_OPTION_ARG_STRING, &choices.precision, "single (default) or double",
      "NAME" },
    { "layer", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &choices.layer, NULL, NULL },
    { "top-outputs", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &choices.top_outputs, NULL, NULL },
    { "group", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &choices.groups, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &choices.json, "Print the summary as JSON", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto (GStrv) files = NULL;
  g_autoptr (ShsSession) session = NULL;
  ShsExit status = shs_cli_parse (WORD, entries, argc, argv, 2, 2, &files);

  if (status == SHS_EXIT_DONE)
    status = check_choices (&choices);
  if (status == SHS_EXIT_DONE)
    status = shs_cli_open ((const char *const *)files, choices.target, choices.rows, choices.trees,
                           &session);
  return status == SHS_EXIT_DONE ? explain_and_save (session, &choices) : status;
}
