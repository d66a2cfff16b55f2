/* What stands around the points of a dependence plot: histogram, category names, colour legend. */
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "plot/shs-dependence-private.h"
#include "plot/shs-feature-label.h"
#include "plot/shs-upright-label.h"

#include <math.h>
#include <string.h>

#define HISTOGRAM_SHARE 0.22  /* of the height, for the fullest bin */
#define MISSING_BIN_SHARE 0.6 /* of the band for rows without a value */
#define MAX_BINS 512
#define BAR_WIDTH 6.0
#define BAR_GAP 12.0
#define TEXT_GAP 4.0
#define NAME_SHARE 0.22   /* of the width, for names beside the colour bar */
#define UPRIGHT_SHARE 0.3 /* of the height, for upright names below */
#define MAX_BANDS 12
#define MAX_MEASURED 400
#define MIN_WIDTH_FOR_LEGEND 220.0
#define NAME_GAP 4.0
#define UPRIGHT_GAP 0.6
#define MIN_NAME_SIZE 5.5

/* Whole numbers get a bin each, centred on them. */
static gsize
choose_bins (const ShsDependence *self, double *low, double *width)
{
  gsize n = self->frame->n_rows;
  gsize n_bins = n >= 500 ? 50 : n >= 200 ? 20 : n >= 100 ? 10 : 5;
  const ShsScale *scale = &self->x_scale;

  if (shs_is_categorical (self->column) || self->jitter > 0)
    {
      *low = ceil (scale->low - 0.5) - 0.5;
      *width = 1;
      return (gsize)CLAMP (floor (scale->high + 0.5) + 0.5 - *low, 1, MAX_BINS);
    }
  *low = scale->low;
  *width = (scale->high - scale->low) / (double)n_bins;
  return n_bins;
}

static void
add_corner (ShsPathBuilder *path, gboolean *is_open, double x, double y)
{
  if (*is_open)
    shs_path_builder_line (path, x, y);
  else
    shs_path_builder_move (path, x, y);
  *is_open = TRUE;
}

static gsize
count_rows (const ShsDependence *self, double low, double width, gsize n_bins, gsize *counts)
{
  gsize most = MAX (1, self->n_missing);

  for (gsize i = 0; i < self->frame->n_rows; i++)
    {
      double bin = floor ((self->x[i] - low) / width);

      if (!isfinite (self->x[i]) || bin < 0 || self->x[i] > self->x_scale.high)
        continue;
      counts[MIN ((gsize)bin, n_bins - 1)]++;
    }
  for (gsize b = 0; b < n_bins; b++)
    most = MAX (most, counts[b]);
  return most;
}

/* The rows without a value, in their band, on the scale of the others. */
static void
add_missing_bin (ShsDependence *self, ShsPathBuilder *path, double unit)
{
  double half = MISSING_BIN_SHARE * (self->missing_x - self->plot.x);
  double bottom = self->plot.y + self->plot.height;
  double top = bottom - unit * (double)self->n_missing;

  shs_path_builder_move (path, self->missing_x - half, bottom);
  shs_path_builder_line (path, self->missing_x - half, top);
  shs_path_builder_line (path, self->missing_x + half, top);
  shs_path_builder_line (path, self->missing_x + half, bottom);
  shs_path_builder_close (path);
}

