#include "app/shs-loop-watch.h"

#define INTERVAL_MS 5

static gint64 last_call;
static gint64 longest;
static guint timer;

static gboolean
tick (gpointer unused)
{
  gint64 now = g_get_monotonic_time ();

  longest = MAX (longest, now - last_call);
  last_call = now;
  return G_SOURCE_CONTINUE;
}

static void
explain_changed (ShsSession *session)
{
  if (timer != 0 || !shs_session_is_explaining (session))
    return;
  last_call = g_get_monotonic_time ();
  timer = g_timeout_add_full (G_PRIORITY_HIGH, INTERVAL_MS, tick, NULL, NULL);
}

void
shs_loop_watch_session (ShsSession *session)
{
  if (g_getenv ("SHAPSCOPE_WATCH_LOOP") != NULL)
    g_signal_connect (session, "notify::explain-status", G_CALLBACK (explain_changed), NULL);
}

void
shs_loop_watch_report (void)
{
  if (timer != 0)
    g_print ("longest block of the main loop: %.1f ms\n", (double)longest / 1000);
}
