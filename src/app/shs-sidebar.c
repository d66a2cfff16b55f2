#include "app/shs-sidebar.h"

#include <adwaita.h>
#include <math.h>

#include "app/shs-cohort-group.h"
#include "app/shs-explainer-group.h"
#include "app/shs-tooltip.h"
#include "core/shs-i18n.h"
#include "core/shs-number.h"

/** @is_filling: the controls are being set from the session and must not answer */
struct _ShsSidebar
{
  GtkBox parent;
  ShsSession *session;
  gboolean is_filling;
  gboolean is_waiting;

  AdwActionRow *model_row;
  AdwActionRow *score_row;
  AdwActionRow *data_row;
  AdwComboRow *table_row;
  AdwComboRow *target_row;
  AdwEntryRow *rows_row;
  AdwActionRow *method_row;
  AdwActionRow *background_row;
  AdwActionRow *space_row;
  AdwActionRow *residual_row;
  GtkWidget *output_group;
  AdwComboRow *output_row;
  GtkWidget *notes_group;
  GtkWidget *notes;
  GtkWidget *explainer_group;
  GtkWidget *choices;
  GtkWidget *cohorts;
  GtkWidget *method, *space;
};

G_DEFINE_FINAL_TYPE (ShsSidebar, shs_sidebar, GTK_TYPE_BOX)

static void
set_row (AdwActionRow *row, const char *title, const char *subtitle)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title != NULL ? title : "");
  adw_action_row_set_subtitle (row, subtitle != NULL ? subtitle : "");
  shs_tooltip_set (GTK_WIDGET (row), subtitle);
}

static char *
format_count (gsize n)
{
  return shs_number_format ((double)n, (ShsNumberStyle){ .thousands = TRUE });
}

static void
fill_model (ShsSidebar *self)
{
  ShsModel *model = shs_session_get_model (self->session);
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  const ShsProvenance *provenance
      = explanation != NULL ? &shs_explanation_get_parts (explanation)->provenance : NULL;
  g_autofree char *text = model != NULL ? shs_model_describe (model) : NULL;

  if (model != NULL)
    set_row (self->model_row, shs_model_get_name (model), text);
  else if (provenance != NULL && provenance->model_name != NULL && *provenance->model_name != '\0')
    set_row (self->model_row, provenance->model_name, provenance->model_text);
  else
    set_row (self->model_row, _ ("No model"), _ ("Open one, or train a quick one"));
}

/* Of a quick model. */
static void
fill_score (ShsSidebar *self)
{
  g_autofree char *metric = NULL, *text = NULL;
  guint round = 0;
  double score = NAN;
  gboolean has_score = shs_session_get_progress (self->session) == NULL
                       && shs_session_get_training_score (self->session, &round, &metric, &score);

  gtk_widget_set_visible (GTK_WIDGET (self->score_row), has_score);
  if (!has_score)
    return;
  text = g_strdup_printf (_ ("Rows held out: %s %.4g after round %u"), metric, score, round);
  set_row (self->score_row, _ ("Score"), text);
}

/* (transfer full): the two counts stand in one line, and each has its own plural. */
static char *
describe_table (gsize n_rows, gsize n_columns, gboolean is_data)
{
  g_autofree char *n = format_count (n_rows), *m = format_count (n_columns);
  g_autofree char *rows = g_strdup_printf (ngettext ("%s row", "%s rows", n_rows), n);
  g_autofree char *columns
      = g_strdup_printf (is_data ? ngettext ("%s column", "%s columns", n_columns)
                                 : ngettext ("%s feature", "%s features", n_columns),
                         m);

  return g_strdup_printf ("%s × %s", rows, columns);
}

static void
fill_data (ShsSidebar *self)
{
  ShsDataset *dataset = shs_session_get_dataset (self->session);
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  const ShsInput *table = dataset != NULL ? shs_dataset_get_table (dataset) : NULL;
  g_autofree char *text = NULL;

  if (dataset != NULL)
    {
      text = describe_table (shs_dataset_get_n_rows (dataset), table != NULL ? table->n_columns : 0,
                             TRUE);
      set_row (self->data_row, shs_dataset_get_name (dataset), text);
    }
  else if (explanation != NULL)
    {
      const char *name = shs_explanation_get_parts (explanation)->provenance.data_name;

      text = describe_table (shs_explanation_get_n_rows (explanation),
                             shs_explanation_get_n_features (explanation), FALSE);
      set_row (self->data_row, name != NULL && *name != '\0' ? name : _ ("Explanation"), text);
    }
  else
    set_row (self->data_row, _ ("No data"), _ ("Open a table"));
}

