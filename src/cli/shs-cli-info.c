#include "cli/shs-cli.h"

#include "core/shs-memory.h"
#include "core/shs-shown.h"
#include "io/json/shs-json-writer.h"
#include "session/shs-open.h"

#include <math.h>
#include <stdio.h>

#define WORD "info"
#define MOST_COLUMNS 40

static const char citations[]
    = "Shapscope computes exact path-dependent Tree SHAP values. Please cite\n\n"
      "  S. M. Lundberg, S.-I. Lee: A Unified Approach to Interpreting Model Predictions.\n"
      "  Advances in Neural Information Processing Systems 30 (2017).\n\n"
      "  S. M. Lundberg, G. Erion, H. Chen, et al.: From local explanations to global\n"
      "  understanding with explainable AI for trees. Nature Machine Intelligence 2, 56-67 "
      "(2020).\n"
      "\nand name the program: Shapscope " SHS_VERSION ".\n";

static const char *const task_names[] = {
  [SHS_TASK_REGRESSION] = "regression",  [SHS_TASK_BINARY] = "binary",
  [SHS_TASK_MULTICLASS] = "multi-class", [SHS_TASK_RANKING] = "ranking",
  [SHS_TASK_SURVIVAL] = "survival",      [SHS_TASK_OTHER] = "other",
};

static const char *
describe_type (const ShsColumn *column)
{
  if (shs_column_is_truth (column))
    return "boolean";
  return column->type == SHS_COLUMN_CATEGORY ? "category" : "number";
}

/* Prints one line in which nothing that a file says reaches the terminal as a command. */
G_GNUC_PRINTF (1, 2)
static void
print_line (const char *format, ...)
{
  g_autofree char *line = NULL;
  g_autofree char *shown = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  shown = shs_text_shown (line);
  puts (shown);
}

static void
print_columns (const ShsColumn *columns, gsize n)
{
  for (gsize j = 0; j < MIN (n, MOST_COLUMNS); j++)
    {
      g_autofree char *different
          = columns[j].type == SHS_COLUMN_CATEGORY && columns[j].n_categories > 0
                ? g_strdup_printf (" (%" G_GSIZE_FORMAT " different)", columns[j].n_categories)
                : g_strdup ("");

      print_line ("  %3" G_GSIZE_FORMAT "  %-8s  %s%s", j, describe_type (&columns[j]),
                  columns[j].name, different);
    }
  if (n > MOST_COLUMNS)
    print_line ("       and %" G_GSIZE_FORMAT " more", n - MOST_COLUMNS);
}

static void
print_model (const ShsModel *model, const char *path)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  g_autofree char *line = shs_model_describe (model);
  g_autoptr (GString) outputs = g_string_new (NULL);

  print_line ("%s: model, %s", path, line);
  if (parts->objective == NULL || *parts->objective == '\0')
    print_line ("  objective   %s", task_names[parts->task]);
  else
    print_line ("  objective   %s (%s)", parts->objective, task_names[parts->task]);
  if (parts->n_rounds > 1)
    print_line ("  boosting    %" G_GSIZE_FORMAT " round%s of %" G_GSIZE_FORMAT " tree%s",
                parts->n_rounds, parts->n_rounds == 1 ? "" : "s", parts->trees_per_round,
                parts->trees_per_round == 1 ? "" : "s");
  if (parts->best_round >= 0)
    print_line ("  best round  %" G_GSSIZE_FORMAT " (--trees best keeps the rounds up to it)",
                parts->best_round);
  for (gsize k = 0; k < MIN (parts->n_outputs, MOST_COLUMNS); k++)
    g_string_append_printf (outputs, "%s%s", k > 0 ? ", " : "",
                            shs_model_get_output_name (model, k));
  print_line ("  outputs     %s", outputs->str);
  for (char **note = parts->notes; note != NULL && *note != NULL; note++)
    print_line ("  note        %s", *note);
  print_line ("  features    %" G_GSIZE_FORMAT "%s", parts->n_features,
              parts->has_feature_names ? "" : " (the file has no names)");
  print_columns (parts->features, parts->n_features);
}

