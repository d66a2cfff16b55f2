#include "app/shs-loop-watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define INTERVAL_MS 5

/**
 * Watch: @call, @waiting: when the timer was called last, and how long the thread had waited for a
 * processor by then (microseconds)
 */
typedef struct
{
  guint timer;
  int schedule;
  gint64 call;
  gint64 waiting;
  gint64 longest;
  gboolean is_over;
} Watch;

static Watch watch = { .schedule = -1 };

/* Linux counts for each thread how long it was ready but other threads had the processors: that is
   no fault of the main loop. */
static gint64
read_waiting (void)
{
  char text[128];
  gssize length = watch.schedule >= 0 ? pread (watch.schedule, text, sizeof text - 1, 0) : -1;
  guint64 running, waiting;

  if (length <= 0)
    return 0;
  text[length] = '\0';
  return sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &running, &waiting) == 2
             ? (gint64)(waiting / 1000)
             : 0;
}

static gboolean
tick (gpointer unused)
{
  gint64 now = g_get_monotonic_time (), waiting = read_waiting ();

  watch.longest = MAX (watch.longest, now - watch.call - (waiting - watch.waiting));
  watch.call = now;
  watch.waiting = waiting;
  return G_SOURCE_CONTINUE;
}

static void
explain_changed (ShsSession *session)
{
  if (watch.timer != 0 || watch.is_over || !shs_session_is_explaining (session))
    return;
  watch.schedule = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  watch.call = g_get_monotonic_time ();
  watch.waiting = read_waiting ();
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
    g_print ("longest block of the main loop: %.1f ms\n", (double)watch.longest / 1000);
}