/* One path, so that no seams show between neighbouring bins. */
void
shs_dependence_add_histogram (ShsDependence *self)
{
  gsize counts[MAX_BINS] = { 0 };
  double low, width;
  gsize n_bins = choose_bins (self, &low, &width);
  double unit
      = HISTOGRAM_SHARE * self->plot.height / (double)count_rows (self, low, width, n_bins, counts);
  double bottom = self->plot.y + self->plot.height;
  double gap = self->jitter > 0 ? 0.08 : 0;
  ShsPathBuilder path = shs_path_builder_init ();
  gboolean is_open = FALSE;

  if (self->n_missing > 0)
    add_missing_bin (self, &path, unit);
  for (gsize b = 0; b < n_bins; b++)
    {
      double x1 = shs_scale_map (&self->x_scale, low + ((double)b + gap) * width);
      double x2 = shs_scale_map (&self->x_scale, low + ((double)b + 1 - gap) * width);
      double top = bottom - unit * (double)counts[b];

      x1 = MAX (x1, self->x_scale.start);
      x2 = MAX (x1, MIN (x2, self->x_scale.end));
      if (!is_open)
        add_corner (&path, &is_open, x1, bottom);
      add_corner (&path, &is_open, x1, top);
      add_corner (&path, &is_open, x2, top);
      if (b < n_bins - 1 && gap == 0)
        continue;
      add_corner (&path, &is_open, x2, bottom);
      shs_path_builder_close (&path);
      is_open = FALSE;
    }
  shs_scene_add_path (self->frame->scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_HISTOGRAM), &path,
                      self->frame->theme.histogram, (ShsStroke){ 0 });
}

static double
measure_names (const ShsPlotFrame *frame, const ShsColumn *column, gsize step)
{
  double width = 0;

  for (gsize c = 0; c < column->n_categories && c < MAX_MEASURED * step; c += step)
    width = MAX (width, shs_plot_frame_width (frame, column->categories[c], frame->tick));
  return width;
}

/* Whether every name has its place below its category, within the figure and apart from others. */
static gboolean
names_lie (const ShsDependence *self, double width)
{
  const ShsPlotFrame *frame = self->frame;
  double pitch = width / (double)self->column->n_categories;
  double widest = measure_names (frame, self->column, 1) + 0.01;

  return widest + NAME_GAP <= pitch;
}

/* Upright names in the largest type that keeps neighbours apart, down to the least. */
static ShsFont
choose_name_font (const ShsDependence *self, double width)
{
  ShsFont font = self->frame->tick;
  double pitch = width / (double)self->column->n_categories;

  while (font.size > MIN_NAME_SIZE
         && shs_plot_frame_get_line (self->frame, font) + UPRIGHT_GAP > pitch)
    font.size = MAX (MIN_NAME_SIZE, font.size - 0.25);
  if (shs_plot_frame_get_line (self->frame, font) + UPRIGHT_GAP > pitch)
    font = self->frame->tick;
  return font;
}

double
shs_dependence_get_names_height (ShsDependence *self, double width)
{
  const ShsPlotFrame *frame = self->frame;
  double line = shs_plot_frame_get_line (frame, frame->tick);
  double widest = measure_names (frame, self->column, 1) + 0.01;

  self->name_room = 0;
  self->name_font = frame->tick;
  if (!names_lie (self, width))
    {
      self->name_font = choose_name_font (self, width);
      self->name_room = MAX (1, MIN (widest, UPRIGHT_SHARE * frame->height) - line);
    }
  return self->name_room;
}

void
shs_dependence_add_names (ShsDependence *self)
{
  ShsPlotFrame *frame = self->frame;
  gsize n = self->column->n_categories;
  double bottom = self->plot.y + self->plot.height;
  double pitch = (self->x_scale.end - self->x_scale.start) / (double)n;
  gboolean upright = self->name_room > 0;
  double line = shs_plot_frame_get_line (frame, self->name_font);
  gsize step = (gsize)MAX (1, ceil ((line + UPRIGHT_GAP) / MAX (pitch, 1e-6) - 1e-6));
  ShsStroke stroke = { .color = frame->theme.axis, .width = 0.7 };
  double room = self->name_room + shs_plot_frame_get_line (frame, frame->tick);
  ShsTextExtents extents;

  frame->measurer->measure (frame->measurer, "0", frame->tick, &extents);
  shs_scene_add_line (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_AXIS), self->x_scale.start,
                      bottom, self->x_scale.end, bottom, stroke);
  for (gsize c = 0; c < n; c += upright ? step : 1)
    {
      double x = shs_scale_map (&self->x_scale, (double)c);
      const char *whole = self->column->categories[c];
      g_autofree char *name
          = upright ? shs_plot_frame_elide_middle (frame, whole, self->name_font, room)
                    : g_strdup (whole);
      ShsTextPlace place = { .x = upright ? x + 0.36 * self->name_font.size : x,
                             .y = bottom + (upright ? 5.5 : 5.5 + extents.ascent),
                             .anchor = upright ? SHS_ANCHOR_END : SHS_ANCHOR_MIDDLE,
                             .font = self->name_font,
                             .color = frame->theme.text,
                             .rotation = upright ? 90 : 0,
                             .whole = strcmp (name, whole) != 0 ? whole : NULL };

      shs_scene_add_line (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_AXIS), x, bottom, x,
                          bottom + 3, stroke);
      shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_TICK_LABEL), name, place);
    }
}

