#include "plot/shs-feature-label.h"

#include <string.h>

#define HEAD_SHARE 0.55 /* of an elided line that its beginning takes */
#define VALUE_SHARE 0.6 /* of a line that a long value may take beside a name */
#define LINE_GAP 0.3    /* parts two lines, and pieces of one, in the eyes of the overlap rule */
#define MAX_BREAKS 64

void
shs_feature_label_clear (ShsFeatureLabel *self)
{
  g_clear_pointer (&self->lines[0], g_free);
  g_clear_pointer (&self->lines[1], g_free);
  g_clear_pointer (&self->value, g_free);
}

static gboolean
is_break (char c)
{
  return c == ' ' || c == '_' || c == '-';
}

/* Where a line may begin: behind a space or a mark that joins words; at last the end. */
static gsize
find_breaks (const char *text, gsize breaks[MAX_BREAKS])
{
  gsize n = 0;

  for (gsize i = 1; text[i] != '\0' && n < MAX_BREAKS - 1; i++)
    if (is_break (text[i - 1]) && !is_break (text[i]))
      breaks[n++] = i;
  breaks[n++] = strlen (text);
  return n;
}

static char *
copy_trimmed (const char *text, gsize length)
{
  return g_strchomp (g_strndup (text, length));
}

/* (transfer full): the longest end of @text within @width that begins a word; "" for none. */
static char *
find_tail (const ShsPlotFrame *frame, const char *text, ShsFont font, double width)
{
  gsize breaks[MAX_BREAKS];
  gsize n = find_breaks (text, breaks);

  for (gsize i = 0; i < n - 1; i++)
    {
      g_autofree char *tail = g_strdup_printf ("…%s", text + breaks[i]);

      if (shs_plot_frame_width (frame, tail, font) <= width)
        return g_steal_pointer (&tail);
    }
  return g_strdup ("");
}

char *
shs_plot_frame_elide_middle (const ShsPlotFrame *self, const char *text, ShsFont font, double width)
{
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;
  double ellipsis = shs_plot_frame_width (self, "…", font);

  if (shs_plot_frame_width (self, text, font) <= width)
    return g_strdup (text);
  tail = find_tail (self, text, font, (1 - HEAD_SHARE) * width + ellipsis);
  head = self->measurer->elide (
      self->measurer, text, font,
      width - (tail[0] != '\0' ? shs_plot_frame_width (self, tail, font) : 0)
          + (tail[0] != '\0' ? ellipsis : 0));
  if (tail[0] == '\0' || !g_str_has_suffix (head, "…"))
    return g_steal_pointer (&head);
  head[strlen (head) - strlen ("…")] = '\0';
  return g_strconcat (head, tail, NULL);
}

static double
get_value_width (const ShsPlotFrame *frame, const char *value, ShsFont font)
{
  return value != NULL ? shs_plot_frame_width (frame, value, font) + LINE_GAP : 0;
}

/* The narrowest way to put @name on two lines, the value behind the second; where it breaks. */
static gsize
find_best_break (const ShsPlotFrame *frame, const char *name, double value_width, ShsFont font,
                 double *width)
{
  gsize breaks[MAX_BREAKS], best = 0;
  gsize n = find_breaks (name, breaks);

  *width = G_MAXDOUBLE;
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *first = copy_trimmed (name, breaks[i]);
      double second = shs_plot_frame_width (frame, name + breaks[i], font) + value_width;
      double most = MAX (shs_plot_frame_width (frame, first, font), second);

      if (most < *width)
        {
          *width = most;
          best = breaks[i];
        }
    }
  return best;
}

gsize
shs_feature_label_find_break (const ShsPlotFrame *frame, const char *text, ShsFont font,
                              double *width)
{
  return find_best_break (frame, text, 0, font, width);
}

gsize
shs_feature_label_find_last_break (const ShsPlotFrame *frame, const char *text, ShsFont font,
                                   double room)
{
  gsize breaks[MAX_BREAKS], n = find_breaks (text, breaks), end = 0;

  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *first = copy_trimmed (text, breaks[i]);

      if (shs_plot_frame_width (frame, first, font) <= room)
        end = breaks[i];
    }
  return end;
}

static gboolean
fits_two_lines (const ShsPlotFrame *frame, ShsFont font, double height)
{
  return 2 * (shs_plot_frame_get_line (frame, font) + LINE_GAP) <= height;
}

/* As many words as fit stand on the first line, the last words on the second. */
static void
cut_two_lines (ShsFeatureLabel *self, const ShsPlotFrame *frame, const char *name, double room,
               double value_width)
{
  gsize end = shs_feature_label_find_last_break (frame, name, self->font, room);

  self->n_lines = 2;
  self->is_cut = TRUE;
  self->lines[1] = find_tail (frame, name + end, self->font, room - value_width);
  if (end > 0 && self->lines[1][0] != '\0')
    self->lines[0] = copy_trimmed (name, end);
  else
    {
      g_free (self->lines[1]);
      self->lines[1] = g_strdup ("");
      self->lines[0] = shs_plot_frame_elide_middle (frame, name, self->font, room);
      self->is_cut = strcmp (self->lines[0], name) != 0;
    }
}

