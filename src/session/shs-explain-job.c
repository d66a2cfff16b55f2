#include "core/shs-error.h"
#include "io/shs-data-file.h"
#include "io/shs-file.h"
#include "io/shs-folder-hash.h"
#include "io/json/shs-json-writer.h"
#include "session/shs-background-choice.h"
#include "session/shs-session-private.h"

#include <string.h>

/* Which rows a name stood for can be read later too. */
static void
write_cohorts (ShsJsonWriter *json, GPtrArray *cohorts)
{
  if (cohorts == NULL)
    return;
  shs_json_writer_key (json, "cohorts");
  shs_json_writer_begin_object (json);
  for (guint i = 0; i < cohorts->len; i++)
    {
      const ShsCohort *cohort = cohorts->pdata[i];

      shs_json_writer_key (json, cohort->name);
      shs_json_writer_string (json, cohort->rule);
    }
  shs_json_writer_end_object (json);
}

static char *
describe_options (const ShsView *view, const ShsExplainOptions *options)
{
  g_autoptr (ShsJsonWriter) json = shs_json_writer_new (0);

  shs_json_writer_begin_object (json);
  shs_json_writer_key (json, "explainer");
  shs_json_writer_string (json, view->explainer);
  shs_json_writer_key (json, "background");
  shs_json_writer_string (json, view->background);
  write_cohorts (json, view->cohorts);
  shs_json_writer_key (json, "space");
  shs_json_writer_string (json, view->space);
  shs_json_writer_key (json, "interactions");
  shs_json_writer_string (json, view->interactions);
  shs_json_writer_key (json, "precision");
  shs_json_writer_string (json, options->precision == SHS_PRECISION_DOUBLE ? "double" : "single");
  shs_json_writer_key (json, "rows");
  shs_json_writer_string (json, view->rows);
  shs_json_writer_key (json, "target");
  shs_json_writer_string (json, view->target);
  shs_json_writer_key (json, "trees");
  shs_json_writer_string (json, view->trees);
  shs_json_writer_end_object (json);
  return shs_json_writer_take_text (json);
}

/* (transfer full): as shs_background_choice_open() takes it. */
static char *
describe_background (const ShsView *view)
{
  const ShsCohort *cohort = view->background_kind == SHS_BACKGROUND_COHORT
                                ? shs_cohorts_find (view->cohorts, view->background)
                                : NULL;

  return cohort != NULL ? shs_cohort_describe (cohort) : g_strdup (view->background);
}

/* (transfer full): the choices that decide what an explanation says. */
static char *
describe_choices (const ShsView *view)
{
  g_autofree char *background = describe_background (view);

  return g_strjoin ("\n", view->explainer, background, view->space, view->interactions,
                    view->target, view->trees, view->rows, NULL);
}

gboolean
shs_session_is_outdated (ShsSession *self)
{
  g_autofree char *choices = describe_choices (self->view);

  return self->match != NULL && self->opened.explanation != NULL && self->explained_choices != NULL
         && !g_str_equal (choices, self->explained_choices);
}

static gboolean
check_what_is_open (ShsSession *self, GError **error)
{
  if (self->match != NULL)
    return TRUE;
  if (self->match_error != NULL)
    g_propagate_error (error, g_error_copy (self->match_error));
  else if (self->opened.model == NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "There is no model open; open a model file");
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "There are no data open; open a data file");
  return FALSE;
}

ShsExplainJob *
shs_session_make_job (ShsSession *self, const ShsExplainOptions *options, GError **error)
{
  g_autoptr (ShsExplainJob) job = g_new0 (ShsExplainJob, 1);
  gsize n_all;

  if (!check_what_is_open (self, error))
    return NULL;
  n_all = shs_dataset_get_n_rows (self->opened.dataset);
  job->options = *options;
  job->options.space = (ShsSpace)MAX (0, shs_space_parse (self->view->space));
  job->options.interactions = self->view->interactions[0] != '\0';
  job->options.n_pairs = g_ascii_strtoull (self->view->interactions, NULL, 10);
  job->options.explainer = (ShsExplainer)MAX (0, shs_explainer_parse (self->view->explainer));
  if (!shs_range_parse (self->view->rows, n_all, &job->options.first_row, &job->options.n_rows,
                        error))
    return NULL;
  job->match = shs_column_match_ref (self->match);
  job->options.target_may_fail = self->opened.target_is_guessed;
  job->background = describe_background (self->view);
  job->background_kind = self->view->background_kind;
  job->choices = describe_choices (self->view);
  if (self->opened.model_file != NULL)
    job->model_file = shs_file_ref (self->opened.model_file);
  else
    job->model_folder = g_strdup (self->opened.model_path);
  if (self->opened.data_file != NULL)
    job->data_file = shs_file_ref (self->opened.data_file);
  job->files.model_name = g_strdup (shs_model_get_name (self->opened.model));
  job->files.data_name = g_strdup (shs_dataset_get_name (self->opened.dataset));
  job->files.model_hash = g_strdup (self->model_hash);
  job->files.data_hash = g_strdup (self->data_hash);
  job->files.options = describe_options (self->view, &job->options);
  return g_steal_pointer (&job);
}

