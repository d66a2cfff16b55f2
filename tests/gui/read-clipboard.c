/* Another program that pastes: writes what the clipboard offers as a MIME type to a file. */
#include <gtk/gtk.h>

typedef struct
{
  const char *path;
  GError *error;
  gboolean is_done;
} Paste;

static void
written (GObject *stream, GAsyncResult *result, gpointer data)
{
  Paste *paste = data;

  g_output_stream_splice_finish (G_OUTPUT_STREAM (stream), result, &paste->error);
  paste->is_done = TRUE;
}

static void
offered (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  Paste *paste = data;
  g_autoptr (GFile) file = g_file_new_for_path (paste->path);
  g_autoptr (GFileOutputStream) out = NULL;
  g_autoptr (GInputStream) in
      = gdk_clipboard_read_finish (GDK_CLIPBOARD (clipboard), result, NULL, &paste->error);

  if (in != NULL)
    out = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &paste->error);
  if (out == NULL)
    paste->is_done = TRUE;
  else
    g_output_stream_splice_async (G_OUTPUT_STREAM (out), in,
                                  G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                      | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                  G_PRIORITY_DEFAULT, NULL, written, paste);
}

int
main (int argc, char **argv)
{
  const char *types[] = { argc > 1 ? argv[1] : NULL, NULL };
  Paste paste = { .path = argc > 2 ? argv[2] : NULL };

  if (argc != 3 || !gtk_init_check ())
    {
      g_printerr ("Usage: read-clipboard MIME-TYPE FILE (on a display)\n");
      return 2;
    }
  gdk_clipboard_read_async (gdk_display_get_clipboard (gdk_display_get_default ()), types,
                            G_PRIORITY_DEFAULT, NULL, offered, &paste);
  while (!paste.is_done)
    g_main_context_iteration (NULL, TRUE);
  if (paste.error == NULL)
    return 0;
  g_printerr ("read-clipboard: %s\n", paste.error->message);
  g_error_free (paste.error);
  return 1;
}