static gboolean
try_two_lines (ShsFeatureLabel *self, const ShsPlotFrame *frame, const char *name, double room)
{
  double value_width = get_value_width (frame, self->value, self->font);
  double width = MAX (shs_plot_frame_width (frame, name, self->font), value_width);
  gsize at = strlen (name);

  /* The whole name above its value reads best. */
  if (self->value == NULL || width > room)
    at = find_best_break (frame, name, value_width, self->font, &width);
  if (width > room)
    return FALSE;
  self->n_lines = 2;
  self->lines[0] = copy_trimmed (name, at);
  self->lines[1] = g_strdup (name + at);
  return TRUE;
}

/* Smaller letters rather than fewer. */
static gboolean
try_one_line (ShsFeatureLabel *self, const ShsPlotFrame *frame, const char *name, double room)
{
  const ShsFont fonts[] = { frame->label, frame->tick, frame->caption };

  for (gsize i = 0; i < G_N_ELEMENTS (fonts); i++)
    {
      self->font = fonts[i];
      if (shs_plot_frame_width (frame, name, self->font)
              + get_value_width (frame, self->value, self->font)
          > room)
        continue;
      self->lines[0] = g_strdup (name);
      return TRUE;
    }
  return FALSE;
}

static void
make_one_line (ShsFeatureLabel *self, const ShsPlotFrame *frame, const char *name, double room)
{
  double rest;

  self->n_lines = 1;
  if (try_one_line (self, frame, name, room))
    return;
  self->font = frame->label;
  rest = room - shs_plot_frame_width (frame, name, self->font);
  if (self->value != NULL)
    {
      char *whole = self->value;

      self->value = frame->measurer->elide (frame->measurer, whole, self->font,
                                            MAX (VALUE_SHARE * room, rest));
      g_free (whole);
    }
  self->lines[0] = shs_plot_frame_elide_middle (
      frame, name, self->font, room - get_value_width (frame, self->value, self->font));
  self->is_cut = strcmp (self->lines[0], name) != 0;
}

static void
make (ShsFeatureLabel *self, const ShsPlotFrame *frame, const char *name, double room,
      double height)
{
  const ShsFont fonts[] = { frame->label, frame->tick, frame->caption };
  ShsFont wrapped = { 0 };

  self->font = frame->label;
  if (shs_plot_frame_width (frame, name, self->font)
          + get_value_width (frame, self->value, self->font)
      <= room)
    {
      make_one_line (self, frame, name, room);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (fonts); i++)
    {
      self->font = fonts[i];
      if (!fits_two_lines (frame, self->font, height))
        continue;
      wrapped = wrapped.size > 0 ? wrapped : self->font;
      if (try_two_lines (self, frame, name, room))
        return;
    }
  self->font = wrapped;
  if (wrapped.size > 0 && get_value_width (frame, self->value, wrapped) <= room)
    cut_two_lines (self, frame, name, room, get_value_width (frame, self->value, wrapped));
  else
    make_one_line (self, frame, name, room);
}

ShsFeatureLabel
shs_feature_label_new (const ShsPlotFrame *frame, const char *name, const char *value, double room,
                       double height)
{
  ShsFeatureLabel self = { .value = g_strdup (value) };

  make (&self, frame, name, room, height);
  for (gsize i = 0; i < self.n_lines; i++)
    {
      double width = shs_plot_frame_width (frame, self.lines[i], self.font);

      if (i == self.n_lines - 1)
        width += get_value_width (frame, self.value, self.font);
      self.width = MAX (self.width, width);
    }
  return self;
}

double
shs_feature_label_measure (const ShsPlotFrame *frame, const char *name, const char *value,
                           double single, double most, double height)
{
  double width = shs_plot_frame_width (frame, name, frame->label)
                 + get_value_width (frame, value, frame->label) + 0.2;
  double wrapped;

  if (width <= single || !fits_two_lines (frame, frame->label, height))
    return MIN (width, most);
  find_best_break (frame, name, get_value_width (frame, value, frame->label), frame->label,
                   &wrapped);
  return CLAMP (wrapped + 0.2, MIN (single, most), most);
}

void
shs_feature_label_draw (const ShsFeatureLabel *self, ShsPlotFrame *frame, ShsMarkKey key,
                        const char *whole, double right, double y, ShsColor color)
{
  double line = shs_plot_frame_get_line (frame, self->font) + LINE_GAP;
  ShsTextPlace place
      = { .x = right, .anchor = SHS_ANCHOR_END, .font = self->font, .color = frame->theme.muted };
  double used = get_value_width (frame, self->value, self->font);

  place.y = shs_plot_frame_center (self->font, y + (self->n_lines == 2 ? line / 2 : 0));
  if (self->value != NULL && !shs_plot_frame_text (frame, key, self->value, place))
    return;
  place.color = color;
  place.whole = self->is_cut ? whole : NULL;
  place.x = right - used;
  shs_plot_frame_text (frame, key, self->lines[self->n_lines - 1], place);
  if (self->n_lines < 2)
    return;
  place.x = right;
  place.y -= line;
  shs_plot_frame_text (frame, key, self->lines[0], place);
}
