#include "app/shs-plot-view.h"

#include <adwaita.h>
#include <math.h>

#include "app/shs-plot-view-private.h"
#include "core/shs-i18n.h"

/* Above this many marks a highlight is painted on another thread, as every picture is. */
#define MOST_POINTS_AT_ONCE 4000
#define TIP_DISTANCE 14

G_DEFINE_FINAL_TYPE (ShsPlotView, shs_plot_view, GTK_TYPE_WIDGET)

static guint drawn_signal;

static void shs_plot_view_update (ShsPlotView *self);

static ShsPlotOptions *
get_options (ShsPlotView *self)
{
  ShsPlotOptions *options = shs_view_get_figure (shs_session_get_view (self->session), self->place);
  gboolean is_dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  shs_view_set_text (&options->theme, is_dark ? "dark" : "light");
  /* What a kind does not use must not make it be built again. */
  if (!shs_plot_kind_needs_feature (options->kind) && options->kind != SHS_PLOT_INTERACTIONS)
    options->feature = -1;
  if (!shs_plot_kind_needs_row (options->kind)
      && (self->place == SHS_PLACE_SUMMARY || options->kind != SHS_PLOT_BAR))
    options->row = -1;
  return options;
}

static ShsColor
get_accent (ShsPlotView *self)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (style, "accent_color", &color))
    gtk_style_context_get_color (style, &color);
  return (ShsColor){ color.red, color.green, color.blue, 1 };
}

static GskRenderNode *
make_node (cairo_surface_t *surface, int width, int height)
{
  GskRenderNode *node = gsk_cairo_node_new (&GRAPHENE_RECT_INIT (0, 0, width, height));
  cairo_t *cairo = gsk_cairo_node_get_draw_context (node);

  cairo_surface_set_device_scale (surface, cairo_image_surface_get_width (surface) / (double)width,
                                  cairo_image_surface_get_height (surface) / (double)height);
  cairo_set_source_surface (cairo, surface, 0, 0);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  return node;
}

static void
show_message (ShsPlotView *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->message), text != NULL ? text : "");
  gtk_widget_set_visible (self->message, text != NULL && *text != '\0');
}

static void
describe (ShsPlotView *self)
{
  const char *title = self->scene != NULL ? shs_scene_get_title (self->scene) : NULL;
  const char *description = self->scene != NULL ? shs_scene_get_description (self->scene) : NULL;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title != NULL && *title != '\0' ? title : _ ("Figure"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description != NULL ? description : "", -1);
}

static void
clear_picture (ShsPlotView *self)
{
  shs_plot_view_clear_hit (self);
  g_clear_pointer (&self->scene, shs_scene_unref);
  g_clear_pointer (&self->base, gsk_render_node_unref);
  g_clear_pointer (&self->overlay, gsk_render_node_unref);
}

static void
take_picture (ShsPlotView *self, ShsPlotJob *job)
{
  if (job->error != NULL)
    {
      clear_picture (self);
      show_message (self, job->error->message);
    }
  else
    {
      if (job->base != NULL)
        {
          clear_picture (self);
          self->scene = shs_scene_ref (job->scene);
          self->made_width = (int)round (job->width * SHS_PIXELS_PER_POINT);
          self->made_height = (int)round (job->height * SHS_PIXELS_PER_POINT);
          self->base = make_node (job->base, self->made_width, self->made_height);
          show_message (self, NULL);
        }
      g_clear_pointer (&self->overlay, gsk_render_node_unref);
      if (job->overlay != NULL)
        self->overlay = make_node (job->overlay, self->made_width, self->made_height);
    }
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, drawn_signal, 0);
}

static void
job_done (ShsPlotJob *job, gpointer data)
{
  g_autoptr (ShsPlotView) self = data;
  g_autoptr (ShsPlotJob) owned = job;

  self->has_job = FALSE;
  if (self->session == NULL || self->explanation != job->explanation)
    {
      shs_plot_view_update (self);
      return;
    }
  take_picture (self, job);
  if (self->is_stale)
    {
      self->is_stale = FALSE;
      shs_plot_view_update (self);
    }
}

static ShsPlotJob *
make_job (ShsPlotView *self, gboolean with_base)
{
  ShsPlotJob *job = shs_plot_job_new (self->explanation, self->options);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (with_base)
    {
      self->made_width = gtk_widget_get_width (GTK_WIDGET (self));
      self->made_height = gtk_widget_get_height (GTK_WIDGET (self));
      self->made_scale = scale;
    }
  else
    job->scene = shs_scene_ref (self->scene);
  job->width = self->made_width / SHS_PIXELS_PER_POINT;
  job->height = self->made_height / SHS_PIXELS_PER_POINT;
  job->pixels = SHS_PIXELS_PER_POINT * scale;
  job->selected = self->selected != NULL ? g_bytes_ref (self->selected) : NULL;
  job->row = self->row;
  job->feature = self->feature;
  job->accent = self->accent;
  return job;
}

