/* Waterfall: from the base value below to the prediction of one row above, feature by feature. */
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "plot/shs-plot-builders.h"
#include "plot/shs-plot-rows.h"
#include "plot/shs-value-label.h"

#include <math.h>
#include <string.h>

#define THICKNESS_SHARE 0.76
#define MAX_THICKNESS 32.0
#define HEAD 5.0 /* length of an arrow's head */
#define LINK_DIGITS 3
#define PADDING 0.02
#define N_FITTING_STEPS 4
#define MIN_LINES_FOR_BASE 8.5
#define RESIDUAL_SHARE 1e-3 /* of the largest step: a larger residual is told */

typedef struct
{
  ShsPlotFrame *frame;
  ShsPlotRows rows;
  double *values; /* of all features */
  double *steps;  /* of the lines */
  double *ends;   /* where each line ends; the last one started at the base value */
  char **texts;
  double base, output;
  char *base_name, *output_name;
  double low, high;
  ShsScale scale;
  ShsNumberLabel label;     /* of the steps */
  ShsNumberLabel end_label; /* of base value and output, which add up with the steps */
} Waterfall;

static void
waterfall_clear (Waterfall *self)
{
  for (gsize i = 0; self->texts != NULL && i < self->rows.n; i++)
    g_free (self->texts[i]);
  shs_free (self->texts);
  shs_plot_rows_clear (&self->rows);
  shs_free (self->values);
  shs_free (self->steps);
  shs_free (self->ends);
  g_free (self->base_name);
  g_free (self->output_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Waterfall, waterfall_clear)

static gboolean
read_values (Waterfall *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  gsize row = (gsize)frame->options->row;

  self->values = shs_alloc (frame->n_features, sizeof *self->values, error);
  self->base = shs_explanation_get_base_value (frame->explanation, row, frame->output);
  return self->values != NULL
         && shs_values_read_row (frame->parts->values, frame->output, row, self->values, error);
}

/* Both ends have the decimals of the steps between them, so that a person can add them up; where
 * these are too small for that, the digits of the larger end. */
static ShsNumberLabel
make_end_label (const Waterfall *self)
{
  double largest = fmax (fabs (self->base), fabs (self->output));
  ShsNumberLabel own
      = shs_number_label_for_scale (isfinite (largest) ? largest : 0, SHS_VALUE_DIGITS, FALSE);
  ShsNumberLabel label = self->label;

  label.sign = FALSE;
  if (self->frame->is_logit)
    return (ShsNumberLabel){ .decimals = LINK_DIGITS };
  return label.exponent < own.exponent ? own : label;
}

static gboolean
make_steps (Waterfall *self, GError **error)
{
  gsize n = self->rows.n;
  double at = self->base, largest = 0;

  self->steps = shs_alloc (n, sizeof *self->steps, error);
  self->ends = shs_alloc (n, sizeof *self->ends, error);
  self->texts = shs_alloc0 (n, sizeof *self->texts, error);
  if (self->steps == NULL || self->ends == NULL || self->texts == NULL)
    return FALSE;
  self->low = self->high = at;
  for (gsize i = n; i-- > 0;)
    {
      self->steps[i] = i < self->rows.n_features
                           ? self->values[self->rows.order[i]]
                           : shs_sum_behind (self->values, self->rows.order, self->rows.n_features,
                                             self->frame->n_features);
      at += self->steps[i];
      self->ends[i] = at;
      self->low = fmin (self->low, at);
      self->high = fmax (self->high, at);
      largest = fmax (largest, fabs (self->steps[i]));
    }
  self->output = at;
  /* Where nothing changes, the ends still are numbers to be read. */
  if (largest == 0)
    largest = fabs (at);
  self->label
      = shs_number_label_for_scale (isfinite (largest) ? largest : 0, SHS_VALUE_DIGITS, TRUE);
  self->end_label = make_end_label (self);
  for (gsize i = 0; i < n; i++)
    self->texts[i] = shs_number_label_format (&self->label, self->steps[i]);
  return TRUE;
}

static ShsValueBar
get_bar (const Waterfall *self, gsize line)
{
  const ShsTheme *theme = &self->frame->theme;
  gboolean is_negative = self->steps[line] < 0;

  return (ShsValueBar){
    .start = shs_scale_map (&self->scale, self->ends[line] - self->steps[line]),
    .tip = shs_scale_map (&self->scale, self->ends[line]),
    .y = shs_plot_rows_get_y (&self->rows, line),
    .height = MIN (THICKNESS_SHARE * self->rows.pitch, MAX_THICKNESS),
    .can_hold = TRUE,
    .fill = is_negative ? theme->negative : theme->positive,
    .text_color = is_negative ? theme->negative_text : theme->positive_text,
  };
}

static void
set_scale (Waterfall *self, double left, double right)
{
  ShsRectangle plot = self->rows.plot;
  double per_unit;

  self->scale = shs_scale_new (self->low, self->high, PADDING, plot.x, plot.x + plot.width);
  per_unit = (self->scale.high - self->scale.low) / (plot.width - left - right);
  self->scale.low -= left * per_unit;
  self->scale.high += right * per_unit;
  self->scale.is_logit = self->frame->is_logit;
}

/* How far numbers beyond the bars reach out of the plot on the left and on the right. */
static void
measure_overhang (const Waterfall *self, double overhang[2])
{
  ShsRectangle plot = self->rows.plot;

  overhang[0] = overhang[1] = 0;
  for (gsize i = 0; i < self->rows.n; i++)
    {
      ShsValueBar bar = get_bar (self, i);
      double width = shs_plot_frame_width (self->frame, self->texts[i], self->frame->tick);
      double room = width + SHS_VALUE_LABEL_GAP + 1;

      if (shs_value_bar_holds (&bar, width, self->frame->tick))
        continue;
      if (bar.tip < bar.start)
        overhang[0] = MAX (overhang[0], plot.x - (bar.tip - room));
      else
        overhang[1] = MAX (overhang[1], bar.tip + room - (plot.x + plot.width));
    }
}

/* Room for the numbers beside the bars, found in a few steps, since it moves the bars. */
static void
make_scale (Waterfall *self)
{
  double most = self->rows.plot.width / 3;
  double rooms[2] = { 0, 0 };
  double overhang[2];

  for (guint step = 0; step < N_FITTING_STEPS; step++)
    {
      set_scale (self, rooms[0], rooms[1]);
      measure_overhang (self, overhang);
      for (guint side = 0; side < 2; side++)
        rooms[side] = MIN (most, rooms[side] + overhang[side]);
    }
  set_scale (self, rooms[0], rooms[1]);
}

static void
add_arrow (Waterfall *self, const ShsValueBar *bar, ShsMarkKey key)
{
  double length = fabs (bar->tip - bar->start);
  double neck = bar->tip + (bar->tip < bar->start ? 1 : -1) * MIN (HEAD, length);
  double top = bar->y - bar->height / 2, bottom = bar->y + bar->height / 2;
  ShsPathBuilder path = shs_path_builder_init ();

  shs_path_builder_move (&path, bar->start, top);
  shs_path_builder_line (&path, neck, top);
  shs_path_builder_line (&path, bar->tip, bar->y);
  shs_path_builder_line (&path, neck, bottom);
  shs_path_builder_line (&path, bar->start, bottom);
  shs_path_builder_close (&path);
  shs_scene_add_path (self->frame->scene, SHS_LAYER_DATA, key, &path, bar->fill, (ShsStroke){ 0 });
}

static void
add_line (Waterfall *self, gsize line)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle plot = self->rows.plot;
  ShsValueBar bar = get_bar (self, line);
  gint32 feature = shs_plot_rows_get_feature (&self->rows, line);
  gint64 row = frame->options->row;
  double left;

  add_arrow (self, &bar, shs_plot_frame_key (frame, SHS_ROLE_VALUE, row, feature));
  left = shs_value_label_add (frame, shs_plot_frame_key (frame, SHS_ROLE_VALUE_LABEL, row, feature),
                              self->texts[line], &bar, plot.x, plot.x + plot.width);
  shs_value_leader (frame, plot.x, left, bar.y);
}

