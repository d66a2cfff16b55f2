#include "core/shs-error.h"
#include "plot/shs-plot-options-private.h"
#include "plot/shs-theme.h"

#include <math.h>
#include <string.h>

#define DEFAULT_MAX_DISPLAY 10

ShsPlotOptions *
shs_plot_options_new (ShsPlotKind kind)
{
  ShsPlotOptions *self = g_new0 (ShsPlotOptions, 1);

  self->kind = kind;
  self->row = -1;
  self->feature = -1;
  self->x_limits[0] = self->x_limits[1] = self->y_limits[0] = self->y_limits[1] = NAN;
  self->max_display = DEFAULT_MAX_DISPLAY;
  self->color = g_strdup ("auto");
  self->link = g_strdup ("identity");
  self->palette = g_strdup (shs_theme_get_palettes ()[0]);
  self->theme = g_strdup (shs_theme_get_names ()[0]);
  return self;
}

ShsPlotOptions *
shs_plot_options_copy (const ShsPlotOptions *self)
{
  ShsPlotOptions *copy = g_new (ShsPlotOptions, 1);

  *copy = *self;
  copy->color = g_strdup (self->color);
  copy->interaction = g_strdup (self->interaction);
  copy->link = g_strdup (self->link);
  copy->palette = g_strdup (self->palette);
  copy->theme = g_strdup (self->theme);
  copy->title = g_strdup (self->title);
  return copy;
}

void
shs_plot_options_free (ShsPlotOptions *self)
{
  if (self == NULL)
    return;
  g_free (self->color);
  g_free (self->interaction);
  g_free (self->link);
  g_free (self->palette);
  g_free (self->theme);
  g_free (self->title);
  g_free (self);
}

static gboolean
is_same_number (double a, double b)
{
  return a == b || (isnan (a) && isnan (b));
}

static gboolean
has_same_limits (const ShsPlotOptions *a, const ShsPlotOptions *b)
{
  return is_same_number (a->x_limits[0], b->x_limits[0])
         && is_same_number (a->x_limits[1], b->x_limits[1])
         && is_same_number (a->y_limits[0], b->y_limits[0])
         && is_same_number (a->y_limits[1], b->y_limits[1]);
}

gboolean
shs_plot_options_equal (const ShsPlotOptions *a, const ShsPlotOptions *b)
{
  return a->kind == b->kind && a->row == b->row && a->output == b->output
         && a->feature == b->feature && a->max_display == b->max_display && a->order == b->order
         && has_same_limits (a, b) && a->font_size == b->font_size && a->seed == b->seed
         && a->note == b->note && g_strcmp0 (a->color, b->color) == 0
         && g_strcmp0 (a->link, b->link) == 0 && g_strcmp0 (a->palette, b->palette) == 0
         && g_strcmp0 (a->theme, b->theme) == 0 && g_strcmp0 (a->title, b->title) == 0
         && g_strcmp0 (a->interaction, b->interaction) == 0;
}

static const char *const word_names[]
    = { "kind",  "row",  "output",      "feature",  "color",    "max-display",
        "order", "link", "palette",     "theme",    "title",    "font-size",
        "seed",  "note", "interaction", "x-limits", "y-limits", NULL };

G_STATIC_ASSERT (SHS_N_PLOT_OPTION_WORDS + 1 == G_N_ELEMENTS (word_names));

const char *const *
shs_plot_options_get_names (void)
{
  return word_names;
}

static const ShsPlotOptionWord *
find_word (const char *name)
{
  for (gsize i = 0; i < SHS_N_PLOT_OPTION_WORDS; i++)
    if (strcmp (name, shs_plot_option_words[i].name) == 0)
      return &shs_plot_option_words[i];
  return NULL;
}

gboolean
shs_plot_kind_has_option (ShsPlotKind kind, const char *name)
{
  const ShsPlotOptionWord *word = find_word (name);

  return word != NULL && (word->kinds & 1u << kind) != 0;
}

/* (transfer full): "palette, theme, ...": those of a kind, but for the kind itself. */
static char *
list_options (ShsPlotKind kind)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (gsize i = 1; i < SHS_N_PLOT_OPTION_WORDS; i++)
    if (shs_plot_kind_has_option (kind, shs_plot_option_words[i].name))
      g_strv_builder_add (names, shs_plot_option_words[i].name);
  list = g_strv_builder_end (names);
  return g_strjoinv (", ", list);
}

gboolean
shs_plot_kind_check_option (ShsPlotKind kind, const char *name, GError **error)
{
  g_autofree char *list = NULL;

  if (shs_plot_kind_has_option (kind, name))
    return TRUE;
  list = list_options (kind);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "A %s plot has no option \"%s\"; its options are %s", shs_plot_kind_get_name (kind),
               name, list);
  return FALSE;
}

gboolean
shs_plot_options_set (ShsPlotOptions *self, const char *name, const char *value,
                      const ShsExplanation *explanation, GError **error)
{
  const ShsPlotOptionWord *word = find_word (name);
  g_autofree char *list = NULL;

  if (word != NULL)
    {
      if (word->set (self, value, explanation, error))
        return TRUE;
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }
  list = g_strjoinv (", ", (char **)word_names);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "\"%s\" is no option of a figure; the options are %s", name, list);
  return FALSE;
}

char *
shs_plot_options_get (const ShsPlotOptions *self, const char *name)
{
  const ShsPlotOptionWord *word = find_word (name);

  return word != NULL ? word->get (self) : NULL;
}
