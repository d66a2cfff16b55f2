#include "app/shs-explainer-group.h"

#include "app/shs-file-choice.h"
#include "app/shs-prompt.h"
#include "app/shs-tooltip.h"
#include "core/shs-i18n.h"
#include "session/shs-background-choice.h"

#include <string.h>

/* What the list of backgrounds offers; the last stands for a choice that was made before. */
typedef enum
{
  CHOICE_NONE,
  CHOICE_ALL,
  CHOICE_COHORT,
  CHOICE_DRAWN,
  CHOICE_RULE,
  CHOICE_FILE,
  CHOICE_ROW,
  CHOICE_PRESENT,
} BackgroundChoice;

/**
 * @explainers: those that the model can have, by place in the list
 * @backgrounds: (element-type BackgroundChoice): the same of what can be compared with
 * @is_filling: the controls are being set from the session and must not answer
 */
struct _ShsExplainerGroup
{
  AdwPreferencesGroup parent;
  ShsSession *session;
  GArray *explainers;
  GArray *backgrounds;
  gboolean is_filling;
  gboolean is_waiting;
  char *shown; /* the choices that the controls show */

  AdwComboRow *explainer_row;
  AdwComboRow *background_row;
  AdwComboRow *space_row;
};

G_DEFINE_FINAL_TYPE (ShsExplainerGroup, shs_explainer_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *
get_background (ShsExplainerGroup *self)
{
  return shs_session_get_view (self->session)->background;
}

static ShsBackgroundKind
get_background_kind (ShsExplainerGroup *self)
{
  return shs_session_get_view (self->session)->background_kind;
}

static gboolean
has_background (ShsExplainerGroup *self)
{
  return get_background_kind (self) != SHS_BACKGROUND_NONE;
}

static gboolean
is_linear (ShsExplainerGroup *self)
{
  return (shs_model_get_capabilities (shs_session_get_model (self->session))
          & SHS_CAPABILITY_LINEAR)
         != 0;
}

/* What stands where no background is chosen. */
static const char *
name_no_background (ShsExplainerGroup *self)
{
  ShsCapabilities has = shs_model_get_capabilities (shs_session_get_model (self->session));
  ShsCapabilities needed = SHS_CAPABILITY_COVERS | SHS_CAPABILITY_CONSTANT_LEAVES;

  if (is_linear (self))
    return _ ("The mean of all rows");
  return (has & needed) == needed ? _ ("In the model") : _ ("None yet");
}

static void
fill_explainers (ShsExplainerGroup *self)
{
  ShsModel *model = shs_session_get_model (self->session);
  int present = shs_explainer_parse (shs_session_get_view (self->session)->explainer);
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint selected = 0;

  g_array_set_size (self->explainers, 0);
  for (int i = 0; i < SHS_N_EXPLAINERS; i++)
    {
      ShsExplainer chosen;

      /* "Tree" says no more than "automatic" does. */
      if ((i == SHS_EXPLAINER_TREE && i != present)
          || !shs_explain_choose (model, (ShsExplainer)i, TRUE, &chosen, NULL))
        continue;
      if (i == present)
        selected = self->explainers->len;
      g_array_append_val (self->explainers, i);
      gtk_string_list_append (titles, shs_explainer_get_title ((ShsExplainer)i));
    }
  adw_combo_row_set_model (self->explainer_row, G_LIST_MODEL (titles));
  adw_combo_row_set_selected (self->explainer_row, selected);
}

/* (transfer full): "Rows with age < 30" */
static char *
describe_background (ShsExplainerGroup *self)
{
  const char *text = get_background (self);
  const char *row = text + strlen ("row:");
  g_autofree char *name = NULL;

  switch (get_background_kind (self))
    {
    case SHS_BACKGROUND_DRAWN:
      return g_strdup_printf (
          ngettext ("%s row, drawn", "%s rows, drawn", (gulong)g_ascii_strtoull (text, NULL, 10)),
          text);
    case SHS_BACKGROUND_ROW:
      return g_strdup_printf (_ ("Row %s"), row[0] == '#' ? row + 1 : row);
    case SHS_BACKGROUND_FILE:
      name = g_path_get_basename (text);
      return g_strdup_printf (_ ("All rows of %s"), name);
    default:
      return g_strdup_printf (_ ("Rows with %s"), text);
    }
}

static void
offer (ShsExplainerGroup *self, GtkStringList *list, BackgroundChoice choice, const char *title)
{
  g_array_append_val (self->backgrounds, choice);
  gtk_string_list_append (list, title);
}

static guint
offer_cohorts (ShsExplainerGroup *self, GtkStringList *list)
{
  const ShsView *view = shs_session_get_view (self->session);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; view->cohorts != NULL && i < view->cohorts->len; i++)
    {
      const ShsCohort *cohort = view->cohorts->pdata[i];

      if (view->background_kind == SHS_BACKGROUND_COHORT
          && g_str_equal (cohort->name, view->background))
        selected = self->backgrounds->len;
      offer (self, list, CHOICE_COHORT, cohort->name);
    }
  return selected;
}

