#include "app/shs-export-dialog.h"
#include "app/shs-figure-clipboard.h"
#include "app/shs-file-choice.h"
#include "app/shs-quick-model-dialog.h"
#include "app/shs-window-private.h"
#include "core/shs-i18n.h"

static void
activate_row (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (shs_session_set_row (self->session, g_variant_get_int32 (parameter), &error))
    shs_window_hide_problem (self);
  else
    shs_window_show_problem (self, error);
}

static void
activate_compare (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (shs_session_set_comparison (self->session, g_variant_get_int32 (parameter), &error))
    {
      shs_window_hide_problem (self);
      shs_session_explain_async (self->session);
    }
  else
    shs_window_show_problem (self, error);
}

static void
activate_explain (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *self = data;

  shs_window_hide_problem (self);
  shs_session_explain_async (self->session);
}

static void
activate_cancel (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  shs_session_cancel (SHS_WINDOW (data)->session);
}

static void
activate_undo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  shs_session_undo (SHS_WINDOW (data)->session);
}

static void
activate_redo (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  shs_session_redo (SHS_WINDOW (data)->session);
}

static void
activate_find (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  shs_window_find (data);
}

static void
activate_export_figure (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *self = data;
  const char *path = g_variant_get_string (parameter, NULL);
  const ShsView *view = shs_session_get_view (self->session);
  g_autoptr (ShsPlotOptions) options = shs_view_get_figure (view, view->focused);

  if (*path == '\0')
    shs_export_dialog_present (self, self->session, view->focused);
  else
    shs_window_export_figure (self, options, 0, 0, 300, path);
}

static void
save_explanation (const char *const *paths, gpointer data)
{
  shs_window_save_explanation (data, paths[0]);
}

static void
activate_save (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  static const char *const value_extensions[] = { "csv", "json", "npz", "h5", NULL };
  static const char *const native_extensions[] = { "h5", "npz", "json", "csv", NULL };
  const char *path = g_variant_get_string (parameter, NULL);
  gboolean is_values = g_strcmp0 (g_action_get_name (G_ACTION (action)), "export-values") == 0;

  if (*path != '\0')
    save_explanation ((const char *const[]){ path, NULL }, data);
  else
    shs_file_choice_save (GTK_WINDOW (data),
                          is_values ? _ ("Export the Values") : _ ("Save the Explanation"),
                          is_values ? _ ("values.csv") : _ ("explanation.h5"),
                          is_values ? value_extensions : native_extensions, save_explanation, data);
}

static void
activate_copy_figure (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *self = data;
  g_autoptr (GError) error = NULL;

  if (shs_figure_copy (GTK_WIDGET (self), self->session,
                       shs_session_get_view (self->session)->focused, &error))
    shs_window_show_done (self, _ ("Figure copied"));
  else
    shs_window_show_problem (self, error);
}

static void
activate_quick_model (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  shs_quick_model_dialog_present (data, SHS_WINDOW (data)->session);
}

static void
activate_sidebar (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AdwFlap *flap = ADW_FLAP (SHS_WINDOW (data)->flap);

  adw_flap_set_reveal_flap (flap, !adw_flap_get_reveal_flap (flap));
}

static void
activate_nothing (GSimpleAction *action, GVariant *parameter, gpointer data)
{
}

/* Clients may ask for actions, but what is chosen follows from the session alone. */
static void
refuse_state (GSimpleAction *action, GVariant *value, gpointer data)
{
}

static const GActionEntry entries[] = {
  { "explain", activate_explain, NULL, "'idle'", refuse_state, { 0 } },
  { "status", activate_nothing, NULL, "'empty'", refuse_state, { 0 } },
  { "cancel", activate_cancel, NULL, NULL, NULL, { 0 } },
  { "row", activate_row, "i", "-1", refuse_state, { 0 } },
  { "compare", activate_compare, "i", NULL, NULL, { 0 } },
  { "undo", activate_undo, NULL, NULL, NULL, { 0 } },
  { "redo", activate_redo, NULL, NULL, NULL, { 0 } },
  { "find", activate_find, NULL, NULL, NULL, { 0 } },
  { "export-figure", activate_export_figure, "s", NULL, NULL, { 0 } },
  { "export-values", activate_save, "s", NULL, NULL, { 0 } },
  { "save-explanation", activate_save, "s", NULL, NULL, { 0 } },
  { "copy-figure", activate_copy_figure, NULL, NULL, NULL, { 0 } },
  { "quick-model", activate_quick_model, NULL, NULL, NULL, { 0 } },
  { "sidebar", activate_sidebar, NULL, "true", refuse_state, { 0 } },
};

void
shs_window_set_state (ShsWindow *self, const char *name, GVariant *value)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);
  g_autoptr (GVariant) wanted = g_variant_ref_sink (value);
  g_autoptr (GVariant) present = g_action_get_state (action);

  if (!g_variant_equal (present, wanted))
    g_simple_action_set_state (G_SIMPLE_ACTION (action), wanted);
}

static void
set_enabled (ShsWindow *self, const char *name, gboolean is_enabled)
{
  g_simple_action_set_enabled (
      G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)), is_enabled);
}

static void
view_changed (ShsWindow *self)
{
  shs_window_update_choices (self);
  shs_window_set_state (self, "row",
                        g_variant_new_int32 ((gint32)shs_session_get_view (self->session)->row));
  set_enabled (self, "undo", shs_session_can_undo (self->session));
  set_enabled (self, "redo", shs_session_can_redo (self->session));
}

static void
status_changed (ShsWindow *self)
{
  g_autofree char *status = NULL, *explain = NULL;
  gboolean is_busy = shs_session_get_progress (self->session) != NULL;

  g_object_get (self->session, "status", &status, "explain-status", &explain, NULL);
  shs_window_set_state (self, "status", g_variant_new_string (status));
  shs_window_set_state (self, "explain", g_variant_new_string (explain));
  set_enabled (self, "explain", !is_busy && shs_session_get_match (self->session) != NULL);
  set_enabled (self, "cancel", shs_session_can_cancel (self->session));
  set_enabled (self, "compare",
               !is_busy && shs_session_get_match (self->session) != NULL
                   && shs_session_get_explanation (self->session) != NULL);
  set_enabled (self, "quick-model", !is_busy && shs_session_get_dataset (self->session) != NULL);
}

static void
explained (ShsWindow *self)
{
  static const char *const needing[]
      = { "export-figure", "export-values", "save-explanation", "copy-figure", "find" };
  gboolean has_explanation = shs_session_get_explanation (self->session) != NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (needing); i++)
    set_enabled (self, needing[i], has_explanation);
  view_changed (self);
  status_changed (self);
}

static void
flap_changed (ShsWindow *self)
{
  shs_window_set_state (self, "sidebar",
                        g_variant_new_boolean (adw_flap_get_reveal_flap (ADW_FLAP (self->flap))));
}

void
shs_window_add_actions (ShsWindow *self)
{
  ShsSession *session = self->session;

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  shs_window_add_choices (self);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::status", G_CALLBACK (status_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::explain-status", G_CALLBACK (status_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "opened", G_CALLBACK (explained), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "explained", G_CALLBACK (explained), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->flap, "notify::reveal-flap", G_CALLBACK (flap_changed), self);
  explained (self);
  flap_changed (self);
}
