/* The sorts of work: opening, explaining, training. */

#include "core/shs-error.h"
#include "session/shs-session-private.h"

/* Opening */

typedef struct
{
  char **paths;
  char *target;
  ShsOpened before;
} OpenJob;

static void
open_job_free (gpointer data)
{
  OpenJob *job = data;

  g_strfreev (job->paths);
  g_free (job->target);
  shs_opened_clear (&job->before);
  g_free (job);
}

static void
opened_free (gpointer opened)
{
  shs_opened_clear (opened);
  g_free (opened);
}

static gpointer
open_run (gpointer data, ShsProgress *progress, GError **error)
{
  OpenJob *job = data;
  g_auto (ShsOpened) opened = { .takes_first_part = TRUE };
  ShsOpened *result;

  if (!shs_open_files ((const char *const *)job->paths, 0, progress, &opened, error))
    return NULL;
  shs_open_complete (&opened, &job->before, job->target);
  if (!shs_progress_check (progress, error))
    return NULL;
  result = g_memdup2 (&opened, sizeof opened);
  opened = (ShsOpened){ 0 };
  return result;
}

static void
open_finish (ShsSession *self, gpointer job, gpointer result)
{
  shs_session_take_opened (self, result);
  opened_free (result);
  if (self->match_error != NULL)
    shs_session_report (self, self->match_error);
}

static const ShsTaskKind open_kind = { FALSE, open_run, open_finish, open_job_free, opened_free };

static void
start_open (ShsSession *self, const char *const *paths, const char *target)
{
  OpenJob *job = g_new0 (OpenJob, 1);

  job->paths = g_strdupv ((char **)paths);
  job->target = g_strdup (target);
  job->before = shs_opened_copy_references (&self->opened);
  shs_session_start (self, &open_kind, job);
}

void
shs_session_open_async (ShsSession *self, const char *const *paths)
{
  start_open (self, paths, NULL);
}

gboolean
shs_session_set_table (ShsSession *self, const char *name, GError **error)
{
  const char *const *parts = (const char *const *)self->opened.parts;
  g_autofree char *path = NULL;

  if (parts == NULL || !g_strv_contains (parts, name))
    {
      g_autofree char *list = parts != NULL ? g_strjoinv (", ", self->opened.parts) : NULL;

      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   parts != NULL ? "There is no table \"%s\"; there is: %s"
                                 : "The data have no table \"%s\" to choose%s; open a database or "
                                   "a workbook with several",
                   name, parts != NULL ? list : "");
      return FALSE;
    }
  path = g_strconcat (shs_file_get_path (self->opened.data_file), "#", name, NULL);
  if (g_strcmp0 (name, self->opened.part) != 0)
    shs_session_open_async (self, (const char *const[]){ path, NULL });
  return TRUE;
}

const char *const *
shs_session_list_tables (ShsSession *self)
{
  return (const char *const *)self->opened.parts;
}

const char *
shs_session_get_table (ShsSession *self)
{
  return self->opened.part;
}

gboolean
shs_session_open_example_async (ShsSession *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) examples = shs_examples_list ();
  const ShsExample *example = shs_examples_find (examples, name, error);

  if (example == NULL)
    return FALSE;
  const char *paths[] = { example->model_path, example->data_path, NULL };
  start_open (self, paths, example->target);
  return TRUE;
}

/* Explaining */

static gpointer
explain_run (gpointer job, ShsProgress *progress, GError **error)
{
  return shs_explain_job_run (job, progress, error);
}

static void
explain_finish (ShsSession *self, gpointer job, gpointer result)
{
  g_clear_pointer (&self->opened.explanation_path, g_free);
  shs_session_keep_facts (self, job);
  shs_session_take_explanation (self, result);
  shs_session_rest_explain (self, "done");
}

static const ShsTaskKind explain_kind
    = { TRUE, explain_run, explain_finish, (GDestroyNotify)shs_explain_job_free,
        (GDestroyNotify)shs_explanation_unref };

