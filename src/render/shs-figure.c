#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "io/shs-file-writer.h"
#include "io/shs-png.h"
#include "render/shs-render-private.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_PER_INCH 72.0
#define POINTS_PER_MM (72.0 / 25.4)
#define MAX_POINTS 14400 /* 200 inches: what a PDF page may measure */

gboolean
shs_figure_get_background (const ShsFigureOptions *options, ShsColor *color)
{
  const char *text = options->background;

  if (text == NULL)
    return FALSE;
  if (strcmp (text, "transparent") == 0)
    *color = (ShsColor){ 0 };
  else if (strcmp (text, "white") == 0)
    *color = SHS_COLOR_HEX (0xffffff);
  else
    return shs_color_parse (text, color);
  return TRUE;
}

gboolean
shs_figure_is_raster (const ShsScene *scene, const ShsFigureOptions *options)
{
  if (options->point_mode == SHS_POINTS_AUTO)
    return shs_render_count_points (scene) > SHS_RENDER_MAX_VECTOR_POINTS;
  return options->point_mode == SHS_POINTS_RASTER;
}

/* Figures carry no time of their own, so that the same scene gives the same bytes. */
static char *
get_creation_date (void)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  gint64 seconds = epoch != NULL ? g_ascii_strtoll (epoch, NULL, 10) : 0;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ")
                      : g_strdup ("1970-01-01T00:00:00Z");
}

static void
set_pdf_metadata (cairo_surface_t *surface, const ShsScene *scene, const ShsFigureOptions *options)
{
  g_autofree char *date = get_creation_date ();

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, shs_scene_get_title (scene));
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT,
                                  shs_scene_get_description (scene));
  if (options->metadata != NULL)
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_KEYWORDS, options->metadata);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Shapscope");
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
}

