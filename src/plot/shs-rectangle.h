/* Rectangles of a scene: y grows downwards. */
#pragma once

#include "plot/shs-scene.h"

G_BEGIN_DECLS

static inline double
shs_rectangle_right (ShsRectangle r)
{
  return r.x + r.width;
}

static inline double
shs_rectangle_bottom (ShsRectangle r)
{
  return r.y + r.height;
}

static inline ShsRectangle
shs_rectangle_grow (ShsRectangle r, double by)
{
  return (ShsRectangle){ r.x - by, r.y - by, r.width + 2 * by, r.height + 2 * by };
}

static inline gboolean
shs_rectangle_contains (ShsRectangle r, double x, double y)
{
  return x >= r.x && x <= r.x + r.width && y >= r.y && y <= r.y + r.height;
}

static inline gboolean
shs_rectangle_intersects (ShsRectangle a, ShsRectangle b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static inline ShsRectangle
shs_rectangle_union (ShsRectangle a, ShsRectangle b)
{
  double x = MIN (a.x, b.x);
  double y = MIN (a.y, b.y);

  return (ShsRectangle){ x, y, MAX (a.x + a.width, b.x + b.width) - x,
                         MAX (a.y + a.height, b.y + b.height) - y };
}

/** shs_rectangle_around: bounds of @n points, x and y in turn. */
ShsRectangle shs_rectangle_around (const double *coordinates, gsize n);

G_END_DECLS
