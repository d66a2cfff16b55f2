#include "app/shs-plot-view-private.h"

#include <math.h>

#define PICK_TOLERANCE 4.0
#define BAND_THRESHOLD 6.0

static double
to_points (double pixels)
{
  return pixels / SHS_PIXELS_PER_POINT;
}

void
shs_plot_view_clear_hit (ShsPlotView *self)
{
  if (!self->has_hit)
    return;
  self->has_hit = FALSE;
  gtk_widget_set_visible (self->tip, FALSE);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
is_same_hit (const ShsHit *a, const ShsHit *b)
{
  return a->mark == b->mark && a->point == b->point;
}

static void
set_hit (ShsPlotView *self, const ShsHit *hit)
{
  g_autofree char *text = NULL;

  if (self->has_hit && is_same_hit (hit, &self->hit))
    return;
  text = shs_plot_describe_hit (self->explanation, self->options, self->scene, hit);
  self->has_hit = TRUE;
  self->hit = *hit;
  gtk_label_set_label (GTK_LABEL (self->tip), text != NULL ? text : "");
  gtk_widget_set_visible (self->tip, text != NULL && *text != '\0');
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* While a new picture is on its way, the one on screen belongs to other options. */
static gboolean
is_pickable (ShsPlotView *self)
{
  return self->scene != NULL && self->session != NULL && !self->has_job
         && self->explanation == shs_session_get_explanation (self->session);
}

static void
pointer_moved (GtkEventControllerMotion *controller, double x, double y, ShsPlotView *self)
{
  ShsHit hit;

  if (is_pickable (self) && !self->has_band
      && shs_scene_pick (self->scene, to_points (x), to_points (y), PICK_TOLERANCE, &hit))
    set_hit (self, &hit);
  else
    shs_plot_view_clear_hit (self);
}

static void
change_picks (ShsPlotView *self, gint64 row, gssize feature)
{
  ShsView *view = shs_view_copy (shs_session_get_view (self->session));

  view->row = row;
  view->feature = feature;
  view->focused = self->place;
  shs_session_change (self->session, view);
}

static void
clicked (GtkGestureClick *gesture, int n_presses, double x, double y, ShsPlotView *self)
{
  ShsView *view;
  ShsHit hit;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->session == NULL)
    return;
  shs_session_focus (self->session, self->place);
  if (!is_pickable (self)
      || !shs_scene_pick (self->scene, to_points (x), to_points (y), PICK_TOLERANCE, &hit))
    return;
  if (hit.key.partner >= 0 && hit.key.feature >= 0)
    {
      shs_session_set_pair (self->session, (gsize)hit.key.feature, (gsize)hit.key.partner, NULL);
      return;
    }
  view = shs_session_get_view (self->session);
  change_picks (self, hit.key.row >= 0 ? hit.key.row : view->row,
                hit.key.feature >= 0 ? hit.key.feature : view->feature);
}

static gboolean
has_points (ShsPlotView *self)
{
  gsize n = self->scene != NULL ? shs_scene_get_n_marks (self->scene) : 0;

  for (gsize i = 0; i < n; i++)
    if (shs_scene_get_mark (self->scene, i)->type == SHS_MARK_POINTS)
      return TRUE;
  return FALSE;
}

static void
drag_moved (GtkGestureDrag *gesture, double dx, double dy, ShsPlotView *self)
{
  double x, y;

  if (!is_pickable (self) || (!self->has_band && hypot (dx, dy) < BAND_THRESHOLD)
      || !has_points (self))
    return;
  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  shs_plot_view_clear_hit (self);
  self->has_band = TRUE;
  graphene_rect_init (&self->band, (float)x, (float)y, (float)dx, (float)dy);
  graphene_rect_normalize (&self->band);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Shift adds the rows inside the band, Ctrl takes them away, otherwise they are the selection. */
static void
select_rows (ShsPlotView *self, GArray *rows, GdkModifierType modifiers)
{
  gsize n_rows = shs_explanation_get_n_rows (self->explanation);
  ShsView *view = shs_view_copy (shs_session_get_view (self->session));
  gboolean adds = (modifiers & GDK_SHIFT_MASK) != 0, removes = (modifiers & GDK_CONTROL_MASK) != 0;
  g_autofree guint8 *is_inside = g_malloc0 (n_rows);
  g_autoptr (GArray) result = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < rows->len; i++)
    is_inside[g_array_index (rows, guint32, i)] = 1;
  for (gsize i = 0; i < n_rows; i++)
    {
      guint32 row = (guint32)i;
      gboolean was = (adds || removes) && shs_view_is_selected (view, i);

      if (removes ? was && !is_inside[i] : was || is_inside[i])
        g_array_append_val (result, row);
    }
  shs_view_select (view, (guint32 *)(gpointer)result->data, result->len, n_rows);
  view->focused = self->place;
  shs_session_change (self->session, view);
}

static void
drag_ended (GtkGestureDrag *gesture, double dx, double dy, ShsPlotView *self)
{
  g_autoptr (GArray) rows = NULL;
  ShsRectangle box = { to_points (self->band.origin.x), to_points (self->band.origin.y),
                       to_points (self->band.size.width), to_points (self->band.size.height) };

  if (!self->has_band)
    return;
  self->has_band = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!is_pickable (self))
    return;
  rows = shs_scene_pick_rows (self->scene, box);
  select_rows (self, rows,
               gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)));
}

