#include "app/shs-start-page.h"

#include "core/shs-i18n.h"
#include "session/shs-session.h"

#define COMFORTABLE_HEIGHT 720
#define COMFORTABLE_WIDTH 980

struct _ShsStartPage
{
  GtkBox parent;
  GtkWidget *page;
  GtkWidget *examples_title;
  GtkWidget *examples;
};

G_DEFINE_FINAL_TYPE (ShsStartPage, shs_start_page, GTK_TYPE_BOX)

static GtkWidget *
make_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), 14);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 20);
  gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *
make_card (const ShsExample *example)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *summary = make_label (example->summary, "dim-label");

  gtk_box_append (GTK_BOX (box), make_label (example->title, "heading"));
  gtk_box_append (GTK_BOX (box), summary);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "example-card");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "app.open-example");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", example->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  example->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  example->summary, -1);
  return button;
}

void
shs_start_page_adapt (ShsStartPage *self, int width, int height)
{
  if (height < COMFORTABLE_HEIGHT)
    gtk_widget_add_css_class (self->page, "compact");
  else
    gtk_widget_remove_css_class (self->page, "compact");
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (self->examples),
                                          width >= COMFORTABLE_WIDTH ? 4 : 2);
}

static void
shs_start_page_class_init (ShsStartPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/shapscope/Shapscope/start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ShsStartPage, page);
  gtk_widget_class_bind_template_child (widget_class, ShsStartPage, examples_title);
  gtk_widget_class_bind_template_child (widget_class, ShsStartPage, examples);
}

static void
shs_start_page_init (ShsStartPage *self)
{
  g_autoptr (GPtrArray) examples = shs_examples_list ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->examples_title, examples->len > 0);
  for (guint i = 0; i < examples->len; i++)
    {
      GtkWidget *child = gtk_flow_box_child_new ();

      /* The button inside takes the keyboard, not the place it stands in. */
      gtk_widget_set_focusable (child, FALSE);
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child),
                                    make_card (g_ptr_array_index (examples, i)));
      gtk_flow_box_append (GTK_FLOW_BOX (self->examples), child);
    }
}