static void
make_picture (ShsPlotView *self, gboolean with_base)
{
  ShsPlotJob *job = make_job (self, with_base);

  if (!with_base && shs_plot_job_count_points (job) <= MOST_POINTS_AT_ONCE)
    {
      g_autoptr (ShsPlotJob) owned = job;

      shs_plot_job_run (job);
      take_picture (self, job);
      return;
    }
  self->has_job = TRUE;
  shs_plot_job_push (job, job_done, g_object_ref (self));
}

static gboolean
take_options (ShsPlotView *self)
{
  g_autoptr (ShsPlotOptions) options = get_options (self);
  ShsExplanation *explanation = shs_session_get_explanation (self->session);

  if (explanation == self->explanation && self->options != NULL
      && shs_plot_options_equal (options, self->options))
    return FALSE;
  if (explanation != self->explanation)
    {
      g_clear_pointer (&self->explanation, shs_explanation_unref);
      self->explanation = explanation != NULL ? shs_explanation_ref (explanation) : NULL;
      clear_picture (self);
    }
  g_clear_pointer (&self->options, shs_plot_options_free);
  self->options = g_steal_pointer (&options);
  return TRUE;
}

static gboolean
take_highlight (ShsPlotView *self)
{
  ShsView *view = shs_session_get_view (self->session);
  ShsColor accent = get_accent (self);

  if (view->selected == self->selected && view->row == self->row && view->feature == self->feature
      && shs_color_equal (accent, self->accent))
    return FALSE;
  g_clear_pointer (&self->selected, g_bytes_unref);
  self->selected = view->selected != NULL ? g_bytes_ref (view->selected) : NULL;
  self->row = view->row;
  self->feature = (gint32)view->feature;
  self->accent = accent;
  return TRUE;
}

/* Compares what is wanted with what is shown, and makes what is missing; while a picture is being
   made, the wish is remembered and the newest one is made next. */
static void
shs_plot_view_update (ShsPlotView *self)
{
  gboolean has_new_options, has_new_highlight, has_new_size;

  if (self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self))
      || gtk_widget_get_width (GTK_WIDGET (self)) < 8
      || gtk_widget_get_height (GTK_WIDGET (self)) < 8)
    return;
  if (self->has_job)
    {
      self->is_stale = TRUE;
      return;
    }
  has_new_options = take_options (self);
  has_new_highlight = take_highlight (self);
  if (self->explanation == NULL)
    {
      clear_picture (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
      return;
    }
  has_new_size = gtk_widget_get_width (GTK_WIDGET (self)) != self->made_width
                 || gtk_widget_get_height (GTK_WIDGET (self)) != self->made_height
                 || gtk_widget_get_scale_factor (GTK_WIDGET (self)) != self->made_scale;
  if (has_new_options || has_new_size)
    make_picture (self, TRUE);
  else if (has_new_highlight && self->scene != NULL)
    make_picture (self, FALSE);
}

static void
place_tip (ShsPlotView *self, int width, int height)
{
  GtkRequisition size;
  double x, y;

  if (!gtk_widget_get_visible (self->tip))
    return;
  gtk_widget_get_preferred_size (self->tip, NULL, &size);
  size.width = MIN (size.width, MAX (width - 2, 1));
  x = self->hit.x * SHS_PIXELS_PER_POINT;
  y = self->hit.y * SHS_PIXELS_PER_POINT;
  x = x + TIP_DISTANCE + size.width <= width ? x + TIP_DISTANCE : x - TIP_DISTANCE - size.width;
  y = y - TIP_DISTANCE - size.height >= 0 ? y - TIP_DISTANCE - size.height : y + TIP_DISTANCE;
  gtk_widget_size_allocate (self->tip,
                            &(GtkAllocation){ (int)CLAMP (x, 0, MAX (width - size.width, 0)),
                                              (int)CLAMP (y, 0, MAX (height - size.height, 0)),
                                              size.width, size.height },
                            -1);
}

static void
shs_plot_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ShsPlotView *self = SHS_PLOT_VIEW (widget);

  place_tip (self, width, height);
  if (gtk_widget_get_visible (self->message))
    gtk_widget_size_allocate (self->message, &(GtkAllocation){ 0, 0, width, height }, -1);
  shs_plot_view_update (self);
}

static void
shs_plot_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  ShsPlotView *self = SHS_PLOT_VIEW (widget);
  int unused;

  /* Children must be measured before they are placed. */
  if (gtk_widget_get_visible (self->tip))
    gtk_widget_measure (self->tip, orientation, -1, &unused, &unused, NULL, NULL);
  if (gtk_widget_get_visible (self->message))
    gtk_widget_measure (self->message, orientation, -1, &unused, &unused, NULL, NULL);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 110;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 420 : 260;
}

