#include "plot/shs-plot-frame.h"

#include "core/shs-i18n.h"
#include "plot/shs-plot-note.h"

#include <math.h>
#include <string.h>

#define DEFAULT_FONT_SIZE 9.5
#define MIN_LINES_FOR_AXIS_TITLE 9.5
#define CAPTION_SHARE 0.8
#define MIN_LINES_FOR_NOTE 8

static double
get_font_size (const ShsPlotOptions *options)
{
  return options->font_size > 0 ? options->font_size : DEFAULT_FONT_SIZE;
}

double
shs_plot_frame_get_caption_size (const ShsPlotOptions *options)
{
  return CAPTION_SHARE * get_font_size (options);
}

static void
set_fonts (ShsPlotFrame *self)
{
  double size = get_font_size (self->options);

  self->label = (ShsFont){ size, FALSE };
  self->tick = (ShsFont){ size * 0.9, FALSE };
  self->caption = (ShsFont){ size * CAPTION_SHARE, FALSE };
  self->strong = (ShsFont){ size, TRUE };
}

double
shs_plot_frame_get_line (const ShsPlotFrame *self, ShsFont font)
{
  ShsTextExtents extents;

  self->measurer->measure (self->measurer, "Äg", font, &extents);
  return extents.ascent + extents.descent;
}

double
shs_plot_frame_center (ShsFont font, double y)
{
  return y + 0.355 * font.size;
}

double
shs_plot_frame_width (const ShsPlotFrame *self, const char *text, ShsFont font)
{
  return shs_text_width (self->measurer, text, font);
}

gboolean
shs_plot_frame_has_axis_title (const ShsPlotFrame *self)
{
  return self->area.height
         >= MIN_LINES_FOR_AXIS_TITLE * shs_plot_frame_get_line (self, self->label);
}

gboolean
shs_plot_frame_text (ShsPlotFrame *self, ShsMarkKey key, const char *text, ShsTextPlace place)
{
  return shs_scene_try_text (self->scene, SHS_LAYER_AXES, key, text, place, self->measurer);
}

ShsMarkKey
shs_plot_frame_key (const ShsPlotFrame *self, ShsRole role, gint64 row, gint32 feature)
{
  return (ShsMarkKey){ role, row, feature, (gint32)self->output, -1, -1 };
}

double
shs_plot_frame_measure_note (const ShsPlotFrame *self)
{
  double line = shs_plot_frame_get_line (self, self->caption);

  return self->area.height < MIN_LINES_FOR_NOTE * line ? 0 : line + SHS_PLOT_NOTE_GAP;
}

gsize
shs_plot_frame_count_notes (const ShsPlotFrame *self)
{
  double line = shs_plot_frame_get_line (self, self->caption);
  double rest = self->area.height - MIN_LINES_FOR_NOTE * line;

  return rest < 0 ? 0 : 1 + (gsize)(rest / (line + SHS_PLOT_NOTE_GAP));
}

void
shs_plot_frame_note (ShsPlotFrame *self, const char *text)
{
  ShsTextExtents extents;
  ShsTextPlace place = { .x = self->area.x,
                         .font = self->caption,
                         .color = self->theme.muted,
                         .max_width = self->area.width };

  self->measurer->measure (self->measurer, text, self->caption, &extents);
  if (self->area.height < MIN_LINES_FOR_NOTE * (extents.ascent + extents.descent))
    return;
  place.y = self->area.y + self->area.height - extents.descent;
  if (shs_plot_frame_text (self, SHS_KEY (SHS_ROLE_NOTE), text, place))
    self->area.height -= extents.ascent + extents.descent + SHS_PLOT_NOTE_GAP;
}

gboolean
shs_plot_frame_limit (const double limits[2], double *low, double *high)
{
  gboolean cuts = *low < limits[0] || *high > limits[1];

  if (!isnan (limits[0]))
    *low = limits[0];
  if (!isnan (limits[1]))
    *high = limits[1];
  return cuts;
}

