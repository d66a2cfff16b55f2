#include "app/shs-row-view.h"

#include "app/shs-row-cells.h"
#include "app/shs-tooltip.h"
#include "core/shs-i18n.h"
#include "core/shs-number.h"

struct _ShsRowView
{
  GtkBox parent;
  ShsSession *session;
  ShsRowModel *model;
  ShsExplanation *explanation;
  gint64 shown_row;
  char *shown_filter;
  gboolean is_new;
  guint scrolling;
  guint showing;
  int n_frames;

  GtkWidget *filter;
  GtkWidget *filter_error;
  GtkWidget *count;
  GtkWidget *away;
  GtkWidget *stack;
  GtkWidget *scrolled;
  GtkColumnView *view;
  GtkColumnViewColumn *columns[SHS_N_ROW_COLUMNS];
};

G_DEFINE_FINAL_TYPE (ShsRowView, shs_row_view, GTK_TYPE_BOX)

/* GTK 4.8 does not tell by which column a view is sorted. Asked to compare two rows, its sorter
   calls the sorter of that column, which leaves its name here. */
static int probed_column = -1;

static int
probe (gconstpointer a, gconstpointer b, gpointer column)
{
  probed_column = GPOINTER_TO_INT (column);
  return GTK_ORDERING_SMALLER;
}

static void
sorter_changed (GtkSorter *sorter, GtkSorterChange change, ShsRowView *self)
{
  g_autoptr (GObject) sentinel = g_object_new (G_TYPE_OBJECT, NULL);
  GtkOrdering ordering;

  if (self->model == NULL)
    return;
  probed_column = -1;
  ordering = gtk_sorter_compare (sorter, sentinel, sentinel);
  if (probed_column < 0)
    shs_row_model_sort (self->model, SHS_ROW_NUMBER, FALSE);
  else
    shs_row_model_sort (self->model, (ShsRowColumn)probed_column, ordering == GTK_ORDERING_LARGER);
}

static const char *
get_title (ShsRowColumn column)
{
  static const char *const titles[SHS_N_ROW_COLUMNS]
      = { N_ ("Row"),          N_ ("Prediction"),    N_ ("Target"),      N_ ("Error"),
          N_ ("First reason"), N_ ("Second reason"), N_ ("Third reason") };

  return _ (titles[column]);
}

static void
add_column (ShsRowView *self, ShsRowColumn column)
{
  GtkColumnViewColumn *added;
  g_autoptr (GtkSorter) sorter
      = GTK_SORTER (gtk_custom_sorter_new (probe, GINT_TO_POINTER (column), NULL));

  added = gtk_column_view_column_new (get_title (column), shs_row_cells_new (column));
  gtk_column_view_column_set_sorter (added, sorter);
  gtk_column_view_column_set_resizable (added, TRUE);
  gtk_column_view_column_set_expand (added, column >= SHS_ROW_FIRST_REASON);
  gtk_column_view_append_column (self->view, added);
  self->columns[column] = added;
  g_object_unref (added);
}

/* Numbers stand at the end of their columns; so shall the titles, for which GTK 4.8 has no
   property: the box in each title button is moved, and the arrow in it put before the text. */
static void
align_titles (ShsRowView *self)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->view));
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (int i = 0; title != NULL && i < SHS_ROW_FIRST_REASON; i++)
    {
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (!gtk_column_view_column_get_visible (self->columns[i]))
        continue;
      if (i == SHS_ROW_ERROR)
        shs_tooltip_set (title, _ ("Prediction minus true value of the output that is shown; for a "
                                   "class: its probability minus 1 where it is the true class, "
                                   "else minus 0. Sorted by size, whatever the sign."));
      if (GTK_IS_BOX (box))
        {
          GtkWidget *label = gtk_widget_get_first_child (box);

          if (!GTK_IS_LABEL (label))
            label = gtk_widget_get_last_child (box);
          gtk_widget_set_halign (box, GTK_ALIGN_END);
          if (label != NULL && GTK_IS_LABEL (label) && gtk_widget_get_next_sibling (label) != NULL)
            gtk_box_reorder_child_after (GTK_BOX (box), label, gtk_widget_get_last_child (box));
          if (GTK_IS_LABEL (label))
            gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
        }
      title = gtk_widget_get_next_sibling (title);
    }
}

/* The list inside the column view: GTK 4.8 offers its scrolling only as an action. */
static GtkWidget *
get_list (ShsRowView *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LIST_VIEW (child))
      return child;
  return NULL;
}

