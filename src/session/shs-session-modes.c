/* Changes of the view that say how values are computed, one step of undo each. */

#include "core/shs-error.h"
#include "result/shs-interactions.h"
#include "session/shs-background-choice.h"
#include "session/shs-session-private.h"

#include <string.h>

static void
change_text (ShsSession *self, gsize field_offset, const char *text)
{
  ShsView *view = shs_view_copy (self->view);

  shs_view_set_text ((char **)((char *)view + field_offset), text);
  shs_session_change (self, view);
}

char *
shs_session_list_explainers (void)
{
  const char *names[SHS_N_EXPLAINERS + 1] = { NULL };

  for (int i = 0; i < SHS_N_EXPLAINERS; i++)
    names[i] = shs_explainer_get_name ((ShsExplainer)i);
  return g_strjoinv (", ", (char **)names);
}

gboolean
shs_session_set_explainer (ShsSession *self, const char *name, GError **error)
{
  int explainer = shs_explainer_parse (name);
  ShsExplainer chosen;

  if (explainer < 0)
    {
      g_autofree char *list = shs_session_list_explainers ();

      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There is no explainer \"%s\" in this version; there is: %s", name, list);
      return FALSE;
    }
  /* A background that is missing can still be chosen. */
  if (self->opened.model != NULL
      && !shs_explain_choose (self->opened.model, (ShsExplainer)explainer, TRUE, &chosen, error))
    return FALSE;
  change_text (self, G_STRUCT_OFFSET (ShsView, explainer), name);
  return TRUE;
}

gboolean
shs_session_set_background (ShsSession *self, const char *text, GError **error)
{
  const ShsCohort *cohort = shs_cohorts_find (self->view->cohorts, text);
  g_autofree char *choice = cohort != NULL ? shs_cohort_describe (cohort) : g_strdup (text);
  ShsBackgroundKind kind
      = cohort != NULL ? SHS_BACKGROUND_COHORT : shs_background_choice_find_kind (text);
  ShsView *view;

  if (!shs_background_choice_check (kind, choice, self->view->cohorts, self->opened.dataset, error))
    return FALSE;
  view = shs_view_copy (self->view);
  shs_view_set_text (&view->background, kind == SHS_BACKGROUND_NONE ? "" : text);
  if (cohort != NULL)
    shs_view_set_text (&view->background, cohort->name);
  view->background_kind = kind;
  shs_session_change (self, view);
  if (g_str_has_prefix (self->explain_rest, "failed"))
    shs_session_rest_explain (self, self->opened.explanation != NULL ? "done" : "idle");
  return TRUE;
}

gboolean
shs_session_lacks_background (ShsSession *self)
{
  ShsExplainer explainer = (ShsExplainer)MAX (0, shs_explainer_parse (self->view->explainer));
  ShsExplainer chosen;

  return self->match != NULL && self->view->background_kind == SHS_BACKGROUND_NONE
         && !shs_explain_choose (self->opened.model, explainer, FALSE, &chosen, NULL)
         && shs_explain_choose (self->opened.model, explainer, TRUE, &chosen, NULL);
}

gboolean
shs_session_set_space (ShsSession *self, const char *name, GError **error)
{
  int space = shs_space_parse (name);

  if (space < 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There is no space \"%s\" in this version; there is: margin, "
                   "probability, log-loss",
                   name);
      return FALSE;
    }
  change_text (self, G_STRUCT_OFFSET (ShsView, space), name);
  return TRUE;
}

gboolean
shs_session_choose_space (ShsSession *self, const char *name, GError **error)
{
  int space = shs_space_parse (name);
  ShsView *view;

  if (space < 0 || space == SHS_SPACE_MARGIN || self->opened.dataset == NULL
      || self->view->background_kind != SHS_BACKGROUND_NONE)
    return shs_session_set_space (self, name, error);
  view = shs_view_copy (self->view);
  shs_view_set_text (&view->space, name);
  shs_view_set_text (&view->background, "all");
  view->background_kind = SHS_BACKGROUND_ALL;
  shs_session_change (self, view);
  return TRUE;
}

