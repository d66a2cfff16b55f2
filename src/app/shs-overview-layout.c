#include "app/shs-overview-layout.h"

#define SPACING 12
#define STACKED_HEIGHT 300
#define LEAST_HEIGHT 300
#define LEAST_HEIGHT_BESIDE 240

struct _ShsOverviewLayout
{
  GtkLayoutManager parent;
  double start_share;
  int stack_below;
};

enum
{
  PROP_START_SHARE = 1,
  PROP_STACK_BELOW,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ShsOverviewLayout, shs_overview_layout, GTK_TYPE_LAYOUT_MANAGER)

static int
count_children (GtkWidget *widget)
{
  int n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += gtk_widget_should_layout (child);
  return n;
}

static GtkSizeRequestMode
shs_overview_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
measure_width (GtkWidget *widget)
{
  int most = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int minimum = 0;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      most = MAX (most, minimum);
    }
  return most;
}

/* Children must be measured before they are placed, though the layout decides on the height. */
static void
measure_heights (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, -1, NULL, NULL, NULL, NULL);
}

static void
shs_overview_layout_measure (GtkLayoutManager *manager, GtkWidget *widget,
                             GtkOrientation orientation, int for_size, int *minimum, int *natural,
                             int *minimum_baseline, int *natural_baseline)
{
  int n = count_children (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = measure_width (widget);
      *natural = MAX (*minimum, 2 * SHS_NARROW_WIDTH);
      return;
    }
  measure_heights (widget);
  if (for_size >= 0 && for_size < SHS_OVERVIEW_LAYOUT (manager)->stack_below && n > 1)
    *minimum = *natural = n * STACKED_HEIGHT + (n - 1) * SPACING;
  else
    {
      *minimum = MAX (LEAST_HEIGHT, (n - 1) * (LEAST_HEIGHT_BESIDE + SPACING) - SPACING);
      *natural = MAX (520, *minimum);
    }
}

/* Places @n visible children from @child on above each other, in equal shares of @area. */
static void
place_column (GtkWidget *child, int n, GtkAllocation area)
{
  int available = area.height - (n - 1) * SPACING;

  for (int i = 0; i < n; child = gtk_widget_get_next_sibling (child))
    {
      int top = available * i / n, bottom = available * (i + 1) / n;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_size_allocate (
          child, &(GtkAllocation){ area.x, area.y + top + i * SPACING, area.width, bottom - top },
          -1);
      i++;
    }
}

static GtkWidget *
get_first (GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
shs_overview_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                              int baseline)
{
  GtkWidget *first = get_first (widget);
  int n = count_children (widget);
  int start = (int)((width - SPACING) * SHS_OVERVIEW_LAYOUT (manager)->start_share);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (n == 0)
    return;
  if (n == 1 || width < SHS_OVERVIEW_LAYOUT (manager)->stack_below)
    {
      place_column (first, n, (GtkAllocation){ 0, 0, width, height });
      return;
    }
  gtk_widget_size_allocate (first, &(GtkAllocation){ is_rtl ? width - start : 0, 0, start, height },
                            -1);
  place_column (
      gtk_widget_get_next_sibling (first), n - 1,
      (GtkAllocation){ is_rtl ? 0 : start + SPACING, 0, width - start - SPACING, height });
}

static void
shs_overview_layout_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  ShsOverviewLayout *self = SHS_OVERVIEW_LAYOUT (object);

  if (id == PROP_START_SHARE)
    g_value_set_double (value, self->start_share);
  else
    g_value_set_int (value, self->stack_below);
}

static void
shs_overview_layout_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  ShsOverviewLayout *self = SHS_OVERVIEW_LAYOUT (object);

  if (id == PROP_START_SHARE)
    self->start_share = g_value_get_double (value);
  else
    self->stack_below = g_value_get_int (value);
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (object));
}

static void
shs_overview_layout_class_init (ShsOverviewLayoutClass *class)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (class);

  layout_class->get_request_mode = shs_overview_layout_get_request_mode;
  layout_class->measure = shs_overview_layout_measure;
  layout_class->allocate = shs_overview_layout_allocate;
  G_OBJECT_CLASS (class)->get_property = shs_overview_layout_get_property;
  G_OBJECT_CLASS (class)->set_property = shs_overview_layout_set_property;
  props[PROP_START_SHARE] = g_param_spec_double ("start-share", NULL, NULL, 0.1, 0.9, 0.5,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_STACK_BELOW]
      = g_param_spec_int ("stack-below", NULL, NULL, 0, G_MAXINT, SHS_NARROW_WIDTH,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, props);
}

static void
shs_overview_layout_init (ShsOverviewLayout *self)
{
  self->start_share = 0.5;
  self->stack_below = SHS_NARROW_WIDTH;
}
