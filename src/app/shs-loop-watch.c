#include "app/shs-loop-watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define INTERVAL_MS 5

/** Times: of the main thread, in microseconds: on a processor, and ready but without one. */
typedef struct
{
  gint64 working, waiting;
} Times;

/**
 * Watch:
 * @call, @times: when the timer was called last, and the thread's times by then
 * @start, @first: the same when the watch began
 * @longest: between two calls, without the waiting; @hardest: work between two calls
 */
typedef struct
{
  guint timer;
  int schedule;
  gint64 start, call;
  Times first, times;
  gint64 longest, hardest;
  gboolean is_over;
} Watch;

static Watch watch = { .schedule = -1 };

/* Linux counts for each thread how long it was ready but other threads had the processors: that is
   no fault of the main loop. */
static Times
read_times (void)
{
  char text[128];
  gssize length = watch.schedule >= 0 ? pread (watch.schedule, text, sizeof text - 1, 0) : -1;
  guint64 working, waiting;

  if (length <= 0)
    return (Times){ 0 };
  text[length] = '\0';
  if (sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &working, &waiting) != 2)
    return (Times){ 0 };
  return (Times){ (gint64)(working / 1000), (gint64)(waiting / 1000) };
}

static gboolean
tick (gpointer unused)
{
  gint64 now = g_get_monotonic_time ();
  Times times = read_times ();

  watch.longest = MAX (watch.longest, now - watch.call - (times.waiting - watch.times.waiting));
  watch.hardest = MAX (watch.hardest, times.working - watch.times.working);
  watch.call = now;
  watch.times = times;
  return G_SOURCE_CONTINUE;
}

static void
explain_changed (ShsSession *session)
{
  if (watch.timer != 0 || watch.is_over || !shs_session_is_explaining (session))
    return;
  watch.schedule = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  watch.start = watch.call = g_get_monotonic_time ();
  watch.first = watch.times = read_times ();
  watch.timer = g_timeout_add_full (G_PRIORITY_HIGH, INTERVAL_MS, tick, NULL, NULL);
}

void
shs_loop_watch_session (ShsSession *session)
{
  if (g_getenv ("SHAPSCOPE_WATCH_LOOP") != NULL)
    g_signal_connect (session, "notify::explain-status", G_CALLBACK (explain_changed), NULL);
}

void
shs_loop_watch_stop (void)
{
  if (watch.timer == 0)
    return;
  tick (NULL);
  watch.is_over = TRUE;
  g_source_remove (watch.timer);
  watch.timer = 0;
}

void
shs_loop_watch_report (void)
{
  shs_loop_watch_stop ();
  if (watch.is_over)
    g_print (
        "longest block of the main loop: %.1f ms (work %.1f ms, waited for a processor %.1f %% "
        "of the time)\n",
        (double)watch.longest / 1000, (double)watch.hardest / 1000,
        100.0 * (double)(watch.times.waiting - watch.first.waiting)
            / (double)MAX (watch.call - watch.start, 1));
}
