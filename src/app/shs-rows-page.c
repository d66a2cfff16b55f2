#include "app/shs-figure-card.h"
#include "app/shs-overview-layout.h"
#include "app/shs-pages.h"
#include "app/shs-row-view.h"

struct _ShsRowsPage
{
  GtkBox parent;
  GtkWidget *table;
  GtkWidget *local;
};

G_DEFINE_FINAL_TYPE (ShsRowsPage, shs_rows_page, GTK_TYPE_BOX)

static void
expanded_changed (ShsFigureCard *card, GParamSpec *spec, ShsRowsPage *self)
{
  gboolean is_expanded;

  g_object_get (card, "expanded", &is_expanded, NULL);
  gtk_widget_set_visible (self->table, !is_expanded);
}

void
shs_rows_page_set_session (ShsRowsPage *self, ShsSession *session, ShsRowModel *model)
{
  shs_row_view_set_session (SHS_ROW_VIEW (self->table), session, model);
  shs_figure_card_set_session (SHS_FIGURE_CARD (self->local), session, SHS_PLACE_LOCAL);
}

void
shs_rows_page_find (ShsRowsPage *self)
{
  shs_row_view_find (SHS_ROW_VIEW (self->table));
}

static void
shs_rows_page_class_init (ShsRowsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (SHS_TYPE_FIGURE_CARD);
  g_type_ensure (SHS_TYPE_OVERVIEW_LAYOUT);
  g_type_ensure (SHS_TYPE_ROW_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/rows-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsRowsPage, table);
  gtk_widget_class_bind_template_child (widget_class, ShsRowsPage, local);
}

static void
shs_rows_page_init (ShsRowsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->local, "notify::expanded", G_CALLBACK (expanded_changed), self);
}