static void
snapshot_hover (ShsPlotView *self, GtkSnapshot *snapshot)
{
  const float radius = 7;
  GskRoundedRect outline;
  GdkRGBA color = { self->accent.red, self->accent.green, self->accent.blue, 0.9f };
  float x = (float)(self->hit.x * SHS_PIXELS_PER_POINT);
  float y = (float)(self->hit.y * SHS_PIXELS_PER_POINT);

  gsk_rounded_rect_init_from_rect (
      &outline, &GRAPHENE_RECT_INIT (x - radius, y - radius, 2 * radius, 2 * radius), radius);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1.5f, 1.5f, 1.5f, 1.5f },
                              (GdkRGBA[4]){ color, color, color, color });
}

static void
snapshot_band (ShsPlotView *self, GtkSnapshot *snapshot)
{
  GdkRGBA fill = { 0.21f, 0.52f, 0.89f, 0.15f }, line = { 0.21f, 0.52f, 0.89f, 0.9f };
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &self->band, 2);
  gtk_snapshot_append_color (snapshot, &fill, &self->band);
  gtk_snapshot_append_border (snapshot, &outline, (float[4]){ 1, 1, 1, 1 },
                              (GdkRGBA[4]){ line, line, line, line });
}

static void
shs_plot_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ShsPlotView *self = SHS_PLOT_VIEW (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  if (self->base != NULL)
    {
      graphene_rect_t made;

      gsk_render_node_get_bounds (self->base, &made);
      gtk_snapshot_save (snapshot);
      if (made.size.width != width || made.size.height != height)
        gtk_snapshot_scale (snapshot, width / made.size.width, height / made.size.height);
      gtk_snapshot_append_node (snapshot, self->base);
      if (self->overlay != NULL)
        gtk_snapshot_append_node (snapshot, self->overlay);
      gtk_snapshot_restore (snapshot);
    }
  if (self->has_hit && self->hit.key.role == SHS_ROLE_POINT)
    snapshot_hover (self, snapshot);
  if (self->has_band)
    snapshot_band (self, snapshot);
  if (gtk_widget_get_visible (self->message))
    gtk_widget_snapshot_child (widget, self->message, snapshot);
  if (gtk_widget_get_visible (self->tip))
    gtk_widget_snapshot_child (widget, self->tip, snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
shs_plot_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (shs_plot_view_parent_class)->map (widget);
  shs_plot_view_update (SHS_PLOT_VIEW (widget));
}

static void
shs_plot_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (shs_plot_view_parent_class)->css_changed (widget, change);
  shs_plot_view_update (SHS_PLOT_VIEW (widget));
}

ShsScene *
shs_plot_view_get_scene (ShsPlotView *self)
{
  return self->scene;
}

void
shs_plot_view_set_session (ShsPlotView *self, ShsSession *session, ShsPlace place)
{
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->place = place;
  g_signal_connect_object (session, "notify::view", G_CALLBACK (shs_plot_view_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "explained", G_CALLBACK (shs_plot_view_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (shs_plot_view_update), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (shs_plot_view_update), NULL);
  shs_plot_view_update (self);
}

static void
shs_plot_view_dispose (GObject *object)
{
  ShsPlotView *self = SHS_PLOT_VIEW (object);

  g_clear_pointer (&self->tip, gtk_widget_unparent);
  g_clear_pointer (&self->message, gtk_widget_unparent);
  g_clear_object (&self->session);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  g_clear_pointer (&self->options, shs_plot_options_free);
  g_clear_pointer (&self->selected, g_bytes_unref);
  g_clear_pointer (&self->scene, shs_scene_unref);
  g_clear_pointer (&self->base, gsk_render_node_unref);
  g_clear_pointer (&self->overlay, gsk_render_node_unref);
  G_OBJECT_CLASS (shs_plot_view_parent_class)->dispose (object);
}

static void
shs_plot_view_class_init (ShsPlotViewClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = shs_plot_view_dispose;
  widget_class->size_allocate = shs_plot_view_size_allocate;
  widget_class->measure = shs_plot_view_measure;
  widget_class->map = shs_plot_view_map;
  widget_class->snapshot = shs_plot_view_snapshot;
  widget_class->css_changed = shs_plot_view_css_changed;
  drawn_signal = g_signal_new ("drawn", SHS_TYPE_PLOT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "plotview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static GtkWidget *
add_label (ShsPlotView *self, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_add_css_class (label, style);
  gtk_widget_set_can_target (label, FALSE);
  gtk_widget_set_visible (label, FALSE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return label;
}

static void
shs_plot_view_init (ShsPlotView *self)
{
  self->row = -1;
  self->feature = -1;
  self->message = add_label (self, "plot-message");
  gtk_label_set_justify (GTK_LABEL (self->message), GTK_JUSTIFY_CENTER);
  self->tip = add_label (self, "plot-tip");
  gtk_label_set_max_width_chars (GTK_LABEL (self->tip), 40);
  gtk_label_set_xalign (GTK_LABEL (self->tip), 0);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  shs_plot_view_add_input (self);
  describe (self);
}
