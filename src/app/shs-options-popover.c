#include "app/shs-options-popover.h"

#include <stdlib.h>

#include "core/shs-i18n.h"

/**
 * Every control stands for one word of shs_plot_options_set(); @is_filling keeps the controls from
 * answering while they are set from the view.
 */
struct _ShsOptionsPopover
{
  GtkPopover parent;
  ShsSession *session;
  ShsPlace place;
  gboolean is_filling;

  GtkWidget *grid;
  GtkWidget *max_display;
  GtkWidget *order;
  GtkWidget *color;
  GtkWidget *link;
  GtkWidget *shown;
  GtkWidget *palette;
};

G_DEFINE_FINAL_TYPE (ShsOptionsPopover, shs_options_popover, GTK_TYPE_POPOVER)

/** A choice: the command line's word and what a person reads. */
typedef struct
{
  const char *value;
  const char *label;
} Choice;

static const Choice orders[] = {
  { "mean", N_ ("Mean |SHAP value|") },
  { "max", N_ ("Largest |SHAP value|") },
  { "name", N_ ("Name") },
  { "original", N_ ("As in the data") },
  { NULL, NULL },
};

static const Choice links[] = {
  { "identity", N_ ("As explained") },
  { "logit", N_ ("Probability") },
  { NULL, NULL },
};

static const Choice palettes[] = {
  { "shap", N_ ("Red and blue") }, { "okabe-ito", N_ ("Okabe-Ito") }, { "print", N_ ("Print") },
  { "viridis", N_ ("Viridis") },   { "cividis", N_ ("Cividis") },     { NULL, NULL },
};

static const Choice shown[] = {
  { "none", N_ ("SHAP value") },
  { "pair", N_ ("Interaction alone") },
  { NULL, NULL },
};

static void
set_option (ShsOptionsPopover *self, const char *name, const char *value)
{
  g_autofree char *text = g_strdup_printf ("%s=%s", name, value);
  g_autoptr (GError) error = NULL;

  shs_session_focus (self->session, self->place);
  if (!shs_session_set_figure_option (self->session, text, &error))
    g_signal_emit_by_name (self->session, "problem", error);
}

static void
number_changed (GtkSpinButton *spin, ShsOptionsPopover *self)
{
  g_autofree char *value = NULL;

  if (self->is_filling)
    return;
  value = g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (spin));
  set_option (self, "max-display", value);
}

/* The interaction with the partner of the pair that is picked. */
static void
show_interaction (ShsOptionsPopover *self, gboolean is_shown)
{
  const ShsView *view = shs_session_get_view (self->session);
  gssize partner = view->partner >= 0 ? view->partner : MAX (0, view->feature);
  g_autofree char *name = NULL;

  shs_view_name_feature (&name, (gsize)partner);
  set_option (self, "interaction", is_shown ? name : "none");
}

static void
choice_changed (GtkDropDown *drop_down, GParamSpec *spec, ShsOptionsPopover *self)
{
  const char *name = g_object_get_data (G_OBJECT (drop_down), "option");
  const Choice *choices = g_object_get_data (G_OBJECT (drop_down), "choices");
  guint position = gtk_drop_down_get_selected (drop_down);

  if (self->is_filling || position == GTK_INVALID_LIST_POSITION)
    return;
  if (choices == shown)
    show_interaction (self, position == 1);
  else if (choices != NULL)
    set_option (self, name, choices[position].value);
  else if (position < 2)
    set_option (self, name, position == 0 ? "auto" : "none");
  else
    {
      GListModel *model = gtk_drop_down_get_model (drop_down);

      set_option (self, name, gtk_string_list_get_string (GTK_STRING_LIST (model), position));
    }
}

static void
add_row (ShsOptionsPopover *self, const char *title, GtkWidget *control)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (title);
  int row = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (self->grid), "rows"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), control);
  gtk_widget_set_hexpand (control, TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  label, NULL, -1);
  g_object_set_data (G_OBJECT (control), "label", label);
  gtk_grid_attach (GTK_GRID (self->grid), label, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), control, 1, row, 1, 1);
  g_object_set_data (G_OBJECT (self->grid), "rows", GINT_TO_POINTER (row + 1));
}

