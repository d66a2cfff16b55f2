#include "plot/shs-scene-private.h"

#include <math.h>
#include <string.h>

static const char *const layer_names[] = { "data", "axes", "overlay" };

static const char *const role_names[] = {
  "none",        "background", "title",     "note",          "axis",
  "tick-label",  "axis-label", "grid",      "feature-label", "value",
  "value-label", "point",      "connector", "base-value",    "prediction",
  "histogram",   "color-bar",  "legend",    "highlight",
};

static const char *const type_names[]
    = { "rectangle", "path", "polyline", "text", "points", "image", "clip", "unclip" };

/* To 1e-6, without zeros at the end and without a negative zero. */
static void
append_number (GString *out, double value)
{
  char text[400];
  gsize n;

  g_ascii_formatd (text, sizeof text, "%.6f", value);
  n = strlen (text);
  while (n > 0 && text[n - 1] == '0')
    text[--n] = '\0';
  if (n > 0 && text[n - 1] == '.')
    text[--n] = '\0';
  g_string_append_c (out, ' ');
  g_string_append (out, strcmp (text, "-0") == 0 ? "0" : text);
}

static void
append_color (GString *out, const char *name, ShsColor color)
{
  g_autofree char *hex = shs_color_to_hex (color);

  if (color.alpha <= 0)
    return;
  g_string_append_printf (out, " %s=%s", name, hex);
  if (color.alpha < 1)
    g_string_append_printf (out, "%02lx", lroundf (color.alpha * 255));
}

static void
append_key (GString *out, ShsMarkKey key)
{
  const struct
  {
    const char *name;
    gint64 value;
  } parts[] = {
    { "row", key.row },     { "feature", key.feature }, { "output", key.output },
    { "input", key.input }, { "partner", key.partner },
  };

  g_string_append_printf (out, " %s", role_names[key.role]);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].value != -1)
      g_string_append_printf (out, " %s=%" G_GINT64_FORMAT, parts[i].name, parts[i].value);
}

static void
append_stroke (GString *out, const ShsStroke *stroke)
{
  if (stroke->width <= 0)
    return;
  append_color (out, "stroke", stroke->color);
  g_string_append (out, " width");
  append_number (out, stroke->width);
  if (stroke->dash[0] > 0)
    {
      g_string_append (out, " dash");
      for (guint i = 0; i < 4 && stroke->dash[i] > 0; i++)
        append_number (out, stroke->dash[i]);
    }
}

static void
append_path (GString *out, const ShsPath *path)
{
  static const struct
  {
    char letter;
    guint n;
  } steps[] = { { 'M', 2 }, { 'L', 2 }, { 'C', 6 }, { 'Z', 0 } };
  gsize at = 0;

  for (gsize i = 0; i < path->n_steps; i++)
    {
      g_string_append_printf (out, " %c", steps[path->steps[i]].letter);
      for (guint k = 0; k < steps[path->steps[i]].n; k++)
        append_number (out, path->coordinates[at++]);
    }
}

static void
append_text (GString *out, const ShsText *text)
{
  static const char *const anchors[] = { "start", "middle", "end" };
  g_autofree char *quoted = g_strescape (text->string, "\b\f\n\r\t\v");

  g_string_append_printf (out, " %s%s size", anchors[text->anchor],
                          text->font.is_bold ? " bold" : "");
  append_number (out, text->font.size);
  g_string_append (out, " at");
  append_number (out, text->x);
  append_number (out, text->y);
  if (text->rotation != 0)
    {
      g_string_append (out, " rotated");
      append_number (out, text->rotation);
    }
  g_string_append_printf (out, " \"%s\"", quoted);
  if (text->whole != NULL)
    g_string_append_printf (out, " of \"%s\"", text->whole);
}

static void
append_points (GString *out, const ShsPoints *points)
{
  static const char *const shapes[] = { "disc", "ring", "tick" };

  g_string_append_printf (out, " %s radius", shapes[points->shape]);
  append_number (out, points->radius);
  for (gsize i = 0; i < points->n; i++)
    {
      g_string_append (out, "\n   ");
      append_number (out, points->x[i]);
      append_number (out, points->y[i]);
      g_string_append_printf (out, " %08x %" G_GSIZE_FORMAT, points->rgba[i],
                              points->rows != NULL ? (gsize)points->rows[i] : i);
    }
}

static void
append_mark (GString *out, const ShsMark *mark)
{
  g_string_append_printf (out, "%s %s", layer_names[mark->layer], type_names[mark->type]);
  append_key (out, mark->key);
  if (mark->type != SHS_MARK_UNCLIP)
    {
      g_string_append (out, " box");
      append_number (out, mark->box.x);
      append_number (out, mark->box.y);
      append_number (out, mark->box.width);
      append_number (out, mark->box.height);
    }
  append_color (out, "fill", mark->fill);
  append_stroke (out, &mark->stroke);
  if (mark->type == SHS_MARK_PATH || mark->type == SHS_MARK_POLYLINE)
    append_path (out, &mark->path);
  else if (mark->type == SHS_MARK_TEXT)
    append_text (out, &mark->text);
  else if (mark->type == SHS_MARK_POINTS)
    append_points (out, &mark->points);
  else if (mark->type == SHS_MARK_IMAGE)
    g_string_append_printf (out, " %ux%u", mark->image.width, mark->image.height);
  g_string_append_c (out, '\n');
}

char *
shs_scene_to_text (const ShsScene *self)
{
  GString *out = g_string_new ("scene");

  append_number (out, self->width);
  append_number (out, self->height);
  g_string_append_printf (out, "\ntitle %s\ndescription %s\n", self->title, self->description);
  for (gsize i = 0; i < self->marks->len; i++)
    append_mark (out, &g_array_index (self->marks, ShsMark, i));
  return g_string_free (out, FALSE);
}
