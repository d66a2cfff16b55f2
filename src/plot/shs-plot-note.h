/* The quiet lines below a figure that say how its values came about. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/** shs_plot_note_add: in as many lines as it needs and the figure has room for. */
void shs_plot_note_add (ShsPlotFrame *frame);

/** shs_plot_note_estimate_height: about what the note takes of a figure of @width, in points; 0 if
 * @options ask for none. */
double shs_plot_note_estimate_height (const ShsExplanation *explanation,
                                      const ShsPlotOptions *options, double width);

G_END_DECLS
