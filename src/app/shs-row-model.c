#include "app/shs-row-model.h"

#include <string.h>

#include "app/shs-row-item.h"
#include "core/shs-memory.h"
#include "session/shs-row-arrangement.h"

/* Above this many rows, sorting and filtering happen on another thread. */
#define MOST_ROWS_AT_ONCE 5000

/**
 * @explanation, @output: what the rows shall be of
 * @shown: what the listed rows are; NULL before the first
 * @places: the position of each row, -1 for rows filtered away; made when first asked for
 * @column, @descending, @filter: how they shall be arranged
 * @arranging: cancels the arrangement under way
 */
struct _ShsRowModel
{
  ShsIndexList parent;
  ShsSession *session;
  ShsExplanation *explanation;
  gsize output;
  ShsRowArrangement *shown;
  gint32 *places;

  ShsRowColumn column;
  gboolean descending;
  char *filter;
  char *filter_error;
  GCancellable *arranging;

  GBytes *selected;
  gint64 row;
};

enum
{
  PROP_FILTER_ERROR = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ShsRowModel, shs_row_model, SHS_TYPE_INDEX_LIST)

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
  g_clear_pointer (&self->shown, shs_row_arrangement_free);
  g_clear_pointer (&self->places, shs_free);
}

/* @arrangement: (transfer full) */
static void
take_arrangement (ShsRowModel *self, ShsRowArrangement *arrangement)
{
  forget_rows (self);
  self->shown = arrangement;
  shs_index_list_fill (SHS_INDEX_LIST (self), arrangement->n);
}

