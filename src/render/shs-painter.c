/* A scene to Cairo: screen, PNG and PDF alike. */
#include "render/shs-render-private.h"

#include "core/shs-memory.h"
#include "plot/shs-rectangle.h"

#include <math.h>
#include <string.h>

typedef struct
{
  cairo_t *cairo;
  const ShsPaintOptions *options;
  PangoLayout *layout;
  ShsRectangle clip;
} Painter;

static void
set_color (cairo_t *cairo, ShsColor color)
{
  cairo_set_source_rgba (cairo, color.red, color.green, color.blue, color.alpha);
}

static void
set_packed_color (cairo_t *cairo, guint32 rgba)
{
  cairo_set_source_rgba (cairo, (rgba >> 24) / 255.0, ((rgba >> 16) & 255) / 255.0,
                         ((rgba >> 8) & 255) / 255.0, (rgba & 255) / 255.0);
}

/* Fills and strokes the current path. */
static void
paint_path (cairo_t *cairo, ShsColor fill, const ShsStroke *stroke)
{
  if (fill.alpha > 0)
    {
      set_color (cairo, fill);
      cairo_fill_preserve (cairo);
    }
  if (stroke->width > 0 && stroke->color.alpha > 0)
    {
      double dash[4];
      int n = 0;

      while (n < 4 && stroke->dash[n] > 0)
        {
          dash[n] = stroke->dash[n];
          n++;
        }
      set_color (cairo, stroke->color);
      cairo_set_line_width (cairo, stroke->width);
      cairo_set_dash (cairo, dash, n, 0);
      cairo_stroke_preserve (cairo);
    }
  cairo_new_path (cairo);
}

static void
trace_path (cairo_t *cairo, const ShsPath *path)
{
  const double *c = path->coordinates;

  for (gsize i = 0; i < path->n_steps; i++)
    switch ((ShsPathStep)path->steps[i])
      {
      case SHS_PATH_MOVE:
        cairo_move_to (cairo, c[0], c[1]);
        c += 2;
        break;
      case SHS_PATH_LINE:
        cairo_line_to (cairo, c[0], c[1]);
        c += 2;
        break;
      case SHS_PATH_CURVE:
        cairo_curve_to (cairo, c[0], c[1], c[2], c[3], c[4], c[5]);
        c += 6;
        break;
      case SHS_PATH_CLOSE:
        cairo_close_path (cairo);
        break;
      }
}

static void
paint_text (Painter *self, const ShsText *text)
{
  cairo_t *cairo = self->cairo;
  PangoLayoutLine *line;

  if (self->layout == NULL)
    self->layout = shs_render_layout_new (self->options->family);
  shs_render_layout_set (self->layout, text->string, text->font);
  line = pango_layout_get_line_readonly (self->layout, 0);

  cairo_save (cairo);
  cairo_translate (cairo, text->x, text->y);
  cairo_rotate (cairo, -text->rotation * G_PI / 180);
  cairo_move_to (
      cairo, -shs_render_layout_get_width (self->layout) * (double[]){ 0, 0.5, 1 }[text->anchor],
      0);
  set_color (cairo, text->color);
  if (self->options->text_as_paths)
    {
      pango_cairo_layout_line_path (cairo, line);
      cairo_fill (cairo);
    }
  else
    pango_cairo_show_layout_line (cairo, line);
  cairo_restore (cairo);
}

static void
paint_shape (cairo_t *cairo, const ShsPoints *points, gsize i)
{
  double x = points->x[i], y = points->y[i];

  cairo_new_path (cairo);
  if (points->shape == SHS_POINT_TICK)
    {
      cairo_move_to (cairo, x - points->radius, y);
      cairo_line_to (cairo, x + points->radius, y);
      cairo_set_line_width (cairo, SHS_TICK_STROKE);
      cairo_stroke (cairo);
    }
  else if (points->shape == SHS_POINT_RING)
    {
      cairo_arc (cairo, x, y, points->radius - SHS_RING_STROKE / 2, 0, 2 * G_PI);
      cairo_set_line_width (cairo, SHS_RING_STROKE);
      cairo_stroke (cairo);
    }
  else
    {
      cairo_arc (cairo, x, y, points->radius, 0, 2 * G_PI);
      cairo_fill (cairo);
    }
}

static void
paint_shapes (cairo_t *cairo, const ShsPoints *points)
{
  guint32 color = 0;

  cairo_set_dash (cairo, NULL, 0, 0);
  for (gsize i = 0; i < points->n; i++)
    {
      if (i == 0 || points->rgba[i] != color)
        {
          color = points->rgba[i];
          set_packed_color (cairo, color);
        }
      paint_shape (cairo, points, i);
    }
}

static guint32
multiply_alpha (guint32 rgba)
{
  guint32 alpha = rgba & 255;
  guint32 red = ((rgba >> 24) * alpha + 127) / 255;
  guint32 green = (((rgba >> 16) & 255) * alpha + 127) / 255;
  guint32 blue = (((rgba >> 8) & 255) * alpha + 127) / 255;

  return alpha << 24 | red << 16 | green << 8 | blue;
}

