/* Work on another thread: its progress, its cancel, and the way back. */

#include "core/shs-error.h"
#include "session/shs-session-private.h"

#include <math.h>

#define TICK_MS 100 /* at most ten changes of a status a second */

static const char *
get_status_word (ShsTaskKind kind)
{
  return kind == SHS_TASK_OPEN ? "loading" : "running";
}

static void
show_progress (ShsSession *self)
{
  char fraction[16];

  g_ascii_formatd (fraction, sizeof fraction, "%.2f", shs_progress_get_fraction (self->progress));
  if (self->task == SHS_TASK_OPEN || self->task == SHS_TASK_TRAIN)
    shs_session_set_status (self, "%s %s", self->task == SHS_TASK_OPEN ? "loading" : "training",
                            fraction);
  else
    shs_session_set_explain_status (self, "%s %s", get_status_word (self->task), fraction);
}

static gboolean
tick (gpointer data)
{
  show_progress (data);
  return G_SOURCE_CONTINUE;
}

static void
begin_task (ShsSession *self, ShsTaskKind kind)
{
  shs_session_cancel (self);
  g_clear_pointer (&self->progress, shs_progress_unref);
  self->progress = shs_progress_new ();
  self->task = kind;
  self->task_start = g_get_monotonic_time ();
  self->task_rows = 0;
  if (self->ticker == 0)
    self->ticker = g_timeout_add (TICK_MS, tick, self);
  show_progress (self);
}

/* Whether @task is still the one the session waits for; a later one may have taken its place. */
static gboolean
end_task (ShsSession *self, GTask *task, ShsProgress *progress)
{
  if (self->progress != progress)
    return FALSE;
  self->task = SHS_TASK_NONE;
  g_clear_handle_id (&self->ticker, g_source_remove);
  return TRUE;
}

static const char *
get_resting_status (ShsSession *self)
{
  gboolean is_empty = self->opened.model == NULL && self->opened.dataset == NULL
                      && self->opened.explanation == NULL;

  return is_empty ? "empty" : "ready";
}

void
shs_session_cancel (ShsSession *self)
{
  if (self->task != SHS_TASK_NONE)
    shs_progress_cancel (self->progress);
}

gboolean
shs_session_is_explaining (ShsSession *self)
{
  return self->task == SHS_TASK_EXPLAIN;
}

ShsProgress *
shs_session_get_progress (ShsSession *self)
{
  return self->task != SHS_TASK_NONE ? self->progress : NULL;
}

double
shs_session_get_rate (ShsSession *self)
{
  double seconds = (g_get_monotonic_time () - self->task_start) / (double)G_USEC_PER_SEC;

  if (self->task != SHS_TASK_EXPLAIN || seconds <= 0)
    return 0;
  return shs_progress_get_fraction (self->progress) * self->task_rows / seconds;
}

double
shs_session_get_seconds_left (ShsSession *self)
{
  double fraction = shs_progress_get_fraction (self->progress);
  double seconds = (g_get_monotonic_time () - self->task_start) / (double)G_USEC_PER_SEC;

  if (self->task == SHS_TASK_NONE || fraction <= 0)
    return NAN;
  return seconds / fraction * (1 - fraction);
}

/* Opening */

typedef struct
{
  char **paths;
  char *target;
  ShsProgress *progress;
  ShsOpened opened;
} OpenJob;

static void
open_job_free (gpointer data)
{
  OpenJob *job = data;

  g_strfreev (job->paths);
  g_free (job->target);
  shs_progress_unref (job->progress);
  shs_opened_clear (&job->opened);
  g_free (job);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  OpenJob *job = data;
  GError *error = NULL;

  if (shs_open_files ((const char *const *)job->paths, 0, job->progress, &job->opened, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
finish_open (GObject *source, GAsyncResult *result, gpointer data)
{
  ShsSession *self = SHS_SESSION (source);
  OpenJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean is_open = g_task_propagate_boolean (G_TASK (result), &error);

  if (!end_task (self, G_TASK (result), job->progress))
    return;
  if (is_open)
    {
      shs_session_take_opened (self, &job->opened, job->target);
      if (self->match_error != NULL)
        shs_session_report (self, self->match_error);
      return;
    }
  if (g_error_matches (error, SHS_ERROR, SHS_ERROR_CANCELLED))
    {
      shs_session_set_status (self, "%s", get_resting_status (self));
      return;
    }
  shs_session_set_status (self, "failed: %s", error->message);
  shs_session_report (self, error);
}

static void
start_open (ShsSession *self, char **paths, const char *target)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, finish_open, NULL);
  OpenJob *job = g_new0 (OpenJob, 1);

  begin_task (self, SHS_TASK_OPEN);
  job->paths = paths;
  job->target = g_strdup (target);
  job->progress = shs_progress_ref (self->progress);
  g_task_set_task_data (task, job, open_job_free);
  g_task_run_in_thread (task, open_in_thread);
}

void
shs_session_open_async (ShsSession *self, const char *const *paths)
{
  start_open (self, g_strdupv ((char **)paths), NULL);
}

gboolean
shs_session_open_example_async (ShsSession *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) examples = shs_examples_list ();
  const ShsExample *example = shs_examples_find (examples, name, error);

  if (example == NULL)
    return FALSE;
  const char *paths[] = { example->model_path, example->data_path, NULL };
  start_open (self, g_strdupv ((char **)paths), example->target);
  return TRUE;
}