gboolean
shs_session_set_interactions (ShsSession *self, const char *text, GError **error)
{
  gboolean is_none = text[0] == '\0' || g_str_equal (text, "none");
  guint64 n_pairs;

  if (!is_none && !g_str_equal (text, "all")
      && !g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &n_pairs, NULL))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "\"%s\" are no interactions; write all, a number of pairs, or none", text);
      return FALSE;
    }
  change_text (self, G_STRUCT_OFFSET (ShsView, interactions), is_none ? "" : text);
  return TRUE;
}

gboolean
shs_session_ask_interactions (ShsSession *self, const char *text, GError **error)
{
  ShsExplanation *explanation = self->opened.explanation;

  if (!shs_session_set_interactions (self, text, error))
    return FALSE;
  if (self->view->interactions[0] != '\0'
      && (explanation == NULL || !shs_explanation_has_interactions (explanation)
          || shs_session_is_outdated (self)))
    shs_session_explain_async (self);
  return TRUE;
}

gboolean
shs_session_set_comparison (ShsSession *self, gint64 row, GError **error)
{
  ShsExplanation *explanation = self->opened.explanation;
  const gsize *index;
  g_autofree char *text = NULL;

  if (row < 0)
    row = self->view->row;
  if (explanation == NULL || self->match == NULL || row < 0
      || row >= (gint64)shs_explanation_get_n_rows (explanation))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There is no row to compare with; open a model and data, explain them, and pick "
                   "a row");
      return FALSE;
    }
  index = shs_explanation_get_parts (explanation)->row_index;
  text = shs_background_choice_name_row (index != NULL ? index[row] : (gsize)row);
  return shs_session_set_background (self, text, error);
}

gboolean
shs_session_set_pair (ShsSession *self, gsize feature, gsize partner, GError **error)
{
  ShsExplanation *explanation = self->opened.explanation;
  ShsView *view;
  ShsPlotOptions *pair;

  if (explanation == NULL || MAX (feature, partner) >= shs_explanation_get_n_features (explanation))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE, "There is no such pair of features");
      return FALSE;
    }
  view = shs_view_copy (self->view);
  pair = view->figures[SHS_PLACE_PAIR];
  view->feature = (gssize)feature;
  view->partner = (gssize)partner;
  if (feature == partner)
    shs_view_set_text (&pair->color, "auto");
  else
    shs_view_name_feature (&pair->color, partner);
  if (pair->interaction != NULL)
    shs_view_name_feature (&pair->interaction, partner);
  shs_session_change (self, view);
  return TRUE;
}

/* Names may hold commas: the pair is parted where both sides are features. */
static gboolean
parse_pair (const ShsExplanation *explanation, const char *text, gssize pair[2])
{
  for (const char *comma = strchr (text, ','); comma != NULL; comma = strchr (comma + 1, ','))
    {
      g_autofree char *first = g_strstrip (g_strndup (text, (gsize)(comma - text)));
      g_autofree char *second = g_strstrip (g_strdup (comma + 1));

      pair[0] = shs_explanation_find_feature (explanation, first);
      pair[1] = shs_explanation_find_feature (explanation, second);
      if (pair[0] >= 0 && pair[1] >= 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
shs_session_set_pair_by_name (ShsSession *self, const char *text, GError **error)
{
  gssize pair[2];

  if (self->opened.explanation != NULL && parse_pair (self->opened.explanation, text, pair))
    return shs_session_set_pair (self, (gsize)pair[0], (gsize)pair[1], error);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "\"%s\" names no pair of features; write two names with a comma between them", text);
  return FALSE;
}

char *
shs_session_describe_pair (ShsSession *self)
{
  ShsExplanation *explanation = self->opened.explanation;
  gssize partner = self->view->partner;

  if (explanation == NULL || partner < 0 || self->view->feature < 0)
    return g_strdup ("");
  return g_strdup_printf (
      "%s, %s", shs_explanation_get_column (explanation, (gsize)self->view->feature)->name,
      shs_explanation_get_column (explanation, (gsize)partner)->name);
}
