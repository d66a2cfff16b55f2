#include "app/shs-index-list.h"

#define FIRST_PLACES 24
#define PLACES_A_STEP 12
#define PLACES_WITH_WIDGETS 240

/**
 * @n: places that are told of; @n_wanted: what that shall become
 * @items: by place, those that a list shows; not owned
 */
typedef struct
{
  gsize n;
  gsize n_wanted;
  GHashTable *items;
  guint approaching;
} ShsIndexListPrivate;

static void shs_index_list_list_init (GListModelInterface *interface);
static void shs_index_list_selection_init (GtkSelectionModelInterface *interface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (
    ShsIndexList, shs_index_list, G_TYPE_OBJECT,
    G_ADD_PRIVATE (ShsIndexList) G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, shs_index_list_list_init)
        G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, shs_index_list_selection_init))

static ShsIndexListPrivate *
get_private (gpointer self)
{
  return shs_index_list_get_instance_private (self);
}

/* One step towards n_wanted places. */
static gboolean
approach (gpointer self)
{
  ShsIndexListPrivate *priv = get_private (self);
  gsize old_n = priv->n;
  gboolean grows = old_n < priv->n_wanted;

  if (grows)
    priv->n = old_n < PLACES_WITH_WIDGETS ? MIN (old_n + PLACES_A_STEP, priv->n_wanted)
                                          : priv->n_wanted;
  else
    priv->n
        = MAX (priv->n_wanted, old_n > PLACES_WITH_WIDGETS ? PLACES_WITH_WIDGETS
                                                           : old_n - MIN (old_n, PLACES_A_STEP));
  g_list_model_items_changed (self, (guint)MIN (old_n, priv->n),
                              (guint)(grows ? 0 : old_n - priv->n),
                              (guint)(grows ? priv->n - old_n : 0));
  if (priv->n != priv->n_wanted)
    return G_SOURCE_CONTINUE;
  priv->approaching = 0;
  if (priv->n == 0 && SHS_INDEX_LIST_GET_CLASS (self)->emptied != NULL)
    SHS_INDEX_LIST_GET_CLASS (self)->emptied (self);
  return G_SOURCE_REMOVE;
}

static void
approach_soon (ShsIndexList *self)
{
  ShsIndexListPrivate *priv = get_private (self);

  if (priv->n != priv->n_wanted && priv->approaching == 0)
    priv->approaching = g_idle_add_full (G_PRIORITY_LOW, approach, self, NULL);
}

static void
fill_shown_items (ShsIndexList *self)
{
  ShsIndexListPrivate *priv = get_private (self);
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer position, item;

  g_hash_table_iter_init (&iter, priv->items);
  while (g_hash_table_iter_next (&iter, &position, &item))
    if (GPOINTER_TO_SIZE (position) < priv->n)
      {
        g_ptr_array_add (held, g_object_ref (item));
        SHS_INDEX_LIST_GET_CLASS (self)->fill_item (self, item, GPOINTER_TO_SIZE (position));
      }
}

void
shs_index_list_fill (ShsIndexList *self, gsize n)
{
  ShsIndexListPrivate *priv = get_private (self);
  gsize old_n = priv->n;

  priv->n_wanted = n;
  priv->n = MIN (n, MAX (old_n, FIRST_PLACES));
  fill_shown_items (self);
  if (priv->n < old_n)
    g_list_model_items_changed (G_LIST_MODEL (self), (guint)priv->n, (guint)(old_n - priv->n), 0);
  else
    g_list_model_items_changed (G_LIST_MODEL (self), (guint)old_n, 0, (guint)(priv->n - old_n));
  shs_index_list_selection_changed (self, 0, MIN (old_n, priv->n));
  approach_soon (self);
}

void
shs_index_list_empty (ShsIndexList *self)
{
  get_private (self)->n_wanted = 0;
  approach_soon (self);
}

gsize
shs_index_list_get_n (ShsIndexList *self)
{
  return get_private (self)->n;
}

void
shs_index_list_selection_changed (ShsIndexList *self, gsize first, gsize n)
{
  gsize told = get_private (self)->n;

  if (first < told && n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), (guint)first,
                                           (guint)MIN (n, told - first));
}

static GType
shs_index_list_get_item_type (GListModel *list)
{
  return SHS_INDEX_LIST_GET_CLASS (list)->get_item_type ();
}

static guint
shs_index_list_get_n_items (GListModel *list)
{
  return (guint)get_private (list)->n;
}