static void
print_dataset (const ShsDataset *dataset, const char *path)
{
  g_autofree char *rows = shs_cli_count (shs_dataset_get_n_rows (dataset), "row", "rows");

  print_line ("%s: data, %s", path, rows);
  for (guint i = 0; i < shs_dataset_get_n_inputs (dataset); i++)
    {
      const ShsInput *input = shs_dataset_get_input (dataset, i);
      g_autofree char *columns = shs_cli_count (input->n_columns, "column", "columns");

      print_line ("  %s%s%s", input->name, input->name[0] != '\0' ? ": " : "", columns);
      if (input->columns != NULL)
        print_columns (input->columns, input->n_columns);
    }
}

static void
append_name (GString *names, const char *name)
{
  g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
}

/* Names of outputs and features, and how far the values are from adding up. */
static void
print_content (ShsExplanation *explanation)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  gsize n_features = shs_explanation_get_n_features (explanation);
  g_autoptr (GString) outputs = g_string_new (NULL);
  g_autoptr (GString) features = g_string_new (NULL);
  double residual = shs_cli_find_largest_residual (explanation);

  for (gsize k = 0; k < MIN (shs_explanation_get_n_outputs (explanation), MOST_COLUMNS); k++)
    append_name (outputs, parts->output_names[k]);
  for (gsize j = 0; j < MIN (n_features, MOST_COLUMNS); j++)
    append_name (features, shs_explanation_get_column (explanation, j)->name);
  if (n_features > MOST_COLUMNS)
    g_string_append_printf (features, " and %" G_GSIZE_FORMAT " more", n_features - MOST_COLUMNS);
  print_line ("  outputs     %s", outputs->str);
  print_line ("  features    %s", features->str);
  if (isnan (residual))
    print_line ("  residual    unknown: the file has no predictions");
  else
    print_line ("  residual    at most %.2g", residual);
}

static void
print_explanation (ShsExplanation *explanation, const char *path)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  const ShsProvenance *provenance = &parts->provenance;
  const char *facts[][2] = {
    { "method", provenance->method },         { "kernel", provenance->kernel },
    { "background", provenance->background }, { "space", provenance->space },
    { "model", provenance->model_name },      { "data", provenance->data_name },
    { "program", provenance->program },
  };
  g_autofree char *rows = shs_cli_count (shs_explanation_get_n_rows (explanation), "row", "rows");
  g_autofree char *features
      = shs_cli_count (shs_explanation_get_n_features (explanation), "feature", "features");
  g_autofree char *outputs
      = shs_cli_count (shs_explanation_get_n_outputs (explanation), "output", "outputs");

  print_line ("%s: explanation, %s x %s x %s", path, rows, features, outputs);
  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    if (facts[i][1] != NULL && facts[i][1][0] != '\0')
      print_line ("  %-10s  %s", facts[i][0], facts[i][1]);
  print_content (explanation);
  for (char **note = provenance->notes; note != NULL && *note != NULL; note++)
    print_line ("  note        %s", *note);
}

static void
print_match (const ShsOpened *opened, const ShsColumnMatch *match, const char *target)
{
  const ShsInput *table = shs_dataset_get_table (opened->dataset);

  print_line ("How columns match:");
  for (gsize j = 0; j < shs_model_get_parts (opened->model)->n_features; j++)
    print_line ("  %s <- %s", shs_model_get_feature (opened->model, j)->name,
                table->columns[shs_column_match_get_column (match, j)].name);
  print_line ("  target: %s", target != NULL ? target : "none found");
  for (const char *const *note = shs_column_match_get_notes (match); *note != NULL; note++)
    print_line ("  note: %s", *note);
}

static void
add_string (ShsJsonWriter *json, const char *key, const char *value)
{
  shs_json_writer_key (json, key);
  shs_json_writer_string (json, value);
}

