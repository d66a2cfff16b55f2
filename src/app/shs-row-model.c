#include "app/shs-row-model.h"

#include <string.h>

#include "app/shs-row-item.h"
#include "core/shs-memory.h"
#include "session/shs-row-filter.h"

/* Above this many rows, sorting and filtering happen on another thread. */
#define MOST_ROWS_AT_ONCE 5000

/* A list has widgets for its first 200 rows. When rows appear in an empty table or all of them go,
   that is told by and by, so that the main loop is free in between; those that take the place of
   others use their widgets again. */
#define FIRST_ROWS 24
#define ROWS_A_STEP 12
#define ROWS_WITH_WIDGETS 240

/**
 * @shown: the explanation that the listed rows belong to; @explanation is what they shall become
 * @order: the row of @shown at each position
 * @n: rows that the list tells of; @n_ordered: rows in @order
 * @items: by position, those that a list shows; not owned
 * @places: the position of each row, -1 for rows filtered away; made when first asked for
 * @arranging: cancels the arrangement under way
 */
struct _ShsRowModel
{
  GObject parent;
  ShsSession *session;
  ShsExplanation *explanation;
  ShsExplanation *shown;
  gsize output;
  gsize shown_output;
  ShsRowStyle style;
  guint32 *order;
  gsize n;
  gsize n_ordered;
  GHashTable *items;
  guint approaching;
  gint32 *places;

  ShsRowColumn column;
  gboolean descending;
  char *filter;
  char *filter_error;
  GCancellable *arranging;

  GBytes *selected;
  gint64 row;
};

/** Arrangement: everything a thread needs to make a new order. */
typedef struct
{
  ShsExplanation *explanation;
  gsize output;
  ShsRowColumn column;
  gboolean descending;
  char *filter;
  guint32 *order;
  gsize n;
  ShsRowStyle style;
} Arrangement;

enum
{
  PROP_FILTER_ERROR = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void shs_row_model_list_init (GListModelInterface *interface);
static void shs_row_model_selection_init (GtkSelectionModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ShsRowModel, shs_row_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, shs_row_model_list_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          shs_row_model_selection_init))

static void
arrangement_free (Arrangement *self)
{
  shs_explanation_unref (self->explanation);
  g_free (self->filter);
  shs_free (self->order);
  g_free (self);
}

static gboolean
keep_filtered (Arrangement *self, GError **error)
{
  gsize n_rows = shs_explanation_get_n_rows (self->explanation);
  g_autoptr (ShsRowFilter) filter
      = shs_row_filter_new (self->explanation, self->output, self->filter, error);
  SHS_AUTOFREE guint8 *mask = NULL;

  if (filter == NULL)
    return FALSE;
  mask = shs_alloc (n_rows, 1, error);
  self->order = shs_alloc (n_rows, sizeof *self->order, error);
  if (mask == NULL || self->order == NULL || !shs_row_filter_apply (filter, mask, error))
    return FALSE;
  for (gsize i = 0; i < n_rows; i++)
    if (mask[i])
      self->order[self->n++] = (guint32)i;
  return TRUE;
}

static gboolean
arrange (Arrangement *self, GError **error)
{
  gsize n_rows = shs_explanation_get_n_rows (self->explanation);
  SHS_AUTOFREE double *keys = NULL;

  if (!keep_filtered (self, error))
    return FALSE;
  self->style = shs_row_style_find (self->explanation, self->output);
  if (self->column == SHS_ROW_NUMBER && !self->descending)
    return TRUE;
  keys = shs_alloc (n_rows, sizeof *keys, error);
  if (keys == NULL
      || !shs_row_column_read (self->explanation, self->output, self->column, keys, error))
    return FALSE;
  shs_row_sort (self->order, self->n, keys, self->descending);
  return TRUE;
}

static void
arrange_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (arrange (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
set_filter_error (ShsRowModel *self, const char *message)
{
  if (g_strcmp0 (message, self->filter_error) == 0)
    return;
  g_free (self->filter_error);
  self->filter_error = g_strdup (message);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FILTER_ERROR]);
}

static void
forget_rows (ShsRowModel *self)
{
  g_clear_pointer (&self->shown, shs_explanation_unref);
  g_clear_pointer (&self->order, shs_free);
  g_clear_pointer (&self->places, shs_free);
}

