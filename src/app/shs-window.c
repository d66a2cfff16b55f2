#include "app/shs-window.h"

#include "app/shs-accessible.h"
#include "app/shs-explain-control.h"
#include "app/shs-pages.h"
#include "app/shs-recent-files.h"
#include "app/shs-settings.h"
#include "app/shs-sidebar.h"
#include "app/shs-start-page.h"
#include "app/shs-state-page.h"
#include "app/shs-window-private.h"
#include "core/shs-i18n.h"

G_DEFINE_FINAL_TYPE (ShsWindow, shs_window, ADW_TYPE_APPLICATION_WINDOW)

ShsSession *
shs_window_get_session (ShsWindow *self)
{
  return self->session;
}

gboolean
shs_window_is_empty (ShsWindow *self)
{
  return shs_session_get_model (self->session) == NULL
         && shs_session_get_dataset (self->session) == NULL
         && shs_session_get_explanation (self->session) == NULL
         && shs_session_get_progress (self->session) == NULL;
}

static gboolean
has_prefix (GObject *object, const char *property, const char *prefix)
{
  g_autofree char *text = NULL;

  g_object_get (object, property, &text, NULL);
  return text != NULL && g_str_has_prefix (text, prefix);
}

/* At once, as the page changes at once: the flap of libadwaita 1.2 may ask for a negative width on
 * its way. */
static void
show_sidebar (ShsWindow *self, gboolean shows)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (self));
  gboolean animates;

  g_object_get (settings, "gtk-enable-animations", &animates, NULL);
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  adw_flap_set_reveal_flap (ADW_FLAP (self->flap), shows);
  g_object_set (settings, "gtk-enable-animations", animates, NULL);
}

static void
update_place (ShsWindow *self)
{
  gboolean has_pages = shs_session_get_explanation (self->session) != NULL;
  const char *place = has_pages ? "pages" : shs_window_is_empty (self) ? "start" : "state";

  if (g_strcmp0 (place, "start") != 0
      && g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->main_stack)), "start") == 0)
    show_sidebar (self, !adw_flap_get_folded (ADW_FLAP (self->flap)));
  else if (g_strcmp0 (place, "start") == 0)
    show_sidebar (self, FALSE);
  gtk_stack_set_visible_child_name (GTK_STACK (self->main_stack), place);
  shs_window_update_switcher (self);
  gtk_widget_set_visible (self->explain_control,
                          shs_session_get_match (self->session) != NULL
                              || shs_session_get_progress (self->session) != NULL);
}

static void
update_title (ShsWindow *self)
{
  ShsModel *model = shs_session_get_model (self->session);
  ShsDataset *dataset = shs_session_get_dataset (self->session);
  const char *path = shs_session_get_explanation_path (self->session);
  g_autofree char *base = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *title = NULL;

  if (model != NULL && dataset != NULL)
    title = g_strdup_printf ("%s – %s", shs_model_get_name (model), shs_dataset_get_name (dataset));
  else if (model != NULL)
    title = g_strdup (shs_model_get_name (model));
  else if (dataset != NULL)
    title = g_strdup (shs_dataset_get_name (dataset));
  else
    title = g_strdup (base != NULL ? base : _ ("Shapscope"));
  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (ADW_WINDOW_TITLE (self->title), title);
}

static void
update_page (ShsWindow *self)
{
  const char *page = shs_session_get_view (self->session)->page;

  if (g_strcmp0 (page, adw_view_stack_get_visible_child_name (ADW_VIEW_STACK (self->page_stack)))
      != 0)
    adw_view_stack_set_visible_child_name (ADW_VIEW_STACK (self->page_stack), page);
}

static void
page_chosen (ShsWindow *self)
{
  const char *page = adw_view_stack_get_visible_child_name (ADW_VIEW_STACK (self->page_stack));

  if (page != NULL && self->session != NULL)
    shs_session_set_page (self->session, page, NULL);
}

/* Of two data files the second may be what the first is compared with; a person decides. */
static void
offer_background (ShsWindow *self)
{
  const char *path = shs_session_get_offered_background (self->session);
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (path == NULL || self->is_offered)
    return;
  self->is_offered = TRUE;
  text = g_markup_printf_escaped (_ ("Compare with the rows of %s?"), name);
  toast = adw_toast_new (text);
  adw_toast_set_button_label (toast, _ ("_Compare"));
  adw_toast_set_action_name (toast, "win.background");
  adw_toast_set_action_target_value (toast, g_variant_new_string (path));
  adw_toast_set_timeout (toast, 0);
  shs_window_show_toast (self, toast);
}

static void
opened (ShsWindow *self)
{
  shs_window_hide_problem (self);
  update_title (self);
  update_place (self);
  offer_background (self);
  if (self->explains_when_opened && shs_session_get_match (self->session) != NULL)
    {
      self->explains_when_opened = FALSE;
      shs_session_explain_async (self->session);
    }
}

