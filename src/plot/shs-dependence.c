/* Dependence: a feature's SHAP value over its value, coloured by the feature it interacts with. */
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "plot/shs-dependence-private.h"
#include "plot/shs-plot-builders.h"
#include "plot/shs-upright-label.h"

#include <math.h>

#define PADDING 0.03
#define MISSING_BAND 20.0 /* width of the band for rows without a value */
#define TICK_RADIUS 4.5
#define LABEL_GAP 5.0
#define MISSING_GAP 0.8     /* in sizes of text */
#define CATEGORY_JITTER 0.5 /* whole width, in distances of two categories */
#define MAX_JITTER_VALUES 20
#define POINTS_PER_VALUE 10 /* from so many points a value on, whole numbers are spread */
#define NUMBER_JITTER 0.3
#define CELL_RADII 5.0 /* width of a cell in which points are counted */
#define LOOSE_CELL 6.0 /* points that a cell holds before they get fainter */

static void
dependence_clear (ShsDependence *self)
{
  g_clear_pointer (&self->values, shs_free);
  g_clear_pointer (&self->x, shs_free);
  g_clear_pointer (&self->color_data, shs_free);
  g_clear_pointer (&self->scratch, shs_free);
  shs_column_clear (&self->columns[0]);
  shs_column_clear (&self->columns[1]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsDependence, dependence_clear)

static void
get_range (const double *values, gsize n, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      {
        *low = fmin (*low, values[i]);
        *high = fmax (*high, values[i]);
      }
  if (*low > *high)
    *low = *high = 0;
}

static gboolean
is_inside (const ShsScale *scale, double value)
{
  return value >= scale->low && value <= scale->high;
}

/* Tells of points outside the limits before anything is laid out. */
static void
note_limits (ShsDependence *self)
{
  const ShsPlotOptions *options = self->frame->options;
  double low, high;
  gboolean is_cut;

  get_range (self->values, self->frame->n_rows, &low, &high);
  is_cut = shs_plot_frame_limit (options->y_limits, &low, &high);
  get_range (self->x, self->frame->n_rows, &low, &high);
  if (!shs_is_categorical (self->column))
    is_cut |= shs_plot_frame_limit (options->x_limits, &low, &high);
  if (is_cut)
    shs_plot_frame_note_limits (self->frame);
}

static gboolean
is_whole (const ShsDependence *self)
{
  for (gsize i = 0; i < self->frame->n_rows; i++)
    if (isfinite (self->x[i]) && self->x[i] != floor (self->x[i]))
      return FALSE;
  return TRUE;
}

/* Whole numbers that repeat often would lie on lines: they are spread a little. */
static void
choose_jitter (ShsDependence *self, double low, double high)
{
  gsize n = self->frame->n_rows;

  self->jitter = 0;
  if (shs_is_categorical (self->column))
    {
      self->jitter = CATEGORY_JITTER;
      return;
    }
  if (high - low > MAX_JITTER_VALUES || high <= low
      || (double)n < POINTS_PER_VALUE * (high - low + 1))
    return;
  if (is_whole (self))
    self->jitter = NUMBER_JITTER;
}

/* Wide enough for its name where names stand beside it. */
static double
get_missing_band (const ShsDependence *self)
{
  return MIN (MISSING_BAND, self->plot.width / 5);
}

static void
make_x_scale (ShsDependence *self)
{
  double low, high;
  double start = self->plot.x, end = self->plot.x + self->plot.width;

  if (self->n_missing > 0)
    {
      double band = get_missing_band (self);

      self->missing_x = start + band / 2;
      start += band;
    }
  get_range (self->x, self->frame->n_rows, &low, &high);
  shs_plot_frame_limit (self->frame->options->x_limits, &low, &high);
  choose_jitter (self, low, high);
  if (shs_is_categorical (self->column))
    self->x_scale = shs_scale_new (-0.5, (double)self->column->n_categories - 0.5, 0, start, end);
  else
    self->x_scale
        = shs_scale_new (low - self->jitter / 2, high + self->jitter / 2, PADDING, start, end);
  self->x_scale.is_feature = TRUE;
  self->x_scale.is_whole = is_whole (self);
}

static void
lay_out (ShsDependence *self)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle area = frame->area;
  double line = shs_plot_frame_get_line (frame, frame->label);
  g_auto (GStrv) label = shs_plot_frame_describe_axis (frame, _ ("SHAP value"));
  double low, high, left, legend;

  for (gsize i = 0; i < frame->n_rows; i++)
    self->n_missing += isnan (self->x[i]) ? 1 : 0;
  get_range (self->values, frame->n_rows, &low, &high);
  shs_plot_frame_limit (frame->options->y_limits, &low, &high);
  self->plot = area;
  self->plot.height -= shs_plot_frame_get_axis_height (frame, TRUE);
  legend = shs_dependence_get_legend_width (self);
  self->n_label_lines = shs_upright_label_count_lines (frame, label, area.height);
  self->y_scale
      = shs_scale_new (low, high, PADDING, self->plot.y + self->plot.height, self->plot.y);
  left = MIN (shs_plot_frame_measure_left (frame, &self->y_scale, TRUE), area.width / 3) + line
         + (double)(self->n_label_lines - 1) * shs_upright_label_get_pitch (frame) + LABEL_GAP;
  self->plot.x += left;
  self->plot.width = MAX (area.width - left - legend, 20);
  if (shs_is_categorical (self->column))
    {
      double band = self->n_missing > 0 ? get_missing_band (self) : 0;
      double names = shs_dependence_get_names_height (self, self->plot.width - band);

      self->plot.height -= names;
      self->y_scale
          = shs_scale_new (low, high, PADDING, self->plot.y + self->plot.height, self->plot.y);
    }
  make_x_scale (self);
}

