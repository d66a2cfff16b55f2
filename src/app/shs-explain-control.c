#include "app/shs-explain-control.h"

#include "app/shs-accessible.h"
#include "core/shs-i18n.h"
#include "core/shs-number.h"

#include <math.h>

#define TEXT_CHARACTERS 18
#define NARROW_TEXT_CHARACTERS 6

struct _ShsExplainControl
{
  GtkBox parent;
  ShsSession *session;
  GtkWidget *stack;
  GtkWidget *button;
  GtkWidget *progress;
  GtkWidget *text;
  GtkWidget *cancel;
};

G_DEFINE_FINAL_TYPE (ShsExplainControl, shs_explain_control, GTK_TYPE_BOX)

static char *
describe_rest (double seconds)
{
  int whole = (int)ceil (seconds);

  if (isnan (seconds) || seconds > 100 * 3600.0)
    return NULL;
  if (whole < 90)
    return g_strdup_printf (_ ("%d s left"), whole);
  return g_strdup_printf (_ ("%d min left"), (whole + 59) / 60);
}

/* What matters most while there is little room: "43 % · 12 s left". */
static void
describe_briefly (ShsSession *session, GString *text)
{
  ShsProgress *progress = shs_session_get_progress (session);
  g_autofree char *rest = describe_rest (shs_session_get_seconds_left (session));

  if (progress != NULL)
    g_string_printf (text, _ ("%d %%"), (int)(100 * shs_progress_get_fraction (progress)));
  if (rest != NULL)
    g_string_append_printf (text, " · %s", rest);
}

char *
shs_explain_control_describe (ShsSession *session)
{
  double rate = shs_session_get_rate (session);
  GString *text = g_string_new (NULL);

  describe_briefly (session, text);
  if (rate > 0 && shs_session_is_explaining (session))
    {
      g_autofree char *number
          = shs_number_format (round (rate), (ShsNumberStyle){ .thousands = TRUE });

      g_string_append_printf (text, _ (" · %s rows/s"), number);
    }
  return g_string_free (text, FALSE);
}

/* The button calls for attention only while there is something new to explain. */
static void
update_button (ShsExplainControl *self)
{
  if (shs_session_get_explanation (self->session) == NULL
      || shs_session_is_outdated (self->session))
    gtk_widget_add_css_class (self->button, "suggested-action");
  else
    gtk_widget_remove_css_class (self->button, "suggested-action");
}

/* Asked for when it is to be seen: it changes ten times a second. */
static gboolean
tell_progress (GtkWidget *text, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
               ShsExplainControl *self)
{
  g_autofree char *told = NULL;

  if (self->session == NULL || shs_session_get_progress (self->session) == NULL)
    return FALSE;
  told = shs_explain_control_describe (self->session);
  gtk_tooltip_set_text (tooltip, told);
  return TRUE;
}

static void
update (ShsExplainControl *self)
{
  ShsProgress *progress = shs_session_get_progress (self->session);
  g_autoptr (GString) brief = g_string_new (NULL);

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    progress != NULL ? "progress" : "button");
  if (progress == NULL)
    return;
  describe_briefly (self->session, brief);
  gtk_label_set_label (GTK_LABEL (self->text), brief->str);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress),
                                 shs_progress_get_fraction (progress));
}

void
shs_explain_control_set_session (ShsExplainControl *self, ShsSession *session)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::status", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::explain-status", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (update_button), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "explained", G_CALLBACK (update_button), self,
                           G_CONNECT_SWAPPED);
  update_button (self);
  update (self);
}

void
shs_explain_control_set_narrow (ShsExplainControl *self, gboolean is_narrow)
{
  gtk_label_set_width_chars (GTK_LABEL (self->text),
                             is_narrow ? NARROW_TEXT_CHARACTERS : TEXT_CHARACTERS);
  if (is_narrow)
    {
      gtk_widget_remove_css_class (self->progress, "header-progress");
      gtk_widget_add_css_class (self->progress, "narrow-progress");
      gtk_button_set_icon_name (GTK_BUTTON (self->cancel), "process-stop-symbolic");
      shs_accessible_name_icon (self->cancel, _ ("Cancel"));
      return;
    }
  gtk_widget_remove_css_class (self->progress, "narrow-progress");
  gtk_widget_add_css_class (self->progress, "header-progress");
  gtk_button_set_label (GTK_BUTTON (self->cancel), _ ("_Cancel"));
  shs_accessible_name_buttons (self->cancel);
}

static void
shs_explain_control_dispose (GObject *object)
{
  g_clear_object (&SHS_EXPLAIN_CONTROL (object)->session);
  G_OBJECT_CLASS (shs_explain_control_parent_class)->dispose (object);
}

static void
shs_explain_control_class_init (ShsExplainControlClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_explain_control_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/explain-control.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsExplainControl, stack);
  gtk_widget_class_bind_template_child (widget_class, ShsExplainControl, button);
  gtk_widget_class_bind_template_child (widget_class, ShsExplainControl, progress);
  gtk_widget_class_bind_template_child (widget_class, ShsExplainControl, text);
  gtk_widget_class_bind_template_child (widget_class, ShsExplainControl, cancel);
  gtk_widget_class_bind_template_callback (widget_class, tell_progress);
}

static void
shs_explain_control_init (ShsExplainControl *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
