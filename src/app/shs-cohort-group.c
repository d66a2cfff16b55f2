#include "app/shs-cohort-group.h"

#include "app/shs-tooltip.h"
#include "core/shs-i18n.h"

/** @shown: the cohorts and the filter that the rows tell of */
struct _ShsCohortGroup
{
  AdwPreferencesGroup parent;
  ShsSession *session;
  GPtrArray *rows; /* borrowed widgets */
  gboolean is_waiting;
  char *shown;
};

G_DEFINE_FINAL_TYPE (ShsCohortGroup, shs_cohort_group, ADW_TYPE_PREFERENCES_GROUP)

/* To choose the group whose rows are listed lists all rows again. */
static void
row_activated (GtkWidget *row, ShsCohortGroup *self)
{
  const char *rule = g_object_get_data (G_OBJECT (row), "shs-rule");
  gboolean is_shown = g_strcmp0 (rule, shs_session_get_view (self->session)->filter) == 0;

  gtk_widget_activate_action (row, "win.filter", "s", is_shown || *rule == '\0' ? " " : rule);
}

static GtkWidget *
make_remove_button (const char *name)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *label = g_strdup_printf (_ ("Remove %s"), name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.remove-cohort");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  return button;
}

static GtkWidget *
make_row (ShsCohortGroup *self, const char *name, const char *rule)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *mark = g_object_new (GTK_TYPE_IMAGE, "icon-name", "object-select-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  g_autoptr (GError) error = NULL;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), rule);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_opacity (
      mark, g_strcmp0 (rule, shs_session_get_view (self->session)->filter) == 0 ? 1 : 0);
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_SELECTED,
                               gtk_widget_get_opacity (mark) > 0, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), mark);
  shs_tooltip_set (row, *rule == '\0'                                          ? NULL
                        : shs_session_check_rule (self->session, rule, &error) ? rule
                                                                               : error->message);
  g_object_set_data_full (G_OBJECT (row), "shs-rule", g_strdup (rule), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (row_activated), self);
  return row;
}

static void
add_row (ShsCohortGroup *self, GtkWidget *row)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  g_ptr_array_add (self->rows, row);
}

/* (transfer full) */
static char *
join_choices (ShsCohortGroup *self)
{
  const ShsView *view = shs_session_get_view (self->session);
  g_autofree char *cohorts = shs_cohorts_describe (view->cohorts);

  return g_strjoin ("\n", view->filter, cohorts, NULL);
}

static gboolean
fill (gpointer data)
{
  ShsCohortGroup *self = data;
  GPtrArray *cohorts;

  self->is_waiting = FALSE;
  if (self->session == NULL)
    return G_SOURCE_REMOVE;
  cohorts = shs_session_get_view (self->session)->cohorts;
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self), shs_session_get_dataset (self->session) != NULL
                                                 || shs_session_get_explanation (self->session));
  adw_preferences_group_set_description (
      ADW_PREFERENCES_GROUP (self),
      cohorts == NULL ? _ ("Named groups of rows: to list, and to compare with.") : NULL);
  if (cohorts != NULL)
    add_row (self, make_row (self, _ ("All"), ""));
  for (guint i = 0; cohorts != NULL && i < cohorts->len; i++)
    {
      const ShsCohort *cohort = cohorts->pdata[i];
      GtkWidget *row = make_row (self, cohort->name, cohort->rule);

      adw_action_row_add_suffix (ADW_ACTION_ROW (row), make_remove_button (cohort->name));
      add_row (self, row);
    }
  g_free (self->shown);
  self->shown = join_choices (self);
  return G_SOURCE_REMOVE;
}

static void
fill_soon (ShsCohortGroup *self)
{
  if (self->is_waiting)
    return;
  self->is_waiting = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT, fill, g_object_ref (self), g_object_unref);
}

static void
view_changed (ShsCohortGroup *self)
{
  g_autofree char *choices = join_choices (self);

  if (g_strcmp0 (choices, self->shown) != 0)
    fill_soon (self);
}

void
shs_cohort_group_set_session (ShsCohortGroup *self, ShsSession *session)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "opened", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "explained", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
shs_cohort_group_dispose (GObject *object)
{
  g_clear_object (&SHS_COHORT_GROUP (object)->session);
  G_OBJECT_CLASS (shs_cohort_group_parent_class)->dispose (object);
}

static void
shs_cohort_group_finalize (GObject *object)
{
  g_ptr_array_unref (SHS_COHORT_GROUP (object)->rows);
  g_free (SHS_COHORT_GROUP (object)->shown);
  G_OBJECT_CLASS (shs_cohort_group_parent_class)->finalize (object);
}

static void
shs_cohort_group_class_init (ShsCohortGroupClass *class)
{
  G_OBJECT_CLASS (class)->dispose = shs_cohort_group_dispose;
  G_OBJECT_CLASS (class)->finalize = shs_cohort_group_finalize;
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (class),
                                               "/org/shapscope/Shapscope/cohort-group.ui");
}

static void
shs_cohort_group_init (ShsCohortGroup *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
