#include "plot/shs-rectangle.h"
#include "plot/shs-scene-private.h"

ShsRectangle
shs_rectangle_around (const double *coordinates, gsize n)
{
  double x1 = coordinates[0], x2 = coordinates[0], y1 = coordinates[1], y2 = coordinates[1];

  for (gsize i = 1; i < n; i++)
    {
      x1 = MIN (x1, coordinates[2 * i]);
      x2 = MAX (x2, coordinates[2 * i]);
      y1 = MIN (y1, coordinates[2 * i + 1]);
      y2 = MAX (y2, coordinates[2 * i + 1]);
    }
  return (ShsRectangle){ x1, y1, x2 - x1, y2 - y1 };
}

ShsPathBuilder
shs_path_builder_init (void)
{
  return (ShsPathBuilder){ g_byte_array_new (), g_array_new (FALSE, FALSE, sizeof (double)) };
}

void
shs_path_builder_clear (ShsPathBuilder *self)
{
  g_clear_pointer (&self->steps, g_byte_array_unref);
  g_clear_pointer (&self->coordinates, g_array_unref);
}

static void
append_step (ShsPathBuilder *self, ShsPathStep step, const double *coordinates, guint n)
{
  guint8 byte = (guint8)step;

  g_byte_array_append (self->steps, &byte, 1);
  if (n > 0)
    g_array_append_vals (self->coordinates, coordinates, n);
}

void
shs_path_builder_move (ShsPathBuilder *self, double x, double y)
{
  append_step (self, SHS_PATH_MOVE, (double[]){ x, y }, 2);
}

void
shs_path_builder_line (ShsPathBuilder *self, double x, double y)
{
  append_step (self, SHS_PATH_LINE, (double[]){ x, y }, 2);
}

void
shs_path_builder_curve (ShsPathBuilder *self, double x1, double y1, double x2, double y2, double x,
                        double y)
{
  append_step (self, SHS_PATH_CURVE, (double[]){ x1, y1, x2, y2, x, y }, 6);
}

void
shs_path_builder_close (ShsPathBuilder *self)
{
  append_step (self, SHS_PATH_CLOSE, NULL, 0);
}

static void
take_path (ShsScene *self, ShsMarkType type, ShsLayer layer, ShsMarkKey key, ShsPathBuilder *path,
           ShsColor fill, ShsStroke stroke)
{
  ShsMark mark = { .type = type, .layer = layer, .key = key, .fill = fill, .stroke = stroke };
  gsize n_steps, n_coordinates;

  mark.path.steps = g_byte_array_steal (path->steps, &n_steps);
  mark.path.n_steps = n_steps;
  mark.path.coordinates = g_array_steal (path->coordinates, &n_coordinates);
  mark.path.n_coordinates = n_coordinates;
  shs_path_builder_clear (path);
  if (n_coordinates > 0)
    mark.box = shs_rectangle_grow (shs_rectangle_around (mark.path.coordinates, n_coordinates / 2),
                                   stroke.width / 2);
  shs_scene_take_mark (self, &mark);
}

void
shs_scene_add_path (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsPathBuilder *path,
                    ShsColor fill, ShsStroke stroke)
{
  take_path (self, SHS_MARK_PATH, layer, key, path, fill, stroke);
}

void
shs_scene_add_polyline (ShsScene *self, ShsLayer layer, ShsMarkKey key, const double *coordinates,
                        gsize n, ShsStroke stroke)
{
  ShsPathBuilder path = shs_path_builder_init ();

  for (gsize i = 0; i < n; i++)
    append_step (&path, i == 0 ? SHS_PATH_MOVE : SHS_PATH_LINE, coordinates + 2 * i, 2);
  take_path (self, SHS_MARK_POLYLINE, layer, key, &path, (ShsColor){ 0 }, stroke);
}

void
shs_scene_add_line (ShsScene *self, ShsLayer layer, ShsMarkKey key, double x1, double y1, double x2,
                    double y2, ShsStroke stroke)
{
  shs_scene_add_polyline (self, layer, key, (double[]){ x1, y1, x2, y2 }, 2, stroke);
}
