#include "plot/shs-upright-label.h"

#include "plot/shs-feature-label.h"

#define LINE_GAP 0.3

/** Choice: a candidate, and where it breaks into two lines (0: it does not). */
typedef struct
{
  const char *text;
  gsize at;
  gboolean fits;
} Choice;

static gboolean
fits (const ShsPlotFrame *frame, const char *text, double room)
{
  return shs_plot_frame_width (frame, text, frame->label) <= room;
}

static Choice
choose (const ShsPlotFrame *frame, char *const *candidates, double room, gsize n_lines)
{
  gsize n = g_strv_length ((char **)candidates);
  const char *last = candidates[n - 1];
  double width;

  for (gsize i = 0; i + 1 < MAX (n, 2); i++)
    if (fits (frame, candidates[i], room))
      return (Choice){ candidates[i], 0, TRUE };
  for (gsize i = 0; i < n && n_lines > 1; i++)
    {
      gsize at = shs_feature_label_find_break (frame, candidates[i], frame->label, &width);

      if (width <= room && candidates[i][at] != '\0')
        return (Choice){ candidates[i], at, TRUE };
    }
  if (fits (frame, last, room))
    return (Choice){ last, 0, TRUE };
  return (Choice){ last,
                   n_lines > 1 ? shs_feature_label_find_last_break (frame, last, frame->label, room)
                               : 0,
                   FALSE };
}

gsize
shs_upright_label_count_lines (const ShsPlotFrame *frame, char *const *candidates, double room)
{
  return choose (frame, candidates, room, 2).at > 0 ? 2 : 1;
}

double
shs_upright_label_get_pitch (const ShsPlotFrame *frame)
{
  return shs_plot_frame_get_line (frame, frame->label) + LINE_GAP;
}

/* @whole: what the line is a part of, when it is elided */
static void
draw_line (ShsPlotFrame *frame, const char *text, const char *whole, double x, double y,
           double room)
{
  double half = MIN (shs_plot_frame_width (frame, text, frame->label), room) / 2;
  double top = frame->area.y + half, bottom = frame->area.y + frame->area.height - half;
  ShsTextPlace place = { .x = x,
                         .y = top <= bottom ? CLAMP (y, top, bottom) : y,
                         .anchor = SHS_ANCHOR_MIDDLE,
                         .font = frame->label,
                         .color = frame->theme.text,
                         .rotation = 90,
                         .max_width = MAX (room, 1),
                         .whole = whole };

  shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_AXIS_LABEL), text, place);
}

void
shs_upright_label_draw (ShsPlotFrame *frame, char *const *candidates, double x, double y,
                        double room, gsize n_lines)
{
  Choice choice = choose (frame, candidates, room, n_lines);
  g_autofree char *first = NULL;
  double pitch = shs_upright_label_get_pitch (frame);
  const char *whole = choice.fits ? NULL : choice.text;

  if (choice.at == 0)
    {
      /* One line stands in the middle of the room of several. */
      draw_line (frame, choice.text, whole, x + pitch * ((double)n_lines - 1) / 2, y, room);
      return;
    }
  first = g_strchomp (g_strndup (choice.text, choice.at));
  draw_line (frame, first, whole, x, y, room);
  draw_line (frame, choice.text + choice.at, whole, x + pitch, y, room);
}
