#include "app/shs-accessible.h"

void
shs_accessible_name_buttons (GtkWidget *root)
{
  if (GTK_IS_BUTTON (root) && gtk_button_get_label (GTK_BUTTON (root)) != NULL
      && gtk_button_get_use_underline (GTK_BUTTON (root)))
    {
      /* The label inside names it already. */
      gtk_accessible_reset_property (GTK_ACCESSIBLE (root), GTK_ACCESSIBLE_PROPERTY_LABEL);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    shs_accessible_name_buttons (child);
}

void
shs_accessible_name_icon (GtkWidget *button, const char *name)
{
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* (transfer full) (nullable): what a widget is called on screen, where it says so by a property. */
static char *
get_screen_name (GtkWidget *widget)
{
  static const char *const properties[] = { "title", "label" };
  char *name = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (properties) && name == NULL; i++)
    {
      GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), properties[i]);

      if (spec != NULL && spec->value_type == G_TYPE_STRING)
        g_object_get (widget, properties[i], &name, NULL);
    }
  return name != NULL && *name != '\0' ? name : (g_free (name), NULL);
}

static void
name_parts (GtkWidget *widget, const char *name)
{
  g_autofree char *own = get_screen_name (widget);

  if (own != NULL)
    name = own;
  else if (name != NULL
           && (GTK_IS_IMAGE (widget) || GTK_IS_LIST_VIEW (widget) || GTK_IS_LIST_BOX (widget)))
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                    -1);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_parts (child, name);
}

void
shs_accessible_name_parts (GtkWidget *root)
{
  name_parts (root, NULL);
}
