#include "app/shs-table-cell.h"

struct _ShsTableCell
{
  GtkWidget parent;
  PangoLayout *layout;
  char *text;
  gboolean is_number;
  int min_chars, nat_chars;
};

G_DEFINE_FINAL_TYPE (ShsTableCell, shs_table_cell, GTK_TYPE_WIDGET)

/** Measure: of the font that was measured last; all cells of a table have the same. */
typedef struct
{
  PangoFontDescription *font;
  double resolution;
  int character_width, line_height;
} Measure;

/* Of the table's font: most cells are measured but never seen, and need no context of their own. */
static const Measure *
get_measure (ShsTableCell *self)
{
  static Measure last;
  GtkWidget *table = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_COLUMN_VIEW);
  PangoContext *context = gtk_widget_get_pango_context (table != NULL ? table : GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double resolution = pango_cairo_context_get_resolution (context);
  PangoFontMetrics *metrics;

  if (last.font != NULL && pango_font_description_equal (last.font, font)
      && last.resolution == resolution)
    return &last;
  g_clear_pointer (&last.font, pango_font_description_free);
  metrics = pango_context_get_metrics (context, font, NULL);
  last.font = pango_font_description_copy (font);
  last.resolution = resolution;
  last.character_width = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                              pango_font_metrics_get_approximate_digit_width (metrics));
  last.line_height = PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics));
  pango_font_metrics_unref (metrics);
  return &last;
}

static void
shs_table_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  ShsTableCell *self = SHS_TABLE_CELL (widget);
  const Measure *measure = get_measure (self);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = measure->line_height;
      return;
    }
  *minimum = PANGO_PIXELS_CEIL (self->min_chars * measure->character_width);
  *natural = PANGO_PIXELS_CEIL (self->nat_chars * measure->character_width);
}

static PangoLayout *
get_layout (ShsTableCell *self)
{
  g_autoptr (PangoAttrList) attributes = NULL;

  if (self->layout != NULL)
    return self->layout;
  attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  pango_layout_set_attributes (self->layout, attributes);
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  if (self->is_number)
    pango_layout_set_alignment (self->layout, PANGO_ALIGN_RIGHT);
  return self->layout;
}

static void
shs_table_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShsTableCell *self = SHS_TABLE_CELL (widget);
  PangoLayout *layout;
  int height;

  if (self->text == NULL || *self->text == '\0')
    return;
  layout = get_layout (self);
  pango_layout_set_width (layout, gtk_widget_get_width (widget) * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, NULL, &height);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), 0,
                              (gtk_widget_get_height (widget) - height) / 2, layout);
}

static gboolean
shs_table_cell_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                              GtkTooltip *tooltip)
{
  ShsTableCell *self = SHS_TABLE_CELL (widget);

  if (self->layout == NULL || !pango_layout_is_ellipsized (self->layout))
    return FALSE;
  gtk_tooltip_set_text (tooltip, self->text);
  return TRUE;
}

static void
shs_table_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  g_clear_object (&SHS_TABLE_CELL (widget)->layout);
  GTK_WIDGET_CLASS (shs_table_cell_parent_class)->css_changed (widget, change);
}

static void
shs_table_cell_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  g_clear_object (&SHS_TABLE_CELL (widget)->layout);
  GTK_WIDGET_CLASS (shs_table_cell_parent_class)->system_setting_changed (widget, setting);
}

GtkWidget *
shs_table_cell_new (gboolean is_number, int min_chars, int nat_chars)
{
  ShsTableCell *self = g_object_new (SHS_TYPE_TABLE_CELL, "has-tooltip", TRUE, NULL);

  self->is_number = is_number;
  self->min_chars = min_chars;
  self->nat_chars = nat_chars;
  return GTK_WIDGET (self);
}

void
shs_table_cell_set_text (ShsTableCell *self, const char *text)
{
  if (g_strcmp0 (text, self->text) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  if (self->layout != NULL)
    pango_layout_set_text (self->layout, text, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
shs_table_cell_finalize (GObject *object)
{
  ShsTableCell *self = SHS_TABLE_CELL (object);

  g_clear_object (&self->layout);
  g_free (self->text);
  G_OBJECT_CLASS (shs_table_cell_parent_class)->finalize (object);
}

static void
shs_table_cell_class_init (ShsTableCellClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = shs_table_cell_finalize;
  widget_class->measure = shs_table_cell_measure;
  widget_class->snapshot = shs_table_cell_snapshot;
  widget_class->query_tooltip = shs_table_cell_query_tooltip;
  widget_class->css_changed = shs_table_cell_css_changed;
  widget_class->system_setting_changed = shs_table_cell_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
shs_table_cell_init (ShsTableCell *self)
{
}
