/* What the window tells a person: bars for problems and for choices that have changed, toasts for
 * what succeeded. */
#include "app/shs-window-private.h"

#include "app/shs-tooltip.h"
#include "core/shs-i18n.h"

/* Whether @error is why the last explanation failed. */
static gboolean
is_of_explanation (ShsSession *session, const GError *error)
{
  g_autofree char *status = NULL;

  g_object_get (session, "explain-status", &status, NULL);
  return g_str_has_prefix (status, "failed") && g_str_has_suffix (status, error->message);
}

/* (transfer full): what a person can do in the window, where @error says it for command lines. */
static char *
tell_problem (ShsSession *session, const GError *error)
{
  if (shs_session_lacks_background (session) && is_of_explanation (session, error))
    return g_strdup (_ ("There is nothing to compare with; choose All rows or others under "
                        "Compared With in the sidebar"));
  return g_strdup (error->message);
}

/* (transfer full): long paths keep their beginning and the file's name. */
static char *
shorten_paths (const char *text)
{
  g_autoptr (GRegex) path = g_regex_new ("(/[^/\\s:]+)(?:/[^/\\s:]+){2,}(/[^/\\s:]+)", 0, 0, NULL);

  return g_regex_replace (path, text, -1, 0, "\\1/…\\2", 0, NULL);
}

void
shs_window_show_problem (ShsWindow *self, const GError *error)
{
  g_autofree char *problem = tell_problem (self->session, error);
  g_autofree char *shown = shorten_paths (problem);

  /* The page says it already where nothing else is to be seen. */
  if (gtk_stack_get_visible_child (GTK_STACK (self->main_stack)) == self->state_page
      && (shs_session_get_match_error (self->session) != NULL
          || is_of_explanation (self->session, error)))
    return;
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_free (self->problem);
  self->problem = g_steal_pointer (&problem);
  gtk_label_set_label (GTK_LABEL (self->problem_label), shown != NULL ? shown : self->problem);
  /* The bar shows paths cut, and some lines of it at a time. */
  shs_tooltip_set (self->problem_label, self->problem);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), TRUE);
  shs_window_update_outdated (self);
}

void
shs_window_hide_problem (ShsWindow *self)
{
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->problem_revealer), FALSE);
  shs_window_update_outdated (self);
}

/* One bar at a time: two would push the rows out of a low window. */
void
shs_window_update_outdated (ShsWindow *self)
{
  gtk_revealer_set_reveal_child (
      GTK_REVEALER (self->outdated_revealer),
      shs_session_is_outdated (self->session) && !shs_session_is_explaining (self->session)
          && !gtk_revealer_get_reveal_child (GTK_REVEALER (self->problem_revealer)));
}

void
shs_window_dismiss_problem (GtkButton *button, ShsWindow *self)
{
  shs_window_hide_problem (self);
}

/* Toasts would wait for each other; the latest is the one that matters. */
void
shs_window_show_toast (ShsWindow *self, AdwToast *toast)
{
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (self->toasts), toast);
}

void
shs_window_show_done (ShsWindow *self, const char *text)
{
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, 3);
  shs_window_show_toast (self, toast);
}

void
shs_window_copy_problem (GtkButton *button, ShsWindow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          self->problem != NULL ? self->problem : "");
}