static void
fill_backgrounds (ShsExplainerGroup *self)
{
  ShsBackgroundKind kind = get_background_kind (self);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  g_autofree char *present = NULL;
  guint selected;

  g_array_set_size (self->backgrounds, 0);
  offer (self, list, CHOICE_NONE, name_no_background (self));
  offer (self, list, CHOICE_ALL, _ ("All rows"));
  selected = offer_cohorts (self, list);
  offer (self, list, CHOICE_DRAWN, _ ("Some rows, drawn…"));
  offer (self, list, CHOICE_RULE, _ ("Rows by a rule…"));
  offer (self, list, CHOICE_FILE, _ ("A file…"));
  offer (self, list, CHOICE_ROW, _ ("This row"));
  if (kind == SHS_BACKGROUND_NONE || kind == SHS_BACKGROUND_ALL)
    selected = kind == SHS_BACKGROUND_NONE ? 0 : 1;
  else if (selected == GTK_INVALID_LIST_POSITION)
    {
      present = describe_background (self);
      selected = self->backgrounds->len;
      offer (self, list, CHOICE_PRESENT, present);
    }
  adw_combo_row_set_model (self->background_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->background_row, selected);
}

static void
fill_spaces (ShsExplainerGroup *self)
{
  const char *unit = shs_model_get_parts (shs_session_get_model (self->session))->margin_unit;
  int present = shs_space_parse (shs_session_get_view (self->session)->space);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  for (int i = 0; i < SHS_N_SPACES; i++)
    gtk_string_list_append (list, i == SHS_SPACE_MARGIN && unit != NULL && *unit != '\0'
                                      ? unit
                                      : shs_space_get_title ((ShsSpace)i));
  adw_combo_row_set_model (self->space_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->space_row, (guint)MAX (0, present));
  gtk_widget_set_visible (GTK_WIDGET (self->space_row), SHS_N_SPACES > 1);
}

/* One sentence on what the values mean, below the title. */
static void
describe (ShsExplainerGroup *self)
{
  int explainer = shs_explainer_parse (shs_session_get_view (self->session)->explainer);
  g_autoptr (GError) error = NULL;
  ShsExplainer chosen;
  const char *summary;

  if (shs_explain_choose (shs_session_get_model (self->session), (ShsExplainer)MAX (0, explainer),
                          has_background (self), &chosen, &error))
    summary = shs_explainer_get_summary (chosen);
  else if (shs_session_lacks_background (self->session))
    summary = _ ("This model is explained by comparing a row with others: choose them below.");
  else
    summary = error->message;
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), summary);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->explainer_row), summary);
}

/* (transfer full) */
static char *
join_choices (ShsExplainerGroup *self)
{
  const ShsView *view = shs_session_get_view (self->session);

  g_autofree char *cohorts = shs_cohorts_describe (view->cohorts);

  return g_strjoin ("\n", view->explainer, view->background, view->space, cohorts, NULL);
}

static gboolean
fill (gpointer data)
{
  ShsExplainerGroup *self = data;

  self->is_waiting = FALSE;
  if (self->session == NULL)
    return G_SOURCE_REMOVE;
  gtk_widget_set_visible (GTK_WIDGET (self), shs_session_get_match (self->session) != NULL);
  if (shs_session_get_match (self->session) == NULL)
    return G_SOURCE_REMOVE;
  self->is_filling = TRUE;
  fill_explainers (self);
  fill_backgrounds (self);
  fill_spaces (self);
  describe (self);
  self->is_filling = FALSE;
  g_free (self->shown);
  self->shown = join_choices (self);
  return G_SOURCE_REMOVE;
}

static void
fill_soon (ShsExplainerGroup *self)
{
  if (self->is_waiting)
    return;
  self->is_waiting = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT, fill, g_object_ref (self), g_object_unref);
}

