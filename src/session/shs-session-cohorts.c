/* Named groups of rows and the filter of the row table: changes of the view, one step of undo each.
 */

#include "core/shs-error.h"
#include "session/shs-row-filter.h"
#include "session/shs-session-private.h"

gboolean
shs_session_check_rule (ShsSession *self, const char *rule, GError **error)
{
  ShsExplanation *explanation = self->opened.explanation;
  g_autoptr (ShsRowFilter) filter = NULL;

  if (explanation != NULL)
    filter = shs_row_filter_new_with_data (explanation, shs_session_get_explained_data (self),
                                           self->view->output, rule, error);
  else if (self->opened.dataset != NULL)
    filter = shs_row_filter_new_for_data (self->opened.dataset, rule, error);
  else
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "There are no rows to choose from; open a data file first");
  return filter != NULL;
}

gboolean
shs_session_set_cohort (ShsSession *self, const char *text, GError **error)
{
  g_autoptr (ShsCohort) cohort = shs_cohort_parse (text, error);
  ShsView *view;

  if (cohort == NULL || !shs_session_check_rule (self, cohort->rule, error))
    return FALSE;
  view = shs_view_copy (self->view);
  if (view->background_kind == SHS_BACKGROUND_COHORT
      && shs_cohorts_find (view->cohorts, cohort->name)
             == shs_cohorts_find (view->cohorts, view->background))
    shs_view_set_text (&view->background, cohort->name);
  shs_view_set_cohorts (view, shs_cohorts_with (view->cohorts, g_steal_pointer (&cohort)));
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_remove_cohort (ShsSession *self, const char *name, GError **error)
{
  const ShsCohort *cohort = shs_cohorts_find (self->view->cohorts, name);
  ShsView *view;

  if (cohort == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "There is no group \"%s\"", name);
      return FALSE;
    }
  view = shs_view_copy (self->view);
  if (view->background_kind == SHS_BACKGROUND_COHORT
      && cohort == shs_cohorts_find (view->cohorts, view->background))
    {
      shs_view_set_text (&view->background, "");
      view->background_kind = SHS_BACKGROUND_NONE;
    }
  shs_view_set_cohorts (view, shs_cohorts_without (view->cohorts, name));
  shs_session_change (self, view);
  return TRUE;
}

/* A cohort's name stands for its rule. */
static char *
find_rule (ShsSession *self, const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const ShsCohort *cohort = shs_cohorts_find (self->view->cohorts, stripped);

  return cohort != NULL ? g_strdup (cohort->rule) : g_steal_pointer (&stripped);
}

gboolean
shs_session_set_filter (ShsSession *self, const char *text, GError **error)
{
  g_autofree char *rule = find_rule (self, text);
  ShsView *view;

  if (!shs_session_check_rule (self, rule, error))
    return FALSE;
  view = shs_view_copy (self->view);
  shs_view_set_text (&view->filter, rule);
  shs_session_change (self, view);
  return TRUE;
}

void
shs_session_type_filter (ShsSession *self, const char *text)
{
  ShsView *view;

  if (g_str_equal (text, self->view->filter))
    return;
  view = shs_view_copy (self->view);
  shs_view_set_text (&view->filter, text);
  shs_session_set_view (self, view);
}
