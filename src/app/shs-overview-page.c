#include "app/shs-figure-card.h"
#include "app/shs-overview-layout.h"
#include "app/shs-pages.h"
#include "app/shs-row-view.h"

/* The first places. */
#define N_CARDS (SHS_PLACE_LOCAL + 1)
#define LEAST_HEIGHT 240 /* of the figures, when they scroll by themselves */
#define HANDLE 12        /* room for the handle between figures and rows */

struct _ShsOverviewPage
{
  GtkWidget parent;
  GtkWidget *whole; /* scrolls in narrow and in very low windows */
  GtkWidget *paned;
  GtkWidget *scrolled;
  GtkWidget *figures;
  GtkWidget *cards[N_CARDS];
  GtkWidget *table;
};

G_DEFINE_FINAL_TYPE (ShsOverviewPage, shs_overview_page, GTK_TYPE_WIDGET)

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

/* Where there is width, figures scroll by themselves in low windows, so that the rows stay in
   sight; in narrow ones the page scrolls as a whole. */
static void
choose_least_height (ShsOverviewPage *self, int width, int height)
{
  GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW (self->scrolled);
  int rows = 0, least;

  gtk_widget_measure (self->figures, GTK_ORIENTATION_VERTICAL, width, &least, NULL, NULL, NULL);
  if (gtk_widget_get_visible (self->table))
    gtk_widget_measure (self->table, GTK_ORIENTATION_VERTICAL, -1, &rows, NULL, NULL, NULL);
  if (width >= SHS_NARROW_WIDTH)
    least = MIN (least, MAX (LEAST_HEIGHT, height - rows - HANDLE));
  if (gtk_scrolled_window_get_min_content_height (scrolled) != least)
    gtk_scrolled_window_set_min_content_height (scrolled, least);
}

static void
shs_overview_page_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                           int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (SHS_OVERVIEW_PAGE (widget)->whole, orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
shs_overview_page_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShsOverviewPage *self = SHS_OVERVIEW_PAGE (widget);

  choose_least_height (self, width, height);
  gtk_widget_size_allocate (self->whole, &(GtkAllocation){ 0, 0, width, height }, baseline);
}

static void
shs_overview_page_dispose (GObject *object)
{
  g_clear_pointer (&SHS_OVERVIEW_PAGE (object)->whole, gtk_widget_unparent);
  G_OBJECT_CLASS (shs_overview_page_parent_class)->dispose (object);
}

static void
shs_overview_page_class_init (ShsOverviewPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_overview_page_dispose;
  widget_class->measure = shs_overview_page_measure;
  widget_class->size_allocate = shs_overview_page_size_allocate;
  g_type_ensure (SHS_TYPE_FIGURE_CARD);
  g_type_ensure (SHS_TYPE_OVERVIEW_LAYOUT);
  g_type_ensure (SHS_TYPE_ROW_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsOverviewPage, whole);
  gtk_widget_class_bind_template_child (widget_class, ShsOverviewPage, paned);
  gtk_widget_class_bind_template_child (widget_class, ShsOverviewPage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, ShsOverviewPage, figures);
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
