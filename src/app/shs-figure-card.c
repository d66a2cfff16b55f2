#include "app/shs-figure-card.h"

#include <adwaita.h>

#include "app/shs-options-popover.h"
#include "app/shs-plot-view.h"
#include "app/shs-tooltip.h"
#include "core/shs-i18n.h"
#include "core/shs-number.h"

/**
 * "expanded" asks the layout around the card for the whole window.
 */
struct _ShsFigureCard
{
  GtkBox parent;
  ShsSession *session;
  ShsPlace place;
  gboolean is_expanded;

  GtkWidget *kind_button;
  GtkWidget *kind_label;
  GtkWidget *subtitle;
  GtkWidget *options_button;
  GtkWidget *options;
  GtkWidget *export_button;
  GtkWidget *expand_button;
  GtkWidget *plot;
};

enum
{
  PROP_EXPANDED = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ShsFigureCard, shs_figure_card, GTK_TYPE_BOX)

#define N_KINDS SHS_N_PLOT_KINDS

/* Every place can show every kind; its own ones come first. */
static const ShsPlotKind kinds_of_place[SHS_N_PLACES][N_KINDS] = {
  [SHS_PLACE_SUMMARY] = { SHS_PLOT_BEESWARM, SHS_PLOT_BAR, SHS_PLOT_DEPENDENCE, SHS_PLOT_WATERFALL,
                          SHS_PLOT_FORCE, SHS_PLOT_INTERACTIONS },
  [SHS_PLACE_DEPENDENCE] = { SHS_PLOT_DEPENDENCE, SHS_PLOT_BEESWARM, SHS_PLOT_BAR,
                             SHS_PLOT_WATERFALL, SHS_PLOT_FORCE, SHS_PLOT_INTERACTIONS },
  [SHS_PLACE_LOCAL] = { SHS_PLOT_WATERFALL, SHS_PLOT_FORCE, SHS_PLOT_BAR, SHS_PLOT_BEESWARM,
                        SHS_PLOT_DEPENDENCE, SHS_PLOT_INTERACTIONS },
  [SHS_PLACE_MATRIX] = { SHS_PLOT_INTERACTIONS, SHS_PLOT_BEESWARM, SHS_PLOT_BAR,
                         SHS_PLOT_DEPENDENCE, SHS_PLOT_WATERFALL, SHS_PLOT_FORCE },
  [SHS_PLACE_PAIR] = { SHS_PLOT_DEPENDENCE, SHS_PLOT_INTERACTIONS, SHS_PLOT_BEESWARM, SHS_PLOT_BAR,
                       SHS_PLOT_WATERFALL, SHS_PLOT_FORCE },
};

static char *
describe_summary (ShsExplanation *explanation)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  gsize n_rows = shs_explanation_get_n_rows (explanation);
  g_autofree char *number
      = shs_number_format ((double)n_rows, (ShsNumberStyle){ .thousands = TRUE });
  const char *what = parts->target_name != NULL ? parts->target_name : parts->output_unit;

  if (what == NULL || *what == '\0')
    return g_strdup_printf (ngettext ("%s row", "%s rows", n_rows), number);
  return g_strdup_printf (ngettext ("%s row, %s", "%s rows, %s", n_rows), number, what);
}

/* Which feature colours the points is known once the figure is drawn. */
static gssize
get_partner (ShsFigureCard *self)
{
  ShsScene *scene = shs_plot_view_get_scene (SHS_PLOT_VIEW (self->plot));

  return scene != NULL ? shs_scene_get_partner (scene) : -1;
}

static char *
describe_dependence (ShsFigureCard *self, ShsExplanation *explanation,
                     const ShsPlotOptions *options)
{
  gsize n = shs_explanation_get_n_features (explanation);
  gssize feature = options->feature, partner = get_partner (self);

  if (feature < 0 && n > 0)
    {
      g_autofree gsize *order = g_new0 (gsize, n);

      if (shs_explanation_order (explanation, options->output, order, NULL))
        feature = (gssize)order[0];
    }
  if (feature < 0)
    return g_strdup ("");
  if (partner < 0 || partner >= (gssize)n)
    return g_strdup (shs_explanation_get_column (explanation, (gsize)feature)->name);
  return g_strdup_printf (_ ("%s, coloured by %s"),
                          shs_explanation_get_column (explanation, (gsize)feature)->name,
                          shs_explanation_get_column (explanation, (gsize)partner)->name);
}

static char *
describe (ShsFigureCard *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  g_autoptr (ShsPlotOptions) options
      = shs_view_get_figure (shs_session_get_view (self->session), self->place);

  if (explanation == NULL)
    return g_strdup ("");
  if (shs_plot_kind_needs_feature (options->kind))
    return describe_dependence (self, explanation, options);
  if (!shs_plot_kind_needs_row (options->kind)
      && !(self->place == SHS_PLACE_LOCAL && options->kind == SHS_PLOT_BAR))
    return describe_summary (explanation);
  return options->row >= 0 ? shs_explanation_describe_comparison (explanation, (gsize)options->row)
                           : g_strdup (_ ("no row picked"));
}

