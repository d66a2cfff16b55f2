/* Work on another thread: one mechanism for every sort of it. */

#include "core/shs-error.h"
#include "core/shs-pool.h"
#include "session/shs-session-private.h"

#include <math.h>

#define TICK_MS 100 /* at most ten changes of a status a second */

/* One run of a task; it outlives the session's interest in it. */
typedef struct
{
  const ShsTaskKind *kind;
  gpointer job;
  ShsProgress *progress;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  run->kind->free_job (run->job);
  shs_progress_unref (run->progress);
  g_free (run);
}

static char *
describe_progress (ShsSession *self, const char *word)
{
  char fraction[16];

  g_ascii_formatd (fraction, sizeof fraction, "%.2f", shs_progress_get_fraction (self->progress));
  return g_strconcat (word, " ", fraction, NULL);
}

static char *
describe_status (ShsSession *self)
{
  if (self->task != NULL && !self->task->explains)
    return describe_progress (self, "loading");
  if (self->failure != NULL)
    return g_strconcat ("failed: ", self->failure, NULL);
  if (self->n_exports > 0)
    return g_strdup ("exporting");
  if (self->opened.model == NULL && self->opened.dataset == NULL
      && self->opened.explanation == NULL)
    return g_strdup ("empty");
  return g_strdup ("ready");
}

void
shs_session_refresh (ShsSession *self)
{
  gboolean is_explaining = shs_session_is_explaining (self);

  shs_session_notify_status (self, FALSE, describe_status (self));
  shs_session_notify_status (self, TRUE,
                             is_explaining ? describe_progress (self, "running")
                                           : g_strdup (self->explain_rest));
}

void
shs_session_rest_explain (ShsSession *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_free (self->explain_rest);
  self->explain_rest = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  shs_session_refresh (self);
}

static gboolean
tick (gpointer data)
{
  shs_session_refresh (data);
  return G_SOURCE_CONTINUE;
}

/* Nobody waits for the task any more: it ended, or another takes its place. */
static void
let_go (ShsSession *self)
{
  if (self->task != NULL && self->task->explains)
    {
      g_free (self->explain_rest);
      self->explain_rest = g_strdup ("cancelled");
    }
  self->task = NULL;
  self->task_job = NULL;
  g_clear_pointer (&self->progress, shs_progress_unref);
  g_clear_handle_id (&self->ticker, g_source_remove);
}

static void
tell_failure (ShsSession *self, const ShsTaskKind *kind, const GError *error)
{
  gboolean is_cancelled = g_error_matches (error, SHS_ERROR, SHS_ERROR_CANCELLED);

  if (is_cancelled)
    {
      shs_session_refresh (self);
      return;
    }
  if (kind->explains)
    shs_session_rest_explain (self, "failed: %s", error->message);
  else
    {
      g_free (self->failure);
      self->failure = g_strdup (error->message);
      shs_session_refresh (self);
    }
  shs_session_report (self, error);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Run *run = data;
  GError *error = NULL;
  gpointer result;

  shs_pool_step_back ();
  result = run->kind->run (run->job, run->progress, &error);
  if (result != NULL)
    g_task_return_pointer (task, result, run->kind->free_result);
  else
    g_task_return_error (task, error);
}

static void
finish_run (GObject *source, GAsyncResult *async_result, gpointer data)
{
  ShsSession *self = SHS_SESSION (source);
  Run *run = g_task_get_task_data (G_TASK (async_result));
  g_autoptr (GError) error = NULL;
  gpointer result = g_task_propagate_pointer (G_TASK (async_result), &error);

  if (self->progress != run->progress)
    {
      if (result != NULL)
        run->kind->free_result (result);
      return;
    }
  let_go (self);
  if (result == NULL)
    tell_failure (self, run->kind, error);
  else
    run->kind->finish (self, run->job, result);
}

void
shs_session_start (ShsSession *self, const ShsTaskKind *kind, gpointer job)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, finish_run, NULL);
  Run *run = g_new0 (Run, 1);

  shs_progress_cancel (self->progress); /* files go on being written */
  let_go (self);
  run->kind = kind;
  run->job = job;
  run->progress = shs_progress_new ();
  self->task = kind;
  self->task_job = job;
  self->progress = shs_progress_ref (run->progress);
  self->task_start = g_get_monotonic_time ();
  self->task_rows = 0;
  self->ticker = g_timeout_add (TICK_MS, tick, self);
  if (!kind->explains)
    g_clear_pointer (&self->failure, g_free);
  shs_session_refresh (self);
  g_task_set_task_data (task, run, run_free);
  g_task_run_in_thread (task, run_in_thread);
}

void
shs_session_cancel (ShsSession *self)
{
  shs_progress_cancel (self->progress);
  shs_progress_cancel (self->exporting);
}

gboolean
shs_session_can_cancel (ShsSession *self)
{
  return self->progress != NULL || self->exporting != NULL;
}

gboolean
shs_session_is_explaining (ShsSession *self)
{
  return self->task != NULL && self->task->explains;
}

ShsProgress *
shs_session_get_progress (ShsSession *self)
{
  return self->progress;
}

static double
get_seconds (ShsSession *self)
{
  return (g_get_monotonic_time () - self->task_start) / (double)G_USEC_PER_SEC;
}

double
shs_session_get_rate (ShsSession *self)
{
  double seconds = get_seconds (self);

  if (!shs_session_is_explaining (self) || seconds <= 0)
    return 0;
  return shs_progress_get_fraction (self->progress) * self->task_rows / seconds;
}

double
shs_session_get_seconds_left (ShsSession *self)
{
  double fraction = shs_progress_get_fraction (self->progress);

  return fraction > 0 ? get_seconds (self) / fraction * (1 - fraction) : NAN;
}