/* A list that has no size yet would show nothing but its first row after being scrolled. */
static gboolean
scroll_at_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer unused)
{
  ShsRowView *self = SHS_ROW_VIEW (widget);
  GtkWidget *list = get_list (self);
  gssize position;

  if (list == NULL || self->session == NULL)
    {
      self->scrolling = 0;
      return G_SOURCE_REMOVE;
    }
  if (++self->n_frames < 2 || gtk_widget_get_height (list) <= 0)
    return G_SOURCE_CONTINUE;
  self->scrolling = 0;
  position = shs_row_model_find (self->model, shs_session_get_view (self->session)->row);
  if (position >= 0)
    gtk_widget_activate_action (list, "list.scroll-to-item", "u", (guint)position);
  return G_SOURCE_REMOVE;
}

static void
scroll_to_row (ShsRowView *self)
{
  self->n_frames = 0;
  if (self->scrolling == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->scrolling = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_at_frame, NULL, NULL);
}

static char *
describe_count (ShsRowView *self, gsize n_selected)
{
  gsize n = shs_explanation_get_n_rows (self->explanation);
  gsize n_shown = shs_row_model_count (self->model);
  ShsNumberStyle style = { .thousands = TRUE };
  g_autofree char *all = shs_number_format ((double)n, style);
  g_autofree char *shown = shs_number_format ((double)n_shown, style);
  g_autofree char *selected = shs_number_format ((double)n_selected, style);

  if (n_selected > 0)
    return g_strdup_printf (_ ("%s of %s selected"), selected, all);
  if (n_shown < n)
    return g_strdup_printf (_ ("%s of %s rows"), shown, all);
  return g_strdup_printf (ngettext ("%s row", "%s rows", n), all);
}

static void
show_place (ShsRowView *self)
{
  gboolean has_rows = g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0
                      || *gtk_editable_get_text (GTK_EDITABLE (self->filter)) == '\0';

  if (self->showing == 0)
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), has_rows ? "rows" : "none");
}

static gboolean
show_now (gpointer data)
{
  ShsRowView *self = data;

  self->showing = 0;
  show_place (self);
  return G_SOURCE_REMOVE;
}

/* The figures go on showing a row that was filtered away. */
static gboolean
is_row_away (ShsRowView *self)
{
  gint64 row = shs_session_get_view (self->session)->row;
  gsize n_shown = shs_row_model_count (self->model);

  return row >= 0 && n_shown > 0 && n_shown < shs_explanation_get_n_rows (self->explanation)
         && g_list_model_get_n_items (G_LIST_MODEL (self->model)) == n_shown
         && shs_row_model_find (self->model, row) < 0;
}

static void
update_count (ShsRowView *self)
{
  g_autofree char *text = NULL;

  if (self->explanation == NULL)
    return;
  if (self->is_new
      && g_list_model_get_n_items (G_LIST_MODEL (self->model)) == shs_row_model_count (self->model))
    {
      self->is_new = FALSE;
      scroll_to_row (self);
    }
  text = describe_count (self, shs_view_count_selected (shs_session_get_view (self->session)));
  gtk_label_set_label (GTK_LABEL (self->count), text);
  gtk_widget_set_visible (self->away, is_row_away (self));
  show_place (self);
}

/* The unit stands below the name, so that columns of numbers stay narrow. */
static void
set_title (ShsRowView *self, ShsRowColumn column, const char *above, const char *below)
{
  g_autofree char *title = below != NULL && *below != '\0'
                               ? g_strdup_printf ("%s\n%s", above, below)
                               : g_strdup (above);

  gtk_column_view_column_set_title (self->columns[column], title);
}

static void
update_columns (ShsRowView *self)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (self->explanation);
  const char *error_unit = shs_row_get_unit (self->explanation, SHS_ROW_ERROR);

  for (int i = 0; i < SHS_N_ROW_COLUMNS; i++)
    gtk_column_view_column_set_visible (self->columns[i],
                                        shs_row_has_column (self->explanation, (ShsRowColumn)i));
  set_title (self, SHS_ROW_PREDICTION, _ ("Prediction"), parts->output_unit);
  set_title (self, SHS_ROW_TARGET, _ ("Target"),
             parts->target_name != NULL && g_utf8_strlen (parts->target_name, -1) <= 12
                 ? parts->target_name
                 : NULL);
  set_title (self, SHS_ROW_ERROR, _ ("Error"),
             g_strcmp0 (error_unit, "probability") == 0 ? _ ("probability") : error_unit);
  align_titles (self);
}

static void
explained (ShsRowView *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);

  if (explanation != self->explanation)
    {
      g_clear_pointer (&self->explanation, shs_explanation_unref);
      self->explanation = explanation != NULL ? shs_explanation_ref (explanation) : NULL;
      self->is_new = TRUE;
      if (explanation != NULL)
        update_columns (self);
    }
  update_count (self);
}