void
shs_plot_frame_note_limits (ShsPlotFrame *self)
{
  shs_plot_frame_note (self, _ ("Points outside the limits of the axes are not drawn"));
}

static void
add_title (ShsPlotFrame *self, const char *title)
{
  ShsFont font = { self->label.size * 1.15, TRUE };
  ShsTextExtents extents;
  ShsTextPlace place = {
    .x = self->area.x, .font = font, .color = self->theme.text, .max_width = self->area.width
  };

  self->measurer->measure (self->measurer, title, font, &extents);
  place.y = self->area.y + extents.ascent;
  if (shs_plot_frame_text (self, SHS_KEY (SHS_ROLE_TITLE), title, place))
    {
      double used = extents.ascent + extents.descent + 0.5 * font.size;

      self->area.y += used;
      self->area.height -= used;
    }
}

void
shs_plot_frame_init (ShsPlotFrame *self, ShsExplanation *explanation, const ShsPlotOptions *options,
                     double width, double height, ShsTextMeasurer *measurer)
{
  *self = (ShsPlotFrame){ .explanation = explanation,
                          .parts = shs_explanation_get_parts (explanation),
                          .options = options,
                          .measurer = measurer,
                          .scene = shs_scene_new (width, height),
                          .n_rows = shs_explanation_get_n_rows (explanation),
                          .n_features = shs_explanation_get_n_features (explanation),
                          .output = options->output,
                          .width = width,
                          .height = height,
                          .area = { SHS_PLOT_MARGIN, SHS_PLOT_MARGIN, width - 2 * SHS_PLOT_MARGIN,
                                    height - 2 * SHS_PLOT_MARGIN },
                          .is_logit = g_strcmp0 (options->link, "logit") == 0 };
  shs_theme_init (&self->theme, options->theme, options->palette);
  set_fonts (self);
  shs_scene_add_rectangle (self->scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_BACKGROUND),
                           (ShsRectangle){ 0, 0, width, height }, self->theme.background,
                           (ShsStroke){ 0 });
  if (options->title != NULL && options->title[0] != '\0')
    add_title (self, options->title);
  if (options->note)
    shs_plot_note_add (self);
}

double
shs_plot_frame_show_output (const ShsPlotFrame *self, double value)
{
  return self->is_logit ? shs_logistic (value) : value;
}

const char *
shs_plot_frame_get_unit (const ShsPlotFrame *self)
{
  const char *unit = self->parts->output_unit;
  const char *space = self->parts->provenance.space;

  if (unit != NULL && unit[0] != '\0')
    return unit;
  return g_strcmp0 (space, "probability") == 0 || g_strcmp0 (space, "log-loss") == 0 ? space : NULL;
}

/* Readers and models name a single output themselves where the file does not: that says nothing. */
char *
shs_plot_frame_name_output (const ShsPlotFrame *self)
{
  static const char *const made[] = { "", "output", "output 0", "output_0", "f(x)" };
  char **names = self->parts->output_names;
  const char *name = names != NULL ? names[self->output] : "";

  if (shs_explanation_get_n_outputs (self->explanation) > 1)
    return name[0] != '\0' ? g_strdup (name)
                           : g_strdup_printf (_ ("output %" G_GSIZE_FORMAT), self->output);
  for (gsize i = 0; i < G_N_ELEMENTS (made); i++)
    if (strcmp (name, made[i]) == 0)
      return NULL;
  return g_strdup (name);
}

gboolean
shs_plot_frame_is_banzhaf (const ShsPlotFrame *self)
{
  const char *method = self->parts->provenance.method;

  return g_strrstr (method, "Banzhaf") != NULL || g_strrstr (method, "banzhaf") != NULL;
}

char *
shs_plot_frame_name_sum (const ShsPlotFrame *self)
{
  g_autofree char *row = NULL;

  if (self->parts->provenance.background_row[0] != '\0')
    row = shs_explanation_describe_row (self->explanation, (gsize)self->options->row);
  if (!shs_plot_frame_is_banzhaf (self))
    return row != NULL ? g_steal_pointer (&row) : g_strdup ("f(x)");
  return row != NULL ? g_strdup_printf (_ ("%s: base + sum"), row) : g_strdup (_ ("base + sum"));
}