static void
status_changed (ShsWindow *self)
{
  if (has_prefix (G_OBJECT (self->session), "status", "failed"))
    self->explains_when_opened = FALSE;
  update_place (self);
}

/* A problem belongs to what caused it; after something has succeeded it is past. To look at another
   page is nothing that succeeds. */
static void
view_changed (ShsWindow *self)
{
  const char *page = shs_session_get_view (self->session)->page;

  if (g_strcmp0 (page, self->seen_page) == 0)
    shs_window_hide_problem (self);
  g_free (self->seen_page);
  self->seen_page = g_strdup (page);
  shs_window_update_outdated (self);
  update_page (self);
}

static void
explained (ShsWindow *self)
{
  if (shs_session_get_explanation (self->session) != NULL)
    shs_window_hide_problem (self);
  shs_window_update_outdated (self);
  update_place (self);
}

static char **
to_paths (const char *const *names)
{
  gsize n = g_strv_length ((char **)names);
  char **paths = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (names[i]);

      paths[i] = g_file_get_path (file);
      if (paths[i] == NULL)
        paths[i] = g_strdup (names[i]);
    }
  return paths;
}

void
shs_window_open (ShsWindow *self, const char *const *names)
{
  g_auto (GStrv) paths = to_paths (names);

  shs_window_hide_problem (self);
  self->explains_when_opened = FALSE;
  self->is_offered = FALSE;
  shs_session_open_async (self->session, (const char *const *)paths);
  shs_recent_files_add ((const char *const *)paths);
}

void
shs_window_open_example (ShsWindow *self, const char *name)
{
  g_autoptr (GError) error = NULL;

  shs_window_hide_problem (self);
  self->explains_when_opened = TRUE;
  if (!shs_session_open_example_async (self->session, name, &error))
    {
      self->explains_when_opened = FALSE;
      shs_window_show_problem (self, error);
    }
}

void
shs_window_find (ShsWindow *self)
{
  GtkWidget *page = adw_view_stack_get_visible_child (ADW_VIEW_STACK (self->page_stack));

  if (page == self->features_page)
    shs_features_page_find (SHS_FEATURES_PAGE (page));
  else if (page == self->rows_page)
    shs_rows_page_find (SHS_ROWS_PAGE (page));
  else
    shs_overview_page_find (SHS_OVERVIEW_PAGE (self->overview_page));
}

