#include "app/shs-figure-card.h"
#include "app/shs-overview-layout.h"
#include "app/shs-pages.h"
#include "app/shs-row-view.h"

/* The first places. */
#define N_CARDS (SHS_PLACE_LOCAL + 1)

struct _ShsOverviewPage
{
  GtkBox parent;
  GtkWidget *paned;
  GtkWidget *cards[N_CARDS];
  GtkWidget *table;
};

G_DEFINE_FINAL_TYPE (ShsOverviewPage, shs_overview_page, GTK_TYPE_BOX)

static void
expanded_changed (ShsFigureCard *card, GParamSpec *spec, ShsOverviewPage *self)
{
  gboolean is_expanded;

  g_object_get (card, "expanded", &is_expanded, NULL);
  for (int i = 0; i < N_CARDS; i++)
    gtk_widget_set_visible (self->cards[i], !is_expanded || self->cards[i] == GTK_WIDGET (card));
  gtk_widget_set_visible (self->table, !is_expanded);
}

void
shs_overview_page_set_session (ShsOverviewPage *self, ShsSession *session, ShsRowModel *model)
{
  for (int i = 0; i < N_CARDS; i++)
    shs_figure_card_set_session (SHS_FIGURE_CARD (self->cards[i]), session, (ShsPlace)i);
  shs_row_view_set_session (SHS_ROW_VIEW (self->table), session, model);
}

void
shs_overview_page_find (ShsOverviewPage *self)
{
  shs_row_view_find (SHS_ROW_VIEW (self->table));
}

static void
shs_overview_page_class_init (ShsOverviewPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  g_type_ensure (SHS_TYPE_FIGURE_CARD);
  g_type_ensure (SHS_TYPE_OVERVIEW_LAYOUT);
  g_type_ensure (SHS_TYPE_ROW_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsOverviewPage, paned);
  gtk_widget_class_bind_template_child_full (widget_class, "summary", FALSE,
                                             G_STRUCT_OFFSET (ShsOverviewPage, cards[0]));
  gtk_widget_class_bind_template_child_full (widget_class, "dependence", FALSE,
                                             G_STRUCT_OFFSET (ShsOverviewPage, cards[1]));
  gtk_widget_class_bind_template_child_full (widget_class, "local", FALSE,
                                             G_STRUCT_OFFSET (ShsOverviewPage, cards[2]));
  gtk_widget_class_bind_template_child (widget_class, ShsOverviewPage, table);
}

static void
shs_overview_page_init (ShsOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < N_CARDS; i++)
    g_signal_connect (self->cards[i], "notify::expanded", G_CALLBACK (expanded_changed), self);
}
