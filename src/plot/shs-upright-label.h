/* The label of an upright axis or colour bar: one line, or two where the figure is low. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/**
 * shs_upright_label_count_lines: 1 or 2: what shs_upright_label_draw() will need.
 * @candidates: texts from long to short, NULL-ended; the last one, of several, says least
 * @room: length that a line may have
 */
gsize shs_upright_label_count_lines (const ShsPlotFrame *frame, char *const *candidates,
                                     double room);

/** shs_upright_label_get_pitch: from the baseline of the first line to that of the second. */
double shs_upright_label_get_pitch (const ShsPlotFrame *frame);

/**
 * shs_upright_label_draw: reads from below; the longest candidate that fits on a line, but rather
 * two lines than the last one; what does not fit on two lines either is elided.
 * @x: baseline of the first line
 * @y: its middle, moved where the text would leave the figure
 * @n_lines: there is room for
 */
void shs_upright_label_draw (ShsPlotFrame *frame, char *const *candidates, double x, double y,
                             double room, gsize n_lines);

G_END_DECLS
