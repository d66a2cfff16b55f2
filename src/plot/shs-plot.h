/* Plots: pure functions from an explanation and options to a scene. */
#pragma once

#include "plot/shs-scene.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/** ShsPlotKind: the kinds that are built; names in shs_plot_kind_get_name(). */
typedef enum
{
  SHS_PLOT_BEESWARM,
  SHS_PLOT_BAR,
  SHS_PLOT_WATERFALL,
  SHS_PLOT_FORCE,
  SHS_PLOT_DEPENDENCE,
  SHS_PLOT_INTERACTIONS,
  SHS_N_PLOT_KINDS,
} ShsPlotKind;

/** shs_plot_kind_parse: "beeswarm", "scatter" (shap's name of dependence), ...; -1 for none. */
int shs_plot_kind_parse (const char *name);
const char *shs_plot_kind_get_name (ShsPlotKind kind);
/** shs_plot_kind_get_title: translated, for headings: "Beeswarm". */
const char *shs_plot_kind_get_title (ShsPlotKind kind);
/** shs_plot_kind_needs_row: whether it shows one row ("bar" shows one when a row is given). */
gboolean shs_plot_kind_needs_row (ShsPlotKind kind);
gboolean shs_plot_kind_needs_feature (ShsPlotKind kind);
/** shs_plot_kind_compares_rows: whether it says nothing of a single row. */
gboolean shs_plot_kind_compares_rows (ShsPlotKind kind);
/** shs_plot_kind_has_data: whether @explanation carries what the kind cannot do without;
 * %SHS_ERROR_CHOICE says what it lacks. */
gboolean shs_plot_kind_has_data (ShsPlotKind kind, const ShsExplanation *explanation,
                                 GError **error);

/** ShsPlotOrder: of features. */
typedef enum
{
  SHS_ORDER_MEAN_ABSOLUTE,
  SHS_ORDER_MAX_ABSOLUTE,
  SHS_ORDER_NAME,
  SHS_ORDER_ORIGINAL,
} ShsPlotOrder;

/**
 * ShsPlotOptions: everything a person can choose about a figure; one struct for the command line
 * (--max-display 20), the window (win.figure-option "max-display=20") and the figure's metadata.
 * Strings are owned; -1 and NULL mean "not chosen".
 *
 * @kind: which plot
 * @row: one row of the explanation, or -1
 * @output: which output, from 0
 * @feature: the feature of a dependence plot, or -1 for the most important one
 * @color: name of the feature that colours a dependence plot, "auto" (strongest partner), "none";
 *   with @feature the pair that is framed among interactions
 * @interaction: (nullable): name of a feature: a dependence plot shows the interaction with it, or,
 *   where it is @feature itself, the main effect; NULL for the whole SHAP value
 * @x_limits, @y_limits: ends of the axes of a beeswarm (x) or dependence plot; NaN: as the data
 * are. Points outside are not drawn, and the figure says so
 * @max_display: most rows of features, >= 1; what does not fit is summed up in the last of them
 * @order: of the features
 * @link: "identity" or "logit" (labels through 1 / (1 + exp (-x)))
 * @palette: "shap", "okabe-ito", "print", "viridis", "cividis"
 * @theme: "light" or "dark"
 * @title: (nullable): a line above the plot
 * @font_size: base size in points; 0 for the default
 * @seed: of the jitter
 * @note: whether a quiet line below says method, background and number of rows
 */
typedef struct
{
  ShsPlotKind kind;
  gint64 row;
  gsize output;
  gssize feature;
  char *color;
  char *interaction;
  double x_limits[2], y_limits[2];
  guint max_display;
  ShsPlotOrder order;
  char *link;
  char *palette;
  char *theme;
  char *title;
  double font_size;
  guint64 seed;
  gboolean note;
} ShsPlotOptions;

ShsPlotOptions *shs_plot_options_new (ShsPlotKind kind);
ShsPlotOptions *shs_plot_options_copy (const ShsPlotOptions *self);
void shs_plot_options_free (ShsPlotOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPlotOptions, shs_plot_options_free)
gboolean shs_plot_options_equal (const ShsPlotOptions *a, const ShsPlotOptions *b);

/**
 * shs_plot_options_set:
 * @name: the command line's word: "max-display", "feature", "row", "output", "color", "order", ...
 * @value: its value as text
 * @explanation: (nullable): to find features, rows and outputs by name
 *
 * Returns: FALSE with %SHS_ERROR_CHOICE naming what is allowed
 */
gboolean shs_plot_options_set (ShsPlotOptions *self, const char *name, const char *value,
                               const ShsExplanation *explanation, GError **error);

/** shs_plot_kind_has_option: whether the option @name changes a plot of this kind. */
gboolean shs_plot_kind_has_option (ShsPlotKind kind, const char *name);
/** shs_plot_kind_check_option: the same; %SHS_ERROR_CHOICE lists those that the kind has. */
gboolean shs_plot_kind_check_option (ShsPlotKind kind, const char *name, GError **error);

/** shs_plot_options_get: (transfer full) (nullable): the value as shs_plot_options_set() takes it.
 */
char *shs_plot_options_get (const ShsPlotOptions *self, const char *name);
/** shs_plot_options_get_names: NULL-ended: every word that shs_plot_options_set() knows. */
const char *const *shs_plot_options_get_names (void);

/** shs_plot_get_natural_size: points; what a figure takes when nobody asks for a size. */
void shs_plot_get_natural_size (ShsExplanation *explanation, const ShsPlotOptions *options,
                                double *width, double *height);

/** shs_plot_get_natural_height: points, for a figure of this width: text keeps its size, so plots
 * of lines keep their height. */
double shs_plot_get_natural_height (ShsExplanation *explanation, const ShsPlotOptions *options,
                                    double width);

/**
 * shs_plot_build:
 * @width, @height: of the whole figure, in points; the layout follows, text keeps its size
 *
 * Pure: the same arguments give the same scene, on any thread.
 *
 * Returns: (transfer full): the scene; %SHS_ERROR_CHOICE when the explanation cannot fill this
 * kind, saying what it lacks
 */
ShsScene *shs_plot_build (ShsExplanation *explanation, const ShsPlotOptions *options, double width,
                          double height, ShsTextMeasurer *measurer, GError **error);

/** shs_plot_build_picture: the same for a figure that is only painted or written: of very many
 * rows, points that others cover are left out, so that memory is bounded by the figure's area. */
ShsScene *shs_plot_build_picture (ShsExplanation *explanation, const ShsPlotOptions *options,
                                  double width, double height, ShsTextMeasurer *measurer,
                                  GError **error);

/**
 * shs_plot_describe_hit: (transfer full) (nullable): lines for a tooltip: row, feature = value,
 * SHAP value, share; or the whole text of an elided label.
 */
char *shs_plot_describe_hit (ShsExplanation *explanation, const ShsPlotOptions *options,
                             const ShsScene *scene, const ShsHit *hit);

G_END_DECLS
