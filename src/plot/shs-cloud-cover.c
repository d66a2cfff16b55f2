#include "plot/shs-cloud-cover.h"

#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define MAX_CELLS ((gsize)1 << 28)
#define OPAQUE 0xffu

/* A bit for each square, row by row. */
typedef struct
{
  double x, y;
  gsize width, height;
  guint8 *covered;
} Cover;

static gboolean
cover_init (Cover *self, const ShsPoints *points, GError **error)
{
  double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
  double width, height;

  for (gsize i = 0; i < points->n; i++)
    {
      left = fmin (left, points->x[i]);
      right = fmax (right, points->x[i]);
      top = fmin (top, points->y[i]);
      bottom = fmax (bottom, points->y[i]);
    }
  width = floor ((right - left) / SHS_COVER_CELL) + 1;
  height = floor ((bottom - top) / SHS_COVER_CELL) + 1;
  if (!(width * height <= (double)MAX_CELLS))
    return TRUE;
  *self = (Cover){ left, top, (gsize)width, (gsize)height, NULL };
  self->covered = shs_alloc0 (self->width * self->height / 8 + 1, 1, error);
  return self->covered != NULL;
}

static gboolean
is_covered (Cover *self, double x, double y, gboolean by_this)
{
  gsize column = (gsize)((x - self->x) / SHS_COVER_CELL);
  gsize row = (gsize)((y - self->y) / SHS_COVER_CELL);
  gsize cell = row * self->width + column;
  guint8 bit = (guint8)(1u << (cell % 8));

  if (self->covered[cell / 8] & bit)
    return TRUE;
  if (by_this)
    self->covered[cell / 8] |= bit;
  return FALSE;
}

/* Those to keep go to the end of the arrays, in their order; returns how many. */
static gsize
keep_uncovered (ShsPoints *points, Cover *cover)
{
  gsize kept = points->n;

  for (gsize i = points->n; i-- > 0;)
    {
      if (is_covered (cover, points->x[i], points->y[i], (points->rgba[i] & OPAQUE) == OPAQUE))
        continue;
      kept--;
      points->x[kept] = points->x[i];
      points->y[kept] = points->y[i];
      points->rgba[kept] = points->rgba[i];
      points->rows[kept] = points->rows[i];
    }
  return points->n - kept;
}

static gboolean
shrink (gpointer *array, gsize n, gsize n_kept, gsize size, GError **error)
{
  gpointer smaller = shs_alloc (n_kept, size, error);

  if (smaller == NULL)
    return FALSE;
  memcpy (smaller, (const guint8 *)*array + (n - n_kept) * size, n_kept * size);
  shs_free (*array);
  *array = smaller;
  return TRUE;
}

static gboolean
drop_covered (ShsPoints *points, GError **error)
{
  SHS_AUTOFREE guint8 *covered = NULL;
  Cover cover = { 0 };
  gsize n = points->n, n_kept;

  if (n > 0 && !cover_init (&cover, points, error))
    return FALSE;
  covered = cover.covered;
  n_kept = covered != NULL ? keep_uncovered (points, &cover) : n;
  points->n = n_kept;
  return shrink ((gpointer *)&points->x, n, n_kept, sizeof *points->x, error)
         && shrink ((gpointer *)&points->y, n, n_kept, sizeof *points->y, error)
         && shrink ((gpointer *)&points->rgba, n, n_kept, sizeof *points->rgba, error)
         && shrink ((gpointer *)&points->rows, n, n_kept, sizeof *points->rows, error);
}

gboolean
shs_cloud_drop_covered (ShsCloud *self, GError **error)
{
  return drop_covered (&self->points[0], error) && drop_covered (&self->points[1], error);
}