static gboolean
has_bands (const ShsDependence *self)
{
  return shs_is_categorical (self->partner_column)
         && self->partner_column->n_categories <= MAX_BANDS;
}

static ShsScale
get_bar_scale (const ShsDependence *self, double bottom, double top)
{
  ShsScale scale = shs_scale_new (self->colors.low, self->colors.high, 0, bottom, top);

  return scale;
}

static double
get_text_width (const ShsDependence *self)
{
  const ShsPlotFrame *frame = self->frame;
  ShsTicks ticks;
  ShsNumberLabel label;
  double width = 0, largest = 0;
  ShsScale scale = get_bar_scale (self, 100, 0);

  if (has_bands (self))
    return MIN (measure_names (frame, self->partner_column, 1) + 0.01, NAME_SHARE * frame->width);
  if (shs_is_categorical (self->partner_column))
    return MIN (measure_names (frame, self->partner_column, self->partner_column->n_categories - 1)
                    + 0.01,
                NAME_SHARE * frame->width);
  shs_scale_find_ticks (&scale, 6, &ticks);
  for (gsize i = 0; i < ticks.n; i++)
    largest = MAX (largest, fabs (ticks.shown[i]));
  label = shs_number_label_for_feature (ticks.step, largest);
  for (gsize i = 0; i < ticks.n; i++)
    {
      g_autofree char *text = shs_number_label_format (&label, ticks.shown[i]);

      width = MAX (width, shs_plot_frame_width (frame, text, frame->tick));
    }
  return width;
}

/* Room below the colour bar. */
static double
get_foot (const ShsDependence *self)
{
  return self->colors.has_missing ? 2 * self->frame->tick.size : 0;
}

double
shs_dependence_get_legend_width (ShsDependence *self)
{
  const ShsPlotFrame *frame = self->frame;
  char *label[] = { NULL, NULL };
  double width;

  if (self->partner < 0 || frame->area.width < MIN_WIDTH_FOR_LEGEND)
    return 0;
  label[0] = self->partner_column->name;
  self->n_legend_lines
      = shs_upright_label_count_lines (frame, label, self->plot.height - get_foot (self));
  width = BAR_WIDTH + TEXT_GAP + get_text_width (self) + TEXT_GAP
          + shs_plot_frame_get_line (frame, frame->label)
          + (double)(self->n_legend_lines - 1) * shs_upright_label_get_pitch (frame);
  if (self->colors.has_missing)
    width = MAX (width, shs_plot_point_legend_width (frame, SHS_LEGEND_MISSING));
  return BAR_GAP + width;
}

/* One band a category, in the colour of its points, its name beside it. */
static void
add_bands (ShsDependence *self, ShsRectangle bar)
{
  ShsPlotFrame *frame = self->frame;
  gsize n = self->partner_column->n_categories;
  double height = bar.height / (double)n;

  for (gsize c = 0; c < n; c++)
    {
      guint32 rgba = shs_value_colors_get (&self->colors, &frame->theme, (double)c);
      double y = bar.y + bar.height - ((double)c + 1) * height;
      ShsColor fill = SHS_COLOR_HEX (rgba >> 8);

      shs_scene_add_rectangle (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_COLOR_BAR),
                               (ShsRectangle){ bar.x, y + 0.5, bar.width, MAX (height - 1, 0.5) },
                               fill, (ShsStroke){ 0 });
      shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_COLOR_BAR), self->partner_column->categories[c],
                           (ShsTextPlace){ .x = bar.x + BAR_WIDTH + TEXT_GAP,
                                           .y = shs_plot_frame_center (frame->tick, y + height / 2),
                                           .font = frame->tick,
                                           .color = frame->theme.text,
                                           .max_width = get_text_width (self) });
    }
}

