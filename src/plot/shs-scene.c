#include "plot/shs-scene-private.h"

#include "core/shs-memory.h"
#include "plot/shs-rectangle.h"

#include <string.h>

static void
clear_mark (gpointer data)
{
  ShsMark *mark = data;

  switch (mark->type)
    {
    case SHS_MARK_PATH:
    case SHS_MARK_POLYLINE:
      g_free (mark->path.steps);
      g_free (mark->path.coordinates);
      break;
    case SHS_MARK_TEXT:
      g_free (mark->text.string);
      g_free (mark->text.whole);
      break;
    case SHS_MARK_POINTS:
      shs_free (mark->points.x);
      shs_free (mark->points.y);
      shs_free (mark->points.rgba);
      shs_free (mark->points.rows);
      break;
    case SHS_MARK_IMAGE:
      shs_free (mark->image.pixels);
      break;
    case SHS_MARK_RECTANGLE:
    case SHS_MARK_CLIP:
    case SHS_MARK_UNCLIP:
      break;
    }
}

ShsScene *
shs_scene_new (double width, double height)
{
  ShsScene *self = g_new0 (ShsScene, 1);

  self->n_references = 1;
  self->partner = -1;
  self->width = width;
  self->height = height;
  self->title = g_strdup ("");
  self->description = g_strdup ("");
  self->marks = g_array_new (FALSE, FALSE, sizeof (ShsMark));
  g_array_set_clear_func (self->marks, clear_mark);
  self->text_boxes = g_array_new (FALSE, FALSE, sizeof (ShsRectangle));
  return self;
}

ShsScene *
shs_scene_ref (ShsScene *self)
{
  g_atomic_int_inc (&self->n_references);
  return self;
}

void
shs_scene_unref (ShsScene *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->n_references))
    return;
  g_array_unref (self->marks);
  g_array_unref (self->text_boxes);
  g_free (self->title);
  g_free (self->description);
  g_free (self);
}

double
shs_scene_get_width (const ShsScene *self)
{
  return self->width;
}

double
shs_scene_get_height (const ShsScene *self)
{
  return self->height;
}

gsize
shs_scene_get_n_marks (const ShsScene *self)
{
  return self->marks->len;
}

const ShsMark *
shs_scene_get_mark (const ShsScene *self, gsize index)
{
  g_return_val_if_fail (index < self->marks->len, NULL);
  return &g_array_index (self->marks, ShsMark, index);
}

ShsColor
shs_scene_get_background (const ShsScene *self)
{
  for (gsize i = 0; i < self->marks->len; i++)
    {
      const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);

      if (mark->key.role == SHS_ROLE_BACKGROUND)
        return mark->fill;
    }
  return SHS_COLOR_HEX (0xffffff);
}

void
shs_scene_set_title (ShsScene *self, const char *title)
{
  g_free (self->title);
  self->title = g_strdup (title);
}

const char *
shs_scene_get_title (const ShsScene *self)
{
  return self->title;
}

void
shs_scene_set_description (ShsScene *self, const char *description)
{
  g_free (self->description);
  self->description = g_strdup (description);
}

const char *
shs_scene_get_description (const ShsScene *self)
{
  return self->description;
}

void
shs_scene_set_partner (ShsScene *self, gint32 feature)
{
  self->partner = feature;
}

gint32
shs_scene_get_partner (const ShsScene *self)
{
  return self->partner;
}

void
shs_scene_take_mark (ShsScene *self, const ShsMark *mark)
{
  g_array_append_vals (self->marks, mark, 1);
  if (mark->type == SHS_MARK_TEXT)
    g_array_append_vals (self->text_boxes, &mark->box, 1);
}

void
shs_scene_add_rectangle (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsRectangle box,
                         ShsColor fill, ShsStroke stroke)
{
  shs_scene_take_mark (self, &(ShsMark){ .type = SHS_MARK_RECTANGLE,
                                         .layer = layer,
                                         .key = key,
                                         .box = box,
                                         .fill = fill,
                                         .stroke = stroke });
}

static ShsRectangle
get_points_bounds (const ShsPoints *points)
{
  float x1 = points->x[0], x2 = points->x[0], y1 = points->y[0], y2 = points->y[0];

  for (gsize i = 1; i < points->n; i++)
    {
      x1 = MIN (x1, points->x[i]);
      x2 = MAX (x2, points->x[i]);
      y1 = MIN (y1, points->y[i]);
      y2 = MAX (y2, points->y[i]);
    }
  return shs_rectangle_grow ((ShsRectangle){ x1, y1, x2 - x1, y2 - y1 }, points->radius);
}

void
shs_scene_add_points (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsPoints points)
{
  ShsMark mark = { .type = SHS_MARK_POINTS, .layer = layer, .key = key, .points = points };

  if (points.n == 0)
    {
      clear_mark (&mark);
      return;
    }
  mark.box = get_points_bounds (&points);
  shs_scene_take_mark (self, &mark);
}

void
shs_scene_add_image (ShsScene *self, ShsLayer layer, ShsMarkKey key, ShsRectangle box, guint width,
                     guint height, guint32 *pixels, gboolean smooth)
{
  shs_scene_take_mark (self, &(ShsMark){ .type = SHS_MARK_IMAGE,
                                         .layer = layer,
                                         .key = key,
                                         .box = box,
                                         .image = { width, height, pixels, smooth } });
}

void
shs_scene_begin_clip (ShsScene *self, ShsLayer layer, ShsRectangle box)
{
  shs_scene_take_mark (self, &(ShsMark){ .type = SHS_MARK_CLIP,
                                         .layer = layer,
                                         .key = SHS_KEY (SHS_ROLE_NONE),
                                         .box = box });
}

void
shs_scene_end_clip (ShsScene *self, ShsLayer layer)
{
  shs_scene_take_mark (
      self, &(ShsMark){ .type = SHS_MARK_UNCLIP, .layer = layer, .key = SHS_KEY (SHS_ROLE_NONE) });
}
