/* The words of a figure's options: how each is read and written. */
#include "core/shs-error.h"
#include "core/shs-number.h"
#include "plot/shs-plot-options-private.h"
#include "plot/shs-theme.h"

#include <math.h>
#include <string.h>

#define LARGEST_MAX_DISPLAY 100000
#define MIN_FONT_SIZE 3
#define MAX_FONT_SIZE 72

static const char *const order_names[] = { "mean", "max", "name", "original", NULL };
static const char *const order_spellings[] = { "mean-abs", "max-abs", NULL }; /* of the first two */
static const char *const link_names[] = { "identity", "logit", NULL };

gboolean
shs_option_refuse (GError **error, const char *value, const char *allowed)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "\"%s\" is not possible here: %s", value,
               allowed);
  return FALSE;
}

gboolean
shs_option_refuse_unlisted (GError **error, const char *value, const char *const *allowed)
{
  g_autofree char *list = g_strjoinv (", ", (char **)allowed);
  g_autofree char *hint = g_strdup_printf ("choose one of %s", list);

  return shs_option_refuse (error, value, hint);
}

static int
find_word (const char *value, const char *const *words)
{
  for (int i = 0; words[i] != NULL; i++)
    if (strcmp (value, words[i]) == 0)
      return i;
  return -1;
}

static gboolean
set_word (char **field, const char *value, const char *const *words, GError **error)
{
  if (find_word (value, words) < 0)
    return shs_option_refuse_unlisted (error, value, words);
  g_free (*field);
  *field = g_strdup (value);
  return TRUE;
}

gboolean
shs_option_parse_count (const char *value, guint64 low, guint64 high, guint64 *number,
                        GError **error)
{
  g_autofree char *hint = NULL;

  if (g_ascii_string_to_unsigned (value, 10, low, high, number, NULL))
    return TRUE;
  hint = g_strdup_printf (
      "a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " is needed", low, high);
  return shs_option_refuse (error, value, hint);
}

gboolean
shs_option_is_none (const char *value)
{
  return value[0] == '\0' || strcmp (value, "none") == 0 || strcmp (value, "-1") == 0;
}

static gboolean
set_kind (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
          GError **error)
{
  int kind = shs_plot_kind_parse (value);
  const char *names[SHS_N_PLOT_KINDS + 1] = { NULL };

  for (int i = 0; i < SHS_N_PLOT_KINDS; i++)
    names[i] = shs_plot_kind_get_name (i);
  if (kind < 0)
    return shs_option_refuse_unlisted (error, value, names);
  self->kind = kind;
  return TRUE;
}

static gboolean
set_max_display (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
                 GError **error)
{
  guint64 number;

  if (!shs_option_parse_count (value, 1, LARGEST_MAX_DISPLAY, &number, error))
    return FALSE;
  self->max_display = (guint)number;
  return TRUE;
}

static gboolean
set_order (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
           GError **error)
{
  int order = find_word (value, order_names);

  if (order < 0)
    order = find_word (value, order_spellings);
  if (order < 0)
    return shs_option_refuse_unlisted (error, value, order_names);
  self->order = order;
  return TRUE;
}

static gboolean
set_link (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
          GError **error)
{
  return set_word (&self->link, value, link_names, error);
}

static gboolean
set_palette (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
             GError **error)
{
  return set_word (&self->palette, value, shs_theme_get_palettes (), error);
}

static gboolean
set_theme (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
           GError **error)
{
  return set_word (&self->theme, value, shs_theme_get_names (), error);
}

static gboolean
set_title (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
           GError **error)
{
  g_free (self->title);
  self->title = value[0] != '\0' ? g_strdup (value) : NULL;
  return TRUE;
}

static gboolean
set_font_size (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
               GError **error)
{
  double size = 0;

  if (strcmp (value, "auto") != 0
      && (!shs_number_parse (value, value + strlen (value), &size)
          || !(size >= MIN_FONT_SIZE && size <= MAX_FONT_SIZE)))
    return shs_option_refuse (error, value, "the font size is 3 to 72 points, or auto");
  self->font_size = size;
  return TRUE;
}

static gboolean
set_seed (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
          GError **error)
{
  return shs_option_parse_count (value, 0, G_MAXUINT64, &self->seed, error);
}

static gboolean
set_note (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
          GError **error)
{
  static const char *const words[] = { "off", "on", NULL };
  int word = find_word (value, words);

  if (word < 0)
    return shs_option_refuse_unlisted (error, value, words);
  self->note = word;
  return TRUE;
}

static gboolean
parse_number (const char *text, double *number)
{
  return shs_number_parse (text, text + strlen (text), number) && isfinite (*number);
}

/* "A:B"; a side without a number is as the data are, and so are both with "auto". */
static gboolean
set_limits (double limits[2], const char *value, GError **error)
{
  static const char hint[] = "write LOW:HIGH, such as -1:2.5, one of them may be left out; or auto";
  const char *colon = strchr (value, ':');
  g_autofree char *low = colon != NULL ? g_strndup (value, (gsize)(colon - value)) : NULL;
  double read[2] = { NAN, NAN };

  if (shs_option_is_none (value) || strcmp (value, "auto") == 0)
    {
      limits[0] = limits[1] = NAN;
      return TRUE;
    }
  if (colon == NULL || (low[0] != '\0' && !parse_number (low, &read[0]))
      || (colon[1] != '\0' && !parse_number (colon + 1, &read[1])) || read[0] >= read[1])
    return shs_option_refuse (error, value, hint);
  memcpy (limits, read, sizeof read);
  return TRUE;
}

static gboolean
set_x_limits (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
              GError **error)
{
  return set_limits (self->x_limits, value, error);
}

static gboolean
set_y_limits (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
              GError **error)
{
  return set_limits (self->y_limits, value, error);
}

static char *
print_limits (const double limits[2])
{
  char low[SHS_NUMBER_LENGTH] = "", high[SHS_NUMBER_LENGTH] = "";

  if (isnan (limits[0]) && isnan (limits[1]))
    return g_strdup ("auto");
  if (!isnan (limits[0]))
    shs_number_print (low, limits[0]);
  if (!isnan (limits[1]))
    shs_number_print (high, limits[1]);
  return g_strdup_printf ("%s:%s", low, high);
}

static char *
get_x_limits (const ShsPlotOptions *self)
{
  return print_limits (self->x_limits);
}

static char *
get_y_limits (const ShsPlotOptions *self)
{
  return print_limits (self->y_limits);
}

static char *
get_kind (const ShsPlotOptions *self)
{
  return g_strdup (shs_plot_kind_get_name (self->kind));
}

static char *
get_max_display (const ShsPlotOptions *self)
{
  return g_strdup_printf ("%u", self->max_display);
}

static char *
get_order (const ShsPlotOptions *self)
{
  return g_strdup (order_names[self->order]);
}

static char *
get_link (const ShsPlotOptions *self)
{
  return g_strdup (self->link);
}

static char *
get_palette (const ShsPlotOptions *self)
{
  return g_strdup (self->palette);
}

static char *
get_theme (const ShsPlotOptions *self)
{
  return g_strdup (self->theme);
}

static char *
get_title (const ShsPlotOptions *self)
{
  return g_strdup (self->title != NULL ? self->title : "");
}

static char *
get_font_size (const ShsPlotOptions *self)
{
  char text[SHS_NUMBER_LENGTH];

  return g_strdup (self->font_size > 0 ? shs_number_print (text, self->font_size) : "auto");
}

static char *
get_seed (const ShsPlotOptions *self)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, self->seed);
}