/* Of more categories than can be told apart the first and the last are named. */
static void
add_ends (ShsDependence *self, ShsRectangle bar)
{
  ShsPlotFrame *frame = self->frame;
  const ShsColumn *column = self->partner_column;

  shs_plot_color_bar (frame, bar);
  for (guint end = 0; end < 2; end++)
    {
      double y
          = end == 0 ? bar.y + bar.height - frame->tick.size / 2 : bar.y + frame->tick.size / 2;

      shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_COLOR_BAR),
                           column->categories[end == 0 ? 0 : column->n_categories - 1],
                           (ShsTextPlace){ .x = bar.x + BAR_WIDTH + TEXT_GAP,
                                           .y = shs_plot_frame_center (frame->tick, y),
                                           .font = frame->tick,
                                           .color = frame->theme.text,
                                           .max_width = get_text_width (self) });
    }
}

static void
add_numbers (ShsDependence *self, ShsRectangle bar)
{
  ShsPlotFrame *frame = self->frame;
  ShsScale scale = get_bar_scale (self, bar.y + bar.height, bar.y);
  double line = shs_plot_frame_get_line (frame, frame->tick);
  ShsTicks ticks;
  ShsNumberLabel label;
  double largest = 0;

  shs_plot_color_bar (frame, bar);
  shs_scale_find_ticks (&scale, (gsize)CLAMP (bar.height / (2.5 * line), 2, 6), &ticks);
  for (gsize i = 0; i < ticks.n; i++)
    largest = MAX (largest, fabs (ticks.shown[i]));
  label = shs_number_label_for_feature (ticks.step, largest);
  for (gsize i = 0; i < ticks.n; i++)
    {
      double y = shs_scale_map (&scale, ticks.positions[i]);
      g_autofree char *text = shs_number_label_format (&label, ticks.shown[i]);

      shs_scene_add_line (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_AXIS), bar.x + bar.width,
                          y, bar.x + bar.width + 2, y,
                          (ShsStroke){ .color = frame->theme.axis, .width = 0.7 });
      shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_COLOR_BAR), text,
                           (ShsTextPlace){ .x = bar.x + BAR_WIDTH + TEXT_GAP,
                                           .y = shs_plot_frame_center (frame->tick, y),
                                           .font = frame->tick,
                                           .color = frame->theme.text });
    }
}

void
shs_dependence_add_legend (ShsDependence *self)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle plot = self->plot;
  double right = frame->area.x + frame->area.width;
  double last = right - 0.24 * frame->label.size;
  double foot = get_foot (self);
  ShsRectangle bar = { plot.x + plot.width + BAR_GAP, plot.y, BAR_WIDTH, plot.height - foot };
  char *label[] = { NULL, NULL };

  if (self->n_legend_lines == 0)
    return;
  if (foot > 0)
    shs_plot_point_legend (frame, SHS_LEGEND_MISSING,
                           right - shs_plot_point_legend_width (frame, SHS_LEGEND_MISSING),
                           plot.y + plot.height - 0.5 * frame->tick.size);
  if (bar.height < 3 * frame->tick.size)
    return;
  if (has_bands (self))
    add_bands (self, bar);
  else if (shs_is_categorical (self->partner_column))
    add_ends (self, bar);
  else
    add_numbers (self, bar);
  label[0] = self->partner_column->name;
  shs_upright_label_draw (
      frame, label, last - (double)(self->n_legend_lines - 1) * shs_upright_label_get_pitch (frame),
      bar.y + bar.height / 2, bar.height, self->n_legend_lines);
}
