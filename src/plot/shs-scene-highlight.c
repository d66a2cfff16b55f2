#include "core/shs-memory.h"
#include "plot/shs-rectangle.h"
#include "plot/shs-scene-private.h"

#define VEIL 0.72    /* how much of the background covers what is not selected */
#define RING_GAP 2.0 /* points between a point and its ring */
#define RING_WIDTH 1.4
#define HALO_WIDTH 3.2
#define FRAME_GAP 2.0
#define LEAST_FRAME_GAP -1.0 /* the box of a text is higher than most of its letters */
#define FRAME_WIDTH 1.0
#define FRAME_RADIUS 3.5

typedef struct
{
  const guint8 *selected;
  gsize n_rows;
} Selection;

static gboolean
is_selected (const Selection *selection, guint32 row)
{
  return row < selection->n_rows && selection->selected[row] != 0;
}

static guint32
get_row (const ShsPoints *points, gsize index)
{
  return points->rows != NULL ? points->rows[index] : (guint32)index;
}

/* Copies the selected points of a cloud; without memory the overlay lacks them, nothing else. */
static void
add_selected_points (ShsScene *out, const ShsMark *mark, const Selection *selection)
{
  const ShsPoints *from = &mark->points;
  ShsPoints to = { .radius = from->radius, .shape = from->shape };
  gsize n = 0;

  for (gsize i = 0; i < from->n; i++)
    n += is_selected (selection, get_row (from, i));
  to.x = shs_alloc (n, sizeof *to.x, NULL);
  to.y = shs_alloc (n, sizeof *to.y, NULL);
  to.rgba = shs_alloc (n, sizeof *to.rgba, NULL);
  to.rows = shs_alloc (n, sizeof *to.rows, NULL);
  for (gsize i = 0; i < from->n && to.x && to.y && to.rgba && to.rows; i++)
    {
      guint32 row = get_row (from, i);

      if (!is_selected (selection, row))
        continue;
      to.x[to.n] = from->x[i];
      to.y[to.n] = from->y[i];
      to.rgba[to.n] = from->rgba[i] | 0xff;
      to.rows[to.n++] = row;
    }
  shs_scene_add_points (out, SHS_LAYER_OVERLAY, mark->key, to);
}

static void
add_ring (ShsScene *out, ShsMarkKey key, double x, double y, double radius, ShsStroke stroke)
{
  const double k = 0.5522847498 * radius; /* control points of a quarter circle */
  ShsPathBuilder path = shs_path_builder_init ();

  shs_path_builder_move (&path, x + radius, y);
  shs_path_builder_curve (&path, x + radius, y + k, x + k, y + radius, x, y + radius);
  shs_path_builder_curve (&path, x - k, y + radius, x - radius, y + k, x - radius, y);
  shs_path_builder_curve (&path, x - radius, y - k, x - k, y - radius, x, y - radius);
  shs_path_builder_curve (&path, x + k, y - radius, x + radius, y - k, x + radius, y);
  shs_path_builder_close (&path);
  key.role = SHS_ROLE_HIGHLIGHT;
  shs_scene_add_path (out, SHS_LAYER_OVERLAY, key, &path, (ShsColor){ 0 }, stroke);
}

/* A halo in the background's colour parts the ring from the points around it. */
static void
add_primary_rings (ShsScene *out, const ShsScene *self, const ShsMark *mark, gint64 primary,
                   ShsColor accent)
{
  const ShsPoints *points = &mark->points;
  ShsStroke halo = { .color = shs_scene_get_background (self), .width = HALO_WIDTH };
  ShsStroke ring = { .color = accent, .width = RING_WIDTH };

  for (gsize i = 0; i < points->n; i++)
    if (get_row (points, i) == primary)
      {
        ShsMarkKey key = mark->key;
        double radius = points->radius + RING_GAP;

        key.row = primary;
        add_ring (out, key, points->x[i], points->y[i], radius, halo);
        add_ring (out, key, points->x[i], points->y[i], radius, ring);
      }
}

static ShsPathBuilder
make_round_box (ShsRectangle box, double radius)
{
  const double k = (1 - 0.5522847498) * radius; /* control points of a quarter circle */
  double left = box.x, top = box.y;
  double right = shs_rectangle_right (box), bottom = shs_rectangle_bottom (box);
  ShsPathBuilder path = shs_path_builder_init ();

  shs_path_builder_move (&path, left + radius, top);
  shs_path_builder_line (&path, right - radius, top);
  shs_path_builder_curve (&path, right - k, top, right, top + k, right, top + radius);
  shs_path_builder_line (&path, right, bottom - radius);
  shs_path_builder_curve (&path, right, bottom - k, right - k, bottom, right - radius, bottom);
  shs_path_builder_line (&path, left + radius, bottom);
  shs_path_builder_curve (&path, left + k, bottom, left, bottom - k, left, bottom - radius);
  shs_path_builder_line (&path, left, top + radius);
  shs_path_builder_curve (&path, left, top + k, left + k, top, left + radius, top);
  shs_path_builder_close (&path);
  return path;
}

