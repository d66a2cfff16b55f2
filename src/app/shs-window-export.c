/* Figures and values as files, written in the background. */

#include "app/shs-window-private.h"
#include "core/shs-error.h"
#include "core/shs-i18n.h"

/* Who asked for a file, and which. */
typedef struct
{
  ShsWindow *window;
  char *path;
} Request;

static Request *
request_new (ShsWindow *window, const char *path)
{
  Request *request = g_new (Request, 1);

  request->window = g_object_ref (window);
  request->path = g_strdup (path);
  return request;
}

static void
tell (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *request = data;
  g_autofree char *name = g_path_get_basename (request->path);
  g_autofree char *text = g_strdup_printf (_ ("“%s” written"), name);
  g_autoptr (GError) error = NULL;

  if (shs_session_export_finish (SHS_SESSION (source), result, &error))
    shs_window_show_done (request->window, text);
  else if (!g_error_matches (error, SHS_ERROR, SHS_ERROR_CANCELLED))
    shs_window_show_problem (request->window, error);
  g_object_unref (request->window);
  g_free (request->path);
  g_free (request);
}

void
shs_window_export_figure (ShsWindow *self, const ShsPlotOptions *options, double width,
                          double height, double dpi, const char *path)
{
  ShsFigureOptions figure = SHS_FIGURE_OPTIONS_DEFAULTS;

  figure.dpi = dpi;
  shs_session_export_async (self->session, options, width, height, &figure, path, tell,
                            request_new (self, path));
}

void
shs_window_save_explanation (ShsWindow *self, const char *path)
{
  shs_session_save_async (self->session, path, tell, request_new (self, path));
}