/* One step towards n_ordered rows. */
static gboolean
approach (gpointer data)
{
  ShsRowModel *self = data;
  gsize old_n = self->n;
  gboolean grows = old_n < self->n_ordered;

  if (grows)
    self->n
        = old_n < ROWS_WITH_WIDGETS ? MIN (old_n + ROWS_A_STEP, self->n_ordered) : self->n_ordered;
  else
    self->n = MAX (self->n_ordered, old_n > ROWS_WITH_WIDGETS ? ROWS_WITH_WIDGETS
                                                              : old_n - MIN (old_n, ROWS_A_STEP));
  g_list_model_items_changed (G_LIST_MODEL (self), (guint)MIN (old_n, self->n),
                              (guint)(grows ? 0 : old_n - self->n),
                              (guint)(grows ? self->n - old_n : 0));
  if (self->n != self->n_ordered)
    return G_SOURCE_CONTINUE;
  if (self->n == 0)
    forget_rows (self);
  self->approaching = 0;
  return G_SOURCE_REMOVE;
}

static void
approach_soon (ShsRowModel *self)
{
  if (self->n != self->n_ordered && self->approaching == 0)
    self->approaching = g_idle_add_full (G_PRIORITY_LOW, approach, self, NULL);
}

/* To take rows out and put others in would make GTK 4.8 build all widgets anew: the items that are
   shown are filled again instead, and only the difference in length is told. */
static void
tell_of_new_order (ShsRowModel *self, gsize old_n)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer position, item;

  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, &position, &item))
    if (GPOINTER_TO_SIZE (position) < self->n)
      {
        g_ptr_array_add (items, g_object_ref (item));
        shs_row_item_fill (item, self->shown, self->order[GPOINTER_TO_SIZE (position)],
                           self->shown_output, self->style);
      }
  if (self->n < old_n)
    g_list_model_items_changed (G_LIST_MODEL (self), (guint)self->n, (guint)(old_n - self->n), 0);
  else
    g_list_model_items_changed (G_LIST_MODEL (self), (guint)old_n, 0, (guint)(self->n - old_n));
  if (MIN (old_n, self->n) > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0,
                                           (guint)MIN (old_n, self->n));
}

static void
take_order (ShsRowModel *self, Arrangement *arrangement)
{
  gsize old_n = self->n;

  forget_rows (self);
  self->shown = shs_explanation_ref (arrangement->explanation);
  self->shown_output = arrangement->output;
  self->order = g_steal_pointer (&arrangement->order);
  self->n_ordered = arrangement->n;
  self->n = MIN (self->n_ordered, MAX (old_n, FIRST_ROWS));
  self->style = arrangement->style;
  tell_of_new_order (self, old_n);
  approach_soon (self);
}

static void
arranged (GObject *source, GAsyncResult *result, gpointer data)
{
  ShsRowModel *self = SHS_ROW_MODEL (source);
  Arrangement *arrangement = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->arranging);
  set_filter_error (self, error != NULL ? error->message : NULL);
  if (is_done)
    take_order (self, arrangement);
}

static void
shs_row_model_arrange (ShsRowModel *self)
{
  Arrangement *arrangement;
  g_autoptr (GTask) task = NULL;

  if (self->arranging != NULL)
    g_cancellable_cancel (self->arranging);
  g_clear_object (&self->arranging);
  if (self->explanation == NULL)
    return;
  arrangement = g_new0 (Arrangement, 1);
  arrangement->explanation = shs_explanation_ref (self->explanation);
  arrangement->output = self->output;
  arrangement->column = self->column;
  arrangement->descending = self->descending;
  arrangement->filter = g_strdup (self->filter);
  if (shs_explanation_get_n_rows (self->explanation) <= MOST_ROWS_AT_ONCE)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_done = arrange (arrangement, &error);

      set_filter_error (self, error != NULL ? error->message : NULL);
      if (is_done)
        take_order (self, arrangement);
      arrangement_free (arrangement);
      return;
    }
  self->arranging = g_cancellable_new ();
  task = g_task_new (self, self->arranging, arranged, NULL);
  g_task_set_task_data (task, arrangement, (GDestroyNotify)arrangement_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, arrange_in_thread);
}

static void
drop_rows (ShsRowModel *self)
{
  if (self->arranging != NULL)
    g_cancellable_cancel (self->arranging);
  g_clear_object (&self->arranging);
  self->n_ordered = 0;
  approach_soon (self);
}

static void
explanation_changed (ShsRowModel *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);

  if (explanation == self->explanation)
    return;
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  self->explanation = explanation != NULL ? shs_explanation_ref (explanation) : NULL;
  self->output = shs_session_get_view (self->session)->output;
  if (explanation != NULL)
    shs_row_model_arrange (self);
  else
    drop_rows (self);
}