static gboolean
has_names (AdwComboRow *row, GtkStringList *names)
{
  GListModel *shown = adw_combo_row_get_model (row);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (names));

  if (!GTK_IS_STRING_LIST (shown) || g_list_model_get_n_items (shown) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (gtk_string_list_get_string (GTK_STRING_LIST (shown), i),
                   gtk_string_list_get_string (names, i))
        != 0)
      return FALSE;
  return TRUE;
}

/* A new model makes the row build its whole list again. */
static void
set_names (AdwComboRow *row, GtkStringList *names, guint selected)
{
  if (!has_names (row, names))
    adw_combo_row_set_model (row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (row, selected);
}

static void
fill_tables (ShsSidebar *self)
{
  const char *const *tables = shs_session_list_tables (self->session);
  const char *present = shs_session_get_table (self->session);
  g_autoptr (GtkStringList) names = gtk_string_list_new (tables);
  guint chosen = 0;

  gtk_widget_set_visible (GTK_WIDGET (self->table_row), tables != NULL);
  for (guint i = 0; tables != NULL && tables[i] != NULL; i++)
    if (g_strcmp0 (tables[i], present) == 0)
      chosen = i;
  set_names (self->table_row, names, chosen);
}

static void
fill_target (ShsSidebar *self)
{
  ShsDataset *dataset = shs_session_get_dataset (self->session);
  const ShsInput *table = dataset != NULL ? shs_dataset_get_table (dataset) : NULL;
  const char *target = shs_session_get_view (self->session)->target;
  gssize row_names = dataset != NULL ? shs_dataset_get_row_name_column (dataset) : -1;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint chosen = 0;

  gtk_widget_set_visible (GTK_WIDGET (self->target_row), table != NULL && table->columns != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->rows_row), dataset != NULL);
  if (table == NULL || table->columns == NULL)
    return;
  gtk_string_list_append (names, _ ("None"));
  for (gsize j = 0; j < table->n_columns; j++)
    {
      if ((gssize)j == row_names)
        continue;
      gtk_string_list_append (names, table->columns[j].name);
      if (g_strcmp0 (target, table->columns[j].name) == 0)
        chosen = g_list_model_get_n_items (G_LIST_MODEL (names)) - 1;
    }
  set_names (self->target_row, names, chosen);
}

static void
fill_outputs (ShsSidebar *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  gsize n = explanation != NULL ? shs_explanation_get_n_outputs (explanation) : 0;
  gsize output = shs_session_get_view (self->session)->output;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_widget_set_visible (self->output_group, n > 1);
  if (n <= 1)
    return;
  for (gsize k = 0; k < n; k++)
    gtk_string_list_append (names, shs_explanation_get_parts (explanation)->output_names[k]);
  set_names (self->output_row, names, (guint)output);
}

static char *
describe_residual (ShsExplanation *explanation, gsize output)
{
  gsize n = MAX (shs_explanation_get_n_features (explanation), 1);
  g_autofree ShsFeatureSummary *summaries = g_new0 (ShsFeatureSummary, n);
  double residual = NAN;

  if (!shs_explanation_summarise (explanation, output, summaries, &residual, NULL)
      || isnan (residual))
    return NULL;
  if (residual == 0)
    return g_strdup (_ ("f(x) − base − sum is 0 in every row"));
  return g_strdup_printf (_ ("largest |f(x) − base − sum| %.0e"), residual);
}

static char *
capitalise (const char *text)
{
  char *copy = g_strdup (text != NULL && *text != '\0' ? text : _ ("not told"));

  copy[0] = g_ascii_toupper (copy[0]);
  return copy;
}

