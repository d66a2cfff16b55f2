/* Bars: mean magnitude of every feature over all rows, or the signed values of one row. */
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "plot/shs-plot-builders.h"
#include "plot/shs-plot-rows.h"
#include "plot/shs-value-label.h"

#include <math.h>

#define THICKNESS_SHARE 0.68 /* of a line's height */
#define MAX_THICKNESS 30.0
#define MIN_BARS_WIDTH 16.0

typedef struct
{
  ShsPlotFrame *frame;
  ShsPlotRows rows;
  double *values;  /* of all features */
  double *lengths; /* of the lines */
  char **texts;    /* of the lines */
  gboolean is_local;
  ShsScale scale;
} Bars;

static void
bars_clear (Bars *self)
{
  for (gsize i = 0; self->texts != NULL && i < self->rows.n; i++)
    g_free (self->texts[i]);
  shs_free (self->texts);
  shs_plot_rows_clear (&self->rows);
  shs_free (self->values);
  shs_free (self->lengths);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bars, bars_clear)

static gboolean
read_global (Bars *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  gboolean largest = frame->options->order == SHS_ORDER_MAX_ABSOLUTE;
  SHS_AUTOFREE ShsFeatureSummary *summaries
      = shs_alloc (frame->n_features, sizeof *summaries, error);

  if (summaries == NULL
      || !shs_explanation_summarise (frame->explanation, frame->output, summaries, NULL, error))
    return FALSE;
  for (gsize j = 0; j < frame->n_features; j++)
    self->values[j] = largest ? summaries[j].max_absolute : summaries[j].mean_absolute;
  return TRUE;
}

static gboolean
read_values (Bars *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;

  self->values = shs_alloc (frame->n_features, sizeof *self->values, error);
  if (self->values == NULL)
    return FALSE;
  return self->is_local ? shs_values_read_row (frame->parts->values, frame->output,
                                               (gsize)frame->options->row, self->values, error)
                        : read_global (self, error);
}

/* The sum of maxima would be no maximum of anything. */
static double
get_rest (const Bars *self)
{
  double most = 0;

  if (self->is_local || self->frame->options->order != SHS_ORDER_MAX_ABSOLUTE)
    return shs_sum_behind (self->values, self->rows.order, self->rows.n_features,
                           self->frame->n_features);
  for (gsize k = self->rows.n_features; k < self->frame->n_features; k++)
    most = fmax (most, self->values[self->rows.order[k]]);
  return most;
}

static gboolean
make_lines (Bars *self, GError **error)
{
  gsize n = self->rows.n;
  double largest = 0;
  ShsNumberLabel label;

  self->lengths = shs_alloc (n, sizeof *self->lengths, error);
  if (self->lengths == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      self->lengths[i]
          = i < self->rows.n_features ? self->values[self->rows.order[i]] : get_rest (self);
      if (isfinite (self->lengths[i]))
        largest = MAX (largest, fabs (self->lengths[i]));
    }
  label = shs_number_label_for_scale (largest, SHS_VALUE_DIGITS, self->is_local);
  self->texts = shs_alloc0 (n, sizeof *self->texts, error);
  for (gsize i = 0; i < n && self->texts != NULL; i++)
    self->texts[i] = shs_number_label_format (&label, self->lengths[i]);
  return self->texts != NULL;
}

/* The numbers stand beyond the bars' ends, within the axis. */
static void
make_scale (Bars *self)
{
  ShsRectangle plot = self->rows.plot;
  double low = 0, high = 0, rooms[2] = { 0, 0 };
  double width, per_unit;

  for (gsize i = 0; i < self->rows.n; i++)
    {
      int side = self->lengths[i] < 0 ? 0 : 1;
      double room = shs_plot_frame_width (self->frame, self->texts[i], self->frame->tick);

      low = fmin (low, self->lengths[i]);
      high = fmax (high, self->lengths[i]);
      rooms[side] = MAX (rooms[side], room + SHS_VALUE_LABEL_GAP + 2);
    }
  self->scale = shs_scale_new (low, high, 0, plot.x, plot.x + plot.width);
  if (low == 0 && self->scale.low < 0)
    self->scale.low = 0;
  if (high == 0 && low < 0)
    self->scale.high = 0;
  width = MAX (MIN_BARS_WIDTH, plot.width - rooms[0] - rooms[1]);
  per_unit = (self->scale.high - self->scale.low) / width;
  rooms[0] = MIN (rooms[0], plot.width / 3);
  self->scale.low -= rooms[0] * per_unit;
  self->scale.high = self->scale.low + plot.width * per_unit;
}

