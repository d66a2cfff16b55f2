#include "app/shs-file-choice.h"

#include "core/shs-i18n.h"

typedef struct
{
  ShsFilesFunc chosen;
  gpointer data;
} Asked;

static void
answered (GtkNativeDialog *dialog, int response, Asked *asked)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_auto (GStrv) paths = NULL;

      for (guint i = 0; i < g_list_model_get_n_items (files); i++)
        {
          g_autoptr (GFile) file = g_list_model_get_item (files, i);
          g_autofree char *path = g_file_get_path (file);

          if (path != NULL)
            g_strv_builder_add (builder, path);
        }
      paths = g_strv_builder_end (builder);
      if (paths[0] != NULL)
        asked->chosen ((const char *const *)paths, asked->data);
    }
  g_object_unref (dialog);
}

static void
ask (GtkFileChooserNative *dialog, ShsFilesFunc chosen, gpointer data)
{
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked){ chosen, data };
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered), asked,
                         (GClosureNotify)(GCallback)g_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
add_filter (GtkFileChooserNative *dialog, const char *name, const char *const *extensions)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; extensions != NULL && extensions[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, extensions[i]);
  if (extensions == NULL)
    gtk_file_filter_add_pattern (filter, "*");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
}

void
shs_file_choice_open (GtkWindow *parent, ShsFilesFunc chosen, gpointer data)
{
  static const char *const extensions[] = { "json", "ubj", "model", "csv", "tsv",    "txt", "npy",
                                            "npz",  "h5",  "hdf5",  "svm", "libsvm", "gz",  NULL };
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (_ ("Open a Model, Data or an Explanation"), parent,
                                     GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  add_filter (dialog, _ ("Models, data and explanations"), extensions);
  add_filter (dialog, _ ("All files"), NULL);
  ask (dialog, chosen, data);
}

void
shs_file_choice_save (GtkWindow *parent, const char *title, const char *name,
                      const char *const *extensions, ShsFilesFunc chosen, gpointer data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));
  g_autofree char *list = g_strjoinv (", .", (char **)extensions);
  g_autofree char *text = g_strconcat (".", list, NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  add_filter (dialog, text, extensions);
  ask (dialog, chosen, data);
}
