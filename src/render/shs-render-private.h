/* What the files of render/ share. */
#pragma once

#include <pango/pangocairo.h>

#include "render/shs-render-cairo.h"
#include "render/shs-render.h"

G_BEGIN_DECLS

#define SHS_RENDER_DEFAULT_FAMILY "Sans"

/** Point clouds of a scene with more points than this are stamped on screen. */
#define SHS_RENDER_MAX_SHAPES 4000
/** Point clouds of a scene with more points than this become an image in vector files. */
#define SHS_RENDER_MAX_VECTOR_POINTS 10000

/** shs_render_layout_new: (transfer full): an unhinted layout in which one unit is one point. */
PangoLayout *shs_render_layout_new (const char *family);
/** shs_render_layout_set: the text and font of the next line. */
void shs_render_layout_set (PangoLayout *layout, const char *text, ShsFont font);

/** shs_render_layout_get_width: of its line, in points. */
double shs_render_layout_get_width (PangoLayout *layout);

/** Line widths of the shapes of points. */
#define SHS_RING_STROKE 0.7
#define SHS_TICK_STROKE 1.0

/** shs_render_count_points: of all clouds of a scene. */
gsize shs_render_count_points (const ShsScene *scene);

/**
 * ShsPaintOptions: of shs_render_paint_with().
 * @stamp_scale: > 0: point clouds become images of so many pixels a point; 0: shapes
 * @text_as_paths: glyph outlines instead of text
 * @background: (nullable): instead of the scene's own
 */
typedef struct
{
  guint layers;
  const char *family;
  double stamp_scale;
  gboolean text_as_paths;
  const ShsColor *background;
} ShsPaintOptions;

void shs_render_paint_with (cairo_t *cairo, const ShsScene *scene, const ShsPaintOptions *options);

/**
 * ShsStamp: points as an image.
 * @box: where it lies in the scene
 * @pixels: width * height values 0xRRGGBBAA, straight alpha; of shs_alloc()
 */
typedef struct
{
  ShsRectangle box;
  guint width, height;
  guint32 *pixels;
} ShsStamp;

/**
 * shs_render_stamp:
 * @scale: pixels a point
 * @clip: what lies outside is left out
 *
 * Cost: n * (2 radius scale)^2. Returns FALSE without memory.
 */
gboolean shs_render_stamp (const ShsPoints *points, ShsRectangle box, ShsRectangle clip,
                           double scale, ShsStamp *stamp);

/** shs_figure_background: the colour a file's background gets; FALSE keeps the scene's own. */
gboolean shs_figure_get_background (const ShsFigureOptions *options, ShsColor *color);
/** shs_figure_is_raster: whether points become images in a vector file. */
gboolean shs_figure_is_raster (const ShsScene *scene, const ShsFigureOptions *options);

G_END_DECLS
