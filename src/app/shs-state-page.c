#include "app/shs-state-page.h"

#include <adwaita.h>

#include "app/shs-explain-control.h"
#include "core/shs-i18n.h"

struct _ShsStatePage
{
  GtkBox parent;
  ShsSession *session;
  AdwStatusPage *page;
  GtkWidget *progress;
  GtkWidget *explain, *compare, *open, *train, *cancel, *copy;
  char *details;
};

G_DEFINE_FINAL_TYPE (ShsStatePage, shs_state_page, GTK_TYPE_BOX)

/** What is to be seen in one state. @buttons: bits of the enumeration below. */
enum
{
  BUTTON_EXPLAIN = 1 << 0,
  BUTTON_OPEN = 1 << 1,
  BUTTON_TRAIN = 1 << 2,
  BUTTON_CANCEL = 1 << 3,
  BUTTON_COPY = 1 << 4,
  BUTTON_COMPARE = 1 << 5,
};

static void
show (ShsStatePage *self, const char *icon, const char *title, const char *text, guint buttons)
{
  g_autofree char *markup = g_markup_escape_text (text != NULL ? text : "", -1);

  adw_status_page_set_icon_name (self->page, icon);
  adw_status_page_set_title (self->page, title);
  adw_status_page_set_description (self->page, markup);
  gtk_widget_set_visible (self->explain, (buttons & BUTTON_EXPLAIN) != 0);
  gtk_widget_set_visible (self->compare, (buttons & BUTTON_COMPARE) != 0);
  gtk_widget_set_visible (self->open, (buttons & BUTTON_OPEN) != 0);
  gtk_widget_set_visible (self->train, (buttons & BUTTON_TRAIN) != 0);
  gtk_widget_set_visible (self->cancel, (buttons & BUTTON_CANCEL) != 0);
  gtk_widget_set_visible (self->copy, (buttons & BUTTON_COPY) != 0);
  gtk_widget_set_visible (self->progress, (buttons & BUTTON_CANCEL) != 0);
  g_free (self->details);
  self->details = g_strdup (text);
}

static void
show_progress (ShsStatePage *self, const char *title)
{
  ShsProgress *progress = shs_session_get_progress (self->session);
  g_autofree char *text = shs_explain_control_describe (self->session);

  show (self, NULL, title, NULL, BUTTON_CANCEL);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 shs_progress_get_fraction (progress));
  gtk_progress_bar_set_text (GTK_PROGRESS_BAR (self->progress), text);
}

/* The text after "failed: ", or NULL. */
static const char *
get_failure (const char *status)
{
  return g_str_has_prefix (status, "failed: ") ? status + strlen ("failed: ") : NULL;
}

static void
show_opened (ShsStatePage *self)
{
  ShsModel *model = shs_session_get_model (self->session);
  ShsDataset *dataset = shs_session_get_dataset (self->session);
  const GError *mismatch = shs_session_get_match_error (self->session);

  if (mismatch != NULL)
    show (self, "dialog-warning-symbolic", _ ("Model and Data Do Not Match"), mismatch->message,
          BUTTON_OPEN | BUTTON_COPY);
  else if (model != NULL && dataset == NULL)
    show (self, "shapscope-rows-symbolic", _ ("Now Open the Data"),
          _ ("The model is open. Open the table of rows that it is to be explained on."),
          BUTTON_OPEN);
  else if (model == NULL && dataset != NULL)
    show (self, "shapscope-model-symbolic", _ ("Now Open the Model"),
          _ ("The data are open. Open the model that is to be explained, or train a quick one on "
             "these data."),
          BUTTON_OPEN | BUTTON_TRAIN);
  else if (shs_session_lacks_background (self->session))
    show (self, "shapscope-rows-symbolic", _ ("Choose What to Compare With"),
          _ ("The values of this model say how a row differs from others. Compare with all rows, "
             "or choose other rows under Compared With in the sidebar."),
          BUTTON_COMPARE);
  else
    show (self, "org.shapscope.Shapscope-symbolic", _ ("Ready to Explain"),
          _ ("Model and data fit together."), BUTTON_EXPLAIN);
}

static void
update (ShsStatePage *self)
{
  g_autofree char *status = NULL, *explain = NULL;

  g_object_get (self->session, "status", &status, "explain-status", &explain, NULL);
  if (g_str_has_prefix (status, "loading"))
    show_progress (self, _ ("Loading…"));
  else if (g_str_has_prefix (explain, "running"))
    show_progress (self, _ ("Explaining…"));
  else if (get_failure (explain) != NULL && !shs_session_lacks_background (self->session))
    show (self, "dialog-error-symbolic", _ ("The Explanation Failed"), get_failure (explain),
          BUTTON_EXPLAIN | BUTTON_OPEN | BUTTON_COPY);
  else if (g_strcmp0 (explain, "cancelled") == 0)
    show (self, "process-stop-symbolic", _ ("Cancelled"),
          _ ("Nothing was kept of this explanation."), BUTTON_EXPLAIN);
  else
    show_opened (self);
}

static void
compare_clicked (GtkButton *button, ShsStatePage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.background", "s", "all");
  gtk_widget_activate_action (GTK_WIDGET (self), "win.explain", NULL);
}

static void
copy_clicked (GtkButton *button, ShsStatePage *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          self->details != NULL ? self->details : "");
}

void
shs_state_page_set_session (ShsStatePage *self, ShsSession *session)
{
  static const char *const signals[]
      = { "opened", "explained", "notify::status", "notify::explain-status", "notify::view" };

  g_return_if_fail (self->session == NULL);
  self->session = g_object_ref (session);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (session, signals[i], G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
shs_state_page_dispose (GObject *object)
{
  g_clear_object (&SHS_STATE_PAGE (object)->session);
  g_clear_pointer (&SHS_STATE_PAGE (object)->details, g_free);
  G_OBJECT_CLASS (shs_state_page_parent_class)->dispose (object);
}

static void
shs_state_page_class_init (ShsStatePageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_state_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/state-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, page);
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, progress);
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, explain);
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, compare);
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, open);
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, train);
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, cancel);
  gtk_widget_class_bind_template_child (widget_class, ShsStatePage, copy);
  gtk_widget_class_bind_template_callback (widget_class, compare_clicked);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked);
}

static void
shs_state_page_init (ShsStatePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
