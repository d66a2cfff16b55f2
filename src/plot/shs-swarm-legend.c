#include "plot/shs-swarm-legend.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "plot/shs-plot-color.h"

#include <math.h>

#define BAR_WIDTH 6.0
#define BAR_GAP 12.0
#define MIN_WIDTH_FOR_BAR 230.0
#define LEGEND_PITCH 1.4 /* of points below the map, in sizes of text */

gboolean
shs_swarm_legend_is_category (const ShsPlotFrame *frame, const ShsPlotRows *rows, gsize line)
{
  return shs_explanation_get_column (frame->explanation, rows->order[line])->type
         == SHS_COLUMN_CATEGORY;
}

double
shs_swarm_legend_get_room (const ShsSwarmLegend *self, const ShsPlotFrame *frame)
{
  double widest = MAX (shs_plot_frame_width (frame, _ ("High"), frame->tick),
                       shs_plot_frame_width (frame, _ ("Low"), frame->tick));

  if (!self->has_colors || frame->area.width < MIN_WIDTH_FOR_BAR)
    return 0;
  return BAR_GAP + BAR_WIDTH + 4 + widest;
}

/* The map of numbers from low to high. */
static void
add_map (ShsPlotFrame *frame, ShsRectangle bar)
{
  char *const label[]
      = { _ ("Feature value, 5 to 95 %"), _ ("Feature value"), _ ("Value"), "", NULL };
  ShsTextPlace place = { .x = bar.x + BAR_WIDTH + 4,
                         .y = bar.y + 0.74 * frame->tick.size,
                         .font = frame->tick,
                         .color = frame->theme.text };
  ShsTextExtents extents;

  shs_plot_color_bar (frame, bar);
  shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_COLOR_BAR), _ ("High"), place);
  place.y = bar.y + bar.height;
  shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_COLOR_BAR), _ ("Low"), place);
  frame->measurer->measure (frame->measurer, label[0], frame->label, &extents);
  shs_plot_frame_axis_label (frame, label, bar.x + BAR_WIDTH + 4 + extents.ascent,
                             bar.y + bar.height / 2, bar.height - 2.8 * frame->tick.size, 90);
}

/* The points that the map does not colour, with their names. */
static double
measure_points (const ShsSwarmLegend *self, const ShsPlotFrame *frame)
{
  double width = 0;

  if (self->has_missing)
    width = shs_plot_point_legend_width (frame, SHS_LEGEND_MISSING);
  if (self->has_categories)
    width = MAX (width, shs_plot_point_legend_width (frame, SHS_LEGEND_CATEGORY));
  return width;
}

/* @first: of each line, the first number that was seen, NaN before. */
typedef struct
{
  ShsSwarmLegend *legend;
  const ShsPlotFrame *frame;
  const ShsPlotRows *rows;
  double *first;
} Search;

static void
look_at (Search *search, gsize line, const double *values, gsize n)
{
  ShsSwarmLegend *self = search->legend;
  gboolean is_category = shs_swarm_legend_is_category (search->frame, search->rows, line);

  self->has_categories |= is_category;
  for (gsize i = 0; i < n && !(self->has_missing && (self->has_numbers || is_category)); i++)
    {
      self->has_missing |= isnan (values[i]);
      if (isnan (search->first[line]))
        search->first[line] = values[i];
      else
        self->has_numbers |= !is_category && values[i] != search->first[line] && !isnan (values[i]);
    }
}

static gboolean
look_at_block (gsize first_row, const ShsMatrix *block, gpointer data)
{
  Search *search = data;

  for (gsize line = 0; line < search->rows->n_features; line++)
    look_at (search, line, shs_matrix_column (block, search->rows->order[line]), block->n_rows);
  return !(search->legend->has_missing && search->legend->has_numbers);
}

gboolean
shs_swarm_legend_make_room (ShsSwarmLegend *self, const ShsPlotFrame *frame, ShsPlotRows *rows,
                            GError **error)
{
  double room = shs_swarm_legend_get_room (self, frame);
  SHS_AUTOFREE double *first = shs_alloc (MAX (1, rows->n_features), sizeof *first, error);
  Search search = { self, frame, rows, first };
  double points;

  if (first == NULL || room <= 0)
    return first != NULL;
  for (gsize line = 0; line < rows->n_features; line++)
    first[line] = NAN;
  if (!shs_values_foreach (frame->parts->data, 0, look_at_block, &search, error))
    return FALSE;
  points = measure_points (self, frame);
  rows->plot.width += room - MAX (self->has_numbers ? room : 0, points > 0 ? BAR_GAP + points : 0);
  return TRUE;
}

void
shs_swarm_legend_add (const ShsSwarmLegend *self, ShsPlotFrame *frame, ShsRectangle plot)
{
  double left = frame->area.x + frame->area.width - measure_points (self, frame);
  double size = frame->tick.size;
  double foot = (self->has_missing ? LEGEND_PITCH * size : 0)
                + (self->has_categories ? LEGEND_PITCH * size : 0);
  double bottom = plot.y + plot.height;
  ShsRectangle bar = { plot.x + plot.width + BAR_GAP, plot.y + 1, BAR_WIDTH, 0 };

  bar.height = plot.height - 2 - foot - (foot > 0 ? (2 - LEGEND_PITCH) * size : 0);
  if (shs_swarm_legend_get_room (self, frame) <= 0 || bar.height < 4 * size)
    return;
  if (self->has_numbers)
    add_map (frame, bar);
  if (self->has_missing)
    shs_plot_point_legend (frame, SHS_LEGEND_MISSING, left, bottom - 0.5 * size);
  if (self->has_categories)
    shs_plot_point_legend (frame, SHS_LEGEND_CATEGORY, left,
                           bottom - (self->has_missing ? LEGEND_PITCH + 0.5 : 0.5) * size);
}
