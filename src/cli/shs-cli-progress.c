/* Progress on a terminal, and Ctrl+C as cancel. */

#include "cli/shs-cli.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define REDRAW_US (G_USEC_PER_SEC / 5)
#define QUIET_US (G_USEC_PER_SEC / 2) /* short work shows nothing */

static ShsProgress *current; /* set before the handler is installed, never freed after */
static GThread *display;
static gint is_over;
static const char *activity;

static void
cancel_current (int signal_number)
{
  shs_progress_cancel (current);
  signal (signal_number, SIG_DFL); /* the second one ends the program at once */
}

static void
draw (double fraction, double seconds)
{
  double left = fraction > 0 ? seconds / fraction * (1 - fraction) : 0;

  fprintf (stderr, "\r%s %3.0f %%", activity, fraction * 100);
  if (fraction > 0.02)
    fprintf (stderr, "  %.0f s left ", left);
  fprintf (stderr, "\033[K");
}

static gpointer
show (gpointer unused)
{
  gint64 start = g_get_monotonic_time ();
  gboolean is_shown = FALSE;

  while (!g_atomic_int_get (&is_over))
    {
      gint64 now = g_get_monotonic_time ();

      if (now - start > QUIET_US)
        {
          draw (shs_progress_get_fraction (current), (now - start) / (double)G_USEC_PER_SEC);
          is_shown = TRUE;
        }
      g_usleep (REDRAW_US / 4);
    }
  if (is_shown)
    fprintf (stderr, "\r\033[K");
  return NULL;
}

ShsProgress *
shs_cli_progress_begin (const char *what)
{
  struct sigaction action = { .sa_handler = cancel_current };

  shs_cli_progress_end ();
  if (current == NULL)
    current = shs_progress_new ();
  shs_progress_start (current, 0);
  activity = what;
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  if (isatty (STDERR_FILENO))
    {
      g_atomic_int_set (&is_over, 0);
      display = g_thread_new ("progress", show, NULL);
    }
  return current;
}

void
shs_cli_progress_end (void)
{
  g_atomic_int_set (&is_over, 1);
  if (display != NULL)
    g_thread_join (g_steal_pointer (&display));
}
