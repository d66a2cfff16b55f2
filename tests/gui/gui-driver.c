#include "gui-driver.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "org.shapscope.Shapscope"
#define PATH "/org/shapscope/Shapscope"
#define WINDOW_PATH PATH "/window/1"
#define POLL_US 5000
#define START_SECONDS 30

static void
end_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

char *
gui_home (const char *name)
{
  static char *home;

  if (home == NULL)
    {
      home = shs_test_temporary ("home");
      g_mkdir_with_parents (home, 0700);
    }
  return g_build_filename (home, name, NULL);
}

/* A warning of GTK ends the program, and with it the test. */
static char **
make_environment (void)
{
  g_autofree char *home = gui_home ("");
  char **environment = g_get_environ ();

  environment = g_environ_setenv (environment, "HOME", home, TRUE);
  environment = g_environ_setenv (environment, "XDG_CONFIG_HOME", home, TRUE);
  environment = g_environ_setenv (environment, "XDG_DATA_HOME", home, TRUE);
  environment = g_environ_setenv (environment, "XDG_CACHE_HOME", home, TRUE);
  environment = g_environ_setenv (environment, "GSETTINGS_BACKEND", "memory", TRUE);
  environment = g_environ_setenv (environment, "GSK_RENDERER", "cairo", TRUE);
  environment = g_environ_setenv (environment, "GDK_BACKEND", "x11", TRUE);
  environment = g_environ_setenv (environment, "G_DEBUG", "fatal-criticals", TRUE);
  environment = g_environ_setenv (environment, "SHAPSCOPE_WATCH_LOOP", "1", TRUE);
  return environment;
}

static GVariant *
describe (GuiProgram *program, const char *action)
{
  return g_dbus_connection_call_sync (program->bus, NAME, WINDOW_PATH, "org.gtk.Actions",
                                      "Describe", g_variant_new ("(s)", action), NULL,
                                      G_DBUS_CALL_FLAGS_NO_AUTO_START, 5000, NULL, NULL);
}

GuiProgram
gui_start (const char *const *arguments)
{
  GuiProgram program = { 0 };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;
  g_auto (GStrv) environment = make_environment ();
  g_autofree char *home = gui_home ("");
  g_autoptr (GError) error = NULL;
  gint64 end = g_get_monotonic_time () + START_SECONDS * G_USEC_PER_SEC;
  g_autoptr (GVariant) description = NULL;

  g_strv_builder_add (builder, SHS_PROGRAM);
  g_strv_builder_addv (builder, (const char **)arguments);
  words = g_strv_builder_end (builder);
  program.bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  shs_test_assert_no_error (error);
  g_spawn_async_with_pipes (home, words, environment, G_SPAWN_DO_NOT_REAP_CHILD, end_with_parent,
                            NULL, &program.pid, NULL, &program.output, NULL, &error);
  shs_test_assert_no_error (error);
  while ((description = describe (&program, "status")) == NULL)
    {
      ck_assert_msg (g_get_monotonic_time () < end, "the window did not come up");
      ck_assert_msg (waitpid (program.pid, NULL, WNOHANG) == 0, "the program ended at its start");
      g_usleep (POLL_US);
    }
  return program;
}

char *
gui_stop (GuiProgram *program)
{
  GString *output = g_string_new (NULL);
  char buffer[4096];
  gssize length;
  int status;

  gui_activate (program, "app.quit", NULL);
  while ((length = read (program->output, buffer, sizeof buffer)) > 0)
    g_string_append_len (output, buffer, length);
  ck_assert_int_eq (waitpid (program->pid, &status, 0), program->pid);
  ck_assert_msg (WIFEXITED (status) && WEXITSTATUS (status) == 0, "the program ended with %d",
                 status);
  close (program->output);
  g_clear_object (&program->bus);
  return g_string_free (output, FALSE);
}

void
gui_activate (GuiProgram *program, const char *action, GVariant *parameter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  gboolean is_program = g_str_has_prefix (action, "app.");
  GVariantBuilder parameters;

  g_variant_builder_init (&parameters, G_VARIANT_TYPE ("av"));
  if (parameter != NULL)
    g_variant_builder_add (&parameters, "v", parameter);
  answer = g_dbus_connection_call_sync (
      program->bus, NAME, is_program ? PATH : WINDOW_PATH, "org.gtk.Actions", "Activate",
      g_variant_new ("(sava{sv})", is_program ? action + strlen ("app.") : action, &parameters,
                     NULL),
      NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, 10000, NULL, &error);
  shs_test_assert_no_error (error);
}

GVariant *
gui_state (GuiProgram *program, const char *action)
{
  g_autoptr (GVariant) description = describe (program, action);
  g_autoptr (GVariant) states = NULL, boxed = NULL;

  ck_assert_msg (description != NULL, "there is no action %s", action);
  g_variant_get (description, "((bg@av))", NULL, NULL, &states);
  if (g_variant_n_children (states) == 0)
    return NULL;
  boxed = g_variant_get_child_value (states, 0);
  return g_variant_get_variant (boxed);
}

gboolean
gui_is_enabled (GuiProgram *program, const char *action)
{
  g_autoptr (GVariant) description = describe (program, action);
  gboolean is_enabled;

  ck_assert_msg (description != NULL, "there is no action %s", action);
  g_variant_get (description, "((bg@av))", &is_enabled, NULL, NULL);
  return is_enabled;
}

char *
gui_text (GuiProgram *program, const char *action)
{
  g_autoptr (GVariant) state = gui_state (program, action);

  ck_assert_msg (state != NULL && g_variant_is_of_type (state, G_VARIANT_TYPE_STRING),
                 "the state of %s is no text", action);
  return g_variant_dup_string (state, NULL);
}

void
gui_wait (GuiProgram *program, const char *action, const char *prefixes, double seconds)
{
  gint64 end = g_get_monotonic_time () + (gint64)(seconds * G_USEC_PER_SEC);
  g_auto (GStrv) wanted = g_strsplit (prefixes, "|", -1);

  for (;;)
    {
      g_autofree char *text = gui_text (program, action);

      if (prefixes[0] == '\0' && text[0] == '\0')
        return;
      for (gsize i = 0; wanted[i] != NULL; i++)
        if (g_str_has_prefix (text, wanted[i]))
          return;
      ck_assert_msg (g_get_monotonic_time () < end, "%s is \"%s\" after %g s, not \"%s\"", action,
                     text, seconds, prefixes);
      g_usleep (POLL_US);
    }
}

GuiProgram
gui_start_example (const char *name)
{
  const char *arguments[] = { "--example", name, NULL };
  GuiProgram program = gui_start (arguments);

  gui_wait (&program, "explain", "done", 60);
  return program;
}

GuiProgram
gui_start_big (int n_rows)
{
  g_autofree char *model = shs_test_temporary ("big.json");
  g_autofree char *data = shs_test_temporary ("big.npy");
  g_autofree char *rows = g_strdup_printf ("%d", n_rows);
  char *command[]
      = { (char *)SHS_MAKE_BIG_INPUT, model, data, rows, (char *)"50", (char *)"500", NULL };
  const char *arguments[] = { model, data, NULL };
  int status;
  GuiProgram program;

  ck_assert (g_spawn_sync (NULL, command, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL));
  ck_assert_int_eq (status, 0);
  program = gui_start (arguments);
  gui_wait (&program, "status", "ready", 60);
  return program;
}

void
gui_end (GuiProgram *program)
{
  g_free (gui_stop (program));
}