static void
shs_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  shs_window_adapt (SHS_WINDOW (widget), width, height);
  GTK_WIDGET_CLASS (shs_window_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
bind_session (ShsWindow *self)
{
  ShsSession *session = self->session;

  shs_sidebar_set_session (SHS_SIDEBAR (self->sidebar), session);
  shs_explain_control_set_session (SHS_EXPLAIN_CONTROL (self->explain_control), session);
  shs_state_page_set_session (SHS_STATE_PAGE (self->state_page), session);
  shs_overview_page_set_session (SHS_OVERVIEW_PAGE (self->overview_page), session, self->rows);
  shs_features_page_set_session (SHS_FEATURES_PAGE (self->features_page), session);
  shs_rows_page_set_session (SHS_ROWS_PAGE (self->rows_page), session, self->rows);
  shs_interactions_page_set_session (SHS_INTERACTIONS_PAGE (self->interactions_page), session);
  g_signal_connect_object (session, "opened", G_CALLBACK (opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "explained", G_CALLBACK (explained), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::status", G_CALLBACK (status_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::explain-status", G_CALLBACK (update_place), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::explain-status",
                           G_CALLBACK (shs_window_update_outdated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "problem", G_CALLBACK (shs_window_show_problem), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->title_squeezer, "notify::visible-child",
                            G_CALLBACK (shs_window_update_switcher), self);
  g_signal_connect_swapped (self->page_stack, "notify::visible-child-name",
                            G_CALLBACK (page_chosen), self);
}

static void
restore_size (ShsWindow *self)
{
  self->settings = shs_settings_get ();
  if (self->settings == NULL)
    return;
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static gboolean
shs_window_close_request (GtkWindow *window)
{
  ShsWindow *self = SHS_WINDOW (window);
  int width, height;

  shs_session_cancel (self->session);
  if (self->settings != NULL)
    {
      gtk_window_get_default_size (window, &width, &height);
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
      g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (window));
    }
  return GTK_WINDOW_CLASS (shs_window_parent_class)->close_request (window);
}

static void
shs_window_dispose (GObject *object)
{
  ShsWindow *self = SHS_WINDOW (object);

  if (self->page_stack != NULL)
    g_signal_handlers_disconnect_by_func (self->page_stack, page_chosen, self);
  if (self->title_squeezer != NULL)
    g_signal_handlers_disconnect_by_func (self->title_squeezer, shs_window_update_switcher, self);
  self->page_stack = NULL;
  if (self->session != NULL)
    shs_session_cancel (self->session);
  g_clear_weak_pointer (&self->toast);
  self->title_squeezer = NULL;
  g_clear_object (&self->settings);
  g_clear_object (&self->rows);
  g_clear_object (&self->recent_menu);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->seen_page, g_free);
  G_OBJECT_CLASS (shs_window_parent_class)->dispose (object);
}

static void
shs_window_finalize (GObject *object)
{
  g_clear_object (&SHS_WINDOW (object)->session);
  G_OBJECT_CLASS (shs_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_child (class, ShsWindow, toasts);
  gtk_widget_class_bind_template_child (class, ShsWindow, title_squeezer);
  gtk_widget_class_bind_template_child (class, ShsWindow, title);
  gtk_widget_class_bind_template_child (class, ShsWindow, wide_switcher);
  gtk_widget_class_bind_template_child (class, ShsWindow, narrow_switcher);
  gtk_widget_class_bind_template_child (class, ShsWindow, find_button);
  gtk_widget_class_bind_template_child (class, ShsWindow, export_button);
  gtk_widget_class_bind_template_child (class, ShsWindow, view_switcher_bar);
  gtk_widget_class_bind_template_child (class, ShsWindow, open_button);
  gtk_widget_class_bind_template_child (class, ShsWindow, sidebar_button);
  gtk_widget_class_bind_template_child (class, ShsWindow, explain_control);
  gtk_widget_class_bind_template_child (class, ShsWindow, problem_revealer);
  gtk_widget_class_bind_template_child (class, ShsWindow, problem_bar);
  gtk_widget_class_bind_template_child (class, ShsWindow, problem_label);
  gtk_widget_class_bind_template_child (class, ShsWindow, outdated_revealer);
  gtk_widget_class_bind_template_child (class, ShsWindow, flap);
  gtk_widget_class_bind_template_child (class, ShsWindow, sidebar);
  gtk_widget_class_bind_template_child (class, ShsWindow, main_stack);
  gtk_widget_class_bind_template_child (class, ShsWindow, start_page);
  gtk_widget_class_bind_template_child (class, ShsWindow, state_page);
  gtk_widget_class_bind_template_child (class, ShsWindow, page_stack);
  gtk_widget_class_bind_template_child (class, ShsWindow, overview_page);
  gtk_widget_class_bind_template_child (class, ShsWindow, features_page);
  gtk_widget_class_bind_template_child (class, ShsWindow, rows_page);
  gtk_widget_class_bind_template_child (class, ShsWindow, interactions_page);
}

static void
shs_window_class_init (ShsWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_window_dispose;
  G_OBJECT_CLASS (class)->finalize = shs_window_finalize;
  widget_class->size_allocate = shs_window_size_allocate;
  GTK_WINDOW_CLASS (class)->close_request = shs_window_close_request;
  g_type_ensure (SHS_TYPE_EXPLAIN_CONTROL);
  g_type_ensure (SHS_TYPE_SIDEBAR);
  g_type_ensure (SHS_TYPE_START_PAGE);
  g_type_ensure (SHS_TYPE_STATE_PAGE);
  g_type_ensure (SHS_TYPE_OVERVIEW_PAGE);
  g_type_ensure (SHS_TYPE_FEATURES_PAGE);
  g_type_ensure (SHS_TYPE_ROWS_PAGE);
  g_type_ensure (SHS_TYPE_INTERACTIONS_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/shapscope/Shapscope/window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, shs_window_dismiss_problem);
  gtk_widget_class_bind_template_callback (widget_class, shs_window_copy_problem);
}

/* A split button tells the screen reader nothing about its second half. */
static void
label_menu_half (GtkWidget *split_button, const char *label)
{
  for (GtkWidget *child = gtk_widget_get_first_child (split_button); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_MENU_BUTTON (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                      -1);
}

static void
shs_window_init (ShsWindow *self)
{
  self->session = shs_session_new ();
  self->rows = shs_row_model_new (self->session);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->recent_menu = shs_recent_files_menu_new ();
  adw_split_button_set_menu_model (ADW_SPLIT_BUTTON (self->open_button),
                                   G_MENU_MODEL (self->recent_menu));
  label_menu_half (self->open_button, _ ("Recent files"));
  shs_window_add_actions (self);
  shs_window_add_drop (self);
  bind_session (self);
  restore_size (self);
  update_title (self);
  update_place (self);
  shs_accessible_name_buttons (GTK_WIDGET (self));
  shs_accessible_name_parts (GTK_WIDGET (self));
}

ShsWindow *
shs_window_new (GtkApplication *application)
{
  return g_object_new (SHS_TYPE_WINDOW, "application", application, NULL);
}
