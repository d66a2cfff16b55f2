/* Changes of the view, one step of undo each. */

#include "core/shs-error.h"
#include "session/shs-session-private.h"

#include <string.h>

#define MAX_STEPS 200

static void
bring_into_range (ShsSession *self, ShsView *view)
{
  ShsExplanation *explanation = self->opened.explanation;
  gint64 n_rows = explanation != NULL ? (gint64)shs_explanation_get_n_rows (explanation) : 0;
  gssize n_features
      = explanation != NULL ? (gssize)shs_explanation_get_n_features (explanation) : 0;
  gsize n_outputs = explanation != NULL ? shs_explanation_get_n_outputs (explanation) : 1;

  if (view->row >= n_rows || view->row < -1)
    view->row = -1;
  if (view->feature >= n_features || view->feature < -1)
    view->feature = -1;
  if (view->partner >= n_features || view->partner < -1)
    view->partner = -1;
  if (view->output >= n_outputs)
    view->output = 0;
  if (view->selected != NULL && g_bytes_get_size (view->selected) != (gsize)n_rows)
    g_clear_pointer (&view->selected, g_bytes_unref);
}

/* Makes @view the view; what hangs on it follows. */
static void
apply_view (ShsSession *self, ShsView *view)
{
  gboolean target_changed = !g_str_equal (view->target, self->view->target);
  gboolean match_changed = target_changed || !g_str_equal (view->trees, self->view->trees);

  shs_session_set_view (self, view);
  if (target_changed)
    self->opened.target_is_guessed = FALSE;
  if (!match_changed)
    return;
  shs_session_update_match (self);
  g_signal_emit_by_name (self, "opened");
}

void
shs_session_change (ShsSession *self, ShsView *view)
{
  bring_into_range (self, view);
  if (view->feature != self->view->feature && view->output == self->view->output)
    view->feature_is_chosen = view->feature >= 0;
  if (shs_view_equal (view, self->view))
    {
      /* To pick what is shown already changes no picture, but it is a choice. */
      if (view->feature_is_chosen != self->view->feature_is_chosen)
        shs_session_set_view (self, view);
      else
        shs_view_unref (view);
      return;
    }
  g_ptr_array_set_size (self->undone, 0);
  g_ptr_array_add (self->done, shs_view_ref (self->view));
  if (self->done->len > MAX_STEPS)
    g_ptr_array_remove_index (self->done, 0);
  apply_view (self, view);
}

/* Moves one step from one stack to the other. */
static void
step (ShsSession *self, GPtrArray *from, GPtrArray *to)
{
  if (from->len == 0)
    return;
  g_ptr_array_add (to, shs_view_ref (self->view));
  apply_view (self, g_ptr_array_steal_index (from, from->len - 1));
}

gboolean
shs_session_can_undo (ShsSession *self)
{
  return self->done->len > 0;
}

gboolean
shs_session_can_redo (ShsSession *self)
{
  return self->undone->len > 0;
}

void
shs_session_undo (ShsSession *self)
{
  step (self, self->done, self->undone);
}

void
shs_session_redo (ShsSession *self)
{
  step (self, self->undone, self->done);
}

static gboolean
need_explanation (ShsSession *self, GError **error)
{
  if (self->opened.explanation != NULL)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "There is no explanation yet; explain the model first");
  return FALSE;
}