static void
add_size (ShsJsonWriter *json, const char *key, gsize value)
{
  shs_json_writer_key (json, key);
  shs_json_writer_integer (json, (gint64)value);
}

static void
add_columns (ShsJsonWriter *json, const char *key, const ShsColumn *columns, gsize n)
{
  shs_json_writer_key (json, key);
  shs_json_writer_begin_array (json);
  for (gsize j = 0; j < n; j++)
    {
      shs_json_writer_begin_object (json);
      add_string (json, "name", columns[j].name);
      add_string (json, "type", describe_type (&columns[j]));
      if (columns[j].type == SHS_COLUMN_CATEGORY && columns[j].n_categories > 0)
        add_size (json, "different", columns[j].n_categories);
      shs_json_writer_end_object (json);
    }
  shs_json_writer_end_array (json);
}

static void
add_model (ShsJsonWriter *json, const ShsModel *model, const char *path)
{
  const ShsModelParts *parts = shs_model_get_parts (model);

  shs_json_writer_begin_object (json);
  add_string (json, "file", path);
  add_string (json, "kind", "model");
  add_string (json, "library", parts->library);
  add_string (json, "version", parts->version);
  add_string (json, "objective", parts->objective);
  add_string (json, "task", task_names[parts->task]);
  add_size (json, "rounds", parts->n_rounds);
  shs_json_writer_key (json, "best_round");
  if (parts->best_round >= 0)
    shs_json_writer_integer (json, parts->best_round);
  else
    shs_json_writer_null (json);
  add_size (json, "trees", parts->ensemble != NULL ? parts->ensemble->n_trees : 0);
  shs_json_writer_key (json, "outputs");
  shs_json_writer_begin_array (json);
  for (gsize k = 0; k < parts->n_outputs; k++)
    shs_json_writer_string (json, shs_model_get_output_name (model, k));
  shs_json_writer_end_array (json);
  add_columns (json, "features", parts->features, parts->n_features);
  shs_json_writer_end_object (json);
}

static void
add_dataset (ShsJsonWriter *json, const ShsDataset *dataset, const char *path)
{
  shs_json_writer_begin_object (json);
  add_string (json, "file", path);
  add_string (json, "kind", "data");
  add_size (json, "rows", shs_dataset_get_n_rows (dataset));
  shs_json_writer_key (json, "inputs");
  shs_json_writer_begin_array (json);
  for (guint i = 0; i < shs_dataset_get_n_inputs (dataset); i++)
    {
      const ShsInput *input = shs_dataset_get_input (dataset, i);

      shs_json_writer_begin_object (json);
      add_string (json, "name", input->name);
      add_size (json, "columns_in_all", input->n_columns);
      if (input->columns != NULL)
        add_columns (json, "columns", input->columns, input->n_columns);
      shs_json_writer_end_object (json);
    }
  shs_json_writer_end_array (json);
  shs_json_writer_end_object (json);
}

static void
add_explanation (ShsJsonWriter *json, ShsExplanation *explanation, const char *path)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);

  shs_json_writer_begin_object (json);
  add_string (json, "file", path);
  add_string (json, "kind", "explanation");
  add_size (json, "rows", shs_explanation_get_n_rows (explanation));
  add_size (json, "features", shs_explanation_get_n_features (explanation));
  add_size (json, "outputs", shs_explanation_get_n_outputs (explanation));
  add_string (json, "method", parts->provenance.method);
  add_string (json, "kernel", parts->provenance.kernel);
  add_string (json, "background", parts->provenance.background);
  add_string (json, "space", parts->provenance.space);
  shs_json_writer_key (json, "largest_residual");
  shs_json_writer_double (json, shs_cli_find_largest_residual (explanation));
  add_string (json, "model", parts->provenance.model_name);
  add_string (json, "data", parts->provenance.data_name);
  shs_json_writer_end_object (json);
}

