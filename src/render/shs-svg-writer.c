/* SVG with real text: Cairo 1.16 turns every glyph into an outline. */
#include "render/shs-render-private.h"
#include "render/shs-svg-attributes.h"

#include "core/shs-memory.h"
#include "io/shs-png.h"
#include "plot/shs-rectangle.h"

#include <math.h>
#include <string.h>

typedef struct
{
  GString *out;
  const ShsScene *scene;
  const ShsFigureOptions *options;
  gboolean raster;
  guint n_clips;
} Writer;

static void
write_rectangle (Writer *self, const ShsMark *mark)
{
  ShsColor fill = mark->fill;

  if (mark->key.role == SHS_ROLE_BACKGROUND)
    shs_figure_get_background (self->options, &fill);
  if (fill.alpha <= 0 && (mark->stroke.width <= 0 || mark->stroke.color.alpha <= 0))
    return;
  g_string_append (self->out, "<rect");
  shs_svg_append_box (self->out, mark->box);
  shs_svg_append_paint (self->out, fill, &mark->stroke);
  g_string_append (self->out, "/>\n");
}

static void
append_path_data (GString *out, const ShsPath *path)
{
  static const struct
  {
    char letter;
    guint n;
  } steps[] = { { 'M', 2 }, { 'L', 2 }, { 'C', 6 }, { 'Z', 0 } };
  gsize at = 0;

  for (gsize i = 0; i < path->n_steps; i++)
    {
      g_string_append_c (out, steps[path->steps[i]].letter);
      for (guint k = 0; k < steps[path->steps[i]].n; k++)
        {
          g_string_append (out, k > 0 ? " " : "");
          shs_svg_append_number (out, path->coordinates[at++]);
        }
    }
}

static void
write_path (Writer *self, const ShsMark *mark)
{
  g_string_append (self->out, "<path d=\"");
  append_path_data (self->out, &mark->path);
  g_string_append_c (self->out, '"');
  shs_svg_append_paint (self->out, mark->type == SHS_MARK_PATH ? mark->fill : (ShsColor){ 0 },
                        &mark->stroke);
  g_string_append (self->out, "/>\n");
}

static void
write_text (Writer *self, const ShsText *text)
{
  static const char *const anchors[] = { "start", "middle", "end" };
  GString *out = self->out;

  g_string_append (out, "<text");
  shs_svg_append_attribute (out, "x", text->x);
  shs_svg_append_attribute (out, "y", text->y);
  shs_svg_append_attribute (out, "font-size", text->font.size);
  if (text->font.is_bold)
    g_string_append (out, " font-weight=\"bold\"");
  if (text->anchor != SHS_ANCHOR_START)
    g_string_append_printf (out, " text-anchor=\"%s\"", anchors[text->anchor]);
  if (text->rotation != 0)
    {
      g_string_append (out, " transform=\"rotate(");
      shs_svg_append_number (out, -text->rotation);
      g_string_append_c (out, ' ');
      shs_svg_append_number (out, text->x);
      g_string_append_c (out, ' ');
      shs_svg_append_number (out, text->y);
      g_string_append (out, ")\"");
    }
  shs_svg_append_color (out, "fill", text->color);
  g_string_append_c (out, '>');
  if (text->whole != NULL)
    {
      g_string_append (out, "<title>");
      shs_svg_append_escaped (out, text->whole);
      g_string_append (out, "</title>");
    }
  shs_svg_append_escaped (out, text->string);
  g_string_append (out, "</text>\n");
}

/* Glyph outlines: Cairo's path of the text, so that they lie where the text would. */
static void
write_text_outline (Writer *self, const ShsText *text)
{
  cairo_surface_t *surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cairo = cairo_create (surface);
  PangoLayout *layout = shs_render_layout_new (self->options->family);
  cairo_path_t *path;
  GString *out = self->out;

  shs_render_layout_set (layout, text->string, text->font);
  cairo_translate (cairo, text->x, text->y);
  cairo_rotate (cairo, -text->rotation * G_PI / 180);
  cairo_set_tolerance (cairo, 0.01);
  cairo_move_to (cairo,
                 -shs_render_layout_get_width (layout) * (double[]){ 0, 0.5, 1 }[text->anchor], 0);
  pango_cairo_layout_line_path (cairo, pango_layout_get_line_readonly (layout, 0));
  cairo_identity_matrix (cairo);
  path = cairo_copy_path (cairo);

  g_string_append (out, "<path d=\"");
  for (int i = 0; i < path->num_data; i += path->data[i].header.length)
    {
      const cairo_path_data_t *data = &path->data[i];

      g_string_append_c (out, "MLCZ"[data->header.type]);
      for (int k = 1; k < data->header.length; k++)
        {
          shs_svg_append_number (out, data[k].point.x);
          g_string_append_c (out, ' ');
          shs_svg_append_number (out, data[k].point.y);
          g_string_append (out, k + 1 < data->header.length ? " " : "");
        }
    }
  g_string_append_c (out, '"');
  shs_svg_append_color (out, "fill", text->color);
  g_string_append (out, "><title>");
  shs_svg_append_escaped (out, text->whole != NULL ? text->whole : text->string);
  g_string_append (out, "</title></path>\n");
  cairo_path_destroy (path);
  g_object_unref (layout);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}