/* Thin lines lead from each arrow's start to the tip of the one below; they keep to the gaps
 * between the lines, where no number stands. */
static void
add_connectors (Waterfall *self)
{
  ShsStroke dashed = { .color = self->frame->theme.zero, .width = 0.6, .dash = { 2, 1.5 } };

  for (gsize i = 1; i < self->rows.n; i++)
    {
      double x = shs_scale_map (&self->scale, self->ends[i]);
      double half = MIN (THICKNESS_SHARE * self->rows.pitch, MAX_THICKNESS) / 2;

      shs_scene_add_line (self->frame->scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_CONNECTOR), x,
                          shs_plot_rows_get_y (&self->rows, i - 1) + half, x,
                          shs_plot_rows_get_y (&self->rows, i) - half, dashed);
    }
}

static char *
format_end (const Waterfall *self, double value)
{
  return shs_number_label_format (&self->end_label,
                                  shs_plot_frame_show_output (self->frame, value));
}

/* "NAME = 9,529", the unit stands at the axis where that has a title; of values that do not add up
 * to f(x), f(x) beside their sum. */
static char *
describe_end (const Waterfall *self, ShsRole role, const char *name, double value)
{
  const ShsPlotFrame *frame = self->frame;
  const char *unit = frame->is_logit || shs_plot_frame_has_axis_title (frame)
                         ? NULL
                         : shs_plot_frame_get_unit (frame);
  g_autofree char *number = format_end (self, value);
  GString *text = g_string_new (NULL);
  double prediction = shs_explanation_get_prediction (frame->explanation,
                                                      (gsize)frame->options->row, frame->output);

  g_string_printf (text, "%s = %s", name, number);
  if (unit != NULL)
    g_string_append_printf (text, " (%s)", unit);
  if (role == SHS_ROLE_PREDICTION && shs_plot_frame_is_banzhaf (frame) && !isnan (prediction))
    {
      g_autofree char *own = format_end (self, prediction);

      g_string_append_printf (text, " · f(x) = %s", own);
    }
  return g_string_free (text, FALSE);
}

