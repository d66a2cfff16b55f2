/* Scenes on screen and in files. */
#pragma once

#include "plot/shs-scene.h"

G_BEGIN_DECLS

/**
 * shs_render_measurer_new: a measurer over PangoCairo at 72 dpi, unhinted: a layout that fits on
 *   screen fits in every file. One a thread; free with shs_render_measurer_free().
 */
ShsTextMeasurer *shs_render_measurer_new (const char *family);
void shs_render_measurer_free (ShsTextMeasurer *self);

/** ShsTextMode: of vector files. */
typedef enum
{
  SHS_TEXT_AS_TEXT,  /* selectable; PDF embeds the font, SVG names it */
  SHS_TEXT_AS_PATHS, /* outlines */
} ShsTextMode;

/** ShsPointMode: of vector files. */
typedef enum
{
  SHS_POINTS_AUTO, /* vector up to 10,000 marks, an image of @dpi above */
  SHS_POINTS_VECTOR,
  SHS_POINTS_RASTER,
} ShsPointMode;

/**
 * ShsFigureOptions: how a scene becomes a file.
 * @dpi: of PNG, and of rastered points
 * @background: (nullable): "white", "transparent", "#rrggbb"; NULL keeps the scene's own
 * @metadata: (nullable): text about the explanation and the command that remakes the figure; goes
 *   into PDF subject and keywords, SVG desc, PNG text
 */
typedef struct
{
  double dpi;
  ShsTextMode text_mode;
  ShsPointMode point_mode;
  const char *family;
  const char *background;
  const char *metadata;
} ShsFigureOptions;

#define SHS_FIGURE_OPTIONS_DEFAULTS ((ShsFigureOptions){ .dpi = 300 })

/**
 * shs_figure_write:
 * @path: .svg, .pdf or .png
 *
 * Writes through a temporary file. Sizes: SVG and PDF in points (1/72 inch); PNG round (points / 72
 * x dpi) pixels with its resolution recorded.
 *
 * Returns: FALSE with %SHS_ERROR_CHOICE for another extension, %SHS_ERROR_FILE, %SHS_ERROR_MEMORY
 */
gboolean shs_figure_write (const ShsScene *scene, const char *path, const ShsFigureOptions *options,
                           GError **error);

/** shs_figure_to_svg: (transfer full): the SVG text. */
char *shs_figure_to_svg (const ShsScene *scene, const ShsFigureOptions *options);
/** shs_figure_to_pdf: (transfer full): the bytes of the PDF. */
GBytes *shs_figure_to_pdf (const ShsScene *scene, const ShsFigureOptions *options, GError **error);
/** shs_figure_to_png: (transfer full): the bytes of the PNG. */
GBytes *shs_figure_to_png (const ShsScene *scene, const ShsFigureOptions *options, GError **error);

/** shs_figure_parse_size: "120x80mm", "89mm" (width; natural height), "6x4in", "400x300pt"; a
 * height of 0 means the natural one. FALSE with %SHS_ERROR_CHOICE. */
gboolean shs_figure_parse_size (const char *text, double *width, double *height, GError **error);

G_END_DECLS
