/* What every plot needs while it is built: the scene, fonts, colours, and the room that is left. */
#pragma once

#include "plot/shs-number-label.h"
#include "plot/shs-plot.h"
#include "plot/shs-scale.h"
#include "plot/shs-theme.h"

G_BEGIN_DECLS

#define SHS_PLOT_MARGIN 7.0
#define SHS_PLOT_NOTE_GAP 2.0 /* above each line of notes */

/**
 * ShsPlotFrame:
 * @area: what title, note and margins leave to the plot
 * @output: the output that is shown
 * @is_picture: whether nobody will pick or highlight anything in the scene
 * @label: names of features and axes; @tick: numbers of axes; @caption: notes; @strong: bold
 */
typedef struct
{
  ShsExplanation *explanation;
  const ShsExplanationParts *parts;
  const ShsPlotOptions *options;
  ShsTextMeasurer *measurer;
  ShsScene *scene;
  ShsTheme theme;
  gsize n_rows, n_features, output;
  double width, height;
  ShsRectangle area;
  ShsFont label, tick, caption, strong;
  gboolean is_logit;
  gboolean is_picture;
} ShsPlotFrame;

/** shs_plot_frame_init: fills background, title and note. */
void shs_plot_frame_init (ShsPlotFrame *self, ShsExplanation *explanation,
                          const ShsPlotOptions *options, double width, double height,
                          ShsTextMeasurer *measurer);

/** shs_plot_frame_limit: gives an axis from @low to @high the ends that were chosen for it; whether
 * that leaves something out. */
gboolean shs_plot_frame_limit (const double limits[2], double *low, double *high);
/** shs_plot_frame_note_limits: says so below, before anything is laid out. */
void shs_plot_frame_note_limits (ShsPlotFrame *self);

/** shs_plot_frame_get_line: height of a line of text. */
double shs_plot_frame_get_line (const ShsPlotFrame *self, ShsFont font);
/** shs_plot_frame_center: baseline of a line whose small letters are centred at @y. */
double shs_plot_frame_center (ShsFont font, double y);
double shs_plot_frame_width (const ShsPlotFrame *self, const char *text, ShsFont font);

/** shs_plot_frame_text: places a text if there is room for it. */
gboolean shs_plot_frame_text (ShsPlotFrame *self, ShsMarkKey key, const char *text,
                              ShsTextPlace place);

/** shs_plot_frame_key: of a mark of one feature of the shown output. */
ShsMarkKey shs_plot_frame_key (const ShsPlotFrame *self, ShsRole role, gint64 row, gint32 feature);

/** shs_plot_frame_note: a quiet line at the lower end, above an earlier one. */
void shs_plot_frame_note (ShsPlotFrame *self, const char *text);

/** shs_plot_frame_count_notes: how many such lines leave enough to the plot. */
gsize shs_plot_frame_count_notes (const ShsPlotFrame *self);

/** shs_plot_frame_get_caption_size: of the type of notes, in points. */
double shs_plot_frame_get_caption_size (const ShsPlotOptions *options);

/** shs_plot_frame_measure_note: the height that shs_plot_frame_note() would take. */
double shs_plot_frame_measure_note (const ShsPlotFrame *self);

/** shs_plot_frame_has_axis_title: whether the figure is high enough for it beside its lines. */
gboolean shs_plot_frame_has_axis_title (const ShsPlotFrame *self);

/** shs_plot_frame_get_axis_height: of a lower axis with numbers and label. */
double shs_plot_frame_get_axis_height (const ShsPlotFrame *self, gboolean has_label);

/**
 * shs_plot_frame_axis_bottom:
 * @y: of the axis line
 * @sign: whether positive numbers get a plus
 *
 * As many nice numbers as have room.
 */
void shs_plot_frame_axis_bottom (ShsPlotFrame *self, const ShsScale *scale, double y,
                                 gboolean sign);
/** shs_plot_frame_axis_top: the same above the line. */
void shs_plot_frame_axis_top (ShsPlotFrame *self, const ShsScale *scale, double y);
/** shs_plot_frame_axis_left: numbers left of a vertical line at @x. */
void shs_plot_frame_axis_left (ShsPlotFrame *self, const ShsScale *scale, double x, gboolean sign);
/** shs_plot_frame_measure_left: width of the numbers of a left axis. */
double shs_plot_frame_measure_left (const ShsPlotFrame *self, const ShsScale *scale, gboolean sign);

/** shs_plot_frame_axis_label: the first of @candidates that fits, else the last one elided. */
void shs_plot_frame_axis_label (ShsPlotFrame *self, char *const *candidates, double x, double y,
                                double room, double rotation);

/** shs_plot_frame_axis_label_below: the same under the numbers of a lower axis of @plot. */
void shs_plot_frame_axis_label_below (ShsPlotFrame *self, char *const *candidates,
                                      ShsRectangle plot);

/** shs_plot_frame_name_output: (transfer full) (nullable): the output's name, if it tells
 * anything. */
char *shs_plot_frame_name_output (const ShsPlotFrame *self);
/** shs_plot_frame_name_sum: (transfer full): what base value and values of the row add up to:
 * "f(x)", the row's name where two rows are compared, or that it is a sum of Banzhaf values, which
 * f(x) is not. */
char *shs_plot_frame_name_sum (const ShsPlotFrame *self);
/** shs_plot_frame_is_banzhaf: whether the values need not add up to f(x). */
gboolean shs_plot_frame_is_banzhaf (const ShsPlotFrame *self);
/** shs_plot_frame_get_unit: (nullable): of values and predictions. */
const char *shs_plot_frame_get_unit (const ShsPlotFrame *self);
/** shs_plot_frame_describe_axis: (transfer full): label texts from long to short, e.g. of
 * "SHAP value". */
char **shs_plot_frame_describe_axis (const ShsPlotFrame *self, const char *what);

/** shs_plot_frame_describe_output: (transfer full): labels for an axis of the output itself. */
char **shs_plot_frame_describe_output (const ShsPlotFrame *self);

/** shs_plot_frame_show_output: a number of the model's output as it is written: through the link.
 */
double shs_plot_frame_show_output (const ShsPlotFrame *self, double value);

G_END_DECLS