/* "NAME = 9,529" centred on @x as far as the figure allows. */
static void
add_caption (Waterfall *self, ShsRole role, const char *name, double value, double y)
{
  ShsPlotFrame *frame = self->frame;
  double x = shs_scale_map (&self->scale, value);
  g_autofree char *text = describe_end (self, role, name, value);
  double half;

  half = shs_plot_frame_width (frame, text, frame->tick) / 2;
  x = MIN (x, frame->area.x + frame->area.width - half);
  x = MAX (x, frame->area.x + half);
  shs_plot_frame_text (frame, shs_plot_frame_key (frame, role, frame->options->row, -1), text,
                       (ShsTextPlace){ .x = x,
                                       .y = y,
                                       .anchor = SHS_ANCHOR_MIDDLE,
                                       .font = frame->tick,
                                       .color = role == SHS_ROLE_PREDICTION ? frame->theme.text
                                                                            : frame->theme.muted });
}

/* Short lines only: from the caption to the first arrow's tip, from the last one's start down. */
static void
add_ends (Waterfall *self, double top)
{
  ShsPlotFrame *frame = self->frame;
  ShsStroke dashed = { .color = frame->theme.zero, .width = 0.7, .dash = { 2, 1.5 } };
  ShsRectangle plot = self->rows.plot;
  double half = MIN (THICKNESS_SHARE * self->rows.pitch, MAX_THICKNESS) / 2;
  double output = shs_scale_map (&self->scale, self->output);
  double base = shs_scale_map (&self->scale, self->base);

  shs_scene_add_line (frame->scene, SHS_LAYER_DATA,
                      shs_plot_frame_key (frame, SHS_ROLE_PREDICTION, frame->options->row, -1),
                      output, top, output, shs_plot_rows_get_y (&self->rows, 0) - half, dashed);
  shs_scene_add_line (frame->scene, SHS_LAYER_DATA,
                      shs_plot_frame_key (frame, SHS_ROLE_BASE_VALUE, frame->options->row, -1),
                      base, shs_plot_rows_get_y (&self->rows, self->rows.n - 1) + half, base,
                      plot.y + plot.height, dashed);
}

