#include "session/shs-figure.h"

char *
shs_figure_describe (ShsExplanation *explanation, const ShsPlotOptions *options)
{
  const ShsProvenance *provenance = &shs_explanation_get_parts (explanation)->provenance;
  GString *text = g_string_new (NULL);
  const char *facts[][2] = {
    { "model", provenance->model_name },        { "data", provenance->data_name },
    { "method", provenance->method },           { "kernel", provenance->kernel },
    { "background", provenance->background },   { "space", provenance->space },
    { "model sha256", provenance->model_hash }, { "data sha256", provenance->data_hash },
    { "program", provenance->program },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++)
    if (facts[i][1] != NULL && facts[i][1][0] != '\0')
      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "; " : "", facts[i][0],
                              facts[i][1]);
  g_string_append_printf (text, "%splot: %s", text->len > 0 ? "; " : "",
                          shs_plot_kind_get_name (options->kind));
  for (const char *const *name = shs_plot_options_get_names (); *name != NULL; name++)
    {
      g_autofree char *value = shs_plot_options_get (options, *name);

      if (value != NULL && value[0] != '\0' && !g_str_equal (*name, "kind")
          && shs_plot_kind_has_option (options->kind, *name))
        g_string_append_printf (text, " --%s %s", *name, value);
    }
  return g_string_free (text, FALSE);
}

static void
complete_size (ShsExplanation *explanation, const ShsPlotOptions *options, double *width,
               double *height)
{
  double natural_width;
  double natural_height;

  shs_plot_get_natural_size (explanation, options, &natural_width, &natural_height);
  if (*width <= 0 && *height <= 0)
    {
      *width = natural_width;
      *height = natural_height;
    }
  else if (*height <= 0)
    *height = shs_plot_get_natural_height (explanation, options, *width);
  else if (*width <= 0)
    *width = *height * natural_width / natural_height;
}

gboolean
shs_figure_export (ShsExplanation *explanation, const ShsPlotOptions *options, double width,
                   double height, const ShsFigureOptions *figure, const char *path, GError **error)
{
  ShsTextMeasurer *measurer = shs_render_measurer_new (figure->family);
  g_autofree char *metadata = shs_figure_describe (explanation, options);
  g_autoptr (ShsScene) scene = NULL;
  ShsFigureOptions complete = *figure;

  complete_size (explanation, options, &width, &height);
  scene = shs_plot_build_picture (explanation, options, width, height, measurer, error);
  shs_render_measurer_free (measurer);
  if (scene == NULL)
    return FALSE;
  if (complete.metadata == NULL)
    complete.metadata = metadata;
  return shs_figure_write (scene, path, &complete, error);
}