static void
add_zero_line (ShsDependence *self)
{
  double y = shs_scale_map (&self->y_scale, 0);

  if (self->y_scale.low < 0 && self->y_scale.high > 0)
    shs_scene_add_line (
        self->frame->scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_GRID), self->plot.x, y,
        self->plot.x + self->plot.width, y,
        (ShsStroke){ .color = self->frame->theme.zero, .width = 0.6, .dash = { 0.6, 2.4 } });
}

/* Rows without a value of the feature: strokes in a band of their own. */
static gboolean
add_missing (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  ShsCloud cloud;
  guint32 plain = shs_color_pack (frame->theme.missing);

  if (self->n_missing == 0)
    return TRUE;
  if (!shs_cloud_init (&cloud, self->n_missing, TICK_RADIUS, error))
    return FALSE;
  cloud.points[0].shape = SHS_POINT_TICK;
  for (gsize i = 0; i < frame->n_rows; i++)
    if (isnan (self->x[i]) && is_inside (&self->y_scale, self->values[i]))
      shs_cloud_add (&cloud, FALSE, self->missing_x,
                     shs_scale_map (&self->y_scale, self->values[i]),
                     self->partner >= 0
                         ? shs_value_colors_get (&self->colors, &frame->theme, self->color_data[i])
                         : plain,
                     (guint32)i);
  shs_cloud_finish (&cloud, frame->scene,
                    shs_plot_frame_key (frame, SHS_ROLE_POINT, -1, (gint32)self->feature));
  return TRUE;
}

/**
 * Crowd: how many points lie in each cell of a grid over the plot. Opaque points would hide how
 * many lie under them, and faint ones vanish where they are alone: each gets the strength that its
 * cell asks for.
 */
typedef struct
{
  guint32 *counts;
  gsize n_columns, n_rows;
  double cell;
  ShsRectangle plot;
} Crowd;

static gsize
get_cell (const Crowd *self, double x, double y)
{
  double column = CLAMP ((x - self->plot.x) / self->cell, 0, (double)self->n_columns - 1);
  double row = CLAMP ((y - self->plot.y) / self->cell, 0, (double)self->n_rows - 1);

  return (gsize)row * self->n_columns + (gsize)column;
}

static gboolean
crowd_init (Crowd *self, const ShsDependence *dependence, const float *x, const float *y, gsize n,
            double radius, GError **error)
{
  self->plot = dependence->plot;
  self->cell = CELL_RADII * radius;
  self->n_columns = (gsize)MAX (1, ceil (self->plot.width / self->cell));
  self->n_rows = (gsize)MAX (1, ceil (self->plot.height / self->cell));
  self->counts = shs_alloc0 (self->n_columns * self->n_rows, sizeof *self->counts, error);
  for (gsize i = 0; i < n && self->counts != NULL; i++)
    self->counts[get_cell (self, x[i], y[i])]++;
  return self->counts != NULL;
}

/* The faintest a point of @n may be. */
static double
get_least_alpha (gsize n)
{
  return n <= 1000 ? 255 : n <= 5000 ? 210 : n <= 20000 ? 150 : 90;
}

static gboolean
fade_crowds (const ShsDependence *self, ShsPoints *points, GError **error)
{
  double least = get_least_alpha (self->frame->n_rows);
  Crowd crowd;

  if (!crowd_init (&crowd, self, points->x, points->y, points->n, points->radius, error))
    return FALSE;
  for (gsize i = 0; i < points->n; i++)
    {
      double count = crowd.counts[get_cell (&crowd, points->x[i], points->y[i])];
      double alpha = CLAMP (255 * LOOSE_CELL / count, least, 255);

      points->rgba[i] = (points->rgba[i] & 0xffffff00) | (guint32)alpha;
    }
  shs_free (crowd.counts);
  return TRUE;
}