static void
drag_cancelled (GtkGesture *gesture, GdkEventSequence *sequence, ShsPlotView *self)
{
  self->has_band = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
move_row (ShsPlotView *self, int step)
{
  ShsView *view = shs_session_get_view (self->session);
  gint64 n_rows = (gint64)shs_explanation_get_n_rows (self->explanation);
  gint64 row = view->row < 0 ? 0 : CLAMP (view->row + step, 0, n_rows - 1);

  if (n_rows > 0)
    change_picks (self, row, view->feature);
}

/* Up and down go through the features from the most to the least important one. */
static void
move_feature (ShsPlotView *self, int step)
{
  ShsView *view = shs_session_get_view (self->session);
  gsize n = shs_explanation_get_n_features (self->explanation);
  g_autofree gsize *order = g_new0 (gsize, MAX (n, 1));
  gssize at = -1;

  if (n == 0 || !shs_explanation_order (self->explanation, view->output, order, NULL))
    return;
  for (gsize i = 0; i < n; i++)
    if ((gssize)order[i] == view->feature)
      at = (gssize)i;
  at = at < 0 ? 0 : CLAMP (at + step, 0, (gssize)n - 1);
  change_picks (self, view->row, (gssize)order[at]);
}

static void
toggle_row (ShsPlotView *self)
{
  ShsView *view = shs_session_get_view (self->session);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 row = (guint32)view->row;

  if (view->row < 0)
    return;
  g_array_append_val (rows, row);
  select_rows (self, rows, shs_view_is_selected (view, row) ? GDK_CONTROL_MASK : GDK_SHIFT_MASK);
}

static gboolean
clear_picks (ShsPlotView *self)
{
  ShsView *view = shs_session_get_view (self->session);

  if (view->selected == NULL)
    return FALSE;
  view = shs_view_copy (view);
  shs_view_select (view, NULL, 0, 0);
  shs_session_change (self->session, view);
  return TRUE;
}

static gboolean
key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType modifiers,
             ShsPlotView *self)
{
  if ((modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0 || !is_pickable (self))
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Left:
      move_row (self, -1);
      return TRUE;
    case GDK_KEY_Right:
      move_row (self, 1);
      return TRUE;
    case GDK_KEY_Up:
      move_feature (self, -1);
      return TRUE;
    case GDK_KEY_Down:
      move_feature (self, 1);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
      toggle_row (self);
      return TRUE;
    case GDK_KEY_Escape:
      return clear_picks (self);
    default:
      return FALSE;
    }
}

static void
focus_entered (GtkEventControllerFocus *controller, ShsPlotView *self)
{
  if (self->session != NULL)
    shs_session_focus (self->session, self->place);
}

void
shs_plot_view_add_input (ShsPlotView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect (motion, "motion", G_CALLBACK (pointer_moved), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (shs_plot_view_clear_hit), self);
  g_signal_connect (click, "released", G_CALLBACK (clicked), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_moved), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_ended), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (drag_cancelled), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_pressed), self);
  g_signal_connect (focus, "enter", G_CALLBACK (focus_entered), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}
