#include "app/shs-figure-card.h"
#include "app/shs-overview-layout.h"
#include "app/shs-pages.h"
#include "result/shs-interactions.h"

struct _ShsInteractionsPage
{
  GtkBox parent;
  ShsSession *session;
  GtkWidget *stack;
  GtkWidget *matrix;
  GtkWidget *pair;
};

G_DEFINE_FINAL_TYPE (ShsInteractionsPage, shs_interactions_page, GTK_TYPE_BOX)

static void
expanded_changed (GtkWidget *card, GParamSpec *spec, ShsInteractionsPage *self)
{
  gboolean is_expanded;

  g_object_get (card, "expanded", &is_expanded, NULL);
  gtk_widget_set_visible (self->matrix, !is_expanded || card == self->matrix);
  gtk_widget_set_visible (self->pair, !is_expanded || card == self->pair);
}

static void
explained (ShsInteractionsPage *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  gboolean has_pairs = explanation != NULL && shs_explanation_has_interactions (explanation);

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), has_pairs ? "figures" : "empty");
}

void
shs_interactions_page_set_session (ShsInteractionsPage *self, ShsSession *session)
{
  self->session = g_object_ref (session);
  shs_figure_card_set_session (SHS_FIGURE_CARD (self->matrix), session, SHS_PLACE_MATRIX);
  shs_figure_card_set_session (SHS_FIGURE_CARD (self->pair), session, SHS_PLACE_PAIR);
  g_signal_connect_object (session, "explained", G_CALLBACK (explained), self, G_CONNECT_SWAPPED);
  explained (self);
}

static void
shs_interactions_page_dispose (GObject *object)
{
  g_clear_object (&SHS_INTERACTIONS_PAGE (object)->session);
  G_OBJECT_CLASS (shs_interactions_page_parent_class)->dispose (object);
}

static void
shs_interactions_page_class_init (ShsInteractionsPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_interactions_page_dispose;
  g_type_ensure (SHS_TYPE_FIGURE_CARD);
  g_type_ensure (SHS_TYPE_OVERVIEW_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/interactions-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsInteractionsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ShsInteractionsPage, matrix);
  gtk_widget_class_bind_template_child (widget_class, ShsInteractionsPage, pair);
}

static void
shs_interactions_page_init (ShsInteractionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->matrix, "notify::expanded", G_CALLBACK (expanded_changed), self);
  g_signal_connect (self->pair, "notify::expanded", G_CALLBACK (expanded_changed), self);
}
