#include "plot/shs-plot-color.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-quantile.h"

#include <math.h>
#include <string.h>

#define USUAL_AREA 75000.0 /* of a plot whose points have the usual size */
#define MAX_RINGS_ABOVE 200
#define RING_GROWTH 0.5 /* points by which a ring is larger than a disc */

void
shs_value_colors_init (ShsValueColors *self, const double *values, gsize n, double *scratch)
{
  static const double tails[] = { 0.05, 0.01, 0 };
  gsize kept;

  memcpy (scratch, values, n * sizeof *scratch);
  kept = shs_drop_missing (scratch, n);
  self->has_missing = kept < n;
  self->low = self->high = 0;
  for (guint i = 0; i < G_N_ELEMENTS (tails) && kept > 0 && self->low == self->high; i++)
    {
      self->low = shs_quantile (scratch, kept, tails[i]);
      self->high = shs_quantile (scratch, kept, 1 - tails[i]);
    }
}

void
shs_value_colors_init_for (ShsValueColors *self, const ShsColumn *column, const double *values,
                           gsize n, double *scratch)
{
  shs_value_colors_init (self, values, n, scratch);
  if (column->n_categories > 1)
    {
      self->low = 0;
      self->high = (double)column->n_categories - 1;
    }
}

guint32
shs_value_colors_get (const ShsValueColors *self, const ShsTheme *theme, double value)
{
  double span = self->high - self->low;

  if (isnan (value))
    return shs_color_pack (theme->missing);
  return shs_theme_get_color (theme, span > 0 ? (value - self->low) / span : 0.5);
}

void
shs_plot_color_bar (ShsPlotFrame *frame, ShsRectangle box)
{
  guint32 *pixels = shs_alloc (SHS_COLOR_MAP_SIZE, sizeof *pixels, NULL);

  for (guint i = 0; i < SHS_COLOR_MAP_SIZE && pixels != NULL; i++)
    pixels[i] = frame->theme.map[SHS_COLOR_MAP_SIZE - 1 - i];
  if (pixels != NULL)
    shs_scene_add_image (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_COLOR_BAR), box, 1,
                         SHS_COLOR_MAP_SIZE, pixels, TRUE);
}

static const char *
name_points (ShsPointLegend which)
{
  return which == SHS_LEGEND_MISSING ? _ ("missing") : _ ("category");
}

double
shs_plot_point_legend_width (const ShsPlotFrame *frame, ShsPointLegend which)
{
  return shs_plot_frame_width (frame, name_points (which), frame->tick) + frame->tick.size;
}

static void
add_circle (ShsPathBuilder *path, double x, double y, double radius)
{
  const double k = 0.5522847498 * radius;

  shs_path_builder_move (path, x + radius, y);
  shs_path_builder_curve (path, x + radius, y + k, x + k, y + radius, x, y + radius);
  shs_path_builder_curve (path, x - k, y + radius, x - radius, y + k, x - radius, y);
  shs_path_builder_curve (path, x - radius, y - k, x - k, y - radius, x, y - radius);
  shs_path_builder_curve (path, x + k, y - radius, x + radius, y - k, x + radius, y);
  shs_path_builder_close (path);
}

void
shs_plot_point_legend (ShsPlotFrame *frame, ShsPointLegend which, double left, double y)
{
  ShsTextPlace place = { .x = left + frame->tick.size,
                         .y = shs_plot_frame_center (frame->tick, y),
                         .font = frame->tick,
                         .color = frame->theme.text };
  double radius = 2.6;
  ShsStroke ring = { .color = frame->theme.missing, .width = 0.8 };
  ShsPathBuilder path;

  if (!shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_LEGEND), name_points (which), place))
    return;
  path = shs_path_builder_init ();
  add_circle (&path, left + radius, y, radius);
  shs_scene_add_path (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_LEGEND), &path,
                      which == SHS_LEGEND_MISSING ? (ShsColor){ 0 } : frame->theme.neutral,
                      which == SHS_LEGEND_MISSING ? ring : (ShsStroke){ 0 });
}

double
shs_plot_point_radius (gsize n, ShsRectangle plot)
{
  static const struct
  {
    gsize most;
    double radius;
  } steps[] = { { 300, 2.1 },   { 1000, 1.9 },   { 3000, 1.6 },      { 10000, 1.35 },
                { 50000, 1.1 }, { 200000, 0.9 }, { G_MAXSIZE, 0.75 } };
  gsize i = 0;

  while (n > steps[i].most)
    i++;
  return steps[i].radius * CLAMP (pow (plot.width * plot.height / USUAL_AREA, 0.25), 0.8, 2);
}

gboolean
shs_cloud_init (ShsCloud *self, gsize n, double radius, GError **error)
{
  *self = (ShsCloud){ 0 };
  for (guint i = 0; i < 2; i++)
    {
      ShsPoints *points = &self->points[i];

      points->radius = radius + (i == 1 ? RING_GROWTH : 0);
      points->shape = i == 1 ? SHS_POINT_RING : SHS_POINT_DISC;
      points->x = shs_alloc (n, sizeof *points->x, error);
      points->y = points->x ? shs_alloc (n, sizeof *points->y, error) : NULL;
      points->rgba = points->y ? shs_alloc (n, sizeof *points->rgba, error) : NULL;
      points->rows = points->rgba ? shs_alloc (n, sizeof *points->rows, error) : NULL;
      if (points->rows == NULL)
        {
          shs_cloud_clear (self);
          return FALSE;
        }
    }
  return TRUE;
}

void
shs_cloud_add (ShsCloud *self, gboolean missing, double x, double y, guint32 rgba, guint32 row)
{
  ShsPoints *points = &self->points[missing ? 1 : 0];

  points->x[points->n] = (float)x;
  points->y[points->n] = (float)y;
  points->rgba[points->n] = rgba;
  points->rows[points->n++] = row;
}

void
shs_cloud_finish (ShsCloud *self, ShsScene *scene, ShsMarkKey key)
{
  /* A few rings would be lost under the discs; many would hide them. */
  guint first = self->points[1].n > MAX_RINGS_ABOVE ? 1 : 0;

  for (guint k = 0; k < 2; k++)
    {
      guint i = k ^ first;

      shs_scene_add_points (scene, SHS_LAYER_DATA, key, self->points[i]);
      self->points[i] = (ShsPoints){ 0 };
    }
}

void
shs_cloud_clear (ShsCloud *self)
{
  for (guint i = 0; i < 2; i++)
    {
      shs_free (self->points[i].x);
      shs_free (self->points[i].y);
      shs_free (self->points[i].rgba);
      shs_free (self->points[i].rows);
      self->points[i] = (ShsPoints){ 0 };
    }
}
