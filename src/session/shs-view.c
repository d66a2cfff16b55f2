#include "session/shs-view.h"

#include "core/shs-error.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (ShsView, shs_view, shs_view_ref, shs_view_unref)

static const ShsPlotKind first_kinds[SHS_N_PLACES] = {
  [SHS_PLACE_SUMMARY] = SHS_PLOT_BEESWARM, [SHS_PLACE_DEPENDENCE] = SHS_PLOT_DEPENDENCE,
  [SHS_PLACE_LOCAL] = SHS_PLOT_WATERFALL,  [SHS_PLACE_MATRIX] = SHS_PLOT_INTERACTIONS,
  [SHS_PLACE_PAIR] = SHS_PLOT_DEPENDENCE,
};

ShsView *
shs_view_new (void)
{
  ShsView *self = g_new0 (ShsView, 1);

  self->references = 1;
  self->explainer = g_strdup ("auto");
  self->background = g_strdup ("");
  self->space = g_strdup ("margin");
  self->interactions = g_strdup ("");
  self->target = g_strdup ("");
  self->trees = g_strdup ("");
  self->rows = g_strdup ("");
  self->filter = g_strdup ("");
  self->page = g_strdup ("overview");
  self->row = -1;
  self->feature = -1;
  self->partner = -1;
  for (int i = 0; i < SHS_N_PLACES; i++)
    self->figures[i] = shs_plot_options_new (first_kinds[i]);
  return self;
}

ShsView *
shs_view_copy (const ShsView *self)
{
  ShsView *copy = g_memdup2 (self, sizeof *self);

  copy->references = 1;
  copy->explainer = g_strdup (self->explainer);
  copy->background = g_strdup (self->background);
  copy->space = g_strdup (self->space);
  copy->interactions = g_strdup (self->interactions);
  copy->target = g_strdup (self->target);
  copy->trees = g_strdup (self->trees);
  copy->rows = g_strdup (self->rows);
  copy->filter = g_strdup (self->filter);
  if (self->cohorts != NULL)
    copy->cohorts = g_ptr_array_ref (self->cohorts);
  copy->page = g_strdup (self->page);
  if (self->selected != NULL)
    copy->selected = g_bytes_ref (self->selected);
  for (int i = 0; i < SHS_N_PLACES; i++)
    copy->figures[i] = shs_plot_options_copy (self->figures[i]);
  return copy;
}

ShsView *
shs_view_ref (ShsView *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_view_unref (ShsView *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  g_free (self->explainer);
  g_free (self->background);
  g_free (self->space);
  g_free (self->interactions);
  g_free (self->target);
  g_free (self->trees);
  g_free (self->rows);
  g_free (self->filter);
  g_clear_pointer (&self->cohorts, g_ptr_array_unref);
  g_free (self->page);
  g_clear_pointer (&self->selected, g_bytes_unref);
  for (int i = 0; i < SHS_N_PLACES; i++)
    shs_plot_options_free (self->figures[i]);
  g_free (self);
}

static gboolean
selections_equal (GBytes *a, GBytes *b)
{
  return a == b || (a != NULL && b != NULL && g_bytes_equal (a, b));
}

gboolean
shs_view_equal (const ShsView *a, const ShsView *b)
{
  for (int i = 0; i < SHS_N_PLACES; i++)
    if (!shs_plot_options_equal (a->figures[i], b->figures[i]))
      return FALSE;
  return g_str_equal (a->explainer, b->explainer) && g_str_equal (a->background, b->background)
         && a->background_kind == b->background_kind && g_str_equal (a->space, b->space)
         && g_str_equal (a->interactions, b->interactions) && g_str_equal (a->target, b->target)
         && g_str_equal (a->trees, b->trees) && g_str_equal (a->rows, b->rows)
         && g_str_equal (a->filter, b->filter) && shs_cohorts_equal (a->cohorts, b->cohorts)
         && g_str_equal (a->page, b->page) && a->focused == b->focused && a->output == b->output
         && a->row == b->row && a->feature == b->feature && a->partner == b->partner
         && selections_equal (a->selected, b->selected);
}

void
shs_view_set_cohorts (ShsView *self, GPtrArray *cohorts)
{
  g_clear_pointer (&self->cohorts, g_ptr_array_unref);
  self->cohorts = cohorts;
}

void
shs_view_set_text (char **field, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*field);
  *field = copy;
}

void
shs_view_name_feature (char **field, gsize feature)
{
  g_free (*field);
  *field = g_strdup_printf ("#%" G_GSIZE_FORMAT, feature);
}

ShsPlotOptions *
shs_view_get_figure (const ShsView *self, ShsPlace place)
{
  ShsPlotOptions *options = shs_plot_options_copy (self->figures[place]);

  options->output = self->output;
  options->row
      = place == SHS_PLACE_LOCAL || shs_plot_kind_needs_row (options->kind) ? self->row : -1;
  options->feature = self->feature;
  if (place == SHS_PLACE_MATRIX && self->partner >= 0)
    shs_view_name_feature (&options->color, (gsize)self->partner);
  return options;
}