static GtkWidget *
add_choice (ShsOptionsPopover *self, const char *title, const char *name, const Choice *choices)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  GtkWidget *drop_down;

  for (gsize i = 0; choices != NULL && choices[i].value != NULL; i++)
    gtk_string_list_append (list, _ (choices[i].label));
  drop_down = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&list)), NULL);
  g_object_set_data (G_OBJECT (drop_down), "option", (gpointer)name);
  g_object_set_data (G_OBJECT (drop_down), "choices", (gpointer)choices);
  add_row (self, title, drop_down);
  g_signal_connect (drop_down, "notify::selected", G_CALLBACK (choice_changed), self);
  return drop_down;
}

static void
fill_choice (GtkWidget *drop_down, const ShsPlotOptions *options)
{
  const Choice *choices = g_object_get_data (G_OBJECT (drop_down), "choices");
  g_autofree char *value
      = shs_plot_options_get (options, g_object_get_data (G_OBJECT (drop_down), "option"));

  for (guint i = 0; choices[i].value != NULL; i++)
    if (g_strcmp0 (choices[i].value, value) == 0)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), i);
}

static void
fill_colors (ShsOptionsPopover *self, const ShsPlotOptions *options)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  gsize n = explanation != NULL ? shs_explanation_get_n_features (explanation) : 0;
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint selected = g_strcmp0 (options->color, "none") == 0 ? 1 : 0;

  gtk_string_list_append (list, _ ("Strongest partner"));
  gtk_string_list_append (list, _ ("None"));
  for (gsize j = 0; j < n; j++)
    {
      const char *name = shs_explanation_get_column (explanation, j)->name;

      gtk_string_list_append (list, name);
      if (g_strcmp0 (options->color, name) == 0)
        selected = (guint)j + 2;
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->color), G_LIST_MODEL (list));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->color), selected);
}

static void
show_row (GtkWidget *control, gboolean is_shown)
{
  gtk_widget_set_visible (control, is_shown);
  gtk_widget_set_visible (g_object_get_data (G_OBJECT (control), "label"), is_shown);
}

/* What a kind does not know is not offered. */
static void
show_rows (ShsOptionsPopover *self, ShsPlotKind kind)
{
  show_row (self->max_display, shs_plot_kind_has_option (kind, "max-display"));
  show_row (self->order, shs_plot_kind_has_option (kind, "order"));
  show_row (self->color, shs_plot_kind_has_option (kind, "color") && kind != SHS_PLOT_INTERACTIONS);
  show_row (self->link, shs_plot_kind_has_option (kind, "link"));
}

static void
fill (ShsOptionsPopover *self)
{
  g_autoptr (ShsPlotOptions) options = NULL;

  if (self->session == NULL)
    return;
  options = shs_view_get_figure (shs_session_get_view (self->session), self->place);
  self->is_filling = TRUE;
  show_rows (self, options->kind);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->max_display), options->max_display);
  fill_choice (self->order, options);
  fill_colors (self, options);
  fill_choice (self->link, options);
  if (self->shown != NULL)
    gtk_drop_down_set_selected (GTK_DROP_DOWN (self->shown), options->interaction != NULL);
  fill_choice (self->palette, options);
  self->is_filling = FALSE;
}

void
shs_options_popover_set_session (ShsOptionsPopover *self, ShsSession *session, ShsPlace place)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->place = place;
  self->color = add_choice (self, _ ("_Colour"), "color", NULL);
  self->max_display = gtk_spin_button_new_with_range (1, 100, 1);
  g_signal_connect (self->max_display, "value-changed", G_CALLBACK (number_changed), self);
  add_row (self, _ ("Most _features"), self->max_display);
  self->order = add_choice (self, _ ("_Order"), "order", orders);
  self->link = add_choice (self, _ ("_Numbers"), "link", links);
  if (place == SHS_PLACE_PAIR)
    self->shown = add_choice (self, _ ("_Shown"), "interaction", shown);
  self->palette = add_choice (self, _ ("_Palette"), "palette", palettes);
}

static void
shs_options_popover_dispose (GObject *object)
{
  g_clear_object (&SHS_OPTIONS_POPOVER (object)->session);
  G_OBJECT_CLASS (shs_options_popover_parent_class)->dispose (object);
}

static void
shs_options_popover_class_init (ShsOptionsPopoverClass *class)
{
  G_OBJECT_CLASS (class)->dispose = shs_options_popover_dispose;
}

static void
shs_options_popover_init (ShsOptionsPopover *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_widget_add_css_class (self->grid, "options-grid");
  gtk_popover_set_child (GTK_POPOVER (self), self->grid);
  g_signal_connect (self, "show", G_CALLBACK (fill), NULL);
}