static void
update (ShsFigureCard *self)
{
  const ShsPlotOptions *options = shs_session_get_view (self->session)->figures[self->place];
  const char *kind = shs_plot_kind_get_title (options->kind);
  g_autofree char *text = describe (self);
  g_autofree char *name = g_strdup_printf (_ ("Kind of figure: %s"), kind);

  gtk_label_set_label (GTK_LABEL (self->kind_label), kind);
  gtk_label_set_label (GTK_LABEL (self->subtitle), text);
  shs_tooltip_set (self->subtitle, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->kind_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

/* Actions of the window mean the focused place; touching a card's controls focuses its place. */
static void
focus_place (ShsFigureCard *self)
{
  if (self->session != NULL)
    shs_session_focus (self->session, self->place);
}

static void
kind_chosen (GtkListBox *list, GtkListBoxRow *row, ShsFigureCard *self)
{
  ShsPlotKind kind = kinds_of_place[self->place][gtk_list_box_row_get_index (row)];

  focus_place (self);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->kind_button));
  shs_session_set_plot (self->session, shs_plot_kind_get_name (kind), NULL);
}

static void
export_clicked (GtkButton *button, ShsFigureCard *self)
{
  focus_place (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.export-figure", "s", "");
}

static void
set_expanded (ShsFigureCard *self, gboolean is_expanded)
{
  const char *tip = is_expanded ? _ ("Back to all figures (Escape)") : _ ("Full window");

  if (self->is_expanded == is_expanded)
    return;
  self->is_expanded = is_expanded;
  gtk_button_set_icon_name (GTK_BUTTON (self->expand_button),
                            is_expanded ? "view-restore-symbolic" : "view-fullscreen-symbolic");
  gtk_widget_set_tooltip_text (self->expand_button, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expand_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_EXPANDED]);
}

static void
expand_clicked (GtkButton *button, ShsFigureCard *self)
{
  focus_place (self);
  set_expanded (self, !self->is_expanded);
}

static gboolean
escape_pressed (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  ShsFigureCard *self = SHS_FIGURE_CARD (widget);

  if (!self->is_expanded)
    return FALSE;
  set_expanded (self, FALSE);
  return TRUE;
}

static GtkWidget *
make_kind_list (ShsFigureCard *self)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "kind-list");
  for (gsize i = 0; i < N_KINDS; i++)
    {
      GtkWidget *label = gtk_label_new (shs_plot_kind_get_title (kinds_of_place[self->place][i]));

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_list_box_append (GTK_LIST_BOX (list), label);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Kinds of figure"), -1);
  g_signal_connect (list, "row-activated", G_CALLBACK (kind_chosen), self);
  return list;
}

static void
popover_toggled (GtkWidget *popover, GParamSpec *spec, GtkWidget *button)
{
  gtk_widget_set_has_tooltip (button, !gtk_widget_get_visible (popover));
}

/* The tip of a button would lie on what the button opened. */
static void
hide_tip_under (GtkWidget *popover, GtkWidget *button)
{
  g_signal_connect_object (popover, "notify::visible", G_CALLBACK (popover_toggled), button, 0);
}

void
shs_figure_card_set_session (ShsFigureCard *self, ShsSession *session, ShsPlace place)
{
  GtkWidget *popover = gtk_popover_new ();

  g_return_if_fail (self->session == NULL);
  self->session = g_object_ref (session);
  self->place = place;
  shs_plot_view_set_session (SHS_PLOT_VIEW (self->plot), session, place);
  shs_options_popover_set_session (SHS_OPTIONS_POPOVER (self->options), session, place);
  gtk_popover_set_child (GTK_POPOVER (popover), make_kind_list (self));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->kind_button), popover);
  hide_tip_under (popover, self->kind_button);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "explained", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->plot, "drawn", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
shs_figure_card_grab (ShsFigureCard *self)
{
  gtk_widget_grab_focus (self->plot);
}

static void
shs_figure_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean (value, SHS_FIGURE_CARD (object)->is_expanded);
}

static void
shs_figure_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  set_expanded (SHS_FIGURE_CARD (object), g_value_get_boolean (value));
}

static void
shs_figure_card_dispose (GObject *object)
{
  g_clear_object (&SHS_FIGURE_CARD (object)->session);
  G_OBJECT_CLASS (shs_figure_card_parent_class)->dispose (object);
}

static void
shs_figure_card_class_init (ShsFigureCardClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_figure_card_dispose;
  G_OBJECT_CLASS (class)->get_property = shs_figure_card_get_property;
  G_OBJECT_CLASS (class)->set_property = shs_figure_card_set_property;
  props[PROP_EXPANDED]
      = g_param_spec_boolean ("expanded", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, props);
  g_type_ensure (SHS_TYPE_PLOT_VIEW);
  g_type_ensure (SHS_TYPE_OPTIONS_POPOVER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/figure-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, kind_button);
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, kind_label);
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, options_button);
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, options);
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, export_button);
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, expand_button);
  gtk_widget_class_bind_template_child (widget_class, ShsFigureCard, plot);
  gtk_widget_class_bind_template_callback (widget_class, export_clicked);
  gtk_widget_class_bind_template_callback (widget_class, expand_clicked);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_pressed, NULL);
}

static void
shs_figure_card_init (ShsFigureCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  hide_tip_under (self->options, self->options_button);
}