/* Explaining */

static void
explain_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  ShsExplanation *explanation = shs_explain_job_run (data, &error);

  if (explanation != NULL)
    g_task_return_pointer (task, explanation, (GDestroyNotify)shs_explanation_unref);
  else
    g_task_return_error (task, error);
}

static void
finish_explain (GObject *source, GAsyncResult *result, gpointer data)
{
  ShsSession *self = SHS_SESSION (source);
  ShsExplainJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = g_task_propagate_pointer (G_TASK (result), &error);

  if (!end_task (self, G_TASK (result), job->progress))
    return;
  if (explanation != NULL)
    {
      g_clear_pointer (&self->opened.explanation_path, g_free);
      shs_session_take_explanation (self, g_steal_pointer (&explanation));
      shs_session_set_explain_status (self, "done");
      return;
    }
  if (g_error_matches (error, SHS_ERROR, SHS_ERROR_CANCELLED))
    {
      shs_session_set_explain_status (self, "cancelled");
      return;
    }
  shs_session_set_explain_status (self, "failed: %s", error->message);
  shs_session_report (self, error);
}

void
shs_session_explain_async (ShsSession *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, finish_explain, NULL);
  g_autoptr (ShsProgress) progress = NULL;
  g_autoptr (GError) error = NULL;
  ShsExplainOptions options = { .precision = SHS_PRECISION_SINGLE };
  ShsExplainJob *job;

  if (self->task == SHS_TASK_EXPLAIN)
    return;
  job = shs_session_make_job (self, &options, NULL, &error);
  if (job == NULL)
    {
      shs_session_set_explain_status (self, "failed: %s", error->message);
      shs_session_report (self, error);
      return;
    }
  begin_task (self, SHS_TASK_EXPLAIN);
  self->task_rows = job->options.n_rows;
  job->progress = shs_progress_ref (self->progress);
  g_task_set_task_data (task, job, (GDestroyNotify)shs_explain_job_free);
  g_task_run_in_thread (task, explain_in_thread);
}

/* Training */

typedef struct
{
  ShsDataset *dataset;
  ShsQuickModelOptions options;
  char *target;
  char *path;
  ShsProgress *progress;
} TrainJob;

static void
train_job_free (gpointer data)
{
  TrainJob *job = data;

  shs_dataset_unref (job->dataset);
  g_free (job->target);
  g_free (job->path);
  shs_progress_unref (job->progress);
  g_free (job);
}

static void
train_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  TrainJob *job = data;
  GError *error = NULL;
  ShsModel *model = shs_quick_model_train (job->dataset, &job->options, job->path, NULL, NULL,
                                           job->progress, &error);

  if (model != NULL)
    g_task_return_pointer (task, model, (GDestroyNotify)shs_model_unref);
  else
    g_task_return_error (task, error);
}

static void
finish_train (GObject *source, GAsyncResult *result, gpointer data)
{
  ShsSession *self = SHS_SESSION (source);
  TrainJob *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_auto (ShsOpened) opened = { .model = g_task_propagate_pointer (G_TASK (result), &error) };

  if (!end_task (self, G_TASK (result), job->progress))
    return;
  if (opened.model != NULL)
    {
      opened.model_path = g_strdup (job->path);
      shs_session_take_opened (self, &opened, job->target);
      return;
    }
  shs_session_set_status (self, "%s", get_resting_status (self));
  if (!g_error_matches (error, SHS_ERROR, SHS_ERROR_CANCELLED))
    shs_session_report (self, error);
}

void
shs_session_train_async (ShsSession *self, const ShsQuickModelOptions *options, const char *path)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, finish_train, NULL);
  TrainJob *job = g_new0 (TrainJob, 1);

  g_return_if_fail (self->opened.dataset != NULL);
  begin_task (self, SHS_TASK_TRAIN);
  job->dataset = shs_dataset_ref (self->opened.dataset);
  job->options = *options;
  job->target = g_strdup (options->target);
  job->options.target = job->target;
  job->path = g_strdup (path);
  job->progress = shs_progress_ref (self->progress);
  g_task_set_task_data (task, job, train_job_free);
  g_task_run_in_thread (task, train_in_thread);
}
