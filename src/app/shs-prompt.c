#include "app/shs-prompt.h"

#include <adwaita.h>

#include "core/shs-i18n.h"

typedef struct
{
  GtkWidget *entry;
  ShsPromptFunc entered;
  gpointer data;
  GDestroyNotify free_data;
} Prompt;

static void
prompt_free (gpointer data, GClosure *closure)
{
  Prompt *prompt = data;

  if (prompt->free_data != NULL)
    prompt->free_data (prompt->data);
  g_free (prompt);
}

static void
answered (AdwMessageDialog *dialog, const char *response, Prompt *prompt)
{
  g_autofree char *text = NULL;

  if (g_strcmp0 (response, "apply") != 0)
    return;
  text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (prompt->entry))));
  prompt->entered (text, prompt->data);
}

void
shs_prompt (GtkWindow *parent, const char *heading, const char *body, const char *present,
            ShsPromptFunc entered, gpointer data, GDestroyNotify free_data)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);
  Prompt *prompt = g_new (Prompt, 1);

  *prompt = (Prompt){ gtk_entry_new (), entered, data, free_data };
  gtk_editable_set_text (GTK_EDITABLE (prompt->entry), present != NULL ? present : "");
  gtk_entry_set_activates_default (GTK_ENTRY (prompt->entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (prompt->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  heading, -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), prompt->entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "apply",
                                    _ ("_Apply"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "apply",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "apply");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered), prompt, prompt_free, 0);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  gtk_window_present (GTK_WINDOW (dialog));
}
