/* The actions with a string: what can be chosen, and the present choice as their state. */
#include "app/shs-cohort-dialog.h"
#include "app/shs-prompt.h"
#include "app/shs-window-private.h"
#include "core/shs-i18n.h"

/**
 * TextAction: an action with a string; its state is the present choice.
 * @set: acts
 * @get: (transfer full): the state; NULL for an action that chooses nothing and has none
 * @heading, @body: of the dialog that an empty string opens; without a body it lists the explainers
 * @ask: a dialog of another sort
 */
typedef struct
{
  const char *name;
  gboolean (*set) (ShsSession *session, const char *text, GError **error);
  char *(*get) (ShsSession *session);
  const char *heading;
  const char *body;
  void (*ask) (GtkWindow *parent, ShsSession *session);
} TextAction;

static ShsView *
view_of (ShsSession *session)
{
  return shs_session_get_view (session);
}

static char *
get_explainer (ShsSession *session)
{
  return g_strdup (view_of (session)->explainer);
}

static char *
get_background (ShsSession *session)
{
  return g_strdup (view_of (session)->background);
}

static char *
get_space (ShsSession *session)
{
  return g_strdup (view_of (session)->space);
}

static char *
get_interactions (ShsSession *session)
{
  return g_strdup (view_of (session)->interactions);
}

static char *
get_pair (ShsSession *session)
{
  return shs_session_describe_pair (session);
}

static char *
get_table (ShsSession *session)
{
  return g_strdup (shs_session_get_table (session));
}

static char *
get_target (ShsSession *session)
{
  return g_strdup (view_of (session)->target);
}

static char *
get_rows (ShsSession *session)
{
  return g_strdup (view_of (session)->rows);
}

static char *
get_filter (ShsSession *session)
{
  return g_strdup (view_of (session)->filter);
}

static char *
get_cohorts (ShsSession *session)
{
  return shs_cohorts_describe (view_of (session)->cohorts);
}

static char *
get_page (ShsSession *session)
{
  return g_strdup (view_of (session)->page);
}

static char *
get_output (ShsSession *session)
{
  ShsExplanation *explanation = shs_session_get_explanation (session);
  gsize output = view_of (session)->output;

  if (explanation == NULL || output >= shs_explanation_get_n_outputs (explanation))
    return g_strdup ("");
  return g_strdup (shs_explanation_get_parts (explanation)->output_names[output]);
}

static char *
get_feature (ShsSession *session)
{
  ShsExplanation *explanation = shs_session_get_explanation (session);
  gssize feature = view_of (session)->feature;

  if (explanation == NULL || feature < 0)
    return g_strdup ("");
  return g_strdup (shs_explanation_get_column (explanation, feature)->name);
}

static char *
get_plot (ShsSession *session)
{
  ShsView *view = view_of (session);

  return g_strdup (shs_plot_kind_get_name (view->figures[view->focused]->kind));
}

static char *
get_selection (ShsSession *session)
{
  return shs_view_describe_rows (view_of (session));
}

static char *
get_figure_options (ShsSession *session)
{
  ShsView *view = view_of (session);
  const ShsPlotOptions *options = view->figures[view->focused];
  const char *const *names = shs_plot_options_get_names ();
  GString *text = g_string_new (NULL);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *value = shs_plot_options_get (options, names[i]);

      if (value != NULL && shs_plot_kind_has_option (options->kind, names[i]))
        g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "\n" : "", names[i], value);
    }
  return g_string_free (text, FALSE);
}

