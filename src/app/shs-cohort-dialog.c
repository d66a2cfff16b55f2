#include "app/shs-cohort-dialog.h"

#include <adwaita.h>
#include <string.h>

#include "app/shs-accessible.h"
#include "core/shs-i18n.h"

struct _ShsCohortDialog
{
  AdwMessageDialog parent;
  ShsSession *session;
  GtkWidget *name;
  GtkWidget *rule;
  GtkWidget *error;
};

#define SHS_TYPE_COHORT_DIALOG (shs_cohort_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ShsCohortDialog, shs_cohort_dialog, SHS, COHORT_DIALOG, AdwMessageDialog)
G_DEFINE_FINAL_TYPE (ShsCohortDialog, shs_cohort_dialog, ADW_TYPE_MESSAGE_DIALOG)

/* (transfer full): as win.cohort takes it. */
static char *
join_entries (ShsCohortDialog *self)
{
  return g_strdup_printf ("%s: %s", gtk_editable_get_text (GTK_EDITABLE (self->name)),
                          gtk_editable_get_text (GTK_EDITABLE (self->rule)));
}

static gboolean
is_blank (GtkWidget *entry)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  return strspn (text, " ") == strlen (text);
}

static gboolean
check (ShsCohortDialog *self, GError **error)
{
  g_autofree char *text = join_entries (self);
  g_autoptr (ShsCohort) cohort = shs_cohort_parse (text, error);

  return cohort != NULL && shs_session_check_rule (self->session, cohort->rule, error);
}

/* While something is not written yet, nothing is wrong with it. */
static void
entry_changed (ShsCohortDialog *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_complete;

  if (self->session == NULL)
    return;
  is_complete = !is_blank (self->name) && !is_blank (self->rule);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "apply",
                                           is_complete && check (self, &error));
  if (!is_complete && !is_blank (self->rule))
    shs_session_check_rule (self->session, gtk_editable_get_text (GTK_EDITABLE (self->rule)),
                            &error);
  gtk_label_set_label (GTK_LABEL (self->error), error != NULL ? error->message : "");
}

static void
answered (ShsCohortDialog *self, const char *response)
{
  g_autofree char *text = join_entries (self);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (g_strcmp0 (response, "apply") == 0)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.cohort", "s", text);
}

static void
entry_activated (ShsCohortDialog *self)
{
  if (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (self), "apply"))
    adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "apply");
}

static void
shs_cohort_dialog_dispose (GObject *object)
{
  g_clear_object (&SHS_COHORT_DIALOG (object)->session);
  G_OBJECT_CLASS (shs_cohort_dialog_parent_class)->dispose (object);
}

static void
shs_cohort_dialog_class_init (ShsCohortDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_cohort_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/cohort-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsCohortDialog, name);
  gtk_widget_class_bind_template_child (widget_class, ShsCohortDialog, rule);
  gtk_widget_class_bind_template_child (widget_class, ShsCohortDialog, error);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated);
}

static void
shs_cohort_dialog_init (ShsCohortDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (self), "cancel", _ ("_Cancel"), "apply",
                                    _ ("_Add"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (self), "apply",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "apply", FALSE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (self), "apply");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (self), "cancel");
  g_signal_connect (self, "response", G_CALLBACK (answered), NULL);
}

void
shs_cohort_dialog_present (GtkWindow *parent, ShsSession *session)
{
  ShsCohortDialog *self = g_object_new (SHS_TYPE_COHORT_DIALOG, "transient-for", parent,
                                        "destroy-with-parent", TRUE, NULL);

  self->session = g_object_ref (session);
  gtk_editable_set_text (GTK_EDITABLE (self->rule), shs_session_get_view (session)->filter);
  entry_changed (self);
  shs_accessible_name_parts (GTK_WIDGET (self));
  gtk_widget_grab_focus (self->name);
  gtk_window_present (GTK_WINDOW (self));
}
