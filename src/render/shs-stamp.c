/* Many points as one image: an antialiased stamp for each of 4 x 4 offsets within a pixel, laid
 * over the image point by point. */
#include "render/shs-render-private.h"

#include "core/shs-memory.h"
#include "plot/shs-rectangle.h"

#include <math.h>
#include <string.h>

#define N_OFFSETS 4
#define MAX_PIXELS (1u << 27)

/* Coverages 0..255 of one shape whose centre lies at each of the offsets in the middle pixel. */
typedef struct
{
  guint size;
  guint8 *coverage;
} Brush;

typedef struct
{
  guint width, height;
  float *channels; /* red, green, blue multiplied by alpha, and alpha */
} Canvas;

static double
get_distance_cover (double distance)
{
  return CLAMP (0.5 - distance, 0, 1);
}

static double
cover_shape (ShsPointShape shape, double dx, double dy, double radius, double scale)
{
  double r = hypot (dx, dy);
  double half = SHS_POINT_RING == shape ? 0.35 * scale : 0.5 * scale;

  switch (shape)
    {
    case SHS_POINT_RING:
      return get_distance_cover (fabs (r - (radius - half)) - MAX (half, 0.5));
    case SHS_POINT_TICK:
      return get_distance_cover (fabs (dx) - radius)
             * get_distance_cover (fabs (dy) - MAX (half, 0.5));
    case SHS_POINT_DISC:
      break;
    }
  return get_distance_cover (r - radius);
}

static gboolean
init_brush (Brush *brush, ShsPointShape shape, double radius, double scale)
{
  int half = (int)ceil (radius + 1.5);

  brush->size = 2 * half + 1;
  brush->coverage
      = shs_alloc ((gsize)N_OFFSETS * N_OFFSETS, (gsize)brush->size * brush->size, NULL);
  if (brush->coverage == NULL)
    return FALSE;
  for (int oy = 0; oy < N_OFFSETS; oy++)
    for (int ox = 0; ox < N_OFFSETS; ox++)
      for (int y = -half; y <= half; y++)
        for (int x = -half; x <= half; x++)
          {
            double dx = x + 0.5 - (ox + 0.5) / N_OFFSETS;
            double dy = y + 0.5 - (oy + 0.5) / N_OFFSETS;
            gsize at = (((gsize)oy * N_OFFSETS + ox) * brush->size + (y + half)) * brush->size
                       + (x + half);

            brush->coverage[at] = (guint8)lround (255 * cover_shape (shape, dx, dy, radius, scale));
          }
  return TRUE;
}

static void
blend_line (float *to, const guint8 *coverage, gsize n, const float color[4])
{
  for (gsize i = 0; i < n; i++, to += 4)
    {
      float alpha = color[3] * coverage[i] * (1.0f / 255);

      if (coverage[i] == 0)
        continue;
      for (guint k = 0; k < 3; k++)
        to[k] += (color[k] - to[k]) * alpha;
      to[3] += (1 - to[3]) * alpha;
    }
}

static void
put_point (Canvas *canvas, const Brush *brush, double x, double y, const float color[4])
{
  int half = (int)brush->size / 2;
  int px = (int)floor (x), py = (int)floor (y);
  int ox = (int)((x - px) * N_OFFSETS), oy = (int)((y - py) * N_OFFSETS);
  const guint8 *coverage
      = brush->coverage + ((gsize)oy * N_OFFSETS + ox) * brush->size * brush->size;
  int x1 = MAX (px - half, 0), x2 = MIN (px + half + 1, (int)canvas->width);
  int y1 = MAX (py - half, 0), y2 = MIN (py + half + 1, (int)canvas->height);

  if (x2 <= x1)
    return;
  for (int line = y1; line < y2; line++)
    blend_line (canvas->channels + ((gsize)line * canvas->width + x1) * 4,
                coverage + (gsize)(line - py + half) * brush->size + (x1 - px + half),
                (gsize)(x2 - x1), color);
}

static void
fill_pixels (const Canvas *canvas, guint32 *pixels)
{
  gsize n = (gsize)canvas->width * canvas->height;

  for (gsize i = 0; i < n; i++)
    {
      const float *c = canvas->channels + 4 * i;
      float alpha = c[3];
      guint32 pixel = 0;

      for (guint k = 0; k < 3 && alpha > 0; k++)
        pixel |= (guint32)lroundf (255 * CLAMP (c[k] / alpha, 0, 1)) << (24 - 8 * k);
      pixels[i] = alpha > 0 ? pixel | (guint32)lroundf (255 * MIN (alpha, 1)) : 0;
    }
}

static void
put_points (Canvas *canvas, const Brush *brush, const ShsPoints *points, ShsRectangle box,
            double scale)
{
  for (gsize i = 0; i < points->n; i++)
    {
      double x = (points->x[i] - box.x) * scale;
      double y = (points->y[i] - box.y) * scale;
      guint32 rgba = points->rgba[i];
      float color[4] = { (rgba >> 24) / 255.0f, ((rgba >> 16) & 255) / 255.0f,
                         ((rgba >> 8) & 255) / 255.0f, (rgba & 255) / 255.0f };

      if (isfinite (x) && isfinite (y) && fabs (x) < 1e6 && fabs (y) < 1e6)
        put_point (canvas, brush, x, y, color);
    }
}

static ShsRectangle
get_intersection (ShsRectangle a, ShsRectangle b)
{
  double x = MAX (a.x, b.x);
  double y = MAX (a.y, b.y);

  return (ShsRectangle){ x, y, MIN (shs_rectangle_right (a), shs_rectangle_right (b)) - x,
                         MIN (shs_rectangle_bottom (a), shs_rectangle_bottom (b)) - y };
}

gboolean
shs_render_stamp (const ShsPoints *points, ShsRectangle box, ShsRectangle clip, double scale,
                  ShsStamp *stamp)
{
  ShsRectangle area = get_intersection (shs_rectangle_grow (box, 1 / scale), clip);
  double x = floor (area.x * scale) / scale, y = floor (area.y * scale) / scale;
  Canvas canvas = { .width = (guint)MAX (1, ceil ((shs_rectangle_right (area) - x) * scale)),
                    .height = (guint)MAX (1, ceil ((shs_rectangle_bottom (area) - y) * scale)) };
  Brush brush = { 0 };
  SHS_AUTOFREE float *channels = NULL;

  if (area.width <= 0 || area.height <= 0 || (guint64)canvas.width * canvas.height > MAX_PIXELS)
    return FALSE;
  channels = shs_alloc0 ((gsize)canvas.width * canvas.height, 4 * sizeof *channels, NULL);
  stamp->pixels = shs_alloc ((gsize)canvas.width * canvas.height, sizeof *stamp->pixels, NULL);
  if (channels == NULL || stamp->pixels == NULL
      || !init_brush (&brush, points->shape, points->radius * scale, scale))
    {
      g_clear_pointer (&stamp->pixels, shs_free);
      return FALSE;
    }
  canvas.channels = channels;
  stamp->width = canvas.width;
  stamp->height = canvas.height;
  stamp->box = (ShsRectangle){ x, y, canvas.width / scale, canvas.height / scale };
  put_points (&canvas, &brush, points, stamp->box, scale);
  fill_pixels (&canvas, stamp->pixels);
  shs_free (brush.coverage);
  return TRUE;
}