static gboolean
add_points (ShsDependence *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  guint32 plain = shs_color_pack (frame->theme.negative);
  double radius = shs_plot_point_radius (frame->n_rows, self->plot);
  ShsCloud cloud;

  if (!shs_cloud_init (&cloud, frame->n_rows, radius, error))
    return FALSE;
  for (gsize i = 0; i < frame->n_rows; i++)
    {
      ShsRandom random;
      double x = self->x[i];
      guint32 color = plain;

      if (!is_inside (&self->x_scale, x) || !is_inside (&self->y_scale, self->values[i]))
        continue;
      if (self->jitter > 0)
        {
          random = shs_random_init (frame->options->seed, i);
          x += (shs_random_uniform (&random) - 0.5) * self->jitter;
        }
      if (self->partner >= 0)
        color = shs_value_colors_get (&self->colors, &frame->theme, self->color_data[i]);
      shs_cloud_add (&cloud, self->partner >= 0 && isnan (self->color_data[i]),
                     shs_scale_map (&self->x_scale, x),
                     shs_scale_map (&self->y_scale, self->values[i]), color, (guint32)i);
    }
  if (!fade_crowds (self, &cloud.points[0], error))
    {
      shs_cloud_clear (&cloud);
      return FALSE;
    }
  shs_cloud_finish (&cloud, frame->scene,
                    shs_plot_frame_key (frame, SHS_ROLE_POINT, -1, (gint32)self->feature));
  return TRUE;
}

/* The band of rows without a value, with its line and name. */
static void
add_missing_axis (ShsDependence *self)
{
  ShsPlotFrame *frame = self->frame;
  double bottom = self->plot.y + self->plot.height;
  ShsTextExtents extents;
  ShsTextPlace place = { .x = self->missing_x,
                         .anchor = SHS_ANCHOR_MIDDLE,
                         .font = frame->tick,
                         .color = frame->theme.muted };

  if (self->n_missing == 0)
    return;
  frame->measurer->measure (frame->measurer, "0", frame->tick, &extents);
  place.y = bottom + 5.5 + extents.ascent;
  /* Where the band is narrower than its name, the first number keeps its distance. */
  place.x = MIN (place.x, self->x_scale.start
                              - shs_plot_frame_width (frame, _ ("missing"), frame->tick) / 2
                              - MISSING_GAP * frame->tick.size);
  if (self->name_room > 0)
    place = (ShsTextPlace){ .x = self->missing_x + 0.36 * frame->tick.size,
                            .y = bottom + 5.5,
                            .anchor = SHS_ANCHOR_END,
                            .font = frame->tick,
                            .color = frame->theme.muted,
                            .rotation = 90,
                            .max_width
                            = self->name_room + shs_plot_frame_get_line (frame, frame->tick) };
  shs_scene_add_line (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_AXIS), self->plot.x, bottom,
                      self->x_scale.start, bottom,
                      (ShsStroke){ .color = frame->theme.axis, .width = 0.7 });
  shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_TICK_LABEL), _ ("missing"), place);
}

/* (transfer full) */
static char *
describe_values (const ShsDependence *self)
{
  if (self->with < 0)
    return g_strdup (_ ("SHAP value"));
  if ((gsize)self->with == self->feature)
    return g_strdup (_ ("SHAP main effect"));
  return g_strdup_printf (
      _ ("SHAP interaction with %s"),
      shs_explanation_get_column (self->frame->explanation, (gsize)self->with)->name);
}

static void
add_axes (ShsDependence *self)
{
  ShsPlotFrame *frame = self->frame;
  g_autofree char *what = describe_values (self);
  g_auto (GStrv) label = shs_plot_frame_describe_axis (frame, what);
  char *const name[] = { self->column->name, NULL };
  double bottom = self->plot.y + self->plot.height;
  double line = shs_plot_frame_get_line (frame, frame->label);
  ShsRectangle below = self->plot;

  add_missing_axis (self);
  shs_plot_frame_axis_left (frame, &self->y_scale, self->plot.x, TRUE);
  if (shs_is_categorical (self->column))
    shs_dependence_add_names (self);
  else
    shs_plot_frame_axis_bottom (frame, &self->x_scale, bottom, FALSE);
  below.height += self->name_room;
  shs_plot_frame_axis_label_below (frame, name, below);
  shs_upright_label_draw (frame, label, frame->area.x + 0.78 * line,
                          self->plot.y + self->plot.height / 2, frame->area.height,
                          self->n_label_lines);
}

/* Colours tell nothing where all points have the same. */
static void
drop_constant_partner (ShsDependence *self)
{
  if (self->partner >= 0 && !self->colors.has_missing && self->colors.low == self->colors.high)
    self->partner = -1;
}

gboolean
shs_dependence_build (ShsPlotFrame *frame, GError **error)
{
  g_auto (ShsDependence) self = { .frame = frame, .partner = -1 };

  if (!shs_dependence_choose (&self, error))
    return FALSE;
  if (self.partner >= 0)
    shs_value_colors_init_for (&self.colors, self.partner_column, self.color_data, frame->n_rows,
                               self.scratch);
  drop_constant_partner (&self);
  shs_scene_set_partner (frame->scene, (gint32)self.partner);
  note_limits (&self);
  lay_out (&self);
  shs_dependence_add_histogram (&self);
  add_zero_line (&self);
  if (!add_missing (&self, error) || !add_points (&self, error))
    return FALSE;
  add_axes (&self);
  shs_dependence_add_legend (&self);
  return TRUE;
}
