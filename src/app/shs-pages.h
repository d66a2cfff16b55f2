/* The pages of a filled window: Overview, Features, Rows, Interactions. */
#pragma once

#include <gtk/gtk.h>

#include "app/shs-row-model.h"
#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_OVERVIEW_PAGE (shs_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (ShsOverviewPage, shs_overview_page, SHS, OVERVIEW_PAGE, GtkWidget)
void shs_overview_page_set_session (ShsOverviewPage *self, ShsSession *session, ShsRowModel *model);
void shs_overview_page_find (ShsOverviewPage *self);

#define SHS_TYPE_FEATURES_PAGE (shs_features_page_get_type ())
G_DECLARE_FINAL_TYPE (ShsFeaturesPage, shs_features_page, SHS, FEATURES_PAGE, GtkBox)
void shs_features_page_set_session (ShsFeaturesPage *self, ShsSession *session);
void shs_features_page_find (ShsFeaturesPage *self);

#define SHS_TYPE_ROWS_PAGE (shs_rows_page_get_type ())
G_DECLARE_FINAL_TYPE (ShsRowsPage, shs_rows_page, SHS, ROWS_PAGE, GtkBox)
void shs_rows_page_set_session (ShsRowsPage *self, ShsSession *session, ShsRowModel *model);
void shs_rows_page_find (ShsRowsPage *self);

#define SHS_TYPE_INTERACTIONS_PAGE (shs_interactions_page_get_type ())
G_DECLARE_FINAL_TYPE (ShsInteractionsPage, shs_interactions_page, SHS, INTERACTIONS_PAGE, GtkBox)
void shs_interactions_page_set_session (ShsInteractionsPage *self, ShsSession *session);

G_END_DECLS