/* Tells of one file; what it is goes into @all when that place is free. */
static gboolean
tell_file (const char *path, ShsJsonWriter *json, ShsOpened *all, GError **error)
{
  const char *paths[] = { path, NULL };
  g_auto (ShsOpened) opened = { 0 };

  if (!shs_open_files (paths, 0, NULL, &opened, error))
    return FALSE;
  if (opened.model != NULL && json == NULL)
    print_model (opened.model, path);
  else if (opened.model != NULL)
    add_model (json, opened.model, path);
  if (opened.dataset != NULL && json == NULL)
    print_dataset (opened.dataset, path);
  else if (opened.dataset != NULL)
    add_dataset (json, opened.dataset, path);
  if (opened.explanation != NULL && json == NULL)
    print_explanation (opened.explanation, path);
  else if (opened.explanation != NULL)
    add_explanation (json, opened.explanation, path);
  if (all->model == NULL)
    all->model = g_steal_pointer (&opened.model);
  if (all->dataset == NULL)
    all->dataset = g_steal_pointer (&opened.dataset);
  return TRUE;
}

static gboolean
tell_match (const ShsOpened *all, ShsJsonWriter *json, GError **error)
{
  g_autofree char *target = NULL;
  g_autoptr (ShsColumnMatch) match = NULL;

  if (all->model == NULL || all->dataset == NULL)
    return TRUE;
  target = shs_open_guess_target (all->model, all->dataset);
  match = shs_column_match_new (all->model, all->dataset, target, error);
  if (match == NULL)
    return FALSE;
  if (json == NULL)
    {
      print_match (all, match, target);
      return TRUE;
    }
  shs_json_writer_begin_object (json);
  add_string (json, "kind", "match");
  add_string (json, "target", target);
  shs_json_writer_key (json, "columns");
  shs_json_writer_begin_array (json);
  for (gsize j = 0; j < shs_model_get_parts (all->model)->n_features; j++)
    shs_json_writer_integer (json, (gint64)shs_column_match_get_column (match, j));
  shs_json_writer_end_array (json);
  shs_json_writer_key (json, "notes");
  shs_json_writer_begin_array (json);
  for (const char *const *note = shs_column_match_get_notes (match); *note != NULL; note++)
    shs_json_writer_string (json, *note);
  shs_json_writer_end_array (json);
  shs_json_writer_end_object (json);
  return TRUE;
}

static ShsExit
tell_files (char **files, ShsJsonWriter *json)
{
  g_auto (ShsOpened) all = { 0 };
  ShsExit status = SHS_EXIT_DONE;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; files[i] != NULL; i++)
    {
      g_autoptr (GError) own_error = NULL;

      fflush (stdout);
      if (!tell_file (files[i], json, &all, &own_error))
        status = shs_cli_fail (own_error);
    }
  return tell_match (&all, json, &error) ? status : shs_cli_fail (error);
}

ShsExit
shs_cli_info (int argc, char **argv)
{
  static gboolean as_json;
  static gboolean cite;
  const GOptionEntry entries[]
      = { { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Print JSON: an array, one entry a file",
            NULL },
          { "cite", 0, 0, G_OPTION_ARG_NONE, &cite, "Tell what to cite", NULL },
          G_OPTION_ENTRY_NULL };
  g_auto (GStrv) files = NULL;
  g_autoptr (ShsJsonWriter) json = NULL;
  ShsExit status = shs_cli_parse (WORD, entries, argc, argv, 0, G_MAXUINT, &files);

  if (status != SHS_EXIT_DONE)
    return status;
  if (files[0] == NULL && !cite)
    return shs_cli_usage (WORD, "a file is missing");
  if (cite)
    fputs (citations, stdout);
  if (!as_json)
    return tell_files (files, NULL);
  json = shs_json_writer_new (2);
  shs_json_writer_begin_array (json);
  status = tell_files (files, json);
  shs_json_writer_end_array (json);
  puts (shs_json_writer_get_text (json));
  return status;
}