gboolean
shs_view_is_selected (const ShsView *self, gsize row)
{
  gsize n_rows;
  const guint8 *selected;

  if (self->selected == NULL)
    return FALSE;
  selected = g_bytes_get_data (self->selected, &n_rows);
  return row < n_rows && selected[row] != 0;
}

gsize
shs_view_count_selected (const ShsView *self)
{
  gsize n_rows = 0;
  gsize count = 0;
  const guint8 *selected = NULL;

  if (self->selected != NULL)
    selected = g_bytes_get_data (self->selected, &n_rows);
  for (gsize i = 0; i < n_rows; i++)
    count += selected[i] != 0;
  return count;
}

static void
take_selection (ShsView *self, guint8 *selected, gsize n_rows)
{
  g_clear_pointer (&self->selected, g_bytes_unref);
  if (selected != NULL && n_rows > 0 && memchr (selected, 1, n_rows) != NULL)
    self->selected = g_bytes_new_take (selected, n_rows);
  else
    g_free (selected);
}

void
shs_view_select (ShsView *self, const guint32 *rows, gsize n, gsize n_rows)
{
  guint8 *selected = g_try_malloc0 (MAX (1, n_rows));

  for (gsize i = 0; selected != NULL && i < n; i++)
    if (rows[i] < n_rows)
      selected[rows[i]] = 1;
  take_selection (self, selected, n_rows);
}

void
shs_view_choose_rows (ShsView *self, const guint32 *rows, gsize n, gboolean is_selected,
                      gboolean clears, gsize n_rows)
{
  guint8 *selected = g_try_malloc0 (MAX (1, n_rows));

  for (gsize i = 0; selected != NULL && !clears && i < n_rows; i++)
    selected[i] = shs_view_is_selected (self, i);
  for (gsize i = 0; selected != NULL && i < n; i++)
    if (rows[i] < n_rows)
      selected[rows[i]] = is_selected ? 1 : 0;
  take_selection (self, selected, n_rows);
}

static gboolean
parse_row (const char **text, guint64 *row)
{
  char *end;

  if (!g_ascii_isdigit (**text))
    return FALSE;
  *row = g_ascii_strtoull (*text, &end, 10);
  *text = end;
  return TRUE;
}

/* One of "7" and "7-12"; leaves @text behind it and a comma that follows. */
static gboolean
parse_piece (const char **text, guint64 n_rows, guint8 *selected)
{
  guint64 first;
  guint64 last;

  if (!parse_row (text, &first))
    return FALSE;
  last = first;
  if (**text == '-')
    {
      (*text)++;
      if (!parse_row (text, &last))
        return FALSE;
    }
  if (first > last || last >= n_rows)
    return FALSE;
  memset (selected + first, 1, last - first + 1);
  if (**text == '\0')
    return TRUE;
  return *(*text)++ == ',' && **text != '\0';
}

gboolean
shs_view_parse_rows (ShsView *self, const char *text, gsize n_rows, GError **error)
{
  g_autofree guint8 *selected = g_try_malloc0 (MAX (1, n_rows));
  const char *rest = text;

  while (selected != NULL && *rest != '\0')
    if (!parse_piece (&rest, n_rows, selected))
      {
        g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                     "\"%s\" does not select rows; write row numbers from 0 to %" G_GSIZE_FORMAT
                     " such as 3,7-12",
                     text, n_rows > 0 ? n_rows - 1 : 0);
        return FALSE;
      }
  take_selection (self, g_steal_pointer (&selected), n_rows);
  return TRUE;
}

char *
shs_view_describe_rows (const ShsView *self)
{
  GString *text = g_string_new (NULL);
  gsize n_rows = 0;
  const guint8 *selected = NULL;

  if (self->selected != NULL)
    selected = g_bytes_get_data (self->selected, &n_rows);
  for (gsize i = 0; i < n_rows; i++)
    {
      gsize first = i;

      if (selected[i] == 0)
        continue;
      while (i + 1 < n_rows && selected[i + 1] != 0)
        i++;
      if (text->len > 0)
        g_string_append_c (text, ',');
      g_string_append_printf (text, "%" G_GSIZE_FORMAT, first);
      if (i > first)
        g_string_append_printf (text, "-%" G_GSIZE_FORMAT, i);
    }
  return g_string_free (text, FALSE);
}

gboolean
shs_range_parse (const char *text, gsize n_rows, gsize *first, gsize *count, GError **error)
{
  const char *rest = text;
  guint64 begin = 0;
  guint64 end = n_rows;

  if (*rest != ':')
    parse_row (&rest, &begin);
  if (*text != '\0' && *rest++ != ':')
    rest = "?";
  else if (*text != '\0' && *rest != '\0')
    parse_row (&rest, &end);
  if ((*text != '\0' && *rest != '\0') || begin >= end || end > n_rows)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "\"%s\" is no range of rows; write FIRST:END, counted from 0, END not included, "
                   "at most 0:%" G_GSIZE_FORMAT,
                   text, n_rows);
      return FALSE;
    }
  *first = begin;
  *count = end - begin;
  return TRUE;
}
