#include "app/shs-application.h"

#include "app/shs-file-choice.h"
#include "app/shs-loop-watch.h"
#include "app/shs-resources.h"
#include "app/shs-window.h"
#include "core/shs-i18n.h"

/** @example: what --example asked for, opened by the next window */
struct _ShsApplication
{
  AdwApplication parent;
  char *example;
};

G_DEFINE_FINAL_TYPE (ShsApplication, shs_application, ADW_TYPE_APPLICATION)

static ShsWindow *
add_window (ShsApplication *self)
{
  ShsWindow *window = shs_window_new (GTK_APPLICATION (self));

  shs_loop_watch_session (shs_window_get_session (window));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static ShsWindow *
get_window (ShsApplication *self)
{
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));

  for (GList *window = gtk_application_get_windows (GTK_APPLICATION (self));
       !SHS_IS_WINDOW (active) && window != NULL; window = window->next)
    if (SHS_IS_WINDOW (window->data))
      active = window->data;
  return SHS_IS_WINDOW (active) ? SHS_WINDOW (active) : add_window (self);
}

static void
open_chosen (const char *const *paths, gpointer data)
{
  shs_window_open (data, paths);
}

static void
activate_open_files (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *window = get_window (data);
  g_autofree const char **names = g_variant_get_strv (parameter, NULL);

  if (names[0] == NULL)
    shs_file_choice_open (GTK_WINDOW (window), open_chosen, window);
  else
    shs_window_open (window, names);
}

/* Spark saves models as folders. */
static void
activate_open_folder (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *window = get_window (data);

  shs_file_choice_open_folder (GTK_WINDOW (window), open_chosen, window);
}

static void
activate_open_example (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  shs_window_open_example (get_window (data), g_variant_get_string (parameter, NULL));
}

static void
activate_new_window (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  add_window (data);
}

static void
activate_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_autoptr (GList) windows = g_list_copy_deep (gtk_application_get_windows (data),
                                                (GCopyFunc)(GCallback)g_object_ref, NULL);

  shs_loop_watch_stop ();
  for (GList *window = windows; window != NULL; window = window->next)
    {
      gtk_window_close (window->data);
      g_object_unref (window->data);
    }
  g_application_quit (data);
}

static void
activate_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const char *const developers[] = { "The Shapscope developers", NULL };

  adw_show_about_window (gtk_application_get_active_window (data), "application-name",
                         _ ("Shapscope"), "application-icon", "org.shapscope.Shapscope", "version",
                         SHS_VERSION, "developer-name", _ ("The Shapscope developers"),
                         "developers", developers, "license-type", GTK_LICENSE_MIT_X11, "comments",
                         _ ("See why a model decides, with SHAP values"), NULL);
}

static const GActionEntry entries[] = {
  { "open-files", activate_open_files, "as", NULL, NULL, { 0 } },
  { "open-folder", activate_open_folder, NULL, NULL, NULL, { 0 } },
  { "open-example", activate_open_example, "s", NULL, NULL, { 0 } },
  { "new-window", activate_new_window, NULL, NULL, NULL, { 0 } },
  { "about", activate_about, NULL, NULL, NULL, { 0 } },
  { "quit", activate_quit, NULL, NULL, NULL, { 0 } },
};

static const struct
{
  const char *action;
  const char *keys[3];
} shortcuts[] = {
  { "app.open-files(@as [])", { "<Control>o", NULL } },
  { "app.new-window", { "<Control>n", NULL } },
  { "app.quit", { "<Control>q", NULL } },
  { "window.close", { "<Control>w", NULL } },
  { "win.explain", { "<Control>Return", "F5", NULL } },
  { "win.cancel", { "<Control>period", NULL } },
  { "win.undo", { "<Control>z", NULL } },
  { "win.redo", { "<Control><Shift>z", NULL } },
  { "win.find", { "<Control>f", NULL } },
  { "win.export-figure('')", { "<Control>e", NULL } },
  { "win.export-values('')", { "<Control><Shift>e", NULL } },
  { "win.save-explanation('')", { "<Control>s", NULL } },
  { "win.copy-figure", { "<Control><Shift>c", NULL } },
  { "win.select-rows('')", { "<Control>l", NULL } },
  { "win.sidebar", { "F9", NULL } },
  { "win.show-help-overlay", { "<Control>question", NULL } },
  { "win.page('overview')", { "<Alt>1", NULL } },
  { "win.page('features')", { "<Alt>2", NULL } },
  { "win.page('rows')", { "<Alt>3", NULL } },
  { "win.page('interactions')", { "<Alt>4", NULL } },
};

static void
shs_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (shs_application_parent_class)->startup (application);
  /* Names the resources, so that the linker keeps them. */
  g_resources_register (shs_resources_get_resource ());
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), shortcuts[i].action,
                                           (const char **)shortcuts[i].keys);
}

static void
open_pending_example (ShsApplication *self, ShsWindow *window)
{
  g_autofree char *example = g_steal_pointer (&self->example);

  if (example != NULL)
    shs_window_open_example (window, example);
}

static void
shs_application_activate (GApplication *application)
{
  ShsApplication *self = SHS_APPLICATION (application);

  open_pending_example (self, add_window (self));
}

static void
shs_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  ShsWindow *window = get_window (SHS_APPLICATION (application));
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) uris = NULL;

  if (!shs_window_is_empty (window))
    window = add_window (SHS_APPLICATION (application));
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      g_strv_builder_add (names, uri);
    }
  uris = g_strv_builder_end (names);
  shs_window_open (window, (const char *const *)uris);
}

static int
shs_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  ShsApplication *self = SHS_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Shapscope %s\n", SHS_VERSION);
      return 0;
    }
  if (!gtk_init_check ())
    {
      g_printerr (_ ("shapscope: there is no display to open a window on; run it in a desktop "
                     "session, or use shapscope-cli, which needs none\n"));
      return 1;
    }
  if (!g_variant_dict_lookup (options, "example", "s", &self->example))
    return -1;
  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("shapscope: %s\n", error->message);
      return 1;
    }
  if (!g_application_get_is_remote (application))
    return -1;
  g_action_group_activate_action (G_ACTION_GROUP (application), "open-example",
                                  g_variant_new_string (self->example));
  return 0;
}

static void
shs_application_finalize (GObject *object)
{
  g_free (SHS_APPLICATION (object)->example);
  G_OBJECT_CLASS (shs_application_parent_class)->finalize (object);
}

static void
shs_application_class_init (ShsApplicationClass *class)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = shs_application_finalize;
  application_class->startup = shs_application_startup;
  application_class->activate = shs_application_activate;
  application_class->open = shs_application_open;
  application_class->handle_local_options = shs_application_handle_local_options;
}

static void
shs_application_init (ShsApplication *self)
{
  static const GOptionEntry options[] = {
    { "example", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Open and explain a bundled example"),
      N_ ("NAME") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FILE…]"));
}

ShsApplication *
shs_application_new (void)
{
  return g_object_new (SHS_TYPE_APPLICATION, "application-id", "org.shapscope.Shapscope", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
