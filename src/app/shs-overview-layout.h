/* Where figures stand: one large at the start, two above each other beside it; stacked when
   narrow. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** SHS_NARROW_WIDTH: pixels below which figures stack and the sidebar folds. */
#define SHS_NARROW_WIDTH 600

/**
 * ShsOverviewLayout: lays out the visible children in order: the first takes the start side, the
 * others share the end side from top to bottom. With one visible child, it takes everything. Below
 * %SHS_NARROW_WIDTH all stand above each other. Property "start-share": of the width, for the
 * first.
 */
#define SHS_TYPE_OVERVIEW_LAYOUT (shs_overview_layout_get_type ())
G_DECLARE_FINAL_TYPE (ShsOverviewLayout, shs_overview_layout, SHS, OVERVIEW_LAYOUT,
                      GtkLayoutManager)

G_END_DECLS
