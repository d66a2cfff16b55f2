#include "plot/shs-value-label.h"

#include "plot/shs-number-label.h"

#include <math.h>

#define INSIDE_MARGIN 8.0
#define LEADER_GAP 4.0
#define MIN_LEADER 6.0

gboolean
shs_value_bar_holds (const ShsValueBar *bar, double width, ShsFont font)
{
  return bar->can_hold && width + INSIDE_MARGIN <= fabs (bar->tip - bar->start)
         && bar->height >= font.size;
}

static gboolean
try_side (ShsPlotFrame *frame, ShsMarkKey key, const char *text, ShsTextPlace place, double width,
          double x, int side, double left, double right)
{
  place.anchor = side < 0 ? SHS_ANCHOR_END : SHS_ANCHOR_START;
  place.x = x + side * SHS_VALUE_LABEL_GAP;
  if (side < 0 ? place.x - width < left : place.x + width > right)
    return FALSE;
  return shs_plot_frame_text (frame, key, text, place);
}

double
shs_value_label_add (ShsPlotFrame *frame, ShsMarkKey key, const char *text, const ShsValueBar *bar,
                     double left, double right)
{
  double width = shs_plot_frame_width (frame, text, frame->tick);
  double low = MIN (bar->start, bar->tip), high = MAX (bar->start, bar->tip);
  int forward = bar->tip < bar->start ? -1 : 1;
  ShsTextPlace place
      = { .y = shs_plot_frame_center (frame->tick, bar->y),
          .font = frame->tick,
          /* What is written as zero has no sign and no colour of one. */
          .color = shs_number_label_is_zero (text) ? frame->theme.muted : bar->text_color };

  if (shs_value_bar_holds (bar, width, frame->tick))
    {
      place.x = (low + high) / 2;
      place.anchor = SHS_ANCHOR_MIDDLE;
      place.color = shs_color_on (bar->fill);
      shs_plot_frame_text (frame, key, text, place);
      return low;
    }
  for (int turn = 0; turn < 2; turn++)
    {
      int side = turn == 0 ? forward : -forward;

      if (try_side (frame, key, text, place, width, side < 0 ? low : high, side, left, right))
        return side < 0 ? low - SHS_VALUE_LABEL_GAP - width : low;
    }
  return low;
}

void
shs_value_leader (ShsPlotFrame *frame, double from, double to, double y)
{
  ShsStroke dotted = { .color = frame->theme.grid, .width = 0.5, .dash = { 0.5, 2.5 } };

  if (to - LEADER_GAP - from >= MIN_LEADER)
    shs_scene_add_line (frame->scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_GRID), from, y,
                        to - LEADER_GAP, y, dotted);
}

double
shs_sum_behind (const double *values, const gsize *order, gsize first, gsize n)
{
  double sum = 0;

  for (gsize k = first; k < n; k++)
    sum += values[order[k]];
  return sum;
}