static void
arrange_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (shs_row_arrangement_run (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
arranged (GObject *source, GAsyncResult *result, gpointer data)
{
  ShsRowModel *self = SHS_ROW_MODEL (source);
  g_autoptr (ShsRowArrangement) arrangement = data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return;
  g_clear_object (&self->arranging);
  set_filter_error (self, error != NULL ? error->message : NULL);
  if (is_done)
    take_arrangement (self, g_steal_pointer (&arrangement));
}

static void
arrange_now (ShsRowModel *self, ShsRowArrangement *arrangement)
{
  g_autoptr (ShsRowArrangement) owned = arrangement;
  g_autoptr (GError) error = NULL;
  gboolean is_done = shs_row_arrangement_run (owned, &error);

  set_filter_error (self, error != NULL ? error->message : NULL);
  if (is_done)
    take_arrangement (self, g_steal_pointer (&owned));
}

static void
stop_arranging (ShsRowModel *self)
{
  if (self->arranging != NULL)
    g_cancellable_cancel (self->arranging);
  g_clear_object (&self->arranging);
}

static void
arrange (ShsRowModel *self)
{
  ShsRowArrangement *arrangement;
  g_autoptr (GTask) task = NULL;

  stop_arranging (self);
  if (self->explanation == NULL)
    return;
  arrangement = shs_row_arrangement_new (
      self->explanation, shs_session_get_explained_data (self->session), self->output);
  arrangement->column = self->column;
  arrangement->descending = self->descending;
  g_free (arrangement->filter);
  arrangement->filter = g_strdup (self->filter);
  if (shs_explanation_get_n_rows (self->explanation) <= MOST_ROWS_AT_ONCE)
    {
      arrange_now (self, arrangement);
      return;
    }
  self->arranging = g_cancellable_new ();
  task = g_task_new (self, self->arranging, arranged, arrangement);
  g_task_set_task_data (task, arrangement, NULL);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, arrange_in_thread);
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
  arrange (self);
  if (explanation == NULL)
    shs_index_list_empty (SHS_INDEX_LIST (self));
}

static void
row_changed (ShsRowModel *self, gint64 old_row)
{
  gssize before = shs_row_model_find (self, old_row);
  gssize after = shs_row_model_find (self, self->row);

  if (before >= 0)
    shs_index_list_selection_changed (SHS_INDEX_LIST (self), (gsize)before, 1);
  if (after >= 0)
    shs_index_list_selection_changed (SHS_INDEX_LIST (self), (gsize)after, 1);
}

static void
view_changed (ShsRowModel *self)
{
  ShsView *view = shs_session_get_view (self->session);
  gint64 old_row = self->row;

  explanation_changed (self);
  if (view->output != self->output)
    {
      self->output = view->output;
      arrange (self);
    }
  if (g_strcmp0 (view->filter, self->filter) != 0)
    {
      g_free (self->filter);
      self->filter = g_strdup (view->filter);
      arrange (self);
    }
  self->row = view->row;
  if (view->selected != self->selected)
    {
      g_clear_pointer (&self->selected, g_bytes_unref);
      self->selected = view->selected != NULL ? g_bytes_ref (view->selected) : NULL;
      shs_index_list_selection_changed (SHS_INDEX_LIST (self), 0, G_MAXSIZE);
    }
  else if (old_row != self->row)
    row_changed (self, old_row);
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
  arrange (self);
}

const char *
shs_row_model_get_filter_error (ShsRowModel *self)
{
  return self->filter_error;
}

static gboolean
make_places (ShsRowModel *self)
{
  gsize n_rows = shs_explanation_get_n_rows (self->shown->explanation);

  if (self->places != NULL)
    return TRUE;
  self->places = shs_alloc (n_rows, sizeof *self->places, NULL);
  if (self->places == NULL)
    return FALSE;
  memset (self->places, 0xff, n_rows * sizeof *self->places);
  for (gsize i = 0; i < self->shown->n; i++)
    self->places[self->shown->order[i]] = (gint32)i;
  return TRUE;
}

gssize
shs_row_model_find (ShsRowModel *self, gint64 row)
{
  if (self->shown == NULL || row < 0
      || row >= (gint64)shs_explanation_get_n_rows (self->shown->explanation)
      || !make_places (self))
    return -1;
  return self->places[row] < (gint64)shs_index_list_get_n (SHS_INDEX_LIST (self))
             ? self->places[row]
             : -1;
}

gsize
shs_row_model_count (ShsRowModel *self)
{
  return self->explanation != NULL && self->shown != NULL ? self->shown->n : 0;
}

static void
shs_row_model_fill_item (ShsIndexList *list, gpointer item, gsize position)
{
  const ShsRowArrangement *shown = SHS_ROW_MODEL (list)->shown;

  shs_row_item_fill (item, shown, shown->order[position]);
}

static gboolean
shs_row_model_is_chosen (ShsIndexList *list, gsize position)
{
  ShsRowModel *self = SHS_ROW_MODEL (list);
  gsize n = 0;
  const guint8 *selected = self->selected != NULL ? g_bytes_get_data (self->selected, &n) : NULL;
  guint32 row = self->shown->order[position];

  return (gint64)row == self->row || (row < n && selected[row]);
}

/* To choose one row alone picks it; with others it is picked too, and leaves with them. */
static gboolean
shs_row_model_choose (ShsIndexList *list, gsize first, gsize n, gboolean is_chosen, gboolean clears)
{
  ShsRowModel *self = SHS_ROW_MODEL (list);
  const guint32 *rows = self->shown->order + first;
  ShsView *view;

  /* While rows of a former explanation are shown, they mean nothing to the session. */
  if (self->shown->explanation != self->explanation)
    return FALSE;
  if (n == 1 && clears && is_chosen)
    return shs_session_set_row (self->session, rows[0], NULL);
  view = shs_view_copy (shs_session_get_view (self->session));
  shs_view_choose_rows (view, rows, n, is_chosen, clears,
                        shs_explanation_get_n_rows (self->explanation));
  if (n == 1 && is_chosen)
    view->row = rows[0];
  else if (n == 1 && view->row == rows[0])
    view->row = -1;
  shs_session_change (self->session, view);
  return TRUE;
}

static void
shs_row_model_emptied (ShsIndexList *list)
{
  forget_rows (SHS_ROW_MODEL (list));
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

  stop_arranging (self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  G_OBJECT_CLASS (shs_row_model_parent_class)->dispose (object);
  forget_rows (self);
  g_clear_pointer (&self->selected, g_bytes_unref);
  g_clear_pointer (&self->filter, g_free);
  g_clear_pointer (&self->filter_error, g_free);
}

static void
shs_row_model_class_init (ShsRowModelClass *class)
{
  ShsIndexListClass *list_class = SHS_INDEX_LIST_CLASS (class);

  list_class->get_item_type = shs_row_item_get_type;
  list_class->fill_item = shs_row_model_fill_item;
  list_class->is_chosen = shs_row_model_is_chosen;
  list_class->choose = shs_row_model_choose;
  list_class->emptied = shs_row_model_emptied;
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
  self->filter = g_strdup ("");
}
