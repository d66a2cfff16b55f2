#include "app/shs-feature-model.h"
#include "app/shs-figure-card.h"
#include "app/shs-overview-layout.h"
#include "app/shs-pages.h"
#include "core/shs-i18n.h"

struct _ShsFeaturesPage
{
  GtkBox parent;
  ShsFeatureModel *model;
  GtkWidget *list_card;
  GtkWidget *filter;
  GtkWidget *list;
  GtkWidget *figure;
  GtkWidget *dependence;
};

G_DEFINE_FINAL_TYPE (ShsFeaturesPage, shs_features_page, GTK_TYPE_BOX)

/* To set a text for each row would ask the display server for the pointer each time. */
static gboolean
tell_name (GtkWidget *label, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer unused)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (GTK_LABEL (label)));
  return TRUE;
}

static void
set_up_row (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  GtkWidget *row = gtk_grid_new ();
  GtkWidget *name = gtk_label_new (NULL), *value = gtk_label_new (NULL);
  GtkWidget *bar = gtk_level_bar_new ();

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_set_has_tooltip (name, TRUE);
  g_signal_connect (name, "query-tooltip", G_CALLBACK (tell_name), NULL);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_add_css_class (value, "dim-label");
  gtk_widget_add_css_class (bar, "feature-bar");
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), NULL);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name,
                                  value, NULL, -1);
  gtk_grid_set_column_spacing (GTK_GRID (row), 12);
  gtk_grid_set_row_spacing (GTK_GRID (row), 4);
  gtk_grid_attach (GTK_GRID (row), name, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (row), value, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (row), bar, 0, 1, 2, 1);
  gtk_list_item_set_child (item, row);
}

static void
fill_row (ShsFeatureItem *feature, GtkGrid *row)
{
  gtk_label_set_label (GTK_LABEL (gtk_grid_get_child_at (row, 0, 0)),
                       shs_feature_item_get_name (feature));
  gtk_label_set_label (GTK_LABEL (gtk_grid_get_child_at (row, 1, 0)),
                       shs_feature_item_get_value (feature));
  gtk_level_bar_set_value (GTK_LEVEL_BAR (gtk_grid_get_child_at (row, 0, 1)),
                           shs_feature_item_get_share (feature));
}

static void
bind_row (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  GtkGrid *row = GTK_GRID (gtk_list_item_get_child (item));
  ShsFeatureItem *feature = gtk_list_item_get_item (item);

  g_signal_connect (feature, "changed", G_CALLBACK (fill_row), row);
  fill_row (feature, row);
}

static void
unbind_row (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer unused)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), fill_row,
                                        gtk_list_item_get_child (item));
}

static void
filter_changed (GtkSearchEntry *entry, ShsFeaturesPage *self)
{
  if (self->model != NULL)
    shs_feature_model_filter (self->model, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
expanded_changed (GtkWidget *card, GParamSpec *spec, ShsFeaturesPage *self)
{
  gboolean is_expanded;

  g_object_get (card, "expanded", &is_expanded, NULL);
  gtk_widget_set_visible (self->list_card, !is_expanded);
  gtk_widget_set_visible (self->figure, !is_expanded || card == self->figure);
  gtk_widget_set_visible (self->dependence, !is_expanded || card == self->dependence);
}

void
shs_features_page_set_session (ShsFeaturesPage *self, ShsSession *session)
{
  self->model = shs_feature_model_new (session);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->list), GTK_SELECTION_MODEL (self->model));
  shs_figure_card_set_session (SHS_FIGURE_CARD (self->figure), session, SHS_PLACE_SUMMARY);
  shs_figure_card_set_session (SHS_FIGURE_CARD (self->dependence), session, SHS_PLACE_DEPENDENCE);
}

void
shs_features_page_find (ShsFeaturesPage *self)
{
  gtk_widget_grab_focus (self->filter);
}

static void
shs_features_page_dispose (GObject *object)
{
  ShsFeaturesPage *self = SHS_FEATURES_PAGE (object);

  if (self->list != NULL)
    gtk_list_view_set_model (GTK_LIST_VIEW (self->list), NULL);
  self->list = NULL;
  g_clear_object (&self->model);
  G_OBJECT_CLASS (shs_features_page_parent_class)->dispose (object);
}

static void
shs_features_page_class_init (ShsFeaturesPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_features_page_dispose;
  g_type_ensure (SHS_TYPE_FIGURE_CARD);
  g_type_ensure (SHS_TYPE_OVERVIEW_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/features-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsFeaturesPage, list_card);
  gtk_widget_class_bind_template_child (widget_class, ShsFeaturesPage, filter);
  gtk_widget_class_bind_template_child (widget_class, ShsFeaturesPage, list);
  gtk_widget_class_bind_template_child (widget_class, ShsFeaturesPage, figure);
  gtk_widget_class_bind_template_child (widget_class, ShsFeaturesPage, dependence);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed);
}

static void
shs_features_page_init (ShsFeaturesPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (set_up_row), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row), NULL);
  gtk_list_view_set_factory (GTK_LIST_VIEW (self->list), factory);
  g_signal_connect (self->figure, "notify::expanded", G_CALLBACK (expanded_changed), self);
  g_signal_connect (self->dependence, "notify::expanded", G_CALLBACK (expanded_changed), self);
}
