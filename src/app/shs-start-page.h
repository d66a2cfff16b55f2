/* The empty window: how to begin, and the bundled examples as cards. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SHS_TYPE_START_PAGE (shs_start_page_get_type ())
G_DECLARE_FINAL_TYPE (ShsStartPage, shs_start_page, SHS, START_PAGE, GtkBox)

/** shs_start_page_adapt: to the window's size, so that all examples are seen at once. */
void shs_start_page_adapt (ShsStartPage *self, int width, int height);

G_END_DECLS