static void
view_changed (ShsRowModel *self)
{
  ShsView *view = shs_session_get_view (self->session);
  gboolean has_new_selection = view->selected != self->selected;
  gint64 old_row = self->row;

  explanation_changed (self);
  if (view->output != self->output)
    {
      self->output = view->output;
      shs_row_model_arrange (self);
    }
  self->row = view->row;
  if (has_new_selection)
    {
      g_clear_pointer (&self->selected, g_bytes_unref);
      self->selected = view->selected != NULL ? g_bytes_ref (view->selected) : NULL;
      if (self->n > 0)
        gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, (guint)self->n);
      return;
    }
  if (old_row != self->row)
    {
      gssize before = shs_row_model_find (self, old_row);
      gssize after = shs_row_model_find (self, self->row);

      if (before >= 0)
        gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), (guint)before, 1);
      if (after >= 0)
        gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), (guint)after, 1);
    }
}

ShsRowModel *
shs_row_model_new (ShsSession *session)
{
  ShsRowModel *self = g_object_new (SHS_TYPE_ROW_MODEL, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "explained", G_CALLBACK (explanation_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  view_changed (self);
  return self;
}

void
shs_row_model_sort (ShsRowModel *self, ShsRowColumn column, gboolean descending)
{
  if (column == self->column && descending == self->descending)
    return;
  self->column = column;
  self->descending = descending;
  shs_row_model_arrange (self);
}

void
shs_row_model_filter (ShsRowModel *self, const char *text)
{
  if (g_strcmp0 (text, self->filter) == 0)
    return;
  g_free (self->filter);
  self->filter = g_strdup (text);
  shs_row_model_arrange (self);
}

const char *
shs_row_model_get_filter_error (ShsRowModel *self)
{
  return self->filter_error;
}

static gboolean
make_places (ShsRowModel *self)
{
  gsize n_rows = shs_explanation_get_n_rows (self->shown);

  if (self->places != NULL)
    return TRUE;
  self->places = shs_alloc (n_rows, sizeof *self->places, NULL);
  if (self->places == NULL)
    return FALSE;
  memset (self->places, 0xff, n_rows * sizeof *self->places);
  for (gsize i = 0; i < self->n_ordered; i++)
    self->places[self->order[i]] = (gint32)i;
  return TRUE;
}

gssize
shs_row_model_find (ShsRowModel *self, gint64 row)
{
  if (self->shown == NULL || self->n_ordered == 0 || row < 0
      || row >= (gint64)shs_explanation_get_n_rows (self->shown) || !make_places (self))
    return -1;
  return self->places[row] < (gint64)self->n ? self->places[row] : -1;
}

gsize
shs_row_model_count (ShsRowModel *self)
{
  return self->n_ordered;
}

static GType
shs_row_model_get_item_type (GListModel *list)
{
  return SHS_TYPE_ROW_ITEM;
}

static guint
shs_row_model_get_n_items (GListModel *list)
{
  return (guint)SHS_ROW_MODEL (list)->n;
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
shs_row_model_get_item (GListModel *list, guint position)
{
  ShsRowModel *self = SHS_ROW_MODEL (list);
  ShsRowItem *item;
  ItemWatch *watch;

  if (position >= self->n)
    return NULL;
  item = g_hash_table_lookup (self->items, GSIZE_TO_POINTER ((gsize)position));
  if (item != NULL)
    return g_object_ref (item);
  item = shs_row_item_new ();
  shs_row_item_fill (item, self->shown, self->order[position], self->shown_output, self->style);
  watch = g_new (ItemWatch, 1);
  *watch = (ItemWatch){ g_hash_table_ref (self->items), position };
  g_hash_table_insert (self->items, GSIZE_TO_POINTER ((gsize)position), item);
  g_object_weak_ref (G_OBJECT (item), item_gone, watch);
  return item;
}

static void
shs_row_model_list_init (GListModelInterface *interface)
{
  interface->get_item_type = shs_row_model_get_item_type;
  interface->get_n_items = shs_row_model_get_n_items;
  interface->get_item = shs_row_model_get_item;
}

static gboolean
is_chosen (ShsRowModel *self, guint position)
{
  gsize n = 0;
  const guint8 *selected = self->selected != NULL ? g_bytes_get_data (self->selected, &n) : NULL;
  guint32 row = self->order[position];

  return (gint64)row == self->row || (row < n && selected[row]);
}

static gboolean
shs_row_model_is_selected (GtkSelectionModel *model, guint position)
{
  ShsRowModel *self = SHS_ROW_MODEL (model);

  return position < self->n && is_chosen (self, position);
}

static GtkBitset *
shs_row_model_get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  ShsRowModel *self = SHS_ROW_MODEL (model);
  GtkBitset *bits = gtk_bitset_new_empty ();

  for (gsize i = position; i < MIN ((gsize)position + n, self->n); i++)
    if (is_chosen (self, (guint)i))
      gtk_bitset_add (bits, (guint)i);
  return bits;
}

/* Makes the rows of @positions selected or not, after clearing when @clears; the primary row
   becomes @primary when that is not negative. */
static void
change_selection (ShsRowModel *self, guint position, guint n, gboolean is_selected, gboolean clears,
                  gint64 primary)
{
  gsize n_rows = shs_explanation_get_n_rows (self->shown);
  ShsView *view = shs_view_copy (shs_session_get_view (self->session));
  g_autofree guint8 *mask = g_malloc0 (n_rows);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));

  /* While rows of a former explanation are shown, they mean nothing to the session. */
  if (self->shown != self->explanation)
    {
      shs_view_unref (view);
      return;
    }
  for (gsize i = 0; i < n_rows && !clears; i++)
    mask[i] = shs_view_is_selected (view, i);
  for (gsize i = position; i < MIN ((gsize)position + n, self->n); i++)
    mask[self->order[i]] = is_selected;
  for (gsize i = 0; i < n_rows; i++)
    if (mask[i])
      {
        guint32 row = (guint32)i;

        g_array_append_val (rows, row);
      }
  shs_view_select (view, (guint32 *)(gpointer)rows->data, rows->len, n_rows);
  if (primary >= 0)
    view->row = primary;
  shs_session_change (self->session, view);
}