static char *
get_note (const ShsPlotOptions *self)
{
  return g_strdup (self->note ? "on" : "off");
}

#define KIND(name) (1u << SHS_PLOT_##name)
#define ALL_KINDS ((1u << SHS_N_PLOT_KINDS) - 1)
#define ONE_ROW (OF_SUMS | KIND (BAR))
#define OF_SUMS (KIND (WATERFALL) | KIND (FORCE))
#define OF_LINES (KIND (BEESWARM) | KIND (BAR) | KIND (WATERFALL) | KIND (INTERACTIONS))
#define OF_PAIRS (KIND (DEPENDENCE) | KIND (INTERACTIONS))
#define OF_POINTS (KIND (BEESWARM) | KIND (DEPENDENCE))

const ShsPlotOptionWord shs_plot_option_words[] = {
  { "kind", set_kind, get_kind, ALL_KINDS },
  { "row", shs_option_set_row, shs_option_get_row, ONE_ROW },
  { "output", shs_option_set_output, shs_option_get_output, ALL_KINDS },
  { "feature", shs_option_set_feature, shs_option_get_feature, OF_PAIRS },
  { "color", shs_option_set_color, shs_option_get_color, OF_PAIRS },
  { "max-display", set_max_display, get_max_display, OF_LINES },
  { "order", set_order, get_order, OF_LINES },
  { "link", set_link, get_link, OF_SUMS },
  { "palette", set_palette, get_palette, ALL_KINDS },
  { "theme", set_theme, get_theme, ALL_KINDS },
  { "title", set_title, get_title, ALL_KINDS },
  { "font-size", set_font_size, get_font_size, ALL_KINDS },
  { "seed", set_seed, get_seed, OF_POINTS },
  { "note", set_note, get_note, ALL_KINDS },
  { "interaction", shs_option_set_interaction, shs_option_get_interaction, KIND (DEPENDENCE) },
  { "x-limits", set_x_limits, get_x_limits, OF_POINTS },
  { "y-limits", set_y_limits, get_y_limits, KIND (DEPENDENCE) },
};

G_STATIC_ASSERT (G_N_ELEMENTS (shs_plot_option_words) == SHS_N_PLOT_OPTION_WORDS);