static const TextAction text_actions[] = {
  { "explainer", shs_session_set_explainer, get_explainer, N_ ("Explainer"), NULL },
  { "background", shs_session_set_background, get_background, N_ ("Background"),
    N_ ("all, a cohort, a number of rows, row:NAME, row:#N, a rule such as age < 30, a file, or "
        "none") },
  { "space", shs_session_choose_space, get_space, N_ ("Space"),
    N_ ("In which numbers the output is explained") },
  { "interactions", shs_session_ask_interactions, get_interactions, N_ ("Interactions"),
    N_ ("all, how many of the strongest pairs, or none") },
  { "pair", shs_session_set_pair_by_name, get_pair, N_ ("Pair of Features"),
    N_ ("Two names with a comma between them") },
  { "table", shs_session_set_table, get_table, N_ ("Table of the Data"),
    N_ ("A table of the database, or a sheet of the workbook") },
  { "target", shs_session_set_target, get_target, N_ ("Target"), N_ ("A column of the data") },
  { "rows", shs_session_set_rows, get_rows, N_ ("Rows to Explain"),
    N_ ("First row and the row after the last, from 0, such as 0:500; empty for all") },
  { "filter", shs_session_set_filter, get_filter, N_ ("Filter Rows"),
    N_ ("A word, a rule such as age > 60 and error > 0.5, or a cohort; empty for all rows") },
  { "cohort", shs_session_set_cohort, get_cohorts, NULL, NULL, shs_cohort_dialog_present },
  { "remove-cohort", shs_session_remove_cohort, NULL, N_ ("Remove a Cohort"), N_ ("Its name") },
  { "output", shs_session_set_output, get_output, N_ ("Output"), N_ ("Its name or number") },
  { "page", shs_session_set_page, get_page, N_ ("Page"),
    N_ ("overview, features, rows or interactions") },
  { "plot", shs_session_set_plot, get_plot, N_ ("Kind of Figure"),
    N_ ("beeswarm, bar, dependence, waterfall or force") },
  { "feature", shs_session_set_feature, get_feature, N_ ("Feature"), N_ ("Its name") },
  { "select-rows", shs_session_select_rows, get_selection, N_ ("Select Rows"),
    N_ ("Numbers and ranges, such as 3,7-12; empty for none") },
  { "figure-option", shs_session_set_figure_option, get_figure_options, N_ ("Option of the Figure"),
    N_ ("name=value, such as max-display=20") },
};

typedef struct
{
  ShsWindow *window;
  const TextAction *action;
} Asked;

static void
apply_text (ShsWindow *self, const TextAction *action, const char *text)
{
  gboolean had_background = view_of (self->session)->background[0] != '\0';
  g_autoptr (GError) error = NULL;

  if (!action->set (self->session, text, &error))
    shs_window_show_problem (self, error);
  else if (action->set != shs_session_set_page)
    shs_window_hide_problem (self);
  if (error == NULL && action->set == shs_session_choose_space && !had_background
      && view_of (self->session)->background[0] != '\0')
    shs_window_show_done (self, _ ("Compared with all rows: this space needs a background"));
}

static void
text_entered (const char *text, gpointer data)
{
  Asked *asked = data;

  apply_text (asked->window, asked->action, text);
}

static void
activate_text (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ShsWindow *self = data;
  const char *text = g_variant_get_string (parameter, NULL);
  const TextAction *found = g_object_get_data (G_OBJECT (action), "shs-text-action");

  if (*text != '\0')
    apply_text (self, found, text);
  else if (found->ask != NULL)
    found->ask (GTK_WINDOW (self), self->session);
  else
    {
      Asked *asked = g_new (Asked, 1);
      g_autofree char *present = found->get != NULL ? found->get (self->session) : g_strdup ("");
      g_autofree char *names = shs_session_list_explainers ();

      *asked = (Asked){ self, found };
      shs_prompt (
          GTK_WINDOW (self), _ (found->heading), found->body != NULL ? _ (found->body) : names,
          found->set == shs_session_set_figure_option ? "" : present, text_entered, asked, g_free);
    }
}

/* What is chosen follows from the session alone. */
static void
refuse_state (GSimpleAction *action, GVariant *value, gpointer data)
{
}

static void
add_action (ShsWindow *self, const TextAction *description)
{
  g_autoptr (GSimpleAction) action
      = description->get != NULL ? g_simple_action_new_stateful (
            description->name, G_VARIANT_TYPE_STRING, g_variant_new_string (""))
                                 : g_simple_action_new (description->name, G_VARIANT_TYPE_STRING);

  g_object_set_data (G_OBJECT (action), "shs-text-action", (gpointer)description);
  g_signal_connect (action, "activate", G_CALLBACK (activate_text), self);
  g_signal_connect (action, "change-state", G_CALLBACK (refuse_state), self);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

void
shs_window_add_choices (ShsWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (text_actions); i++)
    add_action (self, &text_actions[i]);
}

void
shs_window_update_choices (ShsWindow *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (text_actions); i++)
    {
      g_autofree char *text = NULL;

      if (text_actions[i].get == NULL)
        continue;
      text = text_actions[i].get (self->session);
      shs_window_set_state (self, text_actions[i].name,
                            g_variant_new_string (text != NULL ? text : ""));
    }
}
