#include "plot/shs-rectangle.h"
#include "plot/shs-scene-private.h"

#include <math.h>

#define TEXT_GAP 0.25 /* points that part two texts at least */

double
shs_text_width (ShsTextMeasurer *measurer, const char *text, ShsFont font)
{
  ShsTextExtents extents;

  measurer->measure (measurer, text, font, &extents);
  return extents.width;
}

/* One line that every writer can carry: valid UTF-8 without control characters. */
static char *
clean_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean breaks
          = g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029 || c == 0xfffe || c == 0xffff;

      g_string_append_unichar (out, breaks ? ' ' : c);
    }
  return g_string_free (out, FALSE);
}

static ShsRectangle
get_text_box (const ShsTextExtents *extents, const ShsTextPlace *place)
{
  double left = -extents->width * (double[]){ 0, 0.5, 1 }[place->anchor];
  double right = left + extents->width;
  double angle = -place->rotation * G_PI / 180;
  double c = fabs (fmod (place->rotation, 180)) == 90 ? 0 : cos (angle);
  double s = fmod (place->rotation, 180) == 0 ? 0 : sin (angle);
  double corners[8] = { left,  -extents->ascent, right, -extents->ascent,
                        right, extents->descent, left,  extents->descent };

  for (guint i = 0; i < 4; i++)
    {
      double x = corners[2 * i], y = corners[2 * i + 1];

      corners[2 * i] = place->x + c * x - s * y;
      corners[2 * i + 1] = place->y + s * x + c * y;
    }
  return shs_rectangle_around (corners, 4);
}

static ShsMark
make_text (ShsLayer layer, ShsMarkKey key, const char *text, const ShsTextPlace *place,
           ShsTextMeasurer *measurer)
{
  ShsMark mark = { .type = SHS_MARK_TEXT, .layer = layer, .key = key };
  g_autofree char *clean = clean_text (text);
  ShsTextExtents extents;

  mark.text = (ShsText){ .font = place->font,
                         .anchor = place->anchor,
                         .x = place->x,
                         .y = place->y,
                         .rotation = place->rotation,
                         .color = place->color };
  measurer->measure (measurer, clean, place->font, &extents);
  if (place->max_width > 0 && extents.width > place->max_width)
    {
      mark.text.string = measurer->elide (measurer, clean, place->font, place->max_width);
      mark.text.whole = g_steal_pointer (&clean);
      measurer->measure (measurer, mark.text.string, place->font, &extents);
    }
  else
    mark.text.string = g_steal_pointer (&clean);
  if (place->whole != NULL)
    {
      g_free (mark.text.whole);
      mark.text.whole = clean_text (place->whole);
    }
  mark.box = mark.text.box = get_text_box (&extents, place);
  mark.fill = place->color;
  return mark;
}

void
shs_scene_add_text (ShsScene *self, ShsLayer layer, ShsMarkKey key, const char *text,
                    ShsTextPlace place, ShsTextMeasurer *measurer)
{
  ShsMark mark = make_text (layer, key, text, &place, measurer);

  shs_scene_take_mark (self, &mark);
}

static gboolean
is_free (const ShsScene *self, ShsRectangle box)
{
  ShsRectangle wide = shs_rectangle_grow (box, TEXT_GAP);

  if (box.x < 0 || box.y < 0 || shs_rectangle_right (box) > self->width
      || shs_rectangle_bottom (box) > self->height)
    return FALSE;
  for (gsize i = 0; i < self->text_boxes->len; i++)
    if (shs_rectangle_intersects (g_array_index (self->text_boxes, ShsRectangle, i), wide))
      return FALSE;
  return TRUE;
}

gboolean
shs_scene_has_room (const ShsScene *self, const char *text, ShsTextPlace place,
                    ShsTextMeasurer *measurer)
{
  ShsMark mark = make_text (SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_NOTE), text, &place, measurer);
  gboolean has_room = is_free (self, mark.box);

  g_free (mark.text.string);
  g_free (mark.text.whole);
  return has_room;
}

gboolean
shs_scene_try_text (ShsScene *self, ShsLayer layer, ShsMarkKey key, const char *text,
                    ShsTextPlace place, ShsTextMeasurer *measurer)
{
  ShsMark mark = make_text (layer, key, text, &place, measurer);

  if (mark.text.string[0] == '\0' || !is_free (self, mark.box))
    {
      g_free (mark.text.string);
      g_free (mark.text.whole);
      return FALSE;
    }
  shs_scene_take_mark (self, &mark);
  return TRUE;
}