static gboolean
shs_row_model_select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  ShsRowModel *self = SHS_ROW_MODEL (model);

  if (position >= self->n || self->shown != self->explanation)
    return FALSE;
  if (unselect_rest)
    shs_session_set_row (self->session, self->order[position], NULL);
  else
    change_selection (self, position, 1, TRUE, FALSE, self->order[position]);
  return TRUE;
}

static gboolean
shs_row_model_unselect_item (GtkSelectionModel *model, guint position)
{
  ShsRowModel *self = SHS_ROW_MODEL (model);

  if (position < self->n)
    change_selection (self, position, 1, FALSE, FALSE,
                      self->order[position] == self->row ? -1 : self->row);
  return TRUE;
}

static gboolean
shs_row_model_select_range (GtkSelectionModel *model, guint position, guint n,
                            gboolean unselect_rest)
{
  if (SHS_ROW_MODEL (model)->shown == NULL)
    return FALSE;
  change_selection (SHS_ROW_MODEL (model), position, n, TRUE, unselect_rest, -1);
  return TRUE;
}

static gboolean
shs_row_model_unselect_range (GtkSelectionModel *model, guint position, guint n)
{
  if (SHS_ROW_MODEL (model)->shown == NULL)
    return FALSE;
  change_selection (SHS_ROW_MODEL (model), position, n, FALSE, FALSE, -1);
  return TRUE;
}

static void
shs_row_model_selection_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = shs_row_model_is_selected;
  interface->get_selection_in_range = shs_row_model_get_selection_in_range;
  interface->select_item = shs_row_model_select_item;
  interface->unselect_item = shs_row_model_unselect_item;
  interface->select_range = shs_row_model_select_range;
  interface->unselect_range = shs_row_model_unselect_range;
}

static void
shs_row_model_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_string (value, SHS_ROW_MODEL (object)->filter_error);
}

static void
shs_row_model_dispose (GObject *object)
{
  ShsRowModel *self = SHS_ROW_MODEL (object);

  if (self->arranging != NULL)
    g_cancellable_cancel (self->arranging);
  g_clear_object (&self->arranging);
  g_clear_handle_id (&self->approaching, g_source_remove);
  g_clear_object (&self->session);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  self->n = 0;
  self->n_ordered = 0;
  forget_rows (self);
  g_clear_pointer (&self->items, g_hash_table_unref);
  g_clear_pointer (&self->selected, g_bytes_unref);
  g_clear_pointer (&self->filter, g_free);
  g_clear_pointer (&self->filter_error, g_free);
  G_OBJECT_CLASS (shs_row_model_parent_class)->dispose (object);
}

static void
shs_row_model_class_init (ShsRowModelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = shs_row_model_dispose;
  G_OBJECT_CLASS (class)->get_property = shs_row_model_get_property;
  props[PROP_FILTER_ERROR] = g_param_spec_string ("filter-error", NULL, NULL, NULL,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, props);
}

static void
shs_row_model_init (ShsRowModel *self)
{
  self->row = -1;
  self->items = g_hash_table_new (NULL, NULL);
  self->filter = g_strdup ("");
}