/* How far the frame may stand off the label: half the way to the text above or below. */
static double
get_frame_gap (const ShsScene *self, const ShsMark *label)
{
  double gap = FRAME_GAP;

  for (gsize i = 0; i < self->marks->len; i++)
    {
      const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);
      double above, below;

      if (mark->type != SHS_MARK_TEXT || mark->key.feature == label->key.feature
          || mark->box.x >= shs_rectangle_right (label->box)
          || shs_rectangle_right (mark->box) <= label->box.x)
        continue;
      above = label->box.y - shs_rectangle_bottom (mark->box);
      below = mark->box.y - shs_rectangle_bottom (label->box);
      gap = MIN (gap, (MAX (above, below) - FRAME_WIDTH) / 2);
    }
  return MAX (gap, LEAST_FRAME_GAP);
}

/* The frame lies within the figure even where the label touches its edge. */
static void
add_frame (ShsScene *out, const ShsScene *self, const ShsMark *mark, ShsColor accent)
{
  double gap = get_frame_gap (self, mark);
  ShsRectangle box = { mark->box.x - FRAME_GAP, mark->box.y - gap, mark->box.width + 2 * FRAME_GAP,
                       mark->box.height + 2 * gap };
  double x = MAX (box.x, 0.5), y = MAX (box.y, 0.5);
  ShsPathBuilder path;
  ShsMarkKey key = mark->key;

  box = (ShsRectangle){ x, y, MIN (shs_rectangle_right (box), out->width - 0.5) - x,
                        MIN (shs_rectangle_bottom (box), out->height - 0.5) - y };
  path = make_round_box (box, MIN (FRAME_RADIUS, MIN (box.width, box.height) / 2));
  key.role = SHS_ROLE_HIGHLIGHT;
  shs_scene_add_path (out, SHS_LAYER_OVERLAY, key, &path, (ShsColor){ 0 },
                      (ShsStroke){ .color = accent, .width = FRAME_WIDTH });
}

static void
add_veil (ShsScene *out, const ShsScene *self)
{
  ShsRectangle veil = { 0 };
  gboolean any = FALSE;

  for (gsize i = 0; i < self->marks->len; i++)
    {
      const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);

      if (mark->type != SHS_MARK_POINTS && mark->key.role != SHS_ROLE_HISTOGRAM)
        continue;
      veil = any ? shs_rectangle_union (veil, mark->box) : mark->box;
      any = TRUE;
    }
  if (any)
    shs_scene_add_rectangle (
        out, SHS_LAYER_OVERLAY, SHS_KEY (SHS_ROLE_HIGHLIGHT), shs_rectangle_grow (veil, 1),
        shs_color_with_alpha (shs_scene_get_background (self), VEIL), (ShsStroke){ 0 });
}

static gboolean
has_selection (const Selection *selection)
{
  for (gsize i = 0; selection->selected != NULL && i < selection->n_rows; i++)
    if (selection->selected[i] != 0)
      return TRUE;
  return FALSE;
}

/* A feature is marked at its label; a figure that has no label for it marks its value. */
static void
mark_feature (ShsScene *out, const ShsScene *self, gint32 feature, ShsColor accent)
{
  static const ShsRole roles[] = { SHS_ROLE_FEATURE_LABEL, SHS_ROLE_VALUE };

  for (gsize r = 0; r < G_N_ELEMENTS (roles); r++)
    {
      ShsMark frame = { .key = SHS_KEY (roles[r]) };
      gboolean any = FALSE;

      for (gsize i = 0; i < self->marks->len; i++)
        {
          const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);

          if (mark->key.role != roles[r] || mark->key.feature != feature)
            continue;
          frame.box = any ? shs_rectangle_union (frame.box, mark->box) : mark->box;
          frame.key = mark->key;
          any = TRUE;
        }
      if (any)
        {
          add_frame (out, self, &frame, accent);
          return;
        }
    }
}

ShsScene *
shs_scene_highlight (const ShsScene *self, const guint8 *selected, gsize n_rows, gint64 primary,
                     gint32 feature, ShsColor accent)
{
  ShsScene *out = shs_scene_new (self->width, self->height);
  Selection selection = { selected, n_rows };
  gboolean any = has_selection (&selection);

  if (any)
    add_veil (out, self);
  for (gsize i = 0; i < self->marks->len; i++)
    {
      const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);

      if (mark->type == SHS_MARK_POINTS && any)
        add_selected_points (out, mark, &selection);
    }
  for (gsize i = 0; i < self->marks->len && primary >= 0; i++)
    {
      const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);

      if (mark->type == SHS_MARK_POINTS)
        add_primary_rings (out, self, mark, primary, accent);
    }
  if (feature >= 0)
    mark_feature (out, self, feature, accent);
  return out;
}
