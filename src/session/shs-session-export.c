/* Files written on another thread, beside whatever else runs. */

#include "core/shs-error.h"
#include "result/shs-explanation-file.h"
#include "session/shs-figure.h"
#include "session/shs-session-private.h"

/* @options is NULL for the values. */
typedef struct
{
  ShsExplanation *explanation;
  ShsPlotOptions *options;
  double width;
  double height;
  ShsFigureOptions figure;
  char *family;
  char *background;
  char *path;
  ShsProgress *progress;
} ExportJob;

static void
export_job_free (gpointer data)
{
  ExportJob *job = data;

  g_clear_pointer (&job->explanation, shs_explanation_unref);
  g_clear_pointer (&job->options, shs_plot_options_free);
  g_free (job->family);
  g_free (job->background);
  g_free (job->path);
  shs_progress_unref (job->progress);
  g_free (job);
}

static void
export_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  ExportJob *job = data;
  GError *error = NULL;
  gboolean is_written;

  if (job->options != NULL)
    is_written = shs_figure_export (job->explanation, job->options, job->width, job->height,
                                    &job->figure, job->path, &error);
  else
    is_written = shs_explanation_save (job->explanation, job->path, job->progress, &error);
  if (is_written)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The session's own part, before the caller hears of it. */
static void
count_down (GObject *source, GAsyncResult *result, gpointer data)
{
  ShsSession *self = SHS_SESSION (source);
  g_autoptr (GTask) outer = data;
  GError *error = NULL;

  self->n_exports--;
  if (self->n_exports == 0)
    g_clear_pointer (&self->exporting, shs_progress_unref);
  shs_session_refresh (self);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (outer, TRUE);
  else
    g_task_return_error (outer, error);
}

static void
start_export (ShsSession *self, ExportJob *job, const char *path, GAsyncReadyCallback callback,
              gpointer data)
{
  GTask *outer = g_task_new (self, NULL, callback, data);
  g_autoptr (GTask) task = NULL;

  if (self->opened.explanation == NULL)
    {
      g_task_return_new_error (outer, SHS_ERROR, SHS_ERROR_CHOICE,
                               "There is no explanation yet; explain the model first");
      g_object_unref (outer);
      export_job_free (job);
      return;
    }
  job->explanation = shs_explanation_ref (self->opened.explanation);
  job->path = g_strdup (path);
  if (self->exporting == NULL)
    self->exporting = shs_progress_new ();
  job->progress = shs_progress_ref (self->exporting);
  self->n_exports++;
  shs_session_refresh (self);
  task = g_task_new (self, NULL, count_down, outer);
  g_task_set_task_data (task, job, export_job_free);
  g_task_run_in_thread (task, export_in_thread);
}

void
shs_session_save_async (ShsSession *self, const char *path, GAsyncReadyCallback callback,
                        gpointer data)
{
  start_export (self, g_new0 (ExportJob, 1), path, callback, data);
}

void
shs_session_export_async (ShsSession *self, const ShsPlotOptions *options, double width,
                          double height, const ShsFigureOptions *figure, const char *path,
                          GAsyncReadyCallback callback, gpointer data)
{
  ExportJob *job = g_new0 (ExportJob, 1);

  job->options = shs_plot_options_copy (options);
  job->width = width;
  job->height = height;
  job->figure = *figure;
  job->figure.family = job->family = g_strdup (figure->family);
  job->figure.background = job->background = g_strdup (figure->background);
  job->figure.metadata = NULL; /* shs_figure_export() makes it */
  start_export (self, job, path, callback, data);
}

gboolean
shs_session_export_finish (ShsSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
