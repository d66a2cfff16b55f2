#include "app/shs-file-choice.h"

#include <string.h>

#include "core/shs-i18n.h"

/** Asked: @extensions: (nullable): that a file to write may have */
typedef struct
{
  ShsFilesFunc chosen;
  gpointer data;
  char **extensions;
} Asked;

static void
asked_free (gpointer data, GClosure *closure)
{
  Asked *asked = data;

  g_strfreev (asked->extensions);
  g_free (asked);
}

/* The dialog selects the name without its extension; who then types a name with one gets it twice.
   A file of the shorter name is not overwritten, since nobody was asked about it. */
static void
drop_second_extension (const Asked *asked, char *path)
{
  for (gsize i = 0; asked->extensions != NULL && asked->extensions[i] != NULL; i++)
    {
      g_autofree char *twice
          = g_strdup_printf (".%s.%s", asked->extensions[i], asked->extensions[i]);
      gsize shorter = strlen (path) - strlen (asked->extensions[i]) - 1;
      g_autofree char *kept = NULL;

      if (!g_str_has_suffix (path, twice))
        continue;
      kept = g_strndup (path, shorter);
      if (!g_file_test (kept, G_FILE_TEST_EXISTS))
        path[shorter] = '\0';
      return;
    }
}

/* Nobody is left to take the answer. */
static void
parent_gone (GtkNativeDialog *dialog)
{
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

static void
answered (GtkNativeDialog *dialog, int response, Asked *asked)
{
  /* What is done with the answer may close the parent. */
  g_signal_handlers_disconnect_by_func (gtk_native_dialog_get_transient_for (dialog), parent_gone,
                                        dialog);
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
      if (paths[0] != NULL && paths[1] == NULL)
        drop_second_extension (asked, paths[0]);
      if (paths[0] != NULL)
        asked->chosen ((const char *const *)paths, asked->data);
    }
  g_object_unref (dialog);
}

static void
ask (GtkFileChooserNative *dialog, const char *const *extensions, ShsFilesFunc chosen,
     gpointer data)
{
  Asked *asked = g_new (Asked, 1);

  *asked = (Asked){ chosen, data, g_strdupv ((char **)extensions) };
  g_signal_connect_object (gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (dialog)),
                           "destroy", G_CALLBACK (parent_gone), dialog, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered), asked, asked_free, 0);
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
  static const char *const extensions[]
      = { "json",   "ubj", "cbm",     "skops", "onnx",   "pmml",    "tl",   "zip",  "mojo",
          "model",  "csv", "tsv",     "txt",   "npy",    "npz",     "h5",   "hdf5", "svm",
          "libsvm", "gz",  "parquet", "db",    "sqlite", "sqlite3", "xlsx", "xlsm", NULL };
  GtkFileChooserNative *dialog
      = gtk_file_chooser_native_new (_ ("Open a Model, Data or an Explanation"), parent,
                                     GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), _ ("_Cancel"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), TRUE);
  add_filter (dialog, _ ("Models, data and explanations"), extensions);
  add_filter (dialog, _ ("All files"), NULL);
  ask (dialog, NULL, chosen, data);
}

void
shs_file_choice_open_folder (GtkWindow *parent, ShsFilesFunc chosen, gpointer data)
{
  ask (gtk_file_chooser_native_new (_ ("Open the Folder of a Spark Model"), parent,
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Open"),
                                    _ ("_Cancel")),
       NULL, chosen, data);
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
  ask (dialog, extensions, chosen, data);
}