/* What is being typed stays unless the filter was changed elsewhere. */
static void
update_filter (ShsRowView *self)
{
  const char *filter = shs_session_get_view (self->session)->filter;

  if (g_strcmp0 (filter, self->shown_filter) == 0)
    return;
  g_free (self->shown_filter);
  self->shown_filter = g_strdup (filter);
  gtk_editable_set_text (GTK_EDITABLE (self->filter), filter);
}

static void
view_changed (ShsRowView *self)
{
  gint64 row = shs_session_get_view (self->session)->row;

  update_filter (self);
  update_count (self);
  if (row != self->shown_row)
    scroll_to_row (self);
  self->shown_row = row;
}

/* What the entry shows may be older than the filter: another table has one too. */
static void
filter_changed (GtkSearchEntry *entry, ShsRowView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));

  if (self->session == NULL || g_strcmp0 (text, self->shown_filter) == 0)
    return;
  g_free (self->shown_filter);
  self->shown_filter = g_strdup (text);
  shs_session_type_filter (self->session, text);
}

static void
filter_stopped (GtkSearchEntry *entry, ShsRowView *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static void
filter_error_changed (ShsRowView *self)
{
  const char *message = shs_row_model_get_filter_error (self->model);

  gtk_label_set_label (GTK_LABEL (self->filter_error), message != NULL ? message : "");
  gtk_widget_set_visible (self->filter_error, message != NULL);
  if (message != NULL)
    gtk_widget_add_css_class (self->filter, "error");
  else
    gtk_widget_remove_css_class (self->filter, "error");
}

void
shs_row_view_set_session (ShsRowView *self, ShsSession *session, ShsRowModel *model)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->model = g_object_ref (model);
  g_signal_connect_object (session, "explained", G_CALLBACK (explained), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  /* The view must know of the rows before it can scroll to one. */
  g_signal_connect_object (model, "items-changed", G_CALLBACK (update_count), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (model, "notify::filter-error", G_CALLBACK (filter_error_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (model));
  explained (self);
}

void
shs_row_view_find (ShsRowView *self)
{
  gtk_widget_grab_focus (self->filter);
}

/* The list keeps widgets for 200 rows; to map them all with the rest of a page would hold up the
   main loop, so they come after the page has been drawn. */
static void
shs_row_view_map (GtkWidget *widget)
{
  ShsRowView *self = SHS_ROW_VIEW (widget);

  GTK_WIDGET_CLASS (shs_row_view_parent_class)->map (widget);
  align_titles (self);
  if (self->session == NULL)
    return;
  self->showing = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, show_now, self, NULL);
  scroll_to_row (self);
}

static void
shs_row_view_unmap (GtkWidget *widget)
{
  ShsRowView *self = SHS_ROW_VIEW (widget);

  if (self->scrolling != 0)
    gtk_widget_remove_tick_callback (widget, self->scrolling);
  self->scrolling = 0;
  g_clear_handle_id (&self->showing, g_source_remove);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "nothing");
  GTK_WIDGET_CLASS (shs_row_view_parent_class)->unmap (widget);
}

static void
shs_row_view_dispose (GObject *object)
{
  ShsRowView *self = SHS_ROW_VIEW (object);

  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  self->view = NULL;
  g_clear_object (&self->session);
  g_clear_object (&self->model);
  g_clear_pointer (&self->shown_filter, g_free);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  G_OBJECT_CLASS (shs_row_view_parent_class)->dispose (object);
}

static void
shs_row_view_class_init (ShsRowViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_row_view_dispose;
  widget_class->map = shs_row_view_map;
  widget_class->unmap = shs_row_view_unmap;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/row-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsRowView, filter);
  gtk_widget_class_bind_template_child (widget_class, ShsRowView, filter_error);
  gtk_widget_class_bind_template_child (widget_class, ShsRowView, count);
  gtk_widget_class_bind_template_child (widget_class, ShsRowView, away);
  gtk_widget_class_bind_template_child (widget_class, ShsRowView, stack);
  gtk_widget_class_bind_template_child (widget_class, ShsRowView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, ShsRowView, view);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, filter_stopped);
}

static void
shs_row_view_init (ShsRowView *self)
{
  self->shown_row = -1;
  self->shown_filter = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  for (int i = 0; i < SHS_N_ROW_COLUMNS; i++)
    add_column (self, (ShsRowColumn)i);
  if (get_list (self) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (get_list (self)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Rows"), -1);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed",
                           G_CALLBACK (sorter_changed), self, 0);
}