static void
add_bar (Bars *self, gsize line)
{
  ShsPlotFrame *frame = self->frame;
  const ShsTheme *theme = &frame->theme;
  double length = isfinite (self->lengths[line]) ? self->lengths[line] : 0;
  gboolean is_negative = length < 0;
  gint32 feature = shs_plot_rows_get_feature (&self->rows, line);
  gint64 row = self->is_local ? frame->options->row : -1;
  ShsValueBar bar = { .start = shs_scale_map (&self->scale, 0),
                      .tip = shs_scale_map (&self->scale, length),
                      .y = shs_plot_rows_get_y (&self->rows, line),
                      .height = MIN (THICKNESS_SHARE * self->rows.pitch, MAX_THICKNESS),
                      .fill = is_negative ? theme->negative : theme->positive,
                      .text_color = is_negative ? theme->negative_text : theme->positive_text };
  ShsRectangle plot = self->rows.plot;
  double left;

  shs_scene_add_rectangle (frame->scene, SHS_LAYER_DATA,
                           shs_plot_frame_key (frame, SHS_ROLE_VALUE, row, feature),
                           (ShsRectangle){ MIN (bar.start, bar.tip), bar.y - bar.height / 2,
                                           fabs (bar.tip - bar.start), bar.height },
                           bar.fill, (ShsStroke){ 0 });
  left = shs_value_label_add (frame, shs_plot_frame_key (frame, SHS_ROLE_VALUE_LABEL, row, feature),
                              self->texts[line], &bar, plot.x, plot.x + plot.width);
  shs_value_leader (frame, plot.x, left, bar.y);
}

static char **
describe_axis (const Bars *self)
{
  if (self->is_local)
    return shs_plot_frame_describe_axis (self->frame, _ ("SHAP value"));
  if (self->frame->n_rows == 1)
    return shs_plot_frame_describe_axis (self->frame, _ ("|SHAP value|"));
  if (self->frame->options->order == SHS_ORDER_MAX_ABSOLUTE)
    return shs_plot_frame_describe_axis (self->frame, _ ("max(|SHAP value|)"));
  return shs_plot_frame_describe_axis (self->frame, _ ("mean(|SHAP value|)"));
}

gboolean
shs_bar_build (ShsPlotFrame *frame, GError **error)
{
  g_auto (Bars) self = { .frame = frame, .is_local = frame->options->row >= 0 };
  g_auto (GStrv) label = describe_axis (&self);
  ShsRectangle area = frame->area;
  ShsRectangle plot;
  double zero;

  area.height -= shs_plot_frame_get_axis_height (frame, shs_plot_frame_has_axis_title (frame));
  self.rows.is_sum = TRUE;
  if (!read_values (&self, error)
      || !shs_plot_rows_init (&self.rows, frame, self.values, area, frame->options->row, error)
      || !make_lines (&self, error))
    return FALSE;
  make_scale (&self);
  shs_plot_rows_draw_labels (&self.rows, frame);
  for (gsize line = 0; line < self.rows.n; line++)
    add_bar (&self, line);
  plot = self.rows.plot;
  zero = shs_scale_map (&self.scale, 0);
  shs_scene_add_line (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_GRID), zero, plot.y, zero,
                      plot.y + plot.height,
                      (ShsStroke){ .color = frame->theme.axis, .width = 0.7 });
  shs_plot_frame_axis_bottom (frame, &self.scale, plot.y + plot.height, self.is_local);
  if (shs_plot_frame_has_axis_title (frame))
    shs_plot_frame_axis_label_below (frame, label, plot);
  return TRUE;
}