static void
paint_pixels (cairo_t *cairo, ShsRectangle box, guint width, guint height, const guint32 *pixels,
              gboolean smooth)
{
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int)width, (int)height);

  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS && width > 0 && height > 0)
    {
      guchar *data = cairo_image_surface_get_data (surface);
      int stride = cairo_image_surface_get_stride (surface);

      for (guint y = 0; y < height; y++)
        {
          guint32 *line = (guint32 *)(data + (gsize)y * stride);

          for (guint x = 0; x < width; x++)
            line[x] = multiply_alpha (pixels[(gsize)y * width + x]);
        }
      cairo_surface_mark_dirty (surface);
      cairo_save (cairo);
      cairo_translate (cairo, box.x, box.y);
      cairo_scale (cairo, box.width / width, box.height / height);
      cairo_set_source_surface (cairo, surface, 0, 0);
      cairo_pattern_set_filter (cairo_get_source (cairo),
                                smooth ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST);
      cairo_pattern_set_extend (cairo_get_source (cairo), CAIRO_EXTEND_PAD);
      cairo_rectangle (cairo, 0, 0, width, height);
      cairo_fill (cairo);
      cairo_restore (cairo);
    }
  cairo_surface_destroy (surface);
}

static void
paint_points (Painter *self, const ShsMark *mark)
{
  ShsStamp stamp;
  double scale = self->options->stamp_scale;

  if (scale <= 0)
    paint_shapes (self->cairo, &mark->points);
  else if (shs_render_stamp (&mark->points, mark->box, self->clip, scale, &stamp))
    {
      paint_pixels (self->cairo, stamp.box, stamp.width, stamp.height, stamp.pixels, FALSE);
      shs_free (stamp.pixels);
    }
}

static void
begin_clip (cairo_t *cairo, ShsRectangle box)
{
  cairo_save (cairo);
  cairo_new_path (cairo);
  cairo_rectangle (cairo, box.x, box.y, box.width, box.height);
  cairo_clip (cairo);
}

static void
paint_mark (Painter *self, const ShsMark *mark)
{
  cairo_t *cairo = self->cairo;
  ShsColor fill = mark->fill;

  if (mark->key.role == SHS_ROLE_BACKGROUND && self->options->background != NULL)
    fill = *self->options->background;
  switch (mark->type)
    {
    case SHS_MARK_RECTANGLE:
      cairo_new_path (cairo);
      cairo_rectangle (cairo, mark->box.x, mark->box.y, mark->box.width, mark->box.height);
      paint_path (cairo, fill, &mark->stroke);
      break;
    case SHS_MARK_PATH:
    case SHS_MARK_POLYLINE:
      cairo_new_path (cairo);
      trace_path (cairo, &mark->path);
      paint_path (cairo, fill, &mark->stroke);
      break;
    case SHS_MARK_TEXT:
      paint_text (self, &mark->text);
      break;
    case SHS_MARK_POINTS:
      paint_points (self, mark);
      break;
    case SHS_MARK_IMAGE:
      paint_pixels (cairo, mark->box, mark->image.width, mark->image.height, mark->image.pixels,
                    mark->image.smooth);
      break;
    case SHS_MARK_CLIP:
      begin_clip (cairo, mark->box);
      break;
    case SHS_MARK_UNCLIP:
      cairo_restore (cairo);
      break;
    }
}

void
shs_render_paint_with (cairo_t *cairo, const ShsScene *scene, const ShsPaintOptions *options)
{
  Painter self = {
    cairo, options, NULL, { 0, 0, shs_scene_get_width (scene), shs_scene_get_height (scene) }
  };

  cairo_save (cairo);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_MITER);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_BUTT);
  for (guint layer = SHS_LAYER_DATA; layer <= SHS_LAYER_OVERLAY; layer++)
    for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
      {
        const ShsMark *mark = shs_scene_get_mark (scene, i);

        if (mark->layer == (ShsLayer)layer && (options->layers & (1u << layer)) != 0)
          paint_mark (&self, mark);
      }
  cairo_restore (cairo);
  g_clear_object (&self.layout);
}

gsize
shs_render_count_points (const ShsScene *scene)
{
  gsize n = 0;

  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->type == SHS_MARK_POINTS)
        n += mark->points.n;
    }
  return n;
}

void
shs_render_paint (cairo_t *cairo, const ShsScene *scene, guint layers, const char *family)
{
  ShsPaintOptions options = { .layers = layers, .family = family };

  if (shs_render_count_points (scene) > SHS_RENDER_MAX_SHAPES)
    {
      double x = 1, y = 0, device_x = 1, device_y = 1;

      cairo_user_to_device_distance (cairo, &x, &y);
      cairo_surface_get_device_scale (cairo_get_target (cairo), &device_x, &device_y);
      options.stamp_scale = hypot (x, y) * device_x;
    }
  shs_render_paint_with (cairo, scene, &options);
}
