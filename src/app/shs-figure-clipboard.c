#include "app/shs-figure-clipboard.h"

#include <string.h>

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "render/shs-render.h"

static ShsScene *
build (ShsSession *session, ShsPlace place, GError **error)
{
  ShsExplanation *explanation = shs_session_get_explanation (session);
  g_autoptr (ShsPlotOptions) options = NULL;
  ShsTextMeasurer *measurer;
  ShsScene *scene;
  double width, height;

  if (explanation == NULL)
    {
      g_set_error_literal (error, SHS_ERROR, SHS_ERROR_CHOICE,
                           _ ("There is no figure to copy yet; explain the data first"));
      return NULL;
    }
  options = shs_view_get_figure (shs_session_get_view (session), place);
  shs_plot_get_natural_size (explanation, options, &width, &height);
  measurer = shs_render_measurer_new (NULL);
  scene = shs_plot_build_picture (explanation, options, width, height, measurer, error);
  shs_render_measurer_free (measurer);
  return scene;
}

gboolean
shs_figure_copy (GtkWidget *widget, ShsSession *session, ShsPlace place, GError **error)
{
  ShsFigureOptions options = SHS_FIGURE_OPTIONS_DEFAULTS;
  g_autoptr (ShsScene) scene = build (session, place, error);
  g_autoptr (GBytes) svg = NULL, pdf = NULL, png = NULL;
  g_autoptr (GdkContentProvider) all = NULL;
  GdkContentProvider *providers[3];
  char *text;

  if (scene == NULL)
    return FALSE;
  pdf = shs_figure_to_pdf (scene, &options, error);
  png = pdf != NULL ? shs_figure_to_png (scene, &options, error) : NULL;
  if (png == NULL)
    return FALSE;
  text = shs_figure_to_svg (scene, &options);
  svg = g_bytes_new_take (text, strlen (text));
  providers[0] = gdk_content_provider_new_for_bytes ("image/svg+xml", svg);
  providers[1] = gdk_content_provider_new_for_bytes ("application/pdf", pdf);
  providers[2] = gdk_content_provider_new_for_bytes ("image/png", png);
  all = gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
  gdk_clipboard_set_content (gtk_widget_get_clipboard (widget), all);
  return TRUE;
}