static cairo_status_t
append_chunk (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
check_status (cairo_status_t status, const char *what, GError **error)
{
  if (status == CAIRO_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY, "The %s of the figure cannot be drawn: %s", what,
               cairo_status_to_string (status));
  return FALSE;
}

static ShsPaintOptions
make_paint_options (const ShsFigureOptions *options, ShsColor *background)
{
  return (ShsPaintOptions){
    .layers = SHS_LAYERS_ALL,
    .family = options->family,
    .text_as_paths = options->text_mode == SHS_TEXT_AS_PATHS,
    .background = shs_figure_get_background (options, background) ? background : NULL,
  };
}

GBytes *
shs_figure_to_pdf (const ShsScene *scene, const ShsFigureOptions *options, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      append_chunk, bytes, shs_scene_get_width (scene), shs_scene_get_height (scene));
  cairo_t *cairo = cairo_create (surface);
  ShsColor background;
  ShsPaintOptions paint = make_paint_options (options, &background);
  cairo_status_t status;

  if (shs_figure_is_raster (scene, options))
    paint.stamp_scale = options->dpi / POINTS_PER_INCH;
  set_pdf_metadata (surface, scene, options);
  shs_render_paint_with (cairo, scene, &paint);
  status = cairo_status (cairo);
  cairo_destroy (cairo);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (!check_status (status, "PDF", error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static guint32
divide_alpha (guint32 argb)
{
  guint32 alpha = argb >> 24;
  guint32 red = (argb >> 16) & 255, green = (argb >> 8) & 255, blue = argb & 255;

  if (alpha == 0)
    return 0;
  red = (red * 255 + alpha / 2) / alpha;
  green = (green * 255 + alpha / 2) / alpha;
  blue = (blue * 255 + alpha / 2) / alpha;
  return MIN (red, 255) << 24 | MIN (green, 255) << 16 | MIN (blue, 255) << 8 | alpha;
}

static guint32 *
copy_pixels (cairo_surface_t *surface, GError **error)
{
  guint width = (guint)cairo_image_surface_get_width (surface);
  guint height = (guint)cairo_image_surface_get_height (surface);
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint32 *pixels = shs_alloc ((gsize)width * height, sizeof *pixels, error);

  for (guint y = 0; y < height && pixels != NULL; y++)
    for (guint x = 0; x < width; x++)
      pixels[(gsize)y * width + x]
          = divide_alpha (((const guint32 *)(data + (gsize)y * stride))[x]);
  return pixels;
}

static cairo_surface_t *
paint_image (const ShsScene *scene, const ShsFigureOptions *options, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cairo = cairo_create (surface);
  double scale = options->dpi / POINTS_PER_INCH;
  ShsColor background;
  ShsPaintOptions paint = make_paint_options (options, &background);

  if (shs_render_count_points (scene) > SHS_RENDER_MAX_SHAPES)
    paint.stamp_scale = scale;
  cairo_scale (cairo, scale, scale);
  shs_render_paint_with (cairo, scene, &paint);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  return surface;
}

GBytes *
shs_figure_to_png (const ShsScene *scene, const ShsFigureOptions *options, GError **error)
{
  double width = round (shs_scene_get_width (scene) / POINTS_PER_INCH * options->dpi);
  double height = round (shs_scene_get_height (scene) / POINTS_PER_INCH * options->dpi);
  g_autofree char *text = NULL;
  SHS_AUTOFREE guint32 *pixels = NULL;
  cairo_surface_t *surface;

  if (!(width >= 1 && height >= 1 && width <= SHS_PNG_MAX_SIZE && height <= SHS_PNG_MAX_SIZE))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "A PNG figure of %.0f x %.0f pixels cannot be drawn: choose a size and a "
                   "resolution (now %g dpi) that give 1 to %d pixels a side",
                   width, height, options->dpi, SHS_PNG_MAX_SIZE);
      return NULL;
    }
  if (!shs_memory_check ((guint64)width * (guint64)height * 8, "The PNG figure", error))
    return NULL;
  surface = paint_image (scene, options, (int)width, (int)height);
  if (check_status (cairo_surface_status (surface), "PNG", error))
    pixels = copy_pixels (surface, error);
  cairo_surface_destroy (surface);
  if (pixels == NULL)
    return NULL;
  text = options->metadata != NULL
             ? g_strconcat (shs_scene_get_description (scene), "\n", options->metadata, NULL)
             : g_strdup (shs_scene_get_description (scene));
  return shs_png_encode (&(ShsPng){ .width = (guint)width,
                                    .height = (guint)height,
                                    .pixels = pixels,
                                    .dpi = options->dpi,
                                    .title = shs_scene_get_title (scene),
                                    .description = text },
                         error);
}

static gboolean
has_extension (const char *path, const char *extension)
{
  gsize n = strlen (path), m = strlen (extension);

  return n > m && g_ascii_strcasecmp (path + n - m, extension) == 0;
}

gboolean
shs_figure_write (const ShsScene *scene, const char *path, const ShsFigureOptions *options,
                  GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (has_extension (path, ".svg"))
    {
      char *svg = shs_figure_to_svg (scene, options);

      bytes = g_bytes_new_take (svg, strlen (svg));
    }
  else if (has_extension (path, ".pdf"))
    bytes = shs_figure_to_pdf (scene, options, error);
  else if (has_extension (path, ".png"))
    bytes = shs_figure_to_png (scene, options, error);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "%s: the extension does not tell the kind of figure; use .svg, .pdf or .png",
                 path);
  return bytes != NULL
         && shs_file_write (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static gboolean
parse_unit (const char *unit, double *points)
{
  static const struct
  {
    const char *name;
    double points;
  } units[] = { { "mm", POINTS_PER_MM },
                { "cm", 10 * POINTS_PER_MM },
                { "in", POINTS_PER_INCH },
                { "pt", 1 },
                { "px", 0.75 } };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (unit, units[i].name) == 0)
      {
        *points = units[i].points;
        return TRUE;
      }
  return FALSE;
}

gboolean
shs_figure_parse_size (const char *text, double *width, double *height, GError **error)
{
  const char *end = text + strlen (text);
  const char *p = shs_number_parse_prefix (text, end, width);
  double unit;

  *height = 0;
  if (p != NULL && *p == 'x')
    p = shs_number_parse_prefix (p + 1, end, height);
  if (p == NULL || !parse_unit (p, &unit) || !(*width > 0) || !(*height >= 0))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "\"%s\" is not a figure's size; write WIDTHxHEIGHT or WIDTH with mm, cm, in, "
                   "pt or px, as in 120x80mm or 89mm",
                   text);
      return FALSE;
    }
  *width *= unit;
  *height *= unit;
  if (!(*width <= MAX_POINTS) || !(*height <= MAX_POINTS))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "\"%s\" is too large for a figure: at most 5080 mm (200 in) a side", text);
      return FALSE;
    }
  return TRUE;
}