void
shs_session_explain_async (ShsSession *self)
{
  g_autoptr (GError) error = NULL;
  ShsExplainOptions options = { .precision = SHS_PRECISION_SINGLE };
  ShsExplainJob *job;
  gsize n_rows;

  if (shs_session_is_explaining (self))
    return;
  job = shs_session_make_job (self, &options, &error);
  if (job == NULL)
    {
      shs_session_rest_explain (self, "failed: %s", error->message);
      shs_session_report (self, error);
      return;
    }
  n_rows = job->options.n_rows;
  shs_session_start (self, &explain_kind, job);
  self->task_rows = n_rows;
}

/* Training */

typedef struct
{
  ShsDataset *dataset;
  ShsQuickModelOptions options;
  char *target;
  char *path;
  ShsOpened before;
  GMutex lock; /* of the score, which the training thread writes */
  guint round;
  char *metric;
  double score;
} TrainJob;

static void
train_job_free (gpointer data)
{
  TrainJob *job = data;

  shs_dataset_unref (job->dataset);
  g_free (job->target);
  g_free (job->path);
  g_free (job->metric);
  g_mutex_clear (&job->lock);
  shs_opened_clear (&job->before);
  g_free (job);
}

static void
keep_score (guint round, const char *metric, double score, gpointer data)
{
  TrainJob *job = data;

  g_mutex_lock (&job->lock);
  if (g_strcmp0 (job->metric, metric) != 0)
    {
      g_free (job->metric);
      job->metric = g_strdup (metric);
    }
  job->round = round;
  job->score = score;
  g_mutex_unlock (&job->lock);
}

static gpointer
train_run (gpointer data, ShsProgress *progress, GError **error)
{
  TrainJob *job = data;
  g_auto (ShsOpened) opened = { 0 };
  ShsOpened *result;

  opened.model = shs_quick_model_train (job->dataset, &job->options, job->path, keep_score, job,
                                        progress, error);
  if (opened.model == NULL)
    return NULL;
  opened.model_path = g_strdup (job->path);
  opened.model_file = shs_file_open (job->path, NULL);
  shs_open_complete (&opened, &job->before, job->target);
  result = g_memdup2 (&opened, sizeof opened);
  opened = (ShsOpened){ 0 };
  return result;
}

static void
train_finish (ShsSession *self, gpointer data, gpointer result)
{
  TrainJob *job = data;

  open_finish (self, data, result);
  self->trained_round = job->round;
  self->trained_metric = g_steal_pointer (&job->metric);
  self->trained_score = job->score;
}

static const ShsTaskKind train_kind
    = { FALSE, train_run, train_finish, train_job_free, opened_free };

void
shs_session_train_async (ShsSession *self, const ShsQuickModelOptions *options, const char *path)
{
  TrainJob *job;

  g_return_if_fail (self->opened.dataset != NULL);
  job = g_new0 (TrainJob, 1);
  g_mutex_init (&job->lock);
  job->dataset = shs_dataset_ref (self->opened.dataset);
  job->options = *options;
  job->target = g_strdup (options->target);
  job->options.target = job->target;
  job->path = g_strdup (path);
  job->before = shs_opened_copy_references (&self->opened);
  shs_session_start (self, &train_kind, job);
}

gboolean
shs_session_get_training_score (ShsSession *self, guint *round, char **metric, double *score)
{
  TrainJob *job = self->task == &train_kind ? self->task_job : NULL;
  gboolean has_score;

  if (job == NULL)
    {
      *round = self->trained_round;
      *metric = g_strdup (self->trained_metric);
      *score = self->trained_score;
      return self->trained_metric != NULL;
    }
  g_mutex_lock (&job->lock);
  has_score = job->metric != NULL;
  if (has_score)
    {
      *round = job->round;
      *metric = g_strdup (job->metric);
      *score = job->score;
    }
  g_mutex_unlock (&job->lock);
  return has_score;
}