/** ItemWatch: where an item stands in the table of those that are shown. */
typedef struct
{
  GHashTable *items;
  gsize position;
} ItemWatch;

static void
item_gone (gpointer data, GObject *item)
{
  ItemWatch *watch = data;

  if (g_hash_table_lookup (watch->items, GSIZE_TO_POINTER (watch->position)) == item)
    g_hash_table_remove (watch->items, GSIZE_TO_POINTER (watch->position));
  g_hash_table_unref (watch->items);
  g_free (watch);
}

static gpointer
shs_index_list_get_item (GListModel *list, guint position)
{
  ShsIndexListPrivate *priv = get_private (list);
  gpointer place = GSIZE_TO_POINTER ((gsize)position);
  GObject *item;
  ItemWatch *watch;

  if (position >= priv->n)
    return NULL;
  item = g_hash_table_lookup (priv->items, place);
  if (item != NULL)
    return g_object_ref (item);
  item = g_object_new (shs_index_list_get_item_type (list), NULL);
  SHS_INDEX_LIST_GET_CLASS (list)->fill_item (SHS_INDEX_LIST (list), item, position);
  watch = g_new (ItemWatch, 1);
  *watch = (ItemWatch){ g_hash_table_ref (priv->items), position };
  g_hash_table_insert (priv->items, place, item);
  g_object_weak_ref (item, item_gone, watch);
  return item;
}

static void
shs_index_list_list_init (GListModelInterface *interface)
{
  interface->get_item_type = shs_index_list_get_item_type;
  interface->get_n_items = shs_index_list_get_n_items;
  interface->get_item = shs_index_list_get_item;
}

static gboolean
shs_index_list_is_selected (GtkSelectionModel *model, guint position)
{
  return position < get_private (model)->n
         && SHS_INDEX_LIST_GET_CLASS (model)->is_chosen (SHS_INDEX_LIST (model), position);
}

static GtkBitset *
shs_index_list_get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  GtkBitset *bits = gtk_bitset_new_empty ();
  gsize end = MIN ((gsize)position + n, get_private (model)->n);

  for (gsize i = position; i < end; i++)
    if (SHS_INDEX_LIST_GET_CLASS (model)->is_chosen (SHS_INDEX_LIST (model), i))
      gtk_bitset_add (bits, (guint)i);
  return bits;
}

static gboolean
choose (GtkSelectionModel *model, gsize first, gsize n, gboolean is_chosen, gboolean clears)
{
  gsize told = get_private (model)->n;

  if (first >= told)
    return FALSE;
  return SHS_INDEX_LIST_GET_CLASS (model)->choose (SHS_INDEX_LIST (model), first,
                                                   MIN (n, told - first), is_chosen, clears);
}

static gboolean
shs_index_list_select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  return choose (model, position, 1, TRUE, unselect_rest);
}

static gboolean
shs_index_list_unselect_item (GtkSelectionModel *model, guint position)
{
  return choose (model, position, 1, FALSE, FALSE);
}

static gboolean
shs_index_list_select_range (GtkSelectionModel *model, guint position, guint n,
                             gboolean unselect_rest)
{
  return choose (model, position, n, TRUE, unselect_rest);
}

static gboolean
shs_index_list_unselect_range (GtkSelectionModel *model, guint position, guint n)
{
  return choose (model, position, n, FALSE, FALSE);
}

static void
shs_index_list_selection_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = shs_index_list_is_selected;
  interface->get_selection_in_range = shs_index_list_get_selection_in_range;
  interface->select_item = shs_index_list_select_item;
  interface->unselect_item = shs_index_list_unselect_item;
  interface->select_range = shs_index_list_select_range;
  interface->unselect_range = shs_index_list_unselect_range;
}

static void
shs_index_list_dispose (GObject *object)
{
  ShsIndexListPrivate *priv = get_private (object);

  g_clear_handle_id (&priv->approaching, g_source_remove);
  priv->n = priv->n_wanted = 0;
  g_clear_pointer (&priv->items, g_hash_table_unref);
  G_OBJECT_CLASS (shs_index_list_parent_class)->dispose (object);
}

static void
shs_index_list_class_init (ShsIndexListClass *class)
{
  G_OBJECT_CLASS (class)->dispose = shs_index_list_dispose;
}

static void
shs_index_list_init (ShsIndexList *self)
{
  get_private (self)->items = g_hash_table_new (NULL, NULL);
}
