/* Axes: lines, ticks and their numbers. */
#include "plot/shs-plot-frame.h"

#include <math.h>
#include <string.h>

#define TICK_LENGTH 3.0
#define TICK_GAP 2.5     /* between a tick and its number */
#define LABEL_GAP 4.0    /* between the numbers and the axis label */
#define NUMBER_GAP 0.9   /* between two numbers, in font sizes */
#define TIGHT_GAP 0.4    /* where otherwise too few numbers would be left */
#define TIGHT_PITCH 1.15 /* of the numbers of an upright axis, in lines */
#define ENOUGH_TICKS 3
#define MOST_TRIED 12
#define AXIS_WIDTH 0.7
#define INSIDE 0.5 /* between a number and the edge of the figure */
#define POINTS_PER_TICK 34
#define MIN_TICKS 2
#define MIN_TRIED 5 /* narrow axes too: of two numbers around zero one alone may be left */

typedef struct
{
  gsize n;
  char *texts[SHS_SCALE_MAX_TICKS];
  ShsTicks ticks;
} Numbers;

static void
clear_numbers (Numbers *numbers)
{
  for (gsize i = 0; i < numbers->n; i++)
    g_clear_pointer (&numbers->texts[i], g_free);
  numbers->n = 0;
}

static void
make_numbers (const ShsScale *scale, gsize max_n, gboolean sign, Numbers *numbers)
{
  ShsNumberLabel label;
  double largest = 0;

  shs_scale_find_ticks (scale, max_n, &numbers->ticks);
  for (gsize i = 0; i < numbers->ticks.n; i++)
    largest = MAX (largest, fabs (numbers->ticks.shown[i]));
  label = scale->is_feature ? shs_number_label_for_feature (numbers->ticks.step, largest)
                            : shs_number_label_for_step (numbers->ticks.step, largest, sign);
  label.trim_zeros = scale->is_logit;
  numbers->n = numbers->ticks.n;
  for (gsize i = 0; i < numbers->n; i++)
    numbers->texts[i] = shs_number_label_format (&label, numbers->ticks.shown[i]);
}

/* Whether neighbouring numbers keep their distance and differ. */
static gboolean
numbers_fit (const ShsPlotFrame *self, const ShsScale *scale, const Numbers *numbers, double gap)
{
  double end = -INFINITY;

  for (gsize i = 0; i < numbers->n; i++)
    {
      double width = shs_plot_frame_width (self, numbers->texts[i], self->tick);
      double x = shs_scale_map (scale, numbers->ticks.positions[i]);

      if (x - width / 2 < end || (i > 0 && strcmp (numbers->texts[i], numbers->texts[i - 1]) == 0))
        return FALSE;
      end = x + width / 2 + gap * self->tick.size;
    }
  return TRUE;
}

/* The most numbers, up to @most, that keep a @gap of so many font sizes; two at least. */
static void
find_numbers_apart (const ShsPlotFrame *self, const ShsScale *scale, gboolean sign, gsize most,
                    double gap, Numbers *numbers)
{
  for (gsize n = most;; n--)
    {
      make_numbers (scale, n, sign, numbers);
      if (n <= MIN_TICKS || numbers_fit (self, scale, numbers, gap))
        return;
      clear_numbers (numbers);
    }
}

static void
find_numbers (const ShsPlotFrame *self, const ShsScale *scale, gboolean sign, Numbers *numbers)
{
  double n_wanted = fabs (scale->end - scale->start) / POINTS_PER_TICK;
  gsize most = (gsize)CLAMP (n_wanted, MIN_TRIED, MOST_TRIED);

  find_numbers_apart (self, scale, sign, most, NUMBER_GAP, numbers);
  if (numbers->n >= ENOUGH_TICKS)
    return;
  clear_numbers (numbers);
  find_numbers_apart (self, scale, sign, MOST_TRIED, TIGHT_GAP, numbers);
}

static ShsStroke
get_axis_stroke (const ShsPlotFrame *self)
{
  return (ShsStroke){ .color = self->theme.axis, .width = AXIS_WIDTH };
}

double
shs_plot_frame_get_axis_height (const ShsPlotFrame *self, gboolean has_label)
{
  double height = TICK_LENGTH + TICK_GAP + shs_plot_frame_get_line (self, self->tick);

  return has_label ? height + LABEL_GAP + shs_plot_frame_get_line (self, self->label) : height;
}

/* A number at an end of the axis may stand a little beside its tick rather than be left out. */
static double
keep_inside (const ShsPlotFrame *self, double x, double width)
{
  return CLAMP (x, width / 2 + INSIDE, self->width - width / 2 - INSIDE);
}