void
shs_explain_job_free (ShsExplainJob *job)
{
  if (job == NULL)
    return;
  g_clear_pointer (&job->match, shs_column_match_unref);
  g_clear_pointer (&job->options.background, shs_background_unref);
  g_free (job->background);
  g_free (job->choices);
  shs_file_unref (job->model_file);
  g_free (job->model_folder);
  shs_file_unref (job->data_file);
  g_free (job->files.model_name);
  g_free (job->files.model_hash);
  g_free (job->files.data_name);
  g_free (job->files.data_hash);
  g_free (job->files.background_name);
  g_free (job->files.background_hash);
  g_free (job->files.options);
  g_free (job);
}

/* Hashes the file that was read unless that was done before; one that cannot be read any more
 * leaves no hash. */
static gboolean
hash_once (char **hash, const ShsFile *file, ShsProgress *progress, GError **error)
{
  if (*hash == NULL && file != NULL)
    *hash = shs_file_hash (file, progress, NULL);
  return shs_progress_check (progress, error);
}

/* The same of a model that is a folder. */
static gboolean
hash_folder_once (char **hash, const char *folder, ShsProgress *progress, GError **error)
{
  if (*hash == NULL && folder != NULL && g_file_test (folder, G_FILE_TEST_IS_DIR))
    *hash = shs_folder_hash (folder, progress, NULL);
  return shs_progress_check (progress, error);
}

/* A background of another file is told of as the data are. */
static gboolean
note_background_file (ShsExplainJob *job, ShsProgress *progress, GError **error)
{
  g_autofree char *part = NULL;
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autoptr (ShsFile) file = NULL;

  if (job->background_kind != SHS_BACKGROUND_FILE)
    return TRUE;
  path = shs_data_file_split (job->background, &part);
  file = shs_file_open (path, error);
  if (file == NULL)
    return FALSE;
  name = g_path_get_basename (path);
  /* With the part that stands behind the file. */
  job->files.background_name = g_strdup (job->background + strlen (path) - strlen (name));
  return hash_once (&job->files.background_hash, file, progress, error);
}

/* The rows to compare with, unless the model itself is the background. */
static gboolean
open_background (ShsExplainJob *job, ShsProgress *progress, GError **error)
{
  if (job->background_kind == SHS_BACKGROUND_NONE)
    return TRUE;
  if (!note_background_file (job, progress, error))
    return FALSE;
  job->options.background
      = shs_background_choice_open (job->background_kind, job->background, job->match,
                                    job->options.seed, job->options.n_threads, progress, error);
  return job->options.background != NULL;
}

ShsExplanation *
shs_explain_job_run (ShsExplainJob *job, ShsProgress *progress, GError **error)
{
  ShsExplanation *explanation;

  if (!hash_folder_once (&job->files.model_hash, job->model_folder, progress, error)
      || !hash_once (&job->files.model_hash, job->model_file, progress, error)
      || !hash_once (&job->files.data_hash, job->data_file, progress, error)
      || !open_background (job, progress, error))
    return NULL;
  explanation = shs_explain (job->match, &job->options, &job->files, progress, error);
  if (explanation != NULL)
    shs_open_summarise (explanation);
  return explanation;
}

void
shs_session_keep_facts (ShsSession *self, const ShsExplainJob *job)
{
  g_free (self->explained_choices);
  self->explained_choices = g_strdup (job->choices);
  g_free (self->model_hash);
  g_free (self->data_hash);
  self->model_hash = g_strdup (job->files.model_hash);
  self->data_hash = g_strdup (job->files.data_hash);
}