static void
fill_notes (ShsSidebar *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  ShsColumnMatch *match = shs_session_get_match (self->session);
  const char *const *notes = NULL;
  GString *text = g_string_new (NULL);

  if (explanation != NULL)
    notes = (const char *const *)shs_explanation_get_parts (explanation)->provenance.notes;
  else if (match != NULL)
    notes = shs_column_match_get_notes (match);
  for (gsize i = 0; notes != NULL && notes[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", notes[i]);
  gtk_widget_set_visible (self->notes_group, text->len > 0);
  gtk_label_set_label (GTK_LABEL (self->notes), text->str);
  g_string_free (text, TRUE);
}

static void
fill_explainer (ShsSidebar *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  const ShsProvenance *provenance;
  g_autofree char *method = NULL, *residual = NULL, *background = NULL, *space = NULL;
  const char *unit;

  gtk_widget_set_visible (self->explainer_group, explanation != NULL);
  if (explanation == NULL)
    return;
  provenance = &shs_explanation_get_parts (explanation)->provenance;
  unit = shs_explanation_get_parts (explanation)->output_unit;
  method = capitalise (provenance->method);
  background = capitalise (provenance->background);
  space = unit != NULL && *unit != '\0' ? capitalise (unit) : capitalise (provenance->space);
  gtk_label_set_label (GTK_LABEL (self->method), method);
  shs_tooltip_set (GTK_WIDGET (self->method_row), provenance->kernel);
  set_row (self->background_row, _ ("Background"), background);
  gtk_label_set_label (GTK_LABEL (self->space), space);
  residual = describe_residual (explanation, shs_session_get_view (self->session)->output);
  gtk_widget_set_visible (GTK_WIDGET (self->residual_row), residual != NULL);
  set_row (self->residual_row, _ ("Residual"), residual);
}

static gboolean
fill (gpointer data)
{
  ShsSidebar *self = data;

  self->is_waiting = FALSE;
  if (self->session == NULL)
    return G_SOURCE_REMOVE;
  self->is_filling = TRUE;
  fill_model (self);
  fill_score (self);
  fill_data (self);
  fill_tables (self);
  fill_target (self);
  fill_outputs (self);
  fill_explainer (self);
  fill_notes (self);
  gtk_editable_set_text (GTK_EDITABLE (self->rows_row), shs_session_get_view (self->session)->rows);
  self->is_filling = FALSE;
  return G_SOURCE_REMOVE;
}

/* Several signals come together; one filling serves them all. */
static void
fill_soon (ShsSidebar *self)
{
  if (self->is_waiting)
    return;
  self->is_waiting = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT, fill, g_object_ref (self), g_object_unref);
}

/* Only target, output and rows of the view are shown here. */
static void
view_changed (ShsSidebar *self)
{
  ShsView *view = shs_session_get_view (self->session);
  GObject *shown = adw_combo_row_get_selected_item (self->target_row);
  const char *target = GTK_IS_STRING_OBJECT (shown) && adw_combo_row_get_selected (self->target_row)
                           ? gtk_string_object_get_string (GTK_STRING_OBJECT (shown))
                           : "";

  if (g_strcmp0 (view->target, target) != 0
      || view->output != adw_combo_row_get_selected (self->output_row)
      || g_strcmp0 (view->rows, gtk_editable_get_text (GTK_EDITABLE (self->rows_row))) != 0)
    fill_soon (self);
}

static void
target_chosen (AdwComboRow *row, GParamSpec *spec, ShsSidebar *self)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (row);
  guint position = adw_combo_row_get_selected (row);

  if (self->is_filling || item == NULL)
    return;
  /* "none" of the list is "" of the action, which as a parameter would ask. */
  if (position == 0)
    shs_session_set_target (self->session, "", NULL);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.target", "s",
                                gtk_string_object_get_string (item));
}

static void
table_chosen (AdwComboRow *row, GParamSpec *spec, ShsSidebar *self)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (row);

  if (!self->is_filling && item != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.table", "s",
                                gtk_string_object_get_string (item));
}

static void
output_chosen (AdwComboRow *row, GParamSpec *spec, ShsSidebar *self)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (row);

  if (!self->is_filling && item != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.output", "s",
                                gtk_string_object_get_string (item));
}

static void
rows_applied (AdwEntryRow *row, ShsSidebar *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));

  if (!self->is_filling)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.rows", "s", *text != '\0' ? text : ":");
}

void
shs_sidebar_set_session (ShsSidebar *self, ShsSession *session)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  shs_explainer_group_set_session (SHS_EXPLAINER_GROUP (self->choices), session);
  shs_cohort_group_set_session (SHS_COHORT_GROUP (self->cohorts), session);
  g_signal_connect_object (session, "opened", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "explained", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  fill (self);
}

static void
shs_sidebar_dispose (GObject *object)
{
  g_clear_object (&SHS_SIDEBAR (object)->session);
  G_OBJECT_CLASS (shs_sidebar_parent_class)->dispose (object);
}

static void
shs_sidebar_class_init (ShsSidebarClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_sidebar_dispose;
  g_type_ensure (SHS_TYPE_COHORT_GROUP);
  g_type_ensure (SHS_TYPE_EXPLAINER_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/shapscope/Shapscope/sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, model_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, score_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, data_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, table_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, target_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, rows_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, method_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, background_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, space_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, residual_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, output_group);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, output_row);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, notes_group);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, notes);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, explainer_group);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, choices);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, cohorts);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, method);
  gtk_widget_class_bind_template_child (widget_class, ShsSidebar, space);
  gtk_widget_class_bind_template_callback (widget_class, table_chosen);
  gtk_widget_class_bind_template_callback (widget_class, target_chosen);
  gtk_widget_class_bind_template_callback (widget_class, output_chosen);
  gtk_widget_class_bind_template_callback (widget_class, rows_applied);
}

static void
shs_sidebar_init (ShsSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