static void
draw_horizontal (ShsPlotFrame *self, const ShsScale *scale, double y, gboolean sign, int side)
{
  ShsStroke stroke = get_axis_stroke (self);
  ShsMarkKey key = SHS_KEY (SHS_ROLE_AXIS);
  Numbers numbers = { 0 };
  ShsTextExtents extents;

  self->measurer->measure (self->measurer, "0", self->tick, &extents);
  shs_scene_add_line (self->scene, SHS_LAYER_AXES, key, scale->start, y, scale->end, y, stroke);
  find_numbers (self, scale, sign, &numbers);
  for (gsize i = 0; i < numbers.n; i++)
    {
      double x = shs_scale_map (scale, numbers.ticks.positions[i]);
      double offset = TICK_LENGTH + TICK_GAP + (side > 0 ? extents.ascent : extents.descent);

      ShsTextPlace place = { .x = x,
                             .y = y + side * offset,
                             .anchor = SHS_ANCHOR_MIDDLE,
                             .font = self->tick,
                             .color = self->theme.text };

      place.x = keep_inside (self, x, shs_plot_frame_width (self, numbers.texts[i], self->tick));
      /* A tick without its number says nothing. */
      if (!shs_scene_has_room (self->scene, numbers.texts[i], place, self->measurer))
        continue;
      shs_scene_add_line (self->scene, SHS_LAYER_AXES, key, x, y, x, y + side * TICK_LENGTH,
                          stroke);
      shs_plot_frame_text (self, SHS_KEY (SHS_ROLE_TICK_LABEL), numbers.texts[i], place);
    }
  clear_numbers (&numbers);
}

void
shs_plot_frame_axis_bottom (ShsPlotFrame *self, const ShsScale *scale, double y, gboolean sign)
{
  draw_horizontal (self, scale, y, sign, 1);
}

void
shs_plot_frame_axis_top (ShsPlotFrame *self, const ShsScale *scale, double y)
{
  draw_horizontal (self, scale, y, FALSE, -1);
}

/* A low axis rather has close numbers than only one or two. */
static void
find_left_numbers (const ShsPlotFrame *self, const ShsScale *scale, gboolean sign, Numbers *numbers)
{
  double line = shs_plot_frame_get_line (self, self->tick);
  double length = fabs (scale->end - scale->start);
  gsize n = (gsize)CLAMP (length / (2.2 * line), MIN_TICKS, 10);

  make_numbers (scale, n, sign, numbers);
  for (gsize more = n + 1; numbers->n < ENOUGH_TICKS && more <= MOST_TRIED; more++)
    {
      Numbers tried = { 0 };

      make_numbers (scale, more, sign, &tried);
      if (tried.n > numbers->n && tried.ticks.n > 1
          && fabs (shs_scale_map (scale, tried.ticks.positions[1])
                   - shs_scale_map (scale, tried.ticks.positions[0]))
                 >= TIGHT_PITCH * line)
        {
          clear_numbers (numbers);
          *numbers = tried;
        }
      else
        clear_numbers (&tried);
    }
}

double
shs_plot_frame_measure_left (const ShsPlotFrame *self, const ShsScale *scale, gboolean sign)
{
  Numbers numbers = { 0 };
  double width = 0;

  find_left_numbers (self, scale, sign, &numbers);
  for (gsize i = 0; i < numbers.n; i++)
    width = MAX (width, shs_plot_frame_width (self, numbers.texts[i], self->tick));
  clear_numbers (&numbers);
  return width + TICK_LENGTH + TICK_GAP;
}

void
shs_plot_frame_axis_left (ShsPlotFrame *self, const ShsScale *scale, double x, gboolean sign)
{
  ShsStroke stroke = get_axis_stroke (self);
  ShsMarkKey key = SHS_KEY (SHS_ROLE_AXIS);
  Numbers numbers = { 0 };

  shs_scene_add_line (self->scene, SHS_LAYER_AXES, key, x, scale->start, x, scale->end, stroke);
  find_left_numbers (self, scale, sign, &numbers);
  for (gsize i = 0; i < numbers.n; i++)
    {
      double y = shs_scale_map (scale, numbers.ticks.positions[i]);

      shs_scene_add_line (self->scene, SHS_LAYER_AXES, key, x - TICK_LENGTH, y, x, y, stroke);
      shs_plot_frame_text (self, SHS_KEY (SHS_ROLE_TICK_LABEL), numbers.texts[i],
                           (ShsTextPlace){ .x = x - TICK_LENGTH - TICK_GAP,
                                           .y = shs_plot_frame_center (self->tick, y),
                                           .anchor = SHS_ANCHOR_END,
                                           .font = self->tick,
                                           .color = self->theme.text });
    }
  clear_numbers (&numbers);
}

void
shs_plot_frame_axis_label_below (ShsPlotFrame *self, char *const *candidates, ShsRectangle plot)
{
  ShsTextExtents extents;
  double middle = plot.x + plot.width / 2;
  double y = plot.y + plot.height + shs_plot_frame_get_axis_height (self, FALSE) + LABEL_GAP;
  double half = MIN (middle - self->area.x, self->area.x + self->area.width - middle);

  self->measurer->measure (self->measurer, candidates[0], self->label, &extents);
  shs_plot_frame_axis_label (self, candidates, middle, y + extents.ascent, 2 * half, 0);
}