/* Most changes of the view are others. */
static void
view_changed (ShsExplainerGroup *self)
{
  g_autofree char *choices = join_choices (self);

  if (g_strcmp0 (choices, self->shown) != 0)
    fill_soon (self);
}

static void
activate (ShsExplainerGroup *self, const char *action, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", text);
}

static void
explainer_chosen (AdwComboRow *row, GParamSpec *spec, ShsExplainerGroup *self)
{
  guint selected = adw_combo_row_get_selected (row);

  if (self->is_filling || selected >= self->explainers->len)
    return;
  activate (self, "win.explainer",
            shs_explainer_get_name ((ShsExplainer)g_array_index (self->explainers, int, selected)));
  fill_soon (self);
}

static void
text_entered (const char *text, gpointer data)
{
  if (*text != '\0')
    activate (data, "win.background", text);
}

static void
ask (ShsExplainerGroup *self, const char *heading, const char *body, const char *present)
{
  shs_prompt (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, body, present,
              text_entered, g_object_ref (self), g_object_unref);
}

static void
file_chosen (const char *const *paths, gpointer data)
{
  activate (data, "win.background", paths[0]);
}

static void
background_chosen (AdwComboRow *row, GParamSpec *spec, ShsExplainerGroup *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  guint selected = adw_combo_row_get_selected (row);

  if (self->is_filling || selected >= self->backgrounds->len)
    return;
  switch (g_array_index (self->backgrounds, BackgroundChoice, selected))
    {
    case CHOICE_NONE:
      activate (self, "win.background", "none");
      break;
    case CHOICE_ALL:
      activate (self, "win.background", "all");
      break;
    case CHOICE_COHORT:
      activate (self, "win.background",
                gtk_string_object_get_string (adw_combo_row_get_selected_item (row)));
      break;
    case CHOICE_DRAWN:
      ask (self, _ ("Compare with Some Rows"), _ ("How many rows of the data are drawn"), "100");
      break;
    case CHOICE_RULE:
      ask (self, _ ("Compare with Rows by a Rule"),
           _ ("Such as: age < 30 and sex = female. All rows for which it holds are used."), "");
      break;
    case CHOICE_FILE:
      shs_file_choice_open (window, file_chosen, self);
      break;
    case CHOICE_ROW:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.compare", "i", -1);
      break;
    case CHOICE_PRESENT:
      break;
    }
  /* A dialog may be cancelled: the list shows what is chosen, not what was touched. */
  fill_soon (self);
}

static void
space_chosen (AdwComboRow *row, GParamSpec *spec, ShsExplainerGroup *self)
{
  guint selected = adw_combo_row_get_selected (row);

  if (self->is_filling || selected >= SHS_N_SPACES)
    return;
  activate (self, "win.space", shs_space_get_name ((ShsSpace)selected));
  fill_soon (self);
}

void
shs_explainer_group_set_session (ShsExplainerGroup *self, ShsSession *session)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "opened", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
shs_explainer_group_dispose (GObject *object)
{
  g_clear_object (&SHS_EXPLAINER_GROUP (object)->session);
  G_OBJECT_CLASS (shs_explainer_group_parent_class)->dispose (object);
}

static void
shs_explainer_group_finalize (GObject *object)
{
  g_array_unref (SHS_EXPLAINER_GROUP (object)->explainers);
  g_array_unref (SHS_EXPLAINER_GROUP (object)->backgrounds);
  g_free (SHS_EXPLAINER_GROUP (object)->shown);
  G_OBJECT_CLASS (shs_explainer_group_parent_class)->finalize (object);
}

static void
shs_explainer_group_class_init (ShsExplainerGroupClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_explainer_group_dispose;
  G_OBJECT_CLASS (class)->finalize = shs_explainer_group_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/explainer-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsExplainerGroup, explainer_row);
  gtk_widget_class_bind_template_child (widget_class, ShsExplainerGroup, background_row);
  gtk_widget_class_bind_template_child (widget_class, ShsExplainerGroup, space_row);
  gtk_widget_class_bind_template_callback (widget_class, explainer_chosen);
  gtk_widget_class_bind_template_callback (widget_class, background_chosen);
  gtk_widget_class_bind_template_callback (widget_class, space_chosen);
}

static void
shs_explainer_group_init (ShsExplainerGroup *self)
{
  self->explainers = g_array_new (FALSE, FALSE, sizeof (int));
  self->backgrounds = g_array_new (FALSE, FALSE, sizeof (BackgroundChoice));
  gtk_widget_init_template (GTK_WIDGET (self));
}