/* A unit that the name says already is not said twice. */
static const char *
get_new_unit (const char *unit, const char *name)
{
  return unit != NULL && name != NULL && strstr (name, unit) != NULL ? NULL : unit;
}

/* (transfer full) (nullable): "US dollars" of "price (US dollars)". */
static char *
get_inner_unit (const char *name)
{
  const char *open = name != NULL ? strrchr (name, '(') : NULL;

  if (open == NULL || !g_str_has_suffix (name, ")") || open[1] == ')')
    return NULL;
  return g_strndup (open + 1, strlen (open) - 2);
}

char **
shs_plot_frame_describe_axis (const ShsPlotFrame *self, const char *what)
{
  g_autofree char *name = shs_plot_frame_name_output (self);
  const char *unit = get_new_unit (shs_plot_frame_get_unit (self), name);
  const char *target = name != NULL ? name : _ ("model output");
  g_autofree char *inner = unit == NULL ? get_inner_unit (name) : NULL;
  GPtrArray *texts = g_ptr_array_new ();

  if (unit != NULL)
    g_ptr_array_add (texts, g_strdup_printf (_ ("%s (impact on %s, %s)"), what, target, unit));
  else if (strchr (target, '(') != NULL)
    /* Names like "price (US dollars)" bring brackets of their own. */
    g_ptr_array_add (texts, g_strdup_printf (_ ("%s: impact on %s"), what, target));
  else
    g_ptr_array_add (texts, g_strdup_printf (_ ("%s (impact on %s)"), what, target));
  if (unit != NULL && name != NULL)
    g_ptr_array_add (texts, g_strdup_printf ("%s (%s, %s)", what, name, unit));
  if (inner != NULL || shs_plot_frame_get_unit (self) != NULL)
    g_ptr_array_add (
        texts,
        g_strdup_printf ("%s (%s)", what, inner != NULL ? inner : shs_plot_frame_get_unit (self)));
  else if (name != NULL)
    g_ptr_array_add (texts, g_strdup_printf ("%s (%s)", what, name));
  g_ptr_array_add (texts, g_strdup (what));
  g_ptr_array_add (texts, NULL);
  return (char **)g_ptr_array_free (texts, FALSE);
}

char **
shs_plot_frame_describe_output (const ShsPlotFrame *self)
{
  g_autofree char *name = shs_plot_frame_name_output (self);
  const char *unit = get_new_unit (shs_plot_frame_get_unit (self), name);
  const char *target = name != NULL ? name : _ ("Model output");
  GPtrArray *texts = g_ptr_array_new ();

  if (self->is_logit)
    {
      g_ptr_array_add (texts, g_strdup_printf (_ ("%s, as probability"), target));
      g_ptr_array_add (texts, g_strdup (_ ("probability")));
    }
  else if (unit != NULL)
    g_ptr_array_add (texts, g_strdup_printf ("%s (%s)", target, unit));
  if (!self->is_logit)
    g_ptr_array_add (texts, g_strdup (target));
  g_ptr_array_add (texts, NULL);
  return (char **)g_ptr_array_free (texts, FALSE);
}

void
shs_plot_frame_axis_label (ShsPlotFrame *self, char *const *candidates, double x, double y,
                           double room, double rotation)
{
  ShsTextPlace place = { .x = x,
                         .y = y,
                         .anchor = SHS_ANCHOR_MIDDLE,
                         .font = self->label,
                         .color = self->theme.text,
                         .rotation = rotation };

  for (gsize i = 0; candidates[i] != NULL; i++)
    {
      gboolean fits = shs_plot_frame_width (self, candidates[i], self->label) <= room;

      if (!fits && candidates[i + 1] == NULL)
        place.max_width = MAX (room, 1);
      if ((fits || place.max_width > 0)
          && shs_plot_frame_text (self, SHS_KEY (SHS_ROLE_AXIS_LABEL), candidates[i], place))
        return;
    }
}
