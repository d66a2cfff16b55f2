#include "render/shs-svg-attributes.h"

#include <string.h>

/* Hundredths of a point are a quarter of a pixel at 1,800 dpi. */
void
shs_svg_append_number (GString *out, double value)
{
  char text[400];
  gsize n;

  g_ascii_formatd (text, sizeof text, "%.2f", value);
  n = strlen (text);
  while (text[n - 1] == '0')
    text[--n] = '\0';
  if (text[n - 1] == '.')
    text[--n] = '\0';
  g_string_append (out, strcmp (text, "-0") == 0 ? "0" : text);
}

void
shs_svg_append_attribute (GString *out, const char *name, double value)
{
  g_string_append_printf (out, " %s=\"", name);
  shs_svg_append_number (out, value);
  g_string_append_c (out, '"');
}

void
shs_svg_append_color (GString *out, const char *name, ShsColor color)
{
  g_autofree char *hex = shs_color_to_hex (color);

  g_string_append_printf (out, " %s=\"%s\"", name, color.alpha > 0 ? hex : "none");
  if (color.alpha > 0 && color.alpha < 1)
    {
      g_autofree char *opacity = g_strdup_printf ("%s-opacity", name);

      shs_svg_append_attribute (out, opacity, color.alpha);
    }
}

void
shs_svg_append_box (GString *out, ShsRectangle box)
{
  shs_svg_append_attribute (out, "x", box.x);
  shs_svg_append_attribute (out, "y", box.y);
  shs_svg_append_attribute (out, "width", box.width);
  shs_svg_append_attribute (out, "height", box.height);
}

void
shs_svg_append_paint (GString *out, ShsColor fill, const ShsStroke *stroke)
{
  shs_svg_append_color (out, "fill", fill);
  if (stroke->width <= 0 || stroke->color.alpha <= 0)
    return;
  shs_svg_append_color (out, "stroke", stroke->color);
  shs_svg_append_attribute (out, "stroke-width", stroke->width);
  if (stroke->dash[0] > 0)
    {
      g_string_append (out, " stroke-dasharray=\"");
      for (guint i = 0; i < 4 && stroke->dash[i] > 0; i++)
        {
          g_string_append (out, i > 0 ? " " : "");
          shs_svg_append_number (out, stroke->dash[i]);
        }
      g_string_append_c (out, '"');
    }
}

void
shs_svg_append_escaped (GString *out, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append (out, escaped);
}