static void
append_stroke_color (GString *out, guint32 rgba)
{
  shs_svg_append_color (out, "stroke",
                        (ShsColor){ (rgba >> 24) / 255.0f, ((rgba >> 16) & 255) / 255.0f,
                                    ((rgba >> 8) & 255) / 255.0f, (rgba & 255) / 255.0f });
}

static void
append_shape (GString *out, const ShsPoints *points, gsize i)
{
  double r = points->radius;

  switch (points->shape)
    {
    case SHS_POINT_DISC: /* a round cap on no line at all is a disc */
      g_string_append_c (out, 'M');
      shs_svg_append_number (out, points->x[i]);
      g_string_append_c (out, ' ');
      shs_svg_append_number (out, points->y[i]);
      g_string_append (out, "h0");
      break;
    case SHS_POINT_TICK:
      g_string_append_c (out, 'M');
      shs_svg_append_number (out, points->x[i] - r);
      g_string_append_c (out, ' ');
      shs_svg_append_number (out, points->y[i]);
      g_string_append_c (out, 'h');
      shs_svg_append_number (out, 2 * r);
      break;
    case SHS_POINT_RING:
      r -= SHS_RING_STROKE / 2;
      g_string_append_c (out, 'M');
      shs_svg_append_number (out, points->x[i] - r);
      g_string_append_c (out, ' ');
      shs_svg_append_number (out, points->y[i]);
      for (int side = 1; side >= -1; side -= 2)
        {
          g_string_append_c (out, 'a');
          shs_svg_append_number (out, r);
          g_string_append_c (out, ' ');
          shs_svg_append_number (out, r);
          g_string_append (out, " 0 0 1 ");
          shs_svg_append_number (out, 2 * side * r);
          g_string_append (out, " 0");
        }
      g_string_append_c (out, 'z');
      break;
    }
}

/* Neighbours of one colour share a path; the order of painting stays that of the scene. */
static void
write_shapes (Writer *self, const ShsPoints *points)
{
  const double widths[] = { 2 * points->radius, SHS_RING_STROKE, SHS_TICK_STROKE };
  GString *out = self->out;

  g_string_append (out, "<g fill=\"none\" stroke-linecap=\"");
  g_string_append (out, points->shape == SHS_POINT_DISC ? "round\"" : "butt\"");
  shs_svg_append_attribute (out, "stroke-width", widths[points->shape]);
  g_string_append (out, ">\n");
  for (gsize i = 0; i < points->n;)
    {
      guint32 rgba = points->rgba[i];

      g_string_append (out, "<path");
      append_stroke_color (out, rgba);
      g_string_append (out, " d=\"");
      for (; i < points->n && points->rgba[i] == rgba; i++)
        append_shape (out, points, i);
      g_string_append (out, "\"/>\n");
    }
  g_string_append (out, "</g>\n");
}

static void
write_image (Writer *self, ShsRectangle box, guint width, guint height, const guint32 *pixels)
{
  g_autoptr (GBytes) png
      = shs_png_encode (&(ShsPng){ .width = width, .height = height, .pixels = pixels }, NULL);
  g_autofree char *base64 = NULL;

  if (png == NULL)
    return;
  base64 = g_base64_encode (g_bytes_get_data (png, NULL), g_bytes_get_size (png));
  g_string_append (self->out, "<image");
  shs_svg_append_box (self->out, box);
  g_string_append_printf (self->out,
                          " preserveAspectRatio=\"none\" "
                          "xlink:href=\"data:image/png;base64,%s\"/>\n",
                          base64);
}

static void
write_points (Writer *self, const ShsMark *mark)
{
  ShsRectangle page
      = { 0, 0, shs_scene_get_width (self->scene), shs_scene_get_height (self->scene) };
  ShsStamp stamp;

  if (!self->raster)
    write_shapes (self, &mark->points);
  else if (shs_render_stamp (&mark->points, mark->box, page, self->options->dpi / 72, &stamp))
    {
      write_image (self, stamp.box, stamp.width, stamp.height, stamp.pixels);
      shs_free (stamp.pixels);
    }
}

