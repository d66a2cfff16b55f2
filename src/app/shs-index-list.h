/* What lists over an index array share: items that live while they are shown, and a selection. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShsIndexList: a GListModel and GtkSelectionModel without sorting, filtering or memory of its own:
 * it knows how many places there are, and asks what stands there.
 *
 * GTK 4.8 keeps widgets for some 200 places. Places that get another content keep their widgets:
 * their items are filled again. Places that appear or go are told of by and by, so that the main
 * loop is free in between.
 */
#define SHS_TYPE_INDEX_LIST (shs_index_list_get_type ())
G_DECLARE_DERIVABLE_TYPE (ShsIndexList, shs_index_list, SHS, INDEX_LIST, GObject)

/**
 * ShsIndexListClass:
 * @get_item_type: type of the items
 * @fill_item: puts what stands at @position into an item; emits a signal that its widgets hear
 * @is_chosen: whether a place is selected
 * @choose: selects @n places from @first on, or unselects them; @clears: and unselects all others.
 *   Returns FALSE where that cannot be
 * @emptied: the last place is gone after shs_index_list_empty()
 */
struct _ShsIndexListClass
{
  GObjectClass parent_class;

  GType (*get_item_type) (void);
  void (*fill_item) (ShsIndexList *self, gpointer item, gsize position);
  gboolean (*is_chosen) (ShsIndexList *self, gsize position);
  gboolean (*choose) (ShsIndexList *self, gsize first, gsize n, gboolean is_chosen,
                      gboolean clears);
  void (*emptied) (ShsIndexList *self);
};

/** shs_index_list_fill: there are @n places now, all with another content. */
void shs_index_list_fill (ShsIndexList *self, gsize n);
/** shs_index_list_empty: all places go, by and by; until then the old content is asked for. */
void shs_index_list_empty (ShsIndexList *self);
/** shs_index_list_get_n: places that are told of already. */
gsize shs_index_list_get_n (ShsIndexList *self);
/** shs_index_list_selection_changed: of @n places from @first on; those not told of are left out.
 */
void shs_index_list_selection_changed (ShsIndexList *self, gsize first, gsize n);

G_END_DECLS
