#include "cli/shs-cli.h"

#include "core/shs-color.h"
#include "core/shs-error.h"
#include "core/shs-number.h"
#include "session/shs-figure.h"

#include <stdio.h>
#include <string.h>

#define WORD "plot"

static const char *const endings[] = { ".svg", ".pdf", ".png", NULL };

/* Kinds of the contract that later versions fill. */
static const char *const later_kinds[] = { "stacked-force",  "decision",
                                           "heatmap",        "violin",
                                           "layered-violin", "compact-dot",
                                           "image",          "text",
                                           "embedding",      "group-difference",
                                           "monitoring",     "partial-dependence",
                                           "series",         "logo",
                                           "convergence",    "benchmark",
                                           "summary",        NULL };

typedef struct
{
  char *output;
  char *size;
  char *dpi;
  char *text;
  char *points;
  char *font;
  char *background;
  char *by;
  char *where;
} Choices;

/* One string option for every word that figures know; names and summaries in one place. */
typedef struct
{
  char *name;
  char *value;
} FigureOption;

static const char *
describe_option (const char *name)
{
  static const char *const summaries[][2] = {
    { "row", "One row of the explanation: its number or name" },
    { "output", "Which output: its name or number" },
    { "feature", "The feature of a dependence plot: its name or number" },
    { "color", "Feature that colours a dependence plot, auto or none" },
    { "interaction", "A dependence plot's interaction with this feature, or none" },
    { "x-limits", "Ends of the x axis of a beeswarm or dependence plot: LOW:HIGH, or auto" },
    { "y-limits", "Ends of the y axis of a dependence plot: LOW:HIGH, or auto" },
    { "max-display", "Most features shown" },
    { "order", "Of the features: mean (or mean-abs), max (or max-abs), name or original" },
    { "link", "identity or logit" },
    { "palette", "shap, okabe-ito, print, viridis or cividis" },
    { "theme", "light or dark" },
    { "title", "A line above the plot" },
    { "font-size", "Base size of the text in points, or auto" },
    { "seed", "Of the jitter" },
    { "note", "on or off (default): a line on how the values came about" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (summaries); i++)
    if (g_str_equal (summaries[i][0], name))
      return summaries[i][1];
  return "";
}

static GArray *
make_entries (const GOptionEntry *own, FigureOption *options)
{
  GArray *entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  for (; own->long_name != NULL; own++)
    g_array_append_val (entries, *own);
  for (const char *const *name = shs_plot_options_get_names (); *name != NULL; name++, options++)
    {
      GOptionEntry entry
          = { *name, 0, 0, G_OPTION_ARG_STRING, &options->value, describe_option (*name), "VALUE" };

      options->name = (char *)*name;
      if (!g_str_equal (*name, "kind"))
        g_array_append_val (entries, entry);
    }
  return entries;
}

static gboolean
apply_options (ShsPlotOptions *plot, const FigureOption *options, ShsExplanation *explanation,
               GError **error)
{
  for (; options->name != NULL; options++)
    if (options->value != NULL && shs_plot_kind_has_option (plot->kind, options->name)
        && !shs_plot_options_set (plot, options->name, options->value, explanation, error))
      return FALSE;
  return TRUE;
}

static gboolean
parse_dpi (const char *text, double *dpi)
{
  return shs_number_parse (text, text + strlen (text), dpi) && *dpi >= 10 && *dpi <= 4800;
}

static gboolean
is_color (const char *text)
{
  ShsColor color;

  return g_str_equal (text, "white") || g_str_equal (text, "transparent")
         || shs_color_parse (text, &color);
}

static ShsExit
make_figure_options (const Choices *choices, ShsFigureOptions *figure)
{
  *figure = SHS_FIGURE_OPTIONS_DEFAULTS;
  if (choices->dpi != NULL && !parse_dpi (choices->dpi, &figure->dpi))
    return shs_cli_usage (WORD, "--dpi is a number from 10 to 4800");
  if (choices->text != NULL && g_str_equal (choices->text, "paths"))
    figure->text_mode = SHS_TEXT_AS_PATHS;
  else if (choices->text != NULL && !g_str_equal (choices->text, "text"))
    return shs_cli_usage (WORD, "--text is text or paths");
  if (choices->points != NULL && g_str_equal (choices->points, "vector"))
    figure->point_mode = SHS_POINTS_VECTOR;
  else if (choices->points != NULL && g_str_equal (choices->points, "raster"))
    figure->point_mode = SHS_POINTS_RASTER;
  else if (choices->points != NULL && !g_str_equal (choices->points, "auto"))
    return shs_cli_usage (WORD, "--points is auto, vector or raster");
  if (choices->background != NULL && !is_color (choices->background))
    return shs_cli_usage (WORD, "--background is white, transparent or #rrggbb");
  figure->family = choices->font;
  figure->background = choices->background;
  return SHS_EXIT_DONE;
}

/* "figures.svg" and "bar" give "figures-bar.svg". */
static char *
name_figure (const char *path, const char *kind)
{
  const char *ending = strrchr (path, '.');

  return g_strdup_printf ("%.*s-%s%s", (int)(ending - path), path, kind, ending);
}

/* A figure of one row names it, unless it has a title of its own, even an empty one. */
static void
name_row (ShsPlotOptions *plot, const FigureOption *options, ShsExplanation *explanation)
{
  for (; options->name != NULL; options++)
    if (g_str_equal (options->name, "title") && options->value != NULL)
      return;
  if (plot->row >= 0 && (gsize)plot->row < shs_explanation_get_n_rows (explanation))
    plot->title = shs_explanation_describe_comparison (explanation, (gsize)plot->row);
}

static gboolean
draw (ShsExplanation *explanation, ShsPlotKind kind, const FigureOption *options,
      gboolean choose_row, double width, double height, const ShsFigureOptions *figure,
      const char *path, GError **error)
{
  g_autoptr (ShsPlotOptions) plot = shs_plot_options_new (kind);

  if (!apply_options (plot, options, explanation, error))
    return FALSE;
  if (plot->row < 0 && shs_plot_kind_needs_row (kind)
      && (choose_row || shs_explanation_get_n_rows (explanation) == 1))
    plot->row = 0;
  name_row (plot, options, explanation);
  if (!shs_figure_export (explanation, plot, width, height, figure, path, error))
    return FALSE;
  printf ("%s\n", path);
  return TRUE;
}

/* Whether the kind has something to say of @explanation; else the reason is printed. */
static gboolean
is_worth_drawing (ShsPlotKind kind, ShsExplanation *explanation)
{
  g_autoptr (GError) reason = NULL;

  if (shs_plot_kind_compares_rows (kind) && shs_explanation_get_n_rows (explanation) == 1)
    g_set_error (&reason, SHS_ERROR, SHS_ERROR_CHOICE,
                 "It compares rows, and this explanation has one");
  else if (shs_plot_kind_has_data (kind, explanation, &reason))
    return TRUE;
  fprintf (stderr, "%s is left out: %s\n", shs_plot_kind_get_name (kind), reason->message);
  return FALSE;
}

static gboolean
draw_all (ShsExplanation *explanation, const FigureOption *options, double width, double height,
          const ShsFigureOptions *figure, const char *path, GError **error)
{
  for (int kind = 0; kind < SHS_N_PLOT_KINDS; kind++)
    {
      g_autofree char *name = name_figure (path, shs_plot_kind_get_name ((ShsPlotKind)kind));

      if (is_worth_drawing ((ShsPlotKind)kind, explanation)
          && !draw (explanation, (ShsPlotKind)kind, options, TRUE, width, height, figure, name,
                    error))
        return FALSE;
    }
  return TRUE;
}

static ShsExit
refuse_kind (const char *name)
{
  const char *names[SHS_N_PLOT_KINDS + 2] = { NULL };

  for (int i = 0; i < SHS_N_PLOT_KINDS; i++)
    names[i] = shs_plot_kind_get_name ((ShsPlotKind)i);
  names[SHS_N_PLOT_KINDS] = "all";
  return shs_cli_unknown (WORD, "plot", name, names);
}

static ShsExit
check_kind (const char *name, int *kind)
{
  *kind = shs_plot_kind_parse (name);
  if (*kind >= 0 || g_str_equal (name, "all"))
    return SHS_EXIT_DONE;
  if (g_strv_contains (later_kinds, name))
    return shs_cli_usage (WORD, "the plot \"%s\" is not built yet", name);
  return refuse_kind (name);
}

/* Values that are wrong for every explanation; names wait until one is open. Of all kinds, some
 * know an option; one that was chosen must know it. */
static ShsExit
check_values (const FigureOption *options, int kind)
{
  static const char *const named[] = { "row", "output", "feature", "color", "interaction", NULL };
  g_autoptr (ShsPlotOptions) plot = shs_plot_options_new ((ShsPlotKind)MAX (0, kind));

  for (; options->name != NULL; options++)
    {
      g_autoptr (GError) error = NULL;
      gint64 number;

      if (options->value == NULL)
        continue;
      if (kind >= 0 && !shs_plot_kind_check_option (plot->kind, options->name, &error))
        return shs_cli_usage (WORD, "%s", error->message);
      if (!g_strv_contains (named, options->name)
          && !shs_plot_options_set (plot, options->name, options->value, NULL, &error))
        return shs_cli_usage (WORD, "--%s", error->message);
      if (g_str_equal (options->name, "row")
          && g_ascii_string_to_signed (options->value, 10, G_MININT64, -1, &number, NULL))
        return shs_cli_usage (WORD, "--row %s: rows are counted from 0", options->value);
    }
  return SHS_EXIT_DONE;
}

static ShsExit
check_choices (const Choices *choices, const FigureOption *options, int kind,
               ShsFigureOptions *figure)
{
  ShsExit status = SHS_EXIT_DONE;

  if (choices->by != NULL || choices->where != NULL)
    return shs_cli_usage (WORD, "--%s is not built yet", choices->by != NULL ? "by" : "where");
  status = make_figure_options (choices, figure);
  if (status == SHS_EXIT_DONE)
    status = check_values (options, kind);
  return status;
}

static ShsExit
open_and_draw (char **files, const Choices *choices, const FigureOption *options)
{
  const char *explanation_file[] = { files[0], NULL };
  g_autoptr (ShsSession) session = NULL;
  g_autoptr (GError) error = NULL;
  ShsFigureOptions figure;
  double width = 0;
  double height = 0;
  int kind;
  ShsExit status = check_kind (files[1], &kind);

  if (status == SHS_EXIT_DONE)
    status = check_choices (choices, options, kind, &figure);
  if (status == SHS_EXIT_DONE && choices->size != NULL
      && !shs_figure_parse_size (choices->size, &width, &height, &error))
    status = shs_cli_usage (WORD, "%s", error->message);
  if (status == SHS_EXIT_DONE)
    status = shs_cli_check_output (WORD, choices->output, endings);
  if (status == SHS_EXIT_DONE)
    status = shs_cli_open (explanation_file, NULL, NULL, NULL, &session);
  if (status != SHS_EXIT_DONE)
    return status;
  ShsExplanation *explanation = shs_session_get_explanation (session);
  if (explanation == NULL)
    {
      g_set_error (&error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "%s is no explanation; make one with shapscope-cli explain", files[0]);
      return shs_cli_fail (error);
    }
  if (kind >= 0 ? draw (explanation, (ShsPlotKind)kind, options, FALSE, width, height, &figure,
                        choices->output, &error)
                : draw_all (explanation, options, width, height, &figure, choices->output, &error))
    return SHS_EXIT_DONE;
  return shs_cli_fail (error);
}

ShsExit
shs_cli_plot (int argc, char **argv)
{
  static Choices choices;
  const GOptionEntry own[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &choices.output,
      "Where the figure goes: .svg, .pdf or .png; with \"all\" the kinds are added to the name",
      "FILE" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &choices.size,
      "Width x height, or the width alone: 120x80mm, 89mm, 6x4in, 400x300pt", "SIZE" },
    { "dpi", 0, 0, G_OPTION_ARG_STRING, &choices.dpi,
      "Resolution of PNG and of rastered points (default 300)", "N" },
    { "text", 0, 0, G_OPTION_ARG_STRING, &choices.text, "text (default) or paths", "MODE" },
    { "points", 0, 0, G_OPTION_ARG_STRING, &choices.points, "auto (default), vector or raster",
      "MODE" },
    { "font", 0, 0, G_OPTION_ARG_STRING, &choices.font, "Font family", "FAMILY" },
    { "background", 0, 0, G_OPTION_ARG_STRING, &choices.background, "white, transparent or #rrggbb",
      "COLOR" },
    { "by", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &choices.by, NULL, NULL },
    { "where", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &choices.where, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autofree FigureOption *options
      = g_new0 (FigureOption, g_strv_length ((char **)shs_plot_options_get_names ()) + 1);
  g_autoptr (GArray) entries = make_entries (own, options);
  g_auto (GStrv) files = NULL;
  ShsExit status
      = shs_cli_parse (WORD, (const GOptionEntry *)entries->data, argc, argv, 2, 2, &files);

  return status == SHS_EXIT_DONE ? open_and_draw (files, &choices, options) : status;
}