static void
begin_clip (Writer *self, ShsRectangle box)
{
  guint id = ++self->n_clips;

  g_string_append_printf (self->out, "<clipPath id=\"clip%u\"><rect", id);
  shs_svg_append_box (self->out, box);
  g_string_append_printf (self->out, "/></clipPath>\n<g clip-path=\"url(#clip%u)\">\n", id);
}

static void
write_mark (Writer *self, const ShsMark *mark)
{
  switch (mark->type)
    {
    case SHS_MARK_RECTANGLE:
      write_rectangle (self, mark);
      break;
    case SHS_MARK_PATH:
    case SHS_MARK_POLYLINE:
      write_path (self, mark);
      break;
    case SHS_MARK_TEXT:
      if (self->options->text_mode == SHS_TEXT_AS_PATHS)
        write_text_outline (self, &mark->text);
      else
        write_text (self, &mark->text);
      break;
    case SHS_MARK_POINTS:
      write_points (self, mark);
      break;
    case SHS_MARK_IMAGE:
      write_image (self, mark->box, mark->image.width, mark->image.height, mark->image.pixels);
      break;
    case SHS_MARK_CLIP:
      begin_clip (self, mark->box);
      break;
    case SHS_MARK_UNCLIP:
      g_string_append (self->out, "</g>\n");
      break;
    }
}

/* The font that is found here first, then what was asked for, then any without serifs. */
static char *
make_family_list (const char *family)
{
  PangoLayout *layout = shs_render_layout_new (family);
  PangoContext *context = pango_layout_get_context (layout);
  PangoFont *font = pango_context_load_font (context, pango_layout_get_font_description (layout));
  g_autoptr (PangoFontDescription) found = font != NULL ? pango_font_describe (font) : NULL;
  const char *name = found != NULL ? pango_font_description_get_family (found) : NULL;
  const char *asked = family != NULL ? family : SHS_RENDER_DEFAULT_FAMILY;
  GString *list = g_string_new (NULL);

  if (name != NULL && g_strcmp0 (name, asked) != 0)
    g_string_append_printf (list, "'%s', ", name);
  g_string_append_printf (list, "'%s', sans-serif", asked);
  g_clear_object (&font);
  g_object_unref (layout);
  return g_string_free (list, FALSE);
}

static void
write_head (Writer *self)
{
  g_autofree char *family = make_family_list (self->options->family);
  const char *metadata = self->options->metadata;
  const char *description = shs_scene_get_description (self->scene);
  GString *out = self->out;
  double width = shs_scene_get_width (self->scene);
  double height = shs_scene_get_height (self->scene);

  g_string_append (out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                        "xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" "
                        "role=\"img\" xml:space=\"preserve\" width=\"");
  shs_svg_append_number (out, width);
  g_string_append (out, "pt\" height=\"");
  shs_svg_append_number (out, height);
  g_string_append (out, "pt\" viewBox=\"0 0 ");
  shs_svg_append_number (out, width);
  g_string_append_c (out, ' ');
  shs_svg_append_number (out, height);
  g_string_append (out, "\" font-family=\"");
  shs_svg_append_escaped (out, family);
  g_string_append (out, "\">\n<title>");
  shs_svg_append_escaped (out, shs_scene_get_title (self->scene));
  g_string_append (out, "</title>\n<desc>");
  shs_svg_append_escaped (out, description);
  if (metadata != NULL)
    {
      g_string_append (out, description[0] != '\0' ? "\n" : "");
      shs_svg_append_escaped (out, metadata);
    }
  g_string_append (out, "</desc>\n");
}

char *
shs_figure_to_svg (const ShsScene *scene, const ShsFigureOptions *options)
{
  static const char *const layers[] = { "data", "axes", "overlay" };
  Writer self = { g_string_new (NULL), scene, options, shs_figure_is_raster (scene, options), 0 };

  write_head (&self);
  for (guint layer = SHS_LAYER_DATA; layer <= SHS_LAYER_OVERLAY; layer++)
    {
      g_string_append_printf (self.out, "<g id=\"%s\">\n", layers[layer]);
      for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
        {
          const ShsMark *mark = shs_scene_get_mark (scene, i);

          if (mark->layer == (ShsLayer)layer)
            write_mark (&self, mark);
        }
      g_string_append (self.out, "</g>\n");
    }
  g_string_append (self.out, "</svg>\n");
  return g_string_free (self.out, FALSE);
}