gboolean
shs_session_set_row (ShsSession *self, gint64 row, GError **error)
{
  ShsView *view;

  if (!need_explanation (self, error))
    return FALSE;
  if (row < -1 || row >= (gint64)shs_explanation_get_n_rows (self->opened.explanation))
    {
      g_autofree char *rows = shs_explanation_describe_rows (self->opened.explanation);

      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There is no row %" G_GINT64_FORMAT "; there are %s", row, rows);
      return FALSE;
    }
  view = shs_view_copy (self->view);
  view->row = row;
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_set_feature (ShsSession *self, const char *name, GError **error)
{
  ShsView *view;
  gssize feature = -1;

  if (!need_explanation (self, error))
    return FALSE;
  if (name[0] != '\0')
    {
      feature = shs_explanation_find_feature (self->opened.explanation, name);
      if (feature < 0)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                       "There is no feature \"%s\"; write its name as in the data, or #3 for the "
                       "fourth",
                       name);
          return FALSE;
        }
    }
  view = shs_view_copy (self->view);
  view->feature = feature;
  view->feature_is_chosen = feature >= 0;
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_set_output (ShsSession *self, const char *name, GError **error)
{
  ShsView *view;
  gssize output;

  if (!need_explanation (self, error))
    return FALSE;
  output = shs_explanation_find_output (self->opened.explanation, name);
  if (output < 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There is no output \"%s\"; the model has %" G_GSIZE_FORMAT ", counted from 0",
                   name, shs_explanation_get_n_outputs (self->opened.explanation));
      return FALSE;
    }
  view = shs_view_copy (self->view);
  view->output = (gsize)output;
  if (!view->feature_is_chosen)
    view->feature = shs_session_find_first_feature (self, view->output);
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_set_target (ShsSession *self, const char *name, GError **error)
{
  ShsView *view;

  if (name[0] != '\0' && self->opened.dataset == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There are no data to take the target from; open a data file first");
      return FALSE;
    }
  if (name[0] != '\0' && shs_column_match_find_column (self->opened.dataset, name, error) < 0)
    return FALSE;
  view = shs_view_copy (self->view);
  shs_view_set_text (&view->target, name);
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_set_trees (ShsSession *self, const char *text, GError **error)
{
  ShsView *view = shs_view_copy (self->view);

  shs_view_set_text (&view->trees, text);
  shs_session_change (self, view);
  if (self->match_error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->match_error);
  if (shs_session_can_undo (self))
    shs_session_undo (self);
  g_ptr_array_set_size (self->undone, 0);
  return FALSE;
}

gboolean
shs_session_set_rows (ShsSession *self, const char *range, GError **error)
{
  gsize n_rows = self->opened.dataset != NULL ? shs_dataset_get_n_rows (self->opened.dataset) : 0;
  gsize first;
  gsize count;
  ShsView *view;

  if (range[0] != '\0' && !shs_range_parse (range, n_rows, &first, &count, error))
    return FALSE;
  view = shs_view_copy (self->view);
  shs_view_set_text (&view->rows, range);
  shs_session_change (self, view);
  return TRUE;
}

/* A text choice of which this version knows only some words. */
static gboolean
set_word (ShsSession *self, gsize field_offset, const char *word, const char *const *known,
          const char *what, GError **error)
{
  ShsView *view;

  if (!g_strv_contains (known, word))
    {
      g_autofree char *list = g_strjoinv (", ", (char **)known);

      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There is no %s \"%s\" in this version; there is: %s", what, word, list);
      return FALSE;
    }
  view = shs_view_copy (self->view);
  shs_view_set_text ((char **)((char *)view + field_offset), word);
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_set_page (ShsSession *self, const char *name, GError **error)
{
  static const char *const known[] = { "overview", "features", "rows", "interactions", NULL };

  return set_word (self, G_STRUCT_OFFSET (ShsView, page), name, known, "page", error);
}

gboolean
shs_session_set_plot (ShsSession *self, const char *kind, GError **error)
{
  ShsPlace place = self->view->focused;
  ShsView *view = shs_view_copy (self->view);

  if (!shs_plot_options_set (view->figures[place], "kind", kind, self->opened.explanation, error))
    {
      shs_view_unref (view);
      return FALSE;
    }
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_select_rows (ShsSession *self, const char *text, GError **error)
{
  ShsView *view;

  if (!need_explanation (self, error))
    return FALSE;
  view = shs_view_copy (self->view);
  if (!shs_view_parse_rows (view, text, shs_explanation_get_n_rows (self->opened.explanation),
                            error))
    {
      shs_view_unref (view);
      return FALSE;
    }
  shs_session_change (self, view);
  return TRUE;
}

static gboolean
set_row_by_name (ShsSession *self, const char *name, GError **error)
{
  gssize row;

  if (!need_explanation (self, error))
    return FALSE;
  row = shs_explanation_find_row (self->opened.explanation, name);
  if (row >= 0 || name[0] == '\0' || g_str_equal (name, "none"))
    return shs_session_set_row (self, row, error);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "There is no row \"%s\"; rows are numbered from 0, or write none", name);
  return FALSE;
}

/* Row, feature and output of a figure are the view's own. */
static gboolean
set_shared_option (ShsSession *self, const char *name, const char *value, gboolean *is_shared,
                   GError **error)
{
  *is_shared = TRUE;
  if (g_str_equal (name, "feature"))
    return shs_session_set_feature (self, value, error);
  if (g_str_equal (name, "output"))
    return shs_session_set_output (self, value, error);
  if (g_str_equal (name, "row"))
    return set_row_by_name (self, value, error);
  *is_shared = FALSE;
  return FALSE;
}

gboolean
shs_session_set_figure_option (ShsSession *self, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *name = NULL;
  gboolean is_shared;
  gboolean is_set;
  ShsView *view;

  if (equals == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "\"%s\" is no option of a figure; write name=value, such as max-display=20",
                   text);
      return FALSE;
    }
  name = g_strndup (text, (gsize)(equals - text));
  is_set = set_shared_option (self, name, equals + 1, &is_shared, error);
  if (is_shared)
    return is_set;
  if (!shs_plot_kind_check_option (self->view->figures[self->view->focused]->kind, name, error))
    return FALSE;
  view = shs_view_copy (self->view);
  if (!shs_plot_options_set (view->figures[view->focused], name, equals + 1,
                             self->opened.explanation, error))
    {
      shs_view_unref (view);
      return FALSE;
    }
  shs_session_change (self, view);
  return TRUE;
}

void
shs_session_focus (ShsSession *self, ShsPlace place)
{
  ShsView *view;

  if (self->view->focused == place)
    return;
  view = shs_view_copy (self->view);
  view->focused = place;
  shs_session_set_view (self, view);
}
