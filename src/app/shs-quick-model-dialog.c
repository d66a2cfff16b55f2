#include "app/shs-quick-model-dialog.h"

#include "app/shs-accessible.h"
#include "app/shs-file-choice.h"
#include "core/shs-i18n.h"

/** @is_training: what the session does is the training that was asked for here */
struct _ShsQuickModelDialog
{
  AdwWindow parent;
  ShsSession *session;
  gboolean is_training;

  GtkWidget *choices;
  GtkWidget *target;
  GtkWidget *rounds;
  GtkWidget *depth;
  GtkWidget *rate;
  GtkWidget *hold_out;
  GtkWidget *progress;
  GtkWidget *train_button;
};

G_DEFINE_FINAL_TYPE (ShsQuickModelDialog, shs_quick_model_dialog, ADW_TYPE_WINDOW)

/* (transfer full) (nullable): the score of the rows held out. */
static char *
describe_score (ShsQuickModelDialog *self)
{
  g_autofree char *metric = NULL;
  guint round;
  double score;

  if (!shs_session_get_training_score (self->session, &round, &metric, &score))
    return NULL;
  return g_strdup_printf (_ ("round %u: %s %.4g"), round, metric, score);
}

static void
show_score (ShsQuickModelDialog *self)
{
  g_autofree char *text = describe_score (self);

  if (text == NULL)
    return;
  gtk_progress_bar_set_text (GTK_PROGRESS_BAR (self->progress), text);
  gtk_progress_bar_set_show_text (GTK_PROGRESS_BAR (self->progress), TRUE);
}

/* The dialog goes, the score stays to be seen. */
static void
tell_score (ShsQuickModelDialog *self)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autofree char *score = describe_score (self), *text = NULL;

  if (!SHS_IS_WINDOW (window) || score == NULL)
    return;
  text = g_strdup_printf (_ ("Model trained; rows held out, %s"), score);
  shs_window_show_done (SHS_WINDOW (window), text);
}

static void
status_changed (ShsQuickModelDialog *self)
{
  ShsProgress *progress = shs_session_get_progress (self->session);

  if (!self->is_training)
    return;
  if (progress != NULL)
    {
      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                     shs_progress_get_fraction (progress));
      show_score (self);
    }
  else
    {
      self->is_training = FALSE;
      tell_score (self);
      gtk_window_close (GTK_WINDOW (self));
    }
}

static void
path_chosen (const char *const *paths, gpointer data)
{
  ShsQuickModelDialog *self = data;
  ShsQuickModelOptions options = SHS_QUICK_MODEL_DEFAULTS;
  GtkStringObject *item = gtk_drop_down_get_selected_item (GTK_DROP_DOWN (self->target));

  if (item == NULL)
    return;
  options.target = gtk_string_object_get_string (item);
  options.n_rounds = (guint)gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->rounds));
  options.max_depth = (guint)gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->depth));
  options.learning_rate = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->rate));
  options.hold_out = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->hold_out)) / 100;
  self->is_training = TRUE;
  gtk_widget_set_sensitive (self->choices, FALSE);
  gtk_widget_set_sensitive (self->train_button, FALSE);
  gtk_widget_set_visible (self->progress, TRUE);
  shs_session_train_async (self->session, &options, paths[0]);
  status_changed (self);
}

static void
train_clicked (GtkButton *button, ShsQuickModelDialog *self)
{
  static const char *const extensions[] = { "json", NULL };

  shs_file_choice_save (GTK_WINDOW (self), _ ("Save the Model As"), _ ("quick-model.json"),
                        extensions, path_chosen, self);
}

static gboolean
shs_quick_model_dialog_close_request (GtkWindow *window)
{
  ShsQuickModelDialog *self = SHS_QUICK_MODEL_DIALOG (window);

  if (self->is_training)
    shs_session_cancel (self->session);
  self->is_training = FALSE;
  return GTK_WINDOW_CLASS (shs_quick_model_dialog_parent_class)->close_request (window);
}

/* The last column is the usual place of the target. */
static void
fill_targets (ShsQuickModelDialog *self)
{
  ShsDataset *dataset = shs_session_get_dataset (self->session);
  const ShsInput *table = dataset != NULL ? shs_dataset_get_table (dataset) : NULL;
  const char *target = shs_session_get_view (self->session)->target;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gssize row_names = dataset != NULL ? shs_dataset_get_row_name_column (dataset) : -1;
  guint chosen = 0;

  for (gsize j = 0; table != NULL && table->columns != NULL && j < table->n_columns; j++)
    {
      if ((gssize)j == row_names)
        continue;
      gtk_string_list_append (names, table->columns[j].name);
      if (*target == '\0' || g_strcmp0 (target, table->columns[j].name) == 0)
        chosen = g_list_model_get_n_items (G_LIST_MODEL (names)) - 1;
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->target), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->target), chosen);
}

void
shs_quick_model_dialog_present (ShsWindow *window, ShsSession *session)
{
  ShsQuickModelDialog *self
      = g_object_new (SHS_TYPE_QUICK_MODEL_DIALOG, "transient-for", window, "modal", TRUE, NULL);

  self->session = g_object_ref (session);
  fill_targets (self);
  g_signal_connect_object (session, "notify::status", G_CALLBACK (status_changed), self,
                           G_CONNECT_SWAPPED);
  shs_accessible_name_buttons (GTK_WIDGET (self));
  shs_accessible_name_parts (GTK_WIDGET (self));
  gtk_window_present (GTK_WINDOW (self));
}

static void
shs_quick_model_dialog_dispose (GObject *object)
{
  g_clear_object (&SHS_QUICK_MODEL_DIALOG (object)->session);
  G_OBJECT_CLASS (shs_quick_model_dialog_parent_class)->dispose (object);
}

static void
shs_quick_model_dialog_class_init (ShsQuickModelDialogClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_quick_model_dialog_dispose;
  GTK_WINDOW_CLASS (class)->close_request = shs_quick_model_dialog_close_request;
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/quick-model-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, choices);
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, target);
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, rounds);
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, depth);
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, rate);
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, hold_out);
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, ShsQuickModelDialog, train_button);
  gtk_widget_class_bind_template_callback (widget_class, train_clicked);
}

static void
shs_quick_model_dialog_init (ShsQuickModelDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
