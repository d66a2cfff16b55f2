#include "plot/shs-rectangle.h"
#include "plot/shs-scene-private.h"

#include <math.h>

static guint32
get_point_row (const ShsPoints *points, gsize index)
{
  return points->rows != NULL ? points->rows[index] : (guint32)index;
}

static gboolean
is_pickable (const ShsMark *mark)
{
  if (mark->key.role == SHS_ROLE_BACKGROUND || mark->key.role == SHS_ROLE_GRID)
    return FALSE;
  return mark->key.row >= 0 || mark->key.feature != -1 || mark->type == SHS_MARK_POINTS
         || (mark->type == SHS_MARK_TEXT && mark->text.whole != NULL);
}

/* The nearest point of a cloud; returns whether it is nearer than *distance, which it lowers. */
static gboolean
pick_point (const ShsPoints *points, double x, double y, double *distance, gsize *index)
{
  double best = *distance * *distance;
  gboolean found = FALSE;

  for (gsize i = 0; i < points->n; i++)
    {
      double dx = points->x[i] - x;
      double dy = points->y[i] - y;
      double square = dx * dx + dy * dy;

      if (square < best)
        {
          best = square;
          *index = i;
          found = TRUE;
        }
    }
  if (found)
    *distance = sqrt (best);
  return found;
}

static double
get_segment_distance (const double *a, double x, double y)
{
  double dx = a[2] - a[0];
  double dy = a[3] - a[1];
  double square = dx * dx + dy * dy;
  double t = square > 0 ? CLAMP (((x - a[0]) * dx + (y - a[1]) * dy) / square, 0, 1) : 0;

  return hypot (a[0] + t * dx - x, a[1] + t * dy - y);
}

/* What can be hit: the box, made as large as a finger needs where a bar is thin. */
static ShsRectangle
get_reach (const ShsMark *mark, double tolerance)
{
  ShsRectangle box = mark->box;
  double dx = CLAMP (tolerance - box.width / 2, 0, tolerance);
  double dy = CLAMP (tolerance - box.height / 2, 0, tolerance);

  if (mark->type == SHS_MARK_POLYLINE)
    return shs_rectangle_grow (box, tolerance);
  if (mark->key.role != SHS_ROLE_VALUE)
    return box;
  return (ShsRectangle){ box.x - dx, box.y - dy, box.width + 2 * dx, box.height + 2 * dy };
}

static gboolean
is_hit (const ShsMark *mark, double x, double y, double tolerance)
{
  if (mark->type == SHS_MARK_CLIP || mark->type == SHS_MARK_UNCLIP)
    return FALSE;
  if (!shs_rectangle_contains (get_reach (mark, tolerance), x, y))
    return FALSE;
  if (mark->type != SHS_MARK_POLYLINE)
    return TRUE;
  for (gsize i = 0; i + 3 < mark->path.n_coordinates; i += 2)
    if (get_segment_distance (mark->path.coordinates + i, x, y) <= tolerance)
      return TRUE;
  return FALSE;
}

static ShsHit
make_hit (gsize index, const ShsMark *mark)
{
  return (ShsHit){ .mark = index,
                   .point = -1,
                   .key = mark->key,
                   .x = mark->box.x + mark->box.width / 2,
                   .y = mark->box.y + mark->box.height / 2 };
}

static ShsHit
make_point_hit (gsize index, const ShsMark *mark, gsize point)
{
  ShsHit hit = { .mark = index,
                 .point = (gssize)point,
                 .key = mark->key,
                 .x = mark->points.x[point],
                 .y = mark->points.y[point] };

  hit.key.row = get_point_row (&mark->points, point);
  return hit;
}

gboolean
shs_scene_pick (const ShsScene *self, double x, double y, double tolerance, ShsHit *hit)
{
  double distance = INFINITY;
  gboolean found = FALSE;

  for (int layer = SHS_LAYER_OVERLAY; layer >= SHS_LAYER_DATA; layer--)
    for (gsize i = self->marks->len; i-- > 0;)
      {
        const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);
        gsize point;

        if ((int)mark->layer != layer || !is_pickable (mark))
          continue;
        if (mark->type == SHS_MARK_POINTS)
          {
            double reach = MIN (distance, mark->points.radius + tolerance);

            if (!shs_rectangle_contains (shs_rectangle_grow (mark->box, tolerance), x, y)
                || !pick_point (&mark->points, x, y, &reach, &point))
              continue;
            distance = reach;
            *hit = make_point_hit (i, mark, point);
            found = TRUE;
          }
        else if (!found && is_hit (mark, x, y, tolerance))
          {
            *hit = make_hit (i, mark);
            return TRUE;
          }
      }
  return found;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

  return (x > y) - (x < y);
}

static void
keep_unique (GArray *rows)
{
  gsize n = 0;

  g_array_sort (rows, compare_rows);
  for (gsize i = 0; i < rows->len; i++)
    {
      guint32 row = g_array_index (rows, guint32, i);

      if (n == 0 || g_array_index (rows, guint32, n - 1) != row)
        g_array_index (rows, guint32, n++) = row;
    }
  g_array_set_size (rows, (guint)n);
}

GArray *
shs_scene_pick_rows (const ShsScene *self, ShsRectangle box)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (gsize i = 0; i < self->marks->len; i++)
    {
      const ShsMark *mark = &g_array_index (self->marks, ShsMark, i);

      if (mark->type != SHS_MARK_POINTS || !shs_rectangle_intersects (mark->box, box))
        continue;
      for (gsize k = 0; k < mark->points.n; k++)
        if (shs_rectangle_contains (box, mark->points.x[k], mark->points.y[k]))
          {
            guint32 row = get_point_row (&mark->points, k);

            g_array_append_val (rows, row);
          }
    }
  keep_unique (rows);
  return rows;
}