/* Where the values do not add up to what the model said, the figure says so. */
static void
add_residual_note (ShsPlotFrame *frame, const double *values)
{
  gsize row = (gsize)frame->options->row;
  double sum = shs_explanation_get_base_value (frame->explanation, row, frame->output);
  double prediction = shs_explanation_get_prediction (frame->explanation, row, frame->output);
  double largest = 0;
  ShsNumberLabel label;
  g_autofree char *number = NULL;
  g_autofree char *text = NULL;

  for (gsize j = 0; j < frame->n_features; j++)
    {
      sum += values[j];
      largest = fmax (largest, fabs (values[j]));
    }
  if (!(fabs (prediction - sum) > RESIDUAL_SHARE * MAX (largest, 1e-9 * fabs (sum))))
    return;
  label = shs_number_label_for_scale (fabs (prediction - sum), 2, TRUE);
  number = shs_number_label_format (&label, prediction - sum);
  text = g_strdup_printf (_ ("The model's own prediction differs from the sum by %s"), number);
  shs_plot_frame_note (frame, text);
}

/* What the ends of the bars are: f(x) and the mean, or two rows that are compared. */
static void
name_ends (Waterfall *self)
{
  const ShsPlotFrame *frame = self->frame;
  const char *other = frame->parts->provenance.background_row;

  self->output_name = shs_plot_frame_name_sum (frame);
  self->base_name = g_strdup (other[0] != '\0' ? other : "E[f(X)]");
}

/* (transfer full): labels of the axis from long to short, the comparison first. */
static char **
describe_axis (const Waterfall *self)
{
  const ShsPlotFrame *frame = self->frame;
  g_auto (GStrv) plain = shs_plot_frame_describe_output (frame);
  g_autofree char *name = shs_plot_frame_name_output (frame);
  g_autofree char *comparison = NULL;
  const char *title = frame->options->title;
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  if (frame->parts->provenance.background_row[0] == '\0')
    return g_steal_pointer (&plain);
  comparison = shs_explanation_describe_comparison (frame->explanation, (gsize)frame->options->row);
  if (title != NULL && strstr (title, comparison) != NULL)
    return g_steal_pointer (&plain);
  for (gsize i = 0; plain[i] != NULL; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s: %s", comparison, plain[i]);

      g_strv_builder_add (texts, text);
    }
  /* The ends of the bars carry the rows' names, but nothing else that of the output. */
  if (name != NULL)
    g_strv_builder_addv (texts, (const char **)plain);
  else
    g_strv_builder_add (texts, comparison);
  return g_strv_builder_end (texts);
}

gboolean
shs_waterfall_build (ShsPlotFrame *frame, GError **error)
{
  g_auto (Waterfall) self = { .frame = frame };
  g_auto (GStrv) label = describe_axis (&self);
  double line = shs_plot_frame_get_line (frame, frame->tick);
  gboolean has_title = shs_plot_frame_has_axis_title (frame);
  gboolean has_base = frame->area.height >= MIN_LINES_FOR_BASE * line;
  ShsRectangle area;
  double bottom;
  ShsTextExtents extents;

  if (!read_values (&self, error))
    return FALSE;
  name_ends (&self);
  add_residual_note (frame, self.values);
  area = frame->area;
  area.y += 1.25 * line;
  area.height -= 1.25 * line + shs_plot_frame_get_axis_height (frame, has_title)
                 + (has_base ? line + 2 : 0);
  if (!shs_plot_rows_init (&self.rows, frame, self.values, area, frame->options->row, error)
      || !make_steps (&self, error))
    return FALSE;
  make_scale (&self);
  shs_plot_rows_draw_labels (&self.rows, frame);
  for (gsize i = 0; i < self.rows.n; i++)
    add_line (&self, i);
  add_connectors (&self);
  add_ends (&self, area.y - 2);

  bottom = self.rows.plot.y + self.rows.plot.height;
  frame->measurer->measure (frame->measurer, "0", frame->tick, &extents);
  add_caption (&self, SHS_ROLE_PREDICTION, self.output_name, self.output,
               frame->area.y + extents.ascent);
  shs_plot_frame_axis_bottom (frame, &self.scale, bottom, FALSE);
  if (has_base)
    add_caption (&self, SHS_ROLE_BASE_VALUE, self.base_name, self.base,
                 bottom + shs_plot_frame_get_axis_height (frame, FALSE) + 1 + extents.ascent);
  self.rows.plot.height += has_base ? line + 2 : 0;
  if (has_title)
    shs_plot_frame_axis_label_below (frame, label, self.rows.plot);
  return TRUE;
}
