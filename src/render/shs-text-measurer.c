#include "render/shs-render-private.h"

#include <math.h>
#include <string.h>

#define POINTS_PER_INCH 72

typedef struct
{
  ShsTextMeasurer interface;
  PangoLayout *layout;
} Measurer;

PangoLayout *
shs_render_layout_new (const char *family)
{
  /* The default map is this thread's own. */
  PangoFontMap *map = pango_cairo_font_map_get_default ();
  PangoContext *context = pango_font_map_create_context (map);
  g_autoptr (PangoFontDescription) description = pango_font_description_new ();
  cairo_font_options_t *options = cairo_font_options_create ();
  PangoLayout *layout;

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (context, POINTS_PER_INCH);
  pango_context_set_round_glyph_positions (context, FALSE);
  layout = pango_layout_new (context);
  g_object_unref (context);
  pango_font_description_set_family (description,
                                     family != NULL ? family : SHS_RENDER_DEFAULT_FAMILY);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  return layout;
}

void
shs_render_layout_set (PangoLayout *layout, const char *text, ShsFont font)
{
  g_autoptr (PangoFontDescription) description
      = pango_font_description_copy (pango_layout_get_font_description (layout));

  pango_font_description_set_absolute_size (description, font.size * PANGO_SCALE);
  pango_font_description_set_weight (description,
                                     font.is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_text (layout, text, -1);
}

double
shs_render_layout_get_width (PangoLayout *layout)
{
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  return (double)logical.width / PANGO_SCALE;
}

static void
measure (ShsTextMeasurer *interface, const char *text, ShsFont font, ShsTextExtents *extents)
{
  Measurer *self = (Measurer *)interface;
  PangoRectangle logical;
  int baseline;

  shs_render_layout_set (self->layout, text, font);
  pango_layout_get_extents (self->layout, NULL, &logical);
  baseline = pango_layout_get_baseline (self->layout);
  extents->width = (double)logical.width / PANGO_SCALE;
  extents->ascent = (double)(baseline - logical.y) / PANGO_SCALE;
  extents->descent = (double)(logical.y + logical.height - baseline) / PANGO_SCALE;
}

/* Byte offsets at which a grapheme begins, the last one being the end of the text. */
static GArray *
find_borders (PangoLayout *layout, const char *text)
{
  GArray *borders = g_array_new (FALSE, FALSE, sizeof (gsize));
  int n;
  const PangoLogAttr *attributes = pango_layout_get_log_attrs_readonly (layout, &n);
  const char *p = text;

  for (int i = 0; i < n; i++)
    {
      gsize offset = (gsize)(p - text);

      if (attributes[i].is_cursor_position)
        g_array_append_val (borders, offset);
      if (*p != '\0')
        p = g_utf8_next_char (p);
    }
  return borders;
}

static char *
cut_text (const char *text, gsize length)
{
  while (length > 0 && text[length - 1] == ' ')
    length--;
  return g_strdup_printf ("%.*s…", (int)length, text);
}

static char *
elide (ShsTextMeasurer *interface, const char *text, ShsFont font, double width)
{
  Measurer *self = (Measurer *)interface;
  g_autoptr (GArray) borders = NULL;
  guint low = 0, high;

  if (shs_text_width (interface, text, font) <= width)
    return g_strdup (text);
  shs_render_layout_set (self->layout, text, font);
  borders = find_borders (self->layout, text);
  high = borders->len; /* the text cut at border `low` fits, at `high` it does not */
  while (high - low > 1)
    {
      guint middle = (low + high) / 2;
      g_autofree char *cut = cut_text (text, g_array_index (borders, gsize, middle));

      if (shs_text_width (interface, cut, font) <= width)
        low = middle;
      else
        high = middle;
    }
  if (low == 0)
    return g_strdup (shs_text_width (interface, "…", font) <= width ? "…" : "");
  return cut_text (text, g_array_index (borders, gsize, low));
}

ShsTextMeasurer *
shs_render_measurer_new (const char *family)
{
  Measurer *self = g_new0 (Measurer, 1);

  self->interface = (ShsTextMeasurer){ measure, elide };
  self->layout = shs_render_layout_new (family);
  return &self->interface;
}

void
shs_render_measurer_free (ShsTextMeasurer *interface)
{
  Measurer *self = (Measurer *)interface;

  if (self == NULL)
    return;
  g_object_unref (self->layout);
  g_free (self);
}
